"""Adapters at run time, and requests in plain words that become calls of a tool."""

import json
from typing import Any

from rclpy.callback_groups import MutuallyExclusiveCallbackGroup
from rclpy.qos import QoSProfile

from shadowhound_memory.errors import Code, ShadowhoundError
from shadowhound_memory.manager import MemoryManager
from shadowhound_memory.ros.access import Access, refusals
from shadowhound_memory.serving import KnownAdapter
from shadowhound_memory_msgs.msg import Adapter
from shadowhound_memory_msgs.srv import ListAdapters, LoadAdapter, SkillCall, UnloadAdapter

DEPTH = 100
"""Requests to one service that may wait."""


class Adapters:
    """The services. Loading and calling take as long as the model does; each holds up its own kind only, and neither
    is waited for when the node is deactivated."""

    def __init__(self, access: Access) -> None:
        self._access = access
        adapters, skills = MutuallyExclusiveCallbackGroup(), MutuallyExclusiveCallbackGroup()
        for name, service, callback, group in (
            ("list_adapters", ListAdapters, self._list, adapters),
            ("load_adapter", LoadAdapter, self._load, adapters),
            ("unload_adapter", UnloadAdapter, self._unload, adapters),
            ("skill_call", SkillCall, self._call, skills),
        ):
            access.node.create_service(
                service, f"~/{name}", callback, qos_profile=QoSProfile(depth=DEPTH), callback_group=group
            )

    def _manager(self) -> MemoryManager:
        """The manager, not kept open: what asks its model when it is closed is told that it is."""
        with self._access.manager() as manager:
            return manager

    def _list(self, request: ListAdapters.Request, response: ListAdapters.Response) -> ListAdapters.Response:
        with refusals(response, self._access.node):
            response.adapters = [_message(known) for known in self._manager().adapters(request.task or None)]
            response.message = f"{len(response.adapters)} adapters"
        return response

    def _load(self, request: LoadAdapter.Request, response: LoadAdapter.Response) -> LoadAdapter.Response:
        with refusals(response, self._access.node):
            self._manager().load_adapter(request.name)
            response.message = f"{request.name} is loaded and serves its task"
        return response

    def _unload(self, request: UnloadAdapter.Request, response: UnloadAdapter.Response) -> UnloadAdapter.Response:
        with refusals(response, self._access.node):
            self._manager().unload_adapter(request.name)
            response.message = f"{request.name} is unloaded; its task is served as before"
        return response

    def _call(self, request: SkillCall.Request, response: SkillCall.Response) -> SkillCall.Response:
        with refusals(response, self._access.node):
            manager = self._manager()
            call = manager.skill_call(request.request, _tool(request.tool))
            response.arguments = json.dumps(call.arguments, ensure_ascii=False)
            response.route, response.fallback_reason = call.route, call.fallback_reason or ""
            response.message = "the arguments are valid"
        return response


def _tool(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ShadowhoundError(Code.INVALID, f"tool: is no JSON: {error}") from None


def _message(known: KnownAdapter) -> Adapter:
    task, scope, _ = known.entry.name.split("/")
    card = known.entry.card
    return Adapter(
        name=known.entry.name,
        task=task,
        scope=scope,
        scope_name=card.scope_name if card else "",
        base_model=card.base_model if card else "",
        shipped=known.entry.shipped,
        current=known.current,
        chosen=known.chosen,
        problem=known.problem or "",
    )
