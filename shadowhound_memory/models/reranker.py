"""A cross-encoder that reads question and memory together and orders the best candidates anew; off by default."""

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from shadowhound_memory.errors import ModelUnavailable
from shadowhound_memory.question import Candidate
from shadowhound_memory.settings import Settings

RERANKED = 20
"""So many of the best candidates are read; the others follow as they were."""


class Reranker:
    """The cross-encoder of the setting `reranker`, a directory of sentence-transformers, loaded when first used.

    Thread-safe. Raises ModelUnavailable with a sentence when it is missing or cannot be loaded.
    """

    def __init__(self, settings: Settings) -> None:
        self._path = Path(settings.reranker).expanduser()
        self._device = settings.device
        self._lock = threading.Lock()
        self._model: Any = None

    def rerank(self, asked: str, candidates: Sequence[Candidate]) -> list[Candidate]:
        """The candidates, the first RERANKED of them in the order of the cross-encoder; scores go with the ranks."""
        first = list(candidates[:RERANKED])
        if len(first) < 2:
            return list(candidates)
        with self._lock:
            model = self._model = self._model or self._load()
            found = model.predict([(asked, each.memory.text) for each in first], show_progress_bar=False)
        order = sorted(range(len(first)), key=lambda place: -float(found[place]))
        scores = [each.score for each in first]
        moved = [first[place].model_copy(update={"score": scores[rank]}) for rank, place in enumerate(order)]
        return [*moved, *candidates[RERANKED:]]

    def _load(self) -> Any:
        if not (self._path / "config.json").is_file():
            raise ModelUnavailable(
                f"there is no cross-encoder in {self._path} (config.json is missing); set reranker to the directory "
                "of one, or to none"
            )
        from sentence_transformers import CrossEncoder

        try:
            return CrossEncoder(str(self._path), device=self._device, local_files_only=True)
        except Exception as error:  # transformers raises many types, all meaning a damaged or another kind of model
            raise ModelUnavailable(
                f"the cross-encoder in {self._path} cannot be loaded ({error}); set reranker to none"
            ) from error
