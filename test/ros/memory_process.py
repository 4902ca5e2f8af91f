"""The real node in a process of its own, driven from this one over real DDS."""

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

from diagnostic_msgs.msg import DiagnosticArray, DiagnosticStatus
from lifecycle_msgs.srv import ChangeState, GetState
from rcl_interfaces.msg import SetParametersResult
from rcl_interfaces.srv import DescribeParameters, GetParameters, SetParameters
from rclpy.action import ActionClient
from rclpy.node import Node
from rclpy.parameter import Parameter
from rclpy.qos import DurabilityPolicy, QoSProfile
from rclpy.subscription import Subscription
from std_msgs.msg import String
from visualization_msgs.msg import MarkerArray

from shadowhound_memory_msgs import msg, srv
from shadowhound_memory_msgs.action import Answer

NAME = "shadowhound_memory"
PATIENCE = 120.0
"""Seconds after which something that should have happened is taken not to happen."""
LATCHED = QoSProfile(depth=1, durability=DurabilityPolicy.TRANSIENT_LOCAL)
SERVICES = {
    "change_state": ChangeState,
    "get_state": GetState,
    "get_parameters": GetParameters,
    "set_parameters": SetParameters,
    "describe_parameters": DescribeParameters,
    "write": srv.Write,
    "recall": srv.Recall,
    "get_memory": srv.GetMemory,
    "forget": srv.Forget,
    "correct": srv.Correct,
    "rate": srv.Rate,
    "start_mission": srv.StartMission,
    "end_mission": srv.EndMission,
    "list_adapters": srv.ListAdapters,
    "load_adapter": srv.LoadAdapter,
    "unload_adapter": srv.UnloadAdapter,
    "skill_call": srv.SkillCall,
}


def wait_for(condition: Callable[[], Any], what: str, log: Callable[[], str] = str) -> Any:
    """What `condition` returns as soon as that is true; `log` is shown when it never is."""
    end = time.monotonic() + PATIENCE
    while not (result := condition()):
        assert time.monotonic() < end, f"waited {PATIENCE} s in vain: {what}\n{log()}"
        time.sleep(0.01)
    return result


