"""`python -m training.ablate writing|recall --data FILE.jsonl … --out DIR`: what the share of rows by hand is worth.

For each share an adapter is trained on as many rows of training.synthesize, the rest drawn from the grammar, and
measured on the data files, constrained. With `--real FOLDER` the shares are of real texts, the rest as synthesize has
it. Writes JSON and a Markdown table into --out; a share that is finished there is not trained again.
"""

import argparse
import hashlib
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from shadowhound_memory.adapters.card import CARD
from shadowhound_memory.adapters.verify import AdapterRefused, verify
from shadowhound_memory.errors import ModelUnavailable
from shadowhound_memory.models.base import Task
from shadowhound_memory.models.decoding import Decoder
from shadowhound_memory.models.files import base_sha256, find_language_model, ready_path
from shadowhound_memory.prompts import template_hash
from shadowhound_memory.settings import Settings
from training import synthesize, train
from training.evaluate import PLOTTED, tables
from training.evaluate_recall import InProcess, evaluate_recall, read_questions
from training.evaluate_writing import evaluate_writing, read_labelled
from training.ways import ADAPTED, ADAPTER


def main(argv: Sequence[str] | None = None) -> int:
    """Train and measure; 1 with a sentence on standard error when a step cannot."""
    parser = argparse.ArgumentParser(prog="python -m training.ablate", description=__doc__)
    parser.add_argument("task", choices=("writing", "recall"))
    parser.add_argument("--data", type=Path, nargs="+", required=True, help="what the adapters are measured on")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--shares", type=float, nargs="+", default=[0.0, 0.5, 1.0], help="(default: 0 0.5 1)")
    parser.add_argument("--real", type=Path, help="recall: a folder of real texts (training/real_text.py)")
    parser.add_argument("--n", type=int, default=640, help="rows that each is trained on (default: %(default)s)")
    parser.add_argument("--config", default="smollm2-135m")
    parser.add_argument("--model", default=Settings().model)
    parser.add_argument("--rows", type=int, help="only the first rows of each data file")
    arguments = parser.parse_args(argv)
    kind = "real" if arguments.real else "by hand"
    figures: dict[str, dict[str, dict[str, float]]] = {}
    for share in arguments.shares:
        try:
            measured = _measured(arguments, share)
        except (ModelUnavailable, AdapterRefused, ValueError, OSError) as error:
            print(f"ablate: {error}", file=sys.stderr)
            return 1
        if measured is None:
            return 1
        for name, row in measured.items():
            kept = {measure: row[measure] for measure in PLOTTED[arguments.task]}
            figures.setdefault(name, {})[f"{share:.0%} {kind}"] = kept
    print(tables(figures))
    name = f"{arguments.task}-shares-{kind.replace(' ', '-')}"
    (arguments.out / f"{name}.json").write_text(json.dumps(figures, indent=2) + "\n")
    (arguments.out / f"{name}.md").write_text(tables(figures) + "\n")
    return 0


def _measured(arguments: argparse.Namespace, share: float) -> dict[str, dict[str, float]] | None:
    task, real = arguments.task, arguments.real
    folder = arguments.out / f"{task}{'-real' if real else ''}-{share:g}"
    rows, held_out, adapter = (folder / name for name in ("rows.jsonl", "eval.jsonl", "adapter"))
    model = ["--model", arguments.model]
    drawn = ["--real", str(real), "--real-share", str(share)] if real else ["--written", str(share)]
    synthesize.main([task, "--n", str(arguments.n), "--seed", "1", *drawn, "--json", "--out", str(rows)])
    base = find_language_model(Settings(model=arguments.model))
    if (adapter / CARD).exists():
        card = verify(adapter, base_sha256=base_sha256(base), template_sha256=template_hash(task))
        if card.data[rows.name].sha256 != hashlib.sha256(rows.read_bytes()).hexdigest():
            raise ValueError(f"{adapter} was trained on other rows; name another --out")
    else:
        synthesize.main([task, "--n", "64", "--seed", "2", "--split", "heldout", "--json", "--out", str(held_out)])
        files = ["--data", str(rows), "--eval", str(held_out), "--out", str(adapter), "--config", arguments.config]
        if train.main([task, *files, *model, "--device", "cpu", "--json"]):
            return None
    decoder = Decoder(ready_path(base), "cpu", "float32", "none")
    decoder.know({ADAPTER: adapter})
    return {path.stem: _figures(task, path, arguments.rows, decoder) for path in arguments.data}


def _figures(task: Task, path: Path, most: int | None, decoder: Decoder) -> dict[str, float]:
    if task == "writing":
        return evaluate_writing(read_labelled(path)[:most], decoder, ADAPTED, False, advance=lambda _: None)
    return evaluate_recall(read_questions(path)[:most], InProcess(decoder, ADAPTER, adapter_prompt=True, free=False))


if __name__ == "__main__":
    sys.exit(main())
