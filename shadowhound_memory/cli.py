"""The command `shadowhound-memory`: everything the memory does, without ROS."""

import argparse
import difflib
import io
import json
import logging
import os
import re
import sys
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from shadowhound_memory import cli_adapters
from shadowhound_memory.console import err, out, print_json
from shadowhound_memory.errors import Code, ModelUnavailable, ShadowhoundError
from shadowhound_memory.exchange import (
    answer_document,
    memory_document,
    read_rows,
    row_to_question,
    row_to_record,
)
from shadowhound_memory.manager import MemoryManager
from shadowhound_memory.models.files import find_models, prepare
from shadowhound_memory.question import Answer, Filter
from shadowhound_memory.record import Memory, Observation, Pose, explain
from shadowhound_memory.settings import Settings

MODEL_LOAD_TIMEOUT = 180.0
FINISH_TIMEOUT = 24 * 3600.0

_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?|[-+]?(?:nan|inf)", re.I)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command. Returns 0, 1 when something was refused, 2 for wrong arguments, 130 after Ctrl-C."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a memory may hold any letter, whatever the locale can say
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    arguments = _parser().parse_args(_with_poses_joined(sys.argv[1:] if argv is None else argv))
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


def _with_poses_joined(argv: Sequence[str]) -> list[str]:
    """The arguments with the two or three numbers after --pose as one, which leaves what follows them alone."""
    joined: list[str] = []
    numbers: list[str] | None = None
    for argument in argv:
        if numbers is not None and len(numbers) < 3 and _NUMBER.fullmatch(argument):
            numbers.append(argument)
            joined[-1] = f"--pose={','.join(numbers)}"
        else:
            numbers = [] if argument == "--pose" else None
            joined.append(argument)
    return joined


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

    def add_pose(sub: argparse.ArgumentParser, what: str) -> None:
        sub.add_argument("--pose", metavar="X Y [YAW]", help=f"{what}, in metres and radians")
        sub.add_argument("--frame", default="map", help="frame of the pose (default: map)")

    write = command("write", _write, "keep one observation")
    write.add_argument("text")
    add_pose(write, "where the robot stood")
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
    add_pose(recall, "where the asker is, for 'here' and 'the nearest'")
    recall.add_argument(
        "--asked-at",
        metavar="TIME",
        help="when it is asked, as 2025-03-10T18:40 or in seconds since the epoch (default: now)",
    )

    imported = command("import", _import, "keep the observations or full records of a JSON Lines file")
    imported.add_argument("file", type=Path)

    trace = command("trace", _trace, "how an answer came about, or the latest answers; works beside a running node")
    trace.add_argument("id", nargs="?", metavar="ID", help="the trace id of the answer; none: list the latest")
    trace.add_argument("-n", type=int, default=20, help="how many to list (default: 20)")

    rate = command("rate", _rate, "say whether an answer was right; works beside a running node")
    rate.add_argument("id", metavar="TRACE_ID", help="the trace id of the answer")
    rate.add_argument("verdict", choices=("right", "wrong"))

    command("export", _export, "all memories as JSON Lines, superseded ones included")
    tracks = command("tracks", _tracks, "what repeated sightings say together: each thing, where it is, and since when")
    tracks.add_argument("thing", nargs="?", help="only things whose name holds these words")
    tracks.add_argument("--mission", action="append", default=[], help="only memories of this mission; may be repeated")
    command("stats", _stats, "what is kept, how well the models do, and what would help")
    command("check", _check, "look for problems in the store")
    command("reindex", _reindex, "make all vectors and the index anew")

    models = command("models", _models, "which model files are found or missing, and how to bring them to the robot")
    models.add_argument("--prepare", action="store_true", help="convert what is found into the forms that are loaded")

    cli_adapters.add_arguments(command("adapters", cli_adapters.run, cli_adapters.HELP))
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
        if name not in Settings.model_fields:
            near = difflib.get_close_matches(name, Settings.model_fields, 1, 0)[0]
            raise ShadowhoundError(
                Code.INVALID,
                f"--set {pair}: there is no setting {name!r}; the nearest is {near!r}; docs/interfaces.md lists all",
            )
        values[name] = value
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        raise explain(error, "setting") from error


def _progress() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=err, transient=True)


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
        print_json(memory_document(written))
    else:
        out.print(
            f"{written.id}  {written.event}  {written.text}  {' '.join(written.tags)}  ({written.route})", markup=False
        )
    return 0


