"""The node with its default language model."""

import signal
from collections.abc import Callable

from memory_process import MemoryProcess, wait_for

from shadowhound_memory_msgs import msg, srv
from shadowhound_memory_msgs.msg import ResultCode


def waiting_write(text: str) -> srv.Write.Request:
    return srv.Write.Request(observation=msg.Observation(text=text), wait=True, timeout=100.0)


def test_the_model_never_holds_up_the_robot_and_nothing_pending_is_lost(start: Callable[..., MemoryProcess]) -> None:
    node = start(model="smollm2-135m-instruct").activated()
    wait_for(lambda: node.status and node.status[-1].ready, "active before the model is loaded")
    waiting = [node.begin("write", waiting_write(f"a blue crate stands near gate {number}")) for number in range(4)]
    while_waiting = node.write("a fire extinguisher hangs by the stairs")
    assert (while_waiting.code, while_waiting.pending) == (ResultCode.OK, True)
    answer = node.recall("where is the fire extinguisher?")
    assert while_waiting.id in {citation.memory.id for citation in answer.citations}

    for write in waiting:
        finished = write()
        assert (finished.code, finished.pending, finished.memory.status) == (ResultCode.OK, False, msg.Memory.CURRENT)
    wait_for(lambda: any(memory.written_by == msg.Memory.MODEL for memory in node.memories), "the model writes")

    unfinished = [node.write(f"a green crate stands near gate {number}").id for number in range(20)]
    assert node.stop(signal.SIGINT) == 0, node.log()
    again = start(model="none").activated()
    for memory_id in unfinished:
        memory_is_finished(again, memory_id)


def memory_is_finished(node: MemoryProcess, memory_id: str) -> None:
    def is_current() -> bool:
        found = node.call("get_memory", srv.GetMemory.Request(id=memory_id))
        assert found.code == ResultCode.OK
        return bool(found.memory.status == msg.Memory.CURRENT)

    wait_for(is_current, f"{memory_id} is finished")
