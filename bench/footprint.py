"""`python -m bench.footprint DIRECTORY`: opens a filled memory without a model, uses it, prints what it takes."""

import json
import sys
import time

START = time.perf_counter()

import psutil  # noqa: E402

from shadowhound_memory.manager import MemoryManager  # noqa: E402
from shadowhound_memory.question import Question  # noqa: E402
from shadowhound_memory.record import Observation  # noqa: E402
from shadowhound_memory.settings import Settings  # noqa: E402

INDEX_TIMEOUT = 900.0


def main() -> None:
    """Open, ask, wait for the index, write and ask again; the resident set is read at each stage."""
    process = psutil.Process()

    def resident() -> float:
        return round(process.memory_info().rss / 1e6, 1)

    stages = {"imported": resident()}
    with MemoryManager.open(Settings(data_dir=sys.argv[1], model="none")) as manager:
        stages["opened"] = resident()
        opened = time.perf_counter() - START
        manager.recall(Question(text="where is the fire extinguisher?"))
        first_answer = time.perf_counter() - START
        stages["first answer"] = resident()
        end = time.monotonic() + INDEX_TIMEOUT
        while manager.status().index not in ("ready", "not ready") and time.monotonic() < end:
            time.sleep(0.1)
        stages["index ready"] = resident()
        for number in range(20):
            manager.write(Observation(text=f"A parcel with number {number} lies at the reception."))
            manager.recall(Question(text=f"who took parcel {number}?"))
        manager.wait_until_idle(120)
        stages["after 20 writes and recalls"] = resident()
        index = manager.status().index
    print(
        json.dumps(
            {
                "rss_mb": max(stages.values()),
                "stages_mb": stages,
                "opened_seconds": round(opened, 2),
                "first_answer_seconds": round(first_answer, 2),
                "index": index,
            }
        )
    )


if __name__ == "__main__":
    main()
