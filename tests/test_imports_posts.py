from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from scraper import markup
from scraper.imports import ImportOptions, read_paths
from scraper.judgement import posts
from scraper.judgement.judged import Judged
from scraper.judgement.settle import settle
from scraper.model import Page

BASE = "https://clinic.example/"
NAV = "<div class=nav><a href=/>Home</a> <a href=/blog/>Blog</a></div>"
SHORT = "<p>A paragraph about sleep that is rather short, as posts by hand are.</p>"
LONG = "<p>" + "Some words of a post that go on for a while. " * 30 + "</p>"
CARD = (
    "<article><h3><a href='/blog/{0}/'>All about {0}</a></h3><time>2024-01-01</time>"
    "<p>It begins like this and goes on for a few words.</p></article>"
)
NAMES = (
    "sleep", "knees", "a-first-visit", "what-it-costs", "pain-at-night", "after-the-infusion",
    "who-may-come", "questions-we-hear", "for-families", "driving-home",
)  # fmt: skip


def page(title: str, body: str = SHORT, head: str = "", classes: str = "") -> str:
    html = f"<html><head><title>{title} - Clinic</title>{head}</head>"
    return f"{html}<body class='{classes}'>{NAV}<h1>{title}</h1>{body}<div>Copyright Clinic</div></body></html>"


def dated(title: str) -> str:
    return page(title, f"<time datetime='2024-05-01'>May 1, 2024</time>{LONG}")


def teasers(names: tuple[str, ...] = NAMES) -> str:
    return "".join(
        f"<div><h2><a href='/blog/{name}/'>About {name}</a></h2><p>It begins so.</p></div>" for name in names
    )


def lay(folder: Path, files: dict[str, str]) -> None:
    for name, content in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, encoding="utf-8")


def taken(*paths: Path, base_url: str | None = None) -> list[str]:
    """Return the sources of the files that are posts."""
    options = ImportOptions(base_url=base_url, include_pages=False, fetched_at=datetime(2026, 11, 22, tzinfo=UTC))
    pages = [outcome for outcome in read_paths(paths, options) if isinstance(outcome, Page)]
    judged = [Judged(one.url, judge(one), one.evidence) for one in pages]
    return [one.source or "" for one, verdict in zip(pages, settle(judged), strict=True) if verdict.is_post]


def judge(one: Page) -> posts.Verdict:
    tree = markup.parse(one.body, one.header("content-type") or "")
    return posts.judge(posts.signs(tree, one.final_url), one.final_url, one.evidence)


@pytest.mark.parametrize("base_url", [None, BASE, BASE + "blog/", BASE + "category/"])
def test_a_few_small_pages_in_folders_of_their_own_are_posts(tmp_path, base_url):
    files = {f"{name}/index.html": page(f"Post {name} about sleep") for name in "abc"}
    lay(tmp_path, files)
    assert taken(tmp_path, base_url=base_url) == list(files)


@pytest.mark.parametrize("base_url", [None, BASE, BASE + "blog/"])
def test_any_name_that_a_mirror_gives_a_file_holds_a_post(tmp_path, base_url):
    names = ["blog/index.html?p=12", "blog/post.php?id=7&lang=en", "blog/a%3Fb.html", "blog/100%.html", "noext",
             "index.html", "blog/index.html", "blog/index.html@page_id=3", "news.asp?article=4.html", "about.html"]  # fmt: skip
    lay(tmp_path, {name: page(f"Sleep {number}") for number, name in enumerate(names)})
    assert sorted(taken(tmp_path, base_url=base_url)) == sorted(names)


def test_files_and_folders_named_one_by_one_are_posts(tmp_path):
    lay(tmp_path, {name: page(f"On {name}") for name in ("index.html?p=12", "100%.html", "first-visit/index.html")})
    paths = [tmp_path / name for name in ("index.html?p=12", "100%.html", "first-visit")]
    assert len(taken(*paths, base_url=BASE + "blog/")) == 3


