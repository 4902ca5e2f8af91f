"""The formats of import and of question files."""

import json
from pathlib import Path

import pytest

from shadowhound_memory.errors import ShadowhoundError
from shadowhound_memory.exchange import read_rows, row_to_question, row_to_record
from shadowhound_memory.record import Memory, Observation


def test_a_row_becomes_an_observation_and_unknown_fields_are_kept() -> None:
    row = {
        "id": "o1",
        "text": "Saw a mug",
        "timestamp": 1790000000,
        "pose": {"x": 1, "y": 2, "yaw": 0.5},
        "room": "lab",
    }
    observation = row_to_record(row, "robot", 0.0)
    assert isinstance(observation, Observation)
    assert observation.pose is not None and observation.pose.frame_id == "map"
    assert observation.extra == {"room": "lab"}


def test_unknown_tag_kinds_become_notes() -> None:
    observation = row_to_record({"text": "x", "tags": ["action:Pick Up", "object:mug", "loose"]}, "robot", 0.0)
    assert observation.tags == ("note:pick_up", "object:mug", "note:loose")


def test_a_full_record_is_kept_as_it_stands_and_its_unknown_event_becomes_a_note() -> None:
    row = {
        "event": "object_vanished",
        "text": "Ball gone",
        "pose": None,
        "tags": [],
        "mission_id": "m",
        "timestamp": 1790000000.0,
        "mood": "calm",
    }
    memory = row_to_record(row, "go2", 5.0)
    assert isinstance(memory, Memory)
    assert (memory.event, memory.robot_id, memory.status) == ("note", "go2", "current")
    assert memory.model_dump()["mood"] == "calm"


@pytest.mark.parametrize(
    "row",
    [
        {},
        {"text": 5},
        {"text": "\u200b"},
        {"text": "x", "pose": [1, 2]},
        {"event": "note"},
        {"text": "x", "tags": [7]},
        {"text": "x", "tags": 7},
        {"text": "x", "tags": "object:mug"},
        {"event": "note", "text": "x", "tags": [], "mission_id": "m", "timestamp": 2, "end_time": 1},
        {"event": "note", "text": "x", "tags": [], "mission_id": "m", "timestamp": 2, "schema_version": 10**30},
    ],
)
def test_a_bad_row_is_refused_with_a_sentence(row: dict) -> None:
    with pytest.raises(ShadowhoundError):
        row_to_record(row, "robot", 0.0)


def test_broken_lines_are_named_by_number_and_the_others_are_read(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_bytes(b'{"text": "a"}\n\n{"text": \n[1]\n\xff\xfe\n' + json.dumps({"text": "b"}).encode())
    rows = list(read_rows(path))
    assert [number for number, _ in rows] == [1, 3, 4, 5, 6]
    assert [isinstance(row, dict) for _, row in rows] == [True, False, False, False, True]


@pytest.mark.parametrize(
    "line",
    ['"n": NaN', '"n": -Infinity', '"n": "\\ud800"', '"\\ud800": 1', f'"n": {"9" * 5000}', '"n": ' + "[" * 10**5],
)
def test_a_line_that_no_json_can_hold_is_refused(tmp_path: Path, line: str) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text(f'\ufeff{{"text": "a"}}\n{{"text": "b", {line}{"]" * 10**5 if "[" in line else ""}}}\n')
    assert [isinstance(row, dict) for _, row in read_rows(path)] == [True, False]


def test_a_question_row() -> None:
    question = row_to_question(
        {"id": "q", "question": "where?", "asked_at": 0, "filter": {"missions": ["m"]}, "note": 1}
    )
    assert (question.text, question.asked_at, question.filter.missions) == ("where?", 0, ("m",))
    with pytest.raises(ShadowhoundError, match="filter"):
        row_to_question({"question": "where?", "filter": {"mission": "m"}})


@pytest.mark.parametrize("asked_at", [1e300, -1e300, 1e12, 10**400, float("nan"), "now"])
def test_a_question_of_no_time_is_refused(asked_at: object) -> None:
    with pytest.raises(ShadowhoundError):
        row_to_question({"question": "what happened yesterday?", "asked_at": asked_at})
