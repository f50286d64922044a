"""Take the inflection off a word further than its stemmer does, so that all forms of a verb or noun find each other.

Snowball is made for the forms that are common in news; a root is for queries alone, where it finds more words of a blog
beside those of the same stem. The endings are those of school grammars, without accents, as a folded word has them.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_SHORTEST_ROOT = 3  # letters: fewer tell hardly a word from others; where 4 or 5 do as well, `least` says so
_VOWEL = re.compile("[aeiouyаеиоуыэюя]")


class _Inflection(NamedTuple):
    """How a language inflects.

    `endings` go first, the longest that leaves `least` letters with a vowel, up to `rounds` of them one after the
    other; then vowels at the end; then each of `changes` is made. `before`, also patterns and what they become, are
    for what stands in front of a word or behind its ending. `of_stem`: the endings are those that the stemmer leaves.
    """

    endings: str
    changes: tuple[tuple[str, str], ...] = ()
    before: tuple[tuple[str, str], ...] = ()
    rounds: int = 1
    least: int = _SHORTEST_ROOT
    of_stem: bool = False


def _any_of(words: str) -> str:
    return "|".join(words.split())


# What parts from a German verb: participle and infinitive have ge and zu behind it.
_PARTED = (
    "(?:ab|an|auf|aus|bei|dar|durch|ein|empor|entgegen|fest|fort|frei|gegen|heim|her|herab|heran|heraus|hierher|hin|hinaus"
    "|hinein|hinter|hinunter|hinzu|hoch|los|mit|nach|nieder|rum|statt|teil|uber|um|unter|vor|voran|vorbei|weg|weiter"
    "|wieder|zu|zuruck|zusammen)"
)

_INFLECTIONS: Mapping[str, _Inflection] = {
    "es": _Inflection(
        r"(?:a|ie|e|i|ye)?(?:r(?:on|[ae](?:s|n|mos|is)?|ia(?:s|n|mos|is)?)?|s(?:teis|tes?|e(?:s|n|mos|is)?)"
        r"|ba(?:s|n|mos|is)?|d[oa]s?|ndo|mos|is|ia(?:s|n|mos|is)?|o?s|d)|[aeio]*[ae]n|[aeiou]+s?",
        changes=(
            (r"(?:zc|qu?|z|c)$", "k"),
            (r"(?:gu|j)$", "g"),
            ("ie(?=[^aeiou]+$)", "e"),
            ("ue(?=[^aeiou]+$)", "o"),
        ),
        least=4,
        before=((r"(?<=[aei]r)(?:se|me|te|nos|os|l[aeo]s?){1,2}$|(?<=ndo)(?:se|me|te|nos|os|l[aeo]s?){1,2}$", ""),),
    ),
    "pt": _Inflection(
        r"(?:a|ei|e|i|o)?(?:r(?:am|a(?:s|mos|m)?|eis|e(?:s|mos|m|i)?|ia(?:s|m|mos)?|ieis|ao|mos|des)?"
        r"|sse(?:s|m|mos|is)?|va(?:s|m|mos?)?|veis|d[oa]s?|ndo|mos?|ste(?:s|is)?|is|ia(?:s|m|mos)?|ieis|[umsi])"
        r"|i?ssim[ao]s?|z?inh[ao]s?|zit[ao]s?|[aeiou]+[sm]?",
        changes=((r"(?:qu?|c)$", "k"), (r"(?:gu|j)$", "g")),
    ),
    "it": _Inflection(
        r"[aei]?(?:r(?:ei|esti|ebbe(?:ro|r)?|emmo|este|emo|ete|a|ai|anno|an|o|ono|on|e|si)?|ss(?:i|e|imo|ero|er)|st[ei]"
        r"|v[aoie](?:no|mo|te|n)?|mmo|mo|t[aoie]|nd[aoie]|nt[ei]|te|no|n)|iamo|iate|[iao]no|[iao]n|issim[aoie]|[aeiou]+",
        changes=((r"(?:[ck]h|c|qu?)$", "k"), ("gh$", "g"), ("sc$", "sk")),
        before=(("(?<=r)(?:si|mi|ti|ci|vi|l[oaie]|gli|ne)$", ""),),
    ),
    "ca": _Inflection(
        r"[aei]?(?:r(?:em|eu|an|as|a|e|ia|ies|iem|ieu|ien|en|es)?|v(?:a|es|em|eu|en)"
        r"|ss(?:i|is|im|iu|in|a|es|em|eu|en)|gu(?:e|es|em|eu|in|i|is|im|iu|era|eres)|d(?:a|es)|ts?|nt|[muns])"
        r"|eix(?:o|es|en|is?|in|a)?|esc|isc|[ei]squ(?:is?|in|es|en|em|eu)|o|en|em|eu|in|is|es|[iaeus]",
        changes=((r"(?:qu?|c)$", "k"), (r"(?:gu|j|tg|tj)$", "g"), (r"([^aeiou])\1$", r"\1")),
        least=4,
        before=(("(?<=[aei]r)(?:-?(?:se|me|te|nos|vos|l[oa]s?|les|s|n|hi))$", ""),),
    ),
    "ro": _Inflection(
        r"[uia]?se(?:ra(?:m|ti)?|[mt]i?|si|rati)?|ra(?:m|ti)?|[ia]ndu?|ul(?:ui|e)?|uri(?:lor|le)?|[ie]?lor|ile|ele|le|eai"
        r"|easca?|est[ei]|ea(?:m|ti|u)?|am|ati|au|eaza|eze|ez[ei]?|ui|ei?i|ii|[iau]t(?:[aeiu]|ul)?|escu?|eti|em|im"
        r"|atoare|ator|[iae]re|[aeiuo]",
        changes=(("oa(?=[^aeiou]+$)", "o"), ("ea(?=[^aeiou]+$)", "e"), ("st$", "sc")),
        before=(("^ne(?:mai)?(?=.{2,}[ia]ndu?$)", ""),),
    ),
    "de": _Inflection(
        r"e?te?st(?:e[nrsm]?)?|e?st(?:e[nrsm]?)?|e?te[nrsm]?t?|end(?:e[nrsm]?)?|e?t|ere[nrsm]?|ernd?|eln?|e?n|e[nrsm]?|s",
        changes=((r"(?:e[nrl]|e|t)$", ""), (r"([^aeiou])\1$", r"\1")),
        before=(
            (rf"^({_PARTED}?)ge(?=.{{3,}}(?:t|te[nmrs]?|n|ene[nmrs]?)$)", r"\1"),
            (rf"^({_PARTED})zu(?=.{{3,}}n$)", r"\1"),
        ),
    ),
    "ru": _Inflection(
        "ирова|иров|ир|ова|ева|иру|ыва|ива|ив|ем|еш|иш|ет|ит|ут|ют|ат|ят|ен|енн|нн|л|ьт|[уаяиеоыьй]",
        changes=(("(?<=[^аеиоуыэюя])[ео](?=[цк]$)", ""), ("ь(?=[цк]$)", "")),
        of_stem=True,
    ),
    "hu": _Inflection(
        _any_of(
            "ban ben bol rol tol nak nek val vel ra re hoz hez nal nel on en n ot et at t ert ig kent kor ul"
            " ba be ni na ne nam nad nank natok nanak nenek hat het hass hess tam tem tad ted ta te tuk tatok"
            " tetek tak tek am al unk atok etek ak ek ok om em od ed ja je i juk jatok jetek jak ik sz ol el"
            " m d a e k nk tok tek im id ink itok ott ett o va ve jon jen junk j janak jenek s ss as es gat"
            " get tt ssa sse ank enk ei ai jai jei u"
        ),
        changes=((r"([^aeiou])\1$", r"\1"),),
        rounds=6,
        least=5,
    ),
    "lt": _Inflection(
        _any_of(
            "ydavusi ydavo damas dama damos dami davo davau davai davome davote davusi siu si s sime site"
            " sim sit ciau tum tu tume tumet tumei tumeme tute kit k kime kim te ti tis t au ai o ome ote om"
            " ot ei e eme ete em et iu i ia iame iate iam iat a ame ate am at u uoti uoja uoju uoji uojame"
            " uojate uojam uojat avo avau avai avome avote avom avot antis anti ant ancio ancia anciam anciu"
            " ancios intis antys us usi ius usio usia es usiu usios tas ta to tos tai tais tam tame toje tose"
            " toms tomis tuose imas imo imui ima imu ime imai is io iui ys yje yse iais ias iai iems iuose"
            " iose iomis ioms uje uose ais ams as os oms omis ose oje ojo yti yta ytas eti etas inis inio ine"
            " ines inei ineje inese mis iaus iausi esnis esne esni jant iant int dam davus siant sias simas"
        ),
        changes=(("(?:av|uoj|yj|ej|j|d|st|s|t|z|c)$", ""),),
        least=4,
    ),
}
"""Language code to what is taken off; languages are here of which Snowball leaves one pair of forms in six apart."""


@cache
def rooter(language: str) -> Callable[[str, str], str] | None:
    """Return what gives the root of a folded word from the word and its stem; `None` where the stem has to do."""
    inflection = _INFLECTIONS.get(language)
    if inflection is None:
        return None
    ending = re.compile(rf"(.{{{inflection.least},}}?)(?:{inflection.endings})")
    before = [(re.compile(pattern), becomes) for pattern, becomes in inflection.before]
    changes = [(re.compile(pattern), becomes) for pattern, becomes in inflection.changes]

    def root(surface: str, stem: str) -> str:
        word = stem if inflection.of_stem else surface
        for pattern, becomes in before:
            word = pattern.sub(becomes, word)
        for _ in range(inflection.rounds):
            match = ending.fullmatch(word)
            if match is None or not _VOWEL.search(match[1]):
                break
            word = match[1]
        word = _long_enough(word.rstrip("aeiou"), word)
        for pattern, becomes in changes:
            word = _long_enough(pattern.sub(becomes, word), word)
        return word

    return root


def _long_enough(shorter: str, longer: str) -> str:
    return shorter if len(shorter) >= _SHORTEST_ROOT else longer
