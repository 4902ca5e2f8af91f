"""Run the installed launch file with the arguments given as NAME:=VALUE, as `ros2 launch` does."""

import sys
from pathlib import Path

from ament_index_python.packages import get_package_share_directory
from launch import LaunchDescription, LaunchService
from launch.actions import IncludeLaunchDescription
from launch.launch_description_sources import PythonLaunchDescriptionSource

path = Path(get_package_share_directory("shadowhound_memory"), "launch", "memory.launch.py")
arguments = [tuple(argument.split(":=", 1)) for argument in sys.argv[1:]]
service = LaunchService()
service.include_launch_description(
    LaunchDescription([IncludeLaunchDescription(PythonLaunchDescriptionSource(str(path)), launch_arguments=arguments)])
)
sys.exit(service.run())
