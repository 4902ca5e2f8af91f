"""Skills: a request in plain words becomes the arguments of a tool, valid under its JSON Schema.

A model drafts them, code checks: the schema holds, and every number and content word stems from the request or is a
value that the schema itself names. What fails is asked for once more, then refused; no rule stands in for the model.
"""

import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import regex
from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError, best_match
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError
from referencing import Registry
from referencing.exceptions import Unresolvable

from shadowhound_memory.errors import Code, ModelUnavailable, RequestRefused, ShadowhoundError
from shadowhound_memory.metrics import Metrics
from shadowhound_memory.models.base import Completion, LanguageModel, Priority
from shadowhound_memory.prompts import SKILLS_TOKENS, ask_again, skills_request
from shadowhound_memory.record import Name, Text, explain
from shadowhound_memory.routing import Route, route
from shadowhound_memory.settings import Settings
from shadowhound_memory.words import WORD, signed_numbers, stems, words

LONGEST_TOOL = 8000
"""Characters of a tool as JSON."""
TIMEOUT = 60.0
"""Seconds for both tries together."""
MOST_WORDS = 60
LONGEST_RUN = 12
"""Words of a request whose runs are offered as arguments, and words of a run."""
_WORD = regex.compile(rf"(?:(?<![\p{{L}}\p{{N}}])[-−](?=\d))?(?:{WORD})")
"""A word, a number with its sign."""
_OPEN = ("allOf", "anyOf", "oneOf", "if", "$ref", "$dynamicRef", "dependentSchemas")
"""Keys of a schema that may allow properties beside its own, as `additionalProperties` does unless it is false."""


class Tool(BaseModel):
    """A tool as agents describe it: `parameters` is the JSON Schema of an object. Other fields are left aside."""

    model_config = ConfigDict(frozen=True)

    name: Name
    description: str = ""
    parameters: dict[str, Any]


@dataclass(frozen=True)
class SkillCall:
    """A call: its arguments, who drafted them, and why another route than the set one did (None: none did)."""

    arguments: dict[str, Any]
    route: str
    fallback_reason: str | None


class CallRefused(Exception):
    """Drafted arguments that will not be used, with the reason."""


def call_skill(
    request: str, tool: dict[str, Any], settings: Settings, model: LanguageModel | None, metrics: Metrics
) -> SkillCall:
    """Turn a request into arguments of a tool.

    Raises INVALID for a request or tool that breaks a rule, a request without a number that the tool requires, or a
    schema that the model cannot decode under; MODEL_UNAVAILABLE when no model is ready or its drafts were refused.
    """
    _check_request(request, settings)
    checked = _read_tool(tool)
    end = time.monotonic() + TIMEOUT
    while True:
        way = route("skills", settings, model)
        if model is None or way.prompt == "rules":
            reason = way.fallback_reason or "the settings ask for none"
            raise ShadowhoundError(Code.MODEL_UNAVAILABLE, f"a skill call needs a language model: {reason}")
        try:
            arguments = _draft(request, checked, way, model, end, metrics)
        except RequestRefused as refused:
            raise ShadowhoundError(Code.INVALID, f"tool {checked.name}: {refused}") from refused
        except ModelUnavailable as unavailable:
            if way.adapter and route("skills", settings, model).adapter != way.adapter:
                continue  # it failed to load: the next one or the base takes over
            raise ShadowhoundError(
                Code.MODEL_UNAVAILABLE, f"no call of {checked.name} was drafted: {unavailable}"
            ) from unavailable
        return SkillCall(arguments, str(way), way.fallback_reason)


def _check_request(request: str, settings: Settings) -> None:
    try:
        TypeAdapter(Text).validate_python(request)
    except ValidationError as error:
        raise explain(error, "request") from None
    if len(request) > settings.max_question:
        raise ShadowhoundError(
            Code.INVALID,
            f"the request has {len(request)} characters, the limit is {settings.max_question} (max_question)",
        )


