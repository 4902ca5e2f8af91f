"""What follows an acknowledged write: the memory is drafted, embedded and tracked, in threads that others wait for."""

import time
from collections.abc import Callable, Sequence
from threading import Condition, Event

from shadowhound_memory.background import Background
from shadowhound_memory.drafting import draft_batch
from shadowhound_memory.indexing import Indexing
from shadowhound_memory.metrics import Metrics
from shadowhound_memory.models import Models
from shadowhound_memory.record import Memory, validate_memory
from shadowhound_memory.settings import Settings
from shadowhound_memory.store.sqlite import SqliteStore
from shadowhound_memory.tracks import BATCH, update_tracks


class Finishing:
    """Finishes the memories of one store from `start` on; without it nothing is written. Thread-safe.

    `on_memory` is called with each memory as it is finished. To end: `let_go`, close the models, `stop`.
    """

    def __init__(
        self,
        settings: Settings,
        store: SqliteStore,
        indexing: Indexing,
        models: Models,
        metrics: Metrics,
        on_memory: Callable[[Memory], None] | None,
    ) -> None:
        self._settings = settings
        self._store = store
        self._indexing = indexing
        self._models = models
        self._metrics = metrics
        self._on_memory = on_memory
        self._finished = Condition()
        self._ending = Event()
        self._threads: dict[str, Background] = {}

    def start(self) -> None:
        """Begin, with what was left pending when the store was last closed."""
        for name, step in (("embedding", self._embed), ("writing", self._draft), ("tracks", self._track)):
            self._threads[name] = Background(name, step)

    @property
    def ending(self) -> bool:
        """Whether `let_go` was called."""
        return self._ending.is_set()

    def let_go(self) -> None:
        """Nobody waits any longer, and drafts under way are not kept: they are made again after the next `start`."""
        self._ending.set()
        with self._finished:
            self._finished.notify_all()

    def stop(self) -> None:
        """Stop the threads."""
        for thread in self._threads.values():
            thread.stop()

    def wake(self) -> None:
        """There may be memories to embed and to draft."""
        for name in ("embedding", "writing"):
            self._wake(name)

    def wake_tracks(self) -> None:
        """There may be memories that are not in the tracks yet."""
        self._wake("tracks")

    def tracks_lag(self) -> bool:
        """Whether memories are missing in the tracks that are being kept up; then they are seen to at once."""
        if not self._threads or not self._store.tracks_lag():
            return False
        self.wake_tracks()
        return True

    def announce(self, memories: Sequence[Memory]) -> None:
        """Tell whoever waits, and `on_memory`, that these are finished."""
        with self._finished:
            self._finished.notify_all()
        if self._on_memory:
            for memory in memories:
                self._on_memory(memory)

    def wait(self, look: Callable[[], Memory], timeout: float) -> Memory:
        """The memory that `look` gets, once it is finished; still pending after `timeout` seconds or on `let_go`."""
        end = time.monotonic() + timeout
        with self._finished:
            while (memory := look()).status == "pending":
                left = end - time.monotonic()
                if left <= 0 or self.ending:
                    break
                self._finished.wait(min(left, 1.0))
        return memory

    def _wake(self, name: str) -> None:
        if thread := self._threads.get(name):
            thread.wake()

    def _embed(self) -> bool:
        if self._models.for_task("writing") is None and self._store.pending(1):
            return False  # without a model, memories are finished in a moment: they are embedded once, as they then are
        return self._indexing.embed_next()

    def _draft(self) -> bool:
        memories = self._store.pending(self._settings.write_batch)
        if not memories:
            return False
        model = self._models.for_task("writing")
        if model and model.state == "loading":
            return False
        with self._metrics.timed("draft"):
            finished = draft_batch(memories, self._settings, model, self._metrics)
        if self.ending:
            return False
        for memory in finished:
            validate_memory(memory)
        self._store.finish(finished)
        self.announce(finished)
        self._metrics.flush(self._store.count_up)
        self._wake("embedding")
        return True

    def _track(self) -> bool:
        return update_tracks(self._store) == BATCH  # else in a second: writing goes first
