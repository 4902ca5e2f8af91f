"""English time expressions in a question -> a range of seconds, resolved against the asking time in a zone.

Regular expressions cut each phrase out; dateparser reads the dates (its own search over a whole question takes 100
times longer). Days are calendar days of the zone, so a day on which clocks change has 23 or 25 hours; hours and
minutes are real time. "Last Tuesday" is the latest Tuesday before today, "on Tuesday" may be today, and an hour
without a day is the latest such hour that has begun.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import dateparser

Span = tuple[float | None, float | None]

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = (
    "january|february|march|april|may|june|july|august|september|october|november|december"
    "|jan|feb|mar|apr|jun|jul|aug|sept|sep|oct|nov|dec"
)
_COUNTS = {
    word: float(number)
    for number, word in enumerate("one two three four five six seven eight nine ten eleven twelve".split(), 1)
} | {"a": 1.0, "an": 1.0, "the": 1.0, "half an": 0.5, "half a": 0.5, "a couple of": 2.0, "a few": 3.0}
_COUNTS |= {
    "fifteen": 15.0,
    "twenty": 20.0,
    "thirty": 30.0,
    "forty": 40.0,
    "forty-five": 45.0,
    "fifty": 50.0,
    "sixty": 60.0,
}
_UNITS = {"second": 1.0, "sec": 1.0, "minute": 60.0, "min": 60.0, "hour": 3600.0, "hr": 3600.0}
_UNITS |= {"day": 86400.0, "night": 86400.0, "week": 604800.0, "month": 2629746.0, "year": 31556952.0}
_PARTS = {"morning": (0, 12), "afternoon": (12, 18), "evening": (17, 24), "night": (18, 30)}
"""Hours of the parts of a day; a night lasts until six on the next morning."""

_COUNT = rf"(?:\d+(?:\.\d+)?|{'|'.join(sorted(_COUNTS, key=len, reverse=True))})"
_SHORT_UNIT = r"(?:second|sec|minute|min|hour|hr)s?"
_LONG_UNIT = r"(?:day|night|week|month|year)s?"
_SIDE = r"(?:(?P<side>before|after|since|until|till|by)\s+)?"
_WEEKDAY = rf"(?:{'|'.join(_WEEKDAYS)})"
_DATE = (
    r"\d{4}-\d{2}-\d{2}|\d{1,2}/\d{1,2}/\d{2,4}|\d{1,2}\.\d{1,2}\.\d{4}"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?(?: of)? (?:{_MONTHS})\b(?:,? \d{{4}})?"
    rf"|(?:{_MONTHS})\b\.? (?:the )?\d{{1,2}}(?:st|nd|rd|th)?(?![\w:])(?: ?[ap]m)?(?:,? \d{{4}})?"
)
_DAY = (
    rf"(?:the )?day before yesterday|yesterday|today|tonight|last night|(?:this |last |past )?{_WEEKDAY}\b"
    rf"|(?:this|last) (?:week|month|year)\b|{_COUNT} {_LONG_UNIT} ago|(?:the )?(?:{_DATE})"
    rf"|(?<=in )(?:{_MONTHS})\b(?: \d{{4}})?|(?<=in )(?:19|20)\d{{2}}\b"
)
_SURE_CLOCK = (
    r"(?:noon|midday|midnight|\d{1,2}(?::\d{2})? ?[ap]\.?m\b\.?|\d{1,2}:\d{2}(?::\d{2})?"
    r"|\d{1,2} ?o'?clock(?! (?:direction|position)))"
)
_CLOCK = rf"(?:{_SURE_CLOCK}|\d{{1,2}}(?![:/]|[.-]\d| ?[\w%°]))"
_END = r"(?=\s*(?:[?,.!;]|$|on |of |today|yesterday|this |last |in |and |to |until |till ))"

_WITHIN = re.compile(
    rf"\b(?:(?:in|during|over|within|for) )?(?:the )?(?:last|past|previous) "
    rf"(?:(?P<n>{_COUNT}) (?P<unit>{_SHORT_UNIT}|{_LONG_UNIT})|(?P<one>{_SHORT_UNIT}|(?<=past ){_LONG_UNIT}))\b"
)
_AGO = re.compile(rf"\b{_SIDE}(?:(?:about|around|some) )?(?P<n>{_COUNT}) (?P<unit>{_SHORT_UNIT}) ago\b")
_BETWEEN_DAYS = re.compile(rf"\b(?:between|from) (?:the )?(?P<a>{_DAY}) (?:and|to|until|till) (?:the )?(?P<b>{_DAY})")
_BETWEEN = re.compile(
    rf"\b(?:between|from) (?P<a>{_SURE_CLOCK}|\d{{1,2}}) (?:and|to|until|till) (?P<b>{_SURE_CLOCK}|\d{{1,2}}){_END}"
)
_DAYS = re.compile(
    rf"\b{_SIDE}(?:on |in |during |of )?(?:the )?(?:(?:earlier|later|early|late) )?(?P<day>{_DAY})(?:'s\b)?"
)
_PARTS_OF_DAY = re.compile(
    rf"\b{_SIDE}(?:(?:in |during )?the|at)? ?\b(?P<part>morning|afternoon|evening|night)\b"
    r"(?=\s*(?:[?,.!;]|$|on |of ))"
)
_THIS_PART = re.compile(
    rf"\b{_SIDE}(?:in |during )?(?P<day>this|yesterday) (?P<part>morning|afternoon|evening|night)\b"
)
_CLOCKS = re.compile(
    rf"\b(?:(?P<side>before|after|since|until|till|by) (?P<a>{_CLOCK})"
    rf"|(?:(?:at|around|about) )?(?P<b>{_SURE_CLOCK})|at (?P<c>{_CLOCK}))"
)


@dataclass(frozen=True)
class Times:
    """The range that a question names (seconds, inclusive; None: open), the question without the words that named it,
    and those words."""

    since: float | None
    until: float | None
    rest: str
    phrases: tuple[str, ...]


def find_times(text: str, now: float, zone: ZoneInfo) -> Times:
    """Cut the time expressions out of a question (any case) and resolve them; without any, the range is open."""
    reader = _Reader(text, now, zone)
    try:
        since, until = reader.span()
    except (ValueError, OverflowError):  # a date that no calendar has, such as February 30
        return Times(None, None, text, ())
    if since is not None and until is not None and since > until:
        since, until = until, since
    return Times(since, until, " ".join(reader.rest.split()), tuple(reader.phrases))


class _Reader:
    """One question being read: `rest` loses each phrase as it is understood."""

    def __init__(self, text: str, now: float, zone: ZoneInfo) -> None:
        self.rest = text
        self.phrases: list[str] = []
        self.now = now
        self.zone = zone
        self.today = datetime.fromtimestamp(now, zone).date()

    def span(self) -> Span:
        if found := self._cut(_WITHIN):
            length = _seconds(found["n"] or "the", found["unit"] or found["one"])
            return self.now - length, self.now
        if found := self._cut(_AGO):
            length = _seconds(found["n"], found["unit"])
            slack = max(length / 4, _seconds("half a", found["unit"]))
            return _sided(found["side"], self.now - length - slack, self.now - length + slack)
        if found := self._cut(_BETWEEN_DAYS):
            return self._days(found["a"])[0], self._days(found["b"])[1]
        if found := self._cut(_THIS_PART):
            on = self.today - timedelta(days=found["day"] == "yesterday")
            return self._part(found["part"], found["side"], on)
        day = self._cut(_DAYS)
        between = self._cut(_BETWEEN)
        clock = None if between else self._cut(_CLOCKS)
        part = None if between or clock else self._cut(_PARTS_OF_DAY)
        if between:
            return self._between(between["a"], between["b"], self._date(day, between["a"]))
        if clock:
            return self._around(clock, day)
        if part:
            on = self._date(day, f"{_PARTS[part['part']][0]}:00")
            return self._part(part["part"], part["side"] or (day["side"] if day else None), on)
        return _sided(day["side"], *self._days(day["day"])) if day else (None, None)

    def _cut(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        found = pattern.search(self.rest.lower())
        if found is None or len(self.rest.lower()) != len(self.rest):
            return None
        self.phrases.append(found.group().strip())
        self.rest = f"{self.rest[: found.start()]} {self.rest[found.end() :]}"
        return found

    def _at(self, day: date, hours: float = 0.0, fold: int = 0) -> float:
        """The instant `hours` (wall clock) after midnight of a day; fold 1 is the later of an hour that comes twice."""
        wall = datetime(day.year, day.month, day.day, fold=fold) + timedelta(hours=hours)
        return wall.replace(tzinfo=self.zone, fold=fold).timestamp()

    def _whole(self, first: date, after_last: date) -> tuple[float, float]:
        return self._at(first), self._at(after_last) - 1e-6

    def _days(self, phrase: str) -> tuple[float, float]:
        """First and last second of a day, week, month or year in words."""
        phrase = phrase.removeprefix("the ")
        day = timedelta(days=1)
        if phrase in ("tonight", "last night"):
            evening = self.today if phrase == "tonight" else self.today - day
            return self._at(evening, 18), self._at(evening, 30) - 1e-6
        if phrase.endswith(" ago"):
            count, unit, _ = phrase.rsplit(" ", 2)
            middle = self.today - timedelta(days=round(_seconds(count, unit) / 86400))
            slack = timedelta(days={"d": 0, "n": 0, "w": 3, "m": 15, "y": 182}[unit[0]])
            return self._whole(middle - slack, middle + slack + day)
        if phrase.endswith(("week", "month", "year")):
            return self._whole(*self._period(phrase))
        if weekday := re.search(_WEEKDAY, phrase):
            back = (self.today.weekday() - _WEEKDAYS.index(weekday.group())) % 7
            if phrase.startswith(("last", "past")) and back == 0:
                back = 7
            return self._whole(self.today - timedelta(days=back), self.today - timedelta(days=back - 1))
        if re.fullmatch(r"\d{4}", phrase):
            return self._whole(date(int(phrase), 1, 1), date(int(phrase) + 1, 1, 1))
        first = self._read_date(phrase)
        if re.fullmatch(rf"(?:{_MONTHS})(?: \d{{4}})?", phrase):
            first = first.replace(day=1)
            return self._whole(first, (first + timedelta(days=31)).replace(day=1))
        return self._whole(first, first + day)

    def _read_date(self, phrase: str) -> date:
        plain = {"today": 0, "yesterday": 1, "day before yesterday": 2}
        if phrase in plain:
            return self.today - timedelta(days=plain[phrase])
        settings = {
            "RELATIVE_BASE": datetime(self.today.year, self.today.month, self.today.day),
            "PREFER_DATES_FROM": "past",
            "DATE_ORDER": "DMY" if "." in phrase else "MDY",
        }
        parsed = dateparser.parse(phrase.replace(" the ", " "), languages=["en"], settings=settings)
        if parsed is None:
            raise ValueError(phrase)
        return parsed.date()

    def _period(self, phrase: str) -> tuple[date, date]:
        last = phrase.startswith("last")
        if phrase.endswith("week"):
            monday = self.today - timedelta(days=self.today.weekday() + 7 * last)
            return monday, monday + timedelta(days=7)
        if phrase.endswith("year"):
            return date(self.today.year - last, 1, 1), date(self.today.year - last + 1, 1, 1)
        first = self.today.replace(day=1)
        if last:
            first = (first - timedelta(days=1)).replace(day=1)
        return first, (first + timedelta(days=31)).replace(day=1)

    def _date(self, day: re.Match[str] | None, clock: str) -> date:
        """The day that a clock time is on: the one named, else the latest on which that time has begun."""
        if day:
            return datetime.fromtimestamp(self._days(day["day"])[0], self.zone).date()
        return self.today if self._at(self.today, _hours(clock)) <= self.now else self.today - timedelta(days=1)

    def _between(self, first: str, last: str, day: date) -> Span:
        start, end = _hours(first), _hours(last)
        if not re.search(r"[ap]\.?m", first) and re.search(r"p\.?m", last) and start + 12 <= end:
            start += 12
        if end <= start:
            end += 12 if end + 12 > start and end < 12 and not re.search(r"[ap]\.?m", last) else 24
        return self._at(day, start), self._at(day, end, fold=1)

    def _around(self, clock: re.Match[str], day: re.Match[str] | None) -> Span:
        words = clock["a"] or clock["b"] or clock["c"]
        on = self._date(day, words)
        early, late = self._at(on, _hours(words)), self._at(on, _hours(words), fold=1)
        side = clock["side"]
        if side in ("before", "until", "till", "by"):
            return (self._at(on) if day else None), late
        if side in ("after", "since"):
            return early, (self._at(on, 24) - 1e-6 if day and side == "after" else None)
        return early - 1800, late + 1800

    def _part(self, part: str, side: str | None, on: date) -> Span:
        first, last = _PARTS[part]
        return _sided(side, self._at(on, first), self._at(on, last) - 1e-6)


def _sided(side: str | None, first: float, last: float) -> Span:
    if side == "before":
        return None, first - 1e-6
    if side in ("until", "till", "by"):
        return None, last
    if side == "after":
        return last, None
    return (first, None) if side == "since" else (first, last)


def _seconds(count: str, unit: str) -> float:
    number = _COUNTS[count] if count in _COUNTS else float(count)
    return number * _UNITS[unit.removesuffix("s")]


def _hours(clock: str) -> float:
    """Wall-clock hours since midnight. A bare hour from one to six is in the afternoon, others on a 24-hour clock."""
    if clock in ("noon", "midday"):
        return 12.0
    if clock == "midnight":
        return 0.0
    digits = [int(part) for part in re.findall(r"\d+", clock)]
    hours = digits[0] % 24 + sum(part / 60**place for place, part in enumerate(digits[1:], 1))
    if re.search(r"a\.?m", clock):
        return hours - 12 if hours >= 12 else hours
    if re.search(r"p\.?m", clock):
        return hours if hours >= 12 else hours + 12
    return hours + 12 if len(digits) == 1 and 1 <= hours <= 6 else hours
