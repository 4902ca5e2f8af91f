"""The words: how a memory is told to a model, to an embedding and to people, and the prompts of the tasks.

Static parts come first in every prompt, so that a model can keep what it computed for them; the observation or question
is always last.
"""

import json
from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import Any

from shadowhound_memory.models.base import Request
from shadowhound_memory.question import Citation, Kind, Question
from shadowhound_memory.record import EVENTS, TAG_KINDS, Draft, Memory
from shadowhound_memory.routing import Route
from shadowhound_memory.rules import write_by_rules
from shadowhound_memory.words import words

# ---- how a memory is rendered ----------------------------------------------------------------------------------------


def embedding_text(memory: Memory) -> str:
    """What is embedded: place, speaker and mission in words, then the text.

    What says nothing is left out, for every word takes weight from the text's: a place that the text names itself, the
    robot as its own speaker, an id that is more digits than words, and the time, by which memories are filtered.
    """
    said = set(words(memory.text))
    places = [tag.partition(":")[2].replace("_", " ") for tag in memory.tags if tag.startswith(("room:", "area:"))]
    circumstances = [
        *[place for place in places if not said.issuperset(words(place))][:1],
        *[_spoken(name) for name in (memory.source, memory.mission_id) if name not in ("robot", memory.robot_id)],
    ]
    told = ", ".join(filter(None, circumstances))
    return f"{told}: {memory.text}" if told else memory.text


def _spoken(name: str) -> str:
    """An id as words ("kitchen_tour-3" as "kitchen tour 3"), or "" when it is more digits than words."""
    parts = words(name.replace("_", " "))
    return " ".join(parts) if sum(part.isalpha() for part in parts) * 2 > len(parts) else ""


def render_memory(memory: Memory, zone: tzinfo) -> str:
    """One memory on one line, for a model and for people: local time, event, text, place."""
    when = datetime.fromtimestamp(memory.timestamp, zone)
    line = f"{when:%A %Y-%m-%d %H:%M}, {memory.event.replace('_', ' ')}: {' '.join(memory.text.split())}"
    if memory.pose is not None:
        line += f" (x {memory.pose.x:.1f}, y {memory.pose.y:.1f} in {memory.pose.frame_id})"
    return line


# ---- writing: an observation becomes a draft -------------------------------------------------------------------------

WRITING_SYSTEM = f"""You write a robot's memory of one observation as JSON with event, text and tags.
event is one of {", ".join(EVENTS)}.
text is the observation. tags are kind:value, the value one to three words of the observation, kind one of
{", ".join(TAG_KINDS)}.
A suggestion by simple rules comes with the observation. Correct what is wrong in it. Never add anything."""

WRITING_EXAMPLES = (
    ("Blue cup on the bench in the workshop.", "object_seen", ("object:cup", "object:bench", "room:workshop")),
    ("I can't find the stepladder at gate 4", "object_missing", ("object:stepladder", "area:gate_4")),
)


def writing_request(memory: Memory, route: Route) -> Request:
    """The request that asks a model to draft a memory from its observation.

    The model sees what the rules would write and chooses the event and the kinds of tags. Text and tag values are given
    by the grammar, so that nothing is lost or invented and next to nothing is left to decode.
    """
    text = " ".join(memory.raw_text.split())
    suggested = write_by_rules(memory)
    return Request(
        task="writing",
        messages=[*_WRITING_START, _message("user", _suggestion(text, suggested.event, suggested.tags))],
        schema=Draft.model_json_schema(),
        grammar=_draft_grammar(text, suggested.tags),
        max_tokens=160 + len(text.encode()),
        adapter=route.adapter,
    )


def _message(role: str, content: str) -> dict[str, str]:
    return {"role": role, "content": content}


def _suggestion(text: str, event: str, tags: Sequence[str]) -> str:
    return f"Observation: {text}\nSuggestion: {_compact({'event': event, 'tags': tags})}"


def _compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _literal(text: str) -> str:
    """A string of the Lark grammar that stands for this text."""
    return json.dumps(text, ensure_ascii=False)


def _draft_grammar(text: str, tags: Sequence[str]) -> str:
    """A Lark grammar (llguidance) of a draft with this text and these tags' values.

    Event and kinds are to be chosen, but a kind other than `object`, which the rules only give to a word they know.
    """
    text_key = _literal(f'","text":{_compact(text)},"tags":[')
    parts = (tag.partition(":") for tag in tags)
    quoted = (f"{'KIND' if kind == 'object' else _literal(kind)} {_literal(f':{value}')}" for kind, _, value in parts)
    chosen = ' "," '.join(f'"\\"" {tag} "\\""' for tag in quoted)
    return f"""start: {_literal('{"event":"')} EVENT {text_key} {chosen} {_literal("]}")}
EVENT: {" | ".join(map(_literal, EVENTS))}
KIND: {" | ".join(map(_literal, TAG_KINDS))}"""


