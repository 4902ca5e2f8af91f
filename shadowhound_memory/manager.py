"""MemoryManager: write, recall, forget, correct, start and end missions. The only door to a robot's memory."""

import hashlib
import logging
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from threading import BoundedSemaphore
from typing import Any, Literal, get_args

from pydantic import TypeAdapter, ValidationError
from typing_extensions import Self

from shadowhound_memory.correction import corrected
from shadowhound_memory.errors import Code, ShadowhoundError
from shadowhound_memory.finishing import Finishing
from shadowhound_memory.forgetting import Forgotten, forget
from shadowhound_memory.indexing import Indexing
from shadowhound_memory.metrics import Metrics, summarize
from shadowhound_memory.models import Models
from shadowhound_memory.models.base import Task
from shadowhound_memory.question import Answer, Filter, Question
from shadowhound_memory.recall.pipeline import Recall
from shadowhound_memory.record import Memory, Name, Observation, Pose, explain, validate_memory
from shadowhound_memory.routing import route
from shadowhound_memory.serving import KnownAdapter, known_adapters, load_adapter, unload_adapter
from shadowhound_memory.settings import Settings
from shadowhound_memory.skills import SkillCall, call_skill
from shadowhound_memory.stamping import check_limits, check_not_own, mission_for, pending_memory
from shadowhound_memory.store.sqlite import SqliteStore
from shadowhound_memory.store.traces import not_kept
from shadowhound_memory.tracks import Track, read_tracks

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Status:
    """What the memory is doing now. `model`, `embedding` and `index` are words: ready, loading, or why not."""

    memories: int
    pending: int
    unembedded: int
    mission_id: str | None
    model: str
    embedding: str
    index: str