class MemoryProcess:
    """A memory node in a process and a namespace of its own, and everything it publishes."""

    numbers = count()

    def __init__(self, node: Node, directory: Path, **parameters: Any) -> None:
        self._met = False
        self._node = node
        self._released = False
        self._subscriptions: list[Subscription] = []
        self.log_file = directory / "log"
        self.data_dir = directory / "data"
        self.namespace = f"/robot{next(self.numbers)}"
        self.accepted: list[String] = []
        self.memories: list[msg.Memory] = []
        self.status: list[msg.Status] = []
        self.markers: list[MarkerArray] = []
        self.diagnostics: list[DiagnosticStatus] = []
        for topic, kind, qos in (
            ("accepted", String, 1000),
            ("memories", msg.Memory, 1000),
            ("status", msg.Status, LATCHED),
            ("markers", MarkerArray, LATCHED),
        ):
            self._subscriptions.append(
                node.create_subscription(kind, self.name(topic), getattr(self, topic).append, qos)
            )
        self._subscriptions.append(node.create_subscription(DiagnosticArray, "/diagnostics", self._diagnosed, 10))
        self.observations = node.create_publisher(msg.Observation, self.name("observations"), 1000)
        self._clients = {name: node.create_client(kind, self.name(name)) for name, kind in SERVICES.items()}
        # Made by the thread that spins: rclpy shows it to the executor before it is whole.
        made = node.executor.create_task(ActionClient, node, Answer, self.name("answer"))
        wait_for(made.done, "the client of the action is made")
        self.answers: ActionClient = made.result()
        command = [sys.executable, "-m", "shadowhound_memory.ros.node", "--ros-args", "-r", f"__ns:={self.namespace}"]
        for name, value in {"data_dir": f"'{self.data_dir}'", "model": "none", **parameters}.items():
            command += ["-p", f"{name}:={value}"]
        with self.log_file.open("a") as stream:
            self.process = subprocess.Popen(command, stdout=stream, stderr=subprocess.STDOUT)

    def name(self, of: str) -> str:
        """The full name of a topic, service or action of the node."""
        return f"{self.namespace}/{NAME}/{of}"

    def _diagnosed(self, array: DiagnosticArray) -> None:
        self.diagnostics += [status for status in array.status if status.name.startswith(f"{self.namespace}/")]

    def log(self) -> str:
        """What the nodes on this data directory have logged."""
        return self.log_file.read_text()

    def running(self) -> bool:
        assert self.process.poll() is None, f"the node ended with {self.process.returncode}:\n{self.log()}"
        return True

    def call(self, service: str, request: Any) -> Any:
        """Call a service and return its response."""
        return self.begin(service, request)()

    def begin(self, service: str, request: Any) -> Callable[[], Any]:
        """Call a service; the function returned waits for the response."""
        if not self._met:
            self._meet()
        client = self._clients[service]
        wait_for(lambda: self.running() and client.service_is_ready(), f"{service} is offered", self.log)
        future = client.call_async(request)

        def response() -> Any:
            wait_for(lambda: self.running() and future.done(), f"{service} answers", self.log)
            return future.result()

        return response

    def _meet(self) -> None:
        """Ask for the state until an answer comes: a server drops its answers until it has discovered the client."""
        client = self._clients["get_state"]
        wait_for(lambda: self.running() and client.service_is_ready(), "the node is up", self.log)

        def answered() -> bool:
            arrived = threading.Event()
            client.call_async(GetState.Request()).add_done_callback(lambda _: arrived.set())
            return self.running() and arrived.wait(2.0)

        self._met = bool(wait_for(answered, "the node and its client discover each other", self.log))

    def transition(self, *labels: str) -> bool:
        """Trigger transitions; false when one of them failed."""
        for label in labels:
            request = ChangeState.Request()
            request.transition.label = label
            if not self.call("change_state", request).success:
                return False
        return True

    @property
    def state(self) -> str:
        return str(self.call("get_state", GetState.Request()).current_state.label)

    def activated(self) -> "MemoryProcess":
        assert self.transition("configure", "activate"), self.log()
        return self

    def set(self, name: str, value: Any) -> SetParametersResult:
        """Set a parameter."""
        request = SetParameters.Request(parameters=[Parameter(name, value=value).to_parameter_msg()])
        return self.call("set_parameters", request).results[0]

    def write(self, text: str, *, wait: bool = False, **fields: Any) -> srv.Write.Response:
        return self.call("write", srv.Write.Request(observation=msg.Observation(text=text, **fields), wait=wait))

    def recall(self, question: str, **fields: Any) -> srv.Recall.Response:
        return self.call("recall", srv.Recall.Request(question=question, **fields))

    def publish(self, text: str, **fields: Any) -> None:
        """Publish an observation as soon as the node listens."""
        wait_for(lambda: self.observations.get_subscription_count() == 1, "the node listens to observations")
        self.observations.publish(msg.Observation(text=text, **fields))

    def stop(self, signal_number: int = signal.SIGINT) -> int:
        """Send a signal and return the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal_number)
        code = self.process.wait(PATIENCE)
        released = self._node.executor.create_task(self._release)
        wait_for(released.done, "what spoke with the node is released")
        return code

    def _release(self) -> None:
        """Else each later node would have to discover all that spoke with the earlier ones, and loses some of it."""
        for subscription in self._subscriptions:
            self._node.destroy_subscription(subscription)
        for client in self._clients.values():
            self._node.destroy_client(client)
        self._node.destroy_publisher(self.observations)
        if not self._released:
            self.answers.destroy()
        self._subscriptions, self._clients, self._released = [], {}, True
