"""The node over real DDS: start on a filled memory, writes while the model generates, recalls before a long queue."""

import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

from matplotlib import pyplot
from matplotlib.ticker import LogFormatter

from bench import report
from bench.corpus import THINGS, corpus, memories
from bench.report import OUT, Figure
from bench.stores import Ours, fill_ours

SIZE = 10_000
RUNS = 3
QUEUED = 500
WRITES = 200
RECALLS = 4
MODEL_TIMEOUT = 180.0
STATUS_PERIOD = 1.2
"""Seconds after which ~/status tells what is so now."""


def run(size: int = SIZE) -> None:
    """Measure the start and the load, publish `serving.json`."""
    from bench.node import Client

    with tempfile.TemporaryDirectory(prefix="bench-serving-") as temporary:
        directory = Path(temporary)
        fill_ours(directory, corpus(size))
        ours = Ours(directory)
        ours.await_index()
        ours.close()
        client = Client()
        try:
            starts = [_start(client, directory) for _ in range(RUNS)]
            load = _load(client, directory)
        finally:
            client.close()
    _publish(size, starts, load)


def _start(client: Any, directory: Path) -> dict[str, Any]:
    """Seconds from the process's start to active, to the first answer, and to the model."""
    from bench.node import Node

    node = Node(directory)
    client.activate()
    active = time.perf_counter() - node.started
    _, response = client.recall("where is the fire extinguisher?")
    answered = time.perf_counter() - node.started
    if response.code or not response.citations:
        raise RuntimeError(f"the first answer stands on nothing: {response.message} {response.answer}")
    behind = response.fallback_reason
    client.await_status(lambda status: status.model_state == "ready", MODEL_TIMEOUT)
    ready = time.perf_counter() - node.started
    node.close()
    client.status = type(client.status)()
    return {
        "active": active,
        "answered": answered,
        "model_ready": ready,
        "first_route": response.route,
        "first_fallback": behind,
    }


def _load(client: Any, directory: Path) -> dict[str, Any]:
    """Queue observations for the model, then write and ask while it works on them."""
    from bench.node import Node

    node = Node(directory)
    client.activate()
    client.await_status(lambda status: status.model_state == "ready", MODEL_TIMEOUT)
    texts = [memory.text for memory in memories(QUEUED + RUNS * WRITES, seed=5)]
    start = time.perf_counter()
    for text in texts[:QUEUED]:
        client.write(text)
    queueing = time.perf_counter() - start
    asked = iter(f"where did you last see the {thing}?" for thing in THINGS)
    writes: list[list[float]] = []
    recalls: list[dict[str, Any]] = []
    pending = []
    for number in range(RUNS):
        writes.append([])
        for text in texts[QUEUED + number * WRITES : QUEUED + (number + 1) * WRITES]:
            writes[-1].append(client.write(text))
            time.sleep(0.02)
        for _ in range(RECALLS):
            stages, result = client.answer(next(asked))
            seconds, _response = client.recall(next(asked))
            recalls.append(
                {
                    **stages,
                    "service": seconds,
                    "route": result.route,
                    "fallback": result.fallback_reason,
                    "code": int(result.code),
                }
            )
        time.sleep(STATUS_PERIOD)
        pending.append(int(client.status.pending))
    megabytes = node.megabytes()
    node.close()
    return {
        "queueing_seconds": queueing,
        "writes": writes,
        "recalls": recalls,
        "pending_after_each_run": pending,
        "megabytes": megabytes,
    }


def _publish(size: int, starts: list[dict[str, Any]], load: dict[str, Any]) -> None:
    writes = report.milliseconds(load["writes"])
    per_run = [float(report.milliseconds([each])["p99_ms"]) for each in load["writes"]]
    begins = [each["planning"] for each in load["recalls"] if "planning" in each]
    results = [each["result"] for each in load["recalls"]]
    by_model = sum(not each["route"].startswith("rules") for each in load["recalls"])
    answered = [each["answered"] for each in starts]
    pending = load["pending_after_each_run"]
    drafted = QUEUED + RUNS * WRITES - pending[-1]
    note = f"{drafted} drafted meanwhile, {min(pending)} or more still queued"
    figures = [
        Figure(
            f"start to active and answering, {size:,} memories",
            median(answered),
            "s",
            5,
            note="model loading behind it",
            runs=answered,
        ),
        Figure("start to the model ready", median(each["model_ready"] for each in starts), "s"),
        Figure(
            "~/write while the model generates, p99",
            writes["p99_ms"],
            "ms",
            50,
            note=f"p50 {writes['p50_ms']} ms, {note}",
            runs=per_run,
        ),
        Figure(
            "a recall begins after being asked",
            max(begins) if begins else None,
            "s",
            5,
            note=f"slowest of {len(begins)}, {note}",
        ),
        Figure(
            "asked to answered, beside the queue",
            median(results),
            "s",
            note=f"slowest {max(results):.1f} s, {by_model} of {len(results)} by the model",
        ),
        Figure(
            "RSS of the node",
            load["megabytes"]["node"],
            "MB",
            note=f"model worker {load['megabytes']['model worker']} MB",
        ),
    ]
    report.publish("serving", figures, {"starts": starts, "load": load, "write": writes})
    _plot([1e3 * value for each in load["writes"] for value in each], results)


def _plot(writes: list[float], results: list[float]) -> None:
    figure, (left, right) = pyplot.subplots(1, 2, figsize=(10, 4), layout="constrained")
    left.ecdf(writes)
    left.axvline(50, color="C3", linestyle="--", label="bar for p99: 50 ms")
    left.axhline(0.99, color="C7", linestyle=":", label="p99")
    left.set_xscale("log")
    left.xaxis.set_major_formatter(LogFormatter())
    left.xaxis.set_minor_formatter(LogFormatter(minor_thresholds=(1.5, 0.5)))
    left.set_xlabel("~/write round trip, ms")
    left.set_ylabel("share of writes")
    left.set_title("Writes while the model generates")
    left.legend()
    right.bar(range(1, len(results) + 1), results)
    right.set_xlabel("recall")
    right.set_ylabel("asked to answered, s")
    right.set_title("Recalls while hundreds of observations are queued")
    figure.savefig(OUT / "serving.png", dpi=130)
    pyplot.close(figure)
