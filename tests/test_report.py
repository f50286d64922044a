from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import replace
from datetime import date
from html import unescape
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
    assert "default-src 'none'" in unescape(page)


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
    assert '<li class="tile "><b>8</b> <span>posts without a call to action' in never
    assert '<li class="tile bad"><b>1</b> <span>posts without a call to action' in render(
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
    assert "<title>Audit of Aster Pain Clinic</title>" in shown
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


def test_the_headline_is_the_blogs_name_with_its_address_beside(page):
    assert "<h1>Aster Pain Clinic</h1>" in page
    assert "Blog audit · aster.test/blog" in page
    assert "<h1>x.test</h1>" in render(audit([]), "x.test", date(2026, 1, 1))


def test_what_is_fine_is_listed_and_what_is_not_is_not(page):
    fine = re.search(r"<summary>What is fine</summary>(.*?)</details>", page, re.S)[1]
    assert "No page deviates from the others." in fine
    assert "Nothing out of date was found." not in fine
    assert "mostly ask for nothing" in render(audit([article(n, [own(n, 0)]) for n in range(8)]), "x", date(2026, 1, 1))


def test_each_action_can_be_ticked_by_its_own_words(page):
    ticks = re.findall(r'<label><input type="checkbox" name="(\S+)"> (.+?)</label>', page)
    assert len({own for own, _ in ticks}) == len(ticks) > 3
    assert any(words.startswith("Replace the old phone number") for _, words in ticks)


def test_every_year_has_its_name_and_every_bar_its_title():
    made = [article(n, [own(n, 0), call()]) for n in range(16)]
    posts = [replace(one, metadata=replace(one.metadata, published=date(2003 + n, 3, 1))) for n, one in enumerate(made)]
    shown = render(audit(posts), "x", date(2026, 1, 1))
    for year in range(2003, 2019):
        assert f">’{year % 100:02}</text>" in shown
        assert f"<title>{year}: ask 1</title>" in shown
    assert len(re.findall(r"<rect", shown)) == len(re.findall(r"</title></rect>", shown))


def test_a_post_with_an_address_for_editing_has_a_link_there():
    facts = audit(blog())
    known = tuple(
        replace(fact, edit_url="https://aster.test/wp-admin/post.php?post=7&action=edit") for fact in facts.posts
    )
    shown = render(replace(facts, posts=known), "x", date(2026, 1, 1))
    assert '<a class="edit" href="https://aster.test/wp-admin/post.php?post=7&amp;action=edit">edit</a>' in shown
    evil = tuple(replace(fact, edit_url="javascript:alert(1)") for fact in facts.posts)
    assert "javascript:" not in render(replace(facts, posts=evil), "x", date(2026, 1, 1))
