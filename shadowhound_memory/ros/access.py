"""The callbacks' way to the memory: only while the node is active, never while it is being closed."""

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore, Condition, Event
from typing import Any

from rclpy.lifecycle import LifecycleNode

from shadowhound_memory.errors import Code, ShadowhoundError
from shadowhound_memory.manager import MemoryManager
from shadowhound_memory.record import Memory, Pose
from shadowhound_memory.ros.pose_source import PoseSource
from shadowhound_memory.settings import Settings

MAX_WAITING = 32
"""Writes that may wait for their finished memory at once; each holds a thread."""


class Access:
    """Holds what exists from configuring to cleaning up. Every call may come from any thread."""

    def __init__(self, node: LifecycleNode) -> None:
        self.node = node
        self.settings: Settings | None = None
        """None while unconfigured."""
        self.stopping = Event()
        """Set while the node is not active: what takes long gives up."""
        self.stopping.set()
        self._manager: MemoryManager | None = None
        self._poses: PoseSource | None = None
        self._waiting = BoundedSemaphore(MAX_WAITING)
        self._users = 0
        self._changed = Condition()

    @property
    def state(self) -> str:
        """The lifecycle state: unconfigured, inactive or active."""
        if self.settings is None:
            return "unconfigured"
        return "inactive" if self.stopping.is_set() else "active"

    def open(self, settings: Settings, manager: MemoryManager | None, poses: PoseSource | None) -> None:
        """Take over what was made while configuring; the backend skip has no manager."""
        self.settings, self._manager, self._poses = settings, manager, poses

    def activate(self) -> None:
        """Let callbacks in."""
        self.stopping.clear()

    def deactivate(self) -> None:
        """Let no more callbacks in and wait until those inside are through."""
        self.stopping.set()
        with self._changed:
            self._changed.wait_for(lambda: not self._users)

    def close(self) -> None:
        """Deactivate and free everything."""
        with self._changed:
            manager, self._manager = self._manager, None
            poses, self._poses = self._poses, None
            self.settings = None
        self.deactivate()
        if poses:
            poses.close()
        if manager:
            manager.close()

    @contextmanager
    def borrowed(self) -> Iterator[MemoryManager | None]:
        """The manager in any state, kept open meanwhile."""
        with self._changed:
            manager = self._manager
            self._users += 1
        try:
            yield manager
        finally:
            with self._changed:
                self._users -= 1
                self._changed.notify_all()

    @contextmanager
    def manager(self) -> Iterator[MemoryManager]:
        """The manager of the active node, kept open meanwhile. Raises ShadowhoundError NOT_ACTIVE or SKIPPED."""
        with self.borrowed() as manager:
            if self.stopping.is_set():
                name = self.node.get_name()
                raise ShadowhoundError(Code.NOT_ACTIVE, f"{name} is {self.state}; configure and activate it first")
            if manager is None:
                raise ShadowhoundError(
                    Code.SKIPPED, "memory_backend is 'skip': nothing is kept or recalled; set it to 'local' or 'openai'"
                )
            yield manager

    def finished(self, memory_id: str, timeout: float | None) -> Memory:
        """The memory once it is finished; deactivating does not wait for it. Raises TIMEOUT or BUSY."""
        with self.manager() as manager:
            seconds = manager.settings.write_timeout if timeout is None else timeout
        if not self._waiting.acquire(blocking=False):
            raise ShadowhoundError(Code.BUSY, f"kept, but not waited for: {MAX_WAITING} writes wait already")
        try:
            return manager.await_finished(memory_id, seconds)
        finally:
            self._waiting.release()

    def pose_at(self, time: float | None) -> Pose | None:
        """Where the robot stood at `time` (seconds; None: now), None where that is not known."""
        poses = self._poses
        return poses.at(self.now() if time is None else time) if poses else None

    def now(self) -> float:
        """Seconds by the node's clock, which is the simulator's under use_sim_time."""
        return float(self.node.get_clock().now().nanoseconds) * 1e-9


@contextmanager
def refusals(response: Any, node: LifecycleNode) -> Iterator[None]:
    """Write what is raised inside into `code` and `message` of a response or result. Nothing leaves it."""
    try:
        yield
    except ShadowhoundError as refused:
        response.code, response.message = int(refused.code), refused.sentence
    except Exception as error:
        node.get_logger().error(traceback.format_exc())
        response.code = int(Code.INTERNAL)
        response.message = f"{type(error).__name__}: {error}; this is a fault of the package, the node's log says more"
