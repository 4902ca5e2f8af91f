"""What a memory denies: that a thing is there, that something succeeded, that a state holds. English words for it."""

import re

from shadowhound_memory.record import Memory
from shadowhound_memory.words import STOP_WORDS, stem, words

GONE = re.compile(
    r"\b(?:no longer|not? (?:\w+ )?(?:there|here)|gone|missing|disappeared|vanished|nowhere|taken away|removed|stolen"
    r"|(?:is|are|was|were)(?:n't| not) (?:there|here|in its place)|(?:could|can|did)(?:n't| not) find|any ?more"
    r"|without the|no (?:sign|trace) of)\b",
    re.I,
)
FAILED = re.compile(r"\b(?:fail(?:ed|s|ure)?|abort(?:ed)?|could ?n[o']t|unable|gave up|without success)\b", re.I)
_STATES = tuple(
    (frozenset(map(stem, one.split())), frozenset(map(stem, other.split())))
    for one, other in (
        ("on running lit", "off dark stopped"),
        ("open opened ajar raised", "closed shut locked"),
        ("full", "empty"),
        ("clean", "dirty"),
        ("dry", "wet"),
        ("free available vacant empty", "occupied busy taken"),
        ("clear free passable", "blocked obstructed"),
        ("working fixed repaired mended running moving", "broken break broke defective jammed cracked damaged stuck"),
        ("plugged connected", "unplugged disconnected"),
        ("finished completed done succeeded complete", "failed aborted unfinished"),
        ("awake", "asleep"),
        ("hot warm", "cold cool"),
        ("safe", "dangerous"),
        ("tidy", "messy"),
    )
)
"""Words for opposite states, as stems; on and off first, since any verb may stand before them ("shut it off")."""
_LOCKED = frozenset(map(stem, "locked bolted".split()))
_UNLOCKED = frozenset(map(stem, "unlocked unbolted".split()))
_OPEN = frozenset(map(stem, "open opened ajar".split()))
"""What is open is not locked, but what is closed need not be, nor is all that is unlocked open."""
_BROKEN = re.compile(r"\bout of (?:order|service|action)\b", re.I)
_SWITCHED = frozenset(map(stem, "switched turned went came powered".split()))
_AFTER_STATE = frozenset("and but again now since at in for all still when while by".split())
_NOT = frozenset(
    map(
        stem,
        """no not never isn't aren't wasn't weren't longer neither nor without nobody nothing cannot can't couldn't
        didn't doesn't won't wouldn't""".split(),
    )
)
CLAUSE = re.compile(r"[,;:.!?()\"“”]+|\b(?:and|but|while)\b", re.I)
ABSENT = re.compile(
    r"(?:\bnot|n't|\bnever) (?:\w+ )?(?:in|on|at|under|by|beside|behind|inside|near|here|there|seen|found|visible)\b"
    r"|(?:did|could|can)(?:n't| ?not) (?:see|find|spot|detect|locate)\b",
    re.I,
)
_BARE = re.compile(r"\b(?:empty|bare|vacant)\b", re.I)

States = tuple[frozenset[str], frozenset[str]]


def is_gone(memory: Memory) -> bool:
    """Whether a memory tells that something is not, or no longer, there."""
    return memory.event == "object_missing" or bool(GONE.search(memory.text))


def denies(memory: Memory, asked: str) -> bool:
    """Whether a memory tells of failing, missing or gone while the question does not ask for that."""
    for pattern, event in ((GONE, "object_missing"), (FAILED, "task_failed")):
        if not pattern.search(asked) and (memory.event == event or pattern.search(memory.text)):
            return True
    return False


def is_absent(thing: str, text: str) -> bool:
    """Whether a text tells, in a clause that names a thing (a stem), that the thing is not there."""
    return any(lacks(clause, thing) for clause in CLAUSE.split(text))


def lacks(clause: str, thing: str) -> bool:
    """Whether a clause names a thing (a stem) and tells that it is not there.

    By "not on its hook" and the like, by "no" before it, or by an empty place of it ("the hook for it is empty").
    """
    said = words(clause)
    stemmed = [stem(word.removesuffix("'s")) for word in said]
    if thing not in stemmed:
        return False
    place = stemmed.index(thing)
    of_it = said[place].endswith("'s") or not {"for", "of", "where"}.isdisjoint(said[:place])
    no = [word for word in said[max(0, place - 3) : place] if word in ("no", "without") or word not in STOP_WORDS]
    if "no" in no or "without" in no or GONE.search(clause) or ABSENT.search(clause):
        return True
    return of_it and bool(_BARE.search(clause))


def state_phrase(text: str) -> frozenset[str]:
    """The stems of a phrase that names a state in several words ("out of order"), if a text holds one."""
    return frozenset(stem(word) for phrase in _BROKEN.findall(text) for word in words(phrase))


def _in_one_word(text: str) -> str:
    return _BROKEN.sub("broken", text)


def opposite_states(asked: list[str], verbs: tuple[str, ...]) -> States | None:
    """The state that a question asks for and its opposite, if any ("on" and "off" only at its end or after a verb)."""
    said = [stem(word) for word in words(_in_one_word(" ".join(asked)))]
    told = {
        word
        for place, word in enumerate(said)
        if word not in ("on", "off") or place == len(said) - 1 or (place and said[place - 1] in verbs)
    }
    if told & (_LOCKED | _UNLOCKED):
        locked, unlocked = _LOCKED, _UNLOCKED | _OPEN
        return (locked, unlocked) if told & _LOCKED else (unlocked, locked)
    for one, other in _STATES:
        for same, opposite in ((one, other), (other, one)):
            if same & told:
                return same, opposite
    return None


def tells(text: str, states: States) -> bool | None:
    """Whether a text tells the first of two opposite states, the other one, or (None) neither."""
    same, opposite = states
    for clause in re.split(r"[,;:.!?]+", _in_one_word(text)):
        said = [stem(word) for word in words(clause)]
        for place, word in enumerate(said):
            if word in same | opposite and not (word == "on" and _is_preposition(said, place)):
                denied = not _NOT.isdisjoint(said[max(0, place - 3) : place]) or said[place - 1 : place] == ["stop"]
                return (word in same) != denied
    return None


def _is_preposition(said: list[str], place: int) -> bool:
    """Whether "on" is where something is, rather than how it is."""
    rest = said[place + 1 : place + 2]
    return bool(rest) and rest[0] not in _AFTER_STATE and said[max(0, place - 1)] not in _SWITCHED
