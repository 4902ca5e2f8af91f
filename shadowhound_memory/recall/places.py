"""Where something is, was before, came from, or is nearest."""

import re
from collections.abc import Sequence

from shadowhound_memory.recall.computed import SAME_PLACE, Asked, Computed, apart, cite, distance
from shadowhound_memory.recall.denial import GONE, is_gone
from shadowhound_memory.recall.naming import has_attribute, is_of_kind
from shadowhound_memory.recall.relevance import held_stems
from shadowhound_memory.recall.support import FULL, Support
from shadowhound_memory.recall.telling import is_landmark, is_object, is_said, spoken_words, whereabouts
from shadowhound_memory.record import Memory
from shadowhound_memory.words import stem, stems

MOVING = frozenset(map(stem, "moved move moving shifted relocated displaced rearranged".split()))
"""Stems of verbs that ask for a change of place."""
FROM_WHERE = re.compile(
    r"\bfrom where\b|\bwhere\b.{0,80}?\b(?:come|came|taken|brought|moved|carried|go|went)\b.{0,40}?\bfrom\b", re.I
)


def where(asked: Asked, best: Sequence[Memory], reason: str) -> Computed:
    """The place of the first of the supporting memories, or of the one before or nearest, as the plan asks for."""
    plan, support = asked.plan, asked.support
    said = [memory for memory in best if _is_sighting(memory, asked)]
    described = [term for term in support.terms if has_attribute(plan.search, term)]
    if described and said:
        said = [m for m in said if _names_it(m, support) and _is_of_kind(m, plan.search, described) is not False]
        if not said:
            return _of_other_kind(asked, best)
    if not said:
        return Computed(True, "it is only spoken of or asked for, no memory tells where it is", nearest=best[0])
    if plan.nearest is not None and (found := _nearest(asked, said)):
        return found
    if plan.order == "previous":
        return _previous(asked, said, reason)
    if FROM_WHERE.search(asked.question.text) and (found := _from_where(asked, reason)):
        return found
    absent = {memory.id for memory in said if is_missing(memory, support.head)}
    in_order = plan.order != "relevance"
    if not in_order:
        absent = set() if support.head is None or GONE.search(asked.question.text) else absent
        said = [memory for memory in said if memory.id not in absent] or said
    first = said[0]
    gone = first.id in absent
    seen = [memory for memory in said if asked.placed(memory) and not (gone and memory.id in absent)]
    cited, place, time = [first], first.pose if first in seen else None, first.timestamp
    if place is None and seen:
        place, time = seen[0].pose, seen[0].timestamp
        cited.append(seen[0])
    elif plan.order == "latest":
        cited += [memory for memory in seen if place and apart(first, memory) and memory.id not in absent][:1]
    gone = gone or (in_order and plan.order != "earliest" and is_taken(first, support.head))
    doubtful = bool(described) and not _is_the_one(asked, cited[-1] if place != first.pose else first, described)
    cited_all = cite(cited, support)
    return Computed(False, reason, cited_all, place=place, time=time, gone=gone, doubtful=doubtful)


def _names_it(memory: Memory, support: Support) -> bool:
    """Whether a memory names the thing asked for, or one alike, not only as where something else is."""
    if support.head is None or support.head in held_stems(memory):
        return True
    alike = stems(memory.text).intersection(map(stem, support.stand_ins(support.head)))
    return any(not is_landmark(memory.text, word) for word in alike)


def _is_of_kind(memory: Memory, asked: str, nouns: Sequence[str]) -> bool | None:
    """Whether a memory gives nouns the attributes that they are asked for with; None when it tells of none."""
    told = {is_of_kind(asked, memory.text, noun) for noun in nouns}
    return False if False in told else True if True in told else None


def _is_the_one(asked: Asked, memory: Memory, nouns: Sequence[str]) -> bool:
    """Whether a memory, or another one where none tells of one of another kind, gives the attributes asked for."""
    search = asked.plan.search
    if (own := _is_of_kind(memory, search, nouns)) is not None:
        return own
    told = {_is_of_kind(other, search, nouns) for other in asked.support.pool()}
    return True in told and False not in told


