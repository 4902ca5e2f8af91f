"""An explicit choice serves before the current adapters; one that does not stand the check falls back to them."""

import shutil
from pathlib import Path

import pytest
from adapters_to_test import BASE, make_adapter

from shadowhound_memory.adapters.card import WEIGHTS
from shadowhound_memory.adapters.registry import Entry, Registry
from shadowhound_memory.adapters.selection import Selection, Serving, select
from shadowhound_memory.prompts import template_hash


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    """With writing/fleet/1 and 2, of which the first serves."""
    registry = Registry(tmp_path / "own", tmp_path / "shipped")
    adapter = make_adapter(tmp_path / "trained")
    registry.set_current(registry.add(adapter))
    registry.add(adapter)
    return registry


def selected(registry: Registry, chosen: Entry | None, failed: dict[Path, str] | None = None) -> Selection:
    return select(registry, "writing", Serving("rover", BASE, template_hash("writing"), failed or {}), chosen)


def test_the_chosen_one_goes_before_the_current_one(registry: Registry) -> None:
    assert selected(registry, None).name == "writing/fleet/1"
    selection = selected(registry, registry.get("writing/fleet/2"))
    assert (selection.name, selection.reason) == ("writing/fleet/2", "the writing adapter chosen by load_adapter")


def test_a_chosen_one_that_is_gone_falls_back_and_says_why(registry: Registry) -> None:
    chosen = registry.get("writing/fleet/2")
    shutil.rmtree(chosen.folder)
    selection = selected(registry, chosen)
    assert selection.name == "writing/fleet/1"
    assert selection.reason.startswith("chosen adapter refused: ")
    assert selection.reason.endswith("; the fleet's current writing adapter")


def test_one_that_could_not_be_loaded_falls_back_to_the_next(registry: Registry, tmp_path: Path) -> None:
    chosen = registry.get("writing/fleet/2")
    selection = selected(registry, chosen, {chosen.folder: "it does not fit"})
    assert selection.name == "writing/fleet/1" and "it does not fit" in selection.reason
    robots = registry.add(make_adapter(tmp_path / "robot's", scope="robot", scope_name="rover"))
    registry.set_current(robots)
    selection = selected(registry, None, {robots.folder: "it does not fit"})
    assert (selection.name, selection.reason) == (
        "writing/fleet/1",
        "robot adapter refused: it does not fit; the fleet's current writing adapter",
    )


def test_a_damaged_one_serves_again_when_it_is_mended(registry: Registry) -> None:
    weights = registry.get("writing/fleet/1").folder / WEIGHTS
    whole = weights.read_bytes()
    weights.write_bytes(whole[:-1])
    for _ in range(2):
        selection = selected(registry, None)
        assert selection.name is None and "sha256 differs" in selection.reason
    weights.write_bytes(whole)
    assert selected(registry, None).name == "writing/fleet/1"
