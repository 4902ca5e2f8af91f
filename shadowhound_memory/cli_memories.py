"""The subcommands that put memories in and give them out: `write`, `import`, `export`, and `tracks` of many."""

import argparse
import time
from datetime import datetime

from pydantic import ValidationError

from shadowhound_memory.cli_arguments import read_filter, read_pose
from shadowhound_memory.cli_common import FINISH_TIMEOUT, MODEL_LOAD_TIMEOUT, note_unknown, open_without_model
from shadowhound_memory.console import err, out, print_json, progress_bar
from shadowhound_memory.errors import ShadowhoundError
from shadowhound_memory.exchange import memory_document, read_rows, row_to_record
from shadowhound_memory.manager import MemoryManager
from shadowhound_memory.record import Memory, Observation, explain
from shadowhound_memory.settings import Settings
from shadowhound_memory.words import stems


def write(arguments: argparse.Namespace, settings: Settings) -> int:
    """Keep one observation and show the finished memory. Returns the exit code."""
    try:
        observation = Observation(
            text=arguments.text,
            pose=read_pose(arguments.pose, arguments.frame),
            timestamp=arguments.time,
            mission_id=arguments.mission,
            source=arguments.source,
        )
    except ValidationError as error:
        raise explain(error, "observation") from error
    with MemoryManager.open(settings) as memory:
        memory.wait_for_model(MODEL_LOAD_TIMEOUT)
        written = memory.write(observation, wait=MODEL_LOAD_TIMEOUT)
        memory.wait_until_idle(MODEL_LOAD_TIMEOUT)
    if arguments.json:
        print_json(memory_document(written))
    else:
        out.print(
            f"{written.id}  {written.event}  {written.text}  {' '.join(written.tags)}  ({written.route})", markup=False
        )
    return 0


def import_rows(arguments: argparse.Namespace, settings: Settings) -> int:
    """Keep the rows of a file; those that are refused are named by their lines. Returns the exit code."""
    rows = list(read_rows(arguments.file))
    kept: list[tuple[str | None, str]] = []
    refused = 0
    with MemoryManager.open(settings) as memory, progress_bar() as progress:
        before = memory.status().memories
        for number, row in progress.track(rows, description="importing"):
            try:
                if isinstance(row, ShadowhoundError):
                    raise row
                record = row_to_record(row, settings.robot_id, time.time())
                written = memory.keep(record) if isinstance(record, Memory) else memory.write(record)
                kept.append((row.get("id"), written.id))
            except ShadowhoundError as error:
                refused += 1
                err.print(f"line {number}: {error.sentence}", style="red", markup=False)
        new = memory.status().memories - before
        bar = progress.add_task("finishing", total=len(kept))
        memory.wait_until_idle(
            FINISH_TIMEOUT,
            lambda status: progress.update(bar, completed=len(kept) - max(status.pending, status.unembedded)),
        )
        if arguments.json:
            for observation_id, memory_id in kept:
                print_json(memory_document(memory.get(memory_id)) | {"observation_id": observation_id})
    if not arguments.json:
        there = f"{len(kept) - new} already there, " if len(kept) > new else ""
        out.print(f"{new} kept, {there}{refused} refused")
    return 1 if refused else 0


def export(arguments: argparse.Namespace, settings: Settings) -> int:
    """Print all memories as JSON Lines. Returns the exit code."""
    with open_without_model(settings, read_only=True) as memory:
        for one in memory.memories():
            print_json(memory_document(one))
    return 0


def tracks(arguments: argparse.Namespace, settings: Settings) -> int:
    """Show the tracks. Returns the exit code."""
    filter = read_filter(arguments)
    asked = stems(arguments.thing or "")
    with open_without_model(settings, read_only=True) as memory:
        note_unknown(memory, filter.missions)
        found = [track for track in memory.tracks(filter) if asked <= stems(track.thing)]
    if arguments.json:
        for track in found:
            print_json(track.model_dump(mode="json"))
        return 0
    for track in found:
        place = track.pose or track.object_pose
        where = "" if place is None else f"at ({place.x:.2f}, {place.y:.2f}) in {place.frame_id} of {track.map_id}"
        first, last = (datetime.fromtimestamp(t, settings.zone) for t in (track.first_seen, track.last_seen))
        seen = f"seen {track.count} × from {first:%Y-%m-%d %H:%M} to {last:%Y-%m-%d %H:%M}"
        out.print(f"{track.thing}  {track.state}  {where}  {seen}  by {track.robot_id}", markup=False)
    if not found:
        called = f"called {arguments.thing} " if arguments.thing else ""
        out.print(f"no thing {called}was seen at a place", markup=False)
    return 0
