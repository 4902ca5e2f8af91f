"""Figures, their bars, the machine they were measured on; as JSON, as a table and as plots."""

import json
import os
import platform
import statistics
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Literal

import numpy as np
from matplotlib import pyplot
from matplotlib.ticker import LogFormatter
from rich.console import Console
from rich.table import Table

OUT = Path(__file__).parent / "out"
NAMED = (
    "chromadb", "langgraph-checkpoint-sqlite", "sqlite-vec", "onnxruntime", "numpy", "torch", "transformers",
    "llguidance", "peft", "ros-rclpy",
)  # fmt: skip
console = Console(width=150)


@dataclass(frozen=True)
class Figure:
    """One measured number beside its bar. `bar` None: stated, not judged. `runs`: the number in each run."""

    name: str
    value: float | None
    unit: str
    bar: float | None = None
    better: Literal["higher", "lower"] = "lower"
    note: str = ""
    runs: list[float] = field(default_factory=list)

    @property
    def verdict(self) -> str:
        """met, missed, not measured, or nothing where there is no bar."""
        if self.value is None:
            return "not measured"
        if self.bar is None:
            return ""
        return "met" if (self.value <= self.bar if self.better == "lower" else self.value >= self.bar) else "missed"


def ratio(
    name: str, slower: Sequence[Sequence[float]], faster: Sequence[Sequence[float]], bar: float | None, note: str = ""
) -> Figure:
    """How many times faster: median over the runs of the ratio of medians in each run."""
    runs = [statistics.median(a) / statistics.median(b) for a, b in zip(slower, faster, strict=True)]
    return Figure(name, statistics.median(runs), "x faster", bar, "higher", note, runs)


def milliseconds(seconds: Sequence[Sequence[float]]) -> dict[str, Any]:
    """p50 and p99 over all runs, and p50 of each run, in milliseconds."""
    values = [1e3 * value for run in seconds for value in run]
    return {
        "n": len(values),
        "p50_ms": round(statistics.median(values), 3),
        "p99_ms": round(float(np.percentile(values, 99)), 3),
        "p50_ms_of_runs": [round(1e3 * statistics.median(run), 3) for run in seconds],
    }


def machine() -> dict[str, Any]:
    """What it ran on: processor, cores, memory, load, versions."""
    info = Path("/proc/cpuinfo")
    names = (
        [line.partition(":")[2].strip() for line in info.read_text().splitlines() if line.startswith("model name")]
        if info.exists()
        else []
    )
    versions = {}
    for name in NAMED:
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            versions[name] = "not installed"
    return {
        "processor": names[0] if names else platform.processor(),
        "cores": len(os.sched_getaffinity(0)),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "load_1_5_15_min": [round(value, 2) for value in os.getloadavg()],
        "system": platform.platform(),
        "python": platform.python_version(),
        "versions": versions,
        "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
    }


def publish(part: str, figures: Sequence[Figure], detail: dict[str, Any]) -> None:
    """Write `out/PART.json` and `out/PART.md`, and print the table."""
    OUT.mkdir(exist_ok=True)
    document = {
        "part": part,
        "machine": machine(),
        "figures": [asdict(figure) | {"verdict": figure.verdict} for figure in figures],
        "detail": detail,
    }
    (OUT / f"{part}.json").write_text(json.dumps(document, indent=1, ensure_ascii=False))
    (OUT / f"{part}.md").write_text(_markdown(document["figures"]), encoding="utf-8")
    show(part, document)


def read(part: str) -> dict[str, Any] | None:
    """What a part wrote last, None when it has not run."""
    path = OUT / f"{part}.json"
    return json.loads(path.read_text()) if path.exists() else None


def _markdown(figures: Sequence[dict[str, Any]]) -> str:
    lines = ["| figure | value | bar | | note |", "|---|---|---|---|---|"]
    for each in figures:
        note = each["note"].replace("|", "/")
        lines.append(f"| {each['name']} | {_value(each)} | {_bar(each)} | {each['verdict']} | {note} |")
    return "\n".join(lines) + "\n"


