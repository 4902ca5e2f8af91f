"""Search gives the best of what the filter allows, and never nothing while something is allowed."""

import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from shadowhound_memory.question import Filter, Plan
from shadowhound_memory.recall import search as search_module
from shadowhound_memory.recall.search import search
from shadowhound_memory.record import Memory, Pose
from shadowhound_memory.settings import Settings
from shadowhound_memory.store.chroma import ChromaIndex
from shadowhound_memory.store.sqlite import SqliteStore
from shadowhound_memory.store.vectors import VectorTable

START = 1.75e9


def memory(n: int, text: str, mission: str = "big", **fields: object) -> Memory:
    plain = {
        "id": f"id{n}",
        "event": "note",
        "text": text,
        "raw_text": text,
        "pose": None,
        "tags": (),
        "mission_id": mission,
        "timestamp": START + n,
        "robot_id": "robot",
        "source": "robot",
        "status": "current",
        "written_by": "rules",
        "recorded_at": START,
    }
    return Memory.model_validate(plain | fields)


def plan(words: str, filter: Filter | None = None, order: str = "relevance") -> Plan:
    return Plan.model_validate(
        {"kind": "text", "asked": words, "search": words, "filter": filter or Filter(), "order": order}
    )


def vectors_of(count: int, seed: int = 0) -> np.ndarray:
    matrix = np.random.default_rng(seed).normal(size=(count, 16)).astype(np.float32)
    return matrix / np.linalg.norm(matrix, axis=1, keepdims=True)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    opened = SqliteStore.open(tmp_path)
    yield opened
    opened.close()


def embed(store: SqliteStore) -> VectorTable:
    found = store.unembedded(10_000)
    store.put_vectors([row for row, _ in found], vectors_of(len(found)))
    return VectorTable(store)


def ids(candidates: list) -> list[str]:
    return [candidate.memory.id for candidate in candidates]


def test_words_find_without_vectors(store: SqliteStore) -> None:
    for n, text in enumerate(["The fire extinguisher hangs here.", "A chair.", "A small fire burned."]):
        store.insert(memory(n, text), "h")
    found = search(plan("where is the fire extinguisher?"), None, store, VectorTable(store), None, 2)
    assert ids(found) == ["id0", "id2"]
    assert found[0].score > 0.9 and 0 < found[1].score < 0.5


def test_a_whole_match_scores_alike_in_a_small_and_in_a_large_store(store: SqliteStore) -> None:
    store.insert(memory(0, "The fire extinguisher hangs here."), "h")
    vectors = VectorTable(store)
    small = search(plan("fire extinguisher"), None, store, vectors, None, 1)[0].score
    for n in range(1, 200):
        store.insert(memory(n, f"A chair number {n}."), "h")
    large = search(plan("fire extinguisher"), None, store, vectors, None, 1)[0].score
    assert small == pytest.approx(large) and small > 0.9


def test_similar_meaning_and_equal_words_both_count(store: SqliteStore) -> None:
    for n in range(30):
        store.insert(memory(n, f"Note number {n}."), "h")
    vectors = embed(store)
    row = store.rows_of(["id7"])
    vector = store.vectors_of(row)[1][0]
    assert ids(search(plan("completely different"), vector, store, vectors, None, 3))[0] == "id7"
    both = search(plan("number 12"), vector, store, vectors, None, 3)
    assert set(ids(both)[:2]) == {"id7", "id12"}
    assert all(0 <= candidate.score <= 1 for candidate in both)


@pytest.mark.parametrize("with_vector", [True, False])
@pytest.mark.parametrize("words", ["chair", "nothing like it", "\"' OR AND (", "the of"])
def test_a_narrow_filter_is_never_answered_with_nothing(store: SqliteStore, words: str, with_vector: bool) -> None:
    for n in range(400):
        store.insert(memory(n, "A chair, a chair, a chair."), "h")
    store.insert(memory(400, "A dim corner.", "small", pose=Pose(x=5.0, y=5.0), tags=("room:attic",)), "h")
    vectors = embed(store)
    vector = vectors_of(1, seed=3)[0] if with_vector else None
    for filter in (
        Filter(missions=("small",)),
        Filter(tags=("room:attic",)),
        Filter(since=START + 400),
        Filter(near=Pose(x=5.0, y=5.0), radius=1.0),
    ):
        assert ids(search(plan(words, filter), vector, store, vectors, None, 10)) == ["id400"]


def test_only_what_the_filter_allows(store: SqliteStore) -> None:
    for n in range(20):
        store.insert(memory(n, "A chair.", f"m{n % 2}"), "h")
    vectors = embed(store)
    found = search(plan("chair", Filter(missions=("m1",))), vectors_of(1)[0], store, vectors, None, 50)
    assert sorted(ids(found)) == sorted(f"id{n}" for n in range(1, 20, 2))
    assert search(plan("chair", Filter(missions=("nobody's",))), vectors_of(1)[0], store, vectors, None, 50) == []


