"""Adapters in slots that are written over say, bit for bit, what PEFT says of each loaded alone."""

import hashlib
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from peft import LoraConfig, PeftModel, get_peft_model
from safetensors.torch import load_file, save_file
from transformers import LlamaConfig, LlamaForCausalLM

from shadowhound_memory.adapters.card import CARD, CONFIG, WEIGHTS, AdapterCard
from shadowhound_memory.models.lora import RESIDENT, AdapterFailed, Adapters

TOKENS = torch.tensor([[5, 7, 11, 2], [1, 9, 3, 3], [8, 8, 0, 4]])
SHAPES = [(2, 4, ["q_proj"])] * 6 + [(4, 4, ["q_proj"]), (2, 16, ["q_proj"]), (2, 4, ["q_proj", "down_proj"])]
"""Rank, alpha and targets of each adapter."""
NAMES = [f"adapter-{number}" for number in range(len(SHAPES))]


def tiny(**sizes: int) -> Any:
    torch.manual_seed(0)
    usual = {"hidden_size": 16, "intermediate_size": 24, "num_hidden_layers": 2, "num_attention_heads": 2}
    return LlamaForCausalLM(LlamaConfig(vocab_size=16, **usual | sizes)).eval()


def make(folder: Path, seed: int, rank: int, alpha: int, targets: list[str], model: Any = None) -> Path:
    """A random adapter with its card, as PEFT saves it."""
    torch.manual_seed(seed)
    config = LoraConfig(r=rank, lora_alpha=alpha, target_modules=targets, init_lora_weights=False, lora_dropout=0.5)
    made = get_peft_model(model or tiny(), config)
    config.init_lora_weights = True  # what is missing adds nothing
    made.save_pretrained(folder, save_embedding_layers=False)
    for path in folder.iterdir():
        if path.name not in (WEIGHTS, CONFIG):
            path.unlink()
    weights = {name: tensor.to(torch.float16) for name, tensor in load_file(folder / WEIGHTS).items()}
    if seed == 1:  # one that leaves a layer alone
        weights = {name: tensor for name, tensor in weights.items() if "layers.1" not in name}
    save_file(weights, folder / WEIGHTS)
    files = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in (WEIGHTS, CONFIG)}
    card = AdapterCard(
        task="writing", scope="fleet", scope_name="default", base_model="tiny", base_sha256="b" * 64, rank=rank,
        alpha=alpha, targets=tuple(targets), template_sha256="c" * 64, data={}, settings={}, files=files, created=0.0,
    )  # fmt: skip
    (folder / CARD).write_text(card.model_dump_json())
    return folder


def said(model: Any, tokens: torch.Tensor) -> torch.Tensor:
    with torch.inference_mode():
        return model(tokens).logits


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    root = tmp_path_factory.mktemp("adapters")
    return {name: make(root / name, seed, *SHAPES[seed]) for seed, name in enumerate(NAMES)}


@pytest.fixture(scope="module")
def expected(folders: dict[str, Path]) -> dict[str | None, list[torch.Tensor]]:
    alone: dict[str | None, Any] = {
        name: PeftModel.from_pretrained(tiny(), folder).eval() for name, folder in folders.items()
    }
    return {name: [said(model, row[None])[0] for row in TOKENS] for name, model in (alone | {None: tiny()}).items()}


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(asked=st.lists(st.lists(st.sampled_from([None, *NAMES]), min_size=1, max_size=3), min_size=1, max_size=16))
def test_any_order_of_requests_gets_what_each_adapter_says_alone(folders, expected, asked) -> None:
    model = tiny()
    adapters = Adapters(model)
    adapters.know(folders)
    for names in asked:
        with adapters.active(names):
            logits = said(model, TOKENS[: len(names)])
        for row, name in enumerate(names):
            assert torch.allclose(logits[row], expected[name][row], rtol=0, atol=1e-5), (name, asked)


def test_a_slot_written_over_is_bitwise_a_fresh_load(folders, expected) -> None:
    model = tiny()
    adapters = Adapters(model)
    adapters.know(folders)
    for name in [*NAMES[:6], None, *NAMES[:6]]:
        with adapters.active([name]):
            assert torch.equal(said(model, TOKENS[:1])[0], expected[name][0])


def test_no_more_are_kept_than_a_batch_needs(folders) -> None:
    model = tiny()
    adapters = Adapters(model)
    adapters.know(folders)

    def held() -> int:
        return sum("layers.0.self_attn.q_proj.lora_A" in name for name, _ in model.named_parameters())

    with adapters.active(NAMES):
        assert held() == len(NAMES)
    with adapters.active(NAMES[:1]):
        pass
    more = make(folders[NAMES[0]].parent / "more", 20, 2, 4, ["q_proj"])
    adapters.know({"more": more})
    with adapters.active(["more"]):
        assert held() == RESIDENT


def misfits(root: Path) -> dict[str, Path]:
    """Adapters of another model: other sizes, another layer."""
    return {
        "narrow": make(root / "narrow", 30, 2, 4, ["q_proj"], tiny(hidden_size=8)),
        "half fits": make(root / "half fits", 31, 2, 4, ["down_proj", "q_proj"], tiny(hidden_size=8)),
        "deep": make(root / "deep", 32, 2, 4, ["q_proj"], tiny(num_hidden_layers=3)),
    }


@pytest.mark.parametrize("name", ["narrow", "half fits", "deep"])
@pytest.mark.parametrize("before", [0, 1, RESIDENT])
def test_one_that_does_not_fit_leaves_base_and_adapters_as_they_are(
    folders, expected, tmp_path: Path, name: str, before: int
) -> None:
    model = tiny()
    adapters = Adapters(model)
    adapters.know(folders | misfits(tmp_path))
    for good in NAMES[:before]:
        with adapters.active([good]):
            pass
    with pytest.raises(AdapterFailed, match=r"q_proj|down_proj"), adapters.active([name]):
        pass
    for good in [None, *NAMES[:before]]:
        with adapters.active([good]):
            assert torch.equal(said(model, TOKENS[:1])[0], expected[good][0])


def test_one_damaged_after_it_was_let_go_is_refused_and_the_others_serve(folders, expected, tmp_path: Path) -> None:
    model = tiny()
    adapters = Adapters(model)
    bad = make(tmp_path / "bad", 40, 2, 4, ["q_proj"])
    adapters.know(folders | {"bad": bad})
    for name in ("bad", *NAMES[:RESIDENT]):
        with adapters.active([name]):
            pass
    (bad / CARD).unlink()
    with pytest.raises(AdapterFailed, match="not written to the end"), adapters.active(["bad"]):
        pass
    with adapters.active([NAMES[1]]):
        assert torch.equal(said(model, TOKENS[:1])[0], expected[NAMES[1]][0])
