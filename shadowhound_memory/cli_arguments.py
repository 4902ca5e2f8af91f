"""What the words after `shadowhound-memory` mean: settings, poses, times and the missions that are asked about."""

import argparse
import difflib
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from shadowhound_memory.errors import Code, ShadowhoundError
from shadowhound_memory.question import Filter
from shadowhound_memory.record import Pose, explain
from shadowhound_memory.settings import Settings

_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?|[-+]?(?:nan|inf)", re.I)


def join_poses(argv: Sequence[str]) -> list[str]:
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


def read_settings(arguments: argparse.Namespace) -> Settings:
    """The settings that the options give, the defaults for the rest. Raises ShadowhoundError INVALID."""
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


def read_pose(said: str | None, frame: str) -> Pose | None:
    """What follows --pose; None without it. Raises ShadowhoundError INVALID."""
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


def read_time(said: str, settings: Settings) -> float:
    """What follows --asked-at, in seconds since the epoch; an ISO time without an offset is in the settings' time zone.

    Raises ShadowhoundError INVALID.
    """
    if _NUMBER.fullmatch(said):
        return float(said)
    try:
        at = datetime.fromisoformat(re.sub(r"[zZ]$", "+00:00", said))
    except ValueError:
        raise ShadowhoundError(
            Code.INVALID, f"--asked-at {said}: write a time such as 2025-03-10T18:40, or seconds since the epoch"
        ) from None
    return (at if at.tzinfo else at.replace(tzinfo=settings.zone)).timestamp()


def read_filter(arguments: argparse.Namespace) -> Filter:
    """The filter of what --mission names; all missions without it. Raises ShadowhoundError INVALID."""
    try:
        return Filter(missions=tuple(arguments.mission))
    except ValidationError as error:
        raise explain(error, "--mission") from error
