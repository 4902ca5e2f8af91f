"""One loaded local model for all tests of this folder."""

from collections.abc import Iterator

import pytest

from shadowhound_memory.models.local import LocalModel
from shadowhound_memory.settings import Settings


@pytest.fixture(scope="session")
def local_model() -> Iterator[LocalModel]:
    model = LocalModel(Settings())
    assert model.wait_ready(240), model.state
    yield model
    model.close()
