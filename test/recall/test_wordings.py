"""What is answered to many wordings, through the manager: home, office, warehouse, ward and farm, three days each."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from shadowhound_memory.manager import MemoryManager
from shadowhound_memory.question import Answer, Question
from shadowhound_memory.record import Observation, Pose
from shadowhound_memory.settings import Settings

HOUR = 3600.0
START = 1789975200.0
"""Monday 2026-09-21 at 07:20 UTC."""
NOW = START + 55 * HOUR
"""Wednesday 2026-09-23 at 14:20 UTC."""

Told = tuple[float, str, tuple[float, float] | None] | tuple[float, str, tuple[float, float] | None, dict[str, Any]]
SPEECH = {"source": "speech"}

HOME: list[Told] = [
    (0.0, "The yellow bucket stands in the pantry.", (1, 1)),
    (0.2, "The hoover stands in the hallway closet.", (2, 2)),
    (0.4, "A wooden stool in the kitchen.", (5, 5)),
    (0.5, "A plastic stool in the kitchen.", (6.5, 5)),
    (0.6, "The balcony door is open.", (9, 1)),
    (0.8, "Grandpa asked me to bring the newspaper to the sun room.", (3, 3), SPEECH),
    (1.0, "Grandpa: 'My pills are on the night table.'", (3, 3), SPEECH),
    (1.1, "Mila says that Grandpa sleeps badly.", (3, 3), SPEECH),
    (1.2, "Mila is in the laundry room.", (7, 7)),
    (1.4, "The cat bed lies under the piano.", (8, 8)),
    (1.6, "Mila peeled the carrots with the small knife.", (5, 5)),
    (24.0, "Mila moved the yellow bucket from the pantry to the laundry room.", (7, 7)),
    (24.2, "The hoover is no longer in the hallway closet.", (2, 2)),
    (24.4, "A wooden stool in the kitchen.", (5, 5)),
    (24.5, "A plastic stool in the kitchen.", (6.5, 5)),
    (24.6, "The balcony door is closed.", (9, 1)),
    (24.8, "Mila: 'Please water the orchids on Thursday.'", (4, 4), SPEECH),
    (25.0, "The orchids stand on the window sill.", (4, 1)),
    (25.2, "The cat bed lies beside the sofa.", (3, 6)),
    (25.4, "The washing machine was running.", (7, 7), {"lasts": 1.5}),
    (48.0, "Oskar took the plastic stool out of the kitchen.", (6.5, 5)),
    (48.1, "A wooden stool in the kitchen.", (5, 5)),
    (48.3, "Mila left the laundry room.", (7, 6)),
    (48.5, "Started mopping the hallway.", (2, 3)),
    (49.5, "Finished mopping the hallway.", (2, 3)),
    (50.0, "Oskar naps on the sofa.", (3, 6), {"lasts": 0.75}),
    (50.5, "The cat bed lies beside the sofa.", (3, 6)),
    (51.0, "The washing machine was running.", (7, 7), {"lasts": 1.0}),
]
OFFICE: list[Told] = [
    (0.0, "The beamer stands on the shelf in the server room.", (1, 1)),
    (0.1, "A fire extinguisher hangs by the stairs.", (20, 0)),
    (0.2, "A fire extinguisher hangs in the print room.", (4, 0)),
    (0.3, "Eight desks in the open-plan area.", (10, 10)),
    (0.5, "Farid sits in the phone booth.", (6, 6)),
    (0.6, "The printer in the print room is jammed.", (4, 0)),
    (0.7, "Leila asked whether the beamer could be carried to the board room.", (2, 8), SPEECH),
    (0.9, "Farid told me that Leila is on holiday from Thursday.", (6, 6), SPEECH),
    (1.0, "The window in the board room is open.", (15, 3)),
    (24.0, "Carried the beamer to the board room and put it on the table.", (15, 3)),
    (24.1, "Leila wants a second monitor.", (2, 8), SPEECH),
    (24.3, "A parcel for Farid lies at the reception.", (0, 0)),
    (24.5, "The extinguisher is missing in the print room.", (4, 0)),
    (24.6, "Twelve desks in the open-plan area.", (10, 10)),
    (24.7, "The printer in the print room is working again.", (4, 0)),
    (25.0, "Joost is repairing the coffee machine.", (8, 2), {"lasts": 0.5}),
    (48.0, "Farid picked up the parcel at the reception.", (0, 0)),
    (48.2, "Joost waits at the lift.", (12, 0)),
    (48.4, "Will deliver the toner to the print room this afternoon.", (8, 2)),
    (48.6, "The phone booth is empty.", (6, 6)),
    (48.8, "Nobody is in the board room.", (15, 3)),
    (49.0, "The window in the board room is closed.", (15, 3)),
    (50.0, "A visitor waits at the reception.", (0, 0)),
    (51.0, "Joost waits at the lift.", (12, 0)),
]
WAREHOUSE: list[Told] = [
    (0.0, "Pallet 17 stands in bay 2.", (2, 0)),
    (0.1, "The orange forklift is parked at dock 1.", (0, 10)),
    (0.2, "Gate 3 is blocked.", (30, 0)),
    (0.4, "The hand scanner lies on the packing table.", (5, 5)),
    (0.6, "A spill in aisle 4.", (14, 0)),
    (0.7, "Bruno counted 40 crates in the cold room.", (25, 25)),
    (24.0, "Pallet 17 was moved from bay 2 to bay 9.", (9, 0)),
    (24.1, "The orange forklift is charging at dock 2.", (0, 20)),
    (24.2, "Gate 3 is clear.", (30, 0)),
    (24.4, "The hand scanner has been taken from the packing table.", (5, 5)),
    (24.6, "Aisle 4 is dry and clean.", (14, 0)),
    (25.0, "Knocked at the control room.", (40, 0)),
    (25.5, "A blue drum beside the rack.", (18, 3)),
    (25.6, "A blue drum beside the rack.", (18, 9)),
    (48.0, "Bruno counted 36 crates in the cold room.", (25, 25)),
    (48.1, "Knocked at the control room.", (40, 0)),
    (48.2, "A blue drum beside the rack.", (18, 3)),
    (48.3, "A blue drum beside the rack.", (18.2, 3.1)),
    (48.4, "A blue drum beside the rack.", (18, 9)),
    (48.6, "Yusuf: 'Bring the strapping tool to bay 9, please.'", (9, 1), SPEECH),
    (48.8, "The strapping tool hangs at the packing table.", (5, 5)),
    (49.0, "The truck arrived at gate 3.", (30, 0)),
    (51.5, "The truck left gate 3.", (30, 0)),
    (52.0, "Failed to lift the water tank, the fork is bent.", (0, 2)),
]
HOSPITAL: list[Told] = [
    (0, "The wheelchair with the red seat stands in ward B.", (1, 1)),
    (0.2, "Nurse Okafor is in the medication room.", (2, 2)),
    (0.3, "Bed 4 in ward B is free.", (1, 3)),
    (0.4, "Three infusion stands in the store room.", (9, 9)),
    (0.5, "Dr. Lindqvist asked for the ECG trolley.", (3, 3), SPEECH),
    (0.6, "Nurse Okafor said that bed 4 gets a new patient tomorrow.", (1, 3), SPEECH),
    (0.8, "The lift on level 2 is out of order.", (7, 0)),
    (1.0, "The linen cart is parked outside ward C.", (12, 0)),
    (1.2, "Delivered the blood samples to the lab.", (20, 5)),
    (1.5, "Battery at 64 percent.", (0, 0)),
    (24, "The red wheelchair was brought back to the depot.", (30, 0)),
    (24.2, "Nurse Okafor went to the canteen.", (25, 5)),
    (24.3, "Bed 4 in ward B is occupied.", (1, 3)),
    (24.4, "The linen cart is gone.", (12, 0)),
    (24.5, "Someone spilled coffee in the corridor.", (6, 0)),
    (24.6, "The coffee in the corridor has been wiped up.", (6, 0)),
    (24.8, "The technician repaired the lift on level 2.", (7, 0)),
    (25, "Took the ECG trolley from the store room to ward C.", (12, 1)),
    (25.5, "Battery at 38 percent.", (0, 0)),
    (48, "Dr. Lindqvist: 'Could someone take the ECG trolley back to the store room?'", (12, 1), SPEECH),
    (48.2, "A patient sleeps in bed 4.", (1, 3)),
    (48.3, "The red wheelchair is in the entrance hall.", (15, 15)),
    (48.5, "Two infusion stands in the store room.", (9, 9)),
    (48.7, "Visitors wait outside ward C.", (12, 0)),
    (49, "Could not deliver the meals to ward B, the door was locked.", (1, 0)),
    (50, "Delivered the meals to ward C.", (12, 0)),
    (51, "The physiotherapist trains with Mr. Hale in the gym.", (18, 18), {"lasts": 0.5}),
    (52, "The gym is empty.", (18, 18)),
]
FARM: list[Told] = [
    (0, "The quad bike is parked behind the barn.", (1, 1)),
    (0.1, "Twelve hens in the coop.", (5, 5)),
    (0.2, "Gate to the south field is open.", (9, 9)),
    (0.3, "A sack of seed lies on the trailer.", (2, 2)),
    (0.5, "Ruth fed the calves.", (7, 7)),
    (0.6, "A ladder leans against the silo.", (3, 3)),
    (0.7, "A ladder leans against the barn.", (1, 2)),
    (0.8, "Ruth says the vet comes on Wednesday.", (7, 7), SPEECH),
    (0.9, "We should oil the hinges of the stable door.", (8, 8)),
    (1.0, "Water tank at 80 percent.", (4, 4)),
    (1.2, "The milk truck waited at the yard.", (6, 6), {"lasts": 0.4}),
    (24, "Henrik drove the quad bike to the orchard.", (40, 40)),
    (24.1, "Eleven hens in the coop.", (5, 5)),
    (24.2, "Closed the gate to the south field.", (9, 9)),
    (24.3, "The sack of seed has been moved to the shed.", (2, 8)),
    (24.5, "Ruth fed the calves.", (7, 7)),
    (24.6, "The ladder by the silo has been removed.", (3, 3)),
    (24.8, "Henrik told Ruth that the tractor needs diesel.", (7, 7), SPEECH),
    (25, "Water tank at 55 percent.", (4, 4)),
    (25.2, "The milk truck waited at the yard.", (6, 6), {"lasts": 0.2}),
    (26, "I am going to check the fence in the evening.", (0, 0)),
    (26.5, "A fox near the coop.", (5, 6)),
    (48, "Ruth forgot to feed the calves.", (7, 7)),
    (48.2, "The quad bike is back behind the barn.", (1, 1)),
    (48.4, "The vet examined the calves in the stable.", (8, 8), {"lasts": 1.0}),
    (48.5, "No hens in the coop.", (5, 5)),
    (49.8, "Hens all over the yard.", (6, 6)),
    (50, "The vet left the farm.", (6, 0)),
    (51, "Henrik carried the ladder from the barn to the house.", (20, 1)),
    (52, "Ruth is in the greenhouse.", (30, 3)),
    (52.3, "Henrik is in the greenhouse.", (30, 3)),
    (53, "Water tank at 30 percent.", (4, 4)),
]
WORLDS = {"farm": FARM, "hospital": HOSPITAL, "home": HOME, "office": OFFICE, "warehouse": WAREHOUSE}


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


def open_at(directory: Path) -> MemoryManager:
    return MemoryManager.open(Settings(data_dir=str(directory), model="none"), clock=lambda: NOW)


def tell(
    manager: MemoryManager,
    hours: float,
    text: str,
    at: tuple[float, float] | None,
    mission: str,
    rest: dict[str, Any] | None = None,
) -> str:
    lasts = (rest or {}).get("lasts")
    start = START + hours * HOUR
    return manager.write(
        Observation(
            text=text,
            timestamp=start,
            end_time=None if lasts is None else start + lasts * HOUR,
            pose=None if at is None else Pose(x=float(at[0]), y=float(at[1])),
            mission_id=mission,
            source=(rest or {}).get("source", "camera"),
        )
    ).id


def ask(manager: MemoryManager, text: str, **fields: Any) -> Answer:
    answer = manager.recall(Question(text=text, asked_at=NOW, **fields))
    assert len(answer.citations) <= (10 if answer.kind in ("count", "duration") else 3) or "moved" in text
    return answer


@pytest.mark.parametrize(
    ("world", "question", "yes", "said"),
    [
        # What was seen last decides about the present.
        ("home", "Is the yellow bucket still in the pantry?", False, ["laundry room", "stands in the pantry"]),
        ("home", "Is the yellow bucket in the pantry?", False, ["laundry room"]),
        ("home", "Is the bucket in the pantry now?", False, ["laundry room"]),
        ("home", "Is the yellow bucket in the laundry room?", True, ["moved"]),
        ("home", "Is the cat bed under the piano?", False, ["beside the sofa", "under the piano"]),
        ("home", "Is the cat bed still beside the sofa?", True, ["beside the sofa"]),
        ("home", "Is the hoover in the hallway closet?", False, ["no longer"]),
        ("home", "Is the hoover still there?", False, ["no longer"]),
        ("home", "Is the hoover gone?", True, ["no longer"]),
        ("home", "Is the plastic stool still in the kitchen?", False, ["Oskar took"]),
        ("home", "Is the wooden stool in the kitchen?", True, ["wooden stool"]),
        ("home", "Is Mila in the laundry room?", False, ["left the laundry room"]),
        ("home", "Is the balcony door open?", False, ["closed"]),
        ("home", "Is the balcony door still open?", False, ["closed"]),
        ("office", "Is the beamer still in the server room?", False, ["board room", "server room"]),
        ("office", "Is the beamer in the board room?", True, ["Carried the beamer"]),
        ("office", "Is the parcel at the reception?", False, ["picked up"]),
        ("office", "Is the parcel still there?", False, ["picked up"]),
        ("office", "Is there an extinguisher in the print room?", False, ["missing"]),
        ("office", "Is anyone in the phone booth?", False, ["empty"]),
        ("office", "Is anybody in the board room?", False, ["Nobody"]),
        ("office", "Is anyone at the reception?", True, ["visitor"]),
        ("office", "Is the printer working?", True, ["working again"]),
        ("office", "Is the window in the board room open?", False, ["closed"]),
        ("warehouse", "Is pallet 17 in bay 2?", False, ["bay 9"]),
        ("warehouse", "Is pallet 17 in bay 9?", True, ["moved"]),
        ("warehouse", "Is the forklift at dock 1?", False, ["dock 2", "dock 1"]),
        ("warehouse", "Is the hand scanner still on the packing table?", False, ["taken"]),
        ("warehouse", "Is gate 3 blocked?", False, ["clear"]),
        ("hospital", "Is the red wheelchair in ward B?", False, ["entrance hall", "stands in ward B"]),
        ("hospital", "Is the wheelchair still in the depot?", False, ["entrance hall", "depot"]),
        ("hospital", "Is bed 4 free?", False, ["occupied"]),
        ("hospital", "Is the linen cart still outside ward C?", False, ["gone", "parked outside"]),
        ("hospital", "Is the ECG trolley in the store room?", False, ["to ward C"]),
        ("hospital", "Is Nurse Okafor in the medication room?", False, ["canteen"]),
        ("hospital", "Is the lift on level 2 working?", True, ["repaired"]),
        ("hospital", "Is the lift still out of order?", False, ["repaired"]),
        ("hospital", "Is anyone in the gym?", False, ["empty"]),
        ("hospital", "Is the battery lower than on Monday?", True, ["64", "38"]),
        ("hospital", "Has the linen cart gone missing?", True, ["gone"]),
        ("farm", "Is the quad bike behind the barn?", True, ["back behind"]),
        ("farm", "Is the quad bike in the orchard?", False, ["behind the barn", "orchard"]),
        ("farm", "Are there hens in the coop?", False, ["No hens", "Eleven hens"]),
        ("farm", "Is the gate to the south field open?", False, ["Closed"]),
        ("farm", "Is the sack of seed on the trailer?", False, ["shed", "trailer"]),
        ("farm", "Is there a ladder at the silo?", False, ["removed", "leans against the silo"]),
        ("farm", "Is there a ladder at the barn?", False, ["to the house"]),
        ("farm", "Is the ladder at the house?", True, ["to the house"]),
        ("farm", "Is the vet still on the farm?", False, ["left"]),
        ("farm", "Is Ruth in the greenhouse?", True, ["greenhouse"]),
        ("farm", "Is the tank emptier than on Monday?", True, ["80", "30"]),
        # The past is answered as of then.
        ("farm", "Was the quad bike ever in the orchard?", True, ["orchard"]),
        ("hospital", "Was bed 4 free on Monday?", True, ["free"]),
        ("home", "Was the bucket in the pantry on Monday?", True, ["stands in the pantry"]),
        ("home", "Was the yellow bucket ever in the pantry?", True, ["pantry"]),
        ("home", "Was the balcony door open on Monday?", True, ["open"]),
        ("home", "Was Mila in the laundry room on Monday?", True, ["Mila is"]),
        ("office", "Was the beamer in the server room on Monday?", True, ["server room"]),
        ("office", "Did you see anyone on Wednesday?", True, []),
        ("warehouse", "Was gate 3 blocked on Monday?", True, ["blocked"]),
        # Moved or not.
        ("home", "Was the cat bed moved?", True, ["piano", "sofa"]),
        ("home", "Has the wooden stool been moved?", False, ["wooden stool"]),
        ("warehouse", "Did pallet 17 move?", True, ["bay 9"]),
        # Deeds, and what they are done with.
        ("farm", "Did Ruth feed the calves?", True, ["fed"]),
        ("farm", "Has Ruth forgotten to feed the calves?", True, ["forgot"]),
        ("farm", "Did anyone move the sack of seed?", True, ["moved to the shed"]),
        ("farm", "Have you seen a fox near the coop?", True, ["fox"]),
        ("hospital", "Did somebody fix the lift?", True, ["repaired"]),
        ("hospital", "Did you deliver the meals to ward B?", False, ["Could not"]),
        ("hospital", "Were the meals delivered to ward C?", True, ["Delivered the meals"]),
        ("hospital", "Did you take the blood samples to the lab?", True, ["Delivered the blood"]),
        ("hospital", "Did Nurse Okafor go to the canteen?", True, ["went"]),
        ("home", "Did Mila peel the carrots?", True, ["peeled"]),
        ("home", "Did you mop the hallway?", True, ["Finished mopping"]),
        ("warehouse", "Did the truck arrive at gate 3?", True, ["arrived"]),
        ("warehouse", "Did you lift the water tank?", False, ["Failed"]),
    ],
)
def test_yes_or_no(worlds: dict[str, MemoryManager], world: str, question: str, yes: bool, said: list[str]) -> None:
    answer = ask(worlds[world], question)
    assert answer.yes is yes, answer.answer
    assert answer.answer.startswith("Yes" if yes else "No")
    assert all(words in answer.answer for words in said), answer.answer


@pytest.mark.parametrize(
    ("world", "question"),
    [
        ("farm", "Did Ruth feed the calves on Wednesday?"),
        ("farm", "Did you oil the hinges of the stable door?"),
        ("farm", "Did you check the fence?"),
        ("farm", "Did the tractor get diesel?"),
        ("hospital", "Has the ECG trolley been taken back to the store room?"),
        ("hospital", "Did anyone bring the ECG trolley back?"),
        ("home", "Was the newspaper brought to the sun room?"),
        ("home", "Did anyone bring the newspaper to the sun room?"),
        ("home", "Is the newspaper in the sun room?"),
        ("home", "Did you water the orchids?"),
        ("home", "Were the orchids watered?"),
        ("home", "Did Mila peel the small knife?"),
        ("office", "Did you deliver the toner to the print room?"),
        ("office", "Is the toner in the print room?"),
        ("warehouse", "Is the strapping tool in bay 9?"),
        ("warehouse", "Did you bring the strapping tool to bay 9?"),
    ],
)
def test_what_is_wanted_or_planned_is_not_done(worlds: dict[str, MemoryManager], world: str, question: str) -> None:
    assert ask(worlds[world], question).yes is not True


@pytest.mark.parametrize(
    ("world", "question", "x", "said"),
    [
        ("home", "Where is the yellow bucket?", 7, ["to the laundry room", "Before: The yellow bucket stands"]),
        ("home", "Where was the bucket before?", 1, ["stands in the pantry"]),
        ("home", "Where was the yellow bucket on Monday?", 1, ["stands in the pantry"]),
        ("home", "Where is the cat bed now?", 3, ["beside the sofa", "under the piano"]),
        ("home", "Where was the cat bed previously?", 8, ["under the piano", "Since then"]),
        ("hospital", "Where is the wheelchair?", 15, ["entrance hall", "depot"]),
        ("hospital", "Where was the wheelchair before that?", 30, ["depot"]),
        ("hospital", "Where was the red wheelchair on Tuesday?", 30, ["depot"]),
        ("farm", "Where was the quad bike before?", 40, ["orchard", "Since then: The quad bike is back"]),
        ("farm", "Where is the sack of seed?", 2, ["to the shed", "Before: A sack"]),
        ("office", "Where is the beamer?", 15, ["board room"]),
        ("office", "Where was the beamer before that?", 1, ["server room"]),
        ("warehouse", "Where is pallet 17?", 9, ["bay 9"]),
        ("warehouse", "Where was pallet 17 before?", 2, ["bay 2"]),
        ("warehouse", "Where is the strapping tool?", 5, ["packing table"]),
        ("warehouse", "Where is the forklift?", 0, ["dock 2", "dock 1"]),
    ],
)
def test_where(worlds: dict[str, MemoryManager], world: str, question: str, x: float, said: list[str]) -> None:
    answer = ask(worlds[world], question)
    assert answer.place is not None and answer.place.x == x, answer.answer
    assert all(words in answer.answer for words in said), answer.answer


@pytest.mark.parametrize(
    ("world", "question"),
    [
        ("hospital", "Where is the linen cart?"),
        ("home", "Where is the hoover?"),
        ("warehouse", "Where is the hand scanner?"),
        ("office", "Where is the parcel?"),
    ],
)
def test_a_robot_is_not_sent_where_a_thing_no_longer_is(
    worlds: dict[str, MemoryManager], world: str, question: str
) -> None:
    answer = ask(worlds[world], question)
    assert not answer.abstained and answer.best_pose is None and "gone" in answer.best_pose_refused


def test_the_nearest_is_still_there_and_its_distance_is_said(worlds: dict[str, MemoryManager]) -> None:
    answer = ask(worlds["office"], "Where is the nearest fire extinguisher?", pose=Pose(x=6.0, y=0.0))
    assert answer.place is not None and answer.place.x == 20.0
    assert answer.answer.startswith("14.0 m away: A fire extinguisher hangs by the stairs")


@pytest.mark.parametrize(
    ("world", "question", "count", "cited"),
    [
        ("home", "How many stools are in the kitchen?", 1, 1),
        ("home", "How many stools were in the kitchen on Monday?", 2, 2),
        ("home", "How many times did you see the wooden stool?", 3, 3),
        ("home", "How often did the washing machine run?", 2, 2),
        ("hospital", "How many infusion stands are in the store room?", 2, 1),
        ("hospital", "How many beds are free?", 0, 1),
        ("hospital", "How often did you deliver something?", 2, 2),
        ("farm", "How many hens are in the coop?", 0, 1),
        ("farm", "How many hens were in the coop on Monday?", 12, 1),
        ("farm", "How often did Ruth feed the calves?", 2, 2),
        ("farm", "How many people are in the greenhouse?", 2, 2),
        ("office", "How many desks are in the open-plan area?", 12, 1),
        ("office", "How many desks were in the open-plan area on Monday?", 8, 1),
        ("office", "How many times did you see Joost at the lift?", 2, 2),
        ("office", "How many fire extinguishers are in the print room?", 0, None),
        ("warehouse", "How many crates are in the cold room?", 36, 1),
        ("warehouse", "How many drums are beside the rack?", 2, 2),
        ("warehouse", "How often did you knock at the control room?", 2, 2),
        ("warehouse", "How many times did you fail to lift the tank?", 1, 1),
    ],
)
def test_how_many(worlds: dict[str, MemoryManager], world: str, question: str, count: int, cited: int | None) -> None:
    answer = ask(worlds[world], question)
    assert answer.count == count, answer.answer
    assert cited is None or len(answer.citations) == cited


@pytest.mark.parametrize(
    ("world", "question", "hours"),
    [
        ("home", "How long did the washing machine run?", 1.0),
        ("home", "How long did the washing machine run on Tuesday?", 1.5),
        ("home", "How long did the washing machine run in total?", 2.5),
        ("home", "How long did Oskar nap?", 0.75),
        ("home", "How long did the mopping take?", 1.0),
        ("home", "How long has the hoover been gone?", 55 - 24.2),
        ("home", "How long was the balcony door open?", 24.0),
        ("home", "How long has the balcony door been closed?", 55 - 24.6),
        ("home", "How long has the cat bed been beside the sofa?", 55 - 25.2),
        ("hospital", "How long did the physiotherapist train with Mr. Hale?", 0.5),
        ("hospital", "How long was the lift out of order?", 24.0),
        ("hospital", "How long has the linen cart been gone?", 55 - 24.4),
        ("farm", "How long was the gate to the south field open?", 24.0),
        ("farm", "How long did the milk truck wait?", 0.2),
        ("farm", "How long did the milk truck wait altogether?", 0.6),
        ("office", "How long did Joost repair the coffee machine?", 0.5),
        ("warehouse", "How long was it between the arrival of the truck and its leaving gate 3?", None),
        ("warehouse", "How long was gate 3 blocked?", 24.0),
        ("warehouse", "How long did it take from the truck arriving to the truck leaving?", 2.5),
    ],
)
def test_how_long(worlds: dict[str, MemoryManager], world: str, question: str, hours: float | None) -> None:
    answer = ask(worlds[world], question)
    if hours is None:
        assert answer.duration in (None, 2.5 * HOUR), answer.answer
    else:
        assert answer.duration == pytest.approx(hours * HOUR, abs=1.0), answer.answer


@pytest.mark.parametrize(
    ("world", "question", "cited"),
    [
        ("home", "What did Grandpa say?", ["asked me to bring", "My pills"]),
        ("home", "What did Grandpa ask for?", ["asked me to bring"]),
        ("home", "What did Mila say about Grandpa?", ["sleeps badly"]),
        ("home", "What did Mila say?", ["sleeps badly", "Please water"]),
        ("hospital", "What did Dr. Lindqvist ask for?", ["asked for the ECG", "Could someone"]),
        ("hospital", "What did Nurse Okafor say?", ["new patient"]),
        ("hospital", "Who repaired the lift?", ["technician"]),
        ("farm", "Who examined the calves?", ["vet examined"]),
        ("farm", "What did Henrik tell Ruth?", ["diesel"]),
        ("farm", "What did Ruth say?", ["the vet comes"]),
        ("farm", "How full is the water tank?", ["30 percent"]),
        ("office", "What did Leila ask for?", ["asked whether", "second monitor"]),
        ("office", "What did Farid say?", ["on holiday"]),
        ("home", "Who peeled the carrots?", ["peeled the carrots"]),
        ("office", "Who is at the reception?", ["visitor"]),
    ],
)
def test_who_and_what(worlds: dict[str, MemoryManager], world: str, question: str, cited: list[str]) -> None:
    answer = ask(worlds[world], question)
    texts = [citation.memory.text for citation in answer.citations]
    assert len(texts) == len(cited), answer.answer
    assert all(words in text for words, text in zip(cited, texts, strict=True)), answer.answer


def test_a_list_says_how_many_more_there_are(worlds: dict[str, MemoryManager]) -> None:
    answer = ask(worlds["office"], "What happened on Wednesday?")
    assert len(answer.citations) == 3 and answer.answer.endswith("And 5 more.")
    answer = ask(worlds["office"], "Whom did you see on Wednesday?")
    assert len(answer.citations) == 3
    assert all(any(name in c.memory.text for name in ("Farid", "Joost", "visitor")) for c in answer.citations)
    assert answer.answer.endswith("And 1 more.")


def test_what_moved_is_told_with_both_places(worlds: dict[str, MemoryManager]) -> None:
    answer = ask(worlds["hospital"], "Which things have moved since Monday?")
    texts = " ".join(citation.memory.text for citation in answer.citations)
    assert all(words in texts for words in ("in ward B", "entrance hall", "ECG trolley from the store room"))
    assert "lift" not in texts and "Bed" not in texts


def test_a_correction_overrules_what_was_said_before(tmp_path: Path) -> None:
    with open_at(tmp_path) as manager:
        wrong = tell(manager, 0, "The ladder is missing from the shed.", (1, 1), "one")
        tell(manager, 1, "A rake hangs in the shed.", (1, 1), "one")
        manager.wait_until_idle(60)
        manager.correct(wrong, text="The wheelbarrow stands in the shed.")
        manager.wait_until_idle(60)
        assert ask(manager, "Is the ladder in the shed?").yes is not True
        assert ask(manager, "Is the wheelbarrow in the shed?").yes is True
        answer = ask(manager, "Where is the wheelbarrow?")
        assert answer.best_pose is not None
