"""Tracks: what many memories say together of one thing at one place. Derived from memories alone, and rebuildable.

Sightings of a thing by the same name at the same place join into one track. The same thing seen elsewhere makes the
track of the old place `moved`, but only where nothing speaks for several such things: when all that is new lies in one
spot, far from the old place, and the old place is the only one not seen again in that round. Seen missing closes it.
What is not sure stays apart and `present`.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import count, groupby
from typing import NamedTuple, Protocol

from pydantic import BaseModel, ConfigDict

from shadowhound_memory.question import Filter
from shadowhound_memory.record import Memory, Pose
from shadowhound_memory.sightings import Sighting, sightings
from shadowhound_memory.store.filters import is_broad
from shadowhound_memory.store.schema import NANO, to_ns
from shadowhound_memory.store.sqlite import SqliteStore
from shadowhound_memory.store.tracks import Kept, Seen, State, Thing, Tracking

BATCH = 100
"""Memories tracked in one transaction: writing waits meanwhile."""
PAUSE = 4 * 3600 * NANO
"""A thing not seen for so long is looked at in a new round, also within one mission."""
WITHIN_ROUND = 0.3
"""Metres: sightings of one round farther apart than this are of several things."""
SPOT = 1.0
"""Metres around a place that are one spot: a thing that is seen missing was within, and so are all that moved."""
FIXTURES = frozenset(
    """door window wall floor ceiling roof step stair staircase elevator lift escalator pillar column fireplace
    chimney sink basin bath bathtub tub shower toilet urinal faucet tap counter countertop worktop cabinet cupboard
    drawer closet wardrobe shelf fridge refrigerator freezer oven stove hob dishwasher radiator duct pipe socket outlet
    hydrant lamppost fence gate railing kerb curb tree hedge bush building""".split()
)
"""Things that stay where they are: seen elsewhere, it is another one."""


class _Radii(NamedTuple):
    same: float
    moved: float


BY_OBJECT = _Radii(same=0.5, moved=1.0)
"""Metres between the places of two things within which they are one, and beyond which one may have moved."""
BY_STANDPOINT = _Radii(same=0.6, moved=1.5)
"""The same between the places where the robot stood: one thing is seen from several."""


class Track(BaseModel):
    """One thing at one place, over all memories that saw it there.

    `pose` is where the robot stood (one can drive there) and `object_pose` where the thing is, both in the round in
    which it was last seen. `count`: sightings; `first_seen`, `last_seen`: seconds. `memory_ids`: every sighting and
    report of it missing, by time. `mission_id`: of the last sighting. `moved_to`: where the robot stood when it saw the
    thing elsewhere, or, where that is not known, where the thing then was.
    """

    model_config = ConfigDict(frozen=True)

    thing: str
    state: State
    pose: Pose | None
    object_pose: Pose | None
    count: int
    first_seen: float
    last_seen: float
    memory_ids: tuple[str, ...]
    mission_id: str
    map_id: str
    robot_id: str
    moved_to: Pose | None = None


def read_tracks(store: SqliteStore, filter: Filter | None) -> list[Track]:
    """The tracks of a store, the last seen first. With a filter that narrows, they are made of what it allows alone.

    Raises STORE_FAILED for a store that an older version made and that is open for reading only.
    """
    filter = filter or Filter()
    found: Iterable[tuple[Thing, Kept, list[str]]]
    if is_broad(filter) and "current" in filter.statuses:
        found = store.kept_tracks(filter.robot_id, filter.map_id)
    else:
        found = _track(store.allowed_sightings(filter))
    return _to_tracks(found)


def tracks_of(memories: Iterable[tuple[Memory, Sequence[Sighting]]]) -> list[Track]:
    """The tracks that memories, each with what it sees, make by themselves; the last seen first."""
    seen: list[tuple[Thing, str, Seen]] = []
    for row, (memory, things) in enumerate(sorted(memories, key=lambda pair: pair[0].timestamp)):
        seen += [(thing, memory.id, one) for thing, one in _seen(row, memory, things)]
    return _to_tracks(_track(sorted(seen, key=lambda one: (one[0], _order(one[2])))))


def _track(seen: Iterable[tuple[Thing, str, Seen]]) -> Iterator[tuple[Thing, Kept, list[str]]]:
    numbers = count(1)
    for thing, group in groupby(seen, key=lambda one: one[0]):
        tracks: list[Kept] = []
        ids: dict[int, list[str]] = {}
        for _, memory_id, sighting in group:
            number = advance(tracks, sighting, numbers)
            if number is not None:
                ids.setdefault(number, []).append(memory_id)
        yield from ((thing, kept, ids[kept.number]) for kept in tracks)


def _to_tracks(found: Iterable[tuple[Thing, Kept, list[str]]]) -> list[Track]:
    made = list(found)
    places = {kept.number: kept.pose or kept.object_pose for _, kept, _ in made}
    tracks = [_to_track(thing, kept, ids, places) for thing, kept, ids in made]
    return sorted(tracks, key=lambda track: (-track.last_seen, track.thing, track.memory_ids))


def _to_track(thing: Thing, kept: Kept, ids: list[str], places: dict[int, Pose | None]) -> Track:
    return Track(
        thing=kept.name,
        state=kept.state,
        pose=kept.pose,
        object_pose=kept.object_pose,
        count=kept.count,
        first_seen=kept.first_seen / NANO,
        last_seen=kept.last_seen / NANO,
        memory_ids=tuple(dict.fromkeys(ids)),
        mission_id=kept.mission_id,
        map_id=thing.map_id,
        robot_id=thing.robot_id,
        moved_to=None if kept.moved_to is None else places.get(kept.moved_to),
    )


def update_tracks(store: SqliteStore) -> int:
    """Bring tracks closer to the memories; how many memories or things that were (at most BATCH), 0 when none is left.

    Safe against a kill at any time.
    """
    memories = store.untracked(BATCH)
    if not memories:
        return settle_tracks(store)
    told = [(row, memory, sightings(memory)) for row, memory in memories]
    with store.tracking() as tracking:
        new: dict[int, list[Seen]] = {}
        late: set[int] = set()
        for row, memory, things in told:
            if tracking.take(row):
                for thing, unnumbered in _seen(row, memory, things):
                    seen = unnumbered._replace(thing=tracking.number_of(thing))
                    if not tracking.follows(seen):
                        late.add(seen.thing)
                    tracking.put(seen)
                    new.setdefault(seen.thing, []).append(seen)
        numbers = count(tracking.next_number())
        for number, added in new.items():
            if number in late:
                tracking.unsettle(number)
            else:
                _extend(number, tracking.tracks(number), sorted(added, key=_order), tracking, numbers)
    return len(memories)


def settle_tracks(store: SqliteStore) -> int:
    """Make the tracks anew of things that lost a sighting or got an earlier one; how many, 0 when there was none."""
    things = store.unsettled(BATCH)
    for thing in things:
        with store.tracking() as tracking:
            tracking.start_over(thing)
            _extend(thing, [], tracking.sightings(thing), tracking, count(tracking.next_number()))
    return len(things)


def _extend(thing: int, tracks: list[Kept], added: Sequence[Seen], tracking: Tracking, numbers: Iterator[int]) -> None:
    before = {track.number: replace(track) for track in tracks}
    belongs = [(seen, advance(tracks, seen, numbers)) for seen in added]
    tracking.settle(thing, [track for track in tracks if track != before.get(track.number)], belongs)


def _order(seen: Seen) -> tuple[int, int, str]:
    return seen.timestamp, seen.row, seen.name


def _seen(row: int, memory: Memory, things: Sequence[Sighting]) -> Iterator[tuple[Thing, Seen]]:
    pose = memory.pose or memory.object_pose
    if pose is None:
        return
    timestamp = to_ns(memory.timestamp)
    for one in things:
        other = memory.object_pose if one.placed and memory.object_pose else None
        other = other if other and other.frame_id == pose.frame_id else None
        thing = Thing(memory.robot_id, memory.map_id, pose.frame_id, one.head)
        yield thing, Seen(0, row, timestamp, one.name, one.told, one.placed, memory.mission_id, memory.pose, other)


def advance(tracks: list[Kept], seen: Seen, numbers: Iterator[int]) -> int | None:
    """Bring the tracks of a thing from one sighting to the next by time; the number of the track it belongs to, if any.

    The tracks are changed in place. What comes out depends on the order of time alone.
    """
    if seen.told == "missing":
        gone = _gone(tracks, seen)
        if gone is not None:
            gone.state, gone.retired, gone.moved_to = "missing", None, None
        return gone.number if gone else None
    round_ = _round(tracks, seen)
    same = [track for track in tracks if track.name == seen.name]
    here = _here(same, seen, round_)
    if here is None:
        here = _new(seen, round_, next(numbers))
        tracks.append(here)
        same.append(here)
    else:
        if here.state != "present":
            here.state, here.appeared, here.retired, here.moved_to = "present", round_, None, None
        if here.round != round_:
            here.row, here.placed, here.pose, here.object_pose = seen.row, seen.placed, seen.pose, seen.object_pose
        here.round, here.mission_id, here.last_seen = round_, seen.mission_id, seen.timestamp
        here.count += 1
    if seen.told == "moved":
        _retire([track for track in same if track is not here], [here], None)
    _retire_unseen(same, round_)
    return here.number


def _new(seen: Seen, round_: int, number: int) -> Kept:
    return Kept(
        number=number,
        thing=seen.thing,
        name=seen.name,
        state="present",
        row=seen.row,
        placed=seen.placed,
        first_seen=seen.timestamp,
        last_seen=seen.timestamp,
        count=1,
        mission_id=seen.mission_id,
        round=round_,
        appeared=round_,
        retired=None,
        moved_to=None,
        pose=seen.pose,
        object_pose=seen.object_pose,
    )


def _round(tracks: Sequence[Kept], seen: Seen) -> int:
    """The round of a sighting: that of the thing's last sighting in the same mission, unless a pause lies between."""
    before = [t for t in tracks if t.mission_id == seen.mission_id and seen.timestamp - t.last_seen < PAUSE]
    return max(before, key=lambda track: track.last_seen).round if before else seen.row


