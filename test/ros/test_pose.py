"""The pose at a time: trusted, interpolated, else unknown."""

from math import cos, isclose, nan, pi, remainder, sin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shadowhound_memory.record import Pose
from shadowhound_memory.ros.pose import SPAN, PoseBuffer, PoseSample, interpolate, yaw_of

metres = st.floats(-1e4, 1e4)
angles = st.floats(-pi, pi)
poses = st.builds(Pose, x=metres, y=metres, yaw=angles)
stamps = st.floats(0, 2e9)


def buffer_with(*samples: PoseSample, max_age: float = 1.0, max_covariance: float = 1.0) -> PoseBuffer:
    buffer = PoseBuffer(max_age, max_covariance)
    for sample in samples:
        buffer.add(sample)
    return buffer


def turned(first: float, last: float) -> float:
    """The shorter way from one angle to another."""
    return abs(remainder(last - first, 2 * pi))


@given(poses, poses, st.floats(0, 1))
def test_an_interpolated_pose_lies_between_and_turns_the_shorter_way(first: Pose, last: Pose, share: float) -> None:
    between = interpolate(first, last, share)
    assert min(first.x, last.x) - 1e-6 <= between.x <= max(first.x, last.x) + 1e-6
    assert min(first.y, last.y) - 1e-6 <= between.y <= max(first.y, last.y) + 1e-6
    whole = turned(first.yaw, last.yaw)
    assert isclose(turned(first.yaw, between.yaw), share * whole, abs_tol=1e-6)
    assert isclose(turned(between.yaw, last.yaw), (1 - share) * whole, abs_tol=1e-6)


@given(st.lists(st.tuples(st.floats(0, 200), poses), min_size=1, max_size=30), st.floats(-10, 210))
def test_an_answer_is_near_in_time_whatever_the_order_of_arrival(
    given_: list[tuple[float, Pose]], asked: float
) -> None:
    buffer = buffer_with(*(PoseSample(stamp, pose) for stamp, pose in given_))
    near = [pose for stamp, pose in given_ if abs(stamp - asked) <= 1.0]
    found = buffer.at(asked)
    if not near:
        assert found is None
    elif found is not None:
        assert min(pose.x for pose in near) - 1e-6 <= found.x <= max(pose.x for pose in near) + 1e-6


def test_halfway_between_two_poses_across_the_turn_of_the_angle() -> None:
    buffer = buffer_with(PoseSample(10.0, Pose(x=0, y=0, yaw=pi - 0.1)), PoseSample(11.0, Pose(x=2, y=4, yaw=0.1 - pi)))
    found = buffer.at(10.5)
    assert found is not None
    assert (found.x, found.y) == (1.0, 2.0)
    assert isclose(abs(found.yaw), pi)


def test_a_pose_older_than_allowed_is_unknown() -> None:
    buffer = buffer_with(PoseSample(10.0, Pose(x=1, y=1)), max_age=0.5)
    assert buffer.at(10.5) == Pose(x=1, y=1)
    assert buffer.at(10.6) is None
    assert buffer.at(9.4) is None


def test_a_gap_is_not_interpolated() -> None:
    buffer = buffer_with(PoseSample(10.0, Pose(x=0, y=0)), PoseSample(40.0, Pose(x=30, y=0)))
    assert buffer.at(10.9) == Pose(x=0, y=0)
    assert buffer.at(25.0) is None


@pytest.mark.parametrize("variance", [1.1, nan, -1.0])
def test_a_pose_too_uncertain_is_unknown(variance: float) -> None:
    assert buffer_with(PoseSample(10.0, Pose(x=1, y=1), variance)).at(10.0) is None


def test_poses_of_two_frames_are_not_mixed() -> None:
    buffer = buffer_with(
        PoseSample(10.0, Pose(x=0, y=0, frame_id="map")), PoseSample(11.0, Pose(x=8, y=0, frame_id="odom"))
    )
    assert buffer.at(10.9) == Pose(x=8, y=0, frame_id="odom")


def test_poses_of_the_last_minute_are_kept() -> None:
    buffer = buffer_with(*(PoseSample(float(second), Pose(x=second, y=0)) for second in range(100)), max_age=0.1)
    assert buffer.at(99 - SPAN) == Pose(x=99 - SPAN, y=0)
    assert buffer.at(98 - SPAN) is None


def test_a_jump_back_of_time_starts_anew() -> None:
    buffer = buffer_with(PoseSample(1000.0, Pose(x=1, y=0)), PoseSample(0.0, Pose(x=2, y=0)))
    assert buffer.at(0.0) == Pose(x=2, y=0)
    assert buffer.at(1000.0) is None


@given(angles, st.floats(0.1, 10))
def test_the_yaw_of_a_quaternion_of_any_length(yaw: float, length: float) -> None:
    found = yaw_of(0, 0, length * sin(yaw / 2), length * cos(yaw / 2))
    assert turned(found, yaw) < 1e-6


@pytest.mark.parametrize("quaternion", [(0, 0, 0, 0), (0, 0, 0, nan), (0, 0, 0, float("inf"))])
def test_a_quaternion_that_is_no_rotation_is_refused(quaternion: tuple[float, float, float, float]) -> None:
    with pytest.raises(ValueError, match="is no rotation"):
        yaw_of(*quaternion)
