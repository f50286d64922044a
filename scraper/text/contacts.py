"""Find the values in a text that can go stale: phone numbers, e-mail addresses, links, streets, years, prices."""

from __future__ import annotations

import re
from functools import lru_cache, wraps
from typing import TYPE_CHECKING, Literal, NamedTuple
from urllib.parse import unquote

from scraper.text.lexicon import word_set

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from scraper.model import Link

ValueKind = Literal["phone", "email", "brand", "address", "url", "year", "price"]
_TWO_DIGITS = word_set(
    "20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 81 82 84 86 90 "
    "91 92 93 94 95 98"
)
"""Country codes of two digits (ITU-T E.164); 1 and 7 have one, the others three."""
_AREA_DIGITS = 3
"""Digits of an area code of the North American plan, the only one with areas that are compared."""


class Value(NamedTuple):
    """A value where it stands: `key` is what equal values have in common, however they are written."""

    kind: ValueKind
    key: str
    shown: str
    start: int
    end: int


_SIGNS = str.maketrans(
    {
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212\ufe63\uff0d\u00ad", "-"),
        **dict.fromkeys("\u00a0\u2002\u2003\u2007\u2009\u200a\u202f\u3000\u200b\u200e\u2060\t\n\r", " "),
        **dict(zip("０１２３４５６７８９＋（）．／·∙•", "0123456789+()./...", strict=True)),
    }
)
"""How hyphens, spaces, wide signs and dots between digits are read; each sign stays one, so that places stay."""
_SEP = r"[ .\-/]{0,3}"
_FROM = r"(?<![\d$€£#/.,-])"
_FROM_WORD = r"(?<![\w$€£#/.,+(-])"
_AREA = r"\(?[2-9]\d\d\)?"
_PHONE = re.compile(
    rf"(?P<america>{_FROM}(?:\+?1{_SEP}|0?01[ -])?{_AREA}{_SEP}[2-9x][\dx]{{2}}{_SEP}[\dx]{{4}}(?![\d%]|,\d))"
    rf"|(?P<mexico>{_FROM_WORD}(?:(?:01|04[45])[ -])?\(?(?:55|56|33|81)\)?[ -]?(?!(?:19|20)\d\d)\d{{4}}[ -]\d{{4}}"
    rf"(?![\d%]|[.,-]\d))"
    rf"|(?P<brazil>{_FROM_WORD}(?:\(0?[1-9][1-9]\)[ ]?(?:9[ .]?\d{{4}}|(?!20)[2-5]\d{{3}})|[1-9][1-9] 9\d{{4}})"
    rf"[ .-]\d{{4}}(?![\d%]|[.,-]\d))"
    rf"|(?P<spain>{_FROM_WORD}(?:[6-9]\d\d(?:[ .-]\d\d){{3}}|[89]\d[ .-]\d{{3}}(?:[ .-]\d\d){{2}})(?![\d%]|[ .,-]?\d))"
    rf"|(?P<italy>{_FROM_WORD}3[2-9]\d[ ./-]{{1,3}}\d{{7}}(?![\d%]|[.,-]\d))"
    rf"|(?P<australia>{_FROM_WORD}1[38]00[ -]\d{{3}}[ -]\d{{3}}(?![\d%]|[ .,-]?\d))"
    rf"|(?P<abroad>{_FROM}\(?(?:\+|00|011[ -](?=[2-9]))[ ]?(?=[1-9])\d{{1,3}}\)?(?:{_SEP}\(?\d{{1,12}}\)?){{1,8}}(?!%))"
    rf"|(?P<trunk>{_FROM}(?:\(0 [1-9]\d{{1,3}}\)|\(0\d{{1,5}}\)|0 [1-9]\d{{1,3}} ?(?=/)|0\d{{1,5}}(?=[ ./-]))"
    rf"[ ./-]{{0,3}}\d{{1,9}}(?:(?:[ .]|[ ]?[/-][ ]?)\d{{1,8}}){{0,5}}(?!%))"
    rf"|(?P<plain>{_FROM_WORD}0[1-9]\d{{8,9}}(?![\w%]|[.,]\d))"
    rf"|(?P<said>{_FROM_WORD}(?:\d{{9}}|[5-9]\d{{2}}[ .-]\d{{3}}[ .-]\d{{3}}|[89]\d[ .-]?\d{{7}}"
    rf"|[89]\d[ .-]\d{{3}}[ .-]\d{{4}}|[6-9]\d\d[ .-]\d{{6}}|1?[2-9]\d{{9}}|(?:01[ -])?{_AREA}[ .-]\d{{3}}[ .-]\d{{4}}"
    rf"|[1-9][1-9] [2-5]\d{{3}}-\d{{4}}|13(?: \d\d){{2}})(?![\d%]|[.,-]\d))",
    re.I,
)
"""A number as each country writes it. `said` are forms that amounts and other numbers have, too: a word has to tell."""
_SAYS = re.compile(
    r"(?:\b(?:tel|t[eé]l|tlf|tlfno|tfno|telf?|tel[eé]fonos?|t[eé]l[eé]phones?|tele(?:f[oo]+n|foon)|phone|call|ring|dial|"
    r"text|fax|mobile|m[oó]vil|mobil|cell?|celular|cellulare|handy|whats ?app|ll[aá]m[ae]\w*|appele[rz]\w*|rufen|bel|"
    r"chiam\w+|lig(?:ue|ar|a)|hotline|portable|at|on|al|au|unter|op|para)\b|[☎☏✆📞📱])[^\w\n]{0,4}(?:\w{1,12}[^\w\n]{1,3}){0,3}$",
    re.I,
)
_SAYS_WITHIN = 60
"""Signs before a number in which the word stands that tells what it is: three short words may stand between."""
_LABEL = (
    r"(?:order|invoice|account|customer|case|tracking|serial|license|licence|policy|ticket|reference|item|part|model|"
    r"patent|charity|company|registration|confirmation|member(?:ship)?) ?(?:no|nr|number|id|code|#)|ref|iban|"
    r"isbn(?:-1[03])?|issn|ean|gtin|upc|sku|asin|doi|pmid|npi|ein|siret|siren|nif|cif|cnpj|cpf|rfc|abn|acn|"
    r"vat(?: (?:no|number|id))?|ust-?id(?:-?nr)?|konto(?:-?nr)?|blz|"
    r"(?:bestell|kunden|rechnungs|steuer|artikel|auftrags|konto)(?:nummer|-?nr)|"
    r"(?:num[eé]ro|n[uú]mero|numero) (?:de|di|do|da|d'|del) ?"
    r"(?:commande|facture|pedido|factura|fatura|ordine|conta|cuenta)|"
    r"pedido|commande|factura|facture|fattura|bestelnummer|ordernummer|factuurnummer|order ?#"
)
_OTHER = re.compile(
    rf"(?<!\w)(?:{_LABEL})[ :.#°º]{{0,4}}[A-Z]{{0,3}}-?\d[\dX ./-]{{5,25}}"
    r"|\b[A-Z]{2}\d{2}(?: ?[A-Z\d]{4}){2,7} ?[A-Z\d]{1,4}\b"
    r"|(?<![\d-])97[89](?:[ -]?\d){10}(?![ -]?\d)"
    r"|(?<![\d.])(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)\.){3}(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?![\d.]\d|\d)"
    r"|(?<![\d./-])(?:[0-3]?\d([./ -])[01]?\d\1(?:19|20)\d\d"
    r"|[0-3]?\d([./-])[0-3]?\d\2\d\d|(?:19|20)\d\d([./-])[01]?\d\3[0-3]?\d)(?![\d./-]\d|\d)"
    r"|(?<![\d.])\d{1,3}\.\d{4,9}°?[ ]?[NSEWO]?[ ]?[,;/ ][ ]?-?\d{1,3}\.\d{4,9}"
    r"|(?<![\d.:])[0-2]?\d[.:h][0-5]\d ?- ?[0-2]?\d[.:h][0-5]\d(?!\d)"
    r"|(?<![\d.,])\d{1,3}(?:[., '’]\d{3})+(?:[.,]\d\d)?[ ]?"
    r"(?:€|EUR|euros?|dollars|USD|CHF|R\$|pesos|reais|km|kg|%)(?!\w)"
    r"|(?:[$€£¥]|EUR|CHF|USD)[ ]?\d{1,3}(?:[., '’]\d{3})+(?:[.,]\d\d)?(?![ .-]?\d)",
    re.I,
)
"""What has as many digits as a number to dial: labelled numbers, IBANs, ISBNs, IP addresses, days, places, money."""
_VANITY = re.compile(
    r"(?<![\w$€£#/.,-])(?:\+?1[-. ])?(?:\([2-9]\d\d\)[-. ]?|[2-9]\d\d[-.])(?=[\d-]{0,6}[A-Z])(?=(?:-?[A-Z\d]){7})"
    r"[A-Z\d]+(?:-[A-Z\d]+){0,3}(?![\w-])"
)
"""A number that is dialled by letters: 1-800-GET-WELL, 630-55-SMILE."""
_KEYS = {
    ord(letter): str(key)
    for key, letters in zip("23456789", ("ABC", "DEF", "GHI", "JKL", "MNO", "PQRS", "TUV", "WXYZ"), strict=True)
    for letter in letters
}
_DIALLED = 10
"""Digits of a number of the North American plan that are dialled; what a word on keys adds is not."""
_LENGTHS = {
    "1": (10, 10),
    "7": (10, 10),
    "31": (9, 9),
    "33": (9, 9),
    "34": (9, 9),
    "39": (6, 11),
    "41": (9, 9),
    "43": (7, 13),
    "44": (9, 10),
    "49": (6, 11),
    "52": (10, 11),
    "55": (10, 11),
    "61": (9, 10),
}
"""Digits of a national number without its trunk zero, fewest and most (national numbering plans as sent to the ITU)."""
_ANY_LENGTH = (7, 12)
_NO_TRUNK = frozenset(("1", "34", "39", "52", "55"))
"""Country codes whose national numbers are dialled without a zero that goes before abroad; Italy's zero stays."""
_TRUNK_LENGTH = (9, 12)
_WHOLE = 10
"""A number that begins with a zero goes on from here only in groups as long as the last, or after a dash or slash."""
_GROUP = re.compile(r"\d+")
_FRENCH = re.compile(r"0[1-9](?:[ .-]\d\d){4}(?!\d)")
_THREE_DIGITS = re.compile(r"\d\d\d")
_SIX_DIGITS = re.compile(r"\d(?:\D{0,6}\d){5}")
_LEAST_DIALLED, _MOST_DIALLED = 6, 15
"""Digits of a number in a `tel:` link: ITU-T E.164 has 15 at most."""
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}", re.I)
_URL = re.compile(r"\bhttps?://[^\s<>\"')\]]+|\bwww\.[\w-]+(?:\.[\w-]+)+(?:/[^\s<>\"')\]]*)?", re.I)
_STREET = (
    "street|st|avenue|ave|road|rd|boulevard|blvd|drive|dr|lane|ln|parkway|pkwy|way|court|ct|place|pl|highway|hwy|"
    "circle|plaza"
)
_NO_NAME = frozenset(
    (*_STREET.split("|"), *["n", "s", "e", "w", "ne", "nw", "se", "sw", "north", "south", "east", "west"])
)
_ADDRESS = re.compile(
    rf"\b\d{{1,5}}\s+(?:[NSEW]\.?[EW]?\.?\s+|(?:North|South|East|West)\s+)?(?:[A-Z0-9][\w'.-]*\s+){{1,3}}(?:{_STREET})\b\.?",
    re.I,
)
_CAPITAL = re.compile(r"[A-Z]|\d(?:st|nd|rd|th)\b")
_YEAR = re.compile(r"(?<![\d-])(?:19|20)\d\d(?![\d-])")
_PRICE = re.compile(r"[$€£]\s?\d[\d,]*(?:\.\d\d)?|\b\d[\d,]*(?:\.\d\d)?\s?(?:€|dollars|euros|USD|EUR)(?!\w)", re.I)


