"""ChromaIndex: the approximate vector index, derived from SQLite and kept in step with it in a background thread.

A Chroma folder may be deleted, damaged or behind. Before it is used it is checked in a process of its own, because a
damaged header makes Chroma segfault; whatever is wrong, it is built anew from SQLite. Meanwhile `query` gives None and
search is exact.
"""

import hashlib
import json
import logging
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import numpy.typing as npt

from shadowhound_memory.settings import Settings
from shadowhound_memory.store.sqlite import SqliteStore
from shadowhound_memory.store.vector_rows import Matrix, Rows

if TYPE_CHECKING:
    from chromadb import Collection
    from chromadb.api.client import Client
    from chromadb.api.collection_configuration import CreateCollectionConfiguration

log = logging.getLogger(__name__)

BATCH = 1000
RECENT = 2000
SPREAD = 500
SAME = 1e-3
"""Cosine distance under which a found vector counts as the one looked for."""
TOLERATED = 0.02
RETRY_SECONDS = 30.0
GATHER_SECONDS = 1.0
CHECK_SECONDS = 600.0
CONFIGURATION: "CreateCollectionConfiguration" = {"hnsw": {"space": "cosine", "sync_threshold": 100}}
"""A short log: what Chroma logged but did not persist yet is applied anew, slowly, by an upsert after a query."""


def open_client(settings: Settings) -> "Client":
    """Chroma in the data directory, or on the server that the settings name; its telemetry is off."""
    import chromadb
    from chromadb.config import Settings as ChromaSettings

    quiet = ChromaSettings(anonymized_telemetry=False)
    if settings.chroma_host:
        client = chromadb.HttpClient(host=settings.chroma_host, port=settings.chroma_port, settings=quiet)
    else:
        client = chromadb.PersistentClient(path=settings.directory / "chroma", settings=quiet)
    return cast("Client", client)


class Names:
    """Names of a store's collections; a server may hold those of several stores and robots."""

    def __init__(self, store: SqliteStore) -> None:
        self.prefix = f"shadowhound-{store.uuid[:16]}-"
        self._embedding = store.embedding

    def of(self, mission: tuple[str, str] | None) -> str:
        """The collection of an open mission (robot_id, mission_id), or of everything that has ended."""
        key = hashlib.sha256(json.dumps([self._embedding, mission]).encode()).hexdigest()[:24]
        return f"{self.prefix}{'long_term' if mission is None else 'mission'}-{key}"


