"""The tables of `memory.sqlite` and how a memory stands in them. Their version is SQLite's `user_version`."""

import json
import sqlite3
import uuid
from typing import Any

from shadowhound_memory.errors import Code, ShadowhoundError
from shadowhound_memory.record import Memory, Pose

NANO = 10**9
MAX_NS = 2**63 - 1

TABLES_1 = """
CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE memory(
    row INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    content_hash TEXT NOT NULL,
    event TEXT NOT NULL,
    text TEXT NOT NULL,
    x REAL, y REAL, z REAL, yaw REAL, frame_id TEXT,
    tags TEXT NOT NULL,
    mission_id TEXT NOT NULL,
    timestamp INTEGER NOT NULL,
    end_time INTEGER,
    map_id TEXT NOT NULL,
    robot_id TEXT NOT NULL,
    source TEXT NOT NULL,
    object_pose TEXT,
    confidence REAL NOT NULL,
    status TEXT NOT NULL,
    written_by TEXT NOT NULL,
    degraded INTEGER NOT NULL,
    raw_text TEXT NOT NULL,
    supersedes TEXT,
    model TEXT,
    adapter TEXT,
    route TEXT,
    recorded_at INTEGER NOT NULL,
    schema_version INTEGER NOT NULL,
    extra TEXT
);
CREATE INDEX memory_filter ON memory(
    row, status, timestamp, end_time, mission_id, event, source, robot_id, map_id, frame_id, x, y
);
CREATE INDEX memory_mission ON memory(mission_id);
CREATE INDEX memory_time ON memory(timestamp);
CREATE INDEX memory_span ON memory(end_time, timestamp) WHERE end_time IS NOT NULL;
CREATE INDEX memory_pending ON memory(row) WHERE status = 'pending';

CREATE TABLE tag(
    tag TEXT NOT NULL,
    row INTEGER NOT NULL REFERENCES memory ON DELETE CASCADE,
    PRIMARY KEY(tag, row)
) WITHOUT ROWID;
CREATE INDEX tag_row ON tag(row);

CREATE TABLE vector(
    row INTEGER PRIMARY KEY REFERENCES memory ON DELETE CASCADE,
    value BLOB NOT NULL,
    indexed INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX vector_unindexed ON vector(row) WHERE indexed = 0;

CREATE TABLE removed(row INTEGER PRIMARY KEY);
CREATE TABLE unembedded(row INTEGER PRIMARY KEY REFERENCES memory ON DELETE CASCADE);

CREATE TABLE mission(
    id TEXT PRIMARY KEY,
    robot_id TEXT NOT NULL,
    started INTEGER NOT NULL,
    ended INTEGER
) WITHOUT ROWID;
CREATE INDEX mission_open ON mission(robot_id, started) WHERE ended IS NULL;

CREATE TABLE counter(name TEXT PRIMARY KEY, value REAL NOT NULL) WITHOUT ROWID;

CREATE VIRTUAL TABLE words USING fts5(
    text, raw_text, content='memory', content_rowid='row', tokenize='porter unicode61'
);
CREATE TABLE frame(number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE VIRTUAL TABLE place USING rtree(row, x0, x1, y0, y1, frame0, frame1);

CREATE TRIGGER memory_inserted AFTER INSERT ON memory BEGIN
    INSERT INTO words(rowid, text, raw_text) VALUES (new.row, new.text, new.raw_text);
    INSERT OR IGNORE INTO tag SELECT value, new.row FROM json_each(new.tags);
    INSERT OR IGNORE INTO frame(name) SELECT new.frame_id WHERE new.frame_id IS NOT NULL;
    INSERT INTO place SELECT new.row, new.x, new.x, new.y, new.y, number, number FROM frame WHERE name = new.frame_id;
    INSERT INTO unembedded VALUES (new.row);
    INSERT INTO mission VALUES (new.mission_id, new.robot_id, new.timestamp, coalesce(new.end_time, new.timestamp))
        ON CONFLICT(id) DO UPDATE SET started = min(started, excluded.started), ended = max(ended, excluded.ended)
        WHERE started > excluded.started OR ended < excluded.ended;
END;
CREATE TRIGGER memory_updated AFTER UPDATE OF event, text, raw_text, tags, x, y, frame_id ON memory BEGIN
    INSERT INTO words(words, rowid, text, raw_text) VALUES ('delete', old.row, old.text, old.raw_text);
    INSERT INTO words(rowid, text, raw_text) VALUES (new.row, new.text, new.raw_text);
    DELETE FROM tag WHERE row = old.row;
    INSERT OR IGNORE INTO tag SELECT value, new.row FROM json_each(new.tags);
    DELETE FROM place WHERE row = old.row;
    INSERT OR IGNORE INTO frame(name) SELECT new.frame_id WHERE new.frame_id IS NOT NULL;
    INSERT INTO place SELECT new.row, new.x, new.x, new.y, new.y, number, number FROM frame WHERE name = new.frame_id;
    INSERT OR IGNORE INTO unembedded VALUES (new.row);
END;
CREATE TRIGGER memory_deleted AFTER DELETE ON memory BEGIN
    INSERT INTO words(words, rowid, text, raw_text) VALUES ('delete', old.row, old.text, old.raw_text);
    DELETE FROM place WHERE row = old.row;
    INSERT INTO removed VALUES (old.row);
END;
"""

