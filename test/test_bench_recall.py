"""What the measure of recall counts as a hit, an error, an abstention and a wrong track."""

import json
import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.recall_absent import put, risk_coverage
from bench.recall_banks import answered, fill
from bench.recall_data import Asked, Scene, chosen, half_of, load, mapped_tags, sample
from bench.recall_scores import estimate, is_right, ranked, score, summarize
from bench.recall_tracks import judge
from shadowhound_memory.manager import MemoryManager
from shadowhound_memory.settings import Settings
from shadowhound_memory.tracks import Track

START = 1.75e9


def row(number: int, text: str = "A cup in the kitchen.", **fields: Any) -> dict[str, Any]:
    plain = {
        "id": f"o{number}", "text": text, "pose": {"x": 1.0, "y": 2.0, "yaw": 0.5}, "frame": "home/one",
        "timestamp": START + number, "mission_id": "m1", "gold_tags": ["object:cup", "action:put_object"],
        "scene": "one", "source": "alfred",
    }  # fmt: skip
    return plain | fields


def asked(kind: str = "place", gold: tuple[str, ...] = ("o1",), **fields: Any) -> Asked:
    return Asked("q", "Where is the cup?", "alfred now", kind, gold, **fields)


def result(*cited: str, **fields: Any) -> dict[str, Any]:
    plain = {
        "cited": list(cited), "candidates": list(cited), "abstained": not cited, "place": None, "time": None,
        "count": None, "yes": None,
    }  # fmt: skip
    return plain | fields


def scenes(count: int, source: str = "alfred") -> list[Scene]:
    return [Scene(f"scene{number}", source, [row(1)], [asked() for _ in range(2)]) for number in range(count)]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    question = {
        "id": "q1", "question": "Where is the cup now?", "kind": "place", "gold_ids": ["o2"], "gold_answer": "shelf",
        "gold_pose": {"x": 1.0, "y": 2.0}, "gold_time": START, "origin": "template; latest put wins", "scene": "one",
        "source": "alfred",
    }  # fmt: skip
    rows = [row(2, end=START), row(1, end=START + 60)]
    talk = {
        "sample_id": "talk",
        "conversation": {
            "session_1_date_time": "1:56 pm on 8 May, 2023",
            "session_1": [{"speaker": "Ada", "dia_id": "D1:1", "text": "Look!", "blip_caption": "a red boat"}],
        },
        "qa": [
            {"question": "What did Ada show?", "evidence": ["D1:1; D:1:2"], "category": 4},
            {"question": "Who?", "evidence": [], "category": 4},
        ],
    }
    (tmp_path / "observations.jsonl").write_text("\n".join(map(json.dumps, rows)))
    (tmp_path / "questions.jsonl").write_text(json.dumps(question))
    (tmp_path / "locomo_dev.json").write_text(json.dumps([talk]))
    return tmp_path


def test_scenes_are_told_in_order_of_time_without_gold(data: Path) -> None:
    home, _ = load(data)
    first, second = home.observations
    assert (first.id, second.id) == ("o1", "o2")
    assert first.end_time == START + 60 and second.end_time is None  # an end before the beginning is left out
    assert first.tags == () and first.extra == {}
    assert first.pose and first.pose.frame_id == "home/one"
    assert home.asked_at == START + 2 + 3600
    assert (home.questions[0].group, home.questions[0].time) == ("alfred now", (START, START))


def test_a_turn_of_a_conversation_holds_speaker_date_and_picture(data: Path) -> None:
    _, talk = load(data)
    assert talk.rows[0]["text"] == "Ada (1:56 pm on 8 May, 2023): Look! [shares a red boat]"
    assert [each.gold for each in talk.questions] == [("talk/D1:1", "talk/D1:2")]


def test_missing_data_is_said(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"lacks observations\.jsonl and questions\.jsonl.*--data"):
        load(tmp_path)


def test_gold_tags_are_mapped_to_our_kinds() -> None:
    tags = ["object:cup", "receptacle:shelf", "action:put_object", "activity:lunch", "unheard:of"]
    assert mapped_tags({"gold_tags": tags}) == {"object:cup", "object:shelf", "skill:put_object", "skill:lunch"}


def test_halves_share_no_scene_and_lose_none() -> None:
    every = scenes(40)
    one, two = (chosen(every, half, (), None) for half in ("1", "2"))
    assert {scene.name for scene in one} | {scene.name for scene in two} == {scene.name for scene in every}
    assert not {scene.name for scene in one} & {scene.name for scene in two}
    assert min(len(one), len(two)) > 8