def _remembered(find: Callable[[str], Iterator[Value]]) -> Callable[[str], tuple[Value, ...]]:
    """Return what reads a text once: a call to action stands on hundreds of posts, and is asked for many things."""

    @lru_cache(maxsize=1 << 14)
    @wraps(find)
    def read(text: str) -> tuple[Value, ...]:
        return tuple(find(text))

    return read


@_remembered
def phones(text: str) -> Iterator[Value]:
    """Yield phone numbers in all forms of North America, Mexico, Brazil, Western Europe and Australia.

    The same number has the same key from within its country and from abroad. A form that amounts have, too, counts
    after a word such as "call".
    """
    for match in _VANITY.finditer(text) if _THREE_DIGITS.search(text) else ():
        if not _PHONE.fullmatch(match.group()):
            number = re.sub(r"\D", "", match.group().translate(_KEYS)).removeprefix("1")[:_DIALLED]
            yield Value("phone", number, match.group(), match.start(), match.end())
    if not _SIX_DIGITS.search(text):
        return
    plain = _OTHER.sub(lambda match: "_" * len(match.group()), text.translate(_SIGNS))
    at = 0
    while candidate := _PHONE.search(plain, at):
        match, at = candidate, candidate.end()
        found = _read(match)
        if found is None or (_may_be_else(match) and not _is_said(plain, match.start())):
            continue
        key, length = found
        start, at = match.start(), match.start() + length
        yield Value("phone", key, text[start:at].strip(), start, at)


