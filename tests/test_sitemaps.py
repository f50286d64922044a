from __future__ import annotations

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.discovery import sitemaps
from scraper.model import Task

SITE = "clinic.example"
BASE = "https://clinic.example/sitemap.xml"
TASK = Task(BASE, "sitemap", "sitemap", 1)
HEAD = '<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'


def urlset(*entries: str, head: str = HEAD) -> bytes:
    return (head + "".join(f"<url>{entry}</url>" for entry in entries) + "</urlset>").encode()


def index(*names: str) -> bytes:
    places = "".join(f"<sitemap><loc>https://clinic.example/{name}</loc></sitemap>" for name in names)
    return f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{places}</sitemapindex>'.encode()


def found(body: bytes, task: Task = TASK, site: str = SITE) -> list[str]:
    return [named.url for named in sitemaps.read_sitemap(body, task, task.url, site).tasks]


def robots(text: str | bytes, site: str = SITE, source: str = "sitemap") -> list[str]:
    task = Task("https://clinic.example/robots.txt", "robots", "robots")
    body = text.encode() if isinstance(text, str) else text
    tasks = sitemaps.read_robots(body, task, task.url, site).tasks
    return [named.url for named in tasks if named.source == source]


def test_robots_names_sitemaps_relative_or_not() -> None:
    text = "User-agent: *\nDisallow:\nSITEMAP: /map.xml\nsitemap:https://www.clinic.example/news.xml\n"
    assert robots(text) == ["https://clinic.example/map.xml", "https://www.clinic.example/news.xml"]


@pytest.mark.parametrize(
    "body",
    [
        b"\xef\xbb\xbfSitemap: /map.xml",
        "Sitemap: /map.xml".encode("utf-16"),
        b"User-agent: *\rDisallow:\rSitemap: /map.xml\r",
        b"Sitemap : /map.xml # ours",
        b"Sitemap:\r\nSitemap: /map.xml",
        b"".join(b"Sitemap: https://cdn%d.example/map.xml\n" % n for n in range(60_000)) + b"Sitemap: /map.xml",
    ],
)
def test_a_sitemap_is_read_from_a_robots_with(body: bytes) -> None:
    assert robots(body) == ["https://clinic.example/map.xml"]


def test_sitemaps_on_other_hosts_are_left_out() -> None:
    assert robots("Sitemap: http://127.0.0.1:9/x.xml") == []


def test_the_usual_places_are_guessed_whatever_robots_names() -> None:
    guessed = ["https://clinic.example/" + name for name in sitemaps.GUESSES]
    assert robots("Sitemap: /long-gone.xml", source="sitemap-guess") == guessed
    assert robots("", source="sitemap-guess") + robots("", source="sitemap-guess-late") == guessed


def test_a_blog_in_a_folder_may_have_its_sitemap_there() -> None:
    assert "https://clinic.example/blog/sitemap.xml" in robots("", "clinic.example/blog", "sitemap-guess")


def test_posts_come_with_their_lastmod_in_one_form() -> None:
    body = urlset(
        "<loc>https://clinic.example/blog/a/</loc><lastmod>2024-05-01T10:00:00+02:00</lastmod>",
        "<loc>https://clinic.example/blog/b/</loc><lastmod>2024-05-01</lastmod>",
        "<loc>https://clinic.example/blog/c/</loc>",
    )
    tasks = sitemaps.read_sitemap(body, TASK, BASE, SITE).tasks
    assert [task.lastmod for task in tasks] == ["2024-05-01T08:00:00Z", "2024-05-01", None]
    assert {task.kind for task in tasks} == {"post"}


def test_a_relative_loc_is_resolved() -> None:
    assert found(urlset("<loc> /blog/a/ </loc>", "<loc>blog/b/</loc>")) == [
        "https://clinic.example/blog/a/",
        "https://clinic.example/blog/b/",
    ]


