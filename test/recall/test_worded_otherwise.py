"""Memories that say it in other words, deny it, or only talk about it; each class of question on a small real store."""

import pytest
from building import START, Building

CINEMA = [
    ("Petra fetched the spare bulb for the projector in hall 2.", "note"),
    ("The projector in hall 2 is switched off.", "state_changed"),
    ("Ivo polished the brass railing in the foyer.", "note"),
    ("Petra sits at the ticket desk.", "person_seen"),
    ("A stack of programmes lies on the ticket desk.", "object_seen"),
    ("Ivo says that the popcorn scoop is behind the curtain.", "speech_heard"),
    ("The popcorn scoop lies on the counter of the bar.", "object_seen"),
    ("Petra: 'Has anyone seen the usher torch?'", "note"),
    ("Someone wiped the counter of the bar.", "note"),
]
HOUSE = [
    "The hand drill hangs on its hook in the shed.",
    "Shed: the drill is not on its hook.",
    "There is no drill in the shed.",
    "The hook for the drill in the shed is empty.",
    "The drill is back in the shed, its battery is empty.",
]


@pytest.fixture
def cinema(empty: Building) -> Building:
    for place, (text, event) in enumerate(CINEMA):
        empty.tell(text, place, (float(place), 0.0), event=event)
    return empty


@pytest.mark.parametrize(
    "question", ["Did Ivo wipe the brass railing?", "How many times did Ivo wipe the brass railing?"]
)
def test_neither_no_nor_zero_when_a_memory_names_all_but_the_verb(cinema: Building, question: str) -> None:
    _, computed, text = cinema.ask(question)
    assert computed.yes is None and computed.count is None and computed.abstained
    assert text.startswith("I have no memory that answers that.") and "polished the brass railing" in text


@pytest.mark.parametrize(
    ("question", "yes"),
    [("Did someone shut the projector off?", True), ("Did someone switch the projector on?", False)],
)
def test_a_state_is_told_whatever_the_verb(cinema: Building, question: str, yes: bool) -> None:
    _, computed, text = cinema.ask(question)
    assert computed.yes is yes and "projector in hall 2 is switched off" in text


def test_no_is_still_said_of_what_none_did(cinema: Building) -> None:
    _, computed, text = cinema.ask("Did Petra polish the counter?")
    assert computed.yes is False and text.startswith("No, none of the 9 memories")


def test_who_is_answered_with_a_person(cinema: Building) -> None:
    _, computed, _ = cinema.ask("Who was at the ticket desk?")
    assert computed.citations[0].memory.text == "Petra sits at the ticket desk."


def test_where_prefers_what_was_seen_to_what_was_said(cinema: Building) -> None:
    _, computed, _ = cinema.ask("Where did you see the popcorn scoop?")
    assert computed.place is not None and computed.place.x == 6.0
    _, computed, text = cinema.ask("Where did Ivo say the popcorn scoop is?")
    assert "behind the curtain" in text


def test_what_is_only_talked_of_has_no_place_but_the_talk_is_told(cinema: Building) -> None:
    _, computed, text = cinema.ask("Where did you see the usher torch?")
    assert computed.abstained and computed.place is None and "Has anyone seen" in text


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("What colour is the sofa?", "I have no memory of the sofa."),
        ("Where did you leave the scooter?", "I have no memory of the scooter."),
        ("What did the night watchman say?", "I have no memory of the night watchman."),
        ("When were the emergency lamps tested?", "I have no memory of the emergency lamps."),
        ("Did Petra juggle?", "I have no memory that answers that."),
    ],
)
def test_what_occurs_nowhere_is_named_in_english(cinema: Building, question: str, said: str) -> None:
    _, computed, text = cinema.ask(question)
    assert computed.abstained and text.startswith(said)


def test_only_sightings_are_counted(empty: Building) -> None:
    for hours, text in enumerate(HOUSE):
        empty.tell(text, hours, (1.0, 1.0))
    _, computed, _ = empty.ask("How often did you see the drill in the shed?")
    assert computed.count == 2 and [c.memory.text for c in computed.citations] == [HOUSE[0], HOUSE[4]]


def test_where_something_is_not_is_no_place(empty: Building) -> None:
    empty.tell("The hand drill hangs on its hook in the shed.", 0, (1.0, 1.0))
    empty.tell("The hand drill lies on the workbench.", 1, (5.0, 5.0))
    empty.tell("Shed: the hand drill is not on its hook.", 2, (1.2, 1.0))
    _, computed, text = empty.ask("Where is the hand drill?")
    assert computed.gone and computed.place is not None and computed.place.x == 5.0
    assert "not on its hook" in text and "workbench" in text


@pytest.mark.parametrize(
    ("later", "x"),
    [
        ("The trolley is parked behind the stage.", 9.0),
        ("Trolley behind the stage.", 9.0),
        ("A trolley stands behind the stage.", 1.0),
        ("The luggage trolley is parked behind the stage.", 1.0),
    ],
)
def test_a_head_noun_means_the_thing_told_of_before(empty: Building, later: str, x: float) -> None:
    empty.tell("The cleaning trolley stands in the hall.", 0, (1.0, 0.0))
    empty.tell(later, 1, (9.0, 0.0))
    _, computed, _ = empty.ask("Where is the cleaning trolley?")
    assert computed.place is not None and computed.place.x == x


def test_a_head_noun_means_neither_when_there_are_two(empty: Building) -> None:
    empty.tell("The cleaning trolley stands in the hall.", 0, (1.0, 0.0))
    empty.tell("The luggage trolley stands in the lobby.", 1, (4.0, 0.0))
    empty.tell("The trolley is parked behind the stage.", 2, (9.0, 0.0))
    _, computed, _ = empty.ask("Where is the cleaning trolley?")
    assert computed.place is not None and computed.place.x == 1.0


def test_when_something_was_in_a_state_is_not_when_it_was_in_the_other(empty: Building) -> None:
    empty.tell("Warning: the heater was left on over night.", 1)
    empty.tell("Ben came by and turned the heater off.", 2)
    _, computed, _ = empty.ask("When did you find the heater on?")
    assert computed.time == START + 3600


def test_the_latest_of_very_many_goes_by_time_not_by_the_order_of_telling(empty: Building) -> None:
    for hour in range(230):
        empty.tell(f"A chair stands in the hall, patrol {hour}.", (230 - hour) / 10, (float(hour), 0.0))
    _, computed, _ = empty.ask("Where is the chair?")
    assert computed.place is not None and computed.place.x == 0.0


@pytest.mark.parametrize(
    ("told", "question"),
    [
        ("A nurse sits at the reception desk.", "Who sat at the reception desk on Monday?"),
        ("The caretaker swept the foyer.", "Who sweeps the foyer?"),
        ("Mr Novak has driven the forklift.", "Who drove the forklift?"),
    ],
)
def test_an_irregular_verb_is_found_in_its_other_forms(empty: Building, told: str, question: str) -> None:
    empty.tell("Petra stands in the yard.", 0, (0.0, 0.0), event="person_seen")
    empty.tell(told, 1, (1.0, 0.0), event="person_seen")
    empty.tell("The cat sat, swept by and was driven out by someone who drove on.", 2, (2.0, 0.0))
    _, computed, _ = empty.ask(question)
    assert [citation.memory.text for citation in computed.citations] == [told]