def linked_phones(text: str, links: Iterable[Link], shown: Collection[str]) -> Iterator[Value]:
    """Yield the numbers that the links of a text dial and it does not show, each in the place of the link's words."""
    for words, href in links:
        key = linked_phone(href)
        if key is not None and key not in shown:
            start = max(0, text.find(words))
            yield Value("phone", key, unquote(href).partition(":")[2], start, start + len(words))


def linked_phone(address: str) -> str | None:
    """Return the key of the number that a `tel:` link dials; `None` where it is no such link, or dials no number."""
    scheme, _, rest = address.strip().partition(":")
    number = unquote(rest).partition(";")[0].partition(",")[0].strip().lstrip("/")
    if scheme.lower() != "tel" or not _LEAST_DIALLED <= sum(map(str.isdigit, number)) <= _MOST_DIALLED:
        return None
    return digits(number)


def _may_be_else(match: re.Match[str]) -> bool:
    """Tell whether a number has a form that amounts and other numbers have, too."""
    plain = match.lastgroup == "america" and match.group().isdigit()
    return match.lastgroup == "said" or (plain and len(match.group()) > _DIALLED)


def _is_said(text: str, start: int) -> bool:
    """Tell whether a word before a number says that it is one to dial."""
    return _SAYS.search(text, max(0, start - _SAYS_WITHIN), start) is not None


