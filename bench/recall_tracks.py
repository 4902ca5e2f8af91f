"""Tracks beside what the data knows of its things."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from bench.recall_data import Scene, mapped_tags
from shadowhound_memory.tracks import Track
from shadowhound_memory.words import stems

MOVING = ("action:pickup_object", "action:put_object")

Tally = Counter[str]


def judge(scene: Scene, tracks: Iterable[Track], wrong: list[str]) -> Tally:
    """Count joins and retirements, and which are wrong; those are told in `wrong`.

    A sighting's gold thing is, in thor_moves, the object that it was rendered from, at its place; in alfred a tagged
    thing of its memory whose name shares a word with the track's. A sighting without one is not judged, as annotators
    name things freely and mention more than is tagged.

    - joins: judged sightings of each track beyond its first; wrong: those of another gold thing than most of the
      track, or of another place of it
    - judged retired: moved or missing tracks with a gold thing; wrong in thor_moves when the last visit still has the
      object there, in alfred when the track holds the last handling of the object, or is of furniture
    - left places (thor_moves): where an object is no more; found: those whose track is retired
    """
    tally: Tally = Counter()
    rows = {row["id"]: row for row in scene.rows}
    last = _last_places(scene) if scene.source == "thor_moves" else _last_handled(scene)
    for track in tracks:
        tally["tracks"] += 1
        gold = Counter(
            thing for each in track.memory_ids if (thing := gold_thing(scene.source, rows[each], track.thing))
        )
        if not gold:
            tally["not judged"] += 1
            continue
        [(thing, most)] = gold.most_common(1)
        tally["joins"] += gold.total() - 1
        tally["wrong joins"] += gold.total() - most
        objects = Counter({each.partition("@")[0]: 0 for each in gold})
        for each, number in gold.items():
            objects[each.partition("@")[0]] += number
        tally["of another thing"] += gold.total() - max(objects.values())
        retired = track.state != "present"
        tally["judged retired"] += retired
        if scene.source == "thor_moves":
            left = last[thing.partition("@")[0]] != thing
            tally["left places"] += left
            tally["left places found"] += left and retired
        else:
            left = thing in last and last[thing] not in track.memory_ids
        tally["wrongly retired"] += retired and not left
        if len(gold) > 1 or (retired and not left):
            wrong.append(f"{scene.name}: {track.thing}, {track.state}, of {dict(gold)}: {', '.join(track.memory_ids)}")
    return tally


def gold_thing(source: str, row: dict[str, Any], name: str) -> str | None:
    """What a sighting under this name is of, by the gold; None where that cannot be told."""
    if source == "thor_moves":
        pose = row["pose"]
        return f"{row['id'].rpartition('_')[2]}@{pose['x']:.2f},{pose['y']:.2f},{row.get('z') or 0:.2f}"
    things = [tag.partition(":")[2] for tag in sorted(mapped_tags(row)) if tag.startswith("object:")]
    shared = {thing: len(stems(thing.replace("_", " ")) & stems(name)) for thing in things}
    best = max(things, key=lambda thing: shared[thing], default=None)
    return best if best and shared[best] else None


def _last_places(scene: Scene) -> dict[str, str]:
    placed = [row for row in scene.rows if row.get("pose")]
    things = [gold_thing(scene.source, row, "") or "" for row in placed]
    return {thing.partition("@")[0]: thing for thing in things}


def _last_handled(scene: Scene) -> dict[str, str]:
    handled: dict[str, str] = {}
    for row in scene.rows:
        tags = row.get("gold_tags") or []
        if any(tag in MOVING for tag in tags):
            handled |= {tag.partition(":")[2]: row["id"] for tag in tags if tag.startswith("object:")}
    return handled
