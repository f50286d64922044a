"""Bring addresses into one form, tell what belongs to a site, and read what an address alone gives away."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Literal
from urllib.parse import unquote, urljoin, urlsplit

from scraper.urlwords import (
    ARCHIVE_WORDS,
    BLOG_WORDS,
    CHOOSING_VARIANTS,
    LISTING_VALUES,
    LISTING_WORDS,
    MAYBE_CHOOSING_PARAMS,
    PAGE_WORDS,
    SAME_PAGE_PARAMS,
    SECTION_WORDS,
    SESSION_PARAMS,
    TRACKING_PARAMS,
    VARIANT_PARAMS,
    VARIANT_VALUES,
    VIEW_PARAMS,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

UrlKind = Literal["post", "listing", "feed", "asset", "variant", "page", "unknown"]

MAX_LENGTH = 4096
"""Characters of an address; longer ones are not followed. Chosen: twice what browsers of old and most servers take."""
_REMEMBERED = 1024
"""Addresses whose form is remembered; chosen: those of a page, which names the same ones again and again."""
_LINKS_REMEMBERED = 16384
"""Links whose addresses are remembered; chosen: those of a blog's menus and lists, which come again on each page."""
_WHOLE = re.compile(r"https?://[^/?#;\\\s\x00-\x1f\x7f][^;]*$")
_FROM_ROOT = re.compile(r"/[^/\\\s\x00-\x1f\x7f]|/$")

_DEFAULT_PORTS = {"http": 80, "https": 443}
_UNRESERVED = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~")
_PATH_SAFE = _UNRESERVED | frozenset("!$&'()*+,;=:@/")
_QUERY_SAFE = _UNRESERVED | frozenset("!$'()*+,;:@/?[]=")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]")
_HOST = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*")
_IPV6 = re.compile(r"[0-9a-f:.]+")
_DOUBLY_ESCAPED = re.compile(r"^(?:amp;)+")
_HEX_PAIR = re.compile(r"[0-9A-Fa-f]{2}")
_IPV6_NETLOC = re.compile(r"^(\[[^\]]*\])(?::(\d*))?$")

_TRACKING_PREFIXES = (
    *("utm_", "pk_", "mtm_", "matomo_", "piwik_", "hsa_", "fb_action_"),
    *("fb_comment_", "elq", "wt_", "ga_", "vero_", "oly_"),
)
_MAYBE_SESSION = frozenset({"sid", "s", "session", "sess", "token", "sessid2", "skey"})
_SESSION_VALUE = re.compile(r"(?=[0-9a-zA-Z,-]*\d)[0-9a-zA-Z,-]{16,}|[0-9a-fA-F]{8,}")
_PATH_SESSION = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/;]*", re.IGNORECASE)
_PATH_SESSION_ASP = re.compile(r"/\((?:[A-Z]\([0-9A-Za-z_-]+\))+\)(?=/|$)")

_INDEX_FILE = re.compile(r"/(?:index\.(?:html?|php\d?|aspx?|jsp|shtml)|default\.(?:aspx?|html?))$", re.IGNORECASE)

_ASSET = re.compile(
    r"\.(?:jpe?g|png|gif|webp|avif|svg|ico|bmp|tiff?|heic|css|m?js|map|woff2?|ttf|otf|eot|pdf|docx?|xlsx?|pptx?|"
    r"od[tps]|"
    r"epub|mobi|zip|gz|tgz|bz2|xz|7z|rar|tar|exe|msi|dmg|apk|deb|rpm|iso|jar|mp3|m4a|ogg|oga|wav|flac|mp4|m4v|mov|avi|"
    r"mkv|webm|ogv|wmv|flv|swf|torrent|ics|vcf|webmanifest|wasm|csv|tsv|psd|ai|eps|bin|ps|tex|bib|sql|ipynb|c|h|cpp|"
    r"py|sh)$",
    re.IGNORECASE,
)
_FEED_PATH = re.compile(
    r"/(?:feed|rss|rss2|atom|rdf)/?$|/(?:feed|rss|atom|index|feeds?/[\w-]+|rss2?|blog|posts?|all)\.(?:xml|rss|atom|"
    r"rdf|json)$|"
    r"\.(?:rss|atom|rdf)$|/feed/(?:rss2?|atom|rdf|json)/?$|/feeds/(?:posts|comments|\d+/comments)/|/feed\.json$",
    re.IGNORECASE,
)
_COMMENT_FEED = re.compile(
    r"/comments?/(?:feed|default|rss|atom)|/feeds/(?:comments|\d+/comments)|[?&]feed=comments", re.I
)