def _read_tool(given: dict[str, Any]) -> Tool:
    """Raises INVALID with the place in the schema and the rule."""
    try:
        tool = Tool.model_validate(given)
        length = len(json.dumps(tool.model_dump(), ensure_ascii=False, allow_nan=False))
        if length > LONGEST_TOOL:
            raise ShadowhoundError(
                Code.INVALID, f"the tool has {length} characters as JSON, the limit is {LONGEST_TOOL}"
            )
        Draft202012Validator.check_schema(tool.parameters, format_checker=Draft202012Validator.FORMAT_CHECKER)
    except ValidationError as error:
        raise explain(error, "tool") from None
    except SchemaError as error:
        place = f"parameters{error.json_path[1:]}"
        raise ShadowhoundError(Code.INVALID, f"tool {tool.name}: {place}: {_short(error.message)}") from None
    except (TypeError, ValueError) as error:
        raise ShadowhoundError(Code.INVALID, f"the tool is no JSON: {error}") from None
    except RecursionError:
        raise ShadowhoundError(Code.INVALID, "the tool's schema is nested too deeply") from None
    if tool.parameters.get("type") != "object":
        said = tool.parameters.get("type")
        raise ShadowhoundError(Code.INVALID, f"tool {tool.name}: parameters.type = {said!r}: must be 'object'")
    return tool


def _draft(request: str, tool: Tool, way: Route, model: LanguageModel, end: float, metrics: Metrics) -> dict[str, Any]:
    """The arguments that a model drafts and that stand the check. Raises ModelUnavailable."""
    schema = tool.parameters
    if model.capabilities.constrained:
        try:
            schema = _narrowed(schema, _values(request))
        except Unresolvable as error:
            raise _unresolved(error) from None
    asked = skills_request(request, tool.model_dump(), schema, way)
    metrics.count("skill_calls")
    for last in (False, True):
        [reply] = model.complete([asked], Priority.RECALL, max(0.0, end - time.monotonic()))
        try:
            return _read_call(reply, request, tool)
        except CallRefused as refused:
            if last:
                metrics.count("skill_calls_refused")
                raise ModelUnavailable(f"the draft was refused twice: {refused}") from None
            asked = ask_again(
                asked, _short(reply.text), f"Refused: {refused}. Use only what the request says. Call it again."
            )
    raise AssertionError


def _values(request: str) -> list[str | float]:
    """What arguments may be taken from a request: its numbers, and its runs of words unless they are too many."""
    found = [(match.start(), match.end()) for match in _WORD.finditer(request)]
    runs: list[str | float] = []
    if len(found) <= MOST_WORDS:
        runs += [
            " ".join(request[start:end].split())
            for first, (start, _) in enumerate(found)
            for _, end in found[first : first + LONGEST_RUN]
        ]
    return runs + [float(number) if "." in number else int(number) for number in _given(request) if ":" not in number]


def _narrowed(schema: Any, values: Sequence[str | float]) -> Any:
    """A schema to decode under: objects take the properties they list, strings and numbers these values where any fits.

    None for a number that none fits; an object is left without it, or raises INVALID when it is required. What may be
    of several kinds, or is joined from other schemas, stays as it is.
    """
    if not isinstance(schema, dict) or any(key in schema for key in _OPEN):
        return schema
    if schema.get("additionalProperties", False) is not False:
        return schema
    if schema.get("type") in ("string", "number", "integer") and not {"enum", "const"} & set(schema):
        validator = Draft202012Validator(schema, registry=Registry())
        fitting = [value for value in dict.fromkeys(values) if validator.is_valid(value)]
        fitting += [schema["default"]] if "default" in schema else []
        return {"enum": fitting} if fitting else schema if schema["type"] == "string" else None
    narrowed = dict(schema)
    if isinstance(schema.get("properties"), dict):
        required = schema.get("required", ())
        taken = {
            name: (_narrowed if name in required else _narrowed_or_left_out)(each, values)
            for name, each in schema["properties"].items()
        }
        if missing := [name for name in required if taken.get(name, schema) is None]:
            raise ShadowhoundError(Code.INVALID, f"{missing[0]} is required, and no number of the request fits it")
        narrowed["properties"] = {name: each for name, each in taken.items() if each is not None}
        narrowed["additionalProperties"] = False
    if "items" in schema:
        narrowed["items"] = _narrowed_or_left_out(schema["items"], values) or schema["items"]
    return narrowed


