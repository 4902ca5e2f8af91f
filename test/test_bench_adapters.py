"""How the benchmark of adapters judges what training.evaluate measured."""

from pathlib import Path

import pytest

from bench import adapters, report
from shadowhound_memory.adapters.promotion import ADAPTER, BASE, RULES


def way(event: float, inventions: float = 0.0, tokens: float = 50) -> dict[str, float]:
    return {"schema": 1.0, "event": event, "tag F1": 0.85, "inventions": inventions, "prompt tokens": tokens}


def verdicts(measured: adapters.Measured) -> dict[str, str]:
    return {figure.name: figure.verdict for figure in adapters.judged("writing", measured)}


def test_figures_stand_beside_their_aims_base_and_rules() -> None:
    ways = {ADAPTER: way(0.9, 0.04), BASE: way(0.7, tokens=160), RULES: way(0.91, tokens=0)}
    found = verdicts({"observations": ways, "observations_other": ways})
    assert found["observations: schema"] == "met" and found["observations: schema, ahead of base and rules by"] == "met"
    assert found["observations: event"] == "met" and found["observations: inventions"] == "missed"
    assert found["observations: event, ahead of base and rules by"] == "missed"  # rules are better
    assert found["observations: prompt tokens"] == "met"
    assert {verdict for name, verdict in found.items() if name.startswith("observations_other")} == {""}


def test_what_is_not_shipped_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report, "OUT", tmp_path)
    monkeypatch.setattr("shadowhound_memory.adapters.registry._shipped_folder", lambda: None)
    adapters.run_quality()
    figures = (report.read(adapters.PART) or {})["figures"]
    assert {figure["verdict"] for figure in figures} == {"not measured"}
    assert "no recall adapter is shipped" in (tmp_path / f"{adapters.PART}.md").read_text()
