"""False facts that are not told: a ward, a school and a workshop, whose memories hold the words but not the fact."""

from collections.abc import Iterator

import pytest
from test_wordings import HOUR, SPEECH, Told, ask, open_at, tell

from shadowhound_memory.manager import MemoryManager

WARD: list[Told] = [
    (0.0, "Started the morning round.", (0, 0)),
    (0.1, "Dr. Okafor entered room 302 with two students.", (3, 2)),
    (0.2, "The goods lift broke down on the second floor.", (7, 0)),
    (0.3, "Call bell light on in room 304.", (3, 4)),
    (0.4, "Call bell light on in room 307.", (3, 7)),
    (0.5, "Mrs. Kovac sat by the window in the dayroom.", (9, 9)),
    (0.6, "Dr. Okafor said that Mr. Brandt may go home tomorrow.", (3, 2), SPEECH),
    (0.8, "The tea trolley is missing from the pantry.", (5, 1)),
    (0.9, "A puddle on the floor beside the dayroom, a slip hazard.", (9, 8)),
    (1.0, "Leaving the dock to deliver linen.", (0, 0)),
    (1.5, "Docked after the linen delivery, battery at 41 percent.", (0, 0)),
    (1.6, "Nurse Amara reported the puddle to housekeeping.", (9, 8), SPEECH),
    (3.0, "Finished the morning round.", (0, 0)),
    (24.0, "Started the evening patrol.", (0, 0)),
    (24.2, "The goods lift works again.", (7, 0)),
    (24.4, "The puddle beside the dayroom has dried.", (9, 8)),
    (24.5, "Mr. Brandt packs his bag and leaves for home.", (3, 4)),
    (24.6, "Nurse Amara: 'The tea trolley is needed at four.'", (5, 1), SPEECH),
    (24.7, "Nurse Amara: 'Bed 6 is for Mrs. Kovac.'", (5, 1), SPEECH),
    (24.8, "Charging started, battery at 23 percent.", (0, 0)),
    (25.8, "Charging finished, battery at 96 percent.", (0, 0)),
    (26.0, "Returning to the dock.", (0, 0)),
    (26.1, "Docked after the evening patrol.", (0, 0)),
    (26.2, "Finished the evening patrol.", (0, 0)),
]
SCHOOL: list[Told] = [
    (0.0, "Ms. Pereira waited in hall 7 with four children.", (7, 7)),
    (0.1, "The caretaker put out chairs in the gym.", (1, 1)),
    (0.2, "Twelve microscopes on the shelf in the science room.", (4, 4)),
    (0.3, "The projector in the aula is still switched on.", (2, 2)),
    (0.4, "Gate 2 bicycles were locked by the pupils.", (9, 0)),
    (0.5, "Jonas sat in the library.", (5, 5)),
    (0.6, "An elderly man asked for the library.", (0, 1), SPEECH),
    (0.7, "Ms. Pereira said that the globe must be repaired.", (7, 7), SPEECH),
    (24.0, "Jonas and his two sisters left the school.", (0, 0)),
    (24.5, "The projector in the aula was switched off.", (2, 2)),
    (25.0, "The caretaker went home.", (0, 0)),
]
WORKSHOP: list[Told] = [
    (0.0, "Battery at 81 percent.", (0, 0)),
    (0.2, "Yusuf sat at the lathe.", (1, 1)),
    (0.3, "The band saw stopped working.", (2, 2)),
    (0.4, "Cable drum 5 stands by the press.", (3, 3)),
    (0.5, "Oil on the floor in front of the press, slippery.", (3, 3)),
    (0.6, "Yusuf said that the compressor leaks.", (1, 1), SPEECH),
    (1.0, "The blue pallet jack is missing.", (6, 6)),
    (24.0, "Found the blue pallet jack behind the press.", (3, 4)),
    (24.3, "Battery at 12 percent.", (0, 0)),
    (24.5, "Could not pick up the crate, the gripper is jammed.", (4, 4)),
    (25.0, "The lights in the workshop were turned off.", (1, 2)),
    (25.2, "Battery at 100 percent.", (0, 0)),
]
WORLDS = {"ward": (WARD, ("morning-round", "evening-patrol")), "school": (SCHOOL, ()), "workshop": (WORKSHOP, ())}


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, MemoryManager]]:
    opened = {}
    for name, (told, missions) in WORLDS.items():
        opened[name] = manager = open_at(tmp_path_factory.mktemp(name))
        for hours, text, at, *rest in told:
            day = int(hours // 24)
            tell(manager, hours, text, at, missions[day] if missions else f"{name}-{day + 1}", *rest)
        manager.wait_until_idle(60)
    yield opened
    for manager in opened.values():
        manager.close()


@pytest.mark.parametrize(
    ("world", "question", "count"),
    [
        ("ward", "How many students came with Dr. Okafor?", 2),
        ("school", "How many children were with Ms. Pereira?", 4),
        ("school", "How many microscopes are in the science room?", 12),
        ("school", "How many sisters does Jonas have?", 2),
    ],
)
def test_a_number_that_names_is_no_count(
    worlds: dict[str, MemoryManager], world: str, question: str, count: int
) -> None:
    answer = ask(worlds[world], question)
    assert answer.count == count, answer.answer


def test_a_gate_number_before_a_noun_counts_nothing(worlds: dict[str, MemoryManager]) -> None:
    assert ask(worlds["school"], "How many bicycles were locked?").count != 2


@pytest.mark.parametrize(
    ("world", "question", "cited"),
    [
        ("ward", "When did the goods lift break?", "broke down"),
        ("ward", "When did the goods lift work again?", "works again"),
        ("ward", "When did Mr. Brandt go home?", "leaves for home"),
        ("ward", "When was the puddle dry?", "has dried"),
        ("school", "When did the projector get switched off?", "was switched off"),
        ("school", "When did Jonas leave?", "left the school"),
        ("workshop", "When did the band saw break?", "stopped working"),
        ("workshop", "When did the pallet jack turn up again?", "Found the blue pallet jack"),
        ("workshop", "When did the pallet jack go missing?", "is missing"),
    ],
)
def test_when_is_told_by_what_tells_the_deed(
    worlds: dict[str, MemoryManager], world: str, question: str, cited: str
) -> None:
    answer = ask(worlds[world], question)
    assert [cited in citation.memory.text for citation in answer.citations] == [True], answer.answer
    assert answer.time == answer.citations[0].memory.timestamp


@pytest.mark.parametrize(
    ("world", "question"),
    [
        ("ward", "When did Mrs. Kovac go home?"),
        ("ward", "When did Nurse Amara go home?"),
        ("school", "When did Ms. Pereira go home?"),
        ("school", "When did Ms. Pereira leave?"),
        ("workshop", "When did Yusuf leave?"),
        ("workshop", "When did the band saw work again?"),
    ],
)
def test_the_opposite_another_deed_or_another_person_is_no_moment(
    worlds: dict[str, MemoryManager], world: str, question: str
) -> None:
    answer = ask(worlds[world], question)
    assert answer.abstained and answer.time is None, answer.answer


@pytest.mark.parametrize(
    ("question", "cited"),
    [
        ("When did you start the evening patrol?", "Started the evening patrol."),
        ("When did the evening patrol start?", "Started the evening patrol."),
        ("When did the evening patrol end?", "Finished the evening patrol."),
        ("When did you begin the morning round?", "Started the morning round."),
    ],
)
def test_when_a_mission_began_or_ended(worlds: dict[str, MemoryManager], question: str, cited: str) -> None:
    answer = ask(worlds["ward"], question)
    assert [citation.memory.text for citation in answer.citations] == [cited], answer.answer


def test_how_long_a_mission_took(worlds: dict[str, MemoryManager]) -> None:
    assert ask(worlds["ward"], "How long did the evening patrol take?").duration == pytest.approx(2.2 * HOUR)


def test_a_polite_question_for_the_time_asks_for_the_time(worlds: dict[str, MemoryManager]) -> None:
    answer = ask(worlds["workshop"], "Could you please tell me at what time were the lights turned off?")
    assert answer.kind == "time" and "turned off" in answer.citations[0].memory.text


@pytest.mark.parametrize("question", ["Last thing Nurse Amara said?", "What was the last thing Nurse Amara said?"])
def test_the_last_thing_said_is_one(worlds: dict[str, MemoryManager], question: str) -> None:
    answer = ask(worlds["ward"], question)
    assert [citation.memory.text for citation in answer.citations] == ["Nurse Amara: 'Bed 6 is for Mrs. Kovac.'"]


@pytest.mark.parametrize(
    ("world", "question"),
    [
        ("ward", "What did Mrs. Kovac say?"),
        ("ward", "What did Mr. Brandt say about the tea trolley?"),
        ("school", "What did Jonas say about the globe?"),
        ("school", "What did the caretaker say?"),
        ("workshop", "What did the lathe say?"),
    ],
)
def test_what_another_said_or_nobody_is_not_told(worlds: dict[str, MemoryManager], world: str, question: str) -> None:
    answer = ask(worlds[world], question)
    assert answer.abstained and not answer.citations, answer.answer


@pytest.mark.parametrize("question", ["How often did you dock?", "How many times did you dock?"])
def test_a_noun_is_not_counted_as_a_deed(worlds: dict[str, MemoryManager], question: str) -> None:
    answer = ask(worlds["ward"], question)
    assert answer.count == 2 and all("Docked" in citation.memory.text for citation in answer.citations), answer.answer
