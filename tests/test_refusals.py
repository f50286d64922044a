from __future__ import annotations

import ssl
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from blogsite import Answer, BlogSite, Server
from test_spider import Library

from scraper import markup
from scraper.crawling.politeness import Guard
from scraper.judgement import obstacles
from scraper.judgement.obstacles import Obstacle

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HTML = [("content-type", "text/html; charset=utf-8")]
MENU = "".join(f'<a href="/{name}/">{name}</a>' for name in ("home", "blog", "about", "contact", "team"))
SHELL = b'<html><head><script src="/app.js"></script></head><body><noscript>Please enable JavaScript.</noscript><div id="root"></div></body></html>'
FORM = b'<html><body><form method="post"><input name="user"><input type="password" name="word"></form></body></html>'
CHALLENGE = b"<html><head><title>Just a moment...</title></head><body><p>Enable JavaScript and cookies to continue</p><script>window._cf_chl_opt={};</script></body></html>"


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    made = Library(tmp_path)
    yield made
    made.store.close()


@pytest.fixture(autouse=True)
def short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scraper.crawling.spider.RETRY_S", 0.05)


def told(library: Library, site: Server | str, **options: object) -> str:
    report = library.crawl(site, **options)
    assert report.stopped_by is not None
    return str(report.stopped_by)


def always(answer: Answer) -> Callable[[str, dict[str, str]], Answer]:
    return lambda path, headers: answer


def page(text: str) -> obstacles.HtmlElement:
    return markup.parse(text.encode(), "text/html; charset=utf-8")


# ---- what stands in place of a page


@pytest.mark.parametrize(
    ("headers", "body", "status", "vendor"),
    [
        ([("cf-mitigated", "challenge")], b"", 403, "Cloudflare"),
        ([("x-amzn-waf-action", "captcha")], b"", 405, "AWS WAF"),
        (HTML, CHALLENGE, 200, "Cloudflare"),
        (HTML, b'<meta http-equiv="refresh" content="0;/.well-known/sgcaptcha/?r=%2F">', 202, "SiteGround"),
        (HTML, b"<title>Making sure you&#39;re not a bot!</title><p>Loading...</p>", 200, ""),
        (HTML, b"<title>Sicherheit</title><p>Ihr Browser wird gepr\xc3\xbcft.</p>", 503, ""),
    ],
)
def test_a_challenge_is_known_by_header_mark_or_words(
    headers: list[tuple[str, str]], body: bytes, status: int, vendor: str
) -> None:
    assert obstacles.challenge(headers, body, status) == Obstacle("challenge", vendor)


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ([*HTML, ("x-datadome", "protected")], b"<p>A post.</p>"),
        (
            HTML,
            b"<script src='/cdn-cgi/challenge-platform/scripts/jsd/main.js'></script><p>We are closed on Monday.</p>",
        ),
        (HTML, f"<h1>Just a moment</h1><p>On waiting.</p>{MENU}".encode()),
        (HTML, b"<p>cf-challenge</p>" + b"<p>word word word</p>" * 60),
    ],
)
def test_an_ordinary_page_is_no_challenge(headers: list[tuple[str, str]], body: bytes) -> None:
    assert obstacles.challenge(headers, body, 200) is None


def test_a_log_in_is_known_by_where_it_redirects_or_by_its_form() -> None:
    assert obstacles.is_login("https://x.test/wp-login.php?redirect_to=%2Fa%2F", "https://x.test/a/")
    assert obstacles.is_login("https://sso.x.test/adfs/ls", "https://x.test/a/")
    assert not obstacles.is_login("https://x.test/login/how-we-log-in/", "https://x.test/login/")
    assert not obstacles.is_login("https://x.test/blog/a-login-guide/", "https://x.test/a/")
    form = page("<h1>Members</h1><form><input type=password></form>")
    assert obstacles.on_page(form, "https://x.test/a/", "https://x.test/a/") == Obstacle("log-in", "https://x.test/a/")


def test_a_shell_has_scripts_and_no_text() -> None:
    url = "https://x.test/a/"
    assert obstacles.on_page(markup.parse(SHELL, ""), url, url) == Obstacle("script", "whole")
    framed = f"<nav>{MENU * 3}</nav><main id=app></main><script src=a.js></script>"
    assert obstacles.on_page(page(framed), url, url) == Obstacle("script")
    assert obstacles.on_page(page(f"<nav>{MENU}</nav><main></main>"), url, url) is None
    written = f"<main><p>{'A short note on the opening hours of our house. ' * 3}</p></main><script src=a.js></script>"
    assert obstacles.on_page(page(written), url, url) is None


