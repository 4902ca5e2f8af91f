"""How well questions are answered: rules, base and adapter side by side, each through the whole of recall.

Rows are those of training.synthesize or export (`input`, `output`, `cites`), or questions with what a right answer
contains (bench/data/recall.jsonl).
"""

import dataclasses
import json
import re
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timezone
from pathlib import Path
from statistics import mean
from typing import Any

from shadowhound_memory.models.base import Capabilities, Completion, LanguageModel, Priority, Request, Task
from shadowhound_memory.models.decoding import Decoder
from shadowhound_memory.prompts import plan_adapter_request, render_memory
from shadowhound_memory.question import Answer
from shadowhound_memory.recall.wording import length, spot, when
from shadowhound_memory.routing import Route
from shadowhound_memory.settings import Settings
from shadowhound_memory.words import numbers, stems
from training.data import read_rows
from training.recall_sets import Asker, Doc
from training.ways import ADAPTER, FREE, complete

_CITATION = re.compile(r"(\s*\[\d+\])+")
_AMONG = re.compile(r"\b(?:among|the) \d+ memories\b")
_WORDS = re.compile(r"\d+(?:[.,:]\d+)*|\w+")
SETTINGS = Settings(data_dir="unused", model="none")
SEARCHED = (1, 5, 10)
WORDING = (
    "yes no none before since then last seen there ago among memories nearest looked through says so in all over more"
)
"""What code says around the memories' words (recall/wording.py)."""


@dataclasses.dataclass(frozen=True)
class Row:
    """A question with its docs. `parts`: what a right answer contains, one alternative of each; `wrong`: what it does
    not. `cites` are the numbers of the docs that it stands on, none where it has no answer; `may_cite` is right too."""

    question: str
    asked_at: float
    kind: str
    docs: list[Doc]
    cites: list[int]
    may_cite: list[int]
    parts: list[list[str]]
    wrong: list[str]


class InProcess:
    """A decoder as the model that recall asks: with an adapter, its prompt or both, constrained or free."""

    name = "evaluated"

    def __init__(self, decoder: Decoder, adapter: str | None, adapter_prompt: bool, free: bool) -> None:
        self.capabilities = Capabilities(constrained=not free, dynamic=True)
        self.state = "ready"
        self.tokens: list[tuple[int, int]] = []
        """Of each request, those of the prompt and of the reply."""
        self._decoder, self._adapter, self._adapter_prompt, self._free = decoder, adapter, adapter_prompt, free

    def adapter_for(self, task: Task) -> tuple[str | None, str]:
        """A name wherever the adapter's prompt is wanted, whether or not the adapter is."""
        return ("adapter" if self._adapter_prompt else None), "chosen by the evaluation"

    def complete(self, requests: list[Request], priority: Priority, timeout: float) -> list[Completion]:
        """Complete with the evaluated adapter, or without one."""
        changes: dict[str, Any] = {"adapter": self._adapter} | ({"grammar": FREE} if self._free else {})
        replies = complete(self._decoder, [dataclasses.replace(request, **changes) for request in requests])
        self.tokens += [(reply.prompt_tokens, reply.completion_tokens) for reply in replies]
        return replies

    def close(self) -> None:
        """Nothing to stop."""


def read_questions(path: Path) -> list[Row]:
    """The rows of a file. Raises ValueError with the line that cannot be read."""
    return list(read_rows(path, lambda row: _trained(row) if "input" in row else _labelled(row), strict=True))


def _trained(row: dict[str, Any]) -> Row:
    asked, cites = row["input"], [int(n) for n in row["cites"]]
    docs = [Doc(doc["time"], doc["event"], doc["text"], doc["mission_id"]) for doc in asked["docs"]]
    may_cite = [*cites[1:], *map(int, row.get("may_cite", []))]
    parts = []  # a count or a length is a value; what else is right is told by the memories that are cited
    if cites and asked["kind"] == "count" and (value := re.match(r"\d+\b", row["output"])):
        parts = [[value.group()]]
    return Row(asked["question"], asked["asked_at"], asked["kind"], docs, cites, may_cite, parts, [])


def _labelled(row: dict[str, Any]) -> Row:
    docs = [
        Doc(
            datetime.fromisoformat(doc["time"]).replace(tzinfo=timezone.utc).timestamp(),
            doc["event"],
            doc["text"],
            doc["mission_id"],
            tuple(doc["place"]) if doc["place"] else None,
        )
        for doc in row["docs"]
    ]
    return Row(
        row["question"], row["asked_at"], row["kind"], docs, row["cite"], row["may_cite"], row["parts"], row["wrong"]
    )


