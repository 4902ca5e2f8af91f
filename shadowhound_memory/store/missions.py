"""Missions and counters in SQLite."""

import sqlite3
from datetime import datetime, timezone

from shadowhound_memory.errors import Code, ShadowhoundError
from shadowhound_memory.store.connections import Connections
from shadowhound_memory.store.schema import NANO, to_ns

_CURRENT = "SELECT id FROM mission WHERE robot_id = ? AND ended IS NULL ORDER BY started DESC LIMIT 1"


class Missions:
    """The part of SqliteStore that keeps missions and counters."""

    _connections: Connections

    def open_mission(self, robot_id: str, mission_id: str | None, now: float, *, if_none: bool = False) -> str:
        """Make a mission the robot's current one and end the one before; None names it `<robot_id>-<UTC date>-<n>`.

        A mission that has ended is opened again. `if_none`: keep to the current one if there is one by now, as when
        several threads write at once. Raises ID_CONFLICT when it is another robot's.
        """
        with self._connections.transaction() as connection:
            current = connection.execute(_CURRENT, [robot_id]).fetchone()
            if if_none and current:
                return str(current[0])
            if mission_id is None:
                stem = f"{robot_id}-{datetime.fromtimestamp(now, timezone.utc):%Y-%m-%d}-"
                taken = {
                    name
                    for (name,) in connection.execute("SELECT id FROM mission WHERE id GLOB ?", [_glob(stem) + "*"])
                }
                mission_id = next(f"{stem}{n}" for n in range(1, len(taken) + 2) if f"{stem}{n}" not in taken)
            owner = connection.execute("SELECT robot_id FROM mission WHERE id = ?", [mission_id]).fetchone()
            if owner and owner[0] != robot_id:
                raise ShadowhoundError(
                    Code.ID_CONFLICT, f"mission {mission_id!r} belongs to robot {owner[0]!r}; choose another mission id"
                )
            for (other,) in connection.execute(
                "SELECT id FROM mission WHERE robot_id = ? AND ended IS NULL AND id != ?", [robot_id, mission_id]
            ).fetchall():
                self._end(connection, other, now)
            connection.execute(
                "INSERT INTO mission VALUES (?, ?, ?, NULL) ON CONFLICT(id) DO UPDATE SET ended = NULL",
                [mission_id, robot_id, to_ns(now)],
            )
        return mission_id

    def current_mission(self, robot_id: str) -> str | None:
        """The robot's open mission."""
        found = self._connections.read(_CURRENT, [robot_id])
        return found[0][0] if found else None

    def end_mission(self, mission_id: str, now: float) -> None:
        """End an open mission. Raises NOT_FOUND."""
        with self._connections.transaction() as connection:
            if not self._end(connection, mission_id, now):
                raise ShadowhoundError(Code.NOT_FOUND, f"no mission {mission_id!r} is open")

    @staticmethod
    def _end(connection: sqlite3.Connection, mission_id: str, now: float) -> bool:
        """End a mission and let the index move its vectors."""
        sql = "UPDATE mission SET ended = max(started, ?) WHERE id = ? AND ended IS NULL"
        ended = connection.execute(sql, [to_ns(now), mission_id]).rowcount == 1
        connection.execute(
            "UPDATE vector SET indexed = 0 WHERE row IN (SELECT row FROM memory WHERE mission_id = ?)", [mission_id]
        )
        return ended

    def missions(self) -> list[tuple[str, float, float | None]]:
        """Every mission as (id, started, ended or None while it is open), by their start."""
        found = self._connections.read("SELECT id, started, ended FROM mission ORDER BY started, id")
        return [(name, started / NANO, None if ended is None else ended / NANO) for name, started, ended in found]

    def open_missions(self) -> list[tuple[str, str]]:
        """(robot_id, mission_id) of every open mission."""
        return self._connections.read("SELECT robot_id, id FROM mission WHERE ended IS NULL")

    def count_up(self, numbers: dict[str, float]) -> None:
        """Add to counters that outlive the process."""
        with self._connections.transaction() as connection:
            connection.executemany(
                "INSERT INTO counter VALUES (?, ?) ON CONFLICT(name) DO UPDATE SET value = value + excluded.value",
                numbers.items(),
            )

    def counters(self) -> dict[str, float]:
        """All counters."""
        return dict(self._connections.read("SELECT name, value FROM counter"))


def _glob(text: str) -> str:
    return "".join(f"[{c}]" if c in "*?[" else c for c in text)
