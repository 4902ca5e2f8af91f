"""Composition: a new version from others of one task and base, such as 0.5 of the site's and 0.3 of the robot's."""

import hashlib
import json
import math
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from shadowhound_memory.adapters.card import CARD, CONFIG, WEIGHTS, AdapterCard, Source
from shadowhound_memory.adapters.registry import Entry, Registry
from shadowhound_memory.adapters.selection import ORDER
from shadowhound_memory.adapters.verify import AdapterRefused, verify
from shadowhound_memory.models.files import base_sha256, find_language_model, ready_path
from shadowhound_memory.prompts import template_hash
from shadowhound_memory.settings import Settings

Method = Literal["cat", "linear", "ties", "dare_linear", "dare_ties"]
DENSITY = 0.5
"""The share of numbers that the methods which drop some keep, unless told."""
MOST_RANK = 1024
UNMERGEABLE = {
    "use_rslora": "rsLoRA",
    "lora_bias": "lora_bias",
    "use_dora": "DoRA",
    "kasa_config": "KaSA",
    "use_qalora": "QA-LoRA",
    "use_bdlora": "BD-LoRA",
    "arrow_config": "Arrow",
    "monteclora_config": "MonteCLoRA",
    "alora_invocation_tokens": "activated LoRA",
}
"""Keys of adapter_config.json that mark a kind of adapter which PEFT's weighted merge takes for plain LoRA."""
SAME = ("layers_to_transform", "layers_pattern", "exclude_modules")
"""Keys of which the merge keeps the first parent's value alone."""


def compose(
    registry: Registry, parts: Mapping[str, float], settings: Settings, method: Method, density: float | None = None
) -> Entry:
    """The version that combines others, made now or the one that was made before of the same parts in the same way.

    `parts`: weights by the names of versions; `density` 0 to 1, for the methods that drop numbers. The scope is the
    narrowest of the parents'. It has no evaluation and does not serve until it is measured and promoted.
    Raises AdapterRefused, ModelUnavailable without the base, OSError when it cannot be written.
    """
    density = _density(method, density)
    if len(parts) < 2:
        raise AdapterRefused("a composition takes two versions or more, each with its weight")
    for name, weight in parts.items():
        if not math.isfinite(weight) or weight == 0:
            raise AdapterRefused(f"the weight of {name} is {weight:g}; it must be a number other than 0")
    parents = [registry.get(name) for name in sorted(parts)]
    cards = [_card(parent) for parent in parents]
    _check_alike(parents, cards, method)
    found = find_language_model(settings.for_task(cards[0].task))
    sha256 = base_sha256(found)
    for parent, card in zip(parents, cards, strict=True):
        try:
            verify(parent.folder, base_sha256=sha256, template_sha256=template_hash(card.task))
        except AdapterRefused as refused:
            raise AdapterRefused(f"{parent.name}: {refused}") from refused
    how: dict[str, Any] = {
        "method": method,
        "weights": [parts[parent.name] for parent in parents],
        "parents_sha256": [card.files[WEIGHTS] for card in cards],
    }
    if density is not None:
        how["density"] = density
    for entry in registry.entries():
        if entry.card and entry.card.task == cards[0].task and entry.card.settings == how:
            return entry
    from shadowhound_memory.models.combining import combine

    with tempfile.TemporaryDirectory(prefix="shadowhound-composing-") as temporary:
        made = Path(temporary) / "version"
        combine(ready_path(found), [parent.folder for parent in parents], how["weights"], method, density, made)
        (made / CARD).write_text(_new_card(made, parents, cards, how).model_dump_json(indent=2) + "\n", "utf-8")
        return registry.add(made)


def _density(method: Method, density: float | None) -> float | None:
    if method in ("cat", "linear"):
        if density is not None:
            raise AdapterRefused(f"{method} keeps every number; --density is for ties, dare_linear and dare_ties")
        return None
    if density is not None and not 0 < density <= 1:
        raise AdapterRefused(f"density is {density:g}; it must be above 0 and at most 1")
    return DENSITY if density is None else density


