"""Is all of a drafted answer held by the memories it cites, or computed from them? When in doubt, no.

What stands before a citation is compared with the memories cited there, and with what code computed: content words by
their stems, numbers with their signs, names, the small words that turn a meaning round (off, under, all), and negation.
"""

import re
from collections.abc import Sequence
from datetime import tzinfo

from shadowhound_memory.prompts import render_memory
from shadowhound_memory.question import Plan
from shadowhound_memory.recall.computed import Computed
from shadowhound_memory.recall.wording import NEGATION, extractive, length, quote
from shadowhound_memory.record import Memory
from shadowhound_memory.words import content_words, names, numbers, stem, words

_CITATIONS = re.compile(r"(?:\s*\[(\d+)\])+")
_SIGNED = re.compile(r"(?<![\w.])-\d+(?:\.\d+)?|(?<![\w.-])\d+\.\d+")
_SMALL_WORDS = frozenset(
    """
    on off up down in out over under above below inside outside into behind beside before after near between
    without all every each both some any either neither other another same own there here again
    """.split()
)
"""Stop words that a memory must hold before an answer may say them."""


def unsupported(text: str, memories: Sequence[Memory], plan: Plan, computed: Computed, zone: tzinfo) -> list[str]:
    """What of a drafted answer neither the memories it cites (`memories`, those of `computed`) nor code supports.

    Each problem is a word, a number or a phrase; empty when all is supported.
    """
    by_number = {citation.n: citation.memory for citation in computed.citations if citation.memory in memories}
    code = _by_code(plan, computed, zone)
    problems: list[str] = []
    cited: set[int] = set()
    end = 0
    for mark in _CITATIONS.finditer(text):
        here = {int(n) for n in re.findall(r"\d+", mark.group())}
        problems += [f"[{n}]" for n in sorted(here - by_number.keys())]
        cited |= here
        problems += _beyond(text[end : mark.start()], [by_number[n] for n in here & by_number.keys()], code, zone)
        end = mark.end()
    if not cited:
        problems.append("no citation")
    problems += _beyond(text[end:], [by_number[n] for n in cited & by_number.keys()], code, zone)
    problems += _against(_CITATIONS.sub(" ", text), cited, plan, computed)
    return list(dict.fromkeys(problems))


def _by_code(plan: Plan, computed: Computed, zone: tzinfo) -> str:
    """What code says in the extractive answer, without the memories' own words."""
    said = extractive(plan, computed, zone)
    for citation in computed.citations:
        said = said.replace(quote(citation.memory), " ", 1)
    return said


def _beyond(said: str, memories: Sequence[Memory], code: str, zone: tzinfo) -> list[str]:
    """What a stretch of an answer says beyond some memories and what code computed."""
    told = " ".join(
        f"{render_memory(memory, zone)} {memory.raw_text} {' '.join(memory.tags)} {memory.source}"
        for memory in memories
    )
    ground = f"{told} {code}".replace("_", " ")
    held = {stem(word) for word in words(f"{ground} {ground.replace('-', ' ')}")}
    problems = [word for word in content_words(said) if not word[0].isdigit() and stem(word) not in held]
    problems += [word for word in words(said) if word in _SMALL_WORDS and stem(word) not in held]
    problems += sorted(numbers(said) - numbers(ground))
    problems += sorted(set(_SIGNED.findall(said)) - set(_SIGNED.findall(ground)))
    problems += sorted(name for name in names(said) if stem(name.casefold()) not in held)
    texts = " ".join(memory.text for memory in memories)
    negated = bool(NEGATION.search(re.sub(r"^\W*(?:yes|no)\b", "", said, flags=re.I)))
    from_memories = {stem(word) for word in content_words(said)} - {stem(word) for word in words(code)}
    if from_memories and negated != bool(NEGATION.search(texts)):
        problems.append("says yes where the memories say no, or the reverse")
    return problems


def _against(said: str, cited: set[int], plan: Plan, computed: Computed) -> list[str]:
    """What an answer says against what was computed."""
    problems = []
    first = re.match(r"\W*(yes|no)\b", said, re.I)
    if computed.yes is not None and (first is None or (first[1].lower() == "yes") != computed.yes):
        problems.append(f"does not begin with {'yes' if computed.yes else 'no'}")
    if computed.yes is None and first is not None:
        problems.append(first[1])
    if computed.count is not None and str(computed.count) not in numbers(said):
        problems.append(f"does not say {computed.count}")
    if computed.duration is not None and not numbers(length(computed.duration)) <= numbers(said):
        problems.append(f"does not say {length(computed.duration)}")
    if plan.kind in ("place", "time") and 1 not in cited:
        problems.append("does not cite the memory that the value comes from")
    return problems
