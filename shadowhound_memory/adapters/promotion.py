"""Whether a version may serve its task and scope: its card's figures against the present version, base and rules."""

from contextlib import suppress

from shadowhound_memory.adapters.card import WEIGHTS, AdapterCard
from shadowhound_memory.adapters.registry import Entry, Registry
from shadowhound_memory.adapters.selection import ORDER, Serving
from shadowhound_memory.adapters.verify import AdapterRefused
from shadowhound_memory.models.base import Task

ADAPTER, BASE, RULES = "adapter, constrained", "base, strict prompt, constrained", "rules"
"""The ways of doing a task that `training.evaluate --card` writes on the card, by data set (name and hash)."""
CONTENT: dict[Task, tuple[str, ...]] = {"writing": ("event", "tag F1"), "recall": ("parts right", "abstains")}
"""What a version must be better at, on average."""
KEPT: dict[Task, tuple[str, ...]] = {
    "writing": ("schema", "event", "tag F1", "uninvented"),
    "recall": ("parts right", "abstains", "citation precision", "supported"),
}
"""What it must not lose."""
LEAST_ROWS = 30
"""A set of fewer rows decides nothing: of 30 one row is three hundredths."""
MARGIN = 0.01
BUDGET = 0.02


def present_version(registry: Registry, candidate: AdapterCard, base_sha256: str) -> Entry | None:
    """What serves on this base where the candidate would: its scope's current version, else the next wider scope's."""
    serving = Serving(candidate.scope_name, base_sha256, candidate.template_sha256)
    for scope in ORDER[ORDER.index(candidate.scope) :]:
        with suppress(AdapterRefused, OSError):
            if entry := registry.current(candidate.task, scope):
                serving.check(entry)
                return entry
    return None


def serving(present: AdapterCard) -> str:
    """The way that `training.evaluate --data-dir` measures as what serves now, told by the hash of its weights."""
    return f"serving {present.files[WEIGHTS][:12]}"


def check_promotion(candidate: AdapterCard, present: Entry | None) -> None:
    """Raise AdapterRefused, with the figure, unless the candidate beats all on each set it was measured on, all of
    LEAST_ROWS or more.

    It must be better than the present version, the base and the rules by MARGIN in the mean of its task's CONTENT
    (event accuracy and tag F1; right answers and abstentions), and in no measure of KEPT worse than any by more than
    BUDGET. The present version's figures are those measured beside the candidate, else its own card's on the same data.
    """
    if candidate.task not in CONTENT:
        raise AdapterRefused(f"there are no measures for {candidate.task}; {' and '.join(CONTENT)} can be promoted")
    if not candidate.evaluation:
        raise AdapterRefused("its card has no evaluation; run `python -m training.evaluate … --card` on held-out data")
    for name, ways in candidate.evaluation.items():
        rivals = {way: ways.get(way) for way in (RULES, BASE)}
        if present and present.card:
            beside = ways.get(f"{serving(present.card)}, constrained")
            rivals[f"the present {present.name}"] = beside or present.card.evaluation.get(name, {}).get(ADAPTER)
        ours = ways.get(ADAPTER)
        if ours and (rows := int(ours.get("rows", 0))) < LEAST_ROWS:
            raise AdapterRefused(f"{name} has {rows} rows, {LEAST_ROWS} are the least that decide; hold out more")
        for rival, theirs in rivals.items():
            if ours is None or theirs is None:
                raise AdapterRefused(
                    f"{'its card' if ours is None else rival} has no figures on {name}; measure both with "
                    "`python -m training.evaluate … --card --data-dir DIR`"
                )
            _compare(candidate.task, name, rival, _measures(ours), _measures(theirs))


def _measures(figures: dict[str, float]) -> dict[str, float]:
    return figures | {
        "uninvented": 1 - figures.get("inventions", 0.0),
        "supported": 1 - figures.get("unsupported", 0.0),
    }


def _compare(task: Task, name: str, rival: str, ours: dict[str, float], theirs: dict[str, float]) -> None:
    content = CONTENT[task]
    mean, other = (sum(each[measure] for measure in content) / len(content) for each in (ours, theirs))
    if mean < other + MARGIN:
        raise AdapterRefused(
            f"on {name} the mean of {' and '.join(content)} is {mean:.3f}, {rival} has {other:.3f}; "
            f"it must be better by {MARGIN}"
        )
    for measure in KEPT[task]:
        if ours[measure] < theirs[measure] - BUDGET:
            raise AdapterRefused(
                f"on {name} {measure} is {ours[measure]:.3f}, {rival} has {theirs[measure]:.3f}; "
                f"it may lose {BUDGET} at most"
            )
