"""Composition on a tiny random base: the new version is what its weights say, is made once, and refuses what is not."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import peft
import pytest
import torch
import transformers
from adapters_to_test import write_card
from safetensors.torch import load_file

from shadowhound_memory.adapters.card import CARD, CONFIG, WEIGHTS
from shadowhound_memory.adapters.composition import compose
from shadowhound_memory.adapters.registry import Entry, Registry
from shadowhound_memory.adapters.verify import AdapterRefused, read_card, verify
from shadowhound_memory.cli import main
from shadowhound_memory.models.files import base_sha256, find_language_model
from shadowhound_memory.settings import Settings

SIZES = {
    "vocab_size": 50,
    "hidden_size": 16,
    "intermediate_size": 32,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "num_key_value_heads": 1,
}


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("base") / "tiny"
    transformers.LlamaForCausalLM(transformers.LlamaConfig(**SIZES)).save_pretrained(folder)
    return folder


@pytest.fixture
def settings(base: Path, tmp_path: Path) -> Settings:
    return Settings(data_dir=str(tmp_path / "data"), model=str(base))


@pytest.fixture
def registry(settings: Settings) -> Registry:
    return Registry(settings.directory / "adapters")


def train(
    folder: Path,
    settings: Settings,
    *,
    rank: int = 2,
    targets: tuple[str, ...] = ("q_proj",),
    more: Any = (),
    **card: Any,
) -> Path:
    """A random adapter on the base of the settings, as training leaves it. `more` goes into its configuration."""
    torch.manual_seed(sum(folder.name.encode()))
    model = transformers.AutoModelForCausalLM.from_pretrained(settings.model)
    config = peft.LoraConfig(r=rank, lora_alpha=8, target_modules=list(targets), init_lora_weights=False)
    peft.get_peft_model(model, config).save_pretrained(folder)
    (folder / "README.md").unlink()
    written = json.loads((folder / CONFIG).read_text()) | {"init_lora_weights": True} | dict(more)
    (folder / CONFIG).write_text(json.dumps(written))
    known = base_sha256(find_language_model(settings))
    write_card(folder, **{"base_sha256": known, "rank": rank, "alpha": 8, "targets": targets} | card)
    return folder


@pytest.fixture
def add(registry: Registry, settings: Settings, tmp_path: Path) -> Callable[..., Entry]:
    def add(name: str, **how: Any) -> Entry:
        return registry.add(train(tmp_path / name, settings, **how))

    return add


def deltas(folder: Path) -> dict[str, torch.Tensor]:
    """What an adapter adds to each matrix of the base."""
    card, tensors = read_card(folder), load_file(folder / WEIGHTS)
    modules = {name.rpartition(".lora_")[0] for name in tensors}
    return {
        module: tensors[f"{module}.lora_B.weight"].float() @ tensors[f"{module}.lora_A.weight"].float()
        * (card.alpha / card.rank)
        for module in modules
    }  # fmt: skip


def test_cat_is_the_weighted_sum_of_what_the_parents_add(registry: Registry, settings: Settings, add) -> None:
    site = add("site", scope="site", scope_name="plant", rank=2, targets=("q_proj", "v_proj"), missions=("a", "b"))
    robot = add("robot", scope="robot", scope_name="robot", rank=4, missions=("b", "c"), sensitivity="high")
    made = compose(registry, {site.name: 0.5, robot.name: -0.3}, settings, "cat")
    card = verify(made.folder)
    assert (made.name, card.scope, card.scope_name) == ("writing/robot/2", "robot", "robot")
    assert (card.rank, card.targets, card.evaluation) == (6, ("q_proj", "v_proj"), {})
    assert card.parents == ("writing/robot/1", "writing/site/1") and card.settings["weights"] == [-0.3, 0.5]
    assert set(card.missions) == {"a", "b", "c"} and len(card.data) == 1
    assert card.sensitivity == "high; as sensitive as its data"
    found, first, second = deltas(made.folder), deltas(site.folder), deltas(robot.folder)
    assert set(found) == set(first)
    for module, delta in found.items():
        expected = 0.5 * first[module] - 0.3 * second.get(module, torch.zeros_like(delta))
        torch.testing.assert_close(delta, expected)


@pytest.mark.parametrize("method", ["linear", "ties", "dare_linear", "dare_ties"])
def test_the_other_methods_keep_the_rank_and_stand_the_check(
    method: Any, registry: Registry, settings: Settings, add
) -> None:
    names = [add(name).name for name in ("one", "two")]
    made = compose(registry, dict.fromkeys(names, 0.5), settings, method)
    assert verify(made.folder).rank == 2
    assert verify(made.folder).settings.get("density") == (None if method == "linear" else 0.5)
    assert made.card and made.card.settings["method"] == method


def test_the_same_is_made_once(registry: Registry, settings: Settings, add) -> None:
    one, two = add("one").name, add("two").name
    first = compose(registry, {one: 0.5, two: 0.3}, settings, "ties")
    assert compose(registry, {two: 0.3, one: 0.5}, settings, "ties", 0.5).name == first.name
    others = [
        compose(registry, {one: 0.3, two: 0.5}, settings, "ties"),
        compose(registry, {one: 0.5, two: 0.3}, settings, "cat"),
        compose(registry, {one: 0.5, two: 0.3}, settings, "ties", 0.8),
    ]
    assert len({first.name, *(other.name for other in others)}) == 4


def test_data_of_the_same_name_stays_apart(registry: Registry, settings: Settings, add) -> None:
    other = {"rows.jsonl": {"rows": 3, "sha256": "1" * 64}}
    one, two = add("one"), add("two", data=other)
    made = compose(registry, {one.name: 1, two.name: 1}, settings, "cat")
    assert made.card and sorted(source.rows for source in made.card.data.values()) == [2, 3]


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "rsLoRA": ({"more": {"use_rslora": True}}, "not plain LoRA (rsLoRA)"),
    "lora_bias": ({"more": {"lora_bias": True}}, "not plain LoRA (lora_bias)"),
    "DoRA": ({"more": {"use_dora": True}}, "not plain LoRA (DoRA)"),
    "KaSA": ({"more": {"kasa_config": {"beta": 1e-4}}}, "not plain LoRA (KaSA)"),
    "another base": ({"base_sha256": "c" * 64}, "compose those of one base"),
    "another task": ({"task": "recall"}, "compose one task's"),
    "another prompt": ({"template_sha256": "c" * 64}, "different prompts"),
    "other layers": ({"more": {"layers_to_transform": [0]}}, "layers_to_transform"),
    "another rank by ties": ({"rank": 4}, "ties takes equal ranks, cat takes any"),
    "another site": ({"scope": "site", "scope_name": "other"}, "they are of several sites: other, plant"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_combined_is_refused(case: str, registry: Registry, settings: Settings, add) -> None:
    how, reason = REFUSED[case]
    good, bad = add("good", scope="site", scope_name="plant"), add("bad", **how)
    before = len(registry.entries())
    with pytest.raises(AdapterRefused) as refused:
        compose(registry, {good.name: 0.5, bad.name: 0.3}, settings, "ties")
    assert reason in str(refused.value)
    assert len(registry.entries()) == before


def test_what_was_trained_on_forgotten_memories_is_refused(registry: Registry, settings: Settings, add) -> None:
    good, bad = add("good"), add("bad", memories=("d" * 64,))
    made = compose(registry, {good.name: 1, bad.name: 1}, settings, "cat")
    assert made.card and made.card.memories == ("d" * 64,)
    assert set(registry.forget(["d" * 64])) == {bad.name, made.name}
    with pytest.raises(AdapterRefused, match="were forgotten"):
        compose(registry, {good.name: 0.5, bad.name: 1}, settings, "cat")


def test_parents_of_another_base_than_the_models_are_refused(registry: Registry, settings: Settings, add) -> None:
    parts = {add(name, base_sha256="c" * 64).name: 0.5 for name in ("one", "two")}
    with pytest.raises(AdapterRefused, match="writing/fleet/1: it was trained on some-model"):
        compose(registry, parts, settings, "cat")


def test_the_command_composes(registry: Registry, settings: Settings, add, capsys) -> None:
    one, two = add("one").name, add("two").name
    where = ["--data-dir", str(settings.directory), "--model", settings.model]
    assert main(["adapters", "compose", f"{one}=0.5", f"{two}=0.3", "--json", *where]) == 0
    made = json.loads(capsys.readouterr().out)
    assert made["name"] == "writing/fleet/3" and (Path(made["folder"]) / CARD).is_file()
    assert main(["adapters", "list", *where]) == 0
    assert "made of writing/fleet/1, writing/fleet/2" in " ".join(capsys.readouterr().out.split())
    assert main(["adapters", "verify", *where]) in (0, 1)  # those shipped stand on another base
    assert "writing/fleet/3 own some-model, rank 4" in " ".join(capsys.readouterr().out.split())
    assert main(["adapters", "promote", "writing/fleet/3", *where]) == 1
    assert "no evaluation" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["compose", "writing/fleet/1=1"], "two versions or more"),
        (["compose", "writing/fleet/1", "writing/fleet/2=1"], "writing/fleet/1: write NAME=WEIGHT"),
        (["compose", "writing/fleet/1=1", "writing/fleet/1=2"], "named twice"),
        (["compose", "writing/fleet/1=1", "writing/fleet/2=0"], "weight of writing/fleet/2 is 0"),
        (["compose", "writing/fleet/1=nan", "writing/fleet/2=1"], "weight of writing/fleet/1 is nan"),
        (["compose", "writing/fleet/1=1", "writing/fleet/9=1"], "there is no adapter writing/fleet/9"),
        (["compose", "writing/fleet/1=1", "writing/fleet/2=1", "--density", "0.5"], "cat keeps every number"),
        (["compose", "writing/fleet/1=1", "writing/fleet/2=1", "--method", "ties", "--density", "2"], "density is 2"),
        (["list", "--method", "cat"], "--method is for compose, not for list"),
        (["show", "writing/fleet/1", "writing/fleet/2"], "show takes the name of one adapter"),
    ],
)
def test_the_command_says_what_is_wrong(
    arguments: list[str], reason: str, registry: Registry, settings: Settings, add, capsys
) -> None:
    first = add("one")
    shutil.copytree(first.folder, first.folder.with_name("2"))
    where = ["--data-dir", str(settings.directory), "--model", settings.model]
    assert main(["adapters", *arguments, *where]) == 1
    assert reason in " ".join(capsys.readouterr().err.split())
