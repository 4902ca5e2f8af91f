"""LoRA adapters on one base in the worker: loaded when first asked for, chosen per row, the least used ones let go.

Imported by the worker process only (torch, peft).
"""

import warnings
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

from peft import PeftModel

from shadowhound_memory.adapters.verify import AdapterRefused, verify

RESIDENT = 4
"""Adapters kept in memory; loading grows slower with each."""
BASE = "__base__"


class AdapterFailed(Exception):
    """An adapter that cannot be loaded."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"the adapter {name} cannot be loaded: {reason}")
        self.name = name


class Adapters:
    """The adapters of a model, by name."""

    def __init__(self, model: Any) -> None:
        self._model = model
        self._peft: Any = None
        self._folders: dict[str, Path] = {}
        self._resident: OrderedDict[str, str] = OrderedDict()
        self._numbers = count()
        self._active: str | None = None
        self._off = False

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
                except (AdapterRefused, RuntimeError, ValueError, OSError) as error:
                    raise AdapterFailed(name, f"{type(error).__name__}: {error}".splitlines()[0]) from error
        if len(set(names)) == 1:
            self._switch(names[0])
            yield
            return
        self._switch(next(name for name in names if name is not None))
        rows = [self._resident[name] if name is not None else BASE for name in names]
        with self._peft.base_model._enable_peft_forward_hooks(adapter_names=rows):
            yield

    def _switch(self, name: str | None) -> None:
        if self._peft is None:
            return
        if name is None and not self._off:
            self._peft.base_model.disable_adapter_layers()
            self._off = True
        if name is not None and self._off:
            self._peft.base_model.enable_adapter_layers()
            self._off = False
        if name is not None and name != self._active:
            self._peft.base_model.set_adapter(self._resident[name], inference_mode=True)
            self._active = name

    def _load(self, name: str, keep: set[str | None]) -> None:
        if name in self._resident:
            self._resident.move_to_end(name)
            return
        folder = self._folders[name]
        verify(folder)
        known = f"adapter_{next(self._numbers)}"
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if self._peft is None:
                self._peft = PeftModel.from_pretrained(self._model, folder, adapter_name=known)
                self._peft.eval()
            else:
                self._peft.load_adapter(folder, known)
        self._resident[name] = known
        self._active = None  # whatever loading made active
        for old in [each for each in self._resident if each not in keep][: max(0, len(self._resident) - RESIDENT)]:
            self._peft.delete_adapter(self._resident.pop(old))
