from __future__ import annotations

import html
import json
import time

import pytest

from scraper.embedded.reveal import Told, reveal
from scraper.extract import extract_article
from scraper.markup import parse
from scraper.metadata import Metadata

TITLE = "How the chairs by the window were chosen"
URL = "https://clinic.example/blog/chairs-by-the-window/"
PARTS = [
    "The first chair was too low for anybody who came with a bad knee, so it went back after nine days.",
    "The second one stood well, yet its cloth could not be washed, and a room for guests needs cloth that can.",
    "We asked eleven people to sit for an hour each, and wrote down when they began to move about.",
    "In the end the plainest chair won, by a margin that nobody had expected from the drawings.",
]
HEADING = "What eleven people told us"
OTHER = "A lamp is another matter: it has to light a page and leave the face in peace, which few lamps do at all."
FRAME = "<nav><a href='/'>Home</a><a href='/about/'>About</a></nav><footer>Tamarack Rooms, 4 Mill Lane</footer>"


def shell(data: str, head: str = "", body: str = "") -> str:
    return (
        f"<html><head><title>{TITLE} | Tamarack Rooms</title>{head}</head>"
        f"<body><div id='app'></div>{body}{FRAME}{data}</body></html>"
    )


def script(value: object, kind: str = "application/json") -> str:
    text = json.dumps(value).replace("</", "<\\/")
    return f"<script type='{kind}'>{text}</script>"


def marked() -> str:
    first, second, *rest = PARTS
    return f"<p>{first}</p><p>{second}</p><h2>{HEADING}</h2>" + "".join(f"<p>{part}</p>" for part in rest)


def post(**fields: object) -> dict[str, object]:
    return {"title": TITLE, "slug": "chairs-by-the-window", "date": "2024-03-05", **fields}


def other(**fields: object) -> dict[str, object]:
    return {"title": "How the lamps were chosen", "slug": "lamps", **fields}


def prismic() -> list[dict[str, object]]:
    return [{"type": "heading2" if part == HEADING else "paragraph", "text": part, "spans": []} for part in texts()]


def texts() -> list[str]:
    return [*PARTS[:2], HEADING, *PARTS[2:]]


def cut(text: str) -> list[str]:
    """Cut a text into three spans, as an editor does where a word is bold."""
    words = text.split()
    return [" ".join(words[:4]) + " ", words[4], " " + " ".join(words[5:])] if len(words) > 5 else [text]


def tree(kind: str, children: str, text: str, heading: dict[str, object], block: dict[str, object]) -> list[object]:
    """Return the text as blocks of spans, in the form of one of the editors."""
    return [
        {**(heading if part == HEADING else block), children: [{kind: "text", text: span} for span in cut(part)]}
        for part in texts()
    ]


CONTENTFUL = {
    "nodeType": "document",
    "content": tree("nodeType", "content", "value", {"nodeType": "heading-2"}, {"nodeType": "paragraph"}),
}
PORTABLE = [
    {"_type": "block", "style": "h2" if part == HEADING else "normal", "markDefs": [],
     "children": [{"_type": "span", "_key": "k1", "marks": [], "text": span} for span in cut(part)]}
    for part in texts()
]  # fmt: skip
PROSEMIRROR = {
    "type": "doc",
    "content": tree("type", "content", "text", {"type": "heading", "attrs": {"level": 2}}, {"type": "paragraph"}),
}
LEXICAL = {
    "root": {
        "type": "root",
        "children": tree("type", "children", "text", {"type": "heading", "tag": "h2"}, {"type": "paragraph"}),
    }
}
SLATE = [
    {"type": "h2" if part == HEADING else "p", "children": [{"text": span} for span in cut(part)]} for part in texts()
]
DAST = {
    "schema": "dast",
    "document": {"type": "root", "children": [
        {"type": "heading" if part == HEADING else "paragraph", "level": 2, "children": [{"type": "span", "value": span} for span in cut(part)]}
        for part in texts()
    ]},
}  # fmt: skip
DRAFT = {
    "blocks": [
        {"key": "a1", "type": "header-two" if part == HEADING else "unstyled", "text": part, "inlineStyleRanges": []}
        for part in texts()
    ],
    "entityMap": {},
}
EDITORJS = {
    "time": 1,
    "blocks": [
        {"id": "x", "type": "header", "data": {"text": part, "level": 2}}
        if part == HEADING
        else {"id": "y", "type": "paragraph", "data": {"text": part.replace("The ", "<b>The</b> ")}}
        for part in texts()
    ],
}
RICOS = {
    "nodes": [
        {"type": "HEADING" if part == HEADING else "PARAGRAPH", "id": "n", "headingData": {"level": 2},
         "nodes": [{"type": "TEXT", "id": "", "nodes": [], "textData": {"text": span, "decorations": []}} for span in cut(part)]}
        for part in texts()
    ]
}  # fmt: skip
HAST = {
    "type": "root",
    "children": [
        {
            "type": "element",
            "tag": "h2" if part == HEADING else "p",
            "props": {},
            "children": [{"type": "text", "value": part}],
        }
        for part in texts()
    ],
}
MINIMARK = {"type": "minimark", "value": [["h2" if part == HEADING else "p", {}, part] for part in texts()]}
GUTENBERG = [
    {"blockName": "core/heading" if part == HEADING else "core/paragraph",
     "attrs": {}, "innerBlocks": [], "innerHTML": f"<h2>{part}</h2>" if part == HEADING else f"<p>{part}</p>"}
    for part in texts()
]  # fmt: skip
SECTIONS = [
    {"__component": "text-block", "id": 1, "richText": f"<p>{PARTS[0]}</p><p>{PARTS[1]}</p>"},
    {"__component": "text-block", "id": 2, "heading": HEADING, "richText": f"<p>{PARTS[2]}</p>"},
    {"__component": "quote-block", "id": 3, "richText": f"<p>{PARTS[3]}</p>"},
]
MARKDOWN = f"{PARTS[0]}\n\n{PARTS[1]}\n\n## {HEADING}\n\n{PARTS[2]}\n\n{PARTS[3]}\n"

