"""What a memory sees: each thing that it names as being there or missing, with the words that tell it apart.

A thing that only says where another one is ("a mug beside the sink", "the table by the window") is no sighting of its
own, and what was said, planned or failed is none either.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Literal, NamedTuple

from shadowhound_memory.recall.denial import is_absent, is_gone
from shadowhound_memory.record import Memory
from shadowhound_memory.rules import HAZARDOUS, LOOKED_AT, STATES, Phrase, noun_phrases
from shadowhound_memory.words import stem

EVENTS = frozenset(("object_seen", "object_moved", "object_missing", "state_changed", "hazard_seen", "person_seen"))
"""Events that tell what is there. A note does only where it comes with the place of the thing."""
KINDS = ("object", "hazard")
"""Kinds of tags that name a thing."""
_COLLECTIONS = frozenset("bunch pile stack heap row set pair group couple number lot collection".split())
"""Nouns that before "of" only say how many there are, or how they lie: "a bunch of keys"."""
_PERCEIVED = frozenset("smell odour odor noise sound voice".split())
"""What is perceived and is no thing that stands somewhere."""

Told = Literal["seen", "moved", "missing"]


class Sighting(NamedTuple):
    """One thing of one memory.

    `head` is its noun, `name` the noun with all that tells it apart ("red cup"). `told`: it is there, it was moved to
    there, or it is not there. `placed`: the memory's `object_pose` is this thing's place.
    """

    head: str
    name: str
    told: Told
    placed: bool


def sightings(memory: Memory) -> list[Sighting]:
    """The things that a memory sees; none where it is no current sighting, or has no pose."""
    if memory.status != "current" or (memory.pose is None and memory.object_pose is None):
        return []
    seen = memory.event in EVENTS or (memory.event == "note" and memory.object_pose is not None)
    if not seen and not (memory.event == "note" and is_gone(memory)):
        return []
    found: dict[str, Sighting] = {}
    for head, name, preposition in _things(memory):
        missing = _is_missing(memory, head, preposition)
        if missing or (seen and not preposition):
            told: Told = "missing" if missing else "seen"
            placed = not found and memory.object_pose is not None
            if placed or memory.pose is not None:
                found.setdefault(name, Sighting(head, name, told, placed))
    if len(found) == 1 and memory.event in ("object_moved", "object_missing"):
        told = "moved" if memory.event == "object_moved" else "missing"
        return [one._replace(told="missing" if one.told == "missing" else told) for one in found.values()]
    unsure = memory.event == "object_missing" and all(one.told != "missing" for one in found.values())
    return [] if unsure else list(found.values())


def _is_missing(memory: Memory, head: str, preposition: str) -> bool:
    """Whether a memory tells that a thing is not there, also as "no trace of it" and "the hook for it is empty"."""
    if preposition not in ("", "for", "of"):
        return False
    return (is_gone(memory) or preposition != "") and is_absent(stem(head), memory.text)


def _things(memory: Memory) -> Iterator[tuple[str, str, str]]:
    """Head noun, name, and the preposition before it ("" for none), of each thing that a tag names."""
    phrases: dict[str, list[Phrase]] = {}
    of_what: Phrase | None = None
    for phrase in noun_phrases(memory.text[:LOOKED_AT]):
        if of_what and phrase.preposition == "of":
            phrases[of_what.head].remove(of_what)
            phrase = replace(phrase, preposition=of_what.preposition)
        of_what = phrase if phrase.head in _COLLECTIONS else None
        phrases.setdefault(phrase.head, []).append(phrase)
    for tag in memory.tags:
        kind, _, value = tag.partition(":")
        parts = value.split("_")
        head = next((part for part in reversed(parts) if part.isalpha() and len(part) > 1), parts[-1])
        said = phrases.get(head)
        if kind not in KINDS or head in _PERCEIVED or (said is None and head in HAZARDOUS):
            continue
        if said is None:
            yield head, value.replace("_", " "), ""
        for phrase in said or ():
            own = [word for word in (*phrase.modifiers, *phrase.nouns) if word not in STATES]
            extra = [word for word in value.split("_") if word not in own and word not in STATES]
            yield head, " ".join((*extra, *own)) or head, phrase.preposition
