"""What befalls a robot: power cuts, full disks, read-only media. What was acknowledged stays and is found."""

import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from shadowhound_memory.errors import Code, ShadowhoundError
from shadowhound_memory.manager import MemoryManager
from shadowhound_memory.question import Question
from shadowhound_memory.record import Observation
from shadowhound_memory.settings import Settings

KILLS = 20
PLACES = "kitchen garage attic cellar library greenhouse workshop balcony pantry stairwell".split()

WRITER = """
import sys
from shadowhound_memory.manager import MemoryManager
from shadowhound_memory.record import Observation
from shadowhound_memory.settings import Settings

directory, start, places = sys.argv[1], int(sys.argv[2]), sys.argv[3].split()
with MemoryManager.open(Settings(data_dir=directory, model="none")) as memory:
    for n in range(start, start + 100_000):
        text = f"Parcel {n} was left by the courier in the {places[n % len(places)]}."
        print(n, memory.write(Observation(id=f"parcel-{n}", text=text)).id, flush=True)
"""

FULL_DISK = """
import resource, signal, sys
from shadowhound_memory.errors import Code, ShadowhoundError
from shadowhound_memory.manager import MemoryManager
from shadowhound_memory.record import Observation
from shadowhound_memory.settings import Settings

with MemoryManager.open(Settings(data_dir=sys.argv[1], model="none")) as memory:
    memory.write(Observation(text="Before the disk was full."))
    memory.wait_until_idle(60)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    limit = max(path.stat().st_size for path in memory.settings.directory.glob("memory.sqlite*"))
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
    refused = 0
    for n in range(500):
        try:
            memory.write(Observation(text=f"Note {n} on a full disk. " * 20))
        except ShadowhoundError as error:
            assert error.code is Code.STORE_FAILED, error
            refused += 1
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    kept = memory.write(Observation(id="after", text="There is room again.")).id
    print(refused, kept, memory.check())
"""


def test_twenty_times_kill_9_loses_nothing_acknowledged(tmp_path: Path) -> None:
    settings = Settings(data_dir=str(tmp_path), model="none")
    chance = random.Random(7)
    acknowledged: list[str] = []
    start = 0
    for _ in range(KILLS):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path), str(start), " ".join(PLACES)],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert writer.stdout is not None
        for _ in range(chance.randint(1, 60)):
            line = writer.stdout.readline()
            assert line, "the writer ended by itself"
            acknowledged.append(line.split()[1])
        os.kill(writer.pid, signal.SIGKILL)
        acknowledged += [line.split()[1] for line in writer.stdout.read().splitlines() if len(line.split()) == 2]
        writer.wait()
        writer.stdout.close()
        start += 100_000
    with MemoryManager.open(settings) as memory:
        memory.wait_until_idle(300)
        assert memory.check() == []
        kept = {one.id: one for one in memory.memories()}
        assert set(acknowledged) <= set(kept)
        for memory_id in acknowledged[:: max(1, len(acknowledged) // 25)]:
            number = memory_id.removeprefix("parcel-")
            answer = memory.recall(Question(text=f"in which room did the delivery man put package number {number}?"))
            assert memory_id in [candidate.memory.id for candidate in answer.candidates]


def test_a_full_disk_is_said_and_damages_nothing(tmp_path: Path) -> None:
    """The limit on file sizes is a stand-in for a full disk: SQLite meets the same failing write."""
    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(tmp_path)], capture_output=True, text=True, timeout=240, check=False
    )
    assert done.returncode == 0, done.stderr
    refused, kept, problems = done.stdout.strip().split(maxsplit=2)
    assert int(refused) > 0 and kept == "after" and problems == "[]"


def test_a_directory_that_cannot_be_made_is_refused_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a directory")
    with pytest.raises(ShadowhoundError, match="file") as caught:
        MemoryManager.open(Settings(data_dir=str(tmp_path / "file" / "memory"), model="none"))
    assert caught.value.code is Code.READ_ONLY


def test_a_missing_model_is_said_and_rules_stand_in(tmp_path: Path) -> None:
    settings = Settings(data_dir=str(tmp_path / "memory"), model=str(tmp_path / "no-such-model"))
    with MemoryManager.open(settings) as memory:
        written = memory.write(Observation(text="A ladder leans on the wall."), wait=120)
        answer = memory.recall(Question(text="where is the ladder?"))
        assert written.written_by == "rules" and written.degraded
        assert written.route is not None and "no-such-model" in written.route
        assert not answer.abstained and answer.route == "rules"
        assert answer.fallback_reason is not None and "no-such-model" in answer.fallback_reason