def _read(match: re.Match[str]) -> tuple[str, int] | None:
    """Return the key of a number and how many signs of what was found it takes; `None` where it is none."""
    shown, form = match.group(), match.lastgroup
    if form == "abroad":
        return _abroad(shown)
    if form == "trunk":
        return _with_trunk(shown)
    if form == "america":
        return re.sub(r"[^\dx]", "", shown.lower())[-_DIALLED:], len(shown)
    found = "".join(_GROUP.findall(shown))
    if form == "brazil" or (form in ("mexico", "said") and len(found) > _DIALLED):
        found = found.removeprefix("0") if form == "brazil" else found[-_DIALLED:]
    return found, len(shown)


def _abroad(shown: str) -> tuple[str, int] | None:
    """Return the key and length of a number with its country code: as many groups as the country's numbers have."""
    prefix = re.match(r"\(?(?:\+|00|011[ -])[ ]?", shown)
    if prefix is None:
        return None
    start = prefix.end()
    code = _country(shown[start : start + 3])
    fewest, most = _LENGTHS.get(code, _ANY_LENGTH)
    begin = start + len(code)
    number, end = "", begin
    for group in _GROUP.finditer(shown, begin):
        trunk = "0" if not number and code != "39" and group.group().startswith("0") else ""
        longer = number + group.group().removeprefix(trunk)
        if len(longer) > most:
            break
        number, end = longer, group.end()
    if len(number) < fewest:
        return None
    return _national(code, number), end + (shown[end : end + 1] == ")")


