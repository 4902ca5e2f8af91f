"""The grammar of a writing adapter's reply: what it may say is whole, of the observation's words, and said once."""

import json
from functools import cache

import llguidance.hf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from llguidance import LLMatcher, LLTokenizer
from transformers import AutoTokenizer

from shadowhound_memory.models.files import find_language_model, ready_path
from shadowhound_memory.prompts import writing_request
from shadowhound_memory.record import Memory
from shadowhound_memory.routing import Route
from shadowhound_memory.settings import Settings


@cache
def tokenizer() -> tuple[AutoTokenizer, LLTokenizer]:
    plain = AutoTokenizer.from_pretrained(ready_path(find_language_model(Settings())))
    return plain, llguidance.hf.from_tokenizer(plain)


def may_say(text: str, tags: list[str]) -> bool:
    memory = Memory(
        id="m", event="note", text=text, raw_text=text, pose=None, tags=(), mission_id="m", timestamp=0.0,
        robot_id="r", source="robot", status="pending", written_by="rules", recorded_at=0.0,
    )  # fmt: skip
    request = writing_request(memory, Route("writing", "m", "a", "adapter"))
    reply = json.dumps(
        {"event": "note", "text": " ".join(text.split()), "tags": tags}, ensure_ascii=False, separators=(",", ":")
    )
    plain, tokens = tokenizer()
    matcher = LLMatcher(tokens, LLMatcher.grammar_from_lark(request.grammar or ""), log_level=0)
    assert not matcher.is_error(), matcher.get_error()
    return matcher.consume_tokens(plain(reply, add_special_tokens=False).input_ids) and matcher.is_accepting()


@pytest.mark.parametrize(
    ("tags", "allowed"),
    [
        ([], True),
        (["object:cup"], True),
        (["note:blue_cup", "room:cold_room_12"], True),
        (["object:cup", "person:dr_weber", "area:bay_a"], True),
        (["object:cup", "object:cup"], False),
        (["object:blue_cup", "object:cup"], False),
        (["area:bay_a", "object:cup"], False),
        (["object:mug"], False),
        (["object:cup_in"], True),
        (["object:cup_12"], False),
        (["thing:cup"], False),
        (["room:room_12_dr"], False),
    ],
)
def test_tags_are_words_of_the_observation_in_their_order_each_once(tags: list[str], allowed: bool) -> None:
    assert may_say("Blue cup in cold room 12. Dr. Weber's at bay A", tags) == allowed


@settings(max_examples=40, deadline=None)
@given(st.text(st.characters(categories=("L", "N", "P", "S", "Zs")), min_size=1).filter(str.strip))
def test_any_text_has_a_reply(text: str) -> None:
    assert may_say(text, [])


@pytest.mark.parametrize("text", ["la " * 1300, "a" * 4000, '\\"' * 50, "red cup, " * 400])
def test_a_long_text_has_a_reply(text: str) -> None:
    assert may_say(text.strip(), [])
    assert may_say(text.strip(), ["object:cup"]) == ("cup" in text)
