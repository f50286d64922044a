"""Give every imported page its URL: from the path of its file, from what the page says of itself, or a made-up one."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urlsplit

from scraper import markup, urls
from scraper.errors import UsageError
from scraper.imports import copies
from scraper.imports.files import is_page_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from scraper.imports.files import File
    from scraper.imports.options import ImportOptions

MADE_UP_HOST: Final = "file.invalid"
"""Host of pages whose address nobody knows; RFC 2606 keeps the name from ever being one."""

MADE_UP_SITE: Final = MADE_UP_HOST
"""The site of pages that name no host: the host that their addresses show, so that either may be typed."""

HEAD_LIMIT: Final = 1024 * 1024
"""Bytes in which the end of a page's head is looked for; themes and browsers put whole style sheets there."""

_MOST: Final = 0.5
_OWN_SITE_PAGES: Final = 3
"""Pages from which a site's template can be learnt."""
_DEEPEST: Final = 3
"""Folders above a copy that are looked through for its top; chosen: tools make one named after the host, or two."""

_LABEL: Final = r"[^\W_](?:[\w-]{0,62}[^\W_])?"
_HOST_FIRST: Final = re.compile(
    rf"(?:(?:localhost|(?:{_LABEL}\.)+{_LABEL}\.?)(?::\d{{1,5}})?|{_LABEL}:\d{{1,5}}|\[[\da-f:.]+\](?::\d{{1,5}})?)(?:/|$)",
    re.I,
)
_HEAD_END: Final = re.compile(rb"</head\b|<body\b", re.I)
_INDEX: Final = re.compile(r"(?:^|(?<=/))(?:index|default)\.x?html?$", re.I)
_QUERY_MARK: Final = re.compile(r"\?|%3f", re.I)
_AT_QUERY: Final = re.compile(r"^(?P<path>(?:.*/)?[^/@]+)@(?P<query>[\w.%\[\]~-]+=[^/]*)$")
_ADDED_SUFFIX: Final = re.compile(r"\.html?$", re.I)
_LONE_PERCENT: Final = re.compile(r"%(?![0-9a-f]{2})", re.I)
_SAVED_FROM: Final = (
    re.compile(r"<!--\s*saved from url=\(\d{1,6}\)(\S{1,2000}?)\s*-->", re.I),
    re.compile(r"<!--\s*Mirrored from (\S{1,2000}) by HTTrack", re.I),
    re.compile(r"<!--\s*Page saved with SingleFile\s+url:\s*(\S{1,2000})", re.I),
)


@dataclass(frozen=True, slots=True)
class Claims:
    """The addresses that a page gives itself, as canonical URLs.

    `known` is that of the program that saved it: no page can be wrong about it.
    """

    canonical: str | None = None
    graph: str | None = None
    saved_from: str | None = None
    known: str | None = None

    @property
    def named(self) -> str | None:
        """Return the address that counts most."""
        return self.known or self.canonical or self.graph or self.saved_from


@dataclass(frozen=True, slots=True)
class Address:
    """Where a page stands: its URL and its site."""

    url: str
    site: str


@dataclass(frozen=True, slots=True)
class _Copied:
    """A folder of a site, and the folder among the files that is its copy, `""` for all of them.

    `is_suffixed`: the copy put `.html` behind addresses that have none.
    """

    folder: str
    top: str
    is_suffixed: bool = False

    def wishes(self, source: str) -> list[str]:
        """Return the addresses that a file of the copy may have, the likeliest first."""
        if not source.startswith(self.top):
            return []
        found = _path_wishes(self.folder, source.removeprefix(self.top))
        if not self.is_suffixed:
            return found
        plain, mark, query = found[0].partition("?") if found else ("", "", "")
        return [_ADDED_SUFFIX.sub("", plain) + mark + query, *found] if plain else found


def base_folder(base_url: str) -> str:
    """Return the address that file paths are appended to, ending in a slash. Raise `UsageError` where it is none.

    One without a scheme is taken as https where it begins like a host does: a name with a dot, a port, or localhost.
    """
    typed = base_url.strip()
    try:
        if "://" not in typed and (not _HOST_FIRST.match(typed) or is_page_name(typed.partition("/")[0])):
            raise ValueError(typed)
        whole = typed if "://" in typed else f"https://{typed}"
        parts = urlsplit(whole)
        urls.canonical(whole)
    except ValueError as error:
        raise UsageError(f"{base_url!r} is no web address; write it so: --base-url https://your-site/") from error
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}/"


