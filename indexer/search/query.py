"""Read what a person typed: words, "phrases", -exclusions, OR, (groups), title:word, prefix*, fuzzy~, and dates.

Nothing that is typed is an error but a date that can't be one: what makes no sense as syntax is taken as words.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal, NamedTuple, cast

from scraper.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

QueryField = Literal["title", "body", "author", "topic", "category", "tag", "url", "language", "year"]
QUERY_FIELDS: tuple[QueryField, ...] = (
    "title",
    "body",
    "author",
    "topic",
    "category",
    "tag",
    "url",
    "language",
    "year",
)

LONGEST_WORD = 1000
"""Letters of a word; chosen: no post has a longer one, and what is cut off of one costs nothing."""
_MOST_ATOMS = 400
_DEEPEST = 20
_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»＂″", '"'))
PHONE = r"(?:\+?1[\s.-]*)?\(?(?P<area>[2-9][0-9]{2})\)?[\s.-]*(?P<office>[0-9]{3})[\s.-]*(?P<line>[0-9]{4})"
"""A telephone number as North America writes it, in its three parts."""
# What is certainly one: a bracket or a mark between the parts, nothing glued to it but a sign of exclusion.
_SURE_PHONE = r"(?<![\w.])(?=[+0-9]*[\s.-]*\(|(?:\+?1[\s.-])?[0-9]{3}[\s.-][0-9]{3}[\s.-])" + PHONE + r"(?![\w])"
_LEXEME = re.compile(rf'"(?P<quoted>[^"]*)"?|(?P<minus>[-−–]?){_SURE_PHONE}|(?P<sign>[()|])|(?P<word>[^\s"()|]+)')
_MINUS = "-−–"


class Word(NamedTuple):
    """A word as typed, in any field or one; `prefix` for word*, `fuzzy` for word~."""

    text: str
    field: QueryField | None = None
    prefix: bool = False
    fuzzy: bool = False


class Quoted(NamedTuple):
    """Words that must stand together, in any field or one."""

    text: str
    field: QueryField | None = None


class Every(NamedTuple):
    """All parts are wanted."""

    parts: tuple[Clause, ...]


class Either(NamedTuple):
    """One of the parts is wanted."""

    parts: tuple[Clause, ...]


class Exclude(NamedTuple):
    """What must not match."""

    part: Clause


Clause = Word | Quoted | Every | Either | Exclude


class Query(NamedTuple):
    """What was typed, and how it was understood; `root` without parts: no words."""

    text: str
    root: Every

    @property
    def atoms(self) -> tuple[Word | Quoted, ...]:
        """Return the words and phrases that are wanted, in the order typed."""
        return tuple(wanted_atoms(self.root))


def wanted_atoms(clause: Clause) -> Iterator[Word | Quoted]:
    """Return the words and phrases that are wanted, in the order typed."""
    if isinstance(clause, Every | Either):
        for part in clause.parts:
            yield from wanted_atoms(part)
    elif not isinstance(clause, Exclude):
        yield clause


class _Lexeme(NamedTuple):
    kind: Literal["word", "quoted", "(", ")", "|"]
    text: str
    glued: bool = False  # nothing between this one and the next


def parse(words: Sequence[str] | str) -> Query:
    """Read a query; never fails.

    Words given as a list come from a shell, which took quotation marks away: among several, one with spaces is a
    phrase.
    """
    if isinstance(words, str):
        text = words
    elif len(words) == 1:
        text = words[0]
    else:
        text = " ".join(map(_quoted_again, words))
    return Query(" ".join(text.split()), _Parser(_lexemes(text)).query())


def _quoted_again(word: str) -> str:
    """Return a shell word with its quotation marks, where it must have had some."""
    if not re.search(r"\s", word.strip()) or '"' in word.translate(_QUOTES) or "(" in word:
        return word
    start = re.match(rf"[{_MINUS}]?(?:\w+:)?", word)
    lead = start.group() if start else ""
    return f'{lead}"{word[len(lead) :]}"'


def _lexemes(text: str) -> list[_Lexeme]:
    plain = text.translate(_QUOTES).replace("\x00", " ")
    lexemes = []
    for match in _LEXEME.finditer(plain):
        glued = match.end() < len(plain) and not plain[match.end()].isspace()
        if match["quoted"] is not None:
            lexemes.append(_Lexeme("quoted", match["quoted"], glued))
        elif match["line"]:
            number = "-".join(match.group("area", "office", "line"))
            lexemes.append(_Lexeme("word", match["minus"] + number, glued))
        elif match["sign"]:
            lexemes.append(_Lexeme(cast("Literal['(', ')', '|']", match["sign"]), match["sign"], glued))
        else:
            lexemes.append(_Lexeme("word", match["word"][: LONGEST_WORD + 1], glued))
        if len(lexemes) == _MOST_ATOMS:
            break
    return lexemes


class _Parser:
    """Descend over the lexemes once; brackets that don't match are passed over."""

    def __init__(self, lexemes: Sequence[_Lexeme]) -> None:
        self._lexemes = lexemes
        self._at = 0

    def _next(self) -> _Lexeme | None:
        return self._lexemes[self._at] if self._at < len(self._lexemes) else None

    def query(self) -> Every:
        """Read everything."""
        parts: list[Clause] = []
        while self._next() is not None:
            parts.extend(self._sequence(0, None).parts)
            self._at += 1
        return Every(tuple(parts))

    def _sequence(self, depth: int, field: QueryField | None) -> Every:
        """Read up to a closing bracket; OR joins its two neighbours only, as in the search engines of the web."""
        parts: list[Clause] = []
        joining = False
        while (lexeme := self._next()) is not None and lexeme.kind != ")":
            if lexeme.kind == "|" or (lexeme.kind == "word" and lexeme.text == "OR"):
                self._at += 1
                joining = bool(parts)
                continue
            if lexeme.kind == "word" and lexeme.text == "AND":
                self._at += 1
                continue
            clause = self._clause(depth, field)
            if clause is None:
                continue
            if joining and not isinstance(parts[-1], Exclude) and not isinstance(clause, Exclude):
                before = parts.pop()
                earlier = before.parts if isinstance(before, Either) else (before,)
                clause = Either((*earlier, clause))
            parts.append(clause)
            joining = False
        return Every(tuple(parts))

    def _clause(self, depth: int, field: QueryField | None) -> Clause | None:
        """Read one word, phrase or group with what stands before it; `None` where nothing is left of it."""
        lexeme = self._lexemes[self._at]
        self._at += 1
        if lexeme.kind == "(":
            return self._group(depth, field)
        if lexeme.kind == "quoted":
            return Quoted(lexeme.text, field) if _says_something(lexeme.text) else None
        text = lexeme.text
        if text == "NOT" and self._next() is not None:
            return self._excluded(depth, field)
        if text[0] in _MINUS and (len(text) > 1 or lexeme.glued):
            return self._after(lexeme, text[1:], depth, field, exclude=True)
        return self._after(lexeme, text.lstrip("+"), depth, field, exclude=False)

    def _after(
        self, lexeme: _Lexeme, text: str, depth: int, field: QueryField | None, *, exclude: bool
    ) -> Clause | None:
        """Read what is left of a word when its sign is off: a field with its value, a word, or what is glued to it."""
        name, colon, rest = text.partition(":")
        if colon and name.lower() in QUERY_FIELDS:
            field, text = cast("QueryField", name.lower()), rest
        following = self._next()
        clause: Clause | None
        if text or following is None or following.kind in (")", "|") or not (colon or lexeme.glued):
            clause = _word(text, field)
        else:
            clause = self._clause(depth, field)
        return Exclude(clause) if exclude and clause is not None and not isinstance(clause, Exclude) else clause

    def _excluded(self, depth: int, field: QueryField | None) -> Clause | None:
        following = self._next()
        if following is None or following.kind in (")", "|"):
            return None
        clause = self._clause(depth, field)
        return Exclude(clause) if clause is not None and not isinstance(clause, Exclude) else clause

    def _group(self, depth: int, field: QueryField | None) -> Clause | None:
        if depth >= _DEEPEST:
            return None
        inner = self._sequence(depth + 1, field)
        if (closing := self._next()) is not None and closing.kind == ")":
            self._at += 1
        if len(inner.parts) == 1:
            return inner.parts[0]
        return inner if inner.parts else None


