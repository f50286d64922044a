"""Label a page's blocks as content or not from a gold text, and make variants of a page that the split has few of."""

from __future__ import annotations

import html
import random
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scraper.blocks import Outline, outline
from scraper.extraction.features import PageFeatures, features
from scraper.markup import parse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lxml.html import HtmlElement

TOKEN = re.compile(r"\w+")
ADDED = "data-added"
"""Attribute of what a variant adds to the article itself, or makes of its paragraphs."""

CODE_FROM = 0x4E00
"""First character of the script without spaces that the `dense` variant is written in."""


@dataclass
class Sample:
    """One page or variant: a row of signals and a label for each block."""

    page: str
    domain: str
    variant: str
    is_blog: bool
    outline: Outline
    rows: list[list[float]]
    labels: list[float]
    gold: str


def labels_of(texts: list[str], gold: str) -> list[float]:
    """Return 1 for the blocks that stand in the gold text, in its order.

    A block of five words or more needs half of its word 3-grams there; a shorter one its exact run of words at the place
    where its longer neighbours stand.
    """
    words = TOKEN.findall(gold.lower())
    grams: dict[tuple[str, ...], int] = {}
    places: dict[str, list[int]] = {}
    for at, word in enumerate(words):
        places.setdefault(word, []).append(at)
        grams.setdefault(tuple(words[at : at + 3]), at)
    tokens = [TOKEN.findall(text.lower()) for text in texts]
    labels = [0.0] * len(texts)
    found: dict[int, int] = {}
    for block, run in enumerate(tokens):
        if len(run) >= 5:
            own = [tuple(run[at : at + 3]) for at in range(len(run) - 2)]
            hits = [gram for gram in own if gram in grams]
            if 2 * len(hits) >= len(own):
                labels[block] = 1.0
                found[block] = grams[hits[0]]
    for block, run in enumerate(tokens):
        if 0 < len(run) < 5 and _is_in_place(block, run, words, places, tokens, found):
            labels[block] = 1.0
    return labels


def _is_in_place(
    block: int,
    run: list[str],
    words: list[str],
    places: dict[str, list[int]],
    tokens: list[list[str]],
    found: dict[int, int],
) -> bool:
    """Return whether a short run stands in the gold between the places of the longer blocks around it."""
    at = [place for place in places.get(run[0], ()) if words[place : place + len(run)] == run]
    if not at:
        return False
    before = next((b for b in range(block - 1, max(-1, block - 25), -1) if b in found), None)
    after = next((b for b in range(block + 1, block + 25) if b in found), None)
    if before is None and after is None:
        return not found
    low = found[before] + len(tokens[before]) - 8 if before is not None else found[after or 0] - 60
    high = found[after] + 8 if after is not None else found[before or 0] + len(tokens[before or 0]) + 60
    return any(low <= place <= high for place in at)


def sample_of(tree: HtmlElement, known: dict[str, object], variant: str, labels: list[float] | None) -> Sample:
    """Return the rows of a tree; labels are made from the gold text where none are given."""
    page = outline(tree)
    gold = str(known["text"])
    made = labels_of(page.texts, gold) if labels is None else labels
    rows = list(features(PageFeatures(page, tree))) if page.texts else []
    page.elements = []
    return Sample(str(known["id"]), str(known["domain"]), variant, bool(known["blog"]), page, rows, made, gold)


def samples_of(body: bytes, known: dict[str, object], foreign: list[str], count: int) -> Iterator[Sample]:
    """Yield the page itself and `count` of its variants, drawn by the page's id.

    `foreign` are sentences of other pages, of which comments, teasers and boxes are made.
    """
    original = sample_of(parse(body), known, "", None)
    if not any(original.labels):
        return
    yield original
    draw = random.Random(str(known["id"]))
    for number in range(1, count + 1):
        yield from _variant(body, known, original, foreign, draw, number)


