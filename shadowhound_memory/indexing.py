"""Memories to vectors: made by the embedding model, kept in the store and in memory, and brought into the index."""

import logging

from shadowhound_memory.embedding import Embedder
from shadowhound_memory.errors import Code, ModelUnavailable, ShadowhoundError
from shadowhound_memory.metrics import Metrics
from shadowhound_memory.prompts import embedding_text
from shadowhound_memory.settings import Settings
from shadowhound_memory.store.chroma import ChromaIndex
from shadowhound_memory.store.sqlite import SqliteStore
from shadowhound_memory.store.vectors import VectorTable

log = logging.getLogger(__name__)

EMBED_BATCH = 32


class Indexing:
    """The vectors of one store: `embedder` makes them (None: it cannot, `state` says why), `vectors` are searched
    exactly, `index` (None when read-only) approximately. Thread-safe."""

    def __init__(self, settings: Settings, store: SqliteStore, metrics: Metrics, *, read_only: bool) -> None:
        self._store = store
        self._metrics = metrics
        self.embedder, self.state = _open_embedder(settings, store)
        self.vectors = VectorTable(store)
        self.index = None if read_only else ChromaIndex(settings, store)

    @property
    def index_state(self) -> str:
        """What the index is doing, in words."""
        return self.index.state if self.index else "not opened: read-only"

    def embed_next(self) -> bool:
        """Make the next vectors that are missing. Returns whether there may be more."""
        if self.embedder is None:
            return False
        rows_and_memories = self._store.unembedded(EMBED_BATCH)
        if not rows_and_memories:
            return False
        rows = [row for row, _ in rows_and_memories]
        try:
            with self._metrics.timed("embed"):
                matrix = self.embedder.embed([embedding_text(memory) for _, memory in rows_and_memories])
        except ModelUnavailable as missing:  # words are searched; vectors come when it is next opened with a model
            log.warning("searching by words alone: %s", missing)
            self.embedder, self.state = None, str(missing)
            return False
        self._store.put_vectors(rows, matrix)
        self.vectors.put(rows, matrix)
        self.wake_index()
        return True

    def start_anew(self) -> None:
        """Drop every vector and the index; `embed_next` makes them again. Raises STORE_FAILED when it could not."""
        if self.embedder is None:
            raise ShadowhoundError(Code.STORE_FAILED, f"nothing was made anew: {self.state}")
        self._store.drop_vectors()
        self.vectors.clear()
        if self.index:
            self.index.rebuild()

    def wake_index(self) -> None:
        """Vectors came or went, or a mission ended: the index has to follow."""
        if self.index:
            self.index.wake()

    def close(self) -> None:
        """Close the index."""
        if self.index:
            self.index.close()


def _open_embedder(settings: Settings, store: SqliteStore) -> tuple[Embedder | None, str]:
    """The embedder and its state; none where its model is missing, or did not make a read-only store's vectors."""
    embedder = Embedder(settings)
    try:
        if store.use_embedding(embedder.name):
            return embedder, "ready"
        return None, f"the vectors are of {store.embedding}, not {embedder.name}; open it for writing to make them anew"
    except ModelUnavailable as missing:
        return None, str(missing)
