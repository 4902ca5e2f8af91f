"""`python -m training.export writing|recall --data-dir DIR --out FILE.jsonl`: training pairs from a robot's own store.

Reads beside a running node and changes nothing. Rows have the seed's form; `memories` names those that a row was made
from (`memory_sha256`), for the adapter's card. What a person approved of the missions on the hold-out list goes to
FILE.heldout.jsonl, to evaluate on.
"""

import argparse
import json
import math
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from shadowhound_memory.adapters.card import memory_sha256
from shadowhound_memory.drafting import REPAIRED
from shadowhound_memory.errors import Code, ModelUnavailable, ShadowhoundError
from shadowhound_memory.grammars import tag_values
from shadowhound_memory.manager import MemoryManager
from shadowhound_memory.models.files import find_language_model, ready_path
from shadowhound_memory.prompts import RECALL_DOCS
from shadowhound_memory.record import Draft, Memory
from shadowhound_memory.rules import LOOKED_AT, find_event
from shadowhound_memory.settings import Settings
from shadowhound_memory.words import words
from training.data import recall_pairs, writing_pair
from training.pseudonyms import pseudonymise

DROPPED = {
    "writing": (
        "status", "another robot", "degraded", "written by rules", "not confirmed or corrected", "told by its source",
        "too long", "held out", "duplicates",
    ),
    "recall": (
        "rated wrong", "not rated", "degraded", "written by rules", "status", "another robot", "citations", "too long",
        "held out", "duplicates",
    ),
}  # fmt: skip
"""The filters, in this order; a row counts where the first one drops it."""
TOLD = frozenset("question asked_at plan candidates cited answer abstained route".split())
"""What a trace holds that can be made a row of."""
MOST_TAGS = 16
"""As a draft has."""
_MARK = re.compile(r"\[(\d+)\]")


class Dropped(Exception):
    """A row that is not exported; the message is the filter."""


@dataclass(frozen=True)
class Row:
    """A row with what the filters ask of it. Of duplicates, rows with the same `key`, the highest `worth` stays."""

    document: dict[str, Any]
    origin: str
    sources: list[Memory]
    key: tuple[object, ...]
    worth: tuple[bool, float]
    """Whether a person approved it, and when it was written (seconds)."""
    length: int
    """Characters that a prompt would show."""


def main(argv: Sequence[str] | None = None) -> int:
    """Export and say how many rows each filter dropped; 1 with a sentence on standard error when it cannot."""
    arguments = _parser().parse_args(argv)
    try:
        summary = export(arguments)
    except (ShadowhoundError, ModelUnavailable, OSError) as error:
        print(f"export: {error}", file=sys.stderr)
        return 1
    if arguments.json:
        print(json.dumps(summary))
        return 0
    for name in ("kept", "dropped"):
        print("\n".join(f"{name}, {what}: {count}" for what, count in summary[name].items()))
    print(f"{summary['rows']} rows: {arguments.out}")
    if arguments.hold_out:
        print(f"{summary['held out']} rows of held-out missions, approved by a person: {_held_out_file(arguments.out)}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m training.export", description=__doc__)
    parser.add_argument("task", choices=("writing", "recall"))
    parser.add_argument("--data-dir", required=True, help="where the robot's memories are kept")
    parser.add_argument("--robot-id", help="only memories of this robot")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument(
        "--hold-out", nargs="+", default=[], metavar="MISSION", help="missions whose words are not to be trained on"
    )
    parser.add_argument("--unrated", action="store_true", help="also answers that nobody rated and the check passed")
    parser.add_argument("--pseudonyms", action="store_true", help="other names in the place of people's")
    parser.add_argument("--max-tokens", type=int, help="most tokens of prompt and reply, by the default base model")
    parser.add_argument("--json", action="store_true", help="the summary as JSON")
    return parser