def _variant(
    body: bytes, known: dict[str, object], original: Sample, foreign: list[str], draw: random.Random, number: int
) -> Iterator[Sample]:
    """Yield the page after a few changes, unless none of them could be made."""
    tree = parse(body)
    by_text = dict(zip(original.outline.texts, original.labels, strict=True))
    done = []
    for name, odds in _CHANGES:
        if draw.random() < odds:
            page = outline(tree)
            if _MAKERS[name](tree, page, _labels(page, by_text), foreign, draw):
                done.append(name)
    changed = outline(tree)
    labels = _labels(changed, by_text)
    if not done or not any(labels):
        return
    if script := draw.choices((None, _dense, _caseless), (6, 2, 2))[0]:
        _rewrite(tree, script)
        done.append("script")
        if len(outline(tree).texts) != len(labels):
            return
    sample = sample_of(tree, known, f"{number}:{'+'.join(done)}", labels)
    sample.gold = "\n\n".join(text for text, label in zip(sample.outline.texts, labels, strict=True) if label)
    yield sample


def _labels(page: Outline, by_text: dict[str, float]) -> list[float]:
    """Return the labels of a changed page: those of the page itself by their text, and what was added to the article."""
    return [1.0 if _is_added(page, block) else by_text.get(text, 0.0) for block, text in enumerate(page.texts)]


def _is_added(page: Outline, block: int) -> bool:
    element = page.owner[block]
    while element >= 0:
        if page.elements[element].get(ADDED) is not None:
            return True
        element = page.parent[element]
    return False


def _short(tree: HtmlElement, page: Outline, labels: list[float], foreign: list[str], draw: random.Random) -> bool:
    """Leave one to five of the content blocks."""
    content = [block for block, label in enumerate(labels) if label and page.words[block] >= 8]
    if len(content) < 6:
        return False
    left = draw.randint(1, 5)
    start = draw.randrange(len(content) - left)
    spared = {page.owner[block] for block in content[start : start + left]}
    for block, label in enumerate(labels):
        owner = page.owner[block]
        if label and owner not in spared and page.last[owner] - page.first[owner] == 1:
            element = page.elements[owner]
            above = element.getparent()
            if above is not None and element.tag not in ("td", "th", "body"):
                element.drop_tree()
    return True


def _unnamed(tree: HtmlElement, page: Outline, labels: list[float], foreign: list[str], draw: random.Random) -> bool:
    """Replace every class and id by a token that says nothing, as style compilers do."""
    names: dict[str, str] = {}
    for element in tree.iter():
        for attribute in ("class", "id"):
            if value := element.get(attribute):
                name = names.setdefault(value, f"x{draw.randrange(16**6):06x}")
                element.set(attribute, name)
        for attribute in ("itemprop", "itemtype", "role"):
            if attribute in element.attrib:
                del element.attrib[attribute]
    return True


def _comments(tree: HtmlElement, page: Outline, labels: list[float], foreign: list[str], draw: random.Random) -> bool:
    """Put readers' comments after the article: three to forty, in one of several shapes, more or less plainly named."""
    content = [block for block, label in enumerate(labels) if label]
    if len(content) < 2:
        return False
    anchor = _anchor(page, content, draw)
    outer, item, name, date, text = draw.choice(_COMMENT_SHAPES)
    pieces = [f"<{outer[0]} {outer[1]}><h3>{draw.randint(2, 60)} {draw.choice(foreign).split()[0]}</h3>"]
    for _ in range(draw.choice((3, 6, 12, 25, 40))):
        body = "".join(
            f"<p>{' '.join(draw.sample(foreign, draw.randint(1, 4)))}</p>" for _ in range(draw.choice((1, 1, 2, 3)))
        )
        who = " ".join(draw.choice(foreign).split()[:2])
        when = f"{draw.randint(1, 28)}.{draw.randint(1, 12)}.20{draw.randint(10, 25)}"
        pieces.append(
            f"<{item[0]} {item[1]}><{name[0]} {name[1]}>{who}</{name[0]}><{date[0]} {date[1]}>{when}</{date[0]}>"
            f"<{text[0]} {text[1]}>{body}</{text[0]}><a href='#r'>{draw.choice(foreign).split()[0]}</a></{item[0]}>"
        )
    pieces.append(f"</{outer[0]}>")
    _insert_after(anchor, "".join(pieces))
    return True


