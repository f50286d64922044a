from __future__ import annotations

from datetime import date
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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


ARTICLE = '{"@type":"BlogPosting","headline":"First visit","datePublished":"2024-03-05","author":{"name":"%s"}}'


def test_a_day_shown_as_the_posts_own_wins_over_a_stated_one() -> None:
    html = page(linked(ARTICLE % "Ada Long"), "<h1>First visit</h1><p><time>January 9, 2019</time></p>")
    assert read(html).published == date(2019, 1, 9)


def test_a_day_shown_a_little_after_the_stated_one_is_a_slip() -> None:
    html = page(linked(ARTICLE % "Ada Long"), "<h1>First visit</h1><p><time>March 7, 2024</time></p>")
    assert read(html).published == date(2024, 3, 5)


def test_a_shown_day_that_is_the_stated_one_with_day_and_month_changed_over_is_the_same() -> None:
    html = page(linked(ARTICLE % "Ada Long"), "<h1>First visit</h1><p class='date'>03.05.2024</p>")
    assert read(html).published == date(2024, 3, 5)


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "Updated on March 5, 2024"),
        ("en", "Last updated: March 5, 2024"),
        ("de", "Aktualisiert am 5. März 2024"),
        ("fr", "Mis à jour le 5 mars 2024"),
    ],
)
def test_a_day_labelled_as_that_of_a_change_is_no_day_of_publication(lang: str, text: str) -> None:
    seen = read(page(body=f"<h1>First visit</h1><p>{text}</p>", lang=lang))
    assert (seen.published, seen.modified) == (None, date(2024, 3, 5))


def test_published_and_updated_days_on_one_line_are_told_apart() -> None:
    seen = read(
        page(
            body="<h1>First visit</h1><p>Published <b>March 5, 2024</b> · Updated <b>April 1, 2024</b></p><p>Text.</p>"
        )
    )
    assert (seen.published, seen.modified) == (date(2024, 3, 5), date(2024, 4, 1))


def test_a_day_in_the_posts_prose_is_no_day_of_publication() -> None:
    body = "<h1>First visit</h1><p>The clinic opened its doors to everybody on March 5, 2024 and is open since.</p>"
    assert read(page(body=body)).published is None


def test_the_days_of_several_teasers_are_not_the_posts() -> None:
    teasers = "".join(
        f"<article><h2><a href='/{day}'>Post {day}</a></h2><time datetime='2024-03-0{day}'>x</time></article>"
        for day in (5, 6, 7)
    )
    assert read(page(body=f"<h1>First visit</h1><p>Text.</p>{teasers}")).published is None


def test_a_quoted_day_is_not_the_posts() -> None:
    body = "<h1>First visit</h1><blockquote>Bo Short <a href='/x'>March 5, 2024</a></blockquote><p>Text.</p>"
    assert read(page(body=body)).published is None


def test_the_byline_wins_over_an_account_name_and_over_the_sites_name() -> None:
    body = "<h1>First visit</h1><p class='byline'>By <a rel='author' href='/team/ada'>Ada Long</a></p><p>Text.</p>"
    site = '<meta property="og:site_name" content="Calm Clinic">'
    for stated in ("along7", "Calm Clinic"):
        assert read(page(site + linked(ARTICLE % stated), body)).author == "Ada Long"


def test_a_person_stated_wins_over_another_in_the_byline() -> None:
    body = "<h1>First visit</h1><p class='byline'>Bo Short</p><p>Text.</p>"
    assert read(page(linked(ARTICLE % "Ada Long"), body)).author == "Ada Long"


def test_several_authors_are_joined() -> None:
    body = "<h1>First visit</h1><p>By <a href='/a'>Ada Long</a> and <a href='/b'>Bo Short</a></p><p>Text.</p>"
    assert read(page(body=body)).author == "Ada Long, Bo Short"


