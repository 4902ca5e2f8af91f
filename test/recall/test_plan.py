"""Planning: what questions in many wordings ask for, among what."""

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from shadowhound_memory.question import Filter, Plan, Question
from shadowhound_memory.recall.plan import NEAR, NOTHING, make_plan
from shadowhound_memory.record import Pose
from shadowhound_memory.settings import Settings

SETTINGS = Settings(model="none")
NOW = 1790000000.0
"""Monday 2026-09-21, 14:13:20 UTC."""
MISSIONS = [
    ("patrol-1", NOW - 300_000, NOW - 290_000),
    ("evening_patrol", NOW - 100_000, NOW - 90_000),
    ("inventory", NOW - 3_000, None),
]


def plan(text: str, **fields: object) -> Plan:
    return make_plan(Question.model_validate({"text": text, **fields}), SETTINGS, NOW, MISSIONS)


@pytest.mark.parametrize(
    ("question", "kind", "order"),
    [
        ("Where is the fire extinguisher?", "place", "latest"),
        ("where's my red mug", "place", "latest"),
        ("Where did you last see the cart?", "place", "latest"),
        ("Where did you first see the cart?", "place", "earliest"),
        ("Where did Anna put the keys?", "place", "relevance"),
        ("Can you tell me where the keys are?", "place", "latest"),
        ("Do you remember where I left the keys?", "place", "relevance"),
        ("Which room has the printer?", "place", "latest"),
        ("In which room did you meet Bob?", "place", "relevance"),
        ("The red mug, where is it?", "place", "latest"),
        ("Take me to the dock", "place", "latest"),
        ("When did Anna arrive?", "time", "relevance"),
        ("What time did the alarm ring?", "time", "relevance"),
        ("At what time did the alarm ring?", "time", "relevance"),
        ("When was the door last opened?", "time", "latest"),
        ("How long ago did you charge?", "time", "relevance"),
        ("How many chairs are in the hall?", "count", "latest"),
        ("How often did the alarm ring?", "count", "relevance"),
        ("How many times was the door opened?", "count", "relevance"),
        ("Is the window still open?", "yesno", "latest"),
        ("Was the window open?", "yesno", "relevance"),
        ("Did anyone come by?", "yesno", "relevance"),
        ("Isn't the door locked?", "yesno", "latest"),
        ("Do you remember the mug?", "yesno", "relevance"),
        ("What did Bob say about the delivery?", "text", "relevance"),
        ("What is the battery level?", "text", "latest"),
        ("Who was in the kitchen?", "text", "relevance"),
        ("fire extinguisher", "text", "relevance"),
        ("Wo ist der Becher?", "text", "relevance"),
        ("???", "text", "relevance"),
    ],
)
def test_kind_and_order(question: str, kind: str, order: str) -> None:
    planned = plan(question)
    assert (planned.kind, planned.order) == (kind, order)


@pytest.mark.parametrize(
    ("question", "search", "terms"),
    [
        ("Where is the fire extinguisher now?", "the fire extinguisher", ("fire", "extinguish")),
        ("When did you last see the cart?", "see the cart", ("cart",)),
        ("How many times did the alarm ring yesterday?", "the alarm ring", ("alarm", "ring")),
        ("Where did this happen: Put the pan in the fridge", "Put the pan in the fridge", ("pan", "fridg")),
        ("What happened?", "happened", ()),
        ("What is near here?", "", ()),
        ("???", "", ()),
    ],
)
def test_what_is_searched_for(question: str, search: str, terms: tuple[str, ...]) -> None:
    planned = plan(question, pose={"x": 0.0, "y": 0.0})
    assert (planned.search, planned.key_terms) == (search, terms)


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("Hi, who was at the desk on Monday evening?", "who was at the desk?"),
        ("What did you see on the evening patrol?", "What did you see?"),
        ("Where did this happen: Put the pan in the fridge", "Where did this happen: Put the pan in the fridge"),
        ("yesterday?", "yesterday?"),
    ],
)
def test_what_is_asked_within_the_times_and_missions(question: str, asked: str) -> None:
    assert plan(question).asked == asked


