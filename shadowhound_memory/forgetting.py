"""Forgetting: memories go for good with what they supersede, and what was trained on them serves no more."""

from collections.abc import Sequence
from dataclasses import dataclass

from shadowhound_memory.adapters.card import memory_sha256
from shadowhound_memory.adapters.registry import Registry
from shadowhound_memory.errors import Code, ShadowhoundError
from shadowhound_memory.record import Memory
from shadowhound_memory.store.sqlite import SqliteStore
from shadowhound_memory.store.vectors import VectorTable
from shadowhound_memory.tracks import settle_tracks


@dataclass(frozen=True)
class Forgotten:
    """What went, or would go: the memories' ids, and the names of the adapters trained on them, which serve no more."""

    ids: tuple[str, ...]
    adapters: tuple[str, ...]


def with_superseded(store: SqliteStore, chosen: Sequence[Memory]) -> list[str]:
    """The ids of these memories and of all that they supersede."""
    going: dict[str, Memory] = {}
    while chosen:
        going |= {memory.id: memory for memory in chosen}
        chosen = store.get([m.supersedes for m in chosen if m.supersedes and m.supersedes not in going])
    return list(going)


def mark_adapters(registry: Registry, ids: Sequence[str], *, dry_run: bool) -> tuple[str, ...]:
    """Mark the adapters that were trained on these memories. Returns their names. Raises STORE_FAILED."""
    try:
        return tuple(registry.forget([memory_sha256(one) for one in ids], dry_run=dry_run))
    except OSError as error:
        raise ShadowhoundError(
            Code.STORE_FAILED, f"{error.filename or registry.own}: {error.strerror}; nothing was forgotten"
        ) from error


def remove(store: SqliteStore, vectors: VectorTable, ids: Sequence[str]) -> None:
    """Remove memories from the store, their tracks and the vectors in memory."""
    rows = store.rows_of(ids)
    store.forget(ids)
    while settle_tracks(store):
        pass
    vectors.drop(rows)
