"""The stores that are compared, each behind the same methods."""

import hashlib
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import chromadb
import numpy as np
from chromadb.config import Settings as ChromaSettings
from numpy.typing import NDArray

from bench.cases import Case, flat
from bench.child import Child
from bench.corpus import Corpus
from shadowhound_memory.embedding import Embedder
from shadowhound_memory.question import Plan
from shadowhound_memory.recall.search import search
from shadowhound_memory.record import Memory
from shadowhound_memory.settings import Settings
from shadowhound_memory.store.chroma import ChromaIndex
from shadowhound_memory.store.sqlite import SqliteStore
from shadowhound_memory.store.vectors import VectorTable

Vector = NDArray[np.float32]
NO_WORDS = "?"
"""Search text without a word in it: the vector alone decides."""


class Store(Protocol):
    """A store under measurement. `search` gives the seconds it took and the ids it found, best first."""

    name: str

    def search(self, case: Case, question: str, vector: Vector, k: int) -> tuple[float, list[str]]: ...

    def close(self) -> None: ...


class Ours:
    """The package's own store and search, given the plan. Searches by vector alone, or with `words` also by words."""

    name = "shadowhound_memory"

    def __init__(self, directory: Path) -> None:
        self.settings = Settings(data_dir=str(directory), model="none")
        self.store = SqliteStore.open(directory)
        self.vectors = VectorTable(self.store)
        self.index = ChromaIndex(self.settings, self.store)

    def await_index(self, timeout: float = 1800) -> None:
        """Return when the index holds all vectors. Raises TimeoutError."""
        self.index.wake()
        end = time.monotonic() + timeout
        while self.index.state != "ready":
            if time.monotonic() > end:
                raise TimeoutError(f"the index is still {self.index.state!r} after {timeout} s")
            time.sleep(0.1)

    def search(self, case: Case, question: str, vector: Vector, k: int, words: bool = False) -> tuple[float, list[str]]:
        plan = Plan(kind="text", asked=question, search=question if words else NO_WORDS, filter=case.filter)
        start = time.perf_counter()
        found = search(plan, vector, self.store, self.vectors, self.index, k)
        return time.perf_counter() - start, [candidate.memory.id for candidate in found]

    def close(self) -> None:
        self.index.close()
        self.store.close()


def fill_ours(directory: Path, history: Corpus) -> float:
    """Make a store that holds the history with its vectors. Returns seconds."""
    start = time.perf_counter()
    store = SqliteStore.open(directory)
    store.use_embedding(Embedder(Settings()).name)
    for memories, matrix in history.batches(1000):
        for memory in memories:
            store.insert(memory, _hash(memory))
        store.put_vectors(store.rows_of([memory.id for memory in memories]), matrix)
    store.close()
    return time.perf_counter() - start


def _hash(memory: Memory) -> str:
    return hashlib.sha256(memory.text.encode()).hexdigest()


class PlainChroma:
    """One Chroma collection with its defaults (cosine) and filters as metadata: how it is plainly used."""

    name = "chromadb"

    def __init__(self, directory: Path) -> None:
        client = chromadb.PersistentClient(str(directory), ChromaSettings(anonymized_telemetry=False))
        self.collection = client.get_or_create_collection(
            "memories", configuration={"hnsw": {"space": "cosine"}}, embedding_function=None
        )

    def fill(self, history: Corpus) -> float:
        """Add the history in large batches. Returns seconds."""
        start = time.perf_counter()
        for memories, matrix in history.batches(5000):
            self._add(memories, matrix)
        return time.perf_counter() - start

    def _add(self, memories: Sequence[Memory], matrix: Vector) -> None:
        self.collection.add(
            ids=[memory.id for memory in memories],
            embeddings=matrix,
            documents=[memory.text for memory in memories],
            metadatas=[flat(memory) for memory in memories],
        )

    def add(self, memory: Memory, vector: Vector) -> float:
        start = time.perf_counter()
        self._add([memory], vector[None])
        return time.perf_counter() - start

    def search(self, case: Case, question: str, vector: Vector, k: int) -> tuple[float, list[str]]:
        start = time.perf_counter()
        found = self.collection.query(
            query_embeddings=vector[None],
            n_results=k,
            where=case.where,
            include=["metadatas", "documents", "distances"],
        )
        return time.perf_counter() - start, found["ids"][0]

    def close(self) -> None:
        """Chroma has no close for a single client."""


class LangGraph:
    """LangGraph's SqliteStore with sqlite-vec, in a process of its own: it needs an SQLite that loads extensions."""

    name = "LangGraph SqliteStore"

    def __init__(self, directory: Path, size: int, questions: int) -> None:
        self._child = Child("bench.langgraph_peer", directory, size, questions)

    def add(self, memory: Memory, vector: Vector) -> float:
        fields = {"key": memory.id, "text": memory.text, "fields": flat(memory), "vector": vector.tolist()}
        return float(self._child.ask({"add": fields})["seconds"])

    def search(self, case: Case, question: str, vector: Vector, k: int) -> tuple[float, list[str]]:
        request = {"question": question, "k": k, "mission": case.mission, "filter": case.columns}
        reply = self._child.ask({"search": request})
        return reply["seconds"], reply["ids"]

    def close(self) -> None:
        self._child.close()
