"""Forgetting reaches adapters: what was trained on a memory that goes is named, marked and serves no more."""

import json
from pathlib import Path

import pytest
from adapters_to_test import BASE, beside_the_shipped, make_adapter
from hypothesis import HealthCheck, given
from hypothesis import settings as budget
from hypothesis import strategies as st

from shadowhound_memory.adapters.card import memory_sha256
from shadowhound_memory.adapters.registry import Registry
from shadowhound_memory.adapters.selection import Selection, Serving, select
from shadowhound_memory.adapters.verify import AdapterRefused, forgotten_mark
from shadowhound_memory.cli import main
from shadowhound_memory.manager import MemoryManager
from shadowhound_memory.prompts import template_hash
from shadowhound_memory.record import Observation
from shadowhound_memory.settings import Settings


@pytest.fixture
def registry(settings: Settings, tmp_path: Path) -> Registry:
    return Registry(settings.directory / "adapters", tmp_path / "shipped")


def chosen(registry: Registry) -> Selection:
    return select(registry, "writing", Serving("robot", BASE, template_hash("writing")))


def trained(folder: Path, *memories: str, **card: object) -> Path:
    return make_adapter(folder, memories=[memory_sha256(one) for one in memories], **card)


def test_an_adapter_trained_on_what_goes_is_named_and_serves_no_more(
    memory: MemoryManager, registry: Registry, tmp_path: Path
) -> None:
    one, two = (memory.write(Observation(text=text), wait=60) for text in ("A visitor named Ada.", "A spare wheel."))
    for folder, ids in (("kept", [two.id]), ("reached", [one.id, two.id])):
        registry.set_current(registry.add(trained(tmp_path / folder, *ids)))
    assert chosen(registry).name == "writing/fleet/2"

    assert memory.forget([one.id], dry_run=True).adapters == ("writing/fleet/2",)
    assert chosen(registry).name == "writing/fleet/2"
    assert memory.forget([one.id]).adapters == ("writing/fleet/2",)

    verdict = chosen(registry)
    assert verdict.name is None and "were forgotten since" in verdict.reason
    mark = json.loads(forgotten_mark(registry.own / "writing/fleet/2").read_text())
    assert mark["memories"] == 1 and mark["at"] > 0
    with pytest.raises(AdapterRefused, match="forgotten"):
        registry.set_current(registry.get("writing/fleet/2"))
    rolled_back = registry.roll_back("writing", "fleet")
    assert rolled_back and rolled_back.name == chosen(registry).name == "writing/fleet/1"


def test_a_correction_takes_what_it_superseded_along(memory: MemoryManager, registry: Registry, tmp_path: Path) -> None:
    old = memory.write(Observation(text="A visitor named Ada."), wait=60)
    registry.add(trained(tmp_path / "trained", old.id))
    new = memory.correct(old.id, text="A visitor named Eve.")
    assert memory.forget([new.id]).adapters == ("writing/fleet/1",)


def test_what_is_made_from_a_marked_version_is_marked_and_none_is_made_later(
    memory: MemoryManager, registry: Registry, tmp_path: Path
) -> None:
    seen = memory.write(Observation(text="A visitor named Ada."), wait=60)
    registry.add(trained(tmp_path / "trained", seen.id))
    registry.add(trained(tmp_path / "other"))
    registry.add(trained(tmp_path / "composed", parents=("writing/fleet/1", "writing/fleet/2")))
    registry.add(trained(tmp_path / "composed again", parents=("writing/fleet/3",)))
    names = {f"writing/fleet/{number}" for number in (1, 3, 4)}
    assert set(memory.forget([seen.id]).adapters) == names
    assert {entry.name for entry in registry.entries() if entry.problem} == names
    with pytest.raises(AdapterRefused, match="forgotten"):
        registry.add(tmp_path / "composed")


def test_an_adapter_that_was_in_training_meanwhile_is_not_taken_over(
    memory: MemoryManager, registry: Registry, tmp_path: Path
) -> None:
    seen = memory.write(Observation(text="A visitor named Ada."), wait=60)
    folder = trained(tmp_path / "trained", seen.id)
    assert memory.forget([seen.id]).adapters == ()
    with pytest.raises(AdapterRefused, match="forgotten"):
        registry.add(folder)
    assert registry.entries() == []


def test_a_number_whose_mark_is_left_is_not_given_again(registry: Registry, tmp_path: Path) -> None:
    (registry.own / "writing/fleet").mkdir(parents=True)
    forgotten_mark(registry.own / "writing/fleet/3").touch()
    assert registry.add(trained(tmp_path / "trained")).name == "writing/fleet/4"


def test_a_marked_version_is_no_rival_to_one_that_is_promoted(
    memory: MemoryManager, settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    seen = memory.write(Observation(text="A visitor named Ada."), wait=60)
    ways = ("rules", "base, strict prompt, constrained", beside_the_shipped(), "adapter, constrained")
    folders = []
    for name, figure in (("better", 0.9), ("worse", 0.8)):
        measures = dict.fromkeys(("schema", "event", "tag F1"), figure) | {"rows": 60.0}
        low = dict.fromkeys(measures, 0.5)
        evaluation = {"held out": dict(zip(ways, (low, low, low, measures), strict=True))}
        ids = [seen.id] if name == "better" else []
        folders.append(trained(tmp_path / name, *ids, scope="site", evaluation=evaluation))

    def promote(name: str) -> int:
        return main(["adapters", "promote", name, "--data-dir", str(settings.directory)])

    assert promote(str(folders[0])) == 0
    assert promote(str(folders[1])) == 1
    memory.forget([seen.id])
    assert promote("writing/site/1") == 1
    assert "forgotten since" in " ".join(capsys.readouterr().err.split())
    assert promote(str(folders[1])) == 0


@budget(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_exactly_the_versions_that_rest_on_what_went_are_reached(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    registry = Registry(tmp_path_factory.mktemp("registry") / "own", tmp_path_factory.mktemp("shipped"))
    names = st.lists(st.sampled_from("abcde"), unique=True, max_size=3)
    rests_on: dict[str, set[str]] = {}
    for number in range(data.draw(st.integers(1, 5))):
        memories = data.draw(names)
        parents = data.draw(st.lists(st.sampled_from(sorted(rests_on)), unique=True, max_size=2)) if rests_on else []
        folder = trained(tmp_path_factory.mktemp("trained") / str(number), *memories, parents=parents)
        rests_on[registry.add(folder).name] = set(memories).union(*(rests_on[parent] for parent in parents))
    marked: set[str] = set()
    for _ in range(2):
        going = data.draw(names)
        reached = {name for name, memories in rests_on.items() if memories & set(going)}
        hashes = [memory_sha256(one) for one in going]
        assert set(registry.forget(hashes, dry_run=True)) == reached
        assert set(registry.forget(hashes)) == reached
        marked |= reached
        assert {entry.name for entry in registry.entries() if entry.problem} == marked
