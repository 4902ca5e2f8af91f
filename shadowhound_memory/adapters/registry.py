"""The adapters on this machine: those shipped with the package, read-only, and the robot's own in its data directory.

Versions are folders `<task>/<scope>/<version>/`, written once: numbers are the robot's own, `shipped-1` and so
on are not, so that no name is both. The robot's own have a pointer `<task>/<scope>/current`: the versions that served,
a line each, the present one last. Beside a version that was trained on memories that were forgotten stands
`<version>.forgotten`, and it serves no more. `forgotten` holds the hashes of all memories that were, so that an adapter
that was in training meanwhile is not taken over.
"""

import json
import os
import re
import shutil
import tempfile
import time
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from shadowhound_memory.adapters.card import CARD, AdapterCard, Scope
from shadowhound_memory.adapters.verify import (
    TRAINED_ON_FORGOTTEN,
    AdapterRefused,
    forgotten_mark,
    read_card,
    refuse_forgotten,
    verify,
)
from shadowhound_memory.models.base import Task

SHIPPED = Path("share/shadowhound_memory/adapters")
CURRENT = "current"
FORGOTTEN = "forgotten"
_VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


@dataclass(frozen=True)
class Entry:
    """A version in the registry; `name` is `<task>/<scope>/<version>`, `problem` why its card cannot be read, or that
    memories it was trained on were forgotten."""

    name: str
    folder: Path
    shipped: bool
    card: AdapterCard | None
    problem: str | None = None


class Registry:
    """Versions in `own` (it need not exist) and in `shipped`, by default the folder that comes with the package."""

    def __init__(self, own: Path, shipped: Path | None = None) -> None:
        self.own = own
        self.shipped = shipped or _shipped_folder()

    def entries(self) -> list[Entry]:
        """All versions, the robot's own first, each with its card or what is wrong with it."""
        found = []
        for root in filter(None, (self.own, self.shipped)):
            for task in get_args(Task):
                for scope in get_args(Scope):
                    names = sorted(_versions(root / task / scope), key=_age)
                    found += [_entry(root, f"{task}/{scope}/{name}", root != self.own) for name in names]
        return found

    def get(self, name: str) -> Entry:
        """The version of this name, the robot's own before a shipped one. Raises AdapterRefused if there is none."""
        task, scope, version = (*name.split("/"), "", "")[:3]
        for root in filter(None, (self.own, self.shipped)):
            if task in get_args(Task) and scope in get_args(Scope) and version in _versions(root / task / scope):
                return _entry(root, f"{task}/{scope}/{version}", root != self.own)
        raise AdapterRefused(f"there is no adapter {name}; `shadowhound-memory adapters list` names those there are")

    def folder(self, name: str) -> Path:
        """The folder of a version, or of an adapter anywhere that is named by it. Raises AdapterRefused."""
        return Path(name) if Path(name).is_dir() else self.get(name).folder

    def current(self, task: Task, scope: Scope) -> Entry | None:
        """What serves this task and scope: what the robot's pointer names, else the newest shipped version.

        Raises AdapterRefused when the pointer names a version that is not there.
        """
        if served := self._served(task, scope):
            return self.get(f"{task}/{scope}/{served[-1]}")
        shipped = sorted(_versions(self.shipped / task / scope), key=_age) if self.shipped else []
        return _entry(self.shipped, f"{task}/{scope}/{shipped[-1]}", True) if self.shipped and shipped else None

    def add(self, folder: Path) -> Entry:
        """Take a trained adapter over as the next version of its task and scope; it is whole or not there.

        Raises AdapterRefused when its files do not stand the check or memories it was trained on were forgotten,
        OSError when the disk is full or read-only.
        """
        card = verify(folder)
        parent = self.own / card.task / card.scope
        parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=parent, prefix=".adding-") as temporary:
            made = Path(temporary) / "version"
            _copy(folder, made, (CARD, *card.files))
            taken = (path.name.removesuffix(".forgotten") for path in parent.iterdir())
            number = 1 + max((int(name) for name in taken if name.isdigit()), default=0)
            while True:
                try:
                    made.rename(parent / str(number))
                    break
                except OSError:
                    if not (parent / str(number)).exists():
                        raise
                    number += 1
        _sync(parent)
        # Only now, for from here on `forget` finds the version.
        parents_marked = any(forgotten_mark(self.own / parent).exists() for parent in card.parents)
        if parents_marked or self.has_forgotten(card):
            shutil.rmtree(parent / str(number))
            raise AdapterRefused(TRAINED_ON_FORGOTTEN)
        return self.get(f"{card.task}/{card.scope}/{number}")

    def set_current(self, entry: Entry) -> None:
        """Let this version serve its task and scope from now on. Raises AdapterRefused where the check does."""
        verify(entry.folder)
        task, scope, version = entry.name.split("/")
        self._point(task, scope, [*self._served(task, scope), version])

    def roll_back(self, task: Task, scope: Scope) -> Entry | None:
        """Let the version serve that did before, and was not trained on what was forgotten since. Returns it.

        Raises AdapterRefused where none of the robot's serves.
        """
        served = self._served(task, scope) if task in get_args(Task) and scope in get_args(Scope) else []
        if not served:
            raise AdapterRefused(f"no {task} adapter of this robot serves the scope {scope}")
        kept = [name for name in served[:-1] if not forgotten_mark(self.own / task / scope / name).exists()]
        self._point(task, scope, kept)
        return self.current(task, scope)

    def forget(self, memories: Collection[str], *, dry_run: bool = False) -> list[str]:
        """Mark the robot's own versions that were trained on any of these memories (each a `memory_sha256`), or made
        from one that was: they serve no more. Returns their names; `dry_run` marks none. Raises OSError.
        """
        if not dry_run:
            self.own.mkdir(parents=True, exist_ok=True)
            _append(self.own / FORGOTTEN, memories)
        cards = {entry.name: entry.card for entry in self.entries() if entry.card and not entry.shipped}
        going = set(memories)
        reached = {name: found for name, card in cards.items() if (found := len(going.intersection(card.memories)))}
        while made_from := {
            name: sum(reached.get(parent, 0) for parent in card.parents)
            for name, card in cards.items()
            if name not in reached and not reached.keys().isdisjoint(card.parents)
        }:
            reached |= made_from
        if not dry_run:
            for name, count in reached.items():
                _append(forgotten_mark(self.own / name), [json.dumps({"memories": count, "at": round(time.time(), 3)})])
        return list(reached)

    def has_forgotten(self, card: AdapterCard) -> bool:
        """Whether any of the memories that an adapter was trained on was forgotten here."""
        if not card.memories:
            return False
        try:
            forgotten = (self.own / FORGOTTEN).read_text(encoding="utf-8").split()
        except FileNotFoundError:
            return False
        return not set(forgotten).isdisjoint(card.memories)

    def _served(self, task: str, scope: str) -> list[str]:
        try:
            return (self.own / task / scope / CURRENT).read_text(encoding="utf-8").split()
        except FileNotFoundError:
            return []

    def _point(self, task: str, scope: str, served: list[str]) -> None:
        pointer = self.own / task / scope / CURRENT
        pointer.parent.mkdir(parents=True, exist_ok=True)
        written = pointer.with_name(f".{CURRENT}-{os.getpid()}")
        try:
            written.unlink(missing_ok=True)
            _append(written, served)
            written.replace(pointer)
        except OSError as error:
            raise OSError(error.errno, error.strerror, str(pointer)) from error
        finally:
            written.unlink(missing_ok=True)


