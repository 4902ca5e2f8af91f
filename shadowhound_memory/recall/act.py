"""Whether a robot may drive to the place of an answer, and if not, why."""

from shadowhound_memory.question import Plan, Question
from shadowhound_memory.recall.computed import Computed
from shadowhound_memory.record import Pose
from shadowhound_memory.settings import Settings

DOUBTFUL = 0.5
"""Confidence below which a memory is more likely wrong than right."""


def best_pose(plan: Plan, computed: Computed, question: Question, settings: Settings) -> tuple[Pose | None, str]:
    """The pose to drive to, or None and the reason in a sentence; exactly one of the two is there.

    It is where the robot stood, yaw included, when it perceived what the answer says, and is given only if

    - a place was asked for and a memory supports the answer, which does not say that the thing is gone from there;
    - the pose is that of a cited memory, known at its time, in the map that the filter names, else in `map_id`;
    - its frame is `map_frame`, or the one in which the question gives a pose: those are what the robot can relate to
      where it is now;
    - asked where something is now, no later memory cited tells of it elsewhere or at an unknown pose; asked where it
      was, that is also where it is;
    - a colour, size, side or owner in the question is told of that thing, and of no other one of its name if only by
      another memory;
    - the memory is neither superseded nor held with less than DOUBTFUL confidence.

    Its age does not matter: the answer's time says how old it is.
    """
    if plan.kind != "place":
        return None, f"the answer is of kind {plan.kind}, no place; ask where it is"
    if computed.abstained:
        return None, "no memory supports an answer"
    if computed.gone:
        return None, "it is gone: the place is where it was seen before that"
    if computed.latest is not None:
        latest = computed.latest.id
        return None, f"the question is about the past and memory {latest} tells otherwise since; ask where it is now"
    if computed.doubtful:
        return None, "no memory tells that it has the colour, size, side or owner asked for"
    cited = [citation.memory for citation in computed.citations]
    memory = next((one for one in cited if one.pose and one.pose == computed.place), None)
    memory = memory or next((one for one in cited if one.pose), None)
    if memory is None or memory.pose is None:
        return None, "where the robot stood when it perceived this is not known"
    later = [one for one in cited if one.timestamp > memory.timestamp]
    if later and plan.order == "latest":
        return None, f"memory {later[0].id} is later and has no pose in this map; the place is of an earlier one"
    asked = question.filter
    map_id = asked.map_id or settings.map_id
    if memory.map_id != map_id:
        return None, f"the place is in map {memory.map_id!r}, not in {map_id!r} (map_id, or the filter's)"
    frames = {settings.map_frame} | {pose.frame_id for pose in (question.pose, asked.near) if pose}
    if memory.pose.frame_id not in frames:
        known = " or ".join(repr(frame) for frame in sorted(frames))
        return None, f"the place is in frame {memory.pose.frame_id!r}, not in {known} (map_frame, or the question's)"
    if memory.status == "superseded":
        return None, f"memory {memory.id} was corrected since"
    if memory.confidence < DOUBTFUL:
        return None, f"the confidence of memory {memory.id} is {memory.confidence:g}, below {DOUBTFUL}"
    return (memory.pose, "") if computed.place else (None, "the answer gives no place")