BODIES = {
    "html": marked(),
    "escaped": html.escape(marked()),
    "markdown": MARKDOWN,
    "lines": "\n\n".join(texts()),
    "contentful": CONTENTFUL,
    "portable text": PORTABLE,
    "prosemirror": PROSEMIRROR,
    "lexical": LEXICAL,
    "lexical as text": json.dumps(LEXICAL),
    "slate": SLATE,
    "dast": DAST,
    "draft.js": DRAFT,
    "editor.js": EDITORJS,
    "ricos": RICOS,
    "hast": HAST,
    "minimark": MINIMARK,
    "prismic": prismic(),
    "gutenberg": GUTENBERG,
    "sections": SECTIONS,
}


def read(source: str, url: str = URL) -> list[str]:
    return [block.text for block in extract_article(source, url).blocks if block.kept]


@pytest.mark.parametrize("body", BODIES)
def test_rich_text_of_every_kind_is_read_from_the_state(body: str) -> None:
    fields = {"content": BODIES[body], "excerpt": PARTS[0], "author": {"name": "Ines Okafor", "bio": OTHER}}
    lamps = other(content=f"<p>{OTHER}</p>" * 9)
    state = {"props": {"pageProps": {"post": post(**fields), "morePosts": [lamps, lamps]}}, "page": "/blog/[slug]"}
    assert read(shell(script(state))) == texts()


def nuxt() -> str:
    return (
        '<script>window.__NUXT__=(function(a,b,c){return {layout:"default",data:[{article:{title:c,slug:"chairs-by-'
        f'the-window",body:{json.dumps(marked())},draft:a,tags:[b,b]}}}}],error:null}}}}(false,"rooms",{json.dumps(TITLE)}));</script>'
    )


def devalue() -> str:
    flat = [
        ["ShallowReactive", 1], {"data": 2, "state": 8}, ["ShallowReactive", 3], {"post-x": 4},
        {"title": 5, "slug": 6, "body": 7}, TITLE, "chairs-by-the-window", marked(), {},
    ]  # fmt: skip
    return script(flat)


def turbo_stream() -> str:
    flat = [{"_1": 2}, "loaderData", {"_3": 4}, "routes/post", {"_5": 6, "_7": 8, "_9": 10}, "title", TITLE, "slug",
            "chairs-by-the-window", "body", marked()]  # fmt: skip
    return f"<script>window.__remixContext.streamController.enqueue({json.dumps(json.dumps(flat))});</script>"


def flight() -> str:
    text = marked()
    rows = (
        '0:["$","html",null,{"children":["$","body",null,{"children":[["$","nav",null,{"children":"Home"}],"$L1"]}]}]\n'
        f"2:T{len(text.encode()):x},{text}"
        '1:["$","article",null,{"dangerouslySetInnerHTML":{"__html":"$2"}}]\n'
    )
    cut_at = len(rows) // 2
    pieces = [json.dumps([1, piece]) for piece in (rows[:cut_at], rows[cut_at:])]
    return "".join(f"<script>self.__next_f.push({piece})</script>" for piece in pieces)


def flight_of_elements() -> str:
    children = [["$", "h2" if part == HEADING else "p", None, {"children": part}] for part in texts()]
    row = "0:" + json.dumps(["$", "main", None, {"children": children}]) + "\n"
    return f"<script>self.__next_f.push({json.dumps([1, row])})</script>"


