"""Text to vectors. The default model runs on onnxruntime and tokenizers, without torch."""

import hashlib
import os
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shadowhound_memory.errors import ModelUnavailable
from shadowhound_memory.models.files import MINILM, PREPARE, find_embedding, ready_path
from shadowhound_memory.settings import Settings

MAX_WORD_PIECES = 256
BATCH = 32
DEFAULT = f"{MINILM.name}@{MINILM.sha256[:12]}"

Encode = Callable[[Sequence[str]], NDArray[np.float32]]


class Embedder:
    """The embedding model of the settings, loaded when first used. Every call may come from any thread.

    Raises ModelUnavailable with a sentence when the model is missing or cannot be loaded.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._loaded: tuple[str, int, Encode] | None = None

    @property
    def name(self) -> str:
        """The model's name with a hash of its weights: vectors of another name do not compare."""
        return DEFAULT if self._settings.embedding == MINILM.name else self._load()[0]

    @property
    def dim(self) -> int:
        """Length of a vector."""
        return self._load()[1]

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One unit vector per text, shape (n, dim), float32; words beyond the model's window are left out."""
        _, dim, encode = self._load()
        vectors = np.empty((len(texts), dim), np.float32)
        by_length = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        for start in range(0, len(texts), BATCH):
            rows = by_length[start : start + BATCH]
            vectors[rows] = encode([texts[i] for i in rows])
        return vectors

    def _load(self) -> tuple[str, int, Encode]:
        with self._lock:
            if self._loaded is None:
                path = ready_path(find_embedding(self._settings))
                if self._settings.embedding == MINILM.name:
                    self._loaded = _load_onnx(path)
                else:
                    self._loaded = _load_sentence_transformers(path, self._settings)
            return self._loaded


def _load_onnx(path: Path) -> tuple[str, int, Encode]:
    import onnxruntime
    from tokenizers import Tokenizer

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = min(4, os.cpu_count() or 1)
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False  # 30 MB less, and no slower
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        session = onnxruntime.InferenceSession(str(path / "model.onnx"), options, providers=["CPUExecutionProvider"])
        tokenizer = Tokenizer.from_file(str(path / "tokenizer.json"))
    except Exception as error:  # onnxruntime and tokenizers raise many types, all meaning a damaged file
        raise ModelUnavailable(
            f"embedding model in {path} cannot be loaded ({error}): delete it and {PREPARE}"
        ) from error
    tokenizer.enable_truncation(MAX_WORD_PIECES)
    tokenizer.enable_padding()

    def encode(texts: Sequence[str]) -> NDArray[np.float32]:
        encoded = tokenizer.encode_batch(list(texts))
        inputs = {
            "input_ids": np.array([each.ids for each in encoded], np.int64),
            "attention_mask": np.array([each.attention_mask for each in encoded], np.int64),
        }
        return session.run(None, inputs)[0]

    return DEFAULT, session.get_outputs()[0].shape[1], encode


def _load_sentence_transformers(path: Path, settings: Settings) -> tuple[str, int, Encode]:
    from sentence_transformers import SentenceTransformer

    model: Any = SentenceTransformer(str(path), device=settings.device, local_files_only=True)
    digest = hashlib.sha256()
    for key, tensor in sorted(model.state_dict().items()):
        digest.update(key.encode() + tensor.detach().cpu().float().numpy().tobytes())
    lock = threading.Lock()  # its tokenizer keeps state between calls

    def encode(texts: Sequence[str]) -> NDArray[np.float32]:
        with lock:
            return model.encode(list(texts), batch_size=BATCH, normalize_embeddings=True, show_progress_bar=False)

    return f"{path.name}@{digest.hexdigest()[:12]}", int(model.get_embedding_dimension()), encode
