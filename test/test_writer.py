"""Writing: the rules say what an observation is about, and no draft may say anything else."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shadowhound_memory.record import Draft, Memory
from shadowhound_memory.words import numbers, stems
from shadowhound_memory.writer import DraftRefused, read_draft, write_by_rules


def pending(text: str, source: str = "robot", tags: tuple[str, ...] = ()) -> Memory:
    return Memory(
        id="m-1",
        event="note",
        text=text,
        raw_text=text,
        pose=None,
        tags=tags,
        mission_id="patrol-1",
        timestamp=1_772_446_500.0,
        robot_id="robot",
        source=source,
        status="pending",
        written_by="rules",
        recorded_at=1_772_446_500.0,
    )


def draft(event: str, text: str, *tags: str) -> str:
    return json.dumps({"event": event, "text": text, "tags": tags})


@pytest.mark.parametrize(
    ("text", "event", "tags"),
    [
        ("A red mug is on the kitchen counter.", "object_seen", {"object:mug", "object:kitchen_counter"}),
        (
            "Someone moved the cart from aisle 12 to the dock",
            "object_moved",
            {"object:cart", "area:aisle_12", "area:dock"},
        ),
        ("The mug is no longer on the shelf.", "object_missing", {"object:mug", "object:shelf"}),
        ("no fire extinguisher at the stairs", "object_missing", {"object:fire_extinguisher", "room:stairs"}),
        ("A woman is waiting in the lobby", "person_seen", {"person:woman", "room:lobby"}),
        ("Entered the pharmacy.", "place_entered", {"room:pharmacy"}),
        ("The door of the lab is open", "state_changed", {"object:door", "room:lab", "state:open"}),
        ("Oil spill near bay 4!", "hazard_seen", {"hazard:spill", "area:bay_4"}),
        ("battery at 23 %", "battery_status", {"object:battery"}),
        ("Starting the inspection of the pumps", "task_started", {"skill:inspection", "object:pumps"}),
        ("Delivered the parcel to room 7", "task_succeeded", {"object:parcel", "room:room_7"}),
        ("Could not open the drawer", "task_failed", {"object:drawer"}),
        ('Maria said "the keys are in the drawer"', "speech_heard", {"person:maria", "object:keys", "object:drawer"}),
        ("Mr. Novak waits at the gate", "person_seen", {"person:mr_novak", "area:gate"}),
        (
            "Two pallets block the ramp; a trolley blocks the door.",
            "note",
            {"object:pallets", "area:ramp", "object:trolley", "object:door"},
        ),
        ("Quiet night, nothing to report.", "note", set()),
        ("今日は静かです。", "note", set()),
    ],
)
def test_rules_name_the_event_and_tag_the_things(text, event, tags):
    written = write_by_rules(pending(text))
    assert (written.event, written.text) == (event, text)
    assert tags <= set(written.tags)


def test_the_source_tells_what_words_leave_open():
    assert write_by_rules(pending("bring me the scissors", source="speech")).event == "speech_heard"
    assert write_by_rules(pending("41.5", source="battery_monitor")).event == "battery_status"


def test_negation_turns_the_event():
    assert write_by_rules(pending("The window is no longer open.")).event == "state_changed"
    assert write_by_rules(pending("No people in the hall.")).event != "person_seen"
    assert write_by_rules(pending("no smoke in the kitchen")).event != "hazard_seen"


def test_text_is_the_observation_on_one_line():
    assert write_by_rules(pending("  two\tlines\n of   text ")).text == "two lines of text"


words_of_robots = st.sampled_from(
    "the a my no not red battery door mug Maria 12 3.5 14:30 twenty three % is was moved open in on kitchen aisle_4 "
    "\"quoted\" said don't it's . , ! - / ( nurse's ÄÖ 猫 लाल smoke twenty-three V3 ½ 1,5 ".split()
)


@settings(deadline=None)
@given(st.one_of(st.text(min_size=1), st.lists(words_of_robots, min_size=1).map(" ".join)))
def test_any_observation_gives_a_valid_draft_that_invents_nothing(text):
    try:
        memory = pending(text)
    except ValueError:
        return  # not an observation: empty, or with control characters
    written = write_by_rules(memory)
    assert Draft.model_validate_json(written.model_dump_json()) == written
    values = " . ".join(tag.partition(":")[2].replace("_", " ") for tag in written.tags)
    assert stems(values) <= stems(text)
    assert numbers(written.text) == numbers(text)
    assert read_draft(written.model_dump_json(), memory) == written


def test_a_long_observation_is_kept_whole():
    text = "The door is open. " * 5000
    assert len(write_by_rules(pending(text)).text) == len(text) - 1


def test_a_draft_may_shorten_and_bend_words():
    memory = pending("I have just seen that the doors of lab 4 were closed by twelve workers")
    accepted = read_draft(
        draft("state_changed", "Door of lab 4 closed by 12 workers", "object:door", "state:closed"), memory
    )
    assert accepted.tags == ("object:door", "state:closed")


def test_a_draft_may_use_the_tags_and_the_source_of_the_observation():
    memory = pending("mug seen", source="Elena", tags=("room:kitchen",))
    assert read_draft(draft("object_seen", "Elena: mug in the kitchen", "room:kitchen"), memory).event == "object_seen"


@pytest.mark.parametrize(
    ("reply", "word"),
    [
        (draft("object_seen", "A blue mug on the table"), "blue"),
        (draft("object_seen", "A mug on the table", "room:kitchen"), "kitchen"),
        (draft("object_seen", "3 mugs on the table"), "3"),
        (draft("object_seen", "Maria's mug on the table"), "maria"),
        (draft("object_seen", "A mug is on the table"), "not"),
    ],
)
def test_what_the_observation_does_not_say_is_refused(reply, word):
    with pytest.raises(DraftRefused, match=word) as refused:
        read_draft(reply, pending("A mug is not on the table"))
    assert refused.value.kind == "invented"


@pytest.mark.parametrize(
    ("text", "shortened"),
    [
        ("The mug is gone from the table", "The mug from the table"),
        ("I can't see the mug", "I see the mug"),
        ("There was never a mug", "There was a mug"),
        ("The table is without a mug", "The table is a mug"),
    ],
)
def test_a_lost_negation_is_refused(text, shortened):
    with pytest.raises(DraftRefused, match="lost"):
        read_draft(draft("note", shortened), pending(text))


@pytest.mark.parametrize(
    "reply",
    [
        "",
        "a mug",
        "{",
        "[]",
        "null",
        draft("mug_seen", "A mug"),
        draft("note", ""),
        draft("note", "A mug", "mug"),
        "\ud800",
    ],
)
def test_a_reply_that_is_no_draft_is_invalid(reply):
    with pytest.raises(DraftRefused) as refused:
        read_draft(reply, pending("A mug"))
    assert refused.value.kind == "invalid"


@settings(deadline=None)
@given(st.text())
def test_any_reply_is_read_or_refused(reply):
    try:
        read_draft(reply, pending("A mug"))
    except DraftRefused as refused:
        assert refused.reason