@pytest.mark.parametrize(
    "byline",
    [
        "<p>by <a rel='author' href='/author/ada'>Ada Long</a> in <a rel='category tag' href='/c'>Pain</a></p>",
        "<p class='entry-meta'><span class='author vcard'><a href='/author/ada'>Ada Long</a></span> on <i>May 5</i></p>",
        "<div class='byline'>By <span>Ada Long</span> in <a href='/category/pain'>Pain</a> | 4 min read</div>",
        "<p>Posted by Ada Long on March 5, 2024 in Pain</p>",
    ],
)
def test_what_follows_the_name_in_a_byline_is_no_author(byline: str) -> None:
    body = f"<article><h1>First visit</h1>{byline}<p>Text.</p></article>"
    assert read(page(body=body)).author == "Ada Long"
    assert read(page(linked(ARTICLE % "Ada Long"), body)).author == "Ada Long"


@pytest.mark.parametrize(
    ("lang", "byline"),
    [
        ("de", "Von Ada Long am 5. März 2024"),
        ("fr", "Par Ada Long le 5 mars 2024"),
        ("es", "Por Ada Long el 5 de marzo de 2024"),
        ("it", "di Ada Long il 5 marzo 2024"),
        ("nl", "Door Ada Long op 5 maart 2024"),
        ("ru", "Автор: Ada Long, 5 марта 2024"),
    ],
)
def test_bylines_in_other_languages_give_name_and_day(lang: str, byline: str) -> None:
    seen = read(page(body=f"<h1>Titel</h1><p>{byline}</p><p>Text.</p>", lang=lang))
    assert (seen.author, seen.published) == ("Ada Long", date(2024, 3, 5))


def test_an_author_box_below_the_post_names_the_author() -> None:
    body = "<h1>First visit</h1><p>Text.</p><div class='author-box'><h4>Ada Long</h4><p>Likes walks.</p></div>"
    assert read(page(body=body)).author == "Ada Long"


def test_a_twitter_label_names_the_author_only_when_it_says_so() -> None:
    card = '<meta name="twitter:label1" content="{}"><meta name="twitter:data1" content="{}">'
    assert read(page(card.format("Written by", "Ada Long"))).author == "Ada Long"
    assert read(page(card.format("Est. reading time", "5 minutes"))).author is None


def test_the_heading_decides_what_of_a_title_is_the_posts() -> None:
    assert read(page("<title>First visit - Unknown Name</title>", "<h1>First visit</h1>")).title == "First visit"
    assert read(page("<title>First visit to us | X</title>", "<h2>First visit to us</h2>")).title == "First visit to us"


def test_the_sites_name_as_h1_is_no_title() -> None:
    head = '<meta property="og:site_name" content="Calm Clinic"><title>First visit | Calm Clinic</title>'
    assert read(page(head, "<h1>Calm Clinic</h1><h2>First visit</h2>")).title == "First visit"


def test_a_date_inside_the_heading_is_not_part_of_the_title() -> None:
    head = '<meta property="og:title" content="First visit">'
    assert read(page(head, "<h1><time>March 5, 2024</time> First visit</h1>")).title == "First visit"


def test_tags_of_teasers_are_not_the_posts() -> None:
    teaser = "<article><h2><a href='/b'>Other</a></h2><a rel='tag' href='/t/b'>Sleep</a></article>"
    seen = read(page(body=f"<article><h1>First visit</h1><a rel='tag' href='/t/a'>Pain</a></article>{teaser}"))
    assert seen.tags == ("Pain",)


@pytest.mark.parametrize(
    ("html", "language"),
    [
        ('<html lang="de_AT">', "de-AT"),
        ('<html><meta property="og:locale" content="fr_FR">', "fr-FR"),
        ('<html lang="not a language">', None),
    ],
)
def test_the_language_is_a_tag(html: str, language: str | None) -> None:
    assert read(html).language == language


def test_microdata_states_author_and_day() -> None:
    body = (
        "<article itemscope><h1 itemprop='headline'>First visit</h1><span itemprop='author'>Ada Long</span>"
        "<span itemprop='datePublished' content='2024-03-05'>last week</span></article>"
    )
    seen = read(page(body=body))
    assert (seen.author, seen.published) == ("Ada Long", date(2024, 3, 5))