def export(arguments: argparse.Namespace) -> dict[str, Any]:
    """Write the rows. Returns how many, by their origin, and how many each filter dropped.

    Raises ShadowhoundError for a store that cannot be read, ModelUnavailable without the tokenizer, OSError.
    """
    dropped = Counter(dict.fromkeys(DROPPED[arguments.task], 0))
    rows: list[Row] = []
    held_out: list[Row] = []
    too_long = _too_long(arguments.task, arguments.max_tokens)
    settings = Settings(data_dir=arguments.data_dir, model="none")
    with MemoryManager.open(settings, read_only=True) as memory:
        made = _writing(memory) if arguments.task == "writing" else _recall(memory, arguments.unrated)
        for read_row in made:
            try:
                row = read_row()
                if arguments.robot_id and any(one.robot_id != arguments.robot_id for one in row.sources):
                    raise Dropped("another robot")
                if too_long(row):
                    raise Dropped("too long")
            except Dropped as reason:
                dropped[str(reason)] += 1
                continue
            if any(one.mission_id in arguments.hold_out for one in row.sources):
                dropped["held out"] += 1
                held_out.append(row)
            else:
                rows.append(row)
    apart = {row.key for row in held_out}
    trained_on = [row for row in rows if row.key not in apart]
    kept = _without_duplicates(trained_on)
    dropped["held out"] += len(rows) - len(trained_on)
    dropped["duplicates"] += len(trained_on) - len(kept)
    held_out = [row for row in _without_duplicates(held_out) if row.worth[0]]
    documents = [_named(row) for row in (*kept, *held_out)]
    if arguments.pseudonyms:
        tags = {tag for row in (*kept, *held_out) for one in row.sources for tag in one.tags}
        documents = [_sayable(document) for document in pseudonymise(documents, tags)]
    _write(arguments.out, documents[: len(kept)])
    if arguments.hold_out:
        _write(_held_out_file(arguments.out), documents[len(kept) :])
    return {
        "rows": len(kept),
        "held out": len(held_out),
        "kept": dict(Counter(row.origin for row in kept)),
        "dropped": dict(dropped),
        "file": str(arguments.out),
    }


def _held_out_file(out: Path) -> Path:
    return out.with_suffix(f".heldout{out.suffix}")


def _write(path: Path, documents: Sequence[dict[str, Any]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(each, ensure_ascii=False) + "\n" for each in documents), encoding="utf-8")


def _named(row: Row) -> dict[str, Any]:
    return row.document | {"memories": [memory_sha256(one.id) for one in row.sources]}


def _without_duplicates(rows: Sequence[Row]) -> list[Row]:
    best: dict[tuple[object, ...], Row] = {}
    for row in rows:
        if row.key not in best or row.worth >= best[row.key].worth:
            best[row.key] = row
    return [row for row in rows if best[row.key] is row]


def _too_long(task: str, max_tokens: int | None) -> Callable[[Row], bool]:
    """Whether a row has more characters than a prompt shows, or more tokens than that as it will be trained on."""
    if max_tokens is None:
        return lambda row: row.length > LOOKED_AT
    from transformers import AutoTokenizer

    from shadowhound_memory.models.decoding import prompt_tokens

    tokenizer: Any = AutoTokenizer.from_pretrained(ready_path(find_language_model(Settings())))

    def too_long(row: Row) -> bool:
        document = row.document
        if task == "recall":
            answers, plan = recall_pairs(document)
            pairs = [*answers, plan]
        else:
            pairs = [writing_pair(document["input"], _draft(document))]
        tokens = (
            len(prompt_tokens(tokenizer, pair.messages))
            + len(tokenizer(pair.reply, add_special_tokens=False).input_ids)
            for pair in pairs
        )
        return row.length > LOOKED_AT or max(tokens) >= max_tokens  # one more ends the reply

    return too_long


def _draft(document: dict[str, Any]) -> Draft:
    output = document["output"]
    return Draft(event=output["event"], text=document["input"], tags=tuple(output["tags"]))


# ---- writing: observations with their memories -----------------------------------------------------------------------


def _writing(memory: MemoryManager) -> Iterator[Callable[[], Row]]:
    every = {one.id: one for one in memory.memories()}
    for one in every.values():
        yield partial(_writing_row, one, every)


def _writing_row(memory: Memory, every: dict[str, Memory]) -> Row:
    if memory.status != "current":
        raise Dropped("status")
    sources = [memory]
    while sources[-1].supersedes in every:
        sources.append(every[sources[-1].supersedes])
    origin = _origin(memory, sources[1:])
    text = " ".join(memory.raw_text.split())
    if memory.written_by == "person" and words(memory.text) != words(text):
        text = " ".join(memory.text.split())
    by_source = find_event(text, memory.source, memory.tags)
    if memory.event == by_source != find_event(text, "robot", memory.tags):
        raise Dropped("told by its source")
    output = {
        "event": memory.event,
        "text": memory.text,
        "pose": memory.pose.model_dump() if memory.pose else None,
        "tags": list(memory.tags),
        "mission_id": memory.mission_id,
        "timestamp": memory.timestamp,
    }
    return Row(
        document=_sayable({"input": text, "output": output}),
        origin=origin,
        sources=sources,
        key=tuple(words(text)),
        worth=(memory.written_by == "person", memory.recorded_at),
        length=len(text),
    )


