"""Score titles, authors and days on labelled pages: exact matches, what is said where the label says nothing, CPU time.

python benchmarks/metadata.py DIR, where DIR holds gold.jsonl (id, url, domain, blog, title, author, date) and html/ID.html.gz.
The pages are also scored in five parts by domain: a rule that fits some sites only shows as a part far from the others.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import sys
import time
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scraper import markup, metadata

if TYPE_CHECKING:
    from scraper.model import Metadata

PARTS = 5
_TOKEN = re.compile(r"\w+")


def _folded(text: str | None) -> str:
    return " ".join(_TOKEN.findall((text or "").lower()))


def _values(seen: Metadata) -> dict[str, str]:
    day = seen.published or seen.modified
    return {
        "title": _folded(seen.title),
        "author": _folded(seen.author),
        "published": str(seen.published or ""),
        "published, else modified": str(day or ""),
    }


def _label(page: dict[str, Any], field: str) -> str:
    if field in ("title", "author"):
        return _folded(page[field])
    return page["date"] or ""


def _share(hits: list[bool]) -> str:
    return f"{sum(hits) / len(hits):.3f}" if hits else "-"


def main() -> None:
    """Read every page and print the shares."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--wrong", metavar="FIELD", help="print the pages where FIELD is not the label")
    arguments = parser.parse_args()
    pages = [json.loads(line) for line in (arguments.folder / "gold.jsonl").open(encoding="utf-8")]
    results: list[tuple[dict[str, Any], dict[str, str]]] = []
    spent = 0.0
    for page in pages:
        body = gzip.decompress((arguments.folder / "html" / f"{page['id']}.html.gz").read_bytes())
        tree = markup.parse(body, "text/html; charset=utf-8")
        started = time.process_time()
        seen = metadata.read(tree, page["url"] or "")
        spent += time.process_time() - started
        results.append((page, _values(seen)))
    for field in results[0][1]:
        _print_field(field, results, arguments.wrong)
    print(f"{1000 * spent / len(pages):.1f} ms CPU a page, {len(pages)} pages")


def _print_field(field: str, results: list[tuple[dict[str, Any], dict[str, str]]], wrong: str | None) -> None:
    labelled = [(page, values[field], _label(page, field)) for page, values in results if _label(page, field)]
    silent = [values[field] for page, values in results if not _label(page, field)]
    parts: list[list[bool]] = [[] for _ in range(PARTS)]
    for page, value, label in labelled:
        parts[zlib.crc32((page["domain"] or "").encode()) % PARTS].append(value == label)
        if wrong == field and value != label:
            print(f"  {page['id']}  {label!r}  {value!r}", file=sys.stderr)
    everything = _share([value == label for _, value, label in labelled])
    blogs = _share([value == label for page, value, label in labelled if page["blog"]])
    print(
        f"{field:<26} exact {everything}  blogs {blogs}  by domain {' '.join(map(_share, parts))}  "
        f"said where the label is empty {sum(map(bool, silent))}/{len(silent)}"
    )


if __name__ == "__main__":
    main()
