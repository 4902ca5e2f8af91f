"""The vectors in SQLite: which memories still need one, and which of them the index holds."""

import json
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from shadowhound_memory.record import Memory
from shadowhound_memory.store.connections import Connections
from shadowhound_memory.store.schema import SELECT, to_memory

Rows = npt.NDArray[np.int64]
Matrix = npt.NDArray[np.float32]


class VectorRows:
    """The part of SqliteStore that keeps vectors."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        self._changed: set[int] = set()
        self._changed_lock = threading.Lock()

    def unembedded(self, limit: int) -> list[tuple[int, Memory]]:
        """Memories without a vector of their present words, the oldest first."""
        with self._changed_lock:
            sql = (
                f"SELECT m.row, {SELECT} FROM unembedded u CROSS JOIN memory m ON m.row = u.row ORDER BY u.row LIMIT ?"
            )
            found = self._connections.read(sql, [limit])
            self._changed.difference_update(row[0] for row in found)
        return [(row[0], to_memory(row[1:])) for row in found]

    def mark_changed(self, connection: sqlite3.Connection, ids: Sequence[str]) -> None:
        sql = "SELECT row FROM memory WHERE id IN (SELECT value FROM json_each(?))"
        rows = [row for (row,) in connection.execute(sql, [json.dumps(list(ids))])]
        with self._changed_lock:
            self._changed.update(rows)

    def put_vectors(self, rows: Sequence[int] | Rows, matrix: Matrix) -> None:
        """Keep the vectors of rows that `unembedded` gave; rows forgotten or finished since then are left out."""
        with self._connections.transaction() as connection, self._changed_lock:
            for row, vector in zip(
                np.asarray(rows).tolist(), np.ascontiguousarray(matrix, dtype=np.float32), strict=True
            ):
                if row not in self._changed:
                    connection.execute(
                        "INSERT OR REPLACE INTO vector(row, value) SELECT row, ? FROM memory WHERE row = ?",
                        [vector.tobytes(), row],
                    )
                    connection.execute("DELETE FROM unembedded WHERE row = ?", [row])

    def vectors(self, chunk: int = 2000) -> Iterator[tuple[Rows, Matrix]]:
        """All vectors, as (rows, matrix) chunks in the order of rows."""
        last = 0
        while found := self._connections.read(
            "SELECT row, value FROM vector WHERE row > ? ORDER BY row LIMIT ?", [last, chunk]
        ):
            yield _to_matrix(found)
            last = found[-1][0]

    def vectors_of(self, rows: Sequence[int] | Rows) -> tuple[Rows, Matrix]:
        """The vectors of rows; rows without one are left out."""
        sql = "SELECT v.row, v.value FROM json_each(?) j CROSS JOIN vector v ON v.row = j.value"
        return _to_matrix(self._connections.read(sql, [json.dumps(np.asarray(rows).tolist())]))

    @property
    def embedding(self) -> str:
        """Name of the model that made the vectors; empty while there is none."""
        return self._connections.meta("embedding")

    def drop_vectors(self) -> None:
        """Forget every vector, so that all are made anew."""
        with self._connections.transaction() as connection:
            connection.execute("DELETE FROM vector")
            connection.execute("INSERT OR IGNORE INTO unembedded SELECT row FROM memory")

    def use_embedding(self, name: str) -> bool:
        """Say which model makes the vectors; those of another one are dropped, or False when opened for reading."""
        kept = self.embedding
        if kept == name:
            return True
        if self._connections.read_only:
            return kept == ""
        if kept:
            self.drop_vectors()
        with self._connections.transaction() as connection:
            connection.execute("INSERT OR REPLACE INTO meta VALUES ('embedding', ?)", [name])
        return True

    def unindexed(self, limit: int) -> tuple[Rows, Matrix, list[tuple[str, str] | None]]:
        """Vectors that the index does not hold: rows, matrix, and (robot_id, mission_id) where the mission is open."""
        sql = (
            "SELECT v.row, v.value, mission.robot_id, mission.id FROM vector v CROSS JOIN memory m ON m.row = v.row "
            "LEFT JOIN mission ON mission.id = m.mission_id AND mission.ended IS NULL "
            "WHERE v.indexed = 0 ORDER BY v.row LIMIT ?"
        )
        found = self._connections.read(sql, [limit])
        rows, matrix = _to_matrix(found)
        return rows, matrix, [(row[2], row[3]) if row[3] is not None else None for row in found]

    def mark_indexed(self, rows: Sequence[int] | Rows) -> None:
        """Say that the index holds these rows."""
        with self._connections.transaction() as connection:
            sql = "UPDATE vector SET indexed = 1 WHERE row IN (SELECT value FROM json_each(?))"
            connection.execute(sql, [json.dumps(np.asarray(rows).tolist())])

    def mark_all_unindexed(self) -> None:
        """Say that the index is empty."""
        with self._connections.transaction() as connection:
            connection.execute("UPDATE vector SET indexed = 0 WHERE indexed = 1")

    def mark_unindexed(self, rows: Sequence[int] | Rows) -> None:
        """Say that the index does not hold these rows."""
        with self._connections.transaction() as connection:
            sql = "UPDATE vector SET indexed = 0 WHERE row IN (SELECT value FROM json_each(?))"
            connection.execute(sql, [json.dumps(np.asarray(rows).tolist())])

    def removed(self, limit: int) -> list[int]:
        """Rows that were forgotten and may still be in the index."""
        return [row for (row,) in self._connections.read("SELECT row FROM removed LIMIT ?", [limit])]

    def clear_removed(self, rows: Sequence[int]) -> None:
        """Say that the index holds these forgotten rows no more."""
        with self._connections.transaction() as connection:
            connection.execute(
                "DELETE FROM removed WHERE row IN (SELECT value FROM json_each(?))", [json.dumps(list(rows))]
            )

    def indexed_rows(self) -> Rows:
        """Rows that the index is said to hold, in order."""
        found = self._connections.read("SELECT row FROM vector WHERE indexed = 1 ORDER BY row")
        return np.fromiter((row for (row,) in found), dtype=np.int64, count=len(found))


def _to_matrix(found: list[Any]) -> tuple[Rows, Matrix]:
    rows = np.fromiter((row[0] for row in found), dtype=np.int64, count=len(found))
    matrix = np.frombuffer(b"".join(row[1] for row in found), dtype=np.float32)
    return rows, matrix.reshape(len(found), -1) if found else matrix.reshape(0, 0)
