"""Find in a page's data the object that is the page's own post, and in it the post's text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote, urlsplit

from scraper.embedded import richtext
from scraper.embedded.richtext import is_prose, nested, words_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

LEAST_WORDS: Final = 20
"""Words from which a text that belongs to the page by its address or title is a post's."""

LEAST_ALONE: Final = 80
"""Words from which the only long text of a page's data is a post's, although nothing ties it to the page."""

_MAX_NODES: Final = 200_000
_MAX_DEPTH: Final = 60
_MOST_OWNERS: Final = 40
"""Nodes, levels and candidates that are searched in a page's data; chosen: far above a post's data, so that hostile
data ends."""
_MAIN_SHARE: Final = 0.5
"""Share of an object's text that its main part has; chosen: more than all else together."""
_RIVAL: Final = 0.6
_SAME_WORDS: Final = 0.8
"""Shares of weight and of words from which on two parts are one text in two forms (plain and rich); chosen, not
measured."""
_LONGEST_NAME: Final = 24
"""Characters of a key that is a name; a longer one is an address or a digest."""
_TAGS: Final = re.compile(r"<[^<>]*>")
_ADDRESS_KEYS: Final = (
    "slug", "url", "path", "uri", "link", "permalink", "href", "canonical", "canonicalUrl", "canonical_url", "handle",
    "fullSlug", "full_slug", "route", "_path", "urlSlug", "pathname", "relativeUrl", "@id", "mainEntityOfPage", "id",
)  # fmt: skip
_TITLE_KEYS: Final = ("title", "headline", "name", "postTitle", "post_title", "heading", "pageTitle")
_PUBLISHED_KEYS: Final = (
    "datepublished", "publishedat", "published_at", "publisheddate", "publishdate", "publish_date", "publishedon",
    "published", "pubdate", "firstpublisheddate", "firstpublishedat", "first_published_at", "first_publication_date",
    "date", "postdate", "datecreated", "createdat", "created_at", "_createdat", "created",
)  # fmt: skip
_MODIFIED_KEYS: Final = (
    "datemodified", "updatedat", "updated_at", "modified", "lastmodified", "modifieddate", "lastpublisheddate",
    "_updatedat", "last_publication_date", "updated",
)  # fmt: skip
_DAY_KEYS: Final = {"published": _PUBLISHED_KEYS, "modified": _MODIFIED_KEYS}
_AUTHOR_KEYS: Final = ("author", "authors", "writer", "byline", "authorName", "owner", "creator")
_OTHERS: Final = re.compile(
    r"author|writer|comment|repl(?:y|ies)|related|recommend|similar|popular|latest|recent|trending|more(?:posts|articles)|"
    r"other(?:posts|articles)|^(?:next|prev)|previous|seo|meta|schema|opengraph|social|navigation|^nav|menu|footer|"
    r"sidebar|breadcrumb|newsletter|subscribe|cookie|consent|banner|popup|translation|i18n|locale|messages|setting|"
    r"config|tags?$|categor|topics?$|keyword|image|media|gallery|logo|avatar|thumbnail|icon|^alt|caption|theme|"
    r"feature[sd]?flags|user|session|reviews?$|testimonial|biograph|^bio$|publisher|breadcrumb|toc$|tableofcontents",
    re.I,
)
_SHORT_FORMS: Final = re.compile(r"excerpt|description|summary|teaser|snippet|abstract|preview|plain|stripped", re.I)


@dataclass(frozen=True, slots=True)
class Place:
    """What ties data to a page: its path, the last part of that, and the titles that its head states, folded."""

    path: str
    slug: str
    titles: frozenset[str]


@dataclass(frozen=True, slots=True)
class Body:
    """A post's text as HTML, with what its object says of it: `title`, `author`, `published`, `modified`.

    `is_owned` tells that its object has the page's address or title.
    """

    html: str
    words: int
    facts: Mapping[str, str] = field(default_factory=dict)
    is_owned: bool = False


def place_of(url: str, titles: Sequence[str]) -> Place:
    """Return what ties data to the page at `url`."""
    path = _path(url)
    folded = frozenset(text for title in titles if len(text := fold(title)) >= 4)
    return Place(path, _slug(path), folded)


def find(values: Sequence[object], place: Place) -> Body | None:
    """Return the text that belongs to the page, `None` where no text does.

    An object with the page's address or title owns what it holds, other objects with addresses of their own left out.
    Without one, the only long text of all is taken, unless the data lists several posts.
    """
    search = _Search(place)
    owners = sorted(search.owners(values), key=lambda found: -found[0])[:_MOST_OWNERS]
    best: Body | None = None
    best_rank = 0
    if not owners and len(articles := list(_articles(values))) == 1:
        owners = [(1, articles[0])]
    for rank, node in owners:
        if best is not None and rank < best_rank:
            break
        body = search.body(node, LEAST_WORDS)
        if body is not None and (best is None or body.words > best.words):
            best, best_rank = replace(body, is_owned=True), rank
    if best is None and place.slug and not search.lists_posts:
        bodies = [body for value in values if (body := search.body(value, LEAST_ALONE)) is not None]
        best = max(bodies, key=lambda body: body.words, default=None)
    return best


