"""Extract whole sites for the site scorer: `score_sites.py --site-func benchmarks.extract:extract_site`."""

from __future__ import annotations

from datetime import UTC, datetime

from scraper.boilerplate import learn
from scraper.extract import extract, sketch
from scraper.model import Page


def page_of(html: str, url: str) -> Page:
    """Return a page as an import of HTML files gives it."""
    headers = (("content-type", "text/html; charset=utf-8"),)
    return Page("bench", url, url, 200, headers, html.encode(), datetime(2026, 1, 1, tzinfo=UTC))


def extract_site(files: list[tuple[str, str, str]]) -> dict[str, str]:
    """Return the text of each file, from what all pages of the site show."""
    pages = {name: page_of(html, url) for name, html, url in files}
    profile = learn(sketch(page) for page in pages.values())
    return {name: extract(page, profile).text for name, page in pages.items()}
