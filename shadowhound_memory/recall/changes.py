"""What is elsewhere, new or missing in the latest mission, compared with the one before."""

import re
from collections import defaultdict
from collections.abc import Sequence

from shadowhound_memory.recall.computed import COUNT_CITED, COUNTED, Asked, Computed, apart, cite
from shadowhound_memory.record import Event, Memory

_CHANGE = re.compile(
    r"""\b(?:what|which)\b.{0,80}?\b(?:(?P<moved>moved?|relocated|displaced|rearranged|shifted)
    |(?P<missing>missing|gone|disappeared)|(?P<new>new|appeared)|(?P<changed>changed?|changes|different))\b""",
    re.I | re.X,
)
_TOLD: dict[str, tuple[Event, ...]] = {
    "moved": ("object_moved",),
    "missing": ("object_missing",),
    "new": (),
    "changed": ("object_moved", "object_missing", "state_changed"),
}
"""Events that tell a change of the kind asked for."""
_SIGHTINGS: tuple[Event, ...] = ("object_seen", "object_moved", "state_changed", "hazard_seen", "note")


def changes(asked: Asked) -> Computed | None:
    """What changed between the last two missions, or over the asked span; None when that is not asked for, or unknown.

    A thing is moved when none of its sightings in one mission is at a place of the other mission's. Cited are memories
    that tell a change, and of each thing moved the memory before and the one after.
    """
    plan, support, store = asked.plan, asked.support, asked.store
    kind = _CHANGE.search(asked.question.text)
    if plan.kind != "text" or len(plan.things) > 1 or kind is None:
        return None
    asks = str(kind.lastgroup)
    found = store.by_rows(store.rows(plan.filter, COUNTED, "latest"))
    in_range = plan.filter.since is not None
    missions = list(dict.fromkeys(memory.mission_id for memory in found))
    missions = [missions[0], missions[-1 if in_range else 1]] if len(missions) > 1 else []
    if not missions:
        return None
    after, before = (_by_thing([m for m in found if m.mission_id == mission]) for mission in missions)
    listed = [m for m in found if m.event in _TOLD[asks] and (in_range or m.mission_id == missions[0])]
    for thing in before.keys() & after.keys():
        was = [m for m in before[thing] if all(apart(m, other) for other in after[thing])]
        now = [m for m in after[thing] if all(apart(m, other) for other in before[thing])]
        listed += [was[-1], now[0]] if was and now and asks in ("moved", "changed") else []
    if asks in ("new", "changed"):
        listed += [after[thing][0] for thing in after.keys() - before.keys()]
    if not listed:
        return None
    once = sorted({memory.id: memory for memory in listed}.values(), key=lambda memory: memory.timestamp)
    cited = cite(once[:COUNT_CITED], support)
    reason = f"missions {missions[1]} and {missions[0]} compared"
    return Computed(False, reason, cited, among=len(found), more=len(once) - len(cited), changed=True)


def _by_thing(memories: Sequence[Memory]) -> dict[str, list[Memory]]:
    """The sightings with a known place, latest first, by the object that they are tagged with first."""
    things: dict[str, list[Memory]] = defaultdict(list)
    for memory in memories:
        tag = next((tag for tag in memory.tags if tag.startswith("object:")), None)
        if tag and memory.pose is not None and memory.event in _SIGHTINGS:
            things[tag].append(memory)
    return things