def _narrowed_or_left_out(schema: Any, values: Sequence[str | float]) -> Any:
    """`_narrowed`, and None where what it requires is not in the request."""
    try:
        return _narrowed(schema, values)
    except ShadowhoundError:
        return None


def _read_call(reply: Completion, request: str, tool: Tool) -> dict[str, Any]:
    """A model's reply as arguments of the tool. Raises CallRefused."""
    if not reply.finished:
        raise CallRefused(
            f"the arguments were cut at {SKILLS_TOKENS} tokens; give strings and lists a maxLength and a maxItems"
        )
    try:
        arguments = json.loads(reply.text)
        wrong = best_match(Draft202012Validator(tool.parameters, registry=Registry()).iter_errors(arguments))
    except Unresolvable as error:
        raise _unresolved(error) from None
    except (ValueError, RecursionError) as error:
        raise CallRefused(f"the arguments are no JSON or their schema has no end: {_short(str(error))}") from None
    if wrong is not None:
        raise CallRefused(f"arguments{wrong.json_path[1:]}: {_short(wrong.message)}")
    if invented := _invented(arguments, request, tool.parameters):
        raise CallRefused(f"{_short(repr(invented))} is not in the request")
    return dict(arguments)


def _unresolved(error: Unresolvable) -> RequestRefused:
    return RequestRefused(f"a $ref of its schema cannot be resolved: {_short(str(error))}")


def _given(request: str) -> set[str]:
    """The numbers of a request, those below zero with their sign; "one" is 1."""
    parted = request.replace(",", " ").replace(":", " ")  # (1.2,3.5) and 9:05 are one number or two
    return signed_numbers(request) | signed_numbers(parted) | ({"1"} if "one" in words(request) else set())


def _invented(arguments: Any, request: str, schema: dict[str, Any]) -> str | float | None:
    """The first string or number of the arguments that neither the request nor the schema has; None: there is none."""
    named, given = {*_named(schema), *(("value", value) for value in _values(request))}, _given(request)
    known = stems(request) | {number.lstrip("-") for number in given}
    for kind, part in _parts(arguments):
        if (kind, part) in named:
            continue
        if isinstance(part, str):
            text = part.replace("_", " ")
            stated = signed_numbers(text) | (stems(text) - known)
        else:
            text = format(Decimal(str(part)), "f")
            stated = signed_numbers(text) or {text}  # infinity, as 1e999 is read, has no digits
        if stated - given:
            return part
    return None


def _parts(value: Any) -> Iterator[tuple[str, str | float]]:
    """The names, strings and numbers of a JSON value, each with what it is: name or value."""
    if isinstance(value, dict):
        for name, item in value.items():
            yield "name", name
            yield from _parts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _parts(item)
    elif isinstance(value, (str, int, float)) and not isinstance(value, bool):
        yield "value", value


def _named(schema: Any) -> Iterator[tuple[str, str | float]]:
    """What a schema names: its properties, and what `enum`, `const` and `default` hold."""
    if isinstance(schema, dict):
        for key, value in schema.items():
            if key in ("enum", "const", "default"):
                yield from _parts(value)
            elif key == "properties" and isinstance(value, dict):
                yield from (("name", name) for name in value)
            yield from _named(value)
    elif isinstance(schema, list):
        for item in schema:
            yield from _named(item)


def _short(text: str) -> str:
    return text if len(text) <= 200 else f"{text[:199]}…"
