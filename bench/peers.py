"""Plain Chroma and LangGraph's SqliteStore beside ours at 10,000 memories: dense against dense, FULL against FULL."""

import tempfile
from pathlib import Path
from statistics import median

from bench import report
from bench.cases import narrow, unfiltered
from bench.corpus import corpus, questions, vectors
from bench.report import Figure
from bench.search import ASKED, stores_in_turn
from bench.stores import LangGraph, Ours, PlainChroma, Store, fill_ours
from bench.writes import Times, WholeWrite, adds_in_turn
from shadowhound_memory.settings import Settings

SIZE = 10_000
LABELS = {"none": "text", "mission": "+ mission (1 %)", "time": "+ time (1 %)", "box": "+ within 2 m"}


def run(size: int = SIZE) -> None:
    """Fill the three stores with the same history, ask and write in turn, publish `peers.json`."""
    with tempfile.TemporaryDirectory(prefix="bench-peers-") as temporary:
        directory = Path(temporary)
        history = corpus(size)
        fill_ours(directory / "ours", history)
        ours, chroma = Ours(directory / "ours"), PlainChroma(directory / "chroma")
        chroma.fill(history)
        asked = list(zip(texts := questions(ASKED), vectors(texts, Settings()), strict=True))
        graph = LangGraph(directory / "langgraph", size, ASKED)
        ours.await_index()
        stores: list[Store] = [ours, chroma, graph]
        cases = narrow(history) | {"none": [unfiltered(history)]}
        searched = {LABELS[kind]: stores_in_turn(stores, cases[kind], asked) for kind in LABELS}
        ours.close()
        whole = WholeWrite(directory / "ours")
        with whole.manager:
            added = adds_in_turn([whole, chroma, graph], history.matrix)
        graph.close()
    _publish(size, {"durable write": added} | searched)


def _publish(size: int, rows: dict[str, dict[str, Times]]) -> None:
    figures: list[Figure] = []
    for label, times in rows.items():
        for peer in (PlainChroma.name, LangGraph.name):
            note = f"p50 {1e3 * _p50(times[Ours.name]):.2f} ms and {1e3 * _p50(times[peer]):.2f} ms"
            figures.append(report.ratio(f"{label}, against {peer}", times[peer], times[Ours.name], 1, note))
    table = {label: {name: report.milliseconds(runs) for name, runs in times.items()} for label, times in rows.items()}
    report.publish("peers", figures, {"size": size, "ms": table})
    names = (Ours.name, PlainChroma.name, LangGraph.name)
    series: dict[str, list[float | None]] = {
        name: [1e3 * _p50(times[name]) for times in rows.values()] for name in names
    }
    report.bars("peers.png", f"Against peers, {size:,} memories, without embedding", list(rows), series, "p50, ms")


def _p50(runs: Times) -> float:
    return median(value for run in runs for value in run)
