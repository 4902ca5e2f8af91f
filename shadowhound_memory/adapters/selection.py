"""Which adapter serves a task: a chosen one before the robot's before the site's before the fleet's current one.

The first that stands the check serves.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Literal

from shadowhound_memory.adapters.registry import Entry, Registry
from shadowhound_memory.adapters.verify import AdapterRefused, refuse_forgotten, verify
from shadowhound_memory.models.base import Task

ORDER: tuple[Literal["robot", "site", "fleet"], ...] = ("robot", "site", "fleet")


@dataclass(frozen=True)
class Selection:
    """The adapter for a task, or none; `reason` says why."""

    name: str | None
    folder: Path | None
    reason: str


@dataclass(frozen=True)
class Serving:
    """What an adapter must fit to serve a task here: the robot, the base and the task's prompt.

    `failed`: folders of adapters that the model could not load, each with the reason.
    """

    robot_id: str
    base_sha256: str
    template_sha256: str
    failed: Mapping[Path, str] = field(default_factory=dict)

    def check(self, entry: Entry) -> None:
        """Raise AdapterRefused, or OSError where its files cannot be read, when a version may not serve here."""
        refuse_forgotten(entry.folder)
        if problem := _problem(entry.folder, _stamp(entry.folder), self.base_sha256, self.template_sha256):
            raise AdapterRefused(problem)
        if entry.card and entry.card.scope == "robot" and entry.card.scope_name != self.robot_id:
            raise AdapterRefused(f"it is the robot {entry.card.scope_name}'s")
        if entry.folder in self.failed:
            raise AdapterRefused(self.failed[entry.folder])


def select(registry: Registry, task: Task, serving: Serving, chosen: Entry | None = None) -> Selection:
    """The adapter that serves a task: `chosen`, else a scope's current one. Never raises; what is refused is told."""
    refused = []
    for scope in (None, *ORDER):
        try:
            entry = chosen if scope is None else registry.current(task, scope)
            if entry is None:
                continue
            serving.check(entry)
        except (AdapterRefused, OSError) as problem:
            refused.append(f"{scope or 'chosen'} adapter refused: {problem}")
            continue
        why = f"the {scope}'s current {task} adapter" if scope else f"the {task} adapter chosen by load_adapter"
        return Selection(entry.name, entry.folder, "; ".join([*refused, why]))
    return Selection(None, None, "; ".join(refused) or f"no {task} adapter is registered")


def _stamp(folder: Path) -> tuple[object, ...]:
    """Name, size and time of change (of content or rights) of each file of a version."""
    with os.scandir(folder) as files:
        return tuple(sorted((file.name, file.stat().st_size, file.stat().st_ctime_ns) for file in files))


@lru_cache(maxsize=64)
def _problem(folder: Path, stamp: tuple[object, ...], base_sha256: str, template_sha256: str) -> str | None:
    """What the check says against a version, None when it stands. Versions are written once: one is read again only
    when its files' stamp is another."""
    try:
        verify(folder, base_sha256=base_sha256, template_sha256=template_sha256)
    except AdapterRefused as refused:
        return str(refused)
    return None
