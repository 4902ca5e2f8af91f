"""How likely a memory answers a question, from what the two share.

A logistic model of one sum: the cosine of question and memory, the share of the question's content words that the
memory holds, each weighted by its inverse document frequency ln(1 + (N - n + 0.5) / (n + 0.5)) (Robertson and Spärck
Jones), and, counted REPLY times, the share that only the question holds which the memory replies to: in a conversation
the words asked for often stand in the turn before the answer. SLOPE and INTERCEPT (Platt scaling) make of the sum the
probability that the best memory of a question answers it, alike in every store. `python -m bench recall_fit` fits them
anew and shows how far the probabilities hold in scenes that they were not fitted on.
"""

import math
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from shadowhound_memory.record import Memory
from shadowhound_memory.store.sqlite import SqliteStore
from shadowhound_memory.words import content_words, stem, stems

REPLY = 1.5
"""Weight of a word that only the question holds which a memory replies to; a word of its own weighs 1."""
SLOPE = 4.0
INTERCEPT = -3.5
MAX_WORDS = 64
"""So many different words of a question are searched for."""

_ASKING = re.compile(r"[^.!?\n]*\?")
_SPEAKER = re.compile(r"\W*(?P<name>\w[\w .'’-]{0,40}?)\s*(?:\([^)]*\)|\[[^]]*\])?\s*:\s")


class Relevance:
    """The words of one question, weighted by their rarity in a store, to score memories by."""

    def __init__(self, asked: str, store: SqliteStore) -> None:
        self.words = list(dict.fromkeys(content_words(asked)))[:MAX_WORDS]
        self._store = store
        self._weights: dict[str, float] = {}
        size = store.size()
        for word, count in store.frequencies(self.words).items():
            self._weights[stem(word)] = math.log(1 + (max(size - count, 0) + 0.5) / (count + 0.5))
        self._total = sum(self._weights.values())

    def scores(self, memories: Sequence[Memory], cosines: npt.NDArray[np.float32] | None) -> npt.NDArray[np.float64]:
        """The score of each memory, a probability in 0..1, higher for the likelier.

        `cosines` of question and memory, NaN where a memory has no vector; there words alone decide.
        """
        before = self._store.before([memory.id for memory in memories if speaker(memory) is not None])
        sums = np.empty(len(memories))
        for place, memory in enumerate(memories):
            held = held_stems(memory)
            own = self._share(held)
            similarity = own if cosines is None or np.isnan(cosines[place]) else max(float(cosines[place]), 0.0)
            sums[place] = similarity + own
            if memory.id in before and (asked := question_of(before[memory.id], memory)):
                sums[place] += REPLY * (self._share(held | stems(asked)) - own)
        return probability(sums)

    def _share(self, held: frozenset[str]) -> float:
        """How much of the words, by weight, is held: 0..1."""
        return sum(self._weights[word] for word in self._weights.keys() & held) / self._total if self._total else 0.0


def probability(sums: Any) -> Any:
    """The probability that a sum of cosine and shares stands for."""
    return 1 / (1 + np.exp(-(SLOPE * sums + INTERCEPT)))


def held_stems(memory: Memory) -> frozenset[str]:
    """The stems of the content words that a memory holds: its text, raw words, source and tags.

    A correction overrules the raw words.
    """
    raw = "" if memory.supersedes or memory.raw_text == memory.text else memory.raw_text
    tags = " ".join(tag.partition(":")[2].replace("_", " ") for tag in memory.tags)
    return _stems(f"{memory.text} {raw} {tags} {memory.source.replace('_', ' ')}")


@lru_cache(maxsize=8192)
def _stems(text: str) -> frozenset[str]:
    return frozenset(stems(text))


def speaker(memory: Memory) -> str | None:
    """Who says what a memory holds, casefolded; "" when someone does and it is unknown who, None when nobody speaks."""
    if memory.source not in ("robot", memory.robot_id):
        return memory.source.casefold()
    if found := _SPEAKER.match(memory.text):
        return found["name"].casefold()
    return "" if memory.event == "speech_heard" else None


def question_of(before: Memory, memory: Memory) -> str:
    """What is asked in a memory by another speaker than the next memory's; "" when it is no question to that one."""
    asker, replier = speaker(before), speaker(memory)
    if asker is None or replier is None or (asker == replier != ""):
        return ""
    return " ".join(_ASKING.findall(before.text))
