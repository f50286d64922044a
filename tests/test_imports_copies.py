"""Copies that tools make of a site: which files are posts, and which are one post in several forms."""

from __future__ import annotations

import gzip
import json
import zipfile
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

import pytest
from test_imports import canonical, left_out, post, put, read, urls

from scraper.extract import extract
from scraper.imports import documents
from scraper.imports.files import Kind, sniff

LONG = (
    "Text {0} of a page that is long enough to be told from every other one by what it says about {0} and nights. " * 3
)


def long(number, head=""):
    return post(f"Page {number}", head, LONG.format(number))


def mhtml(html, url="https://clinic.test/saved/", location=True):
    message = MIMEMultipart("related", type="text/html")
    if location:
        message["Snapshot-Content-Location"] = url
    message["From"] = "<Saved by a browser>"
    part = MIMEText(html, "html", "utf-8")
    del part["Content-Transfer-Encoding"]
    part.set_payload(html.encode(), "utf-8")
    part["Content-Location"] = url
    message.attach(part)
    message.attach(MIMEText("p { color: red }", "css"))
    return message.as_bytes()


# One page in several files


@pytest.mark.parametrize(
    "second", ["b.html", "a (1).html", "a.html.1", "a.html.orig", "copy/a.html", "a.html?share=x.html"]
)
@pytest.mark.parametrize("base_url", [None, "https://clinic.test/"])
def test_the_same_text_in_two_files_is_one_page(tmp_path, second, base_url):
    put(tmp_path, "a.html", long(1))
    put(tmp_path, second, long(1))
    put(tmp_path, "other.html", long(2))
    pages, failures = read(tmp_path, base_url=base_url)
    assert [page.source for page in pages] == ["a.html", "other.html"]
    assert not failures


def test_copies_are_counted(tmp_path):
    for name in ("a.html", "b.html", "c.html"):
        put(tmp_path, name, long(1))
    put(tmp_path, "style.css", "p {}")
    assert left_out(tmp_path) == ["2 files with a page that another one has", "1 .css file"]


def test_the_file_with_the_plain_name_is_the_one_that_is_taken(tmp_path):
    put(tmp_path, "a/about.html?replytocom=5.html", long(1))
    put(tmp_path, "z/index.html", long(1))
    assert urls(read(tmp_path, base_url="https://clinic.test/")[0]) == ["https://clinic.test/z/"]


def test_an_address_that_shows_a_page_again_is_that_page_also_where_its_text_is_another(tmp_path):
    put(tmp_path, "a/index.html", long(1))
    put(tmp_path, "a/index.html?replytocom=5.html", long(1) + "<p>Leave a reply to Anna</p>")
    put(tmp_path, "b/index.html?replytocom=7.html", long(2))
    assert urls(read(tmp_path, base_url="https://clinic.test/")[0]) == [
        "https://clinic.test/a/",
        "https://clinic.test/b/",
    ]


def test_two_files_that_name_one_address_and_say_nearly_the_same_are_one_page(tmp_path):
    head = canonical("https://clinic.test/a/")
    put(tmp_path, "one.html", long(1, head))
    put(tmp_path, "two.html", long(1, head) + "<p>Share this</p>")
    put(tmp_path, "three.html", long(3, head))
    pages, _ = read(tmp_path)
    assert [page.source for page in pages] == ["one.html", "three.html"]
    assert len(set(urls(pages))) == 2


def test_a_page_whose_other_forms_are_left_out_keeps_its_address(tmp_path):
    for name in ("one.html", "two.html"):
        put(tmp_path, name, long(1, canonical("https://clinic.test/a/")))
    assert urls(read(tmp_path)[0]) == ["https://clinic.test/a/"]


def test_short_pages_that_say_the_same_stay_two(tmp_path):
    put(tmp_path, "a.html", post(text="We are closed."))
    put(tmp_path, "b.html", post(text="We are closed."))
    assert len(read(tmp_path)[0]) == 2


# What tools add


def snapshot(folder, number, *forms):
    url = f"https://clinic.test/{number}/"
    put(folder, "index.json", json.dumps({"url": url, "timestamp": "1680000000.0"}))
    put(folder, "index.html", post("The tool's own page", text="Forms of it"))
    for form in forms:
        put(folder, form, long(number) if "readability" not in form else f"<div><p>{LONG.format(number)}</p></div>")
    return url


