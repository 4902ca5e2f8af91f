"""LoRA adapters on one base in the worker: loaded when first asked for, chosen per row, the least used ones let go.

Imported by the worker process only (torch, peft). A loaded adapter lies in a slot, a named adapter of PEFT. PEFT takes
ever longer to make one, so the slot of an adapter that is let go is written over where the new one has the same config.
Its forward takes long too and is told of a switch layer by layer: a batch of one adapter, or of the base, does without.
"""

import json
import warnings
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import torch
from peft import LoraConfig, PeftModel
from peft.tuners.lora import Linear, LoraLayer
from safetensors.torch import load_file
from torch.nn.functional import linear

from shadowhound_memory.adapters.card import CONFIG, WEIGHTS
from shadowhound_memory.adapters.verify import AdapterRefused, verify

RESIDENT = 4
"""Adapters kept in memory; loading grows slower with each."""
BASE = "__base__"
_PREFIX = "base_model.model."
_SAYS_NOTHING = ("base_model_name_or_path", "peft_version", "revision", "auto_mapping", "inference_mode")
"""Settings of a config that change nothing about what is computed."""


_Added = dict[Any, tuple[torch.Tensor, torch.Tensor, float]]
"""What an adapter adds, by layer: its A and B and how they are scaled. Layers that it leaves alone are not in it."""


class AdapterFailed(Exception):
    """An adapter that cannot be loaded."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"the adapter {name} cannot be loaded: {reason}")
        self.name = name


@dataclass(frozen=True)
class _Slot:
    """An adapter of PEFT: its name there, what it was made from, and its matrices by their names in a file."""

    name: str
    config: dict[str, Any]
    matrices: dict[str, torch.Tensor]
    added: _Added | None
    """None: it adds more than A and B do, and PEFT has to compute it."""

    def fill(self, tensors: dict[str, torch.Tensor]) -> None:
        """Write an adapter's weights into it; what the file lacks adds nothing."""
        with torch.inference_mode():
            for name, matrix in self.matrices.items():
                matrix.copy_(tensors[name]) if name in tensors else matrix.zero_()


