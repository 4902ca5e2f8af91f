"""The process that runs the local model: its own interpreter lock, its own memory, its own death.

Started by models/local.py as `python -m shadowhound_memory.models.worker FD` with one end of a socket pair. It takes
the most urgent job, runs one decoding step of it, then looks for news: a recall that arrives overtakes a batch of
writing after at most one step, and a cancelled job stops there. When the other end closes, because the parent closed or
was killed, this process ends.
"""

import logging
import os
import queue
import signal
import sys
import threading
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING

from shadowhound_memory.models.base import Priority
from shadowhound_memory.models.messages import Cancel, Job, Load, Loaded, Result

if TYPE_CHECKING:
    from shadowhound_memory.models.decoding import Decoder, Steps

NICENESS = 5
LONGEST_REASON = 400
THREADS = max(1, (os.cpu_count() or 1) - 1)
"""One core is left to the robot: threads that wait for each other on busy cores make a step of 0.1 s last seconds."""


def main() -> None:
    """Load the model, then serve until the other end closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a Ctrl-C at the terminal is the parent's to handle
    os.nice(NICENESS)
    connection = Connection(int(sys.argv[1]))
    inbox: queue.SimpleQueue[Load | Job | Cancel] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(connection, inbox), daemon=True).start()
    load = inbox.get()
    assert isinstance(load, Load)
    logging.getLogger("bitsandbytes").setLevel(logging.ERROR)  # it warns of kernels that it does without
    try:
        import torch

        from shadowhound_memory.models.decoding import Decoder

        torch.set_num_threads(THREADS)
        decoder = Decoder(load.folder, load.device, load.dtype, load.quantize)
    except Exception as error:  # whatever a damaged folder, a missing device or a missing library raises
        connection.send(Loaded(_reason(error)))
        return
    connection.send(Loaded())
    _serve(connection, inbox, decoder)


def _listen(connection: Connection, inbox: "queue.SimpleQueue[Load | Job | Cancel]") -> None:
    try:
        while True:
            inbox.put(connection.recv())
    except (EOFError, OSError):
        os._exit(0)


def _serve(connection: Connection, inbox: "queue.SimpleQueue[Load | Job | Cancel]", decoder: "Decoder") -> None:
    from shadowhound_memory.models.decoding import RowRefused
    from shadowhound_memory.models.lora import AdapterFailed

    jobs: dict[tuple[Priority, int], Steps] = {}
    while True:
        while not jobs or not inbox.empty():
            news = inbox.get()
            if isinstance(news, Job):
                decoder.know(news.adapters)
                jobs[news.priority, news.number] = decoder.steps(news.requests)
            elif isinstance(news, Cancel):
                jobs = {key: steps for key, steps in jobs.items() if key[1] != news.number}
        first = min(jobs)
        try:
            next(jobs[first])
        except StopIteration as finished:
            del jobs[first]
            connection.send(Result(first[1], finished.value))
        except RowRefused as refused:
            del jobs[first]
            connection.send(Result(first[1], None, _short(str(refused)), refused=refused.what))
        except Exception as error:  # as when out of memory: the job fails, the worker stays
            del jobs[first]
            connection.send(
                Result(first[1], None, _reason(error), error.name if isinstance(error, AdapterFailed) else None)
            )


def _reason(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".splitlines()[0]


def _short(reason: str) -> str:
    return " ".join(reason.split())[:LONGEST_REASON]


if __name__ == "__main__":
    main()
