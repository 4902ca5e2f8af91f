"""Answers from the memories that an adapter chose. The model is a fake that replies as told: what a real one chooses is
measured, not tested."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from shadowhound_memory.models.base import Capabilities, Completion, Priority, Request, Task
from shadowhound_memory.question import Answer
from shadowhound_memory.settings import Settings
from training.recall_sets import Asker, Bank, Doc

NOW = 1_772_700_000.0
DOCS = [
    Doc(NOW - 7200, "object_seen", "A grey suitcase stands beside the concierge desk", "hotel", (1.0, 2.0)),
    Doc(NOW - 6000, "object_moved", "Porter took the grey suitcase up to the luggage room", "hotel", (9.0, 4.0)),
    Doc(NOW - 5000, "state_changed", "The pool is closed for cleaning", "hotel", (3.0, 3.0)),
    Doc(NOW - 1400, "state_changed", "The pool is open again", "hotel", (3.0, 3.0)),
    Doc(NOW - 1000, "person_seen", "14 guests at breakfast", "hotel", (5.0, 5.0)),
    Doc(NOW - 950, "task_succeeded", "I swept the lobby in 20 minutes", "hotel", (6.0, 6.0)),
    Doc(NOW - 900, "object_missing", "The umbrella stand is gone from the lobby", "hotel", (6.0, 6.0)),
]


class Chooser:
    """A fake model with a recall adapter; it says of the memories that begin so what they answer, surer of the first
    named."""

    name = "fake"
    state = "ready"
    capabilities = Capabilities(constrained=True, dynamic=True)

    def __init__(self) -> None:
        self.reply = ""
        self.none = 0.99
        self.said: list[tuple[str, str]] = []
        self.asked: list[Request] = []

    def chooses(self, value: str, *beginnings: str) -> None:
        self.said = [(beginning, value) for beginning in beginnings]

    def adapter_for(self, task: Task) -> tuple[str | None, str]:
        return "recall/fleet/1", "told"

    def complete(self, requests: list[Request], priority: Priority, timeout: float) -> list[Completion]:
        self.asked += requests
        return [self._judge(request.messages[-1]["content"].partition("\n")[2]) for request in requests]

    def _judge(self, memory: str) -> Completion:
        for rank, (beginning, value) in enumerate(self.said):
            if memory.startswith(beginning):
                return Completion(self.reply or json.dumps(value), True, 1, 1, 0.0, 0.9 - 0.1 * rank)
        return Completion(self.reply or '"none"', True, 1, 1, 0.0, self.none)

    def close(self) -> None:
        pass


@pytest.fixture
def model() -> Chooser:
    return Chooser()


@pytest.fixture
def bank(model: Chooser, tmp_path: Path) -> Iterator[Bank]:
    settings = Settings(data_dir=str(tmp_path), model="fake", adapter_mode="recall")
    with Asker(settings, model).store(DOCS) as made:
        yield made


def cited(answer: Answer) -> list[str]:
    return [citation.memory.text for citation in answer.citations]


def test_the_adapter_is_not_shown_a_time_that_memories_are_filtered_by(bank: Bank, model: Chooser) -> None:
    bank.ask("where was the grey suitcase this morning?", NOW)
    assert {one.messages[-1]["content"].partition("\n")[0] for one in model.asked} == {"where was the grey suitcase?"}


def test_where_code_and_adapter_agree_the_answer_is_code_s_and_fit_to_drive_to(bank: Bank, model: Chooser) -> None:
    model.chooses("place", "Porter took")
    answer = bank.ask("where is the grey suitcase?", NOW)
    assert cited(answer)[0].startswith("Porter took")
    assert answer.best_pose and (answer.best_pose.x, answer.best_pose.y) == (9.0, 4.0)
    assert answer.route == "local/fake/recall/fleet/1/adapter" and answer.fallback_reason is None


def test_another_choice_is_answered_but_never_driven_to(bank: Bank, model: Chooser) -> None:
    model.chooses("place", "A grey suitcase")
    answer = bank.ask("where is the grey suitcase?", NOW)
    assert cited(answer) == ["A grey suitcase stands beside the concierge desk"]
    assert answer.place and answer.place.x == 1.0
    assert answer.best_pose is None and "adapter" in answer.best_pose_refused


def test_what_the_adapter_finds_unanswered_is_not_answered(bank: Bank, model: Chooser) -> None:
    model.chooses("none")
    answer = bank.ask("where is the grey suitcase?", NOW)
    assert answer.abstained and not answer.citations and answer.best_pose is None


def test_a_gone_thing_has_no_place(bank: Bank, model: Chooser) -> None:
    model.chooses("place", "The umbrella stand")
    answer = bank.ask("where did they put the brollies?", NOW)
    assert cited(answer) == ["The umbrella stand is gone from the lobby"]
    assert answer.place is None and answer.best_pose is None


def test_values_are_computed_from_what_was_chosen(bank: Bank, model: Chooser) -> None:
    model.chooses("duration", "The pool is closed", "The pool is open")
    answer = bank.ask("for what length of time could nobody swim?", NOW)
    assert answer.duration == 3600.0 and "1 hour" in answer.answer and answer.kind == "duration"
    model.chooses("duration", "The pool is closed", "14 guests", "The pool is open")
    answer = bank.ask("for what length of time could nobody swim?", NOW)
    assert answer.duration == 3600.0, "the two surest of one thing"
    model.chooses("duration", "The pool is open")
    assert bank.ask("how long has it been possible to swim?", NOW).duration == 1400.0
    model.chooses("count", "14 guests")
    assert bank.ask("how many guests were at breakfast?", NOW).count == 14
    assert "14 guests" in bank.ask("attendance at breakfast, in figures", NOW).answer
    model.chooses("count", "The pool is closed", "The pool is open")
    assert bank.ask("how often did something happen at the pool?", NOW).count == 2
    model.chooses("no", "The pool is open")
    answer = bank.ask("is swimming forbidden?", NOW)
    assert answer.yes is False and answer.answer.startswith("No: The pool is open again")
    model.chooses("time", "The pool is open")
    assert bank.ask("since what hour can one swim?", NOW).time == NOW - 1400


@pytest.mark.parametrize(
    ("question", "chosen"),
    [
        ("for what length of time could nobody swim?", ["14 guests"]),
        ("for what length of time could nobody swim?", ["The pool is open", "14 guests"]),
        ("how long was pool 2 unusable?", ["The pool is closed", "The pool is open"]),
        ("for how long could the Dutch guests not swim?", ["The pool is closed", "The pool is open"]),
        ("how long did the swimming lesson go on?", ["I swept"]),
    ],
)
def test_no_length_is_made_of_what_does_not_go_together(
    question: str, chosen: list[str], bank: Bank, model: Chooser
) -> None:
    model.chooses("duration", *chosen)
    answer = bank.ask(question, NOW)
    assert answer.abstained and answer.duration is None


@pytest.mark.parametrize("reply", ["no json", '"perhaps"', '{"answer":"place"}', "[]"])
def test_a_reply_in_another_form_leaves_the_rules_answer(reply: str, bank: Bank, model: Chooser) -> None:
    model.reply = reply
    answer = bank.ask("where is the grey suitcase?", NOW)
    assert cited(answer)[0].startswith("Porter took") and answer.best_pose
    assert answer.route == "rules" and answer.fallback_reason


def test_what_stands_on_more_than_is_shown_is_left_to_code(bank: Bank, model: Chooser) -> None:
    model.chooses("none")
    answer = bank.ask("what did you see?", NOW)
    assert not answer.abstained and answer.route == "rules" and not model.asked


def test_what_code_found_stands_unless_the_adapter_is_sure_that_it_answers_nothing(bank: Bank, model: Chooser) -> None:
    model.chooses("place", "A grey suitcase")
    model.none = 0.6
    answer = bank.ask("where is the grey suitcase?", NOW)
    assert cited(answer)[0].startswith("Porter took") and answer.best_pose
    assert answer.route == "local/fake/recall/fleet/1/adapter" and answer.fallback_reason is None


def test_the_surest_reply_gives_the_kind_and_the_latest_memory_the_yes(bank: Bank, model: Chooser) -> None:
    model.said = [("The pool is closed", "no"), ("The pool is open", "yes"), ("14 guests", "text")]
    answer = bank.ask("could I go for a swim?", NOW)
    assert answer.yes and cited(answer) == ["The pool is open again"]