def test_the_forms_of_a_page_in_archivebox_are_one_page(tmp_path):
    forms = (
        "singlefile.html",
        "output.html",
        "readability/content.html",
        "clinic.test/a/index.html",
        "mercury/content.html",
    )
    first = snapshot(tmp_path / "archive/1", 1, *forms)
    second = snapshot(tmp_path / "archive/2", 2, "readability/content.html", "output.html")
    third = snapshot(tmp_path / "archive/3", 3, "readability/content.html")
    pages, failures = read(tmp_path)
    assert {page.url: page.source for page in pages} == {
        first: "archive/1/singlefile.html",
        second: "archive/2/output.html",
        third: "archive/3/readability/content.html",
    }
    assert not failures


def test_a_site_with_an_index_in_json_is_no_snapshot(tmp_path):
    put(tmp_path, "index.json", json.dumps({"url": "https://clinic.test/", "title": "Blog"}))
    for number in range(3):
        put(tmp_path, f"{number}.html", long(number))
    assert len(read(tmp_path)[0]) == 3


def test_what_httrack_adds_is_no_post_and_its_comment_is_the_address(tmp_path):
    mirrored = "<!-- Mirrored from clinic.test/{}/ by HTTrack Website Copier/3.x, Sat, 01 Jul 2023 10:00:00 GMT -->"
    for number in (1, 2):
        put(
            tmp_path,
            f"clinic.test/{number}a1b.html",
            long(number).replace("<head>", f"<head>{mirrored.format(number)}"),
        )
    own = "<html><head><title>Local index - HTTrack Website Copier</title></head><body>index of sites</body></html>"
    put(tmp_path, "index.html", own)
    put(
        tmp_path,
        "external.html",
        "<html><!-- Created by HTTrack Website Copier/3.x --><title>Unavailable</title></html>",
    )
    put(tmp_path, "hts-log.txt", "HTTrack3.49-2 launched on Sat, 01 Jul 2023 at https://clinic.test/ +*\n")
    put(tmp_path, "hts-cache/new.txt", "date size flags\n")
    pages, failures = read(tmp_path)
    assert urls(pages) == ["http://clinic.test/1/", "http://clinic.test/2/"]
    with_base, _ = read(tmp_path, base_url="https://clinic.test/")
    assert urls(with_base) == ["https://clinic.test/1/", "https://clinic.test/2/"]
    assert not failures
    assert "3 pages of the tool that made the copy" in left_out(tmp_path)


def test_feeds_and_robots_are_counted_and_no_posts(tmp_path):
    put(tmp_path, "a.html", long(1))
    put(tmp_path, "feed/index.html", '<?xml version="1.0"?><rss version="2.0"><channel></channel></rss>')
    put(tmp_path, "robots.txt", "User-agent: *")
    assert len(read(tmp_path)[0]) == 1
    assert left_out(tmp_path) == ["1 robots.txt", "1 feed or sitemap"]


def test_the_own_files_of_a_wacz_are_no_failures(tmp_path):
    from test_imports_warc import response

    lines = '{"format": "json-pages-1.0", "id": "pages"}\n{"url": "https://clinic.test/a", "title": "A", "text": "A"}\n'
    with zipfile.ZipFile(tmp_path / "crawl.wacz", "w") as archive:
        archive.writestr("archive/data.warc", response())
        archive.writestr("pages/pages.jsonl", lines)
        archive.writestr("indexes/index.cdx.gz", b"\x1f\x8b\x08\x00")
        archive.writestr("datapackage.json", '{"profile": "data-package"}')
    pages, failures = read(tmp_path / "crawl.wacz")
    assert urls(pages) == ["https://clinic.test/a"]
    assert not failures


# Pages that a browser saved as one file


@pytest.mark.parametrize("name", ["page.mhtml", "page.mht", "page"])
@pytest.mark.parametrize("base_url", [None, "https://clinic.test/"])
def test_the_page_in_an_mhtml_file_has_its_address_and_text(tmp_path, name, base_url):
    file = put(tmp_path, name, mhtml(post(text="Caf\xe9 = open \u2014 all day")))
    (page,), failures = read(file, base_url=base_url)
    assert page.url == "https://clinic.test/saved/"
    assert "Caf\xe9 = open \u2014 all day" in page.body.decode()
    assert not failures


def test_an_mhtml_file_in_a_folder_is_read_too(tmp_path):
    put(tmp_path, "page.mhtml", mhtml(post(), location=False))
    assert urls(read(tmp_path)[0]) == ["https://clinic.test/saved/"]


