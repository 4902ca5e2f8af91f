"""What a text tells of what it names: what it says is so and what is only wanted, where a thing ends up, who speaks.

English words for it. A text is a memory's: short, in the present or the past.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from shadowhound_memory.question import Plan
from shadowhound_memory.recall.denial import ABSENT, CLAUSE, FAILED, GONE, lacks
from shadowhound_memory.recall.verbs import base, same_deeds
from shadowhound_memory.record import Memory
from shadowhound_memory.rules import DETERMINERS, LOOKED_AT, parts_of_speech
from shadowhound_memory.words import STOP_WORDS, content_words, stem, stems, words

_WANTED = re.compile(
    r"""\b(?:please|kindly|(?:ask|request|want|wish|hop|remind|plan|intend|promis|offer|need|agree|decid|tr[yi]
    |forg[eo]t|refus|(?<!in\ )order|wait|suppos|allow|prepar|remember|instruct)(?:s|t|e|es|ed|d|ing|ning|ned|ten)?
        \ (?:(?!and\b)[\w']+\ ){0,3}?to
    |(?:ask|request|wish|hop|call|beg)(?:s|e|es|ed|ing)?\ (?:[\w']+\ )??(?:for|if|whether|that|where|when)
    |request(?:s|ed)?|wants?|wanted|needs?|needed
    |would\ (?:like|love|rather)|(?:told|tells?)\ (?:[\w']+\ ){1,3}to
    |should|must|ought\ to|ha(?:s|ve|d)\ (?:yet\ )?to|(?:is|are|was|were)\ to\ be
    |(?-i:will|Will(?=\ [a-z]+(?<!s)\b))|won't|shall|let's|let\ us
    |(?:i|you|he|she|it|we|they)'ll|(?:can|could|would|will)\ (?:you|someone|somebody|anyone)
    |(?:going|about|due|ready|able|unable)\ to|(?:start|beg[aiu]n)(?:s|ed|n?ing)?\ (?:to\b|(?=\w+ing\b))
    |(?:on\ (?:my|the|its|his|her|our|their)\ way|heading|headed|setting\ off|off)\ (?:to|towards?
        |for(?!\ [\w.-]+\ (?:seconds?|minutes?|hours?|days?|weeks?|months?)\b))
    |(?-i:may)|might|maybe|perhaps|possibly|probably|presumably|supposedly|could\ (?:have\ been|be)
    |checked\ (?:if|whether)|wonder(?:s|ed)?\ (?:if|whether|where)|in\ case|unless|if)\b""",
    re.I | re.X,
)
"""Words after which a text tells what is wanted, planned, asked, allowed or guessed, not what is so."""
_QUESTION = re.compile(
    r"""(?:(?<=[.!?:;"'“‘„«(])|^)[\s"'“‘„«]*(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|may
    |where|when|who|what|which|why|how)\b[^.!?:]{0,300}\?""",
    re.I | re.X,
)
"""A sentence that asks."""
_TRYING = re.compile(r"\b(?:try|tries|tried|trying|attempt(?:s|ed|ing)?)\b", re.I)
_SOUGHT = re.compile(r"\b(?:look|search|hunt|wait)(?:s|ed|ing|es)? for\b", re.I)
_COMMAND = re.compile(r"[^.!?:\"“”]{0,200}[, ]please\b", re.I)
_QUOTE = re.compile(r"(?P<mark>(?:[:,] ?|^)[\"“'‘„«] ?)(?P<said>\w[^\"”»]*)")
_RESUMES = re.compile(r"[.;!?]+(?=\s|['\"”’]|$)|,? (?:and|but|so) (?=(?:i|we|he|she|they|it|then)\b)|[,;] then\b", re.I)

STAYING = re.compile(
    r"\b(?:in(?:side)?|on|at|under(?:neath)?|below|above|over|behind|besides?|between|near(?:by)?|next\ to|close\ to|by"
    r"|against|within|outside|around|opposite|along)\b",
    re.I,
)
"""A preposition of the place where something stays."""
_PREPOSITION = re.compile(
    rf"""\b(?P<leaving>(?:away\ |up\ |out\ )?from|out\ of|off(?:\ of)?
        |(?<!the\ )(?<!to\ )(?<!turn\ )(?<!was\ )(?<!were\ )(?:left|leaves|leaving|exit(?:s|ed|ing)?|vacated)
            \ (?=(?:the|my|our|his|her|its|their)\b))\b
    |\b(?P<reaching>(?:back\ |in|on|un)?to(?:wards?)?|into|onto)\b
    |(?P<staying>{STAYING.pattern})""",
    re.I | re.X,
)
_TAKING = re.compile(
    r"""\b(?:pick(?:s|ed|ing)?\ up|took|tak(?:e|es|en|ing)|grab(?:s|bed|bing)?|remov(?:e|es|ed|ing)|fetch(?:es|ed|ing)?
    |collect(?:s|ed|ing)?|carr(?:y|ies|ied|ying)|stole|stolen|borrow(?:s|ed|ing)?|sell(?:s|ing)?|sold
    |thr[eo]w(?:s|n|ing)?(?=[^.;]{0,60}\ (?:away|out)\b)|discard(?:s|ed|ing)?|dispos(?:e|es|ed|ing)\ of
    |mov(?:e|es|ed|ing))\b""",
    re.I | re.X,
)
_FOR_GOOD = re.compile(
    r"\b(?:away|off|took|taken|takes?|stole|stolen|borrow\w*|grab\w*|remov\w*|pick\w* up|fetch\w*|collect\w*"
    r"|thr[eo]w\w*|discard\w*|dispos\w*|sold)\b",
    re.I,
)
_PASSIVE = re.compile(r"\b(?:been|being|was|were|is|are|got)(?: \w+)? $", re.I)
_WAS = re.compile(r"\b(?:was|were|used to|had been|previously|formerly|earlier)\b", re.I)
_NOW = re.compile(r"\b(?:now|currently|is|are)\b", re.I)
_TIMES = frozenset(
    map(
        stem,
        """morning afternoon evening night noon midnight day week month year hour minute second time moment past
        monday tuesday wednesday thursday friday saturday sunday january february march april may june july august
        september october november december today yesterday tomorrow end start beginning way""".split(),
    )
)

_SAY = r"""(?:say(?:s|ing)?|said|tells?|told|ask(?:s|ed|ing)?|mention(?:s|ed)?|repl(?:y|ies|ied)|answer(?:s|ed)
    |explain(?:s|ed)?|report(?:s|ed)?|announc(?:e|es|ed)|shout(?:s|ed)?|call(?:s|ed)?|whisper(?:s|ed)?|complain(?:s|ed)?
    |suggest(?:s|ed)?|request(?:s|ed)?|want(?:s|ed)?|would\ like|remind(?:s|ed)?|promis(?:es|ed)|warn(?:s|ed)?
    |thank(?:s|ed)?|claim(?:s|ed)?|add(?:s|ed)|order(?:s|ed)?|wonder(?:s|ed)?|thinks?|thought)"""
SAYING = re.compile(rf"\b{_SAY}\b", re.I | re.X)
"""A verb of saying or asking."""
_SPEAKER = re.compile(
    rf"""(?:^|[.;!?]\ |\bheard\ |\band\ |\bthen\ |\bthat\ )
    (?P<before>(?:(?:the|a|an|our|my|your|his|her)\ )?[\w'’.-]+(?:\ [\w'’.-]+){{0,3}}?)
    (?:\ (?:has|had|just|then|also|again|now|once|loudly|quietly)\b)*(?:\s*:(?=\s)|\ {_SAY}\b)
    |(?:\baccording\ to|,["'”’]?\ {_SAY})\ (?P<after>(?:(?:the|a|an|our|my)\ )?[\w'’.-]+)""",
    re.I | re.X,
)
_INSTRUMENT = re.compile(r"\b(?:with|using|by means of)\b", re.I)
_ANY_PREPOSITION = re.compile(
    r"\b(?:with|using|by means of|in|on|at|from|to|into|onto|under|of|for|near|by|and)\b", re.I
)


def spoken_words(memory: Memory) -> str:
    """What a memory says now: its text and the raw words; a correction's text alone, for it overrules the raw words."""
    return memory.text if memory.supersedes or memory.raw_text == memory.text else f"{memory.text} {memory.raw_text}"


@lru_cache(maxsize=8192)
def asserted(text: str, asked: str = "") -> str:
    """The text without what it only tells to be wanted, intended, asked or sought; whole if the question asks that."""
    if any(pattern.search(asked) for pattern in (_WANTED, _SOUGHT, FAILED, _TRYING)):
        return text
    text, rest = text[:LOOKED_AT], text[LOOKED_AT:]
    kept, end = [], 0
    text = _QUOTE.sub(_without_command, _COMMAND.sub(" ", _QUESTION.sub(" ", text)))
    while found := _WANTED.search(text, end):
        kept.append(text[end : found.start()])
        resumed = _RESUMES.search(text, found.end())
        end = resumed.end() if resumed else len(text)
    kept.append(text[end:])
    said = " . ".join(part for part in kept if part.strip())
    while found := _SOUGHT.search(said):
        after = _PREPOSITION.search(said, found.end()) or _RESUMES.search(said, found.end())
        said = said[: found.start()] + (said[after.start() :] if after else "")
    return said + rest


def _without_command(quote: re.Match[str]) -> str:
    """The start of a quotation, and what is said in it unless it begins with a verb, as a command does."""
    return quote["mark"] if _is_command(quote["said"]) else quote.group()


def _is_command(said: str) -> bool:
    tagged = parts_of_speech(said[:200])
    return bool(tagged) and tagged[0][1] == "VVB"


def is_said(memory: Memory, terms: frozenset[str], asked: str) -> bool:
    """Whether a memory tells the terms (stems) that it holds to be so, not only to be wanted or intended."""
    if memory.event == "speech_heard" and _is_command(memory.text):
        return False
    asked_for = frozenset[str]().union(*map(same_deeds, terms))
    return not (_bases(spoken_words(memory)) & asked_for) - _bases(asserted(memory.text, asked))


def _bases(text: str) -> set[str]:
    return {base(word) for word in stems(text)}


@dataclass(frozen=True)
class Whereabouts:
    """Where a text says that a thing is in the end and where it no longer is, each place as the stems of its words.

    `named`: words that may name a place without a preposition ("Kitchen: a mug on the table"). `taken`: it was taken,
    to no place that is told. `gone`: the text says that it is not there, or missing.
    """

    at: tuple[frozenset[str], ...]
    left: tuple[frozenset[str], ...]
    named: frozenset[str]
    taken: bool = False
    gone: bool = False


@lru_cache(maxsize=8192)
def whereabouts(text: str, thing: str) -> Whereabouts:
    """Read where a text leaves a thing, named by the stem of its head noun."""
    places: dict[frozenset[str], bool] = {}
    named: set[str] = set()
    taken = gone = False
    clauses = [clause for clause in CLAUSE.split(asserted(text[:LOOKED_AT])) if clause.strip()]
    for clause in clauses:
        first, *parts = _parts(clause)
        holds = thing in stems(clause)
        denied = lacks(clause, thing) if holds else bool(GONE.search(clause) or ABSENT.search(clause))
        now = any(_NOW.search(other) for other in clauses if other != clause)
        past = "used to" in clause.lower() or (now and bool(_WAS.search(clause)))
        moves = _is_taken(first[1], thing, holds)
        told = [(kind, there) for kind, part in parts if (there := _stems(part) - {thing})]
        for kind, there in told:
            away = denied or past or kind == "leaving" or (moves and kind == "staying")
            places[frozenset(there)] = not away
        if not (denied or past or moves):
            named |= (_ends(first[1]) if told else _stems(first[1])) - {thing}
        arrives = not denied and any(kind == "reaching" or (kind == "staying" and not moves) for kind, _ in told)
        taken = not arrives and (taken or (moves and bool(_FOR_GOOD.search(clause))))
        gone = (gone and not arrives) or (denied and holds and not arrives and not moves)
    at = tuple(place for place, there in places.items() if there)
    left = tuple(place for place, there in places.items() if not there)
    return Whereabouts(at, left, frozenset(named), taken, gone)


def is_at(memory: Memory, thing: str, place: frozenset[str], names_place: bool) -> bool | None:
    """Whether a memory tells that a thing (stem) is at a place (stems) in the end; None when it does not tell.

    `names_place`: whether the memory holds the place's words or others that mean the same, or is tagged with it.
    """
    where = whereabouts(memory.text, thing)
    if has_left(where, place):
        return False
    all_at = frozenset[str]().union(*where.at)
    if place <= all_at or (place <= all_at | where.named and not where.taken and not where.gone):
        return True
    if where.taken or where.gone or memory.event == "object_missing":
        return False if names_place or not where.left else None
    if place <= stems(memory.text):  # as part of another name: "the office chair"
        return False if where.at else None
    if where.at and not names_place:
        return False
    return True if names_place and not any(map(place.intersection, where.left)) else None


def has_left(where: Whereabouts, place: frozenset[str]) -> bool:
    """Whether a thing is told to be at a place (stems) no longer."""
    return any(place <= left for left in where.left) and not any(place <= at for at in where.at)


def is_landmark(text: str, thing: str) -> bool:
    """Whether a text names a thing (a stem) only to tell where something else is ("next to the lamp")."""
    found = False
    for clause in CLAUSE.split(text):
        first, *parts = _parts(clause)
        if thing in stems(first[1]):
            return False
        found = found or any(thing in stems(part) for _, part in parts)
    return found


def is_object(text: str, thing: str) -> bool:
    """Whether a text begins with telling that a thing (a stem) is taken or moved."""
    clause = CLAUSE.split(text)[0]
    return _is_taken(_parts(clause)[0][1], thing, thing in stems(clause))


def _ends(said: str) -> set[str]:
    """The stems of the content words that no other one but a number follows: of "the toilet paper" not "toilet"."""
    told = [*words(said), ""]
    return {
        stem(word)
        for word, after in pairwise(told)
        if word not in STOP_WORDS and (after in STOP_WORDS or len(after) < 2 or any(map(str.isdigit, after)))
    }


def _is_taken(said: str, thing: str, holds: bool) -> bool:
    """Whether a thing is the object of taking or moving in the start of a clause, as "it" where that names no thing."""
    if (takes := _TAKING.search(said)) is None:
        return False
    after = said[takes.end() :]
    if not holds:
        return "it" in words(after)
    return bool(_PASSIVE.search(said[: takes.start()])) or (thing in _stems(after) and " of " not in after)


def _parts(clause: str) -> list[tuple[str, str]]:
    """A clause cut before each preposition, with the kind of the preposition ("" for what comes first)."""
    parts, kind, start = [], "", 0
    for found in _PREPOSITION.finditer(clause):
        parts.append((kind, clause[start : found.start()]))
        kind, start = str(found.lastgroup), found.end()
    return [*parts, (kind, clause[start:])]


def _stems(text: str) -> set[str]:
    return {stem(word) for word in content_words(text) if stem(word) not in _TIMES and not word[0].isdigit()} | {
        word for word in words(text) if word[0].isdigit()
    }


def speakers(memory: Memory) -> set[str]:
    """The stems of the names of those who speak in a memory; empty when it does not tell."""
    found: set[str] = set()
    for match in _SPEAKER.finditer(memory.text[:LOOKED_AT]):
        name = match["before"] or match["after"] or ""
        found |= {stem(word.removesuffix("'s")) for word in words(name) if word not in STOP_WORDS}
    return found


def only_instrument(text: str, thing: str) -> bool:
    """Whether a text names a thing (a stem) only as what something is done with ("with the knife")."""
    found = False
    for clause in re.split(r"[,;:.!?]+", text[:LOOKED_AT]):
        rest = clause
        while thing in stems(rest):
            found = True
            heads = [place for place in _ANY_PREPOSITION.finditer(rest)]
            before = [place for place in heads if thing in stems(rest[place.end() :])]
            if not before or not _INSTRUMENT.fullmatch(before[-1].group()):
                return False
            rest = rest[: before[-1].start()]
    return found


def is_instrument(memory: Memory, plan: Plan) -> bool:
    """Whether a thing that the plan asks about is in the memory only what the deed was done with."""
    if not plan.verbs:
        return False
    heads = [stem(content_words(thing)[-1]) for thing in plan.things if content_words(thing)]
    return any(not only_instrument(plan.search, head) and only_instrument(memory.text, head) for head in heads)


def wants(text: str) -> bool:
    """Whether a text tells that something is wanted, planned or asked for."""
    return bool(_WANTED.search(text) or _COMMAND.search(text))


def takes(text: str) -> bool:
    """Whether a text names taking or moving."""
    return bool(_TAKING.search(text))


def is_definite(phrase: str) -> bool:
    """Whether a noun phrase means one known thing: with "the" and the like or a name, not with "a" or a bare plural."""
    first = (words(phrase) or [""])[0]
    if first in ("a", "an", "any", "some", "another"):
        return False
    return first in DETERMINERS or phrase[:1].isupper()
