"""One memory bank per scene, made once and kept; what it answers, kept for as long as the code is the same."""

import hashlib
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import shadowhound_memory
from bench.recall_data import Asked, Scene
from shadowhound_memory.embedding import DEFAULT as EMBEDDING
from shadowhound_memory.errors import ShadowhoundError
from shadowhound_memory.manager import MemoryManager
from shadowhound_memory.models.files import cache_directory
from shadowhound_memory.question import Answer, Question
from shadowhound_memory.record import SCHEMA_VERSION
from shadowhound_memory.settings import Settings

PACKAGE = Path(shadowhound_memory.__file__).parent
WRITING = (
    "record.py", "rules.py", "words.py", "writer.py", "drafting.py", "stamping.py", "prompts.py", "embedding.py",
    "sightings.py", "tracks.py", "store/tracks.py", "store/schema.py",
)  # fmt: skip
"""What a memory bank depends on beside the data; the rest of the package only reads it."""
NOT_RECALL = ("ros/", "cli.py", "exchange.py")
IMPORT_TIMEOUT = 600.0
KEPT_SECONDS = 2 * 86_400.0
"""Banks and answers of other code are kept for so long after they were last used."""
K = 10

Result = dict[str, Any]


def _hash_of(files: Iterable[Path]) -> str:
    digest = hashlib.sha256(f"{SCHEMA_VERSION} {EMBEDDING}".encode())
    for file in files:
        digest.update(file.read_bytes() if file.exists() else b"")
    return digest.hexdigest()[:16]


def writing_version() -> str:
    """A hash of the code that memory banks depend on."""
    return _hash_of(PACKAGE / name for name in WRITING)


def recall_version() -> str:
    """A hash of the code that answers depend on."""
    files = sorted(PACKAGE.rglob("*.py"))
    return _hash_of(file for file in files if not str(file.relative_to(PACKAGE)).startswith(NOT_RECALL))


class Banks:
    """Memory banks and answers in the cache directory, each made when first asked for."""

    def __init__(self) -> None:
        self._directory = cache_directory() / "bench-recall"
        self._banks = self._directory / f"banks-{writing_version()}"
        self._answers = self._directory / f"answers-{recall_version()}.jsonl"
        self._banks.mkdir(parents=True, exist_ok=True)
        self._answers.touch()
        self._banks.touch()
        for old in self._directory.iterdir():
            if old.stat().st_mtime < time.time() - KEPT_SECONDS:
                shutil.rmtree(old) if old.is_dir() else old.unlink()
        lines = map(json.loads, self._answers.read_text().splitlines())
        self._known: dict[str, list[Result]] = {line["key"]: line["results"] for line in lines}

    def bank(self, scene: Scene) -> Path:
        """The directory of the scene's memory, all of it embedded."""
        directory = self._banks / scene.key
        if not directory.exists():
            with tempfile.TemporaryDirectory(dir=self._banks) as temporary:
                fill(Path(temporary), scene)
                try:
                    os.rename(temporary, directory)
                    os.mkdir(temporary)  # for the context to remove
                except OSError:
                    if not directory.exists():  # else another run has made it meanwhile
                        raise
        return directory

    def ask(self, scene: Scene, questions: Sequence[Asked], model: str = "none") -> list[Result]:
        """What the scene's memory answers, in the order of the questions."""
        wanted = [scene.key, model, str(scene.asked_at), *(f"{asked.id} {asked.text}" for asked in questions)]
        key = hashlib.sha256("\n".join(wanted).encode()).hexdigest()[:24]
        if key not in self._known:
            settings = Settings(data_dir=str(self.bank(scene)), model=model)
            with MemoryManager.open(settings, read_only=True) as manager:
                manager.wait_for_model(IMPORT_TIMEOUT)
                self._known[key] = [answered(manager, asked, scene.asked_at) for asked in questions]
            line = json.dumps({"key": key, "scene": scene.name, "results": self._known[key]}, ensure_ascii=False)
            with self._answers.open("a") as file:
                file.write(line + "\n")
        return self._known[key]


def fill(directory: Path, scene: Scene) -> None:
    """Tell a memory in `directory` what was seen in the scene; without a model, waiting for the vectors."""
    settings = Settings(data_dir=str(directory), model="none")
    with MemoryManager.open(settings) as manager:
        for observation in scene.observations:
            manager.write(observation)
        manager.wait_until_idle(IMPORT_TIMEOUT)
        if manager.status().embedding != "ready":
            raise SystemExit(f"nothing was embedded: {manager.status().embedding}")
    shutil.rmtree(directory / "chroma", ignore_errors=True)  # derived; banks are read without it
    print(f"\rimported {scene.source} {scene.name:24}", end="", file=sys.stderr, flush=True)


def answered(manager: MemoryManager, asked: Asked, asked_at: float) -> Result:
    """One answer, as far as it is scored."""
    answer: Answer = manager.recall(Question(text=asked.text, id=asked.id, asked_at=asked_at, k=K))
    trace: dict[str, Any] = {"plan": {}}
    with suppress(ShadowhoundError):  # traces can be spared, as when two runs ask the same bank
        trace = manager.trace(answer.trace_id)
    return {
        "id": asked.id,
        "answer": answer.answer,
        "abstained": answer.abstained,
        "cited": [citation.memory.id for citation in answer.citations],
        "scores": [round(citation.score, 4) for citation in answer.citations],
        "candidates": [candidate.memory.id for candidate in answer.candidates],
        "best": round(answer.candidates[0].score, 4) if answer.candidates else 0.0,
        "place": [answer.place.x, answer.place.y] if answer.place else None,
        "time": answer.time,
        "count": answer.count,
        "yes": answer.yes,
        "route": answer.route,
        "fallback": answer.fallback_reason,
        "why": trace.get("why"),
        "plan": {name: trace["plan"].get(name) for name in ("kind", "search", "order") if name in trace["plan"]},
        "seconds": round(answer.seconds, 4),
    }
