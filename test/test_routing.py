"""Routing: every combination of what is asked for and what there is gives a route, and a fallback says why."""

import pytest

from shadowhound_memory.errors import ModelUnavailable
from shadowhound_memory.models.base import CAPABILITIES, Completion, Priority, Request, Task
from shadowhound_memory.routing import route
from shadowhound_memory.settings import Settings


class Model:
    """As much of a language model as routing looks at."""

    name = "some-model"

    def __init__(self, state: str = "ready", adapter: str | None = None) -> None:
        self.state = state
        self.capabilities = CAPABILITIES["local"]
        self._adapter = adapter

    def adapter_for(self, task: Task) -> tuple[str | None, str]:
        return (self._adapter, "chosen") if self._adapter else (None, f"no {task} adapter is registered")

    def complete(self, requests: list[Request], priority: Priority, timeout: float) -> list[Completion]:
        raise ModelUnavailable("this model only has a state")

    def close(self) -> None:
        pass


@pytest.mark.parametrize("settings", [Settings(memory_backend="skip"), Settings(model="none")])
def test_no_model_is_a_choice_and_no_fallback(settings):
    way = route("writing", settings, None)
    assert (str(way), way.fallback_reason) == ("rules", None)


def test_a_ready_model_is_asked_with_the_strict_prompt():
    way = route("recall", Settings(), Model())
    assert (str(way), way.fallback_reason) == ("local/some-model/base/strict", None)


def test_the_backend_is_told():
    assert str(route("recall", Settings(memory_backend="openai"), Model())) == "openai/some-model/base/strict"


@pytest.mark.parametrize("state", ["loading", "died 3 times"])
def test_a_model_that_is_not_ready_leaves_it_to_the_rules_and_says_why(state):
    way = route("writing", Settings(), Model(state))
    assert str(way) == "rules"
    assert state in (way.fallback_reason or "")


def test_a_model_that_is_not_there_is_a_fallback():
    assert "local" in (route("writing", Settings(), None).fallback_reason or "")


@pytest.mark.parametrize(
    ("mode", "task", "wanted"),
    [
        ("none", "writing", False),
        ("writing", "writing", True),
        ("writing", "recall", False),
        ("recall", "recall", True),
        ("all", "writing", True),
        ("all", "recall", True),
    ],
)
def test_an_adapter_that_is_asked_for_and_missing_is_told(mode, task, wanted):
    way = route(task, Settings(adapter_mode=mode), Model())
    assert str(way) == "local/some-model/base/strict"
    assert (way.fallback_reason is not None) == wanted
    assert not wanted or f"{task} adapter" in (way.fallback_reason or "")


@pytest.mark.parametrize(("mode", "used"), [("none", False), ("writing", True), ("recall", False), ("all", True)])
def test_an_adapter_serves_the_tasks_of_the_adapter_mode(mode, used):
    way = route("writing", Settings(adapter_mode=mode), Model(adapter="writing/fleet/1"))
    assert (way.adapter, way.prompt) == (("writing/fleet/1", "adapter") if used else (None, "strict"))
    assert way.fallback_reason is None
