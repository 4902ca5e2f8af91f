"""The development data: scenes with what was seen in them and what is asked of them, each question with its gold."""

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import numpy as np

from shadowhound_memory.record import Observation, Pose

DEFAULT = Path(__file__).parents[1] / ".." / "shared" / "data"
SOURCES = ("alfred", "thor_moves", "sqa3d", "ordonez", "locomo")
ASKED_AFTER = 3600.0
"""Seconds from a scene's last timestamp to the asking."""
TURN_SECONDS = 10.0
"""Seconds between turns of a conversation, whose data gives only the beginning of each session."""
TURN_ID = re.compile(r"D:?(\d+:\d+)")

GROUPS = {
    ("alfred", "human paraphrase"): "alfred paraphrase",
    ("alfred", "template; latest put wins"): "alfred now",
    ("alfred", "human task description, any step of the mission counts"): "alfred task time",
    ("thor_moves", "rendered; latest visit"): "thor now",
    ("thor_moves", "rendered; first visit"): "thor earlier",
}
"""Sources and origins whose questions are a kind of their own; the others go by source and kind."""

TAG_KINDS = {
    "object": "object",
    "target": "object",
    "receptacle": "object",
    "room": "room",
    "action": "skill",
    "activity": "skill",
    "open": "state",
}
"""Kinds of gold tags to kinds of ours. `target` and `receptacle` are furniture, which our records tag as objects."""


@dataclass(frozen=True)
class Asked:
    """A question and its gold. `time` is a span of seconds; `place` is x, y in metres in the scene's frame."""

    id: str
    text: str
    group: str
    kind: str
    gold: tuple[str, ...]
    answer: Any = None
    place: tuple[float, float] | None = None
    time: tuple[float, float] | None = None


@dataclass(frozen=True)
class Scene:
    """One memory bank: what was seen, in the order of time, and what is asked of it."""

    name: str
    source: str
    rows: list[dict[str, Any]]
    questions: list[Asked] = field(default_factory=list)

    @property
    def asked_at(self) -> float:
        """When its questions are asked: seconds, UTC."""
        return max(row["timestamp"] for row in self.rows) + ASKED_AFTER

    @property
    def observations(self) -> list[Observation]:
        """What the memory is told; gold tags are kept from it."""
        return [
            Observation(
                id=row["id"],
                text=row["text"],
                timestamp=row["timestamp"],
                end_time=_end(row),
                pose=_pose(row),
                mission_id=row["mission_id"],
            )
            for row in self.rows
        ]

    @property
    def key(self) -> str:
        """A hash of all that its memory bank is made from."""
        told = "\n".join(observation.model_dump_json() for observation in self.observations)
        return hashlib.sha256(told.encode()).hexdigest()[:16]


def _end(row: dict[str, Any]) -> float | None:
    """When it ended: seconds; None also where the data has it end before it began."""
    end = row.get("end")
    return float(end) if end is not None and end >= row["timestamp"] else None


def _pose(row: dict[str, Any]) -> Pose | None:
    pose = row.get("pose")
    if not pose:
        return None
    return Pose(x=float(pose["x"]), y=float(pose["y"]), yaw=float(pose.get("yaw") or 0.0), frame_id=row["frame"])


def load(directory: Path) -> list[Scene]:
    """The scenes of a directory. Raises SystemExit with a sentence when its files are missing."""
    missing = [name for name in ("observations.jsonl", "questions.jsonl") if not (directory / name).is_file()]
    if missing:
        raise SystemExit(
            f"{directory} lacks {' and '.join(missing)}: recall is measured on data that is not part of this package; "
            "give its directory with --data (make bench-recall DATA=...)"
        )
    rows: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in _lines(directory / "observations.jsonl"):
        rows.setdefault((row["source"], row["scene"]), []).append(row)
    scenes = {
        key: Scene(key[1], key[0], sorted(group, key=lambda row: float(row["timestamp"])))
        for key, group in rows.items()
    }
    for row in _lines(directory / "questions.jsonl"):
        scenes[row["source"], row["scene"]].questions.append(_asked(row))
    conversations = directory / "locomo_dev.json"
    talks = [_conversation(each) for each in json.loads(conversations.read_text())] if conversations.is_file() else []
    return [*scenes.values(), *talks]


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            if line.strip():
                yield json.loads(line)


