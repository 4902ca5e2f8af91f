"""`python -m training.synthesize writing|recall --n N --seed S --out FILE.jsonl`: pairs by hand and by grammar.

Rows have the seed's form: `{"input": observation, "output": {event, text, pose, tags, mission_id, timestamp}}`, and
`{"input": {question, asked_at, kind, docs}, "output": answer, "cites": [n, …]}`. With `--split heldout` texts,
templates and words are used that `--split train` never uses.
"""

import argparse
import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from training.corpus import Sample
from training.grammar.expand import samples
from training.questions import recall_rows
from training.real_text import real_rows

START = 1767225600


def main(argv: Sequence[str] | None = None) -> None:
    """Write the rows and say how many."""
    parser = argparse.ArgumentParser(prog="python -m training.synthesize", description=__doc__)
    parser.add_argument("task", choices=("writing", "recall"))
    parser.add_argument("--n", type=int, default=2000, help="rows (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--split", choices=("train", "heldout"), default="train")
    parser.add_argument(
        "--written", type=float, default=0.75, help="share of rows that were written by hand (default: %(default)s)"
    )
    parser.add_argument(
        "--real", type=Path, help="recall: a folder of real texts with questions (training/real_text.py)"
    )
    parser.add_argument(
        "--real-share", type=float, default=0.1, help="share of rows that come from there (default: %(default)s)"
    )
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--json", action="store_true", help="the summary as JSON")
    arguments = parser.parse_args(argv)
    if arguments.task == "writing":
        if arguments.real:
            parser.error("--real is for recall: the texts of such a folder have no labels to write")
        source = random.Random(arguments.seed)
        drawn = samples(arguments.n, arguments.seed, arguments.split, arguments.written)
        rows = [_row(sample, number, source) for number, sample in enumerate(drawn)]
    else:
        rows = []
        if arguments.real:
            count = round(arguments.n * arguments.real_share)
            try:
                rows = real_rows(arguments.real, count, arguments.seed, arguments.split)
            except ValueError as error:
                parser.error(str(error))
        rows += recall_rows(arguments.n - len(rows), arguments.seed, arguments.split, arguments.written)
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    with arguments.out.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    summary = {"rows": len(rows), "split": arguments.split, "seed": arguments.seed, "file": str(arguments.out)}
    print(
        json.dumps(summary) if arguments.json else f"{len(rows)} rows of the {arguments.split} split: {arguments.out}"
    )


def _row(sample: Sample, number: int, source: random.Random) -> dict[str, Any]:
    pose = {"x": round(source.uniform(-20, 20), 2), "y": round(source.uniform(-20, 20), 2)}
    output = {
        "event": sample.event,
        "text": sample.text,
        "pose": pose | {"z": 0.0, "yaw": round(source.uniform(-3.14, 3.14), 2), "frame_id": "map"},
        "tags": sample.tags,
        "mission_id": f"mission-{number // 50 + 1}",
        "timestamp": START + 60.0 * number,
    }
    return {"input": sample.text, "output": output}


if __name__ == "__main__":
    main()
