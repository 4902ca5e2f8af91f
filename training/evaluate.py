"""`python -m training.evaluate writing|recall --adapter DIR --data FILE.jsonl …`: rules, base and adapter side by side.

Base and adapter are decoded freely and constrained. Data files hold rows of training.synthesize or export, or what
was labelled by hand: observations (`text`, `event`, `tags`), questions (`question`, `docs`, `parts`, `cite`). Writes
JSON, a Markdown table and a plot into --out.
"""

import argparse
import hashlib
import json
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import torch
from rich.progress import Progress

from shadowhound_memory.adapters.promotion import present_version, serving
from shadowhound_memory.adapters.registry import Registry
from shadowhound_memory.adapters.verify import AdapterRefused, read_card, verify
from shadowhound_memory.errors import ModelUnavailable
from shadowhound_memory.models.base import Task
from shadowhound_memory.models.decoding import Decoder
from shadowhound_memory.models.files import base_sha256, find_language_model, ready_path
from shadowhound_memory.prompts import template_hash
from shadowhound_memory.settings import Settings
from training.evaluate_recall import InProcess, evaluate_recall, evaluate_search, read_questions
from training.evaluate_writing import evaluate_rules, evaluate_writing, read_labelled
from training.saving import write_card
from training.ways import ADAPTER, CROSSED, WAYS, Way

