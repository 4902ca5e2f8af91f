"""`python -m bench adapters`: how good the shipped adapters are, and how fast adapters are served and trained."""

import argparse
import contextlib
import io
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from bench import report
from bench.report import Figure
from shadowhound_memory.adapters.card import AdapterCard
from shadowhound_memory.adapters.promotion import ADAPTER, BASE, MARGIN, RULES
from shadowhound_memory.adapters.registry import Entry, Registry
from shadowhound_memory.models.base import Task

DATA = Path(__file__).parent / "data"
HELD_OUT_ROWS = 200
HELD_OUT_SEED = 2
MEGABYTES, MINUTES = 8, 60
PART = "adapters-quality"
QUICK_ROWS = 4

Measured = dict[str, dict[str, dict[str, float]]]
"""By data set and way, the measures of training.evaluate."""


@dataclass(frozen=True)
class Aim:
    """What a measure of a shipped adapter must reach, and by how much (`ahead`) it must be better than base and rules;
    None: they are not compared. Where they can be perfect it may equal them."""

    measure: str
    bar: float
    better: Literal["higher", "lower"] = "higher"
    ahead: float | None = None


AIMS: dict[Task, tuple[Aim, ...]] = {
    "writing": (
        Aim("schema", 1.0, ahead=0),
        Aim("event", 0.88, ahead=MARGIN),
        Aim("tag F1", 0.80, ahead=MARGIN),
        Aim("inventions", 0.03, "lower", ahead=0),
    ),
    "recall": (
        Aim("parts right", 0.80, ahead=MARGIN),
        Aim("citation precision", 0.95),
        Aim("unsupported", 0.02, "lower"),
        Aim("abstains", 0.90),
    ),
}
FEWER_TOKENS = 3
JUDGED: dict[Task, tuple[str, ...]] = {"writing": ("observations", "observations_free"), "recall": ("recall",)}
"""The sets that the aims are for; the others are stated."""


def parser() -> argparse.ArgumentParser:
    """The command line."""
    made = argparse.ArgumentParser(prog="python -m bench adapters", description=__doc__)
    made.add_argument("--arm", choices=("quality", "serving", "training", "all"), default="all")
    made.add_argument("--quick", action="store_true", help="a few rows and one run: whether it works, not how well")
    return made


def main(arguments: Sequence[str]) -> None:
    """Run what the arguments name; publish `adapters-serving`, `adapters-training` and `adapters-quality`."""
    options = parser().parse_args(arguments)
    if options.arm in ("serving", "all"):
        from bench import adapters_serving

        adapters_serving.run(options.quick)
    if options.arm in ("training", "all"):
        from bench import adapters_training

        adapters_training.run(options.quick)
    if options.arm in ("quality", "all"):
        run_quality(options.quick)


def run_quality(quick: bool = False) -> None:
    """Evaluate the shipped adapters on what is kept in bench/data and on the held-out split of the generator."""
    report.OUT.mkdir(exist_ok=True)
    figures: list[Figure] = []
    detail: dict[str, Any] = {}
    with tempfile.TemporaryDirectory(prefix="bench-adapters-") as temporary:
        shipped = Registry(Path(temporary) / "own")
        for task, aims in AIMS.items():
            entry = shipped.current(task, "fleet")
            if entry is None or entry.card is None:
                reason = entry.problem if entry else f"no {task} adapter is shipped"
                figures += [
                    Figure(f"{task}: {aim.measure}", None, "", aim.bar, aim.better, reason or "") for aim in aims
                ]
                continue
            held_out = synthesized(
                task,
                Path(temporary) / f"{task}_heldout.jsonl",
                *("--n", str(QUICK_ROWS if quick else HELD_OUT_ROWS), "--seed", str(HELD_OUT_SEED)),
                *("--split", "heldout", "--written", "0"),
            )
            files = {
                "writing": [DATA / f"observations{end}.jsonl" for end in ("", "_free", "_other")],
                "recall": [DATA / "recall.jsonl"],
            }[task]
            measured = _evaluate(task, entry.folder, [*files, held_out], quick)
            detail[task] = {"adapter": entry.name, "measured": measured}
            figures += [*_cost(task, entry, entry.card), *judged(task, measured)]
            _plot(task, measured)
    report.publish(PART, figures, detail)