def _card(entry: Entry) -> AdapterCard:
    """The card of one that may be a part. Raises AdapterRefused."""
    if entry.card is None or entry.problem is not None:
        raise AdapterRefused(f"{entry.name}: {entry.problem}")
    config = _config(entry)
    if kinds := [kind for key, kind in UNMERGEABLE.items() if config.get(key)]:
        raise AdapterRefused(
            f"{entry.name} is not plain LoRA ({', '.join(kinds)}), and such a one would be merged wrongly; "
            "use it alone, or train it again without"
        )
    return entry.card


def _config(entry: Entry) -> dict[str, Any]:
    try:
        config: dict[str, Any] = json.loads((entry.folder / CONFIG).read_bytes())
        return config
    except (OSError, ValueError) as error:
        raise AdapterRefused(f"{entry.name}: {CONFIG} cannot be read: {error}") from error


def _check_alike(parents: Sequence[Entry], cards: Sequence[AdapterCard], method: Method) -> None:
    first, own = parents[0].name, cards[0]
    for parent, card in zip(parents[1:], cards[1:], strict=True):
        if card.task != own.task:
            raise AdapterRefused(f"{first} is for {own.task}, {parent.name} for {card.task}; compose one task's")
        if card.base_sha256 != own.base_sha256:
            raise AdapterRefused(
                f"{first} stands on {own.base_model} (sha256 {own.base_sha256[:12]}), {parent.name} on "
                f"{card.base_model} (sha256 {card.base_sha256[:12]}); compose those of one base"
            )
        if card.template_sha256 != own.template_sha256:
            raise AdapterRefused(f"{first} and {parent.name} were trained with different prompts; train one again")
        if method != "cat" and card.rank != own.rank:
            raise AdapterRefused(
                f"{first} has rank {own.rank}, {parent.name} {card.rank}; {method} takes equal ranks, cat takes any"
            )
        for key in SAME:
            here, there = (_config(each).get(key) for each in (parents[0], parent))
            if (here or None) != (there or None):
                raise AdapterRefused(f"{first} has {key} {here}, {parent.name} {there}; compose those that agree")
    if method == "cat" and (rank := sum(card.rank for card in cards)) > MOST_RANK:
        raise AdapterRefused(f"the ranks sum up to {rank}, the most is {MOST_RANK}; compose fewer, or by ties")
    names = {card.scope_name for card in cards if card.scope == _narrowest(cards)}
    if len(names) > 1:
        raise AdapterRefused(f"they are of several {_narrowest(cards)}s: {', '.join(sorted(names))}")


def _narrowest(cards: Sequence[AdapterCard]) -> Literal["robot", "site", "fleet"]:
    return min((card.scope for card in cards), key=ORDER.index)


def _new_card(folder: Path, parents: Sequence[Entry], cards: Sequence[AdapterCard], how: dict[str, Any]) -> AdapterCard:
    config = json.loads((folder / CONFIG).read_bytes())
    data: dict[str, Source] = {}
    for parent, card in zip(parents, cards, strict=True):
        for name, source in card.data.items():
            data[name if data.get(name, source) == source else f"{parent.name}/{name}"] = source
    own, scope = cards[0], _narrowest(cards)
    return AdapterCard(
        task=own.task,
        scope=scope,
        scope_name=next(card.scope_name for card in cards if card.scope == scope),
        base_model=own.base_model,
        base_sha256=own.base_sha256,
        compatible_bases=tuple(sorted(set.intersection(*(set(card.compatible_bases) for card in cards)))),
        rank=config["r"],
        alpha=config["lora_alpha"],
        targets=tuple(sorted(config["target_modules"])),
        template_sha256=own.template_sha256,
        data=data,
        missions=tuple(dict.fromkeys(mission for card in cards for mission in card.missions)),
        memories=tuple(dict.fromkeys(memory for card in cards for memory in card.memories)),
        parents=tuple(parent.name for parent in parents),
        settings=how,
        files={name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in (WEIGHTS, CONFIG)},
        sensitivity="; ".join(dict.fromkeys(card.sensitivity for card in cards)),
        created=round(time.time(), 3),
    )
