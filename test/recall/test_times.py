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
        ("Who came between 9 and half past ten?", "10-07 09:00", "10-07 10:30"),
        ("Who came since noon?", "10-07 12:00", None),
        ("Who rang around 3pm?", "10-07 14:30", "10-07 15:30"),
        ("Who rang at quarter to nine?", "10-07 08:15", "10-07 09:15"),
        ("Who rang at ten to five?", "10-06 16:20", "10-06 17:20"),
        ("Who was in from ten to five?", "10-07 10:00", "10-07 17:00"),
        ("Who rang at 9 this morning?", "10-07 08:30", "10-07 09:30"),
        ("Who rang yesterday at nine in the evening?", "10-06 20:30", "10-06 21:30"),
        ("Who rang yesterday evening at 8?", "10-06 19:30", "10-06 20:30"),
        ("Who rang at 5 on Monday?", "10-05 16:30", "10-05 17:30"),
        ("Who rang before 5 pm?", None, "10-07 17:00"),
        ("Who rang shortly before noon?", None, "10-07 12:00"),
        ("Where is it at night?", "10-06 18:00", "10-07 05:59"),
        ("Who came overnight?", "10-06 18:00", "10-07 05:59"),
        ("Who came the night before last?", "10-05 18:00", "10-06 05:59"),
        ("Who rang before lunch?", "10-07 00:00", "10-07 12:00"),
        ("Who rang after lunch yesterday?", "10-06 12:59", "10-06 23:59"),
        ("Who came on the 3rd?", "10-03 00:00", "10-03 23:59"),
        ("Who came on the 31st?", "08-31 00:00", "08-31 23:59"),
        ("Who came on the afternoon of the 3rd?", "10-03 12:00", "10-03 17:59"),
        ("What grew since the 1st of the month?", "10-01 00:00", None),
        ("What grew in March?", "03-01 00:00", "03-31 23:59"),
        ("What grew last May?", "05-01 00:00", "05-31 23:59"),
        ("Who came on the weekend?", "10-03 00:00", "10-04 23:59"),
        ("Who came last weekend?", "10-03 00:00", "10-04 23:59"),
        ("Who came the weekend before last?", "09-26 00:00", "09-27 23:59"),
        ("Who came the week before last?", "09-21 00:00", "09-27 23:59"),
        ("Who came on Tuesday of last week?", "09-29 00:00", "09-29 23:59"),
        ("Who came on the Monday before last?", "09-28 00:00", "09-28 23:59"),
        ("Who came on Monday or Tuesday?", "10-05 00:00", "10-06 23:59"),
        ("Who came between Monday and Friday?", "09-28 00:00", "10-02 23:59"),
        ("Who came between Monday evening and Tuesday morning?", "10-05 17:00", "10-06 11:59"),
        ("Who came from Monday 9:00 to Tuesday 10:00?", "10-05 09:00", "10-06 10:00"),
        ("Who came from yesterday until now?", "10-06 00:00", "10-07 15:20"),
        ("Who came on Monday, October 5th?", "10-05 00:00", "10-05 23:59"),
        ("Who came at 2026-10-01T09:00?", "10-01 08:30", "10-01 09:30"),
        ("Who came on mon?", "10-05 00:00", "10-05 23:59"),
        ("Where was it an hour and a half ago?", "10-07 13:20", "10-07 14:20"),
        ("Where was it twenty-five minutes ago?", "10-07 14:48", "10-07 15:01"),
        ("Who came a few days ago?", "10-01 00:00", "10-05 23:59"),
        ("Who came over the past 24 hours?", "10-06 15:20", "10-07 15:20"),
        ("What comes tomorrow?", "10-08 00:00", "10-08 23:59"),
        ("What comes next Friday?", "10-09 00:00", "10-09 23:59"),
        ("WHO CAME YESTERDAY?", "10-06 00:00", "10-06 23:59"),
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
        "Where may the sun lotion be?",
        "Does the band march on the second try?",
        "Did 3 robots march 3 times?",
        "Are 3 may flowers in the vase?",
        "Is the wash drying in the sun?",
        "Is mon ami here?",
        "Where is the Sunday newspaper?",
        "Where is the drill on the 3rd shelf?",
        "Is it in April's room or with June?",
        "Where is the noon meeting?",
        "Do you patrol every morning?",
        "What is at my 3 o'clock?",
        "Who fixed it a second time?",
        "Who sat between 9 and 11 chairs?",
        "Is someone at table 5?",
        "Before lunch was served, who rang?",
        "Did you study for tomorrow's test?",
    ],
)
def test_what_is_no_time_stays_in_the_question(question: str) -> None:
    times = find_times(question, NOW.timestamp(), BERLIN)
    assert (times.since, times.until, times.rest) == (None, None, question)


