"""The words: how a memory is told to a model, to an embedding and to people, and the prompts of the tasks.

Static parts come first in every prompt, so that a model can keep what it computed for them; the observation or question
is always last.
"""

import dataclasses
import hashlib
import json
from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import Any, Literal, get_args

from shadowhound_memory.grammars import MOST_WORDS, draft_grammar, literal, tags_grammar
from shadowhound_memory.models.base import Request, Task
from shadowhound_memory.question import Citation, Kind, Question
from shadowhound_memory.record import EVENTS, TAG_KINDS, Draft, Memory
from shadowhound_memory.routing import Route
from shadowhound_memory.rules import LOOKED_AT, write_by_rules
from shadowhound_memory.words import content_words, words

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
    """The request that asks a model to draft a memory from its observation, in the words of the route's prompt.

    The model sees what the rules would write and chooses the event and the kinds of tags; an adapter chooses the tags'
    values too, among the observation's words. The text and what else is fixed is given by the grammar, so that nothing
    is lost or invented and little is left to decode.
    """
    text = " ".join(memory.raw_text.split())
    suggested = write_by_rules(memory)
    if route.prompt == "adapter":
        messages, grammar = writing_adapter_messages(text, suggested), tags_grammar(text)
    else:
        messages = [*_WRITING_START, _message("user", _suggestion(text, suggested.event, suggested.tags))]
        grammar = draft_grammar(text, suggested.tags)
    return Request(
        task="writing",
        messages=messages,
        schema=Draft.model_json_schema(),
        grammar=grammar,
        max_tokens=(240 if route.prompt == "adapter" else 160) + len(text.encode()),
        adapter=route.adapter,
    )


WRITING_ADAPTER_SYSTEM = "Write the memory."


def writing_adapter_messages(text: str, suggested: Draft) -> list[dict[str, str]]:
    """The prompt that a writing adapter is trained on: the observation, then what the rules would write."""
    asked = f"{text[:LOOKED_AT]}\n{' '.join((suggested.event, *suggested.tags))}"
    return [_message("system", WRITING_ADAPTER_SYSTEM), _message("user", asked)]


def writing_adapter_reply(draft: Draft) -> str:
    """The reply that a writing adapter is trained to give."""
    return _compact(draft.model_dump())


def template_hash(task: Task) -> str:
    """The sha256 of all that an adapter of this task was trained to see and to say, the observation aside.

    It changes with the prompt and how much of a text it shows, the reply's form, the events, the kinds of tags and the
    schema; an adapter trained on other ones is refused.
    """
    parts: list[Any]
    if task == "writing":
        probe = Draft(event="note", text="Probe.", tags=("object:probe", "room:probe"))
        parts = [writing_adapter_messages(probe.text, probe), writing_adapter_reply(probe), EVENTS, TAG_KINDS]
        parts += [Draft.model_json_schema(), LOOKED_AT]
    elif task == "recall":
        parts = [recall_adapter_messages("Probe?", "Probe."), recall_adapter_reply("yes"), RECALL_VALUES]
        parts += [plan_adapter_messages("Probe?"), plan_adapter_reply("text", "probe"), get_args(Kind)]
        parts.append(RECALL_DOC_LENGTH)
    else:
        parts = [skills_adapter_messages("Probe.", SKILLS_EXAMPLE[0]), _compact(SKILLS_EXAMPLE[2])]
    return hashlib.sha256(_compact(parts).encode()).hexdigest()


def ask_again(request: Request, reply: str, refusal: str) -> Request:
    """The request with a reply that was refused, and why."""
    return dataclasses.replace(
        request, messages=[*request.messages, _message("assistant", reply), _message("user", refusal)]
    )


def _message(role: str, content: str) -> dict[str, str]:
    return {"role": role, "content": content}


def _suggestion(text: str, event: str, tags: Sequence[str]) -> str:
    return f"Observation: {text}\nSuggestion: {_compact({'event': event, 'tags': tags})}"


def _compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


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
    chosen = " ".join(f"({' | '.join(literal(_compact(wording)[1:-1]) for wording in piece)})" for piece in pieces)
    end = literal(f'","citations":{_compact([citation.n for citation in citations])}}}')
    return Request(
        task="recall",
        messages=[*start, _message("user", f"{listed}\nQuestion: {question.text}")],
        schema=RECALL_SCHEMA,
        grammar=f"start: {literal('{' + chr(34) + 'answer' + chr(34) + ':' + chr(34))} {chosen} {end}",
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
        grammar=f"""start: {literal('{"question":"')} START {literal('"}')}
START: {" | ".join(map(literal, KIND_STARTS))}""",
        max_tokens=100,
        adapter=route.adapter,
    )


RECALL_ADAPTER_SYSTEM = "Does the memory answer?"
RecallValue = Literal["place", "time", "count", "duration", "text", "yes", "no", "none"]
RECALL_VALUES: tuple[RecallValue, ...] = get_args(RecallValue)
"""What a recall adapter says of a memory: the yes or no or else the kind of answer that it gives, or none."""
RECALL_DOCS = 8
RECALL_DOC_LENGTH = 240
"""Memories that a recall adapter is shown for a question, and characters of each."""


