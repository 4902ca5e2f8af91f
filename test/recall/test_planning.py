"""Planning against a real store: as of an asking time, as of the end of a day, places by name, a model that guesses."""

import json
from collections.abc import Callable

import pytest
from building import HOUR, NOW, START, Building

from shadowhound_memory.embedding import Embedder
from shadowhound_memory.errors import ModelUnavailable
from shadowhound_memory.manager import MemoryManager
from shadowhound_memory.metrics import Metrics
from shadowhound_memory.models.base import Capabilities, Completion, LanguageModel, Priority, Request
from shadowhound_memory.prompts import KIND_SYSTEM
from shadowhound_memory.question import Answer, Filter, Question
from shadowhound_memory.recall.pipeline import Recall
from shadowhound_memory.record import Memory, Observation, Pose
from shadowhound_memory.settings import Settings
from shadowhound_memory.store.vectors import VectorTable


class Guessing:
    """A model that is ready, guesses kinds by a function, and drafts no answers."""

    name = "guessing"
    state = "ready"
    capabilities = Capabilities(constrained=True)

    def __init__(self, guess: Callable[[str], str]) -> None:
        self._guess = guess
        self.asked: list[str] = []

    def complete(self, requests: list[Request], priority: Priority, timeout: float) -> list[Completion]:
        [request] = requests
        if request.messages[0]["content"] != KIND_SYSTEM:
            raise ModelUnavailable("drafts nothing")
        self.asked.append(request.messages[-1]["content"])
        return [Completion(self._guess(self.asked[-1]), True, 1, 1, 0.1)]

    def close(self) -> None:
        pass


def recall(
    building: Building, embedder: Embedder, question: Question, model: LanguageModel | None = None
) -> tuple[Answer, dict[str, object]]:
    """The answer and its trace."""
    settings = Settings() if model else Settings(model="none")
    recalled = Recall(settings, building.store, VectorTable(building.store), None, embedder, model, Metrics())
    now = NOW if question.asked_at is None else question.asked_at
    answer = recalled.answer(question, now=now, deadline=10.0, on_stage=lambda _: None, cancelled=lambda: False)
    trace = building.store.trace(answer.trace_id)
    assert trace is not None
    return answer, trace


def place(answer: Answer) -> tuple[float, float] | None:
    return answer.place and (answer.place.x, answer.place.y)


@pytest.mark.parametrize(
    ("asked_at", "where"),
    [(None, (10.0, 1.0)), (NOW, (10.0, 1.0)), (START + 12 * HOUR, (1.0, 2.0)), (START - HOUR, None)],
)
def test_what_is_later_than_the_asking_time_does_not_count(
    building: Building, embedder: Embedder, asked_at: float | None, where: tuple[float, float] | None
) -> None:
    answer, _ = recall(building, embedder, Question(text="Where is the red mug?", asked_at=asked_at))
    assert place(answer) == where and answer.abstained == (where is None)


def test_a_filter_after_the_asking_time_finds_nothing(building: Building, embedder: Embedder) -> None:
    later = Filter(since=START + 20 * HOUR, until=START + 30 * HOUR)
    asked = Question(text="Where is the red mug?", asked_at=START + HOUR, filter=later)
    assert recall(building, embedder, asked)[0].abstained


@pytest.mark.parametrize(
    ("question", "where"),
    [
        ("Where was the red mug on Tuesday?", (10.0, 1.0)),
        ("Where was the red mug on Monday?", (1.0, 2.0)),
        ("Where was the red mug on Wednesday?", (10.0, 1.0)),
        ("Where was the red mug on Sunday?", None),
        ("Where did you see the red mug on Wednesday?", None),
    ],
)
def test_where_a_thing_was_on_a_day_is_where_it_was_seen_up_to_then(
    building: Building, embedder: Embedder, question: str, where: tuple[float, float] | None
) -> None:
    building.tell("The corridor is swept.", 46, (3.0, 3.0), "tour-3")
    answer, trace = recall(building, embedder, Question(text=question, asked_at=NOW + 4 * HOUR))
    assert place(answer) == where
    decided = str(trace["plan"])
    assert ("the latest up to" in decided) == (where is not None and "Wednesday" in question)


