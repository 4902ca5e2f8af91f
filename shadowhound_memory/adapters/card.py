"""The card of an adapter: what it is for, what it stands on, what it was trained on and how good it was."""

import hashlib
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from shadowhound_memory.models.base import Task
from shadowhound_memory.record import Finite, Name

Scope = Literal["robot", "site", "fleet"]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
FileName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-][A-Za-z0-9_.-]*$", max_length=100)]

CARD = "card.json"
WEIGHTS = "adapter_model.safetensors"
CONFIG = "adapter_config.json"


def memory_sha256(memory_id: str) -> str:
    """How a card, and a row to train on, names a memory."""
    return hashlib.sha256(memory_id.encode()).hexdigest()


class Source(BaseModel):
    """One file that an adapter was trained on; `rows`: the pairs of prompt and reply that were learnt from it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rows: Annotated[int, Field(ge=1)]
    sha256: Sha256


class AdapterCard(BaseModel):
    """`card.json`, written once beside the weights. `files` holds the sha256 of every other file of the version."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    task: Task
    scope: Scope
    scope_name: Name
    """Name of the robot, the site or the fleet."""
    base_model: Name
    base_sha256: Sha256
    """Of the base model's source file (models/files.py)."""
    compatible_bases: tuple[Sha256, ...] = ()
    rank: Annotated[int, Field(ge=1, le=1024)]
    alpha: Annotated[float, Field(gt=0, allow_inf_nan=False)]
    targets: Annotated[tuple[str, ...], Field(min_length=1)]
    template_sha256: Sha256
    """Of what it was trained to see and say (`prompts.template_hash`)."""
    data: dict[str, Source]
    missions: tuple[Name, ...] = ()
    memories: tuple[Sha256, ...] = ()
    """Of the ids of the memories that it was trained on (`memory_sha256`), so that forgetting one reaches it."""
    parents: tuple[Name, ...] = ()
    settings: dict[str, Any]
    evaluation: dict[str, dict[str, dict[str, float]]] = Field(default_factory=dict)
    """By data set and way of doing the task (rules, base, adapter) the measures."""
    files: dict[FileName, Sha256]
    sensitivity: str = "as sensitive as its data"
    created: Finite
