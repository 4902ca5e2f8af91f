"""ROS messages to and from the types of the core. A message that breaks a rule raises ShadowhoundError INVALID."""

from math import cos, sin
from typing import TypeVar

from builtin_interfaces.msg import Time
from geometry_msgs.msg import PoseStamped, Quaternion
from pydantic import BaseModel, ValidationError

from shadowhound_memory import question as core
from shadowhound_memory.errors import Code, ShadowhoundError
from shadowhound_memory.record import Memory, Observation, Pose, explain
from shadowhound_memory.ros.pose import yaw_of
from shadowhound_memory_msgs import action, msg, srv

Model = TypeVar("Model", bound=BaseModel)
MAX_SECONDS = 2**31 - 1
MAX_WAIT = 600.0
MAX_COUNT = 2**32 - 1


def _read(model: type[Model], what: str, **fields: object) -> Model:
    try:
        return model(**fields)
    except ValidationError as error:
        raise explain(error, what) from None


def seconds(stamp: Time, what: str) -> float:
    """A ROS time as seconds since the epoch."""
    if stamp.nanosec >= 10**9:
        raise ShadowhoundError(Code.INVALID, f"{what}: nanosec = {stamp.nanosec}: must be below 1000000000")
    return stamp.sec + stamp.nanosec * 1e-9


def stamp(time: float) -> Time:
    """Seconds since the epoch as a ROS time, which ends in 2038."""
    nanoseconds = round(time * 1e9)
    sec = nanoseconds // 10**9
    if not -MAX_SECONDS <= sec <= MAX_SECONDS:
        return Time(sec=MAX_SECONDS if sec > 0 else -MAX_SECONDS)
    return Time(sec=sec, nanosec=nanoseconds % 10**9)


def pose(message: PoseStamped, what: str) -> Pose:
    """The planar pose of a message."""
    position, turn = message.pose.position, message.pose.orientation
    try:
        yaw = yaw_of(turn.x, turn.y, turn.z, turn.w)
    except ValueError as error:
        raise ShadowhoundError(Code.INVALID, f"{what}: {error}") from None
    if not message.header.frame_id:
        raise ShadowhoundError(Code.INVALID, f"{what}: frame_id is empty; name the frame of the pose, such as map")
    return _read(Pose, what, x=position.x, y=position.y, z=position.z, yaw=yaw, frame_id=message.header.frame_id)


def pose_message(pose: Pose, time: float) -> PoseStamped:
    """A planar pose at a time as a message."""
    message = PoseStamped()
    message.header.frame_id = pose.frame_id
    message.header.stamp = stamp(time)
    message.pose.position.x, message.pose.position.y, message.pose.position.z = pose.x, pose.y, pose.z
    message.pose.orientation = Quaternion(z=sin(pose.yaw / 2), w=cos(pose.yaw / 2))
    return message


def observation(message: msg.Observation) -> Observation:
    """An observation."""
    what = "observation"
    return _read(
        Observation,
        what,
        text=message.text,
        id=message.id or None,
        timestamp=seconds(message.timestamp, f"{what}: timestamp") if message.has_timestamp else None,
        end_time=seconds(message.end_time, f"{what}: end_time") if message.has_end_time else None,
        pose=pose(message.pose, f"{what}: pose") if message.has_pose else None,
        object_pose=pose(message.object_pose, f"{what}: object_pose") if message.has_object_pose else None,
        mission_id=message.mission_id or None,
        robot_id=message.robot_id or None,
        map_id=message.map_id or None,
        source=message.source,
        tags=tuple(message.tags),
        confidence=message.confidence,
    )


