"""English time expressions in a question -> a range of seconds, resolved against the asking time in a zone.

Regular expressions cut each phrase out; dateparser reads the dates (its own search over a whole question takes 100
times longer). Days are calendar days of the zone, so a day on which clocks change has 23 or 25 hours; hours and
minutes are real time. "Last Tuesday" is the latest Tuesday before today, "on Tuesday" may be today, and an hour
without a day is the latest such hour that has begun.
"""

import re
import string
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import dateparser

from shadowhound_memory.recall.time_words import (
    AGO,
    BETWEEN,
    BETWEEN_DAYS,
    CLOCKS,
    COUNTS,
    DAYS,
    MEALS,
    MONTH,
    MONTHS,
    NTH,
    PARTS,
    PARTS_OF_DAY,
    THIS_PART,
    UNITS,
    VAGUE,
    WEEKDAY,
    WEEKDAYS,
    WITHIN,
    YEAR,
)

Span = tuple[float | None, float | None]
CLOCK_SLACK = 1800.0
"""Seconds before and after a time of day that "at" it means."""
_LOWER = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)


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
    rest = " ".join(re.sub(r"\0+", " ", reader.rest).split()) if reader.phrases else text
    return Times(since, until, rest, tuple(reader.phrases))


class _Reader:
    """One question being read: in `rest` each phrase that is understood is blanked by zeros."""

    def __init__(self, text: str, now: float, zone: ZoneInfo) -> None:
        self.rest = text
        self.phrases: list[str] = []
        self.now = now
        self.zone = zone
        self.today = datetime.fromtimestamp(now, zone).date()

    def span(self) -> Span:
        if found := self._cut(WITHIN):
            length = _seconds(found["n"] or "a", found["unit"] or found["one"], found.group())
            return self.now - length, self.now
        if found := self._cut(AGO):
            length = _seconds(found["n"], found["unit"], found.group())
            slack = max(length / (2 if found["n"] in VAGUE else 4), _seconds("half a", found["unit"]))
            return _sided(found["side"], self.now - length - slack, self.now - length + slack)
        if found := self._cut(BETWEEN_DAYS):
            return self._from_to(found["a"] or f"on {found['c']}", found["b"] or f"on {found['d']}")
        this = self._cut(THIS_PART)
        day = None if this else self._cut(DAYS)
        between = self._cut(BETWEEN)
        clock = None if between else self._cut(CLOCKS)
        part = this or (None if between else self._cut(PARTS_OF_DAY) or (None if clock else self._cut(MEALS)))
        on = None
        if this:
            on = self.today - timedelta(days=this["day"] == "yesterday")
        elif day:
            on = datetime.fromtimestamp(self._days(day["day"])[0], self.zone).date()
        if between:
            return self._between(between["a"], between["b"], on, part["part"] if part else None)
        if clock:
            during = (clock["part"] or "").split()[-1:] or ([part["part"]] if part else [None])
            return self._around(clock, on, (day or part or {"side": None})["side"], during[0])
        if part:
            side = part["side"] or (day["side"] if day else None)
            on = on or self._latest(PARTS[part["part"]][0], side)
            return self._meal(part["part"], side, on) if part.re is MEALS else self._part(part["part"], side, on)
        return _sided(day["side"], *self._days(day["day"])) if day else (None, None)

    def _cut(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        found = pattern.search(self.rest.translate(_LOWER))
        if found is None:
            return None
        start, end = found.span()
        self.phrases.append(self.rest[start:end].strip())
        self.rest = f"{self.rest[:start]}{chr(0) * (end - start)}{self.rest[end:]}"
        return found

    def _at(self, day: date, hours: float = 0.0, fold: int = 0) -> float:
        """The instant `hours` (wall clock) after midnight of a day; fold 1 is the later of an hour that comes twice."""
        wall = datetime(day.year, day.month, day.day, fold=fold) + timedelta(hours=hours)
        return wall.replace(tzinfo=self.zone, fold=fold).timestamp()

    def _whole(self, first: date, after_last: date) -> tuple[float, float]:
        return self._at(first), self._at(after_last) - 1e-6

    def _latest(self, hours: float, side: str | None) -> date:
        """The latest day on which a time of day has begun; before or until a time that comes today, it is today."""
        if side in ("before", "until", "till", "by") or self._at(self.today, hours) <= self.now:
            return self.today
        return self.today - timedelta(days=1)

    def _from_to(self, first: str, last: str) -> Span:
        """From the start of one moment to the end of another; the first lies before the last."""
        end = self._moment(last, self.now)
        start = self._moment(first, self.now)
        if start[0] > end[0]:
            start = self._moment(first, end[0])
        return start[0], end[1]

    def _moment(self, words: str, now: float) -> tuple[float, float]:
        """First and last second of a moment in words, seen from a time; a clock time is one instant."""
        if words == "now":
            return now, now
        since, until = _Reader(words if words.startswith("on ") else f"on {words}", now, self.zone).span()
        if since is None or until is None:
            raise ValueError(words)
        middle = (since + until) / 2
        return (middle, middle) if until - since <= 2 * CLOCK_SLACK else (since, until)

    def _days(self, phrase: str) -> tuple[float, float]:
        """First and last second of a day, week, month or year in words."""
        phrase = phrase.removeprefix("the ").rstrip(".t" if phrase[0].isdigit() else ".")
        phrase = re.sub(r" of (?:the|this) month$", "", phrase)
        day = timedelta(days=1)
        nights = {"tonight": 0, "last night": 1, "overnight": 1, "over night": 1, "night before last": 2}
        if phrase in nights:
            evening = self.today - nights[phrase] * day
            return self._at(evening, 18), self._at(evening, 30) - 1e-6
        if phrase.endswith(" ago"):
            count, unit, _ = phrase.rsplit(" ", 2)
            middle = self.today - timedelta(days=round(_seconds(count, unit) / 86400))
            slack = timedelta(days={"d": 0, "n": 0, "w": 3, "m": 15, "y": 182}[unit[0]])
            if count in VAGUE:
                slack = timedelta(days=_seconds("2", unit) // 86400)
            return self._whole(middle - slack, middle + slack + day)
        if re.search(r"\b(?:week|month|year|weekend)(?: before last)?$", phrase) and not re.search(WEEKDAY, phrase):
            return self._whole(*self._period(phrase))
        if re.search(r"\d", phrase) and not re.fullmatch(rf"{NTH}|{MONTH} {YEAR}|{YEAR}", phrase):
            first = self._read_date(phrase)
            return self._whole(first, first + day)
        if weekday := re.search(rf"{WEEKDAY}|\b(?:mon|tue|wed|thu|fri|sat|sun)", phrase):
            first = self._weekday(phrase, next(n for n, w in enumerate(WEEKDAYS) if w[:3] == weekday.group()[:3]))
            return self._whole(first, first + day)
        if re.fullmatch(r"\d{4}", phrase):
            return self._whole(date(int(phrase), 1, 1), date(int(phrase) + 1, 1, 1))
        if re.fullmatch(NTH, phrase):
            first = self._day_of_month(int(phrase[:-2]))
            return self._whole(first, first + day)
        if month := re.fullmatch(rf"(?P<which>this |last )?(?P<name>{MONTH})(?: (?P<year>\d{{4}}))?", phrase):
            first = self._month(month["name"], month["year"], month["which"] == "last ")
            return self._whole(first, (first + timedelta(days=31)).replace(day=1))
        first = self.today - {"today": 0, "yesterday": 1, "day before yesterday": 2}.get(phrase, 0) * day
        first += {"tomorrow": 1, "day after tomorrow": 2}.get(phrase, 0) * day
        return self._whole(first, first + day)

    def _weekday(self, phrase: str, number: int) -> date:
        if re.search(r"\b(?:this|last) week\b", phrase):
            monday = self.today - timedelta(days=self.today.weekday() + 7 * ("last week" in phrase))
            return monday + timedelta(days=number)
        back = (self.today.weekday() - number) % 7
        if phrase.startswith("next"):
            return self.today + timedelta(days=7 - back)
        if phrase.startswith(("last", "past", "previous")) and back == 0:
            back = 7
        return self.today - timedelta(days=back + 7 * phrase.endswith("before last"))

    def _day_of_month(self, number: int) -> date:
        """The latest day with this number in its month."""
        for back in range(62):
            if (day := self.today - timedelta(days=back)).day == number:
                return day
        raise ValueError(number)

    def _month(self, name: str, year: str | None, last: bool) -> date:
        """The first of a month: of the year named, else the latest that has begun ("last": that is over)."""
        number = next(n for n, month in enumerate(MONTHS, 1) if month[:3] == name[:3])
        over = (self.today.year, number) > (self.today.year, self.today.month - last)
        return date(int(year) if year else self.today.year - over, number, 1)

    def _read_date(self, phrase: str) -> date:
        settings = {
            "RELATIVE_BASE": datetime(self.today.year, self.today.month, self.today.day),
            "PREFER_DATES_FROM": "past",
            "DATE_ORDER": "DMY" if "." in phrase else "MDY",
        }
        plain = re.sub(rf"^{WEEKDAY},? (?:the )?", "", phrase).replace(" the ", " ").replace(" of ", " ")
        parsed = dateparser.parse(plain, languages=["en"], settings=settings)
        if parsed is None:
            raise ValueError(phrase)
        return parsed.date()

    def _period(self, phrase: str) -> tuple[date, date]:
        """First day of a week, weekend, month or year, and the day after its last."""
        back = 1 if phrase.startswith(("last", "past", "previous")) else -1 if phrase.startswith("next") else 0
        unit = phrase.removesuffix(" before last").rpartition(" ")[2]
        back += 2 * phrase.endswith("before last")
        monday = self.today - timedelta(days=self.today.weekday())
        if unit == "week":
            monday -= timedelta(days=7 * back)
            return monday, monday + timedelta(days=7)
        if unit == "weekend":
            begun = phrase.startswith("this") or self.today.weekday() >= 5
            saturday = monday + timedelta(days=5 - 7 * (back if begun or back > 0 else back + 1))
            return saturday, saturday + timedelta(days=2)
        if unit == "year":
            return date(self.today.year - back, 1, 1), date(self.today.year - back + 1, 1, 1)
        months = self.today.year * 12 + self.today.month - 1 - back
        first, after = (date(n // 12, n % 12 + 1, 1) for n in (months, months + 1))
        return first, after

    def _between(self, first: str, last: str, on: date | None, part: str | None) -> Span:
        start, end = _hours(first, part), _hours(last, part)
        if not re.search(r"[ap]\.?m", first) and re.search(r"p\.?m", last) and start + 12 <= end:
            start += 12
        if end <= start:
            end += 12 if end + 12 > start and end < 12 and not re.search(r"[ap]\.?m", last) else 24
        day = on or self._latest(start, None)
        return self._at(day, start), self._at(day, end, fold=1)

    def _around(self, clock: re.Match[str], on: date | None, side: str | None, part: str | None) -> Span:
        hours = _hours(clock["a"] or clock["b"] or clock["c"], part)
        side = clock["side"] or side
        day = on or self._latest(hours, side)
        early, late = sorted((self._at(day, hours), self._at(day, hours, fold=1)))
        if side in ("before", "until", "till", "by"):
            return (self._at(day) if on and clock["side"] else None), late
        if side in ("after", "since"):
            return early, (self._at(day, 24) - 1e-6 if on and clock["side"] == "after" else None)
        return early - CLOCK_SLACK, late + CLOCK_SLACK

    def _part(self, part: str, side: str | None, on: date) -> Span:
        first, last = PARTS[part]
        return _sided(side, self._at(on, first), self._at(on, last) - 1e-6)

    def _meal(self, meal: str, side: str | None, on: date) -> Span:
        """Before a meal is that day up to it, after it that day from then on."""
        first, last = self._part(meal, None, on)
        if side in ("before", "until", "till", "by"):
            return self._at(on), first
        return (last, self._at(on, 24) - 1e-6) if side in ("after", "since") else (first, last)


def _sided(side: str | None, first: float, last: float) -> Span:
    if side == "before":
        return None, first - 1e-6
    if side in ("until", "till", "by"):
        return None, last
    if side == "after":
        return last, None
    return (first, None) if side == "since" else (first, last)


def _seconds(count: str, unit: str, said: str = "") -> float:
    word = re.sub(r"(?<=y) ", "-", count)
    number = COUNTS[word] if word in COUNTS else float(count)
    return (number + 0.5 * (" and a half" in said)) * UNITS[unit if unit == "h" else unit.removesuffix("s")]


def _hours(clock: str, part: str | None = None) -> float:
    """Wall-clock hours since midnight. A bare hour from one to six is in the afternoon unless a part of the day is
    named, others on a 24-hour clock."""
    if clock in ("noon", "midday"):
        return 12.0
    if clock == "midnight":
        return 0.0
    for word, number in sorted(COUNTS.items(), key=lambda item: -len(item[0])):
        clock = (
            re.sub(rf"\b{word.replace('-', '[ -]')}\b(?! quarter)", str(int(number)), clock) if number >= 1 else clock
        )
    minutes = 0.0
    if said := re.match(r"(?:1 )?(half|quarter|\d+)(?: minutes)? (past|to) ", clock):
        minutes = {"half": 30.0, "quarter": 15.0}.get(said[1]) or float(said[1])
        minutes = minutes if said[2] == "past" else -minutes
        clock = clock[said.end() :]
    digits = [int(number) for number in re.findall(r"\d+", clock)]
    hours = digits[0] % 24 + sum(number / 60**place for place, number in enumerate(digits[1:], 1)) + minutes / 60
    if re.search(r"a\.?m", clock) or part == "morning":
        return hours - 12 if hours >= 12 else hours
    if re.search(r"p\.?m", clock) or part in ("afternoon", "evening"):
        return hours if hours >= 12 else hours + 12
    if part == "night":
        return hours + 12 if 6 <= hours < 12 else hours % 12 if hours == 12 else hours
    return hours + 12 if len(digits) == 1 and 1 <= digits[0] <= 6 and hours < 7 else hours
