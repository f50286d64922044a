"""Find links to addresses that the facts call old, where the text of the paragraph does not show them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexer.audit.findings import PostFinding
from indexer.audit.marks import mark

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from indexer.audit.corpus import Corpus, Paragraph


def old_links(
    corpus: Corpus, paragraphs: Iterable[Paragraph], old: Sequence[str], today: str | None
) -> Iterator[PostFinding]:
    """Yield the links that lead to an old host, or below an old address, newest post first, each once a post.

    What stands in the text as well is found there, as a stale value.
    """
    begun = [told for told in map(_plain, old) if told]
    if not begun:
        return
    seen = set()
    for paragraph in sorted(paragraphs, key=lambda each: (-each.post, each.block.position)):
        for link in paragraph.links:
            led = _plain(link.href)
            told = next((one for one in begun if led == one or led.startswith((f"{one}/", f"{one}?", f"{one}#"))), None)
            url = corpus.urls[paragraph.post]
            if told and told not in paragraph.text.lower() and (url, link.href) not in seen:
                seen.add((url, link.href))
                reason = f"leads to {told}, which the facts call old"
                yield PostFinding(mark("h", url, link.href), "old-link", url, link.href, today, paragraph.text, reason)


def _plain(address: str) -> str:
    """Return an address in lower case without scheme, `www.` and a slash at the end; empty for mail and phones."""
    scheme, mark_of_host, rest = address.lower().strip().partition("://")
    if mark_of_host and scheme not in ("http", "https"):
        return ""
    plain = rest if mark_of_host else scheme
    return "" if plain.startswith(("mailto:", "tel:")) else plain.removeprefix("www.").rstrip("/")
