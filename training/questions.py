"""From memory banks to rows of recall: a question with some of its memories, as a search might return them."""

import random
from typing import Any

from shadowhound_memory.words import content_words, stem
from training.corpus import Bank, Entry, Query, Split, banks
from training.grammar import stories

MOST_DOCS = 8
WITHOUT_ANSWER = 0.08
"""Share of the answerable questions that are asked again with the memory that answers them left out."""
ALIKE = 0.6
"""Share of the other memories that are taken for the words they share with the question, the rest by chance."""


def recall_rows(count: int, seed: int, split: Split, written: float) -> list[dict[str, Any]]:
    """Rows of recall in the seed's form, as many as asked for.

    `written` is the share of those whose bank was written by hand (training/corpus): every question of the split, then
    over again with other memories beside; the rest is drawn from the grammar.
    """
    source = random.Random(f"{seed}-{split}-recall")
    asked = [(bank, query) for bank in banks(split) for query in bank.queries]
    rows: list[dict[str, Any]] = []
    while len(rows) < round(count * written):
        source.shuffle(asked)
        rows += [_row(bank, query, source) for bank, query in asked[: round(count * written) - len(rows)]]
    while len(rows) < count:
        [bank] = stories.banks(1, source, split)
        rows += [_row(bank, query, source) for query in bank.queries[: count - len(rows)]]
    return rows


def _row(bank: Bank, query: Query, source: random.Random) -> dict[str, Any]:
    left_out = len(query.cites) == 1 and not query.may_cite and source.random() < WITHOUT_ANSWER
    wanted = [] if left_out else list(query.cites)
    wanted += [place for place in query.may_cite if source.random() < 0.8]
    others = [place for place in range(len(bank.entries)) if place not in (*query.cites, *query.may_cite)]
    others.sort(key=lambda place: -_shared(bank.entries[place].text, query.text))
    docs = list(wanted)
    for _ in range(min(len(others), max(0, source.randint(3, MOST_DOCS) - len(wanted)))):
        docs.append(others.pop(0 if source.random() < ALIKE else source.randrange(len(others))))
    docs = sorted(docs[:MOST_DOCS], key=lambda place: (bank.entries[place].time, place))
    cites = [] if left_out else [docs.index(place) + 1 for place in query.cites if place in docs]
    last = max(entry.time for entry in bank.entries)
    return {
        "input": {
            "question": query.text,
            "asked_at": last + source.choice([600, 1800, 3600, 3 * 3600, 8 * 3600]),
            "kind": query.kind,
            "docs": [_doc(n, bank.entries[place], bank.site) for n, place in enumerate(docs, 1)],
        },
        "output": f"{query.answer} {''.join(f'[{n}]' for n in cites)}."
        if cites
        else "I have no memory that answers that.",
        "cites": cites,
    }


def _doc(n: int, entry: Entry, site: str) -> dict[str, Any]:
    return {"n": n, "time": entry.time, "event": entry.event, "text": entry.text, "mission_id": site}


def _shared(text: str, question: str) -> int:
    return len(set(map(stem, content_words(text))) & set(map(stem, content_words(question))))
