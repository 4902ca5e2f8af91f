"""Copies among candidates: many patrols that say the same at one place fill one place of the top k, not all.

Only the memories at hand decide what is a copy, so nothing is told of others that the question may not see. Nothing is
dropped: copies come after all that says something else.
"""

from collections.abc import Sequence
from functools import lru_cache

from shadowhound_memory.question import Candidate, Plan
from shadowhound_memory.record import Memory
from shadowhound_memory.tracks import same_place
from shadowhound_memory.words import words

_ARTICLES = frozenset(("a", "an", "the"))

Words = tuple[str, ...]


def fold(candidates: Sequence[Candidate], plan: Plan) -> tuple[list[Candidate], int]:
    """The candidates with copies last, and how many are none.

    A copy says the same words as a better candidate, at the same place. The latest of them stands for
    all, with the best score (the earliest, where the plan asks for that). Where more than one of them may belong to the
    answer, as in counts and changes, they are left as they are.
    """
    if plan.kind not in ("place", "time", "text") or plan.order == "previous" or plan.other:
        return list(candidates), len(candidates)
    folds: list[list[Candidate]] = []
    alike: dict[tuple[Words, ...], list[list[Candidate]]] = {}
    for candidate in candidates:
        memory = candidate.memory
        placed = memory.pose is not None or memory.object_pose is not None
        of_same_words = alike.setdefault(_said(memory), []) if placed else []
        known = next((one for one in of_same_words if same_place(one[0].memory, memory)), None)
        if known is None:
            folds.append([candidate])
            of_same_words.append(folds[-1])
        else:
            known.append(candidate)
    sign = -1 if plan.order == "earliest" else 1
    standing = [max(one, key=lambda candidate: sign * candidate.memory.timestamp) for one in folds]
    kept = {candidate.memory.id for candidate in standing}
    first = [Candidate(score=one[0].score, memory=best.memory) for one, best in zip(folds, standing, strict=True)]
    return first + [candidate for candidate in candidates if candidate.memory.id not in kept], len(first)


def _said(memory: Memory) -> tuple[Words, ...]:
    said = (memory.event, memory.robot_id, memory.map_id), memory.tags
    return *said, _but_for_articles(memory.text), _but_for_articles(memory.raw_text)


@lru_cache(maxsize=4096)
def _but_for_articles(text: str) -> Words:
    return tuple(word for word in words(text) if word not in _ARTICLES)
