"""Observations come in: the topic ~/observations and the service ~/write."""

from collections.abc import Callable

from rclpy.callback_groups import MutuallyExclusiveCallbackGroup, ReentrantCallbackGroup
from rclpy.qos import QoSProfile
from std_msgs.msg import String

from shadowhound_memory.errors import ShadowhoundError
from shadowhound_memory.record import Memory
from shadowhound_memory.ros import conversions
from shadowhound_memory.ros.access import Access, refusals
from shadowhound_memory_msgs.msg import Observation
from shadowhound_memory_msgs.srv import Write

DEPTH = 1000
"""Observations that may wait on the topic, and as many requests to write."""


class Intake:
    """Keeps what comes in and says so. Writes that wait for the finished memory do not hold up others."""

    def __init__(self, access: Access, received: Callable[[Memory], None]) -> None:
        """`received` is called with each memory that was kept."""
        node = access.node
        self._access = access
        self._received = received
        self.refused = 0
        """Observations of the topic that were not kept."""
        self._accepted = node.create_lifecycle_publisher(String, "~/accepted", QoSProfile(depth=DEPTH))
        node.create_subscription(
            Observation,
            "~/observations",
            self._observe,
            QoSProfile(depth=DEPTH),
            callback_group=MutuallyExclusiveCallbackGroup(),
        )
        node.create_service(
            Write,
            "~/write",
            self._write,
            qos_profile=QoSProfile(depth=DEPTH),
            callback_group=ReentrantCallbackGroup(),
        )

    def _keep(self, message: Observation) -> Memory:
        with self._access.manager() as manager:
            observation = conversions.observation(message)
            pose = None
            if observation.pose is None and observation.robot_id in (None, manager.settings.robot_id):
                pose = self._access.pose_at(observation.timestamp)
            return manager.write(observation, pose=pose)

    def _observe(self, message: Observation) -> None:
        try:
            memory = self._keep(message)
        except ShadowhoundError as refused:
            self.refused += 1
            self._access.node.get_logger().warning(f"an observation on the topic was not kept: {refused.sentence}")
        except Exception as error:
            self.refused += 1
            self._access.node.get_logger().error(f"an observation on the topic was not kept: {error!r}")
        else:
            self._accepted.publish(String(data=memory.id))
            self._received(memory)

    def _write(self, request: Write.Request, response: Write.Response) -> Write.Response:
        with refusals(response, self._access.node):
            timeout = conversions.duration(request.timeout, "timeout")
            memory = self._keep(request.observation)
            response.message = "kept"
            self._received(memory)
            if request.wait and memory.status == "pending":
                try:
                    memory = self._access.finished(memory.id, timeout)
                except ShadowhoundError as late:
                    response.message = late.sentence
            response.id = memory.id
            response.pending = memory.status == "pending"
            response.memory = conversions.memory_message(memory)
        return response
