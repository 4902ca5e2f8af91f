"""Which memories support an answer to a plan, and how far.

A memory supports an answer when its score (relevance.py) reaches `min_score` and it holds the thing asked for, where
the question names one. Coverage is the share of the plan's key terms that a memory holds, each weighted by its inverse
document frequency; a word that is merely alike (couch, sofa) counts as far as the vectors of the two words agree. A
thing that no memory names thus gets no support from memories that are only about similar matters.
"""

import math
import re
from collections.abc import Callable, Sequence
from typing import Literal

import numpy as np
import numpy.typing as npt

from shadowhound_memory.question import Candidate, Filter, Plan
from shadowhound_memory.recall.naming import is_named_by_head, known_modifiers, modifiers
from shadowhound_memory.recall.relevance import Relevance, held_stems, probability
from shadowhound_memory.recall.verbs import base
from shadowhound_memory.record import Event, Memory
from shadowhound_memory.store.sqlite import MAX_POSTINGS, SqliteStore
from shadowhound_memory.words import content_words, stem, stems, words

Embed = Callable[[Sequence[str]], npt.NDArray[np.float32]]

FULL = 0.75
"""Coverage from which a memory counts as saying all that was asked."""
POOL = 200
"""Memories that hold a key term, beside the candidates, among which the latest or earliest is sought."""
_ALIKE = (0.5, 0.85)
"""Cosine of two words from which they are at all alike, and at which one stands for the other."""
_NAMED = 0.5
"""How far a memory must hold the thing asked for."""
_CLOSE = 0.5
"""Similarity at which a memory may support although it lacks the thing asked for by name."""
_MUCH = 0.6
"""Share of the best lexical score from which a memory holds about as much of the question."""
_MEANT = 0.6
"""Similarity from which a memory that names the one thing asked for may say the same with another verb."""
_PERSON_SHARE = 0.7
"""Share of the best support from which a memory that holds a person goes before one that holds none."""
_AS_LIKELY = 0.8
"""Share of the best score from which a memory is about as likely to tell what is asked, so that time decides."""
_LEARNT = 5
"""So many of the best candidates are searched for words alike."""
_SHORT = 3
"""A question of so few key terms names a thing; a longer one describes."""

_EXCLUSIVE = tuple(
    tuple(frozenset(map(stem, names.split())) for names in kinds.split(","))
    for kinds in (
        "red crimson scarlet,blue navy,green,yellow,white,black,grey gray,silver,brown beige,orange,pink,purple violet",
        "north northern,south southern,east eastern,west western",
    )
)
"""Names of which a thing that has one has no other: colours, points of the compass."""
_RIVALS = {name: (same, frozenset().union(*kind) - same) for kind in _EXCLUSIVE for same in kind for name in same}

EVENT_WORDS: dict[Event, str] = {
    "object_moved": "moved move shifted",
    "object_missing": "missing gone disappeared vanished lost",
    "person_seen": "person people someone visitor meet met",
    "place_entered": "entered arrived reached",
    "hazard_seen": "hazard danger dangerous obstacle",
    "battery_status": "battery charge",
    "task_started": "started began begin",
    "task_succeeded": "finished completed complete succeeded managed done",
    "task_failed": "failed aborted unable failure",
    "speech_heard": "said told mentioned speech spoke",
}
"""Words that a memory holds by its event, whatever it says."""
_EVENT_STEMS = {event: frozenset(map(stem, said.split())) for event, said in EVENT_WORDS.items()}
_SAYS = re.compile(
    r"[:\"“”«»]|\b(?:says?|said|asks?|asked|tells?|told|mentions?|mentioned|explains?|explained|that)\b",
    re.I,
)
_QUOTED = re.compile(r":\s*[\"'“„«‘]")
_PREPOSITION = re.compile(
    r"\b(?:of|to|in|on|at|by|for|from|with|near|under|behind|beside|inside|into|onto|during|before|after|when|that|which)\b"
)


def differs(term: str, memory: Memory) -> bool:
    """Whether a memory names another colour or point of the compass than a stem does, and not the same."""
    if term not in _RIVALS:
        return False
    same, others = _RIVALS[term]
    said = held_stems(memory)
    return not same & said and bool(others & said)