@pytest.mark.parametrize(
    ("now", "question", "since", "until"),
    [
        ((2026, 1, 1, 8), "Who came yesterday?", "2025-12-31 00:00", "2025-12-31 23:59"),
        ((2026, 1, 1, 8), "Who came last week?", "2025-12-22 00:00", "2025-12-28 23:59"),
        ((2026, 1, 1, 8), "Who came last month?", "2025-12-01 00:00", "2025-12-31 23:59"),
        ((2026, 1, 1, 8), "Who came last year?", "2025-01-01 00:00", "2025-12-31 23:59"),
        ((2026, 1, 1, 8), "Who came in December?", "2025-12-01 00:00", "2025-12-31 23:59"),
        ((2026, 1, 1, 8), "Who came on the 30th?", "2025-12-30 00:00", "2025-12-30 23:59"),
        ((2024, 3, 1, 8), "Who came yesterday?", "2024-02-29 00:00", "2024-02-29 23:59"),
        ((2026, 3, 31, 8), "Who came in February?", "2026-02-01 00:00", "2026-02-28 23:59"),
        ((2026, 3, 31, 8), "Who came last month?", "2026-02-01 00:00", "2026-02-28 23:59"),
        ((2026, 10, 10, 8), "Who came on the weekend?", "2026-10-10 00:00", "2026-10-11 23:59"),
        ((2026, 10, 10, 8), "Who came last weekend?", "2026-10-03 00:00", "2026-10-04 23:59"),
        ((2026, 3, 29, 12), "Who came at 2:30?", "2026-03-29 01:00", "2026-03-29 04:00"),
    ],
)
def test_ends_of_months_and_years_and_the_hour_that_is_left_out(
    now: tuple[int, int, int, int], question: str, since: str, until: str
) -> None:
    times = find_times(question, datetime(*now, tzinfo=BERLIN).timestamp(), BERLIN)
    assert times.since is not None and times.until is not None
    span = [
        datetime.fromtimestamp(seconds, BERLIN).isoformat(" ", "minutes")[:16] for seconds in (times.since, times.until)
    ]
    assert span == [since, until]


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


_SAID = """yesterday last next ago 3 two half past hours a few at on the 3rd monday weekend between and before 9:30 pm
october may march sun 31st this morning lunch week in of the of 2026-02-29 night until since now 2025 o'clock's , ? \0
İ Ⅷ""".split()


@given(
    st.one_of(st.text(max_size=200), st.lists(st.sampled_from(_SAID), max_size=9).map(" ".join)),
    st.floats(0, 4e9),
    st.sampled_from(["Europe/Berlin", "UTC", "America/St_Johns", "Pacific/Apia", "Africa/Casablanca"]),
)
def test_any_text_gives_a_forward_range_and_its_own_words(text: str, now: float, zone: str) -> None:
    times = find_times(text, now, ZoneInfo(zone))
    assert times.since is None or times.until is None or times.since <= times.until
    assert all(phrase in text for phrase in times.phrases)
    assert bool(times.phrases) == (times.since is not None or times.until is not None)
    assert times.phrases or times.rest == text


def test_a_direction_by_the_clock_is_no_time() -> None:
    times = find_times("What stands in my 10 o'clock direction?", 1790000000.0, BERLIN)
    assert times.since is None and times.until is None
