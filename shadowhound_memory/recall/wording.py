"""An answer in the memories' own words: said when no model speaks, and what a drafted answer must agree with."""

import re
from datetime import datetime, tzinfo

from shadowhound_memory.question import Citation, Plan
from shadowhound_memory.recall.computed import Computed
from shadowhound_memory.record import Memory
from shadowhound_memory.words import stem, stems

NEGATION = re.compile(
    r"\b(?:no|not|never|none|without|nothing|nobody|nowhere|neither|nor|cannot|gone|missing|failed)\b|n't\b", re.I
)
_CLAUSE = re.compile(r"[,;:.!?] ")
_MOST_RUNS = 12
_LONGEST = 300
"""Characters of a memory that are quoted."""


def extractive(plan: Plan, computed: Computed, zone: tzinfo) -> str:
    """One or two sentences with [n] citations, local times and coordinates, for whatever was computed."""
    if computed.abstained:
        return _abstain(plan, computed, zone)
    if plan.kind == "count":
        return _count(computed, zone)
    if plan.kind == "yesno":
        return _yesno(computed, zone)
    if plan.kind == "place":
        return _place(plan, computed, zone)
    if plan.kind == "time":
        return _time(computed, zone)
    if plan.kind == "duration":
        return _duration(computed, zone)
    said = " ".join((_seen if computed.changed else _told)(citation, zone) for citation in computed.citations)
    return f"{said} And {computed.more} more." if computed.more else said


def pieces(plan: Plan, computed: Computed, zone: tzinfo) -> list[tuple[str, ...]]:
    """The extractive answer cut into pieces, each as the wordings that a model may choose from.

    What code computed has one wording. A memory's words may be cut to a run of its clauses that still holds the key
    terms of the whole.
    """
    rest, found = extractive(plan, computed, zone), []
    for citation in computed.citations:
        before, quoted, after = rest.partition(quote(citation.memory))
        if not quoted:
            break
        found += [(before,), _runs(quoted, plan)]
        rest = after
    return [piece for piece in [*found, (rest,)] if piece != ("",)]


def _runs(text: str, plan: Plan) -> tuple[str, ...]:
    """The text and every shorter run of its clauses that holds all of the key terms in it, longest first."""
    ends = [found.end() for found in _CLAUSE.finditer(text)] + [len(text)]
    starts = [0, *ends[:-1]]
    asked = set(plan.key_terms) & stems(text)
    runs = {text}
    for first, start in enumerate(starts):
        for end in ends[first:]:
            run = text[start:end].strip(" ,;:.")
            if asked and asked <= stems(run) and bool(NEGATION.search(run)) == bool(NEGATION.search(text)):
                runs.add(run)
    return tuple(sorted(runs, key=len, reverse=True)[:_MOST_RUNS])


def _abstain(plan: Plan, computed: Computed, zone: tzinfo) -> str:
    named = (thing for word in computed.unknown for thing in plan.things if stem(word) in stems(thing))
    thing = next(named, None)
    said = f"I have no memory of {thing}." if thing else "I have no memory that answers that."
    if computed.nearest:
        said += f" The nearest I have, from {when(computed.nearest, zone)}: {quote(computed.nearest)}."
    return said


def _told(citation: Citation, zone: tzinfo) -> str:
    return f"{quote(citation.memory)} ({when(citation.memory, zone)}) [{citation.n}]."


def _seen(citation: Citation, zone: tzinfo) -> str:
    memory = citation.memory
    return f"{quote(memory)}, {spot(memory)}, {when(memory, zone)} [{citation.n}]."


def _place(plan: Plan, computed: Computed, zone: tzinfo) -> str:
    first, *others = computed.citations
    said = _seen(first, zone)
    if computed.distance is not None:
        said = f"{computed.distance:.1f} m away: {said}"
    lead = "Last seen there before" if computed.gone else "Since then" if plan.order == "previous" else "Before"
    return " ".join([said, *(f"{lead}: {_seen(citation, zone)}" for citation in others)])