@pytest.mark.parametrize(
    "html",
    [
        page("Sleep", "<p>Closed on Monday.</p>"),
        "<p>Closed on Monday.</p>",
        "<html><body>We are closed.<br>Come on Tuesday.</body></html>",
        page("What to do when relief is not found", SHORT),
        page("Sleep", SHORT, "<meta name='robots' content='noindex'>"),
        page("Sleep", SHORT, "<meta property='og:type' content='website'>"),
        page("Sleeping well at night", SHORT, classes="blog list"),
        page("Sleep", SHORT + "<h3>Related</h3><ul><li><a href='/b/'>Knees and how</a></li></ul>"),
        page("How to sleep well", LONG + teasers(NAMES[:4])),
        page("Sleep", SHORT * 4 + "".join(CARD.format(name) for name in NAMES[:3])),
        page("Sleep", f"<div>{LONG}<h4>Read also: <a href='/blog/cost/'>what it costs</a></h4>{LONG}</div>" + teasers(NAMES[:2])),
        page("How to sleep well", "<ul>" + "<li><a href='https://other.example/x'>a study</a></li>" * 9 + "</ul>"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("base_url", [None, BASE])
def test_a_page_is_taken_though_little_says_that_it_is_a_post(tmp_path, html, base_url):
    lay(tmp_path, {"sleep.html": html})
    assert taken(tmp_path, base_url=base_url) == ["sleep.html"]


@pytest.mark.parametrize(
    "html",
    [
        page("Blog", teasers()),
        page("Blog", "<ul>" + "".join(f"<li><a href='{name}.html'>About {name}</a></li>" for name in NAMES) + "</ul>"),
        page("Posts about pain", "".join(f"<div><h2><a href='/{name}/'>{name}</a></h2>{LONG}</div>" for name in NAMES)),
        page("Posts about pain", SHORT * 2 + "".join(CARD.format(name) * 2 for name in NAMES)),
        page("Pain", teasers(NAMES[:2]), classes="archive category category-pain"),
        page("Pain", SHORT, classes="search search-results"),
        page("The Clinic", LONG, classes="home page page-id-2"),
        page("Where we are", LONG, "<meta property='og:type' content='article'>", classes="page page-id-7"),
        page("Anna", SHORT, '<script type="application/ld+json">{"@type": "ProfilePage"}</script>'),
        page("Page not found", SHORT),
        page("404", SHORT),
        page("Oops", SHORT, classes="error404"),
        "<html><head><meta http-equiv='refresh' content='0; url=/blog/'></head><body>Go to <a href='/blog/'>it</a></body></html>",
        "<html><head><script>draw()</script></head><body><div id=app></div></body></html>",
    ],
)  # fmt: skip
@pytest.mark.parametrize("base_url", [None, BASE + "blog/"])
def test_what_clearly_is_no_post_is_left_out(tmp_path, html, base_url):
    lay(tmp_path, {"odd.html": html, "sleep.html": page("Sleep")})
    assert taken(tmp_path, base_url=base_url) == ["sleep.html"]


def test_a_home_page_that_links_to_posts_is_none(tmp_path):
    home = "<p>Welcome.</p><ul><li><a href='/sleep.html'>How to sleep</a></li><li><a href='/knees.html'>Knees</a></li></ul>"
    lay(tmp_path, {"index.html": page("Clinic", home), "sleep.html": page("Sleep"), "knees.html": page("Knees")})
    assert taken(tmp_path, base_url=BASE) == ["knees.html", "sleep.html"]


def test_a_copy_of_a_whole_site_gives_its_posts_only(tmp_path):
    posts_ = {f"blog/{name}/index.html": dated(f"All about {name}") for name in NAMES}
    others = {
        "index.html": page("Clinic", "<p>Welcome to the clinic.</p>"),
        "blog/index.html": page("Blog", teasers()),
        "about/index.html": page("About", SHORT),
        "hearing-test/index.html": page("Hearing", "<p>Click to begin the test.</p>"),
        "tags/pain/index.html": page("Pain", teasers(NAMES[:1])),
        "projects/machine/index.html": page("Machine", "<time>2020-01-01</time>" + SHORT),
    }
    lay(tmp_path, posts_ | others)
    assert sorted(taken(tmp_path, base_url=BASE)) == sorted(posts_)


def test_a_short_post_without_a_date_stays_a_post_in_a_copy_of_the_site(tmp_path):
    files = {f"blog/{name}/index.html": dated(f"All about {name}") for name in NAMES}
    lay(tmp_path, files | {"blog/index.html": page("Blog", teasers()), "blog/closed/index.html": page("Closed", "<p>On Monday.</p>")})  # fmt: skip
    assert "blog/closed/index.html" in taken(tmp_path, base_url=BASE)


BLOGGER = (
    "<html><head><title>{title}</title></head><body><div class='widget Header'><h1><a href='/'>Notes from a ward</a></h1>"
    "</div><div class='widget Blog' id='Blog1'><h2 class='date-header'>{day}</h2>{posts}</div>"
    "<div class='widget LinkList'><h2>Months</h2><ul><li><a href='/2012/06/'>June</a></li></ul></div></body></html>"
)
ENTRY = (
    "<div class='post hentry' itemscope itemtype='http://schema.org/BlogPosting'><h3 class='post-title'>{headline}</h3>"
    "<div class='post-body'>{text}</div></div>"
)


def blogger(title: str, *names: str, own: bool = False) -> str:
    """Return a page as Blogger makes it, all of widgets: a post, or a list that shows whole posts."""
    heading = "Night {0} on the ward" if own else "<a href='/2012/06/{0}.html'>Night {0} on the ward</a>"
    shown = "".join(
        ENTRY.format(headline=heading.format(name), text=f"<p>{name} was quiet until four. {LONG}</p>")
        for name in names
    )
    return BLOGGER.format(title=title, day="Tuesday, June 26, 2012", posts=shown)


LISTS = (
    *("index.html", "2012/index.html", "2012/06/index.html", "search/label/Nights.html", "search.html"),
    *(
        "search?updated-max=2012-06-26T13:02:00-04:00&max-results=7.html",
        "search-updated-max=2012-06-26&max-results=5.html",
    ),
    *("search%3Fupdated-max=2012-06-01&max-results=9.html",),
)


@pytest.mark.parametrize("shown", [("one",), ("one", "two"), ("one", "two", "three", "four")])
def test_lists_of_a_copied_blog_are_no_posts_though_they_show_whole_posts(tmp_path, shown):
    names = ("one", "two", "three", "four")
    files = {f"2012/06/{n}.html": blogger(f"Notes: Night {n} on the ward", n, own=True) for n in names}
    extra = [f"Another list {place}. " for place in range(len(LISTS))]
    lists = {
        name: blogger("Notes: June 2012", *shown).replace("</h1>", f"</h1><p>{more}</p>")
        for name, more in zip(LISTS, extra, strict=True)
        if name != "index.html" or len(shown) > 1
    }
    lay(tmp_path, files | lists)
    assert sorted(taken(tmp_path, base_url=BASE)) == sorted(files)


def test_the_archive_of_a_label_that_shows_its_only_post_whole_is_none(tmp_path):
    text = "".join(f"<p>Paragraph {n} about {{0}} says what the nurse saw on that night.</p>" for n in range(9))
    files = {f"{name}.html": page(f"All about {name}", text.format(name)) for name in NAMES}
    shown = f"<h2><a href='/sleep.html'>All about sleep</a></h2>{text.format('sleep')}"
    lists = {"tags/sleep.html": f"<html><head><title>Clinic</title></head><body>{NAV}{shown}</body></html>"}
    two = shown + f"<h2><a href='/knees.html'>All about knees</a></h2>{text.format('knees')}"
    lists["category/pain/index.html"] = f"<html><head><title>Clinic</title></head><body>{NAV}{two}</body></html>"
    lay(tmp_path, files | lists | {"tags/of-our-own.html": page("Tags of our own", text.format("tags"))})
    assert sorted(taken(tmp_path, base_url=BASE)) == sorted([*files, "tags/of-our-own.html"])


def test_a_post_at_an_address_with_such_words_stays_one(tmp_path):
    files = {
        f"{folder}/{n}.html": dated(f"All about {n}")
        for n, folder in zip(NAMES, ("2012", "label", "archive"), strict=False)
    }
    more = f"{LONG}<h2><a href='/2012/sleep.html'>All about sleep</a></h2>"
    files |= {"2012/06/17.html": dated("A day of rest"), "seven-ways-to-sleep/2022/12.html": page("Sleep", more)}
    files |= {"seven-ways-to-wake/2022/12/index.html": page("Waking", more.replace("Some", "More"))}
    lay(tmp_path, files)
    assert sorted(taken(tmp_path, base_url=BASE)) == sorted(files)


def test_an_odd_file_among_chosen_posts_is_a_post(tmp_path):
    files = {f"posts/{name}.html": dated(f"All about {name}") for name in NAMES} | {"notes/odd.html": page("Odd")}
    lay(tmp_path, files)
    assert sorted(taken(tmp_path, base_url=BASE)) == sorted(files)