TABLES_2 = """
CREATE TABLE thing(
    number INTEGER PRIMARY KEY,
    robot_id TEXT NOT NULL,
    map_id TEXT NOT NULL,
    frame_id TEXT NOT NULL,
    head TEXT NOT NULL,
    UNIQUE(head, robot_id, map_id, frame_id)
);
CREATE TABLE sighting(
    thing INTEGER NOT NULL REFERENCES thing,
    timestamp INTEGER NOT NULL,
    row INTEGER NOT NULL REFERENCES memory ON DELETE CASCADE,
    name TEXT NOT NULL,
    told TEXT NOT NULL,
    placed INTEGER NOT NULL,
    track INTEGER,
    PRIMARY KEY(thing, timestamp, row, name)
) WITHOUT ROWID;
CREATE INDEX sighting_row ON sighting(row);
CREATE INDEX sighting_track ON sighting(track);
CREATE TABLE track(
    number INTEGER PRIMARY KEY,
    thing INTEGER NOT NULL REFERENCES thing ON DELETE CASCADE,
    name TEXT NOT NULL,
    state TEXT NOT NULL,
    row INTEGER NOT NULL,
    placed INTEGER NOT NULL,
    first_seen INTEGER NOT NULL,
    last_seen INTEGER NOT NULL,
    count INTEGER NOT NULL,
    mission_id TEXT NOT NULL,
    round INTEGER NOT NULL,
    appeared INTEGER NOT NULL,
    retired INTEGER,
    moved_to INTEGER
);
CREATE INDEX track_thing ON track(thing);
CREATE TABLE untracked(row INTEGER PRIMARY KEY REFERENCES memory ON DELETE CASCADE);
CREATE TABLE unsettled(thing INTEGER PRIMARY KEY REFERENCES thing ON DELETE CASCADE);
INSERT INTO untracked SELECT row FROM memory WHERE status = 'current';

CREATE TRIGGER memory_to_track AFTER INSERT ON memory WHEN new.status = 'current' BEGIN
    INSERT INTO untracked VALUES (new.row);
END;
CREATE TRIGGER memory_finished AFTER UPDATE OF status ON memory WHEN old.status != new.status BEGIN
    DELETE FROM sighting WHERE row = old.row;
    DELETE FROM untracked WHERE row = old.row;
    INSERT INTO untracked SELECT new.row WHERE new.status = 'current';
END;
CREATE TRIGGER sighting_deleted AFTER DELETE ON sighting BEGIN
    DELETE FROM track WHERE thing = old.thing;
    INSERT OR IGNORE INTO unsettled VALUES (old.thing);
    DELETE FROM thing WHERE number = old.thing AND NOT EXISTS (SELECT 1 FROM sighting WHERE thing = old.thing);
END;
"""
"""Tracks, derived from memories: they are made again from `untracked` memories and `unsettled` things."""

