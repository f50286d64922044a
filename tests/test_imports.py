from __future__ import annotations

import io
import json
import os
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.errors import UsageError
from scraper.imports import ImportOptions, LeftOut, read_paths
from scraper.imports.addresses import Addresses, Claims, base_folder, from_path
from scraper.imports.files import File, Kind, sniff
from scraper.model import Failure, Page

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def options(base_url=None, **changes):
    return ImportOptions(base_url=base_url, include_pages=False, fetched_at=NOW, **changes)


def read(*paths, base_url=None, **changes):
    outcomes = list(read_paths([Path(path) for path in paths], options(base_url, **changes)))
    return [one for one in outcomes if isinstance(one, Page)], [one for one in outcomes if isinstance(one, Failure)]


def post(title="A post", head="", text="Some words of a post."):
    return f"<!doctype html><html><head><title>{title}</title>{head}</head><body><p>{text}</p></body></html>"


def left_out(*paths, base_url=None, **changes):
    """Return the phrases that say what was left out, of all sources."""
    outcomes = read_paths([Path(path) for path in paths], options(base_url, **changes))
    return [phrase for one in outcomes if isinstance(one, LeftOut) for phrase in one.what]


def canonical(url):
    return f'<link rel="canonical" href="{url}">'


def lay(folder, **files):
    """Write files; `__` in a name is a slash."""
    for name, content in files.items():
        put(folder, name.replace("__", "/") + ".html", content)


def put(folder, name, content):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def urls(pages):
    return [page.url for page in pages]


# Folders


def test_a_folder_gives_its_pages_with_urls_from_their_paths(tmp_path):
    lay(tmp_path, a=post(), blog__index=post(), blog__second=post())
    pages, failures = read(tmp_path, base_url="https://clinic.test/")
    assert urls(pages) == [
        "https://clinic.test/a.html",
        "https://clinic.test/blog/",
        "https://clinic.test/blog/second.html",
    ]
    assert [page.source for page in pages] == ["a.html", "blog/index.html", "blog/second.html"]
    assert {page.site for page in pages} == {"clinic.test"}
    assert not failures


def test_an_imported_page_is_the_file_as_it_was(tmp_path):
    body = post(text="Caf\xe9").encode("latin-1")
    put(tmp_path, "a.html", body)
    (page,), _ = read(tmp_path)
    assert (page.body, page.status, page.content_type, page.fetched_at) == (body, 200, "text/html", NOW)
    assert page.evidence == ("import",)


def test_a_base_url_may_have_a_folder_and_lack_scheme_and_slash(tmp_path):
    lay(tmp_path, a=post())
    assert urls(read(tmp_path, base_url="clinic.test/blog")[0]) == ["https://clinic.test/blog/a.html"]
    assert read(tmp_path, base_url="clinic.test/blog")[0][0].site == "clinic.test/blog"


def test_a_base_url_that_is_none_is_a_usage_error(tmp_path):
    lay(tmp_path, a=post())
    for typed in (
        "ftp://clinic.test",
        "foo",
        "foo/bar",
        "./blog",
        "blog.html",
        "a..b",
        "mail@clinic.test",
        "https://",
        "",
    ):
        with pytest.raises(UsageError) as told:
            read_paths([tmp_path], options(typed))
        assert str(told.value) == f"{typed!r} is no web address; write it so: --base-url https://your-site/"


@pytest.mark.parametrize(
    ("typed", "folder"),
    [
        ("clinic.test", "https://clinic.test/"),
        ("www.clinic.test/blog", "https://www.clinic.test/blog/"),
        ("clinic.test:8000", "https://clinic.test:8000/"),
        ("localhost:8000/blog/", "https://localhost:8000/blog/"),
        ("intranet:8080", "https://intranet:8080/"),
        ("10.0.0.7", "https://10.0.0.7/"),
        ("pr\xe4xis.test", "https://pr\xe4xis.test/"),
        ("http://intranet", "http://intranet/"),
    ],
)
def test_a_base_url_without_a_scheme_is_https_where_it_begins_with_a_host(typed, folder):
    assert base_folder(typed) == folder


