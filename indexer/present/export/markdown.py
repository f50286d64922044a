"""Write articles as a folder of Markdown files with front matter, for Obsidian, Hugo and Jekyll.

`indexer.present.export.markdown_text` makes the text itself.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote, urlsplit

from indexer.present.export.files import replacing, replacing_text
from indexer.present.export.markdown_text import body
from scraper.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from indexer.store.rows import StoredArticle

LEDGER: Final = ".blogdex-export.json"
"""Names the files of an export and their digests, so that a later one tells them from what people wrote or changed."""

_SLUG_LENGTH: Final = 80
"""Characters of a file's name; chosen: with a date well within what file systems take (255 bytes)."""
_NO_SLUG: Final = re.compile(r"[^\w-]+|_+")
_RESERVED: Final = frozenset(
    ("con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(10)))
)
_YAML_ESCAPED: Final = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class FolderReport:
    """What became of a folder: how many posts were written, which files were left as people had changed them."""

    written: int
    kept: tuple[str, ...] = ()


def write_folder(articles: Iterable[StoredArticle], folder: Path) -> FolderReport:
    """Write one file an article. Raise `UsageError` where the folder holds something that is no export.

    An earlier export is brought up to date: files that nobody touched since are replaced or, where their post is no
    longer there, deleted. A file that somebody changed stays as it is and is reported.
    """
    before = _ledger(folder)
    names: dict[str, str] = {}
    now: dict[str, str] = {}
    kept: list[str] = []
    for article in articles:
        name = _unique(file_name(article), article.id, names)
        content = document(article).encode()
        digest = _digest(content)
        if _is_changed(folder / name, before.get(name), digest):
            kept.append(name)
            continue
        with replacing(folder / name) as stream:
            stream.write(content)
        now[name] = digest
    for name in before.keys() - now.keys() - set(names.values()):
        if _is_changed(folder / name, before[name]):
            kept.append(name)
        else:
            (folder / name).unlink(missing_ok=True)
    _save_ledger(folder, {name: before[name] for name in kept if name in before} | now)
    return FolderReport(len(now), tuple(sorted(kept)))


def document(article: StoredArticle) -> str:
    """Return the file of an article: front matter, which has the title, and the kept text."""
    return f"---\n{front_matter(article)}---\n\n{body(article)}"


def front_matter(article: StoredArticle) -> str:
    """Return what is known of an article as YAML.

    The address is `canonical_url`: to Hugo `url` would be where to publish. Jekyll is told to leave braces alone.
    """
    metadata = article.metadata
    fields: dict[str, Any] = {
        "title": metadata.title,
        "date": metadata.published,
        "lastmod": metadata.modified,
        "author": metadata.author,
        "reviewer": metadata.reviewer,
        "categories": metadata.categories,
        "tags": metadata.tags,
        "topics": article.topics,
        "language": metadata.language,
        "canonical_url": article.url,
        "source": article.source,
        "gone": article.gone or None,
        "blogdex_id": article.id,
        "render_with_liquid": False,
    }
    return "".join(f"{name}:{_yaml(value)}\n" for name, value in fields.items() if value not in (None, ()))


def file_name(article: StoredArticle) -> str:
    """Return a name that every file system takes, beginning with the day as Jekyll wants it."""
    parts = [part for part in urlsplit(article.url).path.split("/") if part]
    wished = unquote(parts[-1]) if parts else ""
    stem = _slug(re.sub(r"\.\w{1,5}$", "", wished)) or _slug(article.metadata.title or "") or f"post-{article.id}"
    if article.metadata.published:
        return f"{article.metadata.published.isoformat()}-{stem}.md"
    return f"{stem}-post.md" if stem in _RESERVED else f"{stem}.md"


def _yaml(value: object) -> str:
    """Return a value as it stands behind a colon: text always in double quotes, where YAML and JSON agree."""
    if isinstance(value, tuple):
        return "".join(f"\n  -{_yaml(item)}" for item in value)
    if isinstance(value, bool):
        return " true" if value else " false"
    if isinstance(value, str):
        quoted = json.dumps(value, ensure_ascii=False)
        return " " + _YAML_ESCAPED.sub(lambda match: f"\\u{ord(match[0]):04x}", quoted)
    return f" {value}"


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFC", text).lower()
    slug = _NO_SLUG.sub("-", plain).strip("-")
    while len(slug.encode()) > _SLUG_LENGTH * 2 or len(slug) > _SLUG_LENGTH:
        slug = slug[:-1]
    return re.sub("-{2,}", "-", slug).strip("-")


def _unique(name: str, number: int, names: dict[str, str]) -> str:
    """Return the name, with the post's id where another post has it; file systems may not tell case or forms apart."""
    found = name if _folded(name) not in names else f"{name.removesuffix('.md')}-{number}.md"
    names[_folded(found)] = found
    return found


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold()


def _is_changed(path: Path, *digests: str | None) -> bool:
    """Return whether a file is there and is none of those that exports wrote."""
    try:
        return _digest(path.read_bytes()) not in digests
    except FileNotFoundError:
        return False


def _digest(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=16).hexdigest()


def _ledger(folder: Path) -> dict[str, str]:
    """Return what an earlier export wrote here; make the folder, and a ledger, where there is none."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not any(folder.iterdir()):
            _save_ledger(folder, {})
            return {}
        saved = json.loads((folder / LEDGER).read_text(encoding="utf-8"))
        return {name: digest for name, digest in saved.items() if _is_plain(name) and isinstance(digest, str)}
    except (FileExistsError, NotADirectoryError) as error:
        raise UsageError(f"{folder} is a file. Markdown needs a folder: -o FOLDER") from error
    except (FileNotFoundError, ValueError, AttributeError) as error:
        raise UsageError(f"The folder {folder} holds other files. Name a new one: -o FOLDER") from error
    except OSError as error:
        raise UsageError(f"Can't write to {folder}: {error.strerror}. Name another folder: -o FOLDER") from error


def _save_ledger(folder: Path, files: dict[str, str]) -> None:
    with replacing_text(folder / LEDGER) as stream:
        json.dump(dict(sorted(files.items())), stream, ensure_ascii=False, indent=0)


def _is_plain(name: str) -> bool:
    """Return whether a name stays in its folder: a ledger is a file that anybody may have written."""
    return name.endswith(".md") and "/" not in name and "\\" not in name and name[0] != "."
