"""From memory banks to rows of recall: a question with some of its memories, as a search might return them."""

import random
from typing import Any

from training.corpus import Bank, Entry, Split, banks
from training.grammar import stories

NO_ANSWER = "I have no memory that answers that."
DOCS = (4, 5, 6, 7, 8, 8, 8, 8)
"""How many memories of a bank are drawn, each as likely."""
UNANSWERED = 0.6
"""Share of the questions without an answer that are asked each time."""
LEFT_OUT = 0.25
"""Share of the questions that are asked although the memory that answers them was not drawn."""
LATER = (600, 1800, 3600, 3 * 3600, 8 * 3600)
"""Seconds after the last memory at which questions are asked."""


def recall_rows(count: int, seed: int, split: Split, written: float) -> list[dict[str, Any]]:
    """Rows of recall in the seed's form, as many as asked for. Rows with the same memories follow each other.

    `written` is the share of those whose bank was written by hand (training/corpus), each bank drawn from as often as
    need be; the rest is drawn from the grammar.
    """
    source = random.Random(f"{seed}-{split}-recall")
    by_hand = list(banks(split))
    rows: list[dict[str, Any]] = []
    while len(rows) < round(count * written):
        source.shuffle(by_hand)
        for bank in by_hand:
            rows += _rows(bank, source)
    del rows[round(count * written) :]
    while len(rows) < count:
        rows += _rows(stories.draw_bank(source, split), source)
    return rows[:count]


def _rows(bank: Bank, source: random.Random) -> list[dict[str, Any]]:
    """Some of a bank's memories, and its questions to them."""
    together = [query.cites for query in bank.queries if len(query.cites) > 1]
    places = [place for cites in source.sample(together, min(2, len(together))) for place in cites]
    places += source.sample(range(len(bank.entries)), len(bank.entries))
    drawn = list(dict.fromkeys(places))[: source.choice(DOCS)]
    drawn.sort(key=lambda place: bank.entries[place].time)
    asked_at = max(entry.time for entry in bank.entries) + source.choice(LATER)
    docs = [_doc(n, bank.entries[place], bank.site) for n, place in enumerate(drawn, 1)]
    rows = []
    for query in source.sample(bank.queries, len(bank.queries)):
        missing = set(query.cites) - set(drawn)
        if missing and (len(query.cites) > 1 or set(query.may_cite) & set(drawn) or source.random() > LEFT_OUT):
            continue
        if not query.cites and source.random() > UNANSWERED:
            continue
        cites = [] if missing else [drawn.index(place) + 1 for place in query.cites]
        may_cite = [drawn.index(place) + 1 for place in query.may_cite if place in drawn]
        rows.append(row(query.text, asked_at, query.kind, docs, query.answer, cites, may_cite))
    return rows


def row(
    question: str,
    asked_at: float,
    kind: str,
    docs: list[dict[str, Any]],
    answer: str,
    cites: list[int],
    may_cite: list[int],
) -> dict[str, Any]:
    """A row in the seed's form; without `cites` its output says that nothing answers it."""
    said = f"{answer} {''.join(f'[{n}]' for n in cites)}." if cites else NO_ANSWER
    asked = {"question": question, "asked_at": asked_at, "kind": kind, "docs": docs}
    return {"input": asked, "output": said, "cites": cites, "may_cite": may_cite}


def _doc(n: int, entry: Entry, site: str) -> dict[str, Any]:
    return {"n": n, "time": entry.time, "event": entry.event, "text": entry.text, "mission_id": site}
