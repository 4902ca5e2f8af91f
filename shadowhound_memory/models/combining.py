"""Several adapters of one base combined into a new one by PEFT's weighted merge.

Imported only where that is asked for (torch, peft).
"""

import shutil
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from peft import PeftModel
from transformers import AutoConfig, AutoModelForCausalLM

from shadowhound_memory.adapters.card import CONFIG, WEIGHTS
from shadowhound_memory.adapters.verify import AdapterRefused

SEED = 0
"""Of what `dare_linear` and `dare_ties` drop."""


def combine(
    base: Path, parents: Sequence[Path], weights: Sequence[float], method: str, density: float | None, out: Path
) -> None:
    """Write weights and config of the parents' weighted combination into a new folder.

    The base's own weights take no part: only its shape is made. Raises AdapterRefused when a parent does not fit it.
    """
    with torch.device("meta"):
        config = AutoConfig.from_pretrained(base)
        model: Any = AutoModelForCausalLM.from_config(config, dtype=torch.float32)  # type: ignore[no-untyped-call]
    model.to_empty(device="cpu")
    names = [f"parent_{number}" for number in range(len(parents))]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            peft: Any = PeftModel.from_pretrained(model, parents[0], adapter_name=names[0])
            for name, folder in zip(names[1:], parents[1:], strict=True):
                peft.load_adapter(folder, name)
            torch.manual_seed(SEED)
            peft.base_model.add_weighted_adapter(
                names, list(weights), "combined", combination_type=method, density=density
            )
            peft.save_pretrained(out, selected_adapters=["combined"], save_embedding_layers=False)
    except (RuntimeError, ValueError) as error:
        raise AdapterRefused(f"they cannot be combined: {str(error).splitlines()[0]}") from error
    for name in (WEIGHTS, CONFIG):
        (out / "combined" / name).rename(out / name)
    shutil.rmtree(out / "combined")
    (out / "README.md").unlink()
