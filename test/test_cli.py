"""The command `shadowhound-memory`, in its own process where that matters."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from shadowhound_memory.cli import main

ROWS = [
    {
        "id": "o1",
        "text": "A fire extinguisher hangs by the loading door.",
        "timestamp": 1790000000,
        "pose": {"x": 3, "y": 1},
    },
    {"id": "o2", "text": "The forklift is parked in bay four.", "timestamp": 1790000100, "pose": None},
    {"text": "", "timestamp": 1790000200},
]


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    def call(*arguments: str) -> tuple[int, list[str], str]:
        capsys.readouterr()
        code = main([arguments[0], "--data-dir", str(tmp_path / "memory"), "--model", "none", *arguments[1:]])
        output = capsys.readouterr()
        return code, output.out.splitlines(), output.err

    return call


def test_write_then_recall(run) -> None:
    assert run("write", "A ladder leans on the wall.", "--pose", "4", "-2", "0.5")[0] == 0
    code, lines, _ = run("recall", "where is the ladder?", "--json")
    answer = json.loads(lines[0])
    assert code == 0 and answer["place"] == {"x": 4.0, "y": -2.0, "yaw": 0.5, "frame_id": "map"}


def test_any_letter_goes_out_whatever_the_locale(run, tmp_path: Path) -> None:
    assert run("write", "A ladder ☕ leans on the wall 🤖.")[0] == 0
    environment = os.environ | {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    for question in (["recall", "where is the ladder?"], ["export"]):
        command = [sys.executable, "-m", "shadowhound_memory.cli", *question, "--data-dir", str(tmp_path / "memory")]
        child = subprocess.run([*command, "--model", "none"], env=environment, capture_output=True, check=False)
        assert child.returncode == 0 and "ladder ☕" in child.stdout.decode(), child.stderr


def test_import_goes_on_after_a_bad_row_and_names_its_line(run, tmp_path: Path) -> None:
    rows = tmp_path / "rows.jsonl"
    rows.write_text("\n".join(json.dumps(row) for row in ROWS))
    code, lines, errors = run("import", str(rows), "--json")
    assert code == 1 and "line 3" in errors
    assert [json.loads(line)["observation_id"] for line in lines] == ["o1", "o2"]


def test_an_export_can_be_imported_elsewhere_and_is_the_same(run, tmp_path: Path, capsys) -> None:
    rows = tmp_path / "rows.jsonl"
    rows.write_text("\n".join(json.dumps(row) for row in ROWS[:2]))
    run("import", str(rows))
    exported = run("export")[1]
    copy = tmp_path / "copy.jsonl"
    copy.write_text("\n".join(exported))
    other = ["--data-dir", str(tmp_path / "other"), "--model", "none"]
    assert main(["import", *other, str(copy)]) == 0
    capsys.readouterr()
    assert main(["export", *other]) == 0
    assert capsys.readouterr().out.splitlines() == exported


def test_a_file_of_questions(run, tmp_path: Path) -> None:
    rows = tmp_path / "rows.jsonl"
    rows.write_text("\n".join(json.dumps(row) for row in ROWS[:2]))
    run("import", str(rows))
    questions = tmp_path / "questions.jsonl"
    questions.write_text(
        '{"id": "q1", "question": "where is the fire extinguisher?", "asked_at": 1790003600}\n'
        '{"id": "q2", "question": ""}\n'
        '{"id": "q3", "question": "where is the submarine?"}\n'
    )
    code, lines, errors = run("recall", "--questions", str(questions), "--json")
    first, second, third = (json.loads(line) for line in lines)
    assert code == 1 and "line 2" in errors
    assert first["citations"][0]["memory"]["id"] == "o1" and first["place"]["x"] == 3
    assert second["id"] == "q2" and second["code"] == 1
    assert third["abstained"] and third["place"] is None
    fields = "id answer abstained kind citations candidates place time count yes duration best_pose best_pose_refused"
    assert list(first) == f"{fields} route fallback_reason trace_id seconds".split()


def test_a_trace_tells_how_an_answer_came_about(run) -> None:
    run("write", "A ladder leans on the wall.", "--pose", "4", "-2")
    ids = [
        json.loads(run("recall", asked, "--json")[1][0])["trace_id"] for asked in ("where is the ladder?", "and now?")
    ]
    assert [json.loads(line)["id"] for line in run("trace", "--json")[1]] == ids[::-1]
    assert run("trace", "-n", "1")[1][0].startswith(ids[1])
    code, lines, _ = run("trace", ids[0])
    told = "\n".join(lines)
    assert code == 0
    for part in (
        "where is the ladder?",
        "kind place: 'where'",
        "[1]",
        "A ladder leans on the wall",
        "best_pose",
        "rules",
    ):
        assert part in told, part
    assert json.loads(run("trace", ids[0], "--json")[1][0])["why"] in told
    assert run("trace", "t-1")[0] == 1 and "'t-1'" in run("trace", "t-1")[2]


def test_an_unasked_memory_has_no_trace_and_makes_no_file_of_them(run, tmp_path: Path) -> None:
    run("write", "A ladder leans on the wall.")
    code, lines, errors = run("trace")
    assert (code, lines) == (0, []) and "no question was asked" in errors
    assert not (tmp_path / "memory" / "traces.sqlite").exists()


def test_an_answer_is_not_imported(run, tmp_path: Path) -> None:
    run("write", "A ladder leans on the wall.")
    answer = json.loads(run("recall", "where is the ladder?", "--json")[1][0])["answer"]
    rows = tmp_path / "rows.jsonl"
    rows.write_text("\n".join(json.dumps({"text": text}) for text in (answer, "A ladder leans on the wall.")))
    code, lines, errors = run("import", str(rows))
    assert code == 1 and "line 1" in errors and "is no observation" in errors
    assert lines == ["1 kept, 1 refused"]


def test_stats_check_and_reindex(run) -> None:
    run("write", "A ladder leans on the wall.")
    assert json.loads(run("stats", "--json")[1][0])["status"]["memories"] == 1
    assert json.loads(run("check", "--json")[1][0])["problems"] == []
    assert json.loads(run("reindex", "--json")[1][0])["memories"] == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["recall", "where?"], "write to it first"),
        (["recall"], "one of the two"),
        (["trace"], "write to it first"),
        (["write", "The ladder is green.", "--source", "agent"], "the agent itself"),
        (["write", "x", "--pose", "1"], "X Y"),
        (["write", "x", "--pose", "nan", "1"], "--pose"),
        (["write", ""], "empty"),
        (["import", "nowhere.jsonl"], "nowhere.jsonl"),
        (["stats", "--set", "timezone=Mars/Base"], "IANA"),
        (["stats", "--set", "colour=red"], "colour"),
        (["stats", "--set", "colour"], "NAME=VALUE"),
        (["stats", "--backend", "skip"], "skip"),
    ],
)
def test_a_mistake_gets_a_sentence_and_exit_code_1(run, arguments: list[str], words: str) -> None:
    code, _, errors = run(*arguments)
    assert code == 1 and words in errors and "Traceback" not in errors


def test_wrong_arguments_exit_with_2(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["recall", "--backend", "quantum"])
    assert stopped.value.code == 2
    assert "choose from" in capsys.readouterr().err


def test_models_says_what_is_found(run) -> None:
    _, lines, _ = run("models", "--json")
    names = {json.loads(line)["what"] for line in lines}
    assert any("MiniLM" in name for name in names)