def synthesized(task: Task, path: Path, *asked: str) -> Path:
    """The file of rows that training.synthesize makes as asked."""
    command = [sys.executable, "-m", "training.synthesize", task, *asked, "--out", str(path)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=Path(__file__).parents[1])
    return path


def summary_of(step: Callable[[Sequence[str]], int], arguments: Sequence[str]) -> Any:
    """What a step of training says with `--json`. Raises SystemExit when it cannot; it has told why."""
    told = io.StringIO()
    with contextlib.redirect_stdout(told):
        code = step([*arguments, "--json"])
    if code:
        raise SystemExit(code)
    return json.loads(told.getvalue().splitlines()[-1])


def _evaluate(task: Task, adapter: Path, files: Sequence[Path], quick: bool) -> Measured:
    """The figures of `training.evaluate`, adapter and base each under both prompts."""
    from training import evaluate

    asked = ["--rows", str(QUICK_ROWS), "--free-rows", "0"] if quick else []
    report.console.print(f"evaluating {adapter} on {', '.join(path.name for path in files)}")
    arguments = [task, "--adapter", str(adapter), "--data", *map(str, files), "--cross", *asked]
    measured: Measured = summary_of(evaluate.main, arguments)
    return measured


def _cost(task: Task, entry: Entry, card: AdapterCard) -> list[Figure]:
    """What the adapter takes up, and what its training took by its card."""
    size = sum(path.stat().st_size for path in entry.folder.iterdir()) / 1e6
    minutes = card.settings.get("minutes")
    return [
        Figure(f"{task}: size of {entry.name}", size, "MB", MEGABYTES),
        Figure(f"{task}: training, by its card", minutes, "min", MINUTES, note=f"rank {card.rank}"),
    ]


def judged(task: Task, measured: Measured) -> list[Figure]:
    """Each measure of the adapter beside its aim, beside base and rules, set by set."""
    figures = []
    for name, ways in measured.items():
        ours, known = ways[ADAPTER], name in JUDGED[task]
        for aim in AIMS[task]:
            value = ours[aim.measure]
            rivals = {way: ways[way][aim.measure] for way in (BASE, RULES)}
            note = ", ".join(f"{'base, strict' if way == BASE else way} {rival:.3f}" for way, rival in rivals.items())
            bar = aim.bar if known else None
            figures.append(Figure(f"{name}: {aim.measure}", value, "", bar, aim.better, note))
            if known and aim.ahead is not None:
                ahead = min(value - each for each in rivals.values())
                if aim.better == "lower":
                    ahead = min(each - value for each in rivals.values())
                title = f"{name}: {aim.measure}, ahead of base and rules by"
                figures.append(Figure(title, ahead, "", aim.ahead, "higher"))
        if task == "writing":
            strict, prompt = ways[BASE]["prompt tokens"], ours["prompt tokens"]
            note = f"strict prompting {strict:.0f} tokens, the adapter {prompt:.0f}"
            bar = FEWER_TOKENS if known else None
            figures.append(Figure(f"{name}: prompt tokens", strict / prompt, "x fewer", bar, "higher", note))
    return figures


def _plot(task: Task, measured: Measured) -> None:
    measures = [aim.measure for aim in AIMS[task]]
    groups = [f"{name}\n{measure}" for name in measured for measure in measures]
    series = {
        label: [ways[way][measure] for ways in measured.values() for measure in measures]
        for label, way in (("rules", RULES), ("base, strict prompt", BASE), ("adapter", ADAPTER))
    }
    report.bars(f"adapters-{task}.png", f"The shipped {task} adapter", groups, series, "share", logarithmic=False)
