"""An answer from the memories that a recall adapter chose. It says which; every value is computed from them by code."""

import json
import re
from collections.abc import Sequence
from dataclasses import replace

from shadowhound_memory.models.base import Completion
from shadowhound_memory.prompts import RECALL_DOCS, RECALL_VALUES, RecallValue
from shadowhound_memory.question import Candidate, Citation, Kind, Plan, Question
from shadowhound_memory.recall.answer import AnswerRefused
from shadowhound_memory.recall.computed import CITED, COUNT_CITED, Computed
from shadowhound_memory.recall.counting import quantity
from shadowhound_memory.recall.denial import is_gone
from shadowhound_memory.recall.lengths import UNIT, stated_lengths
from shadowhound_memory.recall.phases import PHASES, starts
from shadowhound_memory.recall.support import differs
from shadowhound_memory.record import Memory
from shadowhound_memory.words import names, numbers, stems, words

_LENGTH = re.compile(rf"\b(?:{UNIT})\b", re.I)
_ONE_CITED: tuple[Kind, ...] = ("place", "time", "yesno")
SURE = 0.8
"""Probability from which an adapter's "none" takes away what code found. Of code's answers to 1,800 questions of
held-out banks 21 of 139 were right where it was .9 or more, 31 of 99 from .8 on, 43 of 78 from .7 on, 85 of 142 from .5
on; the kinds of questions differ little in this."""


def may_overrule(plan: Plan, question: Question, computed: Computed) -> bool:
    """Whether an adapter, which sees a few memories, may know better than what code found.

    Not where the answer is a distance, a comparison of missions, or stands on more memories than it is shown.
    """
    if computed.abstained:
        return True
    many = computed.more or (computed.count or 0) > RECALL_DOCS or len(computed.citations) > RECALL_DOCS
    of_missions = computed.changed or plan.filter.missions != question.filter.missions
    return not (many or of_missions or plan.nearest is not None)


def shown(computed: Computed, candidates: Sequence[Candidate]) -> list[Candidate]:
    """What the adapter is shown: what code cites, then the candidates by rank, by their time."""
    found: dict[str, Candidate] = {}
    for candidate in (*computed.citations, *candidates):
        if len(found) < RECALL_DOCS:
            found.setdefault(candidate.memory.id, candidate)
    return sorted(found.values(), key=lambda each: (each.memory.timestamp, each.memory.id))


def read_choice(
    replies: Sequence[Completion], docs: Sequence[Candidate], plan: Plan, question: Question, computed: Computed
) -> tuple[RecallValue, list[Candidate]] | None:
    """What an adapter's replies, one for each memory, say together, and the memories that say it, the decisive first.

    None where what code found stands: the adapter is not sure that code's first memory gives no answer. Else the surest
    reply decides what is answered, a place or a yes or no by the latest memory. Raises AnswerRefused with the reason.
    """
    said = [(_read(reply.text), reply.probability or 0.0, doc) for reply, doc in zip(replies, docs, strict=True)]
    first = {citation.memory.id for citation in computed.citations[:1]}
    if any(doc.memory.id in first and (value != "none" or sure < SURE) for value, sure, doc in said):
        return None
    answering = sorted((each for each in said if each[0] != "none"), key=lambda each: -each[1])
    if not answering:
        return "none", []
    kind = _kind(answering[0][0])
    alike = [each for each in answering if _kind(each[0]) == kind]
    if kind in ("place", "yesno"):
        alike.sort(key=lambda each: -each[2].memory.timestamp)
    decisive = alike[0][0]
    chosen = [doc for value, _, doc in alike if value == decisive]
    if decisive == "duration":
        chosen = _lasting(chosen, plan, question.text)
    return (decisive, chosen) if chosen else ("none", [])


