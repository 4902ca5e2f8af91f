"""Adapters at run time and skills, on the node with its default model."""

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
from memory_process import MemoryProcess, wait_for
from safetensors.numpy import save_file

from shadowhound_memory.adapters.card import CARD, CONFIG, WEIGHTS, AdapterCard, Source
from shadowhound_memory.adapters.registry import Registry
from shadowhound_memory.models.files import SMOLLM2
from shadowhound_memory.prompts import template_hash
from shadowhound_memory_msgs import msg, srv
from shadowhound_memory_msgs.msg import ResultCode

MODULE = "base_model.model.model.layers.0.self_attn.q_proj"
GO = json.dumps(
    {
        "name": "go_to",
        "description": "Drive to a place.",
        "parameters": {"type": "object", "properties": {"place": {"type": "string"}}, "required": ["place"]},
    }
)


def make_adapter(folder: Path, hidden: int = 576) -> Path:
    """An adapter for the default base that changes next to nothing; with another `hidden` it does not fit."""
    folder.mkdir(parents=True)
    a, b = np.full((1, hidden), 1e-3, np.float32), np.full((576, 1), 1e-3, np.float32)
    save_file({f"{MODULE}.lora_A.weight": a, f"{MODULE}.lora_B.weight": b}, folder / WEIGHTS)
    config = {"peft_type": "LORA", "r": 1, "lora_alpha": 1, "target_modules": ["q_proj"], "task_type": "CAUSAL_LM"}
    (folder / CONFIG).write_text(json.dumps(config))
    card = AdapterCard(
        task="writing", scope="site", scope_name="plant", base_model=SMOLLM2.name, base_sha256=SMOLLM2.sha256,
        rank=1, alpha=1, targets=("q_proj",), template_sha256=template_hash("writing"), settings={},
        data={"rows.jsonl": Source(rows=2, sha256="0" * 64)}, created=1767225600.0,
        files={name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in (WEIGHTS, CONFIG)},
    )  # fmt: skip
    (folder / CARD).write_text(card.model_dump_json())
    return folder


def listed(node: MemoryProcess) -> dict[str, msg.Adapter]:
    response = node.call("list_adapters", srv.ListAdapters.Request(task="writing"))
    assert response.code == ResultCode.OK, response.message
    return {adapter.name: adapter for adapter in response.adapters if not adapter.shipped}


def written_by(node: MemoryProcess, text: str) -> str:
    """The adapter that wrote the memory of an observation."""
    observation = msg.Observation(text=text)
    response = node.call("write", srv.Write.Request(observation=observation, wait=True, timeout=100.0))
    assert (response.code, response.pending) == (ResultCode.OK, False), response.message
    return str(response.memory.adapter)


def test_an_adapter_is_loaded_serves_and_is_unloaded(start: Callable[..., MemoryProcess], tmp_path: Path) -> None:
    registry = Registry(tmp_path / "data" / "adapters")
    registry.set_current(registry.add(make_adapter(tmp_path / "first")))
    second = registry.add(make_adapter(tmp_path / "second"))
    registry.add(make_adapter(tmp_path / "misfit", hidden=64))
    node = start(model="smollm2-135m-instruct", adapter_mode="all").activated()
    wait_for(lambda: node.status and node.status[-1].model_state == "ready", "the model is loaded", node.log)

    def load(name: str) -> srv.LoadAdapter.Response:
        return node.call("load_adapter", srv.LoadAdapter.Request(name=name))

    before = listed(node)
    assert [(one.current, one.chosen, one.problem) for one in before.values()] == [
        (True, False, ""),
        (False, False, ""),
        (False, False, ""),
    ]
    first = before["writing/site/1"]
    assert (first.task, first.scope, first.scope_name, first.base_model) == ("writing", "site", "plant", SMOLLM2.name)

    assert load("writing/site/9").code == ResultCode.NOT_FOUND
    misfit = load("writing/site/3")
    assert misfit.code == ResultCode.INVALID and "cannot be loaded" in misfit.message
    assert not listed(node)["writing/site/3"].chosen and "cannot be loaded" in listed(node)["writing/site/3"].problem

    loaded = load("writing/site/2")
    assert loaded.code == ResultCode.OK, loaded.message
    assert [one.chosen for one in listed(node).values()] == [False, True, False]
    assert written_by(node, "a red ball under the table") == "writing/site/2"
    mission = node.call("start_mission", srv.StartMission.Request())
    assert "writing/site/2/adapter (the writing adapter chosen by load_adapter)" in mission.message
    assert "skills by" in mission.message

    call = node.call("skill_call", srv.SkillCall.Request(request="Go to the kitchen", tool=GO))
    assert call.code == ResultCode.OK, call.message
    assert json.loads(call.arguments)["place"] in "Go to the kitchen"
    assert "skills adapter" in call.fallback_reason and call.route.endswith("/base/strict")
    refused = node.call("skill_call", srv.SkillCall.Request(request="Go to the kitchen", tool="{"))
    assert refused.code == ResultCode.INVALID and "JSON" in refused.message

    shutil.rmtree(second.folder)
    assert written_by(node, "a blue ball under the table") == "writing/site/1"
    unload = srv.UnloadAdapter.Request(name="writing/site/2")
    assert node.call("unload_adapter", unload).code == ResultCode.OK
    assert node.call("unload_adapter", unload).code == ResultCode.NOT_FOUND
    assert node.stop() == 0, node.log()


def test_where_nothing_serves_adapters_the_reason_is_said(active: MemoryProcess, tmp_path: Path) -> None:
    Registry(active.data_dir / "adapters").add(make_adapter(tmp_path / "adapter"))
    assert "lacks the capability" in listed(active)["writing/site/1"].problem
    load = active.call("load_adapter", srv.LoadAdapter.Request(name="writing/site/1"))
    assert load.code == ResultCode.INVALID and "lacks the capability" in load.message
    assert active.call("list_adapters", srv.ListAdapters.Request(task="cooking")).code == ResultCode.INVALID
    call = active.call("skill_call", srv.SkillCall.Request(request="Go to the kitchen", tool=GO))
    assert call.code == ResultCode.MODEL_UNAVAILABLE and "language model" in call.message
