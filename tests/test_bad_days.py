"""Days on which a site is not itself: what is stored afterwards equals the library that never had such a day."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest
from blogsite import WORDS

from indexer.store.database import Store
from scraper import markup, urls
from scraper.crawling import discover
from scraper.judgement import posts
from scraper.model import Failure, Page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from scraper.crawling.frontier import Disorder, Tally
    from scraper.model import Task

ROOT = "https://clinic.example"
HTML = "text/html; charset=utf-8"


@dataclass
class Reply:
    body: str = ""
    status: int = 200
    kind: str = HTML
    final_url: str | None = None
    headers: dict[str, str] = field(default_factory=dict)


Day = "Callable[[str], Reply | None]"


def prose(seed: str, sentences: int = 12) -> list[str]:
    """Make sentences that no other seed has."""
    found = []
    for number in range(sentences):
        chosen = [WORDS[byte % len(WORDS)] for byte in sha256(f"{seed}{number}".encode()).digest()[:12]]
        found.append(" ".join(chosen).capitalize() + ".")
    return found


def theme(title: str, inner: str, *, site: str = "Tamarack clinic", classes: str = "") -> str:
    menu = (
        "<nav><ul><li><a href='/'>Blog of our clinic</a></li><li><a href='/about/'>About the clinic</a></li></ul></nav>"
    )
    side = "<aside class='sidebar'><h3>Opening hours</h3><p>We are open on every working day from eight to five.</p></aside>"
    foot = (
        "<footer class='colophon'><p>Tamarack clinic, at the corner of Mill and Main. All rights reserved.</p></footer>"
    )
    return (
        f"<!doctype html><html lang=en><head><title>{title} | {site}</title></head><body class='{classes}'>{menu}"
        f"<main class='site-main'>{inner}</main>{side}{foot}</body></html>"
    )


@dataclass
class Blog:
    """A blog in memory: posts by slug as (title, sentences, lastmod); `bad` answers first where it answers."""

    posts: dict[str, tuple[str, list[str], str]] = field(default_factory=dict)
    bad: Callable[[str], Reply | None] | None = None
    lastmod: bool = True
    validators: bool = True
    sitemap: bool = True
    redesigned: bool = False

    def page(self, slug: str) -> str:
        title, sentences, _ = self.posts[slug]
        text = "".join(f"<p>{sentence}</p>" for sentence in sentences)
        if self.redesigned:
            inner = f"<section class='wrap x1'><div class='grid'><h1 class='t'>{title}</h1><time datetime='2024-03-02'>March 2</time><div class='body-copy'>{text}</div></div></section>"
            return f"<!doctype html><html><head><title>{title} – Tamarack</title></head><body class='v2'><header class='top'><a href='/'>Home of Tamarack</a></header>{inner}<div class='bottom'>New footer words of the brand</div></body></html>"
        date = "<time class='entry-date' datetime='2024-03-02'>March 2, 2024</time>"
        return theme(
            title, f"<article class='post'><h1>{title}</h1>{date}{text}</article>", classes="single single-post"
        )

    def answer(self, url: str) -> Reply:
        if url.startswith("http:"):
            moved = self.answer(url.replace("http:", "https:"))
            return replace(moved, final_url=moved.final_url or url.replace("http:", "https:"))
        path = url.removeprefix(ROOT)
        if self.bad is not None and (reply := self.bad(path)) is not None:
            return reply
        if path == "/robots.txt":
            named = f"Sitemap: {ROOT}/sitemap.xml" if self.sitemap else ""
            return Reply(f"User-agent: *\nDisallow:\n{named}\n", kind="text/plain")
        if path == "/sitemap.xml" and self.sitemap:
            return Reply(self.named(list(self.posts)), kind="application/xml")
        if path == "/":
            shown = "".join(
                f"<article><h2><a href='/{slug}/'>{title}</a></h2><p>{text[0]}</p></article>"
                for slug, (title, text, _) in self.posts.items()
            )
            return Reply(theme("Blog", shown, classes="blog home"))
        slug = path.strip("/")
        if slug in self.posts:
            return Reply(self.page(slug))
        return Reply(theme("Page not found", "<p>Nothing here.</p>", classes="error404"), 404)

    def named(self, slugs: list[str]) -> str:
        """Return a sitemap of some posts."""
        entries = (
            f"<url><loc>{ROOT}/{slug}/</loc>{f'<lastmod>{self.posts[slug][2]}</lastmod>' if self.lastmod else ''}</url>"
            for slug in slugs
        )
        return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{"".join(entries)}</urlset>'

    def write(self, slug: str, text: list[str] | None = None, lastmod: str = "2024-03-02") -> None:
        self.posts[slug] = (f"The story of {slug} and its season", text or prose(slug), lastmod)


def blog(number: int = 12, **how: object) -> Blog:
    made = Blog(**how)
    for one in range(number):
        made.write(f"post-{WORDS[one % len(WORDS)]}-{WORDS[(7 * one + one // len(WORDS)) % len(WORDS)]}")
    return made


@cache
def shows_a_post(body: bytes, url: str, evidence: tuple[str, ...]) -> bool:
    return posts.judge(posts.signs(markup.parse(body, HTML), url), url, evidence).is_post


@dataclass
class Archive:
    """A library that crawls a blog in memory, the way the spider does, without a network."""

    store: Store

    def crawl(self, site: Blog, *, accept_gone: bool = False, refresh: bool = False) -> Disorder | None:
        frontier = self.store.frontier("clinic.example", ROOT)
        frontier.begin(discover.seeds(ROOT + "/"), refresh=refresh, accept_gone=accept_gone)
        self.asked: list[str] = []
        self.tally: Callable[[], Tally] = frontier.tally
        while True:
            while (task := frontier.take()) is not None:
                self._fetch(frontier, site, task)
                if found := frontier.disorder():
                    frontier.undo()
                    return found
            if found := frontier.disorder(ended=True):
                frontier.undo()
                return found
            if not frontier.pending():
                frontier.end()
                return None

    def _fetch(self, frontier: object, site: Blog, task: Task) -> None:
        reply = site.answer(task.url)
        self.asked.append(task.url)
        final = reply.final_url or task.url
        tag = f'"{sha256(reply.body.encode()).hexdigest()[:12]}"' if site.validators and reply.status == 200 else None
        given = reply.headers or ({"etag": tag} if tag else {})
        if task.validators and tag and task.validators.etag == tag:
            page = Page("clinic.example", task.url, final, 304, tuple(given.items()), b"", datetime.now(UTC))
            frontier.finish(task, page, is_post=task.kind in ("post", "recheck"))
            return
        if reply.status >= 400:
            found = discover.missed(task, "clinic.example", reply.status)
            frontier.finish(task, Failure(task.url, f"answered {reply.status}", reply.status), found.tasks)
            return
        if final != task.url and task.kind in ("post", "recheck") and frontier.alias(task, urls.canonical(final)):
            return
        url = urls.canonical(final) if task.kind in ("post", "recheck") else task.url
        headers = (("content-type", reply.kind), *given.items())
        page = Page(
            "clinic.example", url, final, 200, headers, reply.body.encode(), datetime.now(UTC),
            stated=task.stated, reference_body=task.reference_body, evidence=task.evidence, lastmod=task.lastmod,
        )  # fmt: skip
        is_post = task.kind in ("post", "recheck") and shows_a_post(page.body, final, task.evidence)
        found = discover.read(task, page, "clinic.example")
        frontier.finish(task, page, found.tasks, found.if_news, is_post=is_post)

    def posts(self) -> dict[str, tuple[bytes, bool]]:
        """Return URL, body, and whether it is gone, of each page that is a post by what it shows."""
        ids = self.store.pages.ids()
        gone = dict(self.store.connection.execute("SELECT id, gone_at IS NOT NULL FROM page"))
        found = {}
        for stored in self.store.pages.load(ids):
            if shows_a_post(stored.page.body, stored.page.url, stored.page.evidence):
                found[stored.page.url] = (stored.page.body, bool(gone[stored.id]))
        return found


@pytest.fixture
def archives(tmp_path: Path) -> Iterator[Callable[..., Archive]]:
    opened: list[Store] = []

    def make(first: Path | None = None) -> Archive:
        place = tmp_path / f"{len(opened)}.db"
        if first is not None:
            shutil.copyfile(first, place)
        opened.append(Store(place, writable=True))
        return Archive(opened[-1])

    yield make
    for store in opened:
        store.close()


SORRY = "<html><head><title>Maintenance</title></head><body><h1>We will be back soon</h1><p>Our website is undergoing scheduled maintenance. Thank you for your patience.</p></body></html>"
CONSENT = "<p>We value your privacy. To read on, accept that we and our 214 partners store cookies on your device.</p><button>Accept all</button>"
PARKED = "<html><head><title>clinic.example is for sale</title></head><body><div id=ads><h1>clinic.example</h1><a href='/lander?q=pain'>Pain clinics</a><a href='/lander?q=sleep'>Sleep help</a><p>This domain may be for sale. Related searches and sponsored listings are below.</p></div></body></html>"
LOGIN = "<html><head><title>Log in</title></head><body class=login><form method=post><h1>Log in to continue</h1><label>User name</label><input name=log><label>Password</label><input name=pwd></form></body></html>"


def is_page(path: str) -> bool:
    return path not in ("/robots.txt", "/sitemap.xml")


def other_home(path: str) -> Reply:
    teasers = "".join(
        f"<article><h2><a href='/shop/{word}/'>Our best {word} offer</a></h2><p>{' '.join(prose(word, 1))}</p></article>"
        for word in WORDS[:8]
    )
    return Reply(
        f"<html><head><title>Harbour Garden Centre</title></head><body class='home shop'><h1>Harbour Garden Centre</h1>{teasers}</body></html>"
    )


def spam(path: str) -> Reply | None:
    if not is_page(path):
        return Reply("", 404)
    text = "".join(f"<p>{sentence}</p>" for sentence in prose(f"spam {path}", 20))
    return Reply(
        f"<html><head><title>{path} casino bonus</title></head><body><div class=c><h2>Best casino bonus of {path}</h2>{text}</div></body></html>"
    )


def consent(path: str) -> Reply | None:
    if not path.startswith("/post-"):
        return None
    slug = path.strip("/")
    return Reply(theme(f"The story of {slug} and its season", f"<h1>The story of {slug} and its season</h1>{CONSENT}"))


DAYS: dict[str, Callable[[str], Reply | None]] = {
    "maintenance everywhere": lambda path: Reply(SORRY),
    "maintenance at posts": lambda path: Reply(SORRY) if path.startswith("/post-") else None,
    "maintenance with the time on it": lambda path: Reply(SORRY.replace("patience", f"patience {path} 12:{len(path)}")),
    "parked domain": lambda path: Reply(PARKED) if path != "/robots.txt" else Reply("", 404),
    "log-in at every address": lambda path: Reply(LOGIN, final_url=f"{ROOT}/wp-login") if is_page(path) else None,
    "soft 404": lambda path: Reply(theme("Page not found", "<h1>Nothing was found</h1><p>Try a search.</p>")) if path.startswith("/post-") else None,
    "404 for all": lambda path: Reply("<h1>Not found</h1>", 404),
    "410 for all": lambda path: Reply("<h1>Gone</h1>", 410),
    "404 at posts": lambda path: Reply("<h1>Not found</h1>", 404) if path.startswith("/post-") else None,
    "503 for all": lambda path: Reply("<h1>Unavailable</h1>", 503),
    "sitemap cut": lambda path: Reply(f"<urlset><url><loc>{ROOT}/{'post-' + WORDS[0] + '-' + WORDS[0]}/</loc></url></urlset>", kind="application/xml") if path == "/sitemap.xml" else None,
    "sitemap empty": lambda path: Reply("<urlset/>", kind="application/xml") if path == "/sitemap.xml" else None,
    "sitemap is a web page": lambda path: Reply(SORRY) if path == "/sitemap.xml" else None,
    "home page of another site": lambda path: other_home(path) if path != "/robots.txt" else Reply("", 404),
    "redirect of all to home": lambda path: Reply(theme("Blog", "<p>Welcome to our clinic.</p>", classes="home"), final_url=ROOT + "/") if path.startswith("/post-") else None,
    "consent wall": consent,
    "another page at each address": spam,
}  # fmt: skip
KINDS = {
    "dated": {},
    "undated": {"lastmod": False},
    "undated, without validators": {"lastmod": False, "validators": False},
    "listing alone": {"sitemap": False, "validators": False},
}


@dataclass
class Spared:
    """A library that met no bad day: its file after the first crawl, and its posts after all."""

    first: Path
    posts: dict[str, tuple[bytes, bool]]


def go_on(site: Blog, *libraries: Archive) -> None:
    """Publish a post, edit one, and crawl until both were seen: some posts a run where no place says what changed."""
    site.write("post-new-after", lastmod="2024-03-05")
    edited = list(site.posts)[2]
    site.write(edited, ["A first sentence that is new.", *prose(edited)], "2024-03-05")
    for _ in range(1 if site.lastmod and site.sitemap else 6):
        for library in libraries:
            library.crawl(site)


@pytest.fixture(scope="session")
def spared(tmp_path_factory) -> Callable[[str], Spared]:
    """Return a function that gives the library of a kind of blog that met no bad day; each is crawled once."""
    folder = tmp_path_factory.mktemp("spared")

    @cache
    def made(kind: str) -> Spared:
        archive, site = Archive(Store(folder / f"{kind}.db", writable=True)), blog(12, **KINDS[kind])
        archive.crawl(site)
        archive.store.connection.execute("VACUUM INTO ?", (str(folder / f"{kind} first.db"),))
        go_on(site, archive)
        found = Spared(folder / f"{kind} first.db", archive.posts())
        archive.store.close()
        return found

    return made


@pytest.mark.parametrize(("kind", "days"), list(zip(KINDS, (3, 1, 3, 1), strict=True)))
@pytest.mark.parametrize("day", DAYS)
def test_after_a_bad_day_all_is_as_if_it_had_not_been(
    day: str, kind: str, days: int, archives: Callable[..., Archive], spared: Callable[[str], Spared]
) -> None:
    struck, site = archives(spared(kind).first), blog(12, **KINDS[kind])
    before = struck.posts()
    assert len(before) == 12
    site.bad = DAYS[day]
    for _ in range(days):
        struck.crawl(site)
        now = struck.posts()
        assert {url: body for url, (body, _) in now.items()} == {url: body for url, (body, _) in before.items()}
    site.bad = None
    go_on(site, struck)
    assert any(b"A first sentence that is new." in body for body, _ in struck.posts().values())
    assert struck.posts() == spared(kind).posts


@pytest.fixture(scope="session")
def crawled_once(tmp_path_factory) -> Path:
    """Return the library of a blog of sixty posts that says nothing of changes; copy it."""
    file = tmp_path_factory.mktemp("crawled") / "library.db"
    archive = Archive(Store(file, writable=True))
    archive.crawl(blog(60, lastmod=False, validators=False))
    archive.store.close()
    return file


@pytest.mark.parametrize("refresh", [False, True])
@pytest.mark.parametrize("day", [name for name in DAYS if not name.startswith(("404", "410", "503", "sitemap"))])
def test_a_crawl_of_a_site_in_disorder_stops_early_and_changes_nothing(
    day: str, refresh: bool, archives: Callable[..., Archive], crawled_once: Path
) -> None:
    archive, site = archives(crawled_once), blog(60, lastmod=False, validators=False)
    before, pages = archive.posts(), archive.store.pages.ids()
    site.write("post-that-is-new")
    site.bad = DAYS[day]
    found = archive.crawl(site, refresh=refresh)
    assert found is not None
    assert found.turned > found.looked_at / 2
    assert len(archive.asked) < 40
    assert (archive.posts(), archive.store.pages.ids()) == (before, pages)


def some(share: float, reply: Callable[[str], Reply | None]) -> Callable[[str], Reply | None]:
    """Answer at a share of the posts."""
    return lambda path: (
        reply(path) if path.startswith("/post-") and sha256(path.encode()).digest()[0] < 256 * share else None
    )


@pytest.mark.parametrize("day", [SORRY, "spam", "consent"])
def test_on_a_partly_bad_day_new_posts_and_edits_are_taken_and_the_others_stay(
    day: str, archives: Callable[[], Archive]
) -> None:
    archive, site = archives(), blog(26, lastmod=False)
    archive.crawl(site)
    before = archive.posts()
    reply = {"spam": spam, "consent": consent}.get(day, lambda path: Reply(SORRY))
    site.bad = some(0.3, reply)
    bad = {url for url in before if site.bad(url.removeprefix(ROOT))}
    assert 3 <= len(bad) <= 12
    site.write("new-and-true")
    edited = next(slug for slug in site.posts if f"{ROOT}/{slug}/" not in bad)
    site.write(edited, ["This was added later.", *prose(edited)])
    for _ in range(4):  # some posts are looked at in each
        assert archive.crawl(site) is None
    now = archive.posts()
    assert f"{ROOT}/new-and-true/" in now
    assert b"This was added later." in now[f"{ROOT}/{edited}/"][0]
    assert all(now[url] == before[url] for url in bad)
    assert archive.tally().held == len(bad)


EDITS: dict[str, Callable[[list[str]], list[str]]] = {
    "a word in ten is another": lambda text: [sentence.replace("clinic", "practice") for sentence in text],
    "most of it is cut": lambda text: text[:2],
    "it is twice as long": lambda text: [*text, *prose("more of it", 14)],
    "it is written anew": lambda _: prose("written anew", 15),
    "a short notice": lambda _: ["We have withdrawn this article, as what it says is no longer right."],
}


@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_of_one_post_is_taken_over(edit: str, archives: Callable[[], Archive]) -> None:
    archive, site = archives(), blog()
    archive.crawl(site)
    slug = list(site.posts)[4]
    site.write(slug, EDITS[edit](prose(slug)), "2024-05-01")
    archive.crawl(site)
    assert archive.posts()[f"{ROOT}/{slug}/"] == (site.page(slug).encode(), False)


def test_a_wall_that_one_post_shows_in_doubt_is_taken_back_when_the_post_is_back(
    archives: Callable[[], Archive],
) -> None:
    archive, site = archives(), blog()
    archive.crawl(site)
    before, slug = archive.posts(), list(site.posts)[4]
    text = site.posts[slug][1]
    site.write(slug, ["To read on, accept that our partners store cookies."], "2024-05-01")
    archive.crawl(site)
    site.posts[slug] = (site.posts[slug][0], text, "2024-05-01")
    archive.crawl(site)
    assert archive.posts() == before


def test_a_new_theme_is_no_bad_day(archives: Callable[[], Archive]) -> None:
    archive, site = archives(), blog(20, lastmod=False)
    archive.crawl(site)
    site.redesigned = True
    for _ in range(3):
        assert archive.crawl(site) is None
        assert archive.tally().held == 0
    assert all(b"body-copy" in body for body, _ in archive.posts().values())


def test_many_deleted_posts_are_a_question_and_gone_when_that_is_answered(archives: Callable[[], Archive]) -> None:
    archive, site = archives(), blog(20)
    archive.crawl(site)
    for slug in list(site.posts)[:8]:
        del site.posts[slug]
    for _ in range(2):
        archive.crawl(site)
        assert not any(gone for _, gone in archive.posts().values())
        assert archive.tally().missing == 8
    archive.crawl(site, accept_gone=True)
    assert sum(gone for _, gone in archive.posts().values()) == 8
    assert (archive.tally().gone, archive.tally().missing) == (8, 0)


def test_a_few_posts_that_redirect_home_for_good_do_not_stop_the_crawls(archives: Callable[[], Archive]) -> None:
    archive, site = archives(), blog(26)
    archive.crawl(site)
    removed = list(site.posts)[:4]
    for slug in removed:
        del site.posts[slug]
    home = Reply(theme("Blog", "<p>Welcome.</p>", classes="home"), final_url=ROOT + "/")
    site.bad = lambda path: home if path.strip("/") in removed else None
    site.write("post-that-is-new")
    assert archive.crawl(site) is None
    assert f"{ROOT}/post-that-is-new/" in archive.posts()
    assert len(archive.posts()) == 27


def test_validators_of_a_page_that_was_not_taken_are_never_sent(archives: Callable[[], Archive]) -> None:
    archive, site = archives(), blog(12, lastmod=False)
    archive.crawl(site)
    row = "SELECT etag FROM frontier WHERE is_post ORDER BY id"
    before = archive.store.connection.execute(row).fetchall()
    site.bad = some(
        0.3, lambda path: Reply(SORRY, headers={"etag": '"bad"', "last-modified": "Tue, 1 Sep 2026 00:00:00 GMT"})
    )
    archive.crawl(site)
    assert archive.store.connection.execute(row).fetchall() == before


def test_a_blog_that_was_first_met_on_a_bad_day_is_found_whole_later(archives: Callable[[], Archive]) -> None:
    spared, struck, site = archives(), archives(), blog(12)
    site.bad = DAYS["maintenance everywhere"]
    for _ in range(3):
        struck.crawl(site)
    assert struck.posts() == {}
    site.bad = None
    spared.crawl(site)
    struck.crawl(site)
    assert struck.posts() == spared.posts()
    site.write("post-later", lastmod="2024-06-01")
    struck.crawl(site)
    assert f"{ROOT}/post-later/" in struck.posts()


@pytest.mark.parametrize("share", [0.4, 1.1])
def test_posts_that_were_first_met_on_a_bad_day_are_found_later(share: float, archives: Callable[[], Archive]) -> None:
    archive, site = archives(), blog(20)
    site.bad = some(
        share,
        lambda path: Reply(
            theme(
                "We will be back",
                "<article class=post><h1>We will be back</h1><p>Scheduled work.</p></article>",
                classes="single single-post",
            )
        ),
    )
    archive.crawl(site)
    assert not any(b"Scheduled work" in body for body, _ in archive.posts().values())
    site.bad = None
    archive.crawl(site)
    assert len(archive.posts()) == 20


def test_a_site_that_moved_to_https_has_each_post_once_under_its_old_id(archives: Callable[[], Archive]) -> None:
    archive, site = archives(), blog(8, lastmod=False)
    archive.crawl(site)
    ids = archive.store.connection.execute("SELECT id FROM page WHERE is_post IS NULL ORDER BY id").fetchall()
    archive.store.connection.execute("UPDATE page SET url = replace(url, 'https:', 'http:')")
    archive.store.connection.execute("UPDATE frontier SET url = replace(url, 'https:', 'http:'), etag = NULL")
    archive.crawl(site, refresh=True)
    assert set(archive.posts()) == {f"{ROOT}/{slug}/" for slug in site.posts}
    assert archive.store.connection.execute("SELECT id FROM page ORDER BY id").fetchall() == ids


def test_a_post_with_a_new_address_keeps_its_id(archives: Callable[[], Archive]) -> None:
    archive, site = archives(), blog(8, lastmod=False, validators=False, sitemap=False)
    archive.crawl(site)
    slug = list(site.posts)[3]
    (page_id,) = archive.store.pages.find(slug)
    renamed = {name.replace(slug, "another-name"): post for name, post in site.posts.items()}
    old, site.posts = f"/{slug}/", renamed
    site.bad = lambda path: Reply(site.page("another-name"), final_url=f"{ROOT}/another-name/") if path == old else None
    for _ in range(3):
        archive.crawl(site)
    live = {url for url, (_, gone) in archive.posts().items() if not gone}
    assert live == {f"{ROOT}/{name}/" for name in renamed}
    assert page_id in archive.store.pages.ids()
