"""How long: one span, the sum of several, from one thing to the next, or since when something is as it is."""

import re
from collections.abc import Sequence
from dataclasses import replace

from shadowhound_memory.question import Candidate
from shadowhound_memory.recall.computed import COUNT_CITED, Asked, Computed, abstain, apart, cite
from shadowhound_memory.recall.counting import once_each
from shadowhound_memory.recall.denial import GONE, opposite_states, state_phrase, tells
from shadowhound_memory.recall.lengths import stated_lengths
from shadowhound_memory.recall.phases import phases, starts, states_asked
from shadowhound_memory.recall.places import is_missing, is_taken
from shadowhound_memory.recall.support import FULL, Support
from shadowhound_memory.recall.telling import STAYING, asserted, is_at, is_said, speakers, spoken_words
from shadowhound_memory.record import Memory
from shadowhound_memory.rules import parts_of_speech
from shadowhound_memory.settings import Settings
from shadowhound_memory.words import content_words, stem, stems, words

_IN_TOTAL = re.compile(r"\b(?:in total|total|altogether|all in all|overall|sum)\b", re.I)
_LOOKED_UP = 20
_ENDS = frozenset(("task_succeeded", "task_failed"))


def duration(asked: Asked, settings: Settings) -> Computed:
    """Seconds that something lasted, or that lie between two things; abstains where no memory tells."""
    if asked.plan.other:
        return _between(asked, settings)
    about = _about(asked)
    return (
        _since(asked)
        or _spans(asked, about)
        or _from_start_to_end(asked, about)
        or _stated(asked)
        or _in_state(asked)
        or _in_phase(asked)
        or _none(asked)
    )


def _about(asked: Asked) -> list[Memory]:
    """The memories that hold all that was asked for and tell it to be so, or at least support it; earliest first."""
    support, terms = asked.support, frozenset(asked.plan.key_terms)
    found = [m for m in support.pool() if support.terms and asked.covers(m)]
    found = [m for m in found or support.best() if m.event == "task_started" or is_said(m, terms, asked.question.text)]
    return sorted(found, key=lambda memory: memory.timestamp)


def _none(asked: Asked) -> Computed:
    if asked.support.unknown():
        return abstain(asked.support)
    best = asked.support.best()
    return Computed(True, "no memory tells how long", nearest=best[0] if best else asked.support.candidates[0].memory)


def _spans(asked: Asked, about: Sequence[Memory]) -> Computed | None:
    """The length of the span asked for; the sum of all within a range of time, or where a total is asked for."""
    plan, support = asked.plan, asked.support
    lasting = once_each([m for m in about if m.end_time is not None and m.end_time > m.timestamp])
    if not lasting:
        return None
    in_range = plan.filter.since is not None or bool(_IN_TOTAL.search(asked.question.text))
    if plan.order == "relevance" and len(lasting) > 1 and in_range:
        seconds = sum(_length(memory) for memory in lasting)
        cited = cite(lasting[:COUNT_CITED], support)
        reason = f"the sum of {len(lasting)} spans"
        return Computed(False, reason, cited, duration=seconds, among=len(lasting), more=len(lasting) - len(cited))
    one = lasting[0] if plan.order == "earliest" else lasting[-1]
    return Computed(False, "the span of a memory", cite([one], support), duration=_length(one))


def _length(memory: Memory) -> float:
    return (memory.end_time or memory.timestamp) - memory.timestamp


def _from_start_to_end(asked: Asked, about: Sequence[Memory]) -> Computed | None:
    """From the start of a task to the end of it that comes next."""
    pairs = []
    for place, memory in enumerate(about):
        if memory.event == "task_started":
            end = next((m for m in about[place + 1 :] if m.event in _ENDS or m.event == "task_started"), None)
            if end is not None and end.event in _ENDS:
                pairs.append((memory, end))
    return _from_to(asked, pairs[0] if asked.plan.order == "earliest" else pairs[-1]) if pairs else None


def _from_to(asked: Asked, pair: tuple[Memory, Memory]) -> Computed:
    seconds = pair[1].timestamp - pair[0].timestamp
    return Computed(False, "from the first memory to the second", cite(pair, asked.support), duration=seconds)


def _between(asked: Asked, settings: Settings) -> Computed:
    """From the first thing to the next of the second one after it; from the latest such if the plan asks for that."""
    plan, support = asked.plan, asked.support
    terms = tuple(stem(word) for word in content_words(plan.other))
    verbs = tuple(stem(word.casefold()) for word, tag in parts_of_speech(plan.other) if tag.startswith("VV"))
    other = plan.model_copy(
        update={"search": plan.other, "key_terms": terms, "verbs": verbs, "other": "", "order": "earliest"}
    )
    rows = asked.store.lexical(content_words(plan.other), _LOOKED_UP, plan.filter)
    found = [Candidate(score=0.0, memory=m) for m in asked.store.by_rows([row for row, _ in rows])]
    ends = Support(other, asked.question.filter, found, asked.store, settings.min_score, None, asked.word_vectors)
    if not ends.terms or not support.terms:
        return _none(asked)
    until = replace(asked, plan=other, support=ends)
    about = _about(asked)
    last = sorted((m for m in ends.pool() if until.covers(m)), key=lambda memory: memory.timestamp)
    pairs = [(a, b) for a in about if (b := next((m for m in last if m.timestamp > a.timestamp), None))]
    if not pairs:
        unknown = tuple(ends.unknown())
        return replace(_none(asked), unknown=unknown) if unknown else _none(asked)
    return _from_to(asked, pairs[-1] if plan.order == "latest" else pairs[0])


