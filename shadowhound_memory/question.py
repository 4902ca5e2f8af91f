"""Question, Filter, Plan, Citation and Answer: what passes through recall."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from shadowhound_memory.record import Event, Finite, Memory, Name, Pose, Status, Tag, Text

Kind = Literal["place", "time", "count", "yesno", "duration", "text"]
Order = Literal["relevance", "latest", "earliest", "previous"]
Wants = Literal["", "person", "sighting"]


class Filter(BaseModel):
    """Which memories may be found. Empty fields allow all; the fields that are set must all hold.

    `missions`: exactly these; none named means all missions. `tags`: all of them. `events`: any of them. `since` and
    `until`: seconds, both inclusive; a memory with an `end_time` counts when its span touches the range. `near` with
    `radius` (metres): the robot stood within it, in the same frame. Superseded memories are left out unless asked for.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    missions: tuple[Name, ...] = Field(default=(), max_length=1000)
    robot_id: Name | None = None
    map_id: Name | None = None
    tags: tuple[Tag, ...] = Field(default=(), max_length=32)
    events: tuple[Event, ...] = ()
    sources: tuple[Name, ...] = Field(default=(), max_length=32)
    since: Finite | None = None
    until: Finite | None = None
    near: Pose | None = None
    radius: Annotated[float, Field(strict=True, allow_inf_nan=False, gt=0)] | None = None
    statuses: tuple[Status, ...] = Field(default=("pending", "current"), min_length=1)

    @model_validator(mode="after")
    def _is_consistent(self) -> "Filter":
        if self.since is not None and self.until is not None and self.since > self.until:
            raise ValueError(f"since {self.since} lies after until {self.until}; swap them")
        if (self.near is None) != (self.radius is None):
            raise ValueError("near and radius belong together; give both or neither")
        return self


class Question(BaseModel):
    """A question in plain words. `asked_at` None means now; `pose` is where the asker is; `k` memories are searched."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: Text
    id: Name | None = None
    asked_at: Annotated[float, Field(strict=True, allow_inf_nan=False, ge=-(2**33), le=2**33)] | None = None
    pose: Pose | None = None
    filter: Filter = Filter()
    k: Annotated[int, Field(strict=True, ge=1, le=200)] | None = None


class Plan(BaseModel):
    """How a question will be answered: what to search for, among what, and what kind of value to give."""

    model_config = ConfigDict(frozen=True)

    kind: Kind
    asked: str
    """The question without greeting, and without the times and missions that the filter holds."""
    search: str
    filter: Filter
    order: Order = "relevance"
    """`previous`: the latest before the latest, as in "where was it before?"."""
    present: bool = False
    """Whether the question is about how things are at the time of asking: what was seen later overrules it."""
    nearest: Pose | None = None
    """Where the distance is measured from, when the nearest is asked for."""
    other: str = ""
    """What the time is measured to: the second thing of "how long between A and B"."""
    key_terms: tuple[str, ...] = ()
    """Stems of the words that a supporting memory is about: the thing, person, place or activity asked for."""
    verbs: tuple[str, ...] = ()
    """Those key terms that are verbs: a memory may say the same with another one."""
    things: tuple[str, ...] = ()
    """The noun phrases of the question, as they stand in it."""
    wants: Wants = ""
    """What to answer with if any memory supports it: one that holds a person, or one that tells what was seen."""
    decided: tuple[str, ...] = ()
    """One phrase per decision, for the trace: what was decided and by what (a word, a time expression, a setting)."""


class Candidate(BaseModel):
    """A memory that search returned, with its score in 0..1."""

    model_config = ConfigDict(frozen=True)

    score: float
    memory: Memory


class Citation(Candidate):
    """A memory that the answer stands on, numbered as in the text."""

    n: int


class Answer(BaseModel):
    """A grounded answer.

    `place` is where the robot stood when it saw what was asked for. `best_pose` is the same place, only where a robot
    may drive there on the strength of it; else it is None and `best_pose_refused` says why. `duration`: seconds.
    """

    model_config = ConfigDict(frozen=True)

    id: str | None = None
    answer: str
    abstained: bool
    kind: Kind
    citations: tuple[Citation, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    place: Pose | None = None
    time: float | None = None
    count: int | None = None
    yes: bool | None = None
    duration: float | None = None
    best_pose: Pose | None = None
    best_pose_refused: str = ""
    route: str
    fallback_reason: str | None = None
    trace_id: str
    seconds: float
