"""The words of the prompts: what is embedded, what a writing model sees and what its grammar lets it say."""

from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st
from llguidance import LLMatcher, LLTokenizer

from shadowhound_memory.prompts import embedding_text, render_memory, writing_request
from shadowhound_memory.record import Memory, Pose
from shadowhound_memory.routing import Route
from shadowhound_memory.writer import read_draft, write_by_rules

BASE = Route("writing", "local/some-model", None, "strict")
MONDAY_MORNING = 1_772_446_500.0  # 2026-03-02 10:15 UTC
BYTES = LLTokenizer("byte")


def pending(text: str, **fields: object) -> Memory:
    known = {
        "id": "m-1",
        "event": "note",
        "text": text,
        "raw_text": text,
        "pose": None,
        "tags": (),
        "mission_id": "robot-2026-03-02-1",
        "timestamp": MONDAY_MORNING,
        "robot_id": "robot",
        "source": "robot",
        "status": "pending",
        "written_by": "rules",
        "recorded_at": MONDAY_MORNING,
    }
    return Memory.model_validate(known | fields)


def accepts(grammar: str | None, reply: str) -> bool:
    assert grammar is not None
    compiled = LLMatcher.grammar_from_lark(grammar)
    assert LLMatcher.validate_grammar(compiled, BYTES) == ""
    matcher = LLMatcher(BYTES, compiled)
    tokens = BYTES.tokenize_str(reply)
    return matcher.try_consume_tokens(tokens) == len(tokens) and matcher.is_accepting()


def test_what_is_embedded_says_where_who_and_which_mission():
    memory = pending(
        "A mug on the counter.", tags=("room:main_kitchen",), source="Elena", mission_id="spring_cleaning-2"
    )
    assert embedding_text(memory) == "main kitchen, elena, spring cleaning 2: A mug on the counter."


def test_what_says_nothing_is_not_embedded():
    memory = pending("A mug in the kitchen.", tags=("room:kitchen",), mission_id="run-20260302-101500")
    assert embedding_text(memory) == "A mug in the kitchen."


def test_times_are_told_in_the_zone():
    memory = pending("A mug.", timestamp=MONDAY_MORNING + 13 * 3600)
    assert render_memory(memory, ZoneInfo("Europe/Berlin")).startswith("Tuesday 2026-03-03 00:15")


def test_a_rendered_memory_is_one_line_with_its_place():
    line = render_memory(pending("a mug\nhere", pose=Pose(x=1.25, y=-3.0)), ZoneInfo("UTC"))
    assert "a mug here" in line and "\n" not in line
    assert "1.2" in line and "-3.0" in line and "map" in line


def test_only_the_last_message_differs_between_observations():
    one, other = (writing_request(pending(text), BASE) for text in ("A mug.", "The door is open."))
    assert one.messages[:-1] == other.messages[:-1]
    assert "The door is open." in other.messages[-1]["content"]


def test_the_grammar_leaves_event_and_kind_open_and_nothing_else():
    grammar = writing_request(pending("A gizmo on the ramp"), BASE).grammar
    assert accepts(grammar, '{"event":"object_seen","text":"A gizmo on the ramp","tags":["object:gizmo","area:ramp"]}')
    assert accepts(grammar, '{"event":"hazard_seen","text":"A gizmo on the ramp","tags":["hazard:gizmo","area:ramp"]}')
    assert not accepts(grammar, '{"event":"seen","text":"A gizmo on the ramp","tags":["object:gizmo","area:ramp"]}')
    assert not accepts(grammar, '{"event":"object_seen","text":"A gizmo","tags":["object:gizmo","area:ramp"]}')
    assert not accepts(
        grammar, '{"event":"object_seen","text":"A gizmo on the ramp","tags":["object:mug","area:ramp"]}'
    )


@settings(deadline=None)
@given(st.text(min_size=1))
def test_for_any_observation_what_the_grammar_allows_is_a_draft(text):
    try:
        memory = pending(text)
    except ValueError:
        return  # not an observation
    suggested = write_by_rules(memory)
    reply = suggested.model_dump_json()
    assert accepts(writing_request(memory, BASE).grammar, reply)
    assert read_draft(reply, memory) == suggested