def evaluate_recall(
    rows: Sequence[Row], model: LanguageModel | None, *, advance: Callable[[], None] = lambda: None
) -> dict[str, float]:
    """The measures of one way of answering; `model` None: by rules."""
    settings = (
        SETTINGS if model is None else SETTINGS.model_copy(update={"model": model.name, "adapter_mode": "recall"})
    )
    asker = Asker(settings, model)
    started = time.monotonic()
    answers = []
    for row in rows:
        with asker.store(row.docs) as bank:
            answers.append(bank.ask(row.question, row.asked_at))
        advance()
    measured = _score(rows, answers) | {"seconds per question": (time.monotonic() - started) / max(1, len(rows))}
    if isinstance(model, InProcess) and model.tokens:
        prompt, reply = zip(*model.tokens, strict=True)
        measured |= {"prompt tokens": mean(prompt), "reply tokens": mean(reply)}
    return {name: round(value, 4) for name, value in measured.items()}


def _score(rows: Sequence[Row], answers: Sequence[Answer]) -> dict[str, float]:
    pairs = list(zip(rows, answers, strict=True))
    known = [(row, answer) for row, answer in pairs if row.cites]
    unknown = [(row, answer) for row, answer in pairs if not row.cites]
    cited = [
        (int(citation.memory.id), row) for row, answer in pairs if not answer.abstained for citation in answer.citations
    ]
    given = [(row, answer) for row, answer in pairs if not answer.abstained]
    return {
        "rows": len(rows),
        "parts right": _share(_is_right(row, answer) for row, answer in known),
        "decisive cited": _share(_cites(answer)[:1] == row.cites[:1] for row, answer in known),
        "citation precision": _share(number in (*row.cites, *row.may_cite) for number, row in cited),
        "citation recall": _share(set(row.cites) <= set(_cites(answer)) for row, answer in known),
        "unsupported": _share(bool(_unsupported(answer)) for _, answer in given),
        "false abstentions": _share(answer.abstained for _, answer in known),
        "abstains": _share(_says_no_more(row, answer) for row, answer in unknown),
        "false answers": _share(
            not (_is_right(row, answer) if row.cites else _says_no_more(row, answer)) for row, answer in given
        ),
        "by the model": _share(answer.route != "rules" for _, answer in pairs),
    }


def _share(of: Any) -> float:
    values = [float(value) for value in of]
    return mean(values) if values else 0.0


def _cites(answer: Answer) -> list[int]:
    return [] if answer.abstained else [int(citation.memory.id) for citation in answer.citations]


def _is_right(row: Row, answer: Answer) -> bool:
    """Whether an answer contains every part and nothing wrong; without parts to look for, whether it cites what
    decides."""
    if answer.abstained:
        return False
    said = _words(_CITATION.sub(" ", answer.answer))
    if not row.parts and _cites(answer)[:1] != row.cites[:1]:
        return False
    right = all(any(_holds(said, part) for part in parts) for parts in row.parts)
    return right and not any(_holds(said, wrong) for wrong in row.wrong)


def _unsupported(answer: Answer) -> set[str]:
    """Words and numbers of an answer that stem from no memory it cites, and that code has neither computed nor said."""
    memories = [citation.memory for citation in answer.citations]
    values = [*map(spot, memories), *(when(memory, SETTINGS.zone) for memory in memories)]
    values += [str(answer.count)] if answer.count is not None else []
    values += [length(answer.duration)] if answer.duration is not None else []
    ground = " ".join([*(f"{render_memory(m, SETTINGS.zone)} {m.raw_text}" for m in memories), *values, WORDING])
    said = _AMONG.sub(" ", _CITATION.sub(" ", answer.answer))
    return (stems(said) - stems(ground)) | (numbers(said) - numbers(ground))


def _says_no_more(row: Row, answer: Answer) -> bool:
    return answer.abstained or (row.kind == "yesno" and answer.yes is False)


def _words(text: str) -> list[str]:
    return _WORDS.findall(text.casefold())


def _holds(said: Sequence[str], part: str) -> bool:
    wanted = _words(part)
    return any(said[at : at + len(wanted)] == wanted for at in range(len(said) - len(wanted) + 1))


def evaluate_search(rows: Sequence[Row], model: InProcess | None) -> dict[str, float]:
    """How often the decisive memory is among the first k that search returns from the memories of all rows together,
    by the words to search for that the rules or the adapter (`model`) give."""
    docs = list(dict.fromkeys(doc for row in rows for doc in row.docs))
    asked = [row for row in rows if row.cites]
    found = {k: 0 for k in SEARCHED}
    asker = Asker(SETTINGS, None)
    with asker.store(docs) as bank:
        for row in asked:
            words = _planned(row.question, model) if model else None
            ranked = [
                docs[int(candidate.memory.id) - 1] for candidate in bank.search(row.question, row.asked_at, words)
            ]
            for k in SEARCHED:
                found[k] += row.docs[row.cites[0] - 1] in ranked[:k]
    return {f"search@{k}": round(hits / max(1, len(asked)), 4) for k, hits in found.items()}


def _planned(question: str, model: InProcess) -> str | None:
    way = Route("recall", model.name, ADAPTER, "adapter")
    [reply] = model.complete([plan_adapter_request(question, way)], Priority.RECALL, 60.0)
    try:
        return str(json.loads(reply.text)["search"])
    except (ValueError, KeyError, TypeError):
        return None
