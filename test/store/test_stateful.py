"""Whatever is done to a store in whatever order, it equals a plain dictionary to which the same is done."""

import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from store_data import START, make, unit_vectors

from shadowhound_memory.errors import Code, ShadowhoundError
from shadowhound_memory.question import Filter
from shadowhound_memory.record import Memory
from shadowhound_memory.store.sqlite import SqliteStore

ids = st.sampled_from([f"id{n}" for n in range(8)])
texts = st.sampled_from(["A red chair.", "A blue door.", "Nothing to see."])
ALL = Filter(statuses=("pending", "current", "superseded"))


class StoreMachine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.directory = Path(tempfile.mkdtemp())
        self.store = SqliteStore.open(self.directory)
        self.model: dict[str, Memory] = {}
        self.embedded: set[str] = set()

    def teardown(self) -> None:
        assert self.store.check() == []
        self.store.close()
        shutil.rmtree(self.directory)

    @rule(id=ids, text=texts, time=st.integers(0, 5))
    def insert(self, id: str, text: str, time: int) -> None:
        memory = make(id, text=text, raw_text=text, timestamp=START + time, status="pending")
        if id not in self.model:
            assert self.store.insert(memory, text)
            self.model[id] = memory
        elif self.model[id].raw_text == text:
            assert not self.store.insert(memory, text)
        else:
            with pytest.raises(ShadowhoundError) as refusal:
                self.store.insert(memory, text)
            assert refusal.value.code == Code.ID_CONFLICT

    @rule(chosen=st.lists(ids, unique=True), text=texts)
    def finish(self, chosen: list[str], text: str) -> None:
        before = {id: self.model[id] for id in chosen if id in self.model}
        finished = [memory.model_copy(update={"status": "current", "text": text}) for memory in before.values()]
        self.store.finish(finished)
        for memory in finished:
            if before[memory.id].status == "pending":
                self.model[memory.id] = memory
                self.embedded.discard(memory.id)

    @rule(old=ids, new=ids, text=texts)
    def correct(self, old: str, new: str, text: str) -> None:
        if old in self.model and self.model[old].status != "superseded" and new not in self.model:
            memory = make(new, text=text, raw_text=text, supersedes=old)
            self.store.correct(old, memory, text)
            self.model[old] = self.model[old].model_copy(update={"status": "superseded"})
            self.model[new] = memory

    @rule(chosen=st.lists(ids, unique=True))
    def forget(self, chosen: list[str]) -> None:
        assert self.store.forget(chosen) == len(self.model.keys() & set(chosen))
        for id in chosen:
            self.model.pop(id, None)
            self.embedded.discard(id)

    @rule(limit=st.integers(1, 5))
    def embed(self, limit: int) -> None:
        found = self.store.unembedded(limit)
        if found:
            self.store.put_vectors([row for row, _ in found], unit_vectors(len(found)))
        self.embedded |= {memory.id for _, memory in found}

    @rule()
    def reopen(self) -> None:
        self.store.close()
        self.store = SqliteStore.open(self.directory)

    @invariant()
    def equals_the_model(self) -> None:
        memories = self.store.by_rows(self.store.rows(ALL))
        assert {memory.id: memory for memory in memories} == self.model
        pending = {id for id, memory in self.model.items() if memory.status == "pending"}
        assert {memory.id for memory in self.store.pending(99)} == pending
        assert self.store.queue() == (len(self.model), len(pending), len(self.model.keys() - self.embedded))
        chairs = {id for id, memory in self.model.items() if "chair" in memory.text + memory.raw_text}
        found = self.store.by_rows([row for row, _ in self.store.lexical(["chairs"], 99)])
        assert {memory.id for memory in found} == chairs


TestStore = StoreMachine.TestCase
TestStore.settings = settings(max_examples=20, stateful_step_count=25, deadline=None)
