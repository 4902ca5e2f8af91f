"""How well tracks are made, and what ten identical patrols cost."""

import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from bench.recall_banks import Banks, answered, fill
from bench.recall_data import Scene
from bench.recall_scores import score, summarize
from bench.recall_tracks import Tally, judge
from bench.report import Figure
from shadowhound_memory.manager import MemoryManager
from shadowhound_memory.settings import Settings

SOURCES = ("thor_moves", "alfred")
BAR = 0.02
PATROLS = 10
PATROLLED = 3
"""Scenes of each source that are patrolled, the largest."""
DAY = 86_400.0


def run(banks: Banks, scenes: Sequence[Scene], figures: list[Figure], detail: dict[str, Any]) -> None:
    """Measure tracks on the sources that have gold for them, and patrols of their largest scenes."""
    for source in SOURCES:
        own = [scene for scene in scenes if scene.source == source]
        if not own:
            continue
        tally: Tally = Counter()
        wrong: list[str] = []
        for scene in own:
            with MemoryManager.open(Settings(data_dir=str(banks.bank(scene)), model="none"), read_only=True) as manager:
                tally += judge(scene, manager.tracks(), wrong)
        detail[f"tracks, {source}"] = dict(tally) | {"wrong": wrong}
        figures += [
            _share(
                f"{source}: wrong merges",
                tally["wrong joins"],
                tally["joins"],
                f"joins ({tally['of another thing']} of another thing, the others of its other place)",
            ),
            _share(
                f"{source}: wrong retirements",
                tally["wrongly retired"],
                tally["judged retired"],
                "retired tracks judged",
            ),
        ]
        if tally["left places"]:
            found = _share(f"{source}: moves found", tally["left places found"], tally["left places"], "left places")
            figures.append(replace(found, bar=None, better="higher"))
        largest = sorted(own, key=lambda scene: -len(scene.rows))[:PATROLLED]
        _patrols(source, [patrolled(scene) for scene in largest], figures, detail)


def _share(name: str, part: int, whole: int, of: str) -> Figure:
    return Figure(name, part / whole if whole else None, "", BAR, "lower", f"{part} of {whole} {of}")


def patrolled(scene: Scene) -> Scene:
    """What one patrol sees, and what is asked of it: in thor_moves the last visit, in alfred all of it."""
    rows = scene.rows
    if scene.source == "thor_moves":
        rows = [row for row in rows if row["mission_id"] == rows[-1]["mission_id"]]
    ids = {row["id"] for row in rows}
    groups = ("thor now", "alfred paraphrase")
    questions = [asked for asked in scene.questions if asked.group in groups and ids.issuperset(asked.gold)]
    return Scene(scene.name, scene.source, rows, questions)


def repeated(scene: Scene, times: int) -> Scene:
    """The same patrol so many times, a day between one's end and the next one's beginning; any copy of gold is gold."""
    stamps = [row["timestamp"] for row in scene.rows]
    period = max(stamps) - min(stamps) + DAY

    def copy(row: dict[str, Any], number: int) -> dict[str, Any]:
        later = {"timestamp": row["timestamp"] + number * period, "end": None}
        return row | later | {"id": f"{row['id']}/{number}", "mission_id": f"{row['mission_id']}/{number}"}

    rows = [copy(row, number) for number in range(times) for row in scene.rows]
    questions = [
        replace(asked, gold=tuple(f"{each}/{number}" for each in asked.gold for number in range(times)))
        for asked in scene.questions
    ]
    return Scene(scene.name, scene.source, rows, questions)


def _patrols(source: str, scenes: Sequence[Scene], figures: list[Figure], detail: dict[str, Any]) -> None:
    after: dict[int, dict[str, Any]] = {}
    for times in (1, PATROLS):
        tracks, size, seconds = 0, 0, []
        scored = []
        for scene in (repeated(each, times) for each in scenes):
            with tempfile.TemporaryDirectory(prefix="bench-patrols-") as temporary:
                fill(Path(temporary), scene)
                size += sum(path.stat().st_size for path in Path(temporary).glob("memory.sqlite*"))
                with MemoryManager.open(Settings(data_dir=temporary, model="none"), read_only=True) as manager:
                    tracks += len(manager.tracks())
                    for asked in scene.questions:
                        start = time.perf_counter()
                        result = answered(manager, asked, scene.asked_at)
                        seconds.append(time.perf_counter() - start)
                        scored.append(("all", score(asked, result)))
        found = summarize(scored)["all"]
        after[times] = {
            "tracks": tracks, "bytes": size, "p50_ms": 1e3 * statistics.median(seconds), "questions": len(seconds),
            "s@1": found["s@1"].value, "search@5": found["search@5"].value, "metres": found["metres"].value,
        }  # fmt: skip
    one, ten = after[1], after[PATROLS]
    detail[f"patrols, {source}"] = after
    rows = sum(len(scene.rows) for scene in scenes)
    each = (ten["bytes"] - one["bytes"]) / (PATROLS - 1) / len(scenes)
    name, number = f"{source}, {PATROLS} identical patrols", f"{ten['questions']} questions"
    figures += [
        Figure(
            f"{name}: tracks", ten["tracks"] / one["tracks"], "x one patrol's", 1.1, "lower",
            f"{one['tracks']} → {ten['tracks']}, {len(scenes)} scenes",
        ),
        Figure(f"{name}: SQLite per patrol", each / 1e3, "kB", note=f"{rows / len(scenes):.0f} memories a patrol"),
        Figure(
            f"{name}: s@1", ten["s@1"], "", one["s@1"], "higher",
            f"bar: after one; {number}, search@5 {one['search@5']:.3f} → {ten['search@5']:.3f}",
        ),
        Figure(f"{name}: recall p50", ten["p50_ms"], "ms", note=f"after one {one['p50_ms']:.1f} ms, {number}"),
    ]  # fmt: skip
