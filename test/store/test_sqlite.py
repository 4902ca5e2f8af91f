"""The store keeps what it acknowledged, whole and once, through restarts, kills and other processes."""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from store_data import START, make, unit_vectors

from shadowhound_memory.errors import Code, ShadowhoundError
from shadowhound_memory.question import Filter
from shadowhound_memory.record import Memory, Pose
from shadowhound_memory.store.sqlite import SqliteStore

ALL = Filter(statuses=("pending", "current", "superseded"))


def refused(code: Code, *words: str):  # type: ignore[no-untyped-def]
    class Refused:
        def __enter__(self) -> None:
            pass

        def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
            assert isinstance(error, ShadowhoundError), f"expected {code.name}, got {error!r}"
            assert error.code == code, error.sentence
            assert all(word in error.sentence for word in words), error.sentence
            return True

    return Refused()


def test_every_field_comes_back(store: SqliteStore) -> None:
    memory = make(
        "a",
        event="object_seen",
        pose=Pose(x=1.25, y=-2.5, z=0.1, yaw=3.0, frame_id="map"),
        object_pose=Pose(x=9.0, y=8.0, frame_id="odom"),
        tags=("room:kitchen", "object:chair"),
        timestamp=START + 0.123456789,
        end_time=START + 5,
        confidence=0.5,
        degraded=True,
        supersedes="z",
        model="m",
        adapter="ad",
        route="local/m/base/strict",
        unknown_field={"kept": [1, None, "ä"]},
    )
    assert store.insert(memory, "h")
    assert store.get(["a", "nobody"]) == [memory]
    assert store.by_rows(store.rows_of(["a"])) == [memory]


def test_same_id(store: SqliteStore) -> None:
    assert store.insert(make("a"), "h")
    assert not store.insert(make("a"), "h")
    assert not store.insert(make("a", recorded_at=make("a").recorded_at + 1), "as exported")
    with refused(Code.ID_CONFLICT, "'a'"):
        store.insert(make("a", text="Something else."), "other")
    assert store.get(["a"]) == [make("a")] and store.count(ALL) == 1


def test_finish_replaces_pending_and_skips_the_forgotten(store: SqliteStore) -> None:
    for id in "abc":
        store.insert(make(id, status="pending", raw_text="the zebra"), "h")
    assert [memory.id for memory in store.pending(2)] == ["a", "b"]
    store.forget(["b"])
    finished = [make(id, text="A giraffe.", raw_text="the zebra", tags=("object:giraffe",)) for id in "abc"]
    store.finish(finished)
    assert store.get(["a", "b", "c"]) == [finished[0], finished[2]]
    assert store.pending(9) == []
    assert store.count(Filter(tags=("object:giraffe",))) == 2
    assert len(store.lexical(["giraffes"], 9)) == len(store.lexical(["zebra"], 9)) == 2


def test_a_vector_of_words_that_were_replaced_is_not_kept(store: SqliteStore) -> None:
    store.insert(make("a", status="pending"), "h")
    ((row, _),) = store.unembedded(9)
    store.finish([make("a", text="Finished.")])
    store.put_vectors([row], unit_vectors(1))
    assert [memory.text for _, memory in store.unembedded(9)] == ["Finished."]
    store.put_vectors([row], unit_vectors(1))
    assert store.unembedded(9) == [] and store.queue() == (1, 0, 0)


def test_correct_supersedes_and_keeps(store: SqliteStore) -> None:
    store.insert(make("old"), "h")
    store.correct("old", make("new", text="A blue chair.", supersedes="old"), "h2")
    assert [memory.status for memory in store.get(["old", "new"])] == ["superseded", "current"]
    assert store.rows(Filter()).tolist() == store.rows_of(["new"])
    with refused(Code.NOT_FOUND, "nobody"):
        store.correct("nobody", make("newer"), "h3")
    with refused(Code.INVALID, "superseded"):
        store.correct("old", make("newer"), "h3")
    assert store.get(["newer"]) == []


