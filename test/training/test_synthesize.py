"""Rows drawn from the grammar: seeded, held out by word and wording, and such that the node's grammar takes them."""

import json
from pathlib import Path

import llguidance.hf
import pytest
from llguidance import LLMatcher
from transformers import AutoTokenizer

from shadowhound_memory.models.files import find_language_model, ready_path
from shadowhound_memory.prompts import writing_adapter_reply, writing_request
from shadowhound_memory.record import EVENTS, Draft
from shadowhound_memory.routing import Route
from shadowhound_memory.settings import Settings
from shadowhound_memory.writer import read_draft
from training.data import pending, read_writing_rows
from training.grammar import vocabulary
from training.grammar.expand import samples
from training.synthesize import main


def test_the_same_seed_draws_the_same_and_every_event_is_there() -> None:
    drawn = samples(400, 5, "train")
    assert drawn == samples(400, 5, "train") != samples(400, 6, "train")
    assert len({sample.text for sample in drawn}) == 400
    assert {sample.event for sample in drawn} == set(EVENTS)


def test_held_out_words_are_never_trained_on() -> None:
    names = {name.casefold() for name in vocabulary.NAMES if "." not in name}

    def named(split: str) -> set[str]:
        tags = {tag for sample in samples(1500, 1, split) for tag in sample.tags}
        return {tag.removeprefix("person:") for tag in tags if tag.startswith("person:")} & names

    assert named("train") and named("heldout") - named("train")


@pytest.mark.parametrize("split", ["train", "heldout"])
def test_every_row_is_a_draft_that_the_writer_takes_and_the_grammar_can_say(split) -> None:
    tokenizer = AutoTokenizer.from_pretrained(ready_path(find_language_model(Settings())))
    tokens = llguidance.hf.from_tokenizer(tokenizer)
    for sample in samples(300, 2, split):
        memory = pending(sample.text)
        reply = writing_adapter_reply(Draft(event=sample.event, text=sample.text, tags=sample.tags))
        read_draft(reply, memory)
        grammar = writing_request(memory, Route("writing", "m", "a", "adapter")).grammar
        matcher = LLMatcher(tokens, LLMatcher.grammar_from_lark(grammar))
        assert matcher.consume_tokens(tokenizer(reply, add_special_tokens=False).input_ids), reply
        assert matcher.is_accepting(), reply


def test_the_file_has_the_seed_form_and_is_read_back(tmp_path: Path, monkeypatch, capsys) -> None:
    file = tmp_path / "rows.jsonl"
    monkeypatch.setattr("sys.argv", ["synthesize", "writing", "--n", "20", "--out", str(file), "--json"])
    main()
    assert json.loads(capsys.readouterr().out)["rows"] == 20
    rows = [json.loads(line) for line in file.read_text().splitlines()]
    assert set(rows[0]["output"]) == {"event", "text", "pose", "tags", "mission_id", "timestamp"}
    assert len(list(read_writing_rows(file))) == 20


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "Expecting"),
        ('{"input": "a door"}', "'output' is missing"),
        ('{"input": "", "output": {"event": "note", "tags": []}}', "input = ''"),
        ('{"input": "a door", "output": {"event": "nothing", "tags": []}}', "event"),
        ('{"input": "a door", "output": {"event": "note", "tags": ["Door"]}}', "tags"),
        ("[1]", "is no JSON object"),
    ],
)
def test_a_broken_row_is_named_by_its_line(tmp_path: Path, capsys, line: str, reason: str) -> None:
    good = '{"input": "a door", "output": {"event": "note", "tags": ["object:door"]}}'
    file = tmp_path / "rows.jsonl"
    file.write_text(f"{good}\n{line}\n{good}\n")
    assert len(list(read_writing_rows(file))) == 2
    told = capsys.readouterr().err
    assert "line 2" in told and reason in told
    with pytest.raises(ValueError, match="line 2"):
        list(read_writing_rows(file, strict=True))
