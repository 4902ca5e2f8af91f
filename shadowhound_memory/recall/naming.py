"""Whether a memory that names a thing by its head noun alone ("the remote") means the one asked for ("the TV remote").

It does when no memory tells of another one with that noun ("the ceiling remote"), and when it does not bring in a new
one ("a remote", "another remote").
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from shadowhound_memory.question import Plan
from shadowhound_memory.recall.denial import opposite_states
from shadowhound_memory.recall.plan import LIGHT_WORDS
from shadowhound_memory.record import Memory
from shadowhound_memory.rules import noun_phrases
from shadowhound_memory.words import STOP_WORDS, stem, words

_CLAUSE = re.compile(r"[,;:.!?()\"“”]+")
_NEW = frozenset("a an another other any some every each either neither two three several".split())


def modifiers(asked: str, head: str) -> frozenset[str]:
    """The stems of the words right before the head noun (a stem) of a question; none before a state ("door open")."""
    if opposite_states([head], ()):
        return frozenset()
    return next((before for before, _ in _mentions(asked, head)), frozenset())


def known_modifiers(asked: frozenset[str], head: str, texts: Iterable[str]) -> frozenset[str]:
    """The modifiers that texts give to the thing asked for; none when it is never named in full or there are others."""
    mentions = [before for text in texts for before, _ in _mentions(text, head)]
    known = frozenset[str]().union(*(before for before in mentions if asked <= before))
    return known if all(before <= known for before in mentions) else frozenset()


def is_named_by_head(text: str, head: str, known: frozenset[str]) -> bool:
    """Whether a text names the thing by its head noun and no modifier but known ones, and not as a new one."""
    return any(before <= known and not new for before, new in _mentions(text, head))


def _mentions(text: str, head: str) -> Iterator[tuple[frozenset[str], bool]]:
    """For each mention of a noun the stems of the words right before it, and whether it is brought in as a new one."""
    for clause in _CLAUSE.split(text):
        said = words(clause)
        for place, word in enumerate(said):
            if stem(word.removesuffix("'s")) != head:
                continue
            start = place
            while start and said[start - 1] not in STOP_WORDS | LIGHT_WORDS:
                start -= 1
            before = frozenset(stem(word.removesuffix("'s")) for word in said[start:place])
            yield before, bool(start) and said[start - 1] in _NEW


def described(text: str, head: str) -> frozenset[str]:
    """The stems of the words right before a noun (a stem) in a text, and its number or letter ("bed 4")."""
    told = words(text)
    labels = {after for word, after in pairwise(told) if stem(word) == head and (len(after) == 1 or after[0].isdigit())}
    return frozenset(labels - STOP_WORDS).union(*(before for before, _ in _mentions(text, head)))


def by_name(plan: Plan, memories: Sequence[Memory]) -> list[Memory]:
    """Those that name the first thing of a plan just so ("box"), if there are any, without those of another name for
    a kind of it ("tissue box")."""
    compound = next((phrase.nouns for thing in plan.things[:1] for phrase in noun_phrases(thing)), ())
    named = tuple(map(stem, compound))
    exact = [memory for memory in memories if named in _compounds(memory.text)]
    return exact if named and exact else list(memories)


@lru_cache(maxsize=4096)
def _compounds(text: str) -> frozenset[tuple[str, ...]]:
    """The nouns of each noun phrase of a text, as stems."""
    return frozenset(tuple(map(stem, phrase.nouns)) for phrase in noun_phrases(text))
