"""Invented blogs of trades that the request classifier was not trained on, audited by the command.

A post in `asking_blogs/*.txt` begins with `#`; a line that begins with `+` asks, `-` sends elsewhere, the others are the post's own.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from html import escape
from pathlib import Path

import pytest

from tests.commandline import blogdex

BLOGS = sorted((Path(__file__).parent / "asking_blogs").glob("*.txt"))
LEAST_F1, LEAST_PRECISION = 0.90, 0.85


@dataclass(frozen=True)
class Post:
    title: str
    paragraphs: tuple[str, ...]
    asks: bool


@dataclass(frozen=True)
class Blog:
    language: str
    name: str
    phone: str
    mail: str
    posts: tuple[Post, ...]


def read(file: Path) -> Blog:
    head, *parts = file.read_text(encoding="utf-8").split("\n# ")
    posts = []
    for part in parts:
        title, *lines = part.strip().split("\n")
        texts = tuple(line.removeprefix("+ ").removeprefix("- ") for line in lines)
        posts.append(Post(title, texts, any(line.startswith("+ ") for line in lines)))
    return Blog(*(word.strip() for word in head.split("|")), tuple(posts))


def save(blog: Blog, folder: Path) -> None:
    folder.mkdir()
    for number, post in enumerate(blog.posts):
        texts = "".join(f"<p>{escape(text)}</p>" for text in post.paragraphs)
        (folder / f"post-{number}.html").write_text(
            f'<!doctype html><html lang="{blog.language}"><head><meta charset="utf-8"><title>{escape(post.title)}</title>'
            f'<meta property="og:site_name" content="{escape(blog.name)}"></head><body><header><a href="/">{escape(blog.name)}</a>'
            f'<nav><a href="/blog/">Blog</a> <a href="/about/">{escape(blog.name)}</a></nav></header><main><article>'
            f'<h1>{escape(post.title)}</h1><time datetime="20{20 + number % 5}-0{1 + number % 9}-05">x</time>{texts}'
            f"</article></main><footer><p>{escape(blog.name)} · {blog.phone} · {blog.mail}</p></footer></body></html>",
            encoding="utf-8",
        )


def reported(blog: Blog, tmp_path: Path) -> set[int]:
    """Return the posts that the audit says ask for nothing."""
    save(blog, tmp_path / "pages")
    library = tmp_path / "lib"
    done = blogdex("import", str(tmp_path / "pages"), "--base-url", "https://blog.example/blog/", library=library)
    assert done.returncode == 0, done.stderr
    found = json.loads(blogdex("audit", "cta", "--json", library=library).stdout)
    return {int(row["post"].rstrip("/").rsplit("-", 1)[1].removesuffix(".html")) for row in found["missing_cta"]}


@pytest.mark.parametrize("file", BLOGS, ids=[file.stem for file in BLOGS])
def test_the_posts_that_ask_for_nothing_are_told(file, tmp_path):
    blog = read(file)
    bare = {number for number, post in enumerate(blog.posts) if not post.asks}
    told = reported(blog, tmp_path)
    right = len(bare & told)
    f1, precision = 2 * right / (len(bare) + len(told)), right / max(len(told), 1)
    wrong = [blog.posts[number].title for number in sorted(bare ^ told)]
    assert (f1 >= LEAST_F1, precision >= LEAST_PRECISION) == (True, True), f"{f1:.2f} {precision:.2f} {wrong}"
