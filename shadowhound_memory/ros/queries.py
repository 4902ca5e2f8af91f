"""What is asked of the memory: recall as a service and as an action, and the care of single memories and missions."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from rclpy.action import ActionServer, CancelResponse
from rclpy.action.server import ServerGoalHandle
from rclpy.callback_groups import MutuallyExclusiveCallbackGroup, ReentrantCallbackGroup
from rclpy.qos import QoSProfile

from shadowhound_memory.errors import Code
from shadowhound_memory.manager import MemoryManager
from shadowhound_memory.question import Answer as CoreAnswer
from shadowhound_memory.ros import conversions
from shadowhound_memory.ros.access import Access, refusals
from shadowhound_memory.ros.markers import Markers
from shadowhound_memory_msgs.action import Answer
from shadowhound_memory_msgs.srv import Correct, EndMission, Forget, GetMemory, Rate, Recall, StartMission

DEPTH = 1000
"""Requests to one service that may wait."""


class Queries:
    """The services and the action. Recalls run side by side, the rest one after another.

    Goals are taken and cancelled one after another too: a cancel must not meet a goal that is just being accepted.
    """

    def __init__(self, access: Access, markers: Markers) -> None:
        self._access = access
        self._markers = markers
        node, recalls, care = access.node, ReentrantCallbackGroup(), MutuallyExclusiveCallbackGroup()
        node.create_service(
            Recall, "~/recall", self._recall, qos_profile=QoSProfile(depth=DEPTH), callback_group=recalls
        )
        self._action = ActionServer(
            node,
            Answer,
            "~/answer",
            self._answer,
            callback_group=MutuallyExclusiveCallbackGroup(),
            cancel_callback=lambda _: CancelResponse.ACCEPT,
        )
        for name, service, callback in (
            ("get_memory", GetMemory, self._get),
            ("forget", Forget, self._forget),
            ("correct", Correct, self._correct),
            ("rate", Rate, self._rate),
            ("start_mission", StartMission, self._start_mission),
            ("end_mission", EndMission, self._end_mission),
        ):
            node.create_service(
                service,
                f"~/{name}",
                self._served(callback),
                qos_profile=QoSProfile(depth=DEPTH),
                callback_group=care,
            )

    def _served(self, callback: Callable[[MemoryManager, Any, Any], None]) -> Callable[[Any, Any], Any]:
        @wraps(callback)
        def serve(request: Any, response: Any) -> Any:
            with refusals(response, self._access.node), self._access.manager() as manager:
                callback(manager, request, response)
            return response

        return serve

    def _ask(
        self, request: Recall.Request | Answer.Goal, on_stage: Callable[[str], None], cancelled: Callable[[], bool]
    ) -> CoreAnswer:
        with self._access.manager() as manager:
            deadline = conversions.duration(request.deadline, "deadline")
            here = None if request.has_pose else self._access.pose_at(None)
            question = conversions.question(request, here)
            return manager.recall(
                question,
                deadline=deadline,
                on_stage=on_stage,
                cancelled=lambda: cancelled() or self._access.stopping.is_set(),
            )

    def _recall(self, request: Recall.Request, response: Recall.Response) -> Recall.Response:
        with refusals(response, self._access.node):
            conversions.fill_answer(self._ask(request, lambda _: None, lambda: False), response)
        return response

    def _answer(self, goal: ServerGoalHandle) -> Answer.Result:
        result = Answer.Result()
        with refusals(result, self._access.node):
            answer = self._ask(
                goal.request,
                lambda stage: goal.publish_feedback(Answer.Feedback(stage=stage)),
                lambda: goal.is_cancel_requested,
            )
            conversions.fill_answer(answer, result)
        if result.code == Code.OK:
            goal.succeed()
        elif result.code == Code.CANCELLED and goal.is_cancel_requested:
            goal.canceled()
        else:
            goal.abort()
        return result

    def _get(self, manager: MemoryManager, request: GetMemory.Request, response: GetMemory.Response) -> None:
        response.memory = conversions.memory_message(manager.get(request.id))
        response.message = f"memory {request.id} was found"

    def _forget(self, manager: MemoryManager, request: Forget.Request, response: Forget.Response) -> None:
        chosen = conversions.memory_filter(request.filter) if request.has_filter else None
        forgotten = manager.forget(request.ids, filter=chosen, dry_run=request.dry_run)
        response.ids, response.adapters = list(forgotten.ids), list(forgotten.adapters)
        if not request.dry_run:
            self._markers.drop(response.ids)
        response.message = f"{len(response.ids)} memories {'would go' if request.dry_run else 'are gone'}"
        if response.adapters:
            serve = "would serve no more" if request.dry_run else "serve no more"
            response.message += f"; {len(response.adapters)} adapters trained on them {serve}"

    def _correct(self, manager: MemoryManager, request: Correct.Request, response: Correct.Response) -> None:
        memory = manager.correct(
            request.id,
            text=request.text or None,
            event=request.event or None,
            tags=list(request.tags) if request.has_tags else None,
        )
        response.memory = conversions.memory_message(memory)
        response.message = f"memory {memory.id} supersedes {request.id}"

    def _rate(self, manager: MemoryManager, request: Rate.Request, response: Rate.Response) -> None:
        manager.rate(request.trace_id, request.right)
        response.message = f"the answer of trace {request.trace_id} is kept as {'right' if request.right else 'wrong'}"

    def _start_mission(
        self, manager: MemoryManager, request: StartMission.Request, response: StartMission.Response
    ) -> None:
        response.mission_id = manager.start_mission(request.mission_id or None)
        routes = "; ".join(f"{task} by {way}" for task, way in manager.routes().items())
        response.message = f"mission {response.mission_id} is the current one; {routes}"
        self._access.node.get_logger().info(response.message)

    def _end_mission(self, manager: MemoryManager, request: EndMission.Request, response: EndMission.Response) -> None:
        response.mission_id = manager.end_mission(request.mission_id or None)
        response.message = f"mission {response.mission_id} has ended"
