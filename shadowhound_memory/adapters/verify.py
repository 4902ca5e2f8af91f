"""Whether a version of an adapter may be loaded: what its card says is held against the files and the base model.

Reads safetensors without torch; nothing is ever unpickled.
"""

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import safetensors
from pydantic import ValidationError

from shadowhound_memory.adapters.card import CARD, CONFIG, WEIGHTS, AdapterCard

_TENSOR = re.compile(r"^base_model\.model\.(?:\w+\.)*(\w+)\.lora_([AB])\.weight$")
TRAINED_ON_FORGOTTEN = "memories that it was trained on were forgotten since; train it again without them"
_INFINITE = {"F32": ("<u4", 0x7F800000), "F16": ("<u2", 0x7C00), "BF16": ("<u2", 0x7F80)}
"""By the type of number: how its bits are read, and the bits of the exponent, all set in a NaN or an infinity."""

_TAKEN: dict[str, tuple[Any, ...]] = {
    "bias": ("none",),
    "init_lora_weights": (True, False, "gaussian"),
    **dict.fromkeys(("modules_to_save", "layer_replication", "trainable_token_indices", "target_parameters"), (None,)),
    **dict.fromkeys(("rank_pattern", "alpha_pattern"), ({}, None)),
}
"""Settings of a config that could change the base model itself, or the rank and alpha of single layers."""


class AdapterRefused(Exception):
    """An adapter that will not be used, with the reason."""


def forgotten_mark(folder: Path) -> Path:
    """The file beside a version that says that memories it was trained on were forgotten; versions are written once."""
    whole = folder.resolve()
    return whole.with_name(f"{whole.name}.forgotten")


def refuse_forgotten(folder: Path) -> None:
    """Raise AdapterRefused when memories that this version was trained on were forgotten."""
    if forgotten_mark(folder).exists():
        raise AdapterRefused(TRAINED_ON_FORGOTTEN)


def read_card(folder: Path) -> AdapterCard:
    """The card of a version. Raises AdapterRefused when there is none or it cannot be understood."""
    try:
        return AdapterCard.model_validate_json((folder / CARD).read_bytes())
    except FileNotFoundError:
        raise AdapterRefused(f"{folder} holds no {CARD}: it was not written to the end") from None
    except OSError as error:
        raise AdapterRefused(f"{folder / CARD} cannot be read: {error.strerror}") from error
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        field = ".".join(map(str, first["loc"])) or "card"
        raise AdapterRefused(f"{folder / CARD}: {field}: {first['msg']}") from None


def verify(folder: Path, *, base_sha256: str | None = None, template_sha256: str | None = None) -> AdapterCard:
    """Check a version's files against its card, and its base and prompt against the given ones. Returns the card.

    Raises AdapterRefused: a file that is missing, unknown, changed or no safetensors; numbers that are not finite;
    rank, alpha or targets other than the card says; another base model; another prompt; memories it was trained on
    that were forgotten.
    """
    refuse_forgotten(folder)
    card = read_card(folder)
    if base_sha256 is not None and base_sha256 not in (card.base_sha256, *card.compatible_bases):
        trained_on = f"{card.base_model} (sha256 {card.base_sha256[:12]})"
        raise AdapterRefused(f"it was trained on {trained_on}, the model here has {base_sha256[:12]}")
    if template_sha256 is not None and card.template_sha256 != template_sha256:
        raise AdapterRefused("it was trained with another prompt than this version has; train it again")
    _check_files(folder, card)
    _check_config(folder, card)
    _check_weights(folder / WEIGHTS, card)
    return card


def _check_files(folder: Path, card: AdapterCard) -> None:
    if not {WEIGHTS, CONFIG} <= set(card.files):
        raise AdapterRefused(f"its card does not list {WEIGHTS} and {CONFIG}")
    try:
        found = {path.name for path in folder.iterdir()} - {CARD}
        if extra := found - set(card.files):
            raise AdapterRefused(f"{min(extra)} is not on its card; only safetensors and their config are taken")
        for name, sha256 in card.files.items():
            if hashlib.sha256((folder / name).read_bytes()).hexdigest() != sha256:
                raise AdapterRefused(f"{name} is not the file that its card names (sha256 differs)")
    except FileNotFoundError as error:
        raise AdapterRefused(f"{Path(error.filename).name} is missing") from None
    except OSError as error:
        raise AdapterRefused(f"{error.filename} cannot be read: {error.strerror}") from error


def _check_config(folder: Path, card: AdapterCard) -> None:
    try:
        config: dict[str, Any] = json.loads((folder / CONFIG).read_bytes())
        said = (config["peft_type"], config["r"], config["lora_alpha"], sorted(config["target_modules"]))
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise AdapterRefused(f"{CONFIG} cannot be understood: {error}") from None
    expected = ("LORA", card.rank, card.alpha, sorted(card.targets))
    for name, value, wanted in zip(("peft_type", "rank", "alpha", "targets"), said, expected, strict=True):
        if value != wanted:
            raise AdapterRefused(f"{CONFIG} says {name} {value}, its card {wanted}")
    for name, taken in _TAKEN.items():
        if (value := config.get(name, taken[0])) not in taken:
            raise AdapterRefused(f"{CONFIG} says {name} {value}; taken is {' or '.join(map(str, taken))}")


def _check_weights(path: Path, card: AdapterCard) -> None:
    try:
        tensors = safetensors.deserialize(path.read_bytes())  # type: ignore[no-untyped-call]
    except safetensors.SafetensorError as error:
        raise AdapterRefused(f"{WEIGHTS} is no safetensors file: {error}") from None
    if not tensors:
        raise AdapterRefused(f"{WEIGHTS} holds no tensor")
    for name, tensor in tensors:
        match = _TENSOR.match(name)
        if match is None or match[1] not in card.targets:
            raise AdapterRefused(f"{WEIGHTS} holds {name}, which is no LoRA matrix of {', '.join(card.targets)}")
        if len(tensor["shape"]) != 2:
            raise AdapterRefused(f"{name} has {len(tensor['shape'])} dimensions; a LoRA matrix has two")
        rank = tensor["shape"][0 if match[2] == "A" else 1]
        if rank != card.rank:
            raise AdapterRefused(f"{name} has rank {rank}, its card says {card.rank}")
        if tensor["dtype"] not in _INFINITE:
            raise AdapterRefused(f"{name} is {tensor['dtype']}; taken are {', '.join(_INFINITE)}")
        bits, exponent = _INFINITE[tensor["dtype"]]
        if np.any(np.bitwise_and(np.frombuffer(tensor["data"], bits), exponent) == exponent):
            raise AdapterRefused(f"{name} holds a number that is not finite")
