"""ROS messages to and from the types of the core."""

import pytest

from shadowhound_memory.question import Answer
from shadowhound_memory.ros.conversions import fill_answer
from shadowhound_memory_msgs.srv import Recall


@pytest.mark.parametrize(("count", "fits"), [(0, True), (2**32 - 1, True), (2**32, False), (-1, False)])
def test_a_count_that_the_message_cannot_hold_is_left_out(count: int, fits: bool) -> None:
    answer = Answer(answer="", abstained=False, kind="count", count=count, route="rules", trace_id="t", seconds=0.0)
    message = Recall.Response()
    fill_answer(answer, message)
    assert (message.has_count, message.count) == ((True, count) if fits else (False, 0))
