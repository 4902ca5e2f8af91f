"""What the agent said itself is no observation: its sources, and how the words of an answer are known again."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable

OWN_SOURCES = ("agent", "assistant", "shadowhound_memory")
"""Sources, in any case and namespace, that speak for the agent rather than perceive."""

TELLING = 8
"""Words from which a sentence that is an answer's, citation marks aside, is no coincidence; a shorter one may be what
somebody says or a camera sees."""

_MARK = re.compile(r"\[\d+\]")
_PIECE = re.compile(r"\[\d+\]|\w+")
_LEAD = re.compile(r"^.*?:\s+")


def is_own_source(source: str) -> bool:
    """Whether a source is one of OWN_SOURCES, as it stands or as a ROS name such as `/robot1/agent`."""
    return source.strip().rpartition("/")[2].casefold() in OWN_SOURCES


def answer_keys(answer: str, abstained: bool, memories: Iterable[str]) -> list[bytes]:
    """The keys by which an answer is known again when it comes in as an observation.

    With its citation marks it always is. Without them it is when it abstains or has TELLING words, unless it is what
    one of the `memories` says: then it cannot be told from the same thing perceived again.
    """
    bare = _said(_MARK.sub(" ", answer))
    keys = {_said(answer)} if _MARK.search(answer) else set()
    if (abstained or len(bare.split()) >= TELLING) and bare not in map(_said, memories):
        keys.add(bare)
    return [_key(said) for said in keys if said]


def observation_keys(text: str) -> list[bytes]:
    """The keys by which an observation would be known as an answer: as it stands, or after a lead like "I answered:",
    with citation marks and without."""
    said = set()
    for part in {text, _LEAD.sub("", text, count=1)}:
        said |= {_said(part), _said(_MARK.sub(" ", part))}
    return [_key(one) for one in said if one]


def _said(text: str) -> str:
    """The words and citation marks of a text, whatever its case, spaces, quotes and punctuation."""
    return " ".join(_PIECE.findall(unicodedata.normalize("NFKC", text).casefold()))


def _key(said: str) -> bytes:
    return hashlib.blake2b(said.encode(), digest_size=16).digest()
