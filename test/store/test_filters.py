"""A filter in SQL allows exactly what the same filter allows when each memory is looked at in Python."""

import tempfile
from pathlib import Path

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from store_data import START, make

from shadowhound_memory.question import Filter
from shadowhound_memory.record import Memory, Pose
from shadowhound_memory.store.sqlite import SqliteStore

MISSIONS = ("m1", "m2", "tour de la nuit '\"; --")
TAGS = ("object:chair", "object:cup", "room:kitchen")
FRAMES = ("map", "floor/2")
offsets = st.integers(0, 20).map(float)
metres = st.floats(-8, 8).map(lambda value: round(value, 3))
poses = st.builds(Pose, x=metres, y=metres, frame_id=st.sampled_from(FRAMES))


def some(values: tuple[str, ...], most: int) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(values), unique=True, max_size=most).map(tuple)


@st.composite
def memories(draw: st.DrawFn) -> list[Memory]:
    count = draw(st.integers(0, 25))
    return [
        make(
            f"id{n}",
            mission_id=draw(st.sampled_from(MISSIONS)),
            robot_id=draw(st.sampled_from(("robot", "other"))),
            map_id=draw(st.sampled_from(("default", "upstairs"))),
            source=draw(st.sampled_from(("robot", "person"))),
            event=draw(st.sampled_from(("note", "hazard_seen"))),
            status=draw(st.sampled_from(("pending", "current", "superseded"))),
            tags=draw(some(TAGS, 3)),
            pose=draw(st.none() | poses),
            timestamp=(time := START + draw(offsets)),
            end_time=draw(st.none() | offsets.map(lambda later, time=time: time + later)),
        )
        for n in range(count)
    ]


@st.composite
def filters(draw: st.DrawFn) -> Filter:
    since, until = sorted((START + draw(offsets), START + draw(offsets)))
    near = draw(st.none() | poses)
    return Filter(
        missions=draw(some(MISSIONS, 2)),
        robot_id=draw(st.none() | st.just("robot")),
        map_id=draw(st.none() | st.just("upstairs")),
        tags=draw(some(TAGS, 2)),
        events=draw(some(("note", "hazard_seen"), 1)),
        sources=draw(some(("robot", "person"), 1)),
        since=draw(st.sampled_from((None, since, -1e300))),
        until=draw(st.sampled_from((None, until, 1e300))),
        near=near,
        radius=None if near is None else draw(st.floats(0.1, 12) | st.just(1e300)),
        statuses=draw(st.sampled_from((("pending", "current"), ("superseded",), ("pending", "current", "superseded")))),
    )


def allows(filter: Filter, memory: Memory) -> bool:
    end = memory.timestamp if memory.end_time is None else memory.end_time
    near, pose = filter.near, memory.pose
    return all(
        [
            memory.status in filter.statuses,
            not filter.missions or memory.mission_id in filter.missions,
            not filter.events or memory.event in filter.events,
            not filter.sources or memory.source in filter.sources,
            filter.robot_id in (None, memory.robot_id),
            filter.map_id in (None, memory.map_id),
            set(filter.tags) <= set(memory.tags),
            filter.since is None or end >= filter.since,
            filter.until is None or memory.timestamp <= filter.until,
            near is None
            or (
                pose is not None
                and pose.frame_id == near.frame_id
                and (pose.x - near.x) ** 2 + (pose.y - near.y) ** 2 <= (filter.radius or 0) * (filter.radius or 0)
            ),
        ]
    )


@given(memories(), st.lists(filters(), min_size=1, max_size=8))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_filters_equal_a_look_at_each_memory(kept: list[Memory], asked: list[Filter]) -> None:
    with tempfile.TemporaryDirectory() as directory:
        store = SqliteStore.open(Path(directory))
        for memory in kept:
            store.insert(memory, "h")
        ids = [memory.id for memory in kept]
        every = store.rows_of(ids)
        for filter in asked:
            expected = [row for row, memory in zip(every, kept, strict=True) if allows(filter, memory)]
            assert sorted(store.rows(filter).tolist()) == expected
            assert store.count(filter) == len(expected)
            assert store.allowed(every[::-1], filter).tolist() == expected[::-1]
            assert len(store.rows(filter, limit=2)) == min(2, len(expected))
            by_time = sorted(expected, key=lambda row: (kept[every.index(row)].timestamp, row))
            assert store.rows(filter, order="earliest").tolist() == by_time
            assert store.rows(filter, limit=3, order="latest").tolist() == by_time[::-1][:3]
        store.close()


def test_rows_unknown_to_the_store_are_not_allowed(store: SqliteStore) -> None:
    store.insert(make("a"), "h")
    (row,) = store.rows_of(["a"])
    assert store.allowed(np.array([99, row, -1]), Filter()).tolist() == [row]
