"""`python -m training.evaluate writing --adapter DIR --data FILE.jsonl …`: base, adapter and rules side by side.

Base and adapter are decoded freely and constrained. Data files hold rows of training.synthesize (`input`, `output`) or
labelled observations (`text`, `event`, `tags`). Writes JSON, a Markdown table and a plot into --out.
"""

import argparse
import dataclasses
import json
import sys
import time
from collections.abc import Sequence
from difflib import SequenceMatcher
from pathlib import Path
from statistics import mean

from rich.progress import Progress

from shadowhound_memory.adapters.card import CARD
from shadowhound_memory.adapters.verify import AdapterRefused, read_card, verify
from shadowhound_memory.errors import ModelUnavailable
from shadowhound_memory.models.base import Completion, Request
from shadowhound_memory.models.decoding import Decoder
from shadowhound_memory.models.files import base_sha256, find_language_model, ready_path
from shadowhound_memory.prompts import template_hash, writing_request
from shadowhound_memory.record import Draft, Memory
from shadowhound_memory.routing import Prompt, Route
from shadowhound_memory.rules import write_by_rules
from shadowhound_memory.settings import Settings
from shadowhound_memory.writer import DraftRefused, read_draft
from training.data import pending, read_writing_rows

FREE = r"start: /(.|\n)*/"
"""A grammar that allows everything."""
BATCH = 8
WAYS: tuple[tuple[str, bool, Prompt], ...] = (
    ("base, strict prompt", False, "strict"),
    ("adapter", True, "adapter"),
    ("base, adapter prompt", False, "adapter"),
    ("adapter, strict prompt", True, "strict"),
)
"""What is measured, each free and constrained; the last two, so that adapter and prompt are not confounded."""


