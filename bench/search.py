"""Search with the plan given, planning, durable writes and footprint, at one size, against one Chroma collection."""

import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench import report
from bench.cases import Case, Exact, narrow, unfiltered
from bench.corpus import SIZES, Corpus, common_questions, corpus, questions, vectors
from bench.report import Figure
from bench.stores import Ours, PlainChroma, Store, fill_ours
from bench.writes import Times, measure_writes
from shadowhound_memory.question import Question
from shadowhound_memory.recall.plan import make_plan
from shadowhound_memory.settings import Settings
from shadowhound_memory.store.sqlite import SqliteStore

K = 10
RUNS = 5
ASKED = 30
BARS = {"mission": 15.0, "tag": 15.0, "time": 40.0, "box": 200.0}
TIMED_FORMS = (
    "when did you last see the {}?",
    "where was the {} this morning?",
    "how many times did a {} turn up yesterday?",
    "was there any {} within 3 m of (4, -2)?",
    "what did {} do between 3 and 5 pm last Tuesday?",
    "is the {} still there?",
    "on 3 March, who moved the {}?",
    "what happened to the {} two weeks ago?",
)

Questions = Sequence[tuple[str, NDArray[np.float32]]]


def run(sizes: Sequence[int]) -> None:
    """Measure each size; the bars are for 100,000 memories."""
    for size in sizes:
        with tempfile.TemporaryDirectory(prefix="bench-search-") as temporary:
            at_size(size, Path(temporary))


def at_size(size: int, directory: Path) -> None:
    """Fill both stores with the same history, measure, publish `search-SIZE.json`."""
    history = corpus(size)
    filled = {"shadowhound_memory": fill_ours(directory / "ours", history)}
    chroma = PlainChroma(directory / "chroma")
    filled["chromadb"] = chroma.fill(history)
    start = time.perf_counter()
    ours = Ours(directory / "ours")
    ours.await_index()
    filled["our index caught up"] = time.perf_counter() - start

    asked = _with_vectors(questions(ASKED))
    common = _with_vectors(common_questions([memory.text for memory in history.memories], ASKED))
    searched, figures = _searches(ours, chroma, history, asked, common)
    planned = _planning(ours.store)
    ours.close()
    figures += [
        Figure("planning p50", planned["p50_ms"], "ms", 5, note="questions with and without times, places and counts"),
    ]
    written, more = measure_writes(directory / "ours", chroma, history)
    footprint = _footprint(directory / "ours")
    figures += [*more, Figure("RSS, index and embedding loaded, no model", footprint["rss_mb"], "MB", 600)]
    detail: dict[str, Any] = {
        "size": size,
        "fill_seconds": filled,
        "search": searched,
        "planning": planned,
        "writes": written,
        "footprint": footprint,
        "disk_mb": {name: _megabytes(directory / name) for name in ("ours", "chroma")},
        "index_state": footprint["index"],
    }
    if size < SIZES[-1]:
        figures = [replace(figure, bar=None) for figure in figures]
    report.publish(f"search-{size}", figures, detail)
    _plot(size, searched)
    shutil.rmtree(directory)


def _with_vectors(texts: Sequence[str]) -> Questions:
    return list(zip(texts, vectors(texts, Settings()), strict=True))


def _searches(
    ours: Ours, chroma: PlainChroma, history: Corpus, asked: Questions, common: Questions
) -> tuple[dict[str, Any], list[Figure]]:
    """Every kind of filter, one question at a time in turn, so that both stores meet the same noise."""
    exact = Exact(history)
    cases: dict[str, list[Case]] = narrow(history) | {"none": [unfiltered(history)]}
    searched: dict[str, Any] = {}
    figures: list[Figure] = []
    for kind, variants in cases.items():
        rows, times = _in_turn(ours, chroma, variants, asked, exact)
        searched[kind] = rows
        if kind == "none":
            figures += [
                Figure("unfiltered dense, ours / Chroma", *_slower(times["ours"], times["chroma"], 1.2)),
                Figure("unfiltered hybrid, ours / Chroma", *_slower(times["hybrid"], times["chroma"], 4)),
            ]
            figures += [
                Figure("unfiltered recall@10", rows["recall_ours"], "", note=f"Chroma {rows['recall_chroma']:.4f}")
            ]
            continue
        share = statistics.mean(len(case.rows) for case in variants) / len(history.memories)
        note = f"dense, {100 * share:.2f} % of the memories"
        figures += [
            report.ratio(f"1 % {kind}", times["chroma"], times["ours"], BARS[kind], note),
            report.ratio(
                f"1 % {kind}, hybrid", times["chroma"], times["hybrid"], None, "ours by words as well, Chroma dense"
            ),
            Figure(
                f"1 % {kind} recall@10", rows["recall_ours"], "", 0.99, "higher", f"Chroma {rows['recall_chroma']:.4f}"
            ),
            Figure(f"1 % {kind} empty answers", rows["empty_ours"], "", 0, note=f"Chroma {rows['empty_chroma']}"),
        ]
    rows, times = _in_turn(ours, chroma, cases["none"], common, exact)
    searched["common words"] = rows
    figures.append(Figure("hybrid, only common words, ours / Chroma", *_slower(times["hybrid"], times["chroma"], 4)))
    return searched, figures


