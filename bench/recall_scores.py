"""What an answer is worth beside its gold, and what many are, with bootstrap intervals."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from bench.recall_data import Asked

RESAMPLES = 2000
LEVEL = 0.95
DEPTHS = (1, 5, 10)
MEDIANS = ("metres", "minutes")
"""Scores of which the median is told; of all others the mean."""
METRICS = (
    "s@1", "s@5", "s@10", "search@1", "search@5", "search@10", "false abstention", "citation precision", "gold cited",
    "metres", "minutes", "count exact", "yes/no exact", "false answer",
)  # fmt: skip

Scores = dict[str, float]


@dataclass(frozen=True)
class Estimate:
    """A mean or median over n questions with its 95 % bootstrap interval."""

    value: float
    low: float
    high: float
    n: int


def score(asked: Asked, result: dict[str, Any]) -> Scores:
    """What applies to this question of:

    - s@1: the first citation is a gold memory; search@k: one of the first k candidates is
    - false abstention: it has a gold memory, yet there is no answer
    - citation precision: share of the citations that are gold; gold cited: share of gold that is cited
    - metres, minutes: the answer's distance to the gold place (in the plane) and time (0 inside a span), infinite
      where the answer gives none
    - count exact, yes/no exact: the answer's value is the gold's
    - false answer: an answer is given and it is wrong: not exact where that applies, else its first citation no gold
    """
    gold, cited, abstained = set(asked.gold), result["cited"], result["abstained"]
    scores: Scores = {}
    if gold:
        hit = bool(cited) and cited[0] in gold
        scores["s@1"] = float(hit)
        scores |= {f"search@{k}": float(not gold.isdisjoint(result["candidates"][:k])) for k in DEPTHS}
        scores["false abstention"] = float(abstained)
        scores["false answer"] = float(not abstained and not hit)
        if cited:
            scores["citation precision"] = sum(each in gold for each in cited) / len(cited)
        if asked.kind in ("changed", "count"):
            scores["gold cited"] = len(gold.intersection(cited)) / len(gold)
    if asked.kind == "place" and asked.place:
        scores["metres"] = math.dist(result["place"], asked.place) if result["place"] else math.inf
    if asked.kind == "time" and asked.time:
        scores["minutes"] = _minutes(result["time"], asked.time)
    exact: bool | None = None
    if asked.kind == "count":
        exact = result["count"] == asked.answer
        scores["count exact"] = float(exact)
    elif asked.answer in ("yes", "no"):
        exact = result["yes"] is not None and result["yes"] == (asked.answer == "yes")
        scores["yes/no exact"] = float(exact)
    if exact is not None:
        scores["false answer"] = float(not abstained and not exact)
    return scores


def is_right(scores: Scores) -> bool:
    """Whether the answer is exact where that applies, else whether its first citation is gold."""
    exact = scores.get("count exact", scores.get("yes/no exact"))
    return (scores["s@1"] if exact is None else exact) == 1.0


def _minutes(time: float | None, span: tuple[float, float]) -> float:
    return math.inf if time is None else max(span[0] - time, time - span[1], 0.0) / 60


def estimate(values: Sequence[float], of: Literal["mean", "median"] = "mean", seed: int = 0) -> Estimate:
    """The mean or median with its percentile bootstrap interval (Efron 1979), questions drawn with replacement."""
    array = np.asarray(values, float)
    drawn = array[np.random.default_rng(seed).integers(0, len(array), (RESAMPLES, len(array)))]
    if of == "mean":
        centre, means = array.mean(), drawn.mean(axis=1)
    else:  # an order statistic, since some values are infinite
        centre = np.percentile(array, 50, method="inverted_cdf")
        means = np.percentile(drawn, 50, axis=1, method="inverted_cdf")
    edges = (50 * (1 - LEVEL), 50 * (1 + LEVEL))
    low, high = np.percentile(means, edges, method="inverted_cdf")
    return Estimate(float(centre), float(low), float(high), len(array))


def summarize(scored: Iterable[tuple[str, Scores]]) -> dict[str, dict[str, Estimate]]:
    """Group -> metric -> estimate, of scores with their groups."""
    values: dict[str, dict[str, list[float]]] = {}
    for group, scores in scored:
        for metric, value in scores.items():
            values.setdefault(group, {}).setdefault(metric, []).append(value)
    return {
        group: {
            metric: estimate(metrics[metric], "median" if metric in MEDIANS else "mean")
            for metric in METRICS
            if metric in metrics
        }
        for group, metrics in values.items()
    }


def ranked(asked: Asked, found: Sequence[str], place: tuple[float, float] | None) -> Scores:
    """The scores of a search that answers with the best it finds: its memories in order and the place of the first."""
    gold = set(asked.gold)
    scores = {f"s@{k}": float(not gold.isdisjoint(found[:k])) for k in DEPTHS} if gold else {}
    if asked.kind == "place" and asked.place:
        scores["metres"] = math.dist(place, asked.place) if place else math.inf
    return scores
