"""MemoryManager without a language model: what is kept, refused, found, forgotten and corrected."""

import threading
from pathlib import Path

import pytest

from shadowhound_memory.errors import Code, ModelUnavailable, ShadowhoundError
from shadowhound_memory.manager import MemoryManager
from shadowhound_memory.question import Filter, Question
from shadowhound_memory.record import Memory, Observation, Pose
from shadowhound_memory.settings import Settings

NOW = 1790000000.0


def refusal(call, *arguments, **named) -> Code:
    with pytest.raises(ShadowhoundError) as caught:
        call(*arguments, **named)
    assert "\n" not in caught.value.sentence
    return caught.value.code


def test_five_lines_from_an_observation_to_a_cited_answer(tmp_path: Path) -> None:
    with MemoryManager.open(Settings(data_dir=str(tmp_path), model="none")) as memory:
        memory.write(Observation(text="A fire extinguisher hangs beside the loading door.", pose=Pose(x=3.0, y=-1.5)))
        answer = memory.recall(Question(text="where is the fire extinguisher?"))
    assert not answer.abstained
    assert answer.place is not None and (answer.place.x, answer.place.y) == (3.0, -1.5)
    assert "[1]" in answer.answer and answer.citations[0].memory.text.startswith("A fire extinguisher")


def test_an_empty_memory_abstains(memory: MemoryManager) -> None:
    answer = memory.recall(Question(text="where is the ladder?"))
    assert answer.abstained and answer.place is None and answer.citations == ()


def test_a_question_that_nothing_answers_abstains(memory: MemoryManager) -> None:
    memory.write(Observation(text="The printer in the office is out of paper.", pose=Pose(x=1, y=1)))
    memory.wait_until_idle(60)
    answer = memory.recall(Question(text="where is the helicopter?"))
    assert answer.abstained and answer.place is None
    assert answer.answer.startswith("I have no memory of")


def test_id_time_mission_and_robot_are_stamped(memory: MemoryManager) -> None:
    written = memory.write(Observation(text="All quiet."), pose=Pose(x=1, y=2), wait=60)
    assert (written.timestamp, written.robot_id, written.mission_id) == (NOW, "robot", "robot-2026-09-21-1")
    assert written.pose == Pose(x=1, y=2) and written.status == "current" and not written.degraded
    assert memory.get(written.id) == written


def test_the_same_id_again_is_a_no_op_and_with_other_content_a_conflict(memory: MemoryManager) -> None:
    first = memory.write(Observation(id="a", text="A cat."), wait=60)
    assert memory.write(Observation(id="a", text="A cat.")) == first
    assert refusal(memory.write, Observation(id="a", text="A dog.")) is Code.ID_CONFLICT
    assert memory.status().memories == 1


def test_what_is_not_kept_opens_no_mission(memory: MemoryManager) -> None:
    memory.write(Observation(id="a", text="A cat.", mission_id="over"), wait=60)
    assert memory.write(Observation(id="a", text="A cat.", mission_id="over")).mission_id == "over"
    assert refusal(memory.write, Observation(id="a", text="A dog.")) is Code.ID_CONFLICT
    assert refusal(memory.write, Observation(text="A dog.", source="agent")) is Code.OWN_ANSWER
    assert memory.status().mission_id is None


def test_the_same_words_at_another_time_are_a_new_memory(memory: MemoryManager) -> None:
    memory.write(Observation(text="Door open.", timestamp=NOW - 10))
    memory.write(Observation(text="Door open.", timestamp=NOW - 5))
    assert memory.status().memories == 2


@pytest.mark.parametrize(
    ("observation", "words"),
    [
        (Observation(text="x" * 4001), "max_text"),
        (Observation(text="x", timestamp=5.0), "min_time"),
        (Observation(text="x", timestamp=NOW + 61), "max_future"),
        (Observation(text="x", timestamp=NOW, end_time=NOW + 100), "max_future"),
    ],
)
def test_a_refused_observation_changes_nothing(memory: MemoryManager, observation: Observation, words: str) -> None:
    with pytest.raises(ShadowhoundError, match=words) as caught:
        memory.write(observation)
    assert caught.value.code is Code.INVALID
    assert memory.status().memories == 0


