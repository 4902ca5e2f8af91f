"""Adapters at run time: which ones there are, and the explicit choice of one for its task."""

from dataclasses import dataclass
from typing import get_args

from shadowhound_memory.adapters.registry import Entry, Registry
from shadowhound_memory.adapters.verify import AdapterRefused
from shadowhound_memory.errors import Code, ModelUnavailable, ShadowhoundError
from shadowhound_memory.models import Models
from shadowhound_memory.models.base import LanguageModel, Task
from shadowhound_memory.models.local import LocalModel
from shadowhound_memory.settings import Settings


@dataclass(frozen=True)
class KnownAdapter:
    """A version in the registry. `current`: it serves its task and scope. `chosen`: it goes before any other.

    `problem` is why it may not serve, None when it may.
    """

    entry: Entry
    current: bool
    chosen: bool
    problem: str | None


def known_adapters(settings: Settings, models: Models, task: str | None) -> list[KnownAdapter]:
    """The adapters of a task, or all, the robot's own first. Raises INVALID for a task that is none."""
    if task is not None and task not in get_args(Task):
        raise ShadowhoundError(Code.INVALID, f"task = {task!r}: must be one of {', '.join(get_args(Task))}")
    registry = Registry(settings.directory / "adapters")
    return [
        _known(entry, registry, settings, models)
        for entry in registry.entries()
        if task is None or entry.name.startswith(f"{task}/")
    ]


def load_adapter(settings: Settings, models: Models, name: str) -> None:
    """Load an adapter and let it serve its task before any other.

    Raises NOT_FOUND, INVALID when it may not serve or cannot be loaded, MODEL_UNAVAILABLE; the choice stays as it was.
    """
    try:
        entry = Registry(settings.directory / "adapters").get(name)
    except AdapterRefused as missing:
        raise ShadowhoundError(Code.NOT_FOUND, str(missing)) from None
    try:
        _local(settings, models, entry.name).load_adapter(entry)
    except AdapterRefused as refused:
        raise ShadowhoundError(Code.INVALID, f"{entry.name} was not loaded: {refused}") from refused
    except ModelUnavailable as unavailable:
        raise ShadowhoundError(Code.MODEL_UNAVAILABLE, f"{entry.name} was not loaded: {unavailable}") from unavailable


def unload_adapter(models: Models, name: str) -> None:
    """Take back what `load_adapter` chose. Raises NOT_FOUND when that is another one or none."""
    model = _model(models, name)
    if not (isinstance(model, LocalModel) and model.unload_adapter(name)):
        raise ShadowhoundError(Code.NOT_FOUND, f"{name!r} is not loaded by load_adapter; nothing was changed")


def _known(entry: Entry, registry: Registry, settings: Settings, models: Models) -> KnownAdapter:
    chosen, problem = False, entry.problem
    if entry.card is not None:
        try:
            local = _local(settings, models, entry.name)
            choice = local.chosen(entry.card.task)
            chosen = choice is not None and choice.folder == entry.folder
            local.check_adapter(entry)
        except AdapterRefused as refused:
            problem = str(refused)
    return KnownAdapter(entry, _is_current(entry, registry), chosen, problem)


def _is_current(entry: Entry, registry: Registry) -> bool:
    if entry.card is None:
        return False
    try:
        serves = registry.current(entry.card.task, entry.card.scope)
    except AdapterRefused:  # the pointer names a version that is not there
        return False
    return serves is not None and serves.folder == entry.folder


def _model(models: Models, name: str) -> LanguageModel | None:
    """The model of the task that an adapter's name begins with."""
    return next((models.for_task(task) for task in get_args(Task) if name.startswith(f"{task}/")), None)


def _local(settings: Settings, models: Models, name: str) -> LocalModel:
    """The model that an adapter is for, where it serves adapters. Raises AdapterRefused."""
    model = _model(models, name)
    if isinstance(model, LocalModel):
        return model
    named = "model 'none'" if model is None else f"memory_backend {settings.memory_backend!r}"
    raise AdapterRefused(f"{named} lacks the capability `dynamic`; a local model (memory_backend 'local') has it")
