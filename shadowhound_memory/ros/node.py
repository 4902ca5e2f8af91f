"""The lifecycle node: parameters, transitions and shutdown. The modules beside it say what it does with the memory."""

import sys
import traceback

import rclpy
from rclpy.callback_groups import MutuallyExclusiveCallbackGroup
from rclpy.exceptions import ParameterException
from rclpy.executors import ExternalShutdownException, MultiThreadedExecutor
from rclpy.lifecycle import LifecycleNode, LifecycleState, TransitionCallbackReturn
from rclpy.qos import QoSProfile

from shadowhound_memory.errors import ShadowhoundError
from shadowhound_memory.manager import MemoryManager
from shadowhound_memory.record import Memory
from shadowhound_memory.ros import conversions, parameters
from shadowhound_memory.ros.access import Access
from shadowhound_memory.ros.adapters import Adapters
from shadowhound_memory.ros.intake import DEPTH, Intake
from shadowhound_memory.ros.markers import SHOWN, Markers
from shadowhound_memory.ros.monitor import Monitor
from shadowhound_memory.ros.pose_source import PoseSource
from shadowhound_memory.ros.queries import Queries
from shadowhound_memory_msgs.msg import Memory as MemoryMessage

THREADS = 64
"""Threads that may be started: recalls (16 at most) and waiting writes (32) hold one each, all else is short."""


class MemoryNode(LifecycleNode):
    """A robot's memory on ROS 2.

    Lifecycle and parameters stand in the default callback group; the topic, the writes, the recalls, the care of single
    memories, adapters and skills each have a group of their own, so that none holds up another.
    """

    def __init__(self) -> None:
        super().__init__("shadowhound_memory")
        self._access = Access(self)
        self.add_on_set_parameters_callback(
            lambda changes: parameters.check(changes, self._access.settings is not None)
        )
        parameters.declare(self)
        self._markers = Markers()
        self._memories = self.create_lifecycle_publisher(MemoryMessage, "~/memories", QoSProfile(depth=DEPTH))
        self._intake = Intake(self._access, self._markers.add)
        self._queries = Queries(self._access, self._markers)
        self._adapters = Adapters(self._access)
        self._monitor = Monitor(self._access, self._markers, lambda: self._intake.refused)
        self._pose_group = MutuallyExclusiveCallbackGroup()

    def on_configure(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Open the memory; fail with a sentence in the log and the diagnostics when that cannot be done."""
        try:
            settings = parameters.settings_of(self)
            if settings.memory_backend == "skip":
                self._access.open(settings, None, None)
            else:
                manager = MemoryManager.open(settings, clock=self._access.now, on_memory=self._written)
                self._access.open(settings, manager, PoseSource(self, settings, self._pose_group))
                for memory in reversed(list(manager.memories(limit=SHOWN, order="latest"))):
                    self._markers.add(memory)
        except ShadowhoundError as refused:
            return self._fail(refused.sentence)
        except Exception as error:
            self.get_logger().error(traceback.format_exc())
            return self._fail(f"{type(error).__name__}: {error}")
        self._monitor.failure = ""
        return super().on_configure(state)

    def _fail(self, sentence: str) -> TransitionCallbackReturn:
        self.get_logger().error(f"not configured: {sentence}")
        self._monitor.failure = sentence
        self._access.close()
        return TransitionCallbackReturn.FAILURE

    def on_activate(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Take observations and answer questions."""
        self._access.activate()
        with self._access.borrowed() as manager:
            kept = (
                f"{manager.status().memories} memories in {manager.settings.directory}" if manager else "nothing kept"
            )
        self.get_logger().info(f"active: {kept}")
        return super().on_activate(state)

    def on_deactivate(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Refuse both; what is pending is still finished."""
        self._access.deactivate()
        return super().on_deactivate(state)

    def on_cleanup(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Close the memory."""
        self.close()
        return super().on_cleanup(state)

    def on_shutdown(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Close the memory."""
        self.close()
        return super().on_shutdown(state)

    def close(self) -> None:
        """Close the memory if it is open; what is pending is finished when it is next opened."""
        self._access.close()
        self._markers.clear()

    def _written(self, memory: Memory) -> None:
        self._markers.add(memory)
        if self.context.ok():
            self._memories.publish(conversions.memory_message(memory))


def main(args: list[str] | None = None) -> int:
    """Run the node until SIGINT or SIGTERM. Returns the exit code: 0, or 1 when a parameter given at start is wrong."""
    rclpy.init(args=args)
    try:
        node = MemoryNode()
    except ParameterException as error:
        print(f"shadowhound_memory: {error}", file=sys.stderr)
        rclpy.try_shutdown()
        return 1
    executor = MultiThreadedExecutor(num_threads=THREADS)
    executor.add_node(node)
    try:
        _spin(executor, node)
    finally:
        node.close()
        executor.shutdown()
        node.destroy_node()
        rclpy.try_shutdown()
    return 0


def _spin(executor: MultiThreadedExecutor, node: MemoryNode) -> None:
    """Spin until shutdown. What a callback of rclpy raises, as when a client is gone before its answer, is logged."""
    while executor.context.ok():
        try:
            executor.spin()
        except (KeyboardInterrupt, ExternalShutdownException):
            return
        except Exception:
            if executor.context.ok():  # else it published or answered just after the signal
                node.get_logger().error(traceback.format_exc())


if __name__ == "__main__":
    sys.exit(main())
