"""Plots of recall: hits beside plain search, and risk over coverage."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib import pyplot

from bench.recall_scores import Estimate
from bench.report import OUT

FEW = 10
"""The risk among fewer answers is not drawn."""

Groups = Mapping[str, Mapping[str, Estimate]]
Curve = tuple[Sequence[float], Sequence[float]]


def hits(path: str, ours: Groups, peers: Mapping[str, Groups], aims: Mapping[str, float]) -> None:
    """The first citation and, of search, the best hit, kind by kind, with intervals and aims."""
    groups = [group for group in ours if "s@1" in ours[group]]
    series: dict[str, list[Estimate | None]] = {
        "first citation": [ours[group].get("s@1") for group in groups],
        "search@1": [ours[group].get("search@1") for group in groups],
    }
    for name, peer in peers.items():
        series[f"{name} s@1"] = [peer.get(group, {}).get("s@1") for group in groups]
    figure, axes = pyplot.subplots(figsize=(9, 0.62 * len(groups) + 1.4), layout="constrained")
    height = 0.8 / len(series)
    for number, (name, found) in enumerate(series.items()):
        places = np.arange(len(groups)) + (number - (len(series) - 1) / 2) * height
        values = np.array([each.value if each else np.nan for each in found])
        errors = [[each.value - each.low if each else 0 for each in found]]
        errors += [[each.high - each.value if each else 0 for each in found]]
        axes.barh(places, values, height * 0.92, xerr=errors, error_kw={"elinewidth": 0.8}, label=name)
    for place, group in enumerate(groups):
        if group in aims:
            axes.plot([aims[group]] * 2, [place - 0.42, place + 0.42], color="black", linestyle="--", linewidth=1.2)
    axes.plot([], [], color="black", linestyle="--", linewidth=1.2, label="aim")
    axes.set_yticks(np.arange(len(groups)), groups)
    axes.set_ylim(len(groups) - 0.4, -0.6)
    axes.set_xlim(0, 1.02)
    axes.set_xlabel("share of the questions, with 95 % bootstrap intervals")
    axes.set_title("A gold memory comes first")
    axes.grid(axis="x", alpha=0.3)
    figure.legend(loc="outside lower center", ncols=len(series) + 1, fontsize=9)
    figure.savefig(OUT / path, dpi=130)
    pyplot.close(figure)


def risk(path: str, curves: Mapping[str, Curve]) -> None:
    """The share of wrong answers when only the more confident ones are given."""
    figure, axes = pyplot.subplots(figsize=(8, 5), layout="constrained")
    for name, (coverage, risks) in curves.items():
        thick = name.startswith("all")
        [line] = axes.plot(coverage[FEW:], risks[FEW:], label=name, linewidth=2.4 if thick else 1.2)
        axes.plot(coverage[-1:], risks[-1:], marker="o", markersize=4, color=line.get_color())
    axes.set_xlim(0, 1.02)
    axes.set_ylim(bottom=0)
    axes.set_xlabel("coverage: share of the questions that are answered (dot: as delivered)")
    axes.set_ylabel("risk: share of wrong answers among these")
    axes.set_title("Risk and coverage, by the score of the first citation")
    axes.grid(alpha=0.3)
    figure.legend(loc="outside lower center", ncols=4, fontsize=9)
    figure.savefig(OUT / path, dpi=130)
    pyplot.close(figure)