PIECES = st.sampled_from(
    [
        "<h1>", "</h1>", "<h2>First", "<time datetime='2024-03-05'>", "<time>", "</time>", "<p class='byline'>By ", "</p>",
        "<a rel='author' href='http://['>", "<a rel='tag'>", "</a>", "<article>", "</article>", "<div class='comments'>", "</div>",
        "<title>A | B</title>", "<meta property='og:title' content='A: B - C'>", "<meta name='author' content='by by by'>",
        "<link rel='canonical' href='http://[::1'>", "<meta property='og:url' content='//'>", "<!-- x -->", "<svg><title>s</title></svg>",
        "<script type='application/ld+json'>{\"@type\":\"Article\",\"author\":[[{}]]}</script>", "March 5, 2024", "Ada Long", "©", "&#0;", "\x00",
        "<meta property='article:published_time' content='99999-99-99'>", "Written by", "Updated 5.5.2024", "<span itemprop='author'>",
    ]
)  # fmt: skip


@given(st.lists(PIECES | st.text(max_size=8), max_size=40), st.text(max_size=20))
@settings(max_examples=150, deadline=None)
def test_no_page_and_no_address_raises(pieces: list[str], url: str) -> None:
    assert isinstance(read("".join(pieces), url), Metadata)


@pytest.mark.parametrize(
    "html",
    [
        "<h1>x</h1>" + "<span class='author date'>By " * 20_000,
        "<h1>x</h1>" + "<p class='author'>Ada Long</p><time>March 5, 2024</time>" * 10_000,
        "<h1>" + "a - " * 50_000 + "</h1><title>" + "- | " * 50_000 + "</title>",
        "<h1>x</h1>" * 20_000,
        "<a rel=tag href=/t>t</a>" * 20_000,
        linked("[" + ",".join(['{"@type":"Article","author":"A"}'] * 20_000) + "]"),
        "<meta name=author content='" + "a, " * 100_000 + "'>",
        "<h1>x</h1>" + "1/1/1 2024-" * 50_000,
    ],
)
def test_hostile_pages_take_linear_time(html: str) -> None:
    tree = markup.parse(html)
    started = process_time()
    metadata.read(tree, URL)
    assert process_time() - started < 3


def test_tags_that_a_feed_calls_categories_stay_tags():
    seen = Metadata(categories=("Your Visit",), tags=("music", "first visit"))
    stated = Metadata(categories=("Your Visit", "music", "first visit"))
    assert metadata.merge(stated, seen).categories == ("Your Visit",)
    assert metadata.merge(stated, seen).tags == ("music", "first visit")
    assert metadata.merge(stated, Metadata(tags=("music",))).categories == ("Your Visit", "first visit")


def test_what_an_api_states_apart_is_taken_as_it_is():
    stated = Metadata(categories=("Pain", "Care"), tags=("music",))
    assert metadata.merge(stated, Metadata(categories=("Pain",))).categories == ("Pain", "Care")


def test_a_day_that_is_labelled_a_change_is_no_day_of_publication_where_its_element_alone_lacks_the_label() -> None:
    body = "<h1>First visit</h1><p>Last updated: <span class='date'>March 5, 2024</span></p><p>Text.</p>"
    seen = read(page(body=body))
    assert (seen.published, seen.modified) == (None, date(2024, 3, 5))


def test_the_stated_day_wins_where_readers_are_shown_it_too() -> None:
    body = "<p>Published on March 5, 2024</p><h1>First visit</h1><p>Preprint: November 20, 2023</p>"
    assert read(page('<meta name="citation_publication_date" content="2024-03-05">', body)).published == date(
        2024, 3, 5
    )


def test_a_title_in_a_legend_is_a_headline_too() -> None:
    body = "<fieldset><legend>First visit</legend>5 March 2024<p>Text of the post.</p></fieldset>"
    assert read(page("<title>First visit</title>", body)).published == date(2024, 3, 5)


