"""What was measured of recall, for reading: one table of all kinds, one paragraph for each wrong answer."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rich import box
from rich.table import Table

from bench import report
from bench.recall_data import Asked, Scene
from bench.recall_scores import DEPTHS, Estimate, Scores, is_right

Groups = Mapping[str, Mapping[str, Estimate]]


def _short(value: float, digits: int = 3) -> str:
    return f"{value:.{digits}f}".removeprefix("0") if value < 1 else f"{value:.3g}"


def show_groups(ours: Groups, peers: Mapping[str, Groups]) -> None:
    """Print one line per kind of question."""
    columns = {
        "false abstention": "false\nabst.", "citation precision": "cit.\nprec.", "gold cited": "gold\ncited",
        "metres": "m", "minutes": "min", "exact": "exact", "false answer": "false\nanswer",
    }  # fmt: skip
    table = Table(
        title="extractive answers and 95 % bootstrap intervals; medians of metres and minutes",
        title_justify="left",
        box=box.SIMPLE,
        padding=0,
        collapse_padding=True,
    )
    table.add_column("kind", no_wrap=True)
    headings = ["n", "s@1", "", "search@1", "", "@5", "@10", *columns.values()]
    for heading in (*headings, *(f"{name}\ns@1/5/10" for name in peers)):
        table.add_column(heading, justify="right", no_wrap=True)
    for group, found in ours.items():
        each = dict(found)
        for metric in ("count exact", "yes/no exact"):
            if metric in each:
                each["exact"] = each[metric]
        cells = [str(max(estimate.n for estimate in each.values()))]
        for metric in ("s@1", "search@1"):
            if estimate := each.get(metric):
                cells += [_short(estimate.value), f"{_short(estimate.low, 2)}–{_short(estimate.high, 2)}"]
            else:
                cells += ["", ""]
        cells += [_short(each[name].value, 2) if name in each else "" for name in ("search@5", "search@10", *columns)]
        for peer in peers.values():
            depths = [peer[group][f"s@{k}"] for k in DEPTHS if f"s@{k}" in peer.get(group, {})]
            cells.append("/".join(_short(estimate.value, 2) for estimate in depths))
        table.add_row(group, *cells)
    report.console.print(table)


def write_failures(path: Path, rows: Sequence[tuple[Scene, Asked, dict[str, Any], Scores]]) -> None:
    """One paragraph per question that was not answered rightly: gold, cited, where the gold stood, and why."""
    with path.open("w") as file:
        for scene, asked, result, scores in rows:
            if is_right(scores):
                continue
            texts = {row["id"]: row["text"] for row in scene.rows}
            ranks = [number for number, each in enumerate(result["candidates"], 1) if each in asked.gold]
            lines = [
                f"{asked.group} | {scene.name} | {asked.id} | {asked.text}",
                f"  answer: {'(abstained) ' if result['abstained'] else ''}{result['answer']}",
                f"  why: {result['why']}; plan {result['plan']}; gold among the candidates at {ranks or 'none'}",
                f"  gold: {asked.answer}",
                *(f"    + {each} {texts.get(each)}" for each in asked.gold[:6]),
                *(f"    - {each} {texts.get(each)}" for each in result["cited"][:4]),
                *(f"    ? {each} {texts.get(each)}" for each in result["candidates"][:3] if not result["cited"]),
            ]
            file.write("\n".join(lines) + "\n\n")
