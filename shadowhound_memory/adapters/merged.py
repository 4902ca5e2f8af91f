"""Merged models: directories that carry, beside their weights, the card of the adapter that is in them."""

from pathlib import Path

from shadowhound_memory.adapters.card import CARD, AdapterCard
from shadowhound_memory.adapters.registry import Registry
from shadowhound_memory.adapters.selection import Serving
from shadowhound_memory.adapters.verify import TRAINED_ON_FORGOTTEN, AdapterRefused, read_card
from shadowhound_memory.models.base import MERGED, Task


def merged_card(folder: Path, registry: Registry) -> AdapterCard | None:
    """The card of the adapter in a model's weights; None where it carries none.

    Raises AdapterRefused when it cannot be understood, or memories that the adapter was trained on were forgotten.
    """
    if not (folder / CARD).is_file():
        return None
    card = read_card(folder)
    if registry.has_forgotten(card):
        raise AdapterRefused(TRAINED_ON_FORGOTTEN)
    return card


def merged_for(card: AdapterCard, task: Task, serving: Serving, registry: Registry) -> tuple[str | None, str]:
    """MERGED when the adapter in the weights may serve a task here, else None; and why."""
    if card.task != task:
        return None, f"the model has a {card.task} adapter merged, and takes no other"
    if card.template_sha256 != serving.template_sha256:
        return (
            None,
            "its merged adapter was trained with another prompt than this version has; train it again",
        )
    if card.scope == "robot" and card.scope_name != serving.robot_id:
        return None, f"its merged adapter is the robot {card.scope_name}'s"
    if registry.has_forgotten(card):
        return None, TRAINED_ON_FORGOTTEN
    return MERGED, f"the {card.scope}'s {task} adapter, merged into the model"