def test_forget_leaves_no_words_in_any_file(tmp_path: Path) -> None:
    store = SqliteStore.open(tmp_path)
    for n in range(50):
        store.insert(make(f"id{n}", raw_text=f"plain words {n}"), "h")
    secret = make(
        "hushhush", text="Xylophonist Quuxley sang.", raw_text="quuxley sang", mission_id="zanzibar", status="pending"
    )
    store.insert(secret, "h")
    store.finish([secret.model_copy(update={"text": "The xylophonist hummed.", "status": "current"})])
    ((row, _),) = store.unembedded(99)[-1:]
    store.put_vectors([row], unit_vectors(1))
    store.put_trace("t", {"candidates": [{"id": "hushhush"}], "question": "who is the xylophonist?"})
    store.put_trace("other", {"candidates": [{"id": "id1"}]})
    assert store.forget(["hushhush", "nobody"]) == 1
    for path in tmp_path.iterdir():
        held = path.read_bytes().lower()
        assert not [word for word in (b"xyloph", b"quux", b"hushhush", b"zanzibar") if word in held], path
    assert store.check() == []
    assert store.trace("t") is None and store.trace("other") is not None
    assert [len(rows) for rows, _ in store.vectors()] == []
    store.close()


def test_words_that_a_reader_held_in_the_log_go_when_it_ends(store: SqliteStore, tmp_path: Path) -> None:
    def held() -> list[Path]:
        return [path for path in tmp_path.iterdir() if b"uuxley" in path.read_bytes()]

    store.insert(make("a", raw_text="Quuxley sang."), "h")
    reader = sqlite3.connect(tmp_path / "memory.sqlite", isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM memory").fetchone()
    store.forget(["a"])
    assert held()
    reader.close()
    store.insert(make("b"), "h")
    assert not held()


def test_an_unknown_field_may_have_any_name(store: SqliteStore) -> None:
    unknown = {"cls": 5, "self": 6, "_fields_set": 7, "model_config": 8}
    store.insert(Memory.model_validate(make("a").model_dump() | unknown), "h")
    [memory] = store.get(["a"])
    assert memory.model_dump().items() >= unknown.items()


def test_forget_finds_the_traces_of_an_odd_id(store: SqliteStore) -> None:
    store.insert(make('a"\\🤖'), "h")
    store.put_trace("t", {"cited": ['a"\\🤖']})
    assert store.trace("t") is not None
    store.forget(['a"\\🤖'])
    assert store.trace("t") is None


def test_a_trace_that_comes_after_a_forget_is_not_kept(store: SqliteStore) -> None:
    store.insert(make("a"), "h")
    store.put_trace("before", {"cited": [], "candidates": [{"id": "a"}]})
    store.forget(["a"])
    store.put_trace("after", {"cited": ["a"], "candidates": [{"id": "a"}]})
    assert store.trace("before") is None and store.trace("after") is None


def test_damaged_traces_are_begun_anew(store: SqliteStore, tmp_path: Path) -> None:
    (tmp_path / "traces.sqlite").write_bytes(b"junk" * 5000)
    store.put_trace("lost", {})
    store.put_trace("kept", {"n": 1})
    assert store.trace("kept") == {"n": 1}


def test_restart_keeps_everything(tmp_path: Path) -> None:
    store = SqliteStore.open(tmp_path)
    store.insert(make("a", pose=Pose(x=1.0, y=2.0), tags=("object:chair",)), "h")
    store.put_vectors([row for row, _ in store.unembedded(9)], unit_vectors(1))
    mission = store.open_mission("robot", None, START)
    store.count_up({"writes": 2})
    store.count_up({"writes": 1, "repairs": 1})
    uuid = store.uuid
    store.close()
    store = SqliteStore.open(tmp_path)
    assert store.get(["a"])[0].tags == ("object:chair",)
    assert store.count(Filter(near=Pose(x=1.0, y=2.0), radius=0.1)) == 1
    assert store.current_mission("robot") == mission == "robot-2025-06-15-1"
    assert store.counters() == {"writes": 3, "repairs": 1}
    assert store.uuid == uuid
    ((rows, matrix),) = store.vectors()
    assert rows.tolist() == store.rows_of(["a"])
    np.testing.assert_array_equal(matrix, unit_vectors(1))
    store.close()


def test_missions(store: SqliteStore) -> None:
    first = store.open_mission("robot", None, START)
    second = store.open_mission("robot", None, START + 10)
    assert (first, second) == ("robot-2025-06-15-1", "robot-2025-06-15-2")
    assert store.current_mission("robot") == second
    assert store.missions()[0] == (first, START, START + 10)
    with refused(Code.ID_CONFLICT, "other", "robot"):
        store.open_mission("other", first, START)
    store.end_mission(second, START + 20)
    assert store.current_mission("robot") is None
    with refused(Code.NOT_FOUND, second):
        store.end_mission(second, START + 30)
    assert store.open_mission("robot", "näht [*] 1", START + 40) == "näht [*] 1"
    store.insert(make("a", mission_id="imported", timestamp=START - 5, end_time=START), "h")
    assert ("imported", START - 5, START) in store.missions()


def test_simulated_and_real_time_never_mix(tmp_path: Path) -> None:
    SqliteStore.open(tmp_path, simulated=True).close()
    with refused(Code.INVALID, "simulated", "real"):
        SqliteStore.open(tmp_path)
    SqliteStore.open(tmp_path, simulated=True).close()


def test_tables_of_a_newer_version_are_refused(tmp_path: Path) -> None:
    SqliteStore.open(tmp_path).close()
    with sqlite3.connect(tmp_path / "memory.sqlite") as connection:
        connection.execute("PRAGMA user_version = 999")
    for read_only in (False, True):
        with refused(Code.STORE_FAILED, "999"):
            SqliteStore.open(tmp_path, read_only=read_only)


def test_a_file_that_is_no_store(tmp_path: Path) -> None:
    (tmp_path / "memory.sqlite").write_bytes(b"not a database at all, but long enough to be looked at" * 20)
    with refused(Code.STORE_FAILED, "memory.sqlite"):
        SqliteStore.open(tmp_path)


def test_reading_beside_a_writer(store: SqliteStore, tmp_path: Path) -> None:
    reader = SqliteStore.open(tmp_path, read_only=True)
    store.insert(make("a"), "h")
    assert reader.get(["a"]) == [make("a")]
    assert reader.lexical(["chair"], 3)
    for change in (
        lambda: reader.insert(make("b"), "h"),
        lambda: reader.forget(["a"]),
        lambda: reader.count_up({"x": 1}),
    ):
        with refused(Code.READ_ONLY):
            change()
    reader.close()
    with refused(Code.NOT_FOUND):
        SqliteStore.open(tmp_path / "nowhere", read_only=True)


READ_UNPRIVILEGED = """
import os, sys
from pathlib import Path
from shadowhound_memory.errors import ShadowhoundError
from shadowhound_memory.store.sqlite import SqliteStore
if os.getuid() == 0:
    os.setuid(65534)
directory = Path(sys.argv[1])
print(len(SqliteStore.open(directory, read_only=True).get(["a"])))
try:
    SqliteStore.open(directory)
except ShadowhoundError as error:
    print(error.code.name)
"""


def test_a_directory_that_cannot_be_written(tmp_path: Path) -> None:
    directory = tmp_path / "kept"
    store = SqliteStore.open(directory)
    store.insert(make("a"), "h")
    store.close()
    for parent in (tmp_path, *tmp_path.parents[:2]):
        parent.chmod(0o755)
    for path in directory.iterdir():
        path.chmod(0o444)
    directory.chmod(0o555)
    try:
        command = [sys.executable, "-c", READ_UNPRIVILEGED, str(directory)]
        reply = subprocess.run(command, capture_output=True, text=True, check=False)
    finally:
        directory.chmod(0o755)
    assert reply.stdout.split() == ["1", "READ_ONLY"], reply.stderr


WRITE = """
import sys
from pathlib import Path
from store_data import make
from shadowhound_memory.store.sqlite import SqliteStore
store = SqliteStore.open(Path(sys.argv[1]))
n = 0
while True:
    store.insert(make(f"{sys.argv[2]}-{n}", raw_text=f"word{sys.argv[2]}x{n}"), "h")
    print(f"{sys.argv[2]}-{n}", flush=True)
    n += 1
"""


def write_in_another_process(directory: Path, name: str) -> subprocess.Popen[str]:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(Path(__file__).parent), *sys.path])}
    command = [sys.executable, "-c", WRITE, str(directory), name]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)


