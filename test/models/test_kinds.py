"""The real local model names the kind of answer where no rule does: better than the default, and never crashing."""

import time

import pytest

from shadowhound_memory.models.local import LocalModel
from shadowhound_memory.question import Question
from shadowhound_memory.recall.planning import Planner
from shadowhound_memory.settings import Settings
from shadowhound_memory.store.sqlite import SqliteStore

SAID = {
    "fire extinguisher, position please": "place",
    "directions please, conference room B": "place",
    "arrival of the courier, the hour": "time",
    "the exact minute the alarm went off": "time",
    "quantity of red bins seen": "count",
    "a tally of broken windows": "count",
    "the back door locked or not": "yesno",
    "coffee machine working again": "yesno",
    "the talk with the plumber": "text",
    "the colour of the new van": "text",
    "summary of the meeting": "text",
    "everything about the leak": "text",
}


def test_the_model_does_better_than_the_default(local_model: LocalModel, tmp_path) -> None:
    store = SqliteStore.open(tmp_path)
    planner = Planner(Settings(), store, local_model)
    chosen = {}
    for said in SAID:
        planned = planner.plan(Question(text=said), 1.79e9, None, time.perf_counter() + 100)
        chosen[said] = planned.kind
    store.close()
    right = sum(chosen[said] == kind for said, kind in SAID.items())
    assert right > sum(kind == "text" for kind in SAID.values()), chosen
    assert all(chosen[said] == "text" for said, kind in SAID.items() if kind == "text"), chosen


@pytest.mark.parametrize("said", ["红色的杯子", "{}", '"question"', "mug " * 900])
def test_odd_words_get_some_kind(local_model: LocalModel, tmp_path, said: str) -> None:
    store = SqliteStore.open(tmp_path)
    planned = Planner(Settings(), store, local_model).plan(Question(text=said), 1.79e9, None, time.perf_counter() + 100)
    store.close()
    assert planned.kind in ("place", "time", "count", "yesno", "text")