def test_the_only_scene_of_a_source_is_halved_by_its_questions() -> None:
    questions = [Asked(f"q{number}", "?", "g", "text", ()) for number in range(40)]
    alone = Scene("home", "ordonez", [row(1)], questions)
    [one] = chosen([alone], "1", (), None)
    [two] = chosen([alone], "2", (), None)
    assert {each.id for each in one.questions} == {each.id for each in questions if half_of(each.id) == "1"}
    assert len(one.questions) + len(two.questions) == 40


def test_a_source_and_a_limit_choose_scenes() -> None:
    every = [*scenes(5), *scenes(5, "sqa3d")]
    assert [scene.source for scene in chosen(every, "all", ["sqa3d"], 2)] == ["sqa3d", "sqa3d"]


def test_a_sample_is_drawn_evenly_and_the_same_each_time() -> None:
    def of(group: str, count: int) -> list[Asked]:
        return [Asked(f"{group}{number}", "?", group, "text", ()) for number in range(count)]

    every = [Scene("a", "alfred", [row(1)], of("large", 100)), Scene("b", "sqa3d", [row(1)], of("small", 10))]
    first = sample(every, 30)
    assert {scene.name: len(questions) for scene, questions in first} == {"a": 20, "b": 10}
    assert first == sample(every, 30)


def test_a_first_citation_that_is_gold_is_a_hit() -> None:
    scores = score(asked(place=(1.0, 2.0)), result("o1", "o9", candidates=["o9", "o1"], place=[4.0, 6.0]))
    assert scores == {
        "s@1": 1, "search@1": 0, "search@5": 1, "search@10": 1, "false abstention": 0, "false answer": 0,
        "citation precision": 0.5, "metres": 5.0,
    }  # fmt: skip
    assert is_right(scores)


def test_a_second_citation_that_is_gold_is_none() -> None:
    scores = score(asked(), result("o9", "o1"))
    assert scores["s@1"] == 0 and scores["false answer"] == 1 and not is_right(scores)


def test_an_abstention_is_false_where_there_is_gold_and_its_place_infinitely_far() -> None:
    scores = score(asked(place=(1.0, 2.0)), result(candidates=["o1"]))
    assert (scores["s@1"], scores["search@1"], scores["false abstention"]) == (0, 1, 1)
    assert scores["false answer"] == 0 and scores["metres"] == math.inf and "citation precision" not in scores


@pytest.mark.parametrize(
    ("time", "minutes"),
    [(START, 0), (START + 60, 0), (START - 90, 1.5), (START + 180, 2), (None, math.inf)],
)
def test_a_time_inside_the_span_has_no_error(time: float | None, minutes: float) -> None:
    assert score(asked("time", time=(START, START + 60)), result("o1", time=time))["minutes"] == minutes


@pytest.mark.parametrize(("count", "exact"), [(2, 1), (3, 0), (None, 0)])
def test_a_count_is_exact_or_wrong_whatever_is_cited(count: int | None, exact: int) -> None:
    scores = score(asked("count", ("o1", "o2"), answer=2), result("o1", count=count))
    assert (scores["count exact"], scores["false answer"]) == (exact, 1 - exact)
    assert scores["gold cited"] == 0.5


@pytest.mark.parametrize(("yes", "exact", "false"), [(False, 1, 0), (True, 0, 1), (None, 0, 0)])
def test_a_no_is_exact_without_gold_memories(yes: bool | None, exact: int, false: int) -> None:
    cited = () if yes is None else ("o9",)
    scores = score(asked("yesno", (), answer="no"), result(*cited, yes=yes))
    assert scores == {"yes/no exact": exact, "false answer": false}


def test_plain_search_is_scored_by_what_it_finds_first() -> None:
    question = asked(place=(1.0, 2.0))
    assert ranked(question, ["o2", "o1"], (1.0, 5.0)) == {"s@1": 0, "s@5": 1, "s@10": 1, "metres": 3.0}


@given(st.lists(st.floats(0, 1), min_size=1, max_size=60))
def test_an_interval_lies_within_the_values_and_is_the_same_each_time(values: list[float]) -> None:
    found = estimate(values)
    assert min(values) - 1e-9 <= found.low <= found.high <= max(values) + 1e-9
    assert found == estimate(values) and found.n == len(values)


def test_an_interval_narrows_with_more_questions() -> None:
    few, many = estimate([0.0, 1.0] * 10), estimate([0.0, 1.0] * 500)
    assert few.value == many.value == 0.5
    assert many.high - many.low < 0.1 < few.high - few.low


def test_a_median_bears_infinite_values() -> None:
    assert estimate([0.0, 1.0, math.inf], "median").value == 1.0
    assert estimate([0.0, math.inf, math.inf], "median").value == math.inf


