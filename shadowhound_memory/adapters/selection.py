"""Which adapter serves a task: the robot's before the site's before the fleet's, the first that stands the check."""

import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from shadowhound_memory.adapters.registry import Registry
from shadowhound_memory.adapters.verify import AdapterRefused, verify
from shadowhound_memory.models.base import Task

ORDER: tuple[Literal["robot", "site", "fleet"], ...] = ("robot", "site", "fleet")


@dataclass(frozen=True)
class Selection:
    """The adapter for a task, or none; `reason` says why."""

    name: str | None
    folder: Path | None
    reason: str


def select(
    registry: Registry, task: Task, *, robot_id: str, base_sha256: str, template_sha256: str | None
) -> Selection:
    """The adapter that serves a task on this robot and base. Never raises; what is refused is told.

    `template_sha256` None: this version has no adapter prompt for the task.
    """
    refused = []
    for scope in ORDER:
        try:
            entry = registry.current(task, scope)
            if entry is None:
                continue
            if template_sha256 is None:
                raise AdapterRefused("this version has no adapter prompt for the task")
            _verify_once(entry.folder, _stamp(entry.folder), base_sha256, template_sha256)
            if entry.card and scope == "robot" and entry.card.scope_name != robot_id:
                raise AdapterRefused(f"it is the robot {entry.card.scope_name}'s")
        except (AdapterRefused, OSError) as problem:
            refused.append(f"{scope} adapter refused: {problem}")
            continue
        return Selection(entry.name, entry.folder, "; ".join([*refused, f"the {scope}'s current {task} adapter"]))
    return Selection(None, None, "; ".join(refused) or f"no {task} adapter is registered")


def _stamp(folder: Path) -> tuple[object, ...]:
    """Name, size and time of change of each file of a version."""
    with os.scandir(folder) as files:
        return tuple(sorted((file.name, file.stat().st_size, file.stat().st_mtime_ns) for file in files))


@lru_cache(maxsize=64)
def _verify_once(folder: Path, stamp: tuple[object, ...], base_sha256: str, template_sha256: str) -> None:
    """Versions are written once: one that stood the check is read again only when its files' stamp is another."""
    verify(folder, base_sha256=base_sha256, template_sha256=template_sha256)