def _articles(values: Sequence[object]) -> Iterator[dict[str, Any]]:
    """Yield the objects that say by schema.org's terms that they are an article, with its text."""
    stack = [(value, 0) for value in reversed(values)]
    for _ in range(_MAX_NODES):
        if not stack:
            return
        value, depth = stack.pop()
        if isinstance(value, dict):
            if "@type" in value and is_prose(str(value.get("articleBody") or "")):
                yield value
            value = list(value.values())
        if isinstance(value, list) and depth < _MAX_DEPTH:
            stack += [(part, depth + 1) for part in reversed(value) if isinstance(part, (dict, list))]


def fold(text: str) -> str:
    """Return a text without case, punctuation and white space."""
    return re.sub(r"[\W_]+", "", text).lower()


class _Search:
    def __init__(self, place: Place) -> None:
        self.place = place
        self.weights: dict[int, int] = {}
        self.kept: list[object] = []
        self.left = _MAX_NODES
        self.others: set[str] = set()
        self.entities: dict[str, dict[str, Any]] = {}

    @property
    def lists_posts(self) -> bool:
        """Tell whether several objects have titles, texts and addresses of their own."""
        return len(self.others) > 1

    def owners(self, values: Sequence[object]) -> Iterator[tuple[int, dict[str, Any]]]:
        """Yield the objects that are the page's with how surely: 3 by address and title, 2 and 1 by one of them."""
        stack: list[tuple[object, int]] = [(value, 0) for value in reversed(values)]
        seen: set[int] = set()
        while stack and self.left > 0:
            value, depth = stack.pop()
            self.left -= 1
            if isinstance(value, str) and (inner := nested(value)) is not None:
                self.kept.append(inner)
                value = inner
            if not isinstance(value, (dict, list)) or id(value) in seen or depth > _MAX_DEPTH:
                continue
            seen.add(id(value))
            if isinstance(value, dict):
                self.entities |= {key: part for key, part in value.items() if ":" in key and isinstance(part, dict)}
                rank = self._rank(value)
                if rank > 0:
                    yield rank, value
                parts: Sequence[object] = list(self._parts(value).values())
            else:
                parts = value
            stack += [(part, depth + 1) for part in reversed(parts) if isinstance(part, (dict, list, str))]
        self.left = _MAX_NODES

    def _rank(self, node: dict[str, Any]) -> int:
        addresses = [found for key in _ADDRESS_KEYS if (found := _address(node.get(key)))]
        by_address = any(self._is_here(found) for found in addresses)
        titles = [fold(text) for key in _TITLE_KEYS if (text := _plain(node.get(key)))]
        by_title = any(
            len(title) >= 4 and any(title in stated for stated in self.place.titles) and 2 * len(title) > len(shortest)
            for title in titles
            for shortest in [min(self.place.titles, key=len, default="")]
        )
        if titles and addresses and not by_address and self.weight(node) >= LEAST_WORDS:
            self.others.add(addresses[0])
        return 2 * by_address + by_title

    def _is_here(self, address: str) -> bool:
        if not self.place.slug:
            return False
        path = _path(address)
        return path == self.place.path or (_slug(path) == self.place.slug and self.place.path.endswith(path))

    def _is_another(self, node: dict[str, Any]) -> bool:
        """Tell whether an object is a page of its own: it has a title and leads elsewhere."""
        if not any(_plain(node.get(key)) for key in _TITLE_KEYS):
            return False
        addresses = [found for key in _ADDRESS_KEYS[:-1] if (found := _address(node.get(key)))]
        return bool(addresses) and not any(self._is_here(found) for found in addresses)

    def weight(self, value: object, depth: int = 0) -> int:
        """Return the words of running text in a value, those that belong to something else left out."""
        if isinstance(value, str):
            if (inner := nested(value)) is not None:
                self.kept.append(inner)
                return self.weight(inner, depth + 1)
            return words_of(value) if is_prose(value) or (" " in value.strip() and len(value) < 200) else 0
        if not isinstance(value, (dict, list)) or depth > _MAX_DEPTH or self.left <= 0:
            return 0
        known = self.weights.get(id(value))
        if known is not None:
            return known
        self.left -= 1
        self.weights[id(value)] = 0
        if isinstance(value, dict):
            total = sum(self.weight(part, depth + 1) for part in self._parts(value).values()) if depth == 0 or (
                not self._is_another(value)) else 0  # fmt: skip
        else:
            total = sum(self.weight(part, depth + 1) for part in value)
        self.weights[id(value)] = total
        return total

    def _parts(self, node: dict[str, Any]) -> dict[str, Any]:
        """Return what an object holds of its own; a reference to an entity of the same state is followed."""
        reference = node.get("__ref")
        if isinstance(reference, str) and len(node) == 1:
            node = self.entities.get(reference, {})
        return {str(key): part for key, part in node.items() if not _is_of_others(str(key))}

    def body(self, value: object, least: int) -> Body | None:
        """Return the text of an object, where it has as many words as are asked for."""
        self.weights.clear()
        if self.weight(value) < least:
            return None
        owner = value if isinstance(value, dict) else {}
        main = self._main(value, 0)
        made = richtext.to_html(main)
        words = words_of(made)
        return Body(made, words, _facts(owner)) if words >= least else None

    def _main(self, value: object, depth: int) -> object:
        """Go down to the part that holds most of the text, and leave out what belongs to something else."""
        if isinstance(value, str) and (inner := nested(value)) is not None:
            value = inner
        if isinstance(value, list) and len(value) == 1 and depth < _MAX_DEPTH:
            return self._main(value[0], depth + 1)
        if not isinstance(value, dict) or depth >= _MAX_DEPTH:
            return self._cleaned(value, depth)
        parts = {key: (self.weight(part, depth + 1), part) for key, part in self._parts(value).items()}
        heavy = max((weight for weight, _ in parts.values()), default=0)
        if not heavy:
            return None
        full = {key: pair for key, pair in parts.items() if pair[0] and not _SHORT_FORMS.search(key)} or parts
        weight, part = max(full.values(), key=lambda pair: (pair[0], isinstance(pair[1], (dict, list))))
        own = sum(
            other
            for other, held in full.values()
            if held is part or other < _RIVAL * weight or not _is_copy(part, held)
        )
        if not richtext.is_block(value) and weight and weight >= _MAIN_SHARE * own:
            return self._main(part, depth + 1)
        return self._cleaned(value, depth)

    def _cleaned(self, value: object, depth: int) -> object:
        """Return a value without the parts that belong to something else."""
        if depth >= _MAX_DEPTH or self.left <= 0:
            return None
        self.left -= 1
        if isinstance(value, list):
            return [self._cleaned(item, depth + 1) for item in value]
        if isinstance(value, dict):
            if depth and self._is_another(value):
                return None
            return {key: self._cleaned(part, depth + 1) for key, part in self._parts(value).items()}
        return value


