"""A large, varied, reproducible mission history, the questions to ask of it, and their vectors, kept once made."""

import hashlib
import re
import string
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench import vocabulary
from shadowhound_memory.embedding import Embedder
from shadowhound_memory.models.files import cache_directory
from shadowhound_memory.record import Memory, Pose
from shadowhound_memory.settings import Settings

SIZES = (1_000, 10_000, 100_000)
MISSIONS = 120
ROBOT = "robot"
BEGIN = 1_735_689_600.0  # 2025-01-01
MONTHS = 9 * 30 * 86_400.0
FRAMES = (("map", 0.55), ("warehouse/map", 0.3), ("dock_map", 0.15))
UNKNOWN_POSE = 0.1
CHUNK = 1000
ARTICLE = re.compile(r"\b([Aa])(?= [aeiou])")


@dataclass(frozen=True)
class Mission:
    """One mission: when it ran, in which frame, and its share of all memories."""

    id: str
    start: float
    seconds: float
    frame: str
    share: float


def _list(words: str) -> list[str]:
    return [" ".join(word.split()) for word in words.split(";")]


THINGS, PLACES, PEOPLE = _list(vocabulary.THINGS), _list(vocabulary.PLACES), _list(vocabulary.PEOPLE)
PATTERNS = {event: _list(patterns) for event, patterns in vocabulary.PATTERNS.items()}
FILLERS = {
    "thing": THINGS,
    "other": THINGS,
    "place": PLACES,
    "goal": PLACES,
    "person": PEOPLE,
    "state": _list(vocabulary.STATES),
    "look": _list(vocabulary.LOOKS),
    "spot": _list(vocabulary.SPOTS),
    "hazard": _list(vocabulary.HAZARDS),
    "skill": _list(vocabulary.SKILLS),
    "n": [str(number) for number in range(2, 100)],
}
SAYINGS = _list(vocabulary.SAYINGS)


def missions(seed: int = 7) -> list[Mission]:
    """Missions of uneven size (Zipf), spread over months, each in one of three frames."""
    random = np.random.default_rng(seed)
    shares = 1 / np.arange(1, MISSIONS + 1)
    shares /= shares.sum()
    starts = BEGIN + random.permutation(MISSIONS) * MONTHS / MISSIONS
    edges = np.cumsum([share for _, share in FRAMES])
    frames = [FRAMES[int(np.searchsorted(edges, value))][0] for value in np.linspace(0.001, 0.999, MISSIONS)]
    random.shuffle(frames)
    return [
        Mission(f"{skill.replace(' ', '-')}-{number:03d}", float(start), float(seconds), frame, float(share))
        for number, (start, seconds, frame, share, skill) in enumerate(
            zip(
                starts,
                random.uniform(2, 40, MISSIONS) * 3600,
                frames,
                shares,
                random.choice(FILLERS["skill"], MISSIONS),
                strict=True,
            )
        )
    ]


def memories(count: int, seed: int = 7) -> list[Memory]:
    """The first `count` memories of the history. A smaller history is a sample of a larger one."""
    random = np.random.default_rng(seed + 1)
    runs = missions(seed)
    events = list(vocabulary.SHARES)
    shares = np.array(list(vocabulary.SHARES.values()), float)
    shares /= shares.sum()
    # things and places are met unevenly, as in life
    weights = {name: _uneven(len(words), 0.6) for name, words in FILLERS.items()}
    spots = {(frame, place): random.uniform(-20, 20, 2) for frame, _ in FRAMES for place in PLACES}
    made = []
    for number in range(count):
        run = runs[random.choice(MISSIONS, p=[each.share for each in runs])]
        event = events[random.choice(len(events), p=shares)]
        pattern = str(random.choice(PATTERNS[event])).replace("{saying}", str(random.choice(SAYINGS)))
        names = [name for _, name, _, _ in string.Formatter().parse(pattern) if name]
        words = {
            name: FILLERS[name][random.choice(len(FILLERS[name]), p=weights[name])] for name in dict.fromkeys(names)
        }
        text = pattern.format(**words)
        text = ARTICLE.sub(r"\1n", text[0].upper() + text[1:])
        place = words.get("place", PLACES[random.choice(len(PLACES), p=weights["place"])])
        made.append(
            Memory(
                id=f"bench-{number:06d}",
                event=event,
                text=text,
                raw_text=text,
                pose=_pose(random, spots[run.frame, place], run.frame),
                tags=_tags(words),
                mission_id=run.id,
                timestamp=round(run.start + float(random.uniform(0, run.seconds)), 3),
                robot_id=ROBOT,
                source=str(random.choice(["robot", "camera", "operator"], p=[0.6, 0.3, 0.1])),
                status="current",
                written_by="rules",
                route="rules",
                recorded_at=run.start + run.seconds,
            )
        )
    return made