def test_a_second_writer_is_refused_with_the_id_of_the_first(tmp_path: Path) -> None:
    with write_in_another_process(tmp_path, "a") as child:
        assert child.stdout and child.stdout.readline()
        with refused(Code.LOCKED, str(child.pid)):
            SqliteStore.open(tmp_path)
        child.kill()
    SqliteStore.open(tmp_path).close()


def test_a_second_writer_in_the_same_process_is_refused(store: SqliteStore, tmp_path: Path) -> None:
    with refused(Code.LOCKED, str(os.getpid())):
        SqliteStore.open(tmp_path)


def test_kill_9_twenty_times_loses_nothing_acknowledged(tmp_path: Path) -> None:
    acknowledged: list[str] = []
    for turn in range(20):
        with write_in_another_process(tmp_path, f"t{turn}") as child:
            assert child.stdout
            acknowledged += [child.stdout.readline().strip() for _ in range(turn + 1)]
            child.send_signal(signal.SIGKILL)
            acknowledged += [line.strip() for line in child.stdout if line.endswith("\n")]
    store = SqliteStore.open(tmp_path)
    assert len(acknowledged) >= 210
    assert [memory.id for memory in store.get(acknowledged)] == acknowledged
    assert all(store.lexical([f"word{id.replace('-', 'x')}"], 2) for id in acknowledged[::7])
    assert store.check() == []
    store.close()


