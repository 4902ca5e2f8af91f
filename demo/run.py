"""The main job, shown: a real memory node over real DDS is told a mission log and asked about it.

Starts the node in a process of its own, plays demo/mission_log.jsonl through the topic and the service, asks
demo/questions.jsonl and compares the answers with what is known of the log. Exit code 1 when one is wrong.
"""

import argparse
import json
import math
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path
from statistics import median
from typing import Any

import rclpy
from diagnostic_msgs.msg import DiagnosticArray
from geometry_msgs.msg import PoseStamped
from lifecycle_msgs.msg import Transition
from lifecycle_msgs.srv import ChangeState
from rclpy.signals import SignalHandlerOptions
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from std_msgs.msg import String

from shadowhound_memory_msgs.msg import Memory, Observation, ResultCode, Status
from shadowhound_memory_msgs.srv import EndMission, Recall, StartMission, Write

HERE = Path(__file__).resolve().parent
OUT = HERE / "out"
NODE_LOG = OUT / "node.log"
NODE = "shadowhound_memory"
ANSWER_SECONDS = 30.0
"""A service that answers later than this does not answer."""
STALL_SECONDS = 180.0
"""No memory finished for this long means that none will be (a first start converts the model files)."""

console = Console(highlight=False, soft_wrap=True)


class DemoFailed(Exception):
    """Something that the demo needs did not work; the message says what."""


class Skipped(Exception):
    """The node refuses because its backend is skip; the message is its own sentence."""


class RobotMemory:
    """The node in its own process, and this process's way to it."""

    def __init__(self, data_dir: str, parameters: dict[str, str]) -> None:
        # A DDS domain of its own, on this machine only: no other robot hears the demo.
        os.environ["ROS_DOMAIN_ID"] = str(1 + os.getpid() % 100)
        os.environ["ROS_AUTOMATIC_DISCOVERY_RANGE"] = "LOCALHOST"
        self.accepted: set[str] = set()
        self.finished: dict[str, Memory] = {}
        self.status = Status()
        self.diagnostics: dict[str, str] = {}
        rclpy.init(signal_handler_options=SignalHandlerOptions.NO)
        self._node = rclpy.create_node("demo")
        self._executor = rclpy.executors.SingleThreadedExecutor()
        self._executor.add_node(self._node)
        self._node.create_subscription(String, f"/{NODE}/accepted", lambda msg: self.accepted.add(msg.data), 1000)
        self._node.create_subscription(Memory, f"/{NODE}/memories", self._on_memory, 1000)
        self._node.create_subscription(Status, f"/{NODE}/status", self._on_status, 10)
        self._node.create_subscription(DiagnosticArray, "/diagnostics", self._on_diagnostics, 10)
        self._observations = self._node.create_publisher(Observation, f"/{NODE}/observations", 1000)
        self._clients: dict[str, Any] = {}
        self._log = NODE_LOG.open("w")
        command = [sys.executable, "-m", "shadowhound_memory.ros.node", "--ros-args"]
        for name, value in {"data_dir": data_dir, **parameters}.items():
            command += ["-p", f"{name}:={value}"]
        # Its own session: Ctrl-C reaches this process, which then ends the node in order.
        self._process = subprocess.Popen(command, stdout=self._log, stderr=subprocess.STDOUT, start_new_session=True)

    def _on_memory(self, memory: Memory) -> None:
        if memory.status != Memory.PENDING:
            self.finished[memory.id] = memory

    def _on_status(self, status: Status) -> None:
        self.status = status

    def _on_diagnostics(self, array: DiagnosticArray) -> None:
        for status in array.status:
            self.diagnostics.update({value.key: value.value for value in status.values})

    def spin_until(self, done: Callable[[], bool], timeout: float, what: str) -> None:
        """Listen until `done`. Raises DemoFailed when the node ends or `timeout` seconds have passed."""
        end = time.monotonic() + timeout
        while not done():
            self._executor.spin_once(timeout_sec=0.05)
            if self._process.poll() is not None:
                raise DemoFailed(f"the node ended with exit code {self._process.returncode} while {what}")
            if time.monotonic() > end:
                raise DemoFailed(f"{what}: nothing came within {timeout:.0f} s")

    def call(self, kind: type, name: str, request: Any) -> Any:
        """The response of a service of the node. Raises DemoFailed, and Skipped for that code."""
        client = self._clients.get(name)
        if client is None:
            client = self._clients[name] = self._node.create_client(kind, f"/{NODE}/{name}")
            self.spin_until(client.service_is_ready, ANSWER_SECONDS, f"waiting for the service /{NODE}/{name}")
        future = client.call_async(request)
        self.spin_until(future.done, ANSWER_SECONDS, f"calling the service /{NODE}/{name}")
        response = future.result()
        code = getattr(response, "code", ResultCode.OK)
        if code == ResultCode.SKIPPED:
            raise Skipped(response.message)
        if code != ResultCode.OK:
            raise DemoFailed(f"/{NODE}/{name} answered with code {code}: {response.message}")
        return response

    def change_state(self, transition: int, word: str) -> None:
        request = ChangeState.Request(transition=Transition(id=transition))
        if not self.call(ChangeState, "change_state", request).success:
            raise DemoFailed(f"the node could not be {word}")

    def publish(self, observation: Observation) -> None:
        self.spin_until(
            lambda: self._observations.get_subscription_count() > 0,
            ANSWER_SECONDS,
            "waiting for the topic ~/observations",
        )
        self._observations.publish(observation)

    def close(self) -> None:
        """End the node as Ctrl-C would, and by force if it does not."""
        rclpy.try_shutdown()
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._log.close()