_SCRIPT = re.compile(r"\.(?:php\d?|phtml|aspx?|cfm|jsp|cgi|pl|do|dll)$", re.IGNORECASE)
_EXTENSION = re.compile(r"\.(?:html?|shtml|php\d?|phtml|aspx?|cfm|jsp|cgi|pl|do|dll)$", re.IGNORECASE)
_CHOICE = re.compile(r"\d{1,12}|(?=.*[^\W\d_])[\w%.~:/-]{3,}")
_TITLE = re.compile(r"[^-_]+(?:[-_][^-_]+){2,}")

_PAGE_NUMBER = re.compile(r"/(?:page|seite|pagina|página|strana|side|sida)[/-]?(\d{1,6})/?$", re.IGNORECASE)
_PAGE_PARAMS = ("page", "paged", "pg", "pagenum", "seite", "pagina", "query-page", "cpage", "start", "offset")
_DATE_ARCHIVE = re.compile(r"/(?:19|20)\d\d(?:/(?:0?[1-9]|1[0-2]))?(?:/(?:0?[1-9]|[12]\d|3[01]))?/?$")
_DATED_POST = re.compile(
    r"/(?:19|20)\d\d(?:[/-](?:0?[1-9]|1[0-2]))?(?:[/-](?:0?[1-9]|[12]\d|3[01]))?[/-][^/]*[^\d/][^/]*/?$"
)
_ARCHIVED_POST = re.compile(r"/archives?/(?:19|20)\d\d/.*[^\d/][^/]*/?$")
_LIST_PARAMS = frozenset(
    {"paged", "cat", "tag", "author", "label", "category", "updated-max", "query-page", "post_type"}
)
# A query that a copy made part of a file's name: `search-updated-max=2012-06-26&max-results=7.html`.
_LIST_NAME = re.compile(r"(?<![^\W_])(?:updated-max|max-results|paged|query-page)=[^/]*$", re.IGNORECASE)
_CALENDAR = re.compile(
    r"/(?:calendar|kalender|calendario|calendrier|ical|agenda)(?:/|$)|[?&](?:ical|cal_?\w*|month|tribe[\w-]*|"
    r"eventdisplay|"
    r"year_month|calendar\w*|ai1ec|date)=",
    re.IGNORECASE,
)
_HEX_SEGMENT = re.compile(r"(?=[^/]*\d)[0-9a-f]{8,}$", re.IGNORECASE)
_API = re.compile(r"/wp-json/wp/v2/|[?&]rest_route=/wp/v2/")
_MAX_DEPTH = 12
_MAX_PARAMS = 4
_MAX_PAGE = 2000
"""Segments, parameters and the number of a further page beyond which an address is one of a maze; chosen, not
measured."""


def canonical(url: str, base: str | None = None) -> str:
    """Return the one form of `url`, resolved against `base`; raise `ValueError` for what is no http(s) address.

    Folds scheme and host case, default ports, dot segments, percent-encoding and IDN (RFC 3986, section 6); drops
    credentials, fragments, tracking parameters and session ids. Parameters keep their order, which some hosts mind. A
    fragment that begins with `!` names a page, which a server answers under `_escaped_fragment_` (Google's AJAX
    crawling scheme). A trailing slash stays as it is.
    """
    return _canonical(url, _needed_of(base, url) if base else base)


def _needed_of(base: str, url: str) -> str | None:
    """Return what of `base` decides where `url` leads: a menu's links are then resolved once a site."""
    if _WHOLE.match(url):
        return None
    return _root_of(base) if _FROM_ROOT.match(url) else base


