"""Where something is, asked in many wordings: a workshop, a school and a ward, three days each."""

from collections.abc import Iterator

import pytest
from test_wordings import SPEECH, Told, ask, open_at, tell

from shadowhound_memory.manager import MemoryManager

WORKSHOP: list[Told] = [
    (0.0, "The toolbox is parked under the lathe.", (1, 1)),
    (0.1, "The stepladder leans against the drill press.", (2, 5)),
    (0.2, "A bunch of keys with an orange tag lies on the workbench.", (3, 7)),
    (0.3, "A grey trolley stands by the loading ramp.", (4, 9)),
    (0.4, "Marta says she needs a fresh gas cylinder.", (6, 6), SPEECH),
    (0.5, "Bring a broom to bay 3.", (7, 7), SPEECH),
    (0.6, "The jerrycan hangs in the paint booth.", (8, 3)),
    (0.7, "Crate 4 stands behind the saw.", (9, 9)),
    (0.8, "The air hose is kept on the reel by the door.", (5, 1)),
    (24.0, "The toolbox now stands beside the compressor.", (20, 2)),
    (24.1, "The stepladder lies flat on the floor by the gate.", (22, 5)),
    (24.2, "The jerrycan stands on the pallet in the yard.", (28, 3)),
    (24.3, "Marta: 'Please bring the air hose to bay 5.'", (6, 6), SPEECH),
    (24.4, "Air hose on the bench.", (25, 1)),
    (48.0, "Marta wants the air hose back.", (6, 6), SPEECH),
]
SCHOOL: list[Told] = [
    (0.0, "The projector stands on the cart in room 12.", (12, 0)),
    (0.1, "The globe stands in the library.", (3, 3)),
    (0.2, "The piano stands in the assembly hall.", (5, 8)),
    (0.3, "A red football lies in the gym.", (7, 1)),
    (0.4, "Ms. Novak's laptop lies on the desk in room 7.", (7, 7)),
    (0.5, "The telescope stands in the physics lab.", (2, 9)),
    (24.0, "The projector is missing from room 12.", (12, 0.2)),
    (24.1, "The globe is in the staff room.", (9, 3)),
    (24.2, "The piano stands in the assembly hall.", (5, 8)),
    (24.3, "The telescope is missing from the gym.", (7, 1)),
    (24.4, "The football lies under the climbing wall.", (7, 3)),
]
WARD: list[Told] = [
    (0.0, "The walking frame is next to the elevator.", (1, 0)),
    (0.1, "A yellow wheelchair stands next to the elevator.", (1, 0)),
    (0.2, "The commode chair is left beside bed 3.", (3, 0)),
    (24.0, "Walking frame in the day room, against the radiator.", (11, 4)),
    (24.1, "The yellow wheelchair was rolled to the balcony.", (14, 4)),
    (24.15, "A purse with a red strap lies under a chair in the visitors' corner.", (18, 7)),
    (24.2, "The commode chair is folded in the wet room.", (16, 2)),
]
WORLDS = {"workshop": WORKSHOP, "school": SCHOOL, "ward": WARD}


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, MemoryManager]]:
    opened = {}
    for name, told in WORLDS.items():
        opened[name] = manager = open_at(tmp_path_factory.mktemp(name))
        for hours, text, at, *rest in told:
            tell(manager, hours, text, at, f"{name}-{int(hours // 24) + 1}", *rest)
        manager.wait_until_idle(60)
    yield opened
    for manager in opened.values():
        manager.close()


@pytest.mark.parametrize(
    ("world", "question", "x"),
    [
        ("workshop", "Where is the toolbox parked?", 20),
        ("workshop", "Where's the toolbox parked now?", 20),
        ("workshop", "Where is the stepladder leaning?", 22),
        ("workshop", "Where does the stepladder lean at the moment?", 22),
        ("workshop", "Where is the jerrycan hanging?", 28),
        ("workshop", "Where do they keep the air hose?", 25),
        ("workshop", "Where is the air hose kept?", 25),
        ("workshop", "Where is the air hose?", 25),
        ("workshop", "Where is crate 4?", 9),
        ("school", "Where is the globe placed?", 9),
        ("school", "Where is the globe standing?", 9),
        ("school", "Where is the football lying?", 7),
        ("ward", "Where is the walking frame standing?", 11),
        ("ward", "Where has the commode chair been left?", 16),
        ("ward", "Where is the yellow wheelchair parked?", 14),
    ],
)
def test_the_latest_sighting_wins_whatever_the_verb(
    worlds: dict[str, MemoryManager], world: str, question: str, x: float
) -> None:
    answer = ask(worlds[world], question)
    assert answer.best_pose is not None and answer.best_pose.x == x, answer.answer


