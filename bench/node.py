"""The real node in its own process, and a client of it over DDS."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

# a domain of its own on this machine only: other nodes nearby neither hear nor disturb it
os.environ["ROS_DOMAIN_ID"] = str(1 + os.getpid() % 100)
os.environ["ROS_AUTOMATIC_DISCOVERY_RANGE"] = "LOCALHOST"

import psutil
import rclpy
from lifecycle_msgs.msg import Transition
from lifecycle_msgs.srv import ChangeState
from rclpy.action import ActionClient
from rclpy.executors import SingleThreadedExecutor
from rclpy.qos import DurabilityPolicy, QoSProfile

from shadowhound_memory_msgs.action import Answer
from shadowhound_memory_msgs.msg import Observation, Status
from shadowhound_memory_msgs.srv import Recall, Write

NAME = "shadowhound_memory"
PATIENCE = 120.0


class Client:
    """One rclpy node in this process that calls the memory node."""

    def __init__(self) -> None:
        rclpy.init()
        self._node = rclpy.create_node("bench")
        self._executor = SingleThreadedExecutor()
        self._executor.add_node(self._node)
        self.status = Status()
        latched = QoSProfile(depth=1, durability=DurabilityPolicy.TRANSIENT_LOCAL)
        self._node.create_subscription(Status, f"/{NAME}/status", self._told, latched)
        kinds = {"change_state": ChangeState, "write": Write, "recall": Recall}
        self._clients = {name: self._node.create_client(kind, f"/{NAME}/{name}") for name, kind in kinds.items()}
        self._answer = ActionClient(self._node, Answer, f"/{NAME}/answer")
        self._thread = threading.Thread(target=self._executor.spin, daemon=True)
        self._thread.start()

    def _told(self, status: Status) -> None:
        self.status = status

    def call(self, service: str, request: Any) -> tuple[float, Any]:
        """Call a service: seconds until the response, and the response. Raises TimeoutError."""
        client = self._clients[service]
        if not client.service_is_ready() and not client.wait_for_service(PATIENCE):
            raise TimeoutError(f"{service} is not offered after {PATIENCE} s")
        done = threading.Event()
        start = time.perf_counter()
        future = client.call_async(request)
        future.add_done_callback(lambda _: done.set())
        if not done.wait(PATIENCE):
            raise TimeoutError(f"{service} did not answer in {PATIENCE} s")
        return time.perf_counter() - start, future.result()

    def activate(self) -> None:
        """Configure and activate the node. Raises RuntimeError."""
        for transition in (Transition.TRANSITION_CONFIGURE, Transition.TRANSITION_ACTIVATE):
            request = ChangeState.Request()
            request.transition.id = transition
            _, response = self.call("change_state", request)
            if not response.success:
                raise RuntimeError(f"transition {transition} failed")

    def write(self, text: str) -> float:
        """Seconds until a write was acknowledged. Raises RuntimeError when it was refused."""
        seconds, response = self.call("write", Write.Request(observation=Observation(text=text)))
        if response.code:
            raise RuntimeError(response.message)
        return seconds

    def recall(self, question: str) -> tuple[float, Any]:
        """Seconds and the response."""
        return self.call("recall", Recall.Request(question=question))

    def answer(self, question: str) -> tuple[dict[str, float], Any]:
        """Ask by the action: seconds until each stage began and until the result, and the result."""
        stages: dict[str, float] = {}
        if not self._answer.wait_for_server(PATIENCE):
            raise TimeoutError(f"the action is not offered after {PATIENCE} s")
        done = threading.Event()
        start = time.perf_counter()

        def told(message: Any) -> None:
            stages.setdefault(message.feedback.stage, time.perf_counter() - start)

        def accepted(future: Any) -> None:
            future.result().get_result_async().add_done_callback(finished)

        def finished(future: Any) -> None:
            stages["result"] = time.perf_counter() - start
            results.append(future.result().result)
            done.set()

        results: list[Any] = []
        self._answer.send_goal_async(Answer.Goal(question=question), feedback_callback=told).add_done_callback(accepted)
        if not done.wait(PATIENCE):
            raise TimeoutError(f"no answer in {PATIENCE} s")
        return stages, results[0]

    def await_status(self, holds: Any, timeout: float) -> None:
        """Return when ~/status says so. Raises TimeoutError."""
        end = time.monotonic() + timeout
        while not holds(self.status):
            if time.monotonic() > end:
                raise TimeoutError(f"~/status still says {self.status.message!r} after {timeout} s")
            time.sleep(0.02)

    def close(self) -> None:
        """Leave the graph."""
        self._executor.shutdown()
        self._thread.join(timeout=10)
        self._node.destroy_node()
        rclpy.try_shutdown()


class Node:
    """The memory node as a process of its own."""

    def __init__(self, directory: Path, **parameters: str) -> None:
        values = {"data_dir": f"'{directory}'", **parameters}
        options = [word for name, value in values.items() for word in ("-p", f"{name}:={value}")]
        self._log = (directory / "node.log").open("a")
        self.started = time.perf_counter()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "shadowhound_memory.ros.node", "--ros-args", *options],
            stdout=self._log,
            stderr=self._log,
        )

    def megabytes(self) -> dict[str, float]:
        """Resident memory of the node and of its children together."""
        process = psutil.Process(self.process.pid)
        children = sum(child.memory_info().rss for child in process.children(recursive=True))
        return {"node": round(process.memory_info().rss / 1e6, 1), "model worker": round(children / 1e6, 1)}

    def close(self) -> None:
        """SIGINT, as Ctrl-C sends it. Raises RuntimeError when it does not end well."""
        self.process.send_signal(signal.SIGINT)
        code = self.process.wait(timeout=60)
        self._log.close()
        if code:
            raise RuntimeError(f"the node ended with {code}")
