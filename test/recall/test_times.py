"""Time expressions against a fixed moment in a zone with daylight saving time."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shadowhound_memory.recall.times import find_times

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 10, 7, 15, 20, tzinfo=BERLIN)  # a Wednesday


def local(seconds: float | None) -> str | None:
    return None if seconds is None else f"{datetime.fromtimestamp(seconds, BERLIN):%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("question", "since", "until"),
    [
        ("What did you see today?", "10-07 00:00", "10-07 23:59"),
        ("where was the mug yesterday?", "10-06 00:00", "10-06 23:59"),
        ("the day before yesterday", "10-05 00:00", "10-05 23:59"),
        ("What happened this morning?", "10-07 00:00", "10-07 11:59"),
        ("What happened last night?", "10-06 18:00", "10-07 05:59"),
        ("Who came yesterday evening?", "10-06 17:00", "10-06 23:59"),
        ("Was the door open in the afternoon?", "10-07 12:00", "10-07 17:59"),
        ("Who was here on Tuesday?", "10-06 00:00", "10-06 23:59"),
        ("Who was here on Wednesday?", "10-07 00:00", "10-07 23:59"),
        ("What happened last Wednesday?", "09-30 00:00", "09-30 23:59"),
        ("Who was here on Monday evening?", "10-05 17:00", "10-05 23:59"),
        ("the end of Monday's round", "10-05 00:00", "10-05 23:59"),
        ("What did you see on October 1st?", "10-01 00:00", "10-01 23:59"),
        ("What did you see on the 1st of October 2026?", "10-01 00:00", "10-01 23:59"),
        ("What did you see on 2026-10-01?", "10-01 00:00", "10-01 23:59"),
        ("What did you see in September?", "09-01 00:00", "09-30 23:59"),
        ("Who came between 9 and 11?", "10-07 09:00", "10-07 11:00"),
        ("Who came between 9 and 11 yesterday?", "10-06 09:00", "10-06 11:00"),
        ("Who came from 2 to 4 pm?", "10-07 14:00", "10-07 16:00"),
        ("Who came between Monday and Tuesday?", "10-05 00:00", "10-06 23:59"),
        ("What did you see in the last ten minutes?", "10-07 15:10", "10-07 15:20"),
        ("What happened in the last hour?", "10-07 14:20", "10-07 15:20"),
        ("Anything in the past week?", "09-30 15:20", "10-07 15:20"),
        ("Where was it two hours ago?", "10-07 12:50", "10-07 13:50"),
        ("What was here 3 days ago?", "10-04 00:00", "10-04 23:59"),
        ("Who came this week?", "10-05 00:00", "10-11 23:59"),
        ("Who came last week?", "09-28 00:00", "10-04 23:59"),
        ("Who came last month?", "09-01 00:00", "09-30 23:59"),
        ("What did you see before 3 pm?", None, "10-07 15:00"),
        ("What did you see after 16:00?", "10-06 16:00", None),
        ("What did you see after 3 pm yesterday?", "10-06 15:00", "10-06 23:59"),
        ("What was moved since yesterday?", "10-06 00:00", None),
        ("What was moved before Tuesday?", None, "10-05 23:59"),
        ("What happened at noon?", "10-07 11:30", "10-07 12:30"),
        ("What happened at midnight?", "10-06 23:30", "10-07 00:30"),
    ],
)
def test_a_time_expression_becomes_a_range(question: str, since: str | None, until: str | None) -> None:
    times = find_times(question, NOW.timestamp(), BERLIN)
    assert (local(times.since), local(times.until)) == (since, until)


@pytest.mark.parametrize(
    "question",
    [
        "Where is the last mug?",
        "Who may march on the second floor?",
        "Is the battery at 30 %?",
        "Did you see 3 mugs in room 12?",
        "When did you last see it?",
        "What is on February 30?",
        "What happened 99999999999 years ago?",
    ],
)
def test_what_is_no_time_stays_in_the_question(question: str) -> None:
    times = find_times(question, NOW.timestamp(), BERLIN)
    assert (times.since, times.until, times.rest) == (None, None, question)


def test_the_words_of_a_time_leave_the_question() -> None:
    assert find_times("Where was the mug yesterday at 3 pm?", NOW.timestamp(), BERLIN).rest == "Where was the mug ?"


def test_a_day_on_which_clocks_change_has_25_hours() -> None:
    after = datetime(2026, 10, 26, 12, 0, tzinfo=BERLIN).timestamp()
    day = find_times("What happened yesterday?", after, BERLIN)
    assert day.since is not None and day.until is not None
    assert round(day.until - day.since) == 25 * 3600


def test_hours_are_real_time_across_the_change() -> None:
    after = datetime(2026, 10, 25, 4, 0, tzinfo=BERLIN).timestamp()
    span = find_times("What happened in the last 3 hours?", after, BERLIN)
    assert span.since is not None
    assert after - span.since == 3 * 3600


def test_an_hour_that_comes_twice_is_covered_twice() -> None:
    later = datetime(2026, 10, 25, 12, 0, tzinfo=BERLIN).timestamp()
    span = find_times("What happened between 2:00 and 2:30?", later, BERLIN)
    assert span.since is not None and span.until is not None
    assert span.until - span.since == 5400


@given(st.text(max_size=200), st.floats(0, 4e9))
def test_any_text_gives_a_forward_range(text: str, now: float) -> None:
    times = find_times(text, now, BERLIN)
    assert times.since is None or times.until is None or times.since <= times.until


_SAID = """yesterday last ago 3 two hours at on monday between and before 9:30 pm october 31st this morning week in the
2026-02-29 night until 2025""".split()


@given(st.lists(st.sampled_from(_SAID), max_size=8), st.floats(0, 4e9))
def test_any_mixture_of_time_words_gives_a_forward_range(said: list[str], now: float) -> None:
    times = find_times(" ".join(said), now, BERLIN)
    assert times.since is None or times.until is None or times.since <= times.until


def test_a_direction_by_the_clock_is_no_time() -> None:
    times = find_times("What stands in my 10 o'clock direction?", 1790000000.0, BERLIN)
    assert times.since is None and times.until is None