def holds_person(memory: Memory) -> bool:
    """Whether a memory is of a person: seen, heard or tagged."""
    return memory.event in ("person_seen", "speech_heard") or any(tag.startswith("person:") for tag in memory.tags)


def _is_speech(memory: Memory) -> bool:
    return memory.event == "speech_heard" or bool(_QUOTED.search(memory.text))


class WordVectors:
    """Vectors of single words, kept between questions since a store uses the same words again. Thread-safe."""

    def __init__(self, embed: Embed, kept: int = 20_000) -> None:
        self._embed = embed
        self._kept = kept
        self._vectors: dict[str, npt.NDArray[np.float32]] = {}

    def cosines(self, some: Sequence[str], others: Sequence[str]) -> npt.NDArray[np.float32]:
        """The cosine of each of some words with each of others."""
        known = self._vectors
        new = [word for word in dict.fromkeys([*some, *others]) if word not in known]
        if new:
            known = (known if len(known) < self._kept else {}) | dict(zip(new, self._embed(new), strict=True))
            missing = [word for word in [*some, *others] if word not in known]
            known |= dict(zip(missing, self._embed(missing), strict=True)) if missing else {}
            self._vectors = known
        return np.stack([known[word] for word in some]) @ np.stack([known[word] for word in others]).T


