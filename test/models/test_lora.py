"""Adapters on the default base: chosen per row, mixed in a batch, let go and loaded again; the base stays as it is."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from peft import PeftModel
from requests_to_ask import request_for
from safetensors.numpy import save_file
from transformers import AutoModelForCausalLM, BitsAndBytesConfig, LlamaConfig, LlamaForCausalLM

from shadowhound_memory.adapters.card import CARD, CONFIG, WEIGHTS, AdapterCard, Source
from shadowhound_memory.adapters.registry import Registry
from shadowhound_memory.errors import ModelUnavailable
from shadowhound_memory.manager import MemoryManager
from shadowhound_memory.models import local
from shadowhound_memory.models.base import Completion, Priority, Request
from shadowhound_memory.models.decoding import Decoder
from shadowhound_memory.models.files import SMOLLM2, find_language_model, ready_path
from shadowhound_memory.models.local import LocalModel
from shadowhound_memory.models.lora import RESIDENT, AdapterFailed, Adapters
from shadowhound_memory.prompts import template_hash
from shadowhound_memory.record import Observation
from shadowhound_memory.settings import Settings

HIDDEN, LAYERS, RANK = 576, 30, 3
TEXTS = ["Battery at 18 percent near the lift.", "door 204 closed", "a red ball under the table"]


def queries(inputs: int = HIDDEN) -> dict[str, tuple[int, int]]:
    return {f"model.layers.{layer}.self_attn.q_proj": (inputs, HIDDEN) for layer in range(LAYERS)}


def random_adapter(folder: Path, seed: int, shapes: dict[str, tuple[int, int]], **settings: Any) -> Path:
    """An adapter that visibly changes what a model says; `shapes` has inputs and outputs of the modules it is for."""
    draw = np.random.default_rng(seed)
    folder.mkdir(parents=True)
    weights = {}
    for module, (inputs, outputs) in shapes.items():
        for matrix, shape in (("lora_A", (RANK, inputs)), ("lora_B", (outputs, RANK))):
            weights[f"base_model.model.{module}.{matrix}.weight"] = draw.normal(0, 0.2, shape).astype(np.float32)
    save_file(weights, folder / WEIGHTS)
    targets = sorted({module.rpartition(".")[2] for module in shapes})
    config = {"peft_type": "LORA", "r": RANK, "lora_alpha": 4, "target_modules": targets, "task_type": "CAUSAL_LM"}
    (folder / CONFIG).write_text(json.dumps(config | settings))
    card = AdapterCard(
        task="writing", scope="fleet", scope_name="default", base_model=SMOLLM2.name, base_sha256=SMOLLM2.sha256,
        rank=RANK, alpha=4, targets=tuple(targets), template_sha256=template_hash("writing") or "", settings={},
        data={"rows.jsonl": Source(rows=2, sha256="0" * 64)}, created=1767225600.0,
        files={name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in (WEIGHTS, CONFIG)},
    )  # fmt: skip
    (folder / CARD).write_text(card.model_dump_json())
    return folder


@pytest.fixture(scope="module")
def decoder(tmp_path_factory: pytest.TempPathFactory) -> Decoder:
    torch.set_num_threads(1)  # threads that wait for each other are slow on busy cores
    decoder = Decoder(ready_path(find_language_model(Settings())), "cpu", "float32", "none")
    root = tmp_path_factory.mktemp("adapters")
    names = [f"adapter-{number}" for number in range(RESIDENT + 2)]
    decoder.know({name: random_adapter(root / name, seed, queries()) for seed, name in enumerate(names)})
    decoder.know({"misfit": random_adapter(root / "misfit", 99, queries(64))})
    return decoder


def complete(decoder: Decoder, requests: list[Request]) -> list[str]:
    steps = decoder.steps(requests)
    while True:
        try:
            next(steps)
        except StopIteration as finished:
            completions: list[Completion] = finished.value
            return [completion.text for completion in completions]


def ask(adapter: str | None, text: str = TEXTS[0]) -> Request:
    return request_for(text, max_tokens=12, grammar="start: /(?s:.)*/", adapter=adapter)


def test_a_mixed_batch_says_what_each_says_alone_and_the_base_comes_back(decoder: Decoder) -> None:
    before = complete(decoder, [ask(None, text) for text in TEXTS])
    alone = [complete(decoder, [ask(name)])[0] for name in ("adapter-0", "adapter-1")]
    assert len({before[0], *alone}) == 3
    mixed = complete(decoder, [ask("adapter-0"), ask(None), ask("adapter-1")])
    assert mixed == [alone[0], before[0], alone[1]]
    assert complete(decoder, [ask(None, text) for text in TEXTS]) == before


def test_steps_of_two_jobs_may_alternate(decoder: Decoder) -> None:
    expected = [complete(decoder, [ask(name)])[0] for name in ("adapter-0", None)]
    jobs = {number: decoder.steps([ask(name)]) for number, name in enumerate(("adapter-0", None))}
    replies: dict[int, str] = {}
    while jobs:
        for number in list(jobs):
            try:
                next(jobs[number])
            except StopIteration as finished:
                replies[number] = finished.value[0].text
                del jobs[number]
    assert [replies[0], replies[1]] == expected


def test_one_that_was_let_go_is_loaded_again(decoder: Decoder) -> None:
    first = complete(decoder, [ask("adapter-0")])
    for number in range(1, RESIDENT + 2):
        complete(decoder, [ask(f"adapter-{number}")])
    assert complete(decoder, [ask("adapter-0")]) == first


def test_one_that_does_not_fit_is_named_and_harms_nothing(decoder: Decoder) -> None:
    before = complete(decoder, [ask(None)]), complete(decoder, [ask("adapter-0")])
    with pytest.raises(AdapterFailed, match="misfit"):
        complete(decoder, [ask("misfit")])
    assert (complete(decoder, [ask(None)]), complete(decoder, [ask("adapter-0")])) == before


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    torch.manual_seed(0)
    sizes = {"hidden_size": 64, "intermediate_size": 128, "num_hidden_layers": 2, "num_attention_heads": 2}
    folder = tmp_path_factory.mktemp("tiny")
    LlamaForCausalLM(LlamaConfig(vocab_size=16, **sizes)).save_pretrained(folder)
    return folder


def said(model: Any, rows: int) -> torch.Tensor:
    with torch.inference_mode():
        return model(torch.tensor([[5, 7, 11, 2], [1, 9, 3, 3], [8, 8, 0, 4]][:rows])).logits


BASES: dict[str, dict[str, Any]] = {
    "float32": {"dtype": torch.float32},
    "bfloat16": {"dtype": torch.bfloat16},
    "nf4": {
        "dtype": torch.bfloat16,
        "quantization_config": BitsAndBytesConfig(load_in_4bit=True, bnb_4bit_quant_type="nf4"),
    },
}


@pytest.mark.parametrize(
    ("kind", "setting"),
    [*((kind, None) for kind in BASES), *(("float32", each) for each in ("use_rslora", "use_dora", "lora_bias"))],
)
def test_an_adapter_on_all_linear_layers_computes_bit_for_bit_what_peft_does(
    tiny: Path, tmp_path: Path, kind: str, setting: str | None
) -> None:
    def base() -> Any:
        return AutoModelForCausalLM.from_pretrained(tiny, **BASES[kind]).eval()

    linear = {
        name: (module.in_features, module.out_features)
        for name, module in LlamaForCausalLM.from_pretrained(tiny).named_modules()
        if name.endswith("_proj")
    }
    assert len(linear) == 2 * 7
    settings = {setting: True} if setting else {}
    few = {name: sizes for name, sizes in linear.items() if name.endswith("q_proj")}
    folders = {
        "few": random_adapter(tmp_path / "few", 0, few),
        "all": random_adapter(tmp_path / "all", 1, linear, **settings),
        "others": random_adapter(tmp_path / "others", 2, linear, **settings),
    }
    model = base()
    adapters = Adapters(model)
    adapters.know(folders)
    plain = {name: PeftModel.from_pretrained(base(), folder).eval() for name, folder in folders.items()}
    for name in ("few", "all", None, "few", "others", "all"):
        for rows in (1, 3):
            with adapters.active([name] * rows):
                assert torch.equal(said(model, rows), said(plain[name] if name else base(), rows)), (name, rows)


@pytest.fixture
def own(tmp_path: Path) -> Iterator[tuple[Settings, Registry]]:
    settings = Settings(data_dir=str(tmp_path / "memory"), adapter_mode="writing")
    yield settings, Registry(settings.directory / "adapters")


def write_one(settings: Settings) -> tuple[str | None, str | None, str]:
    with MemoryManager.open(settings) as manager:
        manager.wait_for_model(240)
        written = manager.write(Observation(text="a red ball under the table"), wait=240)
        return written.adapter, written.route, written.text


def test_a_memory_names_the_adapter_that_wrote_it(own: tuple[Settings, Registry], tmp_path: Path) -> None:
    settings, registry = own
    registry.set_current(registry.add(random_adapter(tmp_path / "trained", 0, queries())))
    adapter, route, text = write_one(settings)
    assert adapter == "writing/fleet/1"
    assert route == "local/smollm2-135m-instruct/writing/fleet/1/adapter"
    assert text == "a red ball under the table"


def test_when_the_adapter_cannot_be_loaded_the_base_writes(own: tuple[Settings, Registry], tmp_path: Path) -> None:
    settings, registry = own
    registry.set_current(registry.add(random_adapter(tmp_path / "trained", 0, queries(64))))
    adapter, route, _ = write_one(settings)
    assert adapter is None
    assert route and route.startswith("local/smollm2-135m-instruct/base/strict (adapter_mode writing asks for")
    assert "fleet adapter refused" in route


def test_one_that_could_not_be_loaded_is_tried_again_after_a_while(
    own: tuple[Settings, Registry], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings, registry = own
    registry.set_current(registry.add(random_adapter(tmp_path / "trained", 0, queries(64))))
    model = LocalModel(settings)
    try:
        assert model.wait_ready(240)
        name, _ = model.adapter_for("writing")
        with pytest.raises(ModelUnavailable, match="cannot be loaded"):
            model.complete([ask(name)], Priority.WRITING, 60)
        assert model.adapter_for("writing")[0] is None
        monkeypatch.setattr(local, "RETRY_FAILED", 0.0)
        assert model.adapter_for("writing")[0] == name
    finally:
        model.close()