def test_a_summary_keeps_groups_apart() -> None:
    groups = summarize([("a", {"s@1": 1.0}), ("b", {"s@1": 0.0, "metres": 2.0}), ("b", {"s@1": 1.0})])
    assert (groups["a"]["s@1"].value, groups["b"]["s@1"].value, groups["b"]["metres"].n) == (1.0, 0.5, 1)


def test_an_absent_question_is_put_where_no_stem_or_phrase_of_its_words_occurs() -> None:
    told = {"one": "Two harpoons lie here.", "two": "A gun rack.", "three": "A rack of spears and a water gun."}
    homes = [Scene(name, "alfred", [row(1, text)]) for name, text in told.items()]
    rows = [{"question": "?", "kind": "named", "absent": absent} for absent in (["harpoon"], ["gun rack"], ["spear"])]
    for seed in range(5):
        drawn = [(scene.name, question.id) for scene, question in put(homes, rows, seed)]
        assert not {("one", "absent-0"), ("two", "absent-1"), ("three", "absent-2")} & set(drawn)
        assert len(drawn) == 3


def test_risk_is_the_share_of_wrong_answers_among_the_most_confident() -> None:
    coverage, risk = risk_coverage([0.2, 0.9, -math.inf, 0.5], [True, False, True, True])
    assert coverage == [0.25, 0.5, 0.75]
    assert risk == pytest.approx([0, 1 / 2, 2 / 3])


def test_a_bank_answers_what_its_scene_was_told(tmp_path: Path) -> None:
    rows = [row(1, "A red cup stands on the shelf."), row(2, "The piano was tuned.", pose={"x": 7.0, "y": 7.0})]
    home = Scene("one", "alfred", rows)
    fill(tmp_path, home)
    with MemoryManager.open(Settings(data_dir=str(tmp_path), model="none"), read_only=True) as memory:
        found = answered(memory, Asked("q", "Where is the red cup?", "g", "place", ("o1",)), home.asked_at)
    assert (found["cited"], found["place"], found["abstained"]) == (["o1"], [1.0, 2.0], False)
    assert json.loads(json.dumps(found)) == found


def track(thing: str, state: str, *ids: str) -> Track:
    return Track(
        thing=thing, state=state, pose=None, object_pose=None, count=len(ids), first_seen=START, last_seen=START,
        memory_ids=ids, mission_id="m1", map_id="default", robot_id="robot",
    )  # fmt: skip


def test_a_track_of_two_objects_is_a_wrong_merge_and_one_of_what_is_still_there_a_wrong_retirement() -> None:
    def seen(visit: int, number: int, x: float) -> dict[str, Any]:
        return row(visit, id=f"thor_one_v{visit}_{number}", pose={"x": x, "y": 0.0}, z=0.5)

    visits = [seen(1, 0, 1.0), seen(1, 1, 2.0), seen(1, 2, 3.0), seen(2, 0, 1.0), seen(2, 1, 2.0), seen(2, 2, 9.0)]
    home = Scene("one", "thor_moves", visits)
    tracks = [
        track("cup", "moved", "thor_one_v1_0", "thor_one_v2_0"),  # still there
        track("mug", "present", "thor_one_v1_1", "thor_one_v2_1", "thor_one_v2_2"),  # two things
        track("mug", "moved", "thor_one_v1_2"),  # rightly
    ]
    wrong: list[str] = []
    assert judge(home, tracks, wrong) == {
        "tracks": 3, "joins": 3, "wrong joins": 1, "of another thing": 1, "judged retired": 2, "wrongly retired": 1,
        "left places": 1, "left places found": 1,
    }  # fmt: skip
    assert ["cup" in each for each in wrong] == [True, False]


def test_in_household_tasks_a_track_is_judged_by_the_tagged_thing_that_bears_its_name() -> None:
    rows = [
        row(1, gold_tags=["object:butter_knife", "action:pickup_object", "receptacle:counter_top"]),
        row(2, gold_tags=["object:knife", "action:put_object", "receptacle:sink"]),
        row(3, gold_tags=["action:goto_location", "target:fridge"]),
        row(4, gold_tags=["object:knife", "action:put_object", "receptacle:sink"]),
    ]
    tracks = [track("knife", "moved", "o1", "o2", "o3"), track("fridge", "moved", "o3"), track("door", "moved", "o3")]
    assert judge(Scene("one", "alfred", rows), tracks, []) == {
        "tracks": 3, "not judged": 1, "joins": 1, "wrong joins": 1, "of another thing": 1, "judged retired": 2,
        "wrongly retired": 2,
    }  # fmt: skip
