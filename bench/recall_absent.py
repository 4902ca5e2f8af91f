"""Questions about what a store does not hold: the right answer is that there is no memory of it."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bench.recall_banks import Banks
from bench.recall_data import SOURCES, Asked, Scene
from bench.recall_scores import Estimate, estimate
from shadowhound_memory.words import stem, words

FILE = Path(__file__).parent / "data" / "absent.jsonl"
SCENES_EACH = 3
"""Each question is put to one scene of each of so many sources."""

Put = list[tuple[Scene, Asked]]


def stemmed(text: str) -> str:
    """The stems of all words in their order, each between blanks."""
    return f" {' '.join(stem(word.removesuffix(chr(39) + 's')) for word in words(text))} "


def put(scenes: Sequence[Scene], rows: Sequence[dict[str, Any]], seed: int = 0) -> Put:
    """Each question with scenes in which none of its absent words or phrases occurs, drawn by the seed."""
    random = np.random.default_rng(seed)
    told = {scene.name: stemmed(" . ".join(row["text"] for row in scene.rows)) for scene in scenes}
    asked: Put = []
    for number, row in enumerate(rows):
        absent = [stemmed(each) for each in row["absent"]]
        sources = [source for source in SOURCES if any(scene.source == source for scene in scenes)]
        drawn = 0
        for source in random.permutation(sources):
            free = [
                scene
                for scene in scenes
                if scene.source == source and not any(each in told[scene.name] for each in absent)
            ]
            if free and drawn < SCENES_EACH:
                scene = free[int(random.integers(len(free)))]
                asked.append((scene, Asked(f"absent-{number}", row["question"], f"absent {row['kind']}", "text", ())))
                drawn += 1
    return asked


def read() -> list[dict[str, Any]]:
    """The questions of `data/absent.jsonl`; none where it is missing."""
    return [json.loads(line) for line in FILE.read_text().splitlines() if line.strip()] if FILE.exists() else []


def ask(banks: Banks, asked: Put) -> list[tuple[Scene, Asked, dict[str, Any]]]:
    """What the scenes' memories answer."""
    answered = []
    by_scene: dict[str, Put] = {}
    for scene, question in asked:
        by_scene.setdefault(scene.name, []).append((scene, question))
    for pairs in by_scene.values():
        scene = pairs[0][0]
        results = banks.ask(scene, [question for _, question in pairs])
        answered += [(scene, question, result) for (_, question), result in zip(pairs, results, strict=True)]
    return answered


def rates(answered: Sequence[tuple[Scene, Asked, dict[str, Any]]]) -> dict[str, Estimate]:
    """Kind of question -> share of abstentions. Drawn are questions, since one question's scenes go together."""
    shares: dict[str, dict[str, list[float]]] = {}
    for _, question, result in answered:
        shares.setdefault(question.group, {}).setdefault(question.id, []).append(float(result["abstained"]))
    return {
        group: estimate([sum(values) / len(values) for values in each.values()])
        for group, each in sorted(shares.items(), reverse=True)
    }


def risk_coverage(confidence: Sequence[float], wrong: Sequence[bool]) -> tuple[list[float], list[float]]:
    """Coverage and risk as the least confident answers are withheld one by one (El-Yaniv and Wiener 2010).

    Confidence is minus infinity where there was no answer: such questions count in the coverage's denominator alone.
    """
    order = np.argsort(-np.asarray(confidence), kind="stable")
    given = int(np.isfinite(confidence).sum())
    errors = np.cumsum(np.asarray(wrong, float)[order][:given])
    count = np.arange(1, given + 1)
    return (count / len(confidence)).tolist(), (errors / count).tolist()
