"""What the active node answers over its topic and services."""

import uuid
from math import nan
from pathlib import Path
from typing import Any

import pytest
from builtin_interfaces.msg import Time
from geometry_msgs.msg import PoseStamped
from memory_process import LATCHED, MemoryProcess, wait_for
from rclpy.node import Node
from visualization_msgs.msg import MarkerArray

from shadowhound_memory.adapters.card import CARD, AdapterCard, memory_sha256
from shadowhound_memory.adapters.registry import Registry
from shadowhound_memory_msgs import msg, srv
from shadowhound_memory_msgs.msg import ResultCode


def pose_at(x: float, y: float, frame: str = "map", w: float = 1.0) -> PoseStamped:
    pose = PoseStamped()
    pose.header.frame_id = frame
    pose.pose.position.x, pose.pose.position.y, pose.pose.orientation.w = x, y, w
    return pose


def test_a_written_observation_is_recalled_with_its_place_and_time(active: MemoryProcess) -> None:
    written = active.write(
        "a red fire extinguisher hangs beside the loading dock",
        wait=True,
        has_pose=True,
        pose=pose_at(3.0, -4.5),
        has_timestamp=True,
        timestamp=Time(sec=1_700_000_000, nanosec=500_000_000),
    )
    assert (written.code, written.pending) == (ResultCode.OK, False), written.message
    assert (written.memory.id, written.memory.status) == (written.id, msg.Memory.CURRENT)

    answer = active.recall("where is the fire extinguisher?")

    assert (answer.code, answer.abstained) == (ResultCode.OK, False), answer.message
    assert written.id in {citation.memory.id for citation in answer.citations}
    assert "[1]" in answer.answer
    assert answer.has_place and answer.place.header.frame_id == "map"
    assert (answer.place.pose.position.x, answer.place.pose.position.y) == (3.0, -4.5)
    cited = answer.citations[0].memory
    assert cited.timestamp == Time(sec=1_700_000_000, nanosec=500_000_000)
    assert answer.route and answer.trace_id and answer.seconds > 0


def test_the_topic_commits_accepts_and_publishes_each_memory(active: MemoryProcess) -> None:
    ids = [f"topic-{uuid.uuid4()}" for _ in range(100)]
    for number, memory_id in enumerate(ids):
        active.publish(f"crate number {number} stands in aisle {number % 7}", id=memory_id)
    wait_for(lambda: {str(accepted.data) for accepted in active.accepted} >= set(ids), "all are accepted")
    wait_for(lambda: {memory.id for memory in active.memories} >= set(ids), "all are published")
    kept = active.call("get_memory", srv.GetMemory.Request(id=ids[42]))
    assert (kept.code, kept.memory.raw_text) == (ResultCode.OK, "crate number 42 stands in aisle 0")


def test_a_bad_observation_on_the_topic_is_said_once_and_counted(active: MemoryProcess) -> None:
    active.publish("   ")
    active.publish("this one is good", id="after-the-bad-one")
    wait_for(lambda: "after-the-bad-one" in {accepted.data for accepted in active.accepted}, "the good one is accepted")
    assert active.log().count("an observation on the topic was not kept") == 1
    assert "text = '   ': is empty" in active.log()

    def refused() -> int:
        return max(
            (
                int(value.value)
                for status in active.diagnostics
                for value in status.values
                if value.key == "observations_refused"
            ),
            default=0,
        )

    wait_for(lambda: refused() == 1, "the diagnostics count it")


def test_a_repeated_id_is_a_no_op_and_with_other_content_a_conflict(active: MemoryProcess) -> None:
    first = active.write("the charger is in the hall", id="same")
    again = active.write("the charger is in the hall", id="same")
    other = active.write("the charger is in the kitchen", id="same")
    assert (first.code, again.code, other.code) == (ResultCode.OK, ResultCode.OK, ResultCode.ID_CONFLICT)
    assert first.id == again.id == "same"
    kept = active.call("get_memory", srv.GetMemory.Request(id="same"))
    assert kept.memory.raw_text == "the charger is in the hall"