def test_hidden_files_and_assets_are_passed_over(tmp_path):
    lay(tmp_path, a=post())
    for name in (
        ".hidden.html",
        ".git/page.html",
        "style.css",
        "style.css?ver=5.2",
        "app.js",
        "photo.jpg",
        "robots.txt",
        "feed.rss",
    ):
        put(tmp_path, name, post())
    pages, failures = read(tmp_path)
    assert [page.source for page in pages] == ["a.html"]
    assert not failures


def test_a_feed_that_a_mirror_called_index_html_is_no_page(tmp_path):
    lay(tmp_path, a=post(), feed__index='<?xml version="1.0"?><rss version="2.0"><channel></channel></rss>')
    pages, _ = read(tmp_path)
    assert [page.source for page in pages] == ["a.html"]


def test_a_page_without_an_extension_is_told_by_its_content(tmp_path):
    put(tmp_path, "about-us", post())
    put(tmp_path, "CNAME", "clinic.test")
    pages, _ = read(tmp_path, base_url="https://clinic.test/")
    assert urls(pages) == ["https://clinic.test/about-us"]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("empty.html", b"  \n", "empty"),
        ("binary.html", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8, "holds something else"),
        ("packed.html", b"\x1f\x8b\x08\x00" + bytes(60), "compressed"),
    ],
)
def test_one_bad_file_is_a_failure_and_not_a_stop(tmp_path, name, content, reason):
    lay(tmp_path, a=post(), z=post())
    put(tmp_path, name, content)
    pages, (failure,) = read(tmp_path)
    assert [page.source for page in pages] == ["a.html", "z.html"]
    assert failure.url == name
    assert reason in failure.reason


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_file_is_a_failure(tmp_path):
    lay(tmp_path, a=post())
    put(tmp_path, "secret.html", post()).chmod(0)
    pages, (failure,) = read(tmp_path)
    assert len(pages) == 1
    assert "could not be read" in failure.reason


def test_a_file_that_is_too_long_is_a_failure(tmp_path, monkeypatch):
    monkeypatch.setattr("scraper.imports.files.MAX_DOCUMENT_BYTES", 1000)
    lay(tmp_path, a=post(), long=post(text="x" * 2000))
    pages, (failure,) = read(tmp_path)
    assert [page.source for page in pages] == ["a.html"]
    assert "longer than" in failure.reason


def test_a_link_that_leads_out_of_the_folder_is_not_followed(tmp_path):
    outside = put(tmp_path, "secret.html", post("Secret"))
    lay(tmp_path / "blog", a=post())
    (tmp_path / "blog" / "b.html").symlink_to(outside)
    (tmp_path / "blog" / "up").symlink_to(tmp_path)
    pages, (failure,) = read(tmp_path / "blog")
    assert [page.source for page in pages] == ["a.html"]
    assert failure.url == "b.html"
    assert "leads out of the folder" in failure.reason


def test_a_link_that_leads_nowhere_is_a_failure(tmp_path):
    lay(tmp_path, a=post())
    (tmp_path / "b.html").symlink_to(tmp_path / "b.html")
    pages, failures = read(tmp_path)
    assert len(pages) == 1
    assert [failure.url for failure in failures] == ["b.html"]


def test_a_pipe_in_a_folder_is_passed_over(tmp_path):
    lay(tmp_path, a=post())
    os.mkfifo(tmp_path / "pipe.html")
    assert len(read(tmp_path)[0]) == 1


def test_a_path_that_is_not_there_is_a_usage_error_before_anything_is_read(tmp_path):
    with pytest.raises(UsageError, match=r"no file or folder .*nowhere"):
        read_paths([tmp_path, tmp_path / "nowhere"], options())


def test_a_folder_with_nothing_to_import_is_a_usage_error(tmp_path):
    put(tmp_path, "style.css", "p {}")
    with pytest.raises(UsageError, match=f"Found nothing to import in {tmp_path}"):
        read(tmp_path)


def test_an_empty_folder_among_others_is_a_failure(tmp_path):
    lay(tmp_path / "full", a=post())
    (tmp_path / "empty").mkdir()
    pages, (failure,) = read(tmp_path / "empty", tmp_path / "full")
    assert len(pages) == 1
    assert "Found nothing to import" in failure.reason


