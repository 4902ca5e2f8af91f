"""Traces: how the latest answers came about, in a file of their own so that answering does not write to the store."""

import glob
import json
import logging
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

from shadowhound_memory.errors import Code, ShadowhoundError
from shadowhound_memory.store.connections import DAMAGED, NOT_A_DATABASE, failing_clearly

KEPT = 1000

_TABLES = """
CREATE TABLE IF NOT EXISTS trace(number INTEGER PRIMARY KEY, id TEXT UNIQUE, at REAL, document TEXT);
CREATE TABLE IF NOT EXISTS said(key BLOB, number INTEGER, PRIMARY KEY(key, number)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS said_number ON said(number);
CREATE TABLE IF NOT EXISTS rating(number INTEGER PRIMARY KEY, right INTEGER NOT NULL);
CREATE TRIGGER IF NOT EXISTS trace_deleted AFTER DELETE ON trace BEGIN
    DELETE FROM said WHERE number = old.number;
END;
CREATE TRIGGER IF NOT EXISTS rated_trace_deleted AFTER DELETE ON trace BEGIN
    DELETE FROM rating WHERE number = old.number;
END;
"""
"""Made where they are missing, so that a file of an earlier version gets them when it is next opened for writing."""

_SELECT = "SELECT id, at, document, right FROM trace LEFT JOIN rating USING (number)"

log = logging.getLogger(__name__)
Result = TypeVar("Result")


class Traces:
    """The latest traces and all that were rated, and the keys of the answers in them. They can be spared: when their
    file cannot be written or read, that is logged and no more; only a rating that cannot be kept is an error."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None

    def _run(self, work: Callable[[sqlite3.Connection], Result], otherwise: Result) -> Result:
        """What `work` returns; `otherwise` when the file cannot be used."""
        with self._lock:
            try:
                return work(self._opened())
            except sqlite3.Error as error:
                if str(error) in (NOT_A_DATABASE, DAMAGED):
                    log.warning("%s: %s; starting a new one", self._path, error)
                    self._remove_file()
                else:
                    log.warning("%s: %s; traces are not kept", self._path, error)
                return otherwise

    def _opened(self) -> sqlite3.Connection:
        if self._connection is None:
            self._connection = self._open()
        return self._connection

    def _open(self) -> sqlite3.Connection:
        if not os.access(self._path.parent, os.W_OK):
            return self._open_to_read()
        connection = sqlite3.connect(self._path, timeout=2, isolation_level=None, check_same_thread=False)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.executescript(f"PRAGMA synchronous=NORMAL; PRAGMA secure_delete=ON; {_TABLES}")
        return connection

    def _open_to_read(self) -> sqlite3.Connection:
        """A connection where nothing can be written: a log without its index is read only when another has it open."""
        address = self._path.absolute().as_uri()
        connection = sqlite3.connect(f"{address}?mode=ro", uri=True, timeout=2, check_same_thread=False)
        try:
            connection.execute("SELECT 1 FROM sqlite_master").close()
        except sqlite3.OperationalError:
            connection.close()
            connection = sqlite3.connect(f"{address}?immutable=1", uri=True, check_same_thread=False)
        if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'rating'").fetchone():
            connection.execute("CREATE TEMP TABLE rating(number INTEGER PRIMARY KEY, right INTEGER NOT NULL)")
        return connection

    def _do(self, sql: str, parameters: Sequence[Any] = ()) -> list[Any]:
        """The rows that a statement returns; none, and no file is made, where there is none."""
        if self._connection is None and not self._path.exists():
            return []
        return self._run(lambda connection: connection.execute(sql, parameters).fetchall(), [])

    def _remove_file(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        for path in self._path.parent.glob(f"{glob.escape(self._path.name)}*"):
            with suppress(OSError):
                path.unlink()

    def put(self, trace_id: str, document: dict[str, Any], keys: Sequence[bytes] = ()) -> None:
        """Keep a trace and the keys of its answer; the latest KEPT stay, and those that were rated."""
        text = json.dumps(document, ensure_ascii=False, default=str)

        def insert(connection: sqlite3.Connection) -> None:
            with connection:
                connection.execute("BEGIN IMMEDIATE")
                connection.execute("DELETE FROM trace WHERE id = ?", [trace_id])
                number = connection.execute(
                    "INSERT INTO trace(id, at, document) VALUES (?, ?, ?)", [trace_id, time.time(), text]
                ).lastrowid
                connection.executemany("INSERT INTO said VALUES (?, ?)", [(key, number) for key in keys])
                connection.execute(
                    "DELETE FROM trace WHERE number <= ? AND number NOT IN (SELECT number FROM rating)",
                    [(number or 0) - KEPT],
                )

        self._run(insert, None)

    def rate(self, trace_id: str, right: bool) -> bool:
        """Keep whether an answer was right, in the place of an earlier rating. False when there is no such trace.

        Raises READ_ONLY or STORE_FAILED when it cannot be kept.
        """
        if self._connection is None and not self._path.exists():
            return False
        if not os.access(self._path.parent, os.W_OK):
            raise ShadowhoundError(Code.READ_ONLY, f"{self._path} cannot be written; allow it, and rate again")
        sql = "INSERT OR REPLACE INTO rating SELECT number, ? FROM trace WHERE id = ?"
        with self._lock, failing_clearly(self._path):
            connection = self._opened()
            connection.execute("PRAGMA synchronous=FULL")
            try:
                return connection.execute(sql, [int(right), trace_id]).rowcount > 0
            finally:
                connection.execute("PRAGMA synchronous=NORMAL")

    def get(self, trace_id: str) -> dict[str, Any] | None:
        """One trace, None when it is not kept (any more); `right` holds the rating of one that was rated."""
        found = self._do(f"{_SELECT} WHERE id = ?", [trace_id])
        return _read(*found[0])[2] if found else None

    def latest(self, limit: int | None) -> list[tuple[str, float, dict[str, Any]]]:
        """The latest traces, or all, newest first: id, when it was kept (seconds), the trace as `get` gives it."""
        rows = self._do(f"{_SELECT} ORDER BY number DESC LIMIT ?", [-1 if limit is None else limit])
        return [_read(*row) for row in rows]

    def that_said(self, keys: Sequence[bytes]) -> str | None:
        """The id of the latest trace whose answer has one of these keys."""
        marks = ", ".join("?" * len(keys))
        sql = f"SELECT id FROM said JOIN trace USING (number) WHERE key IN ({marks}) ORDER BY number DESC LIMIT 1"
        found = self._do(sql, keys)
        return str(found[0][0]) if found else None

    def remove(self, trace_id: str) -> None:
        """Remove one trace."""
        self._do("DELETE FROM trace WHERE id = ?", [trace_id])
        self._do("PRAGMA wal_checkpoint(TRUNCATE)")

    def forget(self, ids: Sequence[str]) -> None:
        """Remove every trace that names one of these memories."""
        self._do(
            "DELETE FROM trace WHERE EXISTS (SELECT 1 FROM json_each(?) WHERE instr(document, value))",
            [json.dumps([json.dumps(one, ensure_ascii=False)[1:-1] for one in ids])],
        )
        self._do("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None


def _read(trace_id: str, at: float, document: str, right: int | None) -> tuple[str, float, dict[str, Any]]:
    return trace_id, at, json.loads(document) | ({} if right is None else {"right": bool(right)})


def not_kept(trace_id: str, directory: Path) -> ShadowhoundError:
    """The error NOT_FOUND for a trace that a store has not, or no more."""
    return ShadowhoundError(
        Code.NOT_FOUND,
        f"no trace {trace_id!r} is kept in {directory}; the latest {KEPT} are and those that were "
        "rated, less those of memories that were forgotten: list them with `shadowhound-memory trace`",
    )