def _in_state(asked: Asked) -> Computed | None:
    """How long a state held: from the first memory that tells it to the next that tells the opposite, or to now."""
    plan, support = asked.plan, asked.support
    states = opposite_states(words(plan.search), plan.verbs)
    if states is None:
        return None
    aside = states[0] | frozenset(plan.verbs) | state_phrase(plan.search)
    about = [m for m in support.pool() if support.coverage(m, without=aside) >= FULL]
    return _run(asked, [(m, told) for m in about if (told := tells(asserted(m.text), states)) is not None])


def _in_phase(asked: Asked) -> Computed | None:
    """How long something went on or was out of order, here or away: from the memory of its start to that of its end."""
    plan, support = asked.plan, asked.support
    named = frozenset(support.terms)
    states_named = states_asked(plan.search)
    aside = states_named | state_phrase(plan.search)
    if not named - aside:
        return None
    thing = frozenset({support.head}) & named - aside
    about = [
        m
        for m in support.pool()
        if support.coverage(m, without=aside) >= FULL
        and (not thing or support.coverage(m, without=named - thing) >= FULL)
        and asked.labelled(m, named)
        and not asked.is_of_another(m)
        and m.event != "speech_heard"
    ]
    for phase in phases(states_named):
        told = [(m, start) for m in about if (start := starts(m, phase)) is not None]
        if found := _run(asked, told):
            return found
    return None


def _run(asked: Asked, told: Sequence[tuple[Memory, bool]]) -> Computed | None:
    """From a memory that tells that something is so to the next that tells that it is not, or to now."""
    plan = asked.plan
    runs: list[tuple[Memory, Memory]] = []
    start: Memory | None = None
    for memory, holds in sorted(told, key=lambda each: each[0].timestamp):
        if holds and start is None:
            start = memory
        elif not holds and start is not None:
            runs.append((start, memory))
            start = None
    if plan.present:
        return _until_now(asked, start) if start is not None else None
    return _from_to(asked, runs[0] if plan.order == "earliest" else runs[-1]) if runs else None


def _stated(asked: Asked) -> Computed | None:
    """The length that a memory states of what was asked for, in the clause that tells most of it."""
    plan, support = asked.plan, asked.support
    wanted = support.terms.keys() | states_asked(plan.search)
    for memory in support.best() if not plan.present else ():
        if not asked.covers(memory) or support.head in speakers(memory):
            continue
        lengths = stated_lengths(asserted(memory.text, asked.question.text))
        told = [len(wanted & {stem(word) for word in words(length.clause)}) for length in lengths]
        if lengths:
            value = lengths[told.index(max(told))].seconds if told.count(max(told)) == 1 else None
            return Computed(False, "a memory states it", cite([memory], support), duration=value, stated=True)
    return None


def _until_now(asked: Asked, first: Memory) -> Computed | None:
    if asked.now is None or asked.now < first.timestamp:
        return None
    reason = "since the first memory of how it is now"
    seconds = asked.now - first.timestamp
    return Computed(False, reason, cite([first], asked.support), duration=seconds, time=first.timestamp)


def _since(asked: Asked) -> Computed | None:
    """How long it has been as it is now: gone, or at the place where it was seen last."""
    plan, support = asked.plan, asked.support
    thing = support.head
    if not plan.present or thing is None or opposite_states(words(plan.search), plan.verbs):
        return None
    missing = bool(GONE.search(plan.search))
    aside = frozenset(stem(word) for word in content_words(" ".join(GONE.findall(plan.search))))
    found = STAYING.search(plan.search)
    place = frozenset(stems(plan.search[found.end() :]) & support.terms.keys()) if found else frozenset[str]()
    told = [m for m in support.pool() if support.coverage(m, without=aside | place) >= FULL]
    told = sorted((m for m in told if is_said(m, frozenset({thing}), "")), key=lambda memory: -memory.timestamp)
    if place and told and is_at(told[0], thing, place, place <= stems(spoken_words(told[0]))) is False:
        return None
    about = [memory for memory in told if support.coverage(memory, without=aside) >= FULL]
    first: Memory | None = None
    for memory in about:
        absent = is_missing(memory, thing) or is_taken(memory, thing)
        if absent != missing or (first is not None and not missing and apart(first, memory)):
            break
        first = memory
    return _until_now(asked, first) if first is not None else None