def _pose(said: str | None, frame: str) -> Pose | None:
    if said is None:
        return None
    numbers = re.split(r"[,\s]+", said.strip())
    if len(numbers) not in (2, 3) or not all(map(_NUMBER.fullmatch, numbers)):
        raise ShadowhoundError(Code.INVALID, f"--pose takes the numbers X Y or X Y YAW, not {said!r}")
    try:
        x, y, yaw = (*map(float, numbers), 0.0)[:3]
        return Pose(x=x, y=y, yaw=yaw, frame_id=frame)
    except ValidationError as error:
        raise explain(error, "--pose") from error


def _asked_at(said: str, settings: Settings) -> float:
    """Seconds since the epoch; an ISO time without an offset is in the settings' time zone."""
    if _NUMBER.fullmatch(said):
        return float(said)
    try:
        at = datetime.fromisoformat(re.sub(r"[zZ]$", "+00:00", said))
    except ValueError:
        raise ShadowhoundError(
            Code.INVALID, f"--asked-at {said}: write a time such as 2025-03-10T18:40, or seconds since the epoch"
        ) from None
    return (at if at.tzinfo else at.replace(tzinfo=settings.zone)).timestamp()


def _filter(arguments: argparse.Namespace) -> Filter:
    try:
        return Filter(missions=tuple(arguments.mission))
    except ValidationError as error:
        raise explain(error, "--mission") from error


def _note_unknown(memory: MemoryManager, missions: Sequence[str]) -> None:
    for mission in missions:
        if next(memory.memories(Filter(missions=(mission,)), limit=1), None) is None:
            err.print(f"note: no memory is of mission {mission!r}", style="yellow", markup=False)


def _recall(arguments: argparse.Namespace, settings: Settings) -> int:
    if (arguments.question is None) == (arguments.questions is None):
        raise ShadowhoundError(Code.INVALID, "recall takes either a question or --questions FILE.jsonl, one of the two")
    pose = _pose(arguments.pose, arguments.frame)
    given: dict[str, Any] = {
        "filter": {"missions": arguments.mission},
        "k": arguments.k,
        "pose": pose and pose.model_dump(),
        "asked_at": _asked_at(arguments.asked_at, settings) if arguments.asked_at else None,
    }
    rows = list(read_rows(arguments.questions)) if arguments.questions else [(1, {"question": arguments.question})]
    refused = 0
    with MemoryManager.open(settings, read_only=True) as memory, _progress() as progress:
        _note_unknown(memory, _filter(arguments).missions)
        memory.wait_for_model(MODEL_LOAD_TIMEOUT)
        for number, row in progress.track(rows, description="asking"):
            try:
                if isinstance(row, ShadowhoundError):
                    raise row
                answer = memory.recall(row_to_question(given | row))
            except ShadowhoundError as error:
                if not arguments.questions:
                    raise
                refused += 1
                err.print(f"line {number}: {error.sentence}", style="red", markup=False)
                if arguments.json:
                    identity = row.get("id") if isinstance(row, dict) else None
                    print_json({"id": identity, "code": error.code, "message": error.sentence})
                continue
            if arguments.json:
                print_json(answer_document(answer))
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
    if answer.place and not answer.best_pose:
        out.print(f"  not to be driven to: {answer.best_pose_refused}", markup=False)
    why = f" ({answer.fallback_reason})" if answer.fallback_reason else ""
    out.print(
        f"  route: {answer.route}{why}, {answer.seconds:.2f} s, trace {answer.trace_id}", style="dim", markup=False
    )


def _trace(arguments: argparse.Namespace, settings: Settings) -> int:
    with _open_without_model(settings, read_only=True) as memory:
        if arguments.id is None:
            latest = memory.traces(max(arguments.n, 0))
        else:
            found = memory.trace(arguments.id)
    if arguments.id is not None:
        if arguments.json:
            print_json({"id": arguments.id, **found})
        else:
            _show_trace(arguments.id, found, settings)
        return 0
    for trace_id, at, trace in latest:
        if arguments.json:
            print_json({"id": trace_id, "at": at, **trace})
            continue
        when = datetime.fromtimestamp(at, settings.zone)
        out.print(
            f"{trace_id}  {when:%Y-%m-%d %H:%M:%S}  {trace.get('question', {}).get('text', '')}",
            style="bold",
            markup=False,
        )
        out.print(f"  {trace.get('answer', '')}", markup=False)
    if not latest:
        err.print("no question was asked yet, or its memories were forgotten since", markup=False)
    return 0


