"""The language models behind one protocol: one on this machine, one that is served."""

from shadowhound_memory.metrics import Metrics
from shadowhound_memory.models.base import LanguageModel
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
