"""Read language tags (BCP 47). Apart from `language`, which a search never needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

# Codes that name one language in several ways.
_SAME: Mapping[str, str] = {"nb": "no", "nn": "no", "iw": "he", "in": "id", "ji": "yi", "fil": "tl"}


def primary(tag: str | None) -> str | None:
    """Return the primary subtag of a tag in lower case, one code for each language; `None` for what is no tag."""
    code = (tag or "").strip().lower().replace("_", "-").partition("-")[0]
    return _SAME.get(code, code) if code.isalpha() and 2 <= len(code) <= 3 else None