def read_rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def stamp(message: Any, seconds: float) -> None:
    message.sec, message.nanosec = int(seconds), round(seconds % 1 * 1e9)


def seconds_of(message: Any) -> float:
    return message.sec + message.nanosec / 1e9


def clock(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, timezone.utc).strftime("%a %Y-%m-%d %H:%M:%S")


def place(pose: PoseStamped) -> str:
    return f"({pose.pose.position.x:.1f}, {pose.pose.position.y:.1f}) in {pose.header.frame_id}"


def observation_of(row: dict[str, Any]) -> Observation:
    """A row of the log as a message. The mission is left to the node, which knows the current one."""
    message = Observation(id=row["id"], text=row["text"], source=row["source"], has_timestamp=True)
    stamp(message.timestamp, row["timestamp"])
    if row["pose"]:
        message.has_pose = True
        message.pose.header.frame_id = row["pose"]["frame_id"]
        message.pose.pose.position.x, message.pose.pose.position.y = row["pose"]["x"], row["pose"]["y"]
        message.pose.pose.orientation.z = math.sin(row["pose"]["yaw"] / 2)
        message.pose.pose.orientation.w = math.cos(row["pose"]["yaw"] / 2)
    return message


def play(robot: RobotMemory, rows: list[dict[str, Any]], progress: Progress) -> list[float]:
    """Tell the log, mission by mission; the last one stays open. Returns the seconds of each ~/write."""
    bar = progress.add_task("telling", total=len(rows))
    missions = list(dict.fromkeys(row["mission_id"] for row in rows))
    acknowledged: list[float] = []
    for mission in missions:
        robot.call(StartMission, "start_mission", StartMission.Request(mission_id=mission))
        told = [row for row in rows if row["mission_id"] == mission]
        for number, row in enumerate(told):
            if number % 2:
                started = time.perf_counter()
                robot.call(Write, "write", Write.Request(observation=observation_of(row)))
                acknowledged.append(time.perf_counter() - started)
            else:
                robot.publish(observation_of(row))
            progress.advance(bar)
        by_topic = {row["id"] for row in told[::2]}
        robot.spin_until(lambda: by_topic <= robot.accepted, ANSWER_SECONDS, "waiting for the ids on ~/accepted")  # noqa: B023
        if mission != missions[-1]:
            robot.call(EndMission, "end_mission", EndMission.Request())
    return acknowledged


