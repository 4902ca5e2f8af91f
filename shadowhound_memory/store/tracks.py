"""Sightings and tracks in SQLite, and what is still to be tracked. What joins with what is decided in `tracks.py`."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from shadowhound_memory.errors import Code, ShadowhoundError
from shadowhound_memory.question import Filter
from shadowhound_memory.record import Memory, Pose
from shadowhound_memory.store.connections import Connections
from shadowhound_memory.store.filters import NARROW, conditions
from shadowhound_memory.store.schema import SELECT, to_memory

State = Literal["present", "moved", "missing"]

_POSES = "m.x, m.y, m.z, m.yaw, m.frame_id, m.object_pose"
_SEEN = f"s.thing, s.row, s.timestamp, s.name, s.told, s.placed, m.mission_id, {_POSES}"
_COLUMNS = (
    "number thing name state row placed first_seen last_seen count mission_id round appeared retired moved_to"
).split()
_KEPT = ", ".join(f"t.{name}" for name in _COLUMNS) + f", {_POSES}"


class Thing(NamedTuple):
    """What tracks are kept apart by: robot, map, frame, and the head noun of the thing's name."""

    robot_id: str
    map_id: str
    frame_id: str
    head: str


class Seen(NamedTuple):
    """One sighting as it is kept: of a thing (its number), in a memory (its row), at a place."""

    thing: int
    row: int
    timestamp: int
    name: str
    told: str
    placed: bool
    mission_id: str
    pose: Pose | None
    object_pose: Pose | None


@dataclass
class Kept:
    """One track as it is kept; times in nanoseconds.

    `row`: the memory that gave its place, of which `placed` says whether the `object_pose` counts. `round`: the row
    that began the round in which it was last seen; `appeared`: the round in which it was new there; `retired`: the
    round that made it `moved`, to the track `moved_to`.
    """

    number: int
    thing: int
    name: str
    state: State
    row: int
    placed: bool
    first_seen: int
    last_seen: int
    count: int
    mission_id: str
    round: int
    appeared: int
    retired: int | None
    moved_to: int | None
    pose: Pose | None
    object_pose: Pose | None