@lru_cache(maxsize=_REMEMBERED)
def _root_of(url: str) -> str:
    """Return the home page of an address's host; of what is no web address, the address itself."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/" if parts.scheme in _DEFAULT_PORTS and parts.netloc else url


@lru_cache(maxsize=_LINKS_REMEMBERED)
def _canonical(url: str, base: str | None) -> str:
    """Do what `canonical` says."""
    text = _CONTROLS.sub("", url.strip()) if len(url) <= MAX_LENGTH else ""
    if not text and not (base and len(url) <= MAX_LENGTH):
        raise ValueError("no address" if len(url) <= MAX_LENGTH else "address too long")
    text = _unbackslash(text)
    parts = urlsplit(urljoin(base, text) if base else text)
    scheme = parts.scheme.lower()
    if scheme not in _DEFAULT_PORTS:
        raise ValueError(f"no http address: {url[:80]!r}")
    netloc = _netloc(parts.netloc, scheme)
    path = _path(parts.path)
    named = parts.fragment[1:] if re.match(r"!/?[^\W_]", parts.fragment) else ""
    raw = "&".join(piece for piece in (parts.query, named and f"_escaped_fragment_={named}") if piece)
    query = _query(raw, is_script=bool(_SCRIPT.search(path)))
    result = f"{scheme}://{netloc}{path}" + (f"?{query}" if query else "")
    if len(result) > MAX_LENGTH:
        raise ValueError("address too long")
    return result


def site_of(start_url: str) -> str:
    """Return the site that `start_url` stands for: host without `www.`, port where unusual, and the blog's folder.

    A file name at the end, a page number and a trailing slash are no part of the folder.
    """
    parts = urlsplit(canonical(start_url))
    path = _PAGE_NUMBER.sub("", _INDEX_FILE.sub("", parts.path))
    if "." in path.rsplit("/", 1)[-1]:
        path = path.rsplit("/", 1)[0]
    return _without_www(parts.netloc) + path.rstrip("/")


@lru_cache(maxsize=_REMEMBERED)
def host_of(site: str) -> str:
    """Return the host (and unusual port) of a site or of an address, without `www.`."""
    return _without_www(urlsplit(site).netloc if "://" in site else site.split("/", 1)[0])


def folder_of(site: str) -> str:
    """Return the folder of a site as a path that begins and ends with a slash."""
    _, _, folder = site.partition("/")
    return f"/{folder}/" if folder else "/"


def on_host(url: str, site: str) -> bool:
    """Tell whether a canonical `url` lies on the site's host and port, in its folder or not."""
    return host_of(url) == host_of(site)


def in_site(url: str, site: str) -> bool:
    """Tell whether a canonical `url` lies on the site's host and in its folder.

    Posts may lie outside the folder: a listing at `/blog` often names posts at `/their-title`.
    `scraper.crawling.discover` decides that by who named them; what it returned needs only `on_host`.
    """
    folder = folder_of(site)
    return on_host(url, site) and (urlsplit(url).path.rstrip("/") + "/").startswith(folder)


def is_made_up(url: str) -> bool:
    """Return whether an address was given to an imported file that has none (RFC 2606)."""
    return (urlsplit(url).hostname or "").endswith(".invalid")


@lru_cache(maxsize=_REMEMBERED)
def same_page_key(url: str) -> str:
    """Return what two addresses of one page share.

    That is no scheme, `www.`, index file, trailing slash and reply links, and parameters in the order of their names.
    """
    try:
        parts = urlsplit(canonical(url))
    except ValueError:
        return url
    path = re.sub(r"/{2,}", "/", _INDEX_FILE.sub("/", parts.path)).rstrip("/")
    pieces = [piece for piece in parts.query.split("&") if piece and _name(piece) not in SAME_PAGE_PARAMS]
    return _without_www(parts.netloc) + path + ("?" + "&".join(sorted(pieces, key=_name)) if pieces else "")


def shape(url: str) -> str:
    """Return the address with numbers and slugs folded: addresses that one template makes have one shape."""
    parts = urlsplit(url)
    segments = [segment for segment in parts.path.split("/") if segment]
    folded = [_fold(segment, position, len(segments)) for position, segment in enumerate(segments[:8])]
    if len(segments) > 8:
        folded.append("**")
    names = sorted({_name(piece) for piece in parts.query.split("&") if piece})
    return f"{_without_www(parts.netloc)}/{'/'.join(folded)}" + (f"?{'&'.join(names)}" if names else "")