def test_a_single_file_is_read_by_its_content(tmp_path):
    file = put(tmp_path, "saved.dat", post())
    (page,), _ = read(file, base_url="https://clinic.test/")
    assert (page.content_type, page.source) == ("text/html", "saved.dat")


def test_a_file_name_that_is_no_unicode_can_be_stored(tmp_path):
    name = os.fsdecode(b"caf\xe9.html")
    try:
        put(tmp_path, name, post())
    except OSError:
        pytest.skip("the file system takes Unicode only")
    (page,), _ = read(tmp_path)
    page.source.encode()
    page.url.encode()


# Addresses


@pytest.mark.parametrize(
    ("source", "url"),
    [
        ("a.html", "https://clinic.test/a.html"),
        ("index.html", "https://clinic.test/"),
        ("blog/index.htm", "https://clinic.test/blog/"),
        ("my post.html", "https://clinic.test/my%20post.html"),
        ("caf\xe9.html", "https://clinic.test/caf%C3%A9.html"),
        ("caf%C3%A9.html", "https://clinic.test/caf%C3%A9.html"),
        ("100%.html", "https://clinic.test/100%25.html"),
        ("c#.html", "https://clinic.test/c%23.html"),
        ("index.html?p=12", "https://clinic.test/?p=12"),
        ("index.html?p=12.html", "https://clinic.test/?p=12"),
        ("index.html%3Fp=12.html", "https://clinic.test/?p=12"),
        ("blog/index.html@page=2", "https://clinic.test/blog/?page=2"),
        ("post.php@id=7&lang=de.html", "https://clinic.test/post.php?id=7&lang=de"),
        ("a%3Fb=1", "https://clinic.test/a?b=1"),
        ("@anna/first-post.html", "https://clinic.test/@anna/first-post.html"),
        ("mail@clinic.html", "https://clinic.test/mail@clinic.html"),
        ("clinic.test/blog/index.html", "https://clinic.test/blog/"),
        ("www.clinic.test/a.html", "https://clinic.test/a.html"),
        ("other.test/a.html", "https://clinic.test/other.test/a.html"),
    ],
)
def test_the_name_that_a_mirror_gave_a_file_is_decoded(source, url):
    assert from_path("https://clinic.test/", source) == url


@given(st.text(st.characters(exclude_characters="/\x00", exclude_categories=["Cs"]), min_size=1, max_size=60))
def test_any_file_name_makes_an_address_below_the_base_or_none(name):
    try:
        url = from_path("https://clinic.test/blog/", name)
    except ValueError:
        return
    assert url.startswith("https://clinic.test/")


def test_two_files_that_make_one_url_stay_two_pages(tmp_path):
    lay(tmp_path, index=post("One"))
    put(tmp_path, "index.htm", post("Two"))
    pages, _ = read(tmp_path, base_url="https://clinic.test/")
    assert urls(pages) == ["https://clinic.test/", "https://clinic.test/index.html"]


def test_the_same_path_in_two_folders_stays_two_pages(tmp_path):
    lay(tmp_path, one__a=post("One"), two__a=post("Two"))
    pages, _ = read(tmp_path / "one", tmp_path / "two", base_url="https://clinic.test/")
    assert len(set(urls(pages))) == 2


def test_without_a_base_url_the_canonical_link_is_the_address(tmp_path):
    lay(tmp_path, a=post(head=canonical("https://www.Clinic.test/blog/a/#top")))
    (page,), _ = read(tmp_path)
    assert page.url == "https://www.clinic.test/blog/a/"
    assert page.site == "clinic.test"


def test_a_canonical_link_that_two_files_share_is_no_address_of_either(tmp_path):
    shared = canonical("https://clinic.test/blog/")
    lay(tmp_path, a=post(head=shared), b=post(head=shared), c=post(head=canonical("https://clinic.test/c/")))
    pages, _ = read(tmp_path)
    assert len(set(urls(pages))) == 3
    assert "https://clinic.test/blog/" not in urls(pages)
    assert "https://clinic.test/c/" in urls(pages)
    assert {page.site for page in pages} == {"clinic.test"}


