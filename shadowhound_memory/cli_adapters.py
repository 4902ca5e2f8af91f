"""The subcommand `shadowhound-memory adapters`."""

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import get_args

from shadowhound_memory.adapters.composition import DENSITY, Method, compose
from shadowhound_memory.adapters.promotion import check_promotion, present_version
from shadowhound_memory.adapters.registry import Entry, Registry
from shadowhound_memory.adapters.verify import AdapterRefused, read_card, verify
from shadowhound_memory.console import out, print_json
from shadowhound_memory.errors import Code, ShadowhoundError
from shadowhound_memory.models.base import Task
from shadowhound_memory.models.files import base_sha256, find_language_model
from shadowhound_memory.prompts import template_hash
from shadowhound_memory.settings import Settings

HELP = "the adapters on this machine: list, check, put to use, compose, merge"
MANY = ("list", "verify", "compose")
ONE = ("show", "promote", "rollback", "merge")
"""What takes the name of one adapter."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of the subcommand."""
    parser.add_argument("action", choices=(*MANY, *ONE))
    parser.add_argument(
        "names",
        nargs="*",
        metavar="NAME",
        help="TASK/SCOPE/VERSION; for promote and merge also the folder of a trained adapter, for rollback TASK/SCOPE, "
        "for compose two or more as NAME=WEIGHT",
    )
    parser.add_argument("--out", type=Path, help="merge: folder to write (default: the model's and version's names)")
    parser.add_argument("--method", choices=get_args(Method), help="compose: how to combine (default: cat)")
    parser.add_argument("--density", type=float, help=f"compose: share kept by ties and dare (default: {DENSITY})")


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Run it. Returns the exit code; raises ShadowhoundError for what is refused."""
    registry = Registry(settings.directory / "adapters")
    try:
        _check_arguments(arguments)
        match arguments.action:
            case "list" | "verify":
                return _list(registry, arguments, settings)
            case "show":
                _show(registry.get(arguments.names[0]))
            case "promote" | "rollback":
                _put_to_use(registry, arguments, settings)
            case "compose":
                _compose(registry, arguments, settings)
            case "merge":
                _merge(registry, arguments, settings)
    except AdapterRefused as refused:
        raise ShadowhoundError(Code.INVALID, str(refused)) from refused
    return 0


def _check_arguments(arguments: argparse.Namespace) -> None:
    action, names = arguments.action, arguments.names
    if action in ONE and len(names) != 1:
        raise AdapterRefused(f"{action} takes the name of one adapter, such as writing/fleet/1")
    for option, owner in (("out", "merge"), ("method", "compose"), ("density", "compose")):
        if getattr(arguments, option) is not None and action != owner:
            raise AdapterRefused(f"--{option} is for {owner}, not for {action}")


def _list(registry: Registry, arguments: argparse.Namespace, settings: Settings) -> int:
    entries = [registry.get(name) for name in arguments.names] if arguments.names else registry.entries()
    checked = arguments.action == "verify"
    tasks = {entry.card.task for entry in entries if entry.card} if checked else ()
    bases = {task: _base(settings, task) for task in tasks}
    if tasks and not any(bases.values()):
        raise AdapterRefused("verify holds adapters against the local model, and the settings name none: give --model")
    refused = 0
    for entry in entries:
        problem = _problem(entry, bases) if checked else entry.problem
        refused += checked and problem is not None
        place = "shipped" if entry.shipped else "own"
        if arguments.json:
            parents = list(entry.card.parents) if entry.card else []
            document = {"name": entry.name, "folder": str(entry.folder), "place": place, "parents": parents}
            print_json(document | {"problem": problem})
            continue
        about = f"{entry.card.base_model}, rank {entry.card.rank}" if entry.card else ""
        made_of = f"made of {', '.join(entry.card.parents)}" if entry.card and entry.card.parents else ""
        state = problem or ("good" if checked else "")
        out.print("  ".join(filter(None, (entry.name, place, about, made_of, state))), markup=False)
    if not entries and not arguments.json:
        out.print("no adapter is registered")
    return 1 if refused else 0


def _compose(registry: Registry, arguments: argparse.Namespace, settings: Settings) -> None:
    parts: dict[str, float] = {}
    for part in arguments.names:
        name, _, weight = part.partition("=")
        try:
            number = float(weight)
        except ValueError:
            raise AdapterRefused(f"{part}: write NAME=WEIGHT, such as writing/site/1=0.5") from None
        if name in parts:
            raise AdapterRefused(f"{name} is named twice; add its weights up")
        parts[name] = number
    entry = compose(registry, parts, settings, arguments.method or "cat", arguments.density)
    if arguments.json:
        print_json({"name": entry.name, "folder": str(entry.folder)})
        return
    out.print(f"{entry.name}  {entry.folder}", markup=False)
    if entry.card and not entry.card.evaluation:
        out.print("it serves once it is measured (`python -m training.evaluate … --card`) and promoted", markup=False)


def _merge(registry: Registry, arguments: argparse.Namespace, settings: Settings) -> None:
    from shadowhound_memory.models.merging import merge  # torch

    made = merge(registry.folder(arguments.names[0]), settings, arguments.out)
    if arguments.json:
        print_json(made)
    else:
        out.print(
            f"{made['folder']}: says what base and adapter say, {made['tokens']} tokens of {made['probes']} replies "
            f"compared, {made['tied']} of them tied",
            markup=False,
        )


def _put_to_use(registry: Registry, arguments: argparse.Namespace, settings: Settings) -> None:
    name = arguments.names[0]
    if arguments.action == "promote":
        folder = Path(name)
        card = read_card(folder) if folder.is_dir() else registry.get(name).card
        if card is None:
            raise AdapterRefused(registry.get(name).problem or "its card cannot be read")
        if card.scope == "robot" and card.scope_name != settings.robot_id:
            raise AdapterRefused(
                f"it is the robot {card.scope_name}'s, and this is {settings.robot_id}: train it with "
                f"--scope-name {settings.robot_id}, or name its robot with --robot-id"
            )
        base = _base(settings, card.task)
        _check(registry.folder(name), base)
        check_promotion(card, present_version(registry, card, base or card.base_sha256))
        entry: Entry | None = registry.add(folder) if folder.is_dir() else registry.get(name)
        if entry:
            registry.set_current(entry)
    else:
        task, _, scope = name.partition("/")
        if not scope:
            raise AdapterRefused(f"{name!r}: write TASK/SCOPE, such as writing/site")
        entry = registry.roll_back(task, scope)
    current = entry.name if entry else None
    if arguments.json:
        print_json({"current": current})
    else:
        out.print(f"current: {current or 'none'}", markup=False)


def _show(entry: Entry) -> None:
    if entry.card is None:
        raise AdapterRefused(entry.problem or "its card cannot be read")
    sys.stdout.write(entry.card.model_dump_json(indent=2) + "\n")


def _base(settings: Settings, task: Task) -> str | None:
    """The sha256 of the local model that does a task, None where none does."""
    named = settings.for_task(task)
    if named.memory_backend != "local" or named.model == "none":
        return None
    return base_sha256(find_language_model(named))


def _problem(entry: Entry, bases: Mapping[Task, str | None]) -> str | None:
    """Why an adapter may not be loaded with its task's base, given by sha256; None when it may."""
    try:
        _check(entry.folder, bases[entry.card.task] if entry.card else None)
    except AdapterRefused as refused:
        return str(refused)
    return None


def _check(folder: Path, base: str | None) -> None:
    card = verify(folder, base_sha256=base)
    if template_hash(card.task) != card.template_sha256:
        raise AdapterRefused("it was trained with another prompt than this version has; train it again")