def test_archives_assets_and_plain_pages_are_left_out() -> None:
    body = urlset(
        "<loc>https://clinic.example/</loc>",
        "<loc>https://clinic.example/tag/pain/</loc>",
        "<loc>https://clinic.example/about/</loc>",
        "<loc>https://clinic.example/leaflet.pdf</loc>",
        "<loc>https://clinic.example/a-post/</loc>",
        "<loc>https://other.example/a-post/</loc>",
    )
    assert found(body) == ["https://clinic.example/a-post/"]


def test_likely_posts_come_first() -> None:
    body = urlset("<loc>https://clinic.example/x/</loc>", "<loc>https://clinic.example/blog/y/</loc>")
    assert found(body) == ["https://clinic.example/blog/y/", "https://clinic.example/x/"]


def test_images_and_videos_of_an_entry_are_not_taken_for_its_address() -> None:
    head = HEAD.replace(">", ' xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">').replace("?  ", "?>")
    head = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">'
    body = urlset(
        "<image:image><image:loc>https://clinic.example/a.jpg</image:loc></image:image><loc>/blog/a/</loc>", head=head
    )
    assert found(body) == ["https://clinic.example/blog/a/"]


def test_twins_in_other_languages_are_posts_of_their_own() -> None:
    head = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">'
    twin = '<xhtml:link rel="alternate" hreflang="de" href="https://clinic.example/de/blog/a/"/>'
    body = urlset(f"<loc>https://clinic.example/blog/a/</loc>{twin}", head=head)
    assert found(body) == ["https://clinic.example/blog/a/", "https://clinic.example/de/blog/a/"]


def test_an_index_leads_to_the_sitemaps_of_posts_only() -> None:
    body = index(
        "post-sitemap.xml", "post-sitemap2.xml", "page-sitemap.xml", "category-sitemap.xml", "author-sitemap.xml"
    )
    tasks = sitemaps.read_sitemap(body, TASK, BASE, SITE).tasks
    assert [(task.url[23:], task.source, task.kind) for task in tasks] == [
        ("post-sitemap.xml", "sitemap-posts", "sitemap"),
        ("post-sitemap2.xml", "sitemap-posts", "sitemap"),
    ]


def test_wordpress_own_index_is_understood() -> None:
    body = index("wp-sitemap-posts-post-1.xml", "wp-sitemap-posts-page-1.xml", "wp-sitemap-taxonomies-category-1.xml",
                 "wp-sitemap-users-1.xml")  # fmt: skip
    assert found(body) == ["https://clinic.example/wp-sitemap-posts-post-1.xml"]


def test_an_index_of_nameless_sitemaps_leads_to_all() -> None:
    assert len(found(index("sitemap-1.xml", "sitemap-2.xml", "sitemap-tags.xml"))) == 2


def test_a_sitemap_of_posts_is_believed_over_the_look_of_addresses() -> None:
    task = Task("https://clinic.example/post-sitemap.xml", "sitemap", "sitemap-posts", 2)
    tasks = sitemaps.read_sitemap(urlset("<loc>/about-ketamine/</loc>", "<loc>/tag/</loc>"), task, task.url, SITE).tasks
    assert [named.url for named in tasks] == ["https://clinic.example/about-ketamine/", "https://clinic.example/tag/"]
    assert {named.source for named in tasks} == {"sitemap-posts"}


def test_a_gzipped_sitemap_is_read() -> None:
    assert found(gzip.compress(urlset("<loc>/blog/a/</loc>"))) == ["https://clinic.example/blog/a/"]


def test_a_gzip_bomb_is_cut() -> None:
    bomb = gzip.compress(gzip.compress(b"\0" * 20_000_000))
    assert len(sitemaps.unpack(bomb, limit=1_000_000)) <= 1_000_000


def test_a_text_sitemap_is_read() -> None:
    task = Task("https://clinic.example/sitemap.txt", "sitemap", "sitemap", 1)
    assert found(b"https://clinic.example/blog/a/\r\nhttps://clinic.example/blog/b/\n", task) == [
        "https://clinic.example/blog/a/",
        "https://clinic.example/blog/b/",
    ]