def _slower(ours: Times, theirs: Times, bar: float) -> tuple[float, str, float, Any, str, list[float]]:
    runs = [statistics.median(a) / statistics.median(b) for a, b in zip(ours, theirs, strict=True)]
    return statistics.median(runs), "x the time", bar, "lower", "", runs


def _in_turn(
    ours: Ours, chroma: PlainChroma, cases: Sequence[Case], asked: Questions, exact: Exact
) -> tuple[dict[str, Any], dict[str, Times]]:
    times: dict[str, Times] = {"ours": [], "hybrid": [], "chroma": []}
    recall: dict[str, list[float]] = {"ours": [], "chroma": []}
    empty = {"ours": 0, "chroma": 0, "hybrid": 0}
    for store in (ours, chroma):
        store.search(cases[0], *asked[0], K)
    for number in range(RUNS):
        for all_times in times.values():
            all_times.append([])
        for turn, (text, vector) in enumerate(asked):
            case = cases[turn % len(cases)]
            for name, rows in (("ours", case.rows), ("chroma", case.peer_rows)):
                store = {"ours": ours, "chroma": chroma}[name]
                seconds, found = store.search(case, text, vector, K)
                times[name][-1].append(seconds)
                if number == 0:
                    recall[name].append(exact.recall(rows, vector, found, K))
                    empty[name] += bool(len(rows)) and not found
            seconds, found = ours.search(case, text, vector, K, words=True)
            times["hybrid"][-1].append(seconds)
            empty["hybrid"] += number == 0 and bool(len(case.rows)) and not found
    summary: dict[str, Any] = {name: report.milliseconds(runs) for name, runs in times.items()}
    summary |= {f"recall_{name}": round(statistics.mean(values), 4) for name, values in recall.items()}
    summary |= {f"empty_{name}": number for name, number in empty.items()}
    summary["allowed"] = [len(case.rows) for case in cases]
    return summary, times


def _planning(store: SqliteStore) -> dict[str, Any]:
    """Time of make_plan over plain questions and questions with times, places and counts."""
    things = ("first aid kit", "courier", "forklift", "open window", "smell of gas")
    texts = [*questions(40), *(form.format(thing) for form in TIMED_FORMS for thing in things)]
    missions, settings, now = store.missions(), Settings(), time.time()
    for text in texts[::7]:
        make_plan(Question(text=text), settings, now, missions)
    runs: Times = []
    for _ in range(RUNS):
        runs.append([])
        for text in texts:
            question = Question(text=text)
            start = time.perf_counter()
            make_plan(question, settings, now, missions)
            runs[-1].append(time.perf_counter() - start)
    return report.milliseconds(runs)


def _footprint(directory: Path) -> dict[str, Any]:
    child = subprocess.run(
        [sys.executable, "-m", "bench.footprint", str(directory)], check=True, stdout=subprocess.PIPE, text=True
    )
    result: dict[str, Any] = json.loads(child.stdout.splitlines()[-1])
    return result


def _megabytes(directory: Path) -> float:
    return round(sum(path.stat().st_size for path in directory.rglob("*") if path.is_file()) / 1e6, 1)


def _plot(size: int, searched: dict[str, Any]) -> None:
    kinds = ["mission", "tag", "time", "box", "none", "common words"]
    labels = ["1 % mission", "1 % tag", "1 % time", "1 % 4 m box", "no filter", "no filter,\ncommon words"]
    series = {
        "shadowhound_memory, dense": [searched[kind]["ours"]["p50_ms"] for kind in kinds],
        "shadowhound_memory, hybrid": [searched[kind]["hybrid"]["p50_ms"] for kind in kinds],
        "chromadb, dense": [searched[kind]["chroma"]["p50_ms"] for kind in kinds],
    }
    report.bars(
        f"search-{size}.png",
        f"Search among {size:,} memories, without embedding the question",
        labels,
        series,
        "p50, ms",
    )


def stores_in_turn(stores: Sequence[Store], cases: Sequence[Case], asked: Questions) -> dict[str, Times]:
    """Seconds of each store for the same questions, one question at a time in turn."""
    times: dict[str, Times] = {store.name: [] for store in stores}
    for store in stores:
        store.search(cases[0], *asked[0], K)
    for _ in range(RUNS):
        for store in stores:
            times[store.name].append([])
        for turn, (text, vector) in enumerate(asked):
            for store in stores:
                seconds, _found = store.search(cases[turn % len(cases)], text, vector, K)
                times[store.name][-1].append(seconds)
    return times
