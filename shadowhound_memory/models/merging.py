"""An adapter merged into its base: a model directory of its own, shown to say what the base with the adapter says.

Imported only where that is asked for (torch, peft).
"""

import math
import shutil
import tempfile
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from peft import PeftModel
from safetensors import SafetensorError
from transformers import AutoModelForCausalLM, AutoTokenizer, DynamicCache
from transformers.utils import logging as transformers_logging

from shadowhound_memory.adapters.card import CARD, WEIGHTS, AdapterCard
from shadowhound_memory.adapters.verify import AdapterRefused, read_card, verify
from shadowhound_memory.errors import Code, ShadowhoundError
from shadowhound_memory.models.base import Task
from shadowhound_memory.models.decoding import prompt_tokens
from shadowhound_memory.models.files import base_sha256, find_language_model, ready_path
from shadowhound_memory.prompts import (
    SKILLS_EXAMPLE,
    plan_adapter_messages,
    recall_adapter_messages,
    skills_adapter_messages,
    template_hash,
    writing_adapter_messages,
)
from shadowhound_memory.record import Draft
from shadowhound_memory.settings import Settings

PROBES = (
    "Red mug on the kitchen table.",
    "Battery at 18 percent near the lift.",
    "Door 204 is closed.",
    "Nobody in the meeting room.",
    "The forklift is blocking aisle 7.",
    "Anna said the delivery comes at noon.",
    "Water on the floor beside the pump.",
    "Docking at station 3 failed twice.",
    "The stepladder is no longer at gate 4.",
    "Entered the server room.",
    "Two parcels on the front desk.",
    "The lamp in corridor B is off now.",
    "A man in a yellow vest by the loading bay.",
    "Started the evening patrol.",
    "The gripper dropped a blue crate.",
    "Fire extinguisher beside the stairs.",
    "Window 12 in the lab stands open.",
    "Finished cleaning the canteen.",
    "The toolbox was moved from the bench to the shelf.",
    "Someone asked where the first aid kit is.",
)
REPLY_TOKENS = 24
TIED = 8
"""Two logits are tied when they lie within so many units of the last place of the model's numbers."""


def merge(adapter: Path, settings: Settings, out: Path | None = None) -> dict[str, Any]:
    """Write the model of the settings with an adapter in its weights, and the adapter's card beside them.

    `out` None: `<model>-<task>-<scope>-<version>` in the working directory. Returns `folder`, `probes`, the `tokens`
    compared and how many of them were `tied`. What cannot be finished leaves nothing behind.

    Raises AdapterRefused for an adapter that does not stand the check, fits another base, or says other things when it
    is merged, and for a folder that exists; ModelUnavailable without the base; ShadowhoundError STORE_FAILED when the
    folder cannot be written.
    """
    found = find_language_model(settings)
    base = ready_path(found)
    task = read_card(adapter).task
    card = verify(adapter, base_sha256=base_sha256(found), template_sha256=template_hash(task))
    out = out or Path(_name(adapter, card))
    if out.exists():
        raise AdapterRefused(f"{out} exists; name another folder with --out, or remove it")
    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    transformers_logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    tokenizer: Any = AutoTokenizer.from_pretrained(base)
    prompts = [prompt_tokens(tokenizer, messages) for messages in probes(task)]
    model: Any = AutoModelForCausalLM.from_pretrained(base, dtype="auto")
    model.eval()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            dynamic: Any = PeftModel.from_pretrained(model, adapter).eval()
    except (RuntimeError, ValueError) as error:
        raise AdapterRefused(f"it does not fit {found.what}: {str(error).splitlines()[0]}") from error
    replies = [_reply(dynamic, prompt, tokenizer.eos_token_id) for prompt in prompts]
    merged = dynamic.merge_and_unload()
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=out.parent, prefix=".merging-") as temporary:
            made = Path(temporary) / out.name
            merged.save_pretrained(made)
            tokenizer.save_pretrained(made)
            shutil.copy(adapter / CARD, made)
            del model, dynamic, merged
            _prove(made, prompts, replies, tokenizer)
            made.rename(out)
    except (OSError, SafetensorError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ShadowhoundError(
            Code.STORE_FAILED, f"{out} cannot be written: {reason}; free some space or name another folder with --out"
        ) from error
    return {
        "folder": str(out),
        "probes": len(prompts),
        "tokens": sum(len(tokens) for tokens, _ in replies),
        "tied": sum(sum(tied) for _, tied in replies),
    }


def probes(task: Task) -> list[list[dict[str, str]]]:
    """Twenty prompts of a task's adapters."""
    if task == "writing":
        return [writing_adapter_messages(text, Draft(event="note", text=text, tags=())) for text in PROBES]
    if task == "recall":
        half = len(PROBES) // 2
        asked = [f"When did you see this: {text.rstrip('.')}?" for text in PROBES]
        return [plan_adapter_messages(question) for question in asked[:half]] + [
            recall_adapter_messages(question, text) for question, text in zip(asked[half:], PROBES, strict=False)
        ]
    tool, _, _ = SKILLS_EXAMPLE
    return [skills_adapter_messages(text, tool) for text in PROBES]


def _name(adapter: Path, card: AdapterCard) -> str:
    """`<model>-<task>-<scope>-<version>`; outside a registry the start of the weights' hash stands for the version."""
    registered = adapter.resolve().parts[-3:-1] == (card.task, card.scope)
    version = adapter.resolve().name if registered else card.files[WEIGHTS][:8]
    return f"{card.base_model.rpartition('/')[2]}-{card.task}-{card.scope}-{version}"


@torch.inference_mode()
def _reply(model: Any, prompt: Sequence[int], end: int) -> tuple[list[int], list[bool]]:
    """The tokens that a model replies greedily, and for each whether it was tied with another."""
    cache = DynamicCache(config=model.config)
    tokens: list[int] = []
    tied: list[bool] = []
    fed = list(prompt)
    while len(tokens) < REPLY_TOKENS and end not in tokens:
        logits = model(input_ids=torch.tensor([fed]), past_key_values=cache, use_cache=True).logits[0, -1].float()
        (first, second), (token, _) = (each.tolist() for each in logits.topk(2))
        if not math.isfinite(first):
            raise AdapterRefused(f"with it the model's logits are {first}")
        fed = [token]
        tokens.append(token)
        tied.append(first - second <= TIED * torch.finfo(model.dtype).eps * abs(first))
    return tokens, tied


@torch.inference_mode()
def _prove(
    folder: Path, prompts: Sequence[list[int]], replies: Sequence[tuple[list[int], list[bool]]], tokenizer: Any
) -> None:
    """Raise AdapterRefused when the model in the folder would choose another token, where none is tied."""
    model: Any = AutoModelForCausalLM.from_pretrained(folder, dtype="auto")
    model.eval()
    for number, (prompt, (tokens, tied)) in enumerate(zip(prompts, replies, strict=True), 1):
        logits = model(input_ids=torch.tensor([prompt + tokens[:-1]])).logits[0, len(prompt) - 1 :]
        for chosen, token, free in zip(logits.argmax(-1).tolist(), tokens, tied, strict=True):
            if chosen != token and not free:
                merged, dynamic = (tokenizer.decode([each]) for each in (chosen, token))
                raise AdapterRefused(
                    f"merged it says {merged!r} where base and adapter say {dynamic!r} (probe {number} of "
                    f"{len(prompts)}); nothing was written, let it be served dynamically"
                )
