from __future__ import annotations

import gzip
import zlib
from datetime import UTC, datetime

import brotli
import pytest
from test_imports import NOW, left_out, post, put, read, urls

from scraper.imports import http
from scraper.imports.outcomes import RefusedError
from scraper.imports.packed import zstd_library


def response(
    url="https://clinic.test/a",
    body=None,
    status="200 OK",
    headers=(),
    kind="response",
    date="2024-05-02T10:00:00Z",
    media_type="text/html",
    more="",
):
    content = post().encode() if body is None else body
    fields = "".join(f"{name}: {value}\r\n" for name, value in (("Content-Type", media_type), *headers))
    block = f"HTTP/1.1 {status}\r\n{fields}\r\n".encode() + content
    return record(kind, url, block, "application/http; msgtype=response", date, more=more)


def record(kind, url, block, content_type="text/plain", date="2024-05-02T10:00:00Z", length=None, more=""):
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\nWARC-Date: {date}\r\n"
        f"WARC-Record-ID: <urn:uuid:0>\r\nContent-Type: {content_type}\r\nContent-Length: {length or len(block)}\r\n{more}\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


def warc(folder, *records, name="blog.warc"):
    return put(folder, name, b"".join(records))


def chunked(body, size=100):
    pieces = [body[at : at + size] for at in range(0, len(body), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


def test_html_answered_with_200_is_a_page(tmp_path):
    (page,), failures = read(
        warc(tmp_path, record("warcinfo", "", b"software: x"), response(headers=[("ETag", '"x"')]))
    )
    assert (page.url, page.site, page.source) == ("https://clinic.test/a", "clinic.test", "blog.warc")
    assert page.body == post().encode()
    assert page.fetched_at == datetime(2024, 5, 2, 10, tzinfo=UTC)
    assert page.header("etag") == '"x"'
    assert not failures


def test_everything_else_is_passed_over(tmp_path):
    others = [
        response("https://clinic.test/b", status="404 Not Found"),
        response("https://clinic.test/c", status="301 Moved"),
        response("https://clinic.test/d", kind="revisit"),
        response("https://clinic.test/e.png", body=b"\x89PNG", media_type="image/png"),
        record("request", "https://clinic.test/f", b"GET /f HTTP/1.1\r\n\r\n", "application/http; msgtype=request"),
        record("response", "dns:clinic.test", b"20240502 127.0.0.1", "text/dns"),
        record("metadata", "https://clinic.test/g", b"outlink: x"),
    ]  # fmt: skip
    pages, failures = read(warc(tmp_path, *others, response()))
    assert urls(pages) == ["https://clinic.test/a"]
    assert not failures


@pytest.mark.parametrize(
    ("pack", "headers"),
    [
        (lambda body: body, []),
        (chunked, [("Transfer-Encoding", "chunked")]),
        (gzip.compress, [("Content-Encoding", "gzip")]),
        (zlib.compress, [("Content-Encoding", "deflate")]),
        (lambda body: zlib.compress(body)[2:-4], [("Content-Encoding", "deflate")]),
        (lambda body: chunked(gzip.compress(body)), [("Transfer-Encoding", "chunked"), ("Content-Encoding", "gzip")]),
        (lambda body: body, [("Transfer-Encoding", "chunked"), ("Content-Encoding", "gzip")]),
        (lambda body: body, [("Content-Encoding", "br")]),
        (lambda body: gzip.compress(body[:300]) + gzip.compress(body[300:]), [("Content-Encoding", "gzip")]),
        (zstd_library().compress, [("Content-Encoding", "zstd")]),
    ],
)
def test_codings_are_undone_where_the_bytes_have_them(tmp_path, pack, headers):
    body = post(text="word " * 200).encode()
    (page,), _ = read(warc(tmp_path, response(body=pack(body), headers=headers)))
    assert page.body == body
    assert page.header("content-encoding") is None


@pytest.mark.parametrize("pack", ["records", "whole"])
def test_a_packed_archive_is_read(tmp_path, pack):
    records = [response(f"https://clinic.test/{n}") for n in range(3)]
    packed = b"".join(map(gzip.compress, records)) if pack == "records" else gzip.compress(b"".join(records))
    assert len(read(put(tmp_path, "blog.warc.gz", packed))[0]) == 3


def test_of_two_captures_the_newer_one_is_kept(tmp_path):
    file = warc(
        tmp_path,
        response(body=b"<p>new", date="2024-05-02T10:00:00Z"),
        response(body=b"<p>old", date="2023-01-01T10:00:00Z"),
        response(body=b"<p>newest", date="2024-06-02T10:00:00Z"),
    )
    assert [page.body for page in read(file)[0]] == [b"<p>new", b"<p>newest"]


def test_a_resource_record_is_a_page(tmp_path):
    (page,), _ = read(warc(tmp_path, record("resource", "https://clinic.test/a", b"<p>x", "text/html")))
    assert page.body == b"<p>x"


def test_a_capture_without_a_date_is_of_today(tmp_path):
    (page,), _ = read(warc(tmp_path, response(date="some day")))
    assert page.fetched_at == NOW


@pytest.mark.parametrize("with_dictionary", [False, True])
def test_an_archive_packed_with_zstd_is_read(tmp_path, with_dictionary):
    zstd = zstd_library()
    records = [response(f"https://clinic.test/{n}") for n in range(9)]
    trained = zstd.train_dict(records * 20, 2000) if with_dictionary else None
    head = b""
    if trained:
        plain = zstd.compress(trained.dict_content)
        head = b"\x5d\x2a\x4d\x18" + len(plain).to_bytes(4, "little") + plain
    packed = head + b"".join(zstd.compress(one, zstd_dict=trained) for one in records)
    pages, failures = read(put(tmp_path, "blog.warc.zst", packed))
    assert len(pages) == 9
    assert not failures


@pytest.mark.parametrize("pack", [gzip.compress, zstd_library().compress])
@pytest.mark.parametrize("at", [0, 5, 40, 200, -6])
def test_a_damaged_member_costs_only_what_is_in_it(tmp_path, pack, at):
    members = [pack(response(f"https://clinic.test/{n}", post(text=str(list(range(400)))).encode())) for n in range(3)]
    bad = bytearray(members[1])
    for place in range(at, at + 6):
        bad[place] ^= 0x55
    if pack is not gzip.compress and at == -6:
        pytest.skip("frames of zstd have no checksum by default, so that not every change of a letter is seen")
    pages, failures = read(put(tmp_path, "blog.warc.gz", members[0] + bytes(bad) + members[2]))
    assert urls(pages) == ["https://clinic.test/0", "https://clinic.test/2"]
    assert len(failures) == 1
    assert "damaged" in failures[0].reason


def test_a_length_that_takes_in_the_next_record_loses_only_its_own(tmp_path):
    liar = record("response", "https://clinic.test/liar", b"HTTP/1.1 200 OK\r\n\r\n<p>x</p>", length=300)
    pages, (failure,) = read(warc(tmp_path, liar, response(), response("https://clinic.test/b")))
    assert urls(pages) == ["https://clinic.test/a", "https://clinic.test/b"]
    assert "is a lie" in failure.reason


def test_what_is_no_page_is_counted_by_kind(tmp_path):
    others = [
        response("https://clinic.test/c", status="301 Moved"),
        response("https://clinic.test/d", kind="revisit"),
        response("https://clinic.test/e.png", body=b"\x89PNG", media_type="image/png"),
        response("https://clinic.test/f.css", body=b"p {}", media_type="text/css"),
        response("https://clinic.test/g", status="404 Not Found"),
    ]
    assert left_out(warc(tmp_path, *others, response())) == [
        "2 files beside pages",
        "1 redirect",
        "1 visit that found nothing new",
        "1 page answered 404",
    ]


def test_a_page_whose_answer_names_no_type_is_known_by_its_beginning(tmp_path):
    block = b"HTTP/1.1 200 OK\r\n\r\n" + post().encode()
    (page,), _ = read(warc(tmp_path, record("response", "https://clinic.test/a", block, "application/http")))
    assert page.url == "https://clinic.test/a"


# Hostile archives


def test_a_bomb_in_a_record_is_refused_and_the_others_go_on(tmp_path, monkeypatch):
    monkeypatch.setattr("scraper.imports.http.MAX_DOCUMENT_BYTES", 100_000)
    bomb = response(
        "https://clinic.test/bomb", gzip.compress(b"<p>" * 1_000_000), headers=[("Content-Encoding", "gzip")]
    )
    pages, (failure,) = read(warc(tmp_path, bomb, response()))
    assert urls(pages) == ["https://clinic.test/a"]
    assert failure.url == "https://clinic.test/bomb"
    assert "unpacks to more than" in failure.reason


def test_a_bomb_of_an_archive_is_stopped(tmp_path, monkeypatch):
    monkeypatch.setattr("scraper.imports.packed.FREE_BYTES", 100_000)
    packed = gzip.compress(response() + record("metadata", "x:y", bytes(50_000_000)))
    pages, (failure,) = read(put(tmp_path, "blog.warc.gz", packed))
    assert len(pages) == 1
    assert "far more than it should" in failure.reason


def test_a_record_that_is_too_long_is_refused_and_the_others_go_on(tmp_path, monkeypatch):
    monkeypatch.setattr("scraper.imports.warc.MAX_DOCUMENT_BYTES", 1000)
    monkeypatch.setattr("scraper.imports.warc._MAX_LINE", 1000)
    pages, (failure,) = read(warc(tmp_path, response("https://clinic.test/long", b"<p>" * 5000), response()))
    assert urls(pages) == ["https://clinic.test/a"]
    assert "longer than" in failure.reason


@pytest.mark.parametrize("length", ["10", "-5", "many", "9" * 30])
def test_a_lying_length_loses_no_more_than_its_record(tmp_path, length):
    liar = record("response", "https://clinic.test/liar", b"HTTP/1.1 200 OK\r\n\r\n<p>x</p>", length=length)
    pages, failures = read(warc(tmp_path, liar, response()))
    assert urls(pages) == ["https://clinic.test/a"]
    assert len(failures) == 1
    assert "is a lie" in failures[0].reason


@pytest.mark.parametrize("name", ["blog.warc", "blog.warc.gz"])
def test_an_archive_that_breaks_off_gives_what_came_and_a_failure(tmp_path, name):
    data = response("https://clinic.test/b") + response(body=post(text=str(list(range(2000)))).encode())
    if name.endswith(".gz"):
        data = gzip.compress(response("https://clinic.test/b")) + gzip.compress(data)
    pages, failures = read(put(tmp_path, name, data[:-900]))
    assert urls(pages) == ["https://clinic.test/b"]
    assert "breaks off" in failures[-1].reason


def test_a_line_without_end_does_not_fill_the_memory(tmp_path):
    pages, failures = read(warc(tmp_path, b"WARC/1.0\r\nX: " + b"y" * 3_000_000 + b"\r\n\r\n", response()))
    assert urls(pages) == ["https://clinic.test/a"]
    assert failures


def test_an_archive_without_pages_says_so(tmp_path):
    _, (failure,) = read(warc(tmp_path, record("warcinfo", "", b"software: x")))
    assert "no HTML pages" in failure.reason


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br"])
def test_a_body_that_is_cut_before_any_text_is_told_from_a_damaged_one(coding):
    plain = b"<html><body>" + b"".join(b"<p>Line %d of a quiet page.</p>" % n for n in range(900))
    pack = {"gzip": gzip.compress, "deflate": zlib.compress, "br": brotli.compress}[coding]

    def read(body):
        return http.decoded(http.Response(200, (("content-encoding", coding),), body)).data

    packed = pack(plain)
    assert read(packed) == plain
    with pytest.raises(RefusedError, match="cut off before any text"):
        read(packed[:18])
    with pytest.raises(RefusedError, match="damaged"):
        read(packed[: {"gzip": 10, "deflate": 2, "br": 12}[coding]] + b"\xff" * 60)


LONG = post(text=" ".join(f"Line {number} of a quiet page." for number in range(20_000))).encode()


@pytest.mark.parametrize(
    ("pack", "headers"),
    [
        (gzip.compress, [("Content-Encoding", "gzip")]),
        (lambda body: gzip.compress(body[:300]) + gzip.compress(body[300:]), [("Content-Encoding", "gzip")]),
        (zlib.compress, [("Content-Encoding", "deflate")]),
        (lambda body: zlib.compress(body)[2:-4], [("Content-Encoding", "deflate")]),
        (brotli.compress, [("Content-Encoding", "br")]),
        (zstd_library().compress, [("Content-Encoding", "zstd")]),
        (chunked, [("Transfer-Encoding", "chunked")]),
        (lambda body: chunked(gzip.compress(body)), [("Transfer-Encoding", "chunked"), ("Content-Encoding", "gzip")]),
    ],
)
def test_a_body_that_is_cut_in_the_middle_is_imported_with_a_word(tmp_path, pack, headers):
    sent = pack(LONG)
    pages, failures = read(warc(tmp_path, response(body=sent, headers=headers)))
    assert (pages[0].body, failures) == (LONG, [])
    (page,), (failure,) = read(warc(tmp_path, response(body=sent[: len(sent) // 2], headers=headers)))
    assert page.body
    assert LONG.startswith(page.body)
    assert failure.url == page.url
    assert "cut off" in failure.reason


def test_bytes_behind_a_whole_packed_body_are_no_cut(tmp_path):
    sent = gzip.compress(LONG) + b"\r\n"
    (page,), failures = read(warc(tmp_path, response(body=sent, headers=[("Content-Encoding", "gzip")])))
    assert page.body == LONG
    assert not failures


def test_a_record_that_says_it_was_truncated_is_imported_with_a_word(tmp_path):
    (page,), (failure,) = read(warc(tmp_path, response(body=LONG[:9000], more="WARC-Truncated: length\r\n")))
    assert page.body == LONG[:9000]
    assert failure.url == page.url
    assert "cut off" in failure.reason


@pytest.mark.parametrize("is_cut_newer", [False, True])
@pytest.mark.parametrize("is_cut_first", [False, True])
def test_a_whole_capture_is_taken_before_one_that_is_cut(tmp_path, is_cut_newer, is_cut_first):
    packed = gzip.compress(LONG)
    dates = sorted(["2024-05-02T10:00:00Z", "2024-06-02T10:00:00Z"], reverse=is_cut_newer)
    bodies = [packed[: len(packed) // 2], packed]
    captures = [
        response(body=body, headers=[("Content-Encoding", "gzip")], date=date)
        for body, date in zip(bodies, dates, strict=True)
    ]
    pages, failures = read(warc(tmp_path, *(captures if is_cut_first else captures[::-1])))
    assert pages[-1].body == LONG
    assert not failures
