"""Start the memory node, configure and activate it.

`memory_backend` and `adapter_mode` default to the environment variables MEMORY_BACKEND and ADAPTER_MODE. An argument
that is empty leaves the parameter as `params_file` has it.
"""

from launch import LaunchContext, LaunchDescription, LaunchDescriptionEntity
from launch.actions import DeclareLaunchArgument, EmitEvent, OpaqueFunction, RegisterEventHandler
from launch.events import matches_action
from launch.substitutions import EnvironmentVariable, LaunchConfiguration, PathJoinSubstitution
from launch_ros.actions import LifecycleNode
from launch_ros.event_handlers import OnStateTransition
from launch_ros.events.lifecycle import ChangeState
from launch_ros.parameter_descriptions import ParameterValue
from launch_ros.substitutions import FindPackageShare
from lifecycle_msgs.msg import Transition

PARAMETERS = {"memory_backend": str, "adapter_mode": str, "robot_id": str, "use_sim_time": bool}
"""Arguments that are parameters of the node, with their types."""


def generate_launch_description() -> LaunchDescription:
    """Declare the arguments and start the node."""
    return LaunchDescription(
        [
            DeclareLaunchArgument(
                "memory_backend",
                default_value=EnvironmentVariable("MEMORY_BACKEND", default_value=""),
                description="who runs the model: openai, local, or skip (default: MEMORY_BACKEND or params_file)",
            ),
            DeclareLaunchArgument(
                "adapter_mode",
                default_value=EnvironmentVariable("ADAPTER_MODE", default_value=""),
                description="tasks with an adapter: none, writing, recall, all (default: ADAPTER_MODE or params_file)",
            ),
            DeclareLaunchArgument(
                "params_file",
                default_value=PathJoinSubstitution([FindPackageShare("shadowhound_memory"), "config", "memory.yaml"]),
                description="YAML file with the node's parameters",
            ),
            DeclareLaunchArgument("namespace", default_value="", description="namespace of the node"),
            DeclareLaunchArgument("robot_id", default_value="", description="the robot's name (default: params_file)"),
            DeclareLaunchArgument(
                "use_sim_time", default_value="", description="true: time comes from /clock (default: params_file)"
            ),
            DeclareLaunchArgument("log_level", default_value="info", description="debug, info, warn, error or fatal"),
            OpaqueFunction(function=_node),
        ]
    )


def _node(context: LaunchContext) -> list[LaunchDescriptionEntity]:
    given = {
        name: ParameterValue(LaunchConfiguration(name), value_type=kind)
        for name, kind in PARAMETERS.items()
        if LaunchConfiguration(name).perform(context)
    }
    node = LifecycleNode(
        package="shadowhound_memory",
        executable="memory_node",
        name="shadowhound_memory",
        namespace=LaunchConfiguration("namespace"),
        parameters=[LaunchConfiguration("params_file"), given],
        ros_arguments=["--log-level", LaunchConfiguration("log_level")],
        output="screen",
    )
    activate_once_configured = RegisterEventHandler(
        OnStateTransition(
            target_lifecycle_node=node,
            start_state="configuring",
            goal_state="inactive",
            entities=[_change(node, Transition.TRANSITION_ACTIVATE)],
        )
    )
    return [activate_once_configured, node, _change(node, Transition.TRANSITION_CONFIGURE)]


def _change(node: LifecycleNode, transition: int) -> EmitEvent:
    return EmitEvent(event=ChangeState(lifecycle_node_matcher=matches_action(node), transition_id=transition))
