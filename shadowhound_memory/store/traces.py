"""Traces: how the latest answers came about, in a file of their own so that answering does not write to the store."""

import glob
import json
import logging
import sqlite3
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from shadowhound_memory.store.connections import DAMAGED, NOT_A_DATABASE

KEPT = 1000

log = logging.getLogger(__name__)


class Traces:
    """The latest traces. They can be spared: when their file cannot be written or read, that is logged and no more."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None

    def _run(self, sql: str, parameters: Sequence[Any] = ()) -> list[Any]:
        with self._lock:
            try:
                if self._connection is None:
                    connection = sqlite3.connect(self._path, timeout=2, isolation_level=None, check_same_thread=False)
                    connection.execute("PRAGMA journal_mode=WAL")
                    connection.executescript("PRAGMA synchronous=NORMAL; PRAGMA secure_delete=ON;")
                    connection.execute(
                        "CREATE TABLE IF NOT EXISTS "
                        "trace(number INTEGER PRIMARY KEY, id TEXT UNIQUE, at REAL, document TEXT)"
                    )
                    self._connection = connection
                return self._connection.execute(sql, parameters).fetchall()
            except sqlite3.Error as error:
                if str(error) in (NOT_A_DATABASE, DAMAGED):
                    log.warning("%s: %s; starting a new one", self._path, error)
                    self._remove_file()
                else:
                    log.warning("%s: %s; traces are not kept", self._path, error)
                return []

    def _remove_file(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        for path in self._path.parent.glob(f"{glob.escape(self._path.name)}*"):
            with suppress(OSError):
                path.unlink()

    def put(self, trace_id: str, document: dict[str, Any]) -> None:
        text = json.dumps(document, ensure_ascii=False, default=str)
        self._run("INSERT OR REPLACE INTO trace(id, at, document) VALUES (?, ?, ?)", [trace_id, time.time(), text])
        self._run("DELETE FROM trace WHERE number <= (SELECT max(number) FROM trace) - ?", [KEPT])

    def get(self, trace_id: str) -> dict[str, Any] | None:
        found = self._run("SELECT document FROM trace WHERE id = ?", [trace_id])
        return json.loads(found[0][0]) if found else None

    def remove(self, trace_id: str) -> None:
        """Remove one trace."""
        self._run("DELETE FROM trace WHERE id = ?", [trace_id])
        self._run("PRAGMA wal_checkpoint(TRUNCATE)")

    def forget(self, ids: Sequence[str]) -> None:
        """Remove every trace that names one of these memories."""
        if self._path.exists():
            self._run(
                "DELETE FROM trace WHERE EXISTS (SELECT 1 FROM json_each(?) WHERE instr(document, value))",
                [json.dumps([json.dumps(one, ensure_ascii=False)[1:-1] for one in ids])],
            )
            self._run("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None
