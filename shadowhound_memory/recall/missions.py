"""Missions that a question names: by id, by order ("the previous mission", "your last three patrols"), by when they
began ("the evening patrol"), and the time before, after or since one."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

Mission = tuple[str, float, float | None]
"""Id, start and end in seconds; no end: still open."""

_NOUNS = "mission patrol visit shift round run tour session trip inspection".split()
_WORD = rf"(?:{'|'.join(_NOUNS)})"
_SIDE = r"(?:(?P<side>before|after|since|until|till) )?"
_LEAD = r"(?:(?:in|on|during|of|from|for|over|at|throughout) )?(?:the |this |your |our |that |my )?"
_ORDINALS = {"first": 0, "second": 1, "third": 2, "fourth": 3, "fifth": 4, "1st": 0, "2nd": 1, "3rd": 2}
_ORDER = (
    rf"(?:{'|'.join(_ORDINALS)}|last but one|second[ -]to[ -]last|last|latest|most recent|previous|current|earlier)"
)
_NUMBERS = {word: n for n, word in enumerate("two three four five six seven eight nine ten".split(), 2)}
_NUMBERS |= {str(n): n for n in range(2, 100)} | {"couple of": 2, "few": 3}
_PARTS = {"morning": (0, 12), "afternoon": (12, 17), "evening": (17, 24), "night": (18, 30), "noon": (11, 14)}
"""Hours at which a mission of that name begins; night lasts until six."""
_DESCRIBED = rf"(?P<described>(?:(?!{_WORD}s?\b)[a-z]+ )?)"
_SEVERAL = re.compile(
    rf"\b{_LEAD}(?P<order>last|latest|past|previous|most recent|first) (?P<n>{'|'.join(_NUMBERS)}) {_DESCRIBED}"
    rf"(?P<word>{_WORD})s\b",
    re.I,
)
_PAIR = re.compile(
    rf"\b(?:between|from|on|in|during) (?:(?:the|your|our|both|these) )*(?:(?P<n>two|last two) (?P<word>{_WORD})s"
    rf"|(?P<both>both) (?:the )?(?P<word2>{_WORD})s"
    rf"|(?P<a>{_ORDER}) (?:{_WORD} )?(?:and|to) (?:the )?(?P<b>{_ORDER}) (?P<word3>{_WORD}))\b",
    re.I,
)
_ORDERED = re.compile(
    rf"\b{_SIDE}{_LEAD}(?:(?P<order>{_ORDER}) {_DESCRIBED}(?P<word>{_WORD})"
    rf"|(?P<word2>{_WORD}) (?P<order2>before last|before (?:that|the last)(?: one)?))\b",
    re.I,
)
_TIMED = re.compile(
    rf"\b{_SIDE}(?:(?:in|on|during|of|from|for|over|at) )?(?:the |this |your |our |that )(?P<described>[a-z]+) "
    rf"(?P<word>{_WORD})\b",
    re.I,
)
_OPEN = re.compile(rf"\b(?:in|on|during|of|over) this (?P<word>{_WORD})\b", re.I)


@dataclass(frozen=True)
class Named:
    """What of a question names missions: the ids (none: only a time is meant), the time before or after one (seconds,
    None: open) and the words. `side` is before, after, since, until or empty; `alike` all missions begun that the words
    may mean, by their start."""

    ids: tuple[str, ...]
    phrase: str
    side: str = ""
    alike: tuple[str, ...] = ()
    since: float | None = None
    until: float | None = None


def find_by_id(asked: str, missions: Sequence[Mission]) -> Named | None:
    """The mission whose id stands in the question as it is, or in words beside a word such as "mission" or "patrol"."""
    said = set(re.findall(r"[^\W_]+", asked.lower()))
    missions = sorted(missions, key=lambda mission: mission[1])
    for mission in sorted(missions, key=lambda mission: -len(mission[0])):
        name = mission[0]
        parts = re.findall(r"[^\W_]+", name.lower())
        if not parts or not said.issuperset(parts):
            continue
        spoken = r"[\W_]+".join(map(re.escape, parts))
        sure = [rf"\b{_SIDE}{_LEAD}{_WORD} {spoken}\b", rf"\b{_SIDE}{_LEAD}{spoken} {_WORD}\b"]
        if len(parts) > 1 and re.search(rf"(?:^|[\W_]){_WORD}(?:$|[\W_\d])", name, re.I):
            sure.append(rf"\b{_SIDE}{_LEAD}{spoken}\b")
        if re.search(r"[\d_-]", name):
            sure.append(rf"(?<![\w-]){_SIDE}{_LEAD}{re.escape(name)}(?![\w-])")
        for pattern in sure:
            if found := re.search(pattern, asked, re.I):
                return _sided([mission], found, missions)
    return None


def find_by_order(
    asked: str, missions: Sequence[Mission], zone: ZoneInfo, since: float | None, until: float | None
) -> Named | None:
    """The missions that a question means by their order or by when they began, among those that touch a range.

    They are sought among those whose ids hold the words used ("patrol", "evening"), else among all.
    """
    begun = sorted(missions, key=lambda mission: mission[1])
    begun = [m for m in begun if (until is None or m[1] <= until) and (since is None or m[2] is None or m[2] >= since)]
    if found := _PAIR.search(asked):
        alike = _alike(begun, found["word"] or found["word2"] or found["word3"], "", zone)
        pair = [*_chosen(found["a"], alike), *_chosen(found["b"], alike)] if found["a"] else alike[-2:]
        return _sided(pair, found, alike) if len({mission[0] for mission in pair}) == 2 else None
    if found := _SEVERAL.search(asked):
        alike = _alike(begun, found["word"], found["described"], zone)
        n = _NUMBERS[found["n"].lower()]
        several = alike[:n] if found["order"].lower() == "first" else alike[-n:]
        return _sided(several, found, alike) if several else None
    if found := _ORDERED.search(asked):
        alike = _alike(begun, found["word"] or found["word2"], found["described"] or "", zone)
        return _sided(chosen, found, alike) if (chosen := _chosen(found["order"] or "last but one", alike)) else None
    if found := _OPEN.search(asked):
        alike = _alike(begun, found["word"], "", zone)
        return _sided(chosen, found, alike) if (chosen := _chosen("current", alike)) else None
    if (found := _TIMED.search(asked)) and found["described"].lower() not in _ORDINALS:
        alike = _alike(begun, found["word"], found["described"], zone)
        return _sided(alike[-1:], found, alike) if alike else None
    return None


def _alike(missions: Sequence[Mission], word: str, described: str, zone: ZoneInfo) -> list[Mission]:
    """Those called by a word (all if none is), and by what describes it: in their ids, else by when they began."""
    alike = [mission for mission in missions if word.lower() in _words(mission[0])] or list(missions)
    described = described.strip().lower()
    if not described:
        return alike
    if named := [mission for mission in alike if described in _words(mission[0])]:
        return named
    return [mission for mission in alike if _began(mission[1], described, zone)]


def _began(start: float, described: str, zone: ZoneInfo) -> bool:
    when = datetime.fromtimestamp(start, zone)
    if described in _PARTS:
        first, last = _PARTS[described]
        return first <= when.hour + when.minute / 60 < last or when.hour < last - 24
    return described in (f"{when:%A}".lower(), f"{when:%B}".lower())


def _chosen(order: str, missions: Sequence[Mission]) -> list[Mission]:
    """The mission of an order such as "first", "current" or "previous"; none where there is none."""
    order = order.lower().replace("-", " ")
    ended = [mission for mission in missions if mission[2] is not None]
    open_ones = [mission for mission in missions if mission[2] is None]
    if order in _ORDINALS:
        return list(missions[_ORDINALS[order] : _ORDINALS[order] + 1])
    if order == "current":
        return (open_ones or list(missions))[-1:]
    if order in ("previous", "earlier"):
        return ended[-1:] if open_ones else ended[-2:-1] or ended[-1:]
    if order in ("last but one", "second to last"):
        return ended[-2:-1]
    return (ended or list(missions))[-1:]


def _sided(missions: Sequence[Mission], found: re.Match[str], alike: Sequence[Mission]) -> Named:
    side = (found.groupdict().get("side") or "").lower()
    ids = tuple(dict.fromkeys(mission[0] for mission in missions))
    named = Named(ids, found.group(), side, tuple(mission[0] for mission in alike))
    _, start, end = missions[0]
    if side == "before":
        return replace(named, until=start - 1e-6)
    if side in ("until", "till"):
        return replace(named, until=end)
    if side in ("after", "since"):
        return replace(named, since=start if end is None else end + 1e-6)
    return named


def _words(text: str) -> set[str]:
    return set(re.findall(r"[^\W\d_]+", text.lower()))
