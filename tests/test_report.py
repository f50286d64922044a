from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import replace
from datetime import date
from importlib.resources import files

import pytest

from indexer.audit.run import audit
from indexer.present.report.page import render
from tests.audit_blog import THEME, article, blog, call, own

CHROMIUM = shutil.which("chromium")
EVIL = '<script>document.title="owned"</script><img src=x onerror="document.title=1"> "\'&'


@pytest.fixture(scope="module")
def page():
    return render(
        audit([*blog(), article(20, [own(3, n) for n in range(4)], THEME)]), "aster.test/blog", date(2026, 11, 22)
    )


def test_the_report_asks_the_network_for_nothing(page):
    assert not re.search(r'(?:src|href)="(?!https://aster\.test/|#)', page)
    assert not re.search(r"url\(|@import", page)
    assert "default-src 'none'" in page.replace("&#x27;", "'")


def test_differences_are_marked(page):
    assert "<del>" in page and "<ins>" in page


def test_every_post_is_linked_with_its_title(page):
    assert page.count('<a href="https://aster.test/blog/post-7/"') >= 2
    assert ">Post 7</a>" in page


def test_hostile_text_is_escaped():
    posts = [article(n, [own(n, 0), f"{call()} {EVIL}"], THEME) for n in range(8)]
    shown = render(audit(posts), EVIL, date(2026, 1, 1))
    assert shown.count("<script>") == 1
    assert "<img" not in shown


def test_an_address_that_is_not_of_the_web_is_no_link():
    posts = [replace(post, url=f"javascript:alert({post.id})") for post in blog()]
    assert 'href="javascript' not in render(audit(posts), "x", date(2026, 1, 1))


def test_a_long_table_says_what_paper_leaves_out():
    posts = [article(n, [own(n % 16, n // 16), own(n % 16, n // 16 + 9)], THEME) for n in range(40)]
    shown = render(audit(posts), "x", date(2026, 1, 1))
    assert '<p class="paper">and 15 more in the file itself</p>' in shown


def test_only_short_lists_of_posts_open_on_paper():
    shown = render(audit(blog()), "x", date(2026, 1, 1))
    old_number = shown[shown.index("Replace the old phone") :]
    assert old_number.index("<details class=short><summary>4 posts") < old_number.index("</li>")
    many = [article(n, [own(n % 16, n // 16 + at) for at in (0, 9)], THEME) for n in range(40)]
    many += [article(n, [own(n, 0), call()], THEME) for n in range(40, 50)]
    assert "<details><summary>40 posts" in render(audit(many), "x", date(2026, 1, 1))


def test_a_call_for_another_place_shows_why():
    posts = [article(n, [own(n, 0), call(("Denver", "Boulder")[n % 2])]) for n in range(12)]
    odd = article(20, [own(20, 0), call("Boulder")])
    odd = replace(odd, metadata=replace(odd.metadata, title="Infusions in Denver"))
    shown = render(audit([*posts, odd]), "x", date(2026, 1, 1))
    assert "<b>The post is about Denver, its call to action names Boulder.</b>" in shown


def test_a_blog_that_never_asks_is_not_blamed_for_it():
    never = render(audit([article(n, [own(n, 0)]) for n in range(8)]), "x", date(2026, 1, 1))
    assert '<div class="tile "><b>8</b><span>posts without a call to action' in never
    assert '<div class="tile bad"><b>1</b><span>posts without a call to action' in render(
        audit(blog()), "x", date(2026, 1, 1)
    )


def test_an_empty_blog_has_a_report():
    assert "Nothing to do" in render(audit([]), "x", date(2026, 1, 1))


@pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")
def test_a_real_browser_runs_the_filter_script_and_nothing_else(tmp_path):
    posts = [article(n, [own(n, 0), f"{call()} {EVIL}"], THEME) for n in range(8)]
    file = tmp_path / "report.html"
    file.write_text(render(audit(posts), "aster.test", date(2026, 1, 1)), encoding="utf-8")
    arguments = [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--dump-dom"]
    arguments += [f"--user-data-dir={tmp_path / 'profile'}", file.as_uri()]
    shown = subprocess.run(arguments, capture_output=True, text=True, check=True).stdout
    assert '<html lang="en" class="js">' in shown
    assert "<title>Audit of aster.test</title>" in shown
    assert "<img" not in shown


def test_the_report_has_the_colours_of_the_pages():
    own, pages = (
        [dict(re.findall(r"(--[a-z-]+): ([^;]+);", rules)) for rules in re.findall(r":root \{(.*?)\}", css, re.S)[:2]]
        for css in (
            files("indexer.present.report").joinpath("templates/report.css").read_text(encoding="utf-8"),
            files("indexer.web").joinpath("static/pages.css").read_text(encoding="utf-8"),
        )
    )
    for mine, theirs in zip(own, pages, strict=True):
        shared = mine.keys() & theirs.keys()
        assert len(shared) > 8
        assert {name: mine[name] for name in shared} == {name: theirs[name] for name in shared}