def _country(begin: str) -> str:
    """Return the country code that digits begin with."""
    return begin[: 1 if begin[:1] in "17" else 2 if begin[:2] in _TWO_DIGITS else 3]


def _national(code: str, number: str) -> str:
    """Return a number as it is dialled within its country."""
    if code == "52" and len(number) > _DIALLED:
        return number.removeprefix("1")
    return number if code in _NO_TRUNK or (code, number[:1]) == ("61", "1") else "0" + number


def _with_trunk(shown: str) -> tuple[str, int] | None:
    """Return the key and length of a number that begins with a zero."""
    if french := _FRENCH.match(shown):
        return "".join(_GROUP.findall(french.group())), french.end()
    fewest, most = _TRUNK_LENGTH
    number, end, last = "", 0, 0
    for group in _GROUP.finditer(shown):
        found, between = group.group(), shown[end : group.start()]
        ended = len(number) >= _WHOLE and len(found) != last and not re.search("[/-]", between)
        if number and (len(number) + len(found) > most or ended):
            break
        number, end, last = number + found, group.end(), len(found)
    return (number, end) if len(number) >= fewest and not number.startswith("00") else None


@_remembered
def emails(text: str) -> Iterator[Value]:
    """Yield e-mail addresses."""
    if "@" not in text:
        return
    for match in _EMAIL.finditer(text):
        yield Value("email", match.group().lower().rstrip("."), match.group(), match.start(), match.end())


def street(text: str) -> tuple[str, ...]:
    """Return what tells a street address from another however it is shortened: house number and the street's name."""
    words = re.findall(r"\w+", text.lower())
    kept = [word for word in words[1:] if word not in _NO_NAME]
    return (*words[:1], *kept[:2])


@_remembered
def links(text: str) -> Iterator[Value]:
    """Yield addresses of pages as they stand in the text."""
    for match in _URL.finditer(text):
        shown = match.group().rstrip(".,;:!?")
        key = re.sub(r"^(https?://)?(www\.)?", "", shown.lower()).rstrip("/")
        yield Value("url", key, shown, match.start(), match.start() + len(shown))


@_remembered
def addresses(text: str) -> Iterator[Value]:
    """Yield street addresses of the form number, name, kind of street."""
    for match in _ADDRESS.finditer(text):
        if _CAPITAL.search(match.group().partition(" ")[2]):
            key = " ".join(re.findall(r"\w+", match.group().lower()))
            yield Value("address", key, match.group(), match.start(), match.end())


@_remembered
def years(text: str) -> Iterator[Value]:
    """Yield years from 1900 to 2099."""
    for match in _YEAR.finditer(text):
        yield Value("year", match.group(), match.group(), match.start(), match.end())


@_remembered
def prices(text: str) -> Iterator[Value]:
    """Yield amounts of money."""
    for match in _PRICE.finditer(text):
        yield Value("price", re.sub(r"[^\d.]", "", match.group()), match.group(), match.start(), match.end())


def digits(text: str) -> str:
    """Return the digits of a phone number as they are compared: as dialled within its country.

    +1 303 is 303, and +44 161, 0044 161 and +44 (0)161 are 0161. What is no number in any form is its digits.
    """
    found = phones(f"call {text.strip()}")
    return found[0].key if found else "".join(sign for sign in text if sign.isdigit())


def area(number: str) -> str:
    """Return the digits of a phone number, as they are compared, that tell its area."""
    return number[:_AREA_DIGITS]
