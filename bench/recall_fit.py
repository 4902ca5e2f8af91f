"""`python -m bench recall_fit`: the constants of `recall/relevance.py` and `min_score`, fitted on half 1 of the scenes.

REPLY is what finds most in conversations. SLOPE and INTERCEPT are the logistic regression of "the memory answered from
is a gold one" on its sum (Platt 1999) when `min_score` refuses nothing, over questions for a place, a time or words,
those about what is not there included, each group of the same weight. The probabilities are then compared with half 2,
beside what `min_score` would refuse there.
"""

import argparse
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bench import recall_absent
from bench.recall_banks import Banks, Result, answered
from bench.recall_data import DEFAULT, Asked, Scene, chosen, load
from shadowhound_memory.manager import MemoryManager
from shadowhound_memory.recall import relevance
from shadowhound_memory.settings import Settings

REPLIES = (0.0, 0.5, 1.0, 1.5, 2.0)
KINDS = ("place", "time", "text")
THRESHOLDS = (0.05, 0.1, 0.15, 0.17, 0.2, 0.25, 0.3, 0.4)
BINS = np.linspace(0, 1, 11)
LEAST = 1e-4
"""Scores are kept with four decimals."""

Floats = npt.NDArray[np.float64]


def main(arguments: Sequence[str]) -> None:
    """Print the fit and its calibration."""
    parser = argparse.ArgumentParser(prog="python -m bench recall_fit", description=__doc__)
    parser.add_argument("--data", type=Path, default=DEFAULT, help="directory of the data (default: ../shared/data)")
    scenes, banks = load(parser.parse_args(arguments).data), Banks()
    halves = {half: [scene for scene in chosen(scenes, half, (), None) if scene.questions] for half in ("1", "2")}
    used, fitted = (relevance.SLOPE, relevance.INTERCEPT), fit(*_data(banks, halves["1"]))
    sums, right, weights = _data(banks, halves["2"])
    for name, (slope, intercept) in (("fitted on half 1", fitted), ("in use", used)):
        scores = 1 / (1 + np.exp(-slope * sums - intercept))
        print(f"\n{name}: SLOPE {slope:.2f}, INTERCEPT {intercept:.2f}; on half 2 predicted, right, n:")
        for low, high in pairwise(BINS):
            if len(inside := np.flatnonzero((scores >= low) & (scores < high))):
                said, was = (np.average(each[inside], weights=weights[inside]) for each in (scores, right))
                print(f"  {said:.2f}  {was:.2f}  {len(inside):5d}")
        print(f"  Brier score {np.average((scores - right) ** 2, weights=weights):.3f}")
    print("min_score, share of what is right and of what is wrong on half 2 that it lets through:")
    for least in THRESHOLDS:
        kept = [np.average(scores[right == which] >= least, weights=weights[right == which]) for which in (1, 0)]
        print(f"  {least:.2f}  {kept[0]:.3f}  {kept[1]:.3f}")
    print("REPLY: share of conversations' questions with a gold memory among the first 1, 5, 10 (half 1)")
    for reply in REPLIES:
        print(f"  {reply}:", _search_hits(banks, [scene for scene in halves["1"] if scene.source == "locomo"], reply))


def fit(sums: Floats, right: Floats, weights: Floats) -> tuple[float, float]:
    """Slope and intercept of the likeliest logistic model, by 20 steps of Newton's method."""
    inputs, shares = np.stack([sums, np.ones(len(sums))], 1), weights / weights.sum()
    found = np.zeros(2)
    for _ in range(20):
        predicted = 1 / (1 + np.exp(-inputs @ found))
        bend = (inputs.T * (shares * predicted * (1 - predicted))) @ inputs
        found += np.linalg.solve(bend, inputs.T @ (shares * (right - predicted)))
    return float(found[0]), float(found[1])


def _data(banks: Banks, scenes: Sequence[Scene]) -> tuple[Floats, Floats, Floats]:
    """Of the first citation of each answer: its sum, 1 where it is a gold memory, and the question's weight."""
    about = [(scene, asked) for scene in scenes for asked in scene.questions if asked.gold]
    about += recall_absent.put(scenes, recall_absent.read())
    rows = [
        (asked, result)
        for scene in scenes
        for asked, result in _ask(banks, scene, [asked for of, asked in about if of is scene])
        if result["cited"] and result["plan"].get("kind") in KINDS
    ]
    scores = np.clip([result["scores"][0] for _, result in rows], LEAST, 1 - LEAST)
    sums = (np.log(scores / (1 - scores)) - relevance.INTERCEPT) / relevance.SLOPE
    right = np.array([float(result["cited"][0] in asked.gold) for asked, result in rows])
    sizes = Counter(asked.group for asked, _ in rows)
    return sums, right, np.array([1 / sizes[asked.group] for asked, _ in rows])


def _search_hits(banks: Banks, scenes: Sequence[Scene], reply: float) -> list[float]:
    relevance.REPLY = reply
    found = [
        (set(asked.gold), of["candidates"]) for scene in scenes for asked, of in _ask(banks, scene, scene.questions)
    ]
    return [round(float(np.mean([bool(gold & set(first[:k])) for gold, first in found])), 3) for k in (1, 5, 10)]


def _ask(banks: Banks, scene: Scene, questions: Sequence[Asked]) -> list[tuple[Asked, Result]]:
    """The questions with what is answered when no memory is too unlikely."""
    settings = Settings(data_dir=str(banks.bank(scene)), model="none", min_score=0.0)
    with MemoryManager.open(settings, read_only=True) as manager:
        return [(asked, answered(manager, asked, scene.asked_at)) for asked in questions]
