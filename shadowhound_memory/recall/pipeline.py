"""A question on its way to an answer: plan, search, compute, draft, check; each step and why in the trace."""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import uuid6

from shadowhound_memory.embedding import Embedder
from shadowhound_memory.errors import Code, ModelUnavailable, ShadowhoundError
from shadowhound_memory.metrics import Metrics
from shadowhound_memory.models.base import Completion, LanguageModel, Priority, Request
from shadowhound_memory.models.reranker import Reranker
from shadowhound_memory.own import answer_keys
from shadowhound_memory.prompts import recall_adapter_request, recall_request
from shadowhound_memory.question import Answer, Candidate, Citation, Plan, Question
from shadowhound_memory.recall.act import best_pose
from shadowhound_memory.recall.answer import AnswerRefused, Computed, compute, read_answer
from shadowhound_memory.recall.check import unsupported
from shadowhound_memory.recall.chosen import apply, may_overrule, read_choice, shown
from shadowhound_memory.recall.places import elsewhere
from shadowhound_memory.recall.plan import as_of, as_of_now
from shadowhound_memory.recall.planning import Planner
from shadowhound_memory.recall.search import search
from shadowhound_memory.recall.support import WordVectors
from shadowhound_memory.recall.wording import extractive, pieces
from shadowhound_memory.routing import Route, by_rules, route
from shadowhound_memory.settings import Settings
from shadowhound_memory.store.chroma import ChromaIndex
from shadowhound_memory.store.sqlite import SqliteStore
from shadowhound_memory.store.vectors import VectorTable

_NO_CHOICE = "one wording is supported; nothing to choose"

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Said:
    """An answer as it will be told, with the plan and the findings that it stands on. `text` None: in the rules' words.
    `refusal`: why a model's was not taken."""

    plan: Plan
    computed: Computed
    way: Route
    citations: tuple[Citation, ...]
    text: str | None = None
    refusal: str | None = None