def _is_of_others(key: str) -> bool:
    """Tell whether what stands under a key is about something else than the post; keys made of slugs say nothing."""
    return len(key) <= _LONGEST_NAME and key.replace("_", "").isalnum() and bool(_OTHERS.search(key))


def _is_copy(one: object, other: object) -> bool:
    """Tell whether two values hold the same words, as rich text and its plain copy do."""
    first, second = (set(_TAGS.sub(" ", richtext.to_html(value)).lower().split()) for value in (one, other))
    return len(first & second) >= _SAME_WORDS * min(len(first), len(second))


def _facts(owner: dict[str, Any]) -> dict[str, str]:
    """Return what an object says of its post, as written."""
    plain = {str(key).lower(): value for key, value in owner.items()}
    facts = {"title": next((text for key in _TITLE_KEYS if (text := _plain(owner.get(key)))), "")}
    for name, keys in _DAY_KEYS.items():
        facts[name] = next((text for key in keys if (text := _plain(plain.get(key))) and text[:4].isdigit()), "")
    for key in _AUTHOR_KEYS:
        people: Any = owner.get(key)
        for person in people[:4] if isinstance(people, list) else [people]:
            named: Any = person.get("name") or person.get("fullName") if isinstance(person, dict) else person
            if isinstance(named, str) and 1 < len(named.split()) < 7:
                facts.setdefault("author", named)
    return {name: text[:300] for name, text in facts.items() if text}


def _plain(wrapped: object) -> str:
    """Return a text, or the text in a wrapper such as `{"rendered": …}`, `{"current": …}`, `[0, …]`."""
    value: Any = wrapped
    if isinstance(value, dict):
        value = (
            value.get("rendered") or value.get("current") or value.get("value") or value.get("@id") or value.get("url")
        )
    if isinstance(value, list) and len(value) == 2 and isinstance(value[0], int):
        value = value[1]
    return value.strip() if isinstance(value, str) and len(value) < 2000 else ""


def _address(value: object) -> str:
    text = _plain(value)
    return text if text and " " not in text and "\n" not in text and not text.startswith(("#", "data:")) else ""


def _path(url: str) -> str:
    try:
        path = unquote(urlsplit(url).path).lower().strip("/")
    except ValueError:
        return ""
    return re.sub(r"(?:^|/)index\.\w{3,5}$|\.(?:html?|php|aspx?)$", "", path)


def _slug(path: str) -> str:
    return path.rsplit("/", 1)[-1]
