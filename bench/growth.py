"""How each figure grows with the number of memories, from what the part `search` measured at each size."""

import json

from bench import report
from bench.report import OUT, Figure

KINDS = {
    "mission": "1 % mission",
    "tag": "1 % tag",
    "time": "1 % time",
    "box": "1 % 4 m box",
    "none": "no filter",
    "common words": "only common words",
}
OURS = "shadowhound_memory"
NAMES = {"ours": f"{OURS}, dense", "hybrid": f"{OURS}, hybrid", "chroma": "chromadb"}


def run() -> None:
    """Read `search-*.json`, plot, publish `growth.json`."""
    found = [json.loads(path.read_text()) for path in OUT.glob("search-*.json")]
    measured = {document["detail"]["size"]: document["detail"] for document in found}
    measured = dict(sorted(measured.items()))
    if not measured:
        raise SystemExit("nothing to plot yet: run `python -m bench search` first")
    panels: dict[str, dict[str, dict[int, float]]] = {}
    unit: dict[str, str] = {}

    def add(panel: str, series: str, size: int, value: float, of: str) -> None:
        panels.setdefault(panel, {}).setdefault(series, {})[size] = value
        unit[panel] = of

    for size, detail in measured.items():
        for kind, label in KINDS.items():
            for key, name in NAMES.items():
                add(f"search, {label}", name, size, detail["search"][kind][key]["p50_ms"], "p50, ms")
        add("planning", OURS, size, detail["planning"]["p50_ms"], "p50, ms")
        add("durable write", OURS, size, detail["writes"]["ours"]["p50_ms"], "p50, ms")
        add("durable write", NAMES["chroma"], size, detail["writes"]["chroma"]["p50_ms"], "p50, ms")
        add("memory (RSS)", OURS, size, detail["footprint"]["rss_mb"], "MB")
        add("disk", OURS, size, detail["disk_mb"]["ours"], "MB")
        add("disk", NAMES["chroma"], size, detail["disk_mb"]["chroma"], "MB")
        add("start to first answer", OURS, size, detail["footprint"]["first_answer_seconds"], "s")
    report.lines("growth.png", "Growth with the number of memories", panels, unit)
    first, last = min(measured), max(measured)
    figures = [
        _growth(panel, series, points, first, last, unit[panel])
        for panel, each in panels.items()
        for series, points in each.items()
    ]
    report.publish("growth", figures, {"sizes": list(measured), "panels": panels, "units": unit})


def _growth(panel: str, series: str, points: dict[int, float], first: int, last: int, unit: str) -> Figure:
    values = " → ".join(f"{value:.3g}" for value in points.values())
    note = f"{values} {unit.removeprefix('p50, ')}"
    return Figure(f"{panel}: {series}", points[last] / points[first], f"x, {first:,} → {last:,}", note=note)