@pytest.mark.parametrize(
    ("world", "question", "nearest"),
    [
        ("workshop", "Where is the blue trolley?", "grey trolley"),
        ("workshop", "Where is the bunch of keys with the green tag?", "orange tag"),
        ("workshop", "Where is crate 7?", "Crate 4"),
        ("school", "Where is Mr. Brandt's laptop?", "Novak's laptop"),
        ("school", "Where is the green football?", "red football"),
        ("ward", "Where is the blue wheelchair?", "yellow wheelchair"),
        ("ward", "Where is the red wheelchair?", "yellow wheelchair"),
        ("ward", "Where is the blue wheelchair parked?", "yellow wheelchair"),
    ],
)
def test_a_thing_of_another_kind_is_no_answer(
    worlds: dict[str, MemoryManager], world: str, question: str, nearest: str
) -> None:
    answer = ask(worlds[world], question)
    assert answer.abstained and answer.place is None and answer.best_pose is None, answer.answer
    assert answer.answer.startswith("I have no memory") and nearest in answer.answer


@pytest.mark.parametrize(
    ("world", "question"),
    [
        ("workshop", "Where is the black toolbox?"),
        ("workshop", "Where is the green bunch of keys?"),
        ("school", "Where is the small telescope?"),
        ("school", "Where is the large globe?"),
    ],
)
def test_a_colour_that_no_memory_tells_is_no_ground_to_drive_on(
    worlds: dict[str, MemoryManager], world: str, question: str
) -> None:
    answer = ask(worlds[world], question)
    assert answer.best_pose is None, answer.answer


def test_a_colour_told_by_another_memory_is_enough_where_there_is_one_such_thing(
    worlds: dict[str, MemoryManager],
) -> None:
    answer = ask(worlds["school"], "Where is the red football?")
    assert answer.best_pose is not None and answer.citations[0].memory.text.startswith("The football lies under")


@pytest.mark.parametrize(
    ("world", "question"),
    [
        ("workshop", "Where is the gas cylinder?"),
        ("workshop", "Where is the broom?"),
        ("workshop", "Where can I find a broom?"),
    ],
)
def test_a_request_gives_no_place(worlds: dict[str, MemoryManager], world: str, question: str) -> None:
    answer = ask(worlds[world], question)
    assert answer.abstained and answer.place is None and answer.best_pose is None, answer.answer
    assert "The nearest I have" in answer.answer


@pytest.mark.parametrize(
    ("world", "question", "x", "may_go"),
    [
        ("school", "Where was the globe on Monday?", 3, False),
        ("school", "Where was the globe before?", 3, False),
        ("school", "Where was the piano on Monday?", 5, True),
        ("school", "Where was the projector on Monday?", 12, False),
        ("workshop", "Where was the toolbox on Monday?", 1, False),
        ("ward", "Where was the commode chair on Monday?", 3, False),
        ("ward", "Where was the commode chair on Tuesday?", 16, True),
        ("ward", "Where was the walking frame before Tuesday evening?", 11, True),
        ("ward", "Where was the walking frame before Tuesday?", 1, False),
    ],
)
def test_a_robot_is_not_sent_to_a_place_of_the_past(
    worlds: dict[str, MemoryManager], world: str, question: str, x: float, may_go: bool
) -> None:
    answer = ask(worlds[world], question)
    assert answer.place is not None and answer.place.x == x, answer.answer
    assert (answer.best_pose is not None) is may_go
    assert may_go or "where it is now" in answer.best_pose_refused


def test_missing_from_a_place_is_no_sighting_there(worlds: dict[str, MemoryManager]) -> None:
    answer = ask(worlds["school"], "Where is the telescope?")
    assert answer.place is not None and answer.place.x == 2 and answer.best_pose is None, answer.answer
    answer = ask(worlds["school"], "Where was the telescope on Tuesday?")
    assert answer.place is None or answer.place.x == 2, answer.answer


@pytest.mark.parametrize(
    ("question", "yes"),
    [
        ("Is the yellow wheelchair still next to the elevator?", False),
        ("Is the walking frame still next to the elevator?", False),
        ("Is the commode chair still beside bed 3?", False),
        ("Is the commode chair left beside bed 3?", False),
        ("Is the yellow wheelchair on the balcony?", True),
    ],
)
def test_the_newest_sighting_decides_whether_it_is_still_there(
    worlds: dict[str, MemoryManager], question: str, yes: bool
) -> None:
    answer = ask(worlds["ward"], question)
    assert answer.yes is yes, answer.answer