def recall_adapter_messages(question: str, text: str) -> list[dict[str, str]]:
    """The prompt that a recall adapter is trained on: a question and one memory, to be judged by itself.

    A model of this size tells whether one text answers far better than which of eight does (pointwise reranking with a
    generated label: Nogueira et al. 2020, arXiv:2003.06713).
    """
    asked = f"{' '.join(question.split())}\n{' '.join(text.split())[:RECALL_DOC_LENGTH]}"
    return [_message("system", RECALL_ADAPTER_SYSTEM), _message("user", asked)]


def recall_adapter_reply(value: RecallValue) -> str:
    """The reply that a recall adapter is trained to give: the kind of answer that the memory gives to the question."""
    return _compact(value)


def recall_adapter_request(question: str, text: str, route: Route) -> Request:
    """The request that asks an adapter what answer a memory gives to a question."""
    return Request(
        task="recall",
        messages=recall_adapter_messages(question, text),
        schema={"enum": list(RECALL_VALUES)},
        grammar="start: " + " | ".join(literal(recall_adapter_reply(value)) for value in RECALL_VALUES),
        max_tokens=8,
        adapter=route.adapter,
    )


PLAN_ADAPTER_SYSTEM = "What is asked for?"


def plan_adapter_messages(question: str) -> list[dict[str, str]]:
    """The prompt by which a recall adapter is trained to plan a question."""
    return [_message("system", PLAN_ADAPTER_SYSTEM), _message("user", " ".join(question.split()))]


def plan_adapter_reply(kind: Kind, search: str) -> str:
    """The reply that a recall adapter is trained to give: the kind of answer and the words to search for."""
    return _compact({"kind": kind, "search": search})


def plan_adapter_request(question: str, route: Route) -> Request:
    """The request that asks an adapter for the kind of answer and the words to search for, some of the question's."""
    said = dict.fromkeys((content_words(question) or words(question) or [question])[:MOST_WORDS])
    parts = [literal(f" {word}") for word in said]
    return Request(
        task="recall",
        messages=plan_adapter_messages(question),
        schema={
            "type": "object",
            "properties": {"kind": {"enum": list(get_args(Kind))}, "search": {"type": "string", "maxLength": 1000}},
            "required": ["kind", "search"],
            "additionalProperties": False,
        },
        grammar=f"""start: {literal('{"kind":"')} KIND {literal('","search":"')} FIRST MORE* {literal('"}')}
KIND: {" | ".join(map(literal, get_args(Kind)))}
FIRST: {" | ".join(map(literal, said))}
MORE: {" | ".join(parts)}""",
        max_tokens=80 + 2 * len(question),
        adapter=route.adapter,
    )


# ---- end of recall ---------------------------------------------------------------------------------------------------

# ---- skills: a request becomes a tool call ---------------------------------------------------------------------------

SKILLS_SYSTEM = """You call a robot's tool. Reply with its arguments as JSON, valid under the JSON Schema in parameters.
Take every value from the request, in its words. Leave out what the request does not say."""
SKILLS_EXAMPLE: tuple[dict[str, Any], str, dict[str, Any]] = (
    {
        "name": "dim",
        "description": "Dim a lamp.",
        "parameters": {
            "type": "object",
            "properties": {"lamp": {"type": "string"}, "percent": {"type": "integer"}, "fade": {"type": "number"}},
            "required": ["lamp", "percent"],
        },
    },
    "Please dim the desk lamp to forty percent.",
    {"lamp": "desk lamp", "percent": 40},
)
SKILLS_ADAPTER_SYSTEM = "Call the tool."
SKILLS_TOKENS = 256
"""Most tokens of a call's arguments."""


def skills_request(request: str, tool: dict[str, Any], schema: dict[str, Any], route: Route) -> Request:
    """The request that asks a model for a tool's arguments. `schema` is what a grammar may narrow them to."""
    if route.prompt == "adapter":
        messages = skills_adapter_messages(request, tool)
    else:
        example, asked, arguments = SKILLS_EXAMPLE
        messages = [
            _message("system", SKILLS_SYSTEM),
            _message("user", _call(asked, example)),
            _message("assistant", _compact(arguments)),
            _message("user", _call(request, tool)),
        ]
    return Request("skills", messages, schema, max_tokens=SKILLS_TOKENS, adapter=route.adapter)


def skills_adapter_messages(request: str, tool: dict[str, Any]) -> list[dict[str, str]]:
    """The prompt that a skills adapter is trained on; the reply is the arguments as compact JSON."""
    return [_message("system", SKILLS_ADAPTER_SYSTEM), _message("user", _call(request, tool))]


def _call(request: str, tool: dict[str, Any]) -> str:
    return f"Tool: {_compact(tool)}\nRequest: {' '.join(request.split())}"


# ---- end of skills ---------------------------------------------------------------------------------------------------
