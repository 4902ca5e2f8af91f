"""Questions with the memories that search returned: a store that holds the memories of one row alone."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from shadowhound_memory.embedding import Embedder
from shadowhound_memory.metrics import Metrics
from shadowhound_memory.models.base import LanguageModel
from shadowhound_memory.prompts import embedding_text
from shadowhound_memory.question import Answer, Question
from shadowhound_memory.recall.pipeline import Recall
from shadowhound_memory.record import Memory, Pose
from shadowhound_memory.rules import write_by_rules
from shadowhound_memory.settings import Settings
from shadowhound_memory.store.sqlite import SqliteStore
from shadowhound_memory.store.vectors import VectorTable


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


class Asker:
    """Answers questions from a row's memories alone, through the whole of recall."""

    def __init__(self, settings: Settings, model: LanguageModel | None) -> None:
        self._settings = settings
        self._model = model
        self._embedder = Embedder(settings)

    @contextmanager
    def store(self, docs: list[Doc]) -> Iterator[Recall]:
        """A store that holds these memories, the first with the id "1"."""
        with tempfile.TemporaryDirectory(prefix="recall-") as folder:
            store = SqliteStore.open(Path(folder), read_only=False, simulated=False)
            try:
                store.use_embedding(self._embedder.name)
                memories = [doc.memory(number) for number, doc in enumerate(docs, 1)]
                for memory in memories:
                    store.insert(memory, memory.id)
                rows = store.rows_of([memory.id for memory in memories])
                matrix = self._embedder.embed([embedding_text(memory) for memory in memories])
                store.put_vectors(rows, matrix)
                yield Recall(self._settings, store, VectorTable(store), None, self._embedder, self._model, Metrics())
            finally:
                store.close()


def ask(recall: Recall, text: str, asked_at: float) -> Answer:
    """One answer, without a deadline that matters."""
    return recall.answer(
        Question(text=text, asked_at=asked_at),
        now=asked_at,
        deadline=120.0,
        on_stage=lambda _: None,
        cancelled=lambda: False,
    )
