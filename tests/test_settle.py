from __future__ import annotations

from scraper.judgement import posts
from scraper.judgement.judged import Judged
from scraper.judgement.settle import is_mixed, settle
from scraper.model import Verdict


def judged(path: str, confidence: float, *evidence: str, dated: bool = True) -> Judged:
    return Judged("https://clinic.example" + path, Verdict(confidence >= 0, "", confidence, dated), evidence)


VOUCHED = [judged(f"/posts/p-{n}/", 3.0, "feed") for n in range(10)]


def test_an_undated_page_among_dated_posts_is_no_post() -> None:
    verdicts = settle([*VOUCHED, judged("/posts/odd/", 2.0, "sitemap", dated=False)])
    assert [verdict.is_post for verdict in verdicts] == [True] * 10 + [False]


def test_a_lone_page_outside_the_posts_folder_is_no_post() -> None:
    verdicts = settle([*VOUCHED, judged("/my-garden/", 2.0, "sitemap")])
    assert not verdicts[-1].is_post


def test_a_page_just_refused_among_posts_is_a_post() -> None:
    verdicts = settle([*VOUCHED, judged("/posts/short/", -1.0, "sitemap")])
    assert verdicts[-1].is_post


def test_a_page_that_says_it_is_none_stays_none() -> None:
    signs = posts.Signs(template="page", words=300, og_type="article")
    refused = posts.judge(signs, "https://clinic.example/posts/about-it/", ("sitemap",))
    verdicts = settle([*VOUCHED, Judged("https://clinic.example/posts/about-it/", refused, ("sitemap",))])
    assert not verdicts[-1].is_post


def test_a_site_where_nobody_vouches_keeps_its_verdicts() -> None:
    alone = [judged(f"/p-{n}/", 1.0, "sitemap", dated=n % 2 == 0) for n in range(8)]
    assert settle(alone) == [item.verdict for item in alone]


FILES = [judged(f"/posts/p-{n}/", 4.0, "import") for n in range(10)]
HOME = Judged("https://clinic.example/", Verdict(False, "", -4.0, is_listing=True), ("import",))


def test_in_a_copied_site_the_sure_posts_vouch_for_the_rest() -> None:
    odd = [judged("/hearing-test/", 1.0, "import", dated=False), judged("/posts/short/", 0.5, "import")]
    assert [verdict.is_post for verdict in settle([*FILES, HOME, *odd])][-3:] == [False, False, True]


def test_in_a_copied_site_a_page_with_nothing_to_say_for_it_is_no_post() -> None:
    assert not settle([*FILES, HOME, judged("/book/", 0.0, "import")])[-1].is_post


def test_in_a_copied_site_a_poor_page_among_posts_is_a_post() -> None:
    assert settle([*FILES, HOME, judged("/posts/closed/", 0.0, "import", dated=False)])[-1].is_post


def test_files_that_came_without_a_home_page_or_archive_are_not_doubted() -> None:
    odd = [judged("/hearing-test/", 1.0, "import", dated=False), judged("/posts/short/", 0.0, "import")]
    error = Judged("https://clinic.example/404.html", Verdict(False, "", -9.0), ("import",))
    assert [verdict.is_post for verdict in settle([*FILES, error, *odd])][-3:] == [False, True, True]


def test_a_home_page_among_files_of_unknown_sites_raises_no_doubt() -> None:
    files = [
        Judged(f"https://file.invalid/{n}/a.html", Verdict(True, "", 4.0 if n else 0.0, n > 0), ("import",))
        for n in range(9)
    ]
    assert all(verdict.is_post for verdict in settle([*files, HOME])[:-1])


def test_a_file_that_clearly_is_no_post_stays_none_among_posts() -> None:
    assert not settle([*FILES, Judged("https://clinic.example/posts/x/", Verdict(False, "", -1.0), ("import",))])[
        -1
    ].is_post


def test_an_exported_post_is_never_doubted() -> None:
    assert settle([*FILES, HOME, judged("/odd/", 0.0, "import", "export", dated=False)])[-1].is_post


def test_imported_files_without_dates_stay_posts() -> None:
    files = [judged(f"/p-{n}/", 1.0, "import", dated=False) for n in range(10)]
    assert all(verdict.is_post for verdict in settle(files))


def typed(path: str, name: str, *evidence: str, confidence: float = 2.0, shows_day: bool = True) -> Judged:
    verdict = Verdict(confidence >= 0, "", confidence, True, content_type=name, shows_day=shows_day)
    return Judged("https://clinic.example" + path, verdict, evidence)


POSTS = [typed(f"/p-{n}/", "post", "listing", confidence=6.0) for n in range(10)]


def test_services_that_the_home_page_lists_are_no_posts() -> None:
    cards = [typed(f"/care/s-{n}/", "services", "listing", "sitemap") for n in range(20)]
    verdicts = settle([*POSTS, *cards])
    assert [verdict.is_post for verdict in verdicts] == [True] * 10 + [False] * 20
    assert verdicts[-1].reason == "its theme calls it services, and no feed or API names it"


def test_a_few_listed_pages_of_an_unknown_type_beside_many_posts_are_none() -> None:
    assert not any(
        verdict.is_post for verdict in settle([*POSTS, *(typed(f"/x-{n}/", "smile", "listing") for n in range(4))])[10:]
    )


