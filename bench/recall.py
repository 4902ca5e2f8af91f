"""`python -m bench recall`: right place, right time, honest about what is not known, beside plain search."""

import argparse
import math
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from bench import recall_absent, recall_peers, recall_plots, report
from bench.recall_banks import Banks, Result
from bench.recall_data import DEFAULT, SOURCES, Asked, Scene, chosen, load, sample
from bench.recall_scores import Estimate, Scores, estimate, is_right, score, summarize
from bench.recall_tables import show_groups, write_failures
from bench.report import Figure
from shadowhound_memory.settings import Settings

ARMS = ("extractive", "absent", "tracks", "latency", "model")
QUICK = ("extractive", "absent")
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
FALSE_PREMISE = "locomo false premise"
LOCOMO = ("locomo", FALSE_PREMISE)
SAMPLE = 200

Row = tuple[Scene, Asked, Result, Scores]
Pairs = list[tuple[str, Scores]]


def parser() -> argparse.ArgumentParser:
    """The command line."""
    made = argparse.ArgumentParser(prog="python -m bench recall", description=__doc__)
    made.add_argument("--data", type=Path, default=DEFAULT, help="directory of the data (default: ../shared/data)")
    made.add_argument("--arm", action="append", choices=(*ARMS, "all"), help=f"(default: {', '.join(QUICK)})")
    made.add_argument("--source", action="append", choices=SOURCES, help="only this source; may be repeated")
    made.add_argument("--half", choices=("1", "2", "all"), default="all", help="choose on 1, confirm on 2")
    made.add_argument("--limit", type=int, help="at most so many scenes of each source")
    made.add_argument("--failures", type=Path, metavar="FILE", help="write down what was not answered rightly and why")
    return made


def main(arguments: Sequence[str]) -> None:
    """Run what the arguments name, publish `recall.json`, or `recall-part.json` for less than all scenes and arms."""
    options = parser().parse_args(arguments)
    arms = options.arm or QUICK
    arms = ARMS if "all" in arms else arms
    scenes = [
        scene
        for scene in chosen(load(options.data), options.half, options.source or (), options.limit)
        if scene.questions
    ]
    if not scenes:
        raise SystemExit("no question is left: give another --half, --source or --limit")
    banks = Banks()
    figures: list[Figure] = []
    detail: dict[str, Any] = {"arms": arms, "scenes": len(scenes), "half": options.half, "sources": options.source}
    rows: list[Row] = []
    whole = set(arms) == set(ARMS) and options.half == "all" and not options.source and not options.limit
    name = "recall" if whole else "recall-part"
    report.OUT.mkdir(exist_ok=True)
    if "extractive" in arms:
        rows = _answers(name, banks, scenes, figures, detail)
        if options.failures:
            write_failures(options.failures, rows)
    if "absent" in arms:
        _absent(name, banks, scenes, rows, figures, detail)
    if "tracks" in arms:
        from bench import recall_patrols

        recall_patrols.run(banks, scenes, figures, detail)
    if "latency" in arms:
        from bench import recall_growth

        recall_growth.run(figures, detail, f"{name}-growth.png")
    if "model" in arms:
        _by_model(banks, scenes, figures, detail)
    report.publish(name, figures, detail)


def _answers(
    name: str, banks: Banks, scenes: Sequence[Scene], figures: list[Figure], detail: dict[str, Any]
) -> list[Row]:
    """Every question, answered without a model, beside plain search in the same texts."""
    rows: list[Row] = []
    peers: dict[str, Pairs] = {name: [] for name in recall_peers.PEERS}
    for scene in scenes:
        rows += _scored(scene, scene.questions, banks.ask(scene, scene.questions))
        for peer, found in recall_peers.search(scene, scene.questions).items():
            peers[peer] += zip((asked.group for asked in scene.questions), found, strict=True)
    ours = summarize(_together([(asked.group, scores) for _, asked, _, scores in rows]))
    theirs = {peer: summarize(_together(pairs)) for peer, pairs in peers.items()}
    show_groups(ours, theirs)
    recall_plots.hits(f"{name}.png", ours, theirs, {group: aim for group, metric, aim, _ in AIMS if metric == "s@1"})
    detail["groups"] = _plain(ours)
    detail["peers"] = {peer: _plain(each) for peer, each in theirs.items()}
    figures += judged(ours)
    return rows


def _scored(scene: Scene, questions: Sequence[Asked], results: Sequence[Result]) -> list[Row]:
    return [(scene, asked, result, score(asked, result)) for asked, result in zip(questions, results, strict=True)]


def _together(pairs: Pairs) -> Pairs:
    return [*pairs, *(("locomo all", scores) for group, scores in pairs if group in LOCOMO)]


def judged(groups: dict[str, dict[str, Estimate]]) -> list[Figure]:
    """The aims beside what was reached, as far as it was measured."""
    figures = []
    for group, metric, aim, known in AIMS:
        found = groups.get(group, {}).get(metric)
        if found and metric == "metres":
            figures.append(_figure(f"{group}: place error", found, aim, "lower", known, "m"))
        elif found:
            figures.append(_figure(f"{group}: {metric}", found, aim, "higher", known))
    return figures