@dataclasses.dataclass(frozen=True)
class Reply:
    """What came of one observation; `draft` None when it is no draft. `problem` is the writer's: invalid, invented."""

    json: bool
    draft: Draft | None
    problem: str | None
    prompt_tokens: int = 0
    completion_tokens: int = 0


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and write the tables; 1 with a sentence on standard error when it cannot."""
    parser = argparse.ArgumentParser(prog="python -m training.evaluate", description=__doc__)
    parser.add_argument("task", choices=("writing",))
    parser.add_argument("--adapter", type=Path, required=True)
    parser.add_argument("--data", type=Path, nargs="+", required=True)
    parser.add_argument("--out", type=Path, help="folder for JSON, Markdown and plot")
    parser.add_argument("--model", default=Settings().model)
    parser.add_argument("--rows", type=int, help="only the first rows of each file")
    parser.add_argument("--free-rows", type=int, default=50, help="rows that are decoded freely (default: %(default)s)")
    parser.add_argument("--card", action="store_true", help="write the figures on the adapter's card, for promotion")
    parser.add_argument(
        "--cross", action="store_true", help="also the base under the adapter's prompt, and the reverse"
    )
    parser.add_argument("--json", action="store_true", help="the figures as JSON, no progress bar")
    arguments = parser.parse_args(argv)
    try:
        figures = evaluate(arguments)
    except (ModelUnavailable, AdapterRefused, ValueError, OSError) as error:
        print(f"evaluate: {error}", file=sys.stderr)
        return 1
    table = "\n\n".join(f"{name}\n\n{_table(measured)}" for name, measured in figures.items())
    print(json.dumps(figures) if arguments.json else table)
    if arguments.card:
        card = read_card(arguments.adapter).model_copy(update={"evaluation": figures})
        (arguments.adapter / CARD).write_text(card.model_dump_json(indent=2) + "\n", encoding="utf-8")
    if arguments.out:
        arguments.out.mkdir(parents=True, exist_ok=True)
        (arguments.out / "writing.json").write_text(json.dumps(figures, indent=2) + "\n")
        (arguments.out / "writing.md").write_text(table + "\n")
        _plot(figures, arguments.out / "writing.png")
    return 0


def evaluate(arguments: argparse.Namespace) -> dict[str, dict[str, dict[str, float]]]:
    """By file and way, the measures. Raises ModelUnavailable or AdapterRefused with the reason."""
    found = find_language_model(Settings(model=arguments.model))
    folder = ready_path(found)
    verify(arguments.adapter, base_sha256=base_sha256(found), template_sha256=template_hash("writing"))
    decoder = Decoder(folder, "cpu", "float32", "none")
    decoder.know({"adapter": arguments.adapter})
    figures: dict[str, dict[str, dict[str, float]]] = {}
    with Progress(transient=True, disable=arguments.json) as progress:
        for path in arguments.data:
            rows = _labelled(path)[: arguments.rows]
            ways = WAYS if arguments.cross else WAYS[:2]
            bar = progress.add_task(path.name, total=len(ways) * (len(rows) + min(len(rows), arguments.free_rows)))
            memories = [pending(text) for text, _ in rows]
            golds = [draft for _, draft in rows]
            replies = [_read(write_by_rules(memory).model_dump_json(), memory) for memory in memories]
            figures[path.stem] = {"rules": _score(golds, replies, 0.0)}
            for name, with_adapter, prompt in ways:
                for free in (False, True):
                    asked = memories[: arguments.free_rows] if free else memories
                    if not asked:
                        continue
                    way = Route("writing", "model", "adapter" if with_adapter else None, prompt)
                    started = time.monotonic()
                    replies = []
                    for start in range(0, len(asked), BATCH):
                        replies += _complete(decoder, asked[start : start + BATCH], way, free)
                        progress.advance(bar, len(asked[start : start + BATCH]))
                    label = f"{name}, {'free' if free else 'constrained'}"
                    figures[path.stem][label] = _score(golds[: len(asked)], replies, time.monotonic() - started)
    return figures


def _labelled(path: Path) -> list[tuple[str, Draft]]:
    first = json.loads(path.read_text(encoding="utf-8").split("\n", 1)[0])
    if "input" in first:
        return list(read_writing_rows(path))
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [(row["text"], Draft(event=row["event"], text=row["text"], tags=tuple(row["tags"]))) for row in rows]


def _complete(decoder: Decoder, memories: Sequence[Memory], way: Route, free: bool) -> list[Reply]:
    requests = [writing_request(memory, way) for memory in memories]
    if free:
        requests = [dataclasses.replace(request, grammar=FREE) for request in requests]
    completions = _run(decoder, requests)
    return [
        dataclasses.replace(
            _read(completion.text, memory),
            prompt_tokens=completion.prompt_tokens,
            completion_tokens=completion.completion_tokens,
        )
        for completion, memory in zip(completions, memories, strict=True)
    ]


def _run(decoder: Decoder, requests: Sequence[Request]) -> list[Completion]:
    steps = decoder.steps(requests)
    try:
        while True:
            next(steps)
    except StopIteration as finished:
        return finished.value


def _read(text: str, memory: Memory) -> Reply:
    try:
        is_json = isinstance(json.loads(text), dict)
    except ValueError:
        is_json = False
    try:
        return Reply(is_json, read_draft(text, memory), None)
    except DraftRefused as refused:
        draft = Draft.model_validate_json(text) if refused.kind == "invented" else None
        return Reply(is_json, draft, refused.kind)


def _score(golds: Sequence[Draft], replies: Sequence[Reply], seconds: float) -> dict[str, float]:
    pairs = [(gold, reply.draft) for gold, reply in zip(golds, replies, strict=True)]
    hits = sum(len(set(gold.tags) & set(draft.tags)) for gold, draft in pairs if draft)
    given = sum(len(set(draft.tags)) for _, draft in pairs if draft)
    precision, recall = hits / max(1, given), hits / max(1, sum(len(set(gold.tags)) for gold in golds))
    measured = {
        "rows": len(golds),
        "json": mean(reply.json for reply in replies),
        "schema": mean(reply.draft is not None for reply in replies),
        "event": mean(draft is not None and gold.event == draft.event for gold, draft in pairs),
        "tag precision": precision,
        "tag recall": recall,
        "tag F1": 2 * precision * recall / max(1e-9, precision + recall),
        "text similarity": mean(
            SequenceMatcher(None, gold.text.lower(), draft.text.lower()).ratio() if draft else 0.0
            for gold, draft in pairs
        ),
        "inventions": mean(reply.problem == "invented" for reply in replies),
        "prompt tokens": mean(reply.prompt_tokens for reply in replies),
        "reply tokens": mean(reply.completion_tokens for reply in replies),
        "seconds per record": seconds / len(golds),
    }
    return {name: round(value, 4) for name, value in measured.items()}


def _table(measured: dict[str, dict[str, float]]) -> str:
    names = list(next(iter(measured.values())))
    lines = ["| | " + " | ".join(names) + " |", "|---" * (len(names) + 1) + "|"]
    lines += [f"| {way} | " + " | ".join(f"{row[name]:.3g}" for name in names) + " |" for way, row in measured.items()]
    return "\n".join(lines)


def _plot(figures: dict[str, dict[str, dict[str, float]]], path: Path) -> None:
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    measures = ("schema", "event", "tag F1")
    figure, axes = plt.subplots(1, len(figures), figsize=(7 * len(figures), 4), squeeze=False)
    for axis, (name, measured) in zip(axes[0], figures.items(), strict=True):
        width = 0.8 / len(measured)
        for number, (way, row) in enumerate(measured.items()):
            places = [place + number * width for place in range(len(measures))]
            axis.bar(places, [row[measure] for measure in measures], width, label=way)
        axis.set_xticks([place + 0.4 for place in range(len(measures))], measures)
        axis.set_ylim(0, 1)
        axis.set_title(name)
        axis.legend(fontsize=7)
    figure.tight_layout()
    figure.savefig(path, dpi=120)


if __name__ == "__main__":
    sys.exit(main())