def _says_something(text: str) -> bool:
    return any(sign.isalnum() or sign > "\u25ff" for sign in text)


def _word(text: str, field: QueryField | None) -> Word | None:
    """Return the word with its ending sign read; `None` where there is no letter or digit in it."""
    if not _says_something(text):
        return None
    if text.endswith("*"):
        return Word(text.rstrip("*"), field, prefix=True)
    if re.search(r"~\d*$", text):
        return Word(re.sub(r"~\d*$", "", text), field, fuzzy=True) if _says_something(text.split("~")[0]) else None
    return Word(text, field)


class NotADayError(UsageError, ValueError):
    """What was typed as a date is none."""

    def __init__(self, text: str) -> None:
        super().__init__(f'\'{text}\' is not a date. Write 2023, 2023-05, 2023-05-17, "last year" or "3 months ago".')


_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_UNITS = {"d": "day", "w": "week", "m": "month", "y": "year"}
_NUMBERS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "twelve": 12}
_DAY_IN_WORDS = r"(?:(\d{1,2})(?:st|nd|rd|th)?\.? )?([a-z]{3,9})\.?(?: (\d{1,2})(?:st|nd|rd|th)?)? (\d{4})"
_AGO = r"(\d{1,4}|[a-z]+) ?(days?|weeks?|months?|years?|[dwmy])(?: ago)?"
_LAST_N = r"(?:the )?(?:last|past) (\d{1,4}|[a-z]+) (days?|weeks?|months?|years?)"