def test_files_named_one_by_one_share_no_canonical_link_either(tmp_path):
    shared = canonical("https://clinic.test/blog/")
    lay(tmp_path, a=post("A", head=shared), b=post("B", head=shared))
    pages, _ = read(tmp_path / "a.html", tmp_path / "b.html")
    assert len(set(urls(pages))) == 2
    assert "https://clinic.test/blog/" not in urls(pages)


def test_the_address_of_an_earlier_file_is_left_to_it(tmp_path):
    head = canonical("https://clinic.test/blog/")
    lay(tmp_path, a=post(head=head))
    assert urls(read(tmp_path, holder=lambda url: "b.html")[0]) != ["https://clinic.test/blog/"]
    assert urls(read(tmp_path, holder=lambda url: "a.html")[0]) == ["https://clinic.test/blog/"]
    assert urls(read(tmp_path, holder=lambda url: "copy/a.html")[0]) == ["https://clinic.test/blog/"]


def test_og_url_serves_where_there_is_no_canonical_link(tmp_path):
    lay(tmp_path, a=post(head='<meta property="og:url" content="https://clinic.test/a/">'))
    assert urls(read(tmp_path)[0]) == ["https://clinic.test/a/"]


def test_an_og_url_that_is_another_files_canonical_link_is_not_taken(tmp_path):
    lay(
        tmp_path,
        a=post(head='<meta property="og:url" content="https://clinic.test/b/">'),
        b=post(head=canonical("https://clinic.test/b/")),
    )
    pages, _ = read(tmp_path)
    assert {page.source: page.url for page in pages}["b.html"] == "https://clinic.test/b/"
    assert len(set(urls(pages))) == 2


@pytest.mark.parametrize(
    "comment",
    [
        "<!-- saved from url=(0023)https://clinic.test/a/ -->",
        "<!--\n Page saved with SingleFile \n url: https://clinic.test/a/ \n saved date: today\n-->",
    ],
)
def test_the_mark_of_the_program_that_saved_a_page_names_its_address(tmp_path, comment):
    put(tmp_path, "a.html", "<!DOCTYPE html>\n" + comment + post()[15:])
    assert urls(read(tmp_path)[0]) == ["https://clinic.test/a/"]


_ADDRESSES = st.sampled_from([None, "https://clinic.test/", "https://clinic.test/a/", "https://other.test/a"])


@given(
    st.lists(st.tuples(_ADDRESSES, _ADDRESSES), max_size=6),
    st.sampled_from([None, "https://clinic.test/"]),
    st.sampled_from(
        [["index.html", "index.htm", "a%3Fb", "a@b=1", "a?b", "a?b=1.html"], ["0", "1", "2", "3", "4", "5"]]
    ),
)
def test_no_file_ever_takes_the_address_of_another(claims, base_url, names):
    addresses = Addresses(options(base_url), known := [Claims(canonical=one, graph=two) for one, two in claims])
    files = [File(name, f"/blog/{name}", lambda: io.BytesIO()) for name in names]
    given_out = [addresses.of(file, claim).url for file, claim in zip(files, known, strict=False)]
    assert len(set(given_out)) == len(claims)


def test_a_canonical_link_in_the_text_of_a_post_is_none(tmp_path):
    lay(tmp_path, a=post(text=canonical("https://evil.test/")))
    assert "evil.test" not in urls(read(tmp_path)[0])[0]


@pytest.mark.parametrize("href", ["javascript:alert(1)", "/blog/a/", "", "file:///etc/passwd", "https://"])
def test_a_canonical_link_that_is_no_address_is_passed_over(tmp_path, href):
    lay(tmp_path, a=post(head=canonical(href)))
    (page,), _ = read(tmp_path)
    assert page.url.startswith("https://file.invalid/")
    assert page.site == "file.invalid"


