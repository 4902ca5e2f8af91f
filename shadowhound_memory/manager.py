"""MemoryManager: write, recall, forget, correct, start and end missions. The only door to a robot's memory."""

import hashlib
import logging
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from threading import BoundedSemaphore, Condition, Event, Lock
from typing import Any, Literal, get_args

import uuid6
from pydantic import TypeAdapter, ValidationError
from typing_extensions import Self

from shadowhound_memory.adapters.registry import Registry
from shadowhound_memory.background import Background
from shadowhound_memory.drafting import draft_batch
from shadowhound_memory.embedding import Embedder
from shadowhound_memory.errors import Code, ModelUnavailable, ShadowhoundError
from shadowhound_memory.forgetting import Forgotten, mark_adapters, remove, with_superseded
from shadowhound_memory.metrics import Metrics, summarize
from shadowhound_memory.models import Models
from shadowhound_memory.models.base import Task
from shadowhound_memory.prompts import embedding_text
from shadowhound_memory.question import Answer, Filter, Question
from shadowhound_memory.recall.pipeline import Recall
from shadowhound_memory.record import Memory, Name, Observation, Pose, explain, validate_memory
from shadowhound_memory.routing import route
from shadowhound_memory.rules import write_by_rules
from shadowhound_memory.serving import KnownAdapter, known_adapters, load_adapter, unload_adapter
from shadowhound_memory.settings import Settings
from shadowhound_memory.skills import SkillCall, call_skill
from shadowhound_memory.stamping import check_length, check_limits, check_source, pending_memory
from shadowhound_memory.store.chroma import ChromaIndex
from shadowhound_memory.store.sqlite import SqliteStore
from shadowhound_memory.store.traces import KEPT
from shadowhound_memory.store.vectors import VectorTable
from shadowhound_memory.tracks import BATCH, Track, read_tracks, update_tracks

log = logging.getLogger(__name__)