_WRITING_START = [_message("system", WRITING_SYSTEM)]
for _text, _event, _tags in WRITING_EXAMPLES:
    _WRITING_START.append(_message("user", _suggestion(_text, _event, _tags)))
    _WRITING_START.append(_message("assistant", _compact({"event": _event, "text": _text, "tags": _tags})))


# ---- end of writing --------------------------------------------------------------------------------------------------

# ---- recall: memories become an answer -------------------------------------------------------------------------------

RECALL_SYSTEM = """You answer a question from a robot's numbered memories, in one or two short sentences.
Use only words and numbers of the memories. After each statement stands the number of its memory, like [1].
Leave out what the question does not ask for. Reply as JSON with answer and citations."""
RECALL_EXAMPLES = (
    (
        "[1] Monday 2026-03-02 10:15, object seen: The long ladder leans on the garage wall, the paint cans are empty\n"
        "Question: Where is the ladder?",
        {"answer": "The long ladder leans on the garage wall [1].", "citations": [1]},
    ),
)
RECALL_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "answer": {"type": "string", "minLength": 1, "maxLength": 1000},
        "citations": {"type": "array", "items": {"type": "integer", "minimum": 1}, "minItems": 1, "maxItems": 10},
    },
    "required": ["answer", "citations"],
    "additionalProperties": False,
}


def recall_request(
    question: Question, citations: Sequence[Citation], pieces: Sequence[Sequence[str]], route: Route, zone: tzinfo
) -> Request:
    """The request that asks a model to answer a question from the memories that support it.

    `pieces` is the answer in order, each as the wordings to choose from: what code computed has one, the memories'
    own words may be cut where they say more than was asked. A model that decodes under a grammar chooses among them;
    any other answers freely, to be checked.
    """
    listed = "\n".join(f"[{citation.n}] {render_memory(citation.memory, zone)}" for citation in citations)
    start = [_message("system", RECALL_SYSTEM)]
    for asked, answered in RECALL_EXAMPLES:
        start += [_message("user", asked), _message("assistant", _compact(answered))]
    chosen = " ".join(f"({' | '.join(_literal(_compact(wording)[1:-1]) for wording in piece)})" for piece in pieces)
    end = _literal(f'","citations":{_compact([citation.n for citation in citations])}}}')
    return Request(
        task="recall",
        messages=[*start, _message("user", f"{listed}\nQuestion: {question.text}")],
        schema=RECALL_SCHEMA,
        grammar=f"start: {_literal('{' + chr(34) + 'answer' + chr(34) + ':' + chr(34))} {chosen} {end}",
        max_tokens=120 + sum(len(max(piece, key=len).encode()) for piece in pieces),
        adapter=route.adapter,
    )


KIND_SYSTEM = "Rewrite what the person says as a plain English question. Reply as JSON with question."
KIND_EXAMPLES = (
    ("umbrella, whereabouts", "Where is the umbrella?"),
    ("hour of the fire drill", "When was the fire drill?"),
    ("number of cups", "How many cups are there?"),
    ("is the lamp on", "Is the lamp on?"),
    ("news from Ivan", "What did Ivan say?"),
    ("way to the lift", "Where is the lift?"),
    ("the day of the inspection", "When was the inspection?"),
    ("how many parcels", "How many parcels are there?"),
    ("gate shut or open", "Is the gate open?"),
    ("what the nurse told", "What did the nurse tell?"),
)
KIND_STARTS: dict[str, Kind] = {"Where": "place", "When": "time", "How many": "count", "Is": "yesno", "What": "text"}
"""How a rewritten question begins, and the kind of answer that it thereby asks for."""


def kind_request(asked: str, route: Route) -> Request:
    """The request that asks a model what kind of answer is wanted: to say it as a question, of which the start counts.

    A model that decodes under a grammar says no more than that start.
    """
    start = [_message("system", KIND_SYSTEM)]
    for said, question in KIND_EXAMPLES:
        start += [_message("user", said), _message("assistant", _compact({"question": question}))]
    return Request(
        task="recall",
        messages=[*start, _message("user", asked)],
        schema={
            "type": "object",
            "properties": {"question": {"type": "string", "minLength": 1, "maxLength": 300}},
            "required": ["question"],
            "additionalProperties": False,
        },
        grammar=f"""start: {_literal('{"question":"')} START {_literal('"}')}
START: {" | ".join(map(_literal, KIND_STARTS))}""",
        max_tokens=100,
        adapter=route.adapter,
    )


# ---- end of recall ---------------------------------------------------------------------------------------------------
