"""A person's correction: the memory that supersedes another."""

from collections.abc import Sequence

import uuid6
from pydantic import ValidationError

from shadowhound_memory.errors import Code, ShadowhoundError
from shadowhound_memory.record import Memory, explain
from shadowhound_memory.rules import write_by_rules
from shadowhound_memory.settings import Settings
from shadowhound_memory.stamping import check_length


def corrected(
    old: Memory,
    *,
    text: str | None,
    event: str | None,
    tags: Sequence[str] | None,
    settings: Settings,
    now: float,
) -> Memory:
    """`old` with what a person says instead, as a memory that supersedes it; what is None stays as it was.

    With a new text, or where `old` is pending, event and tags that are not given are taken by rules. Raises
    ShadowhoundError INVALID.
    """
    if old.status == "superseded":
        raise ShadowhoundError(Code.INVALID, f"memory {old.id} is superseded; correct the one that superseded it")
    changes = {"text": text, "event": event, "tags": None if tags is None else tuple(tags)}
    try:
        said = old.raw_text if text is None and old.status == "pending" else text  # a pending one has no tags yet
        if said is not None and said.strip():  # what stems from the words that were wrong goes with them
            written = write_by_rules(old.model_copy(update={"raw_text": said}))
            changes |= {"event": event or written.event, "tags": written.tags if tags is None else tuple(tags)}
    except ValidationError as error:
        raise explain(error, "correction") from error
    fields = old.model_dump() | {name: value for name, value in changes.items() if value is not None}
    fields |= {
        "id": str(uuid6.uuid7()),
        "supersedes": old.id,
        "status": "current",
        "written_by": "person",
        "degraded": False,
        "model": None,
        "adapter": None,
        "route": "person",
        "recorded_at": now,
    }
    try:
        new = Memory.model_validate(fields)
    except ValidationError as error:
        raise explain(error, "correction") from error
    check_length(new.text, settings)
    return new
