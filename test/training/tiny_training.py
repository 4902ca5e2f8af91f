"""Models and recipes small enough to train in a test."""

import re
from pathlib import Path

import torch
import transformers

from shadowhound_memory.models.files import find_language_model, ready_path
from shadowhound_memory.settings import Settings
from training.train import CONFIGS

SIZES = {
    "hidden_size": 32,
    "intermediate_size": 64,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "max_position_embeddings": 2048,
}


def tiny_model(folder: Path, architecture: str) -> Path:
    """A random model of this architecture with the default model's tokenizer."""
    tokenizer = transformers.AutoTokenizer.from_pretrained(ready_path(find_language_model(Settings())))
    more = {"head_dim": 8} if architecture == "Qwen3" else {}
    config = getattr(transformers, f"{architecture}Config")(vocab_size=len(tokenizer), **SIZES, **more)
    config.eos_token_id, config.bos_token_id, config.pad_token_id = tokenizer.eos_token_id, None, None
    torch.manual_seed(0)
    getattr(transformers, f"{architecture}ForCausalLM")(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def recipe(folder: Path, **changes: int) -> Path:
    """The default recipe with these values, four pairs a step and a checkpoint after each."""
    text = (CONFIGS / "smollm2-135m.yaml").read_text()
    for name, value in ({"batch": 4, "effective_batch": 4, "eval_steps": 1, "patience": 1000} | changes).items():
        text = re.sub(rf"^{name}: \S+", f"{name}: {value}", text, flags=re.MULTILINE)
    path = folder / "recipe.yaml"
    path.write_text(text)
    return path
