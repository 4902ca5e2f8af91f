"""What the local model and its worker process say to each other."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from shadowhound_memory.models.base import Completion, Priority, Request


@dataclass(frozen=True)
class Load:
    """First message to the worker: what to load."""

    folder: Path
    device: str
    dtype: str
    quantize: str


@dataclass(frozen=True)
class Job:
    """To the worker: complete these. Lower numbers were asked earlier. `adapters`: the folders of those named in it."""

    number: int
    priority: Priority
    requests: list[Request]
    adapters: dict[str, Path] = field(default_factory=dict)


@dataclass(frozen=True)
class Cancel:
    """To the worker: nobody waits for this job any more."""

    number: int


@dataclass(frozen=True)
class Loaded:
    """From the worker: ready, or the reason why the model cannot be loaded."""

    reason: str | None = None


Refused = Literal["grammar", "prompt"]
"""What of a request is at fault."""


@dataclass(frozen=True)
class Result:
    """From the worker: the completions of a job, or the reason why there are none."""

    number: int
    completions: list[Completion] | None
    reason: str | None = None
    adapter: str | None = None
    """The adapter that is at fault."""
    refused: Refused | None = None
