"""How many things there are, and how often something happened."""

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
    cite,
    closed_world,
    distance,
)
from shadowhound_memory.recall.denial import GONE
from shadowhound_memory.recall.naming import described
from shadowhound_memory.recall.places import is_missing, is_taken
from shadowhound_memory.recall.support import FULL
from shadowhound_memory.recall.telling import STAYING, is_said, whereabouts
from shadowhound_memory.record import Memory
from shadowhound_memory.words import stem, stems, words

ONE_THING = 0.5
"""Metres within which two sightings of things of one name are of one thing."""

_OFTEN = re.compile(r"\bhow often\b|\btimes?\b", re.I)
_PAIR = re.compile(r"\b(?:a )?(?:pair of|couple of|both)\b", re.I)


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
    matching = [m for m in pool if support.coverage(m) >= FULL and _says(m, asked)]
    if not matching:
        return closed_world(support, among, count=0)
    matching.sort(key=lambda memory: memory.timestamp)
    if often or not plan.present:
        return _events(asked, once_each(matching), among)
    return _things(asked, matching, among)


def _says(memory: Memory, asked: Asked) -> bool:
    """Whether a memory that holds what is counted tells it to be so and there (or not, if that is asked for)."""
    plan, thing = asked.plan, asked.support.head
    if not is_said(memory, frozenset(plan.key_terms), asked.question.text):
        return False
    if thing is None or GONE.search(plan.search):
        return True
    return not is_missing(memory, thing)


def _stated(asked: Asked, among: int) -> Computed | None:
    """The number that a memory states, the latest one if the present is asked for."""
    support = asked.support
    for memory in support.best():
        number = quantity(memory, asked.plan)
        if number is not None and _says(memory, asked):
            reason = "a memory states it"
            return Computed(False, reason, cite([memory], support), count=number, among=among, stated=True)
    return None


def quantity(memory: Memory, plan: Plan) -> int | None:
    """The whole number that a memory states right before the thing counted: "six chairs", "212 labels read"."""
    if not plan.key_terms:
        return None
    told = words(alpha2digit(_PAIR.sub("2 ", memory.text), "en"))
    for place, word in enumerate(told):
        if word.isdigit() and plan.key_terms[0] in map(stem, told[place + 1 : place + 4]):
            return int(word)
    return None


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
    head = support.head or plan.key_terms[0]
    latest = [memory for memory in matching if memory.mission_id == matching[-1].mission_id]
    found = STAYING.search(plan.search)
    place = (stems(plan.search[found.end() :]) & support.terms.keys()) if found else set()
    about = [m for m in support.pool() if support.coverage(m, without=frozenset(place)) >= FULL]
    kept: list[Memory] = []
    for memory in latest:
        if any(_one_thing(memory, other, head) for other in kept):
            continue
        since = [m for m in about if m.timestamp > memory.timestamp and _left(m, head, frozenset(place))]
        if not any(_one_kind(memory, m, head) for m in since):
            kept.append(memory)
    if not kept:
        return closed_world(support, among, count=0)
    reason = f"{len(kept)} things in {len(latest)} memories of the latest look"
    cited = cite(kept[:COUNT_CITED], support)
    return Computed(False, reason, cited, count=len(kept), among=len(matching), more=len(kept) - len(cited))


def _left(memory: Memory, thing: str, place: frozenset[str]) -> bool:
    if is_missing(memory, thing) or is_taken(memory, thing):
        return True
    return bool(place) and place <= whereabouts(memory.text, thing).left


def _one_kind(one: Memory, other: Memory, thing: str) -> bool:
    """Whether two memories may name one thing: by the words before its noun, where both have some."""
    here, there = described(one.text, thing), described(other.text, thing)
    return not here or not there or here <= there or there <= here


def _one_thing(one: Memory, other: Memory, thing: str) -> bool:
    """Whether two sightings in one look are of one thing: alike in name, and at one place or in the same words."""
    if described(one.text, thing) != described(other.text, thing):
        return False
    here, there = one.object_pose or one.pose, other.object_pose or other.pose
    if here is None or there is None:
        return one.text == other.text
    return distance(here, there) <= ONE_THING
