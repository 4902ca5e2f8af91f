"""Training to the end on tiny random models of the architectures that have a config: two steps, resumed, and served."""

import hashlib
import json
import re
from pathlib import Path

import pytest
from tiny_model import tiny_model

from shadowhound_memory.adapters.card import CARD, WEIGHTS
from shadowhound_memory.adapters.promotion import ADAPTER, serving
from shadowhound_memory.adapters.registry import Registry
from shadowhound_memory.adapters.verify import read_card, verify
from shadowhound_memory.models.decoding import Decoder
from shadowhound_memory.models.files import base_sha256, find_language_model
from shadowhound_memory.prompts import template_hash, writing_request
from shadowhound_memory.record import Draft
from shadowhound_memory.routing import Route
from shadowhound_memory.settings import Settings
from training import ablate, evaluate, train
from training.data import pending
from training.grammar.expand import samples

ARCHITECTURES = {
    "smollm2-135m": "Llama",
    "qwen2.5": "Qwen2",
    "qwen3": "Qwen3",
    "llama3": "Llama",
    "mistral-7b": "Mistral",
}


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("rows") / "rows.jsonl"
    drawn = [
        {"input": sample.text, "output": {"event": sample.event, "tags": sample.tags}}
        for sample in samples(24, 1, "train")
    ]
    file.write_text("".join(json.dumps(row) + "\n" for row in drawn))
    return file


def trained(rows: Path, model: Path, out: Path, *more: str) -> int:
    files = ["--data", str(rows), "--eval", str(rows), "--model", str(model), "--out", str(out)]
    return train.main(["writing", *files, "--device", "cpu", "--json", *more])


@pytest.mark.parametrize("config", ARCHITECTURES)
def test_each_config_trains_its_architecture_and_the_adapter_serves(
    config: str, rows: Path, tmp_path: Path, capsys
) -> None:
    model = tiny_model(tmp_path / "tiny", ARCHITECTURES[config])
    out = tmp_path / "adapter"
    assert trained(rows, model, out, "--config", config, "--max-steps", "2") == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["steps"] == 2
    found = find_language_model(Settings(model=str(model)))
    card = verify(out, base_sha256=base_sha256(found), template_sha256=template_hash("writing"))
    assert (card.task, card.data["rows.jsonl"].rows, card.base_model) == ("writing", 24, "tiny")
    assert {path.name for path in out.iterdir()} == {CARD, *card.files}
    decoder = Decoder(model, "cpu", "float32", "none")
    decoder.know({"it": out})
    steps = decoder.steps(
        [writing_request(pending("a red ball in the kitchen"), Route("writing", "m", "it", "adapter"))]
    )
    while True:
        try:
            next(steps)
        except StopIteration as finished:
            assert Draft.model_validate_json(finished.value[0].text).text == "a red ball in the kitchen"
            break


def test_a_training_that_was_stopped_goes_on(rows: Path, tmp_path: Path, capsys) -> None:
    model = tiny_model(tmp_path / "tiny")
    config = tmp_path / "config.yaml"
    text = (train.CONFIGS / "smollm2-135m.yaml").read_text()
    config.write_text(
        re.sub(r"(batch|effective_batch): 16", r"\1: 4", text).replace("eval_steps: 100", "eval_steps: 1")
    )
    whole, stopped = tmp_path / "whole", tmp_path / "stopped"
    same = ("--config", str(config), "--max-steps", "4")
    assert trained(rows, model, whole, *same) == 0

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(train, "save_weights", stop)
        assert trained(rows, model, stopped, *same) == 130
    assert not (stopped / CARD).exists() and list(stopped.glob("checkpoint-*"))
    for checkpoint in stopped.glob("checkpoint-4"):
        checkpoint.rename(tmp_path / "lost")
    capsys.readouterr()
    assert trained(rows, model, stopped, *same, "--resume") == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["steps"] == 4
    assert read_card(stopped).files[WEIGHTS] == read_card(whole).files[WEIGHTS]


def test_compiling_without_a_compiler_is_refused(rows: Path, tmp_path: Path, capsys, monkeypatch) -> None:
    monkeypatch.setenv("CXX", "no-such-compiler")
    assert trained(rows, tiny_model(tmp_path / "tiny"), tmp_path / "out", "--compile") == 1
    assert "no-such-compiler, which is not installed" in capsys.readouterr().err