def day(text: str, end: bool = False, today: date | None = None) -> date:
    """Return the first day of what a person wrote as a date, or with `end` the last.

    Raise `NotADayError` for what is no date.
    """
    today = today or date.today()
    wanted = " ".join(text.strip().lower().replace(",", " ").split())
    try:
        first, last = _absolute(wanted) or _relative(wanted, today)
    except (ValueError, OverflowError, TypeError):
        raise NotADayError(text) from None
    return last if end else first


def _absolute(text: str) -> tuple[date, date] | None:
    """Read a year, a month or a day of the calendar."""
    if match := re.fullmatch(r"(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?(?:[t ]\d\d:\d\d.*)?", text):
        return _span(int(match[1]), int(match[2]) if match[2] else None, int(match[3]) if match[3] else None)
    if match := re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", text):
        return _span(int(match[3]), int(match[2]), int(match[1]))
    if match := re.fullmatch(_DAY_IN_WORDS, text):
        months = [i for i, name in enumerate(_MONTHS, 1) if name.startswith(match[2])]
        number = match[1] or match[3]
        return _span(int(match[4]), months[0], int(number) if number else None) if months else None
    return None


def _span(year: int, month: int | None, number: int | None) -> tuple[date, date]:
    if month is None:
        return date(year, 1, 1), date(year, 12, 31)
    if number is None:
        return date(year, month, 1), date(year, month, _days_of(year, month))
    return date(year, month, number), date(year, month, number)


def _relative(text: str, today: date) -> tuple[date, date]:
    """Read a day counted from today."""
    if text in ("today", "now"):
        return today, today
    if text == "yesterday":
        return today - timedelta(1), today - timedelta(1)
    if match := re.fullmatch(r"(this|last|past|previous) (day|week|month|year)", text):
        return _period(match[2], 0 if match[1] == "this" else 1, today)
    if match := re.fullmatch(_LAST_N, text):
        return _back(_number(match[1]), match[2][:1], today), today
    if match := re.fullmatch(_AGO, text):
        then = _back(_number(match[1]), match[2][:1], today)
        return then, then
    raise ValueError(text)


def _number(text: str) -> int:
    return int(text) if text.isdigit() else _NUMBERS.get(text) or int(text)


def _period(unit: str, ago: int, today: date) -> tuple[date, date]:
    """Return the first and last day of the current calendar week, month or year, or of the one before."""
    if unit == "year":
        return _span(today.year - ago, None, None)
    if unit == "month":
        then = _back(ago, "m", today)
        return _span(then.year, then.month, None)
    if unit == "week":
        monday = today - timedelta(today.weekday() + 7 * ago)
        return monday, monday + timedelta(6)
    return today - timedelta(ago), today - timedelta(ago)


def _back(number: int, unit: str, today: date) -> date:
    if _UNITS[unit] in ("day", "week"):
        return today - timedelta(number * (7 if unit == "w" else 1))
    months = today.year * 12 + today.month - 1 - number * (12 if unit == "y" else 1)
    year, month = divmod(months, 12)
    return date(year, month + 1, min(today.day, _days_of(year, month + 1)))


def _days_of(year: int, month: int) -> int:
    """Return the number of days of a month."""
    next_month = date(year + month // 12, month % 12 + 1, 1) if (year, month) != (9999, 12) else date.max
    return (next_month - date(year, month, 1)).days + (next_month == date.max)
