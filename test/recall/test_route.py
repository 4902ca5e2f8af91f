"""Whether a model is asked for an answer, and what is said about it."""

import pytest
from building import NOW, Building

from shadowhound_memory.embedding import Embedder
from shadowhound_memory.errors import ModelUnavailable
from shadowhound_memory.metrics import Metrics
from shadowhound_memory.models.base import Capabilities, Completion, Priority, Request
from shadowhound_memory.question import Answer, Question
from shadowhound_memory.recall.pipeline import Recall
from shadowhound_memory.settings import Settings
from shadowhound_memory.store.vectors import VectorTable


class Silent:
    """A model that is ready and says nothing when asked."""

    name = "silent"
    state = "ready"

    def __init__(self, constrained: bool) -> None:
        self.capabilities = Capabilities(constrained=constrained)

    def adapter_for(self, task: str) -> tuple[str | None, str]:
        return None, "there is none"

    def complete(self, requests: list[Request], priority: Priority, timeout: float) -> list[Completion]:
        raise ModelUnavailable("asked in vain")

    def close(self) -> None:
        pass


def answer(
    building: Building, embedder: Embedder, text: str, constrained: bool, settings: Settings | None = None
) -> Answer:
    vectors, model = VectorTable(building.store), Silent(constrained)
    recall = Recall(settings or Settings(), building.store, vectors, None, embedder, model, Metrics())
    question = Question(text=text, asked_at=NOW)
    return recall.answer(question, now=NOW, deadline=10.0, on_stage=lambda stage: None, cancelled=lambda: False)


@pytest.mark.parametrize(
    ("question", "constrained", "reason"),
    [
        ("When did you last see the red mug?", True, "one wording is supported; nothing to choose"),
        ("When did you last see the red mug?", False, "asked in vain"),
        ("How many times did you knock at the archive?", True, "asked in vain"),
        ("Where is the tractor?", True, None),
    ],
)
def test_a_model_is_asked_only_when_it_has_a_choice(
    building: Building, embedder: Embedder, question: str, constrained: bool, reason: str | None
) -> None:
    answered = answer(building, embedder, question, constrained)
    assert (answered.route, answered.fallback_reason) == ("rules", reason)


def test_an_adapter_that_is_missing_is_told_where_only_code_answers(building: Building, embedder: Embedder) -> None:
    asked = "When did you last see the red mug?"
    answered = answer(building, embedder, asked, True, Settings(adapter_mode="recall"))
    reason = "adapter_mode recall asks for a recall adapter: there is none"
    assert (answered.route, answered.fallback_reason) == ("rules", reason)