class Support:
    """The memories that may bear on a plan, and how far each supports an answer to it."""

    def __init__(
        self,
        plan: Plan,
        asked: Filter,
        candidates: Sequence[Candidate],
        store: SqliteStore,
        min_score: float,
        vector: npt.NDArray[np.float32] | None = None,
        word_vectors: WordVectors | None = None,
    ) -> None:
        self.plan = plan
        self.candidates = list(candidates)
        self._asked = asked
        self._store = store
        self._min_score = min_score
        self._vector = vector
        self.terms = {stem(word): word for word in content_words(plan.search) if stem(word) in plan.key_terms}
        size = store.size()
        frequencies = store.frequencies(list(self.terms.values()))
        self._weights = {
            term: math.log(1 + (max(size - frequencies[word], 0) + 0.5) / (frequencies[word] + 0.5))
            for term, word in self.terms.items()
        }
        self._verbs = {base(term): term for term in plan.verbs if term in self.terms}
        self.head = self._thing_asked_for()
        self._alike: dict[str, dict[str, float]] = {}
        self._held: dict[str, dict[str, float]] = {}
        self._relevance = Relevance(plan.search, store)
        self._scores = {candidate.memory.id: candidate.score for candidate in candidates if candidate.score}
        self._similarity: dict[str, float] = {}
        self._pools: dict[int, list[Memory]] = {}
        self._totals: dict[frozenset[str], float] = {}
        self._known = self._known_modifiers()
        self._learn(word_vectors)
        self._compare([candidate.memory for candidate in self.candidates])

    def coverage(self, memory: Memory, without: frozenset[str] = frozenset()) -> float:
        """The share of the key terms (but those left out) that a memory holds, by weight; 1 when there are none."""
        held = self._holds(memory)
        if without not in self._totals:
            self._totals[without] = sum(weight for term, weight in self._weights.items() if term not in without)
        if not self._totals[without]:
            return 1.0
        return (
            sum(self._weights[term] * how for term, how in held.items() if term not in without) / self._totals[without]
        )

    def stand_ins(self, term: str) -> list[str]:
        """The words of the best candidates that are alike to a key term (a stem)."""
        return [word for word, terms in self._alike.items() if term in terms]

    def score(self, memory: Memory) -> float:
        """How likely a memory answers what is asked: 0..1."""
        if memory.id not in self._scores:
            self._compare([memory])
        return self._scores[memory.id]

    def supports(self, memory: Memory) -> bool:
        """Whether a memory is enough to answer from."""
        if not self.terms:
            return True
        if self.head and self._holds(memory).get(self.head, 0) < _NAMED and self._similarity.get(memory.id, 0) < _CLOSE:
            return False
        covered = self.coverage(memory)  # also by its event and by words alike, which the score does not know
        otherwise = probability(self._similarity.get(memory.id, covered) + covered) if covered >= FULL else 0.0
        return max(self.score(memory), otherwise) >= self._min_score

    def best(self) -> list[Memory]:
        """The supporting memories, the one to answer with first: by time if the plan says so, else by support."""
        if not self.terms:
            order = "earliest" if self.plan.order == "earliest" else "latest"
            return self._store.by_rows(self._store.rows(self.plan.filter, len(self.candidates) or 1, order))
        pool = [c.memory for c in self.candidates] if self.plan.order == "relevance" else self.pool()
        found = self._wanted([memory for memory in pool if self.supports(memory)])
        if self.plan.order == "relevance" or not found:
            return sorted(found, key=lambda memory: (-round(self.score(memory), 2), -memory.timestamp))
        enough = max(map(self.coverage, found)) - 0.15
        found = [memory for memory in found if self.coverage(memory) >= enough]
        describes = self.plan.kind == "text" and (self.plan.present or len(self.terms) > _SHORT)
        likely = _AS_LIKELY * max(map(self.score, found)) if describes else 0.0
        sign = 1 if self.plan.order == "earliest" else -1
        return sorted((m for m in found if self.score(m) >= likely), key=lambda memory: sign * memory.timestamp)

    def but_for_the_verb(self) -> Memory | None:
        """A memory that names all that was asked for but the verb, the most similar one, if any.

        Where that is a single thing, which many memories name, it must also be similar to the question.
        """
        verbs = frozenset(self.plan.verbs)
        rest = self.terms.keys() - verbs
        if not rest:
            return None
        enough = _MEANT if len(rest) == 1 else 0.0
        found = [
            memory
            for memory in self.pool()
            if self.coverage(memory, without=verbs) >= FULL and self._similarity.get(memory.id, 0.0) >= enough
        ]
        return max(found, key=self.score, default=None)

    def _wanted(self, memories: list[Memory]) -> list[Memory]:
        """Those that hold a person, or that tell what was seen, if the plan wants that and there are any."""
        if self.plan.wants == "person":
            enough = _PERSON_SHARE * max(map(self.score, memories), default=0.0)
            wanted = [memory for memory in memories if holds_person(memory) and self.score(memory) >= enough]
        elif self.plan.wants == "sighting":
            wanted = [memory for memory in memories if not _is_speech(memory) or self._speaks(memory)]
        else:
            return memories
        return wanted or memories

    def _speaks(self, memory: Memory) -> bool:
        """Whether the one asked for is who speaks, and so was there: named before what is said."""
        return self.head in stems(_SAYS.split(memory.text)[0])

    def pool(self, limit: int = POOL) -> list[Memory]:
        """The candidates and other memories that may hold a key term: all within the filter when these are at most
        `limit`, else those that hold a term, or a word or event that stands for one.

        Where every term is too common to be looked up, the latest within the filter, or the earliest if planned so.
        """
        if limit not in self._pools:
            self._pools[limit] = self._look_up(limit)
        return self._pools[limit]

    def _look_up(self, limit: int) -> list[Memory]:
        order = "earliest" if self.plan.order == "earliest" else "latest"
        rows = self._store.rows(self.plan.filter, limit + 1, order).tolist()
        if len(rows) > limit:
            alike = [word for word, terms in self._alike.items() if max(terms.values()) > 0.8]
            found = self._store.lexical([*self.terms.values(), *alike], MAX_POSTINGS, self.plan.filter)
            rows = self._by_time(found, limit) or rows[:limit]
            for event, said in _EVENT_STEMS.items():
                if said & self.terms.keys() and (not self.plan.filter.events or event in self.plan.filter.events):
                    told = self.plan.filter.model_copy(update={"events": (event,)})
                    rows += self._store.rows(told, limit, order).tolist()
        known = {candidate.memory.id: candidate.memory for candidate in self.candidates}
        more = [m for m in self._store.by_rows(list(dict.fromkeys(rows))) if m.id not in known]
        if limit == POOL:
            self._compare(more)
        return [*known.values(), *more]

    def _by_time(self, found: Sequence[tuple[int, float]], limit: int) -> list[int]:
        """The latest rows (the earliest, if the plan says so) among those that hold about as much as the best."""
        if len(found) <= limit:
            return [row for row, _ in found]
        enough = _MUCH * max(score for _, score in found)
        order: Literal["latest", "earliest"] = "earliest" if self.plan.order == "earliest" else "latest"
        return self._store.by_time([row for row, score in found if score >= enough], limit, order)

    def unknown(self) -> list[str]:
        """The key terms that no memory within the asker's own filter holds."""
        frequencies = self._store.frequencies(list(self.terms.values()))
        return [
            word
            for word, count in frequencies.items()
            if not count
            or (self._asked != Filter() and count <= MAX_POSTINGS and not self._store.occurs(word, self._asked))
        ]

    def _holds(self, memory: Memory) -> dict[str, float]:
        """How far a memory holds each key term, by its words, tags, source or event; terms it lacks are left out."""
        if memory.id not in self._held:
            said = held_stems(memory)
            held = dict.fromkeys((said | _EVENT_STEMS.get(memory.event, frozenset())) & self._weights.keys(), 1.0)
            for word in said:
                if term := self._verbs.get(base(word)):
                    held[term] = 1.0
            for word, terms in self._alike.items():
                if stem(word) in said:
                    for term, how in terms.items():
                        held[term] = max(held.get(term, 0.0), how)
            if self.head in said and self._known and is_named_by_head(memory.text, self.head or "", self._known):
                held |= dict.fromkeys(self._known & self._weights.keys(), 1.0)
            self._held[memory.id] = held
        return self._held[memory.id]

    def _known_modifiers(self) -> frozenset[str]:
        """The words that stand before the head noun of the thing asked for, when memories tell of one such thing."""
        asked = modifiers(self.plan.search, self.head) & self._weights.keys() if self.head else frozenset[str]()
        if not self.head or not asked:
            return frozenset()
        found = self._store.lexical([self.terms[self.head]], POOL, self._asked)
        return known_modifiers(asked, self.head, self._store.texts([row for row, _ in found]).values())

    def _learn(self, vectors: WordVectors | None) -> None:
        """Find words of the best candidates that are alike to key terms, unless a candidate holds every term itself."""
        best = [candidate.memory for candidate in self.candidates[:_LEARNT]]
        if vectors is None or not self.terms or any(self.coverage(memory) > 0.99 for memory in best):
            return
        said = {word for memory in best for word in content_words(memory.text)}
        said = {word for word in said if stem(word) not in self.terms and not word[0].isdigit()}
        terms = [term for term, word in self.terms.items() if not word[0].isdigit()]
        if not said or not terms:
            return
        others = sorted(said)
        low, high = _ALIKE
        closeness = np.clip((vectors.cosines([self.terms[term] for term in terms], others) - low) / (high - low), 0, 1)
        for column, word in enumerate(others):
            near = {term: float(closeness[row, column]) for row, term in enumerate(terms) if closeness[row, column] > 0}
            if near:
                self._alike[word] = near
        self._held.clear()

    def _compare(self, memories: Sequence[Memory]) -> None:
        """Note the similarity of memories to the question, where both have a vector, and the scores still unknown."""
        ids = [memory.id for memory in memories]
        known = self._store.rows_of(ids) if self._vector is not None else []
        if self._vector is not None and known and len(known) == len(ids):  # none was forgotten meanwhile
            rows, matrix = self._store.vectors_of(known)
            names = dict(zip(known, ids, strict=True))
            for row, cosine in zip(rows.tolist(), (matrix @ self._vector if len(rows) else ()), strict=True):
                self._similarity[names[row]] = max(float(cosine), 0.0)
        new = [memory for memory in memories if memory.id not in self._scores]
        cosines = np.array([self._similarity.get(memory.id, math.nan) for memory in new], np.float32)
        self._scores |= zip([memory.id for memory in new], self._relevance.scores(new, cosines).tolist(), strict=True)

    def _thing_asked_for(self) -> str | None:
        """The last key term before a preposition, in a question short enough to name a thing rather than describe."""
        if not 1 <= len(self.terms) <= _SHORT:
            return None
        first = _PREPOSITION.split(self.plan.search.lower())[0]
        named = [stem(word) for word in words(first) if stem(word) in self.terms]
        return named[-1] if named else None
