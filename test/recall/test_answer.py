"""What is computed and said, on a small real store."""

import pytest
from building import HOUR, NOW, START, Building

from shadowhound_memory.question import Filter
from shadowhound_memory.recall.answer import AnswerRefused, read_answer


def test_where_is_answers_with_the_latest_place_and_mentions_the_older(building: Building) -> None:
    _, computed, text = building.ask("Where is the red mug?")
    assert computed.place is not None and (computed.place.x, computed.place.y) == (10.0, 1.0)
    assert [citation.memory.id for citation in computed.citations] == ["m7", "m1"]
    assert "kitchen sink" in text and "(10.00, 1.00)" in text and "[1]" in text and "desk" in text and "[2]" in text


def test_where_was_is_answered_as_of_then(building: Building) -> None:
    _, computed, _ = building.ask("Where was the red mug on Monday?")
    assert computed.place is not None and computed.place.x == 1.0


def test_what_went_missing_is_said_to_be_gone(building: Building) -> None:
    _, computed, text = building.ask("Where is the ladder?")
    assert computed.gone
    assert text.startswith("The ladder is no longer in the workshop")
    assert computed.place is not None and computed.place.x == 8.0


def test_an_unknown_pose_is_never_a_place(building: Building) -> None:
    _, computed, text = building.ask("Where is the blue cushion?")
    assert computed.place is None and not computed.abstained
    assert "at an unknown place" in text


def test_a_thing_is_found_by_another_word_for_it(building: Building) -> None:
    _, computed, _ = building.ask("Where is the red cup?")
    assert not computed.abstained and computed.citations[0].memory.id in ("m7", "m1")


@pytest.mark.parametrize(
    "question",
    [
        "Where is the screwdriver?",
        "Where did you park the tractor?",
        "When did the postman ring?",
        "Is the piano out of tune?",
        "Did you see a giraffe?",
        "How many bicycles are in the hall?",
        "What did the fire inspector say?",
    ],
)
def test_what_no_memory_speaks_of_is_not_answered(building: Building, question: str) -> None:
    _, computed, text = building.ask(question)
    assert computed.abstained and not computed.citations
    assert (computed.place, computed.time, computed.count, computed.yes) == (None, None, None, None)
    assert text.startswith("I have no memory of") and "The nearest I have" in text


def test_when_gives_the_time_of_the_memory(building: Building) -> None:
    _, computed, text = building.ask("When did you last see the red mug?")
    assert computed.time == START + 24 * HOUR
    assert text.startswith("On Tuesday 22 September 2026 at 14:13")


def test_how_long_ago_counts_to_the_asking_time(building: Building) -> None:
    _, computed, text = building.ask("How long ago did you see the red mug in the sink?")
    assert computed.ago == NOW - START - 24 * HOUR
    assert text.startswith("1 day ago")


def test_repeated_events_are_counted_over_all_memories(building: Building) -> None:
    _, computed, text = building.ask("How many times did you knock at the archive?")
    assert (computed.count, computed.among) == (2, 13)
    assert text.startswith("2, among 13 memories") and "[1]" in text and "[2]" in text


def test_a_stated_quantity_is_quoted_not_counted(building: Building) -> None:
    _, computed, text = building.ask("How many chairs are in the meeting room?")
    assert computed.count == 6 and computed.stated
    assert text.startswith("6: ") and "six chairs" in text


def test_a_count_of_zero_needs_a_span_that_was_looked_at(building: Building) -> None:
    _, computed, _ = building.ask("How many times did you knock at the archive on Monday?")
    assert (computed.count, computed.among) == (0, 6)
    _, computed, _ = building.ask("How many times did you knock at the archive last month?")
    assert computed.abstained


@pytest.mark.parametrize(
    ("question", "yes"),
    [
        ("Is the window of the lab open?", False),
        ("Is the window of the lab closed?", True),
        ("Was the window of the lab open on Monday?", True),
        ("Did Anna mention the delivery?", True),
        ("Did you knock at the archive on Monday?", False),
        ("Is the ladder still in the workshop?", False),
        ("Was the red mug moved?", True),
    ],
)
def test_yes_or_no(building: Building, question: str, yes: bool) -> None:
    _, computed, text = building.ask(question)
    assert computed.yes is yes
    assert text.startswith("Yes" if yes else "No")


def test_the_latest_battery_level_is_told(building: Building) -> None:
    _, computed, text = building.ask("How much battery do you have left?")
    assert text.startswith("Battery at 88 percent") and computed.citations[0].memory.id == "m13"


def test_a_mission_keeps_the_others_out(building: Building) -> None:
    _, computed, text = building.ask("Where is the red mug?", filter=Filter(missions=("tour-1",)))
    assert [citation.memory.mission_id for citation in computed.citations] == ["tour-1"]
    assert "sink" not in text


def test_a_mission_that_never_knew_a_thing_does_not_deny_it(building: Building) -> None:
    _, computed, text = building.ask("Did you knock at the archive?", filter=Filter(missions=("tour-1",)))
    assert computed.abstained and "archive" not in text.removeprefix("I have no memory of the archive.")


@pytest.mark.parametrize("question", ["???", "what", "Where is the mug?", "How many?", "Is it?", "Wo ist der Becher?"])
def test_an_empty_store_abstains(empty: Building, question: str) -> None:
    _, computed, text = empty.ask(question)
    assert computed.abstained and text.startswith("I have no memory")


@pytest.mark.parametrize(
    "question",
    [
        "???",
        "the of and",
        "Wo ist der Becher?",
        '"red mug" AND (NOT desk) NEAR/3 *',
        "mug " * 900,
        "杯子在哪里?",
        "x" * 4000,
    ],
)
def test_any_question_gets_an_answer(building: Building, question: str) -> None:
    _, _, text = building.ask(question)
    assert text.strip()


def test_a_reply_without_a_citation_is_refused(building: Building) -> None:
    _, computed, _ = building.ask("Where is the red mug?")
    with pytest.raises(AnswerRefused, match="cited no memory"):
        read_answer('{"answer": "In the sink.", "citations": []}', computed)
    with pytest.raises(AnswerRefused, match="not JSON"):
        read_answer('{"answer": "In the', computed)
    text, citations = read_answer('{"answer": "In the kitchen sink.", "citations": [1]}', computed)
    assert text == "In the kitchen sink [1]." and [citation.n for citation in citations] == [1]


def test_the_latest_of_very_many_is_found(empty: Building) -> None:
    for hour in range(300):
        empty.tell(f"A chair stands in the hall, patrol {hour}.", hour / 10, (float(hour), 0.0))
    _, computed, _ = empty.ask("Where is the chair?")
    assert computed.place is not None and computed.place.x == 299.0
    _, computed, _ = empty.ask("When did you first see a chair?")
    assert computed.time == START
    _, computed, _ = empty.ask("How many times did you see a chair?")
    assert (computed.count, computed.among, len(computed.citations)) == (300, 300, 10)
