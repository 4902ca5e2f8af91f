"""Forgetting: memories go for good with what they supersede, and what was trained on them serves no more."""

from collections.abc import Sequence
from dataclasses import dataclass

from shadowhound_memory.adapters.card import memory_sha256
from shadowhound_memory.adapters.registry import Registry
from shadowhound_memory.errors import Code, ShadowhoundError
from shadowhound_memory.record import Memory
from shadowhound_memory.settings import Settings
from shadowhound_memory.store.sqlite import SqliteStore
from shadowhound_memory.store.vectors import VectorTable
from shadowhound_memory.tracks import settle_tracks


@dataclass(frozen=True)
class Forgotten:
    """What went, or would go: the memories' ids, and the names of the adapters trained on them, which serve no more."""

    ids: tuple[str, ...]
    adapters: tuple[str, ...]


def forget(
    settings: Settings, store: SqliteStore, vectors: VectorTable, chosen: Sequence[Memory], *, dry_run: bool
) -> Forgotten:
    """Forget these memories and all that they supersede; `dry_run` only says what would go. Raises STORE_FAILED."""
    going = _with_superseded(store, chosen)
    if not going:
        return Forgotten((), ())
    adapters = _mark_adapters(Registry(settings.directory / "adapters"), going, dry_run=dry_run)
    if not dry_run:
        _remove(store, vectors, going)
    return Forgotten(tuple(going), adapters)


def _with_superseded(store: SqliteStore, chosen: Sequence[Memory]) -> list[str]:
    """The ids of these memories and of all that they supersede."""
    going: dict[str, Memory] = {}
    while chosen:
        going |= {memory.id: memory for memory in chosen}
        chosen = store.get([m.supersedes for m in chosen if m.supersedes and m.supersedes not in going])
    return list(going)


def _mark_adapters(registry: Registry, ids: Sequence[str], *, dry_run: bool) -> tuple[str, ...]:
    """Mark the adapters that were trained on these memories. Returns their names. Raises STORE_FAILED."""
    try:
        return tuple(registry.forget([memory_sha256(one) for one in ids], dry_run=dry_run))
    except OSError as error:
        raise ShadowhoundError(
            Code.STORE_FAILED, f"{error.filename or registry.own}: {error.strerror}; nothing was forgotten"
        ) from error


def _remove(store: SqliteStore, vectors: VectorTable, ids: Sequence[str]) -> None:
    """Remove memories from the store, their tracks and the vectors in memory."""
    rows = store.rows_of(ids)
    store.forget(ids)
    while settle_tracks(store):
        pass
    vectors.drop(rows)