def _of_other_kind(asked: Asked, best: Sequence[Memory]) -> Computed:
    """No answer, since only things of another colour, size, side or owner are known, or none of that name."""
    support = asked.support
    named = [m for m in support.pool() if support.head and support.head in held_stems(m)] or best
    unknown = tuple(support.terms[term] for term in support.terms if term == support.head)
    nearest = max(named, key=support.score)
    return Computed(True, "memories tell only of another one of that name", nearest=nearest, unknown=unknown)


def elsewhere(then: Computed, now: Computed) -> Memory | None:
    """The latest memory of a thing if it tells, unlike the one for the past, that it is elsewhere, or gone."""
    if now.abstained or not now.citations:
        return None
    latest = now.citations[0].memory
    stays = not now.gone and any(not apart(latest, citation.memory) for citation in then.citations[:1])
    return None if stays else latest


def is_missing(memory: Memory, thing: str | None) -> bool:
    """Whether a memory tells that a thing (the stem of its noun) is not, or no longer, there."""
    if thing is None or thing not in stems(spoken_words(memory)):
        return is_gone(memory)
    found = whereabouts(memory.text, thing)
    return found.gone or (not found.at and is_gone(memory))


def is_taken(memory: Memory, thing: str | None) -> bool:
    """Whether a memory tells that a thing (the stem of its noun) was taken, and not where to."""
    return thing is not None and whereabouts(memory.text, thing).taken


def _is_sighting(memory: Memory, asked: Asked) -> bool:
    """Whether the thing is told to be somewhere, not only wanted or spoken of."""
    head = asked.support.head
    return head is None or is_said(memory, frozenset({head}), asked.question.text)


def _previous(asked: Asked, said: Sequence[Memory], reason: str) -> Computed:
    """The latest place before the latest one, apart from it; where it was last seen when it is gone."""
    support = asked.support
    latest = said[0]
    gone = is_missing(latest, support.head)
    for memory in said[1:]:
        if is_missing(memory, support.head) or not (gone or _elsewhere(latest, memory, support.head)):
            continue
        place = memory.pose if asked.placed(memory) else None
        return Computed(False, reason, cite([memory, latest], support), place=place, time=memory.timestamp)
    return Computed(True, "no earlier place of it is known", nearest=latest)


def _elsewhere(latest: Memory, memory: Memory, thing: str | None) -> bool:
    if latest.pose and memory.pose:
        return apart(latest, memory)
    return whereabouts(latest.text, thing or "").at != whereabouts(memory.text, thing or "").at


def _from_where(asked: Asked, reason: str) -> Computed | None:
    """The latest place, and where that mission last took or first saw the thing; else the place before."""
    support = asked.support
    about = [m for m in support.pool() if support.coverage(m, without=MOVING | {"go", "come"}) >= FULL]
    about = sorted((m for m in about if _is_sighting(m, asked)), key=lambda memory: -memory.timestamp)
    about = [m for m in about if support.head and not is_landmark(m.text, support.head)] or about
    if len(about) < 2:
        return None
    latest = about[0]
    in_mission = [memory for memory in about[1:] if memory.mission_id == latest.mission_id]
    taken = [memory for memory in in_mission if support.head and is_object(memory.text, support.head)]
    origin = (
        (taken or in_mission[::-1])[0] if in_mission else next((m for m in about[1:] if apart(latest, m)), about[1])
    )
    place = latest.pose if asked.placed(latest) else None
    return Computed(False, reason, cite([latest, origin], support), place=place, time=latest.timestamp)


def _nearest(asked: Asked, said: Sequence[Memory]) -> Computed | None:
    """The supporting memory nearest to the plan's place, unless the thing was told to be gone from there since."""
    target = asked.plan.nearest
    assert target is not None
    absent = [memory for memory in said if is_missing(memory, asked.support.head)]
    found: list[tuple[float, Memory]] = []
    for memory in said:
        if memory in absent or memory.pose is None or not asked.placed(memory):
            continue
        away = distance(memory.pose, target)
        gone = any(m.timestamp > memory.timestamp and not apart(m, memory) for m in absent)
        if away < float("inf") and not gone:
            found.append((away, memory))
    if not found:
        return None
    away, memory = min(found, key=lambda pair: (pair[0] // (SAME_PLACE / 10), -pair[1].timestamp))
    reason = f"the nearest of {len(found)} memories with a known place"
    cited = cite([memory], asked.support)
    return Computed(False, reason, cited, place=memory.pose, time=memory.timestamp, distance=away)
