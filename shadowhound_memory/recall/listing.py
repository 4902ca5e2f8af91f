"""What happened, whom or what was seen, what someone said: the memories to list."""

import re
from collections.abc import Sequence

from shadowhound_memory.recall.computed import CITED, Asked, Computed, cite
from shadowhound_memory.recall.support import FULL, holds_person
from shadowhound_memory.recall.telling import SAYING, is_instrument, is_said, speakers, wants
from shadowhound_memory.record import Memory
from shadowhound_memory.words import content_words, stem, words

LISTED = 200
"""Memories that are looked through for a list."""
_TOPIC = 0.5
"""Share of the words of what was spoken about that a memory of the speaker must hold."""
_NO_SIGHT = frozenset(("speech_heard", "battery_status", "task_started", "task_succeeded", "task_failed"))

_SAYING_WHO = re.compile(
    r"(?:\bwhat (?:did|does|has|had|do|was|were|is)|^(?:the )?(?:last|latest) thing)\s+"
    r"(?P<who>(?:the |my |our )?[\w'’. -]{1,60}?)\s+"
    r"(?:say|tell|ask|mention|reply|answer|explain|report|announce|want|request|promise|suggest|complain|shout|call"
    r"|warn|remind|saying|telling|asking|said|told|asked|talk|speak)\b",
    re.I,
)

_LAST = re.compile(r"\b(?:last|latest|most recent) (?:thing|words?)\b|\blast\W*$", re.I)
_HOW_IS_IT = re.compile(r"^(?:and |so )?how (?!many|much|often|long|far|do|can|come)\w+ (?:is|are)\b", re.I)
_ASKING = re.compile(r"\b(?:ask|request|want|need)\w*$", re.I)


def told(asked: Asked, best: Sequence[Memory], reason: str) -> Computed:
    """The memories that answer a question in words: the best ones, or a list of all that were asked for."""
    plan, support = asked.plan, asked.support
    if not support.terms:
        return _all(asked, best)
    if _HOW_IS_IT.search(asked.question.text):
        latest = max(best, key=lambda memory: (support.coverage(memory) >= FULL, memory.timestamp))
        return Computed(False, reason, cite([latest], support), time=latest.timestamp)
    if plan.wants == "person":
        best = [memory for memory in best if asked.covers(memory)] or [m for m in best if holds_person(m)]
        if not best:
            return Computed(True, "no memory tells who it was", nearest=support.candidates[0].memory)
        best = [memory for memory in best if holds_person(memory)] or best
        best = [memory for memory in best if not is_instrument(memory, plan)]
        if not best:
            reason = "what was asked about is only what something was done with"
            return Computed(True, reason, nearest=support.candidates[0].memory)
        if plan.present:
            best = _there_now(best)
    if said := [memory for memory in best if is_said(memory, frozenset(plan.key_terms), asked.question.text)]:
        best = said
    enough = 0.7 * support.score(best[0])
    return Computed(False, reason, cite([m for m in best[:CITED] if support.score(m) >= enough], support))


def _there_now(best: Sequence[Memory]) -> list[Memory]:
    """Those of the latest mission that saw anyone there."""
    seen = [memory for memory in best if memory.event == "person_seen"] or list(best)
    latest = max(seen, key=lambda memory: memory.timestamp)
    return [memory for memory in seen if memory.mission_id == latest.mission_id]


def _all(asked: Asked, best: Sequence[Memory]) -> Computed:
    """All within the filter, or the persons or sightings among it: three of them, and how many more there are."""
    plan, store = asked.plan, asked.store
    order = "earliest" if plan.order == "earliest" else "latest"
    total = store.count(plan.filter)
    listed = list(best[:CITED])
    if plan.wants:
        found = store.by_rows(store.rows(plan.filter, LISTED, order))
        wanted = [m for m in found if (holds_person(m) if plan.wants == "person" else m.event not in _NO_SIGHT)]
        if plan.wants == "person" and not wanted:
            near = found[0] if found else None
            return Computed(True, f"none of {total} memories is of a person", nearest=near)
        if wanted:
            listed, total = wanted[:CITED], len(wanted)
    reason = f"{len(listed)} of {total} memories"
    return Computed(False, reason, cite(listed, asked.support), more=max(0, total - len(listed)), among=total)


def said_by(asked: Asked) -> Computed | None:
    """What the one named in "what did NAME say" said, in order; None when the question asks for something else."""
    plan, support = asked.plan, asked.support
    found = _SAYING_WHO.search(asked.question.text)
    if found is None or not support.terms:
        return None
    who = {stem(word) for word in content_words(found["who"])} & support.terms.keys()
    if not who:
        return None
    about = [m for m in support.pool() if support.coverage(m, without=frozenset(support.terms) - who) >= FULL]
    theirs = [memory for memory in about if _speaks(memory, who)]
    if not theirs:
        told = [memory for memory in about if SAYING.search(memory.text)]
        if not about or not all(map(speakers, told)):
            return None
        return Computed(True, "memories tell of them, but nothing that they said", nearest=(told or about)[0])
    if _ASKING.search(found.group()):
        theirs = [memory for memory in theirs if wants(memory.text)] or theirs
    reason = f"{len(theirs)} memories tell what they said"
    aside = frozenset(who) | {stem(word) for word in words(found.group())} | frozenset(plan.verbs)
    if frozenset(support.terms) - aside:
        enough = max(support.coverage(memory, without=aside) for memory in theirs)
        if enough < _TOPIC:
            return None
        theirs = [memory for memory in theirs if support.coverage(memory, without=aside) > enough - 0.05]
    theirs.sort(key=lambda memory: memory.timestamp, reverse=plan.order == "latest")
    if _LAST.search(asked.question.text):
        last = max(theirs, key=lambda memory: memory.timestamp)
        return Computed(False, "the last that they said", cite([last], support))
    listed = sorted(theirs[:CITED], key=lambda memory: memory.timestamp)
    return Computed(False, reason, cite(listed, support), more=len(theirs) - len(listed))


def _speaks(memory: Memory, who: set[str]) -> bool:
    """Whether one of these (stems) is who speaks in a memory, by its source or by its words."""
    source = {stem(word) for word in content_words(memory.source.replace("_", " "))}
    return bool(who & (speakers(memory) | source))
