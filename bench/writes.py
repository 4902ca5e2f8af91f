"""Durable writes through the one door, without a model, against a plain Chroma add; and how soon they are found."""

import statistics
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from bench import report
from bench.corpus import Corpus, memories
from bench.report import Figure
from bench.stores import PlainChroma
from shadowhound_memory.manager import MemoryManager
from shadowhound_memory.question import Filter, Question
from shadowhound_memory.record import Memory, Observation
from shadowhound_memory.settings import Settings

RUNS = 5
EACH = 30
FOUND = 20
BAR = 20.0
MISSION = "bench-writes"
SETTLE = 0.1
"""Seconds that a store is left to finish its work behind a write before the next store's turn."""

Times = list[list[float]]


class Writer(Protocol):
    """A store that makes one memory durable and says how many seconds that took."""

    name: str

    def add(self, memory: Memory, vector: NDArray[np.float32]) -> float: ...


class WholeWrite:
    """MemoryManager.write without a model: checked, drafted by rules, committed. It embeds and indexes behind that."""

    name = "shadowhound_memory"

    def __init__(self, directory: Path) -> None:
        self.manager = MemoryManager.open(Settings(data_dir=str(directory), model="none"))
        self.manager.start_mission(MISSION)

    def write(self, memory: Memory) -> float:
        """Write a new observation with the words of a memory."""
        told = Observation(text=memory.text, pose=memory.pose, tags=memory.tags, source=memory.source)
        start = time.perf_counter()
        self.manager.write(told)
        return time.perf_counter() - start

    def add(self, memory: Memory, vector: NDArray[np.float32]) -> float:
        seconds = self.write(memory)
        self.manager.wait_until_idle(600)
        time.sleep(SETTLE)
        return seconds


def new_memories() -> list[Memory]:
    """Memories that the history does not hold."""
    return [memory.model_copy(update={"id": f"new-{memory.id}"}) for memory in memories(RUNS * EACH, seed=99)]


def adds_in_turn(stores: Sequence[Writer], matrix: NDArray[np.float32]) -> dict[str, Times]:
    """Seconds of each store for the same memories, one memory at a time in turn."""
    new = new_memories()
    times: dict[str, Times] = {store.name: [[] for _ in range(RUNS)] for store in stores}
    for store in stores:
        store.add(new[0].model_copy(update={"id": "first"}), matrix[0])
    for number, memory in enumerate(new):
        for store in stores:
            times[store.name][number // EACH].append(store.add(memory, matrix[number]))
    return times


def measure_writes(directory: Path, chroma: PlainChroma, history: Corpus) -> tuple[dict[str, Any], list[Figure]]:
    """One write at a time against Chroma; a burst of them; and when a write can be found."""
    whole = WholeWrite(directory)
    with whole.manager as manager:
        times = adds_in_turn([whole, chroma], history.matrix)
        ours, theirs = (report.milliseconds(times[name]) for name in (whole.name, chroma.name))
        start = time.perf_counter()
        burst = report.milliseconds([[whole.write(memory) for memory in new_memories()]])
        manager.wait_until_idle(600)
        rate = RUNS * EACH / (time.perf_counter() - start)
        at_once, dense_after = _found(manager)
    note = f"p50 {ours['p50_ms']} ms and {theirs['p50_ms']} ms"
    figures = [
        report.ratio("durable write against Chroma add", times[chroma.name], times[whole.name], BAR, note),
        Figure("durable write p99", ours["p99_ms"], "ms", note=f"Chroma {theirs['p99_ms']} ms"),
        Figure(
            "durable write in a burst, p50",
            burst["p50_ms"],
            "ms",
            note=f"p99 {burst['p99_ms']} ms, embedding beside it",
        ),
        Figure("writes with embedding", rate, "/s", note=f"{RUNS * EACH} in one burst until all are embedded"),
        Figure("findable by its words on return", at_once, "", note=f"share of {FOUND} writes, asked right after"),
        Figure("findable by meaning after", dense_after, "ms", note="p50 from the write's return"),
    ]
    return {
        "ours": ours,
        "chroma": theirs,
        "burst": burst,
        "found_at_once": at_once,
        "dense_after_ms": dense_after,
    }, figures


def _found(manager: MemoryManager) -> tuple[float, float]:
    """The share of writes found by a word right after their return, and the p50 of ms until they have a vector."""
    at_once = 0
    dense_after = []
    for number in range(FOUND):
        word = f"zeppelin{number}xq"
        kept = manager.write(Observation(text=f"The crate labelled {word} was put down here."))
        question = Question(text=f"where is the crate {word}?", filter=Filter(missions=(MISSION,)))
        at_once += kept.id in {candidate.memory.id for candidate in manager.recall(question).candidates}
        manager.wait_until_idle(60)
        time.sleep(SETTLE)
        manager.write(Observation(text=f"A bicycle stands at gate {number}."))
        start = time.perf_counter()
        while manager.status().unembedded:
            time.sleep(0.001)
        dense_after.append(1e3 * (time.perf_counter() - start))
    return at_once / FOUND, round(statistics.median(dense_after), 2)
