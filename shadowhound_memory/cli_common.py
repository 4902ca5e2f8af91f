"""What several subcommands share: how the memory is opened, how long it is waited for, missions that are unknown."""

from collections.abc import Sequence

from shadowhound_memory.console import err
from shadowhound_memory.manager import MemoryManager
from shadowhound_memory.question import Filter
from shadowhound_memory.settings import Settings

MODEL_LOAD_TIMEOUT = 180.0
FINISH_TIMEOUT = 24 * 3600.0


def open_without_model(settings: Settings, *, read_only: bool = False) -> MemoryManager:
    """The memory for a command that asks no model, which need not load one."""
    without = settings.model_copy(update={"model": "none", "writing_model": "", "recall_model": ""})
    return MemoryManager.open(without, read_only=read_only)


def note_unknown(memory: MemoryManager, missions: Sequence[str]) -> None:
    """Note on standard error each mission that no memory is of."""
    for mission in missions:
        if next(memory.memories(Filter(missions=(mission,)), limit=1), None) is None:
            err.print(f"note: no memory is of mission {mission!r}", style="yellow", markup=False)