MIGRATIONS: tuple[str, ...] = (TABLES_1, TABLES_2)
"""Script n brings the tables from version n to n + 1. Scripts that were released are never changed."""

COLUMNS = (
    "id event text x y z yaw frame_id tags mission_id timestamp end_time map_id robot_id source object_pose confidence "
    "status written_by degraded raw_text supersedes model adapter route recorded_at schema_version extra"
).split()
SELECT = ", ".join(f"m.{name}" for name in COLUMNS)
_PLAIN = [name for name in COLUMNS if name in Memory.model_fields and name not in ("tags", "object_pose", "degraded")]
_TIMES = ("timestamp", "end_time", "recorded_at")


def migrate(connection: sqlite3.Connection, simulated: bool) -> None:
    """Bring the tables to this version, one transaction per step. Raises STORE_FAILED for tables of a newer version."""
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    refuse_newer(version)
    for number in range(version, len(MIGRATIONS)):
        connection.executescript(f"BEGIN IMMEDIATE;{MIGRATIONS[number]}PRAGMA user_version = {number + 1};")
        if number == 0:
            facts = {"store": uuid.uuid4().hex, "simulated": str(int(simulated))}
            connection.executemany("INSERT INTO meta VALUES (?, ?)", facts.items())
        connection.execute("COMMIT")


def refuse_newer(version: int) -> None:
    """Raise STORE_FAILED when the tables were made by a newer version of this package."""
    if version > len(MIGRATIONS):
        raise ShadowhoundError(
            Code.STORE_FAILED,
            f"the store has version {version}, this package knows up to {len(MIGRATIONS)}; install a newer one",
        )


def to_ns(seconds: float) -> int:
    """Seconds as integer nanoseconds, clamped to 64 bits (the years 1677 to 2262)."""
    if abs(seconds) >= MAX_NS // NANO:
        return MAX_NS if seconds > 0 else -MAX_NS
    whole = int(seconds)
    return whole * NANO + round((seconds - whole) * NANO)


def to_values(memory: Memory) -> list[Any]:
    """The values of COLUMNS for a memory."""
    values: dict[str, Any] = {name: getattr(memory, name) for name in _PLAIN}
    for name in _TIMES:
        if values[name] is not None:
            values[name] = to_ns(values[name])
    if memory.pose is not None:
        values.update(memory.pose)
    if memory.object_pose is not None:
        values["object_pose"] = memory.object_pose.model_dump_json()
    values["tags"] = json.dumps(memory.tags, ensure_ascii=False)
    values["degraded"] = int(memory.degraded)
    if memory.model_extra:
        values["extra"] = json.dumps(memory.model_extra, ensure_ascii=False)
    return [values.get(name) for name in COLUMNS]


def to_memory(values: tuple[Any, ...]) -> Memory:
    """The memory of a row of COLUMNS; it was validated when it came in, so it is not validated again."""
    row = dict(zip(COLUMNS, values, strict=True))
    fields: dict[str, Any] = {name: row[name] for name in _PLAIN}
    for name in _TIMES:
        if fields[name] is not None:
            fields[name] = fields[name] / NANO
    fields["pose"] = None
    if row["frame_id"] is not None:
        fields["pose"] = Pose.model_construct(**{name: row[name] for name in ("x", "y", "z", "yaw", "frame_id")})
    fields["object_pose"] = None if row["object_pose"] is None else Pose.model_validate_json(row["object_pose"])
    fields["tags"] = tuple(json.loads(row["tags"]))
    fields["degraded"] = bool(row["degraded"])
    memory = Memory.model_construct(**fields)
    if row["extra"]:  # set apart from the fields: an unknown one may have any name
        object.__setattr__(memory, "__pydantic_extra__", json.loads(row["extra"]))
    return memory
