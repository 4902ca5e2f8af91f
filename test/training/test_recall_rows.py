"""Rows of recall: what the corpus and the grammar give, that the node's grammars take the replies, and that pairs which
share their start are computed as if each stood alone."""

import json
from pathlib import Path
from types import SimpleNamespace

import llguidance.hf
import pytest
import torch
from llguidance import LLMatcher
from tiny_model import tiny_model
from transformers import AutoModelForCausalLM, AutoTokenizer

from shadowhound_memory.models.files import find_language_model, ready_path
from shadowhound_memory.prompts import RECALL_DOCS, plan_adapter_request, recall_adapter_request
from shadowhound_memory.routing import Route
from shadowhound_memory.settings import Settings
from training import synthesize, train
from training.corpus import banks, observations
from training.data import read_pairs, recall_pairs
from training.questions import recall_rows


def test_what_was_written_by_hand_is_read_and_no_text_is_in_both_splits() -> None:
    for split in (observations, banks):
        assert len(split("train")) > 5 * len(split("heldout")) > 0
        assert not set(split("train")) & set(split("heldout"))


@pytest.mark.parametrize("written", [0.0, 1.0])
def test_rows_cite_docs_they_hold_and_the_same_seed_draws_the_same(written: float) -> None:
    rows = recall_rows(200, 3, "train", written)
    assert rows == recall_rows(200, 3, "train", written) != recall_rows(200, 4, "train", written)
    assert {row["input"]["kind"] for row in rows} == {"place", "time", "count", "yesno", "duration", "text"}
    assert 0.1 < sum(not row["cites"] for row in rows) / 200 < 0.5
    for row in rows:
        numbers = [doc["n"] for doc in row["input"]["docs"]]
        assert not set(row["may_cite"]) & set(row["cites"]) and set(row["may_cite"]) <= set(numbers)
        assert numbers == list(range(1, len(numbers) + 1)) and len(numbers) <= RECALL_DOCS
        assert set(row["cites"]) <= set(numbers)
        assert [doc["time"] for doc in row["input"]["docs"]] == sorted(doc["time"] for doc in row["input"]["docs"])


def test_real_texts_give_the_share_asked_for_and_the_latest_that_answers_decides(tmp_path: Path, capsys) -> None:
    texts = ["I am at the sink", "I wash my hands", "The towel hangs by the sink", "I dry my hands"]
    of_scene = {"scene": "bath", "source": "invented"}
    memories = [
        {"id": f"m{n}", "text": text, "timestamp": 100.0 * n, "mission_id": "visit"} | of_scene
        for n, text in enumerate(texts, 1)
    ]
    asked = {"question": "Where was I when washing?", "kind": "place", "gold_ids": ["m1", "m2"], "gold_answer": "sink"}
    questions = [asked | of_scene | {"origin": origin} for origin in ("human", "template")]
    for name, rows in (("observations.jsonl", memories), ("questions.jsonl", questions)):
        (tmp_path / name).write_text("".join(json.dumps(each) + "\n" for each in rows))
    out = tmp_path / "rows.jsonl"
    command = ["recall", "--n", "10", "--out", str(out), "--json", "--real", str(tmp_path)]
    synthesize.main(command)
    real, *others = [json.loads(line) for line in out.read_text().splitlines()]
    assert (real["cites"], real["may_cite"], real["output"]) == ([2], [1], "sink [2].")
    assert [doc["text"] for doc in real["input"]["docs"]] == texts
    assert len(others) == 9
    with pytest.raises(SystemExit):
        synthesize.main([*command, "--real-share", "0.5"])
    assert "holds 1 questions of the train split, not 5" in capsys.readouterr().err


def test_the_node_s_grammars_take_what_is_taught() -> None:
    tokenizer = AutoTokenizer.from_pretrained(ready_path(find_language_model(Settings())))
    tokens = llguidance.hf.from_tokenizer(tokenizer)
    way = Route("recall", "m", "a", "adapter")
    for row in recall_rows(60, 1, "train", 0.5):
        question, told = row["input"]["question"], {doc["text"] for doc in row["input"]["docs"]}
        answers, plan = recall_pairs(row)
        requests = [
            *(recall_adapter_request(question, text, way) for text in told),
            plan_adapter_request(question, way),
        ]
        asked = {request.messages[-1]["content"]: request for request in requests}
        for pair in (*answers, plan):
            request = asked[pair.messages[-1]["content"]]
            assert pair.messages == request.messages
            matcher = LLMatcher(tokens, LLMatcher.grammar_from_lark(request.grammar or ""))
            assert matcher.consume_tokens(tokenizer(pair.reply, add_special_tokens=False).input_ids), pair.reply
            assert matcher.is_accepting(), pair.reply


def test_pairs_that_share_their_start_are_computed_as_if_alone(tmp_path: Path) -> None:
    model = AutoModelForCausalLM.from_pretrained(tiny_model(tmp_path / "tiny"), dtype=torch.float32).eval()
    tokenizer = AutoTokenizer.from_pretrained(tmp_path / "tiny")
    rows = [train._row(pair, tokenizer) for row in recall_rows(40, 1, "train", 1.0) for pair in recall_pairs(row)[0]]
    packs = train._pack(rows)
    assert len(packs) < len(rows) / 3
    assert sum(len(pack["input_ids"]) for pack in packs) < sum(len(row["input_ids"]) for row in rows) / 1.5

    alone_here = SimpleNamespace(accelerator=SimpleNamespace(num_processes=1))  # a fake trainer in one process

    def loss(parts: list[train.Row]) -> float:
        with torch.no_grad():
            batch = train._collate(parts, 0)
            return train.AnswerTrainer.compute_loss(alone_here, model, batch, num_items_in_batch=1).item()  # type: ignore[arg-type]

    alone = sum(loss([row]) for row in rows)
    assert sum(loss([pack]) for pack in packs) == pytest.approx(alone, rel=1e-4)
    assert loss(packs) == pytest.approx(alone, rel=1e-4)


def test_a_broken_row_is_named_by_its_line_and_left_out(tmp_path: Path, monkeypatch, capsys) -> None:
    file = tmp_path / "rows.jsonl"
    monkeypatch.setattr("sys.argv", ["synthesize", "recall", "--n", "6", "--out", str(file), "--json"])
    synthesize.main()
    rows = [json.loads(line) for line in file.read_text().splitlines()]
    rows[1]["cites"] = [99]
    rows[3]["input"]["kind"] = "colour"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    capsys.readouterr()
    assert len(list(read_pairs("recall", file))) == sum(len(recall_pairs(rows[n])[0]) for n in (0, 2, 4, 5)) + 2
    said = capsys.readouterr().err
    assert "line 2: cites" in said and "line 4: kind" in said
    with pytest.raises(KeyError, match="cites"):  # not a row that nothing answers
        recall_pairs({name: value for name, value in rows[0].items() if name != "cites"})
    with pytest.raises(ValueError, match="line 2"):
        list(read_pairs("recall", file, strict=True))
