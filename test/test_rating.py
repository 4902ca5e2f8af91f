"""Answers are rated right or wrong, and what was rated is kept until a memory of it is forgotten."""

import json
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import settings as budget
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from shadowhound_memory.cli import main
from shadowhound_memory.errors import Code, ShadowhoundError
from shadowhound_memory.manager import MemoryManager
from shadowhound_memory.question import Question
from shadowhound_memory.record import Observation
from shadowhound_memory.settings import Settings
from shadowhound_memory.store import traces
from shadowhound_memory.store.traces import Traces


def ask(memory: MemoryManager) -> str:
    return memory.recall(Question(text="where is the ladder?")).trace_id


def test_the_last_rating_counts_and_goes_with_the_memory(memory: MemoryManager) -> None:
    seen = memory.write(Observation(text="A ladder leans on the wall."), wait=60)
    trace_id, other = ask(memory), ask(memory)
    assert "right" not in memory.trace(trace_id)
    for right in (False, True):
        memory.rate(trace_id, right)
        assert memory.trace(trace_id)["right"] is right
    assert [trace.get("right") for _, _, trace in memory.traces()] == [None, True]
    with pytest.raises(ShadowhoundError) as refused:
        memory.rate("nothing", True)
    assert refused.value.code is Code.NOT_FOUND and "'nothing'" in refused.value.sentence
    memory.forget([seen.id])
    for gone in (trace_id, other):
        with pytest.raises(ShadowhoundError):
            memory.rate(gone, True)


def test_the_command_rates_beside_a_writer(memory: MemoryManager, settings: Settings, capsys) -> None:
    memory.write(Observation(text="A ladder leans on the wall."), wait=60)
    trace_id = ask(memory)
    data = ["--data-dir", str(settings.directory)]
    assert main(["rate", trace_id, "wrong", *data, "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"id": trace_id, "right": False}
    assert main(["trace", trace_id, *data]) == 0
    assert "rated      wrong" in capsys.readouterr().out
    assert memory.trace(trace_id)["right"] is False
    assert main(["rate", "nothing", "right", *data]) == 1
    assert "'nothing'" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["rate", trace_id, "perhaps", *data])


def test_rating_without_any_trace_makes_no_file_of_them(memory: MemoryManager, settings: Settings) -> None:
    with pytest.raises(ShadowhoundError):
        memory.rate("nothing", True)
    assert not (settings.directory / "traces.sqlite").exists()


@pytest.fixture
def earlier(tmp_path: Path) -> Iterator[Path]:
    """A file as an earlier version made it, without ratings."""
    path = tmp_path / "traces.sqlite"
    with closing(Traces(path)) as made:
        made.put("t", {"n": 1})
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript("DROP TRIGGER rated_trace_deleted; DROP TABLE rating;")
    yield path
    tmp_path.chmod(0o755)


def test_a_file_of_an_earlier_version_takes_ratings(earlier: Path) -> None:
    with closing(Traces(earlier)) as opened:
        assert opened.rate("t", True) and opened.get("t") == {"n": 1, "right": True}


def test_a_file_of_an_earlier_version_is_read_where_nothing_can_be_written(earlier: Path, monkeypatch) -> None:
    monkeypatch.setattr("os.access", lambda *_: False)  # the tests may run as root, who may write anywhere
    with closing(Traces(earlier)) as opened:
        assert opened.get("t") == {"n": 1}
        with pytest.raises(ShadowhoundError) as refused:
            opened.rate("t", True)
    assert refused.value.code is Code.READ_ONLY


ids = st.sampled_from("abcdefgh")


class RatedTraces(RuleBasedStateMachine):
    """The latest 3 traces and all rated ones are kept, whatever is done in whatever order."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.traces = Traces(Path(self.folder.name) / "traces.sqlite")
        self.kept: list[tuple[str, bool | None]] = []
        self.limit, traces.KEPT = traces.KEPT, 3

    def teardown(self) -> None:
        traces.KEPT = self.limit
        self.traces.close()
        self.folder.cleanup()

    @rule(id=ids)
    def put(self, id: str) -> None:
        self.traces.put(id, {"cited": [f"memory-{id}"]})
        if not any(name == id for name, _ in self.kept):
            self.kept.append((id, None))
        else:
            self.kept = [*((name, right) for name, right in self.kept if name != id), (id, None)]
        assert self.traces_by_id()[-1] == (id, None)

    @rule(id=ids, right=st.booleans())
    def rate(self, id: str, right: bool) -> None:
        there = id in dict(self.traces_by_id())
        assert self.traces.rate(id, right) == there
        self.kept = [(name, right if name == id and there else before) for name, before in self.kept]

    @rule(id=ids)
    def forget(self, id: str) -> None:
        self.traces.forget([f"memory-{id}"])
        self.kept = [(name, right) for name, right in self.kept if name != id]

    @rule()
    def reopen(self) -> None:
        self.traces.close()

    def traces_by_id(self) -> list[tuple[str, bool | None]]:
        return [(id, trace.get("right")) for id, _, trace in reversed(self.traces.latest(None))]

    @invariant()
    def holds_the_rated_and_the_latest(self) -> None:
        found = self.traces_by_id()
        rated = [(id, right) for id, right in self.kept if right is not None]
        assert [each for each in found if each[1] is not None] == rated
        assert [each for each in self.kept if each in found] == found


TestRatedTraces = RatedTraces.TestCase
TestRatedTraces.settings = budget(max_examples=30, stateful_step_count=30, deadline=None)