def test_simulated_time_starts_at_zero_and_does_not_mix_with_real_time(settings: Settings) -> None:
    simulated = settings.model_copy(update={"simulated": True})
    with MemoryManager.open(simulated, clock=lambda: 0.0) as memory:
        assert memory.write(Observation(text="Start.")).timestamp == 0.0
    assert refusal(MemoryManager.open, settings) is Code.INVALID
    with MemoryManager.open(simulated, clock=lambda: 1.0) as memory:
        assert memory.status().memories == 1


def test_missions_are_isolated(memory: MemoryManager) -> None:
    memory.start_mission("dawn")
    memory.write(Observation(text="A red kite is stuck in the oak tree.", pose=Pose(x=1, y=1)))
    memory.end_mission()
    memory.start_mission("dusk")
    memory.write(Observation(text="A blue tent stands by the lake.", pose=Pose(x=2, y=2)))
    memory.wait_until_idle(60)
    only_dusk = Filter(missions=("dusk",))
    answer = memory.recall(Question(text="where is the red kite?", filter=only_dusk))
    assert answer.abstained and "kite" not in {c.memory.text for c in answer.candidates}
    assert all(candidate.memory.mission_id == "dusk" for candidate in answer.candidates)
    assert not memory.recall(Question(text="where is the red kite?")).abstained


def test_a_mission_that_the_filter_leaves_out_is_not_resolved(memory: MemoryManager) -> None:
    for mission in ("alpha", "beta"):
        memory.write(Observation(text=f"A kite hangs in the {mission} tree.", mission_id=mission), wait=60)
    answer = memory.recall(Question(text="what did you see in the last mission?", filter=Filter(missions=("alpha",))))
    assert {candidate.memory.mission_id for candidate in answer.candidates} == {"alpha"}


def test_other_robots_and_places_of_other_maps_are_left_out(memory: MemoryManager) -> None:
    here = Pose(x=1, y=1)
    memory.write(Observation(text="A hammer lies on the bench.", timestamp=NOW - 20, pose=here), wait=60)
    memory.write(Observation(text="A drill lies on the floor.", map_id="cellar", pose=Pose(x=9, y=9)), wait=60)
    memory.write(
        Observation(text="A rake lies on the shelf.", robot_id="other", mission_id="theirs", pose=here), wait=60
    )
    memory.wait_until_idle(60)
    drill = memory.recall(Question(text="where is the drill?"))
    assert drill.place is None and "of cellar" in drill.answer
    assert memory.recall(Question(text="where is the drill?", filter=Filter(map_id="cellar"))).place == Pose(x=9, y=9)
    assert memory.recall(Question(text="where is the hammer?")).place == here
    assert memory.recall(Question(text="where is the rake?")).abstained
    assert memory.recall(Question(text="where is the rake?", filter=Filter(robot_id="other"))).place == here


def test_the_current_mission_survives_a_restart(settings: Settings) -> None:
    with MemoryManager.open(settings) as memory:
        memory.start_mission("long one")
    with MemoryManager.open(settings) as memory:
        assert memory.write(Observation(text="Still here.")).mission_id == "long one"
        assert memory.end_mission() == "long one"
        assert refusal(memory.end_mission) is Code.NOT_FOUND


