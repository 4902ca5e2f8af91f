"""A small memory of a building, shared by the tests of recall."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from building import Building

from shadowhound_memory.embedding import Embedder
from shadowhound_memory.settings import Settings


@pytest.fixture(scope="session")
def embedder() -> Embedder:
    return Embedder(Settings(model="none"))


@pytest.fixture
def empty(tmp_path: Path, embedder: Embedder) -> Iterator[Building]:
    building = Building(tmp_path / "memory", embedder)
    yield building
    building.store.close()


@pytest.fixture
def building(empty: Building) -> Building:
    """Two tours: a mug that moves, a ladder that goes missing, a window, chairs, people, the battery."""
    tell = empty.tell
    tell("A red mug stands on the desk in the office.", 0, (1.0, 2.0))
    tell("The aluminium ladder leans on the wall of the workshop.", 1, (8.0, 3.0))
    tell("The window of the lab is open.", 1.5, (4.0, 9.0))
    tell("Meeting room empty, six chairs around the table.", 2, (6.0, 6.0))
    tell("Anna says that the delivery comes at noon on Friday.", 2.5, (5.0, 5.0), event="speech_heard")
    tell("Battery at 41 percent.", 3, (0.5, 0.5), event="battery_status")
    tell("The red mug is in the kitchen sink now.", 24, (10.0, 1.0), "tour-2")
    tell("The ladder is no longer in the workshop.", 25, (8.1, 3.0), "tour-2", "object_missing")
    tell("The window of the lab is closed.", 26, (4.0, 9.1), "tour-2")
    tell("Knocked at the archive, the door stayed locked.", 27, (12.0, 4.0), "tour-2")
    tell("Knocked at the archive again, nobody opened.", 28, (12.0, 4.0), "tour-2")
    tell("Someone left a blue couch cushion in the lobby.", 29, None, "tour-2")
    tell("Battery at 88 percent after charging.", 30, (0.5, 0.5), "tour-2", "battery_status")
    return empty