def from_path(folder: str, source: str) -> str:
    """Return the URL of the file `source` of a copy of `folder`. Raise `ValueError` where there is none.

    Undone is what mirrors do to names: `.1` and `.orig` for a second version, `index.html` for a folder, `?` written as
    itself, as `%3F` or as `@`, `.html` added behind a query, and a top folder named after the host. Parameters that
    show the same page again are left away, as in a crawl.
    """
    path, query = _split_query(copies.without_second(copies.plain_query(_without_host(folder, source))))
    path = _INDEX.sub("", path)
    url = folder + quote(_LONE_PERCENT.sub("%25", path), safe="/%:@!$&'()*+,;=~")
    if query:
        url += "?" + quote(_LONE_PERCENT.sub("%25", query), safe="%=&+/:;,@!$'()*~?[]")
    return urls.canonical(url)


def made_up(file: File) -> str:
    """Return an address for a file that has none: another for every file, the same at every import."""
    key = blake2b(file.identity.encode("utf-8", "surrogateescape"), digest_size=5).hexdigest()
    return f"https://{MADE_UP_HOST}/{key}/{quote(file.name, safe='')}"


def has_whole_head(beginning: bytes) -> bool:
    """Return whether the page's head ends within its beginning."""
    return _HEAD_END.search(beginning) is not None


def claims_of(head: bytes) -> Claims:
    """Read the addresses from the beginning of a page; only its head counts, a post's body may hold anything."""
    end = _HEAD_END.search(head)
    head = head[: end.start()] if end else head
    tree: Any = markup.parse(head)
    return Claims(
        canonical=_first(tree.xpath("//link[contains(concat(' ', normalize-space(@rel), ' '), ' canonical ')]/@href")),
        graph=_first(tree.xpath("//meta[@property='og:url' or @name='og:url']/@content")),
        saved_from=_saved_from(markup.decode(head[:8192])),
    )


def known_claim(url: str) -> Claims:
    """Return the claims of a page whose address a program wrote down; none where that is no web address."""
    return Claims(known=_canonical_or_none(url))


class Addresses:
    """Hand out addresses so that no file gets another's."""

    def __init__(self, options: ImportOptions, claims: Iterable[Claims], sources: Sequence[str] = ()) -> None:
        """Know what the pages say, and from where each comes, if all are of one folder."""
        self._options = options
        self._folder = base_folder(options.base_url) if options.base_url is not None else None
        self._taken: dict[str, str] = {}
        known = list(claims)
        self._canonicals = Counter(claim.canonical for claim in known)
        self._graphs = Counter(claim.graph for claim in known)
        self._saved = Counter(claim.saved_from for claim in known)
        self._hosts = Counter(_host_site(named) for claim in known if (named := claim.named))
        self._common = self._host_of_most(len(known))
        self._copied = _copied_folder(zip(sources, known, strict=False)) if self._folder is None else None

    @property
    def folder(self) -> str | None:
        """Return the address of the folder given, ending in a slash."""
        return self._folder

    def of(self, file: File, claims: Claims) -> Address:
        """Return the address of a page in a file of its own, and take it."""
        candidates = [claims.known, *self._candidates(file, claims)] if claims.known else self._candidates(file, claims)
        url = next((url for url in candidates if url not in self._taken), None) or made_up(file)
        self._taken[url] = file.source
        return Address(url, self.site_of(url))

    def is_copy(self, file: File, claims: Claims) -> bool:
        """Return whether a file's name says that it is another one's page again, and that one was read."""
        if claims.known:
            return claims.known in self._taken
        if self._folder is None or not copies.is_second(file.name):
            return False
        return any(url in self._taken for url in _path_wishes(self._folder, file.source)[:1])

    def take(self, url: str, source: str) -> str | None:
        """Take a URL that a file states for one of its posts; where somebody has it, return who, and change nothing."""
        owner = self._taken.get(url)
        if owner is None:
            self._taken[url] = source
        return owner

    def site_of(self, url: str) -> str:
        """Return the site of an imported page."""
        is_made_up = urlsplit(url).hostname == MADE_UP_HOST
        if self._folder is not None:
            site = urls.site_of(self._folder)
            return site if is_made_up or urls.in_site(url, site) else _host_site(url)
        own = MADE_UP_SITE if is_made_up else _host_site(url)
        return self._common or own if self._hosts[own] < _OWN_SITE_PAGES else own

    def _candidates(self, file: File, claims: Claims) -> Iterable[str]:
        if self._folder is not None:
            mirrored = urls.upgrade(claims.saved_from, self._folder) if claims.saved_from else ""
            is_sure = mirrored and self._saved[claims.saved_from] == 1 and urls.on_host(mirrored, self._folder)
            return [*([mirrored] if is_sure else []), *_path_wishes(self._folder, file.source)]
        ranked = (
            (claims.canonical, self._canonicals),
            (claims.graph, self._graphs),
            (claims.saved_from, self._saved),
        )
        found = [url for url, counts in ranked if url and counts[url] == 1]
        if self._copied:
            found += self._copied.wishes(file.source)
        return [url for url in found if self._is_free(url, claims, file)]

    def _is_free(self, url: str, claims: Claims, file: File) -> bool:
        """Return whether neither a page of this import nor one of an earlier file has the URL as its own."""
        if url != claims.canonical and self._canonicals[url]:
            return False
        owner = self._options.holder(url) if self._options.holder else None
        return owner is None or _same_file(owner, file.source)

    def _host_of_most(self, pages: int) -> str | None:
        """Return the site that half of the pages or more name; those that name none, or another, are its pages too."""
        site, count = self._hosts.most_common(1)[0] if self._hosts else ("", 0)
        return site if count >= _MOST * pages else None


