"""Routing: which model, adapter and prompt do a task, and why it is not the one that was asked for."""

from dataclasses import dataclass
from typing import Literal

from shadowhound_memory.models.base import LanguageModel, Task
from shadowhound_memory.settings import Settings

Prompt = Literal["adapter", "strict", "rules"]


@dataclass(frozen=True)
class Route:
    """How a task is done; as text `local/smollm2-135m-instruct/base/strict`, or `rules`."""

    task: Task
    model: str
    adapter: str | None
    prompt: Prompt
    fallback_reason: str | None = None
    adapter_reason: str | None = None
    """Why this adapter."""

    def __str__(self) -> str:
        return "rules" if self.prompt == "rules" else f"{self.model}/{self.adapter or 'base'}/{self.prompt}"

    @property
    def explained(self) -> str:
        """The route with the reason for its adapter, or for what was not done as asked."""
        why = self.adapter_reason or self.fallback_reason
        return f"{self} ({why})" if why else str(self)


def route(task: Task, settings: Settings, model: LanguageModel | None) -> Route:
    """The route of a task with these settings and this model (None: there is none).

    Asking for no model (`memory_backend: skip`, `model: none`) is a choice and has no fallback reason; a model that is
    not ready, or an adapter that the model does not have, is a fallback and says why.
    """
    if settings.model_for(task) == "none":
        return by_rules(task)
    if model is None:
        return by_rules(task, f"no {settings.memory_backend} model is available")
    if model.state != "ready":
        return by_rules(task, f"{model.name}: {model.state}")
    name = f"{settings.memory_backend}/{model.name}"
    if settings.adapter_mode not in (task, "all"):
        return Route(task, name, None, "strict")
    adapter, why = model.adapter_for(task)
    if adapter is None:
        return Route(
            task, name, None, "strict", f"adapter_mode {settings.adapter_mode} asks for a {task} adapter: {why}"
        )
    return Route(task, name, adapter, "adapter", adapter_reason=why)


def by_rules(task: Task, reason: str | None = None) -> Route:
    """The route that needs no model; `reason` says why, when a model was asked for."""
    return Route(task, "none", None, "rules", reason)
