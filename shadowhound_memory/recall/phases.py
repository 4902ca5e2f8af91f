"""Words that tell the start and the end of how a thing was: stuck until it moves, here until it leaves; English."""

from typing import NamedTuple

from shadowhound_memory.recall.denial import States, tells
from shadowhound_memory.recall.telling import asserted
from shadowhound_memory.record import Memory
from shadowhound_memory.words import stem, words


def _stems(said: str) -> frozenset[str]:
    return frozenset(map(stem, said.split()))


class Phase(NamedTuple):
    """Stems of words that tell its start, its end, and those that ask for it without telling its start."""

    start: frozenset[str]
    end: frozenset[str]
    asked: frozenset[str]


_OUTAGE = Phase(
    _stems(
        """stop stuck stall jam wedge break broke broken down offline fail trip freeze froze frozen halt fault error
        dead died crash block unavailable interrupt overheat defective pause suspend lost off out dark blank closed
        shut"""
    ),
    _stems(
        """run move work online restore repair fix mend resume restart release freed free available cleared clear up
        spin print replace unblock lit on open reset"""
    ),
    _stems("outage order downtime standstill"),
)
_ABSENCE = Phase(
    _stems("left leave went go drove drive rode off out away gone missing set took taken carry borrow rent"),
    _stems("back return home found arrive came"),
    frozenset(),
)
_STAY = Phase(
    _stems("arrive come came enter sit sat wait park dock moor stand stood visit occupy"),
    _stems("left leave gone depart went go drive drove away out off sail walk free pack"),
    _stems("stay spend spent"),
)
_COURSE = Phase(
    _stems("begin began begun start commence open on lit sound ring rang set arm trigger switch drain"),
    _stems("end finish over done complete close off out silent silence stop disarm extinguish cancel"),
    _stems("run ran go went continue burn"),
)
PHASES = (_OUTAGE, _ABSENCE, _STAY, _COURSE)
_PARTICLES = _stems("on off in out up down away")
_BACK = _stems("again back")


def states_asked(asked: str) -> frozenset[str]:
    """The stems by which a question asks for how a thing was ("out" and the like at its end alone)."""
    said = [stem(word) for word in words(asked)]
    told = {word for place, word in enumerate(said) if word not in _PARTICLES or place == len(said) - 1}
    return frozenset(word for word in told if any(word in phase.start | phase.asked for phase in PHASES))


def phases(asked: frozenset[str]) -> list[Phase]:
    """Those that may be meant by states asked for; all where none is."""
    return [phase for phase in PHASES if asked & (phase.start | phase.asked)] or list(PHASES)


def starts(memory: Memory, phase: Phase) -> bool | None:
    """Whether a memory tells the start (True) or the end of a phase; None where it tells neither."""
    text = asserted(memory.text)
    states: States = (phase.start, phase.end)
    if (said := tells(text, states)) is not None:
        return said
    if _BACK & {stem(word) for word in words(text)}:
        return False
    return True if phase is _STAY and memory.event in ("person_seen", "object_seen") else None
