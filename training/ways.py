"""The ways of doing a task that are measured side by side, and how a decoder is asked in each."""

from collections.abc import Sequence
from typing import NamedTuple

from shadowhound_memory.models.base import Completion, Request
from shadowhound_memory.models.decoding import Decoder

FREE = r"start: /(.|\n)*/"
"""A grammar that allows everything."""
ADAPTER = "adapter"
"""The name under which a decoder knows the adapter that is measured."""


class Way(NamedTuple):
    """With an adapter that a decoder knows by this name or (None) without one, under its prompt or the strict one."""

    name: str
    adapter: str | None
    adapter_prompt: bool


ADAPTED = Way("adapter", ADAPTER, True)
WAYS = (Way("base, strict prompt", None, False), ADAPTED)
CROSSED = (Way("base, adapter prompt", None, True), Way("adapter, strict prompt", ADAPTER, False))
"""So that adapter and prompt are not confounded."""


def complete(decoder: Decoder, requests: Sequence[Request]) -> list[Completion]:
    """Complete a batch at once."""
    steps = decoder.steps(requests)
    try:
        while True:
            next(steps)
    except StopIteration as finished:
        return list(finished.value)