class Adapters:
    """The adapters of a model, by name."""

    def __init__(self, model: Any) -> None:
        self._model = model
        self._sizes = {name: size for name, module in model.named_modules() if (size := _size(module))}
        self._layers: set[Any] = set()
        self._peft: Any = None
        self._folders: dict[str, Path] = {}
        self._resident: OrderedDict[str, _Slot] = OrderedDict()
        self._numbers = count()
        self._added: _Added | None = {}
        self._rows: list[str] | None = None

    def know(self, folders: dict[str, Path]) -> None:
        """Where adapters lie that requests will name."""
        self._folders |= folders

    @contextmanager
    def active(self, names: Sequence[str | None]) -> Iterator[None]:
        """Within it the model's rows run with these adapters, one for each row (None: the base alone).

        Raises AdapterFailed for one that does not stand the check or does not fit the model.
        """
        for name in dict.fromkeys(names):
            if name is not None:
                try:
                    self._load(name, keep=set(names))
                except (AdapterRefused, RuntimeError, ValueError, TypeError, OSError) as error:
                    raise AdapterFailed(name, f"{type(error).__name__}: {error}".splitlines()[0]) from error
        slots = [self._resident[name] if name is not None else None for name in names]
        one = slots[0]
        if len(set(names)) > 1:
            self._added, self._rows = None, [slot.name if slot else BASE for slot in slots]
        elif one is not None:
            self._added = one.added
            if one.added is None:
                for layer in self._layers:
                    layer.set_adapter(one.name, inference_mode=True)
        try:
            yield
        finally:
            self._added, self._rows = {}, None

    def _load(self, name: str, keep: set[str | None]) -> None:
        if name in self._resident:
            self._resident.move_to_end(name)
            return
        folder = self._folders[name]
        verify(folder)
        tensors = load_file(folder / WEIGHTS)
        self._check_fit(tensors)
        config = _config(folder)
        slot = None
        for old in [each for each in self._resident if each not in keep][: max(0, len(self._resident) + 1 - RESIDENT)]:
            left = self._resident.pop(old)
            if slot is None and left.config == config:
                slot = left
            else:
                self._delete(left)
        slot = slot or self._make(folder, config)
        slot.fill(tensors)
        self._resident[name] = slot

    def _check_fit(self, tensors: dict[str, torch.Tensor]) -> None:
        """Raises AdapterRefused; PEFT finds out when half of the matrices are in the model, or leaves them aside."""
        for name, tensor in tensors.items():
            module, _, matrix = name.removeprefix(_PREFIX).removesuffix(".weight").rpartition(".")
            inputs, outputs = self._sizes.get(module, (0, 0))
            wanted = (tensor.shape[0], inputs) if matrix == "lora_A" else (outputs, tensor.shape[1])
            if tensor.shape != wanted:
                has = f"takes {inputs} and gives {outputs}" if inputs else "is not in this model"
                raise AdapterRefused(f"{name} is {'x'.join(map(str, tensor.shape))}, but {module} {has}")

    def _delete(self, slot: _Slot) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self._peft.delete_adapter(slot.name)

    def _make(self, folder: Path, config: dict[str, Any]) -> _Slot:
        known = f"adapter_{next(self._numbers)}"
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            made = LoraConfig.from_pretrained(str(folder), inference_mode=True)
            made.init_lora_weights = True  # adds nothing until it is filled
            if self._peft is None:
                self._peft = PeftModel(self._model, made, known)
            else:
                self._peft.add_adapter(known, made)
            self._peft.eval()
        layers: dict[str, Any] = {
            name: module for name, module in self._model.named_modules() if isinstance(module, LoraLayer)
        }
        for layer in set(layers.values()) - self._layers:
            layer.forward = self._forward(layer)
            self._layers.add(layer)
        matrices = {
            f"{_PREFIX}{name}.{matrix}.weight": getattr(layer, matrix)[known].weight
            for name, layer in layers.items()
            for matrix in ("lora_A", "lora_B")
            if known in layer.lora_A
        }
        return _Slot(known, config, matrices, _added(known, self._layers))

    def _forward(self, layer: Any) -> Callable[..., torch.Tensor]:
        """What the layer runs: PEFT's forward where it must, else the same computation, bit for bit."""
        peft, base, is_4bit = layer.forward, layer.base_layer, type(layer) is not Linear

        def forward(x: torch.Tensor, *args: Any, **kwargs: Any) -> Any:
            if self._added is None:
                return peft(x, *args, **kwargs, adapter_names=self._rows)
            result = base(x, *args, **kwargs)
            if (added := self._added.get(layer)) is None:
                return result
            a, b, scaling = added
            more = linear(linear(x.to(a.dtype), a), b).mul_(scaling)
            return result.add_(more.to(result.dtype) if is_4bit else more)  # where PEFT rounds

        return forward


def _added(slot: str, layers: Iterable[Any]) -> _Added | None:
    """What the adapter in a slot adds; None where a layer has more of it than A and B, such as DoRA's magnitudes."""
    added: _Added = {}
    for layer in layers:
        if slot not in layer.r:
            continue
        plain = type(layer) is Linear or type(layer).__name__ == "Linear4bit"
        if not plain or slot in layer.lora_variant or layer.lora_bias[slot]:
            return None
        added[layer] = (layer.lora_A[slot].weight, layer.lora_B[slot].weight, layer.scaling[slot])
    return added


def _size(module: torch.nn.Module) -> tuple[int, int] | None:
    """Numbers that a linear module takes and gives."""
    for inputs, outputs in (("in_features", "out_features"), ("nx", "nf")):
        if hasattr(module, inputs) and hasattr(module, outputs):
            return getattr(module, inputs), getattr(module, outputs)
    return None


def _config(folder: Path) -> dict[str, Any]:
    config = json.loads((folder / CONFIG).read_bytes())
    return {name: value for name, value in config.items() if name not in _SAYS_NOTHING} | {
        "target_modules": sorted(config["target_modules"])
    }