@pytest.mark.parametrize("content", ["", '{"input": "a door", "output": {"event": "note", "tags": []}}\n'])
def test_too_little_data_is_said(content: str, tmp_path: Path, capsys) -> None:
    file = tmp_path / "few.jsonl"
    file.write_text(content)
    assert trained(file, tiny_model(tmp_path / "tiny"), tmp_path / "out") == 1
    assert "rows to train on" in capsys.readouterr().err
    assert not (tmp_path / "out" / CARD).exists()


def test_a_finished_adapter_is_not_written_over(rows: Path, tmp_path: Path, capsys) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / CARD).write_text("{}")
    assert trained(rows, tmp_path, tmp_path / "out") == 1
    assert "finished adapter" in capsys.readouterr().err
    assert (tmp_path / "out" / CARD).read_text() == "{}"


def test_the_table_has_base_and_adapter_free_and_constrained(rows: Path, tmp_path: Path, capsys) -> None:
    model, out = tiny_model(tmp_path / "tiny"), tmp_path / "adapter"
    assert trained(rows, model, out, "--max-steps", "1") == 0
    capsys.readouterr()
    asked = ["--data", str(rows), "--rows", "2", "--free-rows", "1", "--model", str(model), "--json"]
    assert evaluate.main(["writing", "--adapter", str(out), *asked, "--out", str(tmp_path / "report")]) == 0
    measured = json.loads(capsys.readouterr().out)["rows"]
    assert len(measured) == 5
    constrained = measured["adapter, constrained"]
    assert (constrained["schema"], constrained["inventions"], constrained["text similarity"]) == (1, 0, 1)
    assert measured["base, strict prompt, constrained"]["prompt tokens"] > 3 * constrained["prompt tokens"]
    assert {path.name for path in (tmp_path / "report").iterdir()} == {"writing.json", "writing.md", "writing.png"}


def test_what_serves_is_measured_beside_the_new_one(rows: Path, tmp_path: Path, capsys) -> None:
    model, out = tiny_model(tmp_path / "tiny"), tmp_path / "adapter"
    assert trained(rows, model, out, "--max-steps", "1") == 0
    registry = Registry(tmp_path / "home" / "adapters")
    registry.set_current(registry.add(out))
    held_out = tmp_path / "held_out.jsonl"
    held_out.write_text("".join(rows.read_text().splitlines(keepends=True)[:2]))
    asked = ["writing", "--adapter", str(out), "--free-rows", "0", "--model", str(model), "--json", "--card"]
    capsys.readouterr()
    assert evaluate.main([*asked, "--data", str(held_out), "--rows", "1"]) == 1
    assert "a card holds figures of whole files" in capsys.readouterr().err
    assert evaluate.main([*asked, "--data", str(rows)]) == 1
    assert "what the adapter was trained on" in capsys.readouterr().err and not read_card(out).evaluation
    assert evaluate.main([*asked, "--data", str(held_out), "--data-dir", str(tmp_path / "home")]) == 0
    card = read_card(out)
    [name] = card.evaluation
    assert name == f"held_out {hashlib.sha256(held_out.read_bytes()).hexdigest()[:8]}"
    same = dict(card.evaluation[name][ADAPTER]), dict(card.evaluation[name][f"{serving(card)}, constrained"])
    assert [{**each, "seconds per record": 0} for each in same] == [{**same[0], "seconds per record": 0}] * 2


@pytest.mark.parametrize("task", ["writing", "recall"])
def test_shares_of_rows_by_hand_are_set_side_by_side(task: str, rows: Path, tmp_path: Path, capsys) -> None:
    model = tiny_model(tmp_path / "tiny")
    data = tmp_path / "rows.jsonl"
    ablate.synthesize.main([task, "--n", "3", "--seed", "9", "--out", str(data), "--json"])
    asked = [
        "--data",
        str(data),
        "--out",
        str(tmp_path / "out"),
        "--model",
        str(model),
        "--n",
        "20",
        "--shares",
        "0",
        "1",
    ]
    assert ablate.main([task, *asked]) == 0
    measured = json.loads((tmp_path / "out" / f"{task}-shares-by-hand.json").read_text())["rows"]
    assert list(measured) == ["0% by hand", "100% by hand"]
    assert "100% by hand" in capsys.readouterr().out