def _copy(folder: Path, target: Path, names: Collection[str]) -> None:
    target.mkdir()
    for name in names:
        try:
            with (target / name).open("wb") as file:
                file.write((folder / name).read_bytes())
                os.fsync(file.fileno())
        except OSError as error:
            raise OSError(error.errno, error.strerror, str(target / name)) from error


def _sync(folder: Path) -> None:
    """What was renamed within a folder outlasts a power cut."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _append(path: Path, lines: Collection[str]) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write("".join(f"{line}\n" for line in lines))
        file.flush()
        os.fsync(file.fileno())


def _versions(folder: Path) -> list[str]:
    if not folder.is_dir():
        return []
    return [path.name for path in folder.iterdir() if path.is_dir() and _VERSION.fullmatch(path.name)]


def _age(version: str) -> tuple[int, str]:
    number = version.rpartition("-")[2]
    return (int(number) if number.isdigit() else 0, version)


def _entry(root: Path, name: str, shipped: bool) -> Entry:
    card = None
    try:
        card = read_card(root / name)
        refuse_forgotten(root / name)
        return Entry(name, root / name, shipped, card)
    except AdapterRefused as refused:
        return Entry(name, root / name, shipped, card, str(refused))


def _shipped_folder() -> Path | None:
    """`share/shadowhound_memory/adapters` of the checkout or of the prefix that the package is installed in."""
    places = (parent / SHIPPED for parent in Path(__file__).resolve().parents)
    return next((place for place in places if place.is_dir()), None)