def test_a_page_whose_links_all_lead_to_one_other_host_leads_elsewhere() -> None:
    links = "".join(f'<a href="https://www.real.test/{n}/">post</a>' for n in range(6))
    social = '<a href="https://social.test/us">us</a>'
    assert obstacles.leads_elsewhere(page(links + social), "https://staging.test/") == "https://www.real.test/"
    assert (
        obstacles.leads_elsewhere(page(links + social + '<a href="/blog/">Blog</a>'), "https://staging.test/") is None
    )
    stated = '<link rel="canonical" href="https://www.real.test/">'
    both = stated + links + '<a href="/blog/">Blog</a>'
    assert obstacles.leads_elsewhere(page(both), "https://staging.test/") == "https://www.real.test/"
    assert obstacles.leads_elsewhere(page(social), "https://staging.test/") is None


# ---- what a person is told


@pytest.mark.parametrize("status", [401, 403, 406])
@pytest.mark.parametrize("robots", [200, None])
def test_a_host_that_refuses_is_told_by_its_status(status: int, robots: int | None, library: Library) -> None:
    with BlogSite(12) as site:
        site.routes["/*"] = always(Answer(status=status))
        if robots:
            site.routes["/robots.txt"] = always(Answer(b"User-agent: *\nDisallow:\n", content_type="text/plain"))
        said = told(library, site)
        assert len(site.asked) < 12
    assert f"answered {status} (" in said
    assert said.endswith("or import an export: blogdex import FILE")
    assert ("--contact" in said) == (status != 401)


def test_who_gave_a_contact_is_not_told_to_give_one(library: Library) -> None:
    with BlogSite(3) as site:
        site.routes["/*"] = always(Answer(status=403))
        assert "--contact" not in told(library, site, contact="editor@clinic.example")


@pytest.mark.parametrize("status", [200, 403, 503])
def test_a_challenge_is_told_whatever_its_status(status: int, library: Library) -> None:
    with BlogSite(12) as site:
        site.routes["/*"] = always(Answer(CHALLENGE, status=status))
        said = told(library, site)
        assert len(site.asked) <= 8
    assert "a challenge page of Cloudflare" in said
    assert "allow the user agent" in said or "Ask its owner" in said


def test_a_challenge_in_place_of_a_known_post_leaves_it_as_it_was(library: Library) -> None:
    with BlogSite(4, lastmod=False, validators=set()) as site:
        library.crawl(site)
        bodies = {url: library.body(url) for url in site.addresses()}
        for post in site.posts.values():
            site.routes[f"/{post.slug}/"] = always(Answer(CHALLENGE))
        said = told(library, site, refresh=True)
        assert "a challenge page of Cloudflare" in said
        assert {url: library.body(url) for url in site.addresses()} == bodies
        assert library.posts() == site.addresses()


def test_a_log_in_in_place_of_every_page_is_told(library: Library) -> None:
    with BlogSite(12, feed=False) as site:
        for post in site.posts.values():
            site.routes[f"/{post.slug}/"] = always(Answer(status=302, headers={"Location": "/members/login?next=1"}))
        site.routes["/"] = always(Answer(FORM))
        said = told(library, site)
        assert not [path for path in site.paths() if path.startswith("/members")]
    assert f"asks for a log-in ({site.url}/members/login)" in said
    assert "import an export" in said


def test_posts_that_moved_name_the_other_host(library: Library) -> None:
    with BlogSite(6, feed=False) as site:
        for post in site.posts.values():
            to = f"https://journal.example/{post.slug}/"
            site.routes[f"/{post.slug}/"] = always(Answer(status=301, headers={"Location": to}))
        said = told(library, site)
    assert said.endswith("blogdex crawl https://journal.example/")
    assert said.startswith("6 posts of ")


def test_one_post_that_moved_is_left_out_with_its_new_host(library: Library) -> None:
    with BlogSite(6, feed=False) as site:
        moved = site.newest_first()[0]
        site.routes[f"/{moved.slug}/"] = always(Answer(status=301, headers={"Location": "https://journal.example/a"}))
        report = library.crawl(site)
    assert report.stopped_by is None
    assert report.tally.failed == ((site.address(moved), "redirects to journal.example"),)


