"""Rows of recall from real texts: what people wrote of some scenes, and their questions with what answers each.

Read from a folder that is not part of this package, in the form that `bench recall` measures on (bench/README.md):
`observations.jsonl` (id, text, timestamp, mission_id, scene, source) and `questions.jsonl` (question, origin, kind,
gold_ids, gold_answer, scene, source). Taken are questions for a place or a time in people's own words (`origin` begins
with "human"). The docs of one are the memories that answer it (`gold_ids`) and those that share most words with it. One
scene in twelve is held out.
"""

import random
from collections import defaultdict
from pathlib import Path
from typing import Any

from shadowhound_memory.prompts import RECALL_DOCS
from shadowhound_memory.words import stems
from training.corpus import Split, in_split
from training.data import read_rows
from training.questions import LATER, row

KINDS = ("place", "time")
FILES = ("observations.jsonl", "questions.jsonl")


def real_rows(folder: Path, count: int, seed: int, split: Split) -> list[dict[str, Any]]:
    """Rows of recall in the seed's form. Raises ValueError where the folder lacks a file or holds fewer questions."""
    if missing := [name for name in FILES if not (folder / name).is_file()]:
        raise ValueError(f"{folder} lacks {' and '.join(missing)}: name the folder that holds both")
    told = defaultdict[tuple[str, str], list[dict[str, Any]]](list)
    for memory in read_rows(folder / FILES[0], dict[str, Any], strict=True):
        told[memory["source"], memory["scene"]].append(memory)
    asked = [
        question
        for question in read_rows(folder / FILES[1], dict[str, Any], strict=True)
        if question["kind"] in KINDS and question["origin"].startswith("human") and in_split(question["scene"], split)
    ]
    if len(asked) < count:
        raise ValueError(f"{folder} holds {len(asked)} questions of the {split} split, not {count}: ask for fewer rows")
    source = random.Random(f"{seed}-{split}-real")
    return [_row(each, told[each["source"], each["scene"]], source) for each in source.sample(asked, count)]


def _row(question: dict[str, Any], told: list[dict[str, Any]], source: random.Random) -> dict[str, Any]:
    """A question with the memories that answer it, of which the latest decides, and those that are most like it."""
    gold, named = set(question["gold_ids"]), stems(question["question"])
    order = sorted(told, key=lambda memory: (memory["id"] not in gold, -len(named & stems(memory["text"]))))
    drawn = sorted(order[:RECALL_DOCS], key=lambda memory: memory["timestamp"])
    *may_cite, decisive = [n for n, memory in enumerate(drawn, 1) if memory["id"] in gold]
    kept = ("text", "mission_id")
    docs = [
        {"n": n, "time": memory["timestamp"], "event": "note"} | {name: memory[name] for name in kept}
        for n, memory in enumerate(drawn, 1)
    ]
    asked_at = max(memory["timestamp"] for memory in told) + source.choice(LATER)
    answer = str(question["gold_answer"])
    return row(question["question"], asked_at, question["kind"], docs, answer, [decisive], may_cite)
