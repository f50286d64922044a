from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.markup import decode, parse


def text(tree):
    return " ".join("".join(tree.itertext()).split())


@pytest.mark.parametrize(
    "body", [b"", b" ", b"\x00", b"<", b"<!-- x -->", "\ufeff", "\ud800", b"\xff\xfe", "<?xml version='1.0'?>"]
)
def test_a_page_without_markup_still_has_an_html_element(body):
    assert parse(body).tag == "html"


def test_valid_utf8_wins_over_a_header_that_says_latin_1():
    assert decode("Käse".encode(), "text/html; charset=iso-8859-1") == "Käse"


def test_the_header_decides_for_bytes_that_are_not_utf8():
    assert decode("Привет".encode("cp1251"), "text/html; charset=windows-1251") == "Привет"


def test_the_pages_own_charset_decides_where_no_header_does():
    body = '<meta http-equiv="Content-Type" content="text/html; charset=shift_jis"><p>日本'.encode("cp932")
    assert "日本" in decode(body)


def test_latin_1_means_windows_1252_as_in_browsers():
    assert decode(b"\x93quoted\x94", "text/html; charset=ISO-8859-1") == "“quoted”"


def test_a_charset_label_that_names_a_python_transform_is_ignored():
    assert decode(b"\xe9t\xe9", "text/html; charset=unicode_escape") == "été"


def test_a_byte_order_mark_is_obeyed_and_removed():
    assert decode("\ufeffhé".encode("utf-16-le")) == "hé"


def test_utf16_without_a_mark_is_recognised():
    assert decode("<html><p>Hello there</p></html>".encode("utf-16-le")).startswith("<html>")


def test_one_broken_byte_does_not_turn_a_utf8_page_into_mojibake():
    assert "é" in decode("é è à ç ".encode() * 5 + b"\xff")


def test_nulls_and_control_characters_are_dropped():
    assert text(parse(b"<p>a\x00b\x1bc</p>")) == "abc"


def test_text_after_the_end_of_the_body_is_kept():
    assert text(parse("<html><body><p>one</p></body></html><p>two</p>")) == "one two".replace(" ", "")


def test_text_below_200000_nested_tags_is_kept_and_the_tree_stays_shallow():
    start = time.process_time()
    tree = parse("<p>before</p>" + "<div>" * 200_000 + "deep" + "</div>" * 200_000 + "<p>after</p>")
    assert text(tree) == "before deep after"
    assert time.process_time() - start < 5
    deepest = max(sum(1 for _ in element.iterancestors()) for element in tree.iter())
    assert deepest < 256


def test_a_page_of_unclosed_tags_does_not_take_quadratic_time():
    start = time.process_time()
    parse("<div>" * 300 + "<a " * 300_000 + "<script>" * 50_000)
    assert time.process_time() - start < 5


def test_a_text_beyond_the_parsers_limit_is_kept():
    tree = parse("<p>" + "x" * 7_999_990 + "</p><p>y</p>")
    assert len(text(tree)) > 7_000_000


def test_comments_and_processing_instructions_are_gone():
    assert text(parse("<p>a<!-- b --><?php c ?>d</p>")) == "ad"


def test_the_content_of_scripts_stays_in_the_tree_for_metadata():
    tree = parse('<script type="application/ld+json">{"a": "<b>"}</script>')
    assert tree.find(".//script").text == '{"a": "<b>"}'


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_give_a_tree(body):
    assert parse(body).tag == "html"


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="<>/!-?&;=\"'abdivspanhtml \n", max_size=200))
def test_any_tag_soup_gives_a_tree(body):
    assert parse(body).tag == "html"


RUSSIAN = "Многие пациенты спрашивают, сколько длится лечение и когда наступает облегчение."


@pytest.mark.parametrize(
    ("codec", "text"),
    [
        ("cp1251", RUSSIAN),
        ("koi8_r", RUSSIAN),
        ("cp932", "多くの患者さんは治療がどのくらい続くのか、いつ楽になるのかと尋ねます。"),
        ("euc_jp", "多くの患者さんは治療がどのくらい続くのか、いつ楽になるのかと尋ねます。"),
        ("gb18030", "许多患者会问治疗要持续多久，什么时候才能感到轻松。我们如实回答。"),
        ("cp949", "많은 환자들이 치료가 얼마나 오래 걸리는지, 언제 나아지는지 묻습니다."),
        ("cp1252", "Grüße aus Köln"),
        ("cp1252", "Le café est déjà fermé – à bientôt"),
    ],
)
def test_an_encoding_that_nobody_states_is_told_by_the_text(codec, text):
    html = f"<html><head><title>x</title></head><body><p>{text}</p></body></html>"
    assert text in decode(html.encode(codec))


@pytest.mark.parametrize(
    ("label", "codec", "text"),
    [
        ("gb2312", "gbk", "镕"),
        ("iso-8859-1", "cp1252", "“quoted”"),
        ("macintosh", "mac_roman", "“café”"),
        ("x-sjis", "cp932", "①"),
        ("ks_c_5601-1987", "cp949", "똠방각하"),
        ("iso-8859-8-i", "iso8859_8", "שלום"),
    ],
)
def test_a_label_means_what_it_means_to_browsers(label, codec, text):
    assert decode(f"<meta charset={label}><p>{text}".encode(codec)).endswith(text)


def test_a_charset_is_read_from_the_whole_head():
    page = f"<html><head><style>{'x' * 9000}</style><meta charset=koi8-r></head><body>{RUSSIAN}"
    assert RUSSIAN in decode(page.encode("koi8_r"))


@pytest.mark.parametrize("text", ["café – naïve “quote” don’t", RUSSIAN, "日本語のページ"])
def test_utf_8_that_was_encoded_twice_is_read_once(text):
    twice = "".join(bytes((byte,)).decode("cp1252", "ignore") or chr(byte) for byte in text.encode()).encode()
    assert decode(twice) == text


@pytest.mark.parametrize("text", ["Ça va, SÃO PAULO é", "Ãé and Ñò", "Â la carte"])
def test_text_that_only_looks_encoded_twice_stays(text):
    assert decode(text.encode()) == text


def test_mail_addresses_kept_from_harvesters_are_read():
    code = "5a" + bytes(byte ^ 0x5A for byte in b"desk@clinic.test").hex()
    html = f'<p>Write to <a href="/cdn-cgi/l/email-protection#{code}"><span data-cfemail="{code}">[email&#160;protected]</span></a>.'
    tree = parse(html)
    assert "".join(tree.itertext()).strip() == "Write to desk@clinic.test."
    assert tree.xpath("//a/@href") == ["mailto:desk@clinic.test"]
    assert "protected" in "".join(parse('<p><span data-cfemail="zz">[email protected]</span>').itertext())
