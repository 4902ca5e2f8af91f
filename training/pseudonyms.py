"""Other names for people in training rows: the same person has the same other name in a whole file."""

import itertools
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import regex

from shadowhound_memory.rules import PERSONS
from shadowhound_memory.words import STOP_WORDS, WORD, stem, words
from training.grammar.vocabulary import NAMES

TITLES = frozenset("dr mr mrs ms miss prof st sir madam".split())
KEPT = ("event", "kind", "frame_id", "memories")
"""Fields of a row that hold no words."""
_WORD = regex.compile(WORD)
_POSSESSIVE = re.compile(r"['’]s$", re.I)


def pseudonymise(rows: Sequence[dict[str, Any]], tags: Iterable[str]) -> list[dict[str, Any]]:
    """The rows with other names in the place of those that people have in `tags` (`person:maria_lopez`).

    A word of such a tag is a name when it is written with a capital anywhere and is no known word for people (nurse,
    visitor). It is replaced wherever it stands as a word, in texts, tags and missions, in any case.
    """
    texts = [text for row in rows for text in _texts(row)]
    mapping = dict(zip(_people(texts, tags), _other_names(texts), strict=False))
    return [_renamed(row, mapping) for row in rows]


def _people(texts: Sequence[str], tags: Iterable[str]) -> list[str]:
    """The names, casefolded, in the order in which they are first written with a capital."""
    tagged = {part for tag in tags if tag.startswith("person:") for part in tag.partition(":")[2].split("_")}
    tagged = {word for word in tagged if not {word, stem(word), word.removesuffix("s")} & (PERSONS | TITLES)}
    found = (match.group() for text in texts for match in _WORD.finditer(text))
    capital = dict.fromkeys(_folded(word) for word in found if word[0].isupper())
    return [word for word in capital if word in tagged]


def _other_names(texts: Iterable[str]) -> Iterator[str]:
    """Names that none of the texts holds."""
    used = {word for text in texts for word in words(text)}
    single = [name for name in NAMES if "." not in name]
    joined = (first + second.lower() for first, second in itertools.permutations(single, 2))
    return (name for name in itertools.chain(single, joined) if name.casefold() not in used)


def _folded(word: str) -> str:
    return _POSSESSIVE.sub("", unicodedata.normalize("NFKC", word)).casefold().replace("’", "'")


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, each in value.items():
            if name not in (*KEPT, "tags"):
                yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)


def _renamed(value: Any, mapping: Mapping[str, str], tags: bool = False) -> Any:
    if isinstance(value, str):
        return _WORD.sub(lambda match: _other(match.group(), mapping, tags), value)
    if isinstance(value, dict):
        return {name: each if name in KEPT else _renamed(each, mapping, name == "tags") for name, each in value.items()}
    return [_renamed(each, mapping, tags) for each in value] if isinstance(value, list) else value


def _other(word: str, mapping: Mapping[str, str], in_tag: bool) -> str:
    folded = _folded(word)
    other = mapping.get(folded)
    if other is None or (word.islower() and folded in STOP_WORDS and not in_tag):
        return word
    ending = found.group() if (found := _POSSESSIVE.search(word)) else ""
    if word.islower():
        return other.lower() + ending
    return (other.upper() if word.isupper() and len(word) > 1 else other) + ending
