"""What the memories say to a question, by code: the memories to cite and the place, time, count or yes that they give.

Without support the question is not answered. No and zero are only said of a closed world: what was asked for occurs in
the store, and memories of the asked span were looked through.
"""

import json
import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from shadowhound_memory.question import Candidate, Citation, Plan, Question
from shadowhound_memory.recall.changes import changes
from shadowhound_memory.recall.computed import Asked, Computed, abstain
from shadowhound_memory.recall.counting import count
from shadowhound_memory.recall.listing import said_by, told
from shadowhound_memory.recall.moments import of_mission, when
from shadowhound_memory.recall.places import where
from shadowhound_memory.recall.spans import duration
from shadowhound_memory.recall.support import Support, WordVectors
from shadowhound_memory.recall.yesno import yes_or_no
from shadowhound_memory.settings import Settings
from shadowhound_memory.store.sqlite import SqliteStore
from shadowhound_memory.words import words

__all__ = ["AnswerRefused", "Computed", "compute", "read_answer"]


class AnswerRefused(Exception):
    """A drafted answer that cannot be used; the message is why."""


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
    asked = Asked(question, plan, support, store, map_id, now, word_vectors)
    if not candidates:
        return Computed(True, "no memory is within the filter")
    if not words(plan.search) and plan.filter == question.filter and plan.kind != "count":
        return Computed(True, "the question names nothing", nearest=candidates[0].memory)
    if plan.kind == "count":
        return count(asked)
    if plan.kind == "yesno":
        return yes_or_no(asked)
    if found := of_mission(asked):
        return found
    if plan.kind == "duration":
        return duration(asked, settings)
    if found := changes(asked) or (said_by(asked) if plan.kind == "text" else None):
        return found
    best = support.best()
    if not best:
        return abstain(support)
    reason = f"{len(best)} memories support, the first by {support.score(best[0]):.2f}"
    if plan.kind == "place":
        return where(asked, best, reason)
    if plan.kind == "time":
        return when(asked, best, reason)
    return told(asked, best, reason)


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
