"""Questions with the memories that search returned: a store that holds the memories of one row alone."""

import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from shadowhound_memory.embedding import Embedder
from shadowhound_memory.metrics import Metrics
from shadowhound_memory.models.base import LanguageModel
from shadowhound_memory.prompts import embedding_text
from shadowhound_memory.question import Answer, Candidate, Question
from shadowhound_memory.recall.pipeline import Recall
from shadowhound_memory.recall.planning import Planner
from shadowhound_memory.recall.search import search
from shadowhound_memory.record import Memory, Pose
from shadowhound_memory.rules import write_by_rules
from shadowhound_memory.settings import Settings
from shadowhound_memory.store.sqlite import SqliteStore
from shadowhound_memory.store.vectors import VectorTable

DEADLINE = 120.0


@dataclass(frozen=True)
class Doc:
    """A memory as a row holds it; `time` in seconds since the epoch, `place` in metres of the map."""

    time: float
    event: str
    text: str
    mission_id: str
    place: tuple[float, float] | None = None

    def memory(self, number: int) -> Memory:
        """The doc as a memory whose id is its number."""
        pose = Pose(x=self.place[0], y=self.place[1]) if self.place else None
        bare = Memory(
            id=str(number), event=self.event, text=self.text, raw_text=self.text, pose=pose, tags=(),
            mission_id=self.mission_id, timestamp=self.time, robot_id="robot", source="robot", status="current",
            written_by="rules", recorded_at=self.time,
        )  # fmt: skip
        return bare.model_copy(update={"tags": write_by_rules(bare).tags})


class Bank:
    """A store that holds some docs and nothing else, and recall over it."""

    def __init__(self, settings: Settings, store: SqliteStore, embedder: Embedder, model: LanguageModel | None) -> None:
        self._settings, self._store, self._embedder = settings, store, embedder
        self._vectors = VectorTable(store)
        self._recall = Recall(settings, store, self._vectors, None, embedder, model, Metrics())
        self._planner = Planner(settings, store, model)

    def ask(self, text: str, asked_at: float) -> Answer:
        """One answer through the whole of recall, without a deadline that matters."""
        return self._recall.answer(
            Question(text=text, asked_at=asked_at),
            now=asked_at,
            deadline=DEADLINE,
            on_stage=lambda _: None,
            cancelled=lambda: False,
        )

    def search(self, text: str, asked_at: float, words: str | None, k: int = 10) -> list[Candidate]:
        """The memories found for a question, by other words to search for where some are given."""
        plan = self._planner.plan(
            Question(text=text, asked_at=asked_at), asked_at, None, time.perf_counter() + DEADLINE
        )
        plan = plan.model_copy(update={"search": words or plan.search})
        vector = self._embedder.embed([plan.search])[0] if plan.search else None
        return search(plan, vector, self._store, self._vectors, None, k)


class Asker:
    """Makes stores for rows, the embedder loaded once."""

    def __init__(self, settings: Settings, model: LanguageModel | None) -> None:
        self._settings = settings
        self._model = model
        self._embedder = Embedder(settings)

    @contextmanager
    def store(self, docs: Sequence[Doc]) -> Iterator[Bank]:
        """A store that holds these memories, the first with the id "1"."""
        with tempfile.TemporaryDirectory(prefix="recall-") as folder:
            store = SqliteStore.open(Path(folder), read_only=False, simulated=False)
            try:
                store.use_embedding(self._embedder.name)
                memories = [doc.memory(number) for number, doc in enumerate(docs, 1)]
                for memory in memories:
                    store.insert(memory, memory.id)
                rows = store.rows_of([memory.id for memory in memories])
                store.put_vectors(rows, self._embedder.embed([embedding_text(memory) for memory in memories]))
                yield Bank(self._settings, store, self._embedder, self._model)
            finally:
                store.close()