def _value(figure: dict[str, Any]) -> str:
    return "-" if figure["value"] is None else f"{figure['value']:.4g} {figure['unit']}".strip()


def _bar(figure: dict[str, Any]) -> str:
    return "" if figure["bar"] is None else f"{'≥' if figure['better'] == 'higher' else '≤'} {figure['bar']:g}"


def show(part: str, document: dict[str, Any]) -> None:
    """Print the figures of a part."""
    load = document["machine"]["load_1_5_15_min"][0]
    table = Table(
        title=f"{part} ({document['machine']['cores']} cores, load {load}, {document['machine']['at']})",
        title_justify="left",
    )
    for heading in ("figure", "value", "bar", "", "runs", "note"):
        table.add_column(heading, justify="right" if heading in ("value", "bar") else "left", overflow="fold")
    for each in document["figures"]:
        table.add_row(
            each["name"],
            _value(each),
            _bar(each),
            each["verdict"],
            f"{min(each['runs']):.3g}–{max(each['runs']):.3g}" if len(each["runs"]) > 1 else "",
            each["note"],
            style={"missed": "red", "met": "green"}.get(each["verdict"]),
        )
    console.print(table)


def bars(
    path: str,
    title: str,
    groups: Sequence[str],
    series: dict[str, list[float | None]],
    unit: str,
    logarithmic: bool = True,
) -> None:
    """A grouped bar chart, each bar with its number."""
    figure, axes = pyplot.subplots(figsize=(max(7, 1.6 * len(groups)), 4.5), layout="constrained")
    width = 0.8 / len(series)
    for number, (name, values) in enumerate(series.items()):
        places = np.arange(len(groups)) + (number - (len(series) - 1) / 2) * width
        heights = [np.nan if value is None else value for value in values]
        drawn = axes.bar(places, heights, width * 0.92, label=name)
        axes.bar_label(drawn, ["" if value is None else f"{value:.3g}" for value in values], fontsize=8, padding=2)
    if logarithmic:
        axes.set_yscale("log")
    axes.margins(y=0.15)
    axes.set_xticks(np.arange(len(groups)), groups)
    axes.set_ylabel(unit)
    axes.set_title(title)
    axes.legend()
    figure.savefig(OUT / path, dpi=130)
    pyplot.close(figure)


def lines(path: str, title: str, panels: dict[str, dict[str, dict[int, float]]], unit: dict[str, str]) -> None:
    """One small panel per figure: its growth with the number of memories, both axes logarithmic."""
    columns = min(4, len(panels))
    rows = -(-len(panels) // columns)
    figure, grid = pyplot.subplots(
        rows, columns, figsize=(3.6 * columns, 3 * rows), layout="constrained", squeeze=False
    )
    for axes in grid.flat[len(panels) :]:
        axes.set_visible(False)
    handles: dict[str, Any] = {}
    colours = {
        name: f"C{number}"
        for number, name in enumerate(dict.fromkeys(name for panel in panels.values() for name in panel))
    }
    for axes, (name, panel) in zip(grid.flat, panels.items(), strict=False):
        for label, points in panel.items():
            (handles[label],) = axes.plot(list(points), list(points.values()), marker="o", color=colours[label])
        axes.set_xscale("log")
        axes.set_yscale("log")
        axes.yaxis.set_major_formatter(LogFormatter())
        axes.yaxis.set_minor_formatter(LogFormatter(minor_thresholds=(1.5, 0.5)))
        axes.tick_params(labelsize=8, which="both")
        axes.set_title(name, fontsize=10)
        axes.set_xlabel("memories", fontsize=8)
        axes.set_ylabel(unit[name], fontsize=9)
        axes.grid(alpha=0.3, which="both")
    figure.suptitle(title)
    figure.legend(handles.values(), handles.keys(), loc="outside lower right", ncols=len(handles))
    figure.savefig(OUT / path, dpi=130)
    pyplot.close(figure)
