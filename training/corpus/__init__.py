"""What was written by hand for training: labelled observations (`writing/*.tsv`) and memory banks with questions
(`recall/*.txt`). README.md beside this file has the formats and the rules of labelling.

Held out are one observation in twelve and one bank in twelve, chosen by a hash of their text.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timezone
from functools import cache
from pathlib import Path
from typing import Literal, get_args

from shadowhound_memory.question import Kind
from shadowhound_memory.record import EVENTS

Split = Literal["train", "heldout"]

FOLDER = Path(__file__).parent
HELD_OUT = 12


@dataclass(frozen=True)
class Sample:
    """One observation with what a careful reader writes of it."""

    text: str
    event: str
    tags: tuple[str, ...]


@dataclass(frozen=True)
class Entry:
    """A memory of a bank; `time` in seconds since the epoch."""

    time: float
    event: str
    text: str


@dataclass(frozen=True)
class Query:
    """A question to a bank. `cites` are places in its entries that a right answer stands on, the decisive first; none
    where they do not answer it. `may_cite`: others that it could mention."""

    kind: Kind
    text: str
    cites: tuple[int, ...]
    may_cite: tuple[int, ...]
    answer: str


@dataclass(frozen=True)
class Bank:
    """Memories of one robot at one site, and questions asked after the last of them."""

    site: str
    entries: tuple[Entry, ...]
    queries: tuple[Query, ...]


@cache
def observations(split: Split) -> tuple[Sample, ...]:
    """The labelled observations of a split. Raises ValueError with the line that breaks the format."""
    found: dict[str, Sample] = {}
    for path in sorted(FOLDER.glob("writing/*.tsv")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            fields = line.split("\t")
            if len(fields) != 3 or fields[0] not in EVENTS:
                raise ValueError(f"{path}, line {number}: not event, text and tags parted by tabs: {line!r}")
            event, text, tags = fields
            text = " ".join(text.split())
            found.setdefault(text, Sample(text, event, tuple(dict.fromkeys(tags.split()))))
    return tuple(sample for sample in found.values() if in_split(sample.text, split))


@cache
def banks(split: Split) -> tuple[Bank, ...]:
    """The memory banks of a split. Raises ValueError with the line that breaks the format."""
    found = [bank for path in sorted(FOLDER.glob("recall/*.txt")) for bank in _banks(path)]
    return tuple(bank for bank in found if in_split(bank.site + bank.entries[0].text, split))


def in_split(text: str, split: Split) -> bool:
    """Whether a text belongs to a split."""
    return (int(hashlib.sha256(text.encode()).hexdigest(), 16) % HELD_OUT == 0) == (split == "heldout")


def _banks(path: Path) -> Iterator[Bank]:
    site, entries, queries = "", dict[str, Entry](), list[Query]()
    for number, line in enumerate([*path.read_text(encoding="utf-8").splitlines(), "# end"], 1):
        fields = line.split("\t")
        try:
            if line.startswith("#"):
                if entries and queries:
                    yield Bank(site, tuple(entries.values()), tuple(queries))
                site, entries, queries = line[1:].strip(), {}, []
            elif fields[0] == "?":
                queries.append(_query(fields, list(entries)))
            elif line.strip():
                key, time, event, text = fields
                if event not in EVENTS:
                    raise ValueError(f"event {event!r}")
                entries[key] = Entry(datetime.fromisoformat(time).replace(tzinfo=timezone.utc).timestamp(), event, text)
        except (ValueError, IndexError) as error:
            raise ValueError(f"{path}, line {number}: {error}: {line!r}") from None


def _query(fields: list[str], keys: list[str]) -> Query:
    _, kind, text, cites, may_cite, answer = [*fields, "", ""][:6]
    if kind not in get_args(Kind):
        raise ValueError(f"kind {kind!r}")

    def places(listed: str) -> tuple[int, ...]:
        return tuple(keys.index(key.strip()) for key in listed.split(",") if key.strip() not in ("", "-"))

    return Query(kind, text, places(cites), places(may_cite), answer)  # type: ignore[arg-type]
