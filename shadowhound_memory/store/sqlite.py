"""SqliteStore: the truth. Memories, their words, places, tags and vectors, missions and counters in one SQLite file."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np
from filelock import BaseFileLock
from typing_extensions import Self

from shadowhound_memory.errors import Code, ShadowhoundError
from shadowhound_memory.own import observation_keys
from shadowhound_memory.question import Filter
from shadowhound_memory.record import Memory
from shadowhound_memory.store.connections import Connections
from shadowhound_memory.store.filters import NARROW, conditions, source
from shadowhound_memory.store.lock import lock_directory
from shadowhound_memory.store.missions import Missions
from shadowhound_memory.store.schema import COLUMNS, SELECT, migrate, refuse_newer, to_memory, to_ns, to_values
from shadowhound_memory.store.traces import Traces
from shadowhound_memory.store.tracks import TrackRows
from shadowhound_memory.store.vector_rows import Rows, VectorRows

MAX_POSTINGS = 5000
"""Words that bring more memories than this are left out of lexical search: ranking them would take too long."""

REPLY_WITHIN = 300.0
"""Seconds within which the next memory of a mission may reply to what one asks."""

COMMON = 500
"""Words of more memories than this have their number remembered."""

_INSERT = f"INSERT INTO memory(content_hash, {', '.join(COLUMNS)}) VALUES ({', '.join('?' * (len(COLUMNS) + 1))})"
_UPDATE = f"UPDATE memory SET {', '.join(f'{name} = ?' for name in COLUMNS)} WHERE id = ?"


class Queue(NamedTuple):
    """How many memories there are, and how many of them wait for the writer and for the embedding."""

    memories: int
    pending: int
    unembedded: int


class SqliteStore(VectorRows, Missions, TrackRows):
    """One store in one directory; every method may be called from any thread. Open it with `SqliteStore.open`.

    Every method raises ShadowhoundError STORE_FAILED when SQLite fails (disk full, damaged file), READ_ONLY when a
    store opened for reading is to be changed. A change is committed with `synchronous=FULL` when its method returns.
    """

    def __init__(self, directory: Path, connections: Connections, lock: BaseFileLock | None) -> None:
        super().__init__(connections)
        self.directory = directory
        self._lock = lock
        self._traces = Traces(directory / "traces.sqlite")
        self._common: dict[str, tuple[int, int]] = {}
        self.uuid = connections.meta("store")

    @classmethod
    def open(cls, directory: Path, *, read_only: bool = False, simulated: bool = False) -> Self:
        """Open the store in a directory, making or migrating it.

        `read_only` takes no lock and works beside a writer. Raises LOCKED when another process writes to it, READ_ONLY
        when the directory cannot be written, INVALID when simulated and real time would mix.
        """
        path = directory / "memory.sqlite"
        lock = None
        if not read_only:
            try:
                directory.mkdir(parents=True, exist_ok=True)
                lock = lock_directory(directory)
            except OSError as error:
                raise ShadowhoundError(
                    Code.READ_ONLY, f"{directory} cannot be written ({error.strerror}); allow it, or open it read-only"
                ) from error
        elif not path.exists():
            raise ShadowhoundError(Code.NOT_FOUND, f"there is no memory in {directory}; write to it first")
        try:
            connections = Connections(path, read_only=read_only)
            try:
                if not read_only:
                    with connections.writing() as connection:
                        migrate(connection, simulated)
                refuse_newer(connections.read("PRAGMA user_version")[0][0])
                store = cls(directory, connections, lock)
                if connections.meta("simulated") != str(int(simulated)):
                    kept, asked = ("real", "simulated") if simulated else ("simulated", "real")
                    raise ShadowhoundError(
                        Code.INVALID,
                        f"{directory} holds memories in {kept} time; use another data directory for {asked} time",
                    )
                return store
            except BaseException:
                connections.close()
                raise
        except BaseException:
            if lock:
                lock.release()
            raise

    def close(self) -> None:
        """Close every connection and give the lock back."""
        self._traces.close()
        self._connections.close()
        if self._lock:
            self._lock.release()

    # Changing

    def insert(self, memory: Memory, content_hash: str) -> bool:
        """Keep a memory. On return it is committed and its words can be found.

        True when it is new, False when the same id is there already with the same `content_hash`, or as the very same
        memory, as after an export. Raises ID_CONFLICT when it is there with other content.
        """
        with self._connections.transaction() as connection:
            found = connection.execute("SELECT content_hash FROM memory WHERE id = ?", [memory.id]).fetchone()
            if found is None:
                connection.execute(_INSERT, [content_hash, *to_values(memory)])
                return True
        if found[0] != content_hash and not self._is_kept(memory):
            raise ShadowhoundError(
                Code.ID_CONFLICT,
                f"id {memory.id!r} is taken by a memory with other content; choose another id or leave it out",
            )
        return False

    def _is_kept(self, memory: Memory) -> bool:
        kept = [one.model_dump(exclude={"recorded_at"}) for one in self.get([memory.id])]
        return kept == [memory.model_dump(exclude={"recorded_at"})]

    def finish(self, memories: Sequence[Memory]) -> None:
        """Replace pending memories by their finished records, all or none; those forgotten meanwhile are left out."""
        with self._connections.transaction() as connection:
            connection.executemany(_UPDATE + " AND status = 'pending'", [[*to_values(m), m.id] for m in memories])
            self.mark_changed(connection, [memory.id for memory in memories])

    def correct(self, old_id: str, memory: Memory, content_hash: str) -> None:
        """Mark a memory as superseded and keep another in its place. Raises NOT_FOUND, INVALID when it is already."""
        with self._connections.transaction() as connection:
            found = connection.execute("SELECT status FROM memory WHERE id = ?", [old_id]).fetchone()
            if found is None:
                raise ShadowhoundError(Code.NOT_FOUND, f"no memory has the id {old_id!r}")
            if found[0] == "superseded":
                raise ShadowhoundError(
                    Code.INVALID, f"memory {old_id} is superseded; correct the one that superseded it"
                )
            connection.execute("UPDATE memory SET status = 'superseded' WHERE id = ?", [old_id])
            connection.execute(_INSERT, [content_hash, *to_values(memory)])

    def forget(self, ids: Sequence[str]) -> int:
        """Remove memories with their words, places, vectors and traces, so that no byte of them stays in the files.

        Returns how many there were. Takes about half a second at 100,000 memories: the word index is rewritten.
        """
        with self._connections.transaction() as connection:
            listed = json.dumps(list(ids))
            count = connection.execute(
                "DELETE FROM memory WHERE id IN (SELECT value FROM json_each(?))", [listed]
            ).rowcount
            if count:
                connection.execute(
                    "DELETE FROM mission WHERE ended IS NOT NULL "
                    "AND NOT EXISTS (SELECT 1 FROM memory WHERE mission_id = mission.id)"
                )
                connection.execute("INSERT INTO words(words) VALUES ('optimize')")
        if count:
            self._connections.empty_log()
            self._traces.forget(ids)
        return count

    # Reading

    def get(self, ids: Sequence[str]) -> list[Memory]:
        """The memories with these ids, in this order; unknown ids are left out."""
        return self._fetch("m.id", list(ids))

    def by_rows(self, rows: Sequence[int] | Rows) -> list[Memory]:
        """The memories in these rows, in this order; empty rows are left out."""
        return self._fetch("m.row", np.asarray(rows).tolist())

    def _fetch(self, key: str, values: list[Any]) -> list[Memory]:
        found = self._connections.read(
            f"SELECT {SELECT} FROM json_each(?) j CROSS JOIN memory m ON {key} = j.value ORDER BY j.key",
            [json.dumps(values)],
        )
        return [to_memory(row) for row in found]

    def rows_of(self, ids: Sequence[str]) -> list[int]:
        """The rows of these ids, in this order; unknown ids are left out."""
        sql = "SELECT m.row FROM json_each(?) j CROSS JOIN memory m ON m.id = j.value ORDER BY j.key"
        return [row for (row,) in self._connections.read(sql, [json.dumps(list(ids))])]

    def pending(self, limit: int) -> list[Memory]:
        """Memories that wait to be written out, the oldest first."""
        sql = f"SELECT {SELECT} FROM memory m WHERE m.status = 'pending' ORDER BY m.row LIMIT ?"
        return [to_memory(row) for row in self._connections.read(sql, [limit])]

    def rows(self, filter: Filter, limit: int | None = None, order: str | None = None) -> Rows:
        """The rows that a filter allows; `order`: `latest` or `earliest` by timestamp, None as they come."""
        start, parameters, rest = source(filter)
        where, more = conditions(rest)
        direction = {"latest": "DESC", "earliest": "ASC"}.get(order or "")
        by = f"ORDER BY m.timestamp {direction}, m.row {direction}" if direction else ""
        if direction and limit is not None and start == NARROW:
            start = "memory m INDEXED BY memory_time"
        sql = f"SELECT m.row FROM {start} WHERE {where} {by} LIMIT ?"
        found = self._connections.read(sql, [*parameters, *more, -1 if limit is None else limit])
        return np.fromiter((row for (row,) in found), dtype=np.int64, count=len(found))

    def allowed(self, rows: Sequence[int] | Rows, filter: Filter) -> Rows:
        """Those of these rows that a filter allows, in the same order."""
        rows = np.asarray(rows, dtype=np.int64)
        where, parameters = conditions(filter)
        sql = f"SELECT m.row FROM json_each(?) j CROSS JOIN {NARROW} ON m.row = j.value WHERE {where} ORDER BY j.key"
        found = self._connections.read(sql, [json.dumps(rows.tolist()), *parameters])
        return np.fromiter((row for (row,) in found), dtype=np.int64, count=len(found))

    def by_time(self, rows: Sequence[int] | Rows, limit: int, order: Literal["latest", "earliest"]) -> list[int]:
        """The latest or earliest of these rows, in that order."""
        direction = "DESC" if order == "latest" else "ASC"
        sql = (
            "SELECT m.row FROM json_each(?) j CROSS JOIN memory m INDEXED BY memory_filter ON m.row = j.value "
            f"ORDER BY m.timestamp {direction}, m.row {direction} LIMIT ?"
        )
        return [row for (row,) in self._connections.read(sql, [json.dumps(np.asarray(rows).tolist()), limit])]

    def count(self, filter: Filter) -> int:
        """How many memories a filter allows."""
        start, parameters, rest = source(filter)
        where, more = conditions(rest)
        return int(self._connections.read(f"SELECT count(*) FROM {start} WHERE {where}", [*parameters, *more])[0][0])

    def queue(self) -> Queue:
        """How many memories there are and how many wait."""
        sql = (
            "SELECT (SELECT count(*) FROM memory), (SELECT count(*) FROM memory WHERE status = 'pending'), "
            "(SELECT count(*) FROM unembedded)"
        )
        return Queue(*self._connections.read(sql)[0])

    # Words

    def frequencies(self, words: Sequence[str]) -> dict[str, int]:
        """In how many memories each word occurs, by FTS5's tokens.

        Common words are costly to count, and asked anew only when the store has grown by a tenth.
        """
        size = self.size()
        found = {}
        for word in words:
            count, asked_at = self._common.get(word, (0, 0))
            if size > asked_at * 1.1:
                count = self._connections.read("SELECT count(*) FROM words WHERE words MATCH ?", [_phrase(word)])[0][0]
                if count > COMMON:
                    self._common[word] = (count, size)
            found[word] = count
        return found

    def occurs(self, word: str, filter: Filter) -> bool:
        """Whether any memory that a filter allows holds a word."""
        where, parameters = conditions(filter)
        sql = f"SELECT 1 FROM words CROSS JOIN {NARROW} ON m.row = words.rowid WHERE words MATCH ? AND {where} LIMIT 1"
        return bool(self._connections.read(sql, [_phrase(word), *parameters]))

    def holds(self, column: Literal["robot_id", "map_id"], value: str) -> bool:
        """Whether any memory is of this robot or map."""
        sql = f"SELECT EXISTS (SELECT 1 FROM memory INDEXED BY memory_filter WHERE {column} = ?)"
        return bool(self._connections.read(sql, [value])[0][0])

    def size(self) -> int:
        """How many memories were ever kept: the number of the last row."""
        return int(self._connections.read("SELECT coalesce(max(row), 0) FROM memory")[0][0])

    def lexical(
        self, words: Sequence[str], limit: int, filter: Filter | None = None, rows: Sequence[int] | Rows | None = None
    ) -> list[tuple[int, float]]:
        """Memories that hold any of the words, best first, as (row, BM25 over text and raw text; more is better).

        Only the rarest words are searched for, those whose memories together are within MAX_POSTINGS. `filter` or
        `rows` restricts before ranking, so that a narrow restriction still finds `limit` memories.
        """
        chosen, postings = [], 0
        for count, word in sorted((count, word) for word, count in self.frequencies(words).items()):
            postings += count
            if postings > MAX_POSTINGS:
                break
            if count:
                chosen.append(word)
        if not chosen:
            return []
        sql, parameters = "SELECT words.rowid, bm25(words) FROM words ", [" OR ".join(map(_phrase, chosen))]
        if rows is not None:
            sql += "WHERE words MATCH ? AND +words.rowid IN (SELECT value FROM json_each(?))"
            parameters.append(json.dumps(np.asarray(rows).tolist()))
        elif filter is not None:
            where, more = conditions(filter)
            sql += f"CROSS JOIN {NARROW} ON m.row = words.rowid WHERE words MATCH ? AND {where}"
            parameters += more
        else:
            sql += "WHERE words MATCH ?"
        found = self._connections.read(f"{sql} ORDER BY 2 LIMIT ?", [*parameters, limit])
        return [(row, -score) for row, score in found]

    def before(self, ids: Sequence[str]) -> dict[str, Memory]:
        """For each of these memories the one right before it in its mission, within REPLY_WITHIN seconds, if it holds
        a "?"."""
        beside = self._connections.read(
            f"SELECT m.id, b.id FROM json_each(?) j CROSS JOIN memory m ON m.id = j.value "
            f"CROSS JOIN memory b ON b.row = ({_beside('row', '<', 'DESC')}) WHERE instr(b.text, '?')",
            [json.dumps(list(ids)), to_ns(REPLY_WITHIN), 0],
        )
        found = {memory.id: memory for memory in self.get([other for _, other in beside])}
        return {name: found[other] for name, other in beside if other in found}

    def after(self, rows: Sequence[int] | Rows) -> list[int]:
        """The rows right after those of these rows that hold a "?", in their missions, within REPLY_WITHIN seconds."""
        found = self._connections.read(
            f"SELECT ({_beside('row', '>', 'ASC')}) FROM json_each(?) j CROSS JOIN memory m ON m.row = j.value "
            "WHERE instr(m.text, '?')",
            [0, to_ns(REPLY_WITHIN), json.dumps(np.asarray(rows).tolist())],
        )
        return [row for (row,) in found if row is not None]

    def texts(self, rows: Sequence[int] | Rows) -> dict[int, str]:
        """Text and raw text of rows, joined where they differ."""
        joined = "iif(m.text = m.raw_text, m.text, m.text || ' ' || m.raw_text)"
        sql = f"SELECT m.row, {joined} FROM json_each(?) j CROSS JOIN memory m ON m.row = j.value"
        return dict(self._connections.read(sql, [json.dumps(np.asarray(rows).tolist())]))

    # Traces and care

    def put_trace(self, trace_id: str, document: dict[str, Any], keys: Sequence[bytes] = ()) -> None:
        """Keep how an answer came about and the keys of its words (`own.answer_keys`); the latest 1000 are kept, and
        those that were rated.

        Where the directory cannot be written, none is.
        """
        self._traces.put(trace_id, document, keys)
        named = {*document.get("cited", ()), *(candidate["id"] for candidate in document.get("candidates", ()))}
        if len(self.rows_of(list(named))) < len(named):  # one was forgotten while the answer was made
            self._traces.remove(trace_id)

    def trace(self, trace_id: str) -> dict[str, Any] | None:
        """How an answer came about, None when it is not kept (any more)."""
        return self._traces.get(trace_id)

    def rate(self, trace_id: str, right: bool) -> bool:
        """Keep with a trace whether its answer was right; False when there is no such trace. Works read-only too."""
        return self._traces.rate(trace_id, right)

    def traces(self, limit: int | None) -> list[tuple[str, float, dict[str, Any]]]:
        """The latest traces, or all, newest first: id, when it was kept (seconds), the trace."""
        return self._traces.latest(limit)

    def answer_that_said(self, text: str) -> str | None:
        """The id of a kept trace whose answer this text is (`own.observation_keys`), unless a memory says the same."""
        trace_id = self._traces.that_said(observation_keys(text))
        if trace_id is None:
            return None
        sql = (
            "SELECT 1 FROM words CROSS JOIN memory m ON m.row = words.rowid "
            "WHERE words MATCH ? AND ? IN (m.text, m.raw_text) LIMIT 1"
        )
        return None if self._connections.read(sql, [_phrase(text), text]) else trace_id

    def check(self) -> list[str]:
        """Problems of the file, each a sentence; empty when it is sound."""
        return self._connections.check()


def _phrase(word: str) -> str:
    return '"' + word.replace('"', " ").replace("\0", " ") + '"'


def _beside(column: str, side: str, order: str) -> str:
    """SQL for a column of the memory next to `m` in its mission; parameters: nanoseconds looked back and ahead."""
    return (
        f"SELECT n.{column} FROM memory n INDEXED BY memory_time "
        "WHERE n.timestamp BETWEEN m.timestamp - ? AND m.timestamp + ? "
        f"AND (n.timestamp, n.row) {side} (m.timestamp, m.row) "
        "AND n.mission_id = m.mission_id AND n.robot_id = m.robot_id "
        f"AND n.status != 'superseded' ORDER BY n.timestamp {order}, n.row {order} LIMIT 1"
    )
