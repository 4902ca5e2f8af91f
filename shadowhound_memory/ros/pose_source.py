"""The robot's pose at a time: from tf2 where it can be imported, else from a pose topic."""

from geometry_msgs.msg import PoseStamped, PoseWithCovarianceStamped
from nav_msgs.msg import Odometry
from rclpy.callback_groups import CallbackGroup
from rclpy.clock import JumpThreshold
from rclpy.duration import Duration
from rclpy.node import Node
from rclpy.qos import qos_profile_sensor_data
from rclpy.time import Time

from shadowhound_memory.errors import ShadowhoundError
from shadowhound_memory.record import Pose
from shadowhound_memory.ros import conversions
from shadowhound_memory.ros.pose import PoseBuffer, PoseSample
from shadowhound_memory.settings import Settings

try:
    import tf2_ros
except ImportError:
    tf2_ros = None

TOPIC_TYPES = {"odometry": Odometry, "pose": PoseStamped, "pose_with_covariance": PoseWithCovarianceStamped}


class PoseSource:
    """Listens for poses from its making until `close`."""

    def __init__(self, node: Node, settings: Settings, group: CallbackGroup) -> None:
        self._node = node
        self._settings = settings
        self._poses = PoseBuffer(settings.pose_max_age, settings.pose_max_covariance)
        self._subscription = None
        self._listener = None
        if settings.pose_topic:
            self._subscription = node.create_subscription(
                TOPIC_TYPES[settings.pose_topic_type],
                settings.pose_topic,
                self._receive,
                qos_profile_sensor_data,
                callback_group=group,
            )
        if tf2_ros is not None:
            self._transforms = tf2_ros.Buffer(cache_time=Duration(seconds=60))
            self._listener = tf2_ros.TransformListener(self._transforms, node)
        back = JumpThreshold(min_forward=None, min_backward=Duration(nanoseconds=-1))
        self._jumps = node.get_clock().create_jump_callback(back, post_callback=lambda _: self._start_anew())

    def close(self) -> None:
        """Stop listening."""
        self._jumps.unregister()
        if self._subscription is not None:
            self._node.destroy_subscription(self._subscription)
        if self._listener is not None:
            self._listener.unregister()

    def _start_anew(self) -> None:
        """Time went back, as when a simulator starts again: where the robot stood then says nothing about now."""
        self._poses.clear()
        if self._listener is not None:
            self._transforms.clear()

    def at(self, stamp: float) -> Pose | None:
        """The pose at `stamp` (seconds), None where no trusted one is known."""
        return self._transformed(stamp) or self._poses.at(stamp)

    def _transformed(self, stamp: float) -> Pose | None:
        """The pose by tf2 at `stamp`, or its latest one when that is recent enough."""
        if self._listener is None:
            return None
        for time in (Time(nanoseconds=round(stamp * 1e9)), Time()):
            try:
                found = self._transforms.lookup_transform(self._settings.map_frame, self._settings.base_frame, time)
            except tf2_ros.TransformException:
                continue
            message = PoseStamped(header=found.header)
            shift = found.transform.translation
            message.pose.position.x, message.pose.position.y, message.pose.position.z = shift.x, shift.y, shift.z
            message.pose.orientation = found.transform.rotation
            sample = _sample(message)
            if sample and abs(sample.stamp - stamp) <= self._settings.pose_max_age:
                return sample.pose
        return None

    def _receive(self, message: Odometry | PoseStamped | PoseWithCovarianceStamped) -> None:
        if isinstance(message, PoseStamped):
            sample = _sample(message)
        else:
            x_and_y = message.pose.covariance[[0, 7]]
            sample = _sample(PoseStamped(header=message.header, pose=message.pose.pose), float(x_and_y.max()))
        if sample:
            self._poses.add(sample)


def _sample(message: PoseStamped, variance: float = 0.0) -> PoseSample | None:
    """A sample to keep, None when the message states no pose."""
    try:
        pose = conversions.pose(message, "pose")
        return PoseSample(conversions.seconds(message.header.stamp, "pose"), pose, variance)
    except ShadowhoundError:
        return None
