"""Where the robot stood at a given time: a buffer of recent poses, interpolated. No ROS types in here."""

from bisect import bisect_left, insort
from dataclasses import dataclass
from math import atan2, hypot, isfinite, pi, remainder
from threading import Lock

from shadowhound_memory.record import Pose

SPAN = 60.0
"""Seconds of poses that are kept."""


@dataclass(frozen=True)
class PoseSample:
    """A pose at a time. `stamp` in seconds; `variance` in m² is the larger one of x and y, 0 when not stated."""

    stamp: float
    pose: Pose
    variance: float = 0.0


class PoseBuffer:
    """The poses of the last 60 s, asked for by time. Every call may come from any thread."""

    def __init__(self, max_age: float, max_covariance: float) -> None:
        """`max_age`: seconds between the asked time and the nearest pose; `max_covariance`: m² of x or y variance."""
        self._max_age = max_age
        self._max_covariance = max_covariance
        self._samples: list[PoseSample] = []
        self._lock = Lock()

    def add(self, sample: PoseSample) -> None:
        """Keep a pose. One older than the buffer's span means that time jumped back, as in simulators: start anew."""
        with self._lock:
            if self._samples and sample.stamp < self._samples[-1].stamp - SPAN:
                self._samples.clear()
            insort(self._samples, sample, key=lambda kept: kept.stamp)
            oldest = self._samples[-1].stamp - SPAN
            del self._samples[: bisect_left(self._samples, oldest, key=lambda kept: kept.stamp)]

    def clear(self) -> None:
        """Know no pose any more."""
        with self._lock:
            self._samples.clear()

    def at(self, stamp: float) -> Pose | None:
        """The pose at `stamp`, interpolated between two trusted neighbours or the trusted one; None without one."""
        with self._lock:
            index = bisect_left(self._samples, stamp, key=lambda kept: kept.stamp)
            neighbours = self._samples[max(index - 1, 0) : index + 1]
        trusted = [sample for sample in neighbours if self._is_trusted(sample, stamp)]
        if not trusted:
            return None
        first, last = trusted[0], trusted[-1]
        if first.pose.frame_id != last.pose.frame_id or not first.stamp < stamp < last.stamp:
            return min(trusted, key=lambda sample: abs(sample.stamp - stamp)).pose
        return interpolate(first.pose, last.pose, (stamp - first.stamp) / (last.stamp - first.stamp))

    def _is_trusted(self, sample: PoseSample, stamp: float) -> bool:
        return abs(sample.stamp - stamp) <= self._max_age and 0 <= sample.variance <= self._max_covariance


def interpolate(first: Pose, last: Pose, share: float) -> Pose:
    """The pose at `share` (0..1) of the way between two poses of one frame; yaw takes the shorter arc."""
    turn = remainder(last.yaw - first.yaw, 2 * pi)
    return Pose(
        x=first.x + share * (last.x - first.x),
        y=first.y + share * (last.y - first.y),
        z=first.z + share * (last.z - first.z),
        yaw=remainder(first.yaw + share * turn, 2 * pi),
        frame_id=first.frame_id,
    )


def yaw_of(x: float, y: float, z: float, w: float) -> float:
    """The yaw (radians) of a quaternion, which need not be normalised. Raises ValueError when it states no rotation."""
    norm = hypot(x, y, z, w)
    if not isfinite(norm) or norm < 1e-6:
        raise ValueError(f"the quaternion x={x} y={y} z={z} w={w} is no rotation; w=1 with zeros means: not turned")
    x, y, z, w = x / norm, y / norm, z / norm, w / norm
    return atan2(2 * (w * z + x * y), 1 - 2 * (y * y + z * z))
