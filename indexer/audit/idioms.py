"""Know the phrases by which English asks a reader to get in touch without a plain "call us".

"Give the front desk a ring", "swing by", "grab a free consult", "a phone call away": an idiom is a verb that speaks to
the reader, what it needs beside it, and nobody else as the one to turn to. All of it is general vocabulary.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from indexer.audit.askwords import ARRANGE, CONTACT, INVITE
from scraper.text.lexicon import word_set as _set

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

_US = r"(?:us|our|ours)\b"
_START = (
    r"(?:^\W*|[,;:(\u2013\u2014]\s*|\s-+\s|\b(?:please|and|or|just|simply|then|today|now|also|always|so|"
    r"you can|you may|you could|can always|free to|hesitate to|want to|like to|ready to|welcome to|easy to|time to|"
    r"invited to|y'all)\s+)"
)
"""Before a verb that speaks to the reader."""
_BETWEEN = r"(?:\s+[\w'&/.\u201c\u201d\"-]+){0,3}\s+"
_HERE = (
    r"(?:us|ourmail|ourline|our(?:\s+[\w'-]+){1,3}|the\s+(?:[\w'-]+\s+)?"
    r"(?:desk|office|clinic|practice|team|reception|receptionists?|hospital|surgery|studio))"
)
_SIGN = r"(?:call|ring|buzz|shout|holler|bell|line|note|message|text|e-?mail|voicemail|dm|question|questions)"
_MEETING = (
    r"(?:appointments?|appts?|consult|consults|consultations?|evaluations?|assessments?|intake|slots?|spots?|openings?|"
    r"check-?ups?|exams?|cleanings?|screenings?|tours?|scans?|quotes?|estimates?|callbacks?|demos?|fittings?|trial)\b"
)
_LOOSE = r"(?:time|place|seat|visit|session|call|chat|class|check|conversation|treatment|day|morning)\b"
_OPEN = r"(?:online|today|now|here|below|in the app|with us|at our|on our|that (?:suits|works))\b"
_CLAIM = (
    r"(?:grab|snag|claim|secure|save|reserve|request|arrange|pick|choose|lock in|hold|book|schedule|set up|get|"
    r"sign up for|find)"
)
_PURPOSE = (
    r"(?:started|book\w*|schedul\w+|appointments?|consult\w*|request|claim|reserve|contact|call|slot|spot|time)\b"
)
_TALK = (
    r"(?:call|contact|ring|phone|text|write|e-?mail|message|reach out|ask|drop in|stop in|stop by|come in|get in touch)"
)

_SPOKEN = "|".join(
    (
        rf"(?:give|drop|send|shoot|leave|write)\s+{_HERE}\s+(?:a|an|your)\s+(?:[\w'-]+\s+)?{_SIGN}\b",
        r"(?:swing|pop|stop|drop|come|walk|head)\s+(?:on\s+)?(?:by|in|over)"
        r"(?=\W*$|\s*[,!\u2013\u2014(]|"
        r"\s+(?:and|for|to see|any|anytime|today|whenever|this|next|on|soon|our|us|with)\b)",
        rf"(?:swing|pop|stop|drop|come|walk|head)\s+(?:on\s+)?(?:by|in|over|into|to)(?:\s+\w+)?\s+{_US}",
        r"bring\s+(?:\w+\s+){1,3}(?:by|in|over)(?=\W*$|\s*[,!\u2013\u2014]|\s+(?:for|to see|any|today|and)\b)",
        r"(?:come|get\s+(?:[\w'-]+\s+){0,3}in|stop in|pop in)\s+(?:to\s+)?(?:see|visit|meet)\s+us\b",
        r"come\s+(?:and\s+)?say\s+(?:hi|hello)\b",
        r"pick up the phone\b",
        r"let\s+(?:our|the)\s+(?:[\w'-]+\s+){0,2}(?:desk|office|clinic|practice|reception|receptionists?|team)\s+know\b",
        r"get\s+(?:yourself|them|your(?:\s+[\w'-]+){1,2})\s+(?:booked|scheduled)\b",
        r"self-?\s?refer\s+(?:today|now|online|by|through|via|to us|here)\b",
        r"(?:start|begin)\s+(?:at|on|with|by)\s+our\s+(?:[\w'-]+\s+){0,2}(?:scheduler|calendar|form|page|portal|quiz|desk)\b",
        r"let's\s+(?:talk|chat|connect|meet)(?=\W*$|\W+ourline)",
        rf"let's\s+(?:get|find)\s+(?:\w+\s+){{1,5}}(?:booked|scheduled|on the (?:calendar|books|schedule)|{_MEETING})",
        r"(?:talk|speak|chat|connect|meet)(?:\s+\w+){0,3}\s+(?:with|to)\s+(?:(?:a|any|one|someone|somebody)\s+"
        rf"(?:\w+\s+)?(?:of|on|from|at)\s+)?{_US}",
        rf"ask\s+(?:(?:any|one|a member)\s+of\s+)?{_US}",
        rf"(?:tap|click|hit|press|use|follow)\s+(?:on\s+)?(?:the|our|that|this){_BETWEEN}?"
        rf"(?:button|link|form|scheduler|calendar|chat|portal|tool)\b(?=.*\b{_PURPOSE}|.*\bbook now\b)",
        r"(?:tap|click|hit|press|use|follow|complete|see|visit|through|via)\s+(?:on\s+)?(?:the|our|this)\s+(?:\w+\s+){0,2}"
        r"(?:booking|scheduling|contact|appointments?|intake|request)\s+(?:link|button|form|page|portal|calendar|tool)\b",
        rf"(?:tap|click|press)\s+(?:here|below|above)\b(?=.*\b{_PURPOSE})",
        r"(?:take|complete|finish|fill (?:in|out)|answer|try)\s+(?:our|(?:the|this|a)\s+(?:\w+-minute|short|quick|free|"
        r"online|brief|intake|contact))(?:\s+[\w'-]+){0,3}\s+(?:quiz|screening|screener|assessment|questionnaire|form|"
        r"self-?test|questions)\b",
        r"(?:hop|jump|get)\s+on\s+(?:a|the|our)\s+(?:[\w'-]+\s+){0,3}(?:call|phone|calendar|schedule|books|waitlist|chat)\b",
        r"get\s+(?:[\w'-]+\s+){1,4}on\s+(?:the|our)\s+(?:calendar|books|schedule|waitlist)\b",
        rf"{_CLAIM}\s+(?:your|our|one of our|my)\s+(?:[\w'-]+\s+){{0,4}}(?:{_MEETING})",
        r"(?:grab|snag|claim|secure|reserve|lock in|save)\s+(?:a|an|one of the)\s+(?:[\w'-]+\s+){0,2}"
        r"(?:slots?|spots?|openings?|consult|consultation|appointment)\b",
        rf"{_CLAIM}\s+(?:a|an)\s+(?:free|complimentary|no-cost|no-obligation|same-day|virtual)\s+(?:[\w'-]+\s+){{0,3}}"
        rf"(?:{_MEETING}|{_LOOSE})",
        rf"{_CLAIM}\s+(?:your|their|his|her|a|an|the)\s+(?:[\w'-]+\s+){{0,3}}(?:{_MEETING}|{_LOOSE})(?=.*\b{_OPEN})",
        rf"(?:book|schedule|reserve|request)\s+(?:it|them|one|yours|him|her|(?:your|their|his|her|a|an)\s+[\w'-]+)\s+{_OPEN}",
        r"(?:tap|click|hit|press|choose|select)\s+(?:on\s+)?[\u2018\u2019\u201c\u201d'\"]?"
        r"(?:book|schedule|request|reserve|contact us)\b",
        rf"{_CLAIM}\s+(?:a|an)\s+(?:free|complimentary|no-cost|no-obligation)\s+(?:[\w'-]+\s+){{1,3}}{_OPEN}",
        r"(?:claim|grab|get|snag|redeem)\s+(?:your|a|the)\s+(?:[$€£\d\w'-]+\s+){1,4}(?:special|offer|discount|gift\s+card)\b",
        r"(?:inquire|enquire|rsvp|refer)\s+(?:\w+\s+){0,2}(?:at|to|on|by|with)\s+(?:ourline|ourmail|us|our)\b",
        r"(?:book|schedule|reserve|request|enquire|inquire)\s+(?:yours|now|online|today|here|with us)\b",
        r"book\s+(?:\w+\s+){1,2}in\b(?=\W*$|\s+(?:with|for|today|online))",
        r"(?:call|phone|ring|text|write|dial|e-?mail)\s+(?:now\s+|today\s+|ahead\s+)?(?:to|for)\s+(?:an?\s+|your\s+|"
        r"more\s+)?(?:[\w'-]+\s+)?(?:schedul\w+|book|make|arrange|set up|reserve|learn more|find out|request|"
        r"appointments?|consult\w*|details|information|pricing|availability)\b",
        r"(?:head|go|hop)\s+(?:over\s+)?to\s+our\s+(?:\w+\s+)?(?:booking|contact|scheduling|appointments?|intake)\b",
        r"(?:send|leave)\s+(?:us\s+)?(?:a\s+)?(?:message|note|question)s?\s+(?:through|via|on|using)\s+(?:the|our)\b",
        r"have\s+(?:us|our\s+\w+)\s+(?:call|ring|text|phone|e-?mail)\s+you\b",
        rf"(?:reach|get hold of|get a hold of)\s+(?:out\s+to\s+)?{_US}",
        r"(?:phone|ring|call|text|e-?mail|message)\s+(?:or\s+\w+\s+)?the\s+(?:front\s+desk|office|clinic|practice|"
        r"surgery|reception|hospital)(?=\W*$|\s+(?:and|with|to|for|at|on|today|so|anytime|if|directly|any)\b)",
    )
)
_ANYWHERE = "|".join(
    (
        r"\b(?:us|our|we|we're)\b.*\b(?:phone call|call|text|click|message|e-?mail)\s+away\b",
        r"\b(?:just|only|a)\s+(?:phone\s+)?(?:call|text|click|message|e-?mail)\s+away\b",
        r"\bwe(?:'d|\s+would)\s+(?:love|be\s+(?:happy|glad|honou?red|delighted|thrilled))\s+to\s+(?:hear\s+from\s+you|"
        r"meet\s+(?:you|your)|see\s+you|talk|chat|speak)\b",
        rf"\b(?:hesitate|free|welcome)\s+to\s+{_TALK}\b(?!\s+(?:to\s+)?(?:your|an?|his|her|their|any|\d+|theirline))",
        r"\bby\s+(?:calling|phoning|texting|ringing|e-?mailing|messaging|contacting|dialing)\s+(?:us|our|ourline|ourmail)\b",
        r"\b(?:takes|starts\s+with|begins\s+with|only|first)\s+(?:one|a|an|phone|is\s+a)\s+(?:simple\s+)?(?:phone\s+)?call\b",
        r"\b(?:your|the)\s+first\s+(?:call|consult|consultation|chat)\s+is\s+(?:free|on us)\b",
        r"\bwalk-?ins?\s+(?:are\s+)?(?:always\s+)?welcome\b",
        r"\b(?:our|we\s+are|we're|are)\s+(?:[\w'-]+\s+){0,3}(?:now|currently)\s+(?:booking|scheduling|accepting)\b|"
        r"\b(?:we|our)\b.*\bbooking\s+now\b",
        r"\bhit\s+us\s+up\b",
        r"\btell\s+us\s+(?:what\s+you(?:'re|\s+are)\s+(?:looking|hoping)|about\s+your|a\s+(?:little|bit)\s+about)\b",
        r"\bmention\s+this\s+(?:article|post|blog|page)\b",
        r"\bour\s+(?:[\w'-]+\s+){0,2}(?:number|line|phones?)\s+(?:is|are)\b.*\bourline",
        r"^\W*(?:for|to\s+(?:book|schedule|make|arrange))\s+(?:an?\s+)?(?:new\s+)?(?:appointments?|consult\w*|bookings?|"
        r"visits?)\W+(?:\w+\s+){0,2}ourline",
        r"\b(?:you can|to)\s+reach\s+us\b",
        r"\b(?:talk|speak|chat)\s+(?:it\s+|things\s+)?(?:over|through)\s+with\s+us\b",
    )
)
_OPENS = re.compile(_START)
_SPEAKS = re.compile(_SPOKEN)
_TELLS = re.compile(_ANYWHERE)
_TELLING = _set(
    "call hit tell walk-ins walk-in walk walkin walkins booking scheduling accepting away love happy glad honored "
    "honoured delighted thrilled hesitate free welcome mention number line phones reach talk speak chat calling "
    "phoning texting ringing emailing messaging contacting dialing appointment appointments consult consultation "
    "consultations booking bookings visit visits"
)
"""Each phrase that may stand anywhere has one of these."""
_ELSEWHERE = re.compile(
    r"\b(?:with|to|from|at|by|through|of)\s+(?:your|his|her|their|an?|another|any)\s+(?:[\w'-]+\s+){0,2}"
    r"(?:doctors?|physicians?|provider|dentist|therapist|counsel\w+|vet|veterinarian|specialists?|insur\w+|pharmac\w+|"
    r"psychiatrist|psychologist|surgeon|pediatrician|obstetrician|midwife|dermatologist|cardiologist|\w+ologist|gp|pcp|"
    r"lawyer|attorney|accountant|friend|hospital|store|plan|carrier)\b|\btheir(?:line|mail)\b"
)
"""Somebody else to turn to."""
_OURS = re.compile(rf"\b{_US}|\bourline\b|\bourmail\b")
RARE = _set(
    "swing pop grab snag claim hop tap hesitate mention phone dial ring reserve secure request holler drop stop "
    "text message consult appointment appointments consultation slot slots spot let let's away book calendar bring "
    "link y'all walk-ins walkins rsvp inquire enquire redeem call booking starts refer booked scheduler calling "
    "phoning texting emailing dialing"
)
"""A sentence with one of these may have an idiom."""
COMMON = _set(
    "give send shoot leave write come walk head bring get pick talk speak chat connect meet ask click hit press use "
    "follow take complete finish fill answer jump save arrange choose lock hold schedule set sign find call email go "
    "have reach free welcome love happy glad number line lines phones try"
)
ADDRESSED = _set("us our ours we now online here below today button yours books hi hello welcome we'd we're")
"""So may one with a word of each of these two; with a number or the owner's name it needs only the first."""


def may_ask(words: AbstractSet[str], *, addressed: bool = False) -> bool:
    """Tell whether words may hold an idiom; cheap, for most text has none. `addressed`: with a number, or the owner."""
    return not RARE.isdisjoint(words) or not (
        COMMON.isdisjoint(words) or (not addressed and ADDRESSED.isdisjoint(words))
    )


def may_open(word: str) -> bool:
    """Tell whether a sentence that begins with a word may tell its reader what to do."""
    return word in RARE or word in COMMON or word in CONTACT or word in ARRANGE or word in INVITE


def asks_by_idiom(sentence: str, words: AbstractSet[str]) -> bool:
    """Tell whether a sentence in lower case asks by an idiom.

    The owner's names read "us" in it, numbers "ourline" or "theirline", mail addresses "ourmail" or "theirmail".
    """
    spoken = any(_SPEAKS.match(sentence, match.end()) for match in _OPENS.finditer(sentence))
    if not spoken and (_TELLING.isdisjoint(words) or _TELLS.search(sentence) is None):
        return False
    return _ELSEWHERE.search(sentence) is None or _OURS.search(sentence) is not None
