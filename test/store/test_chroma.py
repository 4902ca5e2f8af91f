"""The index is derived: whatever happens to it, it comes back right from SQLite, and meanwhile gives no answer."""

import logging
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from store_data import START, make, unit_vectors

from shadowhound_memory.settings import Settings
from shadowhound_memory.store.chroma import ChromaIndex, open_client
from shadowhound_memory.store.sqlite import SqliteStore
from shadowhound_memory.store.vectors import VectorTable

COUNT = 400


def fill(store: SqliteStore, count: int = COUNT, mission: str = "patrol", seed: int = 0) -> None:
    known = store.queue().memories
    for n in range(known, known + count):
        store.insert(make(f"id{n}", mission_id=mission), "h")
    store.put_vectors([row for row, _ in store.unembedded(count)], unit_vectors(count, seed=seed))


def wait_until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not true():
        assert time.monotonic() < end, "waited for a minute"
        time.sleep(0.02)


@contextmanager
def indexed(settings: Settings, store: SqliteStore) -> Iterator[ChromaIndex]:
    index = ChromaIndex(settings, store)
    try:
        wait_until(lambda: index.state == "ready" and len(store.unindexed(1)[0]) == 0)
        yield index
    finally:
        index.close()


def answers_rightly(index: ChromaIndex, store: SqliteStore) -> bool:
    table = VectorTable(store)
    for rows, matrix in store.vectors():
        for row, vector in list(zip(rows, matrix, strict=True))[::10]:
            found = index.query(vector, 5)
            if found is None or found[0][0] != row or abs(found[1][0] - 1) > 1e-3:
                return False
            if len(set(found[0]) & set(table.search(vector, 5)[0])) < 4:
                return False
    return True


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=str(tmp_path))


def test_it_answers_and_keeps_in_step(settings: Settings, store: SqliteStore) -> None:
    fill(store)
    with indexed(settings, store) as index:
        assert answers_rightly(index, store)
        fill(store, 50, seed=1)
        assert len(index.lacks(VectorTable(store).present)) == 50
        index.wake()
        wait_until(lambda: len(index.lacks(VectorTable(store).present)) == 0)
        store.forget([f"id{n}" for n in range(100)])
        index.wake()
        wait_until(lambda: store.removed(1) == [])
        assert answers_rightly(index, store)
        index.rebuild()
        assert index.query(unit_vectors(1)[0], 5) is None
        wait_until(lambda: index.state == "ready")
        assert answers_rightly(index, store)
    with indexed(settings, store) as index:
        assert answers_rightly(index, store)


def remove(folder: Path) -> None:
    shutil.rmtree(folder)


def halve(name: str) -> Callable[[Path], None]:
    def damage(folder: Path) -> None:
        for path in folder.rglob(name):
            path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])

    return damage


def overwrite(name: str) -> Callable[[Path], None]:
    def damage(folder: Path) -> None:
        for path in folder.rglob(name):
            path.write_bytes(os.urandom(path.stat().st_size))

    return damage


def replace_by_a_file(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.write_text("no folder")


def damage_behind_a_link(folder: Path) -> None:
    elsewhere = folder.rename(folder.with_name("elsewhere"))
    folder.symlink_to(elsewhere)
    overwrite("chroma.sqlite3")(elsewhere)


def link_to_nowhere(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.symlink_to(folder.with_name("nowhere"))


@pytest.mark.parametrize(
    "damage",
    [
        remove,
        replace_by_a_file,
        damage_behind_a_link,
        link_to_nowhere,
        halve("data_level0.bin"),
        halve("header.bin"),
        overwrite("header.bin"),
        overwrite("chroma.sqlite3"),
    ],
    ids=[
        "deleted",
        "a file",
        "behind a link",
        "a link to nowhere",
        "vectors halved",
        "header halved",
        "header random",
        "no SQLite",
    ],
)
def test_a_damaged_folder_recovers_by_itself(
    settings: Settings,
    store: SqliteStore,
    tmp_path: Path,
    damage: Callable[[Path], None],
) -> None:
    fill(store)
    with indexed(settings, store):
        pass
    damage(tmp_path / "chroma")
    with indexed(settings, store) as index:
        assert answers_rightly(index, store)


def test_an_index_that_is_behind_is_rebuilt_and_that_is_said(
    settings: Settings, store: SqliteStore, caplog: pytest.LogCaptureFixture
) -> None:
    fill(store)
    with indexed(settings, store):
        pass
    fill(store, 100, seed=1)
    store.mark_indexed(store.unindexed(1000)[0])
    with caplog.at_level(logging.WARNING), indexed(settings, store) as index:
        assert answers_rightly(index, store)
    assert "it holds 400 of 500 vectors" in caplog.text


def test_the_index_of_another_store_is_not_used(settings: Settings, store: SqliteStore, tmp_path: Path) -> None:
    fill(store)
    with indexed(settings, store):
        pass
    other_settings = Settings(data_dir=str(tmp_path / "other"))
    other = SqliteStore.open(other_settings.directory)
    fill(other, seed=5)
    other.mark_indexed(other.unindexed(COUNT)[0])
    shutil.copytree(tmp_path / "chroma", tmp_path / "other" / "chroma")
    with indexed(other_settings, other) as index:
        assert answers_rightly(index, other)
    other.close()


def test_an_open_mission_has_its_own_collection(settings: Settings, store: SqliteStore) -> None:
    fill(store, 150)
    store.open_mission("robot", "open mission", START)
    fill(store, 150, mission="open mission", seed=1)
    with indexed(settings, store) as index:
        assert answers_rightly(index, store)
    client = open_client(settings)
    assert sorted(collection.count() for collection in client.list_collections()) == [150, 150]
    assert not [collection for collection in client.list_collections() if "open" in collection.name]
    client.close()
    store.end_mission("open mission", START + 1)
    with indexed(settings, store) as index:
        assert answers_rightly(index, store)
    client = open_client(settings)
    assert [collection.count() for collection in client.list_collections()] == [300]
    client.close()


def test_a_server(store: SqliteStore, tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = Settings(data_dir=str(tmp_path), chroma_host="127.0.0.1", chroma_port=port)
    fill(store, 100)
    index = ChromaIndex(settings, store)
    wait_until(lambda: index.state.startswith("failed"))
    index.close()
    command = [
        str(Path(sys.executable).with_name("chroma")),
        "run",
        "--path",
        str(tmp_path / "server"),
        "--port",
        str(port),
    ]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            with socket.socket() as probe:
                wait_until(lambda: probe.connect_ex(("127.0.0.1", port)) == 0)
            with indexed(settings, store) as index:
                assert answers_rightly(index, store)
        finally:
            server.terminate()
    assert not (tmp_path / "chroma").exists()
