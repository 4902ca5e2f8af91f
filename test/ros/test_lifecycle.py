"""The node's life: parameters, transitions, signals, crashes."""

import signal
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from builtin_interfaces.msg import Time
from geometry_msgs.msg import PoseStamped
from memory_process import MemoryProcess, wait_for
from nav_msgs.msg import Odometry
from rcl_interfaces.srv import DescribeParameters, GetParameters
from rclpy.node import Node
from rosgraph_msgs.msg import Clock

from shadowhound_memory.manager import MemoryManager
from shadowhound_memory.settings import Settings
from shadowhound_memory_msgs import msg, srv
from shadowhound_memory_msgs.msg import ResultCode

Start = Callable[..., MemoryProcess]

EVERY_CALL: list[tuple[str, Any]] = [
    ("write", srv.Write.Request()),
    ("recall", srv.Recall.Request(question="where is the cup?")),
    ("get_memory", srv.GetMemory.Request(id="a")),
    ("forget", srv.Forget.Request(ids=["a"])),
    ("correct", srv.Correct.Request(id="a")),
    ("rate", srv.Rate.Request(trace_id="a")),
    ("start_mission", srv.StartMission.Request()),
    ("end_mission", srv.EndMission.Request()),
    ("list_adapters", srv.ListAdapters.Request()),
    ("load_adapter", srv.LoadAdapter.Request(name="writing/fleet/1")),
    ("unload_adapter", srv.UnloadAdapter.Request(name="writing/fleet/1")),
    ("skill_call", srv.SkillCall.Request(request="go home", tool="{}")),
]


def everywhere(node: MemoryProcess, code: int) -> None:
    for service, request in EVERY_CALL:
        response = node.call(service, request)
        assert (response.code, bool(response.message)) == (code, True), service


def test_only_the_active_node_answers_and_it_can_go_through_its_states_again(start: Start) -> None:
    node = start()
    assert node.state == "unconfigured"
    everywhere(node, ResultCode.NOT_ACTIVE)
    assert node.transition("configure")
    everywhere(node, ResultCode.NOT_ACTIVE)
    assert node.transition("activate")
    kept = node.write("the drill is on the bench", wait=True)
    assert kept.code == ResultCode.OK
    assert node.transition("deactivate")
    everywhere(node, ResultCode.NOT_ACTIVE)
    assert node.transition("cleanup", "configure", "activate")
    assert kept.id in {citation.memory.id for citation in node.recall("where is the drill?").citations}
    assert node.transition("shutdown")
    assert node.state == "finalized"
    assert node.stop() == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_node_with_nothing_lost(start: Start, number: int) -> None:
    node = start().activated()
    ids = [node.write(f"bolt {bolt} lies in tray {bolt}").id for bolt in range(20)]
    assert node.stop(number) == 0, node.log()
    assert "Traceback" not in node.log()
    again = start().activated()
    for memory_id in ids:
        assert again.call("get_memory", srv.GetMemory.Request(id=memory_id)).code == ResultCode.OK


@pytest.mark.parametrize("transitions", [(), ("configure",)])
def test_a_signal_ends_the_node_in_every_state(start: Start, transitions: tuple[str, ...]) -> None:
    node = start()
    assert node.transition(*transitions)
    assert node.state
    assert node.stop(signal.SIGTERM) == 0, node.log()


def test_what_was_acknowledged_survives_a_kill(start: Start) -> None:
    node = start().activated()
    acknowledged = [node.write(f"valve {number} is shut").id for number in range(20)]
    for number in range(100):
        node.publish(f"pump {number} runs")
    wait_for(lambda: node.accepted, "the first of the topic is accepted")
    acknowledged += [accepted.data for accepted in list(node.accepted)]
    assert node.stop(signal.SIGKILL) == -signal.SIGKILL

    again = start().activated()
    for memory_id in acknowledged:
        assert again.call("get_memory", srv.GetMemory.Request(id=memory_id)).code == ResultCode.OK
    assert not again.recall("is valve 7 shut?").abstained


