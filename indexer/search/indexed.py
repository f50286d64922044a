"""Turn a stored article into what an engine indexes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexer.analysis import ANALYSIS_VERSION, analyzer
from indexer.search.engine import Indexed
from indexer.search.words.acronyms import definitions
from indexer.store.articles import index_digest
from indexer.store.shown import field_of

if TYPE_CHECKING:
    from indexer.analysis import Word
    from indexer.search.engine import FilterField, TextField
    from indexer.store.rows import StoredArticle
    from scraper.model import Metadata

__all__ = ["ANALYSIS_VERSION", "indexed"]


def indexed(article: StoredArticle, *, as_written: bool = False) -> Indexed:
    """Analyse an article. A gone article is not for the index: the caller leaves it out.

    `as_written`: without the joined forms of words, by which it is found but which it does not have.
    """
    analyse = analyzer(article.metadata.language)
    texts: dict[TextField, list[str]] = {"title": [article.metadata.title or ""]}
    for block in article.blocks:
        texts.setdefault(field_of(block), []).append(block.text)
    if "body" not in texts and "editorial" in texts:
        # A post of nothing but what other posts have too is no less about it.
        texts["body"] = texts.pop("editorial")
    words: dict[str, str] = {}
    fields: dict[TextField, list[str]] = {}
    titled: tuple[str, ...] = ()
    aside: dict[TextField, list[Word]] = {}
    for name, parts in texts.items():
        # Blocks follow one another as one text: a phrase may run over the end of a list item, never into another field.
        text = "\n".join(parts)
        pairs = analyse.pairs(text)
        fields[name] = [term for _, term in pairs]
        if name == "title":
            titled = tuple(surface for surface, _ in pairs)
        if name != "template":
            words.update(pairs)
        if name != "template" and not as_written:
            aside.setdefault("body" if name == "title" else name, []).extend(analyse.joined(text))
    for name, joined in aside.items():
        # Behind the text, where they are in nobody's way.
        known = {word.surface: word.term for word in joined if word.surface not in words}
        fields.setdefault(name, []).extend(known.values())
        words.update(known)
    words.update(analyse.keys(words))
    # A post that only says when it was updated is sorted and filtered by that.
    day = article.metadata.published or article.metadata.modified
    return Indexed(
        id=article.id,
        digest=index_digest(article.digest, article.metadata.language, article.topics),
        fields=fields,
        filters=_filters(article, analyse.language),
        published=day.isoformat() if day else None,
        words=words,
        title=titled,
    )


def _explained(article: StoredArticle) -> set[str]:
    return {pair for block in article.blocks if block.kept for pair in definitions(block.text)}


def _categories(metadata: Metadata) -> tuple[str, ...]:
    """Return the categories without the tags that a feed names among them; all of them where nothing else is named."""
    return tuple(name for name in metadata.categories if name not in metadata.tags) or metadata.categories


def _filters(article: StoredArticle, language: str) -> dict[FilterField, tuple[str, ...]]:
    metadata = article.metadata
    values: dict[FilterField, tuple[str, ...]] = {
        "site": (article.site,),
        "author": (metadata.author,) if metadata.author else (),
        "category": _categories(metadata),
        "tag": metadata.tags,
        "topic": article.topics,
        "language": (language,) if metadata.language else (),
        "year": (str(day.year),) if (day := metadata.published or metadata.modified) else (),
        "url": (article.url,),
        "acronym": tuple(sorted(_explained(article))),
    }
    return {name: found for name, found in values.items() if found}