def test_a_feed_serves_as_a_sitemap() -> None:
    body = b"<rss><channel><item><link>https://clinic.example/blog/a/</link></item></channel></rss>"
    assert found(body) == ["https://clinic.example/blog/a/"]


def test_a_broken_sitemap_gives_what_is_whole() -> None:
    body = (HEAD + "<url><loc>/blog/a/</loc></url><url><loc>/blog/b & c</loc></url><url><loc>/blog/d/</loc>").encode()
    assert "https://clinic.example/blog/a/" in found(body)


def test_entities_of_a_document_are_never_expanded() -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b SYSTEM "file:///etc/passwd">]>' + urlset(
        "<loc>/blog/&a;&b;/</loc>"
    )
    assert all("aaaa" not in url and "root" not in url for url in found(bomb))


@pytest.mark.parametrize(
    "head",
    [
        "<br />\n<b>Warning</b>: Undefined variable $x in <b>/srv/sitemap.php</b> on line <b>7</b><br />\n",
        "<!-- cached -->" * 5000,
        "<!-- <urlset> of yesterday -->",
        "\ufeff\n\n \n",
        '<?xml version="1.0"?><?xml-stylesheet type="text/xsl" href="/x.xsl"?><!-- made by a plugin -->',
        "<!DOCTYPE urlset>",
    ],
)
@pytest.mark.parametrize("root", ["urlset", "ns0:urlset", "URLSET"])
def test_a_sitemap_is_read_whatever_stands_before_it(head: str, root: str) -> None:
    space = ' xmlns:ns0="http://www.google.com/schemas/sitemap/0.84"' if ":" in root else ""
    entry = "url" if ":" not in root else "ns0:url"
    loc = entry.replace("url", "loc")
    text = f"{head}<{root}{space}><{entry}><{loc}>/blog/a/?p=1&q=2</{loc}></{entry}></{root}>"
    assert found(text.replace("?p=1&q=2", "").encode()) == ["https://clinic.example/blog/a/"]


def test_a_bare_ampersand_stands_for_itself() -> None:
    body = urlset("<loc>/b.php?id=7&lang=en</loc>", "<loc><![CDATA[/a.php?id=8&lang=en]]></loc>")
    assert sorted(found(body)) == [
        "https://clinic.example/a.php?id=8&lang=en",
        "https://clinic.example/b.php?id=7&lang=en",
    ]


def test_ours_are_found_behind_thousands_of_others() -> None:
    others = "".join(f"https://other.example/{n}/\n" for n in range(60_000))
    assert found(f"\ufeff{others}https://clinic.example/blog/a/\n".encode()) == ["https://clinic.example/blog/a/"]


def test_a_blog_in_a_folder_gets_its_own_posts_of_the_hosts_sitemap() -> None:
    body = urlset("<loc>/blog/a/</loc>", "<loc>/services-for-you/</loc>")
    assert found(body, site="clinic.example/blog") == ["https://clinic.example/blog/a/"]


def test_indexes_that_name_each_other_end() -> None:
    deep = Task("https://clinic.example/s.xml", "sitemap", "sitemap", sitemaps.MAX_DEPTH + 1)
    assert sitemaps.read_sitemap(index("t.xml"), deep, deep.url, SITE).tasks == ()


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "iso-8859-1"])
def test_other_encodings_are_read(encoding: str) -> None:
    text = urlset("<loc>/blog/a/</loc>").decode().replace("UTF-8", encoding.removesuffix("-sig"))
    assert found(text.encode(encoding)) == ["https://clinic.example/blog/a/"]


@given(
    st.binary(max_size=300),
    st.sampled_from([b"", HEAD.encode(), b"<sitemapindex>", b"\x1f\x8b", b"https://x/", b"<rss>"]),
)
def test_garbage_never_raises(garbage: bytes, head: bytes) -> None:
    sitemaps.read_sitemap(head + garbage, TASK, BASE, SITE)
    sitemaps.read_robots(b"Sitemap: " + garbage, TASK, BASE, SITE)
