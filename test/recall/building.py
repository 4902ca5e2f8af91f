"""A memory on the real store that can be told and asked, without the manager: what recall computes is seen."""

from pathlib import Path
from typing import Any

from shadowhound_memory.embedding import Embedder
from shadowhound_memory.prompts import embedding_text
from shadowhound_memory.question import Candidate, Plan, Question
from shadowhound_memory.recall.answer import Computed, compute
from shadowhound_memory.recall.plan import make_plan
from shadowhound_memory.recall.search import search
from shadowhound_memory.recall.support import WordVectors
from shadowhound_memory.recall.wording import extractive
from shadowhound_memory.record import Memory, Pose
from shadowhound_memory.settings import Settings
from shadowhound_memory.store.sqlite import SqliteStore
from shadowhound_memory.store.vectors import VectorTable

HOUR = 3600.0
START = 1790000000.0
"""Monday 2026-09-21 at 14:13:20 UTC."""
NOW = START + 48 * HOUR

Asked = tuple[Plan, Computed, str]


class Building:
    """Memories told one after the other and asked about; `n` of the memory is its place in the order of telling."""

    def __init__(self, directory: Path, embedder: Embedder) -> None:
        self.settings = Settings(model="none")
        self.store = SqliteStore.open(directory)
        self._vectors = VectorTable(self.store)
        self._embedder = embedder
        self._told = 0

    def tell(
        self,
        text: str,
        hours: float,
        at: tuple[float, float] | None = None,
        mission: str = "tour-1",
        event: Any = "note",
    ) -> Memory:
        self._told += 1
        memory = Memory(
            id=f"m{self._told}",
            event=event,
            text=text,
            raw_text=text,
            pose=None if at is None else Pose(x=at[0], y=at[1]),
            tags=(),
            mission_id=mission,
            timestamp=START + hours * HOUR,
            robot_id="robot",
            source="camera",
            status="current",
            written_by="rules",
            recorded_at=START,
        )
        self.store.insert(memory, memory.id)
        vectors = self._embedder.embed([embedding_text(memory)])
        rows = self.store.rows_of([memory.id])
        self.store.put_vectors(rows, vectors)
        self._vectors.put(rows, vectors)
        return memory

    def ask(self, text: str, **fields: Any) -> Asked:
        question = Question(text=text, asked_at=NOW, **fields)
        plan = make_plan(question, self.settings, NOW, self.store.missions())
        vector = self._embedder.embed([plan.search])[0] if plan.search else None
        found: list[Candidate] = search(plan, vector, self.store, self._vectors, None, 10)
        word_vectors = WordVectors(self._embedder.embed)
        computed = compute(
            plan, question, found, self.store, self.settings, now=NOW, vector=vector, word_vectors=word_vectors
        )
        return plan, computed, extractive(plan, computed, self.settings.zone)