def _copied_folder(pages: Iterable[tuple[str, Claims]]) -> _Copied | None:
    """Return the folder of a site that files are a copy of; `None` where their paths and addresses do not tell.

    Most pages that say where they stand have to stand where their paths lead, several at the least.
    """
    found: Counter[_Copied] = Counter()
    said = 0
    for source, claims in pages:
        named = claims.named
        if not named or not (path := _INDEX.sub("", urlsplit(named).path).rstrip("/")):
            continue
        said += 1
        for top in _tops(source):
            wishes = _path_wishes("https://a.invalid/", source.removeprefix(top))
            own = urlsplit(wishes[0]).path.rstrip("/") if wishes else ""
            bare = own if path.endswith(own) else _ADDED_SUFFIX.sub("", own)
            if bare and path.endswith(bare):
                root = urlsplit(named)
                folder = f"{root.scheme}://{root.netloc}{path.removesuffix(bare)}/"
                found[_Copied(folder, top, is_suffixed=bare != own)] += 1
                break
    copied, count = found.most_common(1)[0] if found else (None, 0)
    return copied if count >= max(_OWN_SITE_PAGES, _MOST * said) else None


def _tops(source: str) -> list[str]:
    """Return the folders that a file lies in, none first, of which each may be the top of a copy."""
    parts = source.split("/")[:-1][:_DEEPEST]
    return ["".join(f"{part}/" for part in parts[:depth]) for depth in range(len(parts) + 1)]


def _path_wishes(folder: str, source: str) -> list[str]:
    try:
        return [from_path(folder, source), urls.canonical(folder + quote(source, safe="/"))]
    except ValueError:
        return []


def _without_host(folder: str, source: str) -> str:
    top, slash, rest = source.partition("/")
    parts = urlsplit(folder)
    host = (parts.hostname or "").removeprefix("www.")
    spelled = re.sub(r"[:+@_](\d+)$", r":\1", top.lower()).removeprefix("www.")
    port = f":{parts.port}" if parts.port else ""
    return rest if slash and parts.path == "/" and spelled in (host, host + port) else source


def _split_query(source: str) -> tuple[str, str]:
    if mark := _QUERY_MARK.search(source):
        return source[: mark.start()], _ADDED_SUFFIX.sub("", source[mark.end() :])
    if match := _AT_QUERY.match(source):
        return match["path"], _ADDED_SUFFIX.sub("", match["query"])
    return source, ""


def _first(values: Iterable[object]) -> str | None:
    for value in values:
        if found := _canonical_or_none(str(value)):
            return found
    return None


def _saved_from(text: str) -> str | None:
    for pattern in _SAVED_FROM:
        if match := pattern.search(text):
            found = match[1]
            return _canonical_or_none(found if "://" in found else f"http://{found}")
    return None


def _canonical_or_none(url: str) -> str | None:
    try:
        return urls.canonical(url.strip())
    except ValueError:
        return None


def _host_site(url: str) -> str:
    parts = urlsplit(url)
    return urls.site_of(f"{parts.scheme}://{parts.netloc}/")


def _same_file(one: str, other: str) -> bool:
    """Return whether two relative paths may mean one file, given through different folders."""
    return one == other or f"/{one}".endswith(f"/{other}") or f"/{other}".endswith(f"/{one}")
