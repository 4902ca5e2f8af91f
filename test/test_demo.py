"""The demo: its log and its questions, that it sees a wrong answer, and that it ends as it should."""

import importlib.util
import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from shadowhound_memory_msgs.msg import Citation, Memory
from shadowhound_memory_msgs.srv import Recall

ROOT = Path(__file__).parent.parent
spec = importlib.util.spec_from_file_location("demo_run", ROOT / "demo/run.py")
assert spec and spec.loader
demo = importlib.util.module_from_spec(spec)
spec.loader.exec_module(demo)


def response(answer: str = "There [1].", *, raw_text: str = "", id: str = "", **fields: object) -> Recall.Response:
    return Recall.Response(answer=answer, citations=[Citation(n=1, memory=Memory(id=id, raw_text=raw_text))], **fields)


def at(x: float, y: float, *, cited: float | None = None) -> Recall.Response:
    """An answer with a place, and a cited memory made there, or at another y."""
    got = response(has_place=True)
    got.place.pose.position.x, got.place.pose.position.y = x, y
    memory = got.citations[0].memory
    memory.has_pose = True
    memory.pose.pose.position.x, memory.pose.pose.position.y = x, y if cited is None else cited
    return got


def when(seconds: int, *, cited: int | None = None) -> Recall.Response:
    """An answer with a time, and a cited memory of that time, or of another."""
    got = response(has_time=True)
    got.time.sec = seconds
    got.citations[0].memory.timestamp.sec = seconds if cited is None else cited
    return got


PLACE = {"place": {"x": 1.0, "y": 2.0, "within": 0.5}}
TIME = {"time": {"at": 1000.0, "within": 60}}


@pytest.mark.parametrize(
    ("expected", "right", "wrong"),
    [
        (PLACE, at(1.3, 2.0), at(1.0, 2.6)),
        (PLACE, at(1.0, 2.0), response()),
        (PLACE, at(1.0, 2.0), at(1.0, 2.0, cited=9.0)),
        (TIME, when(1059), when(1061)),
        (TIME, when(1000), when(1000, cited=5)),
        (TIME, when(940), response()),
        ({"count": 2}, response(has_count=True, count=2), response(has_count=True, count=3)),
        ({"cites": ["a"]}, response(id="a"), response(id="b")),
        ({"count": 0}, response(has_count=True, count=0), response()),
        ({"yes": True}, response(has_yes=True, yes=True), response(has_yes=True, yes=False)),
        ({"yes": False}, Recall.Response(answer="No.", has_yes=True, yes=False), response()),
        ({"says": ["11"]}, response("At 11 [1].", raw_text="at 11"), response("At 9 [1].", raw_text="at 11")),
        ({"says": ["11"]}, response("At 11 [1].", raw_text="at 11"), response("At 11 [1].", raw_text="at 9")),
        ({"says": ["11"]}, response("At 11 [1].", raw_text="at 11"), response("At 11.", raw_text="at 11")),
        ({"says": ["11"]}, response("At 11 [1].", raw_text="at 11"), response("At 9 [1]. At 11.", raw_text="at 11")),
        ({"abstained": True}, Recall.Response(abstained=True), response()),
        ({"yes": True}, response(has_yes=True, yes=True), Recall.Response(abstained=True)),
    ],
)
def test_a_wrong_answer_is_seen(expected: dict[str, object], right: Recall.Response, wrong: Recall.Response) -> None:
    assert demo.faults(expected, right) == []
    assert demo.faults(expected, wrong)


def test_the_log_holds_what_it_shows() -> None:
    rows = demo.read_rows(ROOT / "demo/mission_log.jsonl")
    questions = demo.read_rows(ROOT / "demo/questions.jsonl")
    assert len(rows) >= 60 and len({row["mission_id"] for row in rows}) == 3
    assert any(row["pose"] is None for row in rows)
    assert Counter(row["id"] for row in rows).most_common(1)[0][1] == 1
    assert [row["timestamp"] for row in rows] == sorted(row["timestamp"] for row in rows)
    assert len(questions) >= 14 and sum("abstained" in row["expected"] for row in questions) >= 2


@pytest.mark.parametrize(("backend", "code", "words"), [("skip", 0, "skip"), ("cloud", 1, "node.log")])
def test_the_demo_says_why_it_cannot_show(backend: str, code: int, words: str) -> None:
    ended = subprocess.run(
        [sys.executable, ROOT / "demo/run.py"],
        env=os.environ | {"MEMORY_BACKEND": backend},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert ended.returncode == code, ended.stdout + ended.stderr
    assert words in ended.stdout and "Traceback" not in ended.stdout + ended.stderr


def test_the_quickstart_runs_as_written() -> None:
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / "docs/quickstart.md").read_text(), re.DOTALL)
    ended = subprocess.run([sys.executable, "-c", "".join(blocks)], capture_output=True, text=True, timeout=120)
    assert ended.returncode == 0, ended.stderr
    assert "[1]" in ended.stdout and "3.0 -1.5" in ended.stdout
