"""How much faster training steps are with `--compile`, and the loss after them beside that of plain ones."""

import tempfile
import time
from pathlib import Path
from statistics import median

from bench import report
from bench.adapters import summary_of, synthesized
from bench.report import Figure

PART = "adapters-training"
ROWS = 1200
FEW, MANY, RUNS = 6, 46, 3
"""Steps of the shorter and the longer training: what they differ in is steps alone, no start, compilation or end. In
the first turn the compiler's cache is empty: the medians of three leave it out."""
CONFIG = "smollm2-135m-recall"


def run(quick: bool = False) -> None:
    """Train the default base for recall with compiled layers and without in turn; publish `adapters-training.json`."""
    few, many, runs = (1, 3, 1) if quick else (FEW, MANY, RUNS)
    steps: dict[str, list[list[float]]] = {"plain": [], "compiled": []}
    losses: dict[str, float] = {}
    with tempfile.TemporaryDirectory(prefix="bench-training-") as temporary:
        root = Path(temporary)
        drawn = ("--seed", "1", "--written", "0.9")
        data = {
            split: synthesized("recall", root / f"{split}.jsonl", "--n", str(rows), "--split", split, *drawn)
            for split, rows in (("train", ROWS), ("heldout", 8))
        }
        for turn in range(runs):
            for way, *more in (("plain",), ("compiled", "--compile")):
                seconds = []
                for count in (few, many):
                    out = root / f"{way}-{count}-{turn}"
                    started = time.monotonic()
                    losses[way] = _train(data, out, [*more, "--max-steps", str(count)])
                    seconds.append(time.monotonic() - started)
                steps[way].append([(seconds[1] - seconds[0]) / (many - few)])
    compiled, plain = (median(each for [each] in steps[way]) for way in ("compiled", "plain"))
    note = f"{compiled:.3g} s a step, plain {plain:.3g} s"
    figures = [
        report.ratio("training steps of compiled layers", steps["plain"], steps["compiled"], None, note),
        Figure(
            f"loss after {many} steps, compiled against plain", losses["compiled"] / losses["plain"], "x",
            note=f"{losses['compiled']:.4g} against {losses['plain']:.4g}",
        ),
    ]  # fmt: skip
    report.publish(PART, figures, {"seconds_per_step": steps, "losses": losses, "config": CONFIG})


def _train(data: dict[str, Path], out: Path, more: list[str]) -> float:
    """The loss on the held-out rows."""
    from training import train

    files = ["--data", str(data["train"]), "--eval", str(data["heldout"]), "--out", str(out)]
    summary = summary_of(train.main, ["recall", "--config", CONFIG, "--device", "cpu", *files, *more])
    return float(summary["eval_loss"])
