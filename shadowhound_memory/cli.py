"""The command `shadowhound-memory`: everything the memory does, without ROS."""

import argparse
import io
import json
import logging
import os
import sys
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from shadowhound_memory.adapters.promotion import check_promotion
from shadowhound_memory.adapters.registry import Entry, Registry
from shadowhound_memory.adapters.verify import AdapterRefused, read_card, verify
from shadowhound_memory.errors import Code, ModelUnavailable, ShadowhoundError
from shadowhound_memory.exchange import (
    answer_document,
    memory_document,
    read_rows,
    row_to_question,
    row_to_record,
)
from shadowhound_memory.manager import MemoryManager
from shadowhound_memory.models.files import base_sha256, find_language_model, find_models, prepare
from shadowhound_memory.prompts import template_hash
from shadowhound_memory.question import Answer
from shadowhound_memory.record import Memory, Observation, Pose, explain
from shadowhound_memory.settings import Settings

MODEL_LOAD_TIMEOUT = 180.0
FINISH_TIMEOUT = 24 * 3600.0

out = Console(soft_wrap=True, highlight=False)
err = Console(stderr=True, soft_wrap=True, highlight=False)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command. Returns 0, 1 when something was refused, 2 for wrong arguments, 130 after Ctrl-C."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a memory may hold any letter, whatever the locale can say
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    arguments = _parser().parse_args(argv)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s: %(message)s")
    try:
        code: int = arguments.run(arguments, _settings(arguments))
        sys.stdout.flush()
        return code
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except ShadowhoundError as error:
        if arguments.json:
            print(json.dumps({"code": error.code, "message": error.sentence}, ensure_ascii=False))
        err.print(f"shadowhound-memory: {error.sentence}", style="red", markup=False)
        return 1
    except ModelUnavailable as error:
        err.print(f"shadowhound-memory: {error}", style="red", markup=False)
        return 1
    except OSError as error:
        err.print(f"shadowhound-memory: {error.strerror}: {error.filename}", style="red", markup=False)
        return 1
    except KeyboardInterrupt:
        err.print("shadowhound-memory: interrupted; what was acknowledged is kept")
        return 130


def _parser() -> argparse.ArgumentParser:
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--data-dir", help="where memories are kept (default: the user's data directory / robot id)")
    common.add_argument("--robot-id", help="the robot's name (default: robot)")
    common.add_argument("--backend", choices=("openai", "local", "skip"), help="who runs the model (default: local)")
    common.add_argument(
        "--adapter-mode", choices=("none", "writing", "recall", "all"), help="tasks that use an adapter"
    )
    common.add_argument("--model", help="model name, directory or GGUF file; none for rules only")
    common.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="any other setting")
    common.add_argument("--json", action="store_true", help="JSON on standard output, a line each")

    parser = argparse.ArgumentParser(prog="shadowhound-memory", description="A robot's persistent memory.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, run: Any, help: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, parents=[common], help=help, description=help)
        sub.set_defaults(run=run)
        return sub

    write = command("write", _write, "keep one observation")
    write.add_argument("text")
    write.add_argument("--pose", type=float, nargs="+", metavar="N", help="X Y [YAW] in metres and radians")
    write.add_argument("--frame", default="map", help="frame of the pose (default: map)")
    write.add_argument("--time", type=float, help="seconds since the epoch (default: now)")
    write.add_argument("--mission", help="mission id (default: the current one)")
    write.add_argument("--source", default="person", help="who perceived it (default: person)")

    recall = command("recall", _recall, "answer a question, or a file of questions; works beside a running node")
    recall.add_argument("question", nargs="?")
    recall.add_argument(
        "--questions", type=Path, metavar="FILE.jsonl", help='rows {"id"?, "question", "asked_at"?, "filter"?}'
    )
    recall.add_argument("--mission", action="append", default=[], help="only memories of this mission; may be repeated")
    recall.add_argument("-k", type=int, help="memories to search")

    imported = command("import", _import, "keep the observations or full records of a JSON Lines file")
    imported.add_argument("file", type=Path)

    command("export", _export, "all memories as JSON Lines, superseded ones included")
    command("stats", _stats, "what is kept, how well the models do, and what would help")
    command("check", _check, "look for problems in the store")
    command("reindex", _reindex, "make all vectors and the index anew")

    models = command("models", _models, "which model files are found or missing, and how to bring them to the robot")
    models.add_argument("--prepare", action="store_true", help="convert what is found into the forms that are loaded")

    adapters = command("adapters", _adapters, "the adapters on this machine: list, check, put to use")
    adapters.add_argument("action", choices=("list", "show", "verify", "promote", "rollback"))
    adapters.add_argument(
        "name",
        nargs="?",
        help="TASK/SCOPE/VERSION; for promote also the folder of a trained adapter, for rollback TASK/SCOPE",
    )
    return parser


def _settings(arguments: argparse.Namespace) -> Settings:
    given = {
        "data_dir": arguments.data_dir,
        "robot_id": arguments.robot_id,
        "memory_backend": arguments.backend,
        "adapter_mode": arguments.adapter_mode,
        "model": arguments.model,
    }
    values: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    for pair in arguments.set:
        name, equals, value = pair.partition("=")
        if not equals:
            raise ShadowhoundError(
                Code.INVALID, f"--set {pair}: write NAME=VALUE, such as --set timezone=Europe/Berlin"
            )
        values[name] = value
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        raise explain(error, "setting") from error


def _progress() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=err, transient=True)