def _anchor(page: Outline, content: list[int], draw: random.Random) -> HtmlElement:
    """Return the element that holds all the content, or one of those above it."""
    element = page.owner[content[-1]]
    while page.parent[element] > 0 and page.first[element] > content[0]:
        element = page.parent[element]
    for _ in range(draw.randrange(3)):
        if page.parent[element] > 0:
            element = page.parent[element]
    return page.elements[element]


def _insert_after(anchor: HtmlElement, markup: str) -> None:
    """Put markup behind an element; at the end of the body where there is no place behind it."""
    added = parse(markup).find("body")
    above = anchor.getparent()
    for place, child in enumerate(list(added if added is not None else ())):
        if anchor.tag == "body" or above is None:
            anchor.append(child)
        else:
            above.insert(above.index(anchor) + 1 + place, child)


def _frame(tree: HtmlElement, page: Outline, labels: list[float], foreign: list[str], draw: random.Random) -> bool:
    """Put boxes around or into the end of the article: teasers, an author, a newsletter, sharing, consent."""
    content = [block for block, label in enumerate(labels) if label]
    if len(content) < 2:
        return False
    kinds = draw.sample(tuple(_BOXES), draw.randint(1, 3))
    for kind in kinds:
        markup = _BOXES[kind](foreign, draw)
        if draw.random() < 0.35 and kind != "consent":
            last = page.elements[page.owner[content[-1]]]
            if last.getparent() is not None and last.tag not in ("td", "th", "li", "body"):
                _insert_after(last, markup)
                continue
        _insert_after(_anchor(page, content, draw), markup)
    return True


def _rich(tree: HtmlElement, page: Outline, labels: list[float], foreign: list[str], draw: random.Random) -> bool:
    """Put a list, a table, a quote or a short closing paragraph of the article's own behind one of its blocks."""
    content = [
        block
        for block, label in enumerate(labels)
        if label and page.tags[page.owner[block]] in ("p", "h2", "h3", "h4", "ul", "ol", "pre", "blockquote")
    ]
    if not content:
        return False
    for _ in range(draw.randint(1, 3)):
        block = draw.choice((content[-1], draw.choice(content)))
        place = page.elements[page.owner[block]]
        if place.getparent() is not None:
            _insert_after(place, draw.choice(_RICH)(foreign, draw).replace(">", f" {ADDED}>", 1))
    return True


def _thin(tree: HtmlElement, page: Outline, labels: list[float], foreign: list[str], draw: random.Random) -> bool:
    """Make most paragraphs of the article pictures with captions, items of lists, or code."""
    kind = draw.choice((_picture, _picture, _item, _code))
    content = [
        page.elements[page.owner[block]]
        for block, label in enumerate(labels)
        if label and page.tags[page.owner[block]] == "p" and not page.elements[page.owner[block]].findall(".//*")
    ]
    if len(content) < 4:
        return False
    share = draw.choice((0.6, 0.8, 1.0))
    for element in content:
        if element.getparent() is not None and draw.random() < share:
            words = (element.text or "").split()
            made = parse(kind(words, draw).replace(">", f" {ADDED}>", 1)).find("body")
            if made is not None and len(made) and words:
                made[0].tail = element.tail
                element.getparent().replace(element, made[0])
    return True


def _picture(words: list[str], draw: random.Random) -> str:
    text = " ".join(words[: draw.choice((3, 6, 10))])
    shape = draw.choice(
        ("<figure><img src='/p.jpg'><figcaption>{}</figcaption></figure>", "<div><img src='/p.jpg'><p>{}</p></div>")
    )
    return shape.format(html.escape(text))


def _item(words: list[str], draw: random.Random) -> str:
    size = draw.choice((2, 4, 8))
    items = [words[at : at + size] for at in range(0, min(len(words), 6 * size), size)]
    return "<ul>" + "".join(f"<li>{html.escape(' '.join(item))}</li>" for item in items) + "</ul>"


