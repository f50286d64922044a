from __future__ import annotations

import pytest

from scraper import markup, metadata

HEADLINE = "<h1>First visit</h1>"
TEXT = f"<p>{'The first visit takes an hour, and nobody has to prepare for it. ' * 5}</p>"


def author(body: str, head: str = "", url: str = "https://clinic.example/blog/first-visit/") -> str | None:
    return metadata.read(markup.parse(f"<html lang='en'><head>{head}</head><body>{body}</body></html>"), url).author


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("By Ada Long, Clinical Lead at Tamarack Falls", "Ada Long"),
        ("By Ada Long, Candidate Member to the Committee", "Ada Long"),
        ("By Ada Long, E-RYT 200", "Ada Long, E-RYT 200"),
        ("By 3i Robotics", "3i Robotics"),
        ("Ada Long - Tamarack Editorial Team", "Ada Long"),
        ("Ada Long, Director of Nursing, Tamarack - 10+ Years in the Field", "Ada Long"),
        ("Sat, 20 Dec, 2025 - 06:36", None),
        ("Montag, 5. Mai 2025", None),
        ("Insights from", None),
        ("Written by Simon in", "Simon"),
        ("Submitted by <span><span>mike</span></span> on Fri, 10/26/2001", "mike"),
        ("Back to our list", None),
        ("content: Tamarack, design: Bo Short", None),
        ("NOC Admin", None),
    ],
)
def test_a_byline_is_read_up_to_role_place_and_day(line: str, name: str | None) -> None:
    assert author(f"{HEADLINE}<div class='byline'>{line}</div>{TEXT}") == name


@pytest.mark.parametrize(
    "box",
    [
        "<ul><li><i class='bi bi-person'></i> Ada Long</li></ul>",
        "<p><img class='avatar' src='a.jpg'> Ada Long in <a href='/pain'>Pain</a></p>",
        "<p><svg class='icon-user'></svg>Ada Long</p>",
        "<p><strong>Contributors:</strong> Ada Long</p>",
        "<p><a href='/component/comprofiler/userprofile/adalong'>Ada Long</a></p>",
        "<div><p>Ada Long</p><img src='a.jpg' alt='Headshot of Ada Long'></div>",
    ],
)
def test_a_person_beside_the_headline_is_the_author(box: str) -> None:
    assert author(f"{HEADLINE}{box}{TEXT}") == "Ada Long"


@pytest.mark.parametrize(
    "box",
    [
        "<h3>Article by</h3><div>Ada Long</div>",
        "<h4>Author</h4><p>Ada Long</p>",
        "<div class='author-bio'>This post was written by Ada Long, a nurse, and edited by Bo Short.</div>",
        f"<div class='author_box'><img alt='Ada Long'><div>Ada Long</div><p>{'Ada likes walks. ' * 20}</p></div>",
    ],
)
def test_a_box_below_the_post_names_its_author(box: str) -> None:
    assert author(f"{HEADLINE}{TEXT}{box}") == "Ada Long"


def test_degrees_after_the_name_in_a_sentence_stay() -> None:
    assert author(f"{HEADLINE}<p>This post was written by Ada Long, MD, a nurse here.</p>{TEXT}") == "Ada Long, MD"


def test_what_describes_an_author_is_no_author() -> None:
    body = f"{HEADLINE}<div class='author-description'>Licensed Arabica Grader, M.A. Journalism</div>{TEXT}"
    assert author(body) is None


def test_what_stands_under_the_author_is_no_second_one() -> None:
    line = "<span class='author-label'>Written by:</span> <a href='/author/ada'>Ada Long</a>"
    assert (
        author(f"{HEADLINE}<p>{line} <span class='author-title'>Gardener &amp; Dreamer</span></p>{TEXT}") == "Ada Long"
    )
    assert author(f"{HEADLINE}<p>{line} <a href='/location/north'>Northern Lakes</a></p>{TEXT}") == "Ada Long"


def test_links_to_categories_after_a_by_are_no_authors_where_one_leads_to_the_author() -> None:
    body = "<p>By</p><div><a href='/pain/'>Pain Relief</a></div><div><a rel='author' href='/ada'>Ada Long</a></div>"
    assert author(HEADLINE + body + TEXT) == "Ada Long"


def test_an_account_in_small_letters_is_known_by_the_address_of_its_page() -> None:
    assert author(f"{HEADLINE}{TEXT}<div class='author'><a href='/author/ada-s-kitchen/'>ada's kitchen</a></div>") == (
        "ada's kitchen"
    )


def test_a_byline_in_words_counts_more_than_the_account_that_put_the_post_up() -> None:
    stated = '<meta name="author" content="Cara Diaz">'
    assert author(f"{HEADLINE}<p>By: Ada Long</p>{TEXT}", stated) == "Ada Long"
    assert author(f"{HEADLINE}<p>By: Cara M. Diaz</p>{TEXT}", stated) == "Cara Diaz"
    assert author(f"{HEADLINE}<p>By: Tamarack Falls Clinic of the North</p>{TEXT}", stated) == "Cara Diaz"


def test_the_kind_of_another_post_before_a_colon_leads_in_no_author() -> None:
    assert author(f"<div><span>Review: Grand Hotel</span></div>{HEADLINE}{TEXT}") is None


def test_a_company_is_named_whole() -> None:
    stated = '{"@type":"BlogPosting","author":{"@type":"Organization","name":"Long &amp; Ortiz"}}'
    head = f'<script type="application/ld+json">{stated}</script>'
    assert author(HEADLINE + TEXT, head) == "Long & Ortiz"


def test_a_name_among_the_paragraphs_of_a_post_is_not_its_author() -> None:
    body = f"{HEADLINE}{TEXT}<h3>Planning Theatre</h3><p>Planning Theatre is what we call it.</p>"
    assert author(body) is None


def test_a_byline_stands_by_the_shown_heading_where_another_title_is_stated() -> None:
    head = "<title>Our favourite trails</title><meta property='og:title' content='Our favourite trails'>"
    body = (
        f"<h1>Calm Clinic</h1><h1>Where to ride</h1><p>By <a href='/producers/ada'>Ada Long</a></p>{TEXT}<h1>Next</h1>"
    )
    assert author(body, head + "<meta property='og:site_name' content='Calm Clinic'>") == "Ada Long"


@pytest.mark.parametrize(
    ("category", "name"),
    [
        ("<a rel='category tag' href='/c/visits/'>Visits</a>", "Ada Long"),  # `rel=tag` speaks of the page itself
        ("<a href='/c/visits/'>Visits</a>", None),
    ],
)
def test_a_byline_beside_the_post_is_its_own_where_it_goes_on_with_the_pages_category(category, name):
    beside = f"<div id='sidebar'><div class='meta'><h3>\n Written by Ada Long in {category}</h3></div></div>"
    assert author(f"<div id='content'>{HEADLINE}{TEXT * 3}</div>{beside}") == name