def test_a_made_up_address_is_the_same_at_every_import_and_another_for_every_file(tmp_path):
    lay(tmp_path, one__a=post(), two__a=post())
    first = [read(tmp_path / name)[0][0].url for name in ("one", "two")]
    again = [read(tmp_path / name)[0][0].url for name in ("one", "two")]
    assert first == again
    assert len(set(first)) == 2
    assert urls(read(tmp_path)[0]) == first
    assert urls(read(tmp_path / "one" / "a.html")[0]) == first[:1]


def test_a_few_links_elsewhere_do_not_take_pages_out_of_their_blog(tmp_path):
    lay(tmp_path, **{f"p{n}": post(head=canonical(f"https://clinic.test/{n}/")) for n in range(8)})
    lay(tmp_path, crossposted=post(head=canonical("https://magazine.test/essay")), bare=post())
    assert {page.site for page in read(tmp_path)[0]} == {"clinic.test"}


def test_pages_of_several_blogs_keep_their_sites(tmp_path):
    for host in ("one.test", "two.test"):
        lay(tmp_path, **{f"{host}{n}": post(head=canonical(f"https://{host}/{n}/")) for n in range(4)})
    assert {page.site for page in read(tmp_path)[0]} == {"one.test", "two.test"}


# Plain text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_text_dump_is_decoded_whatever_it_was_written_with(tmp_path, encoding):
    file = put(tmp_path, "post.txt", "Ketamine \u2013 a caf\xe9 talk\r\n\r\nSecond paragraph.".encode(encoding))
    (page,), _ = read(file)
    assert page.headers == (("content-type", "text/plain; charset=utf-8"),)
    assert page.body.decode() == "Ketamine \u2013 a caf\xe9 talk\n\nSecond paragraph."
    assert page.stated is None


def test_text_files_in_a_folder_are_read_too(tmp_path):
    put(tmp_path, "one.txt", "First.")
    put(tmp_path, "humans.txt", "We made this site.")
    assert [page.source for page in read(tmp_path)[0]] == ["one.txt"]


def test_text_that_speaks_of_html_stays_text():
    assert sniff(b"Use the <b> element for bold words.", "post.txt") is Kind.TEXT


def test_html_in_a_text_file_is_html():
    assert sniff(b"<!DOCTYPE html>\n<title>A</title><p>B", "post.txt") is Kind.HTML


@given(st.binary(max_size=300), st.sampled_from(["a.html", "a.txt", "a.jsonl", "a.xml", "a"]))
def test_any_bytes_are_of_some_kind(head, name):
    assert sniff(head, name) in Kind


# JSON lines


def lines(folder, *posts, name="posts.jsonl"):
    return put(folder, name, "".join((one if isinstance(one, str) else json.dumps(one)) + "\n" for one in posts))


def test_a_json_line_needs_url_and_text_only(tmp_path):
    (page,), failures = read(lines(tmp_path, {"url": "https://c.test/a", "text": "One.\n\nTwo."}))
    assert (page.url, page.site, page.source, page.body) == (
        "https://c.test/a",
        "c.test",
        "posts.jsonl",
        b"One.\n\nTwo.",
    )
    assert page.content_type == "text/plain"
    assert page.stated is None
    assert not failures


