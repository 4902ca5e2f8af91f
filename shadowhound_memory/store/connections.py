"""Connections to one SQLite file: one writer under a lock, and a reader for each thread."""

import os
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from shadowhound_memory.errors import Code, ShadowhoundError

CACHE_KIB = 16_384
BUSY_SECONDS = 30


NOT_A_DATABASE = "file is not a database"
DAMAGED = "database disk image is malformed"
"""What SQLite says of such a file; Python 3.10 has no names for its error codes."""


@contextmanager
def failing_clearly(path: Path) -> Iterator[None]:
    """Turn an error of SQLite into STORE_FAILED with a sentence."""
    try:
        yield
    except sqlite3.Error as error:
        advice = {
            "database or disk is full": "free disk space and try again; nothing of this change was kept",
            NOT_A_DATABASE: "this is no SQLite file; restore a backup or move it away",
            DAMAGED: "restore a backup, or export what can be read",
        }.get(str(error), "nothing of this change was kept")
        raise ShadowhoundError(Code.STORE_FAILED, f"{path}: {error}; {advice}") from error


class Connections:
    """Opens `path` (WAL, synchronous=FULL, secure_delete) and hands out connections."""

    def __init__(self, path: Path, *, read_only: bool) -> None:
        self._path = path
        self.read_only = read_only
        self._lock = threading.RLock()
        self._local = threading.local()
        self._readers: list[sqlite3.Connection] = []
        self._closed = False
        self._log_holds_removed = False
        self._reading = "mode=ro"
        self._writer: sqlite3.Connection | None = None
        with failing_clearly(path):
            if read_only:
                self._choose_reading()
            else:
                self._writer = self._connect("mode=rwc")
                self._writer.execute("PRAGMA journal_mode=WAL")
                self._writer.executescript("PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA secure_delete=ON;")

    def _choose_reading(self) -> None:
        """In a directory that cannot be written, SQLite reads a WAL file only while a writer has it open, or after the
        last one closed it, when the file is complete by itself."""
        try:
            self._connect("mode=ro").execute("SELECT 1 FROM sqlite_master").close()
        except sqlite3.OperationalError:
            log = self._path.with_name(self._path.name + "-wal")
            if os.access(self._path.parent, os.W_OK) or (log.exists() and log.stat().st_size):
                raise
            self._reading = "immutable=1"

    def _connect(self, mode: str) -> sqlite3.Connection:
        uri = f"{self._path.absolute().as_uri()}?{mode}"
        connection = sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        connection.execute(f"PRAGMA cache_size=-{CACHE_KIB}")
        return connection

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """The writer's connection, for one thread at a time. Raises READ_ONLY."""
        with self._lock, failing_clearly(self._path):
            if self._writer is None:
                state = "closed" if self._closed else "opened for reading only"
                raise ShadowhoundError(Code.READ_ONLY, f"{self._path} is {state}")
            yield self._writer

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """The writer's connection in a transaction: committed at the end, rolled back on an error."""
        with self.writing() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise
            if self._log_holds_removed:
                self.empty_log()

    def meta(self, key: str) -> str:
        """A fact about the store; empty when it is not there."""
        found = self.read("SELECT value FROM meta WHERE key = ?", [key])
        return str(found[0][0]) if found else ""

    def read(self, sql: str, parameters: Sequence[Any] = ()) -> list[Any]:
        """All rows of a query, on this thread's own connection."""
        with failing_clearly(self._path):
            connection = getattr(self._local, "connection", None)
            if connection is None:
                with self._lock:
                    if self._closed:
                        raise ShadowhoundError(Code.STORE_FAILED, f"{self._path} is closed")
                    connection = self._local.connection = self._connect(self._reading)
                    self._readers.append(connection)
            return connection.execute(sql, parameters).fetchall()

    def empty_log(self) -> None:
        """Move the write-ahead log into the file and cut it to nothing, so that no removed words stay in it.

        While another process reads an older state that cannot be done: it is tried again after each transaction.
        """
        with self.writing() as connection:
            connection.execute("PRAGMA busy_timeout=200")
            try:
                busy, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            finally:
                connection.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")
            self._log_holds_removed = bool(busy)

    def check(self) -> list[str]:
        """Problems of the file, each a sentence."""
        problems = [f"SQLite: {row[0]}" for row in self.read("PRAGMA integrity_check(20)") if row[0] != "ok"]
        problems += [f"R*Tree: {row[0]}" for row in self.read("SELECT rtreecheck('place')") if row[0] != "ok"]
        for name, sql in (
            ("places without a memory", "SELECT count(*) FROM place WHERE row NOT IN (SELECT row FROM memory)"),
            ("vectors without a memory", "SELECT count(*) FROM vector WHERE row NOT IN (SELECT row FROM memory)"),
            (
                "poses missing in the R*Tree",
                "SELECT count(*) FROM memory WHERE x IS NOT NULL AND row NOT IN (SELECT row FROM place)",
            ),
        ):
            count = self.read(sql)[0][0]
            problems += [f"{count} {name}"] if count else []
        if self._writer is not None:
            try:
                with self.writing() as connection:
                    connection.execute("INSERT INTO words(words, rank) VALUES ('integrity-check', 1)")
            except ShadowhoundError as error:
                problems.append(f"words: {error.sentence}")
        return problems

    def close(self) -> None:
        """Close every connection, the writer last so that it folds the log into the file."""
        with self._lock:
            self._closed = True
            for connection in self._readers:
                connection.close()
            if self._writer is not None:
                with suppress(sqlite3.Error):
                    self._writer.close()
                self._writer = None
