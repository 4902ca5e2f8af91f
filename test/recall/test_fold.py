"""Copies of a sighting take one place among the candidates; nothing that says more is hidden, and nothing is lost."""

from typing import Any

import pytest

from shadowhound_memory.question import Candidate, Filter, Plan
from shadowhound_memory.recall.fold import fold
from shadowhound_memory.record import Memory

START = 1780000000.0


def seen(number: int, text: str = "A ladder in the hall.", x: float | None = 0.0, **fields: Any) -> Candidate:
    plain = {
        "id": f"m{number}",
        "event": "object_seen",
        "text": text,
        "raw_text": text,
        "pose": None if x is None else {"x": x, "y": 0.0},
        "tags": ("object:ladder",),
        "mission_id": f"patrol-{number}",
        "timestamp": START + number,
        "robot_id": "robot",
        "source": "robot",
        "status": "current",
        "written_by": "rules",
        "recorded_at": START,
    }
    return Candidate(score=1 - number / 100, memory=Memory.model_validate(plain | fields))


def plan(**fields: Any) -> Plan:
    return Plan.model_validate(
        {"kind": "place", "asked": "where is it?", "search": "ladder", "filter": Filter()} | fields
    )


def ids(candidates: list[Candidate]) -> list[str]:
    return [candidate.memory.id for candidate in candidates]


@pytest.mark.parametrize(("order", "stands"), [("relevance", "m3"), ("latest", "m3"), ("earliest", "m0")])
def test_the_freshest_copy_stands_for_all_and_others_move_up(order: str, stands: str) -> None:
    candidates = [seen(0), seen(1, "The ladder in the hall."), seen(2, "A bucket."), seen(3), seen(4, "A mop.")]
    folded, distinct = fold(candidates, plan(order=order))
    assert ids(folded[:distinct]) == [stands, "m2", "m4"] and folded[0].score == 1.0
    assert sorted(ids(folded)) == sorted(ids(candidates))


@pytest.mark.parametrize(
    "other",
    [
        {"text": "A ladder in the hall, broken."},
        {"text": "No ladder in the hall."},
        {"raw_text": "A ladder in the hall, beside the door."},
        {"x": 2.0},
        {"x": None},
        {"event": "object_missing"},
        {"event": "speech_heard"},
        {"tags": ()},
        {"map_id": "upstairs"},
        {"robot_id": "another"},
        {"pose": {"x": 0.0, "y": 0.0, "frame_id": "odom"}},
        {"object_pose": {"x": 5.0, "y": 0.0}},
    ],
)
def test_what_says_something_else_is_no_copy(other: dict[str, Any]) -> None:
    object_pose = {"object_pose": {"x": 1.0, "y": 0.0}} if "object_pose" in other else {}
    candidates = [seen(0, **object_pose), seen(1, **other)]
    assert fold(candidates, plan()) == (candidates, 2)


@pytest.mark.parametrize("fields", [{"kind": "count"}, {"kind": "yesno"}, {"order": "previous"}, {"other": "the mop"}])
def test_where_each_of_them_counts_nothing_is_folded(fields: dict[str, str]) -> None:
    candidates = [seen(0), seen(1)]
    assert fold(candidates, plan(**fields)) == (candidates, 2)