def _lasting(chosen: Sequence[Candidate], plan: Plan, asked: str) -> list[Candidate]:
    """Of memories chosen for a length of time those that can tell one: the first where it states it, or with another
    that tells an end of the same thing, the earlier before the later, or alone where the present is asked for. They
    hold the names and numbers that the question does, and no other colour."""
    terms = stems(asked)
    chosen = [doc for doc in chosen if not any(differs(term, doc.memory) for term in terms)]
    if not chosen:
        return []
    first, *others = chosen
    if stated_lengths(first.memory.text):
        told = [first] if terms & stems(first.memory.text) else []
    else:
        pairs = [sorted((first, other), key=lambda doc: doc.memory.timestamp) for other in others]
        told = next(([*pair] for pair in pairs if _is_span(*pair)), [first] if plan.present else [])
    named = {word for word in words(plan.search) if word[0].isdigit()} | set(words(" ".join(names(asked))))
    return told if named <= {word for doc in told for word in words(doc.memory.text)} else []


def _is_span(start: Candidate, end: Candidate) -> bool:
    """Whether two memories name one thing, and the later one does not only tell that something begins."""
    tells = {starts(end.memory, phase) for phase in PHASES} - {None}
    return tells != {True} and bool(stems(start.memory.text) & stems(end.memory.text))


def _read(reply: str) -> RecallValue:
    try:
        value = json.loads(reply)
    except ValueError as error:
        raise AnswerRefused(f"the adapter's reply {reply[:100]!r} was not JSON: {error}") from error
    if value not in RECALL_VALUES:
        raise AnswerRefused(f"the adapter's reply {reply[:100]!r} is none of {', '.join(RECALL_VALUES)}")
    return value


def _kind(value: RecallValue) -> Kind:
    """The kind of an answer that is not none."""
    return "yesno" if value in ("yes", "no") else value  # type: ignore[return-value]


def apply(
    value: RecallValue,
    chosen: Sequence[Candidate],
    plan: Plan,
    computed: Computed,
    candidates: Sequence[Candidate],
    *,
    map_id: str | None,
    now: float,
) -> tuple[Plan, Computed]:
    """The plan and what was found, as the adapter chose.

    `map_id`: a place in another map is not given (None: any map's is). `now`: seconds, when the question was asked.
    """
    if value == "none":
        if computed.abstained or not computed.citations:
            return plan, computed
        nearest = computed.nearest or next((candidate.memory for candidate in candidates), None)
        return plan, Computed(True, "the adapter found that no memory answers it", nearest=nearest)
    kind = _kind(value)
    told = _computed(value, kind, [candidate.memory for candidate in chosen], plan, len(candidates), map_id, now)
    kind = kind if told.count is not None or told.duration is not None or kind not in ("count", "duration") else "text"
    most = COUNT_CITED if kind == "count" else 1 if kind in _ONE_CITED else CITED
    return plan.model_copy(update={"kind": kind}), replace(told, citations=_numbered(chosen[:most]))


def _numbered(cited: Sequence[Candidate]) -> tuple[Citation, ...]:
    return tuple(Citation(n=n, score=each.score, memory=each.memory) for n, each in enumerate(cited, 1))


def _computed(
    value: RecallValue, kind: Kind, chosen: Sequence[Memory], plan: Plan, among: int, map_id: str | None, now: float
) -> Computed:
    first = chosen[0]
    found = Computed(False, "the adapter chose it", among=among if kind == "count" else None)
    match kind:
        case "place":
            place = first.pose if map_id in (None, first.map_id) and not is_gone(first) else None
            return replace(found, place=place, time=first.timestamp, gone=is_gone(first))
        case "time":
            return replace(found, time=first.timestamp)
        case "yesno":
            return replace(found, yes=value == "yes")
        case "count" if len(chosen) > 1:
            return replace(found, count=len(chosen))
        case "count":
            stated = quantity(first, plan)
            if stated is None and not numbers(first.text):
                return replace(found, count=1)
            return replace(found, count=stated, stated=stated is not None)
        case "duration" if len(lengths := stated_lengths(first.text)) == 1:
            return replace(found, duration=lengths[0].seconds, stated=True)
        case "duration" if len(chosen) > 1:
            return replace(found, duration=chosen[-1].timestamp - first.timestamp)
        case "duration" if not (numbers(first.text) and _LENGTH.search(first.text)) and now >= first.timestamp:
            return replace(found, duration=now - first.timestamp, time=first.timestamp)
    return found