def memory_filter(message: msg.Filter) -> core.Filter:
    """A filter."""
    what = "filter"
    fields: dict[str, object] = {"statuses": tuple(message.statuses)} if message.statuses else {}
    if message.has_near:
        fields |= {"near": pose(message.near, f"{what}: near"), "radius": message.radius}
    return _read(
        core.Filter,
        what,
        missions=tuple(message.missions),
        robot_id=message.robot_id or None,
        map_id=message.map_id or None,
        tags=tuple(message.tags),
        events=tuple(message.events),
        sources=tuple(message.sources),
        since=seconds(message.since, f"{what}: since") if message.has_since else None,
        until=seconds(message.until, f"{what}: until") if message.has_until else None,
        **fields,
    )


def question(request: srv.Recall.Request | action.Answer.Goal, here: Pose | None) -> core.Question:
    """A question; `here` is where it is asked when it does not say."""
    what = "question"
    return _read(
        core.Question,
        what,
        text=request.question,
        asked_at=seconds(request.asked_at, f"{what}: asked_at") if request.has_asked_at else None,
        pose=pose(request.pose, f"{what}: pose") if request.has_pose else here,
        filter=memory_filter(request.filter),
        k=request.k,
    )


def memory_message(memory: Memory) -> msg.Memory:
    """A memory as a message."""
    message = msg.Memory(
        id=memory.id,
        event=memory.event,
        text=memory.text,
        raw_text=memory.raw_text,
        tags=list(memory.tags),
        timestamp=stamp(memory.timestamp),
        recorded_at=stamp(memory.recorded_at),
        mission_id=memory.mission_id,
        map_id=memory.map_id,
        robot_id=memory.robot_id,
        source=memory.source,
        confidence=memory.confidence,
        status=memory.status,
        written_by=memory.written_by,
        degraded=memory.degraded,
        supersedes=memory.supersedes or "",
        model=memory.model or "",
        adapter=memory.adapter or "",
        route=memory.route or "",
        schema_version=memory.schema_version,
    )
    if memory.end_time is not None:
        message.has_end_time, message.end_time = True, stamp(memory.end_time)
    if memory.pose is not None:
        message.has_pose, message.pose = True, pose_message(memory.pose, memory.timestamp)
    if memory.object_pose is not None:
        message.has_object_pose, message.object_pose = True, pose_message(memory.object_pose, memory.timestamp)
    return message


def fill_answer(answer: core.Answer, message: srv.Recall.Response | action.Answer.Result) -> None:
    """Write an answer into a response or a result."""
    message.answer = answer.answer
    message.abstained = answer.abstained
    message.kind = answer.kind
    message.citations = [
        msg.Citation(n=citation.n, score=citation.score, memory=memory_message(citation.memory))
        for citation in answer.citations
    ]
    if answer.time is not None:
        message.has_time, message.time = True, stamp(answer.time)
    if answer.place is not None:
        message.has_place, message.place = True, pose_message(answer.place, answer.time or 0.0)
    if answer.count is not None and 0 <= answer.count <= MAX_COUNT:  # else it stands in the text alone
        message.has_count, message.count = True, answer.count
    if answer.yes is not None:
        message.has_yes, message.yes = True, answer.yes
    if answer.duration is not None:
        message.has_duration, message.duration = True, float(answer.duration)
    if answer.best_pose is not None:
        message.has_best_pose, message.best_pose = True, pose_message(answer.best_pose, 0.0)
    message.best_pose_refused = answer.best_pose_refused
    message.route = answer.route
    message.fallback_reason = answer.fallback_reason or ""
    message.trace_id = answer.trace_id
    message.seconds = answer.seconds
    cited = len(answer.citations)
    message.message = (
        "no memory supports an answer" if answer.abstained else f"answered, citing {cited} of the memories"
    )


def duration(seconds: float, what: str) -> float | None:
    """Seconds that a request allows, None where it leaves that to the settings (0)."""
    if not 0 <= seconds <= MAX_WAIT:
        raise ShadowhoundError(Code.INVALID, f"{what} = {seconds}: must lie in 0 to {MAX_WAIT:.0f} seconds")
    return seconds or None
