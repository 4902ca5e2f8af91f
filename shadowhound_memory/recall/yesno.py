"""Yes or no: by what was seen last where the present is asked for, else by any memory of the asked span."""

import re
from collections.abc import Sequence
from itertools import pairwise

from shadowhound_memory.recall.computed import CITED, Asked, Computed, apart, cite, closed_world, distance
from shadowhound_memory.recall.denial import FAILED, GONE, States, denies, opposite_states, state_phrase, tells
from shadowhound_memory.recall.naming import by_name
from shadowhound_memory.recall.places import MOVING, is_missing, is_taken
from shadowhound_memory.recall.support import FULL, Support, holds_person
from shadowhound_memory.recall.telling import (
    STAYING,
    has_left,
    is_at,
    is_definite,
    is_instrument,
    is_said,
    spoken_words,
    whereabouts,
)
from shadowhound_memory.recall.verbs import RESTING
from shadowhound_memory.record import Memory
from shadowhound_memory.rules import AREAS, ROOMS
from shadowhound_memory.words import content_words, numbers, stem, stems, words

SAME_ROOM = 3.0
"""Metres within which a thing seen again, on some furniture, may still be in the room it was in."""

_MOVED = re.compile(r"\b(?:moved?|moving|shifted|relocated|displaced|changed? (?:its |their )?places?)\b", re.I)
_IS = re.compile(r"\W*(?:is|are|was|were)\b", re.I)
_VISITS = frozenset(map(stem, "two three both visits last first second previous other between change place".split()))
_RESTING = RESTING | frozenset(map(stem, "remain remained stay stayed be live find found".split()))
_THERE = re.compile(
    r"\b(?:there|here|around|in (?:its|the (?:same|usual|old)) place|where (?:it|they) (?:was|were))\b", re.I
)
_COMPARISON = re.compile(
    r"\b(?:(?:more|less)(?: \w+)?|fewer|higher|lower|fuller|emptier|warmer|hotter|colder|cooler|brighter|darker|larger"
    r"|bigger|smaller|longer|shorter|faster|slower|heavier|lighter|louder|quieter)\b(?=.*\b(?:than|before|earlier)\b)",
    re.I,
)
_LESS = re.compile(
    r"\b(?:less|fewer|lower|emptier|colder|cooler|darker|smaller|shorter|slower|lighter|quieter)\b", re.I
)
_NUMBER = re.compile(r"\d+(?:\.\d+)?$")
_ANYONE = re.compile(r"\b(?:any|some)(?:one|body)\b|\banother person\b|\b(?:any )?(?:people|persons?)\b", re.I)
_NOBODY = re.compile(
    r"\b(?:nobody|no one|no (?:people|persons?|visitors?|staff)|empty|deserted|vacant|unoccupied)\b", re.I
)
_ROOM_STEMS = frozenset(map(stem, ROOMS | AREAS))


def yes_or_no(asked: Asked) -> Computed:
    """Whether it is or was so; the memories that decide are cited, the deciding one first."""
    found = _decided(asked)
    if found.yes and found.citations and all(asked.is_of_another(cited.memory) for cited in found.citations):
        return closed_world(asked, asked.store.count(asked.plan.filter), yes=False)
    return found


