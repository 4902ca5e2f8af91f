"""Models small enough to train and merge in a test."""

from pathlib import Path
from typing import Any

import torch
import transformers

from shadowhound_memory.models.files import find_language_model, ready_path
from shadowhound_memory.settings import Settings

SIZES = {
    "hidden_size": 32,
    "intermediate_size": 64,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "max_position_embeddings": 2048,
}


def tiny_model(folder: Path, architecture: str = "Llama", **to: Any) -> Path:
    """A random model of this architecture with the default model's tokenizer; `to`: where it goes, such as `dtype`."""
    tokenizer = transformers.AutoTokenizer.from_pretrained(ready_path(find_language_model(Settings())))
    more = {"head_dim": 8} if architecture == "Qwen3" else {}
    config = getattr(transformers, f"{architecture}Config")(vocab_size=len(tokenizer), **SIZES, **more)
    config.eos_token_id, config.bos_token_id, config.pad_token_id = tokenizer.eos_token_id, None, None
    torch.manual_seed(0)
    getattr(transformers, f"{architecture}ForCausalLM")(config).to(**to).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder
