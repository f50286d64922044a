"""Lay a blog's articles out for the audit: posts by age, and their blocks with their words."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from functools import cached_property, lru_cache
from itertools import chain, pairwise
from typing import TYPE_CHECKING

from scraper.text.contacts import linked_phones, phones
from scraper.text.words import masked_words, plain_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from indexer.store.rows import StoredArticle
    from scraper.model import ArticleBlock, Link
    from scraper.text.contacts import Value


class Paragraph:
    """A block in its post: the post's index in the corpus, oldest first, and how many blocks of its kind follow."""

    __slots__ = ("_key", "block", "from_end", "links", "post")

    def __init__(self, post: int, block: ArticleBlock, from_end: int = 0, links: tuple[Link, ...] = ()) -> None:
        self.post, self.block, self.from_end, self.links = post, block, from_end, links
        self._key: str | None = None

    @property
    def text(self) -> str:
        """Return the block's text."""
        return self.block.text

    @property
    def key(self) -> str:
        """Return the masked words, joined."""
        if self._key is None:
            self._key = _key_of(self.block.text)
        return self._key


@lru_cache(maxsize=1 << 14)
def _key_of(text: str) -> str:
    """Return the masked words of a text, joined: a menu stands on every page, and is read and held once."""
    return " ".join(masked_words(text))


def numbers_of(paragraph: Paragraph) -> Sequence[Value]:
    """Return the phone numbers that a paragraph shows, and those that only its links dial."""
    shown = phones(paragraph.text)
    return (
        (*shown, *linked_phones(paragraph.text, paragraph.links, {value.key for value in shown}))
        if paragraph.links
        else shown
    )


class Labels:
    """Hold what posts are called, to find it in other texts."""

    def __init__(self, labels: Iterable[str | None]) -> None:
        self._by_start: dict[tuple[str, ...], set[tuple[str, ...]]] = {}
        for label in {label for label in labels if label}:
            words = tuple(plain_words(label))
            self._by_start.setdefault(words[:2], set()).add(words)

    def stand_in(self, text: str) -> bool:
        """Tell whether a label stands in a text; one of a single word, whether it is the text."""
        words = tuple(plain_words(text))
        if words and words in self._by_start.get(words[:2], ()):
            return True
        return any(
            words[at : at + len(label)] == label
            for at, start in enumerate(pairwise(words))
            for label in self._by_start.get(start, ())
        )


class Corpus:
    """Hold the posts that are still on the blog, oldest first, and their blocks."""

    def __init__(self, articles: Iterable[StoredArticle]) -> None:
        present = (article for article in articles if not article.gone)
        self.articles = sorted(present, key=lambda article: (day(article) or date.min, article.id))
        self.urls = [article.url for article in self.articles]

    def __len__(self) -> int:
        return len(self.articles)

    @cached_property
    def kept(self) -> list[Paragraph]:
        """Return the blocks of the posts themselves, headings among them, in order."""
        return list(chain.from_iterable(self.kept_of))

    @cached_property
    def kept_of(self) -> list[list[Paragraph]]:
        """Return the same, a list for each post."""
        return list(self._paragraphs(kept=True))

    @cached_property
    def template(self) -> list[Paragraph]:
        """Return the blocks that were set aside, in order."""
        return list(chain.from_iterable(self._paragraphs(kept=False)))

    def _paragraphs(self, *, kept: bool) -> Iterator[list[Paragraph]]:
        for post, article in enumerate(self.articles):
            blocks = [block for block in article.blocks if block.kept == kept]
            yield [
                Paragraph(post, block, len(blocks) - 1 - place, article.links.get(block.position, ()) if kept else ())
                for place, block in enumerate(blocks)
            ]

    @cached_property
    def _titles(self) -> Labels:
        return Labels(article.metadata.title for article in self.articles)

    @cached_property
    def _labels(self) -> Labels:
        every = (article.metadata for article in self.articles)
        return Labels(label for told in every for label in (told.title, told.author, *told.categories, *told.tags))

    def holds_title(self, text: str) -> bool:
        """Tell whether the title of a post stands in a text."""
        return self._titles.stand_in(text)

    def names_a_post(self, text: str) -> bool:
        """Tell whether a post's title, category, tag or author stands in a text."""
        return self._labels.stand_in(text)

    def published(self, post: int) -> date | None:
        """Return the day of publication of a post, as its page or feed says it."""
        return self.articles[post].metadata.published

    @property
    def newest(self) -> int:
        """Return how many posts are new: the newest fifth, ten at least; of few posts the newer half."""
        return min(max(10, len(self) // 5), (len(self) + 1) // 2)

    @cached_property
    def _first_new(self) -> int:
        return len(self) - self.newest

    def is_new(self, post: int) -> bool:
        """Tell whether a post is among the newest."""
        return post >= self._first_new

    def newest_texts(self, paragraphs: Iterable[Paragraph]) -> defaultdict[str, set[int]]:
        """Return the different texts of those of the paragraphs that stand in newest posts, each with these posts."""
        found: defaultdict[str, set[int]] = defaultdict(set)
        for paragraph in paragraphs:
            if self.is_new(paragraph.post):
                found[paragraph.text].add(paragraph.post)
        return found


def day(article: StoredArticle) -> date | None:
    """Return the day of publication, else of the last change."""
    return article.metadata.published or article.metadata.modified
