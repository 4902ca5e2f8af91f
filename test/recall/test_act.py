"""The pose that a robot may drive to, and why there is none."""

from typing import Any

import pytest

from shadowhound_memory.manager import MemoryManager
from shadowhound_memory.question import Answer, Filter, Question
from shadowhound_memory.record import Observation, Pose

THERE = Pose(x=3.0, y=-1.5, yaw=2.1)


def told(memory: MemoryManager, text: str = "A yellow toolbox stands under the workbench.", **fields: Any) -> str:
    return memory.write(Observation(**{"text": text, "pose": THERE, **fields}), wait=60).id


def asked(memory: MemoryManager, text: str = "where is the toolbox?", **fields: Any) -> Answer:
    memory.wait_until_idle(60)
    answer = memory.recall(Question(text=text, **fields))
    assert (answer.best_pose is None) == bool(answer.best_pose_refused)
    return answer


def test_the_place_of_an_answer_is_one_to_drive_to_with_its_yaw(memory: MemoryManager) -> None:
    told(memory)
    assert asked(memory).best_pose == asked(memory).place == THERE
    assert asked(memory, "take me to the toolbox").best_pose == THERE


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"pose": None}, "not known"),
        ({"pose": Pose(x=1.0, y=2.0, frame_id="odom")}, "frame 'odom', not in 'map'"),
        ({"map_id": "cellar"}, "map 'cellar', not in 'default'"),
        ({"confidence": 0.4}, "confidence"),
    ],
)
def test_a_place_that_cannot_be_relied_on_is_refused(
    memory: MemoryManager, fields: dict[str, Any], reason: str
) -> None:
    told(memory, **fields)
    answer = asked(memory)
    assert not answer.abstained and answer.citations
    assert answer.best_pose is None and reason in answer.best_pose_refused


def test_another_map_or_frame_is_given_to_the_one_who_names_it(memory: MemoryManager) -> None:
    told(memory, map_id="cellar", pose=THERE.model_copy(update={"frame_id": "odom"}))
    here = Pose(x=0.0, y=0.0, frame_id="odom")
    assert "map 'cellar'" in asked(memory, pose=here).best_pose_refused
    assert "frame 'odom'" in asked(memory, filter=Filter(map_id="cellar")).best_pose_refused
    assert asked(memory, pose=here, filter=Filter(map_id="cellar")).best_pose is not None


@pytest.mark.parametrize("fields", [{"pose": None}, {"map_id": "cellar", "pose": Pose(x=9.0, y=9.0)}])
def test_an_earlier_place_is_not_driven_to_when_it_was_seen_elsewhere_since(
    memory: MemoryManager, fields: dict[str, Any]
) -> None:
    told(memory, timestamp=1789990000.0)
    told(memory, "The yellow toolbox stands in the rack.", timestamp=1789995000.0, **fields)
    assert "is later" in asked(memory).best_pose_refused


def test_what_is_gone_is_not_driven_to(memory: MemoryManager) -> None:
    told(memory, timestamp=1789990000.0)
    assert asked(memory).best_pose == THERE
    told(memory, "The yellow toolbox is no longer under the workbench.", timestamp=1789995000.0)
    answer = asked(memory)
    assert answer.best_pose is None and "gone" in answer.best_pose_refused


def test_without_support_or_a_place_asked_for_there_is_none(memory: MemoryManager) -> None:
    told(memory)
    assert "no memory supports" in asked(memory, "where is the helicopter?").best_pose_refused
    assert "of kind time, no place" in asked(memory, "when did you see the toolbox?").best_pose_refused


def test_a_corrected_memory_is_no_ground_to_drive_on(memory: MemoryManager) -> None:
    old = told(memory)
    memory.correct(old, text="A yellow suitcase stands under the workbench.")
    answer = asked(memory, filter=Filter(statuses=("superseded",)))
    assert answer.place == THERE and "corrected" in answer.best_pose_refused