def wait_for_memories(robot: RobotMemory, total: int, progress: Progress) -> None:
    """Return when all are finished, and have the vectors that questions are searched with."""
    bar = progress.add_task("remembering", total=total)
    while len(robot.finished) < total:
        done = len(robot.finished)
        progress.update(bar, completed=done)
        robot.spin_until(lambda: len(robot.finished) > done, STALL_SECONDS, f"waiting for memory {done + 1} of {total}")  # noqa: B023
    progress.update(bar, completed=total)
    robot.spin_until(
        lambda: robot.status.memories == total and not robot.status.unindexed, ANSWER_SECONDS, "waiting for the vectors"
    )


def faults(expected: dict[str, Any], got: Recall.Response) -> list[str]:
    """What is wrong with an answer, in words; empty when its values, words and citations agree with what is known."""
    if expected.get("abstained"):
        return [] if got.abstained else ["nothing in the log answers this: it should have abstained"]
    if got.abstained:
        return ["it abstained, the log answers this"]
    found = []
    cited = {citation.n: citation.memory for citation in got.citations}
    numbers = [int(n) for n in re.findall(r"\[(\d+)\]", got.answer)]
    if set(numbers) != set(cited) or (not cited and not (got.has_yes and not got.yes)):  # a "no" may rest on no memory
        return ["it does not cite what it stands on"]
    leading = cited[numbers[0]] if cited else Memory()
    if at := expected.get("place"):
        known = f"({at['x']}, {at['y']}), within {at['within']} m"
        if not (got.has_place and near(got.place, at)):
            found.append(f"the place is {known}")
        if not (leading.has_pose and near(leading.pose, at)):
            found.append(f"the memory that it cites first was not made at {known}")
    if when := expected.get("time"):
        known = f"{clock(when['at'])}, within {when['within']} s"
        if not (got.has_time and abs(seconds_of(got.time) - when["at"]) <= when["within"]):
            found.append(f"the time is {known}")
        if abs(seconds_of(leading.timestamp) - when["at"]) > when["within"]:
            found.append(f"the memory that it cites first is not of {known}")
    if "count" in expected and not (got.has_count and got.count == expected["count"]):
        found.append(f"the count is {expected['count']}")
    if "cites" in expected and {memory.id for memory in cited.values()} != set(expected["cites"]):
        found.append(f"it stands on {' and '.join(expected['cites'])}")
    if "yes" in expected and not (got.has_yes and got.yes == expected["yes"]):
        found.append(f"the answer is {'yes' if expected['yes'] else 'no'}")
    for word in expected.get("says", []):
        if word.lower() not in got.answer.partition("[")[0].lower():
            found.append(f"it should begin with {word!r}")
        if word.lower() not in leading.raw_text.lower():
            found.append(f"{word!r} does not stand in the memory that it cites first")
    return found


def near(pose: PoseStamped, at: dict[str, float]) -> bool:
    return math.hypot(pose.pose.position.x - at["x"], pose.pose.position.y - at["y"]) <= at["within"]


def ask(robot: RobotMemory, row: dict[str, Any]) -> Recall.Response:
    request = Recall.Request(question=row["question"], has_asked_at=True)
    stamp(request.asked_at, row["asked_at"])
    return robot.call(Recall, "recall", request)


def show(title: str, got: Recall.Response, wrong: list[str]) -> None:
    console.print(f"\n[bold]{escape(title)}[/]")
    console.print(f"  {'[red]✗[/]' if wrong else '[green]✓[/]'} {escape(got.answer)}")
    for fault in wrong:
        console.print(f"    [red]wrong: {escape(fault)}[/]")
    for cited in got.citations:
        memory = cited.memory
        where = place(memory.pose) if memory.has_pose else "pose unknown"
        line = f"[{cited.n}] {clock(seconds_of(memory.timestamp))}, {memory.mission_id}, {where}: {memory.text}"
        console.print(f"    [dim]{escape(line)}[/]")
    values = [f"place {place(got.place)}" if got.has_place else "no place"]
    values.append(f"time {clock(seconds_of(got.time))}" if got.has_time else "no time")
    values += [f"count {got.count}"] if got.has_count else []
    values += ["yes" if got.yes else "no"] if got.has_yes else []
    values += ["abstained"] if got.abstained else []
    why = f" ({got.fallback_reason})" if got.fallback_reason else ""
    console.print(f"    {escape(' · '.join(values))} · route {escape(got.route + why)} · {got.seconds:.2f} s")


