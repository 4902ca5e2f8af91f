"""An answer is never taken in as an observation, and what was really perceived always is."""

import re
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shadowhound_memory.errors import Code, ShadowhoundError
from shadowhound_memory.manager import MemoryManager
from shadowhound_memory.own import answer_keys, observation_keys
from shadowhound_memory.question import Question
from shadowhound_memory.record import Memory, Observation, Pose
from shadowhound_memory.settings import Settings
from shadowhound_memory.store.sqlite import SqliteStore

SEEN = "A yellow toolbox stands under the workbench."


def refused(memory: MemoryManager, text: str, **fields: str) -> bool:
    before = (memory.status().memories, memory.status().mission_id)
    try:
        memory.write(Observation(text=text, **fields))
    except ShadowhoundError as error:
        assert error.code is Code.OWN_ANSWER
        assert (memory.status().memories, memory.status().mission_id) == before
        return True
    return False


@pytest.fixture
def told(memory: MemoryManager) -> MemoryManager:
    memory.write(Observation(text=SEEN, pose=Pose(x=3.0, y=1.0)), wait=60)
    memory.wait_until_idle(60)
    return memory


@pytest.mark.parametrize("source", ["agent", "Assistant", "shadowhound_memory", "/robot1/shadowhound_memory"])
def test_the_agent_is_no_observer(memory: MemoryManager, source: str) -> None:
    assert refused(memory, "The toolbox is in the rack.", source=source)
    assert memory.status().mission_id is None


@pytest.mark.parametrize("source", ["robot", "camera", "person", "agent_smith", "user_agent", "travel agent"])
def test_everybody_else_is(memory: MemoryManager, source: str) -> None:
    assert not refused(memory, "The toolbox is in the rack.", source=source)


@pytest.mark.parametrize(
    "question", ["where is the toolbox?", "is there a toolbox?", "how many toolboxes are there?", "where is the yacht?"]
)
@pytest.mark.parametrize(
    "disguise",
    [
        str,
        str.upper,
        lambda text: re.sub(r" ?\[\d+\]", "", text),
        lambda text: f"  {text.replace(' ', '  ')}\n",
        lambda text: f'I answered: "{text}"',
        lambda text: f"Assistant said at 14:05: {text}",
    ],
    ids=["itself", "capitals", "no marks", "spaces", "quoted", "said"],
)
def test_the_words_of_an_answer_are_refused(told: MemoryManager, question: str, disguise: Callable[[str], str]) -> None:
    answer = told.recall(Question(text=question)).answer
    assert refused(told, disguise(answer), source="speech"), disguise(answer)


def test_what_was_perceived_is_kept_however_often_it_is_and_was_asked_for(told: MemoryManager) -> None:
    for _ in range(3):
        told.recall(Question(text="where is the toolbox?"))
        assert not refused(told, SEEN)
        assert not refused(told, "I see: " + SEEN)


def is_known(observation: str, answer: str, memories: Sequence[str] = ()) -> bool:
    return bool({*observation_keys(observation)} & {*answer_keys(answer, False, memories)})


def test_a_short_sentence_is_an_answer_by_its_marks_alone() -> None:
    assert not is_known("No.", "No [1].")
    assert not is_known("The toolbox is in the rack.", "The toolbox is in the rack [1].")
    assert is_known("the toolbox is in the rack [1]", "The toolbox is in the rack [1].")


def test_a_long_one_by_its_words_too_unless_a_memory_says_it() -> None:
    said = "The yellow toolbox stands under the workbench beside the door"
    assert is_known(said, f"{said} [1].")
    assert not is_known(said, f"{said} [1].", [f"{said}."])


def test_what_a_memory_says_is_kept_again_though_an_answer_said_it_too(told: MemoryManager, tmp_path: Path) -> None:
    said = "The yellow toolbox stands under the workbench beside the door."
    with closing(SqliteStore.open(tmp_path / "other")) as store:
        store.put_trace("t", {}, answer_keys(f"{said} [1]", False, []))
        assert store.answer_that_said(said) == "t"
        store.insert(next(told.memories()).model_copy(update={"raw_text": said}), "hash")
        assert store.answer_that_said(said) is None


def test_a_full_record_is_checked_too(told: MemoryManager) -> None:
    kept = next(told.memories())
    answer = told.recall(Question(text="where is the toolbox?")).answer
    for change in ({"raw_text": answer}, {"text": answer}, {"source": "agent"}):
        with pytest.raises(ShadowhoundError) as caught:
            told.keep(Memory.model_validate(kept.model_dump() | {"id": "other"} | change))
        assert caught.value.code is Code.OWN_ANSWER
    assert told.keep(kept) == kept


def test_answers_given_beside_a_running_writer_are_known_to_it(told: MemoryManager, settings: Settings) -> None:
    with MemoryManager.open(settings, read_only=True) as reader:
        answer = reader.recall(Question(text="where is the toolbox?")).answer
    assert refused(told, answer)


def test_answers_are_known_as_long_as_their_traces_are_kept(told: MemoryManager, settings: Settings) -> None:
    memory_id = next(told.memories()).id
    answer = told.recall(Question(text="where is the toolbox?")).answer
    told.forget([memory_id])
    assert not refused(told, answer)


@given(st.text(min_size=1, max_size=80), st.lists(st.text(max_size=80), max_size=3), st.booleans())
def test_any_text_has_keys_and_an_answer_that_is_a_memorys_own_words_is_never_known_without_marks(
    text: str, memories: list[str], abstained: bool
) -> None:
    observation_keys(text)
    if not re.search(r"\[\d+\]", text):
        assert answer_keys(text, abstained, [*memories, text]) == []
