"""The exported embedding model against sentence-transformers, and what the embedder promises."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from sentence_transformers import SentenceTransformer

from shadowhound_memory.embedding import Embedder
from shadowhound_memory.errors import ModelUnavailable
from shadowhound_memory.models.files import MINILM
from shadowhound_memory.settings import Settings

TEXTS = [
    "The fire extinguisher hangs beside the lift on the second floor.",
    "door",
    "Akku bei 20 % – der Roboter wartet im Flur; 充電してください",
    "the robot drove along the corridor and saw a door " * 60,
    "  \t ",
    "A person in a yellow vest walked past the loading dock.",
]


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return Embedder(Settings())


@pytest.fixture(scope="module")
def original() -> SentenceTransformer:
    return SentenceTransformer(str(MINILM.path.parent), device="cpu")


def test_vectors_equal_those_of_sentence_transformers(embedder: Embedder, original: SentenceTransformer) -> None:
    golden = original.encode(TEXTS, normalize_embeddings=True)
    ours = embedder.embed(TEXTS)
    assert ours.dtype == np.float32 and ours.shape == (len(TEXTS), embedder.dim)
    assert np.allclose(np.linalg.norm(ours, axis=1), 1, atol=1e-5)
    assert (golden * ours).sum(axis=1).min() > 0.99999
    one_by_one = np.concatenate([embedder.embed([text]) for text in TEXTS])
    assert (one_by_one * ours).sum(axis=1).min() > 0.99999


def test_many_texts_keep_their_order(embedder: Embedder) -> None:
    texts = [f"shelf {i} " + "box " * (i % 17) for i in range(80)]
    vectors = embedder.embed(texts)
    for i in (0, 33, 79):
        assert vectors[i] @ embedder.embed([texts[i]])[0] > 0.99999
    assert embedder.embed([]).shape == (0, embedder.dim)


def test_threads_may_share_it(embedder: Embedder) -> None:
    expected = embedder.embed(TEXTS)
    with ThreadPoolExecutor(4) as pool:
        for vectors in pool.map(embedder.embed, [TEXTS] * 8):
            assert np.allclose(vectors, expected, atol=1e-5)


def test_torch_is_not_imported() -> None:
    code = (
        "import sys\n"
        "from shadowhound_memory.embedding import Embedder\n"
        "from shadowhound_memory.settings import Settings\n"
        "Embedder(Settings()).embed(['a door'])\n"
        "sys.exit('torch' in sys.modules or 'transformers' in sys.modules)\n"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_another_model_runs_through_sentence_transformers(original: SentenceTransformer) -> None:
    embedder = Embedder(Settings(embedding=str(MINILM.path.parent)))
    assert (embedder.embed(TEXTS) * original.encode(TEXTS, normalize_embeddings=True)).sum(axis=1).min() > 0.99999
    assert embedder.dim == 384
    assert embedder.name.startswith("model@") and embedder.name != Embedder(Settings()).name


def test_a_missing_model_says_where_it_was_looked_for(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match=r"modules\.json"):
        Embedder(Settings(embedding=str(tmp_path))).embed(["a door"])


def test_a_damaged_file_says_how_to_make_it_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHADOWHOUND_CACHE", str(tmp_path))
    MINILM.converted.mkdir()
    (MINILM.converted / "model.onnx").write_bytes(b"cut off")
    with pytest.raises(ModelUnavailable, match=r"shadowhound-memory models --prepare"):
        Embedder(Settings()).embed(["a door"])
