"""When something was: the moment of the memory that tells it, and not of one that tells the opposite or a wish."""

import re
from collections.abc import Sequence

from shadowhound_memory.recall.computed import Asked, Computed, cite
from shadowhound_memory.recall.denial import FAILED, GONE, denies, opposite_states, tells
from shadowhound_memory.recall.telling import is_said, spoken_words, takes
from shadowhound_memory.recall.time_words import CLOCK, DAYS
from shadowhound_memory.recall.verbs import may_tell_deed
from shadowhound_memory.record import Memory
from shadowhound_memory.words import content_words, names, stem, words

_PAST = re.compile(r"\b(?:did|was|were|has|have|had)\b", re.I)
_TO_COME = re.compile(
    r"\W*(?:(?:at|by|until|till|from|on) )?(?:when|what (?:time|day))\W+(?:does|do|will|is|are)\b", re.I
)
"""A question for the time of what is still to come, or happens each day."""
_STATED = re.compile(rf"\b(?:at|by|until|till|from|before|after|around) (?:{CLOCK})|{DAYS.pattern}", re.A)
_LEAVING = re.compile(r"\b(?:leave|depart|vanish|disappear|move|try|attempt|lose|lost)\w*|\b(?:left|tried)\b", re.I)
"""Deeds of which a memory may tell by saying that something is gone or failed."""
_STARTS = frozenset(map(stem, "start started begin began begun commence launch".split()))
_ENDS = frozenset(map(stem, "end ended finish finished complete completed conclude over".split()))
_LASTS = frozenset(map(stem, "take took last lasted run ran go going".split()))
_SHORT = 5
"""A question of so few key terms names a deed; a longer one, or one with a colon, describes it by several steps."""
_ALIKE = 0.5
_GOING = re.compile(r"\bdid\b.*\b(?:go|come|get|return|arrive)\b", re.I)
_LEFT = re.compile(r"\bdid\b.*\b(?P<verb>leave)\W*$", re.I)


def when(asked: Asked, best: Sequence[Memory], reason: str) -> Computed:
    """When it was, and how long ago where that is asked for; abstains where each memory tells something else."""
    terms = frozenset(asked.plan.key_terms)
    told = [memory for memory in best if _may_tell(memory, asked)]
    if not told:
        return Computed(True, "no memory tells when that was", nearest=best[0])
    said = [memory for memory in told if is_said(memory, terms, asked.question.text)]
    if not said and _PAST.search(asked.question.text):
        return Computed(True, "that is only wanted or allowed", nearest=told[0])
    said = said or told
    if asked.plan.order == "relevance":
        said = [memory for memory in said if asked.covers(memory)] or said
    first = _said_so(said, asked)[0]
    if _TO_COME.match(asked.question.text) and _STATED.search(first.text.lower()):
        return Computed(False, "a memory states the time", cite([first], asked.support), stated=True)
    time = first.timestamp
    ago = asked.now - time if asked.now is not None and re.search(r"\bago\b", asked.question.text, re.I) else None
    return Computed(False, reason, cite([first], asked.support), time=time, ago=ago)


def of_mission(asked: Asked) -> Computed | None:
    """When the one mission that a question names began or ended, or how long it took, by its first and last memory;
    None where more is asked about."""
    plan, given = asked.plan, asked.question.filter
    if len(plan.filter.missions) != 1 or plan.filter.missions == given.missions:
        return None
    if not _STARTS | _ENDS | _LASTS >= set(plan.key_terms):
        return None
    first, last = (asked.store.by_rows(asked.store.rows(plan.filter, 1, order)) for order in ("earliest", "latest"))
    if not first or not last:
        return None
    said = set(map(stem, words(asked.question.text)))
    reason = f"the first and last memory of mission {plan.filter.missions[0]!r}"
    if plan.kind == "duration" and last[0].timestamp > first[0].timestamp:
        cited = cite([first[0], last[0]], asked.support)
        return Computed(False, reason, cited, duration=last[0].timestamp - first[0].timestamp)
    if plan.kind == "time" and said & (_STARTS | _ENDS):
        told = (first if said & _STARTS else last)[0]
        return Computed(False, reason, cite([told], asked.support), time=told.timestamp)
    return None


def _may_tell(memory: Memory, asked: Asked) -> bool:
    """Whether a memory may tell what is asked: of the one named, not the opposite, and not another deed."""
    text, plan, support = asked.question.text, asked.plan, asked.support
    named = {stem(name.casefold()) for name in names(text)} & support.terms.keys()
    if len(support.terms) > _SHORT or ": " in text:
        return True
    if not all(_holds(asked, memory, term) for term in named):
        return False
    there = support.terms.keys() - named - _subject(asked) - set(plan.verbs)
    if _GOING.search(text) and there and not any(_holds(asked, memory, term) for term in there):
        return False
    if not _LEAVING.search(text) and not takes(text) and denies(memory, text):
        return False
    states = opposite_states(words(plan.search), plan.verbs)
    if states and not _both(states, plan.search) and tells(memory.text, states) is not True:
        return tells(memory.text, states) is None and asked.covers(memory)
    verbs = [stem(found["verb"]) for found in _LEFT.finditer(text)] + [
        verb for verb in plan.verbs if not _holds(asked, memory, verb)
    ]
    return may_tell_deed(spoken_words(memory), verbs)


def _holds(asked: Asked, memory: Memory, term: str) -> bool:
    """Whether a memory holds a key term (a stem), or a word that is much alike."""
    return asked.support.coverage(memory, without=frozenset(asked.support.terms) - {term}) >= _ALIKE


def _subject(asked: Asked) -> set[str]:
    """The stem of the head noun of the first thing named; without a verb that was taken for a noun ("did it break")."""
    named = [stem(word) for thing in asked.plan.things[:1] for word in content_words(thing)]
    ends = words(asked.question.text)[-1:] == words(" ".join(asked.plan.things[:1]))[-1:]
    if not asked.plan.verbs and ends and re.search(r"\bdid\b", asked.question.text, re.I):
        named = named[:-1]
    return set(named[-1:])


def _both(states: tuple[frozenset[str], frozenset[str]], asked: str) -> bool:
    """Whether a question names both of two opposite states ("clean the dirty plate")."""
    said = set(map(stem, words(asked)))
    return all(map(said.intersection, states))


def _said_so(said: list[Memory], asked: Asked) -> list[Memory]:
    """When the question is about something missing or failed, those that deny it last."""
    for pattern in (GONE, FAILED):
        if pattern.search(asked.question.text):
            return sorted(said, key=lambda memory: not pattern.search(memory.text))
    return said
