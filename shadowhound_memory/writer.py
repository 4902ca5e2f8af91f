"""Writing: from an observation's words to event, text and tags, by a model's draft or by rules.

Both ways keep to the words of the observation: a draft is refused when a number or a content word of it (names
are such) does not stem from the observation, or when it lost a negation; the rules only choose among the words there.
"""

from collections.abc import Callable, Iterable
from typing import Literal

from pydantic import ValidationError

from shadowhound_memory.record import Draft, Memory
from shadowhound_memory.rules import write_by_rules
from shadowhound_memory.words import numbers, stem, stems, words

__all__ = ["DraftRefused", "negations", "read_draft", "write_by_rules"]

NEGATIONS = frozenset("not no never without nothing nobody none nowhere neither nor cannot gone missing".split())
REPORTING = frozenset(
    map(stem, "saw seen see robot observed observation detected noticed reported found located".split())
)
"""Stems a draft may add: they say that something was perceived, not what."""


class DraftRefused(Exception):
    """A model's draft that will not be kept: `invalid` (not the schema) or `invented` (not the observation's words)."""

    def __init__(self, reason: str, kind: Literal["invalid", "invented"]) -> None:
        super().__init__(reason)
        self.reason = reason
        self.kind = kind


def read_draft(text: str, memory: Memory) -> Draft:
    """A model's reply as a draft of this memory. Raises DraftRefused with the reason."""
    try:
        draft = Draft.model_validate_json(text)
    except ValidationError as error:
        raise DraftRefused(f"not a draft: {error.errors()[0]['msg']}", "invalid") from None
    given = (memory.raw_text, memory.source, *map(_tag_words, memory.tags))
    written = (draft.text, *map(_tag_words, draft.tags))
    if invented := _all(numbers, written) - _all(numbers, given):
        raise DraftRefused(f"the number {min(invented)} is not in the observation", "invented")
    if invented := _all(stems, written) - _all(stems, given) - _all(numbers, given) - REPORTING:
        raise DraftRefused(f"the word {min(invented)!r} is not in the observation", "invented")
    if lost := negations(memory.raw_text) - negations(draft.text):
        raise DraftRefused(f"the observation's {min(lost)!r} is lost", "invented")
    return draft


def _tag_words(tag: str) -> str:
    return tag.partition(":")[2].replace("_", " ")


def _all(parts: Callable[[str], set[str]], texts: Iterable[str]) -> set[str]:
    return set[str]().union(*map(parts, texts))


def negations(text: str) -> set[str]:
    """The words of a text that turn its meaning around; every contracted or spelled "not" counts as "not"."""
    found = {word for word in words(text) if word in NEGATIONS or word.endswith("n't")}
    return {"not" if word.endswith("n't") or word == "cannot" else word for word in found}
