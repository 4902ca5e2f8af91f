"""Writing through the default model: is every record valid and none lost, how good is it, how fast is it."""

import json
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, median
from typing import Any

from jsonschema import Draft202012Validator

from bench import report
from bench.child import Child
from bench.report import Figure
from bench.unconstrained import record_in
from shadowhound_memory.drafting import draft_batch
from shadowhound_memory.manager import MemoryManager
from shadowhound_memory.metrics import Metrics
from shadowhound_memory.models import open_model
from shadowhound_memory.models.files import find_language_model, ready_path
from shadowhound_memory.record import EVENTS, Memory, Observation, memory_schema
from shadowhound_memory.settings import Settings

OBSERVATIONS = Path(__file__).parent / "data" / "observations.jsonl"
RUNS = 3
EACH = 5
PLAIN_TOKENS = 200
LOAD_TIMEOUT = 180.0

PLAIN_SYSTEM = f"""You turn one observation of a robot into one JSON record.
Its fields are event, text, pose, tags, mission_id, timestamp.
event is one of: {", ".join(EVENTS)}. tags are kind:value. Reply with JSON only."""
PLAIN_EXAMPLE = (
    "observation: A ladder leans on the garage wall. pose: x 3.20 y -1.05 yaw 1.57 frame map. mission: patrol-7. "
    "time: 1767222000.5",
    '{"event": "object_seen", "text": "A ladder leans on the garage wall.", "pose": {"x": 3.2, "y": -1.05, "z": 0.0, '
    '"yaw": 1.57, "frame_id": "map"}, "tags": ["object:ladder", "room:garage"], "mission_id": "patrol-7", '
    '"timestamp": 1767222000.5}',
)


@dataclass(frozen=True)
class Labelled:
    """An observation and what a careful person would write of it."""

    id: str
    text: str
    event: str
    tags: frozenset[str]


def run() -> None:
    """Write all observations with the model and by rules, then time single records; publish `writing.json`."""
    rows = [json.loads(line) for line in OBSERVATIONS.read_text().splitlines() if line.strip()]
    labelled = [Labelled(row["id"], row["text"], row["event"], frozenset(row["tags"])) for row in rows]
    by_model, stats, seconds = _write_all(labelled, Settings())
    by_rules, _, _ = _write_all(labelled, Settings(model="none"))
    model, rules = _score(labelled, by_model), _score(labelled, by_rules)
    ours, plain, plain_valid = _records([each.text for each in labelled])
    rates = stats["rates"]
    figures = [
        Figure(
            "records valid against the schema",
            model["valid"],
            "",
            1,
            "higher",
            f"{len(labelled)} observations, default model",
        ),
        Figure("observations lost", model["lost"], "", 0),
        Figure(
            "degraded", model["degraded"], "", 0.1, note="written by rules because the model's draft was refused twice"
        ),
        Figure(
            "valid at first try",
            rates["json_valid_first_try"],
            "",
            note=f"repaired {rates['repaired']}, refused as invented {rates['refused_as_invented']}",
        ),
        Figure("event accuracy, model", model["event_accuracy"], ""),
        Figure("event accuracy, rules", rules["event_accuracy"], ""),
        Figure(
            "tag F1, model",
            model["tag_f1"],
            "",
            note=f"precision {model['tag_precision']:.2f}, recall {model['tag_recall']:.2f}",
        ),
        Figure(
            "tag F1, rules",
            rules["tag_f1"],
            "",
            note=f"precision {rules['tag_precision']:.2f}, recall {rules['tag_recall']:.2f}",
        ),
        Figure("time per record in batches", seconds / len(labelled), "s"),
        report.ratio(
            "record through the model, batch of one",
            plain,
            ours,
            3,
            f"{_p50(ours):.2f} s; plain generate on all cores {_p50(plain):.2f} s, {plain_valid:.0%} of it JSON",
        ),
    ]
    report.publish(
        "writing",
        figures,
        {
            "model": model,
            "rules": rules,
            "rates": rates,
            "latency": stats["latency"],
            "ours_seconds": ours,
            "plain_seconds": plain,
        },
    )
    names = ["event accuracy", "tag precision", "tag recall", "tag F1", "not degraded"]
    keys = ["event_accuracy", "tag_precision", "tag_recall", "tag_f1"]
    report.bars(
        "writing.png",
        f"Writing {len(labelled)} observations",
        names,
        {
            "default model": [*(model[key] for key in keys), 1 - model["degraded"]],
            "rules": [*(rules[key] for key in keys), 1 - rules["degraded"]],
        },
        "share",
        logarithmic=False,
    )


