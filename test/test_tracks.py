"""Tracks: sightings of one thing join, different things stay apart, and all of it follows from the memories alone."""

import json
import sqlite3
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shadowhound_memory.cli import main
from shadowhound_memory.errors import Code, ShadowhoundError
from shadowhound_memory.manager import MemoryManager
from shadowhound_memory.question import Filter
from shadowhound_memory.record import Memory, Observation, Pose
from shadowhound_memory.settings import Settings
from shadowhound_memory.sightings import sightings
from shadowhound_memory.store.schema import TABLES_1, to_values
from shadowhound_memory.store.sqlite import _INSERT, SqliteStore
from shadowhound_memory.tracks import Track, read_tracks, settle_tracks, tracks_of, update_tracks

DAY = 86400.0
START = 1780000000.0
HALL = (0.0, 0.0)
YARD = (9.0, 0.0)


def tell(
    memory: MemoryManager, text: str, at: tuple[float, float] | None, day: float, mission: str | None = None, **fields
) -> str:
    pose = None if at is None else Pose(x=at[0], y=at[1])
    observation = Observation(
        text=text, pose=pose, timestamp=START + day * DAY, mission_id=mission or f"patrol-{int(day)}", **fields
    )
    return memory.write(observation).id


def tracks(memory: MemoryManager, filter: Filter | None = None) -> list[Track]:
    memory.wait_until_idle(60)
    return memory.tracks(filter)


def states(found: Iterable[Track]) -> list[tuple[str, float | None, str, int]]:
    return sorted((track.thing, track.pose and track.pose.x, track.state, track.count) for track in found)


def test_sightings_of_a_thing_at_its_place_are_one_track(memory: MemoryManager) -> None:
    ids = [tell(memory, "A ladder leans against the wall.", HALL, day) for day in range(3)]
    [track] = tracks(memory)
    assert (track.thing, track.state, track.count) == ("ladder", "present", 3)
    assert track.memory_ids == tuple(ids)
    assert (track.first_seen, track.last_seen) == (START, START + 2 * DAY)
    assert (track.mission_id, track.robot_id, track.map_id) == ("patrol-2", "robot", "default")


def test_seen_elsewhere_later_it_has_moved_and_the_old_place_is_kept(memory: MemoryManager) -> None:
    tell(memory, "A ladder leans against the wall.", HALL, 0)
    tell(memory, "The ladder lies on the floor.", YARD, 1)
    new, old = tracks(memory)
    assert (new.state, old.state) == ("present", "moved")
    assert old.pose == Pose(x=0.0, y=0.0) and old.moved_to == new.pose == Pose(x=9.0, y=0.0)
    tell(memory, "A ladder leans against the wall.", HALL, 2)
    assert states(tracks(memory)) == [("ladder", 0.0, "present", 2), ("ladder", 9.0, "moved", 1)]


@pytest.mark.parametrize(
    "text", ["The ladder is gone.", "There is no ladder here.", "The hook for the ladder is empty."]
)
def test_seen_missing_closes_a_track_until_it_is_seen_again(memory: MemoryManager, text: str) -> None:
    seen = tell(memory, "A ladder leans against the wall.", HALL, 0)
    missed = tell(memory, text, HALL, 1)
    [track] = [track for track in tracks(memory) if track.thing == "ladder"]
    assert (track.state, track.count, track.last_seen) == ("missing", 1, START)
    assert track.memory_ids == (seen, missed)
    tell(memory, "A ladder leans against the wall.", HALL, 2)
    assert ("ladder", 0.0, "present", 2) in states(tracks(memory))


def test_missing_elsewhere_closes_nothing(memory: MemoryManager) -> None:
    tell(memory, "A ladder leans against the wall.", HALL, 0)
    tell(memory, "There is no ladder here.", YARD, 1)
    assert states(tracks(memory)) == [("ladder", 0.0, "present", 1)]