def astro() -> str:
    props = {
        "post": [
            0,
            {
                "title": [0, TITLE],
                "slug": [0, "chairs-by-the-window"],
                "body": [0, marked()],
                "tags": [1, [[0, "rooms"]]],
            },
        ]
    }
    return f'<astro-island client="only" props="{html.escape(json.dumps(props))}"></astro-island>'


CARRIERS = {
    "json-ld": script({"@context": "https://schema.org", "@graph": [{"@type": "WebSite", "name": "Tamarack Rooms"}, {
        "@type": "BlogPosting", "headline": TITLE, "description": PARTS[0], "articleBody": "\n\n".join(texts())}]}, "application/ld+json"),
    "json-ld of another title": script({"@type": "NewsArticle", "headline": "Chairs", "articleBody": "\n".join(texts())}, "application/ld+json"),
    "assigned": f"<script>window.__INITIAL_STATE__ = {json.dumps({'post': post(body=marked())})};\nmount();</script>",
    "parsed": f"<script>window.__STATE__ = JSON.parse({json.dumps(json.dumps({'post': post(body=marked())}))});</script>",
    "apollo": f"<script>window.__APOLLO_STATE__={json.dumps({'ROOT_QUERY': {'post': {'__ref': 'Post:1'}}, 'Post:1': post(content=marked())})}</script>",
    "svelte": f"<script>kit.start(app, el, {{ node_ids: [0, 2], data: [null,{{type:\"data\",data:{{post:{{title:{json.dumps(TITLE)},slug:'chairs-by-the-window',html:{json.dumps(marked())}}}}},uses:{{}}}}] }});</script>",
    "svelte fetched": f"<script type='application/json' data-sveltekit-fetched data-url='/api'>{json.dumps({'status': 200, 'body': json.dumps(post(body=marked()))})}</script>",
    "nuxt 2": nuxt(),
    "nuxt 3": devalue(),
    "remix": f"<script>window.__remixContext = {json.dumps({'state': {'loaderData': {'routes/blog.$slug': {'post': post(html=marked())}}}})};</script>",
    "remix stream": turbo_stream(),
    "server components": flight(),
    "server components of elements": flight_of_elements(),
    "astro": astro(),
    "inertia": f'<div id="page" data-page="{html.escape(json.dumps({"component": "Post", "props": {"post": post(body=marked())}}))}"></div>',
    "angular": f"<script id='ng-state' type='application/json'>{json.dumps({'post': post(body=marked())}).replace('<', '&l;').replace('>', '&g;').replace(chr(34), '&q;')}</script>",
    "noscript": f"<noscript>{marked()}</noscript>",
    "template": f"<template>{marked()}</template>",
    "markdown script": f"<script type='text/markdown'>{MARKDOWN}</script>",
}  # fmt: skip


@pytest.mark.parametrize("carrier", CARRIERS)
def test_the_post_is_read_from_every_place_that_carries_one(carrier: str) -> None:
    assert read(shell(CARRIERS[carrier])) == texts()


def test_what_the_data_say_of_the_post_is_known_too() -> None:
    fields = post(content=marked(), author={"name": "Ines Okafor"}, updatedAt="2024-04-06T10:00:00Z")
    known = extract_article(shell(script({"post": fields})), URL).metadata
    assert isinstance(known, Metadata)
    assert (known.title, known.author) == (TITLE, "Ines Okafor")
    assert (str(known.published), str(known.modified)) == ("2024-03-05", "2024-04-06")


def test_of_many_posts_in_the_state_the_pages_own_is_taken() -> None:
    long = other(content=f"<p>{OTHER}</p>" * 30)
    state = {"allPosts": [long, post(content=marked()), {**long, "slug": "tables", "title": "Tables"}]}
    assert read(shell(script(state))) == texts()


def test_a_post_in_the_markup_stays_as_it_is() -> None:
    words = "".join(f"<p>{part} {OTHER}</p>" for part in PARTS * 3)
    page = shell(
        script({"post": post(content=f"<p>{OTHER}</p>" * 50)}), body=f"<article><h1>{TITLE}</h1>{words}</article>"
    )
    assert reveal(parse(page), URL).find(".//main") is None


def test_a_short_post_in_the_markup_is_not_written_twice() -> None:
    page = shell(script({"post": post(content=marked())}), body=f"<article><h1>{TITLE}</h1>{marked()}</article>")
    assert reveal(parse(page), URL).find(".//main") is None