TWO_DAYS = [
    ("en", "Published March 5, 2023 · Updated June 1, 2024"),
    ("en", "Last updated on June 1, 2024 | Published on March 5, 2023"),
    ("en", "March 5, 2023 (updated June 1, 2024)"),
    ("en", "June 1, 2024 (originally published March 5, 2023)"),
    ("en", "5 March 2023 (published) 1 June 2024 (updated)"),
    ("es", "Publicado el 5 de marzo de 2023 | Última actualización: 1 de junio de 2024"),
    ("de", "Zuletzt aktualisiert am 01.06.2024 – veröffentlicht am 05.03.2023"),
    ("fr", "Publié le 5 mars 2023, mis à jour le 1er juin 2024"),
    ("it", "Pubblicato il 5 marzo 2023 - Ultimo aggiornamento: 1 giugno 2024"),
    ("pt-BR", "Publicado em 05/03/2023 | Atualizado em 01/06/2024"),
    ("nl", "Geplaatst op 5 maart 2023, laatst bijgewerkt op 1 juni 2024"),
    ("pl", "Opublikowano: 5 marca 2023. Aktualizacja: 1 czerwca 2024"),
    ("sv", "Publicerad 5 mars 2023. Senast uppdaterad 1 juni 2024"),
    ("ru", "Опубликовано 5 марта 2023, обновлено 1 июня 2024"),
    ("tr", "Yayınlanma: 5 Mart 2023 - Güncelleme: 1 Haziran 2024"),
    ("ja", "公開日：2023年3月5日　更新日：2024年6月1日"),
    ("ja", "2023年3月5日公開 2024年6月1日更新"),
    ("ja", "2023年3月5日 公開 / 2024年6月1日 更新"),
    ("zh", "2023-03-05 发布，2024-06-01 更新"),
    ("ko", "2024.06.01 수정, 2023.03.05 작성"),
    ("en", "March 5, 2023 published, June 1, 2024 updated"),
    ("ko", "등록 2023.03.05 수정 2024.06.01"),
    ("zh", "发布于 2023-03-05 更新于 2024-06-01"),
]


@pytest.mark.parametrize(("language", "line"), TWO_DAYS)
def test_two_days_in_one_text_are_told_apart_by_their_labels(language, line):
    body = f"<h1>First visit</h1><p class='meta'>{line}</p><p>Text of the post.</p>"
    seen = read(page(body=body, lang=language))
    assert (seen.published, seen.modified) == (date(2023, 3, 5), date(2024, 6, 1))


def test_the_only_day_of_a_theme_that_calls_it_published_and_updated_is_that_of_publication():
    stamp = "<time class='entry-date published updated' datetime='2023-03-05'>March 5, 2023</time>"
    assert read(page(body=f"<h1>First visit</h1><p>{stamp}</p><p>Text.</p>")).published == date(2023, 3, 5)


def test_a_stated_day_is_not_replaced_by_a_later_shown_one():
    head = '<meta property="article:published_time" content="2023-03-05">'
    seen = read(page(head, "<h1>First visit</h1><p>June 1, 2024</p><p>Text of the post.</p>"))
    assert seen.published == date(2023, 3, 5)


@pytest.mark.parametrize(
    "day",
    [
        "<p class='date'>05.03.23</p>",
        "<p class='date'>Mar. 5, ’23</p>",
        "<p class='date'>令和5年3月5日</p>",
        "<div class='post-date'><span>Mar</span><strong>05</strong><em>2023</em></div>",
        "<p><span property='schema:datePublished' content='2023-03-05'>last spring</span></p>",
        "<p><span itemprop='datePublished' content='2023-03-05'>last spring</span></p>",
    ],
)
def test_days_are_read_in_short_forms_and_from_what_stands_beside_them(day):
    assert read(page(body=f"<h1>First visit</h1>{day}<p>Text of the post.</p>")).published == date(2023, 3, 5)


@pytest.mark.parametrize(
    ("language", "line", "author", "reviewer"),
    [
        ("en", "Medically reviewed by Dr. Paul Reyes — Written by Lena Brandt", "Lena Brandt", "Dr. Paul Reyes"),
        ("en", "Written by Lena Brandt | Fact-checked by Paul Reyes, MD", "Lena Brandt", "Paul Reyes, MD"),
        ("de", "Text: Lena Brandt | Medizinisch geprüft von Paul Reyes", "Lena Brandt", "Paul Reyes"),
        ("ja", "監修：佐藤 一郎 / 執筆：山本 花子", "山本 花子", "佐藤 一郎"),
        ("en", "By lena@clinic.test (Lena Brandt)", "Lena Brandt", None),
        ("fr", "Par Hélène d’Aubigny", "Hélène d’Aubigny", None),
    ],
)
def test_who_wrote_a_post_and_who_reviewed_it_are_told_apart(language, line, author, reviewer):
    body = f"<h1>First visit</h1><p class='byline'>{line}</p><p>Text of the post.</p>"
    seen = read(page(body=body, lang=language))
    assert (seen.author, seen.reviewer) == (author, reviewer)


