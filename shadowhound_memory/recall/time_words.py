"""English time expressions as regular expressions over lower-cased text, in which a zero stands for what is cut out.

Words that mean something else too (may, march, sun, a day before a noun) are times only where a preposition or the end
of the phrase says so.
"""

import re
from functools import partial

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = "january february march april may june july august september october november december".split()
_ONES = "one two three four five six seven eight nine ten eleven twelve".split()
_TEENS = "thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
_TENS = {"twenty": 20.0, "thirty": 30.0, "forty": 40.0, "fifty": 50.0, "sixty": 60.0, "ninety": 90.0}
COUNTS = {word: float(number) for number, word in enumerate([*_ONES, *_TEENS], 1)} | _TENS
COUNTS |= {
    f"{ten}-{one}": _TENS[ten] + n for ten in ("twenty", "thirty", "forty") for n, one in enumerate(_ONES[:9], 1)
}
COUNTS |= {"a": 1.0, "an": 1.0, "half an": 0.5, "half a": 0.5, "a quarter of an": 0.25, "three quarters of an": 0.75}
COUNTS |= dict.fromkeys(("a couple of", "a couple", "couple of"), 2.0)
VAGUE = ("a few", "few", "several", "some")
COUNTS |= dict.fromkeys(VAGUE, 4.0)
UNITS = {"second": 1.0, "sec": 1.0, "minute": 60.0, "min": 60.0, "hour": 3600.0, "hr": 3600.0, "h": 3600.0}
UNITS |= {"day": 86400.0, "night": 86400.0, "week": 604800.0, "month": 2629746.0, "year": 31556952.0}
PARTS: dict[str, tuple[float, float]] = {"morning": (0, 12), "afternoon": (12, 18), "evening": (17, 24)}
PARTS |= {"night": (18, 30), "breakfast": (7, 9), "lunch": (12, 13), "dinner": (18, 20), "supper": (18, 20)}
"""Hours of the parts of a day; a night lasts until six on the next morning."""


def _any_of(words: list[str] | dict[str, float]) -> str:
    return "(?:" + "|".join(sorted((word.replace("-", "[ -]") for word in words), key=len, reverse=True)) + ")"


_COUNT = rf"(?:\d+(?:\.\d+)?|{_any_of(COUNTS)})"
_SHORT_UNIT = r"(?:(?:second|sec|minute|min|hour|hr)s?|h)"
_LONG_UNIT = r"(?:day|night|week|month|year)s?"
_PART = r"(?:morning|afternoon|evening|night)"
_SIDES = r"(?:before|after|since|until|till|by)"
_SIDE = rf"(?:(?P<side>{_SIDES}) )?"
_ABOUT = r"(?:(?:at|around|about|roughly|approximately|shortly|just|right) ){0,3}"
_EARLY = r"(?:(?:early|earlier|late|later|mid) )?"
_END = (
    r"(?=\s*(?:[?,.!;:)\0]|$|(?:on|of|in|at|and|or|to|until|till|before|after|since|between|from|by|with|when|while"
    r"|during|around|about|for|near|today|yesterday|this|last)\b))"
)
"""What follows a word that is a time only when the phrase ends with it."""
_AFTER = "(?:{})".format(
    "|".join(
        rf"(?<=\b{word} )"
        for word in "on in since until till before after by of during from between to and or early late around".split()
    )
)
_SURE_MONTH = _any_of([*(m for m in MONTHS if m not in ("may", "march")), *"jan feb mar apr jun jul aug".split()])[:-1]
_SURE_MONTH += "|sept?|oct|nov|dec)"
MONTH = rf"(?:{_SURE_MONTH}\b\.?|may|march)"
NTH = r"\d{1,2}(?:st|nd|rd|th)"
YEAR = r"(?:19|20)\d{2}\b"
_DATE = (
    rf"\d{{4}}-\d{{2}}-\d{{2}}(?!\d)(?:t(?=\d\d:))?|\d{{1,2}}/\d{{1,2}}/\d{{2,4}}|\d{{1,2}}\.\d{{1,2}}\.\d{{4}}"
    rf"|(?:{NTH}(?: of)?|\d{{1,2}}(?: of)?) {_SURE_MONTH}\b\.?(?:,? {YEAR})?"
    rf"|(?:{NTH}(?: of)?|\d{{1,2}}(?: of)?) (?:may|march)(?:,? {YEAR}|{_END})"
    rf"|{_SURE_MONTH}\b\.? (?:the )?(?:{NTH}|\d{{1,2}})(?![\w:])(?! ?[ap]\.?m\b)(?:,? {YEAR})?"
    rf"|(?:may|march) (?:the )?(?:{NTH}(?:,? {YEAR})?|\d{{1,2}}(?:,? {YEAR}|(?![\w:]){_END}))"
)
WEEKDAY = _any_of(list(WEEKDAYS))
_SHORT_DAY = rf"(?:(?<=\bon )|(?<=since )|(?<=last ))(?:mon|tues?|wed|thu|thurs?|fri|sat|sun)\b\.?{_END}"
_DAY = (
    r"(?:the )?(?:day before yesterday|night before last|day after tomorrow(?!'s))|yesterday|today|tonight"
    r"|tomorrow(?!'s)"
    r"|last night|over ?night(?= ?[?,.!;\0]| ?$)"
    rf"|(?:{WEEKDAY},? (?:the )?)?(?:{_DATE})"
    rf"|{WEEKDAY},? (?:of )?(?:this|last) week\b|last week {WEEKDAY}\b"
    rf"|(?:the )?{WEEKDAY} before last|(?:this|last|past|next|previous) {WEEKDAY}\b"
    rf"|(?:{_AFTER}|(?<=\bon the )){WEEKDAY}\b(?!s)|{WEEKDAY}(?:(?='s\b)|(?= {_PART}\b)|{_END})|{_SHORT_DAY}"
    r"|(?:the )?(?:week|month|year|weekend) before last|(?:this|last|past|next|previous|the) weekend\b"
    rf"|(?:this|last|next) (?:week|month|year)\b|{_COUNT} {_LONG_UNIT} ago"
    rf"|(?:this|last) {MONTH}\b{_END}|{MONTH} {YEAR}"
    rf"|{_AFTER}{_SURE_MONTH}\b\.?(?!'s)|{_AFTER}(?:may|march)\b{_END}"
    rf"|(?:(?<=\bin )|(?<=since )|(?<=until )|(?<=before )|(?<=after )|(?<=during )){YEAR}(?! ?[\w%°])"
    rf"|(?:(?<=\bon )|(?<=since )|(?<=until )|(?<=before )|(?<=after )|(?<=\bof ))"
    rf"the {NTH}(?: of (?:the|this) month\b|(?! of\b)){_END}"
)
_HOUR = _any_of(_ONES)
_AM = r" ?[ap]\.?m\b\.?"
_PAST = r"(?:half|(?:a )?quarter|(?:five|ten|twenty(?:[ -]five)?|\d{1,2})(?: minutes)?)"
_SURE_CLOCK = (
    rf"(?:(?:noon|midday|midnight){_END}|\d{{1,2}}(?::\d{{2}})?{_AM}|\d{{1,2}}:\d{{2}}(?::\d{{2}})?"
    rf"|(?:\d{{1,2}}|{_HOUR}) ?o'?clock(?! (?:direction|position))|{_HOUR}{_AM}"
    rf"|(?:half|(?:a )?quarter) (?:past|to) (?:{_HOUR}|\d{{1,2}}\b)(?:{_AM})?)"
)
CLOCK = (
    rf"(?:{_SURE_CLOCK}|{_PAST} (?:past|to) (?:{_HOUR}|\d{{1,2}})\b(?:{_AM})?"
    rf"|{_HOUR} (?:fifteen|thirty|forty[ -]five)\b|(?:{_HOUR}\b|\d{{1,2}}(?![\w:/%°]|[.-]\d)){_END})"
)
_HALF = r"(?: and a half)?"
_MOMENT = (
    rf"(?:(?:this|yesterday) {_PART}\b|(?:the )?{_PART} of (?:{_DAY})|{CLOCK} (?:on )?(?:{_DAY})"
    rf"|(?:{_DAY})(?: {_PART}\b)?(?:,? (?:at )?{CLOCK})?|now\b)"
)

