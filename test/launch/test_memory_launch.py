"""The launch file started for real. Needs launch_ros and the installed package: run by `make test-launch`."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import rclpy
from lifecycle_msgs.srv import GetState
from rcl_interfaces.srv import GetParameters
from rclpy.node import Node
from rclpy.parameter import parameter_value_to_python

PATIENCE = 60.0
RUN_LAUNCH = Path(__file__).with_name("run_launch.py")


@pytest.fixture(scope="module", autouse=True)
def domain() -> None:
    # Domains above 101 lie among the ports that the kernel gives to anybody.
    os.environ["ROS_DOMAIN_ID"] = str(1 + os.getpid() % 100)
    os.environ["ROS_AUTOMATIC_DISCOVERY_RANGE"] = "LOCALHOST"
    os.environ["FASTDDS_BUILTIN_TRANSPORTS"] = "UDPv4"


class Launched:
    """A launch process and a client of the node that it starts."""

    def __init__(self, node: Node, log: Path, environment: dict[str, str], arguments: dict[str, str]) -> None:
        self._node = node
        self._log = log
        self._prefix = f"/{arguments['namespace']}/shadowhound_memory"
        command = [sys.executable, str(RUN_LAUNCH), *(f"{name}:={value}" for name, value in arguments.items())]
        with log.open("w") as stream:
            self.process = subprocess.Popen(
                command, env=os.environ | environment, stdout=stream, stderr=subprocess.STDOUT, start_new_session=True
            )

    @property
    def log(self) -> str:
        return self._log.read_text()

    def call(self, kind: Any, service: str, request: Any) -> Any:
        client = self._node.create_client(kind, f"{self._prefix}/{service}")
        assert client.wait_for_service(PATIENCE), self.log
        future = client.call_async(request)
        rclpy.spin_until_future_complete(self._node, future, timeout_sec=PATIENCE)
        assert future.done(), self.log
        return future.result()

    def wait_until(self, state: str) -> None:
        end = time.monotonic() + PATIENCE
        while (label := self.call(GetState, "get_state", GetState.Request()).current_state.label) != state:
            assert time.monotonic() < end, f"{label}, not {state}\n{self.log}"
            time.sleep(0.05)

    def parameters(self, *names: str) -> dict[str, Any]:
        values = self.call(GetParameters, "get_parameters", GetParameters.Request(names=names)).values
        return dict(zip(names, map(parameter_value_to_python, values), strict=True))


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Launched]]:
    """Starts the launch file; whatever it left running is killed at the end."""
    rclpy.init()
    node = rclpy.create_node("client")
    launched: list[Launched] = []

    def run(environment: dict[str, str] | None = None, **arguments: str) -> Launched:
        params_file = tmp_path / "params.yaml"
        params_file.write_text(
            "/**:\n  ros__parameters:\n"
            f"    data_dir: {tmp_path / 'data'}\n    model: none\n    robot_id: rover\n    adapter_mode: writing\n"
        )
        arguments = {"namespace": "site", "params_file": str(params_file)} | arguments
        launched.append(Launched(node, tmp_path / "log", environment or {}, arguments))
        return launched[-1]

    yield run
    for one in launched:
        try:
            os.killpg(one.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
    node.destroy_node()
    rclpy.shutdown()


def test_it_configures_and_activates_the_node_and_ends_it_cleanly(start: Callable[..., Launched]) -> None:
    launched = start()
    launched.wait_until("active")
    launched.process.send_signal(signal.SIGINT)
    assert launched.process.wait(PATIENCE) == 0, launched.log
    assert "process has finished cleanly" in launched.log
    with pytest.raises(ProcessLookupError):
        os.killpg(launched.process.pid, 0)


def test_an_argument_left_out_leaves_the_parameter_as_the_file_has_it(start: Callable[..., Launched]) -> None:
    launched = start()
    assert launched.parameters("robot_id", "adapter_mode", "memory_backend", "use_sim_time") == {
        "robot_id": "rover",
        "adapter_mode": "writing",
        "memory_backend": "local",
        "use_sim_time": False,
    }


def test_arguments_win_over_the_environment_and_that_over_the_file(start: Callable[..., Launched]) -> None:
    launched = start(
        {"MEMORY_BACKEND": "skip", "ADAPTER_MODE": "all"}, adapter_mode="none", robot_id="7", use_sim_time="true"
    )
    assert launched.parameters("robot_id", "adapter_mode", "memory_backend", "use_sim_time") == {
        "robot_id": "7",
        "adapter_mode": "none",
        "memory_backend": "skip",
        "use_sim_time": True,
    }


def test_the_parameters_come_from_the_packages_own_file_when_none_is_given(start: Callable[..., Launched]) -> None:
    launched = start({"MEMORY_BACKEND": "skip"}, params_file="", robot_id="rover", log_level="debug")
    launched.wait_until("active")
    assert launched.parameters("model") == {"model": "smollm2-135m-instruct"}
    assert "[DEBUG]" in launched.log