def test_memories_are_corrected_and_forgotten(active: MemoryProcess) -> None:
    old = active.write("the ladder is green", wait=True, tags=["object:ladder"])
    new = active.call("correct", srv.Correct.Request(id=old.id, text="the ladder is blue"))
    assert (new.code, new.memory.supersedes, new.memory.written_by) == (ResultCode.OK, old.id, "person"), new.message
    assert list(new.memory.tags) == ["object:ladder"]
    superseded = active.call("get_memory", srv.GetMemory.Request(id=old.id)).memory
    assert superseded.status == msg.Memory.SUPERSEDED

    tagged = msg.Filter(tags=["object:ladder"])
    would_go = active.call("forget", srv.Forget.Request(has_filter=True, filter=tagged, dry_run=True))
    assert sorted(would_go.ids) == sorted([new.memory.id, old.id])
    assert active.call("get_memory", srv.GetMemory.Request(id=new.memory.id)).code == ResultCode.OK
    gone = active.call("forget", srv.Forget.Request(ids=[new.memory.id]))
    assert sorted(gone.ids) == sorted([new.memory.id, old.id])
    assert active.call("get_memory", srv.GetMemory.Request(id=old.id)).code == ResultCode.NOT_FOUND


def test_an_answer_is_rated(active: MemoryProcess) -> None:
    active.write("the stepladder leans on the boiler", wait=True)
    answer = active.recall("where is the stepladder?")
    for right in (True, False):
        rated = active.call("rate", srv.Rate.Request(trace_id=answer.trace_id, right=right))
        assert (rated.code, rated.message.endswith("right" if right else "wrong")) == (ResultCode.OK, True)


def test_forgetting_names_the_adapters_that_were_trained_on_it(active: MemoryProcess) -> None:
    written = active.write("the guest in room nine is called Ada", wait=True)
    folder = active.data_dir / "adapters/writing/robot/1"
    folder.mkdir(parents=True)
    card = AdapterCard(
        task="writing", scope="robot", scope_name="robot", base_model="some-model", base_sha256="0" * 64, rank=1,
        alpha=1, targets=("q_proj",), template_sha256="0" * 64, data={}, memories=(memory_sha256(written.id),),
        settings={}, files={}, created=0.0,
    )  # fmt: skip
    (folder / CARD).write_text(card.model_dump_json())
    would_go = active.call("forget", srv.Forget.Request(ids=[written.id], dry_run=True))
    assert Registry(active.data_dir / "adapters").get("writing/robot/1").problem is None
    gone = active.call("forget", srv.Forget.Request(ids=[written.id]))
    assert list(would_go.adapters) == list(gone.adapters) == ["writing/robot/1"]
    assert "serve no more" in gone.message
    assert "forgotten" in (Registry(active.data_dir / "adapters").get("writing/robot/1").problem or "")


def test_missions_are_isolated(active: MemoryProcess) -> None:
    mission = active.call("start_mission", srv.StartMission.Request(mission_id="inspection / 7"))
    assert (mission.code, mission.mission_id) == (ResultCode.OK, "inspection / 7"), mission.message
    inside = active.write("a blue trolley blocks gate nine", wait=True)
    assert inside.memory.mission_id == "inspection / 7"
    assert active.call("end_mission", srv.EndMission.Request()).mission_id == "inspection / 7"
    active.write("a blue trolley blocks gate two", wait=True, mission_id="another one")

    answer = active.recall("where is the blue trolley?", filter=msg.Filter(missions=["inspection / 7"]))
    assert {citation.memory.mission_id for citation in answer.citations} == {"inspection / 7"}
    elsewhere = active.recall("where is the blue trolley?", filter=msg.Filter(missions=["no such mission"]))
    assert elsewhere.abstained and not elsewhere.citations


def test_nothing_known_is_said_so(active: MemoryProcess) -> None:
    answer = active.recall("who repaired the submarine?")
    assert (answer.code, answer.abstained, len(answer.citations)) == (ResultCode.OK, True, 0)


def test_a_place_to_drive_to_is_a_goal_for_nav2_or_refused_with_a_reason(active: MemoryProcess) -> None:
    there = pose_at(6.0, -7.5, w=0.0)
    there.pose.orientation.z = 1.0
    active.write("a stepladder leans on the wall of the boiler room", wait=True, has_pose=True, pose=there)
    active.write("a snow shovel hangs in the garage", wait=True, has_pose=True, pose=pose_at(1.0, 1.0, "odom"))

    answer = active.recall("where is the stepladder?")
    assert answer.has_best_pose and not answer.best_pose_refused
    assert (answer.best_pose.header.frame_id, answer.best_pose.header.stamp) == ("map", Time())
    assert answer.best_pose.pose.position == there.pose.position
    assert abs(answer.best_pose.pose.orientation.z) == pytest.approx(1.0)
    assert answer.place.header.stamp != Time()

    shovel = active.recall("where is the snow shovel?")
    assert shovel.has_place and not shovel.has_best_pose and "odom" in shovel.best_pose_refused
    assert "supports" in active.recall("where is the submarine?").best_pose_refused


