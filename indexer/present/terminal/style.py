"""Mark up lines for a terminal (ECMA-48, SGR). Whoever prints to something else takes the codes out again."""

from __future__ import annotations

_CODES = {"bold": 1, "dim": 2, "red": 31, "green": 32, "yellow": 33, "blue": 34}


def style(text: str, *looks: str) -> str:
    """Return the text in these looks: bold, dim, red, green, yellow, blue."""
    if not text or not looks:
        return text
    return f"\x1b[{';'.join(str(_CODES[look]) for look in looks)}m{text}\x1b[0m"