def test_pages_that_a_script_fills_are_told_with_the_browser_as_next_step(library: Library) -> None:
    with BlogSite(12, feed=False) as site:
        for post in site.posts.values():
            site.routes[f"/{post.slug}/"] = always(Answer(SHELL))
        site.routes["/"] = always(Answer(SHELL))
        said = told(library, site)
        assert "came without text: JavaScript fills them" in said
        assert f"blogdex crawl --browser {site.start_url}" in said
    assert library.store.connection.execute("SELECT count(*) FROM page").fetchone() == (0,)


def test_a_list_that_a_script_fills_is_told(library: Library) -> None:
    home = f'<nav>{MENU}</nav><h1>Our journal</h1><p>{"What we think about sleep and pain. " * 5}</p><div class="posts-list"></div><script src="/list.js"></script>'
    with BlogSite(0, sitemap=None, feed=False) as site:
        site.routes["/"] = always(Answer(home.encode()))
        said = told(library, site)
    assert "JavaScript fills its list" in said
    assert "--browser" in said


def test_posts_that_robots_forbid_are_told_as_forbidden(library: Library) -> None:
    with BlogSite(5, feed=False, folder="/blog") as site:
        site.robots = f"User-agent: *\nDisallow: /blog/*\nAllow: /blog/$\nSitemap: {site.url}/sitemap.xml\n"
        said = told(library, site)
    assert "robots.txt of" in said
    assert "forbids /blog/ for all crawlers" in said


def test_robots_that_forbid_only_us_are_told_so(library: Library) -> None:
    with BlogSite(3, robots="User-agent: blogdex\nDisallow: /\n") as site:
        assert 'forbids / for the user agent "blogdex"' in told(library, site)


def test_a_certificate_that_is_not_valid_is_told(
    library: Library, tmp_path: Path, capfd: pytest.CaptureFixture
) -> None:
    with BlogSite(1) as site:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(_certificate(tmp_path))
        site._http.socket = context.wrap_socket(site._http.socket, server_side=True)
        said = told(library, site.start_url.replace("http:", "https:"))
    assert "(its certificate is not valid)" in said
    assert "Traceback" not in capfd.readouterr().err


def test_a_host_without_encryption_is_told_with_the_address_to_type(library: Library) -> None:
    with BlogSite(1) as site:
        said = told(library, site.start_url.replace("http:", "https:"))
    assert "(it does not speak TLS)" in said
    assert said.endswith(f"blogdex crawl {site.start_url}")


def test_a_host_that_closes_every_connection_is_told(library: Library) -> None:
    with BlogSite(1) as site:
        site.routes["/*"] = always(Answer(b"x" * 50, cut_after=0))
        said = told(library, site)
    assert "it closed the connection" in said


def _certificate(folder: Path) -> Path:
    from datetime import UTC, datetime, timedelta

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "other.example")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), 1, now, now + timedelta(days=1)).sign(
        key, hashes.SHA256()
    )
    file = folder / "certificate.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM) + private)
    return file


# ---- behind a proxy


class Proxy(Server):
    """Answers for invented hosts, as a proxy does."""

    def answer(self, path: str, headers: dict[str, str]) -> Answer:
        if path == "http://clinic.example/robots.txt":
            return Answer(b"", content_type="text/plain")
        if path == "http://clinic.example/sitemap.xml":
            return Answer(status=302, headers={"Location": "http://localhost:80/secret.xml"})
        return (
            Answer(b"<html><body><p>Welcome.</p></body></html>")
            if path == "http://clinic.example/"
            else Answer(status=404)
        )


def test_a_proxy_is_not_asked_for_a_private_host_that_nobody_typed(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Proxy() as proxy:
        monkeypatch.setenv("http_proxy", proxy.url)
        library.crawl("http://clinic.example/")
        assert "http://clinic.example/" in proxy.paths()
        assert not [path for path in proxy.paths() if "localhost" in path]


def test_the_guard_trusts_a_proxy_but_not_what_lies_beside_it() -> None:
    guard = Guard("https://clinic.example/")
    guard.trust_proxies(["http://127.0.0.1:3128"])
    assert guard.refuses_address("127.0.0.1", 3128, "127.0.0.1") is None
    assert guard.refuses_address("127.0.0.1", 3129, "127.0.0.1") is not None
