"""Work that goes on behind the acknowledged write."""

import logging
from collections.abc import Callable
from threading import Event, Thread

log = logging.getLogger(__name__)

RETRY_SECONDS = 2.0


class Background(Thread):
    """Calls `step` while it finds work, then sleeps until woken. A failing step is logged and tried again."""

    def __init__(self, name: str, step: Callable[[], bool]) -> None:
        super().__init__(name=name, daemon=True)
        self._step = step
        self._wake = Event()
        self._halt = Event()
        self.start()

    def run(self) -> None:
        while not self._halt.is_set():
            try:
                busy = self._step()
            except Exception:
                if self._halt.is_set():
                    return
                log.exception("%s failed; trying again in %s s", self.name, RETRY_SECONDS)
                self._halt.wait(RETRY_SECONDS)
                continue
            if not busy:
                self._wake.wait(timeout=1.0)
                self._wake.clear()

    def wake(self) -> None:
        """There may be work."""
        self._wake.set()

    def stop(self) -> None:
        """Finish the step under way and end."""
        self._halt.set()
        self._wake.set()
        self.join(timeout=10.0)
