"""What code, not a model, decides about an observation: its limits, source, id, time, mission, robot, map and pose."""

import uuid6

from shadowhound_memory.errors import Code, ShadowhoundError
from shadowhound_memory.own import OWN_SOURCES, is_own_source
from shadowhound_memory.record import Memory, Observation, Pose
from shadowhound_memory.settings import Settings
from shadowhound_memory.store.sqlite import SqliteStore


def check_length(text: str, settings: Settings) -> None:
    """Raise ShadowhoundError INVALID for a text longer than `max_text`."""
    if len(text) > settings.max_text:
        raise ShadowhoundError(
            Code.INVALID, f"the text has {len(text)} characters, the limit is {settings.max_text} (max_text)"
        )


def check_limits(text: str, timestamp: float | None, end_time: float | None, settings: Settings, now: float) -> None:
    """Raise ShadowhoundError INVALID for a text or a time (seconds) outside the settings' limits; None is now."""
    check_length(text, settings)
    first = now if timestamp is None else timestamp
    earliest = 0.0 if settings.simulated else settings.min_time
    if first < earliest:
        raise ShadowhoundError(Code.INVALID, f"timestamp {first} lies before {earliest} (min_time)")
    last = first if end_time is None else end_time
    if not settings.simulated and max(first, last) > now + settings.max_future:
        raise ShadowhoundError(
            Code.INVALID,
            f"timestamp {max(first, last)} lies more than {settings.max_future} s ahead of the clock (max_future)",
        )


def check_not_own(store: SqliteStore, source: str, *texts: str) -> None:
    """Raise ShadowhoundError OWN_ANSWER for a source that is the agent itself, or a text that this memory answered."""
    if is_own_source(source):
        raise ShadowhoundError(
            Code.OWN_ANSWER,
            f"source {source!r} is the agent itself ({', '.join(OWN_SOURCES)}), whose words are no observation; "
            "name what perceived it, such as camera or person",
        )
    for text in dict.fromkeys(texts):
        if trace_id := store.answer_that_said(text):
            raise ShadowhoundError(
                Code.OWN_ANSWER,
                f"this text is the answer of trace {trace_id}, and an answer is no observation; "
                "write what was perceived, in words of its own",
            )


def mission_for(observation: Observation, store: SqliteStore, settings: Settings, now: float) -> str:
    """The mission it names, else the current one, else one that is opened.

    None is opened for an id that is there already, which changes nothing.
    """
    if observation.mission_id:
        return observation.mission_id
    robot_id = observation.robot_id or settings.robot_id
    if current := store.current_mission(robot_id):
        return current
    if observation.id and (kept := store.get([observation.id])):
        return kept[0].mission_id
    return store.open_mission(robot_id, None, now, if_none=True)


def pending_memory(
    observation: Observation, pose: Pose | None, mission_id: str, settings: Settings, now: float
) -> Memory:
    """An observation as a pending memory; `pose` stands in where it has none. Its raw words are its text for now."""
    stamped = {
        "id": observation.id or str(uuid6.uuid7()),
        "event": "note",
        "text": observation.text,
        "pose": observation.pose or pose,
        "tags": observation.tags,
        "mission_id": mission_id,
        "timestamp": now if observation.timestamp is None else observation.timestamp,
        "end_time": observation.end_time,
        "map_id": observation.map_id or settings.map_id,
        "robot_id": observation.robot_id or settings.robot_id,
        "source": observation.source,
        "object_pose": observation.object_pose,
        "confidence": observation.confidence,
        "status": "pending",
        "written_by": "rules",
        "raw_text": observation.text,
        "recorded_at": now,
    }
    return Memory.model_validate(observation.extra | stamped)
