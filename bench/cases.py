"""Filters that leave one memory in a hundred, as the package and its peers write them, and what is exact."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.corpus import Corpus
from shadowhound_memory.question import Filter
from shadowhound_memory.record import Memory, Pose

SHARE = 0.01
VARIANTS = 5
HALF_BOX = 2.0
TIE = 1e-6


@dataclass(frozen=True)
class Case:
    """One filter. `where` is Chroma's, `columns` and `mission` LangGraph's; `rows` are those that the Filter allows,
    `peer_rows` those that the peers' form allows (a square instead of a circle)."""

    kind: str
    filter: Filter
    where: dict[str, Any] | None
    rows: NDArray[np.int64]
    peer_rows: NDArray[np.int64]
    columns: dict[str, Any] = field(default_factory=dict)
    mission: str | None = None


def flat(memory: Memory) -> dict[str, Any]:
    """A memory's fields as flat metadata."""
    fields: dict[str, Any] = {
        "event": memory.event,
        "mission": memory.mission_id,
        "time": memory.timestamp,
        "source": memory.source,
    }
    if memory.tags:
        fields["tags"] = list(memory.tags)
    if memory.pose:
        fields |= {"x": memory.pose.x, "y": memory.pose.y, "frame": memory.pose.frame_id}
    return fields


def unfiltered(history: Corpus) -> Case:
    """No filter."""
    rows = np.arange(len(history.memories))
    return Case("none", Filter(), None, rows, rows)


def narrow(history: Corpus, seed: int = 11) -> dict[str, list[Case]]:
    """By kind, some filters that leave about one in a hundred."""
    return {
        "mission": [_by_mission(history, name) for name in _about_one_percent(history, lambda m: [m.mission_id])],
        "tag": [_by_tag(history, name) for name in _about_one_percent(history, lambda m: m.tags)],
        "time": _by_time(history, np.random.default_rng(seed)),
        "box": _by_place(history, np.random.default_rng(seed + 1)),
    }


def _about_one_percent(history: Corpus, names: Callable[[Memory], Any]) -> list[str]:
    counts = Counter(name for memory in history.memories for name in names(memory))
    wanted = SHARE * len(history.memories)
    return sorted(counts, key=lambda name: (abs(counts[name] - wanted), name))[:VARIANTS]


def _rows(history: Corpus, holds: Callable[[Memory], bool]) -> NDArray[np.int64]:
    return np.array([row for row, memory in enumerate(history.memories) if holds(memory)], np.int64)


def _by_mission(history: Corpus, name: str) -> Case:
    rows = _rows(history, lambda memory: memory.mission_id == name)
    return Case("mission", Filter(missions=(name,)), {"mission": name}, rows, rows, mission=name)


def _by_tag(history: Corpus, name: str) -> Case:
    rows = _rows(history, lambda memory: name in memory.tags)
    return Case("tag", Filter(tags=(name,)), {"tags": {"$contains": name}}, rows, rows)


def _by_time(history: Corpus, random: np.random.Generator) -> list[Case]:
    count = max(1, round(SHARE * len(history.memories)))
    cases = []
    for start in random.integers(0, len(history.memories) - count, VARIANTS).tolist():
        since, until = (history.memories[row].timestamp for row in (start, start + count - 1))
        rows = _rows(history, lambda memory, since=since, until=until: since <= memory.timestamp <= until)
        where = {"$and": [{"time": {"$gte": since}}, {"time": {"$lte": until}}]}
        columns = {"time": {"$gte": since, "$lte": until}}
        cases.append(Case("time", Filter(since=since, until=until), where, rows, rows, columns))
    return cases


def _by_place(history: Corpus, random: np.random.Generator) -> list[Case]:
    """Boxes of 4 m around poses of the history; those that hold nearest to one in a hundred."""
    placed = [memory.pose for memory in history.memories if memory.pose]
    tried = [_box(history, placed[int(number)]) for number in random.choice(len(placed), 8 * VARIANTS, replace=False)]
    wanted = SHARE * len(history.memories)
    return sorted(tried, key=lambda case: abs(len(case.peer_rows) - wanted))[:VARIANTS]


def _box(history: Corpus, centre: Pose) -> Case:
    x0, x1, y0, y1 = centre.x - HALF_BOX, centre.x + HALF_BOX, centre.y - HALF_BOX, centre.y + HALF_BOX

    def in_box(memory: Memory) -> bool:
        at = memory.pose
        return at is not None and at.frame_id == centre.frame_id and x0 <= at.x <= x1 and y0 <= at.y <= y1

    square = _rows(history, in_box)
    distances = np.array(
        [np.hypot(p.x - centre.x, p.y - centre.y) for row in square if (p := history.memories[row].pose)]
    )
    bounds = {"x": {"$gte": x0, "$lte": x1}, "y": {"$gte": y0, "$lte": y1}}
    where = [{name: {sign: value}} for name, both in bounds.items() for sign, value in both.items()]
    return Case(
        "box",
        Filter(near=centre, radius=HALF_BOX),
        {"$and": [{"frame": centre.frame_id}, *where]},
        square[distances <= HALF_BOX],
        square,
        {"frame": centre.frame_id, **bounds},
    )


class Exact:
    """Exact search over the history, which every answer is compared with."""

    def __init__(self, history: Corpus) -> None:
        self._matrix = history.matrix
        self._row = {memory.id: row for row, memory in enumerate(history.memories)}

    def recall(self, rows: NDArray[np.int64], vector: NDArray[np.float32], found: list[str], k: int) -> float:
        """The share of the k nearest among `rows` that was found; what is as near as the last of them counts."""
        cosines = self._matrix[rows] @ vector
        wanted = min(k, len(rows))
        if wanted == 0:
            return 1.0
        last = np.partition(cosines, -wanted)[-wanted] - TIE
        allowed = dict(zip(rows.tolist(), cosines.tolist(), strict=True))
        right = sum(allowed.get(self._row.get(name, -1), -2.0) >= last for name in set(found))
        return min(right, wanted) / wanted
