"""The registry and its check: versions are whole or not there, and what is damaged is refused and named."""

import contextlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from adapters_to_test import BASE, beside_the_shipped, make_adapter, write_card
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shadowhound_memory.adapters.card import CARD, CONFIG, WEIGHTS
from shadowhound_memory.adapters.promotion import ADAPTER, RULES, serving
from shadowhound_memory.adapters.promotion import BASE as BASE_WAY
from shadowhound_memory.adapters.registry import Registry
from shadowhound_memory.adapters.selection import Serving, select
from shadowhound_memory.adapters.verify import AdapterRefused, verify
from shadowhound_memory.cli import main
from shadowhound_memory.prompts import template_hash

A = "base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight"


@pytest.fixture
def adapter(tmp_path: Path) -> Path:
    return make_adapter(tmp_path / "trained")


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    return Registry(tmp_path / "own", tmp_path / "shipped")


def chosen(registry: Registry, **changed: str | None):
    asked = {"robot_id": "rover", "base_sha256": BASE, "template_sha256": template_hash("writing")} | changed
    return select(registry, "writing", Serving(**asked))


def truncated(folder: Path, name: str) -> None:
    data = (folder / name).read_bytes()
    (folder / name).write_bytes(data[: len(data) // 2])


def rewritten(weights: dict, folder: Path) -> None:
    shutil.rmtree(folder)
    make_adapter(folder, weights)


def reconfigured(config: dict, folder: Path) -> None:
    shutil.rmtree(folder)
    make_adapter(folder, config=config)


FAULTS: dict[str, tuple[Callable[[Path], object], str]] = {
    "no card": (lambda folder: (folder / CARD).unlink(), "not written to the end"),
    "half a card": (lambda folder: truncated(folder, CARD), "card"),
    "a card of something else": (lambda folder: (folder / CARD).write_text("{}"), "task: Field required"),
    "no weights": (lambda folder: (folder / WEIGHTS).unlink(), f"{WEIGHTS} is missing"),
    "half the weights": (lambda folder: truncated(folder, WEIGHTS), "sha256 differs"),
    "half the weights, carded": (
        lambda folder: (truncated(folder, WEIGHTS), write_card(folder)),
        "no safetensors file",
    ),
    "a pickle beside": (lambda folder: (folder / "adapter_model.bin").write_bytes(b"\x80\x04N."), "adapter_model.bin"),
    "a pickle for weights": (
        lambda folder: ((folder / WEIGHTS).write_bytes(b"\x80\x04N."), write_card(folder)),
        "no safetensors file",
    ),
    "a card that lies about the rank": (lambda folder: write_card(folder, rank=16), "rank"),
    "a card and config that lie about the rank": (
        lambda folder: (
            (folder / CONFIG).write_text((folder / CONFIG).read_text().replace('"r": 2', '"r": 16')),
            write_card(folder, rank=16),
        ),
        "has rank 2, its card says 16",
    ),
    "a config that gives a layer another alpha": (
        lambda folder: reconfigured({"alpha_pattern": {"layers.0.self_attn.q_proj": 64}}, folder),
        "alpha_pattern",
    ),
    "a config that changes the base": (
        lambda folder: reconfigured({"init_lora_weights": "pissa"}, folder),
        "init_lora_weights pissa",
    ),
    "a config that trains whole modules": (
        lambda folder: reconfigured({"modules_to_save": ["lm_head"]}, folder),
        "modules_to_save",
    ),
    "other targets": (lambda folder: write_card(folder, targets=("v_proj",)), "targets"),
    "NaN": (lambda folder: rewritten({A: np.full((2, 8), np.nan, np.float32)}, folder), "not finite"),
    "infinity": (lambda folder: rewritten({A: np.full((2, 8), np.inf, np.float16)}, folder), "not finite"),
    "a tensor of another kind": (
        lambda folder: rewritten({"lm_head.weight": np.ones((2, 2), np.float32)}, folder),
        "lm_head.weight",
    ),
    "a number for a matrix": (lambda folder: rewritten({A: np.array(1, np.float32)}, folder), "has 0 dimensions"),
    "an alpha without end": (
        lambda folder: (folder / CARD).write_text((folder / CARD).read_text().replace('"alpha":4.0', '"alpha":1e999')),
        "alpha: Input should be a finite number",
    ),
    "a config nested without end": (
        lambda folder: ((folder / CONFIG).write_text("[" * 100_000), write_card(folder)),
        "cannot be understood",
    ),
    "whole numbers": (lambda folder: rewritten({A: np.ones((2, 8), np.int8)}, folder), "I8"),
    "another base": (lambda folder: write_card(folder, base_sha256="c" * 64), "trained on some-model"),
    "another prompt": (lambda folder: write_card(folder, template_sha256="c" * 64), "another prompt"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_damaged_version_is_refused_and_the_next_scope_serves(registry: Registry, adapter: Path, fault: str) -> None:
    good = registry.add(adapter)
    registry.set_current(good)
    write_card(adapter, scope="robot", scope_name="rover")
    bad = registry.add(adapter)
    registry.set_current(bad)
    assert chosen(registry).name == "writing/robot/1"
    damage, reason = FAULTS[fault]
    damage(bad.folder)
    verdict = chosen(registry)
    assert verdict.name == "writing/fleet/1"
    assert "robot adapter refused" in verdict.reason and reason in verdict.reason


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_no_changed_byte_passes(adapter: Path, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from([WEIGHTS, CONFIG]))
    whole = (adapter / name).read_bytes()
    place = data.draw(st.integers(0, len(whole) - 1))
    changed = bytearray(whole)
    changed[place] ^= data.draw(st.integers(1, 255))
    (adapter / name).write_bytes(changed)
    try:
        with pytest.raises(AdapterRefused, match="sha256 differs"):
            verify(adapter)
    finally:
        (adapter / name).write_bytes(whole)
    verify(adapter)


def test_versions_are_numbered_and_kept(registry: Registry, adapter: Path) -> None:
    assert [registry.add(adapter).name for _ in range(3)] == [f"writing/fleet/{number}" for number in (1, 2, 3)]
    assert chosen(registry).name is None  # none is current yet
    registry.set_current(registry.get("writing/fleet/2"))
    assert chosen(registry).name == "writing/fleet/2"


def test_what_is_refused_leaves_nothing_behind(registry: Registry, adapter: Path) -> None:
    registry.set_current(registry.add(adapter))
    truncated(adapter, WEIGHTS)
    with pytest.raises(AdapterRefused):
        registry.add(adapter)
    assert [entry.name for entry in registry.entries()] == ["writing/fleet/1"]
    assert chosen(registry).name == "writing/fleet/1"


def test_a_half_written_folder_is_listed_with_its_problem(registry: Registry, adapter: Path) -> None:
    shutil.copytree(adapter, registry.own / "writing/fleet/7")
    (registry.own / "writing/fleet/7" / CARD).unlink()
    (entry,) = registry.entries()
    assert entry.card is None and "not written to the end" in (entry.problem or "")
    with pytest.raises(AdapterRefused):
        registry.set_current(entry)


def test_the_own_comes_before_the_shipped_and_the_robot_before_site_and_fleet(
    registry: Registry, tmp_path: Path
) -> None:
    assert registry.shipped
    make_adapter(registry.shipped / "writing/fleet/shipped-9")
    make_adapter(registry.shipped / "writing/fleet/shipped-10")
    assert chosen(registry).name == "writing/fleet/shipped-10"
    for scope, name in (("fleet", "default"), ("site", "plant"), ("robot", "rover")):
        folder = make_adapter(tmp_path / scope, scope=scope, scope_name=name)
        registry.set_current(registry.add(folder))
        verdict = chosen(registry)
        assert verdict.name == f"writing/{scope}/1"
        assert scope in verdict.reason
    assert chosen(registry, robot_id="another").name == "writing/site/1"


def test_no_adapter_says_so(registry: Registry) -> None:
    assert "no writing adapter is registered" in chosen(registry).reason


def test_a_pointer_to_nothing_falls_back(registry: Registry, adapter: Path) -> None:
    registry.set_current(registry.add(adapter))
    shutil.rmtree(registry.own / "writing/fleet/1")
    assert "there is no adapter writing/fleet/1" in chosen(registry).reason


@pytest.mark.parametrize("name", ["", "writing", "writing/fleet", "../../etc", "writing/fleet/../../..", "a/b/c"])
def test_a_name_that_is_none_is_refused(registry: Registry, adapter: Path, name: str) -> None:
    registry.add(adapter)
    with pytest.raises(AdapterRefused, match="there is no adapter"):
        registry.get(name)


def figures(event: float, tags: float, inventions: float = 0.0) -> dict[str, float]:
    return {"rows": 60.0, "schema": 1.0, "event": event, "tag F1": tags, "inventions": inventions}


def measured(event: float, tags: float, inventions: float = 0.0, *, base: float = 0.7, rules: float = 0.75):
    ways = {ADAPTER: figures(event, tags, inventions), BASE_WAY: figures(base, base), RULES: figures(rules, rules)}
    return {"held out": ways | {beside_the_shipped(): figures(0.5, 0.5)}}


@pytest.mark.parametrize(
    ("evaluation", "reason"),
    [
        ({}, "no evaluation"),
        ({"held out": {RULES: figures(0.7, 0.7), BASE_WAY: figures(0.7, 0.7)}}, "no figures on held out"),
        (measured(0.75, 0.75), "is 0.750, rules has 0.750"),
        (measured(0.9, 0.9, base=0.95), "base, strict prompt, constrained has 0.950"),
        (measured(0.7, 0.9), "event is 0.700, rules has 0.750"),
        (measured(0.9, 0.9, 0.05), "uninvented is 0.950, rules has 1.000"),
        (measured(0.8, 0.8), "the present writing/site/1 has 0.825"),
        ({"few": {ADAPTER: figures(1.0, 1.0) | {"rows": 3.0}}}, "few has 3 rows, 30 are the least"),
    ],
)
def test_what_is_not_better_is_not_promoted(tmp_path: Path, evaluation, reason: str, capsys) -> None:
    registry = Registry(tmp_path / "adapters")
    data = ["--data-dir", str(tmp_path)]
    first = make_adapter(tmp_path / "first", scope="site", evaluation=measured(0.8, 0.85))
    assert main(["adapters", "promote", str(first), *data]) == 0
    worse = make_adapter(tmp_path / "worse", scope="site", evaluation=evaluation)
    assert main(["adapters", "promote", str(worse), *data]) == 1
    assert reason in " ".join(capsys.readouterr().err.split())
    assert chosen(registry).name == "writing/site/1"
    assert [entry.name for entry in registry.entries() if not entry.shipped] == ["writing/site/1"]


def test_the_first_of_a_scope_is_held_against_the_wider_one_that_it_would_replace(tmp_path: Path, capsys) -> None:
    registry = Registry(tmp_path / "adapters")
    for scope, base, value in (("fleet", BASE, 0.9), ("site", "c" * 64, 1.0)):  # the site's serves on another base
        trained = make_adapter(tmp_path / scope, scope=scope, base_sha256=base, evaluation=measured(value, value))
        registry.set_current(registry.add(trained))

    def promote(name: str, evaluation: dict) -> tuple[int, str]:
        own = make_adapter(tmp_path / name, scope="robot", scope_name="rover", evaluation=evaluation)
        code = main(["adapters", "promote", str(own), "--data-dir", str(tmp_path), "--robot-id", "rover"])
        told = capsys.readouterr()
        return code, " ".join((told.out + told.err).split())

    code, told = promote("worse", measured(0.85, 0.85))
    assert code == 1 and "is 0.850, the present writing/fleet/1 has 0.900" in told
    own_words = measured(0.8, 0.8)["held out"]
    code, told = promote("not compared", measured(0.95, 0.95) | {"own words": own_words})
    assert code == 1 and "the present writing/fleet/1 has no figures on own words" in told
    present = registry.get("writing/fleet/1").card
    assert present
    beside = f"{serving(present)}, constrained"
    code, told = promote("worse here", measured(0.95, 0.95) | {"own words": own_words | {beside: figures(0.9, 0.9)}})
    assert code == 1 and "on own words" in told and "the present writing/fleet/1 has 0.900" in told
    assert chosen(registry).name == "writing/fleet/1"
    code, told = promote("better", measured(0.95, 0.95) | {"own words": own_words | {beside: figures(0.7, 0.7)}})
    assert code == 0 and chosen(registry).name == "writing/robot/1"
    code, told = promote("unmeasured", {"elsewhere": measured(1.0, 1.0)["held out"]})
    assert code == 1 and "the present writing/robot/1 has no figures on elsewhere" in told


@pytest.mark.parametrize("fault", FAULTS)
def test_what_is_damaged_is_not_promoted_whatever_its_figures(tmp_path: Path, fault: str, capsys) -> None:
    data = ["--data-dir", str(tmp_path)]
    registry = Registry(tmp_path / "adapters")
    registry.set_current(registry.add(make_adapter(tmp_path / "serving")))
    bad = make_adapter(tmp_path / "bad")
    damage, reason = FAULTS[fault]
    damage(bad)
    with contextlib.suppress(OSError, ValueError):
        card = json.loads((bad / CARD).read_bytes())
        (bad / CARD).write_text(json.dumps(card | {"evaluation": measured(1.0, 1.0)} if card else card))
    before = sorted(registry.own.rglob("*"))
    assert main(["adapters", "promote", str(bad), *data]) == 1
    told = " ".join(capsys.readouterr().err.split())
    assert reason in told and "Traceback" not in told
    assert sorted(registry.own.rglob("*")) == before
    assert chosen(registry).name == "writing/fleet/1"


def test_another_robots_version_does_not_take_the_place_of_this_ones(tmp_path: Path, monkeypatch, capsys) -> None:
    monkeypatch.chdir(make_adapter(tmp_path / "other", scope="robot", scope_name="default", evaluation=measured(1, 1)))
    assert main(["adapters", "promote", ".", "--data-dir", str(tmp_path), "--robot-id", "rover"]) == 1
    assert "it is the robot default's, and this is rover" in " ".join(capsys.readouterr().err.split())
    assert Registry(tmp_path / "adapters").current("writing", "robot") is None
    assert main(["adapters", "promote", ".", "--data-dir", str(tmp_path), "--robot-id", "default"]) == 0


def test_what_is_better_serves_and_can_be_rolled_back(tmp_path: Path, capsys) -> None:
    data = ["--data-dir", str(tmp_path)]
    for number, event in enumerate((0.8, 0.9)):
        folder = make_adapter(tmp_path / str(number), scope="site", evaluation=measured(event, event))
        assert main(["adapters", "promote", str(folder), *data]) == 0
    own = Registry(tmp_path / "adapters")
    assert chosen(own).name == "writing/site/2"
    assert main(["adapters", "rollback", "writing/site", *data]) == 0
    assert chosen(own).name == "writing/site/1"
    assert main(["adapters", "rollback", "writing/site", *data]) == 0
    assert main(["adapters", "rollback", "nope", *data]) == 1
    assert "'nope': write TASK/SCOPE, such as writing/site" in " ".join(capsys.readouterr().err.split())
    assert main(["adapters", "verify", "--model", "none", *data]) == 1
    assert "the settings name none: give --model" in " ".join(capsys.readouterr().err.split())
    assert main(["adapters", "rollback", "writing/site", *data]) == 1
    assert "no writing adapter of this robot" in capsys.readouterr().err


def test_the_command_lists_shows_and_verifies(adapter: Path, tmp_path: Path, capsys) -> None:
    data = ["--data-dir", str(tmp_path)]
    write_card(adapter, scope="site", base_sha256="c" * 64)
    Registry(tmp_path / "adapters").add(adapter)
    assert main(["adapters", "list", "--json", *data]) == 0
    assert '"writing/site/1"' in capsys.readouterr().out
    assert main(["adapters", "show", "writing/site/1", *data]) == 0
    assert json.loads(capsys.readouterr().out)["rank"] == 2
    assert main(["adapters", "verify", "writing/site/1", *data]) == 1  # made for another base than the default one
    assert "trained on some-model" in capsys.readouterr().out
    assert main(["adapters", "show", *data]) == 1
    assert "takes the name" in capsys.readouterr().err
