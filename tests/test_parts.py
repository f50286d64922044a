from __future__ import annotations

import json
from pathlib import Path

import pytest

from scraper.discovery.links import links_of
from scraper.extract import extract_article, joined
from scraper.judgement.judged import Judged
from scraper.judgement.parts import assemble, numbered, parts_of
from scraper.judgement.settle import settle
from scraper.markup import parse
from scraper.model import Verdict
from tests.blogsite import Answer, Server
from tests.commandline import blogdex

SITE = "https://clinic.example"
LONG = f"{SITE}/long/"


@pytest.mark.parametrize(
    ("url", "first", "number"),
    [
        ("/long/2/", "/long/", 2),
        ("/long/12", "/long/", 12),
        ("/long/2/index.html", "/long/", 2),
        ("/long/page/2/", "/long/", 2),
        ("/long/?page=2", "/long/", 2),
        ("/long.html?start=1", "/long.html", 1),
    ],
)
def test_a_further_part_is_known_by_its_number(url: str, first: str, number: int) -> None:
    assert numbered(SITE + url) == (SITE + first, number)


@pytest.mark.parametrize(
    "url", ["/long/", "/long/1/", "/2024/", "/long/comment-page-2/", "/long/?cpage=2", "/post/123/", "/?p=7"]
)
def test_other_addresses_are_no_further_parts(url: str) -> None:
    assert numbered(SITE + url) is None


def parts(body: str, url: str = LONG, head: str = "") -> list[str]:
    tree = parse(f"<html><head>{head}</head><body>{body}</body></html>")
    return [
        part.removeprefix(SITE) for part in parts_of(tree, links_of(tree, url, "clinic.example"), url, "clinic.example")
    ]


def test_the_pages_of_a_post_are_named_by_its_numbers_or_its_head() -> None:
    numbers = "<article><div class='page-links'>Pages: <span>1</span> <a href='/long/2/'>2</a> <a href='3/'>Page 3</a></div></article>"
    assert parts(numbers) == ["/long/2/", "/long/3/"]
    assert parts("", head="<link rel='next' href='/long/?page=2'>") == ["/long/?page=2"]
    assert parts("<article><a class='next' rel='next' href='/long/2/'>Continue</a></article>") == ["/long/2/"]


def test_other_posts_and_pages_of_comments_are_no_parts() -> None:
    assert (
        parts("<nav class='post-navigation'><a rel='next' href='/longer/'>Longer</a><a href='/other/2/'>2</a></nav>")
        == []
    )
    assert parts("<div id='comments'><a href='/long/comment-page-2/'>2</a></div>") == []
    assert parts("<article><p>See <a href='/long/2/'>what we found later</a>.</p></article>") == []


def judged(path: str, *named: str, is_post: bool = True) -> Judged:
    return Judged(SITE + path, Verdict(is_post, "", 5.0, parts=tuple(SITE + name for name in named)), ("link",))


def test_the_chain_of_a_post_is_put_in_order() -> None:
    pages = [judged("/long/", "/long/2/"), judged("/long/3/"), judged("/long/2/", "/long/3/"), judged("/short/")]
    assert assemble(dict(enumerate(pages))) == {0: [2, 1]}
    verdicts = settle(pages)
    assert [verdict.is_post for verdict in verdicts] == [True, False, False, True]
    assert verdicts[1].reason == "it is a further part of https://clinic.example/long/"


def test_pages_of_a_listing_are_put_together_with_nothing() -> None:
    assert assemble(dict(enumerate([judged("/blog/", "/blog/2/", is_post=False), judged("/blog/2/")]))) == {}


def test_what_every_part_shows_again_is_joined_once() -> None:
    def part(text: str) -> str:
        again = "<p>This is a report in three parts about the chairs in our waiting room and who sat on them.</p>"
        return f"<html><head><title>The long report</title></head><body><article><h1>The long report</h1>{again}<p>{text}</p></article></body></html>"

    texts = [
        f"Part {n} says what part {n} has to say, and it takes its time, as {n} parts always did and will."
        for n in (1, 2, 3)
    ]
    made = [extract_article(part(text), LONG) for text in texts]
    kept = [block.text for block in joined(made[0], made[1:]).blocks if block.kept]
    assert kept[1:] == texts
    assert [block.position for block in joined(made[0], made[1:]).blocks] == list(range(len(made[0].blocks) + 2))