def _print_json(document: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(document, ensure_ascii=False) + "\n")


def _write(arguments: argparse.Namespace, settings: Settings) -> int:
    try:
        observation = Observation(
            text=arguments.text,
            pose=_pose(arguments.pose, arguments.frame),
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
        _print_json(memory_document(written))
    else:
        out.print(
            f"{written.id}  {written.event}  {written.text}  {' '.join(written.tags)}  ({written.route})", markup=False
        )
    return 0


def _pose(numbers: list[float] | None, frame: str) -> Pose | None:
    if numbers is None:
        return None
    if len(numbers) not in (2, 3):
        raise ShadowhoundError(Code.INVALID, f"--pose takes X Y or X Y YAW, not {len(numbers)} numbers")
    try:
        x, y, yaw = (*numbers, 0.0)[:3]
        return Pose(x=x, y=y, yaw=yaw, frame_id=frame)
    except ValidationError as error:
        raise explain(error, "--pose") from error


def _recall(arguments: argparse.Namespace, settings: Settings) -> int:
    if (arguments.question is None) == (arguments.questions is None):
        raise ShadowhoundError(Code.INVALID, "recall takes either a question or --questions FILE.jsonl, one of the two")
    if arguments.questions:
        rows = list(read_rows(arguments.questions))
    else:
        rows = [(1, {"question": arguments.question, "filter": {"missions": arguments.mission}, "k": arguments.k})]
    refused = 0
    with MemoryManager.open(settings, read_only=True) as memory, _progress() as progress:
        memory.wait_for_model(MODEL_LOAD_TIMEOUT)
        for number, row in progress.track(rows, description="asking"):
            try:
                if isinstance(row, ShadowhoundError):
                    raise row
                answer = memory.recall(row_to_question(row))
            except ShadowhoundError as error:
                if not arguments.questions:
                    raise
                refused += 1
                err.print(f"line {number}: {error.sentence}", style="red", markup=False)
                if arguments.json:
                    identity = row.get("id") if isinstance(row, dict) else None
                    _print_json({"id": identity, "code": error.code, "message": error.sentence})
                continue
            if arguments.json:
                _print_json(answer_document(answer))
            else:
                _show_answer(answer, settings)
    return 1 if refused else 0


def _show_answer(answer: Answer, settings: Settings) -> None:
    out.print(answer.answer, style="bold", markup=False)
    for citation in answer.citations:
        when = datetime.fromtimestamp(citation.memory.timestamp, settings.zone)
        out.print(f"  [{citation.n}] {when:%Y-%m-%d %H:%M:%S}  {citation.memory.text}", markup=False)
    if answer.place:
        out.print(f"  place: ({answer.place.x:.2f}, {answer.place.y:.2f}) in {answer.place.frame_id}", markup=False)
    why = f" ({answer.fallback_reason})" if answer.fallback_reason else ""
    out.print(
        f"  route: {answer.route}{why}, {answer.seconds:.2f} s, trace {answer.trace_id}", style="dim", markup=False
    )


def _import(arguments: argparse.Namespace, settings: Settings) -> int:
    rows = list(read_rows(arguments.file))
    kept: list[tuple[str | None, str]] = []
    refused = 0
    with MemoryManager.open(settings) as memory, _progress() as progress:
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
        bar = progress.add_task("finishing", total=len(kept))
        memory.wait_until_idle(
            FINISH_TIMEOUT,
            lambda status: progress.update(bar, completed=len(kept) - max(status.pending, status.unembedded)),
        )
        if arguments.json:
            for observation_id, memory_id in kept:
                _print_json(memory_document(memory.get(memory_id)) | {"observation_id": observation_id})
    if not arguments.json:
        out.print(f"{len(kept)} kept, {refused} refused")
    return 1 if refused else 0


def _open_without_model(settings: Settings, *, read_only: bool = False) -> MemoryManager:
    return MemoryManager.open(settings.model_copy(update={"model": "none"}), read_only=read_only)


def _export(arguments: argparse.Namespace, settings: Settings) -> int:
    with _open_without_model(settings, read_only=True) as memory:
        for one in memory.memories():
            _print_json(memory_document(one))
    return 0


def _stats(arguments: argparse.Namespace, settings: Settings) -> int:
    with _open_without_model(settings, read_only=True) as memory:
        stats = memory.stats()
    if arguments.json:
        _print_json(stats)
        return 0
    for title in ("status", "rates", "counters"):
        table = Table(title=title, title_justify="left", show_header=False)
        for name, value in stats[title].items():
            if name != "advice":
                table.add_row(name, f"{value:g}" if isinstance(value, float) else str(value))
        out.print(table)
    for advice in stats["rates"]["advice"]:
        out.print(f"advice: {advice}", style="yellow", markup=False)
    return 0


def _check(arguments: argparse.Namespace, settings: Settings) -> int:
    with _open_without_model(settings, read_only=True) as memory:
        problems = memory.check()
        count = memory.status().memories
    if arguments.json:
        _print_json({"memories": count, "problems": problems})
    for problem in problems:
        err.print(problem, style="red", markup=False)
    if not problems and not arguments.json:
        out.print(f"{count} memories, no problem found")
    return 1 if problems else 0


def _reindex(arguments: argparse.Namespace, settings: Settings) -> int:
    with _open_without_model(settings) as memory, _progress() as progress:
        memory.reindex()
        status = memory.status()
        bar = progress.add_task("embedding", total=status.memories)
        memory.wait_until_idle(
            FINISH_TIMEOUT, lambda now: progress.update(bar, completed=now.memories - now.unembedded)
        )
    if arguments.json:
        _print_json({"memories": status.memories})
    else:
        out.print(f"{status.memories} memories embedded and indexed anew")
    return 0


def _models(arguments: argparse.Namespace, settings: Settings) -> int:
    if arguments.prepare:
        prepare(settings)
    files = find_models(settings)
    for file in files:
        if arguments.json:
            _print_json(vars(file) | {"path": str(file.path) if file.path else None})
            continue
        out.print(f"{file.what}: {file.state}{f' ({file.path})' if file.path else ''}", markup=False)
        for place in file.looked:
            out.print(f"  looked in {place}", style="dim", markup=False)
        if file.advice:
            out.print(f"  {file.advice}", markup=False)
    return 1 if any(file.state == "missing" for file in files) else 0


def _adapters(arguments: argparse.Namespace, settings: Settings) -> int:
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
            _print_json({"name": entry.name, "folder": str(entry.folder), "place": place, "problem": problem})
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
        check_promotion(card, present.card if present else None)
        entry: Entry | None = registry.add(folder) if folder.is_dir() else registry.get(arguments.name)
        if entry:
            registry.set_current(entry)
    else:
        task, _, scope = arguments.name.partition("/")
        entry = registry.roll_back(task, scope)
    name = entry.name if entry else None
    if arguments.json:
        _print_json({"current": name})
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


if __name__ == "__main__":
    sys.exit(main())
