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
_EXCLUSIVE = tuple(
    tuple(frozenset(map(stem, same.split())) for same in kind.split("|"))
    for kind in (
        "black|white|red|green|yellow|blue|brown|purple violet|pink|orange|grey gray",
        "big large huge|small little tiny",
        "left|right",
        "upper top|lower bottom",
        "front|back rear",
    )
)
"""Attributes that exclude one another: the basic colour terms (Berlin and Kay, 1969), sizes and sides."""
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


def is_of_kind(asked: str, text: str, noun: str) -> bool | None:
    """Whether a text gives a noun (a stem) the colour, size, side or owner that a question gives it.

    False when it gives another one; None when the question or the text gives none.
    """
    wanted = next(_attributes(asked, noun), frozenset())
    agree = {_agree(wanted, told) for told in _attributes(text, noun)} if wanted else set()
    return True if True in agree else False if False in agree else None


def _agree(wanted: frozenset[str], told: frozenset[str]) -> bool | None:
    """Whether attributes are those wanted, as far as both are of one kind."""
    agree = None
    owners = tuple(frozenset((word,)) for word in wanted | told if word.endswith("'s"))
    for kind in (*_EXCLUSIVE, owners):
        these, those = ([same for same in kind if same & given] for given in (wanted, told))
        if these and those:
            if not any(same in those for same in these):
                return False
            agree = True
    return agree


def _attributes(text: str, noun: str) -> Iterator[frozenset[str]]:
    """For each mention of a noun (a stem) the stems of the words before it, also over "and"; owners as they stand."""
    for clause in _CLAUSE.split(text.replace("’", "'")):
        said = words(clause)
        for place, word in enumerate(said):
            if stem(word) == noun:
                start = place
                while start and (said[start - 1] == "and" or said[start - 1] not in STOP_WORDS | LIGHT_WORDS):
                    start -= 1
                yield frozenset(word if word.endswith("'s") else stem(word) for word in said[start:place])


def has_attribute(asked: str, noun: str) -> bool:
    """Whether a question gives a noun (a stem) a colour, size, side or owner."""
    wanted = next(_attributes(asked, noun), frozenset())
    return any(word.endswith("'s") or any(word in same for kind in _EXCLUSIVE for same in kind) for word in wanted)


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
