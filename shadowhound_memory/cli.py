"""The command `shadowhound-memory`: everything the memory does, without ROS."""

import argparse
import io
import json
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from shadowhound_memory import cli_adapters, cli_answers, cli_care, cli_memories
from shadowhound_memory.cli_arguments import join_poses, read_settings
from shadowhound_memory.console import err
from shadowhound_memory.errors import ModelUnavailable, ShadowhoundError


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command. Returns 0, 1 when something was refused or the store cannot be used, 2 for wrong arguments, 74
    (EX_IOERR) when another file cannot be read or written, 130 after Ctrl-C."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a memory may hold any letter, whatever the locale can say
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    arguments = _parser().parse_args(join_poses(sys.argv[1:] if argv is None else argv))
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s: %(message)s")
    try:
        code: int = arguments.run(arguments, read_settings(arguments))
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
        return os.EX_IOERR
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

    def add_pose(sub: argparse.ArgumentParser, what: str) -> None:
        sub.add_argument("--pose", metavar="X Y [YAW]", help=f"{what}, in metres and radians")
        sub.add_argument("--frame", default="map", help="frame of the pose (default: map)")

    write = command("write", cli_memories.write, "keep one observation")
    write.add_argument("text")
    add_pose(write, "where the robot stood")
    write.add_argument("--time", type=float, help="seconds since the epoch (default: now)")
    write.add_argument("--mission", help="mission id (default: the current one)")
    write.add_argument("--source", default="person", help="who perceived it (default: person)")

    recall = command(
        "recall", cli_answers.recall, "answer a question, or a file of questions; works beside a running node"
    )
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

    imported = command("import", cli_memories.import_rows, "keep the observations or full records of a JSON Lines file")
    imported.add_argument("file", type=Path)

    trace = command(
        "trace", cli_answers.trace, "how an answer came about, or the latest answers; works beside a running node"
    )
    trace.add_argument("id", nargs="?", metavar="ID", help="the trace id of the answer; none: list the latest")
    trace.add_argument("-n", type=int, default=20, help="how many to list (default: 20)")

    rate = command("rate", cli_answers.rate, "say whether an answer was right; works beside a running node")
    rate.add_argument("id", metavar="TRACE_ID", help="the trace id of the answer")
    rate.add_argument("verdict", choices=("right", "wrong"))

    command("export", cli_memories.export, "all memories as JSON Lines, superseded ones included")
    tracks = command(
        "tracks", cli_memories.tracks, "what repeated sightings say together: each thing, where it is, and since when"
    )
    tracks.add_argument("thing", nargs="?", help="only things whose name holds these words")
    tracks.add_argument("--mission", action="append", default=[], help="only memories of this mission; may be repeated")
    command("stats", cli_care.stats, "what is kept, how well the models do, and what would help")
    command("check", cli_care.check, "look for problems in the store")
    command("reindex", cli_care.reindex, "make all vectors and the index anew")

    models = command(
        "models", cli_care.models, "which model files are found or missing, and how to bring them to the robot"
    )
    models.add_argument("--prepare", action="store_true", help="convert what is found into the forms that are loaded")

    cli_adapters.add_arguments(command("adapters", cli_adapters.run, cli_adapters.HELP))
    return parser


if __name__ == "__main__":
    sys.exit(main())