def test_without_words_the_time_decides(store: SqliteStore) -> None:
    for n in (3, 1, 2):
        store.insert(memory(n, "A chair."), "h")
    vectors = VectorTable(store)
    assert ids(search(plan(""), None, store, vectors, None, 2)) == ["id3", "id2"]
    assert ids(search(plan("", order="earliest"), None, store, vectors, None, 2)) == ["id1", "id2"]


def test_common_words_are_no_obstacle(store: SqliteStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shadowhound_memory.store.sqlite.MAX_POSTINGS", 20)
    for n in range(60):
        store.insert(memory(n, f"The robot saw a chair {'beside a lamp' if n == 31 else ''}."), "h")
    vectors = embed(store)
    assert ids(search(plan("robot chair lamp"), None, store, vectors, None, 3))[0] == "id31"
    assert len(search(plan("robot chair"), None, store, vectors, None, 3)) == 3
    assert len(search(plan("robot chair"), vectors_of(1)[0], store, vectors, None, 3)) == 3


def test_through_the_index_as_without_it(store: SqliteStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_module, "EXACT_LIMIT", 100)
    for n in range(600):
        store.insert(memory(n, f"Note {n}.", "rare" if n % 4 == 0 else "big"), "h")
    vectors = embed(store)
    index = ChromaIndex(Settings(data_dir=str(tmp_path)), store)
    try:
        question = vectors_of(1, seed=8)[0]
        asked = [plan("note", filter) for filter in (Filter(), Filter(missions=("rare",)), Filter(robot_id="robot"))]
        at_once = [ids(search(one, question, store, vectors, index, 10)) for one in asked]
        end = time.monotonic() + 60
        while index.state != "ready":
            assert time.monotonic() < end, index.state
            time.sleep(0.02)
        assert [ids(search(one, question, store, vectors, index, 10)) for one in asked] == at_once
        store.insert(memory(600, "Latest."), "h")
        ((row, _),) = store.unembedded(5)
        store.put_vectors([row], question[None])
        vectors.put([row], question[None])
        assert ids(search(plan("something"), question, store, vectors, index, 10))[0] == "id600"
        forgotten = at_once[0][0]
        store.forget([forgotten])
        assert forgotten not in ids(search(asked[0], question, store, vectors, index, 10))
    finally:
        index.close()


def test_what_was_replied_to_a_question_is_found_by_the_words_of_the_question(store: SqliteStore) -> None:
    turns = ["Ada: Where did you put the torque wrench?", "Ben: Second drawer, as ever.", "Ada: Thank you!"]
    for n, text in enumerate([*turns, *(f"Ben: Number {n}." for n in range(200))]):
        store.insert(memory(n, text), "h")
    found = search(plan("torque wrench"), None, store, VectorTable(store), None, 2)
    assert sorted(ids(found)) == ["id0", "id1"]


@pytest.mark.parametrize(
    ("question", "reply", "changed"),
    [
        ("Ada: Where is the torque wrench?", "A chair.", {}),
        ("Ada: Where is the torque wrench?", "Ada: Never mind.", {}),
        ("Ada: Where is the torque wrench?", "Ben: In the drawer.", {"mission_id": "other"}),
        ("Ada: Where is the torque wrench?", "Ben: In the drawer.", {"timestamp": START + 5000}),
        ("Ada: Here is the torque wrench.", "Ben: Well done.", {}),
    ],
)
def test_only_another_speakers_next_turn_is_a_reply(
    store: SqliteStore, question: str, reply: str, changed: dict[str, object]
) -> None:
    store.insert(memory(0, question), "h")
    store.insert(memory(1, reply, **changed), "h")
    for n in range(2, 40):
        store.insert(memory(n, f"Box number {n}.", timestamp=START + 9000 + n), "h")
    vectors = embed(store)
    found = search(plan("torque wrench"), vectors_of(1, seed=5)[0], store, vectors, None, 50)
    scores = {candidate.memory.id: candidate.score for candidate in found}
    assert scores["id0"] > 0.5 > scores["id1"]


def test_a_correction_is_not_found_by_the_words_it_corrects(store: SqliteStore) -> None:
    for n in range(60):
        store.insert(memory(n, f"Box number {n}."), "h")
    wrong = memory(60, "A zebra by the box.")
    store.insert(wrong, "h")
    right = wrong.model_copy(update={"id": "id61", "text": "A striped box.", "supersedes": "id60"})
    store.correct("id60", right, "h2")
    assert search(plan("zebra"), None, store, VectorTable(store), None, 50)[0].score < 0.1