def _asked(row: dict[str, Any]) -> Asked:
    place, time = row.get("gold_pose"), row.get("gold_time")
    span: list[Any] = time if isinstance(time, list) else [time]
    return Asked(
        id=row["id"],
        text=row["question"],
        group=GROUPS.get((row["source"], row["origin"]), f"{row['source'].removesuffix('_moves')} {row['kind']}"),
        kind=row["kind"],
        gold=tuple(row["gold_ids"]),
        answer=row["gold_answer"],
        place=(float(place["x"]), float(place["y"])) if place else None,
        time=(float(span[0]), float(span[-1])) if time else None,
    )


def _conversation(document: dict[str, Any]) -> Scene:
    """One turn, one observation: speaker and date stand in the text, and what a shared picture shows."""
    talk, name = document["conversation"], document["sample_id"]
    rows = []
    for session in (key for key in talk if re.fullmatch(r"session_\d+", key)):
        date = talk[f"{session}_date_time"]
        start = datetime.strptime(date, "%I:%M %p on %d %B, %Y").replace(tzinfo=timezone.utc).timestamp()
        rows += [
            {
                "id": f"{name}/{turn['dia_id']}",
                "text": f"{turn['speaker']} ({date}): {turn['text']}{_picture(turn)}",
                "timestamp": start + number * TURN_SECONDS,
                "mission_id": session,
            }
            for number, turn in enumerate(talk[session])
        ]
    questions = [
        Asked(
            id=f"{name}/{number}",
            text=each["question"],
            group="locomo false premise" if each["category"] == 5 else "locomo",
            kind="text",
            gold=tuple(f"{name}/D{turn}" for part in each["evidence"] for turn in TURN_ID.findall(part)),
        )
        for number, each in enumerate(document["qa"])
        if each.get("evidence")
    ]
    return Scene(name, "locomo", sorted(rows, key=lambda row: float(row["timestamp"])), questions)


def _picture(turn: dict[str, Any]) -> str:
    return f" [shares {turn['blip_caption']}]" if turn.get("blip_caption") else ""


def chosen(scenes: Sequence[Scene], half: str, sources: Sequence[str], limit: int | None) -> list[Scene]:
    """The scenes of a half (1, 2 or all) of the named sources (none named: of all), at most `limit` of each source.

    Halves go by a hash of the scene's name, so that they stay the same; the only scene of a source is halved by its
    questions.
    """
    picked: dict[str, list[Scene]] = {}
    alone = {source for source in SOURCES if sum(scene.source == source for scene in scenes) == 1}
    for scene in scenes:
        if sources and scene.source not in sources:
            continue
        if half != "all":
            if scene.source in alone:
                kept = [question for question in scene.questions if half_of(question.id) == half]
                scene = Scene(scene.name, scene.source, scene.rows, kept)
            elif half_of(scene.name) != half:
                continue
        picked.setdefault(scene.source, []).append(scene)
    return [scene for source in SOURCES for scene in picked.get(source, [])[:limit]]


def half_of(name: str) -> str:
    """1 or 2, by a hash of the name."""
    return str(hashlib.sha256(name.encode()).digest()[0] % 2 + 1)


def sample(scenes: Sequence[Scene], size: int, seed: int = 0) -> list[tuple[Scene, list[Asked]]]:
    """A seeded sample of all questions, drawn evenly from the groups, scene by scene."""
    random = np.random.default_rng(seed)
    groups: dict[str, list[str]] = {}
    for scene in scenes:
        for asked in scene.questions:
            groups.setdefault(asked.group, []).append(asked.id)
    drawn: set[str] = set()
    queues = {group: [str(each) for each in random.permutation(ids)] for group, ids in sorted(groups.items())}
    while len(drawn) < size and any(queues.values()):
        for queue in queues.values():
            if queue and len(drawn) < size:
                drawn.add(queue.pop())
    picked = ((scene, [asked for asked in scene.questions if asked.id in drawn]) for scene in scenes)
    return [(scene, questions) for scene, questions in picked if questions]


def mapped_tags(row: dict[str, Any]) -> set[str]:
    """The gold tags of a row as our records would write them."""
    parts = (tag.partition(":")[::2] for tag in row.get("gold_tags") or [])
    return {f"{TAG_KINDS[kind]}:{value}" for kind, value in parts if kind in TAG_KINDS}
