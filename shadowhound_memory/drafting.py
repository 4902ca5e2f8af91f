"""Pending memories to finished ones: drafted by the model, retried once, else written by rules and marked degraded."""

from collections.abc import Sequence
from difflib import SequenceMatcher

from shadowhound_memory.errors import ModelUnavailable, RequestRefused
from shadowhound_memory.metrics import Metrics
from shadowhound_memory.models.base import Completion, LanguageModel, Priority, Request
from shadowhound_memory.prompts import ask_again, writing_request
from shadowhound_memory.record import Draft, Memory, Writer
from shadowhound_memory.routing import Route, route
from shadowhound_memory.settings import Settings
from shadowhound_memory.writer import DraftRefused, read_draft, write_by_rules

BATCH_TIMEOUT = 120.0
REPAIRED = " (repaired)"
"""How the route of a memory ends whose first draft was refused and whose second was not."""


def draft_batch(
    memories: Sequence[Memory], settings: Settings, model: LanguageModel | None, metrics: Metrics
) -> list[Memory]:
    """Finish pending memories. Never raises for what a model does: what cannot be drafted is written by rules."""
    way = route("writing", settings, model)
    if way.prompt == "rules" or model is None:
        return [_by_rules(memory, way, way.fallback_reason, metrics) for memory in memories]
    requests = [writing_request(memory, way) for memory in memories]
    try:
        replies = model.complete(requests, Priority.WRITING, BATCH_TIMEOUT)
    except ModelUnavailable as unavailable:
        if way.adapter and route("writing", settings, model).adapter != way.adapter:  # it failed: the next takes over
            return draft_batch(memories, settings, model, metrics)
        if isinstance(unavailable, RequestRefused) and len(memories) > 1:  # one of them is at fault
            return [finished for memory in memories for finished in draft_batch([memory], settings, model, metrics)]
        metrics.count("drafts", len(memories))
        return [_by_rules(memory, way, str(unavailable), metrics) for memory in memories]

    metrics.count("drafts", len(memories))
    finished: dict[str, Memory] = {}
    again: list[tuple[Memory, Request]] = []
    for memory, request, reply in zip(memories, requests, replies, strict=True):
        metrics.count("writing_tokens", reply.prompt_tokens + reply.completion_tokens)
        try:
            finished[memory.id] = _by_model(memory, read_draft(reply.text, memory), way, metrics)
            metrics.count("drafts_valid_first")
        except DraftRefused as refused:
            metrics.count(f"drafts_{refused.kind}")
            said = f"Refused: {refused}. Use only words of the observation. Write the record again."
            again.append((memory, ask_again(request, reply.text, said)))
    finished |= _second_try(again, way, model, metrics)
    return [finished[memory.id] for memory in memories]


def _second_try(
    again: Sequence[tuple[Memory, Request]], way: Route, model: LanguageModel, metrics: Metrics
) -> dict[str, Memory]:
    replies: Sequence[Completion | None]
    reason = None
    try:
        replies = model.complete([request for _, request in again], Priority.WRITING, BATCH_TIMEOUT) if again else []
    except ModelUnavailable as unavailable:
        replies, reason = [None] * len(again), str(unavailable)
    finished = {}
    for (memory, _), reply in zip(again, replies, strict=True):
        try:
            if reply is None:
                raise DraftRefused(reason or "no reply", "invalid")
            metrics.count("writing_tokens", reply.prompt_tokens + reply.completion_tokens)
            finished[memory.id] = _by_model(memory, read_draft(reply.text, memory), way, metrics, REPAIRED)
            metrics.count("drafts_repaired")
        except DraftRefused as refused:
            finished[memory.id] = _by_rules(memory, way, f"draft refused twice: {refused}", metrics)
    return finished


def _by_model(memory: Memory, draft: Draft, way: Route, metrics: Metrics, note: str = "") -> Memory:
    metrics.count("written_by_model")
    told = way.explained if way.fallback_reason else str(way)
    return _finish(memory, draft, "model", told + note, False, metrics, model=way.model, adapter=way.adapter)


def _by_rules(memory: Memory, way: Route, fallback: str | None, metrics: Metrics) -> Memory:
    """`fallback` None: rules were chosen; else they stand in for a model, and the memory is degraded."""
    reason = f"rules ({fallback})" if fallback else "rules"
    if fallback:
        metrics.count("degraded")
    metrics.count(f"writing_route_{'fallback' if fallback else 'rules'}")
    return _finish(memory, write_by_rules(memory), "rules", reason, fallback is not None, metrics)


def _finish(
    memory: Memory,
    draft: Draft,
    written_by: Writer,
    way: str,
    degraded: bool,
    metrics: Metrics,
    model: str | None = None,
    adapter: str | None = None,
) -> Memory:
    metrics.count("written")
    metrics.count("similarity", SequenceMatcher(None, memory.raw_text.lower(), draft.text.lower()).ratio())
    fields = memory.model_dump() | {
        "event": draft.event,
        "text": draft.text,
        "tags": tuple(dict.fromkeys([*memory.tags, *draft.tags]))[:64],
        "status": "current",
        "written_by": written_by,
        "degraded": degraded,
        "model": model,
        "adapter": adapter,
        "route": way,
    }
    return Memory.model_validate(fields)
