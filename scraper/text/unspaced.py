"""Cut runs of Chinese, Japanese and Korean signs, which are written without spaces, into pieces that can be found.

Chinese characters and Korean syllables are found by overlapping pairs, each at the place of its first sign, and the
last sign alone. In Japanese a run of characters is mostly made of words of two, from the left:
東京都 is 東京 and 都, so that 京都 does not find it.
"""

from __future__ import annotations

HAN = "\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
HANGUL = "\u1100-\u11ff\u3131-\u318e\ua960-\ua97c\uac00-\ud7a3\ud7b0-\ud7fb"
KATAKANA = "\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\uff66-\uff9f"
SIGNS = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3041-\u3098\u309b-\u309f"
"""Thai, Lao, Burmese, Khmer and Hiragana: every sign is a word of its own, a typed word is a phrase of them."""

# Characters that stand before a Japanese word of two: great, small, new, un-, re-, every…
_BEFORE = frozenset("大小新旧未不無非再最全各両前後超同第約毎初主副総諸本現元")


def pieces(run: str, language: str) -> list[tuple[int, int]]:
    """Return start and end of the pieces of a run, as an index keeps them: each begins behind the one before."""
    if language == "ja" and run[0] < "\uac00":
        return _by_twos(run)
    return [(at, min(at + 2, len(run))) for at in range(len(run))]


def asked(run: str, language: str) -> list[tuple[int, int]]:
    """Return start and end of the pieces that a text must have in a row to have the run."""
    found = pieces(run, language)
    overlapping = len(found) == len(run) > 1
    return found[:-1] if overlapping else found


def _by_twos(run: str) -> list[tuple[int, int]]:
    first = 1 if len(run) % 2 and len(run) > 1 and run[0] in _BEFORE else 0
    starts = [*range(first), *range(first, len(run), 2)]
    return list(zip(starts, [*starts[1:], len(run)], strict=True))


def is_lone_sign(word: str) -> bool:
    """Tell whether a word is one Chinese character or Korean syllable, which begins longer words."""
    return len(word) == 1 and ("\u3400" <= word <= "\u9fff" or "\uac00" <= word <= "\ud7a3")