@lru_cache(maxsize=_REMEMBERED)
def kind_by_url(url: str) -> UrlKind:
    """Guess from a canonical address what stands there. A hint: evidence from pages and feeds goes before it."""
    parts = urlsplit(url)
    path = _INDEX_FILE.sub("/", unquote(parts.path).lower())
    params = {_name(piece): unquote(piece.partition("=")[2]).lower() for piece in parts.query.split("&") if piece}
    names = set(params)
    if _ASSET.search(path):
        return "asset"
    if _is_feed(path, params) or _COMMENT_FEED.search(url):
        return "feed"
    chosen = _chosen(params)
    if _is_variant(path, params, parts.query, chosen=bool(chosen)):
        return "variant"
    if _is_listing(path, names, params, chosen=bool(chosen)):
        return "listing"
    return _kind_by_words(path, names, chosen=bool(chosen))


def is_comment_feed(url: str) -> bool:
    """Tell whether an address names a feed of comments, not of posts."""
    return bool(_COMMENT_FEED.search(url))


@lru_cache(maxsize=_REMEMBERED)
def page_number(url: str) -> tuple[str, int] | None:
    """Return the listing's address without its page number, and the number; `None` where there is none."""
    parts = urlsplit(url)
    path = _INDEX_FILE.sub("/", parts.path)
    found = _PAGE_NUMBER.search(path)
    if found:
        stem = path[: found.start()] + "/"
        return f"{parts.scheme}://{parts.netloc}{stem}" + (f"?{parts.query}" if parts.query else ""), int(found[1])
    for name in _PAGE_PARAMS:
        match = re.search(rf"(?:^|&){re.escape(name)}=(\d{{1,15}})(?:&|$)", parts.query)
        if match:
            rest = "&".join(piece for piece in parts.query.split("&") if _name(piece) != name)
            return f"{parts.scheme}://{parts.netloc}{parts.path}" + (f"?{rest}" if rest else ""), int(match[1])
    return None


def is_date_archive(url: str) -> bool:
    """Tell whether an address is that of a year's, month's or day's posts."""
    return bool(_DATE_ARCHIVE.search(_INDEX_FILE.sub("/", urlsplit(url).path)))


def is_list_address(url: str) -> bool:
    """Tell whether no blog keeps a post at an address: a day's archive, a search, a query that chooses a list.

    A day behind a title belongs to a post: `/blog/seven-ways-to-sleep/2022/12`.
    """
    parts = urlsplit(url)
    if is_date_archive(url):
        return not any(_TITLE.fullmatch(segment) for segment in parts.path.split("/")[:-1])
    first = _EXTENSION.sub("", parts.path.lower().split("/")[1]) if parts.path.startswith("/") else ""
    is_asked = first == "search" or not _LIST_PARAMS.isdisjoint(map(_name, parts.query.split("&")))
    return (is_asked and kind_by_url(url) == "listing") or bool(_LIST_NAME.search(unquote(parts.path)))


@lru_cache(maxsize=_REMEMBERED)
def trap_sign(url: str) -> str | None:
    """Say what makes a canonical address look like one of endlessly many; `None` where nothing does."""
    parts = urlsplit(url)
    segments = [segment for segment in parts.path.split("/") if segment]
    params = [piece for piece in parts.query.split("&") if piece]
    number = page_number(url)
    if _API.search(url):
        return None
    if len(url) > 1024:
        return "the address is very long"
    if len(segments) > _MAX_DEPTH:
        return "the address is very deep"
    if _repeats(segments):
        return "path segments repeat"
    if _CALENDAR.search(url):
        return "it looks like a calendar"
    if len(params) > _MAX_PARAMS:
        return "many filters at once"
    if number is not None and number[1] > _MAX_PAGE and not any(n in parts.query for n in ("offset", "start")):
        return "the page number is very high"
    return None


def upgrade(url: str, base: str) -> str:
    """Return a canonical `url` with the scheme https where `base` has it and the host is the same."""
    if url.startswith("http://") and base.startswith("https://") and host_of(url) == host_of(base):
        return canonical("https://" + url[len("http://") :])
    return url


@lru_cache(maxsize=_REMEMBERED)
def family(url: str) -> str:
    """Return the folder that an address shares with its siblings, numbers (a year, a month) folded to `N`."""
    segments = [segment for segment in urlsplit(url).path.split("/") if segment][:-1]
    return "/" + "".join(("N" if segment.isdigit() else segment) + "/" for segment in segments)


def _unbackslash(text: str) -> str:
    head, mark, tail = text.partition("?")
    if ":" in head and not head.lower().startswith(("http:", "https:")):
        return text
    return head.replace("\\", "/") + mark + tail


