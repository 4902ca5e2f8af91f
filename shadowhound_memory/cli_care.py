"""The subcommands that look after the memory: `stats`, `check`, `reindex`, and `models` for its model files."""

import argparse

from rich.table import Table

from shadowhound_memory.cli_common import FINISH_TIMEOUT, open_without_model
from shadowhound_memory.console import err, out, print_json, progress_bar
from shadowhound_memory.models.files import find_models, prepare
from shadowhound_memory.settings import Settings


def stats(arguments: argparse.Namespace, settings: Settings) -> int:
    """Show the statistics. Returns the exit code."""
    with open_without_model(settings, read_only=True) as memory:
        found = memory.stats()
    if arguments.json:
        print_json(found)
        return 0
    for title in ("status", "rates", "counters"):
        table = Table(title=title, title_justify="left", show_header=False)
        for name, value in found[title].items():
            if name != "advice" and value is not None:
                table.add_row(name, f"{value:g}" if isinstance(value, float) else str(value))
        out.print(table)
    for advice in found["rates"]["advice"]:
        out.print(f"advice: {advice}", style="yellow", markup=False)
    return 0


def check(arguments: argparse.Namespace, settings: Settings) -> int:
    """Show the problems of the store. Returns the exit code."""
    with open_without_model(settings, read_only=True) as memory:
        problems = memory.check()
        count = memory.status().memories
    if arguments.json:
        print_json({"memories": count, "problems": problems})
    for problem in problems:
        err.print(problem, style="red", markup=False)
    if not problems and not arguments.json:
        out.print(f"{count} memories, no problem found")
    return 1 if problems else 0


def reindex(arguments: argparse.Namespace, settings: Settings) -> int:
    """Make all vectors and the index anew, and wait for it. Returns the exit code."""
    with open_without_model(settings) as memory, progress_bar() as progress:
        memory.reindex()
        status = memory.status()
        bar = progress.add_task("embedding", total=status.memories)
        memory.wait_until_idle(
            FINISH_TIMEOUT, lambda now: progress.update(bar, completed=now.memories - now.unembedded)
        )
    if arguments.json:
        print_json({"memories": status.memories})
    else:
        out.print(f"{status.memories} memories embedded and indexed anew")
    return 0


def models(arguments: argparse.Namespace, settings: Settings) -> int:
    """Show which model files are there. Returns the exit code."""
    if arguments.prepare:
        prepare(settings)
    files = find_models(settings)
    for file in files:
        if arguments.json:
            print_json(vars(file) | {"path": str(file.path) if file.path else None})
            continue
        out.print(f"{file.what}: {file.state}{f' ({file.path})' if file.path else ''}", markup=False)
        for place in file.looked:
            out.print(f"  looked in {place}", style="dim", markup=False)
        if file.advice:
            out.print(f"  {file.advice}", markup=False)
    return 1 if any(file.state == "missing" for file in files) else 0
