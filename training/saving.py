"""What a training leaves behind: checkpoints to go on from, the finished adapter, and why it could not be written."""

import errno
import hashlib
import json
import os
import re
import shutil
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file

from shadowhound_memory.adapters.card import CARD, CONFIG, WEIGHTS, AdapterCard
from shadowhound_memory.errors import ModelUnavailable

STATE = "trainer_state.json"
"""The file of a checkpoint that is written last."""
OUT_OF_MEMORY = "out of memory; lower `batch` or `max_tokens` in the config, or use --quantize nf4"
_OURS = re.compile(
    r"(tmp-)?checkpoint-\d+|runs|README\.md|training_args\.bin|trainer_state\.json|"
    + "|".join(map(re.escape, (CARD, f".{CARD}", WEIGHTS, CONFIG)))
)
"""What a training writes into its folder."""
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_NOT_WRITTEN = re.compile(rf"os error ({'|'.join(map(str, _NO_ROOM))})\)|inline_container|iostream error")


def refuse_folder(folder: Path, resume: bool) -> None:
    """Raise ValueError where a training would not begin in a folder of its own."""
    if (folder / CARD).exists():
        raise ValueError(f"{folder} holds a finished adapter; name another folder")
    held = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
    if others := [name for name in held if not _OURS.fullmatch(name)]:
        raise ValueError(f"{folder} holds {others[0]}, which is of no training; name a folder for the adapter alone")
    if not resume and (checkpoint := last_checkpoint(folder)):
        raise ValueError(
            f"{folder} holds {checkpoint.name} of another training; go on from it with --resume, or name another folder"
        )


def last_checkpoint(folder: Path) -> Path | None:
    """The newest checkpoint that was written to the end."""
    for checkpoint in sorted(folder.glob("checkpoint-*"), key=_step, reverse=True):
        try:
            json.loads((checkpoint / STATE).read_bytes())
        except (OSError, ValueError):
            continue
        return checkpoint
    return None


def how_to_go_on(folder: Path) -> str:
    """What is kept of a training that was stopped."""
    checkpoint = last_checkpoint(folder)
    if checkpoint is None:
        return "no checkpoint was written yet (there is one every `eval_steps` of the config), nothing is kept"
    return f"--resume goes on from step {_step(checkpoint)}"


def save_weights(model: Any, folder: Path, base: str) -> dict[str, str]:
    """Write weights (float16) and config. Returns the sha256 of each."""
    model.peft_config["default"].base_model_name_or_path = Path(base).name.removesuffix(".gguf")
    model.save_pretrained(folder, save_embedding_layers=False)
    weights = load_file(folder / WEIGHTS)
    save_file({name: tensor.to(torch.float16) for name, tensor in weights.items()}, folder / WEIGHTS)
    (folder / WEIGHTS).chmod(0o644)
    return {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in (WEIGHTS, CONFIG)}


def finish(card: AdapterCard, folder: Path) -> None:
    """Write the card, which makes the adapter one; what else the training wrote, as the checkpoints, goes before."""
    for path in folder.iterdir():
        if path.name in (WEIGHTS, CONFIG) or not _OURS.fullmatch(path.name):
            continue
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
    write_card(card, folder)


def write_card(card: AdapterCard, folder: Path) -> None:
    """Write the card of an adapter: the old one or the new one is there, whole, at any time."""
    written = folder / f".{CARD}"
    with written.open("w", encoding="utf-8") as file:
        file.write(card.model_dump_json(indent=2) + "\n")
        file.flush()
        os.fsync(file.fileno())
    written.replace(folder / CARD)


def explain(error: Exception, folder: Path) -> str | None:
    """Why a training into this folder ended, and what to do; None for what no user can help."""
    said = " ".join(str(error).split())[:300]
    if isinstance(error, (torch.OutOfMemoryError, MemoryError)) or "can't allocate memory" in said:
        return OUT_OF_MEMORY
    if (isinstance(error, OSError) and error.errno in _NO_ROOM) or _NOT_WRITTEN.search(said):
        return f"{folder} cannot be written ({said}); make room there; {how_to_go_on(folder)}"
    return said if isinstance(error, (ModelUnavailable, ValueError, OSError, SafetensorError)) else None


def _step(checkpoint: Path) -> int:
    number = checkpoint.name.removeprefix("checkpoint-")
    return int(number) if number.isdigit() else -1
