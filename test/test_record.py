"""What is accepted as an observation, a memory, a filter and a question, and how a refusal reads."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from pydantic import ValidationError

from shadowhound_memory.errors import Code, ShadowhoundError
from shadowhound_memory.question import Filter, Question
from shadowhound_memory.record import Memory, Observation, Pose, explain, memory_schema, validate_memory

MEMORY = {
    "id": "m1",
    "event": "object_seen",
    "text": "A red ball lies on the table.",
    "pose": {"x": 1.2, "y": 3.5, "z": 0.0, "yaw": 0.0, "frame_id": "map"},
    "tags": ["object:red_ball"],
    "mission_id": "patrol 1",
    "timestamp": 1790000000.25,
    "robot_id": "go2",
    "source": "camera",
    "status": "current",
    "written_by": "rules",
    "raw_text": "Saw a red ball on table",
    "recorded_at": 1790000001.0,
}


@pytest.mark.parametrize(
    "fields",
    [
        {"text": ""},
        {"text": " \n"},
        {"text": "bell \a"},
        {"text": "x", "timestamp": float("nan")},
        {"text": "x", "timestamp": float("inf")},
        {"text": "x", "timestamp": "yesterday"},
        {"text": "x", "timestamp": 5.0, "end_time": 4.0},
        {"text": "x", "end_time": 4.0},
        {"text": "x", "confidence": 1.5},
        {"text": "x", "tags": ["Object:Ball"]},
        {"text": "x", "tags": ["colour:red"]},
        {"text": "x", "tags": ["object:"]},
        {"text": "x", "mission_id": ""},
        {"text": "x", "mission_id": "m" * 201},
        {"text": "x", "mission_id": "two\nlines"},
        {"text": "x", "pose": {"x": float("nan"), "y": 0.0}},
        {"text": "x", "pose": {"x": 0.0, "y": float("-inf")}},
        {"text": "x", "pose": {"x": 0.0, "y": 1e8}},
        {"text": "x", "pose": {"x": 0.0}},
        {"text": "x", "pose": {"x": 0.0, "y": 0.0, "frame_id": "/map"}},
        {"text": "x", "pose": {"x": 0.0, "y": 0.0, "frame_id": "my map"}},
        {"text": "x", "pose": {"x": True, "y": 0.0}},
        {"text": "x", "timestmp": 3.0},
    ],
)
def test_a_bad_observation_is_refused_with_the_field_and_the_rule(fields: dict) -> None:
    with pytest.raises(ValidationError) as caught:
        Observation.model_validate(fields)
    error = explain(caught.value, "observation")
    assert error.code is Code.INVALID
    assert error.sentence.startswith("observation: ")
    assert "\n" not in error.sentence


def test_time_zero_and_an_inner_slash_are_legal() -> None:
    observation = Observation(text="x", timestamp=0.0, pose=Pose(x=0, y=0, frame_id="site/map"))
    assert observation.timestamp == 0.0


@pytest.mark.parametrize(
    "fields",
    [
        {"since": 2.0, "until": 1.0},
        {"near": {"x": 0.0, "y": 0.0}},
        {"radius": 1.0},
        {"near": {"x": 0.0, "y": 0.0}, "radius": -2.0},
        {"near": {"x": 0.0, "y": 0.0}, "radius": float("inf")},
        {"events": ["exploded"]},
    ],
)
def test_a_contradictory_filter_is_refused(fields: dict) -> None:
    with pytest.raises(ValidationError):
        Filter.model_validate(fields)


@pytest.mark.parametrize("k", [0, -1, 10**9, 2.5])
def test_k_out_of_range_is_refused(k: float) -> None:
    with pytest.raises(ValidationError):
        Question.model_validate({"text": "where?", "k": k})


def test_the_schema_is_valid_and_flat_and_the_shipped_file_is_current() -> None:
    schema = memory_schema()
    Draft202012Validator.check_schema(schema)
    assert "allOf" not in json.dumps(schema)
    shipped = Path(__file__).parent.parent / "config" / "memory.schema.json"
    assert json.loads(shipped.read_text()) == schema


def test_a_memory_keeps_fields_that_this_version_does_not_know() -> None:
    memory = Memory.model_validate(MEMORY | {"mood": "calm"})
    validate_memory(memory)
    assert json.loads(memory.model_dump_json())["mood"] == "calm"


def test_a_memory_that_breaks_the_schema_is_refused() -> None:
    broken = Memory.model_validate(MEMORY).model_copy(update={"event": "exploded"})
    with pytest.raises(ShadowhoundError, match=r"\$\.event"):
        validate_memory(broken)


@given(st.text(min_size=1), st.floats(allow_nan=True, allow_infinity=True))
def test_whatever_is_accepted_stands_in_the_schema(text: str, x: float) -> None:
    try:
        memory = Memory.model_validate(MEMORY | {"raw_text": text, "pose": {"x": x, "y": 0.0}})
    except ValidationError:
        return
    validate_memory(memory)
