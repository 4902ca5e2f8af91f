"""Grammars (llguidance Lark) of what a writing model may say: the observation's own words and nothing else."""

import json
import unicodedata
from collections.abc import Sequence

import regex

from shadowhound_memory.record import EVENTS, TAG_KINDS
from shadowhound_memory.rules import LOOKED_AT
from shadowhound_memory.words import WORD


def literal(text: str) -> str:
    """A string of the Lark grammar that stands for this text."""
    return json.dumps(text, ensure_ascii=False)


_QUOTE = '"'
_EVENT_KEY, _END = '{"event":"', "]}"


def draft_grammar(text: str, tags: Sequence[str]) -> str:
    """A Lark grammar (llguidance) of a draft with this text and these tags' values.

    Event and kinds are to be chosen, but a kind other than `object`, which the rules only give to a word they know.
    """
    text_key = literal(f'","text":{json.dumps(text, ensure_ascii=False)},"tags":[')
    parts = (tag.partition(":") for tag in tags)
    quoted = (f"{'KIND' if kind == 'object' else literal(kind)} {literal(f':{value}')}" for kind, _, value in parts)
    chosen = ' "," '.join(f'"\\"" {tag} "\\""' for tag in quoted)
    return f"""start: {literal(_EVENT_KEY)} EVENT {text_key} {chosen} {literal(_END)}
EVENT: {" | ".join(map(literal, EVENTS))}
KIND: {" | ".join(map(literal, TAG_KINDS))}"""


_WORD = regex.compile(WORD)
_GAP = regex.compile(r"['’]?[\s_#/-]*|(?<=\b(dr|mr|mrs|ms|prof|st))\.\s*")
"""What may stand between the words of one tag's value."""
LONGEST_VALUE = 3
LONGEST_VALUE_LENGTH = 100
MOST_WORDS = 400
"""Words of an observation that tags are taken from: the parser of the grammar holds no more alternatives at once."""


def tag_values(text: str) -> list[list[str]]:
    """What tags' values may be, by the word they begin with: one to three neighbouring words, as `lower_snake_case`."""
    folded = unicodedata.normalize("NFKC", text[:LOOKED_AT]).casefold().replace("’", "'")
    found = [(match.group().removesuffix("'s"), match.start(), match.end()) for match in _WORD.finditer(folded)]
    found = found[:MOST_WORDS]
    values: list[list[str]] = []
    for first, (_, _, end) in enumerate(found):
        value: list[str] = []
        values.append([])
        for word, start, stop in found[first : first + LONGEST_VALUE]:
            if ":" in word or word != word.lower() or (value and not _GAP.fullmatch(folded, end, start)):
                break
            value.append(word)
            end = stop
            if sum(map(len, value)) <= LONGEST_VALUE_LENGTH:
                values[-1].append("_".join(value))
    return values


def tags_grammar(text: str) -> str:
    """A Lark grammar (llguidance) of a draft with this text; tags' values are words of it, their kinds are free.

    Tags stand in the order of their words and share none, so that none is said twice: `after_i` is what may follow when
    the words before the i-th are passed.
    """
    values = tag_values(text)
    text_key = literal(f'","text":{json.dumps(text, ensure_ascii=False)},"tags":[')
    rules = [
        f"start: {literal(_EVENT_KEY)} EVENT {text_key} first_0",
        f"EVENT: {' | '.join(map(literal, EVENTS))}",
        f"KIND: {' | '.join(map(literal, TAG_KINDS))}",
    ]
    for i, beginning in enumerate(values):
        for name, opening in (("first", _QUOTE), ("after", f",{_QUOTE}")):
            tags = [
                f"{literal(opening)} KIND {literal(':' + value + _QUOTE)} after_{i + length}"
                for length, value in enumerate(beginning, 1)
            ]
            rules.append(f"{name}_{i}: {' | '.join([*tags, f'{name}_{i + 1}'])}")
    rules += [f"{name}_{len(values)}: {literal(_END)}" for name in ("first", "after")]
    return "\n".join(rules)
