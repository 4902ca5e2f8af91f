"""The check of a drafted answer: the memories' own words pass, anything put in does not."""

import pytest
from building import Building
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shadowhound_memory.recall.check import unsupported
from shadowhound_memory.recall.wording import pieces

QUESTIONS = [
    "Where is the red mug?",
    "Where is the ladder?",
    "Where is the blue cushion?",
    "When did you last see the red mug?",
    "How long ago did you see the red mug in the sink?",
    "How many times did you knock at the archive?",
    "How many chairs are in the meeting room?",
    "Is the window of the lab open?",
    "Was the window of the lab open on Monday?",
    "Did Anna mention the delivery?",
    "What did Anna say about the delivery?",
    "How much battery do you have left?",
    "What happened yesterday?",
    "Where was the red mug before?",
    "Is the red mug still in the office?",
    "How long was the window of the lab open?",
    "How long has the ladder been gone?",
    "Is the battery higher than on Monday?",
    "Whom did you see?",
    "What has changed since Monday?",
]


def problems(building: Building, question: str, text: str) -> list[str]:
    plan, computed, _ = building.ask(question)
    memories = [citation.memory for citation in computed.citations]
    return unsupported(text, memories, plan, computed, building.settings.zone)


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_extractive_answer_passes(building: Building, question: str) -> None:
    _, _, text = building.ask(question)
    assert problems(building, question, text) == []


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_wording_that_a_model_may_choose_passes(building: Building, question: str) -> None:
    plan, computed, text = building.ask(question)
    wordings = pieces(plan, computed, building.settings.zone)
    assert "".join(piece[0] for piece in wordings) == text
    shortest = "".join(piece[-1] for piece in wordings)
    assert problems(building, question, shortest) == []


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("How long was the window of the lab open?", "The window of the lab was open for 3 days [1][2]."),
        ("How long was the window of the lab open?", "The window of the lab was open [1] and is closed [2]."),
        ("Where is the red mug?", "The red mug is in the kitchen sink."),
        ("Where is the red mug?", "The red mug is in the kitchen sink [7]."),
        ("Where is the red mug?", "The blue mug is in the kitchen sink [1]."),
        ("Where is the red mug?", "The red mug is in the bathroom sink [1]."),
        ("Where is the red mug?", "The red mug is not in the kitchen sink [1]."),
        ("Where is the red mug?", "The red mug is under the kitchen sink [1]."),
        ("Where is the red mug?", "The red mug is in the kitchen sink at (-10.00, 1.00) [1]."),
        ("Where is the red mug?", "Marta says that the red mug is in the kitchen sink [1]."),
        ("Where is the red mug?", "The red mug stands on the desk in the office [2]."),
        ("Where is the red mug?", "The red mug is on the desk in the office [1]."),
        ("Where is the ladder?", "The ladder is in the workshop [1]."),
        ("When did you last see the red mug?", "On Tuesday at 15:13 [1]."),
        ("How many chairs are in the meeting room?", "There are seven chairs [1]."),
        ("How many times did you knock at the archive?", "You knocked at the archive [1]."),
        ("Is the window of the lab open?", "Yes, the window of the lab is closed [1]."),
        ("Is the window of the lab open?", "No, the window of the lab is open [1]."),
        ("What did Anna say about the delivery?", "All deliveries come at noon on Friday [1]."),
    ],
)
def test_what_no_memory_says_does_not_pass(building: Building, question: str, text: str) -> None:
    assert problems(building, question, text)


def test_own_words_with_a_citation_pass(building: Building) -> None:
    assert problems(building, "Where is the red mug?", "The red mug is in the kitchen sink [1].") == []
    assert problems(building, "Is the window of the lab open?", "No, the window of the lab is closed [1].") == []


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    question=st.sampled_from(QUESTIONS),
    place=st.floats(0, 1),
    put_in=st.one_of(
        st.integers(100, 9999).map(str),
        st.sampled_from(["Zoe", "Hamburg", "giraffe", "explodes", "purple", "ninety"]),
    ),
)
def test_a_number_or_name_put_in_never_passes(building: Building, question: str, place: float, put_in: str) -> None:
    _, _, text = building.ask(question)
    said = text.split(" ")
    if put_in in text:
        return
    said.insert(round(place * len(said)), put_in)
    assert problems(building, question, " ".join(said))
