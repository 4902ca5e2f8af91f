"""Memories that only ask, guess, deny or fall silent: none of them is taken for what was asked about."""

import pytest
from building import Building

HALL = [
    ("A fire blanket hangs in the corridor.", (3.0, 3.0)),
    ("The side door is closed.", (1.0, 1.0)),
    ("The front door is not open.", (5.0, 5.0)),
    ("Is the side door open?", (5.0, 5.0)),
    ("Nobody could open the cellar door.", (8.0, 8.0)),
    ("The pliers lie in the drawer.", (2.0, 2.0)),
    ("Ida said the pliers might be in the attic.", (8.0, 1.0)),
    ("The pliers are probably in the boat.", (8.0, 1.0)),
    ("The lounge is tidy.", (6.0, 1.0)),
    ("The canteen is busy at noon.", (6.0, 4.0)),
    ("A dog sleeps in the canteen.", (6.0, 4.0)),
    ("A cat sits in the lounge.", (6.0, 1.0)),
]


@pytest.fixture
def hall(empty: Building) -> Building:
    for hour, (text, at) in enumerate(HALL):
        empty.tell(text, hour, at)
    return empty


@pytest.mark.parametrize(
    ("question", "yes", "cited"),
    [
        ("Is the side door open?", False, "The side door is closed."),
        ("Is the cellar door open?", False, "Nobody could open the cellar door."),
        ("Are the pliers in the attic?", False, "The pliers lie in the drawer."),
        ("Are the pliers in the boat?", False, "The pliers lie in the drawer."),
    ],
)
def test_a_question_a_guess_and_a_failure_do_not_say_so(hall: Building, question: str, yes: bool, cited: str) -> None:
    _, computed, _ = hall.ask(question)
    assert computed.yes is yes and computed.citations[0].memory.text == cited


@pytest.mark.parametrize(
    "question",
    [
        "Is the side door locked?",
        "Is the canteen tidy?",
        "Was the dog seen more often than before?",
        "Are there more cats than before?",
        "Who washed the dog?",
    ],
)
def test_what_no_memory_tells_is_not_answered(hall: Building, question: str) -> None:
    _, computed, _ = hall.ask(question)
    assert computed.abstained and computed.yes is None and computed.nearest is not None


@pytest.mark.parametrize(
    ("question", "yes"),
    [
        ("Is the cat white?", False),
        ("Is the cat grey?", True),
        ("Did the class come in by the west gate?", False),
        ("Did the class come in by the east gate?", True),
        ("Are the secateurs red?", False),
        ("Was the white cat on the blue bench?", False),
        ("Was the grey cat on the blue bench?", True),
    ],
)
def test_another_colour_or_point_of_the_compass_is_no_yes(empty: Building, question: str, yes: bool) -> None:
    empty.tell("A grey cat sits on the blue bench.", 0, (1.0, 1.0))
    empty.tell("A school class came in by the east gate.", 1, (4.0, 1.0))
    empty.tell("Blue secateurs hang on the nail.", 2, (2.0, 2.0))
    _, computed, _ = empty.ask(question)
    assert (computed.yes is True) is yes


def test_what_was_repaired_is_cracked_no_longer(empty: Building) -> None:
    empty.tell("The pane of the greenhouse is cracked.", 0, (1.0, 1.0))
    assert empty.ask("Is the pane still cracked?")[1].yes is True
    empty.tell("The pane of the greenhouse is repaired.", 3, (1.0, 1.0))
    assert empty.ask("Is the pane still cracked?")[1].yes is False


def test_what_is_not_open_is_not_counted_as_open(hall: Building) -> None:
    _, computed, _ = hall.ask("How many doors are open?")
    assert computed.count in (0, None)


def test_two_kinds_of_things_at_once_are_not_none(hall: Building) -> None:
    _, computed, _ = hall.ask("How many dogs and cats are there?")
    assert computed.abstained and computed.count is None


@pytest.mark.parametrize(
    "gone",
    [
        "The hook where the fire blanket hung is empty.",
        "The fire blanket was thrown away.",
        "Someone sold the fire blanket.",
    ],
)
def test_what_left_the_spot_is_not_there_any_more_though_its_room_is_not_named(hall: Building, gone: str) -> None:
    hall.tell(gone, 24, (3.2, 3.0))
    _, computed, _ = hall.ask("Is there a fire blanket in the corridor?")
    assert computed.yes is False and computed.citations[0].memory.text == gone
    _, computed, _ = hall.ask("How many fire blankets are in the corridor?")
    assert computed.count == 0 and computed.citations[0].memory.text == gone
    plan, computed, _ = hall.ask("Where is the fire blanket?")
    assert plan.kind == "place" and computed.gone


def test_what_was_thrown_into_something_is_there(hall: Building) -> None:
    hall.tell("Ida threw the pliers in the bin.", 24, (9.0, 9.0))
    _, computed, _ = hall.ask("Where are the pliers?")
    assert not computed.gone and computed.place is not None and computed.place.x == 9.0


def test_it_is_not_there_since_then_when_it_was_seen_elsewhere_later(hall: Building) -> None:
    _, computed, _ = hall.ask("How long have the pliers been in the drawer?")
    assert computed.duration is not None and computed.citations[0].memory.text == "The pliers lie in the drawer."
    hall.tell("The pliers lie on the windowsill.", 24, (9.0, 9.0))
    _, computed, _ = hall.ask("How long have the pliers been in the drawer?")
    assert computed.abstained and computed.duration is None


def test_what_was_not_done_is_still_denied(hall: Building) -> None:
    hall.tell("Ida opened the lid of the piano in the lounge.", 3)
    _, computed, _ = hall.ask("Was the drawer opened on Monday?")
    assert computed.yes is False