@pytest.mark.parametrize(
    "data",
    [
        b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n--x\nContent-Type: text/css\n\np {}\n--x--\n",
        b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n",
        b"MIME-Version: 1.0\n"
        + b"".join(b"Content-Type: multipart/related; boundary=%d\n\n--%d\n" % (n, n) for n in range(3000)),
    ],
)
def test_an_mhtml_file_without_a_page_is_a_failure(tmp_path, data):
    pages, failures = read(put(tmp_path, "page.mhtml", data), put(tmp_path, "a.html", post()))
    assert len(pages) == 1
    assert len(failures) == 1


# What is no post


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("report.html", '<!doctype html><head><meta name="generator" content="blogdex"><title>Audit</title>', Kind.OWN),
        ("stale.csv", "post,found\nhttps://a.test/,1\n", Kind.TABLE),
        ("table.txt", "a\tb\tc\n1\t2\t3\n4\t5\t6\n", Kind.TABLE),
        ("tool.py", "import os\n", Kind.DATA),
        ("style.css", "p { color: red }", Kind.DATA),
        ("mail.eml", "From: a@b.test\nContent-Type: text/plain\n\nHello", Kind.MESSAGE),
        ("post.txt", "First, second, third.\nOne, two.\nNone.\n", Kind.TEXT),
        ("post.txt", "From: the clinic\nContent-Type matters little, she said.\n\nText.", Kind.TEXT),
        ("old.arc", "filedesc://old.arc 0.0.0.0 20140216050221 text/plain 75\n1 0 Me\n", Kind.ARC),
        ("notes.md", "# A title\n\nText.", Kind.TEXT),
        ("guide.html", "<html><title>How HTTrack works</title><p>HTTrack Website Copier", Kind.HTML),
    ],
)
def test_a_file_is_known_for_what_it_is(name, content, kind):
    assert sniff(content.encode(), name) is kind


@pytest.mark.parametrize(
    ("member", "what"),
    [
        ("tool-1.0.dist-info/METADATA", "a Python package"),
        ("[Content_Types].xml", "an Office document"),
        ("META-INF/container.xml", "an e-book"),
        ("META-INF/MANIFEST.MF", "a Java package"),
    ],
)
def test_a_zip_that_is_no_archive_of_files_is_named(tmp_path, member, what):
    with zipfile.ZipFile(tmp_path / "thing.zip", "w") as archive:
        archive.writestr("a.html", post())
        archive.writestr(member, "x")
    pages, (failure,) = read(tmp_path / "thing.zip")
    assert not pages
    assert what in failure.reason


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "<table><tr><td><b>Lena Meyer</b><br>Practice manager<br>Tel 303-555-0100<br><a href='mailto:l@c.test'>l@c.test</a>",
            True,
        ),
        ("-- \nLena Meyer\nLarkspur Clinic\n+1 303 555 0100\nlena@clinic.test", True),
        (
            "--\nLena Meyer\nTel 303-555-0100\n\nThis e-mail is for the addressee alone. Please delete it if it is not for you.",
            True,
        ),
        ("<p>We are closed on Monday, call us at 303-555-0100 if you need help before then.</p>", False),
        ("<title>Contact</title><p>Lena, 303-555-0100</p>", False),
        ("<p>First.</p>", False),
    ],
)
def test_a_signature_of_e_mails_is_told_from_a_short_post(text, expected):
    assert documents.is_signature(text) is expected


ROWS = "".join(f"<tr><td>file{n}.py</td><td>{n}</td><td>90%</td></tr>" for n in range(20))


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        (f"<h1>Report</h1><table>{ROWS}</table>", True),
        ("<h1>Index of /files</h1><pre>" + "<a href='a.html'>a.html</a> 2023-01-01 10:00 4.0K\n" * 9 + "</pre>", True),
        (f"<h1>Invoice</h1><table>{ROWS}</table><p>Total 90. Thank you.</p>", True),
        (f"<article><h1>Our prices</h1><table>{ROWS}</table></article>", False),
        (f"<h1>Prices</h1><table>{ROWS}</table><p>These are the prices that we ask from March on.</p>", False),
        ("<table><tr><td><h1>Visits</h1><p>The first visit takes an hour at the most.</p></td></tr></table>", False),
        ("<h1>Closed on Monday</h1>", False),
    ],
)
def test_a_page_of_rows_alone_is_no_post(page, expected):
    assert documents.is_record(f"<html><head><title>Page</title></head><body>{page}</body></html>") is expected


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("2023-01-01 10:00:00 INFO started\n" * 9, "lines of a log"),
        ("https://clinic.test/a/\nhttps://clinic.test/b/\n", "a list of addresses"),
        ("clinic.test/index.html", "a list of addresses"),
        ("#!/bin/sh\n# Copy the blog at night.\ncp -r blog backup\n", "a program"),
    ],
)
def test_lines_that_nobody_writes_for_readers_are_no_post(tmp_path, text, what):
    (tmp_path / "a.txt").write_text(text)
    pages, (failure,) = read(tmp_path)
    assert not pages
    assert what in failure.reason