def _code(words: list[str], draw: random.Random) -> str:
    lines = [f"{'_'.join(words[at : at + 2])}({', '.join(words[at + 2 : at + 4])});" for at in range(0, len(words), 4)]
    return f"<pre><code>{html.escape(chr(10).join(lines[: draw.choice((2, 5, 12))]))}</code></pre>"


def _items(foreign: list[str], draw: random.Random) -> str:
    tag = draw.choice(("ul", "ol"))
    most = draw.choice((2, 4, 12))
    return f"<{tag}>{''.join(f'<li>{_words(foreign, draw, most)}</li>' for _ in range(draw.randint(2, 9)))}</{tag}>"


def _rows(foreign: list[str], draw: random.Random) -> str:
    columns = draw.randint(2, 4)
    cells = [
        "".join(
            f"<td>{draw.randint(1, 900) if draw.random() < 0.4 else _words(foreign, draw, 5)}</td>"
            for _ in range(columns)
        )
        for _ in range(draw.randint(2, 7))
    ]
    head = "".join(f"<th>{_words(foreign, draw, 2)}</th>" for _ in range(columns))
    return f"<table><tr>{head}</tr>" + "".join(f"<tr>{row}</tr>" for row in cells) + "</table>"


def _closing(foreign: list[str], draw: random.Random) -> str:
    return f"<p>{_words(foreign, draw, 12)}{draw.choice('.!?:.')}</p>"


def _quote(foreign: list[str], draw: random.Random) -> str:
    return f"<blockquote>{draw.choice(foreign)}</blockquote>"


_RICH = (_items, _items, _rows, _closing, _closing, _quote)


def _words(foreign: list[str], draw: random.Random, most: int) -> str:
    return " ".join(draw.choice(foreign).rstrip(".").split()[: draw.randint(1, most)])


def _names(draw: random.Random, *names: str) -> str:
    """Return a class attribute with one of the names, or with a token that says nothing."""
    return f'class="{draw.choice((*names, f"x{draw.randrange(16**5):05x}"))}"'


def _teasers(foreign: list[str], draw: random.Random) -> str:
    item, head = draw.choice((("article", "h3"), ("div", "h4"), ("li", "h3"), ("div", "div"), ("div", "h2")))
    outer = _names(draw, "related", "more-stories", "cards", "post-grid", "read-next", "section")
    card = _names(draw, "card", "teaser", "post", "item")
    text = draw.random() < 0.6
    date = draw.random() < 0.4
    cards = "".join(
        f"<{item} {card}><{head}><a href='/{n}'>{_words(foreign, draw, 12)}</a></{head}>"
        + (f"<p>{' '.join(draw.sample(foreign, draw.randint(1, 2)))}</p>" if text else "")
        + (f"<span>{draw.randint(1, 28)}.{draw.randint(1, 12)}.2024</span>" if date else "")
        + f"</{item}>"
        for n in range(draw.choice((2, 3, 3, 4, 6, 9)))
    )
    return f"<section {outer}><h2>{_words(foreign, draw, 4)}</h2>{cards}</section>"


def _author(foreign: list[str], draw: random.Random) -> str:
    outer = _names(draw, "author-box", "about-author", "bio", "post-author", "profile")
    name = f"<h4>{_words(foreign, draw, 3)}</h4>" if draw.random() < 0.7 else ""
    links = "".join(f"<a href='/s{n}'>{_words(foreign, draw, 1)}</a> " for n in range(draw.randint(0, 4)))
    return (
        f"<div {outer}><img src='/a.jpg'>{name}<p>{' '.join(draw.sample(foreign, draw.randint(1, 3)))}</p>{links}</div>"
    )


