"""How long: lengths that memories state, and from the memory of a start to that of its end."""

import pytest
from building import HOUR, Building
from hypothesis import given
from hypothesis import strategies as st

from shadowhound_memory.recall.lengths import stated_lengths

DEPOT = [
    ("note", "The forklift is on charge"),
    ("state_changed", "Conveyor 3 stopped, a carton is jammed"),
    ("state_changed", "Conveyor 4 is running"),
    ("state_changed", "Conveyor 3 is running again"),
    ("person_seen", "Marta came into the workshop"),
    ("speech_heard", 'Marta: "I will be gone for three hours"'),
    ("person_seen", "Marta left the workshop"),
    ("person_seen", "Marta came back with two boxes"),
    ("note", "The delivery is 40 minutes late"),
    ("task_succeeded", "Inspected the boiler in 25 minutes, it had been off for two hours"),
    ("task_succeeded", "Swept the ramp in half an hour"),
    ("state_changed", "Power failed in hall B"),
    ("state_changed", "Power is back in hall B"),
    ("object_seen", "A blue crate stands in front of gate 5"),
    ("object_missing", "The blue crate in front of gate 5 is gone"),
    ("speech_heard", "Tom says the compressor ran for six hours"),
    ("state_changed", "Fire alarm sounding in the canteen"),
    ("state_changed", "Fire alarm silent"),
]
"""One memory an hour."""


@pytest.fixture
def depot(empty: Building) -> Building:
    for hour, (event, text) in enumerate(DEPOT):
        empty.tell(text, hour, event=event)
    return empty


@pytest.mark.parametrize(
    ("question", "hours", "cited"),
    [
        ("How long was conveyor 3 stopped?", 2, ["Conveyor 3 stopped", "Conveyor 3 is running again"]),
        ("For how many minutes was conveyor 3 down?", 2, ["Conveyor 3 stopped", "Conveyor 3 is running again"]),
        ("How long did Marta stay in the workshop?", 2, ["Marta came into", "Marta left"]),
        ("How long was Marta away?", 1, ["Marta left", "Marta came back"]),
        ("For what length of time was the power out in hall B?", 1, ["Power failed", "Power is back"]),
        ("How long did the blue crate stand at gate 5?", 1, ["A blue crate stands", "The blue crate in front"]),
        ("How long did the alarm sound?", 1, ["Fire alarm sounding", "Fire alarm silent"]),
        ("How long did sweeping the ramp take?", 0.5, ["Swept the ramp"]),
        ("How long did you inspect the boiler?", 25 / 60, ["Inspected the boiler"]),
        ("How long did the compressor run?", 6, ["Tom says"]),
        ("How long was the boiler off?", None, ["Inspected the boiler"]),
    ],
)
def test_what_lasted_is_told_from_what_it_stands_on(
    depot: Building, question: str, hours: float | None, cited: list[str]
) -> None:
    plan, computed, said = depot.ask(question)
    assert plan.kind == "duration" and not computed.abstained
    assert computed.duration == (None if hours is None else pytest.approx(hours * HOUR))
    told = [citation.memory.text for citation in computed.citations]
    assert len(told) == len(cited) and all(map(str.startswith, told, cited))
    assert all(text.rstrip(".") in said for text in told)


@pytest.mark.parametrize(
    "question",
    [
        "How long was conveyor 4 stopped?",
        "How long was conveyor 3 running?",
        "How long was Marta at lunch?",
        "How long was hall A without power?",
        "How long was the blue crate gone?",
        "How long was Tom here?",
        "How long did the delivery take?",
        "How long did it take to paint gate 5?",
        "How long was the forklift charging?",
    ],
)
def test_what_no_two_memories_tell_has_no_length(depot: Building, question: str) -> None:
    _, computed, _ = depot.ask(question)
    assert computed.abstained and computed.duration is None


def test_a_later_state_overrules_an_earlier_one(depot: Building) -> None:
    for question, yes in (
        ("Is conveyor 3 still stopped?", False),
        ("Is conveyor 3 running?", True),
        ("Is conveyor 4 stopped?", False),
    ):
        _, computed, _ = depot.ask(question)
        assert computed.yes is yes, question


def test_a_time_to_come_is_told_in_the_words_of_who_announced_it(depot: Building) -> None:
    depot.tell("Announcement: the spa closes early today, at 17:00", 20, event="speech_heard")
    _, computed, said = depot.ask("When does the spa close?")
    assert computed.time is None and said.startswith("Announcement: the spa closes early today, at 17:00")
    _, computed, _ = depot.ask("When did Marta leave the workshop?")
    assert computed.time is not None


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("waited 10 minutes, then left", [10]),
        ("took 1 hour 30", [90]),
        ("took one hour twenty", [80]),
        ("an hour and three quarters", [105]),
        ("aired for a quarter of an hour", [15]),
        ("two and a half hours", [150]),
        ("a 40-minute nap", [40]),
        ("1 h 20 min", [80]),
        ("2 days, 3 hours", [51 * 60]),
        ("ran for ninety minutes, off for half an hour", [90, 30]),
        ("Seen two hours ago", []),
        ("Beeps every ten minutes", []),
        ("ten to fifteen minutes", []),
        ("a week old", []),
        ("more than two hours", []),
        ("Shelf 2, 10:30", []),
    ],
)
def test_lengths_are_read_as_they_are_said(text: str, minutes: list[float]) -> None:
    assert [length.seconds / 60 for length in stated_lengths(text)] == pytest.approx(minutes)


@given(hours=st.integers(1, 48), minutes=st.integers(1, 59), short=st.booleans())
def test_any_length_is_read_back(hours: int, minutes: int, short: bool) -> None:
    units = ("h", "min") if short else ("hours", "minutes")
    [length] = stated_lengths(f"The pump ran for {hours} {units[0]} {minutes} {units[1]} and stopped.")
    assert length.seconds == hours * 3600 + minutes * 60
    assert length.clause.startswith("The pump ran") and "stopped" not in length.clause


@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    assert all(length.seconds >= 0 for length in stated_lengths(text))