def test_a_blog_whose_posts_are_a_type_of_their_own_is_found() -> None:
    for name in ("news", "resources", "smile"):
        listed = [typed(f"/r/{n}/", name, "listing") for n in range(10)]
        shy = typed("/r/short/", name, "sitemap", confidence=-1.0)
        plain = [typed(f"/page-{n}/", "page", "sitemap", confidence=-4.0) for n in range(5)]
        verdicts = settle([*listed, shy, *plain])
        assert [verdict.is_post for verdict in verdicts] == [True] * 11 + [False] * 5, name


def test_a_type_that_the_feed_names_is_a_type_of_posts() -> None:
    told = [typed(f"/events/{n}/", "event", "feed") for n in range(5)]
    assert all(verdict.is_post for verdict in settle([*POSTS, *told, typed("/events/6/", "event", "sitemap")]))


def test_where_an_api_names_all_posts_a_page_that_it_leaves_out_is_none() -> None:
    for source in ("rest", "sitemap-posts"):
        told = [judged(f"/p-{n}/", 3.0, source, "feed") for n in range(8)]
        assert not settle([*told, judged("/our-way/", 6.0, "sitemap")])[-1].is_post
        assert settle([*told, judged("/de/hallo-welt/", 6.0, "hreflang")])[-1].is_post
        assert settle([*told, typed("/newest/", "post", "sitemap")])[-1].is_post
        assert settle([*told[:4], *VOUCHED, judged("/posts/more/", 6.0, "sitemap")])[-1].is_post


def test_a_page_that_shows_no_date_among_posts_that_do_is_no_post() -> None:
    shown = [typed(f"/p-{n}/", "", "feed") for n in range(8)]
    odd = [typed(f"/page-{n}/", "", "sitemap", shows_day=False) for n in range(8)]
    assert not any(verdict.is_post for verdict in settle([*shown, *odd])[8:])


def test_a_page_that_a_listing_names_among_posts_is_a_post_though_short() -> None:
    assert settle([*VOUCHED, judged("/posts/short/", -2.5, "listing")])[-1].is_post
    assert not settle([*VOUCHED, judged("/posts/archive/", -3.0, "listing")])[-1].is_post
    assert not settle([*VOUCHED, judged("/odd/", -1.0, "listing")])[-1].is_post


def test_a_page_below_a_post_that_nobody_names_is_an_attachment() -> None:
    picture = judged("/posts/p-3/29_foto3/", 3.0, "link")
    assert settle([*VOUCHED, picture])[-1].reason == "it lies below a post"
    assert settle([*VOUCHED, judged("/posts/p-3/second-thoughts/", 3.0, "listing")])[-1].is_post


def plain(url: str) -> Judged:
    return Judged(
        "https://folder.example/" + url.rsplit("/", 1)[-1],
        Verdict(False, "", -3.0, home=url, is_plain=True),
        ("import",),
    )


def chosen(url: str, confidence: float = 4.0, *, dated: bool = True) -> Judged:
    verdict = Verdict(True, "", confidence, dated, home=url)
    return Judged("https://folder.example/" + url.rsplit("/", 1)[-1], verdict, ("import",))


MIXED = [chosen(f"https://site-{n}.example/post-{n}") for n in range(8)]


def test_a_plain_page_of_a_host_of_which_nothing_else_was_imported_is_a_post() -> None:
    assert settle([*MIXED, plain("https://guide.example/what-it-costs")])[-1].is_post
    assert settle([plain("https://guide.example/what-it-costs")])[0].is_post


def test_a_plain_page_beside_posts_of_its_host_is_none() -> None:
    pages = [*MIXED, chosen("https://guide.example/sleep"), plain("https://www.guide.example/about")]
    assert not settle(pages)[-1].is_post


def test_a_plain_page_beside_a_list_of_its_host_is_none() -> None:
    listing = Judged(
        "https://folder.example/blog",
        Verdict(False, "", -4.0, is_listing=True, home="https://guide.example/blog"),
        ("import",),
    )
    assert not settle([*MIXED, listing, plain("https://guide.example/about")])[-1].is_post


def test_a_plain_page_that_names_no_host_is_a_post_among_pages_of_many_hosts() -> None:
    pages = [*MIXED, chosen("https://folder.example/sleep"), plain("https://folder.example/agency")]
    assert settle(pages)[-1].is_post


def test_a_list_of_one_host_raises_no_doubt_about_the_pages_of_others() -> None:
    listing = Judged(
        "https://folder.example/blog",
        Verdict(False, "", -4.0, is_listing=True, home="https://site-1.example/blog"),
        ("import",),
    )
    poor = chosen("https://guide.example/closed", 0.0, dated=False)
    assert settle([*MIXED, listing, poor])[-1].is_post


def test_pages_are_of_many_sites_where_no_host_has_half_of_them() -> None:
    own = [chosen(f"https://clinic.example/post-{n}") for n in range(8)]
    assert is_mixed(MIXED)
    assert not is_mixed([*MIXED, *own])
    assert not is_mixed([chosen("") for _ in range(4)])
    assert not is_mixed([*MIXED, judged("/crawled/", 3.0, "feed")])
