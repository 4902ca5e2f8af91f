"""The resident vectors give the same neighbours as plain arithmetic."""

import numpy as np
from store_data import make, unit_vectors

from shadowhound_memory.store.sqlite import SqliteStore
from shadowhound_memory.store.vectors import VectorTable


def test_exact_neighbours_among_all_and_among_some(store: SqliteStore) -> None:
    for n in range(60):
        store.insert(make(f"id{n}"), "h")
    rows = np.array([row for row, _ in store.unembedded(99)])
    matrix = unit_vectors(60)
    store.put_vectors(rows[:50], matrix[:50])
    table = VectorTable(store)
    table.put(rows[50:], matrix[50:])
    question = unit_vectors(1, seed=9)[0]
    cosines = matrix @ question
    found, near = table.search(question, 5)
    assert found.tolist() == rows[np.argsort(-cosines)[:5]].tolist()
    np.testing.assert_allclose(near, np.sort(cosines)[::-1][:5], atol=1e-4)
    some = rows[20:30]
    assert table.search(question, 3, some)[0].tolist() == some[np.argsort(-cosines[20:30])[:3]].tolist()
    np.testing.assert_allclose(table.cosines(question, rows), cosines, atol=1e-4)


def test_rows_without_a_vector_are_not_found(store: SqliteStore) -> None:
    table = VectorTable(store)
    question = unit_vectors(1)[0]
    assert len(table) == 0 and table.search(question, 5)[0].size == 0
    table.put([3, 7], unit_vectors(2))
    table.drop([3, 5000])
    assert table.search(question, 5)[0].tolist() == [7]
    assert table.search(question, 5, np.array([3, 7, 9, 100_000]))[0].tolist() == [7]
    assert np.isnan(table.cosines(question, np.array([3, 100_000]))).all()
    table.clear()
    assert len(table) == 0
