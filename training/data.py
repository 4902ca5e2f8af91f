"""Rows of training files in the seed's form, and what a model is shown of them."""

import codecs
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar, get_args

from shadowhound_memory.models.base import Task
from shadowhound_memory.prompts import (
    RECALL_DOCS,
    RecallValue,
    plan_adapter_messages,
    plan_adapter_reply,
    recall_adapter_messages,
    recall_adapter_reply,
    writing_adapter_messages,
    writing_adapter_reply,
)
from shadowhound_memory.question import Kind
from shadowhound_memory.record import Draft, Memory
from shadowhound_memory.rules import write_by_rules
from shadowhound_memory.words import content_words, stem, stems, words

Parsed = TypeVar("Parsed")
PLANNED_EACH = 3
"""Of so many rows of recall one is also learnt as a question to plan."""
OTHERS = 3
"""Memories of a row of recall that are learnt as giving no answer."""


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


def recall_pairs(row: dict[str, Any]) -> tuple[list[Pair], Pair]:
    """What a recall adapter sees of a row and is to reply: what answer each memory gives, and how the question is
    planned.

    Of the memories that give none, those that share most words with the question are learnt; of those that could be
    cited besides (`may_cite`), none.
    """
    asked, docs = row["input"], row["input"]["docs"]
    cites, may_cite = ([int(n) for n in numbers] for numbers in (row["cites"], row.get("may_cite", [])))
    if not all(1 <= n <= len(docs) <= RECALL_DOCS for n in (*cites, *may_cite)):
        raise ValueError(
            f"cites = {cites}, may_cite = {may_cite}: they number the {len(docs)} docs, of which there are at "
            f"most {RECALL_DOCS}"
        )
    if asked["kind"] not in get_args(Kind):
        raise ValueError(f"kind = {asked['kind']!r}: it is one of {', '.join(get_args(Kind))}")
    question, told = asked["question"], [str(doc["text"]) for doc in docs]
    named = stems(question)
    others = [n for n in range(1, len(docs) + 1) if n not in (*cites, *may_cite)]
    others.sort(key=lambda n: -len(named & stems(told[n - 1])))
    values: dict[int, RecallValue] = dict.fromkeys(cites, _value(asked["kind"], row["output"]))
    values |= dict.fromkeys(others[:OTHERS], "none")
    return (
        [Pair(recall_adapter_messages(question, told[n - 1]), recall_adapter_reply(values[n])) for n in sorted(values)],
        Pair(
            plan_adapter_messages(question),
            plan_adapter_reply(asked["kind"], search_words(question, [told[n - 1] for n in cites])),
        ),
    )


def _value(kind: Kind, output: str) -> RecallValue:
    if kind != "yesno":
        return kind
    first = words(output)[:1]
    return "no" if first == ["no"] else "yes" if first == ["yes"] else "text"


def search_words(question: str, told: Sequence[str]) -> str:
    """The words of a question to search for: those that the memories that answer it hold, else all that carry
    meaning."""
    carrying = content_words(question) or words(question)
    held = {stem(word) for text in told for word in content_words(text)}
    return " ".join(dict.fromkeys([word for word in carrying if stem(word) in held] or carrying))


def read_pairs(task: Task, path: Path, *, strict: bool = False) -> Iterator[Pair]:
    """What an adapter of a task learns from a file; broken rows as `read_rows` treats them."""
    if task == "writing":
        yield from (writing_pair(text, draft) for text, draft in read_writing_rows(path, strict=strict))
        return
    planned = []
    for number, (answers, plan) in enumerate(read_rows(path, recall_pairs, strict=strict)):
        yield from answers
        if number % PLANNED_EACH == 0:
            planned.append(plan)
    yield from planned


def origin(paths: Iterable[Path]) -> tuple[set[str], set[str]]:
    """The memories (hashes of their ids) and missions that rows were exported from; synthetic rows have none."""
    memories, missions = set[str](), set[str]()
    for path in paths:
        for told, mission_ids in read_rows(path, _origin, say=False):
            memories |= told
            missions |= mission_ids
    return memories, missions


def _origin(row: dict[str, Any]) -> tuple[set[str], set[str]]:
    if "memories" not in row:
        return set(), set()
    docs = [row["output"]] if isinstance(row["output"], dict) else row["input"]["docs"]
    return set(row["memories"]), {doc["mission_id"] for doc in docs if "mission_id" in doc}


def read_writing_rows(path: Path, *, strict: bool = False) -> Iterator[tuple[str, Draft]]:
    """The observations of a JSON Lines file with their drafts; broken rows as `read_rows` treats them."""
    return read_rows(path, writing_row, strict=strict)


def read_rows(
    path: Path, parse: Callable[[dict[str, Any]], Parsed], *, strict: bool = False, say: bool = True
) -> Iterator[Parsed]:
    """The rows of a JSON Lines file. Broken ones are told by line on standard error (`say`) and left out; with
    `strict` the first one raises ValueError."""
    for number, line in enumerate(path.read_bytes().removeprefix(codecs.BOM_UTF8).split(b"\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(text := line.decode("utf-8"))
            if not isinstance(row, dict):
                raise ValueError(f"{text.strip()[:50]} is no JSON object")
            yield parse(row)
        except (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError) as error:
            reason = f"{path}, line {number}: {_short(error)}"
            if strict:
                raise ValueError(reason) from error
            if say:
                print(f"{reason}; left out", file=sys.stderr)


def writing_row(row: dict[str, Any]) -> tuple[str, Draft]:
    """The observation of a row and its draft. Raises ValueError, KeyError or TypeError where it is broken."""
    text, output = row["input"], row["output"]
    if not isinstance(text, str) or not text.strip():
        raise ValueError(f"input = {text!r}: a writing row's input is the observation's words")
    text = " ".join(text.split())
    return text, Draft(event=output["event"], text=text, tags=tuple(output["tags"]))


def _short(error: Exception) -> str:
    if isinstance(error, KeyError):
        return f"the field {error} is missing"
    return " ".join(str(error).split())[:200]