def test_several_things_of_one_name_stay_apart_and_never_move_by_taking_turns(memory: MemoryManager) -> None:
    for day in range(4):
        tell(memory, "A chair stands at the window.", HALL, day)
        tell(memory, "A chair stands at the window.", YARD, day + 0.01, f"patrol-{day}")
    assert states(tracks(memory)) == [("chair", 0.0, "present", 4), ("chair", 9.0, "present", 4)]
    tell(memory, "A chair stands at the window.", (0.0, 9.0), 5)
    assert {track.state for track in tracks(memory)} == {"present"}


def test_two_things_side_by_side_in_one_round_are_two(memory: MemoryManager) -> None:
    for day in range(2):
        for x in (0.0, 0.5):
            tell(memory, "A chair.", HALL, day + x / 100, f"patrol-{day}", object_pose=Pose(x=x + 2, y=0.0))
    assert [(track.count, track.object_pose and track.object_pose.x) for track in tracks(memory)] == [
        (2, 2.5),
        (2, 2.0),
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"text": "A red cup on the table."}, {"text": "A blue cup on the table."}),
        ({"map_id": "ground floor"}, {"map_id": "first floor"}),
        ({"robot_id": "a"}, {"robot_id": "b"}),
        ({"pose": Pose(x=1.0, y=1.0, frame_id="map")}, {"pose": Pose(x=1.0, y=1.0, frame_id="odom")}),
    ],
)
def test_what_differs_stays_apart(memory: MemoryManager, one: dict[str, object], other: dict[str, object]) -> None:
    plain = {"text": "A cup on the table.", "pose": Pose(x=1.0, y=1.0)}
    for number, fields in enumerate((one, other)):
        mission = f"{fields.get('robot_id')}-{number}"
        memory.write(Observation(**{**plain, **fields}, mission_id=mission, timestamp=START + number * DAY))
    assert [(track.state, track.count) for track in tracks(memory)] == [("present", 1)] * 2


def test_things_that_cannot_be_carried_off_do_not_move(memory: MemoryManager) -> None:
    tell(memory, "The door is open.", HALL, 0)
    tell(memory, "The door is closed.", YARD, 1)
    assert states(tracks(memory)) == [("door", 0.0, "present", 1), ("door", 9.0, "present", 1)]


@pytest.mark.parametrize(
    ("text", "things"),
    [
        ("A mug next to the sink.", {"mug": "seen"}),
        ("I see a chair, a table and a green lamp.", {"chair": "seen", "table": "seen", "green lamp": "seen"}),
        ("The ladder is not here any more, but the box is still here.", {"ladder": "missing", "box": "seen"}),
        ("The trolley was moved to the loading bay.", {"trolley": "moved"}),
        ("Anna said the keys are on the desk.", {}),
        ("I could not open the drawer.", {}),
        ("Battery at 40 percent.", {}),
        ("Mr. Novak's cane leans on the wall.", {"cane": "seen"}),
        ("A bunch of keys lies on the counter.", {"keys": "seen"}),
        ("A cup of tea stands on the shelf.", {"cup": "seen"}),
        ("A strange smell in room 3.", {}),
        ("The floor beside the sink is slippery.", {}),
        ("I see that a pallet blocks the ramp.", {"pallet": "seen"}),
        ("On the shelf the chair blocks my view of the lamp.", {}),
    ],
)
def test_what_a_memory_sees(memory: MemoryManager, text: str, things: dict[str, str]) -> None:
    written = memory.write(Observation(text=text, pose=Pose(x=0.0, y=0.0)), wait=60)
    assert {one.name: one.told for one in sightings(written)} == things


def test_without_a_place_nothing_is_tracked(memory: MemoryManager) -> None:
    tell(memory, "A ladder leans against the wall.", None, 0)
    assert tracks(memory) == []


def test_ten_identical_patrols_make_the_tracks_of_one(memory: MemoryManager) -> None:
    things = ("ladder", "bucket", "red toolbox", "wheelchair", "bucket")
    after_one = 0
    for patrol in range(10):
        for number, thing in enumerate(things):
            tell(memory, f"A {thing} in the hall.", (number * 3.0, 0.0), patrol + number / 1000)
        after_one = after_one or len(tracks(memory))
    found = tracks(memory)
    assert len(found) == after_one == len(things)
    assert {(track.state, track.count) for track in found} == {("present", 10)}