def _decided(asked: Asked) -> Computed:
    plan, support = asked.plan, asked.support
    among = asked.store.count(plan.filter)
    decided = (
        _compared(asked, among)
        or _anyone(asked, among)
        or _moved(asked, among)
        or _in_state(asked, among)
        or _at_place(asked, among)
    )
    if decided:
        return decided
    if _COMPARISON.search(asked.question.text):
        return Computed(True, "no memories tell both of what is compared", nearest=support.candidates[0].memory)
    if not support.terms:
        best = support.best()[:CITED]
        return Computed(
            False,
            f"{among} memories within the filter",
            cite(best, support),
            yes=True,
            among=among,
            more=among - len(best),
        )
    best = support.best()
    full = [(memory, _says(memory, asked)) for memory in _covering(asked)]
    full = [(memory, says) for memory, says in full if says is not None]
    if full and plan.order == "latest":
        full = full[:1]
    if yes := [memory for memory, says in full if says]:
        return Computed(False, f"{len(yes)} memories say so", cite(yes[:CITED], support), yes=True, among=among)
    denying = [memory for memory in best if not full and _denies_it(memory, asked)]
    if no := [memory for memory, _ in full] or denying:
        return Computed(False, "a memory says that it is not so", cite(no[:1], support), yes=False, among=among)
    lasting = plan.present or not plan.verbs  # "was it opened?" asks for what happened
    states = lasting and _IS.match(asked.question.text) and opposite_states(words(plan.search), plan.verbs)
    if states and not support.unknown():
        return Computed(True, "no memory tells the state", nearest=(best or [support.candidates[0].memory])[0])
    return closed_world(asked, among, yes=False)


def _covering(asked: Asked) -> list[Memory]:
    """The memories that hold all that was asked for, the best first; else those that tell it with another verb."""
    best = asked.support.best()
    if full := [memory for memory in best if asked.covers(memory)]:
        return full
    others = [memory for memory in asked.support.pool() if asked.covers(memory)]
    return sorted(others, key=lambda memory: -memory.timestamp)


def _says(memory: Memory, asked: Asked) -> bool | None:
    """Whether a memory that holds all that was asked for says so; None if it only tells that it was wanted."""
    plan = asked.plan
    if denies(memory, plan.search):
        return False
    if not is_said(memory, frozenset(plan.key_terms), asked.question.text):
        return None
    if is_instrument(memory, plan) or _other_way(memory, asked):
        return None
    return True


def _other_way(memory: Memory, asked: Asked) -> bool:
    """Whether a memory tells of going to where the question asks to come from, or the reverse."""
    here = whereabouts(asked.plan.search, asked.support.head or "")
    there = whereabouts(memory.text, asked.support.head or "")
    return any(has_left(there, place) for place in here.at) or any(
        any(place <= other for other in there.at) and not has_left(there, place) for place in here.left
    )


def _denies_it(memory: Memory, asked: Asked) -> bool:
    """Whether a memory that holds part of what was asked for, the thing included, denies it."""
    head = asked.support.head
    holds = asked.support.coverage(memory) >= 0.5 and (head is None or head in stems(spoken_words(memory)))
    return holds and denies(memory, asked.plan.search)


def _compared(asked: Asked, among: int) -> Computed | None:
    """Whether something is more (or less) than before: by the numbers that memories of then and of now state."""
    plan, support = asked.plan, asked.support
    found = _COMPARISON.search(asked.question.text)
    if found is None or not support.terms:
        return None
    states = opposite_states(words(plan.search), plan.verbs)
    aside = (states[0] | states[1] if states else frozenset()) | stems(found.group())
    if not frozenset(support.terms) - aside:
        return None
    whole = plan.model_copy(update={"filter": asked.question.filter})
    everything = Support(whole, whole.filter, support.candidates, asked.store, 0.0)
    told = _stated([m for m in everything.pool() if support.coverage(m, without=aside) >= FULL])
    then = _stated([m for m in support.pool() if support.coverage(m, without=aside) >= FULL])
    if not then or told[-1] == then[0]:
        return None
    (before, first), (now, last) = then[0], told[-1]
    yes = now < before if _LESS.search(found.group()) else now > before
    reason = f"{now:g} compared with {before:g}"
    return Computed(False, reason, cite([first, last], support), yes=yes, among=among)


def _stated(memories: Sequence[Memory]) -> list[tuple[float, Memory]]:
    """The number of each memory that states just one, the earliest memory first."""
    stated = ((numbers(memory.text), memory) for memory in sorted(memories, key=lambda memory: memory.timestamp))
    return [(float(*said), memory) for said, memory in stated if len(said) == 1 and all(map(_NUMBER.match, said))]