def test_its_own_answers_are_refused_on_the_service_and_the_topic(active: MemoryProcess) -> None:
    active.write("the wheelbarrow stands behind the greenhouse", wait=True)
    answer = active.recall("where is the wheelbarrow?").answer
    assert active.write(answer).code == ResultCode.OWN_ANSWER
    assert active.write("the wheelbarrow is red", source="agent").code == ResultCode.OWN_ANSWER
    active.publish(answer, id="eaten")
    active.publish("the wheelbarrow stands behind the greenhouse", id="seen again")
    wait_for(lambda: "seen again" in {accepted.data for accepted in active.accepted}, "the repeated one is accepted")
    assert "eaten" not in {accepted.data for accepted in active.accepted}
    assert "an answer is no observation" in active.log()


MALFORMED_OBSERVATIONS: list[tuple[dict[str, Any], str]] = [
    ({"text": ""}, "text"),
    ({"text": " \n "}, "text"),
    ({"text": "a\x07b"}, "text"),
    ({"text": "x" * 50_000}, "max_text"),
    ({"id": "x" * 201}, "id"),
    ({"id": "line\nbreak"}, "id"),
    ({"tags": ["Fire Extinguisher"]}, "tags"),
    ({"tags": ["planet:mars"]}, "tags"),
    ({"tags": [f"object:thing_{number}" for number in range(33)]}, "tags"),
    ({"confidence": nan}, "confidence"),
    ({"confidence": 1.5}, "confidence"),
    ({"source": ""}, "source"),
    ({"has_pose": True, "pose": pose_at(nan, 0.0)}, "x"),
    ({"has_pose": True, "pose": pose_at(1e9, 0.0)}, "x"),
    ({"has_pose": True, "pose": pose_at(0.0, 0.0, w=0.0)}, "quaternion"),
    ({"has_pose": True, "pose": pose_at(0.0, 0.0, w=nan)}, "quaternion"),
    ({"has_pose": True, "pose": pose_at(0.0, 0.0, frame="")}, "frame_id"),
    ({"has_object_pose": True, "object_pose": pose_at(0.0, 0.0, frame="/map")}, "frame_id"),
    ({"has_timestamp": True, "timestamp": Time(sec=0)}, "min_time"),
    ({"has_timestamp": True, "timestamp": Time(sec=2**31 - 1)}, "max_future"),
    ({"has_timestamp": True, "timestamp": Time(sec=1_700_000_000, nanosec=4_000_000_000)}, "nanosec"),
    ({"has_end_time": True, "end_time": Time(sec=1_700_000_000)}, "end_time"),
    (
        {
            "has_timestamp": True,
            "timestamp": Time(sec=1_700_000_001),
            "has_end_time": True,
            "end_time": Time(sec=1_700_000_000),
        },
        "end_time",
    ),
    ({"mission_id": "x" * 201}, "mission_id"),
]


@pytest.mark.parametrize(("fields", "named"), MALFORMED_OBSERVATIONS)
def test_a_malformed_observation_is_refused_with_a_sentence(
    active: MemoryProcess, fields: dict[str, Any], named: str
) -> None:
    given = {"text": "a stool", "id": f"malformed-{uuid.uuid4()}", **fields}
    refused = active.call("write", srv.Write.Request(observation=msg.Observation(**given)))
    assert refused.code == ResultCode.INVALID
    assert named in refused.message and "Traceback" not in refused.message
    assert active.call("get_memory", srv.GetMemory.Request(id=given["id"])).code == ResultCode.NOT_FOUND


MALFORMED_QUESTIONS: list[tuple[dict[str, Any], str]] = [
    ({"question": ""}, "text"),
    ({"question": "where is the cup? " * 2_500}, "max_question"),
    ({"k": 0}, "k"),
    ({"k": 1_000_000_000}, "k"),
    ({"deadline": nan}, "deadline"),
    ({"deadline": -1.0}, "deadline"),
    ({"deadline": 1e9}, "deadline"),
    ({"has_pose": True, "pose": pose_at(0.0, nan)}, "y"),
    ({"has_asked_at": True, "asked_at": Time(nanosec=2_000_000_000)}, "asked_at"),
    (
        {"filter": msg.Filter(has_since=True, since=Time(sec=2), has_until=True, until=Time(sec=1))},
        "since",
    ),
    ({"filter": msg.Filter(has_near=True, near=pose_at(0.0, 0.0), radius=-1.0)}, "radius"),
    ({"filter": msg.Filter(has_near=True, near=pose_at(0.0, 0.0), radius=nan)}, "radius"),
    ({"filter": msg.Filter(events=["explosion"])}, "events"),
    ({"filter": msg.Filter(statuses=["gone"])}, "statuses"),
    ({"filter": msg.Filter(tags=["no tag"])}, "tags"),
]