def _time(computed: Computed, zone: tzinfo) -> str:
    [first] = computed.citations
    if computed.time is None:
        return _told(first, zone)
    ago = f"{length(computed.ago)} ago, " if computed.ago is not None and computed.ago >= 0 else ""
    day = when(first.memory, zone)
    return f"{(ago + 'on ' + day)[0].upper()}{(ago + 'on ' + day)[1:]}: {quote(first.memory)} [{first.n}]."


def _duration(computed: Computed, zone: tzinfo) -> str:
    """How long, then what it was taken from: one memory, from one to the other, or the sum of several."""
    first, *others = computed.citations
    if computed.duration is None:
        return _told(first, zone)
    lasted = length(computed.duration)
    if computed.among is not None:
        said = f"{lasted} in all, over {computed.among} memories: {_told(first, zone)}"
        return f"{said}{_also(computed, zone)}"
    if computed.time is not None:
        return f"{lasted}, since {when(first.memory, zone)}: {quote(first.memory)} [{first.n}]."
    if not others:
        return f"{lasted}: {_told(first, zone)}"
    return f"{lasted}, from: {_told(first, zone)} To: {_told(others[0], zone)}"


def _also(computed: Computed, zone: tzinfo) -> str:
    """The further citations by their times, and how many more memories there are."""
    rest = computed.citations[1:]
    said = " Also " + ", ".join(f"{when(citation.memory, zone)} [{citation.n}]" for citation in rest) if rest else ""
    more = f" and {computed.more} more" if computed.more else ""
    return f"{said}{more}." if said or more else ""


def _count(computed: Computed, zone: tzinfo) -> str:
    if computed.stated or (computed.count == 0 and computed.citations):
        [first] = computed.citations
        lead = str(computed.count) if computed.stated else f"None, among {computed.among} memories; the nearest is"
        return f"{lead}: {_told(first, zone)}"
    if not computed.count:
        return f"None, among {computed.among} memories."
    first = computed.citations[0]
    return f"{computed.count}, among {computed.among} memories: {_told(first, zone)}{_also(computed, zone)}"


def _yesno(computed: Computed, zone: tzinfo) -> str:
    if computed.yes:
        return "Yes: " + " ".join(_told(citation, zone) for citation in computed.citations)
    if not computed.citations:
        return f"No, none of the {computed.among} memories that I looked through says so."
    told = " ".join(_told(citation, zone) for citation in computed.citations)
    if computed.reason.startswith("none of"):
        return f"No, none of the {computed.among} memories that I looked through says so; the nearest is: {told}"
    return f"No: {told}"


def quote(memory: Memory) -> str:
    """A memory's text on one line, without its full stop, cut when long."""
    text = " ".join(memory.text.split())
    return (text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…").rstrip(".")


def when(memory: Memory, zone: tzinfo) -> str:
    """The time of a memory as people say it, in a zone; with its end and length where it lasted."""
    start = datetime.fromtimestamp(memory.timestamp, zone)
    said = f"{start:%A} {start.day} {start:%B %Y} at {start:%H:%M}"
    if memory.end_time is None or memory.end_time - memory.timestamp < 60:
        return said
    return f"{said} for {length(memory.end_time - memory.timestamp)}"


def spot(memory: Memory) -> str:
    """Where the robot stood, in metres."""
    if memory.pose is None:
        return "at an unknown place"
    of_map = "" if memory.map_id == "default" else f" of {memory.map_id}"
    return f"seen from ({memory.pose.x:.2f}, {memory.pose.y:.2f}) in {memory.pose.frame_id}{of_map}"


def length(seconds: float) -> str:
    """A length of time in its two largest units."""
    parts = []
    for unit, size in (("day", 86400), ("hour", 3600), ("minute", 60), ("second", 1)):
        number = int(seconds // size)
        seconds -= number * size
        if number:
            parts.append(f"{number} {unit}{'s' if number > 1 else ''}")
    return " ".join(parts[:2]) or "0 seconds"
