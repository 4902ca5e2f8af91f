"""What every language model behind this package can do, and how it is asked."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Literal, Protocol

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


@dataclass(frozen=True)
class Capabilities:
    """What a model can be asked to do."""

    constrained: bool
    adapters: bool = False
    """Whether LoRA adapters are served dynamically: chosen per request on one base."""


class LanguageModel(Protocol):
    """A model that completes prompts. Every call may come from any thread."""

    name: str
    capabilities: Capabilities

    @property
    def state(self) -> str:
        """`loading`, `ready`, or why it cannot answer."""
        ...

    def adapter_for(self, task: Task) -> tuple[str | None, str]:
        """The name of the adapter that serves a task, or None; and why."""
        ...

    def complete(self, requests: list[Request], priority: Priority, timeout: float) -> list[Completion]:
        """Complete a batch. Raises ModelUnavailable with the reason (loading, died, timed out), RequestRefused for
        a grammar or prompt that it does not take."""
        ...

    def close(self) -> None:
        """Stop it and free what it holds."""
        ...
