"""Memories and the things they are about on a map, for RViz."""

from collections.abc import Iterable, Sequence
from threading import Lock

from builtin_interfaces.msg import Time
from geometry_msgs.msg import Point
from std_msgs.msg import ColorRGBA, Header
from visualization_msgs.msg import Marker, MarkerArray

from shadowhound_memory.record import Event, Memory, Pose
from shadowhound_memory.sightings import Sighting, sightings
from shadowhound_memory.tracks import Track, tracks_of

SHOWN = 500
"""Memories that are shown, the latest ones."""

COLOURS: dict[Event, tuple[float, float, float]] = {
    "object_seen": (0.12, 0.47, 0.71),
    "object_moved": (0.09, 0.75, 0.81),
    "object_missing": (0.58, 0.40, 0.74),
    "person_seen": (0.17, 0.63, 0.17),
    "place_entered": (0.50, 0.50, 0.50),
    "state_changed": (0.74, 0.74, 0.13),
    "hazard_seen": (0.84, 0.15, 0.16),
    "battery_status": (1.00, 0.85, 0.20),
    "task_started": (0.68, 0.78, 0.91),
    "task_succeeded": (0.60, 0.87, 0.54),
    "task_failed": (1.00, 0.50, 0.05),
    "speech_heard": (0.89, 0.47, 0.76),
    "note": (0.90, 0.90, 0.90),
}


class Markers:
    """The latest memories that have a pose. Every call may come from any thread."""

    def __init__(self) -> None:
        self._memories: dict[str, tuple[Memory, list[Sighting]]] = {}
        self._lock = Lock()
        self._changed = True

    def add(self, memory: Memory) -> None:
        """Show a memory, or its finished form; what it supersedes is shown no more."""
        if memory.pose is None and memory.object_pose is None:
            return
        seen = sightings(memory)
        with self._lock:
            self._memories.pop(memory.supersedes or "", None)
            self._memories[memory.id] = memory, seen
            while len(self._memories) > SHOWN:
                del self._memories[next(iter(self._memories))]
            self._changed = True

    def drop(self, ids: Iterable[str]) -> None:
        """Show these no more."""
        with self._lock:
            for memory_id in ids:
                self._changed |= self._memories.pop(memory_id, None) is not None

    def clear(self) -> None:
        """Show nothing."""
        with self._lock:
            self._memories.clear()
            self._changed = True

    def take(self) -> MarkerArray | None:
        """All markers when anything changed since the last call, else None.

        First comes a DELETEALL; then, per frame and event, the places where the robot stood as spheres in the event's
        colour; then, per track that these memories make, the thing's name: white where it is, grey where it was.
        """
        with self._lock:
            if not self._changed:
                return None
            self._changed = False
            shown = list(self._memories.values())
        spheres = _spheres([memory for memory, _ in shown])
        return MarkerArray(markers=[Marker(action=Marker.DELETEALL), *spheres, *_labels(tracks_of(shown))])


def _spheres(memories: Sequence[Memory]) -> list[Marker]:
    spheres: dict[tuple[str, str], Marker] = {}
    for memory in memories:
        if memory.pose is None:
            continue
        key = memory.pose.frame_id, memory.event
        if key not in spheres:
            spheres[key] = _marker(memory.pose, f"memories/{memory.event}", len(spheres), Marker.SPHERE_LIST, 0.15)
            red, green, blue = COLOURS[memory.event]
            spheres[key].color = ColorRGBA(r=red, g=green, b=blue, a=0.9)
        spheres[key].points.append(_point(memory.pose))
    return list(spheres.values())


def _labels(tracks: Sequence[Track]) -> list[Marker]:
    labels = []
    for number, track in enumerate(tracks):
        pose = track.object_pose or track.pose
        assert pose is not None
        label = _marker(pose, "things", number, Marker.TEXT_VIEW_FACING, 0.2)
        label.text = track.thing if track.state == "present" else f"{track.thing} ({track.state})"
        label.pose.position = _point(pose)
        label.pose.position.z += 0.3
        shade = 1.0 if track.state == "present" else 0.5
        label.color = ColorRGBA(r=shade, g=shade, b=shade, a=1.0)
        labels.append(label)
    return labels


def _marker(pose: Pose, namespace: str, number: int, kind: int, size: float) -> Marker:
    """A marker whose frame is looked up at the latest time."""
    marker = Marker(header=Header(stamp=Time(), frame_id=pose.frame_id), ns=namespace, id=number, type=kind)
    marker.scale.x = marker.scale.y = marker.scale.z = size
    marker.pose.orientation.w = 1.0
    return marker


def _point(pose: Pose) -> Point:
    return Point(x=pose.x, y=pose.y, z=pose.z)
