"""Write what was kept of articles as HTML that needs nothing else."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final, TextIO

from indexer.present.export.nesting import Branch, Leaf, nested

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from indexer.store.rows import StoredArticle

STYLE: Final = """
body{max-width:42rem;margin:2rem auto;padding:0 1rem;font:1.05rem/1.6 Georgia,serif;color:#222;background:#fff}
h1,h2,h3,h4,h5,h6{font-family:system-ui,sans-serif;line-height:1.25}
.facts{color:#666;font:.9rem system-ui,sans-serif}a{color:#0b5394}pre{overflow:auto;background:#f5f5f5;padding:.8rem}
nav ol{list-style:none;padding:0;font:.95rem/1.7 system-ui,sans-serif}nav time{color:#666;margin-right:.6rem}
article{border-top:1px solid #ccc;margin-top:3rem;padding-top:1rem}.gone{color:#a33}
table{border-collapse:collapse}th,td{border:1px solid #ccc;padding:.3rem .6rem;text-align:left;vertical-align:top}
.image{color:#666;font-style:italic}.image::before{content:'▣ '}
.flagged{border-left:3px solid #d9a400;padding-left:.8rem}
@media print{article{break-before:page;border:0}nav{break-after:page}a{color:inherit}}
"""
_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'"
_IN_MEMORY: Final = 16 * 1024 * 1024
"""Bytes of an export that wait in memory before they wait in a file; chosen."""
_HOLDS_TEXT: Final = ("li", "dt", "dd", "td", "th", "caption", "figcaption")


def html_document(article: StoredArticle) -> str:
    """Return a page with the kept text of one article. Nothing in it runs or is loaded from elsewhere."""
    title = article.metadata.title or article.url
    return "".join((document_start(title, article.metadata.language), article_html(article), document_end()))


def write_html(articles: Iterable[StoredArticle], stream: TextIO) -> int:
    """Write one page with a list of contents and every article, and return how many; nothing else is needed to read it.

    The articles are taken one at a time; their HTML waits in a temporary file until the list is known.
    """
    import shutil
    import tempfile

    contents: list[str] = []
    with tempfile.SpooledTemporaryFile(_IN_MEMORY, "w+", encoding="utf-8", newline="") as waiting:
        for article in articles:
            contents.append(_entry(article))
            waiting.write(article_html(article))
        stream.write(document_start(f"Archive: {len(contents)} posts"))
        stream.write("<nav>\n<h1>Contents</h1>\n<ol>\n")
        stream.writelines(contents)
        stream.write("</ol>\n</nav>\n")
        waiting.seek(0)
        shutil.copyfileobj(waiting, stream)
    stream.write(document_end())
    return len(contents)


def document_start(title: str, language: str | None = None) -> str:
    """Return the beginning of a page, up to its body's content."""
    lang = f' lang="{escape(language)}"' if language else ""
    return (
        f'<!doctype html>\n<html{lang}>\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="generator" content="blogdex">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{_text(title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
    )


def document_end() -> str:
    """Return the end of a page."""
    return "</body>\n</html>\n"


def article_html(article: StoredArticle) -> str:
    """Return an article as an `<article>` element with the id `post-N`."""
    title = _text(article.metadata.title or article.url)
    return "".join(
        (
            f'<article id="post-{article.id}">\n<h1>{title}</h1>\n',
            f'<p class="facts">{_facts(article)}</p>\n',
            blocks_html(article),
            "</article>\n",
        )
    )


def blocks_html(article: StoredArticle) -> str:
    """Return the kept blocks of an article in the lists, quotations and tables they stand in."""
    return "".join(_nested(nested(article)))


def safe_href(url: str) -> str | None:
    """Return an address that may stand in a link; `None` for what is none of the web's."""
    return url if url.startswith(("http://", "https://")) else None


def _entry(article: StoredArticle) -> str:
    published = article.metadata.published
    day = f"<time>{published.isoformat()}</time>" if published else ""
    title = _text(article.metadata.title or article.url)
    return f'<li>{day}<a href="#post-{article.id}">{title}</a></li>\n'


def _facts(article: StoredArticle) -> str:
    metadata = article.metadata
    facts = [metadata.published.isoformat() if metadata.published else "", metadata.author or ""]
    facts += [", ".join(metadata.categories or article.topics)]
    shown = [_text(fact) for fact in facts if fact]
    if href := safe_href(article.url):
        shown.append(f'<a href="{escape(href)}">{_text(href)}</a>')
    if article.gone:
        shown.append('<span class="gone">no longer on the site</span>')
    return " · ".join(shown)


def _nested(branch: Branch) -> Iterator[str]:
    for each in branch.inside:
        yield from _leaf(each) if isinstance(each, Leaf) else _element(each)


def _element(branch: Branch) -> Iterator[str]:
    if branch.name == "pre":
        yield from (_tag("pre", leaf, _text(leaf.block.text)) for leaf in branch.inside if isinstance(leaf, Leaf))
        return
    only = branch.only_leaf() if branch.name in _HOLDS_TEXT else None
    yield _blank_cells(branch) + f"<{branch.name}{_spans(branch)}{_flag(only)}>" + ("" if only else "\n")
    if only:
        yield _html(only)
        branch = Branch(branch.element, branch.inside[1:])
        yield "\n" if branch.inside else ""
    yield from _nested(branch)
    yield f"</{branch.name}>\n"


def _leaf(leaf: Leaf) -> Iterator[str]:
    yield from (f'<p class="image">{_text(text)}</p>\n' for text in leaf.rich.images)
    name = f"h{leaf.block.heading}" if leaf.block.heading else "p"
    yield _tag(name, leaf, _html(leaf))


def _tag(name: str, leaf: Leaf, html: str) -> str:
    return f"<{name}{_flag(leaf)}>{html}</{name}>\n"


def _html(leaf: Leaf) -> str:
    return leaf.rich.html or _text(leaf.block.text).replace("\n", "<br>\n")


def _flag(leaf: Leaf | None) -> str:
    return ' class="flagged"' if leaf is not None and leaf.is_flagged else ""


def _spans(branch: Branch) -> str:
    element = branch.element
    if element is None:
        return ""
    spans = (("colspan", element.columns), ("rowspan", element.rows))
    return "".join(f' {name}="{size}"' for name, size in spans if size > 1)


def _blank_cells(branch: Branch) -> str:
    return "<td></td>" * branch.element.blank if branch.element else ""


def _text(text: str) -> str:
    return escape(text, quote=False)