def _uneven(count: int, exponent: float) -> NDArray[np.float64]:
    weights = np.arange(1, count + 1) ** -exponent
    return weights / weights.sum()


def _pose(random: np.random.Generator, spot: NDArray[np.float64], frame: str) -> Pose | None:
    if random.random() < UNKNOWN_POSE:
        return None
    x, y = spot + random.normal(0, 1.2, 2)
    return Pose(
        x=round(float(x), 2), y=round(float(y), 2), yaw=round(float(random.uniform(-3.14, 3.14)), 2), frame_id=frame
    )


def _tags(words: dict[str, str]) -> tuple[str, ...]:
    kinds = {
        "thing": "object",
        "place": "room",
        "person": "person",
        "state": "state",
        "skill": "skill",
        "hazard": "hazard",
    }
    values = (
        (kinds[name], re.sub(r"[^a-z0-9]+", "_", word.lower()).strip("_"))
        for name, word in words.items()
        if name in kinds
    )
    return tuple(f"{kind}:{value}" for kind, value in values)


def questions(count: int, seed: int = 7) -> list[str]:
    """Questions worded apart from the corpus: other patterns, other words for the things."""
    pairs = [
        ARTICLE.sub(r"\1n", form.format(asked=asked))
        for form in _list(vocabulary.QUESTIONS)
        for asked in _list(vocabulary.ASKED)
    ]
    return [str(text) for text in np.random.default_rng(seed + 2).permutation(pairs)[:count]]


def common_questions(texts: Sequence[str], count: int, seed: int = 7) -> list[str]:
    """Questions made only of the 25 words that most of the texts hold."""
    frequency: Counter[str] = Counter()
    for text in texts:
        frequency.update(set(re.findall(r"[a-z]{2,}", text.lower())))
    words = [word for word, _ in frequency.most_common(25)]
    random = np.random.default_rng(seed + 3)
    return [" ".join(random.choice(words, random.integers(3, 7), replace=False)) + "?" for _ in range(count)]


def vectors(texts: Sequence[str], settings: Settings) -> NDArray[np.float32]:
    """Vectors of texts by the package's embedder, kept by the hash of each thousand texts; resumes where it stopped."""
    embedder = Embedder(settings)
    folder = cache_directory() / "bench-vectors"
    folder.mkdir(parents=True, exist_ok=True)
    parts = []
    for start in range(0, len(texts), CHUNK):
        chunk = texts[start : start + CHUNK]
        digest = hashlib.sha256("\0".join([embedder.name, *chunk]).encode()).hexdigest()[:24]
        path = folder / f"{digest}.npy"
        if not path.exists():
            _save(path, embedder.embed(chunk))
            print(f"\rembedded {start + len(chunk)} of {len(texts)} texts", end="", file=sys.stderr, flush=True)
        parts.append(np.load(path))
    return np.concatenate(parts).astype(np.float32)


def _save(path: Path, matrix: NDArray[np.float32]) -> None:
    partial = path.with_suffix(".partial.npy")
    np.save(partial, matrix.astype(np.float16))
    partial.rename(path)


@dataclass(frozen=True)
class Corpus:
    """Memories in the order in which they happened, and their vectors, row by row."""

    memories: list[Memory]
    matrix: NDArray[np.float32]

    def batches(self, size: int) -> Iterator[tuple[list[Memory], NDArray[np.float32]]]:
        """Both in slices."""
        for start in range(0, len(self.memories), size):
            yield self.memories[start : start + size], self.matrix[start : start + size]


def embedded_text(memory: Memory) -> str:
    """What is embedded: the sentence with place, time, speaker, mission. Vectors that are kept must not depend on the
    package's present wording of the same."""
    when = datetime.fromtimestamp(memory.timestamp, timezone.utc)
    rooms = [tag.partition(":")[2].replace("_", " ") for tag in memory.tags if tag.startswith("room:")]
    part = ("night", "morning", "afternoon", "evening", "night")[sum(when.hour >= start for start in (5, 12, 17, 22))]
    at = f"{when:%A} {part}, {when.day} {when:%B %Y}"
    return f"{memory.text} ({', '.join([*rooms[:1], at, memory.source, memory.mission_id])})"


def corpus(count: int, settings: Settings | None = None) -> Corpus:
    """The history of `count` memories with real vectors."""
    made = memories(count)
    matrix = vectors([embedded_text(memory) for memory in made], settings or Settings())
    order = np.argsort([memory.timestamp for memory in made], kind="stable")
    return Corpus([made[i] for i in order], matrix[order])


if __name__ == "__main__":
    corpus(int(sys.argv[1]) if len(sys.argv) > 1 else SIZES[-1])