def examine(client: "Client", store: SqliteStore) -> tuple[str | None, list[int]]:
    """Look stored vectors up in the index: what is wrong with it as a whole, and rows that it lacks."""
    rows = store.indexed_rows()
    prefix = Names(store).prefix
    collections = [collection for collection in client.list_collections() if collection.name.startswith(prefix)]
    held = sum(collection.count() for collection in collections)
    if held < len(rows):
        return f"it holds {held} of {len(rows)} vectors", []
    spread = rows[:: max(1, len(rows) // SPREAD)]
    probed = np.union1d(spread, rows[-RECENT:])
    missing: list[int] = []
    for start in range(0, len(probed), BATCH):
        part, matrix = store.vectors_of(probed[start : start + BATCH])
        nearest = np.full(len(part), np.inf)
        for collection in collections:
            found = collection.query(query_embeddings=matrix, n_results=1, include=["distances"])["distances"] or []
            nearest = np.minimum(nearest, [distances[0] if distances else np.inf for distances in found])
        missing += part[nearest > SAME].tolist()
    if len(missing) > TOLERATED * len(probed):
        return f"{len(missing)} of {len(probed)} vectors were not found again", []
    return None, missing


class ChromaIndex:
    """The index of one store. Every method may be called from any thread; none of them waits for Chroma but `query`."""

    def __init__(self, settings: Settings, store: SqliteStore) -> None:
        self._settings = settings
        self._store = store
        self._client: Client | None = None
        self._collections: dict[str, Collection] = {}
        self._covered: npt.NDArray[np.bool_] = np.zeros(0, np.bool_)
        self._ready = False
        self._rebuild = False
        self._closing = threading.Event()
        self._awake = threading.Event()
        self.state = "starting"
        """`ready`, or in words what is being done or went wrong."""
        self._thread = threading.Thread(target=self._run, name="index", daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """Say that vectors were added or removed, or a mission ended."""
        self._awake.set()

    def rebuild(self) -> None:
        """Make the index anew from SQLite."""
        self._rebuild = True
        self._ready = False
        self.state = "rebuilding: asked for"
        self.wake()

    def close(self) -> None:
        """Stop. What is not indexed yet is indexed next time."""
        self._closing.set()
        self.wake()
        self._thread.join(timeout=30)

    def query(self, vector: npt.NDArray[Any], n: int) -> tuple[Rows, Matrix] | None:
        """About the n nearest rows that the index holds and their cosines, best first; None when it is not ready."""
        if not self._ready:
            return None
        best: dict[int, float] = {}
        embedding = np.asarray(vector, np.float32)[None]
        try:
            for collection in list(self._collections.values()):
                found = collection.query(query_embeddings=embedding, n_results=n, include=["distances"])
                best.update(zip(map(int, found["ids"][0]), (found["distances"] or [[]])[0], strict=True))
        except Exception as error:  # chromadb raises many types; search goes on without it
            log.warning("the index failed to answer (%s); searching without it", error)
            return None
        nearest = sorted(best.items(), key=lambda item: item[1])[:n]
        return np.array([row for row, _ in nearest], np.int64), 1 - np.array([far for _, far in nearest], np.float32)

    def lacks(self, present: npt.NDArray[np.bool_]) -> Rows:
        """The rows marked in `present` that the index does not hold yet."""
        covered = self._covered
        lacking = present.copy()
        lacking[: len(covered)] &= ~covered[: len(present)]
        return np.flatnonzero(lacking)

    # In the background thread

    def _run(self) -> None:
        while not self._closing.is_set():
            self._awake.clear()
            try:
                if self._client is None:
                    self._open()
                if self._client is None:  # closed while it was checked
                    break
                if self._rebuild:
                    self._empty("asked for")
                while not self._closing.is_set() and self._catch_up():
                    pass
                if not self._closing.is_set():
                    self._awake.wait()
                    self._closing.wait(GATHER_SECONDS)
            except Exception as error:  # whatever Chroma raises, the index is only derived: say it and try again
                self._ready = False
                self._client = None
                self.state = f"failed: {error}; searching without it"
                log.warning("the index failed (%s); searching without it, trying again in %s s", error, RETRY_SECONDS)
                self._awake.wait(RETRY_SECONDS)
        self._ready = False
        if self._client is not None:
            self._client.close()

    def _open(self) -> None:
        self.state = "checking"
        folder = self._settings.directory / "chroma"
        local = not self._settings.chroma_host
        problem: str | None = "the folder is missing"
        missing: list[int] = []
        if local and folder.exists():
            problem, missing = self._examine_apart()
            if problem and not self._closing.is_set():
                _clear(folder)
        if self._closing.is_set():
            return
        if local:
            folder.resolve().mkdir(parents=True, exist_ok=True)
        self._client = open_client(self._settings)
        if not local:
            problem, missing = examine(self._client, self._store)
        if problem and len(self._store.indexed_rows()):
            self._empty(problem)
        elif missing:
            self._store.mark_unindexed(missing)
        self._load()

    def _examine_apart(self) -> tuple[str | None, list[int]]:
        """`examine` in a process of its own, which may crash."""
        command = [sys.executable, "-m", "shadowhound_memory.store.chroma", self._settings.model_dump_json()]
        environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment
        ) as child:
            waited = 0.0
            while child.poll() is None and not self._closing.is_set() and waited < CHECK_SECONDS:
                try:
                    child.wait(0.2)
                except subprocess.TimeoutExpired:
                    waited += 0.2
            if child.returncode is None:
                child.kill()
                return "its check did not end", []
            reply = child.stdout.read() if child.stdout else ""
        if child.returncode != 0:
            return f"its check ended with {child.returncode}", []
        problem, missing = json.loads(reply.splitlines()[-1])
        return problem, missing

    def _empty(self, reason: str) -> None:
        log.warning("rebuilding the index from SQLite: %s", reason)
        self._ready = False
        self._rebuild = False
        self.state = f"rebuilding: {reason}"
        assert self._client is not None
        prefix = Names(self._store).prefix
        for collection in self._client.list_collections():
            if collection.name.startswith(prefix):
                self._client.delete_collection(collection.name)
        self._store.mark_all_unindexed()
        self._load()

    def _load(self) -> None:
        assert self._client is not None
        prefix = Names(self._store).prefix
        self._collections = {c.name: c for c in self._client.list_collections() if c.name.startswith(prefix)}
        self._covered = np.zeros(0, np.bool_)
        self._cover(self._store.indexed_rows())

    def _cover(self, rows: Rows) -> None:
        if len(rows):
            size = max(int(rows.max()) + 1, len(self._covered))
            covered = np.zeros(size, np.bool_)
            covered[: len(self._covered)] = self._covered
            covered[rows] = True
            self._covered = covered

    def _catch_up(self) -> bool:
        """One batch; False when there is nothing left to do."""
        assert self._client is not None
        if self._rebuild:
            return False
        names = Names(self._store)
        expected = {names.of(None), *(names.of(mission) for mission in self._store.open_missions())}
        removed = self._store.removed(BATCH)
        if removed:
            for collection in self._collections.values():
                collection.delete(ids=[str(row) for row in removed])
            self._store.clear_removed(removed)
            return True
        rows, matrix, missions = self._store.unindexed(BATCH)
        if not len(rows):
            for name in set(self._collections) - expected:
                del self._collections[name]
                self._client.delete_collection(name)
            if not self._rebuild:
                self._ready = True
                self.state = "ready"
            return False
        collections = np.array([names.of(mission) for mission in missions])
        for name in dict.fromkeys(collections.tolist()):
            if name not in self._collections:
                self._collections[name] = self._client.get_or_create_collection(
                    name, embedding_function=None, configuration=CONFIGURATION
                )
            chosen = collections == name
            self._collections[name].upsert(ids=[str(row) for row in rows[chosen]], embeddings=matrix[chosen])
        self._store.mark_indexed(rows)
        self._cover(rows)
        return True


def _clear(folder: Path) -> None:
    """Remove what lies there, a folder or not; where it is a link to another disk, what that points to."""
    target = folder.resolve()
    if target.is_dir():
        shutil.rmtree(target)
    else:
        target.unlink()


if __name__ == "__main__":
    given = Settings.model_validate_json(sys.argv[1])
    with_store = SqliteStore.open(given.directory, read_only=True, simulated=given.simulated)
    print(json.dumps(examine(open_client(given), with_store)))
