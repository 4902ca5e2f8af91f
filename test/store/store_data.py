"""Memories and vectors to put into a store."""

from typing import Any

import numpy as np

from shadowhound_memory.record import Memory
from shadowhound_memory.store.vector_rows import Matrix

START = 1.75e9


def make(id: str, **fields: Any) -> Memory:
    """A memory with this id and otherwise plain fields."""
    plain = {
        "event": "note",
        "text": "A red chair stands in the kitchen.",
        "pose": None,
        "tags": (),
        "mission_id": "patrol",
        "timestamp": START,
        "robot_id": "robot",
        "source": "robot",
        "status": "current",
        "written_by": "rules",
        "raw_text": "i saw a red chair in the kitchen",
        "recorded_at": START,
    }
    return Memory.model_validate(plain | fields | {"id": id})


def unit_vectors(count: int, dim: int = 16, seed: int = 0) -> Matrix:
    """Random unit vectors."""
    matrix = np.random.default_rng(seed).normal(size=(count, dim)).astype(np.float32)
    return np.asarray(matrix / np.linalg.norm(matrix, axis=1, keepdims=True), np.float32)
