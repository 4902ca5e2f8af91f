"""The subcommand `shadowhound-memory adapters`."""

import argparse
import sys
from pathlib import Path

from shadowhound_memory.adapters.promotion import check_promotion
from shadowhound_memory.adapters.registry import Entry, Registry
from shadowhound_memory.adapters.verify import AdapterRefused, read_card, verify
from shadowhound_memory.console import out, print_json
from shadowhound_memory.errors import Code, ShadowhoundError
from shadowhound_memory.models.files import base_sha256, find_language_model
from shadowhound_memory.prompts import template_hash
from shadowhound_memory.settings import Settings

HELP = "the adapters on this machine: list, check, put to use"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of the subcommand."""
    parser.add_argument("action", choices=("list", "show", "verify", "promote", "rollback"))
    parser.add_argument(
        "name",
        nargs="?",
        help="TASK/SCOPE/VERSION; for promote also the folder of a trained adapter, for rollback TASK/SCOPE",
    )


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Run it. Returns the exit code; raises ShadowhoundError for what is refused."""
    registry = Registry(settings.directory / "adapters")
    try:
        if arguments.action not in ("list", "verify") and not arguments.name:
            raise AdapterRefused(f"{arguments.action} takes the name of an adapter, such as writing/fleet/1")
        if arguments.action in ("promote", "rollback"):
            return _put_to_use(registry, arguments)
        entries = [registry.get(arguments.name)] if arguments.name else registry.entries()
        if arguments.action == "show":
            _show_adapter(entries[0])
            return 0
        problems = {entry.name: _problem(entry, settings) for entry in entries if arguments.action == "verify"}
    except AdapterRefused as refused:
        raise ShadowhoundError(Code.INVALID, str(refused)) from refused
    for entry in entries:
        problem = problems.get(entry.name) or entry.problem
        place = "shipped" if entry.shipped else "own"
        if arguments.json:
            print_json({"name": entry.name, "folder": str(entry.folder), "place": place, "problem": problem})
            continue
        about = f"{entry.card.base_model}, rank {entry.card.rank}" if entry.card else ""
        state = "good" if arguments.action == "verify" and not problem else problem or ""
        out.print("  ".join(filter(None, (entry.name, place, about, state))), markup=False)
    if not entries and not arguments.json:
        out.print("no adapter is registered")
    return 1 if any(problems.values()) else 0


def _put_to_use(registry: Registry, arguments: argparse.Namespace) -> int:
    if arguments.action == "promote":
        folder = Path(arguments.name)
        card = read_card(folder) if folder.is_dir() else registry.get(arguments.name).card
        if card is None:
            raise AdapterRefused(registry.get(arguments.name).problem or "its card cannot be read")
        present = registry.current(card.task, card.scope)
        check_promotion(card, present.card if present and not present.problem else None)
        entry: Entry | None = registry.add(folder) if folder.is_dir() else registry.get(arguments.name)
        if entry:
            registry.set_current(entry)
    else:
        task, _, scope = arguments.name.partition("/")
        entry = registry.roll_back(task, scope)
    name = entry.name if entry else None
    if arguments.json:
        print_json({"current": name})
    else:
        out.print(f"current: {name or 'none'}", markup=False)
    return 0


def _show_adapter(entry: Entry) -> None:
    if entry.card is None:
        raise AdapterRefused(entry.problem or "its card cannot be read")
    sys.stdout.write(entry.card.model_dump_json(indent=2) + "\n")


def _problem(entry: Entry, settings: Settings) -> str | None:
    """Why an adapter may not be loaded with the model of the settings, None when it may."""
    try:
        card = verify(entry.folder, base_sha256=base_sha256(find_language_model(settings)))
        if template_hash(card.task) != card.template_sha256:
            raise AdapterRefused("it was trained with another prompt than this version has; train it again")
    except AdapterRefused as refused:
        return str(refused)
    return None
