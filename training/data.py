"""Rows of training files in the seed's form, and what a model is shown of them."""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shadowhound_memory.prompts import writing_adapter_messages, writing_adapter_reply
from shadowhound_memory.record import Draft, Memory
from shadowhound_memory.rules import write_by_rules


@dataclass(frozen=True)
class Pair:
    """A prompt and the reply to learn."""

    messages: list[dict[str, str]]
    reply: str


def pending(text: str) -> Memory:
    """An observation as it stands before it is written."""
    return Memory(
        id="row", event="note", text=text, raw_text=text, pose=None, tags=(), mission_id="row", timestamp=0.0,
        robot_id="robot", source="robot", status="pending", written_by="rules", recorded_at=0.0,
    )  # fmt: skip


def writing_pair(text: str, draft: Draft) -> Pair:
    """What a writing adapter sees of a row (the observation, the rules' suggestion) and what it is to reply."""
    return Pair(writing_adapter_messages(text, write_by_rules(pending(text))), writing_adapter_reply(draft))


def read_writing_rows(path: Path, *, strict: bool = False) -> Iterator[tuple[str, Draft]]:
    """The observations of a JSON Lines file with their drafts. Broken rows are told by line on standard error and left
    out; with `strict` the first one raises ValueError."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            yield _writing_row(json.loads(line))
        except (ValueError, KeyError, TypeError) as error:
            reason = f"{path}, line {number}: {_short(error)}"
            if strict:
                raise ValueError(reason) from error
            print(f"{reason}; left out", file=sys.stderr)


def _writing_row(row: dict[str, Any]) -> tuple[str, Draft]:
    text, output = row["input"], row["output"]
    if not isinstance(text, str) or not text.strip():
        raise ValueError(f"input = {text!r}: a writing row's input is the observation's words")
    text = " ".join(text.split())
    return text, Draft(event=output["event"], text=text, tags=tuple(output["tags"]))


def _short(error: Exception) -> str:
    if isinstance(error, KeyError):
        return f"the field {error} is missing"
    return " ".join(str(error).split())[:200]
