from __future__ import annotations

import json
import stat
import zipfile

import pytest
from test_imports import canonical, lay, post, put, read, urls


def packed(folder, members, name="blog.zip", method=zipfile.ZIP_DEFLATED):
    """Write a zip of (name or ZipInfo, content)."""
    path = folder / name
    with zipfile.ZipFile(path, "w", method) as archive:
        for member, content in members:
            archive.writestr(member, content, method)
    return path


def test_a_zip_is_read_like_the_folder_it_was_made_from(tmp_path):
    lay(tmp_path / "blog", a=post("A"), sub__index=post("B"))
    file = packed(tmp_path, [("sub/index.html", post("B")), ("a.html", post("A")), ("style.css", "p {}")])
    from_zip, failures = read(file, base_url="https://clinic.test/")
    from_folder, _ = read(tmp_path / "blog", base_url="https://clinic.test/")
    assert [(page.url, page.source, page.body) for page in from_zip] == [
        (page.url, page.source, page.body) for page in from_folder
    ]
    assert not failures


def test_canonical_links_in_a_zip_are_addresses(tmp_path):
    shared = canonical("https://clinic.test/")
    file = packed(
        tmp_path,
        [
            ("a.html", post(head=shared)),
            ("b.html", post(head=shared)),
            ("c.html", post(head=canonical("https://clinic.test/c/"))),
        ],
    )
    pages, _ = read(file)
    assert len(set(urls(pages))) == 3
    assert urls(pages)[2] == "https://clinic.test/c/"


def test_json_lines_in_a_zip_are_read(tmp_path):
    file = packed(tmp_path, [("posts.jsonl", json.dumps({"url": "https://clinic.test/a", "text": "x"}))])
    assert urls(read(file)[0]) == ["https://clinic.test/a"]


def test_what_an_operating_system_adds_to_a_zip_is_passed_over(tmp_path):
    file = packed(tmp_path, [("a.html", post()), ("__MACOSX/._a.html", b"\x00\x05"), (".DS_Store", b"\x00")])
    pages, failures = read(file)
    assert len(pages) == 1
    assert not failures


def _linked():
    info = zipfile.ZipInfo("link.html")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


@pytest.mark.parametrize(
    ("member", "content", "reason"),
    [
        ("../evil.html", post(), "leads out of the archive"),
        ("sub/../../evil.html", post(), "leads out of the archive"),
        ("/etc/evil.html", post(), "leads out of the archive"),
        ("C:\\evil.html", post(), "leads out of the archive"),
        ("sub\\..\\..\\evil.html", post(), "leads out of the archive"),
        (_linked(), "/etc/passwd", "link or a device"),
        ("inner.zip", b"PK\x03\x04", "inside an archive"),
        ("inner.html", b"PK\x03\x04" + bytes(60), "not opened"),
        ("bomb.html", "<p>" + "0" * 3_000_000, "more than 100 times"),
        ("empty.html", "", "empty"),
    ],
)
def test_a_member_that_can_not_be_trusted_is_refused_and_the_others_go_on(tmp_path, member, content, reason):
    file = packed(tmp_path, [("a.html", post()), (member, content), ("z.html", post())])
    pages, (failure,) = read(file)
    assert [page.source for page in pages] == ["a.html", "z.html"]
    assert reason in failure.reason
    assert failure.reason.endswith(".")
    assert not (tmp_path.parent / "evil.html").exists()


def test_two_members_of_one_name_are_one_page_and_a_failure(tmp_path):
    with pytest.warns(UserWarning, match="Duplicate name"):
        file = packed(tmp_path, [("a.html", post("first")), ("a.html", post("second"))])
    (page,), (failure,) = read(file)
    assert b"first" in page.body
    assert "two files of this name" in failure.reason


def _patched(path, find, change):
    """Overwrite bytes at an offset from a signature, in every place."""
    data = bytearray(path.read_bytes())
    at = data.find(find)
    while at >= 0:
        change(data, at)
        at = data.find(find, at + 4)
    path.write_bytes(bytes(data))
    return path


