"""What the tests share: a memory without a language model, in a directory of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from shadowhound_memory.manager import MemoryManager
from shadowhound_memory.settings import Settings

NOW = 1790000000.0
"""Asking time of the tests: 2026-09-21 14:13:20 UTC, a Monday."""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=str(tmp_path / "memory"), model="none")


@pytest.fixture
def memory(settings: Settings) -> Iterator[MemoryManager]:
    with MemoryManager.open(settings, clock=lambda: NOW) as manager:
        yield manager
