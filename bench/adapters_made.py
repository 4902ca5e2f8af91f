"""Adapters of the shape that is shipped, with random weights and cards that stand the check."""

import hashlib
import json
from pathlib import Path

import numpy as np
import yaml
from safetensors import safe_open
from safetensors.numpy import save_file

from shadowhound_memory.adapters.card import CARD, CONFIG, WEIGHTS, AdapterCard
from shadowhound_memory.models.files import SMOLLM2
from shadowhound_memory.prompts import template_hash

RECIPE = Path(__file__).parents[1] / "training" / "configs" / "smollm2-135m.yaml"
SCALE = 0.02


def make(folder: Path, base: Path, seed: int) -> Path:
    """Write a writing adapter for the layers of the model in `base` that its recipe in training/configs targets."""
    recipe = yaml.safe_load(RECIPE.read_text(encoding="utf-8"))
    rank, alpha, targets = recipe["rank"], recipe["alpha"], recipe["targets"]
    draw = np.random.default_rng(seed)
    weights = {}
    for module, inputs, outputs in _modules(base, targets):
        for matrix, shape in (("lora_A", (rank, inputs)), ("lora_B", (outputs, rank))):
            numbers = draw.normal(0, SCALE, shape).astype(np.float16)
            weights[f"base_model.model.{module}.{matrix}.weight"] = numbers
    folder.mkdir(parents=True)
    save_file(weights, folder / WEIGHTS)
    config = {"peft_type": "LORA", "task_type": "CAUSAL_LM", "r": rank, "lora_alpha": alpha, "target_modules": targets}
    (folder / CONFIG).write_text(json.dumps(config))
    card = AdapterCard(
        task="writing", scope="robot", scope_name="robot", base_model=SMOLLM2.name, base_sha256=SMOLLM2.sha256,
        rank=rank, alpha=alpha, targets=targets, template_sha256=template_hash("writing") or "", data={}, settings={},
        files={name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in (WEIGHTS, CONFIG)},
        created=0.0,
    )  # fmt: skip
    (folder / CARD).write_text(card.model_dump_json())
    return folder


def _modules(base: Path, targets: list[str]) -> list[tuple[str, int, int]]:
    """Name, inputs and outputs of each linear layer that is targeted, as the base's file has them."""
    with safe_open(base / "model.safetensors", "numpy") as weights:
        shapes = {
            module: weights.get_slice(name).get_shape()
            for name in weights.keys()
            if (module := name.removesuffix(".weight")).rpartition(".")[2] in targets
        }
    return [(name, inputs, outputs) for name, (outputs, inputs) in shapes.items()]
