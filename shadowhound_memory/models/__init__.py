"""The language models behind one protocol: one on this machine, one that is served."""

from typing import get_args

from shadowhound_memory.metrics import Metrics
from shadowhound_memory.models.base import LanguageModel, Task
from shadowhound_memory.settings import Settings


def open_model(settings: Settings, metrics: Metrics | None = None) -> LanguageModel | None:
    """The model that the settings ask for, loading behind the caller; None for `model: none`. Never raises."""
    if settings.memory_backend == "openai":
        from shadowhound_memory.models.served import ServedModel

        return ServedModel(settings, metrics)
    if settings.model == "none":
        return None
    from shadowhound_memory.models.local import LocalModel

    return LocalModel(settings, metrics)


class Models:
    """The model of each task; tasks whose settings name the same one share it."""

    def __init__(self, settings: Settings, metrics: Metrics) -> None:
        """Open them, loading behind the caller. Never raises."""
        names = {task: settings.model_for(task) for task in get_args(Task)}
        opened = {
            name: open_model(settings.model_copy(update={"model": name}), metrics)
            for name in dict.fromkeys(names.values())
            if name != "none"
        }
        self._models = [model for model in opened.values() if model is not None]
        self._by_task = {task: opened.get(name) for task, name in names.items()}

    def for_task(self, task: Task) -> LanguageModel | None:
        """The model that does a task, None where rules do."""
        return self._by_task[task]

    @property
    def state(self) -> str:
        """`none`, `loading` while any is, `ready` when all are, or why one cannot answer."""
        states = [model.state for model in self._models]
        if not states or "loading" in states:
            return "loading" if states else "none"
        return next((state for state in states if state != "ready"), "ready")

    def close(self) -> None:
        """Stop them and free what they hold."""
        for model in self._models:
            model.close()