def test_a_full_disk_is_said_and_changes_nothing(store: SqliteStore) -> None:
    store.insert(make("a"), "h")
    with store._connections.writing() as connection:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages}")
    with refused(Code.STORE_FAILED, "full", "disk space"):
        for n in range(1000):
            store.insert(make(f"b{n}", raw_text="long " * 300), "h")
    with store._connections.writing() as connection:
        connection.execute("PRAGMA max_page_count = 1000000")
    assert store.insert(make("c"), "h")
    assert store.check() == []


def test_many_threads(store: SqliteStore) -> None:
    failures: list[BaseException] = []

    def work(name: str) -> None:
        try:
            for n in range(25):
                store.insert(make(f"{name}{n}"), "h")
                assert store.get([f"{name}{n}"])
                store.rows(Filter(missions=("patrol",)))
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == [] and store.count(Filter()) == 100


def test_the_latest_thousand_traces_are_kept(store: SqliteStore) -> None:
    for n in range(1003):
        store.put_trace(f"t{n}", {"n": n})
    assert store.trace("t2") is None
    assert store.trace("t1002") == {"n": 1002}


@pytest.mark.parametrize(
    "words", [['"'], ["AND", "OR", "NOT"], ["NEAR(a b)"], ["col:x"], ["*"], ["a\0b"], ["(", ")"], ["-"]]
)
def test_operators_in_words_are_harmless(store: SqliteStore, words: list[str]) -> None:
    store.insert(make("a"), "h")
    assert store.lexical([*words, "chair"], 5)


def test_a_restricted_search_for_words_finds_what_lies_far_down(store: SqliteStore) -> None:
    for n in range(300):
        store.insert(make(f"a{n}", text="chair", raw_text="chair chair chair", mission_id="big"), "h")
    store.insert(make("b", text="There is one chair among very many other words here.", mission_id="small"), "h")
    (row,) = store.rows_of(["b"])
    assert [found for found, _ in store.lexical(["chair"], 5, Filter(missions=("small",)))] == [row]
    assert [found for found, _ in store.lexical(["chair"], 5, rows=[row])] == [row]