def _newsletter(foreign: list[str], draw: random.Random) -> str:
    outer = _names(draw, "newsletter", "subscribe-box", "signup", "cta-block", "form-wrap")
    button = draw.choice(("button", "a href='#'"))
    return (
        f"<div {outer}><h3>{_words(foreign, draw, 5)}</h3><p>{draw.choice(foreign)}</p><form><input type='email'>"
        f"<{button}>{_words(foreign, draw, 2)}</{button.split()[0]}></form><p>{_words(foreign, draw, 9)}</p></div>"
    )


def _share(foreign: list[str], draw: random.Random) -> str:
    links = "".join(f"<li><a href='/s{n}'>{_words(foreign, draw, 2)}</a></li>" for n in range(draw.randint(2, 7)))
    return f"<div {_names(draw, 'share', 'social-icons', 'sharing', 'tags')}><ul>{links}</ul></div>"


def _consent(foreign: list[str], draw: random.Random) -> str:
    texts = "".join(f"<p>{' '.join(draw.sample(foreign, draw.randint(1, 4)))}</p>" for _ in range(draw.randint(1, 3)))
    return f"<div {_names(draw, 'cookie-notice', 'modal', 'gdpr', 'banner')}>{texts}<button>{_words(foreign, draw, 2)}</button></div>"


_BOXES = {
    "teasers": _teasers,
    "author": _author,
    "newsletter": _newsletter,
    "share": _share,
    "consent": _consent,
}

_COMMENT_SHAPES = (
    (
        ("div", "id='comments' class='comments-area'"),
        ("li", "class='comment'"),
        ("cite", "class='fn'"),
        ("time", ""),
        ("div", "class='comment-content'"),
    ),
    (
        ("section", "class='discussion'"),
        ("article", "class='reply'"),
        ("b", ""),
        ("span", "class='date'"),
        ("div", "class='text'"),
    ),
    (("div", "class='x91'"), ("div", "class='x92'"), ("div", "class='x93'"), ("div", ""), ("div", "class='x95'")),
    (("ol", "class='responses'"), ("li", ""), ("strong", ""), ("small", ""), ("div", "")),
    (
        ("div", "class='post-replies'"),
        ("div", "class='entry'"),
        ("a", "href='/u'"),
        ("a", "href='#c'"),
        ("div", "class='entry-body'"),
    ),
)


def _dense(text: str) -> str:
    """Write a text in a script without spaces: two characters a word, with that script's punctuation."""
    pieces = []
    for word in text.split():
        core = word.strip(".,;:!?\"'()")
        if core and not core.isdigit():
            seed = _number(core.lower())
            pieces.append("".join(chr(CODE_FROM + (seed >> shift) % 6000) for shift in (0, 7)))
        else:
            pieces.append(core)
        pieces.append("".join(_DENSE_SIGNS.get(sign, "") for sign in word[len(word.rstrip(".,;:!?")) :]))
    return (" " if text[:1].isspace() else "") + "".join(pieces) + (" " if text[-1:].isspace() else "")


_DENSE_SIGNS = {".": "。", ",": "，", ";": "；", ":": "：", "!": "！", "?": "？"}


def _number(word: str) -> int:
    """Return the same number for the same word in every run."""
    total = 0
    for character in word:
        total = (total * 131 + ord(character)) % (1 << 30)
    return total


def _caseless(text: str) -> str:
    """Write a text in a script that has words and no capitals."""
    return "".join(
        chr(0x05D0 + (ord(sign.lower()) - 97) % 26) if sign.isalpha() and sign.isascii() else sign for sign in text
    ).replace("?", "؟")


def _rewrite(tree: HtmlElement, change: Callable[[str], str]) -> None:
    for element in tree.iter():
        if element.text and element.tag not in ("script", "style"):
            element.text = change(element.text)
        if element.tail:
            element.tail = change(element.tail)


_MAKERS = {
    "short": _short,
    "thin": _thin,
    "rich": _rich,
    "frame": _frame,
    "comments": _comments,
    "unnamed": _unnamed,
}
_CHANGES = (("short", 0.5), ("thin", 0.2), ("rich", 0.3), ("frame", 0.6), ("comments", 0.4), ("unnamed", 0.3))