def test_a_listing_that_is_a_shell_gets_no_post() -> None:
    posts = [{"title": f"Title {n}", "slug": f"post-{n}", "content": f"<p>{OTHER} {n}</p>" * 20} for n in range(3)]
    for url in ("https://clinic.example/blog/", "https://clinic.example/"):
        for state in ({"posts": posts}, {"slug": "blog", "title": "Blog", "posts": posts}):
            page = shell(script(state)).replace(TITLE, "Blog")
            assert reveal(parse(page), url).find(".//main") is None


def test_what_a_feed_or_api_gave_is_read_where_the_page_has_no_text() -> None:
    told = Told(marked(), TITLE)
    assert "plainest chair" in "".join(reveal(parse(shell("")), URL, told).itertext())
    bare = (
        "<html><head><title>Rooms</title></head><body><div id='app'></div><script src='/app.js'></script></body></html>"
    )
    assert "plainest chair" in "".join(reveal(parse(bare), URL, told).itertext())
    whole = shell("", body=f"<article>{marked()}</article>")
    assert reveal(parse(whole), URL, told).find(".//main") is None


def test_a_notice_in_place_of_a_post_gets_no_text_from_the_feed() -> None:
    told = Told(marked(), TITLE)
    for body in (
        "<h1>Back soon</h1><p>We are mending our site. Please come back tomorrow.</p><script src='/a.js'></script>",
        "",
    ):
        page = f"<html><head><title>Back soon</title></head><body>{body}</body></html>"
        assert reveal(parse(page), URL, told).find(".//main") is None


def test_a_program_is_no_text() -> None:
    code = "function _create(e){const t={p:'p'};return e.map((n)=>{if(n.a==null){return t.p} else {return n.b}})};" * 9
    assert reveal(parse(shell(script(post(compiledSource=code)))), URL).find(".//main") is None


def hostile() -> dict[str, str]:
    deep = "[" * 100_000 + "]" * 100_000
    nested: object = post(content=marked())
    for _ in range(300):
        nested = {"content": [nested]}
    laughing = (
        [{"a": 1, "b": 1}]
        + [{"a": n + 2, "b": n + 2} for n in range(60)]
        + ["a few words that are read, and more of them " * 3]
    )
    looped = [{"title": 1, "slug": 2, "content": 0}, TITLE, "chairs-by-the-window", *["some words of a text here"] * 4]
    return {
        "deep": f"<script type='application/json'>{deep}</script>",
        "deep objects": script(nested),
        "doubling": script(laughing),
        "looped": script(looped),
        "wide": script({"post": post(content=[{"type": "paragraph", "children": [{"text": "a b c d e "}]}] * 200_000)}),
        "quotes": "<script>window.a = {" + "'a word of five or six " * 40_000 + "</script>",
        "open": "<script>window.a = " + "{a:[" * 100_000 + "'some words of a text here'</script>",
        "json in json": script({"post": post(content=json.dumps(json.dumps(json.dumps([marked()] * 1000))))}),
        "surrogates": "<script type='application/json'>{\"title\": \"\\ud800 some words of a text\", \"slug\": \"chairs-by-the-window\", \"x\": \"" + "a few more \\udfff words " * 30 + "\"}</script>",
        "markdown": f"<script type='text/markdown'>{'[a few words of it' * 20_000}{'**' * 20_000}</script>",
    }  # fmt: skip


@pytest.mark.parametrize("kind", hostile())
def test_hostile_data_cost_little_and_break_nothing(kind: str) -> None:
    began = time.process_time()
    reveal(parse(shell(hostile()[kind])), URL)
    assert time.process_time() - began < 8


def test_keys_made_of_slugs_and_references_are_followed() -> None:
    by_slug = {"data": {"more-comments-on-the-user-theme": {"title": TITLE, "body": marked()}}}
    lamps = {"Post:2": other(content={"__ref": "Body:2"}), "Body:2": {"html": f"<p>{OTHER}</p>" * 20}}
    by_reference = {"Post:1": post(content={"__ref": "Body:1"}), "Body:1": {"html": marked()}, **lamps}
    for state in (by_slug, by_reference):
        assert read(shell(script(state))) == texts()


def test_parts_of_equal_length_are_all_of_the_text() -> None:
    blocks = {f"b{n}": {"value": {"id": n, "type": "header" if text == HEADING else "text", "properties": {"title": [[text]]}}}
              for n, text in enumerate(texts())}  # fmt: skip
    assert read(shell(script({"recordMap": {"block": blocks}}))) == texts()
    assert read(shell(script(post(first=f"<p>{PARTS[0]}</p>", second=f"<p>{PARTS[2]}</p>")))) == [PARTS[0], PARTS[2]]
    assert read(shell(script(post(body=marked(), bodyText=" ".join(texts()))))) == texts()