def _anyone(asked: Asked, among: int) -> Computed | None:
    """Whether anyone was there or seen: by the memories that hold a person or tell that there was none."""
    plan, support = asked.plan, asked.support
    verbs = frozenset(plan.verbs)
    if not _ANYONE.search(plan.search) or verbs - _RESTING:
        return None
    rest = frozenset(support.terms) - stems("people person persons") - verbs
    aside = frozenset(support.terms) - rest
    about = [m for m in support.pool() if not rest or support.coverage(m, without=aside) >= FULL]
    told = [(not _NOBODY.search(m.text), m) for m in about if _NOBODY.search(m.text) or holds_person(m)]
    return _by_the_latest(asked, told, among, f"{len(told)} memories tell who was there")


def _by_the_latest(asked: Asked, told: Sequence[tuple[bool, Memory]], among: int, reason: str) -> Computed | None:
    """Yes or no by what memories tell: the latest one if the present is asked for, else yes if any says so."""
    if not told:
        return None
    told = sorted(told, key=lambda pair: -pair[1].timestamp)
    latest = asked.plan.present or asked.plan.order == "latest"
    yes = told[0][0] if latest else any(says for says, _ in told)
    cited = [memory for says, memory in told if says == yes][:1]
    return Computed(False, reason, cite(cited, asked.support), yes=yes, among=among)


def _in_state(asked: Asked, among: int) -> Computed | None:
    """By the state that the memories of the thing tell."""
    plan, support = asked.plan, asked.support
    states = opposite_states(words(plan.search), plan.verbs)
    if states is None:
        return None
    aside = states[0] | frozenset(plan.verbs) | state_phrase(plan.search)
    rest = frozenset(support.terms) - aside
    if not rest:
        return None
    about = [memory for memory in support.pool() if support.coverage(memory, without=aside) >= FULL]
    told = [(state, memory) for memory in about if (state := _state(memory, states, asked)) is not None]
    return _by_the_latest(asked, told, among, f"{len(told)} memories tell the state")


def _state(memory: Memory, states: States, asked: Asked) -> bool | None:
    state = tells(memory.text, states)
    if state is None or not is_said(memory, states[0] | states[1], asked.question.text):
        return None
    return state


def _moved(asked: Asked, among: int) -> Computed | None:
    """Yes if a memory says that it moved or it was seen at places apart; no if it was seen again at the same one."""
    plan, support = asked.plan, asked.support
    if not _MOVED.search(plan.search):
        return None
    aside = MOVING | _VISITS
    if not frozenset(support.terms) - aside:
        return None
    about = by_name(plan, [m for m in support.pool() if support.coverage(m, without=aside) >= FULL])
    if told := [m for m in about if m.event == "object_moved" and is_said(m, frozenset(support.terms), "")]:
        last = max(told, key=lambda memory: memory.timestamp)
        return Computed(False, "a memory says so", cite([last], support), yes=True, among=among)
    seen = sorted((memory for memory in about if memory.pose), key=lambda memory: memory.timestamp)
    for before, after in reversed(list(pairwise(seen))):
        if apart(before, after):
            return Computed(False, "seen at places apart", cite([before, after], support), yes=True, among=among)
    if len(seen) < 2:
        return None
    return Computed(False, "seen at one place", cite([seen[0], seen[-1]], support), yes=False, among=among)


