from __future__ import annotations

from datetime import date

import pytest

from scraper import markup, metadata
from scraper.model import Metadata

URL = "https://clinic.example/blog/first-visit/"


def read(html: str, url: str = URL, **headers: str) -> Metadata:
    return metadata.read(markup.parse(html), url, headers)


def page(head: str = "", body: str = "", lang: str = "en") -> str:
    return f'<html lang="{lang}"><head>{head}</head><body>{body}</body></html>'


def linked(json: str) -> str:
    return f'<script type="application/ld+json">{json}</script>'


def test_a_page_with_nothing_gives_nothing() -> None:
    assert read("") == Metadata()
    assert read("<p>Some words.</p>") == Metadata()


def test_json_ld_wins_over_open_graph_for_dates_and_author() -> None:
    seen = read(
        page(
            linked(
                '{"@type":"BlogPosting","headline":"First visit","author":{"@type":"Person","name":"Ada Long"},'
                '"datePublished":"2024-03-05T23:30:00-08:00","dateModified":"2024-04-01"}'
            )
            + '<meta property="article:published_time" content="2023-01-01"><meta name="author" content="Other">'
        )
    )
    assert (seen.title, seen.author) == ("First visit", "Ada Long")
    assert (seen.published, seen.modified) == (date(2024, 3, 5), date(2024, 4, 1))


def test_an_author_named_by_reference_in_a_graph_is_found() -> None:
    seen = read(
        page(
            linked(
                '{"@graph":[{"@type":["Article","NewsArticle"],"author":{"@id":"#p"},"datePublished":"2024-03-05"},'
                '{"@type":"Person","@id":"#p","name":"Ada Long"}]}'
            )
        )
    )
    assert seen.author == "Ada Long"


def test_the_site_name_goes_from_the_end_and_the_front_of_a_title() -> None:
    site = '<meta property="og:site_name" content="Calm Clinic">'
    assert read(page(site + "<title>First visit | Calm Clinic</title>")).title == "First visit"
    assert read(page(site + "<title>Calm Clinic: First visit</title>")).title == "First visit"


def test_a_dash_that_belongs_to_the_title_stays() -> None:
    seen = read(page("<title>Ketamine – what to expect | Calm Clinic</title>", "<h1>Ketamine – what to expect</h1>"))
    assert seen.title == "Ketamine – what to expect"


def test_a_byline_and_a_date_below_the_headline_are_read() -> None:
    seen = read(page(body="<h1>First visit</h1><p>By <a href='/a'>Ada Long</a> on March 5, 2024</p><p>Text.</p>"))
    assert (seen.author, seen.published) == ("Ada Long", date(2024, 3, 5))


@pytest.mark.parametrize(
    ("lang", "text"),
    [("de", "Von Ada Long am 5. März 2024"), ("fr", "5 mars 2024"), ("ru", "5 марта 2024 г."), ("ja", "2024年3月5日")],
)
def test_dates_in_other_languages_are_read(lang: str, text: str) -> None:
    assert read(page(body=f"<h1>Titel</h1><p>{text}</p>", lang=lang)).published == date(2024, 3, 5)


def test_a_copyright_line_is_no_date_of_publication() -> None:
    seen = read(page(body="<h1>First visit</h1><p>Text.</p><footer>Copyright March 5, 2024 Calm Clinic</footer>"))
    assert seen.published is None


def test_a_comments_date_and_author_are_not_the_posts() -> None:
    seen = read(
        page(
            body="<h1>First visit</h1><p>Text.</p><div class='comments'><p class='author'>by Bo</p>"
            "<time datetime='2024-03-05'>March 5</time></div>"
        )
    )
    assert (seen.author, seen.published) == (None, None)


def test_a_day_after_the_answer_is_dropped() -> None:
    html = page('<meta property="article:published_time" content="2024-03-05">')
    assert read(html, date="Mon, 01 Jan 2024 10:00:00 GMT").published is None
    assert read(html, date="Tue, 05 Mar 2024 10:00:00 GMT").published == date(2024, 3, 5)


def test_a_day_in_the_url_is_the_last_resort() -> None:
    assert read(page(body="<h1>x</h1>"), "https://a.example/2024/03/05/x").published == date(2024, 3, 5)


def test_categories_and_tags_are_told_apart() -> None:
    seen = read(
        page(
            body="<h1>First visit</h1><a rel='category tag' href='/c/pain'>Pain</a><a rel='tag' href='/t/rest'>Rest</a>"
        )
    )
    assert (seen.categories, seen.tags) == (("Pain",), ("Rest",))


def test_addresses_are_made_absolute_and_others_than_web_addresses_dropped() -> None:
    seen = read(
        page('<link rel="canonical" href="/blog/x"><meta property="og:image" content="data:image/png;base64,x">')
    )
    assert (seen.canonical, seen.image) == ("https://clinic.example/blog/x", None)


def test_what_is_stated_wins_field_by_field() -> None:
    stated = Metadata(title="Stated", tags=("a",))
    seen = Metadata(title="Seen", author="Ada Long", tags=("b",))
    assert metadata.merge(stated, seen) == Metadata(title="Stated", author="Ada Long", tags=("a",))
    assert metadata.merge(None, seen) is seen
