from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.crawling.addresses import is_public, public_url
from scraper.crawling.politeness import (
    CAUTIOUS_DELAY_S,
    FIRST_BACKOFF_S,
    MAX_CRAWL_DELAY_S,
    Guard,
    GuardedResolver,
    Pace,
    Rules,
    retry_after_s,
)
from scraper.errors import UsageError

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


# ---- robots.txt


def test_a_rule_for_this_crawler_goes_before_the_rule_for_all() -> None:
    rules = Rules(200, b"User-agent: *\nDisallow: /\n\nUser-agent: BlogDex\nDisallow: /private/\n")
    assert rules.allows("https://clinic.example/blog/")
    assert not rules.allows("https://clinic.example/private/x")


def test_the_longest_match_decides_and_allow_wins_a_draw() -> None:
    rules = Rules(200, b"User-agent: *\nDisallow: /blog\nAllow: /blog/open\nDisallow: /*.pdf$\n")
    assert rules.allows("https://clinic.example/blog/open/post")
    assert not rules.allows("https://clinic.example/blog/closed")
    assert not rules.allows("https://clinic.example/a.pdf")
    assert rules.allows("https://clinic.example/a.pdf?x")


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 451])
def test_a_robots_txt_that_is_not_there_allows_everything(status: int) -> None:
    assert Rules(status, b"User-agent: *\nDisallow: /").allows("https://clinic.example/")


def test_a_byte_order_mark_hides_no_rule() -> None:
    assert not Rules(200, b"\xef\xbb\xbfUser-agent: *\nDisallow: /").allows("https://clinic.example/x")


def test_crawl_delay_is_read_and_kept_within_reason() -> None:
    assert Rules(200, b"User-agent: *\nCrawl-delay: 2.5").crawl_delay_s == 2.5
    assert Rules(200, b"User-agent: *\nCrawl-delay: 86400").crawl_delay_s == MAX_CRAWL_DELAY_S
    assert Rules(200, b"User-agent: *\nCrawl-delay: soon").crawl_delay_s == 0


@given(st.binary(max_size=300))
def test_any_bytes_are_a_robots_txt(body: bytes) -> None:
    rules = Rules(200, body)
    assert rules.allows("https://clinic.example/") in (True, False)
    assert 0 <= rules.crawl_delay_s <= MAX_CRAWL_DELAY_S


# ---- Retry-After


def test_retry_after_is_read_in_seconds() -> None:
    assert retry_after_s("120", NOW.timestamp()) == 120


def test_retry_after_is_read_as_a_date() -> None:
    assert retry_after_s(format_datetime(NOW + timedelta(minutes=2), usegmt=True), NOW.timestamp()) == 120


def test_retry_after_in_the_past_is_no_wait() -> None:
    assert retry_after_s(format_datetime(NOW - timedelta(days=2), usegmt=True), NOW.timestamp()) == 0


@pytest.mark.parametrize("value", [None, "", "soon", "-5", "1e9", "²", "Tue, 99 Foo 2026"])
def test_retry_after_that_makes_no_sense_says_nothing(value: str | None) -> None:
    assert retry_after_s(value, NOW.timestamp()) is None


@given(st.text(max_size=40))
def test_any_retry_after_is_none_or_not_negative(value: str) -> None:
    wait = retry_after_s(value, NOW.timestamp())
    assert wait is None or wait >= 0


# ---- pace


def test_the_back_off_grows_with_every_refusal() -> None:
    pace = Pace(delay_s=0, concurrency=4)
    waits = []
    for _ in range(4):
        waits.append(pace.refused(time.monotonic(), None))
    assert waits == [FIRST_BACKOFF_S * 2**power for power in range(4)]


def test_refusals_of_requests_that_were_under_way_together_count_once() -> None:
    pace = Pace(delay_s=0, concurrency=4)
    asked_at = time.monotonic()
    time.sleep(0.001)
    pace.refused(asked_at, None)
    pace.refused(asked_at, None)
    pace.refused(asked_at, None)
    assert pace.refusals == 1
    assert pace.delay_s == CAUTIOUS_DELAY_S


def test_a_refusal_ends_asking_several_at_once() -> None:
    pace = Pace(delay_s=0, concurrency=4)
    pace.refused(time.monotonic(), 1.0)
    assert pace.concurrency == 1