def _at_place(asked: Asked, among: int) -> Computed | None:
    """Whether a thing is or was at a place, or still there: where it was seen last decides about the present."""
    plan, support = asked.plan, asked.support
    found = STAYING.search(plan.search)
    parts = (plan.search[: found.start()], plan.search[found.end() :]) if found else (plan.search, "")
    place = stems(parts[1]) & support.terms.keys()
    subject = [stem(word) for word in content_words(parts[0]) if stem(word) in support.terms]
    things = [term for term in subject if term not in plan.verbs]
    if not things or not _RESTING.issuperset(plan.verbs):
        return None
    if not place:
        return _still_there(asked, things[-1], among)
    before_of = stems(parts[0].partition(" of ")[0])
    thing = next((term for term in reversed(things) if term in before_of), things[-1])
    aside = frozenset(place) | stems(found.group() if found else "")  # "next to" is no more of it than "in"
    others = frozenset(support.terms) - aside
    phrase = next((phrase for phrase in plan.things if thing in stems(phrase)), thing)
    told: list[tuple[bool, Memory]] = []
    gone: list[Memory] = []
    for memory in support.pool():
        if support.coverage(memory, without=aside | frozenset(plan.verbs)) < FULL:
            continue
        if not asked.labelled(memory, others):
            continue
        names_place = support.coverage(memory, without=others) >= FULL and asked.labelled(memory, frozenset(place))
        says = _is_there(memory, thing, frozenset(place), names_place, asked)
        if says is not None and (names_place or is_definite(phrase)):
            told.append((says, memory))
        elif is_missing(memory, thing) or is_taken(memory, thing):
            gone.append(memory)
    told.sort(key=lambda pair: -pair[1].timestamp)
    told = [pair for pair in told if not _may_be_within(pair, told, frozenset(place))]
    told += [(False, m) for m in gone if any(says and not apart(m, seen) for says, seen in told)]
    told.sort(key=lambda pair: -pair[1].timestamp)
    if not told:
        return None
    there = [memory for says, memory in told if says]
    if not plan.present:
        there = there or [m for _, m in told if has_left(whereabouts(m.text, thing), frozenset(place))]
        yes = bool(there)
    else:
        yes = told[0][0]
    cited = there[:1] if yes else [told[0][1], *there[:1]]
    reason = (
        f"{len(told)} memories tell where it was, the latest decides" if plan.present else f"{len(told)} memories tell"
    )
    return Computed(False, reason, cite(cited, support), yes=yes, among=among)


def _is_there(memory: Memory, thing: str, place: frozenset[str], names_place: bool, asked: Asked) -> bool | None:
    if not is_said(memory, frozenset(asked.support.terms), asked.question.text):
        return None
    if thing in stems(spoken_words(memory)):
        return is_at(memory, thing, place, names_place)
    return not denies(memory, asked.plan.search) if names_place else None


def _may_be_within(pair: tuple[bool, Memory], told: Sequence[tuple[bool, Memory]], place: frozenset[str]) -> bool:
    """Whether a memory that names furniture may tell of the very room in which an earlier one saw the thing."""
    says, memory = pair
    if says or memory.event == "object_missing" or not place & _ROOM_STEMS or _ROOM_STEMS & stems(memory.text):
        return False
    if GONE.search(memory.text):
        return False
    for was_there, earlier in told:
        if was_there and earlier.timestamp < memory.timestamp:
            if memory.pose is None or earlier.pose is None:
                return True
            return distance(memory.pose, earlier.pose) <= SAME_ROOM
    return False


def _still_there(asked: Asked, thing: str, among: int) -> Computed | None:
    """Whether a thing is still there, or gone: by whether the latest memory of it misses it."""
    support, question = asked.support, asked.question.text
    asks_gone = bool(GONE.search(question))
    if not (asks_gone or _THERE.search(question)) or not asked.plan.present or FAILED.search(question):
        return None
    aside = frozenset(stem(word) for word in content_words(" ".join(GONE.findall(question)))) | stems("missing")
    about = [m for m in support.pool() if support.coverage(m, without=aside) >= FULL]
    about = [m for m in about if is_said(m, frozenset({thing}), question)]
    told = [((is_missing(m, thing) or is_taken(m, thing)) == asks_gone, m) for m in about]
    return _by_the_latest(asked, told, among, f"{len(told)} memories of it, the latest decides")
