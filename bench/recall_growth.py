"""How long whole recalls take without a language model, the embedding of the question included, as the memory grows."""

import statistics
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from bench import report
from bench.corpus import BEGIN, MONTHS, SIZES, corpus, questions
from bench.report import Figure
from bench.search import TIMED_FORMS
from bench.stores import fill_ours
from shadowhound_memory.manager import MemoryManager
from shadowhound_memory.question import Question
from shadowhound_memory.settings import Settings

PLAIN = 150
THINGS = ("first aid kit", "courier", "forklift", "open window", "smell of gas")
RUNS = 3
WARMING = 20
CATCHING_UP = 3600.0
BAR = 30.0


def run(figures: list[Figure], detail: dict[str, Any], path: str) -> None:
    """Measure each size, plot, and add what was found."""
    asked = {
        "plain questions": questions(PLAIN + WARMING)[WARMING:],
        "with times, places and counts": [form.format(thing) for form in TIMED_FORMS for thing in THINGS],
    }
    measured = {}
    for size in SIZES:
        with tempfile.TemporaryDirectory(prefix="bench-recall-") as temporary:
            measured[size] = at_size(size, Path(temporary), asked)
    detail["latency"] = measured
    panels: dict[str, dict[str, dict[int, float]]] = {"p50": {}, "p99": {}}
    for size, kinds in measured.items():
        for kind in ("all", *asked):
            for panel in panels:
                panels[panel].setdefault(kind, {})[size] = kinds[kind][f"{panel}_ms"]
    report.lines(path, "A whole recall without a language model", panels, {"p50": "ms", "p99": "ms"})
    for size in SIZES:
        found = measured[size]["all"]
        runs = found["p50_ms_of_runs"]
        name = f"recall of {size:,} memories"
        note = f"{found['n'] // RUNS} questions; {measured[size]['processor_ms']:.1f} ms of processor time"
        p50 = Figure(f"{name}, p50", found["p50_ms"], "ms", BAR, "lower", note, runs)
        figures.append(p50 if size == SIZES[-1] else replace(p50, bar=None))
        figures.append(Figure(f"{name}, p99", found["p99_ms"], "ms", note=note))


def at_size(size: int, directory: Path, asked: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """Milliseconds of each kind of question in a memory of this size, once it has caught up with itself."""
    fill_ours(directory, corpus(size))
    with MemoryManager.open(Settings(data_dir=str(directory), model="none")) as manager:
        start = time.monotonic()
        manager.wait_until_idle(CATCHING_UP)
        while manager.status().index != "ready" and time.monotonic() < start + CATCHING_UP:
            time.sleep(0.2)
        caught_up = time.monotonic() - start
        now = BEGIN + MONTHS
        for text in questions(WARMING):
            manager.recall(Question(text=text, asked_at=now))
        times: dict[str, list[list[float]]] = {kind: [[] for _ in range(RUNS)] for kind in ("all", *asked)}
        work = []
        for number in range(RUNS):
            for kind, texts in asked.items():
                for text in texts:
                    start, worked = time.perf_counter(), time.process_time()
                    manager.recall(Question(text=text, asked_at=now))
                    seconds = time.perf_counter() - start
                    work.append(time.process_time() - worked)
                    times[kind][number].append(seconds)
                    times["all"][number].append(seconds)
        stages = manager.stats()["latency"]
    found: dict[str, Any] = {kind: report.milliseconds(runs) for kind, runs in times.items()}
    processor = round(1e3 * statistics.median(work), 3)
    return found | {"processor_ms": processor, "stages": stages, "caught up after seconds": round(caught_up, 1)}