def test_a_post_that_names_times_and_addresses_is_one(tmp_path):
    (tmp_path / "a.txt").write_text(
        "Opening hours\n\nWe open at nine.\nhttps://clinic.test/\n2023-01-01 10:00 begins the year.\n"
    )
    pages, failures = read(tmp_path)
    assert len(pages) == 1
    assert not failures


def test_a_page_that_was_kept_as_its_server_packed_it_is_read_under_its_plain_name(tmp_path):
    put(tmp_path, "a.html", gzip.compress(long(1).encode()))
    put(tmp_path, "b.html", gzip.compress(long(2).encode())[:-60])
    put(tmp_path, "c.html", gzip.compress(gzip.compress(long(3).encode())))
    pages, failures = read(tmp_path)
    assert [(page.source, page.body) for page in pages] == [("a.html", long(1).encode())]
    assert [failure.url for failure in failures] == ["b.html", "c.html"]


# Addresses of a copy


@pytest.mark.parametrize("top", ["", "clinic.test/", "backup/2024/"])
@pytest.mark.parametrize("folder", ["https://clinic.test/", "https://www.clinic.test/blog/"])
def test_a_page_that_does_not_say_where_it_stands_stands_where_its_path_leads(tmp_path, top, folder):
    for name in ("2012/06/index.html", "a/index.html", "b.html"):
        put(tmp_path, top + name, long(name, canonical(folder + name.removesuffix("index.html"))))
    put(tmp_path, top + "2012/index.html", long("year", canonical(f"{folder}2012/index.html")))
    put(tmp_path, top + "2012/06/quiet.html", long("quiet", canonical("quiet.html")))
    assert f"{folder}2012/06/quiet.html" in urls(read(tmp_path)[0])


def test_a_copy_that_put_an_ending_behind_each_address_is_seen_through(tmp_path):
    for name in ("a", "b", "c"):
        put(tmp_path, f"blog/{name}.html", long(name, canonical(f"https://clinic.test/blog/{name}")))
    put(tmp_path, "blog/a?format=amp.html", long("a", canonical("a.html")).replace("<p>", "<div>Menu</div><p>"))
    put(tmp_path, "blog/quiet.html", long("quiet", canonical("quiet.html")))
    found = urls(read(tmp_path)[0])
    assert {"https://clinic.test/blog/quiet", "https://clinic.test/blog/a?format=amp"} <= set(found)


def test_pages_that_stand_elsewhere_than_their_paths_tell_nothing_of_others(tmp_path):
    for number in range(4):
        put(tmp_path, f"saved-{number}.html", long(number, canonical(f"https://clinic.test/a-post/{number}/")))
    put(tmp_path, "other.html", long("other"))
    assert next(url for url in urls(read(tmp_path)[0]) if "other" in url).startswith("https://file.invalid/")


@pytest.mark.parametrize("path", ["2012/06/26/quiet/index.html", "2012-06-26-quiet.html"])
def test_the_day_in_a_files_path_is_its_posts_where_the_address_is_not_known(tmp_path, path):
    put(tmp_path, path, long("quiet"))
    (page,), _ = read(tmp_path)
    article = extract(page)
    assert (article.url, str(article.metadata.published)) == (page.url, "2012-06-26")


def test_what_a_blog_keeps_as_text_since_it_takes_no_programs_is_none(tmp_path):
    put(tmp_path, "uploads/run.sh_.txt", "echo This runs at night. It copies the blog.")
    put(tmp_path, "notes.md.txt", "A note that somebody wrote about the nights on the ward.")
    assert [page.source for page in read(tmp_path)[0]] == ["notes.md.txt"]