Figures = dict[str, dict[str, float]]
"""By way of doing the task the measures."""
PLOTTED: dict[Task, tuple[str, ...]] = {
    "writing": ("schema", "event", "tag F1"),
    "recall": ("parts right", "citation precision", "abstains"),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and write the tables; 1 with a sentence on standard error when it cannot."""
    parser = argparse.ArgumentParser(prog="python -m training.evaluate", description=__doc__)
    parser.add_argument("task", choices=("writing", "recall"))
    parser.add_argument("--adapter", type=Path, required=True)
    parser.add_argument("--data", type=Path, nargs="+", required=True)
    parser.add_argument("--out", type=Path, help="folder for JSON, Markdown and plot")
    parser.add_argument("--model", default=Settings().model)
    parser.add_argument("--device", default=Settings().device, help="as the node is set (default: %(default)s)")
    parser.add_argument(
        "--dtype",
        choices=("float32", "bfloat16", "float16"),
        default=Settings().dtype,
        help="as the node is set (default: %(default)s)",
    )
    parser.add_argument("--rows", type=int, help="only the first rows of each file")
    parser.add_argument("--free-rows", type=int, default=50, help="rows that are decoded freely (default: %(default)s)")
    parser.add_argument("--card", action="store_true", help="write the figures on the adapter's card, for promotion")
    parser.add_argument(
        "--data-dir", type=Path, help="of a robot: measure also what serves there now, which promotion compares with"
    )
    parser.add_argument(
        "--cross", action="store_true", help="also the base under the adapter's prompt, and the reverse"
    )
    parser.add_argument("--json", action="store_true", help="the figures as JSON, no progress bar")
    arguments = parser.parse_args(argv)
    try:
        figures = evaluate(arguments)
        if arguments.card:
            card = read_card(arguments.adapter)
            measured = {_data_set(path): figures[path.stem] for path in arguments.data}
            write_card(card.model_copy(update={"evaluation": card.evaluation | measured}), arguments.adapter)
        if arguments.out:
            arguments.out.mkdir(parents=True, exist_ok=True)
            (arguments.out / f"{arguments.task}.json").write_text(json.dumps(figures, indent=2) + "\n")
            (arguments.out / f"{arguments.task}.md").write_text(tables(figures) + "\n")
            plot(figures, PLOTTED[arguments.task], arguments.out / f"{arguments.task}.png")
    except (ModelUnavailable, AdapterRefused, ValueError, OSError) as error:
        print(f"evaluate: {error}", file=sys.stderr)
        return 1
    print(json.dumps(figures) if arguments.json else tables(figures))
    return 0


def evaluate(arguments: argparse.Namespace) -> dict[str, Figures]:
    """By file and way, the measures. Raises ModelUnavailable or AdapterRefused with the reason."""
    if len({path.stem for path in arguments.data}) < len(arguments.data):
        raise ValueError("two files of --data have one name: figures are told apart by it; rename one")
    if arguments.card and arguments.rows:
        raise ValueError("--card and --rows: a card holds figures of whole files; leave one of them out")
    settings = Settings(model=arguments.model, device=arguments.device, dtype=arguments.dtype)
    if settings.device != "cpu" and not torch.cuda.is_available():
        raise ValueError(f"--device {settings.device}: there is no CUDA here; leave it out for the CPU")
    found = find_language_model(settings)
    folder, base = ready_path(found), base_sha256(found)
    card = verify(arguments.adapter, base_sha256=base, template_sha256=template_hash(arguments.task))
    learnt = {source.sha256 for source in card.data.values()}
    if arguments.card and (seen := [path for path in arguments.data if _sha256(path) in learnt]):
        raise ValueError(f"{seen[0]} is what the adapter was trained on; measure it on what was held out")
    decoder = Decoder(folder, settings.device, settings.dtype, "none")
    known, ways = {ADAPTER: arguments.adapter}, [*WAYS, *(CROSSED if arguments.cross else ())]
    if arguments.data_dir:
        registry = Registry(Settings(data_dir=str(arguments.data_dir)).directory / "adapters")
        present = present_version(registry, card, base)
        if present and present.card:
            known[present.name] = present.folder
            ways.append(Way(serving(present.card), present.name, True))
    decoder.know(known)
    measure = _writing if arguments.task == "writing" else _recall
    with Progress(transient=True, disable=arguments.json) as progress:
        return {path.stem: measure(path, decoder, ways, arguments, progress) for path in arguments.data}


def _writing(
    path: Path, decoder: Decoder, ways: Sequence[Way], arguments: argparse.Namespace, progress: Progress
) -> Figures:
    rows = read_labelled(path)[: arguments.rows]
    figures = {"rules": evaluate_rules(rows)}
    for way in ways:
        for free, asked in ((False, rows), (True, rows[: arguments.free_rows])):
            if asked:
                bar = progress.add_task(label := _label(way, free), total=len(asked))
                figures[label] = evaluate_writing(asked, decoder, way, free, advance=partial(progress.advance, bar))
    return figures


def _recall(
    path: Path, decoder: Decoder, ways: Sequence[Way], arguments: argparse.Namespace, progress: Progress
) -> Figures:
    rows = read_questions(path)[: arguments.rows]
    searched = evaluate_search(rows, None)
    figures = {"rules": evaluate_recall(rows, None) | searched}
    for way in ways:
        for free, asked in ((False, rows), (True, rows[: arguments.free_rows])):
            if asked:
                bar = progress.add_task(label := _label(way, free), total=len(asked))
                model = InProcess(decoder, way.adapter, way.adapter_prompt, free)
                figures[label] = evaluate_recall(asked, model, advance=partial(progress.advance, bar))
                if not free:
                    figures[label] |= evaluate_search(rows, model) if way.adapter_prompt else searched
    return figures


def _data_set(path: Path) -> str:
    """The name of a data set on a card: another one when its rows are others."""
    return f"{path.stem} {_sha256(path)[:8]}"


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _label(way: Way, free: bool) -> str:
    return f"{way.name}, {'free' if free else 'constrained'}"


def tables(figures: dict[str, Figures]) -> str:
    """A Markdown table for each file."""
    return "\n\n".join(f"{name}\n\n{_table(measured)}" for name, measured in figures.items())


def _table(measured: Figures) -> str:
    names = list(dict.fromkeys(name for row in measured.values() for name in row))
    lines = ["| | " + " | ".join(names) + " |", "|---" * (len(names) + 1) + "|"]
    for way, row in measured.items():
        lines.append(f"| {way} | " + " | ".join(f"{row[name]:.3g}" if name in row else "" for name in names) + " |")
    return "\n".join(lines)


def plot(figures: dict[str, Figures], measures: Sequence[str], path: Path) -> None:
    """Bars by way for these measures, a panel for each file."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(1, len(figures), figsize=(7 * len(figures), 4), squeeze=False)
    for axis, (name, measured) in zip(axes[0], figures.items(), strict=True):
        width = 0.8 / len(measured)
        for number, (way, row) in enumerate(measured.items()):
            places = [place + number * width for place in range(len(measures))]
            axis.bar(places, [row.get(measure, 0.0) for measure in measures], width, label=way)
        axis.set_xticks([place + 0.4 for place in range(len(measures))], measures)
        axis.set_ylim(0, 1)
        axis.set_title(name)
        axis.legend(fontsize=7)
    figure.tight_layout()
    figure.savefig(path, dpi=120)
    plt.close(figure)


if __name__ == "__main__":
    sys.exit(main())
