"""Plan -> candidates: filter in SQL first, then dense and lexical search among what is allowed, scored together."""

from typing import Any

import numpy as np
import numpy.typing as npt

from shadowhound_memory.question import Candidate, Filter, Plan
from shadowhound_memory.recall.fold import fold
from shadowhound_memory.recall.relevance import Relevance
from shadowhound_memory.store.chroma import ChromaIndex
from shadowhound_memory.store.filters import is_broad
from shadowhound_memory.store.sqlite import SqliteStore
from shadowhound_memory.store.vector_rows import Rows
from shadowhound_memory.store.vectors import VectorTable

EXACT_LIMIT = 5000
"""Up to so many allowed memories are compared one by one; more go through the index."""
POOL = 50
"""At least so many candidates of dense and of lexical search each are scored, and twice as many as are asked for."""

ENOUGH = 5
"""Where copies leave fewer different candidates, CROWDED times as many are scored."""
CROWDED = 4


def search(
    plan: Plan,
    vector: npt.NDArray[Any] | None,
    store: SqliteStore,
    vectors: VectorTable,
    index: ChromaIndex | None,
    k: int,
    *,
    crowded: bool = False,
) -> list[Candidate]:
    """The k best candidates of a plan, best first; never none while a memory satisfies the plan's filter.

    `vector` is the question's unit vector, None while there is no embedding: then words alone decide. A plan without
    search words gives the latest memories (the earliest, when the plan asks for them), each with score 1. Copies of one
    sighting count as one candidate; where they leave few others, more are looked at (`crowded`).
    """
    if not plan.search.strip():
        order = "earliest" if plan.order == "earliest" else "latest"
        return [Candidate(score=1.0, memory=memory) for memory in store.by_rows(store.rows(plan.filter, k, order))]
    pool = max(POOL, 2 * k) * (CROWDED if crowded else 1)
    allowed = None if is_broad(plan.filter) else store.rows(plan.filter, EXACT_LIMIT + 1)
    if allowed is not None and len(allowed) > EXACT_LIMIT:
        allowed = None
    relevance = Relevance(plan.search, store)
    found = lexical(relevance.words, pool, plan.filter, allowed, store)
    if vector is not None:
        found += dense(vector, pool, plan.filter, allowed, store, vectors, index)[0].tolist()
    if not found:
        found = store.rows(plan.filter, k, "latest").tolist()
    found += store.allowed(store.after(found), plan.filter).tolist()
    rows = np.array(list(dict.fromkeys(found)), np.int64)
    memories = store.by_rows(rows)
    if len(memories) < len(rows):  # one was forgotten meanwhile
        rows = np.array(store.rows_of([memory.id for memory in memories]), np.int64)
    scores = relevance.scores(memories, None if vector is None else vectors.cosines(vector, rows))
    best = np.lexsort((-rows, -scores)).tolist()
    folded, distinct = fold([Candidate(score=float(scores[place]), memory=memories[place]) for place in best], plan)
    if distinct < min(k, ENOUGH, len(folded)) and not crowded:
        return search(plan, vector, store, vectors, index, k, crowded=True)
    return folded[:k]


def lexical(words: list[str], n: int, filter: Filter, allowed: Rows | None, store: SqliteStore) -> list[int]:
    """The n allowed rows that hold most of the words, best first; `allowed` None means that the filter allows many."""
    if allowed is not None:
        return [row for row, _ in store.lexical(words, n, rows=allowed)]
    best = [row for row, _ in store.lexical(words, 2 * n)]
    kept = store.allowed(best, filter).tolist()
    if len(kept) < n and len(best) == 2 * n:
        kept = [row for row, _ in store.lexical(words, n, filter)]
    return kept[:n]


def dense(
    vector: npt.NDArray[Any],
    n: int,
    filter: Filter,
    allowed: Rows | None,
    store: SqliteStore,
    vectors: VectorTable,
    index: ChromaIndex | None,
) -> tuple[Rows, npt.NDArray[np.float32]]:
    """The n allowed rows nearest to a vector and their cosines, best first.

    `allowed` None means that the filter allows many rows: then more than n are sought among all, by the index and
    among the rows that it lacks, and what the filter does not allow is taken out; should less than n remain, all that
    it allows are compared.
    """
    if allowed is not None:
        return vectors.search(vector, n, allowed)
    for fetched in (n + 10, 8 * n) if index else (8 * n,):
        rows = store.allowed(nearest(vector, fetched, vectors, index), filter)
        if len(rows) >= n:
            return vectors.search(vector, n, rows)
    return vectors.search(vector, n, store.rows(filter))


def nearest(vector: npt.NDArray[Any], n: int, vectors: VectorTable, index: ChromaIndex | None) -> Rows:
    """At least the n rows nearest to a vector, unordered, by the index as far as it holds them, else exactly."""
    lacking = None if index is None else index.lacks(vectors.present)
    if index is None or lacking is None or len(lacking) > EXACT_LIMIT or (hits := index.query(vector, n)) is None:
        return vectors.search(vector, n)[0]
    return np.union1d(hits[0], vectors.search(vector, n, lacking)[0]) if len(lacking) else hits[0]
