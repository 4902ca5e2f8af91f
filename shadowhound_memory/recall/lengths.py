"""Lengths of time that a text states: "for 40 minutes", "an hour and a half", "1 hour 30"; English words for it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from text_to_num import alpha2digit

from shadowhound_memory.recall.denial import CLAUSE
from shadowhound_memory.recall.time_words import UNITS

UNIT = r"seconds?|secs?|minutes?|mins?|hours?|hrs?|h|days?|nights?|weeks?|months?|years?"
_LENGTH = re.compile(
    r"(?<![\w.,:/-])(?P<count>\d+(?:[.,]\d+)?|an?|(?:a )?half an?|(?:a|1) quarter of an|(?:3|three) quarters of an)"
    rf"(?P<half> and a half)?[ -]?(?P<unit>{UNIT})\b"
    r"(?: and (?P<more>a half|a quarter|(?:3|three) quarters)"
    rf"|,? (?:and )?(?P<rest>\d+) ?(?P<smaller>{UNIT})\b| ?(?P<minutes>[0-5]\d)(?![\w:.,%]))?",
    re.I,
)
_FRACTIONS = {"half": 0.5, "quarter": 0.25, "quarters": 0.75}
_NO_LENGTH_AFTER = re.compile(r"\W*(?:ago|old|late|early|earlier|later|from now|before|shift|ticket|pass)\b", re.I)
_NO_LENGTH_BEFORE = re.compile(
    r"(?:\b(?:every|each|per|next|last|past|within|almost|nearly|under|over|than|least|most)(?: the)?"
    r"|\d(?: ?(?:[-–]|to|or))) $",
    re.I,
)


@dataclass(frozen=True)
class Length:
    """A length of time in seconds, with the clause of the text that states it."""

    seconds: float
    clause: str


def stated_lengths(text: str) -> list[Length]:
    """The lengths that a text states; none are "two hours ago", "every ten minutes", "a day old"."""
    digits = alpha2digit(text, "en", threshold=0)
    found = [
        match
        for match in _LENGTH.finditer(digits)
        if not _NO_LENGTH_AFTER.match(digits, match.end()) and not _NO_LENGTH_BEFORE.search(digits[: match.start()])
    ]
    cuts = [
        cut
        for cut in CLAUSE.finditer(digits)
        if not any(match.start() < cut.end() and cut.start() < match.end() for match in found)
    ]
    return [Length(_seconds(match), _clause(digits, match, cuts)) for match in found]


def _clause(text: str, match: re.Match[str], cuts: Sequence[re.Match[str]]) -> str:
    start = max((cut.end() for cut in cuts if cut.end() <= match.start()), default=0)
    end = min((cut.start() for cut in cuts if cut.start() >= match.end()), default=len(text))
    return text[start:end].strip()


def _seconds(match: re.Match[str]) -> float:
    unit = _size(match["unit"])
    count = match["count"].lower()
    number = float(count.replace(",", ".")) if count[0].isdigit() and " " not in count else _in_words(count)
    number += 0.5 if match["half"] else 0.0
    if match["more"]:
        number += _FRACTIONS[match["more"].lower().split()[-1]]
    seconds = number * unit
    if match["rest"]:
        seconds += float(match["rest"]) * _size(match["smaller"])
    elif match["minutes"]:
        seconds += float(match["minutes"]) * unit / 60
    return seconds


def _in_words(count: str) -> float:
    return next((size for word, size in _FRACTIONS.items() if word in count.split()), 1.0)


def _size(unit: str) -> float:
    unit = unit.lower()
    return UNITS.get(unit) or UNITS[unit.rstrip("s")]
