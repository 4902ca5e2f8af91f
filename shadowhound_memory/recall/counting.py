"""How many things there are, and how often something happened."""

import calendar
import math
import re
from collections.abc import Sequence

from text_to_num import alpha2digit

from shadowhound_memory.question import Plan
from shadowhound_memory.recall.computed import (
    CITED,
    COUNT_CITED,
    COUNTED,
    Asked,
    Computed,
    apart,
    cite,
    closed_world,
    distance,
)
from shadowhound_memory.recall.denial import FAILED, GONE, opposite_states, tells
from shadowhound_memory.recall.naming import described
from shadowhound_memory.recall.places import is_missing, is_taken
from shadowhound_memory.recall.telling import STAYING, has_left, is_at, is_said, spoken_words, whereabouts
from shadowhound_memory.recall.verbs import names_only
from shadowhound_memory.record import Memory
from shadowhound_memory.rules import DETERMINERS, LOOKED_AT, noun_phrases, parts_of_speech
from shadowhound_memory.words import content_words, stem, stems, words

ONE_THING = 0.5
"""Metres within which two sightings of things of one name are of one thing."""

_OFTEN = re.compile(r"\bhow often\b|\btimes?\b", re.I)
_AND = re.compile(r"\b(?:and|or|plus)\b", re.I)
_PAIR = re.compile(r"\b(?:a )?(?:pair of|couple of|both)\b", re.I)
_DAYS = frozenset(map(str.casefold, calendar.day_name))
_BETWEEN = frozenset(("AJ0", "AJC", "AJS", "ORD", "VVG", "VVN"))
_OF_THEM = _BETWEEN | {"PRF", "AT0", "CRD", "DPS", "DT0"}
"""Parts of speech between a number and the noun that it counts; then those in "of the", "of my five"."""
_FAR = 6
"""So many words after a number are looked at."""


def count(asked: Asked) -> Computed:
    """A stated quantity quoted, things counted as of the latest look, or events counted over all memories."""
    plan, support = asked.plan, asked.support
    among = asked.store.count(plan.filter)
    if not support.terms:
        cited = cite(support.best()[:CITED], support)
        return Computed(False, "everything within the filter counts", cited, count=among, among=among)
    often = bool(_OFTEN.search(asked.question.text))
    if not often and (found := _stated(asked, among)):
        return found
    since = plan.filter.since if plan.filter.since is not None else -math.inf
    pool = [memory for memory in support.pool(COUNTED) if memory.timestamp >= since]
    matching = [m for m in pool if asked.covers(m) and _says(m, asked)]
    if often:
        matching = [memory for memory in matching if not any(names_only(memory.text, verb) for verb in plan.verbs)]
    if not matching:
        if _AND.search(plan.search):
            return Computed(True, "several things are counted together", nearest=support.candidates[0].memory)
        return closed_world(asked, among, count=0)
    matching.sort(key=lambda memory: memory.timestamp)
    if often or not plan.present:
        return _events(asked, once_each(matching), among)
    return _things(asked, matching, among)


def _says(memory: Memory, asked: Asked) -> bool:
    """Whether a memory that holds what is counted tells it to be so and there (or not, if that is asked for)."""
    plan, thing = asked.plan, asked.support.head
    if not is_said(memory, frozenset(plan.key_terms), asked.question.text):
        return False
    if FAILED.search(memory.text) and not FAILED.search(asked.question.text):
        return False
    if GONE.search(plan.search):
        return True
    states = opposite_states(words(plan.search), plan.verbs)
    if states and tells(memory.text, states) is False:
        return False
    place = _place(asked)
    if place and place <= stems(memory.text) and is_at(memory, thing or "", place, True) is not True:
        return False
    return thing is None or not is_missing(memory, thing)


def _place(asked: Asked) -> frozenset[str]:
    """The stems of the place in which things or events are to be counted, if any is named."""
    found = STAYING.search(asked.plan.search)
    return frozenset(stems(asked.plan.search[found.end() :]) & asked.support.terms.keys()) if found else frozenset()


def _stated(asked: Asked, among: int) -> Computed | None:
    """The number that a memory states, the latest one if the present is asked for."""
    support = asked.support
    for memory in support.best():
        number = quantity(memory, asked.plan)
        if number == 0 or (number is not None and _says(memory, asked)):
            reason = "a memory states it"
            return Computed(False, reason, cite([memory], support), count=number, among=among, stated=True)
    return None


def quantity(memory: Memory, plan: Plan) -> int | None:
    """The whole number that a memory states right before the thing counted: "six chairs", "212 labels", "no chairs".

    A number that names is none: of "room 302 with two students" the second one counts students.
    """
    phrase = next((phrase for thing in plan.things[:1] for phrase in noun_phrases(thing)), None)
    noun = stem(phrase.head) if phrase else next(iter(plan.key_terms), None)
    told = parts_of_speech(alpha2digit(_PAIR.sub("2 ", memory.text[:LOOKED_AT]), "en", threshold=0))
    for place, (word, _) in enumerate(told):
        if not (word.isdecimal() or word.casefold() == "no") or _names(told[:place]):
            continue
        if noun == _counted(told[place + 1 :]):
            return int(word) if word.isdecimal() else 0
    return None


