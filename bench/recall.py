"""`python -m bench recall`: right place, right time, honest about what is not known, beside plain search."""

import argparse
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich import box
from rich.table import Table

from bench import recall_peers, report
from bench.recall_banks import Banks, Result
from bench.recall_data import DEFAULT, SOURCES, Asked, Scene, chosen, load
from bench.recall_scores import DEPTHS, Estimate, Scores, score, summarize
from bench.report import Figure

AIMS: tuple[tuple[str, str, float, str], ...] = (
    ("alfred paraphrase", "s@1", 0.85, "floor .77"),
    ("alfred paraphrase", "search@5", 0.98, "floor .97"),
    ("alfred now", "s@1", 0.65, "floor .16; about .83 can be had"),
    ("thor now", "s@1", 0.97, ""),
    ("thor earlier", "s@1", 0.95, ""),
    ("sqa3d place", "s@1", 0.42, "floor .32"),
    ("sqa3d place", "metres", 0.5, "median; floor 0.6 m"),
    ("ordonez time", "s@1", 0.70, "BM25 .05"),
    ("locomo all", "search@1", 0.42, "floor .362"),
    ("locomo all", "search@5", 0.68, "floor .630"),
    ("locomo all", "search@10", 0.78, "floor .738"),
)
"""Group, score, aim and what is known of it. Metres are better the fewer."""
LOCOMO = ("locomo", "locomo false premise")

Row = tuple[Scene, Asked, Result, Scores]


def parser() -> argparse.ArgumentParser:
    """The command line."""
    made = argparse.ArgumentParser(prog="python -m bench recall", description=__doc__)
    made.add_argument("--data", type=Path, default=DEFAULT, help="directory of the data (default: ../shared/data)")
    made.add_argument("--source", action="append", choices=SOURCES, help="only this source; may be repeated")
    made.add_argument("--half", choices=("1", "2", "all"), default="all", help="choose on 1, confirm on 2")
    made.add_argument("--limit", type=int, help="at most so many scenes of each source")
    made.add_argument("--failures", type=Path, metavar="FILE", help="write down what was not answered rightly and why")
    return made


def main(arguments: Sequence[str]) -> None:
    """Run what the arguments name and publish `recall.json`."""
    options = parser().parse_args(arguments)
    scenes = [
        scene
        for scene in chosen(load(options.data), options.half, options.source or (), options.limit)
        if scene.questions
    ]
    if not scenes:
        raise SystemExit("no question is left: give another --half, --source or --limit")
    banks = Banks()
    rows, peers = _ask(banks, scenes)
    ours = summarize(_grouped(rows))
    theirs = {name: summarize(pairs) for name, pairs in peers.items()}
    _show(ours, theirs)
    if options.failures:
        write_failures(options.failures, rows)
    detail = {
        "scenes": len(scenes),
        "half": options.half,
        "sources": options.source or SOURCES,
        "groups": _plain(ours),
        "peers": {name: _plain(each) for name, each in theirs.items()},
    }
    whole = options.half == "all" and not options.source and not options.limit
    report.publish("recall" if whole else "recall-part", judged(ours), detail)


def _ask(banks: Banks, scenes: Sequence[Scene]) -> tuple[list[Row], dict[str, list[tuple[str, Scores]]]]:
    rows: list[Row] = []
    peers: dict[str, list[tuple[str, Scores]]] = {name: [] for name in recall_peers.PEERS}
    for scene in scenes:
        results = banks.ask(scene, scene.questions)
        rows += [
            (scene, asked, result, score(asked, result)) for asked, result in zip(scene.questions, results, strict=True)
        ]
        for name, found in recall_peers.search(scene, scene.questions).items():
            peers[name] += zip((asked.group for asked in scene.questions), found, strict=True)
    return rows, {name: [*pairs, *_together(pairs)] for name, pairs in peers.items()}


def _grouped(rows: Sequence[Row]) -> list[tuple[str, Scores]]:
    pairs = [(asked.group, scores) for _, asked, _, scores in rows]
    return [*pairs, *_together(pairs)]


def _together(pairs: Sequence[tuple[str, Scores]]) -> list[tuple[str, Scores]]:
    return [("locomo all", scores) for group, scores in pairs if group in LOCOMO]


def judged(groups: dict[str, dict[str, Estimate]]) -> list[Figure]:
    """The aims beside what was reached, as far as it was measured."""
    figures = []
    for group, metric, aim, known in AIMS:
        found = groups.get(group, {}).get(metric)
        if found:
            interval = f"{_short(found.low)}–{_short(found.high)}, n {found.n}"
            unit, better = ("m", "lower") if metric == "metres" else ("", "higher")
            note = ", ".join(filter(None, (interval, known)))
            figures.append(Figure(f"{group}: {metric}", found.value, unit, aim, better, note))  # type: ignore[arg-type]
    return figures


def _plain(groups: dict[str, dict[str, Estimate]]) -> dict[str, Any]:
    return {group: {metric: asdict(found) for metric, found in each.items()} for group, each in groups.items()}


def _short(value: float, digits: int = 3) -> str:
    return f"{value:.{digits}f}".removeprefix("0") if value < 1 else f"{value:.3g}"


def _show(ours: dict[str, dict[str, Estimate]], theirs: dict[str, dict[str, dict[str, Estimate]]]) -> None:
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
    for heading in ("n", "s@1", "", "search@1", "", "@5", "@10", *columns.values(), *theirs):
        table.add_column(heading if heading not in theirs else f"{heading}\ns@1/5/10", justify="right", no_wrap=True)
    for group, each in ours.items():
        cells = [str(max(found.n for found in each.values()))]
        for metric in ("s@1", "search@1"):
            found = each.get(metric)
            cells += [_short(found.value), f"{_short(found.low, 2)}–{_short(found.high, 2)}"] if found else ["", ""]
        cells += [_short(each[name].value, 2) if name in each else "" for name in ("search@5", "search@10", *columns)]
        for peer in theirs.values():
            depths = [peer[group][f"s@{k}"] for k in DEPTHS if f"s@{k}" in peer.get(group, {})]
            cells.append("/".join(_short(found.value, 2) for found in depths))
        table.add_row(group, *cells)
    report.console.print(table)


def write_failures(path: Path, rows: Sequence[Row]) -> None:
    """One paragraph per question that was not answered rightly: gold, cited, where the gold stood, and why."""
    with path.open("w") as file:
        for scene, asked, result, scores in rows:
            if scores.get("exact", scores.get("s@1")) == 1.0:
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