def _figure(name: str, found: Estimate, bar: float | None, better: Any, note: str = "", unit: str = "") -> Figure:
    interval = f"{found.low:.3g}–{found.high:.3g}, n {found.n}"
    return Figure(name, found.value, unit, bar, better, ", ".join(filter(None, (interval, note))))


def _plain(groups: dict[str, dict[str, Estimate]]) -> dict[str, Any]:
    return {group: {metric: asdict(found) for metric, found in each.items()} for group, each in groups.items()}


def _absent(
    name: str,
    banks: Banks,
    scenes: Sequence[Scene],
    rows: Sequence[Row],
    figures: list[Figure],
    detail: dict[str, Any],
) -> None:
    """Questions that must not be answered, those that must, and what a threshold on the score would do."""
    asked = recall_absent.read()
    if not asked:
        return print(f"{recall_absent.FILE} is missing: abstention is not measured")
    answered = recall_absent.ask(banks, recall_absent.put(scenes, asked))
    rates = recall_absent.rates(answered)
    for kind, bar in (("absent named", 0.95), ("absent free", 0.80)):
        if kind in rates:
            askings = sum(question.group == kind for _, question, _ in answered)
            figures.append(_figure(f"{kind}: abstains", rates[kind], bar, "higher", f"{askings} askings"))
    answerable = [row for row in rows if row[1].group != FALSE_PREMISE and "false abstention" in row[3]]
    detail["absent"] = {kind: asdict(rate) for kind, rate in rates.items()}
    detail["absent answered"] = [
        {"scene": scene.name, "question": question.text, "answer": result["answer"], "score": result["scores"][:1]}
        for scene, question, result in answered
        if not result["abstained"]
    ]
    if answerable:
        false = estimate([scores["false abstention"] for _, _, _, scores in answerable])
        figures.append(_figure("answerable: abstains", false, 0.08, "lower"))
        judgements = {
            "all answerable": [(result, not is_right(scores)) for _, _, result, scores in answerable],
            "all answerable and absent": [
                *((result, not is_right(scores)) for _, _, result, scores in answerable),
                *((result, True) for _, _, result in answered),
            ],
        }
        for source in SOURCES:
            own = [(result, not is_right(scores)) for scene, _, result, scores in answerable if scene.source == source]
            judgements |= {source: own} if own else {}
        curves = {of: _curve(pairs) for of, pairs in judgements.items()}
        recall_plots.risk(f"{name}-risk.png", curves)
        detail["risk coverage"] = {
            of: {"coverage": coverage[-1], "risk": risk[-1], "mean risk": float(np.mean(risk))}
            for of, (coverage, risk) in curves.items()
            if risk
        }


def _curve(judged: Sequence[tuple[Result, bool]]) -> tuple[list[float], list[float]]:
    confidence = [result["scores"][0] if result["cited"] else -math.inf for result, _ in judged]
    return recall_absent.risk_coverage(confidence, [wrong for _, wrong in judged])


def _by_model(banks: Banks, scenes: Sequence[Scene], figures: list[Figure], detail: dict[str, Any]) -> None:
    """Whole answers with the default model on a sample, beside the extractive ones to the same questions."""
    picked = sample(scenes, SAMPLE)
    rows: dict[str, list[Row]] = {"none": [], Settings().model: []}
    for model, into in rows.items():
        for number, (scene, questions) in enumerate(picked):
            into += _scored(scene, questions, banks.ask(scene, questions, model))
            if model != "none":
                print(f"\r{model}: {number + 1} of {len(picked)} scenes", end="", file=sys.stderr, flush=True)
    for model, scored in rows.items():
        name = "extractive" if model == "none" else "with the model"
        together = summarize([("sample", scores) for _, _, _, scores in scored])["sample"]
        detail[f"sample, {name}"] = {metric: asdict(found) for metric, found in together.items()}
        for metric in ("s@1", "metres", "minutes", "count exact", "yes/no exact", "false answer", "false abstention"):
            if metric in together:
                better = "lower" if metric in ("metres", "minutes") or metric.startswith("false") else "higher"
                figures.append(_figure(f"sample, {name}: {metric}", together[metric], None, better))
    with_model = rows[Settings().model]
    reasons = Counter(f"{result['route']} ({result['fallback']})" for _, _, result, _ in with_model)
    detail["sample, routes"] = dict(reasons.most_common())
    seconds = [result["seconds"] for _, _, result, _ in with_model]
    drafted = [result["seconds"] for _, _, result, _ in with_model if not result["route"].startswith("rules")]
    note = f"p99 {np.percentile(seconds, 99):.1f} s; {len(drafted)} of {len(seconds)} answers by the model"
    note += f", p50 of these {np.median(drafted):.2f} s" if drafted else ""
    figures.append(Figure("recall with the default model, p50", float(np.median(seconds)), "s", 8, "lower", note))