FORMS = {
    "path": ("/long/", "/long/{}/"),
    "query": ("/long/", "/long/?page={}"),
    "file": ("/long.html", "/long.html?page={}"),
}
WORDS = (
    "The chair number {0} of part {1} was carried up, sat on by {2} people, and carried down again before noon.",
    4,
)


def paragraphs(part: int, edition: str = "") -> list[str]:
    return [WORDS[0].format(n, part, 10 * part + n) + edition for n in range(WORDS[1])]


class SplitBlog(Server):
    """A blog of short posts and a long one in three parts; `edition` is written into its last part."""

    def __init__(self, form: str, only_next: bool) -> None:
        super().__init__()
        self.first, self.further = FORMS[form]
        self.only_next, self.edition = only_next, ""

    def answer(self, path: str, headers: dict[str, str]) -> Answer:
        pages = {self.further.format(n) if n > 1 else self.first: n for n in (1, 2, 3)}
        if path in pages:
            return Answer(self.part(pages[path]).encode())
        if path == "/":
            items = [
                (self.first, "The long report"),
                *((f"/short-report-{n}/", f"A short report {n}") for n in range(5)),
            ]
            cards = "".join(
                f"<article><h2><a href='{url}'>{title}</a></h2><time>2024-05-01</time></article>"
                for url, title in items
            )
            return Answer(f"<title>Reports</title><h1>Reports</h1>{cards}".encode())
        if path.startswith("/short-report-"):
            return Answer(self.page(f"A short report {path[-2]}", paragraphs(20 + int(path[-2]))).encode())
        return Answer(b"", status=404)

    def page(self, title: str, texts: list[str], links: str = "", head: str = "") -> str:
        body = "".join(f"<p>{text}</p>" for text in texts)
        return f"<html><head><title>{title}</title>{head}</head><body><nav><a href='/'>Home</a></nav><article><h1>{title}</h1><time datetime='2024-05-01'>May 1, 2024</time>{body}{links}</article></body></html>"

    def part(self, number: int) -> str:
        def link(n: int) -> str:
            return self.further.format(n) if n > 1 else self.first

        following = f"<link rel='next' href='{link(number + 1)}'>" if number < 3 else ""
        numbers = "".join(f"<a href='{link(n)}'>{n}</a> " for n in (1, 2, 3) if n != number)
        links = "" if self.only_next else f"<div class='page-links'>Pages: {numbers}</div>"
        return self.page("The long report", paragraphs(number, self.edition if number == 3 else ""), links, following)


def posts(library: Path) -> dict[str, str]:
    exported = [json.loads(line) for line in blogdex("export", library=library).stdout.splitlines()]
    return {post["url"]: post["text"] for post in exported}


@pytest.mark.parametrize(("form", "only_next"), [("path", False), ("path", True), ("query", False), ("file", True)])
def test_a_split_post_is_one_article_however_it_is_fetched(form: str, only_next: bool, tmp_path: Path) -> None:
    library = tmp_path / "library"
    with SplitBlog(form, only_next) as blog:
        crawled = blogdex("crawl", blog.url + "/", "--delay", "0", library=library)
        assert crawled.returncode == 0, crawled.stderr
        first = posts(library)
        blog.edition = " This was mended later."
        blogdex("crawl", blog.url + "/", "--delay", "0", library=library)
        second = posts(library)
        address = blog.url + blog.first
    assert len(first) == 6
    whole = [text for part in (1, 2, 3) for text in paragraphs(part)]
    assert [line for line in first[address].split("\n\n") if line in whole] == whole
    assert set(second) == set(first)
    assert "mended later" in second[address]
    assert blogdex("rebuild", library=library).returncode == 0
    assert posts(library) == second


def test_a_split_post_that_is_imported_is_one_article(tmp_path: Path) -> None:
    blog = SplitBlog("path", only_next=False)
    for path in ("/long/", "/long/2/", "/long/3/", *(f"/short-report-{n}/" for n in range(5))):
        file = tmp_path / "saved" / path.strip("/") / "index.html"
        file.parent.mkdir(parents=True)
        file.write_bytes(blog.answer(path, {}).body)
    library = tmp_path / "library"
    done = blogdex("import", str(tmp_path / "saved"), "--base-url", "https://clinic.example/", library=library)
    assert done.returncode == 0, done.stderr
    found = posts(library)
    assert len(found) == 6
    text = next(text for url, text in found.items() if "long" in url)
    assert all(paragraph in text for part in (1, 2, 3) for paragraph in paragraphs(part))
