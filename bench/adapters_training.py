"""How much faster training steps are with `--compile`, and that they learn the same."""

import contextlib
import io
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from bench import report
from bench.report import Figure

PART = "adapters-training"
ROWS = 1200
FEW, MANY, RUNS = 6, 46, 3
"""Steps of the shorter and the longer training: what they differ in is steps alone, no start, compilation or end."""
CONFIG = "smollm2-135m-recall"


def run(quick: bool = False) -> None:
    """Train the default base for recall with compiled layers and without in turn; publish `adapters-training.json`."""
    few, many, runs = (1, 3, 1) if quick else (FEW, MANY, RUNS)
    steps: dict[str, list[list[float]]] = {"plain": [], "compiled": []}
    losses: dict[str, float] = {}
    with tempfile.TemporaryDirectory(prefix="bench-training-") as temporary:
        root = Path(temporary)
        data = {split: _rows(root / f"{split}.jsonl", split, n) for split, n in (("train", ROWS), ("heldout", 8))}
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


def _rows(path: Path, split: str, count: int) -> Path:
    asked = ["--n", str(count), "--seed", "1", "--written", "0.9", "--split", split, "--out", str(path)]
    command = [sys.executable, "-m", "training.synthesize", "recall", *asked]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=Path(__file__).parents[1])
    return path


def _train(data: dict[str, Path], out: Path, more: list[str]) -> float:
    """The loss on the held-out rows. Raises SystemExit when training cannot; it has told why."""
    from training import train

    files = ["--data", str(data["train"]), "--eval", str(data["heldout"]), "--out", str(out)]
    told = io.StringIO()
    with contextlib.redirect_stdout(told):
        code = train.main(["recall", "--config", CONFIG, "--device", "cpu", "--json", *files, *more])
    if code:
        raise SystemExit(code)
    return float(json.loads(told.getvalue().splitlines()[-1])["eval_loss"])
