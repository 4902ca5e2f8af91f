"""How the memory is doing, for people and programs: ~/status (latched), ~/markers (latched) and /diagnostics."""

from collections.abc import Callable, Iterator
from typing import Any

from builtin_interfaces.msg import Time
from diagnostic_msgs.msg import DiagnosticArray, DiagnosticStatus, KeyValue
from rclpy.callback_groups import MutuallyExclusiveCallbackGroup
from rclpy.clock import Clock
from rclpy.clock_type import ClockType
from rclpy.qos import DurabilityPolicy, QoSProfile
from visualization_msgs.msg import MarkerArray

from shadowhound_memory.ros.access import Access
from shadowhound_memory.ros.markers import Markers
from shadowhound_memory_msgs.msg import Status

LATCHED = QoSProfile(depth=1, durability=DurabilityPolicy.TRANSIENT_LOCAL)
GOOD_STATES = ("", "none", "ready", "loading", "starting", "checking")
"""States of the model and the index that are no reason to warn."""


class Monitor:
    """Publishes once a second by the wall clock, so that it goes on while a simulator is paused."""

    def __init__(self, access: Access, markers: Markers, refused: Callable[[], int]) -> None:
        """`refused`: number of observations on the topic that were not kept."""
        node = access.node
        self._access = access
        self._markers = markers
        self._refused = refused
        self.failure = ""
        """Why the node could not be configured; empty when it could."""
        self._last: Status | None = None
        self._status = node.create_publisher(Status, "~/status", LATCHED)
        self._marker_array = node.create_lifecycle_publisher(MarkerArray, "~/markers", LATCHED)
        self._diagnostics = node.create_publisher(DiagnosticArray, "/diagnostics", 10)
        node.create_timer(
            1.0,
            self.publish,
            callback_group=MutuallyExclusiveCallbackGroup(),
            clock=Clock(clock_type=ClockType.STEADY_TIME),
        )

    def publish(self) -> None:
        """Publish the diagnostics, and the status and the markers if they changed."""
        try:
            with self._access.borrowed() as manager:
                stats = manager.stats() if manager else {}
            status = self._describe(stats.get("status", {}))
        except Exception as error:
            stats, status = {}, Status(message=f"the store cannot be asked: {error}")
        now = self._access.node.get_clock().now().to_msg()
        if status != self._last:
            self._last = status
            self._status.publish(_stamped(status, now))
        markers = self._markers.take() if self._access.state == "active" else None
        if markers:
            self._marker_array.publish(markers)
        array = DiagnosticArray(status=[self._diagnose(status, stats)])
        array.header.stamp = now
        self._diagnostics.publish(array)

    def _describe(self, current: dict[str, Any]) -> Status:
        status = Status(message=self.failure or f"{self._access.state}")
        if settings := self._access.settings:
            status.memory_backend, status.adapter_mode = settings.memory_backend, settings.adapter_mode
            if settings.memory_backend == "skip":
                status.message += ", but memory_backend is skip: nothing is kept or recalled"
        if current:
            status.ready = self._access.state == "active"
            status.model_state, status.index_state = current["model"], current["index"]
            status.mission_id = current["mission_id"] or ""
            status.memories, status.pending = current["memories"], current["pending"]
            status.unindexed = current["unembedded"]
            for part, state in (("model", status.model_state), ("index", status.index_state)):
                if state not in GOOD_STATES:
                    status.message += f"; {part}: {state}"
        return status

    def _diagnose(self, status: Status, stats: dict[str, Any]) -> DiagnosticStatus:
        level = DiagnosticStatus.OK
        if status.message != self._access.state:
            level = DiagnosticStatus.WARN if self._access.settings else DiagnosticStatus.ERROR
        values = {"observations_refused": self._refused(), **dict(_flat(stats))}
        return DiagnosticStatus(
            level=level,
            name=f"{self._access.node.get_fully_qualified_name()}: memory",
            message=status.message,
            hardware_id=self._access.settings.robot_id if self._access.settings else "",
            values=[KeyValue(key=key, value=str(value)) for key, value in values.items()],
        )


def _stamped(status: Status, now: Time) -> Status:
    fields = {name: getattr(status, name) for name in status.get_fields_and_field_types()}
    return Status(**fields | {"stamp": now})


def _flat(tree: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """The leaves of nested dictionaries with their paths, like `latency/write/p99_ms`."""
    for key, value in tree.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{key}/")
        else:
            yield prefix + key, value
