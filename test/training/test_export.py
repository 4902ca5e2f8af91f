"""Training pairs from a robot's own store: what is kept, what each filter drops, and whose names are told."""

import json
import tempfile
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as budget
from hypothesis import strategies as st

from shadowhound_memory.adapters.card import memory_sha256
from shadowhound_memory.drafting import REPAIRED
from shadowhound_memory.grammars import tag_values
from shadowhound_memory.manager import MemoryManager
from shadowhound_memory.question import Question
from shadowhound_memory.record import Memory, Observation, Pose
from shadowhound_memory.settings import Settings
from shadowhound_memory.store.traces import Traces
from shadowhound_memory.words import words
from training.data import read_pairs, read_writing_rows, recall_pairs
from training.export import main
from training.pseudonyms import pseudonymise

Export = Callable[..., tuple[list[dict[str, Any]], dict[str, Any]]]
numbers = count()


def drafted(text: str, *tags: str, **fields: Any) -> Memory:
    """A memory as a model writes it at the first try."""
    plain: dict[str, Any] = {
        "id": f"m{next(numbers)}",
        "event": "object_seen",
        "text": text,
        "pose": None,
        "tags": tags,
        "mission_id": "patrol",
        "timestamp": 1789000000.0,
        "robot_id": "robot",
        "source": "robot",
        "status": "current",
        "written_by": "model",
        "raw_text": text,
        "model": "local/some",
        "route": "local/some/base/strict",
        "recorded_at": 1789000000.0,
    }
    return Memory.model_validate(plain | fields)