def test_a_json_line_states_its_metadata(tmp_path):
    line = {
        "id": 7, "site": "clinic.test/blog", "url": "https://c.test/a", "source": "a.html", "gone": False,
        "title": "T", "author": "A", "published": "2024-05-02", "modified": "2024-06-01T10:00:00Z", "language": "en",
        "categories": ["C"], "tags": ["x", "y"], "topics": ["z"], "words": 1, "text": "One.",
        "blocks": [{"text": "dropped", "kept": False}], "something": {"else": 1},
    }  # fmt: skip
    (page,), _ = read(lines(tmp_path, line))
    assert (page.site, page.source, page.body) == ("clinic.test/blog", "a.html", b"One.")
    stated = page.stated
    assert (stated.title, stated.author, stated.language) == ("T", "A", "en")
    assert (stated.published, stated.modified) == (date(2024, 5, 2), date(2024, 6, 1))
    assert (stated.categories, stated.tags) == (("C",), ("x", "y"))


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"url": "https://c.test/b", "text": ', "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("7", "not a JSON object"),
        ('{"text": "No address."}', 'no "url"'),
        ('{"url": "https://c.test/b"}', 'no "text"'),
        ('{"url": "https://c.test/b", "text": 7}', 'Its "text" is a number, not text.'),
        ('{"url": "https://c.test/b", "text": " \\n "}', 'Its "text" is empty.'),
        ('{"url": 5, "text": "x"}', 'Its "url" is a number, not text.'),
        ('{"url": ["https://c.test/b"], "text": "x"}', 'Its "url" is a list, not text.'),
        ('{"url": null, "text": "x"}', 'no "url"'),
        ('{"url": "", "text": "x"}', 'Its "url" is empty.'),
        ('{"url": "javascript:alert(1)", "text": "x"}', "no web address"),
        ('{"url": "https://c.test/a", "text": "again"}', "was read before, from posts.jsonl:1"),
    ],
)
def test_a_broken_line_is_a_failure_with_its_number(tmp_path, line, reason):
    file = lines(tmp_path, {"url": "https://c.test/a", "text": "x"}, line, {"url": "https://c.test/c", "text": "y"})
    pages, (failure,) = read(file)
    assert urls(pages) == ["https://c.test/a", "https://c.test/c"]
    assert failure.url == "posts.jsonl:2"
    assert "ine 2" not in failure.reason
    assert "posts.jsonl:2" not in failure.reason
    assert reason in failure.reason


def test_a_line_that_is_too_long_is_a_failure(tmp_path, monkeypatch):
    monkeypatch.setattr("scraper.imports.jsonl.MAX_LINE_CHARACTERS", 1000)
    file = lines(tmp_path, {"url": "https://c.test/a", "text": "x" * 5000}, {"url": "https://c.test/b", "text": "y"})
    pages, (failure,) = read(file)
    assert urls(pages) == ["https://c.test/b"]
    assert failure.url == "posts.jsonl:1"
    assert "too long" in failure.reason


def test_an_address_in_json_may_be_relative_to_the_base(tmp_path):
    file = lines(tmp_path, {"url": "/blog/a", "text": "x"})
    assert urls(read(file, base_url="https://clinic.test/")[0]) == ["https://clinic.test/blog/a"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_json_lines_from_a_windows_shell_are_read(tmp_path, encoding):
    file = put(tmp_path, "posts.jsonl", '{"url": "https://c.test/a", "text": "caf\xe9"}\r\n'.encode(encoding))
    assert read(file)[0][0].body.decode() == "caf\xe9"


def test_json_that_no_database_takes_is_mended(tmp_path):
    file = lines(
        tmp_path, '{"url": "https://c.test/a", "text": "a\\ud800b\\u0000", "title": "\\udfff", "site": "\\n; x"}'
    )
    (page,), _ = read(file)
    assert page.body.decode() == "a\ufffdb\ufffd"
    assert page.stated.title == "\ufffd"
    assert page.site == "c.test"


def test_a_date_that_cannot_be_read_is_left_away_and_logged(tmp_path, caplog):
    file = lines(tmp_path, {"url": "https://c.test/a", "text": "x", "title": "T", "published": "last May"})
    (page,), failures = read(file)
    assert (page.stated.title, page.stated.published) == ("T", None)
    assert not failures
    assert caplog.messages == ["posts.jsonl:1: its \"published\" could not be read and was left away: 'last May'"]


def test_metadata_that_is_empty_is_not_logged(tmp_path, caplog):
    read(lines(tmp_path, {"url": "https://c.test/a", "text": "x", "published": None, "title": "", "tags": []}))
    assert not caplog.messages


@pytest.mark.parametrize("value", [7, None, {"a": 1}, [["x"], 3], "2024-99-99", True])
def test_metadata_of_the_wrong_type_is_passed_over(tmp_path, value):
    names = ("title", "author", "published", "modified", "language", "categories", "tags", "source", "site")
    file = lines(tmp_path, {"url": "https://c.test/a", "text": "x"} | dict.fromkeys(names, value))
    pages, failures = read(file)
    assert len(pages) == 1
    assert not failures