def _here(same: Sequence[Kept], seen: Seen, round_: int) -> Kept | None:
    """The nearest track at the place of a sighting; one taken in this round is open only to sightings right there."""
    near = []
    for track in same:
        distance, radii = _distance(track, seen)
        if distance <= (WITHIN_ROUND if track.round == round_ else radii.same):
            near.append((distance, track.number, track))
    return min(near)[2] if near else None


def _gone(tracks: Sequence[Kept], seen: Seen) -> Kept | None:
    """The track that a report of a missing thing closes: the only one there whose name says all that it says."""
    said = set(seen.name.split())
    near = [
        track
        for track in tracks
        if track.state == "present" and said <= set(track.name.split()) and _distance(track, seen)[0] <= SPOT
    ]
    return near[0] if len(near) == 1 else None


def _retire_unseen(same: Sequence[Kept], round_: int) -> None:
    """Decide anew what this round says has moved."""
    for track in same:
        if track.retired == round_:
            track.state, track.retired, track.moved_to = "present", None, None
    if not same or same[0].name.split()[-1].removesuffix("s") in FIXTURES:
        return
    arrived = [track for track in same if track.state == "present" and track.appeared == round_]
    _retire([track for track in same if track.round != round_], arrived, round_)


def _retire(left: Sequence[Kept], arrived: Sequence[Kept], round_: int | None) -> None:
    """The tracks that were left moved to where the thing arrived, if each lie in one spot, far from one another."""
    left = [track for track in left if track.state == "present"]
    if not left or not arrived:
        return
    together = (_distance(one, other)[0] <= SPOT for spot in (left, arrived) for one in spot for other in spot)
    apart = (distance > radii.moved for distance, radii in (_distance(one, other) for one in left for other in arrived))
    if all(together) and all(apart):
        for track in left:
            track.state, track.retired, track.moved_to = "moved", round_, arrived[-1].number


class _Placed(Protocol):
    @property
    def pose(self) -> Pose | None: ...

    @property
    def object_pose(self) -> Pose | None: ...


def same_place(one: _Placed, other: _Placed) -> bool:
    """Whether what both say of a thing of one name may be of one thing, by the places they give, in one frame."""
    places = [[pose for pose in (each.pose, each.object_pose) if pose] for each in (one, other)]
    if not all(places) or len({pose.frame_id for poses in places for pose in poses}) > 1:
        return False
    distance, radii = _distance(one, other)
    return distance <= radii.same


def _distance(one: _Placed, other: _Placed) -> tuple[float, _Radii]:
    """Metres between two places, of the things where both are known, else of the standpoints; and what they mean."""
    if one.object_pose and other.object_pose:
        return _metres(one.object_pose, other.object_pose), BY_OBJECT
    if one.pose and other.pose:
        return _metres(one.pose, other.pose), BY_STANDPOINT
    here, there = one.pose or one.object_pose, other.pose or other.object_pose
    assert here is not None and there is not None
    return _metres(here, there), BY_STANDPOINT


def _metres(one: Pose, other: Pose) -> float:
    return math.dist((one.x, one.y, one.z), (other.x, other.y, other.z))
