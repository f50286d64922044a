"""Offer an example blog of an invented clinic: its sources, its pages, and a small local server.

Everything in it is made up: the clinic, the town, the people, the telephone numbers. `POSTS`, `SHARED` and `CHROME` are
the truth for tests: what must be found, what editors pasted into several posts, and what the theme prints around them.
"""

from __future__ import annotations

from scraper.demo.reader import AUTHORS, BRAND, OLD_BRAND, OLD_PHONE, PAGES, PHONE, POSTS, SHARED, PlainPage, Post
from scraper.demo.server import serve
from scraper.demo.site import Rendered, pages
from scraper.demo.theme import CHROME

__all__ = [
    "AUTHORS",
    "BRAND",
    "CHROME",
    "OLD_BRAND",
    "OLD_PHONE",
    "PAGES",
    "PHONE",
    "POSTS",
    "SHARED",
    "PlainPage",
    "Post",
    "Rendered",
    "pages",
    "serve",
]