def test_a_long_retry_after_is_kept_and_a_short_one_is_not_believed_twice() -> None:
    pace = Pace(delay_s=0.5, concurrency=1)
    assert pace.refused(time.monotonic(), 30.0) == 30
    assert pace.refused(time.monotonic(), 1.0) == FIRST_BACKOFF_S * 2


def test_an_answer_ends_the_series() -> None:
    pace = Pace(delay_s=0.5, concurrency=1)
    pace.refused(time.monotonic(), None)
    pace.answered()
    assert pace.refused(time.monotonic(), None) == FIRST_BACKOFF_S


# ---- addresses


@pytest.mark.parametrize("address", ["93.184.216.34", "8.8.8.8", "2606:2800:220:1::1", "::ffff:8.8.8.8"])
def test_an_address_of_the_internet_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        *(
            "127.0.0.1",
            "127.9.9.9",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
        ),
        *("224.0.0.1", "255.255.255.255", "198.18.0.1", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1"),
        *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "2002:7f00:1::", "2002:a00:1::", "64:ff9b::7f00:1", "64:ff9b::a00:1"),
        *("2001:0:4136:e378:8000:63bf:3fff:fdd2", "::127.0.0.1", "fec0::1", "2001:db8::1"),
    ],
)
def test_an_address_of_somebodys_own_is_not_public(address: str) -> None:
    assert not is_public(address)


@given(st.ip_addresses(v=4))
def test_a_mapped_address_is_as_public_as_what_it_maps(address: object) -> None:
    assert is_public(f"::ffff:{address}") == is_public(str(address))


def test_only_http_and_the_webs_ports_are_asked_for() -> None:
    guard = Guard("https://clinic.example/blog")
    assert guard.refuses("https://other.example/sitemap.xml") is None
    assert guard.refuses("ftp://clinic.example/") is not None
    assert guard.refuses("file:///etc/passwd") is not None
    assert guard.refuses("https://clinic.example:22/") is not None
    assert guard.refuses("http://[broken/") is not None


def test_the_port_that_was_typed_is_trusted_on_its_host_only() -> None:
    guard = Guard("http://clinic.example:8080/")
    assert guard.refuses("http://clinic.example:8080/x") is None
    assert guard.refuses("http://other.example:8080/x") is not None


def test_a_private_host_that_was_typed_is_trusted_with_its_port_only() -> None:
    guard = Guard("http://127.0.0.1:8000/")
    assert guard.refuses("http://127.0.0.1:8000/post") is None
    assert guard.refuses("http://127.0.0.1:9000/post") is not None
    assert guard.refuses("http://127.0.0.1/") is not None
    assert guard.refuses("http://192.168.0.1/") is not None


def test_a_host_that_was_public_may_not_turn_private() -> None:
    guard = Guard("https://clinic.example/")
    assert guard.refuses_address("clinic.example", 443, "8.8.8.8") is None
    assert guard.refuses_address("clinic.example", 443, "127.0.0.1") is not None


def test_a_private_host_that_was_typed_may_be_private() -> None:
    guard = Guard("https://wiki.intern/")
    assert guard.refuses_address("wiki.intern", 443, "10.0.0.7") is None
    assert guard.refuses_address("other.intern", 443, "10.0.0.8") is not None


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "10.0.0.7", "169.254.169.254", "::1", "fd00::1", "fe80::1", "::ffff:10.0.0.1"]
)
def test_for_a_stranger_the_typed_host_is_trusted_no_more_than_others(address: str) -> None:
    guard = Guard("http://clinic.example:8080/", public_only=True)
    assert guard.refuses_address("clinic.example", 80, address) is not None
    assert guard.refuses_address("clinic.example", 80, "8.8.8.8") is None
    assert guard.refuses("http://clinic.example:8080/") is not None
    literal = f"http://[{address}]/" if ":" in address else f"http://{address}/"
    assert Guard(literal, public_only=True).refuses(literal) is not None


