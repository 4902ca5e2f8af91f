"""Drives a Nav2 robot to an answer: python3 docs/nav2_example.py where is the fire extinguisher

Asks `~/recall` and sends its `best_pose` to NavigateToPose. Exit code 0 on arrival, else 1; Ctrl-C stops the robot.
Needs Nav2's messages: apt install ros-$ROS_DISTRO-nav2-msgs
"""

import sys
import time

import rclpy
from action_msgs.msg import GoalStatus
from rclpy.action import ActionClient
from rclpy.signals import SignalHandlerOptions
from rclpy.utilities import remove_ros_args

from shadowhound_memory_msgs.srv import Recall

try:
    from nav2_msgs.action import NavigateToPose
except ModuleNotFoundError:
    sys.exit("Nav2's messages are missing (nav2_msgs): apt install ros-$ROS_DISTRO-nav2-msgs")

rclpy.init(signal_handler_options=SignalHandlerOptions.NO)  # after Ctrl-C the goal is still to be cancelled
node = rclpy.create_node("drive_to_answer")
memory = node.create_client(Recall, "/shadowhound_memory/recall")
nav2 = ActionClient(node, NavigateToPose, "navigate_to_pose")
sent = None


def result(future, seconds=float("inf")):
    """What comes within so many seconds; None when nothing does."""
    end = time.monotonic() + seconds
    while not future.done() and time.monotonic() < end:
        rclpy.spin_once(node, timeout_sec=0.2)
    return future.result() if future.done() else None


try:
    if not memory.wait_for_service(10.0):
        sys.exit("the memory node is not running")
    answer = result(memory.call_async(Recall.Request(question=" ".join(remove_ros_args(sys.argv)[1:]))), 30.0)
    if answer is None or answer.code:
        sys.exit(answer.message if answer else "the memory node does not answer")
    print(answer.answer)
    if not answer.has_best_pose:  # not known, no trusted pose, another map or frame, gone since
        sys.exit(f"not driving: {answer.best_pose_refused}")
    if not nav2.wait_for_server(10.0):
        sys.exit("Nav2 is not running")
    at = answer.best_pose.pose.position
    print(f"driving to ({at.x:.2f}, {at.y:.2f}) in {answer.best_pose.header.frame_id}", flush=True)
    sent = nav2.send_goal_async(NavigateToPose.Goal(pose=answer.best_pose))
    driving = result(sent)
    if not driving.accepted:
        sys.exit("Nav2 rejected the goal")
    status = result(driving.get_result_async()).status
    print("arrived" if status == GoalStatus.STATUS_SUCCEEDED else "Nav2 gave up")
    sys.exit(status != GoalStatus.STATUS_SUCCEEDED)
except KeyboardInterrupt:
    if sent and (driving := result(sent, 5.0)):
        result(driving.cancel_goal_async(), 5.0)
    sys.exit("stopped")
