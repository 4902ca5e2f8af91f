"""What the memories say to a question, by code: the memories to cite and the place, time, count or yes that they give.

Without support the question is not answered. No and zero are only said of a closed world: what was asked for occurs in
the store, and memories of the asked span were looked through.
"""

import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from text_to_num import alpha2digit

from shadowhound_memory.question import Candidate, Citation, Plan, Question
from shadowhound_memory.recall.denial import FAILED, GONE, States, denies, is_absent, is_gone, opposite_states, tells
from shadowhound_memory.recall.support import FULL, Support, WordVectors
from shadowhound_memory.record import Memory, Pose
from shadowhound_memory.settings import Settings
from shadowhound_memory.store.sqlite import SqliteStore
from shadowhound_memory.words import stem, words

CITED = 3
"""Memories cited in an answer; counting cites up to COUNT_CITED."""
COUNT_CITED = 10
COUNTED = 5000
"""Memories that are looked through for a count; what began before the asked span does not count in it."""
SAME_PLACE = 1.0
"""Metres within which two poses are one place."""


class AnswerRefused(Exception):
    """A drafted answer that cannot be used; the message is why."""


@dataclass(frozen=True)
class Computed:
    """What code found: whether to answer at all and why, the memories to cite and the values they give.

    `among`: over how many memories a count or a no was decided. `stated`: the count stands in the cited memory. `gone`:
    the first citation says that the thing is not (or no longer) there; `place` is then where it was seen before. `ago`:
    seconds from `time` to the question, where that was asked. `nearest`: what comes closest when nothing supports an
    answer, `unknown` the words asked for that no memory then holds.
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
    ago: float | None = None
    nearest: Memory | None = None
    unknown: tuple[str, ...] = ()


def compute(
    plan: Plan,
    question: Question,
    candidates: Sequence[Candidate],
    store: SqliteStore,
    settings: Settings,
    *,
    map_id: str | None = None,
    now: float | None = None,
    vector: npt.NDArray[np.float32] | None = None,
    word_vectors: WordVectors | None = None,
) -> Computed:
    """Decide what the candidates, and other memories that hold the question's words, say.

    `map_id`: a place in another map is not given (None: any map's is). `now`: seconds, when the question was asked.
    `vector`: the unit vector of `plan.search`; `word_vectors` lets words that are alike count. Without them, words
    alone decide.
    """
    support = Support(plan, question.filter, candidates, store, settings.min_score, vector, word_vectors)
    if not candidates or (not words(plan.search) and plan.filter == question.filter and plan.kind != "count"):
        return Computed(True, "no memory is within the filter" if not candidates else "the question names nothing")
    if plan.kind == "count":
        return _count(plan, question, support, store)
    if plan.kind == "yesno":
        return _yesno(plan, support, store)
    best = support.best()
    if not best:
        return _abstain(support)
    reason = f"{len(best)} memories support, the first by {support.score(best[0]):.2f}"
    if plan.kind == "place":
        return _place(best, plan, support, map_id, reason)
    if plan.kind == "time":
        best = _said_so(best, question, plan)
        time = best[0].timestamp
        ago = now - time if now is not None and re.search(r"\bago\b", question.text, re.I) else None
        return Computed(False, reason, _cite(best[:1], support), time=time, ago=ago)
    enough = 0.7 * support.score(best[0])
    return Computed(False, reason, _cite([m for m in best[:CITED] if support.score(m) >= enough], support))


def _cite(memories: Sequence[Memory], support: Support) -> tuple[Citation, ...]:
    return tuple(Citation(n=n, score=round(support.score(m), 4), memory=m) for n, m in enumerate(memories, 1))


def _abstain(support: Support) -> Computed:
    missing = sorted(support.unknown(), key=lambda word: stem(word) != support.head)
    reason = f"no memory speaks of {', '.join(missing)}" if missing else "no memory holds enough of what was asked"
    return Computed(True, reason, nearest=support.candidates[0].memory, unknown=tuple(missing))


def _said_so(best: list[Memory], question: Question, plan: Plan) -> list[Memory]:
    """When the question is about something missing, failed or in a state, those that deny it last."""
    for pattern in (GONE, FAILED):
        if pattern.search(question.text):
            return sorted(best, key=lambda memory: not pattern.search(memory.text))
    if states := opposite_states(words(plan.search), plan.verbs):
        return sorted(best, key=lambda memory: tells(memory.text, states) is False)
    return best


def _place(best: list[Memory], plan: Plan, support: Support, map_id: str | None, reason: str) -> Computed:
    first = best[0]
    absent = {m.id for m in best if is_gone(m) or (support.head is not None and is_absent(support.head, m.text))}
    gone = plan.order != "relevance" and first.id in absent
    placed = [m for m in best if m.pose is not None and map_id in (None, m.map_id)]
    seen = [memory for memory in placed if not (gone and memory.id in absent)]
    cited, place, time = [first], first.pose if first in seen else None, first.timestamp
    if place is None and seen:
        place, time = seen[0].pose, seen[0].timestamp
        cited.append(seen[0])
    elif plan.order == "latest":
        cited += [memory for memory in seen if place and _apart(place, memory.pose) and memory.id not in absent][:1]
    return Computed(False, reason, _cite(cited, support), place=place, time=time, gone=gone)


def _apart(one: Pose, other: Pose | None) -> bool:
    return other is None or one.frame_id != other.frame_id or math.hypot(one.x - other.x, one.y - other.y) > SAME_PLACE


def _count(plan: Plan, question: Question, support: Support, store: SqliteStore) -> Computed:
    among = store.count(plan.filter)
    if not support.terms:
        cited = _cite(support.best()[:CITED], support)
        return Computed(False, "everything within the filter counts", cited, count=among, among=among)
    if not re.search(r"\bhow often\b|\btimes?\b", question.text, re.I):
        for memory in support.best():
            if (number := _quantity(memory, plan)) is not None:
                return Computed(
                    False, "a memory states it", _cite([memory], support), count=number, among=among, stated=True
                )
    since = plan.filter.since if plan.filter.since is not None else -math.inf
    pool = [memory for memory in support.pool(COUNTED) if memory.timestamp >= since]
    matching = [memory for memory in pool if support.coverage(memory) >= FULL and not _is_denied(memory, plan, support)]
    if not matching:
        return _closed_world(plan, support, among, count=0)
    matching.sort(key=lambda memory: memory.timestamp)
    reason = f"{len(matching)} of {among} memories say so"
    return Computed(False, reason, _cite(matching[:COUNT_CITED], support), count=len(matching), among=among)


def _is_denied(memory: Memory, plan: Plan, support: Support) -> bool:
    """Whether a memory tells that what is asked for was not there, and the question does not ask for that."""
    if GONE.search(plan.search) or support.head is None:
        return False
    return is_absent(support.head, memory.text)


def _quantity(memory: Memory, plan: Plan) -> int | None:
    """The whole number that a memory states right before the thing counted: "six chairs", "212 labels read"."""
    if not plan.key_terms:
        return None
    told = words(alpha2digit(memory.text, "en"))
    for place, word in enumerate(told):
        if word.isdigit() and plan.key_terms[0] in map(stem, told[place + 1 : place + 4]):
            return int(word)
    return None


def _yesno(plan: Plan, support: Support, store: SqliteStore) -> Computed:
    among = store.count(plan.filter)
    if not support.terms:
        best = support.best()
        return Computed(
            False, f"{among} memories within the filter", _cite(best[:CITED], support), yes=True, among=among
        )
    if "move" in support.terms and (moved := _moved(support, among)):
        return moved
    if (asked := opposite_states(words(plan.search), plan.verbs)) and (
        decided := _by_state(plan, support, asked, among)
    ):
        return decided
    best = support.best()
    sayings = [(memory, denies(memory, plan.search)) for memory in best]
    full = [(memory, denied) for memory, denied in sayings if support.coverage(memory) >= FULL]
    if full and plan.order == "latest":
        full = full[:1]
    if yes := [memory for memory, denied in full if not denied]:
        return Computed(False, f"{len(yes)} memories say so", _cite(yes[:CITED], support), yes=True, among=among)
    if no := [memory for memory, denied in full or sayings if denied]:
        return Computed(False, "a memory says that it is not so", _cite(no[:1], support), yes=False, among=among)
    return _closed_world(plan, support, among, yes=False)


def _by_state(plan: Plan, support: Support, asked: States, among: int) -> Computed | None:
    """Yes or no by the state that the memories of the thing tell: now the latest one, else any that tells it."""
    aside = asked[0] | frozenset(plan.verbs)
    rest = frozenset(support.terms) - aside
    told: list[tuple[bool, Memory]] = []
    for memory in support.pool():
        if not rest or support.coverage(memory, without=aside) < FULL:
            continue
        if (state := tells(memory.text, asked)) is not None:
            told.append((state, memory))
    if not told:
        return None
    told.sort(key=lambda pair: -pair[1].timestamp)
    yes = told[0][0] if plan.order == "latest" else any(state for state, _ in told)
    cited = [memory for state, memory in told if state == yes]
    return Computed(False, f"{len(told)} memories tell the state", _cite(cited[:1], support), yes=yes, among=among)


def _moved(support: Support, among: int) -> Computed | None:
    """Yes if it was last seen apart from where it was first seen, or a memory says it moved; no if at the same one."""
    about = [m for m in support.pool() if support.coverage(m, without=frozenset({"move"})) >= FULL]
    if told := [memory for memory in about if memory.event == "object_moved"]:
        return Computed(False, "a memory says so", _cite(told[:1], support), yes=True, among=among)
    seen = sorted((memory for memory in about if memory.pose), key=lambda memory: memory.timestamp)
    if len(seen) < 2:
        return None
    first, last = seen[0], seen[-1]
    assert first.pose is not None
    yes = _apart(first.pose, last.pose)
    return Computed(False, "first and last place compared", _cite([first, last], support), yes=yes, among=among)


def _closed_world(plan: Plan, support: Support, among: int, **value: Any) -> Computed:
    """No or zero, if all that was asked for occurs within the asker's filter and the asked span holds memories.

    Neither is said when a memory names all that was asked for and may only say what happened with another verb.
    """
    if not among or support.unknown():
        return _abstain(support)
    if alike := support.but_for_the_verb():
        return Computed(True, "a memory names what was asked for, perhaps in other words", nearest=alike)
    near = [memory for memory in support.best() if support.supports(memory)][:1]
    return Computed(False, f"none of {among} memories says so", _cite(near, support), among=among, **value)


def read_answer(completion: str, computed: Computed) -> tuple[str, tuple[Citation, ...]]:
    """The text of a model's reply and the citations it names. Raises AnswerRefused with the reason."""
    try:
        document = json.loads(completion)
        text, numbers = str(document["answer"]).strip(), [int(n) for n in document["citations"]]
    except (ValueError, KeyError, TypeError) as error:
        raise AnswerRefused(f"the drafted answer was not JSON with answer and citations: {error}") from error
    cited = [c for c in computed.citations if c.n in numbers or f"[{c.n}]" in text]
    if not text or not cited:
        raise AnswerRefused("the drafted answer cited no memory")
    if not re.search(r"\[\d+\]", text):
        text = f"{text.rstrip('.')} {''.join(f'[{c.n}]' for c in cited)}."
    return text, tuple(cited)