def _p50(runs: Sequence[Sequence[float]]) -> float:
    return median(value for each in runs for value in each)


def _write_all(labelled: Sequence[Labelled], settings: Settings) -> tuple[dict[str, Memory], dict[str, Any], float]:
    """Through the one door, the queue worked off in the background. Returns memories by id, the statistics, seconds."""
    with tempfile.TemporaryDirectory(prefix="bench-writing-") as directory:
        with MemoryManager.open(settings.model_copy(update={"data_dir": directory})) as manager:
            manager.wait_for_model(LOAD_TIMEOUT)
            start = time.perf_counter()
            for each in labelled:
                manager.write(Observation(id=each.id, text=each.text))
            manager.wait_until_idle(3600)
            seconds = time.perf_counter() - start
            return {memory.id: memory for memory in manager.memories()}, manager.stats(), seconds


def _score(labelled: Sequence[Labelled], written: dict[str, Memory]) -> dict[str, Any]:
    validator = Draft202012Validator(memory_schema())
    pairs = [(each, written[each.id]) for each in labelled if each.id in written]
    hits = sum(len(each.tags & set(memory.tags)) for each, memory in pairs)
    precision = hits / max(1, sum(len(memory.tags) for _, memory in pairs))
    recall = hits / max(1, sum(len(each.tags) for each, _ in pairs))
    return {
        "valid": sum(validator.is_valid(json.loads(memory.model_dump_json())) for _, memory in pairs) / len(labelled),
        "lost": len(labelled) - len(pairs),
        "degraded": mean(memory.degraded for _, memory in pairs),
        "event_accuracy": mean(memory.event == each.event for each, memory in pairs),
        "tag_precision": precision,
        "tag_recall": recall,
        "tag_f1": 2 * precision * recall / max(1e-9, precision + recall),
    }


def _records(texts: Sequence[str]) -> tuple[list[list[float]], list[list[float]], float]:
    """Seconds for single records, ours (draft, check, repair or rules) and plain in turn; share of plain in JSON."""
    settings, metrics = Settings(), Metrics()
    model = open_model(settings)
    if model is None:
        raise RuntimeError("there is no local model to measure")
    end = time.monotonic() + LOAD_TIMEOUT
    while model.state == "loading" and time.monotonic() < end:
        time.sleep(0.1)
    plain = Child("bench.unconstrained", ready_path(find_language_model(settings)))
    chosen = texts[:: max(1, len(texts) // (RUNS * EACH + 1))][: RUNS * EACH + 1]
    draft_batch([pending(chosen[0])], settings, model, metrics)
    plain.ask({"messages": _plain_messages(chosen[0]), "max_tokens": PLAIN_TOKENS})
    ours: list[list[float]] = []
    theirs: list[list[float]] = []
    valid = []
    for number in range(RUNS):
        ours.append([])
        theirs.append([])
        for text in chosen[1 + number * EACH : 1 + (number + 1) * EACH]:
            start = time.perf_counter()
            draft_batch([pending(text)], settings, model, metrics)
            ours[-1].append(time.perf_counter() - start)
            reply = plain.ask({"messages": _plain_messages(text), "max_tokens": PLAIN_TOKENS})
            theirs[-1].append(reply["seconds"])
            valid.append(record_in(reply["text"]) is not None)
    plain.close()
    model.close()
    return ours, theirs, mean(valid)


def pending(text: str, id: str = "bench") -> Memory:
    """An observation as it stands before it is written."""
    return Memory(
        id=id, event="note", text=text, raw_text=text, pose=None, tags=(), mission_id="bench",
        timestamp=time.time(), robot_id="robot", source="robot", status="pending", written_by="rules",
        recorded_at=time.time(),
    )  # fmt: skip


def _plain_messages(text: str) -> list[dict[str, str]]:
    asked = f"observation: {text} pose: x -12.40 y 7.85 yaw 0.30 frame map. mission: patrol-8. time: 1767225600.25"
    return [
        {"role": "system", "content": PLAIN_SYSTEM},
        {"role": "user", "content": PLAIN_EXAMPLE[0]},
        {"role": "assistant", "content": PLAIN_EXAMPLE[1]},
        {"role": "user", "content": asked},
    ]
