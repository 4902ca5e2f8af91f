"""A ROS client in this process, and memory nodes in processes of their own."""

import os
import signal
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import rclpy
from memory_process import PATIENCE, MemoryProcess
from rclpy.executors import SingleThreadedExecutor
from rclpy.node import Node
from rclpy.signals import SignalHandlerOptions


@pytest.fixture(scope="session")
def client() -> Iterator[Node]:
    """This process's ROS node, spun in a thread."""
    # Domains above 101 lie among the ports that the kernel gives to anybody.
    os.environ["ROS_DOMAIN_ID"] = str(1 + os.getpid() % 100)
    os.environ["ROS_AUTOMATIC_DISCOVERY_RANGE"] = "LOCALHOST"
    # A node that is killed leaves its shared memory behind, and a later one may be given it and not be heard.
    os.environ["FASTDDS_BUILTIN_TRANSPORTS"] = "UDPv4"
    rclpy.init(signal_handler_options=SignalHandlerOptions.NO)
    node = rclpy.create_node("client")
    executor = SingleThreadedExecutor()
    executor.add_node(node)
    thread = threading.Thread(target=executor.spin, daemon=True)
    thread.start()
    yield node
    executor.shutdown()
    thread.join(PATIENCE)
    rclpy.try_shutdown()


@pytest.fixture
def start(client: Node, tmp_path: Path) -> Iterator[Callable[..., MemoryProcess]]:
    """Starts nodes on one data directory; ends those that are left."""
    processes: list[MemoryProcess] = []

    def start_node(**parameters: Any) -> MemoryProcess:
        processes.append(MemoryProcess(client, tmp_path, **parameters))
        return processes[-1]

    yield start_node
    for process in processes:
        process.stop(signal.SIGKILL)


@pytest.fixture(scope="module")
def active(client: Node, tmp_path_factory: pytest.TempPathFactory) -> Iterator[MemoryProcess]:
    """One active node for all tests of a module that leave it active."""
    process = MemoryProcess(client, tmp_path_factory.mktemp("shared")).activated()
    yield process
    assert process.stop() == 0, process.log()