class Tracking:
    """The changes of tracks within one transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def take(self, row: int) -> bool:
        """Whether a memory is still to be tracked; from now on it no longer is."""
        return self._connection.execute("DELETE FROM untracked WHERE row = ?", [row]).rowcount == 1

    def number_of(self, thing: Thing) -> int:
        """The number of a thing, a new one if need be."""
        self._connection.execute(
            "INSERT OR IGNORE INTO thing(robot_id, map_id, frame_id, head) VALUES (?, ?, ?, ?)", thing
        )
        sql = "SELECT number FROM thing WHERE robot_id = ? AND map_id = ? AND frame_id = ? AND head = ?"
        return int(self._connection.execute(sql, thing).fetchone()[0])

    def put(self, seen: Seen) -> None:
        """Keep a sighting."""
        self._connection.execute(
            "INSERT INTO sighting(thing, row, timestamp, name, told, placed) VALUES (?, ?, ?, ?, ?, ?)", seen[:6]
        )

    def follows(self, seen: Seen) -> bool:
        """Whether a sighting is later than all that the tracks of its thing were made of."""
        later = "SELECT 1 FROM sighting WHERE thing = ?1 AND (timestamp, row, name) > (?2, ?3, ?4)"
        sql = f"SELECT EXISTS (SELECT 1 FROM unsettled WHERE thing = ?1) OR EXISTS ({later})"
        key = [seen.thing, seen.timestamp, seen.row, seen.name]
        return not self._connection.execute(sql, key).fetchone()[0]

    def tracks(self, thing: int) -> list[Kept]:
        """The tracks of a thing."""
        sql = f"SELECT {_KEPT} FROM track t JOIN memory m ON m.row = t.row WHERE t.thing = ? ORDER BY t.number"
        return [_to_kept(row) for row in self._connection.execute(sql, [thing])]

    def sightings(self, thing: int) -> list[Seen]:
        """The sightings of a thing, in the order of time."""
        sql = f"SELECT {_SEEN} FROM sighting s JOIN memory m ON m.row = s.row WHERE s.thing = ?"
        by = "ORDER BY s.timestamp, s.row, s.name"
        return [_to_seen(row) for row in self._connection.execute(f"{sql} {by}", [thing])]

    def unsettle(self, thing: int) -> None:
        """Say that the tracks of a thing are to be made anew."""
        self._connection.execute("INSERT OR IGNORE INTO unsettled VALUES (?)", [thing])

    def start_over(self, thing: int) -> None:
        """Remove the tracks of a thing."""
        self._connection.execute("DELETE FROM track WHERE thing = ?", [thing])

    def settle(self, thing: int, tracks: Iterable[Kept], belongs: Iterable[tuple[Seen, int | None]]) -> None:
        """Keep the changed tracks of a thing, and which track each of these sightings belongs to."""
        self._connection.executemany(
            f"INSERT OR REPLACE INTO track({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))})",
            [[getattr(track, name) for name in _COLUMNS] for track in tracks],
        )
        self._connection.executemany(
            "UPDATE sighting SET track = ? WHERE thing = ? AND timestamp = ? AND row = ? AND name = ?",
            [(number, thing, seen.timestamp, seen.row, seen.name) for seen, number in belongs],
        )
        self._connection.execute("DELETE FROM unsettled WHERE thing = ?", [thing])

    def next_number(self) -> int:
        """The first number that no track has."""
        return int(self._connection.execute("SELECT coalesce(max(number), 0) + 1 FROM track").fetchone()[0])


class TrackRows:
    """The part of SqliteStore that keeps sightings and tracks."""

    _connections: Connections

    @contextmanager
    def tracking(self) -> Iterator[Tracking]:
        """A transaction that changes tracks."""
        with self._connections.transaction() as connection:
            yield Tracking(connection)

    def untracked(self, limit: int) -> list[tuple[int, Memory]]:
        """Finished memories whose sightings are not kept yet, the oldest first."""
        sql = f"SELECT m.row, {SELECT} FROM untracked u CROSS JOIN memory m ON m.row = u.row ORDER BY u.row LIMIT ?"
        return [(row[0], to_memory(row[1:])) for row in self._connections.read(sql, [limit])]

    def unsettled(self, limit: int) -> list[int]:
        """Things whose tracks are to be made anew."""
        return [thing for (thing,) in self._connections.read("SELECT thing FROM unsettled LIMIT ?", [limit])]

    def tracks_lag(self) -> bool:
        """Whether any memory or thing waits for its tracks."""
        sql = "SELECT EXISTS (SELECT 1 FROM untracked) OR EXISTS (SELECT 1 FROM unsettled)"
        return bool(self._connections.read(sql)[0][0])

    def drop_tracks(self) -> None:
        """Forget every track and sighting, so that all are made anew from the memories."""
        with self._connections.transaction() as connection:
            for table in ("track", "sighting", "thing", "untracked"):
                connection.execute(f"DELETE FROM {table}")
            connection.execute("INSERT INTO untracked SELECT row FROM memory WHERE status = 'current'")

    def kept_tracks(self, robot_id: str | None, map_id: str | None) -> list[tuple[Thing, Kept, list[str]]]:
        """The tracks of a robot and map (None: any), each with its thing and the ids of its memories by time."""
        self._knows_tracks()
        where = " AND ".join(
            f"h.{column} = ?" for column, value in (("robot_id", robot_id), ("map_id", map_id)) if value is not None
        )
        ids = (
            "SELECT json_group_array(id) FROM (SELECT m.id FROM sighting s JOIN memory m ON m.row = s.row "
            "WHERE s.track = t.number ORDER BY s.timestamp, s.row)"
        )
        sql = (
            f"SELECT h.robot_id, h.map_id, h.frame_id, h.head, ({ids}), {_KEPT} FROM track t "
            f"JOIN thing h ON h.number = t.thing JOIN memory m ON m.row = t.row WHERE {where or '1'}"
        )
        found = self._connections.read(sql, [value for value in (robot_id, map_id) if value is not None])
        return [(Thing(*row[:4]), _to_kept(row[5:]), json.loads(row[4])) for row in found]

    def allowed_sightings(self, filter: Filter) -> list[tuple[Thing, str, Seen]]:
        """The sightings of the memories that a filter allows, each with its thing and memory id, by thing and time."""
        self._knows_tracks()
        where, parameters = conditions(filter)
        sql = (
            f"SELECT h.robot_id, h.map_id, h.frame_id, h.head, m.id, {_SEEN} FROM sighting s "
            f"CROSS JOIN {NARROW} ON m.row = s.row CROSS JOIN thing h ON h.number = s.thing WHERE {where} "
            "ORDER BY s.thing, s.timestamp, s.row, s.name"
        )
        return [(Thing(*row[:4]), row[4], _to_seen(row[5:])) for row in self._connections.read(sql, parameters)]

    def _knows_tracks(self) -> None:
        """Raise STORE_FAILED when a store opened for reading was made before there were tracks."""
        if self._connections.read("PRAGMA user_version")[0][0] < 2:
            raise ShadowhoundError(
                Code.STORE_FAILED,
                "this store was made by a version that kept no tracks; open it once for writing, and they are made",
            )


def _poses(values: Sequence[Any], placed: bool) -> tuple[Pose | None, Pose | None]:
    x, y, z, yaw, frame_id, other = values
    pose = None if frame_id is None else Pose.model_construct(x=x, y=y, z=z, yaw=yaw, frame_id=frame_id)
    object_pose = Pose.model_validate_json(other) if placed and other else None
    if pose and object_pose and pose.frame_id != object_pose.frame_id:
        object_pose = None
    return pose, object_pose


def _to_seen(row: Sequence[Any]) -> Seen:
    thing, number, timestamp, name, told, placed, mission_id, *poses = row
    return Seen(thing, number, timestamp, name, told, bool(placed), mission_id, *_poses(poses, placed))


def _to_kept(row: Sequence[Any]) -> Kept:
    fields = dict(zip(_COLUMNS, row, strict=False))
    fields["placed"] = bool(fields["placed"])
    pose, object_pose = _poses(row[len(_COLUMNS) :], fields["placed"])
    return Kept(**fields, pose=pose, object_pose=object_pose)