def _netloc(netloc: str, scheme: str) -> str:
    hostport = netloc.rpartition("@")[2]
    ipv6 = _IPV6_NETLOC.match(hostport)
    if ipv6:
        host, port = ipv6[1].lower(), ipv6[2] or ""
        if not _IPV6.fullmatch(host[1:-1]):
            raise ValueError("bad IPv6 address")
    else:
        host, _, port = hostport.partition(":")
        host = _host(host)
    if not port:
        return host
    if not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        raise ValueError(f"bad port {port[:8]!r}")
    return host if int(port) == _DEFAULT_PORTS[scheme] else f"{host}:{int(port)}"


def _host(host: str) -> str:
    text = unicodedata.normalize("NFKC", unquote(host)).lower().replace("。", ".")
    text = unicodedata.normalize("NFC", text).rstrip(".")
    labels = [
        label if label.isascii() else "xn--" + label.encode("punycode").decode("ascii") for label in text.split(".")
    ]
    result = ".".join(labels)
    if not _HOST.fullmatch(result) or len(result) > 253:
        raise ValueError(f"bad host {host[:80]!r}")
    return result


def _quote(text: str, safe: frozenset[str]) -> str:
    out: list[str] = []
    position = 0
    while position < len(text):
        char = text[position]
        if char == "%" and _HEX_PAIR.fullmatch(text[position + 1 : position + 3]):
            decoded = chr(int(text[position + 1 : position + 3], 16))
            out.append(decoded if decoded in _UNRESERVED else "%" + text[position + 1 : position + 3].upper())
            position += 3
            continue
        if char in safe:
            out.append(char)
        else:
            out.extend(f"%{byte:02X}" for byte in char.encode("utf-8", "replace"))
        position += 1
    return "".join(out)


def _path(path: str) -> str:
    quoted = _quote(path or "/", _PATH_SAFE)
    previous = None
    while quoted != previous:
        previous = quoted
        quoted = _PATH_SESSION_ASP.sub("", _PATH_SESSION.sub("", quoted)) or "/"
        quoted = _without_dots(quoted)
    return quoted


def _without_dots(path: str) -> str:
    kept: list[str] = []
    segments = path.split("/")[1:] if path.startswith("/") else path.split("/")
    for segment in segments:
        if segment == "..":
            if kept:
                kept.pop()
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in (".", ".."):
        kept.append("")
    return "/" + "/".join(kept)


def _query(query: str, *, is_script: bool) -> str:
    """Return a query without noise.

    A name that usually says where a reader came from chooses the page where it is all that a script is told:
    `article.php?ref=12`.
    """
    pieces = [_DOUBLY_ESCAPED.sub("", _quote(raw, _QUERY_SAFE)) for raw in query.split("&")]
    kept = [piece for piece in pieces if piece and not _is_noise(piece)]
    if is_script and not kept:
        kept = [piece for piece in pieces if _may_choose(piece)][:1]
    return "&".join(kept)


def _may_choose(piece: str) -> bool:
    name, _, value = piece.partition("=")
    return name.lower() in MAYBE_CHOOSING_PARAMS and value.isascii() and value.isdigit() and len(value) <= 8


def _is_noise(piece: str) -> bool:
    name, _, value = piece.partition("=")
    name = name.lower()
    if (
        name in TRACKING_PARAMS
        or name.startswith(_TRACKING_PREFIXES)
        or name in SESSION_PARAMS
        or name.startswith("aspsessionid")
    ):
        return True
    if name == "_" and value.isdigit():
        return True
    if name == "source" and (value.startswith("rss") or "---" in value):
        return True
    return (name in _MAYBE_SESSION or "sess" in name) and bool(_SESSION_VALUE.fullmatch(value))


def _name(piece: str) -> str:
    return piece.partition("=")[0].lower()


def _without_www(netloc: str) -> str:
    return netloc[4:] if netloc.startswith("www.") and netloc.count(".") > 1 else netloc


def _chosen(params: Mapping[str, str]) -> list[str]:
    """Return the parameters that may choose a post, by name and value: a number or a title."""
    if params.get("view") in LISTING_VALUES or params.get("layout") in LISTING_VALUES:
        return []
    return [
        name
        for name, value in params.items()
        if _CHOICE.fullmatch(value)
        and ((name not in VIEW_PARAMS and name not in VARIANT_PARAMS) or (name == "page" and _TITLE.fullmatch(value)))
    ]


