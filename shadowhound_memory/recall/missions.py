"""Missions that a question names: by id, or by order as in "the previous mission" or "your last patrol"."""

import re
from collections.abc import Sequence

Mission = tuple[str, float, float | None]
"""Id, start and end in seconds; no end: still open."""

_WORD = r"(?:missions?|patrols?|visits?|shifts?|rounds?|runs?|tours?|sessions?|trips?|inspections?)"
_LEAD = r"(?:(?:in|on|during|of|from|for|over|at) )?(?:the |this |your |our )?"
_ORDINALS = {"first": 0, "second": 1, "third": 2, "fourth": 3, "fifth": 4, "1st": 0, "2nd": 1, "3rd": 2}
_ORDERED = re.compile(
    rf"\b{_LEAD}(?P<order>{'|'.join(_ORDINALS)}|last|latest|most recent|previous|current|this|earlier)"
    rf" (?P<described>(?:[a-z]+ )?)(?P<word>{_WORD})\b(?<!s)",
    re.I,
)


def find_mission(asked: str, missions: Sequence[Mission], now: float) -> tuple[str, str] | None:
    """The mission that a question asked at `now` names and the words that name it, if any."""
    begun = sorted((mission for mission in missions if mission[1] <= now), key=lambda mission: mission[1])
    return _named(asked, begun) or _ordered(asked, begun)


def _named(asked: str, missions: Sequence[Mission]) -> tuple[str, str] | None:
    """An id that stands in the question as it is, or in words beside a word such as "mission" or "patrol"."""
    said = set(re.findall(r"[^\W_]+", asked.lower()))
    for name, _, _ in sorted(missions, key=lambda mission: -len(mission[0])):
        parts = re.findall(r"[^\W_]+", name.lower())
        if not parts or not said.issuperset(parts):
            continue
        spoken = r"[\W_]+".join(map(re.escape, parts))
        sure = [rf"\b{_LEAD}{_WORD} {spoken}\b", rf"\b{_LEAD}{spoken} {_WORD}\b"]
        if len(parts) > 1 and re.search(rf"(?:^|[\W_]){_WORD}(?:$|[\W_\d])", name, re.I):
            sure.append(rf"\b{_LEAD}{spoken}\b")
        if re.search(r"[\d_-]", name):
            sure.append(rf"(?<![\w-]){_LEAD}{re.escape(name)}(?![\w-])")
        for pattern in sure:
            if found := re.search(pattern, asked, re.I):
                return name, found.group()
    return None


def _ordered(asked: str, missions: Sequence[Mission]) -> tuple[str, str] | None:
    """A mission by its order among those whose ids hold the words used ("patrol", "evening"), else among all."""
    found = _ORDERED.search(asked)
    if found is None:
        return None
    alike = [mission for mission in missions if found["word"].lower() in _words(mission[0])] or list(missions)
    alike = [mission for mission in alike if _words(found["described"]) <= _words(mission[0])]
    ended = [mission for mission in alike if mission[2] is not None]
    open_ones = [mission for mission in alike if mission[2] is None]
    order = found["order"].lower()
    if order in _ORDINALS:
        chosen = alike[_ORDINALS[order] : _ORDINALS[order] + 1]
    elif order in ("current", "this"):
        chosen = (open_ones or alike)[-1:]
    elif order in ("previous", "earlier"):
        chosen = ended[-1:] if open_ones else ended[-2:-1] or ended[-1:]
    else:
        chosen = (ended or alike)[-1:]
    return (chosen[0][0], found.group()) if chosen else None


def _words(text: str) -> set[str]:
    return set(re.findall(r"[^\W\d_]+", text.lower()))
