"""Skills: whatever the tool and the request, a call is valid and holds only what was said, or it is refused."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
import transformers
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from shadowhound_memory.errors import Code, ShadowhoundError
from shadowhound_memory.manager import MemoryManager
from shadowhound_memory.models.files import find_language_model, ready_path
from shadowhound_memory.record import Observation
from shadowhound_memory.settings import Settings
from shadowhound_memory.words import signed_numbers

LEAVES: list[dict[str, Any]] = [
    {"type": "string"},
    {"type": "string", "maxLength": 12},
    {"type": "string", "default": "map"},
    {"enum": ["fast", "careful", 3, None]},
    {"type": "integer", "minimum": 1, "maximum": 50},
    {"type": "number", "exclusiveMinimum": -10},
    {"type": "boolean"},
    {"type": ["string", "null"], "maxLength": 5},
]
REQUESTS = [
    "Go to the kitchen",
    "drive to x=1.5, y=-2 carefully",
    "bring three red cups to room 12 at 9:05",
    "语音",
    "no",
]


def tool(parameters: Any, **more: Any) -> dict[str, Any]:
    return {"name": "act", "description": "Do it.", "parameters": parameters, **more}


def objects(leaves: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    properties = st.dictionaries(st.sampled_from(["place", "count", "x", "mode", "list"]), leaves, max_size=3)
    return properties.flatmap(
        lambda found: st.builds(
            lambda required: {"type": "object", "properties": found, "required": required},
            st.lists(st.sampled_from(sorted(found)), unique=True) if found else st.just([]),
        )
    )


LEAF = st.sampled_from(LEAVES)
SCHEMAS = objects(LEAF | objects(LEAF) | LEAF.map(lambda leaf: {"type": "array", "items": leaf, "maxItems": 2}))


@pytest.fixture(scope="module")
def memory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MemoryManager]:
    """A memory with a tiny random model: what it says is nonsense, so only code makes it valid."""
    folder = tmp_path_factory.mktemp("tiny")
    tokenizer = transformers.AutoTokenizer.from_pretrained(ready_path(find_language_model(Settings())))
    config = transformers.LlamaConfig(
        vocab_size=len(tokenizer), hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=4,
        eos_token_id=tokenizer.eos_token_id,
    )  # fmt: skip
    torch.manual_seed(0)
    transformers.LlamaForCausalLM(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    with MemoryManager.open(Settings(data_dir=str(folder / "memory"), model=str(folder))) as manager:
        manager.wait_for_model(240)
        assert manager.status().model == "ready"
        yield manager
        assert manager.status().model == "ready", "the worker outlived all of it"


def refusal(memory: MemoryManager, request: str, asked: Any) -> ShadowhoundError:
    with pytest.raises(ShadowhoundError) as refused:
        memory.skill_call(request, asked)
    return refused.value


@settings(max_examples=40, deadline=None)
@given(request=st.sampled_from(REQUESTS), schema=SCHEMAS)
def test_a_call_is_valid_or_refused(memory: MemoryManager, request: str, schema: dict[str, Any]) -> None:
    try:
        call = memory.skill_call(request, tool(schema))
    except ShadowhoundError as refused:
        assert refused.code in (Code.INVALID, Code.MODEL_UNAVAILABLE) and refused.sentence
        return
    Draft202012Validator(schema).validate(call.arguments)
    said = signed_numbers(json.dumps(list(call.arguments.values()), ensure_ascii=False)) - {"3"}
    assert said <= signed_numbers(request) | signed_numbers(request.replace(":", " "))


def test_words_and_numbers_are_the_requests(memory: MemoryManager) -> None:
    schema = {
        "type": "object",
        "properties": {
            "object": {"type": "string"},
            "y": {"type": "number", "maximum": 0},
            "speed": {"type": "number"},
        },
        "required": ["object", "y"],
    }
    call = memory.skill_call("Put the mug at minus four point five", tool(schema))
    assert call.arguments["object"] in "Put the mug at minus four point five" and call.arguments["y"] == -4.5
    assert call.route.endswith("/base/strict") and call.fallback_reason is None


def test_a_number_that_the_request_does_not_say_is_refused_by_name(memory: MemoryManager) -> None:
    schema = {"type": "object", "properties": {"count": {"type": "integer"}}, "required": ["count"]}
    refused = refusal(memory, "bring the cups", tool(schema))
    assert refused.code == Code.INVALID
    assert refused.sentence == "count is required, and no number of the request fits it"


def test_a_tool_that_allows_no_other_properties_is_narrowed_too(memory: MemoryManager) -> None:
    count = {"type": "object", "properties": {"count": {"type": "integer"}}, "required": ["count"]}
    refused = refusal(memory, "dim the lamp", tool(count | {"additionalProperties": False}))
    assert refused.sentence == "count is required, and no number of the request fits it"


def test_what_is_optional_is_left_out_where_the_request_lacks_its_number(memory: MemoryManager) -> None:
    offset = {"type": "object", "properties": {"dx": {"type": "number"}}, "required": ["dx"]}
    place = {"type": "string"}
    properties = {"place": place, "offset": offset, "more": {"type": "array", "items": offset, "maxItems": 0}}
    call = memory.skill_call("go home", tool({"type": "object", "properties": properties, "required": ["place"]}))
    assert "offset" not in call.arguments and call.arguments["place"] in "go home"


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({}, "tool: name"),
        (["act"], "tool"),
        (tool(None), "parameters"),
        (tool({}), "parameters.type = None: must be 'object'"),
        (tool({"type": "string"}), "parameters.type = 'string': must be 'object'"),
        (tool({"type": "object", "properties": {"a": {"type": "strin"}}}), "parameters.properties.a.type: 'strin'"),
        (tool({"type": "object", "properties": {"a": {"pattern": "(("}}}), "parameters.properties.a.pattern"),
        (tool({"type": "object", "description": "x" * 9000}), "limit is 8000"),
        (tool({"type": "object", "properties": {"a": {"minimum": float("nan")}}}), "JSON"),
        (tool({"type": "object", "properties": {"a": {"not": {"type": "string"}}}}), 'Unimplemented keys: ["not"]'),
        (tool({"type": "object", "properties": {"a": {"type": "string", "pattern": "(?<=a)b"}}}), "look-around"),
        (tool({"type": "object", "properties": {"a": {"$ref": "http://127.0.0.1:9/x"}}}), "http://127.0.0.1:9/x"),
        (
            tool({"type": "object", "properties": {"a": {"type": "string", "not": {"$ref": "http://127.0.0.1:9/x"}}}}),
            "http://127.0.0.1:9/x",
        ),
        (tool({"type": "object", "properties": {f"p{n}": {"enum": ["1 2 3 4 5 6"] * 9} for n in range(40)}}), "2048"),
    ],
)
def test_a_tool_that_breaks_a_rule(memory: MemoryManager, given: Any, reason: str) -> None:
    refused = refusal(memory, "go home", given)
    assert refused.code == Code.INVALID and reason in refused.sentence


@pytest.mark.parametrize(("request_", "reason"), [("", "empty"), ("go " * 2000, "max_question"), ("a\x00", "control")])
def test_a_request_that_breaks_a_rule(memory: MemoryManager, request_: str, reason: str) -> None:
    refused = refusal(memory, request_, tool({"type": "object"}))
    assert refused.code == Code.INVALID and reason in refused.sentence


def test_arguments_without_an_end_are_cut_and_said_to_be(memory: MemoryManager) -> None:
    endless = {"type": "array", "items": {"type": "integer"}, "minItems": 1000}
    schema = {"type": "object", "properties": {"list": endless}, "required": ["list"]}
    refused = refusal(memory, "count to 7", tool(schema))
    assert refused.code == Code.MODEL_UNAVAILABLE
    assert "cut at 256 tokens; give strings and lists a maxLength and a maxItems" in refused.sentence


def test_a_prompt_over_its_cap_is_refused_alone_and_counted(memory: MemoryManager, tmp_path: Path) -> None:
    with MemoryManager.open(Settings(data_dir=str(tmp_path), model=memory.settings.model)) as other:
        long, short = (other.write(Observation(text=text)) for text in ("语 " * 1900, "A red mug is on the table."))
        other.wait_for_model(240)  # until then both wait, and are drafted as one batch
        finished = [other.await_finished(one.id, 240) for one in (long, short)]
        assert "over the 3072 for writing" in (finished[0].route or "") and finished[0].degraded
        assert finished[1].written_by == "model"
        assert 0 < other.stats()["rates"]["prompts_within_cap"] < 1


def test_without_a_model_it_is_refused_with_the_reason(tmp_path: Path) -> None:
    with MemoryManager.open(Settings(data_dir=str(tmp_path), model="none")) as memory:
        refused = refusal(memory, "go home", tool({"type": "object"}))
    assert (refused.code, refused.sentence) == (
        Code.MODEL_UNAVAILABLE,
        "a skill call needs a language model: the settings ask for none",
    )