def _is_feed(path: str, params: Mapping[str, str]) -> bool:
    kind = params.get("format") or params.get("type") or ""
    return "feed" in params or kind in ("feed", "rss", "atom") or bool(_FEED_PATH.search(path))


def _is_variant(path: str, params: Mapping[str, str], query: str, *, chosen: bool) -> bool:
    variants = VARIANT_PARAMS & set(params)
    if any(not _may_be_content(name, params[name], chosen=chosen) for name in variants):
        return True
    if set(params) == {"m"} and query in ("m=0", "m=1"):
        return True
    last = path.rstrip("/").rsplit("/", 1)[-1]
    return last in ("amp", "print", "trackback", "embed", "comment-page-1", "xmlrpc.php") or bool(
        re.search(
            r"/comment-page-\d+/?$|/attachment/[^/]+/?$|\.amp(?:\.html)?$|/amp\.html$|^/cdn-cgi/|^/wp-json(?:/|$)", path
        )
    )


def _may_be_content(name: str, value: str, *, chosen: bool) -> bool:
    """Tell whether a parameter that often makes a variant may be a content system's way to name what it shows."""
    is_named = chosen or (name == "view" and value in LISTING_VALUES)
    return name in CHOOSING_VARIANTS and is_named and value not in VARIANT_VALUES


def _is_listing(path: str, names: set[str], params: Mapping[str, str], *, chosen: bool) -> bool:
    segments = [_EXTENSION.sub("", segment) for segment in path.split("/") if segment]
    if not segments and not names - {"lang"}:
        return True
    if params.get("view") in LISTING_VALUES or params.get("layout") in LISTING_VALUES:
        return True
    if chosen:
        return False
    if names & {"page", *_LIST_PARAMS} or _LIST_NAME.search(path):
        return True
    if "m" in names and not segments:
        return True
    if _PAGE_NUMBER.search(path) or _DATE_ARCHIVE.search(path):
        return True
    if _ARCHIVED_POST.search(path):
        return False
    listed = [position for position, segment in enumerate(segments) if segment in LISTING_WORDS]
    if not listed or len(segments) - listed[0] > 4 or listed[0] > 2:
        return False
    is_among_archives = segments[listed[0]] in ARCHIVE_WORDS and len(segments) == listed[0] + 2
    return not (is_among_archives and (segments[-1].isdigit() or _TITLE.fullmatch(segments[-1])))


def _kind_by_words(path: str, names: set[str], *, chosen: bool) -> UrlKind:
    segments = [_EXTENSION.sub("", segment) for segment in path.split("/") if segment]
    if re.fullmatch(r"/p/[^/]+\.html", path):
        return "page"
    if names & {"p", "page_id"} and not segments:
        return "post" if "p" in names else "page"
    if _DATED_POST.search(path):
        return "post"
    if not segments:
        return "unknown"
    if segments[-1] in BLOG_WORDS:
        return "post" if chosen else "listing"
    if len(segments) > 1 and any(segment in BLOG_WORDS for segment in segments[:-1]):
        return "unknown" if re.fullmatch(r"\d{1,3}", segments[-1]) else "post"
    if chosen:
        return "unknown"
    if len(segments) == 1 and re.fullmatch(r"[a-z]{2}(?:[-_][a-z]{2})?", segments[0]):
        return "listing"
    if segments[-1] in PAGE_WORDS or any(segment in SECTION_WORDS for segment in segments):
        return "page"
    return "unknown"


def _fold(segment: str, position: int, count: int) -> str:
    text = unquote(segment).lower()
    stem, dot, extension = text.rpartition(".")
    if dot and len(extension) <= 5 and extension.isalnum() and not extension.isdigit():
        return _fold(stem, position, count) + "." + extension
    if text.isdigit():
        return "N"
    if text in LISTING_WORDS or text in BLOG_WORDS or text in SECTION_WORDS:
        return text
    if position == 0 and count > 1 and text.isalpha() and len(text) <= 20:
        return text
    return "*"


def _repeats(segments: list[str]) -> bool:
    words = [segment for segment in segments if not segment.isdigit()]
    if any(words.count(word) > 2 for word in set(words)):
        return True
    for size in range(2, len(segments) // 2 + 1):
        for start in range(len(segments) - 2 * size + 1):
            if segments[start : start + size] == segments[start + size : start + 2 * size]:
                return True
    return False