def test_programs_are_told_who_reviewed_a_post_too():
    data = (
        '{"@graph":[{"@type":"BlogPosting","headline":"First visit","author":{"name":"Ada Long"}},'
        '{"@type":"MedicalWebPage","reviewedBy":{"@type":"Person","name":"Paul Reyes"}}]}'
    )
    seen = read(page(linked(data), "<h1>First visit</h1><p>Text.</p>"))
    assert (seen.author, seen.reviewer) == ("Ada Long", "Paul Reyes")


def test_a_guest_whom_the_post_names_is_its_author():
    head = '<meta name="author" content="Clinic Desk">'
    body = "<h1>First visit</h1><p>This is a guest post by Jane Marlow, a nurse at a hospice.</p><p>Text.</p>"
    assert read(page(head, body)).author == "Jane Marlow"


@pytest.mark.parametrize(
    "more", ["<p>Ada Long is a nurse in the north.</p>", "<p><img src='a.jpg' alt='Ada Long'></p>"]
)
def test_a_name_that_stands_alone_is_an_author_where_the_page_knows_the_person(more):
    box = f"<div><p>Ada Long</p>{more}</div>"
    assert read(page(body=f"<h1>First visit</h1>{box}<p>Text of the post.</p>")).author == "Ada Long"
    assert read(page(body="<h1>First visit</h1><div><p>Pain Management</p></div><p>Text.</p>")).author is None


@pytest.mark.parametrize(
    ("title", "kept"),
    [
        ("First visit | WFA", "First visit"),
        ("WFA – First visit", "First visit"),
        ("WFA: First visit", "WFA: First visit"),
        ("First visit - wfa.org.uk", "First visit"),
    ],
)
def test_a_short_name_of_a_host_is_no_part_of_a_title(title, kept):
    assert read(page(f"<title>{title}</title>", "<p>Text.</p>"), "https://www.wfa.org.uk/first/").title == kept


@pytest.mark.parametrize(
    ("title", "heading", "kept"),
    [
        ("Webcams - Northern Lakes Park (State Parks)", "Webcams", "Webcams"),
        ("Best agencies", "Blog: Best agencies", "Best agencies"),
        ("Nurses &amp; you | A guide", "Nurses &amp;#x26; you", "Nurses & you"),
        (
            "Ten repairs that pay",
            "Learn which repairs pay. " + "We tell you all there is to know. " * 5,
            "Ten repairs that pay",
        ),
    ],
)
def test_a_heading_is_the_title_without_its_label_and_unless_it_is_a_text(title, heading, kept):
    head = f"<title>{title}</title>"
    assert read(page(head, f"<h1><a href='/'>Our home</a></h1><h1>{heading}</h1><p>Text.</p>")).title == kept


def test_a_note_on_the_first_publication_says_when_that_was():
    note = "<p>This article was originally published on 26 Sep 2019 at 4:12pm but has been updated since.</p>"
    shown = "<p class='date'>30 Sep 2022</p>"
    assert read(page(body=f"<h1>First visit</h1>{shown}<p>Text.</p>{note}")).published == date(2019, 9, 26)
    other = "<p>This article was originally published on Elsewhere on 26 Sep 2019.</p>"
    assert read(page(body=f"<h1>First visit</h1>{shown}<p>Text.</p>{other}")).published == date(2022, 9, 30)


def test_a_box_beside_the_post_gives_its_day_under_a_label():
    box = "<div class='post-sidebar'><h4>{}</h4><div class='post-date'>July 8, 2025</div></div>"
    body = "<h1>First visit</h1><p>Text.</p>"
    assert read(page(body=body + box.format("Published"))).published == date(2025, 7, 8)
    assert read(page(body=body + box.format("More from us"))).published is None


def test_the_heading_of_the_article_is_the_title_where_all_else_names_the_site():
    head = "<title>clinic.example</title>"
    body = "<h1>clinic.example</h1><article><h2><a href='/blog/first-visit/'>First visit</a></h2><p>Text.</p></article>"
    assert read(page(head, body)).title == "First visit"
    assert (
        read(page("<title>Clinic » Blog Archive » A visit: what for</title>", "<p>Text.</p>")).title
        == "A visit: what for"
    )
