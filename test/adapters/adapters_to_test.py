"""Adapters small enough for a test, whole and well carded."""

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import save_file

from shadowhound_memory.adapters.card import CARD, CONFIG, WEIGHTS, AdapterCard, Source
from shadowhound_memory.adapters.promotion import serving
from shadowhound_memory.adapters.registry import Registry
from shadowhound_memory.models.files import SMOLLM2
from shadowhound_memory.prompts import template_hash

BASE = SMOLLM2.sha256


def make_adapter(
    folder: Path, weights: dict[str, Any] | None = None, config: dict[str, Any] | None = None, **card: Any
) -> Path:
    """Write an adapter with its card into a new folder; what is given replaces what is right."""
    folder.mkdir(parents=True)
    layer = "base_model.model.model.layers.0.self_attn.q_proj"
    good = {
        f"{layer}.lora_A.weight": np.ones((2, 8), np.float16),
        f"{layer}.lora_B.weight": np.ones((8, 2), np.float16),
    }
    save_file(good | (weights or {}), folder / WEIGHTS)
    settings = {"peft_type": "LORA", "r": 2, "lora_alpha": 4, "target_modules": ["q_proj"]}
    (folder / CONFIG).write_text(json.dumps(settings | (config or {})))
    write_card(folder, **card)
    return folder


def beside_the_shipped() -> str:
    """The way by which `training.evaluate` names the shipped writing adapter, measured beside another."""
    shipped = Registry(Path("none")).current("writing", "fleet")
    assert shipped and shipped.card
    return f"{serving(shipped.card)}, constrained"


def write_card(folder: Path, **changed: Any) -> None:
    """A card for the files as they are."""
    fields: dict[str, Any] = {
        "task": "writing",
        "scope": "fleet",
        "scope_name": "default",
        "base_model": "some-model",
        "base_sha256": BASE,
        "rank": 2,
        "alpha": 4,
        "targets": ("q_proj",),
        "template_sha256": template_hash("writing"),
        "data": {"rows.jsonl": Source(rows=2, sha256="0" * 64)},
        "settings": {},
        "files": {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in (WEIGHTS, CONFIG)},
        "created": 1767225600.0,
    }
    (folder / CARD).write_text(AdapterCard.model_validate(fields | changed).model_dump_json())