def tagged(building: Building, text: str, hours: float, at: tuple[float, float], tag: str) -> Memory:
    memory = building.tell(text, hours, at)
    building.store.correct(
        memory.id, memory.model_copy(update={"id": f"{memory.id}-tagged", "tags": (tag,)}), f"{memory.id}-tagged"
    )
    return memory


def test_a_place_by_name_is_where_its_tag_was_last_seen(building: Building, embedder: Embedder) -> None:
    tagged(building, "Back at the charging dock.", 31, (0.5, 0.5), "area:charging_dock")
    answer, trace = recall(building, embedder, Question(text="What did you see within 1 m of the charging dock?"))
    assert "within 1.0 m of (0.5, 0.5)" in str(trace["plan"])
    assert answer.candidates and all(found.memory.pose == Pose(x=0.5, y=0.5) for found in answer.candidates)


def test_a_name_that_stands_for_several_places_is_searched_for(building: Building, embedder: Embedder) -> None:
    tagged(building, "A bin by the door.", 31, (0.5, 0.5), "object:bin")
    tagged(building, "A bin by the stairs.", 32, (20.0, 0.5), "object:bin")
    _, trace = recall(building, embedder, Question(text="What did you see within 1 m of the bin?"))
    assert "no one place is known by that name" in str(trace["plan"])


def test_a_model_names_the_kind_where_no_word_does(building: Building, embedder: Embedder) -> None:
    model = Guessing(lambda said: json.dumps({"question": "Where"}))
    answer, trace = recall(building, embedder, Question(text="red mug, spot please"), model)
    assert answer.kind == "place" and model.asked == ["red mug, spot please"]
    assert "kind place: chosen by the model" in str(trace["plan"])


@pytest.mark.parametrize("reply", ["", "Where", "{}", "[1]", '{"question": "Ou est"}', '{"question": 3}'])
def test_a_model_that_says_nothing_useful_leaves_it_to_the_rules(
    building: Building, embedder: Embedder, reply: str
) -> None:
    answer, trace = recall(building, embedder, Question(text="red mug, spot please"), Guessing(lambda said: reply))
    assert answer.kind == "text" and "no word asks for another" in str(trace["plan"])


def test_a_model_is_not_asked_where_words_decide(building: Building, embedder: Embedder) -> None:
    model = Guessing(lambda said: json.dumps({"question": "Where"}))
    recall(building, embedder, Question(text="Who came on Friday?"), model)
    assert not model.asked


@pytest.mark.parametrize(
    "text",
    [
        "the of and",
        "Où est la tasse rouge ?",
        "红色的杯子在哪里",
        '"mug" AND NEAR/2 (text:* OR -)',
        "mug' ; DROP TABLE memory; --",
        "Where is the mug at (99999999999, 1)?",
        "What happened on February 30?",
        "a" * 4000,
        "word " * 800,
    ],
)
def test_odd_questions_get_an_answer(building: Building, embedder: Embedder, text: str) -> None:
    assert recall(building, embedder, Question(text=text))[0].answer


def test_an_empty_store_has_no_memory_of_anything(empty: Building, embedder: Embedder) -> None:
    for text in ("Where is the mug?", "What happened since the last patrol?", "How many?", "nearest exit", "here?"):
        assert recall(empty, embedder, Question(text=text, asked_at=NOW, pose=Pose(x=0.0, y=0.0)))[0].abstained


def test_a_form_of_a_verb_that_no_memory_holds_is_searched_for_in_one_that_a_memory_holds(
    memory: MemoryManager,
) -> None:
    memory.write(Observation(text="A nurse sits at the desk.", pose=Pose(x=1.0, y=2.0)), wait=60)
    for asked, known in (("Who sat at the desk?", True), ("Who sang at the desk?", False)):
        answer = memory.recall(Question(text=asked))
        assert answer.abstained is not known
        decided = memory.trace(answer.trace_id)["plan"]["decided"]
        assert ("'sat' is searched for as 'sit': no memory holds it" in decided) is known