class MemoryManager:
    """A robot's memory. Open it with `MemoryManager.open`, close it or use it as a context manager; thread-safe.

    Every method raises ShadowhoundError with a code and a sentence; bad input changes nothing.
    """

    def __init__(
        self,
        settings: Settings,
        store: SqliteStore,
        *,
        read_only: bool,
        clock: Callable[[], float],
        on_memory: Callable[[Memory], None] | None,
    ) -> None:
        self.settings = settings
        self._store = store
        self._read_only = read_only
        self._clock = clock
        metrics = self._metrics = Metrics()
        self._slots = BoundedSemaphore(settings.max_recalls)
        indexing = self._indexing = Indexing(settings, store, metrics, read_only=read_only)
        self._models = Models(settings, metrics)
        model = self._models.for_task("recall")
        self._recall = Recall(settings, store, indexing.vectors, indexing.index, indexing.embedder, model, metrics)
        self._finishing = Finishing(settings, store, indexing, self._models, metrics, on_memory)
        if not read_only:
            self._finishing.start()

    @classmethod
    def open(
        cls,
        settings: Settings | None = None,
        *,
        read_only: bool = False,
        clock: Callable[[], float] = time.time,
        on_memory: Callable[[Memory], None] | None = None,
    ) -> Self:
        """Open the memory in `settings.directory`, making it if need be.

        `read_only` works beside a running writer and writes nothing. `clock` gives seconds since the epoch.
        `on_memory` is called from a background thread with each memory as it is finished.
        Raises ShadowhoundError SKIPPED, LOCKED, READ_ONLY or STORE_FAILED.
        """
        settings = settings or Settings()
        if settings.memory_backend == "skip":
            raise ShadowhoundError(
                Code.SKIPPED, "memory_backend is 'skip': nothing is kept or recalled; set it to 'local' or 'openai'"
            )
        store = SqliteStore.open(settings.directory, read_only=read_only, simulated=settings.simulated)
        try:
            return cls(settings, store, read_only=read_only, clock=clock, on_memory=on_memory)
        except BaseException:
            store.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop the background work and free everything. What is pending is finished when it is next opened."""
        if self._finishing.ending:
            return
        self._finishing.let_go()
        self._models.close()
        self._finishing.stop()
        self._indexing.close()
        self._flush_metrics()
        self._store.close()

    # Writing

    def write(self, observation: Observation, *, pose: Pose | None = None, wait: float | None = None) -> Memory:
        """Keep an observation. On return it is committed and its words can be found.

        `pose` stands in where the observation has none. `wait`: seconds to wait for the finished memory; None returns
        at once with status `pending`. Raises INVALID, ID_CONFLICT, STORE_FAILED, OWN_ANSWER for what the agent said or
        this memory answered, or TIMEOUT when `wait` ran out: the memory is kept all the same and finished later.
        """
        self._may_write()
        with self._metrics.timed("write"):
            now = self._clock()
            check_limits(observation.text, observation.timestamp, observation.end_time, self.settings, now)
            check_not_own(self._store, observation.source, observation.text)
            mission_id = mission_for(observation, self._store, self.settings, now)
            memory = pending_memory(observation, pose, mission_id, self.settings, now)
            digest = hashlib.sha256(observation.model_dump_json().encode()).hexdigest()
            new = self._store.insert(memory, digest)
        if not new:
            memory = self.get(memory.id)
        self._finishing.wake()
        if wait is not None and memory.status == "pending":
            memory = self.await_finished(memory.id, wait)
        return memory

    def await_finished(self, memory_id: str, timeout: float) -> Memory:
        """The memory once it is finished. Raises NOT_FOUND, or TIMEOUT after `timeout` seconds or on `close`."""
        memory = self._finishing.wait(lambda: self.get(memory_id), timeout)
        if memory.status == "pending":
            raise ShadowhoundError(
                Code.TIMEOUT, f"memory {memory_id} is kept but not finished after {timeout} s; it will be"
            )
        return memory

    def keep(self, memory: Memory) -> Memory:
        """Keep a full record as it stands, such as one that was exported elsewhere. Raises INVALID, ID_CONFLICT or
        OWN_ANSWER."""
        self._may_write()
        validate_memory(memory)
        check_limits(memory.raw_text, memory.timestamp, memory.end_time, self.settings, self._clock())
        check_not_own(self._store, memory.source, memory.raw_text, memory.text)
        digest = hashlib.sha256(memory.model_dump_json().encode()).hexdigest()
        self._store.insert(memory, digest)
        self._finishing.wake()
        return memory

    def correct(
        self, memory_id: str, *, text: str | None = None, event: str | None = None, tags: Sequence[str] | None = None
    ) -> Memory:
        """Supersede a memory by a person's correction; the old one is kept.

        With a new text, event and tags that are not given are taken from it by rules. Raises NOT_FOUND or INVALID.
        """
        self._may_write()
        old = self.get(memory_id)
        new = corrected(old, text=text, event=event, tags=tags, settings=self.settings, now=self._clock())
        self._store.correct(old.id, new, hashlib.sha256(new.model_dump_json().encode()).hexdigest())
        self._finishing.announce([new])
        self._finishing.wake()
        return new

    def forget(self, ids: Sequence[str] = (), *, filter: Filter | None = None, dry_run: bool = False) -> Forgotten:
        """Remove memories for good, words and vectors included: those named, or all that a filter finds.

        What they supersede goes with them, and this robot's adapters that were trained on them serve no more;
        `dry_run` only says which ones. Raises INVALID when neither or both are given, NOT_FOUND.
        """
        if bool(ids) == (filter is not None):
            raise ShadowhoundError(Code.INVALID, "forget takes either ids or a filter, one of the two")
        if isinstance(ids, str):
            raise ShadowhoundError(Code.INVALID, f"ids = {ids!r}: it is a list of ids, so [{ids!r}]")
        if filter is not None:
            chosen = self._store.by_rows(self._store.rows(filter))
        else:
            chosen = [self.get(memory_id) for memory_id in ids]
        if chosen and not dry_run:
            self._may_write()
        forgotten = forget(self.settings, self._store, self._indexing.vectors, chosen, dry_run=dry_run)
        if not dry_run:
            self._indexing.wake_index()
        return forgotten

    # Reading

    def recall(
        self,
        question: Question,
        *,
        deadline: float | None = None,
        on_stage: Callable[[str], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> Answer:
        """Answer a question from the memories, with citations, or abstain.

        `deadline`: seconds (default the setting), after which the answer is in the memories' own words. `on_stage` is
        told planning, searching and answering. Raises INVALID, BUSY when `max_recalls` are under way, CANCELLED.
        """
        if len(question.text) > self.settings.max_question:
            raise ShadowhoundError(
                Code.INVALID,
                f"the question has {len(question.text)} characters, the limit is {self.settings.max_question} "
                "(max_question)",
            )
        if not self._slots.acquire(blocking=False):
            raise ShadowhoundError(
                Code.BUSY, f"{self.settings.max_recalls} recalls are under way (max_recalls); ask again in a moment"
            )
        try:
            with self._metrics.timed("recall"):
                return self._recall.answer(
                    question,
                    now=question.asked_at if question.asked_at is not None else self._clock(),
                    deadline=deadline if deadline is not None else self.settings.recall_deadline,
                    on_stage=on_stage or (lambda _: None),
                    cancelled=cancelled or (lambda: False),
                )
        finally:
            self._slots.release()

    def get(self, memory_id: str) -> Memory:
        """The memory with this id. Raises NOT_FOUND."""
        found = self._store.get([memory_id])
        if not found:
            raise ShadowhoundError(Code.NOT_FOUND, f"no memory has the id {memory_id!r}")
        return found[0]

    def memories(
        self,
        filter: Filter | None = None,
        *,
        limit: int | None = None,
        order: Literal["earliest", "latest"] = "earliest",
    ) -> Iterator[Memory]:
        """All memories that a filter finds, or the first `limit` in that order; superseded ones included by default."""
        rows = self._store.rows(filter or Filter(statuses=("pending", "current", "superseded")), limit, order)
        for start in range(0, len(rows), 500):
            yield from self._store.by_rows(rows[start : start + 500])

    def tracks(self, filter: Filter | None = None) -> list[Track]:
        """What repeated sightings of things say together, the last seen first; kept up in the background.

        A filter that names more than robot and map gives the tracks that the memories it allows make by themselves.
        Raises STORE_FAILED for a store of an older version that is open for reading only.
        """
        return read_tracks(self._store, filter)

    # Missions

    def start_mission(self, mission_id: str | None = None) -> str:
        """Open a mission and make it the current one, ending the one before. Returns its id. Raises INVALID."""
        self._may_write()
        try:
            TypeAdapter(Name | None).validate_python(mission_id)
        except ValidationError as error:
            raise explain(error, "mission_id") from None
        opened = self._store.open_mission(self.settings.robot_id, mission_id, self._clock())
        for task, way in self.routes().items():
            log.info("mission %s: %s by %s", opened, task, way)
        return opened

    def end_mission(self, mission_id: str | None = None) -> str:
        """End the named or the current mission. Raises NOT_FOUND when there is none open."""
        self._may_write()
        mission_id = mission_id or self._store.current_mission(self.settings.robot_id)
        if mission_id is None:
            raise ShadowhoundError(Code.NOT_FOUND, "no mission is open; start one first")
        self._store.end_mission(mission_id, self._clock())
        self._finishing.wake_tracks()
        self._indexing.wake_index()
        return mission_id

    # Skills and adapters

    def skill_call(self, request: str, tool: dict[str, Any]) -> SkillCall:
        """Turn a request into the arguments of a tool, valid under its JSON Schema.

        `tool`: `name`, `description` and `parameters`, the JSON Schema (2020-12) of an object. Numbers and content
        words of the arguments stem from the request, or are values that the schema names. Raises INVALID, or
        MODEL_UNAVAILABLE when no model is ready or none could do it.
        """
        with self._metrics.timed("skill_call"):
            return call_skill(request, tool, self.settings, self._models.for_task("skills"), self._metrics)

    def adapters(self, task: str | None = None) -> list[KnownAdapter]:
        """The registered adapters of a task, or all, this robot's own first. Raises INVALID."""
        return known_adapters(self.settings, self._models, task)

    def load_adapter(self, name: str) -> None:
        """Load an adapter and let it serve its task before any other, until it is unloaded or the memory is closed.

        Raises NOT_FOUND, INVALID when it may not serve or cannot be loaded, MODEL_UNAVAILABLE; all stays as it was.
        """
        load_adapter(self.settings, self._models, name)

    def unload_adapter(self, name: str) -> None:
        """Take back what `load_adapter` chose. Raises NOT_FOUND."""
        unload_adapter(self._models, name)

    def routes(self) -> dict[Task, str]:
        """Which model and adapter would do each task now, and why."""
        return {task: route(task, self.settings, self._models.for_task(task)).explained for task in get_args(Task)}

    # Care

    def status(self) -> Status:
        """What it is doing now; cheap enough to ask every second."""
        queue = self._store.queue()
        return Status(
            memories=queue.memories,
            pending=queue.pending,
            unembedded=queue.unembedded,
            mission_id=self._store.current_mission(self.settings.robot_id),
            model=self._models.state,
            embedding=self._indexing.state,
            index=self._indexing.index_state,
        )

    def stats(self) -> dict[str, Any]:
        """Status, counters since the store was made, rates, latencies of this process, and advice."""
        self._flush_metrics()
        counters = self._store.counters()
        for name, number in self._metrics.counted().items():
            counters[name] = counters.get(name, 0) + number
        return {
            "status": vars(self.status()),
            "rates": summarize(counters),
            "counters": dict(sorted(counters.items())),
            "latency": self._metrics.latencies(),
            "routes": self.routes(),
        }

    def check(self) -> list[str]:
        """Problems of the store, each a sentence; empty when it is sound."""
        return self._store.check()

    def reindex(self) -> None:
        """Make every vector and the index anew. Raises READ_ONLY when opened for reading."""
        self._may_write()
        self._indexing.start_anew()
        self._store.drop_tracks()
        self._finishing.wake()

    def trace(self, trace_id: str) -> dict[str, Any]:
        """How an answer came about; `right` holds its rating. Raises NOT_FOUND when it is not kept (any more)."""
        found = self._store.trace(trace_id)
        if found is None:
            raise not_kept(trace_id, self.settings.directory)
        return found

    def traces(self, limit: int | None = None) -> list[tuple[str, float, dict[str, Any]]]:
        """The latest traces, or all, newest first: id, when it was kept (seconds since the epoch), the trace."""
        return self._store.traces(limit)

    def rate(self, trace_id: str, right: bool) -> None:
        """Keep whether an answer was right, as a person says; the last rating counts. Works beside a writer too.

        Adapters are trained on answers that were. A rated trace is kept until a memory of it is forgotten. Raises
        NOT_FOUND, READ_ONLY where the directory cannot be written, STORE_FAILED.
        """
        if not self._store.rate(trace_id, right):
            raise not_kept(trace_id, self.settings.directory)

    def wait_for_model(self, timeout: float) -> None:
        """Return when the model no longer loads, or after `timeout` seconds."""
        end = time.monotonic() + timeout
        while self._models.state == "loading" and time.monotonic() < end:
            time.sleep(0.05)

    def wait_until_idle(self, timeout: float, on_progress: Callable[[Status], None] | None = None) -> None:
        """Return when everything is finished, embedded and tracked. Raises TIMEOUT after `timeout` seconds."""
        end = time.monotonic() + timeout
        while (
            (status := self.status()).pending
            or (status.unembedded and self._indexing.embedder)
            or self._finishing.tracks_lag()
        ):
            if on_progress:
                on_progress(status)
            if time.monotonic() > end:
                raise ShadowhoundError(
                    Code.TIMEOUT,
                    f"{status.pending} memories are pending and {status.unembedded} not embedded after {timeout} s",
                )
            time.sleep(0.05)

    # Inside

    def _may_write(self) -> None:
        if self._read_only:
            raise ShadowhoundError(Code.READ_ONLY, f"{self.settings.directory} was opened for reading only")

    def _flush_metrics(self) -> None:
        if not self._read_only:
            self._metrics.flush(self._store.count_up)