def _rate(arguments: argparse.Namespace, settings: Settings) -> int:
    with _open_without_model(settings, read_only=True) as memory:
        memory.rate(arguments.id, arguments.verdict == "right")
    if arguments.json:
        print_json({"id": arguments.id, "right": arguments.verdict == "right"})
    else:
        out.print(f"the answer of trace {arguments.id} is kept as {arguments.verdict}", markup=False)
    return 0


def _show_trace(trace_id: str, trace: dict[str, Any], settings: Settings) -> None:
    def line(name: str, text: object) -> None:
        out.print(f"{name:<11}{text}", markup=False)

    def compact(values: dict[str, Any]) -> str:
        return ", ".join(f"{name} {json.dumps(value, ensure_ascii=False)}" for name, value in values.items())

    question, plan, cited = dict(trace.get("question", {})), dict(trace.get("plan", {})), trace.get("cited", [])
    asked_at = "unknown"
    if "asked_at" in trace:
        asked_at = f"{datetime.fromtimestamp(trace['asked_at'], settings.zone):%Y-%m-%d %H:%M:%S %Z}"
    decided, search = plan.pop("decided", []), plan.pop("search", "")
    line("trace", trace_id)
    line("question", question.pop("text", "unknown"))
    line("asked at", asked_at + (f", {compact(question)}" if question else ""))
    line("plan", compact({"search": search, **plan}))
    for decision in decided:
        line("", f"- {decision}")
    for number, candidate in enumerate(trace.get("candidates", [])):
        mark = f"[{cited.index(candidate['id']) + 1}]" if candidate["id"] in cited else ""
        line(
            "" if number else "candidates", f"{candidate['score']:.2f} {mark:<4} {candidate['id']}  {candidate['text']}"
        )
    line("cited", ", ".join(f"[{n}] {memory_id}" for n, memory_id in enumerate(cited, 1)) or "nothing")
    line("answer", trace.get("answer", "unknown"))
    line("gives", compact(trace.get("gives", {})) or "no value")
    if trace.get("best_pose_refused"):
        line("best pose", f"none: {trace['best_pose_refused']}")
    line("checks", f"{'abstained' if trace.get('abstained') else 'supported'}: {trace.get('why', 'unknown')}")
    for refusal in trace.get("refused", []):
        line("", f"draft refused: {refusal}")
    if "right" in trace:
        line("rated", "right" if trace["right"] else "wrong")
    why = f" ({trace['fallback_reason']})" if trace.get("fallback_reason") else ""
    line("route", f"{trace.get('route', 'unknown')}{why}, {trace.get('seconds', 0.0):.2f} s")


def _import(arguments: argparse.Namespace, settings: Settings) -> int:
    rows = list(read_rows(arguments.file))
    kept: list[tuple[str | None, str]] = []
    refused = 0
    with MemoryManager.open(settings) as memory, _progress() as progress:
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


def _open_without_model(settings: Settings, *, read_only: bool = False) -> MemoryManager:
    without = settings.model_copy(update={"model": "none", "writing_model": "", "recall_model": ""})
    return MemoryManager.open(without, read_only=read_only)


def _export(arguments: argparse.Namespace, settings: Settings) -> int:
    with _open_without_model(settings, read_only=True) as memory:
        for one in memory.memories():
            print_json(memory_document(one))
    return 0


def _tracks(arguments: argparse.Namespace, settings: Settings) -> int:
    filter = _filter(arguments)
    asked = set((arguments.thing or "").casefold().split())
    with _open_without_model(settings, read_only=True) as memory:
        _note_unknown(memory, filter.missions)
        found = [track for track in memory.tracks(filter) if asked <= set(track.thing.split())]
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
        out.print("no thing was seen at a place")
    return 0


def _stats(arguments: argparse.Namespace, settings: Settings) -> int:
    with _open_without_model(settings, read_only=True) as memory:
        stats = memory.stats()
    if arguments.json:
        print_json(stats)
        return 0
    for title in ("status", "rates", "counters"):
        table = Table(title=title, title_justify="left", show_header=False)
        for name, value in stats[title].items():
            if name != "advice" and value is not None:
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
        print_json({"memories": count, "problems": problems})
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
        print_json({"memories": status.memories})
    else:
        out.print(f"{status.memories} memories embedded and indexed anew")
    return 0


def _models(arguments: argparse.Namespace, settings: Settings) -> int:
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


if __name__ == "__main__":
    sys.exit(main())
