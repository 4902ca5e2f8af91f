"""How well observations are written: rules, base and adapter side by side on labelled observations."""

import dataclasses
import json
import time
from collections.abc import Callable, Sequence
from difflib import SequenceMatcher
from pathlib import Path
from statistics import mean
from typing import Any

from shadowhound_memory.models.decoding import Decoder
from shadowhound_memory.prompts import writing_request
from shadowhound_memory.record import Draft, Memory
from shadowhound_memory.routing import Route
from shadowhound_memory.rules import write_by_rules
from shadowhound_memory.writer import DraftRefused, read_draft
from training.data import pending, read_rows, writing_row
from training.ways import FREE, Way, complete

BATCH = 8
Row = tuple[str, Draft]


@dataclasses.dataclass(frozen=True)
class Reply:
    """What came of one observation; `draft` None when it is no draft. `problem` is the writer's: invalid, invented."""

    json: bool
    draft: Draft | None
    problem: str | None
    prompt_tokens: int = 0
    completion_tokens: int = 0


def read_labelled(path: Path) -> list[Row]:
    """The rows of training.synthesize or export (`input`, `output`), or labelled observations (`text`, `event`,
    `tags`). Raises ValueError at the first broken one, for a measure counts every row, and where there is none."""
    rows = list(read_rows(path, _labelled, strict=True))
    if not rows:
        raise ValueError(f"{path} holds no labelled observation")
    return rows


def _labelled(row: dict[str, Any]) -> Row:
    return writing_row(row if "input" in row else {"input": row["text"], "output": row})


def evaluate_rules(rows: Sequence[Row]) -> dict[str, float]:
    """The measures of writing by rules."""
    memories = [pending(text) for text, _ in rows]
    replies = [_read(write_by_rules(memory).model_dump_json(), memory) for memory in memories]
    return _score([draft for _, draft in rows], replies, 0.0)


def evaluate_writing(
    rows: Sequence[Row], decoder: Decoder, way: Way, free: bool, *, advance: Callable[[int], None]
) -> dict[str, float]:
    """The measures of one way of writing. `advance` is told how many rows are done."""
    route = Route("writing", "model", way.adapter, "adapter" if way.adapter_prompt else "strict")
    memories = [pending(text) for text, _ in rows]
    started = time.monotonic()
    replies: list[Reply] = []
    for start in range(0, len(memories), BATCH):
        batch = memories[start : start + BATCH]
        replies += _complete(decoder, batch, route, free)
        advance(len(batch))
    return _score([draft for _, draft in rows], replies, time.monotonic() - started)


def _complete(decoder: Decoder, memories: Sequence[Memory], way: Route, free: bool) -> list[Reply]:
    requests = [writing_request(memory, way) for memory in memories]
    if free:
        requests = [dataclasses.replace(request, grammar=FREE) for request in requests]
    completions = complete(decoder, requests)
    return [
        dataclasses.replace(
            _read(completion.text, memory),
            prompt_tokens=completion.prompt_tokens,
            completion_tokens=completion.completion_tokens,
        )
        for completion, memory in zip(completions, memories, strict=True)
    ]


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
