"""A Filter as SQL: text that names the memory table `m`, and its parameters.

The index `memory_filter` holds every column that a filter compares, so that no text is read to decide about a memory.
"""

import json
from typing import Any

from shadowhound_memory.question import Filter
from shadowhound_memory.store.schema import MAX_NS, to_ns

NARROW = "memory m INDEXED BY memory_filter"


def is_broad(filter: Filter) -> bool:
    """Whether the filter narrows by nothing but robot, map and status, which most memories of a store share."""
    narrow = (filter.missions, filter.tags, filter.events, filter.sources)
    return not any(narrow) and filter.since is None and filter.until is None and filter.near is None


def conditions(filter: Filter) -> tuple[str, list[Any]]:
    """A condition on `m` that holds for exactly the memories that the filter allows."""
    terms: list[str] = []
    values: list[Any] = []

    def add(term: str, *parameters: Any) -> None:
        terms.append(term)
        values.extend(parameters)

    add(f"+m.status IN ({', '.join('?' * len(filter.statuses))})", *filter.statuses)
    for column, allowed in (("mission_id", filter.missions), ("event", filter.events), ("source", filter.sources)):
        if allowed:
            add(f"m.{column} IN (SELECT value FROM json_each(?))", json.dumps(allowed))
    for column, name in (("robot_id", filter.robot_id), ("map_id", filter.map_id)):
        if name is not None:
            add(f"m.{column} = ?", name)
    for tag in filter.tags:
        add("EXISTS (SELECT 1 FROM tag WHERE tag.tag = ? AND tag.row = m.row)", tag)
    if filter.since is not None:
        add("(m.timestamp >= ? OR m.end_time >= ?)", to_ns(filter.since), to_ns(filter.since))
    if filter.until is not None:
        add("m.timestamp <= ?", to_ns(filter.until))
    if filter.near is not None and filter.radius is not None:
        x, y, r = filter.near.x, filter.near.y, filter.radius
        circle = "(m.x - ?) * (m.x - ?) + (m.y - ?) * (m.y - ?) <= ?"
        add(f"m.frame_id = ? AND {circle}", filter.near.frame_id, x, x, y, y, r * r)
    return " AND ".join(terms), values


def source(filter: Filter) -> tuple[str, list[Any], Filter]:
    """What to select from so that few rows are read: the first that is named of place, tag, missions and time.

    Text, parameters, and the filter that is left to be checked.
    """
    parameters: list[Any]
    if filter.near is not None and filter.radius is not None:
        x, y, r = filter.near.x, filter.near.y, filter.radius
        frame = "(SELECT number FROM frame WHERE name = ?)"
        box = f"x0 <= ? AND x1 >= ? AND y0 <= ? AND y1 >= ? AND frame0 <= {frame} AND frame1 >= {frame}"
        rows = f"SELECT row FROM place WHERE {box}"
        parameters = [x + r, x - r, y + r, y - r, filter.near.frame_id, filter.near.frame_id]
    elif filter.tags:
        rows = "SELECT row FROM tag WHERE tag = ?"
        parameters = [filter.tags[0]]
        filter = filter.model_copy(update={"tags": filter.tags[1:]})
    elif filter.missions:
        rows = "SELECT row FROM memory INDEXED BY memory_mission WHERE mission_id IN (SELECT value FROM json_each(?))"
        parameters = [json.dumps(filter.missions)]
        filter = filter.model_copy(update={"missions": ()})
    elif filter.since is not None or filter.until is not None:
        since = -MAX_NS if filter.since is None else to_ns(filter.since)
        until = MAX_NS if filter.until is None else to_ns(filter.until)
        begun = "SELECT row FROM memory INDEXED BY memory_time WHERE timestamp BETWEEN ? AND ?"
        running = "SELECT row FROM memory INDEXED BY memory_span WHERE end_time >= ? AND timestamp < ?"
        rows = f"{begun} UNION ALL {running}"
        parameters = [since, until, since, since]
    else:
        return NARROW, [], filter
    return f"({rows}) chosen CROSS JOIN {NARROW} ON m.row = chosen.row", parameters, filter