def _names(before: Sequence[tuple[str, str]]) -> bool:
    """Whether a number after these words is a name's: right after a noun without an article, "no." or "#"."""
    said = [word.casefold() for word, _ in before]
    if said[-1:] == ["#"] or said[-2:] in (["no", "."], ["nr", "."]):
        return True
    if not before or not before[-1][1].startswith("N") or said[-1] in _DAYS:
        return False
    place = len(before) - 1
    while place >= 0 and before[place][1][:2] in ("NN", "AJ"):
        place -= 1
    return place < 0 or said[place] not in DETERMINERS


def _counted(after: Sequence[tuple[str, str]]) -> str:
    """The stem of the noun that a number counts, by the words after it ("two of the five wooden chairs")."""
    noun = ""
    between = _OF_THEM if after and after[0][1] == "PRF" else _BETWEEN
    for word, tag in after[:_FAR]:
        if tag.startswith("NN"):
            noun = stem(word.casefold())
        elif noun or tag not in between:
            break
    return noun


def once_each(memories: Sequence[Memory]) -> list[Memory]:
    """The memories without those whose span lies within or over that of one before: the same event, told twice."""
    kept: list[Memory] = []
    for memory in memories:
        if memory.end_time is not None and any(_overlap(memory, other) for other in kept[-CITED:]):
            continue
        kept.append(memory)
    return kept


def _overlap(one: Memory, other: Memory) -> bool:
    if one.end_time is None or other.end_time is None or one.mission_id != other.mission_id:
        return False
    shared = min(one.end_time, other.end_time) - max(one.timestamp, other.timestamp)
    return shared > 0.5 * min(one.end_time - one.timestamp, other.end_time - other.timestamp)


def _events(asked: Asked, matching: Sequence[Memory], among: int) -> Computed:
    reason = f"{len(matching)} of {among} memories say so"
    cited = cite(matching[:COUNT_CITED], asked.support)
    return Computed(False, reason, cited, count=len(matching), among=among, more=len(matching) - len(cited))


def _things(asked: Asked, matching: Sequence[Memory], among: int) -> Computed:
    """How many things the latest mission that saw any of them saw, each once, without those taken away since."""
    plan, support = asked.plan, asked.support
    place = _place(asked)
    named = content_words(plan.things[0]) if plan.things else []
    head = stem(named[-1]) if named else plan.key_terms[0]
    there = [memory for memory in matching if not _left(memory, head, place)]
    latest = [memory for memory in there if memory.mission_id == there[-1].mission_id] if there else []
    states = opposite_states(words(plan.search), plan.verbs)
    leaving = [m for m in support.pool() if head in stems(m.text) and _left(m, head, place)]
    if states:
        leaving += [m for m in support.pool() if head in stems(m.text) and tells(m.text, states) is False]
    kept: list[Memory] = []
    for memory in latest:
        if any(_one_thing(memory, other, head) for other in kept):
            continue
        if not any(_takes_away(m, memory, head, place) for m in leaving if m.timestamp > memory.timestamp):
            kept.append(memory)
    if not kept:
        gone = max(leaving or matching, key=lambda memory: memory.timestamp)
        return Computed(False, "the last of them left", cite([gone], support), count=0, among=among)
    reason = f"{len(kept)} things in {len(latest)} memories of the latest look"
    cited = cite(kept[:COUNT_CITED], support)
    return Computed(False, reason, cited, count=len(kept), among=among, more=len(kept) - len(cited))


def _left(memory: Memory, thing: str, place: frozenset[str]) -> bool:
    if is_missing(memory, thing) or is_taken(memory, thing):
        return True
    return bool(place) and has_left(whereabouts(memory.text, thing), place)


def _takes_away(leaving: Memory, memory: Memory, thing: str, place: frozenset[str]) -> bool:
    """Whether a later memory, which tells that a thing left, means the one that a memory saw at a place."""
    here = bool(place) and place <= stems(spoken_words(leaving))
    return (here or not apart(leaving, memory)) and _one_kind(memory, leaving, thing)


def _one_kind(one: Memory, other: Memory, thing: str) -> bool:
    """Whether two memories may name one thing: by the words before its noun, where both have some."""
    here, there = described(one.text, thing), described(other.text, thing)
    return not here or not there or here <= there or there <= here


def _one_thing(one: Memory, other: Memory, thing: str) -> bool:
    """Whether two sightings in one look are of one thing: alike in name, and at one place or in the same words."""
    if described(one.text, thing) != described(other.text, thing):
        return False
    persons = [{tag for tag in memory.tags if tag.startswith("person:")} for memory in (one, other)]
    if all(persons) and persons[0].isdisjoint(persons[1]):
        return False
    here, there = one.object_pose or one.pose, other.object_pose or other.pose
    if here is None or there is None:
        return one.text == other.text
    return distance(here, there) <= ONE_THING