_compile = partial(re.compile, flags=re.ASCII)
WITHIN = _compile(
    rf"\b(?:(?:in|during|over|within|for) )?(?:the |these )?(?:last|past|previous) "
    rf"(?:(?P<n>{_COUNT}){_HALF} (?P<unit>{_SHORT_UNIT}|{_LONG_UNIT})|(?P<one>{_SHORT_UNIT}|(?<=past ){_LONG_UNIT}))\b"
)
AGO = _compile(rf"\b{_SIDE}{_ABOUT}(?P<n>{_COUNT}){_HALF} ?(?P<unit>{_SHORT_UNIT}){_HALF} ago\b")
BETWEEN_DAYS = _compile(
    rf"\b(?:(?:between|from) (?:the )?(?P<a>{_MOMENT}),? (?:and|to|until|till) (?:the )?(?P<b>{_MOMENT})"
    rf"|on (?P<c>{WEEKDAY}) (?:and|or) (?:on )?(?P<d>{WEEKDAY}))\b"
)
BETWEEN = _compile(rf"\b(?:between|from) (?P<a>{CLOCK}|\d{{1,2}}) (?:and|to|until|till) (?P<b>{CLOCK}|\d{{1,2}}){_END}")
DAYS = _compile(
    rf"\b(?<!\bevery )(?<!\beach ){_SIDE}(?:(?:on|in|during|of|over|at|around|about) )?(?:the )?{_EARLY}"
    rf"(?:(?:on|in|of) )?(?P<day>{_DAY})(?:'s\b)?"
)
PARTS_OF_DAY = _compile(
    rf"\b(?<!\bevery )(?<!\beach ){_SIDE}(?:(?:(?:in|during|over) )?the {_EARLY}|{_EARLY}|at )(?P<part>{_PART})\b"
    r"(?=\s*(?:[?,.!;:\0]|$|on |of |at ))"
)
THIS_PART = _compile(
    rf"\b{_SIDE}(?:(?:in|during|early|earlier|late|later) ){{0,3}}(?P<day>this|yesterday) {_EARLY}"
    rf"(?P<part>{_PART})\b(?:'s\b)?"
)
MEALS = _compile(
    rf"\b(?P<side>{_SIDES}|during|over|at|around) (?P<part>breakfast|lunch|dinner|supper)(?: ?time| break)?\b"
    r"(?=\s*(?:[?,.!;:\0]|$|on |today|yesterday))"
)
CLOCKS = _compile(
    rf"\b(?<!\bmy )(?<!\byour )(?:(?:(?:shortly|just|right|some ?time) )?(?P<side>{_SIDES}) {_ABOUT}(?P<a>{CLOCK})"
    rf"|{_ABOUT}(?P<b>{_SURE_CLOCK})|(?:at|around) {_ABOUT}(?P<c>{CLOCK}))(?P<part> in the {_PART}| at night)?"
)