class Recall:
    """Answers questions from one store. Thread-safe."""

    def __init__(
        self,
        settings: Settings,
        store: SqliteStore,
        vectors: VectorTable,
        index: ChromaIndex | None,
        embedder: Embedder | None,
        model: LanguageModel | None,
        metrics: Metrics,
    ) -> None:
        self._settings = settings
        self._store = store
        self._vectors = vectors
        self._index = index
        self._embedder = embedder
        self._word_vectors = WordVectors(embedder.embed) if embedder else None
        self._reranker = Reranker(settings) if settings.reranker != "none" else None
        self._model = model
        self._planner = Planner(settings, store, model)
        self._metrics = metrics

    def answer(
        self,
        question: Question,
        *,
        now: float,
        deadline: float,
        on_stage: Callable[[str], None],
        cancelled: Callable[[], bool],
    ) -> Answer:
        """Answer within `deadline` seconds. Raises ShadowhoundError CANCELLED."""
        started = time.perf_counter()
        trace_id = str(uuid6.uuid7())

        def stage(name: str) -> None:
            if cancelled():
                raise ShadowhoundError(Code.CANCELLED, f"the question was cancelled before {name}")
            on_stage(name)

        stage("planning")
        question, map_id = self._scoped(question)
        with self._metrics.timed("plan"):
            question = self._planner.as_of(question)
            plan = self._planner.plan(question, now, map_id, started + deadline)
        stage("searching")
        with self._metrics.timed("search"):
            plan, found, by_code, not_reranked = self._find(plan, question, map_id, now)
        stage("answering")
        candidates = found[: question.k or self._settings.k]
        left = deadline - (time.perf_counter() - started)
        said = self._say(question, plan, by_code, candidates, map_id, now, left)
        plan, computed = said.plan, said.computed
        if cancelled():
            raise ShadowhoundError(Code.CANCELLED, "the question was cancelled while it was answered")
        fallback = said.refusal or said.way.fallback_reason or not_reranked
        goal, no_goal = best_pose(plan, computed, question, self._settings)
        if goal and (computed.place, computed.citations[:1]) != (by_code.place, by_code.citations[:1]):
            goal, no_goal = None, "the adapter chose another memory than code did: a place to look, not one to drive to"
        answer = Answer(
            id=question.id,
            answer=said.text or extractive(plan, computed, self._settings.zone),
            abstained=computed.abstained,
            kind=plan.kind,
            citations=said.citations,
            candidates=tuple(candidates),
            place=computed.place,
            time=computed.time,
            count=computed.count,
            yes=computed.yes,
            duration=computed.duration,
            best_pose=goal,
            best_pose_refused=no_goal,
            route=str(said.way) if said.text else "rules",
            fallback_reason=fallback,
            trace_id=trace_id,
            seconds=time.perf_counter() - started,
        )
        self._note(question, now, said, answer)
        return answer

    def _scoped(self, question: Question) -> tuple[Question, str | None]:
        """The question put to this robot's memories, and the map that places must be in to be given or compared.

        Both are the filter's where it names them, else the settings'; a store that holds nothing of those, such as one
        copied from another robot, is not restricted.
        """
        asked, own = question.filter, self._settings
        if asked.robot_id is None and self._store.holds("robot_id", own.robot_id):
            asked = asked.model_copy(update={"robot_id": own.robot_id})
        map_id = asked.map_id or (own.map_id if self._store.holds("map_id", own.map_id) else None)
        return question.model_copy(update={"filter": asked}), map_id

    def _find(
        self, plan: Plan, question: Question, map_id: str | None, now: float
    ) -> tuple[Plan, list[Candidate], Computed, str | None]:
        """What `_look_up` finds, further back where the asked time holds nothing; with the plan that found it."""
        found, computed, not_reranked = self._look_up(plan, question, map_id, now)
        unseen = computed.abstained or (computed.gone and computed.place is None)
        if unseen and (wider := as_of(plan, question)):
            more, then, not_reranked = self._look_up(wider, question, map_id, now)
            if not then.abstained:
                plan, found, computed = wider, more, then
        if computed.place and (today := as_of_now(plan, question)):
            _, latest, _ = self._look_up(today, question, map_id, now)
            computed = replace(computed, latest=elsewhere(computed, latest))
        return plan, found, computed, not_reranked

    def _look_up(
        self, plan: Plan, question: Question, map_id: str | None, now: float
    ) -> tuple[list[Candidate], Computed, str | None]:
        """The candidates of a plan, what they say, and why they were not reranked although the settings ask for it."""
        vector = self._embed(plan)
        k = max(question.k or self._settings.k, self._settings.k)
        found, not_reranked = self._rerank(plan, search(plan, vector, self._store, self._vectors, self._index, k))
        computed = compute(
            plan,
            question,
            found,
            self._store,
            self._settings,
            map_id=map_id,
            now=now,
            vector=vector,
            word_vectors=self._word_vectors,
        )
        return found, computed, not_reranked

    def _embed(self, plan: Plan) -> npt.NDArray[np.float32] | None:
        """The vector of what is searched for; None when there is nothing to embed or no model to do it."""
        if not plan.search or self._embedder is None:
            return None
        try:
            with self._metrics.timed("embed_question"):
                return self._embedder.embed([plan.search])[0]
        except ModelUnavailable as error:
            log.warning("searching by words alone: %s", error)
            return None

    def _rerank(self, plan: Plan, found: list[Candidate]) -> tuple[list[Candidate], str | None]:
        if self._reranker is None or not plan.search:
            return found, None
        try:
            with self._metrics.timed("rerank"):
                return self._reranker.rerank(plan.search, found), None
        except ModelUnavailable as error:
            return found, str(error)

    def _say(
        self,
        question: Question,
        plan: Plan,
        computed: Computed,
        candidates: Sequence[Candidate],
        map_id: str | None,
        now: float,
        timeout: float,
    ) -> _Said:
        """What a model, as it is routed, makes of what code found; without text where it makes nothing of it."""
        way = route("recall", self._settings, self._model)
        if way.prompt == "adapter":
            return self._choose(question, plan, computed, candidates, way, map_id, now, timeout)
        if way.prompt == "strict" and computed.citations:
            wordings = pieces(plan, computed, self._settings.zone)
            constrained = self._model is not None and self._model.capabilities.constrained
            if constrained and all(len(piece) == 1 for piece in wordings):
                way = by_rules("recall", way.fallback_reason or _NO_CHOICE)
            else:
                return self._draft(question, plan, computed, wordings, way, timeout)
        return _Said(plan, computed, way, computed.citations)

    def _choose(
        self,
        question: Question,
        plan: Plan,
        computed: Computed,
        candidates: Sequence[Candidate],
        way: Route,
        map_id: str | None,
        now: float,
        timeout: float,
    ) -> _Said:
        """What code found where the adapter lets it stand, else what the memories that it chose say."""
        docs = shown(computed, candidates)
        if not docs:
            return _Said(plan, computed, by_rules("recall", way.fallback_reason), computed.citations)
        if not may_overrule(plan, question, computed):
            way = by_rules("recall", "the answer stands on more than an adapter is shown")
            return _Said(plan, computed, way, computed.citations)
        requests = [recall_adapter_request(plan.asked, doc.memory.text, way) for doc in docs]
        try:
            choice = read_choice(self._complete(requests, timeout), docs, plan, question, computed)
        except (ModelUnavailable, AnswerRefused) as refused:
            return _Said(plan, computed, by_rules("recall", str(refused)), computed.citations, refusal=str(refused))
        self._metrics.count("answers_grounded")
        if choice is not None:
            plan, computed = apply(*choice, plan, computed, candidates, map_id=map_id, now=now)
        return _Said(plan, computed, way, computed.citations, extractive(plan, computed, self._settings.zone))

    def _draft(
        self,
        question: Question,
        plan: Plan,
        computed: Computed,
        wordings: Sequence[Sequence[str]],
        way: Route,
        timeout: float,
    ) -> _Said:
        """The model's answer where it stands the check."""
        request = recall_request(question, computed.citations, wordings, way, self._settings.zone)
        try:
            [reply] = self._complete([request], timeout)
            text, citations = read_answer(reply.text, computed)
        except (ModelUnavailable, AnswerRefused) as refused:
            return _Said(plan, computed, way, computed.citations, refusal=str(refused))
        problems = unsupported(text, [citation.memory for citation in citations], plan, computed, self._settings.zone)
        if problems:
            refusal = f"the drafted answer was not supported: {', '.join(problems[:3])}"
            return _Said(plan, computed, way, computed.citations, refusal=refusal)
        self._metrics.count("answers_grounded")
        return _Said(plan, computed, way, citations, text)

    def _complete(self, requests: list[Request], timeout: float) -> list[Completion]:
        """The model's replies within `timeout` seconds. Raises ModelUnavailable."""
        if self._model is None or timeout <= 0:
            raise ModelUnavailable("the deadline had passed before the model was asked")
        with self._metrics.timed("draft_answer"):
            replies = self._model.complete(requests, Priority.RECALL, timeout)
        self._metrics.count("answers_drafted")
        self._metrics.count("recall_tokens", sum(reply.prompt_tokens + reply.completion_tokens for reply in replies))
        return replies

    def _note(
        self,
        question: Question,
        now: float,
        said: _Said,
        answer: Answer,
    ) -> None:
        self._metrics.count("recalls")
        self._metrics.count(f"recall_route_{answer.route}")
        if answer.abstained:
            self._metrics.count("abstained")
        if answer.fallback_reason:
            self._metrics.count("recall_fallbacks")
        seen = [found.memory for found in (*answer.citations, *answer.candidates)]
        self._store.put_trace(
            answer.trace_id,
            {
                "question": question.model_dump(mode="json", exclude_defaults=True),
                "asked_at": now,
                "plan": said.plan.model_dump(mode="json", exclude_defaults=True),
                "candidates": [{"id": c.memory.id, "score": c.score, "text": c.memory.text} for c in answer.candidates],
                "cited": [citation.memory.id for citation in answer.citations],
                "answer": answer.answer,
                "abstained": answer.abstained,
                "gives": answer.model_dump(
                    mode="json", exclude_none=True, include={"place", "time", "count", "yes", "duration", "best_pose"}
                ),
                "best_pose_refused": answer.best_pose_refused,
                "why": said.computed.reason,
                "refused": [said.refusal] if said.refusal else [],
                "route": answer.route,
                "adapter_reason": said.way.adapter_reason,
                "fallback_reason": answer.fallback_reason,
                "seconds": answer.seconds,
            },
            answer_keys(answer.answer, answer.abstained, (text for one in seen for text in (one.text, one.raw_text))),
        )
