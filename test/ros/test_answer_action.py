"""The action ~/answer: feedback per stage, the answer, cancel."""

from typing import Any

from action_msgs.msg import GoalStatus
from memory_process import MemoryProcess, wait_for

from shadowhound_memory_msgs.action import Answer
from shadowhound_memory_msgs.msg import ResultCode


def asked(node: MemoryProcess, question: str, stages: list[str], **fields: Any) -> Any:
    """The handle of an accepted goal."""
    wait_for(node.answers.server_is_ready, "the action is offered")
    sent = node.answers.send_goal_async(
        Answer.Goal(question=question, **fields), lambda feedback: stages.append(feedback.feedback.stage)
    )
    wait_for(sent.done, "the goal is accepted")
    return sent.result()


def finished(goal: Any) -> Any:
    result = goal.get_result_async()
    wait_for(result.done, "the goal is finished")
    return result.result()


def test_an_answer_comes_with_feedback_per_stage(active: MemoryProcess) -> None:
    written = active.write("the first aid kit is under the desk", wait=True)
    stages: list[str] = []
    end = finished(asked(active, "where is the first aid kit?", stages))
    assert (end.status, end.result.code) == (GoalStatus.STATUS_SUCCEEDED, ResultCode.OK), end.result.message
    assert written.id in {citation.memory.id for citation in end.result.citations}
    wait_for(lambda: len(stages) == 3, "all feedback has come")
    assert stages == [Answer.Feedback.PLANNING, Answer.Feedback.SEARCHING, Answer.Feedback.ANSWERING]


def test_a_malformed_question_aborts_with_a_sentence(active: MemoryProcess) -> None:
    end = finished(asked(active, "where is the first aid kit?", [], k=0))
    assert (end.status, end.result.code) == (GoalStatus.STATUS_ABORTED, ResultCode.INVALID)
    assert "k = 0" in end.result.message


def test_a_cancelled_question_is_not_answered(active: MemoryProcess) -> None:
    for number in range(50):
        active.write(f"shelf {number} holds box {number}")

    def cancelled() -> bool:
        goal = asked(active, "which boxes are on the shelves?", [])
        goal.cancel_goal_async()
        end = finished(goal)
        if end.status == GoalStatus.STATUS_SUCCEEDED:
            return False
        assert (end.status, end.result.code) == (GoalStatus.STATUS_CANCELED, ResultCode.CANCELLED)
        return True

    wait_for(cancelled, "a cancel arrives before the answer")
    assert active.recall("which boxes are on the shelves?").code == ResultCode.OK


def test_while_inactive_goals_are_aborted(active: MemoryProcess) -> None:
    assert active.transition("deactivate")
    end = finished(asked(active, "where is the first aid kit?", []))
    assert (end.status, end.result.code) == (GoalStatus.STATUS_ABORTED, ResultCode.NOT_ACTIVE)
    assert active.transition("activate")