def rate(value: str | None) -> str:
    return "–" if value in (None, "None") else f"{float(value):.4g}"


def show_metrics(robot: RobotMemory, acknowledged: list[float], answers: list[Recall.Response]) -> None:
    memories = list(robot.finished.values())
    seconds = [answer.seconds for answer in answers]
    table = Table("metric", "value", title="Metrics")
    table.add_row("memories", f"{len(memories)}, {sum(m.degraded for m in memories)} of them degraded")
    for key in ("json_valid_first_try", "repaired", "refused_as_invented", "text_similarity", "tokens_per_memory"):
        table.add_row(key.replace("_", " "), rate(robot.diagnostics.get(f"rates/{key}")))
    table.add_row("~/write acknowledged, p50", f"{median(acknowledged) * 1e3:.1f} ms")
    table.add_row("~/recall, p50 and longest", f"{median(seconds):.2f} s, {max(seconds):.2f} s")
    for what, routes in (("written by", (m.route for m in memories)), ("answered by", (a.route for a in answers))):
        table.add_row(what, "\n".join(f"{number} × {route}" for route, number in Counter(routes).most_common()))
    reasons = Counter(answer.fallback_reason for answer in answers if answer.fallback_reason)
    table.add_row("fallbacks", "\n".join(f"{number} × {reason}" for reason, number in reasons.most_common()) or "none")
    console.print()
    console.print(table)


def run(robot: RobotMemory) -> int:
    """The whole demo on a started node. Returns the number of wrong answers."""
    rows, questions = read_rows(HERE / "mission_log.jsonl"), read_rows(HERE / "questions.jsonl")
    robot.change_state(Transition.TRANSITION_CONFIGURE, "configured")
    robot.change_state(Transition.TRANSITION_ACTIVATE, "activated")
    columns = (TextColumn("{task.description:>11}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        acknowledged = play(robot, rows, progress)
        wait_for_memories(robot, len(rows), progress)
    answers, failed = [], 0
    for number, row in enumerate(questions, 1):
        got = ask(robot, row)
        wrong = faults(row["expected"], got)
        show(f"{number}/{len(questions)} {row['question']}", got, wrong)
        answers.append(got)
        failed += bool(wrong)
    show_metrics(robot, acknowledged, answers)
    verdict = (
        f"[red]wrong answers: {failed} of {len(questions)}[/]"
        if failed
        else f"[green]all {len(questions)} answers are right[/]"
    )
    console.print(f"\n{verdict}; the node's log is {NODE_LOG}")
    return failed


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", help="the local model: a name, a path, or none (default: the node's own)")
    model = parser.parse_args().model
    parameters = {
        "memory_backend": os.environ.get("MEMORY_BACKEND", "local"),
        "adapter_mode": os.environ.get("ADAPTER_MODE", "none"),
        **({"model": model} if model else {}),
    }
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, signal.default_int_handler)
    OUT.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="data-", dir=OUT) as data_dir:
        robot = RobotMemory(data_dir, parameters)
        try:
            return 1 if run(robot) else 0
        except Skipped as skipped:
            console.print(f"The node refuses, as it should with MEMORY_BACKEND=skip: {escape(str(skipped))}")
            return 0
        except DemoFailed as failure:
            console.print(
                f"[red]The demo failed: {escape(str(failure))}.[/] The node's log is {NODE_LOG}; its last lines:"
            )
            console.print(escape("".join(NODE_LOG.read_text().splitlines(keepends=True)[-12:])))
            return 1
        except KeyboardInterrupt:
            console.print("\nStopped; the node is being ended.")
            return 130
        finally:
            robot.close()


if __name__ == "__main__":
    sys.exit(main())
