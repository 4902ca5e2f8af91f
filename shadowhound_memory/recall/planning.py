"""The planning of a question against a store: its missions, its places by name, and a model where no rule decides."""

import json
import logging
import re
import time

from pydantic import TypeAdapter

from shadowhound_memory.errors import ModelUnavailable
from shadowhound_memory.models.base import LanguageModel, Priority
from shadowhound_memory.prompts import KIND_STARTS, kind_request, plan_adapter_request
from shadowhound_memory.question import Filter, Kind, Plan, Question
from shadowhound_memory.recall.plan import NEAR, NOTHING, make_plan
from shadowhound_memory.recall.verbs import other_forms
from shadowhound_memory.record import Pose
from shadowhound_memory.routing import route
from shadowhound_memory.rules import STATES
from shadowhound_memory.settings import Settings
from shadowhound_memory.store.sqlite import SqliteStore
from shadowhound_memory.words import stem, words

CHOICE_TIMEOUT = 3.0
"""Seconds, and CHOICE_SHARE of what is left of the deadline, that the model has to choose the kind of answer."""
CHOICE_SHARE = 0.3
CHOICE_LONGEST = 300
"""Characters beyond which a question is a description, which the model is not asked about."""
_LANDMARKS = 20
"""Sightings of a place or thing that must agree on where it is."""

log = logging.getLogger(__name__)


class Planner:
    """Plans questions put to one store. Thread-safe."""

    def __init__(self, settings: Settings, store: SqliteStore, model: LanguageModel | None) -> None:
        self._settings = settings
        self._store = store
        self._model = model

    def plan(self, question: Question, now: float, map_id: str | None, deadline: float) -> Plan:
        """The plan of a question asked at `now`; `deadline` in seconds on time.perf_counter's clock."""
        asked = question.filter.missions
        missions = [mission for mission in self._store.missions() if not asked or mission[0] in asked]
        plan = make_plan(
            question,
            self._settings,
            now,
            missions,
            locate=lambda name: self._locate(name, question.filter, map_id),
            choose=lambda said: self._choose(said, deadline),
        )
        if plan.filter.near is not None:
            plan = plan.model_copy(update={"filter": plan.filter.model_copy(update={"map_id": map_id})})
        return self._in_known_forms(plan)

    def _in_known_forms(self, plan: Plan) -> Plan:
        """The plan with an irregular verb that no memory holds in that form put into one that a memory holds."""
        for word in words(plan.search):
            forms = other_forms(word) if stem(word) in plan.verbs and word not in STATES else []
            if not forms or self._store.frequencies([word])[word]:
                continue
            if known := next((form for form, count in self._store.frequencies(forms).items() if count), None):
                changes = {
                    "search": re.sub(rf"\b{word}\b", known, plan.search, flags=re.I),
                    "decided": (*plan.decided, f"{word!r} is searched for as {known!r}: no memory holds it"),
                }
                for name, stems in (("key_terms", plan.key_terms), ("verbs", plan.verbs)):
                    changes[name] = tuple(stem(known) if one == stem(word) else one for one in stems)
                plan = plan.model_copy(update=changes)
        return plan

    def as_of(self, question: Question) -> Question:
        """The question with memories later than an explicit `asked_at` left out, when the store holds any."""
        asked_at, filter = question.asked_at, question.filter
        if asked_at is None or (filter.until is not None and filter.until <= asked_at):
            return question
        last = self._store.by_rows(self._store.rows(Filter(), 1, "latest"))
        if not last or last[0].timestamp <= asked_at:
            return question
        nothing = filter.since is not None and filter.since > asked_at
        span = {"since": NOTHING, "until": NOTHING} if nothing else {"until": asked_at}
        return question.model_copy(update={"filter": filter.model_copy(update=span)})

    def _locate(self, name: str, filter: Filter, map_id: str | None) -> Pose | None:
        """Where a place or thing of this name is, by its tag; None when unknown, or when its sightings disagree."""
        value = "_".join(words(name))
        for kind in ("area", "room", "object"):
            changes = {"tags": (f"{kind}:{value}",), "map_id": filter.map_id or map_id, "near": None, "radius": None}
            rows = self._store.rows(filter.model_copy(update=changes), _LANDMARKS, "latest")
            seen = [memory for memory in self._store.by_rows(rows) if memory.event != "object_missing"]
            if poses := [pose for memory in seen if (pose := memory.object_pose or memory.pose)]:
                return poses[0] if all(_near(poses[0], pose) for pose in poses) else None
        return None

    def _choose(self, said: str, deadline: float) -> Kind | None:
        """The kind of answer that the model takes words to ask for; None without a model or in time."""
        way = route("recall", self._settings, self._model)
        timeout = min(CHOICE_TIMEOUT, CHOICE_SHARE * (deadline - time.perf_counter()))
        if self._model is None or way.prompt == "rules" or timeout <= 0 or len(said) > CHOICE_LONGEST:
            return None
        try:
            if way.prompt == "adapter":
                [reply] = self._model.complete([plan_adapter_request(said, way)], Priority.RECALL, timeout)
                return TypeAdapter(Kind).validate_python(json.loads(reply.text)["kind"])
            [reply] = self._model.complete([kind_request(said, way)], Priority.RECALL, timeout)
            question = str(json.loads(reply.text)["question"]).casefold()
        except (ModelUnavailable, ValueError, KeyError, TypeError) as error:
            log.info("the model did not choose a kind: %s", error)
            return None
        return next((kind for start, kind in KIND_STARTS.items() if question.startswith(start.casefold())), None)


def _near(one: Pose, other: Pose) -> bool:
    return one.frame_id == other.frame_id and (one.x - other.x) ** 2 + (one.y - other.y) ** 2 <= NEAR**2
