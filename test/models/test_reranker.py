"""The cross-encoder slot: it orders the best candidates anew, and says what is wrong with a directory."""

from pathlib import Path

import pytest
from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

from shadowhound_memory.errors import ModelUnavailable
from shadowhound_memory.manager import MemoryManager
from shadowhound_memory.models.reranker import RERANKED, Reranker
from shadowhound_memory.question import Candidate, Question
from shadowhound_memory.record import Memory, Observation
from shadowhound_memory.settings import Settings

WORDS = "[PAD] [UNK] [CLS] [SEP] [MASK] a cup stands on the shelf where is".split()


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cross-encoder of random weights."""
    path = tmp_path_factory.mktemp("cross")
    (path / "vocab.txt").write_text("\n".join([*WORDS, *map(str, range(40))]))
    BertTokenizerFast(str(path / "vocab.txt")).save_pretrained(path)
    config = BertConfig(
        vocab_size=len(WORDS) + 40,
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=1,
        intermediate_size=16,
        num_labels=1,
        max_position_embeddings=64,
    )
    BertForSequenceClassification(config).save_pretrained(path)
    return path


def candidates(count: int) -> list[Candidate]:
    made = []
    for n in range(count):
        fields = {"id": f"id{n}", "event": "note", "text": f"cup {n}", "raw_text": f"cup {n}", "timestamp": 1.75e9 + n}
        fields |= {"pose": None, "tags": (), "mission_id": "m", "robot_id": "robot", "source": "robot"}
        fields |= {"status": "current", "written_by": "rules", "recorded_at": 1.75e9}
        made.append(Candidate(score=1 - n / 100, memory=Memory.model_validate(fields)))
    return made


def test_the_best_are_ordered_anew_and_the_rest_follow(directory: Path) -> None:
    given = candidates(RERANKED + 5)
    found = Reranker(Settings(reranker=str(directory))).rerank("where is the cup", given)
    ids = [each.memory.id for each in found]
    assert ids[:RERANKED] != [f"id{n}" for n in range(RERANKED)] and set(ids) == {each.memory.id for each in given}
    assert ids[RERANKED:] == [f"id{n}" for n in range(RERANKED, RERANKED + 5)]
    assert [each.score for each in found] == [each.score for each in given]


def test_a_directory_without_a_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match=f"{tmp_path}.*set reranker"):
        Reranker(Settings(reranker=str(tmp_path))).rerank("where is the cup", candidates(3))
    (tmp_path / "config.json").write_text("{")
    with pytest.raises(ModelUnavailable, match="cannot be loaded"):
        Reranker(Settings(reranker=str(tmp_path))).rerank("where is the cup", candidates(3))


@pytest.mark.parametrize("there", [True, False])
def test_recall_goes_on_with_it_and_without_it(directory: Path, tmp_path: Path, there: bool) -> None:
    reranker = str(directory if there else tmp_path / "nothing")
    settings = Settings(data_dir=str(tmp_path / "memory"), model="none", reranker=reranker)
    with MemoryManager.open(settings) as manager:
        for n in range(3):
            manager.write(Observation(text=f"A cup stands on shelf {n}."), wait=30)
        answer = manager.recall(Question(text="Where does the cup stand?"))
    assert not answer.abstained and len(answer.candidates) == 3
    assert ("there is no cross-encoder" in (answer.fallback_reason or "")) is not there
