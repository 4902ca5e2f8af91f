"""What the tests of the store share: a store in a directory of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from shadowhound_memory.store.sqlite import SqliteStore


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    opened = SqliteStore.open(tmp_path)
    yield opened
    opened.close()
