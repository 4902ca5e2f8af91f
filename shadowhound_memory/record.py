"""Observation, Memory and Pose: what is told to the robot's memory and what it keeps.

SI units, radians, ENU axes and frames by REP-103 and REP-105. Times are seconds since the epoch (UTC) here and in JSON;
the store keeps them as integer nanoseconds.
"""

import json
import unicodedata
from functools import cache
from typing import Annotated, Any, Literal, get_args

from jsonschema import Draft202012Validator
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    JsonValue,
    StringConstraints,
    ValidationError,
    model_validator,
)

from shadowhound_memory.errors import Code, ShadowhoundError

SCHEMA_VERSION = 1

Event = Literal[
    "object_seen",
    "object_moved",
    "object_missing",
    "person_seen",
    "place_entered",
    "state_changed",
    "hazard_seen",
    "battery_status",
    "task_started",
    "task_succeeded",
    "task_failed",
    "speech_heard",
    "note",
]
TagKind = Literal["object", "room", "person", "state", "area", "skill", "hazard", "note"]
Status = Literal["pending", "current", "superseded"]
Writer = Literal["model", "rules", "person"]

EVENTS: tuple[str, ...] = get_args(Event)
TAG_KINDS: tuple[str, ...] = get_args(TagKind)
TAG_PATTERN = rf"^({'|'.join(TAG_KINDS)}):[^\sA-Z:_]+(_[^\sA-Z:_]+)*$"


def _printable(text: str) -> str:
    """Refuse control characters (line breaks and tabs are legal) and text without a visible character."""
    bad = next((c for c in text if unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\t\r"), None)
    if bad is not None:
        raise ValueError(f"holds the control character {bad!r}; remove it")
    if all(unicodedata.category(c) in ("Cc", "Cf", "Zs", "Zl", "Zp") for c in text):
        raise ValueError("is empty; say something in it")
    return text


def _one_line(text: str) -> str:
    if any(c in text for c in "\n\t\r"):
        raise ValueError("holds a line break or tab; use one line")
    return _printable(text)


Text = Annotated[str, AfterValidator(_printable)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(_one_line)]
Tag = Annotated[str, StringConstraints(max_length=120, pattern=TAG_PATTERN)]
Frame = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\s/]+(/[^\s/]+)*$"), AfterValidator(_printable)]
Finite = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Metres = Annotated[float, Field(strict=True, allow_inf_nan=False, ge=-1e7, le=1e7)]
Confidence = Annotated[float, Field(strict=True, allow_inf_nan=False, ge=0, le=1)]


class Pose(BaseModel):
    """A planar place in a frame: metres and radians, yaw counter-clockwise from x (REP-103)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    x: Metres
    y: Metres
    z: Metres = 0.0
    yaw: Finite = 0.0
    frame_id: Frame = "map"


class Observation(BaseModel):
    """What the robot perceived, in words, before any model saw it.

    `timestamp` None means now; `id` None means that one is made (uuid7). `pose` is where the robot stood at
    `timestamp`, None where it is not known. `mission_id`, `robot_id` and `map_id` None mean the current mission and the
    settings. `extra` holds fields of an imported row that this version does not know; they are kept with the memory.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: Text
    id: Name | None = None
    timestamp: Finite | None = None
    end_time: Finite | None = None
    pose: Pose | None = None
    object_pose: Pose | None = None
    mission_id: Name | None = None
    robot_id: Name | None = None
    map_id: Name | None = None
    source: Name = "robot"
    tags: tuple[Tag, ...] = Field(default=(), max_length=32)
    confidence: Confidence = 1.0
    extra: dict[str, JsonValue] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _range_is_forward(self) -> "Observation":
        if self.end_time is not None and (self.timestamp is None or self.end_time < self.timestamp):
            raise ValueError(
                f"end_time {self.end_time} needs a timestamp at or before it; swap them or leave end_time out"
            )
        return self


class Memory(BaseModel):
    """One kept memory. `pose` is where the robot stood (one can drive there), `object_pose` where the thing is.

    Fields that this version does not know are kept. The JSON Schema (draft 2020-12) of this class is
    `config/memory.schema.json`.
    """

    model_config = ConfigDict(frozen=True, extra="allow")

    id: Name
    event: Event
    text: Text
    pose: Pose | None
    tags: tuple[Tag, ...] = Field(max_length=64)
    mission_id: Name
    timestamp: Finite
    end_time: Finite | None = None
    map_id: Name = "default"
    robot_id: Name
    source: Name
    object_pose: Pose | None = None
    confidence: Confidence = 1.0
    status: Status
    written_by: Writer
    degraded: bool = False
    raw_text: Text
    supersedes: Name | None = None
    model: Name | None = None
    adapter: Name | None = None
    route: str | None = None
    recorded_at: Finite
    schema_version: Annotated[int, Field(ge=1, lt=2**31)] = SCHEMA_VERSION

    @model_validator(mode="after")
    def _range_is_forward(self) -> "Memory":
        if self.end_time is not None and self.end_time < self.timestamp:
            raise ValueError(f"end_time {self.end_time} lies before the timestamp {self.timestamp}; swap them")
        return self


class Draft(BaseModel):
    """The only fields of a memory that a language model may write."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    event: Event
    text: Text
    tags: tuple[Tag, ...] = Field(max_length=16)


def memory_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a memory as it stands in JSON; flat, without `allOf`."""
    schema = Memory.model_json_schema()
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["$id"] = f"shadowhound_memory/memory-v{SCHEMA_VERSION}"
    return schema


@cache
def _validator() -> Draft202012Validator:
    return Draft202012Validator(memory_schema())


def validate_memory(memory: Memory) -> None:
    """Check a memory against the shipped JSON Schema. Raises ShadowhoundError INVALID."""
    document = json.loads(memory.model_dump_json())
    for error in _validator().iter_errors(document):
        raise ShadowhoundError(Code.INVALID, f"memory {memory.id}: {error.json_path} {error.message}")


def explain(error: ValidationError, what: str) -> ShadowhoundError:
    """A pydantic error as one sentence: the field, the value and the rule."""
    first = error.errors(include_url=False)[0]
    field = ".".join(str(part) for part in first["loc"]) or "value"
    value = repr(first["input"])
    shown = value if len(value) <= 80 else value[:77] + "…"
    rule = first["msg"].removeprefix("Value error, ")
    return ShadowhoundError(Code.INVALID, f"{what}: {field} = {shown}: {rule}")
