from __future__ import annotations

from scraper.judgement.copies import copies, home_of, marks_of
from scraper.judgement.judged import Judged
from scraper.judgement.settle import settle
from scraper.markup import parse
from scraper.model import Verdict

SITE = "https://clinic.example"
TEXTS = tuple(f"{number:012x}" for number in range(6))


def view(path: str, *evidence: str, home: str = "/chairs/", marks: tuple[str, ...] = TEXTS) -> Judged:
    return Judged(SITE + path, Verdict(True, "", 5.0, home=SITE + home, marks=marks), evidence or ("import",))


def left(*pages: Judged) -> list[str]:
    verdicts = settle(pages)
    return [page.url.removeprefix(SITE) for page, verdict in zip(pages, verdicts, strict=True) if verdict.is_post]


def test_of_several_views_of_a_post_the_plain_one_is_the_post() -> None:
    views = [
        view(path) for path in ("/chairs/amp/", "/chairs/?replytocom=7", "/amp/chairs/", "/chairs/print/", "/chairs/")
    ]
    assert left(*views) == ["/chairs/"]
    assert settle(views)[0].reason == "it shows the same as https://clinic.example/chairs/"


def test_where_only_views_came_one_of_them_is_the_post() -> None:
    assert left(view("/chairs/?replytocom=7"), view("/chairs/?replytocom=9")) == ["/chairs/?replytocom=7"]


def test_files_without_an_address_are_known_by_the_one_that_they_state() -> None:
    files = [Judged(f"https://file.invalid/{n}/index.html", view("/x/").verdict, ("import",)) for n in range(3)]
    assert len(copies(dict(enumerate(files)))) == 2


def test_posts_with_one_broken_canonical_address_stay_posts() -> None:
    other = tuple(f"{number:012x}" for number in range(90, 96))
    assert left(view("/chairs/", home="/"), view("/lamps/", home="/", marks=other)) == ["/chairs/", "/lamps/"]


def test_posts_that_share_their_text_and_state_their_own_addresses_stay_posts() -> None:
    assert left(view("/chairs/"), view("/chairs-again/", home="/chairs-again/")) == ["/chairs/", "/chairs-again/"]


def test_what_a_feed_or_an_export_names_is_never_a_copy() -> None:
    for source in ("feed", "rest", "export"):
        assert left(view("/chairs/"), view("/chairs-2/", source)) == ["/chairs/", "/chairs-2/"]


def test_the_address_that_a_page_gives_is_its_home_else_its_own_without_the_view() -> None:
    stated = parse("<html><head><link rel='canonical' href='/chairs/'></head></html>")
    assert home_of(stated, SITE + "/amp/chairs/") == SITE + "/chairs/"
    bare = parse("<p>x</p>")
    for path in ("/chairs/amp/", "/chairs/print/", "/chairs/?replytocom=7", "/chairs/"):
        assert home_of(bare, SITE + path) == SITE + "/chairs/", path
    assert home_of(bare, SITE + "/blog.php?post=7") == SITE + "/blog.php?post=7"


def test_views_are_alike_whatever_stands_around_the_text() -> None:
    text = "".join(f"<p>Paragraph {n} says at some length what the {n} chairs were like.</p>" for n in range(5))
    plain, amp = (
        marks_of(parse(f"<body>{around}<article>{text}</article></body>")) for around in ("<nav>Home</nav>", "")
    )
    assert plain == amp
    assert len(plain) == 5