@pytest.mark.parametrize(
    "typed",
    ["http://127.0.0.1/", "localhost", "http://localhost/", "http://localhost./", "10.0.0.1", "http://192.168.1.1/blog",
     "http://169.254.169.254/latest/meta-data", "http://[::1]/", "http://[fe80::1%25eth0]/", "http://[::ffff:10.0.0.1]/",
     "http://2130706433/", "http://0x7f000001/", "http://0x7f.1/", "http://0177.0.0.1/", "http://127.1/", "http://127.0.0.1./",
     "http://\uff11\uff12\uff17.0.0.1/", "http://a.localhost/", "http://printer.local/", "http://db.internal/", "http://intranet/",
     "http://clinic.example:22/", "http://clinic.example:6379/", "http://clinic.example:x/", "http://user@clinic.example/",
     "http://8.8.8.8@127.0.0.1/", "http://clinic.example\\@127.0.0.1/", "file:///etc/passwd", "ftp://clinic.example/",
     "javascript:alert(1)", "gopher://clinic.example/", "--refresh", "-h", "", " ", "http://", "http://clinic.example/a b",
     "http://clinic.example/\r\nX: y", "http://clinic.example/\x00", "http://[broken/", "http://0.0.0.0/", "http://224.0.0.1/",
     "https://clinic.example/" + "a" * 2000],
)  # fmt: skip
def test_a_form_takes_no_address_that_is_not_public(typed: str) -> None:
    with pytest.raises(UsageError) as refused:
        public_url(typed)
    assert len(str(refused.value)) < 250


@pytest.mark.parametrize(
    "typed",
    ["https://clinic.example/blog", "clinic.example/blog", "http://8.8.8.8/", "https://m\u00fcller.example:443/"],
)
def test_a_form_takes_public_addresses(typed: str) -> None:
    assert public_url(f" {typed} ").endswith(typed)


def test_for_a_stranger_the_proxy_is_a_way_and_no_aim() -> None:
    guard = Guard("http://proxy.intern/", public_only=True)
    guard.trust_proxies(["http://proxy.intern:80"])
    assert guard.refuses_address("proxy.intern", 80, "10.0.0.2") is None
    assert guard.refuses("http://proxy.intern/") is not None


def test_a_proxy_of_the_environment_is_trusted_and_nothing_else_of_its_network() -> None:
    guard = Guard("https://clinic.example/")
    guard.trust_proxies(["http://10.0.0.1:3128", "proxy.intern:8080", "http://[broken"])
    assert guard.refuses_address("10.0.0.1", 3128, "10.0.0.1") is None
    assert guard.refuses_address("proxy.intern", 8080, "10.0.0.2") is None
    assert guard.refuses_address("10.0.0.1", 80, "10.0.0.1") is not None


@pytest.mark.parametrize("url", ["http://127.0.0.1:8000/", "http://localhost/", "http://[::1]/", "http://192.168.0.4/"])
def test_no_proxy_stands_before_a_machine_of_ones_own(url: str) -> None:
    assert Guard(url).is_local


def test_a_name_on_the_internet_is_not_local() -> None:
    assert not Guard("https://clinic.example/").is_local


class Receiver:
    """Takes what a resolver gives."""

    def __init__(self) -> None:
        self.addresses: list[str] = []
        self.complete = False

    def resolutionBegan(self, resolution: object) -> None:
        pass

    def addressResolved(self, address: object) -> None:
        self.addresses.append(address.host)

    def resolutionComplete(self) -> None:
        self.complete = True


class Reactor:
    """Runs at once what a reactor would run later."""

    def callFromThread(self, function: object, *arguments: object) -> None:
        function(*arguments)

    def callLater(self, delay: float, function: object, *arguments: object) -> None:
        pass


def resolve(guard: Guard, host: str, port: int) -> Receiver:
    receiver = Receiver()
    GuardedResolver(Reactor(), guard).resolveHostName(receiver, host, port)
    until = time.monotonic() + 5
    while not receiver.complete and time.monotonic() < until:
        time.sleep(0.005)
    return receiver


def test_the_resolver_gives_no_private_address_of_another_name() -> None:
    guard = Guard("https://clinic.example/")
    receiver = resolve(guard, "localhost", 443)
    assert receiver.complete
    assert receiver.addresses == []
    assert "localhost is at the private address" in guard.refused["localhost", 443]


def test_the_resolver_gives_the_address_of_the_host_that_was_typed() -> None:
    assert "127.0.0.1" in resolve(Guard("http://localhost:8000/"), "localhost", 8000).addresses


def test_the_resolver_gives_nothing_for_another_port_of_the_host_that_was_typed() -> None:
    assert resolve(Guard("http://127.0.0.1:8000/"), "127.0.0.1", 8001).addresses == []
