"""Merging on a tiny random base: the merged model says the same, is known for what it is, or is not there at all."""

import json
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import peft
import pytest
import torch
import transformers
from safetensors.torch import load_file, save_file
from tiny_model import tiny_model

from shadowhound_memory.adapters.card import CARD, CONFIG, WEIGHTS, AdapterCard, Source, memory_sha256
from shadowhound_memory.adapters.registry import Registry
from shadowhound_memory.adapters.verify import AdapterRefused
from shadowhound_memory.cli import main
from shadowhound_memory.manager import MemoryManager
from shadowhound_memory.models import Models
from shadowhound_memory.models.base import MERGED, Task
from shadowhound_memory.models.files import _file_sha256, base_sha256, find_language_model
from shadowhound_memory.models.merging import PROBES, merge, probes
from shadowhound_memory.prompts import template_hash
from shadowhound_memory.record import Observation
from shadowhound_memory.settings import Settings
from training import merge as training_merge


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_model(tmp_path_factory.mktemp("base") / "tiny-0.5b")


@pytest.fixture
def settings(base: Path, tmp_path: Path) -> Settings:
    return Settings(data_dir=str(tmp_path / "data"), model=str(base), adapter_mode="all")


def make_adapter(folder: Path, model: Path, scale: float = 1.0, **card: Any) -> Path:
    """An adapter that visibly changes what the tiny base says, with its card."""
    torch.manual_seed(1)
    config = peft.LoraConfig(
        r=2, lora_alpha=4, target_modules=["q_proj", "o_proj"], init_lora_weights=False, task_type="CAUSAL_LM"
    )
    peft.get_peft_model(transformers.AutoModelForCausalLM.from_pretrained(model), config).save_pretrained(folder)
    (folder / "README.md").unlink()
    weights = load_file(folder / WEIGHTS)
    save_file({name: tensor.float() * scale for name, tensor in weights.items()}, folder / WEIGHTS)
    task: Task = card.get("task", "writing")
    fields: dict[str, Any] = {
        "task": task, "scope": "fleet", "scope_name": "default", "base_model": "tiny-0.5b", "rank": 2, "alpha": 4,
        "base_sha256": base_sha256(find_language_model(Settings(model=str(model)))), "targets": ("q_proj", "o_proj"),
        "template_sha256": template_hash(task), "settings": {}, "created": 1767225600.0,
        "data": {"rows.jsonl": Source(rows=2, sha256="0" * 64)},
        "files": {name: _file_sha256(folder / name) for name in (WEIGHTS, CONFIG)},
    }  # fmt: skip
    (folder / CARD).write_text(AdapterCard.model_validate(fields | card).model_dump_json())
    return folder


def weights_of(folder: Path) -> dict[str, torch.Tensor]:
    return load_file(folder / "model.safetensors")


def test_the_merged_model_holds_base_and_adapter_and_says_the_same(
    settings: Settings, base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    adapter = make_adapter(tmp_path / "adapter", base, scale=4)
    version = Registry(settings.directory / "adapters").add(adapter)
    made = merge(version.folder, settings)
    folder = tmp_path / "tiny-0.5b-writing-fleet-1"
    assert made["folder"] == folder.name and made["probes"] == len(PROBES) and made["tokens"] > len(PROBES)
    assert {CARD, "config.json", "model.safetensors", "tokenizer.json"} <= {path.name for path in folder.iterdir()}
    before, after, delta = weights_of(base), weights_of(folder), load_file(adapter / WEIGHTS)
    name = "model.layers.0.self_attn.q_proj"
    matrices = [delta[f"base_model.model.{name}.lora_{which}.weight"] for which in "BA"]
    torch.testing.assert_close(after[f"{name}.weight"], before[f"{name}.weight"] + 2 * matrices[0] @ matrices[1])


@pytest.mark.parametrize("task", ["writing", "recall", "skills"])
def test_each_task_has_twenty_probes_of_its_own(task: Task) -> None:
    asked = probes(task)
    assert len(asked) == len({json.dumps(messages) for messages in asked}) == 20


def test_what_cannot_be_merged_is_refused_and_leaves_nothing(settings: Settings, base: Path, tmp_path: Path) -> None:
    good = make_adapter(tmp_path / "good", base)
    cases = {
        "it was trained on another": make_adapter(tmp_path / "a", base, base_sha256="c" * 64, base_model="another"),
        "another prompt": make_adapter(tmp_path / "b", base, template_sha256="c" * 64),
        "logits are nan": make_adapter(tmp_path / "c", base, scale=1e30),
    }
    places = set(tmp_path.iterdir())
    for reason, adapter in cases.items():
        with pytest.raises(AdapterRefused, match=reason):
            merge(adapter, settings, tmp_path / "made")
    assert set(tmp_path.iterdir()) == places
    (tmp_path / "made").mkdir()
    with pytest.raises(AdapterRefused, match="made exists; name another folder"):
        merge(good, settings, tmp_path / "made")


def test_one_that_loses_the_adapter_in_the_base_s_numbers_is_refused(tmp_path: Path) -> None:
    """In bfloat16 a small change of a large weight is rounded away."""
    coarse = tiny_model(tmp_path / "coarse", dtype=torch.bfloat16)
    weights = weights_of(coarse)
    name = "model.layers.1.self_attn.o_proj.weight"
    weights[name] = weights[name] + 3e4
    save_file(weights, coarse / "model.safetensors", metadata={"format": "pt"})
    adapter = make_adapter(tmp_path / "adapter", coarse, scale=8)
    places = set(tmp_path.iterdir())
    with pytest.raises(AdapterRefused, match="merged it says"):
        merge(adapter, Settings(model=str(coarse)), tmp_path / "made")
    assert set(tmp_path.iterdir()) == places


def command(adapter: Path, base: Path, out: Path, **more: Any) -> subprocess.Popen[str]:
    arguments = [
        sys.executable,
        "-m",
        "training.merge",
        str(adapter),
        "--model",
        str(base),
        "--out",
        str(out),
        "--json",
    ]
    return subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **more)


