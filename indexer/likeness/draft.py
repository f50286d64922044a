"""Read a draft as an import reads a file."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

from indexer.store.shown import field_of
from scraper.errors import UsageError
from scraper.imports.options import ImportOptions
from scraper.imports.read import read_paths
from scraper.model import Failure, Page

if TYPE_CHECKING:
    from scraper.imports.outcomes import LeftOut
    from scraper.model import Article

LEAST_WORDS = 8
"""A paragraph of fewer words says nothing that could have been said before; as a window of the audit."""
_READS = "Text, Markdown or HTML is expected."
STANDARD_INPUT = "standard input"


class Draft(NamedTuple):
    """A text that may have been written before: what it is called, its title, all of it, and its paragraphs."""

    name: str
    title: str
    text: str
    paragraphs: tuple[str, ...]


def read_draft(path: Path) -> Draft:
    """Return the draft in a file. Raise `UsageError` where there is none, or more than one."""
    if not path.exists():
        raise UsageError(f"There is no file {path}. Check its name and where you are.")
    outcomes = _read(path)
    pages = [outcome for outcome in outcomes if isinstance(outcome, Page)]
    if len(pages) > 1:
        raise UsageError(f"{path.name} holds {len(pages)} posts. Give one draft at a time.")
    if not pages:
        reasons = [outcome.reason for outcome in outcomes if isinstance(outcome, Failure)]
        raise UsageError(f"There is no draft in {path.name}. {(*reasons, _READS)[0]}")
    from scraper.extract import extract

    return _draft(path.name, extract(pages[0]))


def _read(path: Path) -> list[Page | Failure | LeftOut]:
    """Return what an import finds in a file; nothing where it finds nothing at all."""
    options = ImportOptions(base_url=None, include_pages=True, fetched_at=datetime.now(UTC))
    try:
        return list(read_paths([path], options))
    except UsageError:
        return []


def read_text(content: bytes) -> Draft:
    """Return the draft that came from standard input."""
    if not content.strip():
        raise UsageError("There is no text on standard input. Write: blogdex similar - < draft.txt")
    with TemporaryDirectory() as folder:
        path = Path(folder) / STANDARD_INPUT
        path.write_bytes(content)
        return read_draft(path)


def _draft(name: str, article: Article) -> Draft:
    own = [block for block in article.blocks if block.kept]
    texts = [block.text for block in own if field_of(block) != "headings"]
    paragraphs = [text for text in texts if len(text.split()) >= LEAST_WORDS] or texts
    if not own:
        raise UsageError(f"There is no sentence in {name} that could be looked for.")
    title = article.title or own[0].text
    return Draft(name, title, article.text, tuple(paragraphs))