@pytest.mark.parametrize(
    ("question", "mission"),
    [
        ("Was the mug seen in patrol-1?", "patrol-1"),
        ("What did you see on the evening patrol?", "evening_patrol"),
        ("What happened during the inventory mission?", "inventory"),
        ("What did you see on your last patrol?", "evening_patrol"),
        ("What happened on the first patrol?", "patrol-1"),
        ("What happened in the previous mission?", "evening_patrol"),
        ("What happened in this mission?", "inventory"),
        ("Where was it on the second patrol?", "evening_patrol"),
    ],
)
def test_a_mission_by_name_or_order(question: str, mission: str) -> None:
    assert plan(question).filter.missions == (mission,)


@pytest.mark.parametrize(
    "question", ["Where is the inventory list?", "What happened on the third patrol?", "Go on patrol"]
)
def test_what_names_no_mission(question: str) -> None:
    assert plan(question).filter.missions == ()


@pytest.mark.parametrize(
    ("question", "x", "y", "radius"),
    [
        ("What is near here?", 1.0, 2.0, NEAR),
        ("What did you see within 2.5 m of here?", 1.0, 2.0, 2.5),
        ("Is there anything nearby?", 1.0, 2.0, NEAR),
        ("Anything within 3 metres of (1.5, -2)?", 1.5, -2.0, 3.0),
        ("What is at x=4, y=-0.5?", 4.0, -0.5, NEAR),
    ],
)
def test_a_place_given_as_here_or_numbers(question: str, x: float, y: float, radius: float) -> None:
    filter = plan(question, pose={"x": 1.0, "y": 2.0, "frame_id": "map"}).filter
    assert filter.near is not None
    assert (filter.near.x, filter.near.y, filter.radius, filter.map_id) == (x, y, radius, "default")


def test_here_without_a_pose_is_left_out_and_said() -> None:
    planned = plan("What is near here?")
    assert planned.filter == Filter() and any("without a pose" in said for said in planned.decided)


def test_the_question_narrows_a_filter_and_never_widens_it() -> None:
    given = Filter(since=NOW - 3600, missions=("inventory",), near=Pose(x=9.0, y=9.0), radius=1.0)
    pose = Pose(x=0.0, y=0.0)
    planned = make_plan(Question(text="What is near here today?", filter=given, pose=pose), SETTINGS, NOW, MISSIONS)
    assert planned.filter.since == NOW - 3600 and planned.filter.until is not None
    assert (planned.filter.near, planned.filter.missions) == (given.near, given.missions)


@pytest.mark.parametrize(
    ("question", "given"),
    [
        ("What happened yesterday?", Filter(since=NOW - 60)),
        ("What happened in patrol-1?", Filter(missions=("inventory",))),
    ],
)
def test_a_question_against_its_filter_finds_nothing(question: str, given: Filter) -> None:
    planned = make_plan(Question(text=question, filter=given), SETTINGS, NOW, MISSIONS)
    assert (planned.filter.since, planned.filter.until) == (NOTHING, NOTHING)


def test_asked_at_zero_is_a_time() -> None:
    planned = make_plan(Question(text="What happened today?", asked_at=0.0), SETTINGS, 0.0)
    assert planned.filter.since == 0.0


_WORDS = """where is the mug when did you last see how many times was yesterday near here (1, 2) within 3 m of patrol-1
first patrol previous mission : ? " * between 9 and 11 on monday 3 pm not OR ago two hours é 杯子 how long
nearest far from to the saw I mean . , lost before since last three patrols both visits here x= radius of take me
can you hwo wher""".split()


@hypothesis_settings(deadline=None)
@given(
    st.one_of(
        st.text(min_size=1, max_size=300), st.lists(st.sampled_from(_WORDS), min_size=1, max_size=15).map(" ".join)
    )
)
def test_any_question_gives_a_plan(text: str) -> None:
    try:
        question = Question(text=text, pose=Pose(x=0.0, y=0.0))
    except ValueError:
        return
    planned = make_plan(question, SETTINGS, NOW, MISSIONS)
    assert Filter.model_validate(planned.filter.model_dump()) == planned.filter