def test_named_missions_tell_tracks_of_their_own(memory: MemoryManager) -> None:
    tell(memory, "A ladder leans against the wall.", HALL, 0)
    tell(memory, "The ladder lies on the floor.", YARD, 1)
    [track] = tracks(memory, Filter(missions=("patrol-0",)))
    assert (track.state, track.moved_to, track.count) == ("present", None, 1)
    assert tracks(memory, Filter(robot_id="another")) == []
    assert tracks(memory, Filter(until=START - DAY)) == []
    assert states(tracks(memory, Filter(since=START))) == states(tracks(memory))


def test_forgetting_and_correcting_make_the_tracks_anew(memory: MemoryManager) -> None:
    tell(memory, "A ladder leans against the wall.", HALL, 0)
    wrong = tell(memory, "The ladder lies on the floor.", YARD, 1)
    assert ("ladder", 0.0, "moved", 1) in states(tracks(memory))
    corrected = memory.correct(wrong, text="The broom lies on the floor.", tags=["object:broom"])
    assert states(tracks(memory)) == [("broom", 9.0, "present", 1), ("ladder", 0.0, "present", 1)]
    memory.forget([corrected.id])
    assert states(memory.tracks()) == [("ladder", 0.0, "present", 1)]


def test_what_is_forgotten_leaves_no_track_in_the_files(memory: MemoryManager) -> None:
    tell(memory, "A zebrafish in the hall.", HALL, 0)
    seen = tell(memory, "A zebrafish in the hall.", HALL, 1)
    tell(memory, "A ladder in the hall.", HALL, 1)
    assert len(tracks(memory)) == 2
    memory.forget([track_id for track in memory.tracks() if seen in track.memory_ids for track_id in track.memory_ids])
    assert [track.thing for track in memory.tracks()] == ["ladder"]
    for file in memory.settings.directory.glob("memory.sqlite*"):
        assert b"zebrafish" not in file.read_bytes()


def test_made_anew_the_tracks_are_the_same(memory: MemoryManager) -> None:
    for day, at in enumerate((HALL, HALL, YARD)):
        tell(memory, "A ladder leans against the wall.", at, day)
    before = tracks(memory)
    memory.reindex()
    assert tracks(memory) == before


# A store of the version before tracks


def old_store(directory: Path) -> None:
    """A store as version 1 made it, with a ladder that moved and a superseded, a pending and a placeless memory."""
    directory.mkdir(parents=True)
    connection = sqlite3.connect(directory / "memory.sqlite")
    connection.executescript(f"PRAGMA journal_mode=WAL; {TABLES_1} PRAGMA user_version = 1;")
    connection.executemany("INSERT INTO meta VALUES (?, ?)", [("store", "s"), ("simulated", "0")])
    for number, (at, status) in enumerate(
        [(0.0, "current"), (9.0, "current"), (20.0, "superseded"), (30.0, "pending"), (None, "current")]
    ):
        connection.execute(_INSERT, ["hash", *to_values(sighting(number, "ladder", at, status=status))])
    connection.commit()
    connection.close()


def sighting(
    number: int, thing: str, x: float | None, *, mission: int | None = None, gone: bool = False, **fields: object
) -> Memory:
    text = f"The {thing} is gone." if gone else f"A {thing} in the hall."
    plain = {
        "id": f"m{number}",
        "event": "object_missing" if gone else "object_seen",
        "text": text,
        "raw_text": text,
        "pose": None if x is None else {"x": x, "y": 0.0},
        "tags": (f"object:{thing}",),
        "mission_id": f"patrol-{number if mission is None else mission}",
        "timestamp": START + number * DAY,
        "robot_id": "robot",
        "source": "robot",
        "status": "current",
        "written_by": "rules",
        "recorded_at": START,
    }
    return Memory.model_validate(plain | fields)