def interruptible() -> None:
    """Also where the tests run in a background that ignores Ctrl-C."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_a_full_disk_and_an_interruption_leave_nothing(base: Path, tmp_path: Path) -> None:
    adapter = make_adapter(tmp_path / "adapter", base)
    out = tmp_path / "there" / "made"

    def small_files() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))

    full = command(adapter, base, out, preexec_fn=small_files)
    _, said = full.communicate()
    assert full.returncode == 1
    assert "cannot be written" in said and "free some space" in said and "Traceback" not in said
    assert list(out.parent.iterdir()) == []

    interrupted = command(adapter, base, out, preexec_fn=interruptible)
    while interrupted.poll() is None and not list(out.parent.iterdir()):
        pass
    interrupted.send_signal(signal.SIGINT)
    interrupted.communicate()
    assert interrupted.returncode != 0
    assert list(out.parent.iterdir()) == []


@pytest.fixture(scope="module")
def merged(base: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("merged")
    adapter = make_adapter(root / "adapter", base, memories=(memory_sha256("gone"),))
    version = Registry(root / "data/adapters").add(adapter)
    where = ["--data-dir", str(root / "data"), "--model", str(base), "--out", str(root / "tiny-writing")]
    assert training_merge.main([version.name, *where]) == 0
    return root / "tiny-writing"


@pytest.fixture
def manager(settings: Settings, merged: Path) -> Iterator[MemoryManager]:
    with MemoryManager.open(settings.model_copy(update={"writing_model": str(merged)})) as manager:
        manager.wait_for_model(240)
        yield manager


def test_a_merged_model_serves_its_task_beside_the_base(manager: MemoryManager) -> None:
    written = manager.write(Observation(text="a red ball under the table"), wait=240)
    assert (written.route, written.adapter) == ("local/tiny-writing/merged/adapter", MERGED)
    assert written.text == "a red ball under the table"
    routes = manager.routes()
    assert "merged into the model" in routes["writing"]
    assert routes["recall"].startswith("local/tiny-0.5b/") and "merged" not in routes["recall"]


def test_a_merged_model_serves_one_task_until_what_it_was_trained_on_is_forgotten(
    settings: Settings, merged: Path
) -> None:
    asked = settings.model_copy(update={"model": str(merged)})
    with MemoryManager.open(asked) as manager:
        manager.wait_for_model(240)
        way = manager.routes()["recall"]
        assert way.startswith("local/tiny-writing/base/strict") and "has a writing adapter merged" in way
        Registry(settings.directory / "adapters").forget([memory_sha256("gone")])
        assert "were forgotten" in manager.routes()["writing"]
    with MemoryManager.open(asked) as manager:
        manager.wait_for_model(240)
        way = manager.routes()["writing"]
        assert way.startswith("rules") and "were forgotten" in way


def test_tasks_that_name_the_same_model_share_it() -> None:
    models = Models(Settings(model="none", writing_model=os.devnull, recall_model=os.devnull), None)
    try:
        assert models.for_task("writing") is models.for_task("recall") is not None
        assert models.for_task("skills") is None
    finally:
        models.close()


def test_the_command_merges(settings: Settings, base: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    adapter, out = make_adapter(tmp_path / "adapter", base), tmp_path / "made"
    where = ["--data-dir", str(settings.directory), "--model", settings.model, "--json"]
    assert main(["adapters", "merge", str(adapter), "--out", str(out), *where]) == 0
    assert json.loads(capsys.readouterr().out)["folder"] == str(out)
    assert main(["adapters", "merge", str(adapter), "--out", str(out), *where]) == 1
    assert "exists; name another folder" in json.loads(capsys.readouterr().out)["message"]
    assert main(["adapters", "merge", "writing/fleet/99", *where]) == 1
    assert "there is no adapter writing/fleet/99" in json.loads(capsys.readouterr().out)["message"]