def test_threads_that_write_at_once_open_one_mission(memory: MemoryManager) -> None:
    for _ in range(20):
        together = threading.Barrier(4)
        missions: set[str] = set()

        def write(together: threading.Barrier = together, missions: set[str] = missions) -> None:
            together.wait()
            missions.add(memory.write(Observation(text="All quiet.")).mission_id)

        threads = [threading.Thread(target=write) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert missions == {memory.end_mission()}


def test_without_an_embedding_model_words_are_searched_and_that_is_said(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(*_: object) -> None:
        raise ModelUnavailable("the embedding model is missing")

    monkeypatch.setattr("shadowhound_memory.embedding.ready_path", missing)
    with MemoryManager.open(settings) as memory:
        memory.write(Observation(text="A red mug stands on the shelf."))
        memory.wait_until_idle(20)
        assert memory.status().embedding == "the embedding model is missing"
        assert "red mug" in memory.recall(Question(text="where is the red mug?")).answer
    monkeypatch.undo()
    with MemoryManager.open(settings) as memory:
        memory.wait_until_idle(60)
        assert memory.status().unembedded == 0


def test_closing_twice_is_fine(settings: Settings) -> None:
    memory = MemoryManager.open(settings)
    memory.close()
    memory.close()


def test_a_correction_keeps_to_the_length_of_a_text(memory: MemoryManager) -> None:
    written = memory.write(Observation(text="A cat."))
    assert refusal(memory.correct, written.id, text="x" * 4001) is Code.INVALID
    assert memory.get(written.id).status != "superseded"


def test_a_correction_of_what_is_not_finished_yet_has_tags(tmp_path: Path) -> None:
    with MemoryManager.open(Settings(data_dir=str(tmp_path))) as memory:  # the model loads meanwhile
        pending = memory.write(Observation(text="Red cup on the bench."))
        assert pending.status == "pending"
        assert "object:cup" in memory.correct(pending.id, event="object_moved").tags


def test_a_single_id_is_not_taken_for_a_list_of_letters(memory: MemoryManager) -> None:
    kept = memory.write(Observation(id="a", text="A bench."))
    with pytest.raises(ShadowhoundError, match=r"so \['abc'\]"):
        memory.forget("abc")
    assert memory.get(kept.id)


def test_forgetting_by_id_and_by_filter(memory: MemoryManager) -> None:
    kept = memory.write(Observation(text="A spare wheel.", mission_id="a"))
    gone = memory.write(Observation(text="A purple umbrella in the hall.", mission_id="b"))
    other = memory.write(Observation(text="A visitor named Ada.", mission_id="b"))
    memory.wait_until_idle(60)
    assert set(memory.forget(filter=Filter(missions=("b",)), dry_run=True).ids) == {gone.id, other.id}
    assert memory.status().memories == 3
    memory.forget([gone.id])
    assert set(memory.forget(filter=Filter(missions=("b",))).ids) == {other.id}
    assert [one.id for one in memory.memories()] == [kept.id]
    assert memory.recall(Question(text="where is the purple umbrella?")).abstained
    assert refusal(memory.get, gone.id) is Code.NOT_FOUND
    assert refusal(memory.forget, [gone.id]) is Code.NOT_FOUND
    assert refusal(memory.forget) is Code.INVALID


def test_a_correction_supersedes_and_keeps_the_old_one(memory: MemoryManager) -> None:
    old = memory.write(Observation(text="A cat sits on the sofa.", pose=Pose(x=1, y=1)))
    new = memory.correct(old.id, text="A fox sits on the sofa.", tags=["object:sofa", "note:fox"])
    assert (new.supersedes, new.written_by, new.pose) == (old.id, "person", old.pose)
    assert memory.get(old.id).status == "superseded"
    memory.wait_until_idle(60)
    answer = memory.recall(Question(text="what sits on the sofa?"))
    assert [citation.memory.id for citation in answer.citations] == [new.id]
    assert memory.forget([new.id], dry_run=True).ids == (new.id, old.id)
    assert refusal(memory.correct, old.id, text="A dog.") is Code.INVALID
    assert refusal(memory.correct, new.id, tags=["Bad Tag"]) is Code.INVALID


def test_a_full_record_is_kept_as_it_stands(memory: MemoryManager) -> None:
    record = Memory(
        id="r1",
        event="hazard_seen",
        text="Oil on the floor.",
        pose=None,
        tags=("hazard:oil",),
        mission_id="m",
        timestamp=NOW - 100,
        robot_id="other",
        source="import",
        status="current",
        written_by="person",
        raw_text="there is oil on the floor",
        recorded_at=NOW - 99,
    )
    memory.keep(record)
    assert memory.get("r1") == record


@pytest.mark.parametrize(
    "text",
    [
        "?",
        "the of and",
        '"unbalanced (AND OR NOT NEAR/2 * ^ :',
        "où est l'extincteur ?",
        "消火器はどこ？",
        "x " * 1900,
        "\U0001f525",
    ],
)
def test_any_question_gets_an_answer(memory: MemoryManager, text: str) -> None:
    memory.write(Observation(text="A fire extinguisher hangs by the door."))
    assert memory.recall(Question(text=text)).answer


def test_a_question_of_a_megabyte_is_refused(memory: MemoryManager) -> None:
    assert refusal(memory.recall, Question(text="w" * 1_000_000)) is Code.INVALID


def test_a_third_recall_at_once_is_busy(memory: MemoryManager) -> None:
    memory.write(Observation(text="A fire extinguisher hangs by the door."))
    entered, leave = threading.Barrier(3), threading.Event()

    def hold(stage: str) -> None:
        if stage == "planning":
            entered.wait(30)
            leave.wait(30)

    ask = Question(text="where is the extinguisher?")
    threads = [threading.Thread(target=memory.recall, args=[ask], kwargs={"on_stage": hold}) for _ in range(2)]
    for thread in threads:
        thread.start()
    entered.wait(30)
    assert refusal(memory.recall, ask) is Code.BUSY
    leave.set()
    for thread in threads:
        thread.join()
    assert not memory.recall(ask).abstained


def test_a_recall_can_be_cancelled_and_tells_its_stages(memory: MemoryManager) -> None:
    memory.write(Observation(text="A fire extinguisher hangs by the door."))
    stages: list[str] = []
    memory.recall(Question(text="where is the extinguisher?"), on_stage=stages.append)
    assert stages == ["planning", "searching", "answering"]
    assert refusal(memory.recall, Question(text="where?"), cancelled=lambda: True) is Code.CANCELLED


def test_reading_works_beside_a_writer_and_writes_nothing(memory: MemoryManager, settings: Settings) -> None:
    memory.write(Observation(text="A ladder leans on the wall.", pose=Pose(x=4, y=4)))
    memory.wait_until_idle(60)
    with MemoryManager.open(settings, read_only=True) as reader:
        assert reader.recall(Question(text="where is the ladder?")).place == Pose(x=4, y=4)
        assert refusal(reader.write, Observation(text="x")) is Code.READ_ONLY
        assert refusal(reader.start_mission) is Code.READ_ONLY


def test_a_trace_tells_how_an_answer_came_about(memory: MemoryManager) -> None:
    memory.write(Observation(text="A ladder leans on the wall.", pose=Pose(x=4, y=4)))
    answer = memory.recall(Question(text="where is the ladder?"))
    trace = memory.trace(answer.trace_id)
    assert trace["question"]["text"] == "where is the ladder?"
    assert trace["cited"] == [citation.memory.id for citation in answer.citations]
    assert refusal(memory.trace, "nope") is Code.NOT_FOUND


def test_skip_keeps_nothing(tmp_path: Path) -> None:
    directory = tmp_path / "skipped"
    assert refusal(MemoryManager.open, Settings(data_dir=str(directory), memory_backend="skip")) is Code.SKIPPED
    assert not directory.exists()


def test_a_second_writer_is_refused_with_the_process_id(memory: MemoryManager, settings: Settings) -> None:
    import os

    with pytest.raises(ShadowhoundError, match=str(os.getpid())) as caught:
        MemoryManager.open(settings)
    assert caught.value.code is Code.LOCKED


def test_reindexing_finds_everything_again(memory: MemoryManager) -> None:
    memory.write(Observation(text="A ladder leans on the wall.", pose=Pose(x=4, y=4)))
    memory.wait_until_idle(60)
    memory.reindex()
    memory.wait_until_idle(60)
    assert memory.recall(Question(text="where can I climb up?")).candidates
    assert memory.check() == []


def test_each_finished_memory_is_announced_once(settings: Settings) -> None:
    announced: list[str] = []
    with MemoryManager.open(settings, on_memory=lambda one: announced.append(one.id)) as memory:
        ids = [memory.write(Observation(text=f"Crate number {n}.")).id for n in range(5)]
        memory.wait_until_idle(60)
    assert announced == ids


def test_reading_the_counters_takes_nothing_away(tmp_path: Path) -> None:
    settings = Settings(data_dir=str(tmp_path), model="none")
    with MemoryManager.open(settings) as memory:
        memory.write(Observation(text="a red ball under the table"))
        memory.wait_until_idle(60)
    with MemoryManager.open(settings, read_only=True) as reader:
        for n in range(1, 4):
            reader.recall(Question(text="where is the ball?"))
            assert reader.stats()["counters"]["recalls"] == n