def test_a_locked_directory_is_said_with_its_owner(start: Start) -> None:
    first = start().activated()
    second = start()
    assert not second.transition("configure")
    assert second.state == "unconfigured"
    assert str(first.process.pid) in second.log() and "Traceback" not in second.log()
    wait_for(
        lambda: any(
            status.level == b"\x02" and str(first.process.pid) in status.message for status in second.diagnostics
        ),
        "the diagnostics say it",
    )
    assert first.stop() == 0
    assert second.transition("configure", "activate")
    wait_for(lambda: second.status and second.status[-1].ready, "the status says so")


def test_a_directory_that_cannot_be_made_is_said(start: Start, tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file stands here")
    node = start()
    assert not node.transition("configure")
    assert str(tmp_path / "data") in node.log() and "Traceback" not in node.log()
    assert node.stop() == 0


def test_skip_refuses_politely_and_stores_nothing(start: Start) -> None:
    node = start(memory_backend="skip").activated()
    everywhere(node, ResultCode.SKIPPED)
    node.publish("nothing will be kept of this")
    wait_for(lambda: "memory_backend is 'skip'" in node.log(), "the log says so")
    wait_for(lambda: node.status and "skip" in node.status[-1].message, "the status says so")
    assert node.stop() == 0
    assert not node.data_dir.exists()


def test_parameters_are_those_of_the_settings(start: Start) -> None:
    node = start(model="none")
    names = [name for name in Settings.model_fields if name not in ("simulated", "data_dir", "model")]
    values = node.call("get_parameters", GetParameters.Request(names=names)).values
    read = {2: "integer_value", 3: "double_value", 4: "string_value"}
    defaults = Settings().model_dump()
    assert {name: getattr(value, read[value.type]) for name, value in zip(names, values, strict=True)} == {
        name: defaults[name] for name in names
    }
    described = node.call("describe_parameters", DescribeParameters.Request(names=["k", "min_score", "quantize"]))
    k, min_score, quantize = described.descriptors
    assert (k.integer_range[0].from_value, k.integer_range[0].to_value) == (1, 200)
    assert (min_score.floating_point_range[0].from_value, min_score.floating_point_range[0].to_value) == (0.0, 1.0)
    assert quantize.additional_constraints == "one of none, nf4"
    assert all(descriptor.description for descriptor in described.descriptors)


def test_wrong_parameters_are_rejected_with_a_reason_and_good_ones_need_a_clean_node(start: Start) -> None:
    node = start()
    for name, value, reason in (
        ("memory_backend", "cloud", "'openai', 'local' or 'skip'"),
        ("timezone", "Mars/Olympus", "Europe/Berlin"),
        ("k", 0, "range"),
        ("k", 10**9, "range"),
        ("k", "many", "type"),
        ("recall_deadline", 0.0, "greater than 0"),
        ("map_frame", "/map", "pattern"),
        ("robot_id", "", "at least 1"),
    ):
        result = node.set(name, value)
        assert not result.successful and reason in result.reason, result.reason
    assert node.set("k", 5).successful
    assert node.transition("configure")
    refused = node.set("k", 6)
    assert not refused.successful and "clean it up first" in refused.reason
    assert not node.set("use_sim_time", True).successful
    assert node.transition("cleanup")
    assert node.set("k", 6).successful


@pytest.mark.parametrize(
    ("name", "value"), [("memory_backend", "cloud"), ("k", 0), ("k", "many"), ("timezone", "Mars")]
)
def test_a_wrong_parameter_at_start_ends_the_node_with_a_sentence(start: Start, name: str, value: Any) -> None:
    node = start(**{name: value})
    assert node.process.wait(60) == 1
    assert name in node.log() and "Traceback" not in node.log()


def test_an_unknown_parameter_at_start_is_warned_of_with_the_nearest_name(start: Start) -> None:
    node = start(write_bach=4)
    assert node.state == "unconfigured"
    assert "no parameter 'write_bach', it has no effect; did you mean write_batch?" in node.log()
    assert "'use_sim_time'" not in node.log()


def test_an_observation_without_a_pose_gets_the_one_at_its_stamp(start: Start, client: Node) -> None:
    node = start(pose_topic="odom", pose_max_covariance=0.5).activated()
    odometry = client.create_publisher(Odometry, f"{node.namespace}/odom", 10)
    wait_for(lambda: odometry.get_subscription_count() == 1, "the node listens to poses")

    def odometry_at(sec: int, x: float, variance: float = 0.1) -> Odometry:
        message = Odometry()
        message.header.frame_id, message.header.stamp.sec = "odom", sec
        message.pose.pose.position.x = x
        message.pose.covariance[0] = variance
        return message

    def written(sec: int, nanosec: int) -> srv.Write.Response:
        stamp = Time(sec=sec, nanosec=nanosec)
        return node.write("a wet floor", id=str(uuid.uuid4()), has_timestamp=True, timestamp=stamp)

    start_time = 1_700_000_000

    def told() -> bool:
        for offset, x, variance in ((0, 0.0, 0.1), (1, 2.0, 0.1), (10, 9.0, 0.6)):
            odometry.publish(odometry_at(start_time + offset, x, variance))
        return bool(written(start_time + 1, 0).memory.has_pose)

    wait_for(told, "poses have come")
    between = written(start_time, 500_000_000).memory
    assert (between.has_pose, between.pose.header.frame_id, between.pose.pose.position.x) == (True, "odom", 1.0)
    assert not written(start_time + 5, 0).memory.has_pose
    assert not written(start_time + 10, 0).memory.has_pose
    elsewhere = node.write("a wet floor", has_timestamp=True, timestamp=Time(sec=start_time), robot_id="another robot")
    assert not elsewhere.memory.has_pose
    brought = PoseStamped()
    brought.header.frame_id, brought.pose.position.x = "map", 7.0
    stamp = Time(sec=start_time)
    own = node.write("a wet floor", has_timestamp=True, timestamp=stamp, has_pose=True, pose=brought)
    assert (own.memory.pose.header.frame_id, own.memory.pose.pose.position.x) == ("map", 7.0)


def test_simulated_time_stamps_and_marks_the_store(start: Start, client: Node) -> None:
    node = start(use_sim_time="true").activated()
    clock = client.create_publisher(Clock, "/clock", 1)

    def ticked() -> bool:
        clock.publish(Clock(clock=Time(sec=42)))
        return bool(node.write("the gate opens").memory.timestamp.sec == 42)

    wait_for(ticked, "the simulator's clock arrives")
    assert node.write("the gate shuts", has_timestamp=True, timestamp=Time(sec=0)).code == ResultCode.OK
    assert node.stop() == 0
    real = start()
    assert not real.transition("configure")
    assert "simulated" in real.log()


def test_a_pose_from_before_time_jumped_back_is_not_used(start: Start, client: Node) -> None:
    node = start(use_sim_time="true", pose_topic="odom").activated()
    odometry = client.create_publisher(Odometry, f"{node.namespace}/odom", 10)
    clock = client.create_publisher(Clock, "/clock", 1)
    message = Odometry()
    message.header.frame_id, message.header.stamp.sec = "odom", 40

    def written_at(sec: int) -> msg.Memory:
        clock.publish(Clock(clock=Time(sec=sec)))
        return node.write("the gate opens").memory

    def told() -> bool:
        odometry.publish(message)
        return bool(written_at(40).has_pose)

    wait_for(told, "poses have come")
    wait_for(lambda: written_at(30).timestamp.sec == 30, "time has jumped back")
    wait_for(lambda: (memory := written_at(40)).timestamp.sec == 40 and not memory.has_pose, "the pose is gone")


def test_another_program_reads_beside_the_node(start: Start) -> None:
    node = start().activated()
    written = node.write("the spare key hangs in the office", wait=True)
    with MemoryManager.open(Settings(data_dir=str(node.data_dir), model="none"), read_only=True) as beside:
        assert beside.get(written.id).raw_text == "the spare key hangs in the office"
