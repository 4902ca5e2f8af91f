"""What every language model behind this package can do, and how it is asked."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Literal, Protocol

from shadowhound_memory.settings import Backend

Task = Literal["writing", "recall", "skills"]
PROMPT_TOKENS: dict[Task, int] = {"writing": 3072, "recall": 2048, "skills": 2048}
"""Most tokens of a task's prompt: about 2 ms each on a CPU."""


class Priority(IntEnum):
    """Recall is served before write-behind."""

    RECALL = 0
    WRITING = 1


@dataclass(frozen=True)
class Request:
    """One completion. `schema` is the JSON Schema of the reply; `grammar` (llguidance Lark) narrows it further where
    the model decodes under constraints, and is ignored where it cannot."""

    task: Task
    messages: list[dict[str, str]]
    schema: dict[str, Any]
    grammar: str | None = None
    max_tokens: int = 160
    adapter: str | None = None


@dataclass(frozen=True)
class Completion:
    """A reply: its text, how it ended, and what it cost."""

    text: str
    finished: bool
    prompt_tokens: int
    completion_tokens: int
    seconds: float
    probability: float | None = None
    """Of the choices that the grammar left: their probabilities multiplied; None where the model does not tell."""


@dataclass(frozen=True)
class Capabilities:
    """What a model can be asked to do."""

    constrained: bool = False
    """Replies are decoded under a schema or grammar."""
    dynamic: bool = False
    """LoRA adapters are chosen per request on one base."""
    merged: bool = False
    """A model directory with an adapter in its weights is known as one, and asked with the adapter's prompt."""
    embeddings: bool = False
    """Memories get vectors; they are made on this machine."""


CAPABILITIES: dict[Backend, Capabilities] = {
    "local": Capabilities(constrained=True, dynamic=True, merged=True, embeddings=True),
    "openai": Capabilities(embeddings=True),
    "skip": Capabilities(),
}
MERGED = "merged"
"""What stands for the name of an adapter that is in the model's weights."""


class LanguageModel(Protocol):
    """A model that completes prompts. Every call may come from any thread."""

    name: str
    capabilities: Capabilities

    @property
    def state(self) -> str:
        """`loading`, `ready`, or why it cannot answer."""
        ...

    def adapter_for(self, task: Task) -> tuple[str | None, str]:
        """The name of the adapter that serves a task (MERGED: it is in the weights), or None; and why."""
        ...

    def complete(self, requests: list[Request], priority: Priority, timeout: float) -> list[Completion]:
        """Complete a batch. Raises ModelUnavailable with the reason (loading, died, timed out), RequestRefused for
        a grammar or prompt that it does not take."""
        ...

    def close(self) -> None:
        """Stop it and free what it holds."""
        ...