@pytest.mark.parametrize("length", [10, 5_000_000])
def test_a_lying_length_is_refused(tmp_path, length):
    file = packed(tmp_path, [("a.html", post(text="lies " * 3000))], method=zipfile.ZIP_STORED)

    def lie(data, at):
        data[at + 24 : at + 28] = length.to_bytes(4, "little")

    _patched(file, b"PK\x01\x02", lie)
    pages, (failure,) = read(file)
    assert not pages
    assert "length is a lie" in failure.reason or "times its length" in failure.reason


def test_damaged_bytes_are_a_failure(tmp_path):
    file = packed(
        tmp_path, [("a.html", post(text="good")), ("b.html", post(text="x" * 300))], method=zipfile.ZIP_STORED
    )
    data = file.read_bytes()
    file.write_bytes(data.replace(b"x" * 300, b"y" * 300))
    pages, (failure,) = read(file)
    assert [page.source for page in pages] == ["a.html"]
    assert failure.url == "b.html"
    assert "damaged" in failure.reason


def test_an_encrypted_member_is_refused(tmp_path):
    file = packed(tmp_path, [("a.html", post())])

    def encrypt(data, at):
        data[at + 8] |= 1

    pages, (failure,) = read(_patched(file, b"PK\x01\x02", encrypt))
    assert not pages
    assert "encrypted" in failure.reason


def test_members_that_share_their_bytes_are_refused(tmp_path):
    file = packed(tmp_path, [("a.html", post("A")), ("b.html", post("B"))])

    def overlap(data, at):
        data[at + 42 : at + 46] = (0).to_bytes(4, "little")

    pages, failures = read(_patched(file, b"PK\x01\x02", overlap))
    assert len(pages) + len(failures) == 2
    assert any("overlaps" in failure.reason or "damaged" in failure.reason for failure in failures)


def test_an_archive_that_unpacks_to_too_much_in_all_is_stopped(tmp_path, monkeypatch):
    monkeypatch.setattr("scraper.imports.archive.FREE_BYTES", 1000)
    monkeypatch.setattr("scraper.imports.archive.MAX_RATIO", 20)
    file = packed(tmp_path, [(f"{n}.html", post(text=f"{n} " * 2000)) for n in range(60)])
    _, failures = read(file)
    assert failures
    assert all("far more than it should" in one.reason or "times its length" in one.reason for one in failures)


@pytest.mark.parametrize("cut", [30, 120, -10])
def test_a_zip_that_was_cut_off_is_a_failure(tmp_path, cut):
    file = packed(tmp_path, [("a.html", post())])
    file.write_bytes(file.read_bytes()[:cut])
    pages, (failure,) = read(file)
    assert not pages
    assert failure.url == "blog.zip"
    assert "archive" in failure.reason


def test_a_zip_with_a_huge_table_of_contents_is_refused_unread(tmp_path, monkeypatch):
    monkeypatch.setattr("scraper.imports.archive.MAX_DIRECTORY_BYTES", 1000)
    file = packed(tmp_path, [(f"{n}.html", "") for n in range(100)])
    pages, (failure,) = read(file)
    assert not pages
    assert "too many files" in failure.reason


def test_a_zip_inside_a_folder_is_passed_over(tmp_path):
    put(tmp_path, "a.html", post())
    packed(tmp_path, [("b.html", post())])
    assert [page.source for page in read(tmp_path)[0]] == ["a.html"]


def test_nothing_is_unpacked_to_disk(tmp_path):
    file = packed(tmp_path, [("a.html", post())])
    read(file)
    assert list(tmp_path.iterdir()) == [file]


def test_random_damage_never_stops_an_import(tmp_path):
    whole = packed(tmp_path, [(f"{n}.html", post(text=f"text {n}")) for n in range(3)]).read_bytes()
    for at in range(4, len(whole), 7):
        data = bytearray(whole)
        data[at] ^= 0xFF
        pages, failures = read(put(tmp_path, "damaged.zip", bytes(data)))
        assert pages or failures
