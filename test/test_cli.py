"""The command `shadowhound-memory`, in its own process where that matters."""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from shadowhound_memory.cli import main
from shadowhound_memory.store.traces import Traces

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


@pytest.mark.parametrize("pose", [["--pose", "4", "-2", ".5"], ["--pose", "4,-2,.5"], ["--pose=4 -2 .5"]])
def test_the_text_may_stand_before_or_after_the_pose(run, pose: list[str]) -> None:
    said = "4 ladders lean on the wall."
    for arguments in ((said, *pose), (*pose, said), (*pose, "--source", "me", said)):
        code, lines, errors = run("write", *arguments, "--json")
        assert code == 0, errors
        written = json.loads(lines[0])
        assert written["text"] == said
        assert [written["pose"][axis] for axis in ("x", "y", "yaw")] == [4.0, -2.0, 0.5]


def test_a_question_is_asked_at_a_place_and_a_time(run) -> None:
    run("write", "A ladder leans on the wall.", "--time", "1790000000", "--pose", "4", "-2")
    run("write", "A ladder stands in the yard.", "--time", "1790003600", "--pose", "40", "0")
    for before in ("1790000060", "2026-09-21T14:14:20+00:00", "2026-09-21T14:14:20Z", "2026-09-21 14:14:20"):
        answer = json.loads(run("recall", "where is the ladder?", "--asked-at", before, "--json")[1][0])
        assert answer["place"]["x"] == 4.0, before
    near = json.loads(run("recall", "--pose", "3", "-2", "where is the nearest ladder?", "--json")[1][0])
    far = json.loads(run("recall", "--pose", "39", "0", "where is the nearest ladder?", "--json")[1][0])
    assert (near["place"]["x"], far["place"]["x"]) == (4.0, 40.0)


def test_a_mission_that_no_memory_is_of_is_said_to_be_unknown(run) -> None:
    run("write", "A ladder leans on the wall.", "--mission", "monday")
    for command in (["recall", "where is the ladder?"], ["tracks"]):
        assert "'nope'" in run(*command, "--mission", "nope")[2]
        assert "no memory is of" not in run(*command, "--mission", "monday")[2]


def test_a_second_import_says_what_was_there_already(run, tmp_path: Path) -> None:
    rows = tmp_path / "rows.jsonl"
    rows.write_text("\n".join(json.dumps(row) for row in ROWS[:2]))
    assert run("import", str(rows))[1] == ["2 kept, 0 refused"]
    assert run("import", str(rows))[1] == ["0 kept, 2 already there, 0 refused"]


@pytest.mark.parametrize("after", [0.05, 0.3, 1.0])
def test_ctrl_c_while_it_starts_ends_it_without_a_traceback(tmp_path: Path, after: float) -> None:
    starts = "import sys; from shadowhound_memory.__main__ import main; print(flush=True); sys.exit(main())"
    command = [sys.executable, "-c", starts, "recall", "where?", "--data-dir", str(tmp_path)]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert child.stdout
    child.stdout.readline()
    time.sleep(after)
    child.send_signal(signal.SIGINT)
    errors = child.communicate()[1]
    assert "Traceback" not in errors
    assert child.returncode == 130 or "write to it first" in errors


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


def test_a_trace_that_an_earlier_version_kept_is_shown_as_far_as_it_goes(run, tmp_path: Path) -> None:
    run("write", "A ladder leans on the wall.")
    trace_id = json.loads(run("recall", "where is the ladder?", "--json")[1][0])["trace_id"]
    with closing(Traces(tmp_path / "memory" / "traces.sqlite")) as traces:
        whole = traces.get(trace_id)
        assert whole
        for lacking in whole:
            traces.put(f"no-{lacking}", {name: value for name, value in whole.items() if name != lacking})
            code, lines, _ = run("trace", f"no-{lacking}")
            assert code == 0 and len(lines) > 6
        traces.put("bare", {})
        assert run("trace", "bare")[0] == 0
        assert len(run("trace")[1]) == 2 * (len(whole) + 2)


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
    assert "None" not in "".join(run("stats")[1])
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
        (["stats", "--set", "timezone=Mars/Base"], "IANA"),
        (["stats", "--set", "colour=red"], "colour"),
        (["stats", "--set", "timezon=UTC"], "the nearest is 'timezone'"),
        (["stats", "--set", "colour"], "NAME=VALUE"),
        (["recall", "where?", "--asked-at", "noon"], "2025-03-10T18:40"),
        (["recall", "where?", "--pose", "here"], "X Y"),
        (["stats", "--backend", "skip"], "skip"),
    ],
)
def test_a_mistake_gets_a_sentence_and_exit_code_1(run, arguments: list[str], words: str) -> None:
    code, _, errors = run(*arguments)
    assert code == 1 and words in errors and "Traceback" not in errors


def test_a_file_that_cannot_be_read_has_an_exit_code_of_its_own(run) -> None:
    code, _, errors = run("import", "nowhere.jsonl")
    assert code == os.EX_IOERR and "nowhere.jsonl" in errors and "Traceback" not in errors


def test_wrong_arguments_exit_with_2(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["recall", "--backend", "quantum"])
    assert stopped.value.code == 2
    assert "choose from" in capsys.readouterr().err


def test_models_says_what_is_found(run) -> None:
    _, lines, _ = run("models", "--json")
    names = {json.loads(line)["what"] for line in lines}
    assert any("MiniLM" in name for name in names)