@pytest.mark.parametrize(("fields", "named"), MALFORMED_QUESTIONS)
def test_a_malformed_question_is_refused_with_a_sentence(
    active: MemoryProcess, fields: dict[str, Any], named: str
) -> None:
    refused = active.call("recall", srv.Recall.Request(**{"question": "where is the cup?", **fields}))
    assert refused.code == ResultCode.INVALID
    assert named in refused.message and "Traceback" not in refused.message


MALFORMED_CARE: list[tuple[str, Any, int]] = [
    ("get_memory", srv.GetMemory.Request(), ResultCode.NOT_FOUND),
    ("forget", srv.Forget.Request(), ResultCode.INVALID),
    ("forget", srv.Forget.Request(ids=["nobody"]), ResultCode.NOT_FOUND),
    ("correct", srv.Correct.Request(id="nobody", text="x"), ResultCode.NOT_FOUND),
    ("rate", srv.Rate.Request(trace_id="nothing"), ResultCode.NOT_FOUND),
    ("start_mission", srv.StartMission.Request(mission_id="x" * 201), ResultCode.INVALID),
    ("start_mission", srv.StartMission.Request(mission_id="bell\x07"), ResultCode.INVALID),
    ("end_mission", srv.EndMission.Request(mission_id="nobody"), ResultCode.NOT_FOUND),
]


@pytest.mark.parametrize(("service", "request_", "code"), MALFORMED_CARE)
def test_what_is_not_there_or_not_said_is_refused(
    active: MemoryProcess, service: str, request_: Any, code: int
) -> None:
    refused = active.call(service, request_)
    assert (refused.code, bool(refused.message)) == (code, True), refused.message


def test_malformed_corrections_change_nothing(active: MemoryProcess) -> None:
    kept = active.write("the mop is in the closet", wait=True)
    for request in (
        srv.Correct.Request(id=kept.id, event="explosion"),
        srv.Correct.Request(id=kept.id, text="\x07"),
        srv.Correct.Request(id=kept.id, has_tags=True, tags=["no tag"]),
    ):
        assert active.call("correct", request).code == ResultCode.INVALID
    assert active.call("get_memory", srv.GetMemory.Request(id=kept.id)).memory == kept.memory


def test_recalls_beyond_the_limit_are_busy_at_once_and_writes_go_on(active: MemoryProcess) -> None:
    for number in range(30):
        active.write(f"pallet {number} is at bay {number}")

    def burst() -> set[int]:
        waiting = [active.begin("recall", srv.Recall.Request(question="how many pallets were seen?")) for _ in range(8)]
        assert active.write("written while recalls are under way").code == ResultCode.OK
        return {response().code for response in waiting}

    wait_for(lambda: burst() == {ResultCode.OK, ResultCode.BUSY}, "some of eight recalls are refused")
    assert active.recall("where is pallet 3?").code == ResultCode.OK


def test_every_published_message_is_latched_or_live_as_documented(active: MemoryProcess, client: Node) -> None:
    active.write("a yellow cone", wait=True, has_pose=True, pose=pose_at(1.0, 2.0), tags=["object:yellow_cone"])
    status: list[msg.Status] = []
    arrays: list[MarkerArray] = []
    client.create_subscription(msg.Status, active.name("status"), status.append, LATCHED)
    client.create_subscription(MarkerArray, active.name("markers"), arrays.append, LATCHED)
    wait_for(lambda: status and status[-1].ready, "the status comes to who listens late")
    wait_for(
        lambda: any(marker.text == "yellow cone" for array in arrays for marker in array.markers),
        "the markers come to who listens late",
    )
    wait_for(lambda: active.diagnostics and active.diagnostics[-1].level == b"\x00", "the diagnostics are OK")


def test_the_interfaces_are_those_that_are_documented(active: MemoryProcess, client: Node) -> None:
    documented = (Path(__file__).parents[2] / "docs" / "interfaces.md").read_text(encoding="utf-8")
    name, namespace = active.name("").strip("/").rpartition("/")[2], active.namespace
    wait_for(
        lambda: (name, namespace) in client.get_node_names_and_namespaces(), "the node is in the graph", active.log
    )
    topics = client.get_publisher_names_and_types_by_node(name, namespace)
    topics += client.get_subscriber_names_and_types_by_node(name, namespace)
    services = client.get_service_names_and_types_by_node(name, namespace)
    ours = {
        full.removeprefix(active.name(""))
        for full, types in [*topics, *services]
        if full.startswith(active.name("")) and any("shadowhound" in kind or "visual" in kind for kind in types)
    }
    named = {offered for offered in ours if "_action" not in offered}
    assert len(named) >= 11
    assert all(f"| `~/{offered}` |" in documented for offered in named)