@pytest.fixture
def export(settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Export:
    def run(task: str, *arguments: str) -> tuple[list[dict[str, Any]], dict[str, Any]]:
        out = tmp_path / "rows.jsonl"
        capsys.readouterr()
        code = main([task, "--data-dir", str(settings.directory), "--out", str(out), "--json", *arguments])
        said = capsys.readouterr()
        assert code == 0, said.err
        return [json.loads(line) for line in out.read_text().splitlines()], json.loads(said.out)

    return run


def counted(summary: dict[str, Any]) -> dict[str, int]:
    return {name: number for name, number in summary["dropped"].items() if number}


def test_what_a_model_wrote_at_its_first_try_is_a_row_in_the_seed_form(
    memory: MemoryManager, export: Export, tmp_path: Path
) -> None:
    kept = drafted("A red  cup on the bench.", "object:cup", "object:bench", pose=Pose(x=1.0, y=2.0))
    memory.keep(kept)
    memory.keep(drafted("A broken lamp.", "object:lamp", degraded=True))
    memory.keep(drafted("A blue lamp.", "object:lamp", route=f"local/some/base/strict{REPAIRED}"))
    memory.keep(drafted("A green lamp.", "object:lamp", written_by="person"))
    memory.keep(drafted("Turn on the lamp.", "object:lamp", event="speech_heard", source="microphone"))
    memory.keep(drafted("x " * 1500))
    memory.write(Observation(text="A ladder by the wall."), wait=60)
    [row], summary = export("writing")
    assert row["input"] == "A red cup on the bench."
    assert row["output"] == {
        "event": "object_seen",
        "text": "A red  cup on the bench.",
        "pose": {"x": 1.0, "y": 2.0, "z": 0.0, "yaw": 0.0, "frame_id": "map"},
        "tags": ["object:cup", "object:bench"],
        "mission_id": "patrol",
        "timestamp": 1789000000.0,
    }
    assert row["memories"] == [memory_sha256(kept.id)]
    assert len(list(read_writing_rows(tmp_path / "rows.jsonl"))) == 1
    assert summary["kept"] == {"valid at first try": 1} and summary["rows"] == 1
    assert counted(summary) == {
        "degraded": 1,
        "not confirmed or corrected": 2,
        "told by its source": 1,
        "too long": 1,
        "written by rules": 1,
    }


def test_a_correction_teaches_on_the_words_that_were_perceived_or_its_own(
    memory: MemoryManager, export: Export
) -> None:
    tagged, reworded, agreed = (
        memory.write(Observation(text=text), wait=60)
        for text in ("The hook for the keys is bare.", "A cat sits on the sofa.", "A spare wheel in the garage.")
    )
    other_event = memory.correct(tagged.id, event="object_missing", tags=["object:keys", "object:hook"])
    other_tags = memory.correct(other_event.id, tags=["object:hook", "note:nothing", "object:keys"])
    other_words = memory.correct(reworded.id, text="A fox sits on the sofa.")
    same = memory.correct(agreed.id)
    rows, summary = export("writing")
    assert {row["input"]: row["output"]["event"] for row in rows} == {
        "The hook for the keys is bare.": "object_missing",
        "A fox sits on the sofa.": other_words.event,
        "A spare wheel in the garage.": same.event,
    }
    by_input = {row["input"]: row for row in rows}
    hook = by_input["The hook for the keys is bare."]
    assert hook["output"]["tags"] == ["object:hook", "object:keys"]
    assert hook["memories"] == [memory_sha256(one.id) for one in (other_tags, other_event, tagged)]
    assert by_input["A fox sits on the sofa."]["memories"][1] == memory_sha256(reworded.id)
    assert summary["kept"] == {"corrected": 2, "confirmed": 1}
    assert counted(summary) == {"status": 4}


def test_of_duplicates_the_one_that_a_person_approved_stays(memory: MemoryManager, export: Export) -> None:
    first = memory.keep(drafted("A crate in bay 4.", "object:crate"))
    memory.correct(first.id, event="note")
    memory.keep(drafted("a crate in bay 4", "object:crate", "area:bay_4"))
    [row], summary = export("writing")
    assert row["output"]["event"] == "note"
    assert counted(summary) == {"status": 1, "duplicates": 1}


def test_held_out_missions_are_kept_apart_with_what_a_person_approved(
    memory: MemoryManager, export: Export, tmp_path: Path
) -> None:
    memory.keep(drafted("A crate in bay 4.", "object:crate"))
    memory.keep(drafted("A drum in bay 5.", "object:drum"))
    memory.keep(drafted("A sack in bay 6.", "object:sack", mission_id="kept apart"))
    approved = memory.keep(drafted("A crate in bay 4.", "object:crate", mission_id="kept apart"))
    memory.correct(approved.id, tags=["area:bay_4"])
    rows, summary = export("writing", "--hold-out", "kept apart", "another")
    assert [row["input"] for row in rows] == ["A drum in bay 5."]
    [held_out] = [json.loads(line) for line in (tmp_path / "rows.heldout.jsonl").read_text().splitlines()]
    assert held_out["output"]["tags"] == ["area:bay_4"]
    assert counted(summary) == {"status": 1, "held out": 3} and summary["held out"] == 1


def test_another_robots_memories_are_left_out_when_one_is_named(memory: MemoryManager, export: Export) -> None:
    memory.keep(drafted("A crate in bay 4.", "object:crate", robot_id="r2"))
    assert len(export("writing")[0]) == 1
    assert counted(export("writing", "--robot-id", "robot")[1]) == {"another robot": 1}
    assert len(export("writing", "--robot-id", "r2")[0]) == 1


def test_rows_of_too_many_tokens_are_dropped(memory: MemoryManager, export: Export) -> None:
    memory.keep(drafted("A crate.", "object:crate"))
    memory.keep(drafted("A crate and " + "a drum and " * 30 + "a sack.", "object:sack"))
    assert len(export("writing")[0]) == 2
    rows, summary = export("writing", "--max-tokens", "120")
    assert [row["input"] for row in rows] == ["A crate."] and counted(summary) == {"too long": 1}


@pytest.fixture
def asked(memory: MemoryManager) -> Callable[[str], str]:
    """Asks a question of a memory with a ladder that was seen twice; returns the trace id."""
    for n, text in enumerate(("A ladder leans on the wall.", "A crate in bay 4.", "The ladder lies in the yard.")):
        memory.write(Observation(text=text, id=f"seen-{n}", timestamp=1789000000.0 + n, mission_id="tour"), wait=60)
    memory.wait_until_idle(60)
    return lambda question: memory.recall(Question(text=question)).trace_id


def test_answers_that_were_rated_right_are_rows_of_recall(
    memory: MemoryManager, asked: Callable[[str], str], export: Export, tmp_path: Path
) -> None:
    right, wrong, nothing = (
        asked(text) for text in ("where is the ladder?", "is the crate here?", "where is the owl?")
    )
    asked("when was the crate seen?")
    memory.rate(right, True)
    memory.rate(nothing, True)
    memory.rate(wrong, False)
    rows, summary = export("recall")
    row, abstained = rows
    docs = row["input"]["docs"]
    assert (row["input"]["question"], row["input"]["kind"]) == ("where is the ladder?", "place")
    assert row["input"]["asked_at"] == memory.trace(right)["asked_at"]
    assert [doc["n"] for doc in docs] == list(range(1, len(docs) + 1))
    assert [doc["time"] for doc in docs] == sorted(doc["time"] for doc in docs)
    assert all(set(doc) == {"n", "time", "event", "text", "mission_id"} for doc in docs)
    assert row["cites"]
    cited = docs[row["cites"][0] - 1]
    assert cited["text"] == "The ladder lies in the yard." and f"[{cited['n']}]" in row["output"]
    assert row["memories"] == [memory_sha256(f"seen-{round(doc['time'] - 1789000000)}") for doc in docs]
    assert abstained["cites"] == [] and abstained["output"] == memory.trace(nothing)["answer"]
    assert summary["kept"] == {"rated right": 2}
    assert counted(summary) == {"rated wrong": 1, "not rated": 1}
    assert (
        len(list(read_pairs("recall", tmp_path / "rows.jsonl", strict=True)))
        == sum(len(recall_pairs(row)[0]) for row in rows) + 1
    )
    assert export("recall", "--max-tokens", "400")[0] == rows


def test_answers_that_nobody_rated_are_rows_when_asked_for_and_a_model_gave_them(
    memory: MemoryManager, asked: Callable[[str], str], export: Export, settings: Settings
) -> None:
    trace = memory.trace(asked("where is the ladder?"))
    traces = Traces(settings.directory / "traces.sqlite")
    traces.put("drafted", trace | {"route": "local/some/recall/fleet/1/adapter"})
    traces.put("refused", trace | {"route": "local/some/base/strict", "refused": ["no citation"]})
    traces.put("fell back", trace | {"fallback_reason": "no model"})
    traces.put("cites another", trace | {"route": "local/some/base/strict", "answer": "In the yard [2]."})
    traces.put("earlier", {"route": "local/some/base/strict", "answer": "In the yard [1]."})
    traces.close()
    assert counted(export("recall")[1]) == {"not rated": 6}
    [row], summary = export("recall", "--unrated")
    assert row["output"].startswith("The ladder") or "yard" in row["output"]
    assert summary["kept"] == {"check passed": 1}
    assert counted(summary) == {"written by rules": 1, "degraded": 2, "citations": 1, "status": 1}


def test_an_answer_goes_with_the_mission_held_out_and_with_what_was_corrected_or_forgotten(
    memory: MemoryManager, asked: Callable[[str], str], export: Export
) -> None:
    memory.rate(asked("where is the ladder?"), True)
    assert counted(export("recall", "--hold-out", "tour")[1]) == {"held out": 1}
    memory.correct("seen-2", text="The ladder lies in the shed.")
    assert counted(export("recall")[1]) == {"status": 1}
    memory.forget(["seen-0"])
    assert export("recall")[1]["dropped"] == dict.fromkeys(export("recall")[1]["dropped"], 0)


def test_people_have_other_names_in_the_whole_file(memory: MemoryManager, export: Export) -> None:
    memory.keep(drafted("Maria López waves at Dr. Weber.", "person:maria_lópez", "person:dr_weber", "note:waves"))
    memory.keep(drafted("Nurse at gate 4, then Weber's dog.", "person:nurse", "area:gate_4", "person:weber"))
    memory.keep(drafted("Will will fetch maria from the weber grill", "person:will", "person:maria"))
    rows, _ = export("writing", "--pseudonyms")
    told = json.dumps(rows, ensure_ascii=False).casefold()
    assert not [name for name in ("maria", "lópez", "weber", "anna_will") if name in told]
    first, second, third = rows
    maria, lopez = (word.casefold() for word in first["input"].split()[:2])
    weber = words(first["input"])[-1]
    assert first["input"].endswith(f"at Dr. {weber.title()}.")
    assert first["output"]["tags"] == [f"person:{maria}_{lopez}", "note:waves", f"person:dr_{weber}"]
    assert second["input"] == f"Nurse at gate 4, then {weber.title()}'s dog." == second["output"]["text"]
    assert f"person:{weber}" in second["output"]["tags"] and "person:nurse" in second["output"]["tags"]
    assert third["input"].split()[1:5] == ["will", "fetch", maria, "from"]
    assert third["output"]["tags"][0] == f"person:{third['input'].split()[0].casefold()}"
    assert export("writing")[0][0]["input"] == "Maria López waves at Dr. Weber."


def test_names_in_questions_docs_and_answers_are_the_same_other_ones(memory: MemoryManager, export: Export) -> None:
    memory.write(Observation(text="Okafor left the keys in the drawer.", tags=("person:okafor",)), wait=60)
    memory.wait_until_idle(60)
    memory.rate(memory.recall(Question(text="where did Okafor leave the keys?")).trace_id, True)
    [row], _ = export("recall", "--pseudonyms")
    assert "okafor" not in json.dumps(row).casefold()
    other = row["input"]["docs"][0]["text"].split()[0]
    assert row["input"]["question"] == f"where did {other} leave the keys?" and other in row["output"]


def test_it_works_beside_a_writer_and_says_what_is_missing(
    memory: MemoryManager, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    memory.keep(drafted("A crate.", "object:crate"))
    out = str(tmp_path / "rows.jsonl")
    assert main(["writing", "--data-dir", str(memory.settings.directory), "--out", out]) == 0
    told = capsys.readouterr().out
    assert "kept, valid at first try: 1" in told and "dropped, duplicates: 0" in told and f"1 rows: {out}" in told
    assert main(["writing", "--data-dir", str(tmp_path / "nowhere"), "--out", out]) == 1
    assert "there is no memory in" in capsys.readouterr().err
    assert main(["writing", "--data-dir", str(memory.settings.directory), "--out", str(tmp_path)]) == 1


people = st.sampled_from("Quuxley Zork O'Brien Iñaki Nurse".split())
written = st.sampled_from((str, str.lower, str.upper, lambda word: f"{word}'s", lambda word: f"{word}’s"))
others = st.sampled_from("waves at the gate and then go . ! ; Anna Ben".split())
pieces = st.one_of(people.flatmap(lambda word: written.map(lambda way: way(word))), others)


@budget(max_examples=150, deadline=None)
@given(texts=st.lists(st.lists(pieces, min_size=1, max_size=9).map(" ".join), min_size=1, max_size=4))
def test_no_name_is_left_and_every_tag_is_still_said(texts: list[str]) -> None:
    names = ("quuxley", "zork", "o'brien", "iñaki")
    rows = [
        {
            "input": text,
            "output": {
                "event": "note",
                "text": text,
                "tags": [f"person:{each[0]}" for each in tag_values(text) if each],
            },
            "memories": ["quuxley"],
        }
        for text in texts
    ]
    made = pseudonymise(rows, {tag for row in rows for tag in row["output"]["tags"]})
    capital = {word for text in texts for word in text.split() if word[0].isupper()}
    for row, other in zip(rows, made, strict=True):
        said = words(other["input"])
        for name in names:
            if any(word.casefold().replace("’", "'").removesuffix("'s") == name for word in capital):
                assert name not in [word.removesuffix("'s") for word in said]
        assert len(said) == len(words(row["input"])) and other["memories"] == row["memories"]
        sayable = {value for values in tag_values(other["input"]) for value in values}
        assert {tag.partition(":")[2] for tag in other["output"]["tags"]} <= sayable


ids = st.integers(0, 5)


@budget(max_examples=15, deadline=None)
@given(data=st.data())
def test_whatever_is_kept_each_memory_counts_once(data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=f"{folder}/memory", model="none", embedding=f"{folder}/none")
        held_out = data.draw(st.sampled_from(["a", "b"]))
        with MemoryManager.open(settings) as memory:
            for number in range(data.draw(st.integers(0, 8))):
                text = f"A crate in bay {data.draw(ids)}."
                fields = {
                    "degraded": data.draw(st.booleans()),
                    "written_by": data.draw(st.sampled_from(["model", "rules", "person"])),
                    "mission_id": data.draw(st.sampled_from(["a", "b"])),
                }
                kept = memory.keep(drafted(text, "object:crate", id=str(number), **fields))
                if data.draw(st.booleans()):
                    memory.correct(kept.id, event=data.draw(st.sampled_from([None, "note"])))
            total = memory.status().memories
        out = Path(folder) / "rows.jsonl"
        assert main(["writing", "--data-dir", f"{folder}/memory", "--out", str(out), "--hold-out", held_out]) == 0
        rows = [json.loads(line) for line in out.read_text().splitlines()]
        apart = [json.loads(line) for line in (Path(folder) / "rows.heldout.jsonl").read_text().splitlines()]
        assert all(row["output"]["mission_id"] != held_out for row in rows)
        assert all(row["output"]["mission_id"] == held_out for row in apart)
        inputs = [row["input"] for row in (*rows, *apart)]
        assert len(inputs) == len(set(inputs))
        assert len(rows) <= total and len(list(read_writing_rows(out, strict=True))) == len(rows)
