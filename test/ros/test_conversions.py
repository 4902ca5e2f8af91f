"""ROS messages to and from the types of the core."""

import pytest

from shadowhound_memory.question import Answer
from shadowhound_memory.ros.conversions import fill_answer
from shadowhound_memory_msgs.srv import Recall


def test_a_length_of_time_is_in_seconds_and_nothing_known_is_said_so() -> None:
    plain = Answer(answer="", abstained=False, kind="duration", route="rules", trace_id="t", seconds=0.0)
    message, empty = Recall.Response(), Recall.Response()
    fill_answer(plain.model_copy(update={"duration": 90.5}), message)
    fill_answer(plain, empty)
    assert (message.kind, message.has_duration, message.duration) == (Recall.Response.DURATION, True, 90.5)
    assert not (empty.has_duration or empty.has_best_pose or empty.has_place)


@pytest.mark.parametrize(("count", "fits"), [(0, True), (2**32 - 1, True), (2**32, False), (-1, False)])
def test_a_count_that_the_message_cannot_hold_is_left_out(count: int, fits: bool) -> None:
    answer = Answer(answer="", abstained=False, kind="count", count=count, route="rules", trace_id="t", seconds=0.0)
    message = Recall.Response()
    fill_answer(answer, message)
    assert (message.has_count, message.count) == ((True, count) if fits else (False, 0))
