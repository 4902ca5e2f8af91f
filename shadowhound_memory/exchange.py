"""The two file formats that others build on: rows to import and questions to answer, both JSON Lines."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import uuid6
from pydantic import ValidationError

from shadowhound_memory.errors import Code, ShadowhoundError
from shadowhound_memory.question import Answer, Question
from shadowhound_memory.record import EVENTS, TAG_KINDS, Memory, Observation, Pose, explain

OBSERVATION_FIELDS = set(Observation.model_fields) - {"extra"}


def read_rows(path: Path) -> Iterator[tuple[int, dict[str, Any] | ShadowhoundError]]:
    """The objects of a JSON Lines file with their line numbers; an error in the place of a line that is none."""
    with path.open(encoding="utf-8-sig", errors="replace") as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
                json.dumps(row, ensure_ascii=False, allow_nan=False).encode()
            except (ValueError, RecursionError) as error:  # also NaN, half a character, too deep, too many digits
                yield number, ShadowhoundError(Code.INVALID, f"not JSON: {error}")
                continue
            if isinstance(row, dict):
                yield number, row
            else:
                yield number, ShadowhoundError(Code.INVALID, f"a {type(row).__name__}, not an object")


def row_to_record(row: dict[str, Any], robot_id: str, now: float) -> Observation | Memory:
    """An imported row as an observation, or as a full memory when it has an `event`.

    Unknown fields are kept; unknown events and tag kinds become `note`. Raises ShadowhoundError INVALID.
    """
    _check_words(row, "text", "what was perceived, in words, a string")
    try:
        tags = row.get("tags") or []
        row = row | {"tags": [_known_tag(tag) for tag in tags] if isinstance(tags, list) else tags}
        if "event" not in row:
            known = {name: value for name, value in row.items() if name in OBSERVATION_FIELDS and value is not None}
            extra = {name: value for name, value in row.items() if name not in Memory.model_fields}
            return Observation.model_validate(known | {"extra": extra})
        defaults = {
            "id": str(uuid6.uuid7()),
            "pose": None,
            "mission_id": "imported",
            "robot_id": robot_id,
            "source": "import",
            "status": "current",
            "written_by": "person",
            "raw_text": row.get("text"),
            "recorded_at": now,
        }
        event = row["event"] if row["event"] in EVENTS else "note"
        return Memory.model_validate(defaults | {k: v for k, v in row.items() if v is not None} | {"event": event})
    except ValidationError as error:
        raise explain(error, "row") from error


def _check_words(row: dict[str, Any], field: str, rule: str) -> None:
    if not isinstance(row.get(field), str) or not row[field].strip():
        raise ShadowhoundError(Code.INVALID, f"{field} = {row.get(field)!r}: {rule}")


def _known_tag(tag: Any) -> Any:
    """`action:pick up` as `note:pick_up`: a tag of an unknown kind or form, put into ours."""
    if not isinstance(tag, str):
        return tag
    kind, _, value = tag.partition(":") if ":" in tag else ("note", "", tag)
    value = "_".join(value.replace(":", " ").replace("_", " ").lower().split())
    return f"{kind if kind in TAG_KINDS else 'note'}:{value}"


def row_to_question(row: dict[str, Any]) -> Question:
    """A row `{"id"?, "question", "asked_at"?, "filter"?, "k"?}` as a question. Raises ShadowhoundError INVALID."""
    _check_words(row, "question", "the words to be answered, a string")
    names = {"id": "id", "question": "text", "asked_at": "asked_at", "filter": "filter", "k": "k", "pose": "pose"}
    try:
        return Question.model_validate(
            {names[name]: value for name, value in row.items() if name in names and value is not None}
        )
    except ValidationError as error:
        raise explain(error, "question") from error


def memory_document(memory: Memory) -> dict[str, Any]:
    """A memory as it stands in JSON."""
    return memory.model_dump(mode="json")


def _place(pose: Pose | None) -> dict[str, Any] | None:
    return pose.model_dump(include={"x", "y", "yaw", "frame_id"}) if pose else None


def answer_document(answer: Answer) -> dict[str, Any]:
    """An answer as it stands in JSON."""
    return {
        "id": answer.id,
        "answer": answer.answer,
        "abstained": answer.abstained,
        "kind": answer.kind,
        "citations": [
            {"n": c.n, "score": round(c.score, 4), "memory": memory_document(c.memory)} for c in answer.citations
        ],
        "candidates": [{"score": round(c.score, 4), "memory": memory_document(c.memory)} for c in answer.candidates],
        "place": _place(answer.place),
        "time": answer.time,
        "count": answer.count,
        "yes": answer.yes,
        "duration": answer.duration,
        "best_pose": _place(answer.best_pose),
        "best_pose_refused": answer.best_pose_refused,
        "route": answer.route,
        "fallback_reason": answer.fallback_reason,
        "trace_id": answer.trace_id,
        "seconds": round(answer.seconds, 4),
    }
