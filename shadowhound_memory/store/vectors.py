"""VectorTable: all vectors in memory, for exact search among the rows that SQL allows."""

import threading
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from shadowhound_memory.store.sqlite import SqliteStore
from shadowhound_memory.store.vector_rows import Matrix, Rows

SCALE = 32767
GROWTH = 1.25
LEAST = 4096
"""Rows for which there is room from the start."""
CHUNK = 512
"""Rows compared at a time: as float32 they stay in the processor's cache, which is ten times as fast."""


class VectorTable:
    """Unit vectors by the row of their memory; thread-safe.

    Kept as 16-bit fixed-point numbers: half the memory of float32, as exact as float16 for unit vectors (a cosine is
    off by about 1e-5) and several times faster to turn into float32.
    """

    def __init__(self, store: SqliteStore) -> None:
        self._lock = threading.Lock()
        self.clear()
        for rows, matrix in store.vectors():
            self.put(rows, matrix)

    def clear(self) -> None:
        """Forget all vectors."""
        with self._lock:
            self._kept: tuple[npt.NDArray[np.int16], npt.NDArray[np.bool_]] = (
                np.zeros((0, 0), np.int16),
                np.zeros(0, np.bool_),
            )

    def put(self, rows: Sequence[int] | Rows, matrix: Matrix) -> None:
        """Keep the vectors of rows; a row that has one gets the new one."""
        rows = np.asarray(rows, dtype=np.int64)
        if not rows.size:
            return
        with self._lock:
            fixed, present = self._kept
            if rows.max() >= len(present):
                size = max(int(rows.max()) + 1, int(len(present) * GROWTH), LEAST)
                grown = np.zeros((size, matrix.shape[1]), np.int16)
                grown[: len(fixed)] = fixed.reshape(len(fixed), -1) if fixed.size else 0
                fixed, present = grown, np.concatenate([present, np.zeros(size - len(present), np.bool_)])
            fixed[rows] = np.rint(matrix * SCALE)
            present[rows] = True
            self._kept = fixed, present

    def drop(self, rows: Sequence[int] | Rows) -> None:
        """Forget the vectors of rows."""
        rows = np.asarray(rows, dtype=np.int64)
        with self._lock:
            fixed, present = self._kept
            rows = rows[rows < len(present)]
            present[rows] = False
            fixed[rows] = 0

    @property
    def present(self) -> npt.NDArray[np.bool_]:
        """For each row whether it has a vector."""
        return self._kept[1]

    def __len__(self) -> int:
        return int(np.count_nonzero(self.present))

    def cosines(self, vector: npt.NDArray[Any], rows: Rows) -> Matrix:
        """The cosine of a unit vector with each row; NaN for rows without a vector."""
        fixed, present = self._kept
        scaled = np.asarray(vector, np.float32) / SCALE
        result = np.full(len(rows), np.nan, np.float32)
        known = np.flatnonzero(rows < len(present))
        known = known[present[rows[known]]]
        for start in range(0, len(known), CHUNK):
            part = known[start : start + CHUNK]
            result[part] = fixed[rows[part]].astype(np.float32) @ scaled
        return result

    def search(self, vector: npt.NDArray[Any], k: int, rows: Rows | None = None) -> tuple[Rows, Matrix]:
        """The k rows nearest to a unit vector by exact cosine, best first, among `rows` or all: (rows, cosines)."""
        present = self.present
        rows = np.flatnonzero(present) if rows is None else rows[rows < len(present)]
        rows = rows[present[rows]]
        cosines = self.cosines(vector, rows)
        if k < len(rows):
            best = np.argpartition(-cosines, k)[:k]
            rows, cosines = rows[best], cosines[best]
        order = np.lexsort((rows, -cosines))
        return rows[order], cosines[order]