def _origin(memory: Memory, superseded: Sequence[Memory]) -> str:
    """What makes a memory one to learn from."""
    if memory.degraded:
        raise Dropped("degraded")
    if memory.written_by == "rules":
        raise Dropped("written by rules")
    if memory.written_by == "person" and memory.supersedes:
        said = [(one.event, one.text, one.tags) for one in (memory, *superseded[:1])]
        return "confirmed" if said[1:] == said[:1] else "corrected"
    if memory.written_by == "person" or (memory.route or "").endswith(REPAIRED):
        raise Dropped("not confirmed or corrected")
    return "valid at first try"


def _sayable(document: dict[str, Any]) -> dict[str, Any]:
    """A row of writing with those tags that its adapter can say: words of the observation, in their order, none twice.

    Others, such as a detector's, came with the observation. A row of recall as it is.
    """
    if "docs" in document["input"]:
        return document
    left = {tag.partition(":")[2]: tag for tag in reversed(document["output"]["tags"])}
    values = tag_values(document["input"])
    said = []
    place = 0
    while place < len(values):
        longest = next((value for value in reversed(values[place]) if value in left), None)
        if longest:
            said.append(left.pop(longest))
        place += longest.count("_") + 1 if longest else 1
    return document | {"output": document["output"] | {"tags": said[:MOST_TAGS]}}


# ---- recall: questions with what was retrieved and answered ----------------------------------------------------------


def _recall(memory: MemoryManager, unrated: bool) -> Iterator[Callable[[], Row]]:
    for _, at, trace in reversed(memory.traces()):
        yield partial(_recall_row, at, trace, unrated, memory)


def _recall_row(at: float, trace: dict[str, Any], unrated: bool, memory: MemoryManager) -> Row:
    origin = _rated(trace, unrated)
    if not trace.keys() >= TOLD:  # of an earlier version
        raise Dropped("status")
    cited = trace["cited"]
    if len(cited) > RECALL_DOCS:
        raise Dropped("too long")
    ids = list(dict.fromkeys([*cited, *(candidate["id"] for candidate in trace["candidates"])]))[:RECALL_DOCS]
    try:
        docs = sorted(map(memory.get, ids), key=lambda one: (one.timestamp, one.id))
    except ShadowhoundError as error:
        if error.code is not Code.NOT_FOUND:
            raise
        raise Dropped("status") from None  # forgotten while the export runs
    if any(one.status != "current" for one in docs if one.id in cited):
        raise Dropped("status")
    number = {one.id: n for n, one in enumerate(docs, 1)}
    document = {
        "input": {
            "question": trace["question"]["text"],
            "asked_at": trace["asked_at"],
            "kind": trace["plan"]["kind"],
            "docs": [
                {"n": n, "time": one.timestamp, "event": one.event, "text": one.text, "mission_id": one.mission_id}
                for n, one in enumerate(docs, 1)
            ],
        },
        "output": _renumbered(trace, cited, number),
        "cites": [number[one] for one in cited],
        "may_cite": _superseded(docs, cited),
    }
    return Row(
        document=document,
        origin=origin,
        sources=docs,
        key=(*words(trace["question"]["text"]), *(one.text for one in docs)),
        worth=("right" in trace, at),
        length=len(trace["question"]["text"]),
    )


def _rated(trace: dict[str, Any], unrated: bool) -> str:
    """What makes an answer one to learn from."""
    if "right" in trace:
        if not trace["right"]:
            raise Dropped("rated wrong")
        return "rated right"
    if not unrated:
        raise Dropped("not rated")
    if trace.get("fallback_reason") or trace.get("refused"):
        raise Dropped("degraded")
    if trace.get("route") == "rules":
        raise Dropped("written by rules")
    return "check passed"


def _superseded(docs: Sequence[Memory], cited: Sequence[str]) -> list[int]:
    """The docs before the decisive one: they may answer the question too, as of their time."""
    decisive = next((one.timestamp for one in docs if one.id in cited[:1]), -math.inf)
    return [n for n, one in enumerate(docs, 1) if one.timestamp < decisive and one.id not in cited]


def _renumbered(trace: dict[str, Any], cited: Sequence[str], number: dict[str, int]) -> str:
    """The answer with the docs' numbers in its citations; dropped where they cannot be told, or there are no docs."""
    marks, of_all = set(map(int, _MARK.findall(trace["answer"]))), set(range(1, len(cited) + 1))
    # A model under strict prompting that cites only some of what it was shown numbers them as it was shown them.
    told = marks <= of_all if trace["route"] == "rules" or trace["route"].endswith("/adapter") else marks == of_all
    if not number or not told or bool(cited) == trace["abstained"]:
        raise Dropped("citations")
    return _MARK.sub(lambda mark: f"[{number[cited[int(mark[1]) - 1]]}]", trace["answer"])


if __name__ == "__main__":
    sys.exit(main())