EMBED_BATCH = 32


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
        self._on_memory = on_memory
        self._metrics = Metrics()
        self._written = Condition()
        self._closing = Event()
        self._flushing = Lock()
        self._slots = BoundedSemaphore(settings.max_recalls)
        self._embedder, self._embedding_state = _open_embedder(settings, store)
        self._models = Models(settings, self._metrics)
        self._vectors = VectorTable(store)
        self._index = None if read_only else ChromaIndex(settings, store)
        model = self._models.for_task("recall")
        self._recall = Recall(settings, store, self._vectors, self._index, self._embedder, model, self._metrics)
        self._background = (
            []
            if read_only
            else [
                Background("embedding", self._embed),
                Background("writing", self._draft),
                Background("tracks", lambda: update_tracks(store) == BATCH),  # else in a second: writing goes first
            ]
        )

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
        if self._closing.is_set():
            return
        self._closing.set()
        with self._written:
            self._written.notify_all()
        self._models.close()
        for background in self._background:
            background.stop()
        if self._index:
            self._index.close()
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
            self._refuse_own(observation.source, observation.text)
            mission_id = observation.mission_id or self._mission_for(observation, now)
            memory = pending_memory(observation, pose, mission_id, self.settings, now)
            digest = hashlib.sha256(observation.model_dump_json().encode()).hexdigest()
            new = self._store.insert(memory, digest)
        if not new:
            memory = self.get(memory.id)
        self._wake()
        if wait is not None and memory.status == "pending":
            memory = self.await_finished(memory.id, wait)
        return memory

    def await_finished(self, memory_id: str, timeout: float) -> Memory:
        """The memory once it is finished. Raises NOT_FOUND, or TIMEOUT after `timeout` seconds or on `close`."""
        end = time.monotonic() + timeout
        with self._written:
            while (memory := self.get(memory_id)).status == "pending":
                left = end - time.monotonic()
                if left <= 0 or self._closing.is_set():
                    raise ShadowhoundError(
                        Code.TIMEOUT, f"memory {memory_id} is kept but not finished after {timeout} s; it will be"
                    )
                self._written.wait(min(left, 1.0))
        return memory

    def keep(self, memory: Memory) -> Memory:
        """Keep a full record as it stands, such as one that was exported elsewhere. Raises INVALID, ID_CONFLICT or
        OWN_ANSWER."""
        self._may_write()
        validate_memory(memory)
        check_limits(memory.raw_text, memory.timestamp, memory.end_time, self.settings, self._clock())
        self._refuse_own(memory.source, memory.raw_text, memory.text)
        digest = hashlib.sha256(memory.model_dump_json().encode()).hexdigest()
        self._store.insert(memory, digest)
        self._wake()
        return memory

    def correct(
        self, memory_id: str, *, text: str | None = None, event: str | None = None, tags: Sequence[str] | None = None
    ) -> Memory:
        """Supersede a memory by a person's correction; the old one is kept.

        With a new text, event and tags that are not given are taken from it by rules. Raises NOT_FOUND or INVALID.
        """
        self._may_write()
        old = self.get(memory_id)
        if old.status == "superseded":
            raise ShadowhoundError(
                Code.INVALID, f"memory {memory_id} is superseded; correct the one that superseded it"
            )
        changes = {"text": text, "event": event, "tags": None if tags is None else tuple(tags)}
        try:
            if text is not None and text.strip():  # what stems from the words that were wrong goes with them
                written = write_by_rules(old.model_copy(update={"raw_text": text}))
                changes |= {"event": event or written.event, "tags": written.tags if tags is None else tuple(tags)}
        except ValidationError as error:
            raise explain(error, "correction") from error
        fields = old.model_dump() | {name: value for name, value in changes.items() if value is not None}
        fields |= {
            "id": str(uuid6.uuid7()),
            "supersedes": old.id,
            "status": "current",
            "written_by": "person",
            "degraded": False,
            "model": None,
            "adapter": None,
            "route": "person",
            "recorded_at": self._clock(),
        }
        try:
            new = Memory.model_validate(fields)
        except ValidationError as error:
            raise explain(error, "correction") from error
        check_length(new.text, self.settings)
        self._store.correct(old.id, new, hashlib.sha256(new.model_dump_json().encode()).hexdigest())
        self._announce([new])
        self._wake()
        return new

    def forget(self, ids: Sequence[str] = (), *, filter: Filter | None = None, dry_run: bool = False) -> Forgotten:
        """Remove memories for good, words and vectors included: those named, or all that a filter finds.

        What they supersede goes with them, and this robot's adapters that were trained on them serve no more;
        `dry_run` only says which ones. Raises INVALID when neither or both are given, NOT_FOUND.
        """
        if bool(ids) == (filter is not None):
            raise ShadowhoundError(Code.INVALID, "forget takes either ids or a filter, one of the two")
        if filter is not None:
            chosen = self._store.by_rows(self._store.rows(filter))
        else:
            chosen = [self.get(memory_id) for memory_id in ids]
        going = with_superseded(self._store, chosen)
        if not going:
            return Forgotten((), ())
        if not dry_run:
            self._may_write()
        adapters = mark_adapters(Registry(self.settings.directory / "adapters"), going, dry_run=dry_run)
        if not dry_run:
            remove(self._store, self._vectors, going)
            if self._index:
                self._index.wake()
        return Forgotten(tuple(going), adapters)

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
        self._background[2].wake()
        if self._index:
            self._index.wake()
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
            embedding=self._embedding_state,
            index=self._index.state if self._index else "not opened: read-only",
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
        if self._embedder is None:
            raise ShadowhoundError(Code.STORE_FAILED, f"nothing was made anew: {self._embedding_state}")
        self._store.drop_vectors()
        self._store.drop_tracks()
        self._vectors.clear()
        if self._index:
            self._index.rebuild()
        self._wake()

    def trace(self, trace_id: str) -> dict[str, Any]:
        """How an answer came about; `right` holds its rating. Raises NOT_FOUND when it is not kept (any more)."""
        found = self._store.trace(trace_id)
        if found is None:
            raise self._no_trace(trace_id)
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
            raise self._no_trace(trace_id)

    def wait_for_model(self, timeout: float) -> None:
        """Return when the model no longer loads, or after `timeout` seconds."""
        end = time.monotonic() + timeout
        while self._models.state == "loading" and time.monotonic() < end:
            time.sleep(0.05)

    def wait_until_idle(self, timeout: float, on_progress: Callable[[Status], None] | None = None) -> None:
        """Return when everything is finished, embedded and tracked. Raises TIMEOUT after `timeout` seconds."""
        end = time.monotonic() + timeout
        while (status := self.status()).pending or (status.unembedded and self._embedder) or self._tracks_lag():
            if on_progress:
                on_progress(status)
            if time.monotonic() > end:
                raise ShadowhoundError(
                    Code.TIMEOUT,
                    f"{status.pending} memories are pending and {status.unembedded} not embedded after {timeout} s",
                )
            time.sleep(0.05)

    # Inside

    def _tracks_lag(self) -> bool:
        if self._read_only or not self._store.tracks_lag():
            return False
        self._background[2].wake()
        return True

    def _may_write(self) -> None:
        if self._read_only:
            raise ShadowhoundError(Code.READ_ONLY, f"{self.settings.directory} was opened for reading only")

    def _no_trace(self, trace_id: str) -> ShadowhoundError:
        return ShadowhoundError(
            Code.NOT_FOUND,
            f"no trace {trace_id!r} is kept in {self.settings.directory}; the latest {KEPT} are and those that were "
            "rated, less those of memories that were forgotten: list them with `shadowhound-memory trace`",
        )

    def _refuse_own(self, source: str, *texts: str) -> None:
        check_source(source)
        for text in dict.fromkeys(texts):
            if trace_id := self._store.answer_that_said(text):
                raise ShadowhoundError(
                    Code.OWN_ANSWER,
                    f"this text is the answer of trace {trace_id}, and an answer is no observation; "
                    "write what was perceived, in words of its own",
                )

    def _mission_for(self, observation: Observation, now: float) -> str:
        """The current mission, else one that is opened; not for an id that is there already, which changes nothing."""
        robot_id = observation.robot_id or self.settings.robot_id
        if current := self._store.current_mission(robot_id):
            return current
        if observation.id and (kept := self._store.get([observation.id])):
            return kept[0].mission_id
        return self._store.open_mission(robot_id, None, now, if_none=True)

    def _embed(self) -> bool:
        if self._embedder is None or (self._models.for_task("writing") is None and self._store.pending(1)):
            return False  # without a model, memories are finished in a moment: they are embedded once, as they then are
        rows_and_memories = self._store.unembedded(EMBED_BATCH)
        if not rows_and_memories:
            return False
        rows = [row for row, _ in rows_and_memories]
        try:
            with self._metrics.timed("embed"):
                matrix = self._embedder.embed([embedding_text(memory) for _, memory in rows_and_memories])
        except ModelUnavailable as missing:  # words are searched; vectors come when it is next opened with a model
            log.warning("searching by words alone: %s", missing)
            self._embedder, self._embedding_state = None, str(missing)
            return False
        self._store.put_vectors(rows, matrix)
        self._vectors.put(rows, matrix)
        if self._index:
            self._index.wake()
        return True

    def _draft(self) -> bool:
        memories = self._store.pending(self.settings.write_batch)
        if not memories:
            return False
        model = self._models.for_task("writing")
        if model and model.state == "loading":
            return False
        with self._metrics.timed("draft"):
            finished = draft_batch(memories, self.settings, model, self._metrics)
        if self._closing.is_set():
            return False
        for memory in finished:
            validate_memory(memory)
        self._store.finish(finished)
        self._announce(finished)
        self._flush_metrics()
        self._background[0].wake()
        return True

    def _announce(self, memories: Sequence[Memory]) -> None:
        with self._written:
            self._written.notify_all()
        if self._on_memory:
            for memory in memories:
                self._on_memory(memory)

    def _wake(self) -> None:
        for background in self._background[:2]:
            background.wake()

    def _flush_metrics(self) -> None:
        if self._read_only:
            return
        with self._flushing:  # whoever reads the counters next finds all that was drained
            self._store.count_up(self._metrics.drain())


def _open_embedder(settings: Settings, store: SqliteStore) -> tuple[Embedder | None, str]:
    """The embedder and its state; none where its model is missing, or did not make a read-only store's vectors."""
    embedder = Embedder(settings)
    try:
        if store.use_embedding(embedder.name):
            return embedder, "ready"
        return None, f"the vectors are of {store.embedding}, not {embedder.name}; open it for writing to make them anew"
    except ModelUnavailable as missing:
        return None, str(missing)
