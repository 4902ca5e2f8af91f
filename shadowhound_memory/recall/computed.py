"""What code found in the memories for a question: the values, and the few steps that every kind of answer takes."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from shadowhound_memory.question import Citation, Plan, Question
from shadowhound_memory.recall.naming import described
from shadowhound_memory.recall.support import FULL, Support, WordVectors, differs
from shadowhound_memory.recall.telling import spoken_words
from shadowhound_memory.recall.verbs import base, is_known, may_tell_deed, same_deeds, tells_deed
from shadowhound_memory.record import Memory, Pose
from shadowhound_memory.store.sqlite import SqliteStore
from shadowhound_memory.words import content_words, stem, stems, words

CITED = 3
"""Memories cited in an answer; counting and listing cite up to COUNT_CITED."""
COUNT_CITED = 10
COUNTED = 5000
"""Memories that are looked through for a count; what began before the asked span does not count in it."""
SAME_PLACE = 1.0
"""Metres within which two poses are one place."""

_LABEL_A = re.compile(r"(?<=\w )A\b")
"""The letter as a label ("hall A"), which is a stop word otherwise."""


@dataclass(frozen=True)
class Computed:
    """What code found: whether to answer at all and why, the memories to cite and the values they give.

    `among`: over how many memories a count or a no was decided. `stated`: the count stands in the cited memory. `gone`:
    the first citation says that the thing is not (or no longer) there; `place` is then where it was seen before.
    `latest`: asked about the past, what tells that it has been elsewhere, or gone, since. `doubtful`: the colour, size,
    side or owner asked for is not told. `ago`: seconds from `time` to the question, where that was asked. `duration`:
    seconds, summed over `among` memories or from the first citation to the second or, where only one is cited, as long
    as that memory lasted or until now. `distance`: metres from where the nearest was asked for. `more`: memories that
    the answer stands on beyond those cited. `changed`: the citations tell what changed between two missions. `nearest`:
    what comes closest when nothing supports an answer, `unknown` the words asked for that no memory then holds.
    """

    abstained: bool
    reason: str
    citations: tuple[Citation, ...] = ()
    place: Pose | None = None
    time: float | None = None
    count: int | None = None
    yes: bool | None = None
    among: int | None = None
    stated: bool = False
    gone: bool = False
    latest: Memory | None = None
    doubtful: bool = False
    ago: float | None = None
    duration: float | None = None
    distance: float | None = None
    more: int = 0
    changed: bool = False
    nearest: Memory | None = None
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True)
class Asked:
    """A question with all that its answer is computed from.

    `map_id`: a place in another map is not given (None: any map's is). `now`: seconds, when it was asked.
    `word_vectors` lets words that are alike count.
    """

    question: Question
    plan: Plan
    support: Support
    store: SqliteStore
    map_id: str | None
    now: float | None
    word_vectors: WordVectors | None

    def placed(self, memory: Memory) -> bool:
        """Whether a memory has a pose that may be given."""
        return memory.pose is not None and self.map_id in (None, memory.map_id)

    def covers(self, memory: Memory) -> bool:
        """Whether a memory holds all that was asked for, the deed perhaps in another form or by another verb."""
        verbs = frozenset(self.plan.verbs)
        if not self.labelled(memory, frozenset(self.support.terms)):
            return False
        if self.is_of_another(memory):
            return False
        if self.support.coverage(memory) >= FULL:
            known = [verb for verb in verbs if is_known(verb)]
            return not known or tells_deed(spoken_words(memory), known)
        rest = self.support.terms.keys() - verbs
        if not verbs or not rest or self.support.coverage(memory, without=verbs) < FULL:
            return False
        return tells_deed(spoken_words(memory), verbs)

    def is_of_another(self, memory: Memory) -> bool:
        """Whether a memory names another colour or point of the compass than was asked for."""
        return any(differs(term, memory) for term in self.support.terms)

    def labelled(self, memory: Memory, terms: frozenset[str]) -> bool:
        """Whether a memory holds the numbers and letters among some key terms, which tell things of one name apart."""
        labels = {term for term in terms if len(term) == 1 or term[0].isdigit()}
        if _LABEL_A.search(self.plan.search) and not _LABEL_A.search(spoken_words(memory)):
            return False
        return not labels or labels <= set(words(f"{spoken_words(memory)} {' '.join(memory.tags)}".replace("_", " ")))


def cite(memories: Sequence[Memory], support: Support) -> tuple[Citation, ...]:
    """The memories as citations, numbered in this order."""
    return tuple(Citation(n=n, score=round(support.score(m), 4), memory=m) for n, m in enumerate(memories, 1))


def abstain(support: Support) -> Computed:
    """No answer, with the words that no memory holds and what comes closest."""
    missing = sorted(support.unknown(), key=lambda word: stem(word) != support.head)
    reason = f"no memory speaks of {', '.join(missing)}" if missing else "no memory holds enough of what was asked"
    nearest = support.candidates[0].memory if support.candidates else None
    return Computed(True, reason, nearest=nearest, unknown=tuple(missing))


def closed_world(asked: Asked, among: int, **value: Any) -> Computed:
    """No or zero, if all that was asked for occurs within the asker's filter and the asked span holds memories.

    Neither is said when a memory names all that was asked for and may only say what happened with another verb, or
    tells the deed of a thing that it names by part of the name asked for.
    """
    support = asked.support
    if not among or any(not _occurs_otherwise(word, asked) for word in support.unknown()):
        return abstain(support)
    if alike := _in_other_words(asked):
        return Computed(True, "a memory names what was asked for, perhaps in other words", nearest=alike)
    near = [memory for memory in support.best() if support.supports(memory)][:1]
    return Computed(False, f"none of {among} memories says so", cite(near, support), among=among, **value)


def _occurs_otherwise(word: str, asked: Asked) -> bool:
    """Whether a verb that no memory holds occurs in another form or as a verb that tells the same."""
    if stem(word) not in asked.plan.verbs:
        return False
    deeds = same_deeds(stem(word))
    return any(base(stem(said)) in deeds for memory in asked.support.pool() for said in words(memory.text))


def _in_other_words(asked: Asked) -> Memory | None:
    """A memory that may say what was asked for in other words."""
    support, verbs = asked.support, frozenset(asked.plan.verbs)
    alike = support.but_for_the_verb()
    if alike is not None:
        rest = [m for m in support.pool() if support.coverage(m, without=verbs) >= FULL]
        if any(may_tell_deed(memory.text, verbs) for memory in rest):
            return alike
    for thing in asked.plan.things if verbs else ():
        parts = [stem(word) for word in content_words(thing)]
        for memory in support.pool() if len(parts) > 1 else ():
            named = stems(memory.text).intersection(parts)
            if (
                named
                and tells_deed(memory.text, verbs)
                and any(described(memory.text, part) <= set(parts) for part in named)
            ):
                return memory
    return None


def apart(one: Memory, other: Memory) -> bool:
    """Whether two memories are of different places; also when it is not known."""
    here, there = one.pose, other.pose
    if here is None or there is None or one.map_id != other.map_id:
        return True
    return distance(here, there) > SAME_PLACE


def distance(one: Pose, other: Pose) -> float:
    """Metres between two poses; infinite in different frames."""
    if one.frame_id != other.frame_id:
        return math.inf
    return math.hypot(one.x - other.x, one.y - other.y)