def test_an_older_store_gets_its_tracks_when_it_is_opened(tmp_path: Path) -> None:
    settings = Settings(data_dir=str(tmp_path / "memory"), model="none")
    old_store(settings.directory)
    with MemoryManager.open(settings, read_only=True) as reader:
        assert len(list(reader.memories())) == 5
        with pytest.raises(ShadowhoundError, match="open it once for writing") as refused:
            reader.tracks()
        assert refused.value.code is Code.STORE_FAILED
    with MemoryManager.open(settings) as memory:
        found = tracks(memory)
        assert memory.check() == []
    assert states(found) == [("ladder", 0.0, "moved", 1), ("ladder", 9.0, "moved", 1), ("ladder", 30.0, "present", 1)]
    with MemoryManager.open(settings, read_only=True) as reader:
        assert reader.tracks() == found


# What follows from the memories alone

seen = st.tuples(
    st.sampled_from(["ladder", "bucket"]),
    st.sampled_from([0.0, 0.2, 0.5, 4.0, 9.0]),
    st.integers(0, 3),
    st.booleans(),
)
histories = st.lists(seen, max_size=12)


def described(store: SqliteStore, filter: Filter | None = None) -> list[str]:
    while update_tracks(store):
        pass
    return [as_text(track) for track in read_tracks(store, filter)]


def as_text(track: Track) -> str:
    return json.dumps(track.model_dump(), sort_keys=True)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=histories, order=st.randoms(), forgotten=st.sets(st.integers(0, 11)))
def test_tracks_follow_from_the_memories_alone(
    tmp_path_factory: pytest.TempPathFactory, history: list[tuple[str, float, int, bool]], order, forgotten: set[int]
) -> None:
    """Told one by one, all at once or out of order, filtered, forgotten or made anew: the same memories, the same."""
    memories = [
        sighting(number, thing, x, mission=mission, gone=gone)
        for number, (thing, x, mission, gone) in enumerate(history)
    ]
    stores = [SqliteStore.open(tmp_path_factory.mktemp("store")) for _ in range(3)]
    one_by_one, shuffled, fewer = stores
    try:
        for memory in memories:
            one_by_one.insert(memory, memory.id)
            update_tracks(one_by_one)
        mixed = list(memories)
        order.shuffle(mixed)
        for number, memory in enumerate(mixed):
            shuffled.insert(memory, memory.id)
            if number % 3 == 0:
                update_tracks(shuffled)
        expected = described(one_by_one)
        assert described(shuffled) == expected
        assert described(one_by_one, Filter(since=START)) == expected
        assert [as_text(track) for track in tracks_of([(memory, sightings(memory)) for memory in mixed])] == expected
        one_by_one.drop_tracks()
        assert described(one_by_one) == expected

        for memory in memories:
            if memories.index(memory) not in forgotten:
                fewer.insert(memory, memory.id)
        one_by_one.forget([f"m{number}" for number in forgotten])
        while settle_tracks(one_by_one):
            pass
        assert described(one_by_one) == described(fewer)
    finally:
        for store in stores:
            store.close()


def test_the_command_lists_tracks(memory: MemoryManager, capsys: pytest.CaptureFixture[str]) -> None:
    tell(memory, "A [red] ladder leans against the wall.", HALL, 0)
    tell(memory, "A bucket in the yard.", YARD, 1)
    memory.wait_until_idle(60)
    where = ["--data-dir", str(memory.settings.directory), "--set", "timezone=UTC"]
    assert main(["tracks", *where]) == 0
    shown = capsys.readouterr().out
    assert "ladder" in shown and "bucket" in shown and "2026-05-28 20:26" in shown
    assert main(["tracks", "Bucket", "--json", *where]) == 0
    [line] = capsys.readouterr().out.splitlines()
    assert json.loads(line)["pose"]["x"] == 9.0
    assert main(["tracks", "--mission", "patrol-7", *where]) == 0
    assert "no thing was seen" in capsys.readouterr().out
