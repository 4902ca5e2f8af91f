"""A question in plain English -> a Plan, by rules: what to search for, among what, and what kind of value to give.

Only what code is sure of becomes a filter (times, missions, places given as numbers or "here"); everything else stays
in the search text. A filter that the asker gave is never widened.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import cast

from shadowhound_memory.question import Filter, Kind, Order, Plan, Question, Wants
from shadowhound_memory.recall.missions import Mission, find_mission
from shadowhound_memory.recall.times import find_times
from shadowhound_memory.record import Pose
from shadowhound_memory.rules import noun_phrases, parts_of_speech
from shadowhound_memory.settings import Settings
from shadowhound_memory.words import content_words, stem, words

NEAR = 3.0
"""Metres that "near" means when no distance is given."""
NOTHING = -1.0
"""since and until of a filter that no memory passes: every timestamp is at least zero."""

LIGHT_WORDS = frozenset(
    """
    see saw seen sees seeing spot spotted notice noticed observe observed find found look looked locate located
    last first latest recent recently earliest currently current moment finally originally initially previously lately
    happen happened happens occur occurred event thing things stuff kind type name amount level news
    time times often many much number count long ago far total overall most more less than
    place places location whereabouts around near nearby anywhere somewhere everywhere nowhere anymore
    tell told know knew remember recall memory memories show give say said question answer
    go went gone come came manage managed use used
    exactly visible present exist exists robot so today day hour minute second end start beginning
    nearest closest distance previous previously
    mission patrol visit round shift run tour session trip inspection
    """.split()
)
"""Words that ask rather than name: they are searched for, but an answer need not contain them."""
_LIGHT_VERBS = frozenset("leave left put keep kept take took make made".split())
"""Verbs with many equals, which only a count depends on: where a thing was left is where it stands."""

_BE_DO_HAVE = r"(?:is|are|was|were|did|do|does|has|have|had)"
_LEAD = re.compile(
    r"""^(?:(?:hey|hi|hello|so|and|but|well|ok|okay|please|robot)\b[,!]?\s+)*
    (?:(?:can|could|would|will|do|did)\ you\ (?:please\ )?(?:tell\ me|show\ me|say|know|remember|recall|find\ out)
    |(?:please\ )?(?:tell|show|remind)\ me|i\ (?:want|need|would\ like|'d\ like)\ to\ know
    |i\ wonder|any\ idea|do\ we\ know)
    \s+(?:about\s+)?(?=(?:(?:at|in|on)\ )?(?:where|when|how|what|which|who|whose|whether|if|why)\b)""",
    re.I | re.X,
)
_COUNT = re.compile(r"\bhow (?:many|often)\b|\b(?:number of|count (?:of |the |all )?)|^(?:total|count)\b", re.I)
_TIME = re.compile(
    r"""^(?:(?:since|until|at|on|by)\ )?
    (?:when\b|what\ (?:time|day|date|hour)\b|which\ (?:day|date)\b|how\ (?:long\ ago|recently)\b)""",
    re.I | re.X,
)
_PLACE = re.compile(
    r"""^(?:(?:in|at|on|to|from|near|by)\ )?
        (?:where(?:'s|abouts)?\b|(?:what|which)\ (?:rooms?|places?|area|location|spot|floor|position)\b)
    |^(?:(?:what(?:'s|\ is|\ was)\ )?the\ )?(?:\w+\ )?(?:location|position|place|whereabouts)\ of\b
    |^(?:what|which|who)\b.*\b(?:nearest|closest)\b
    |^(?:take|guide|lead|bring|drive)\ me\ (?:back\ )?to\b|^how\ (?:do|can)\ (?:i|we|you)\ (?:get|go)\ to\b|^how\ far\b
    |^(?:locate|find|go\ to|drive\ to|navigate\ to)\b""",
    re.I | re.X,
)
_DURATION = re.compile(
    r"""^(?:(?:and|for|since)\ )?(?:how\ long\b(?!\ ago)(?!\ (?:is|are)\ (?:the|an?|this|that|my|your)\ [\w-]+$)
    |how\ much\ time\ (?!do\b|is\ left)|how\ many\ (?:seconds|minutes|hours|days|weeks)\b(?!\ ago))
    |^(?:what(?:'s|\ is|\ was)\ the\ )?duration\ of\b""",
    re.I | re.X,
)
_BETWEEN = re.compile(
    r"""\b(?:(?:passed|elapsed|went\ by|there|pass|elapse)\ )?
    (?:between\ (?P<a>.+?)\ and|from\ (?P<c>.+?)\ (?:to|until|till))\ (?P<b>.+)$
    |^how\ (?:long|much\ time)\ (?:after|since)\ (?P<d>.+?)\ (?P<e>(?:was|were|did|had)\ .+)$""",
    re.I | re.X,
)
_YESNO = re.compile(
    rf"^(?:whether|if|am|can|could|will|would|should|any sign of|{_BE_DO_HAVE}(?:n't)?)\b",
    re.I,
)
_INNER = re.compile(
    rf"\b(?P<word>where|when|how) (?:(?<=where ){_BE_DO_HAVE}|(?<=when )(?:did|was|were|is)"
    r"|(?<=how )(?:many|often))\b.*",
    re.I,
)
_LATEST = re.compile(
    r"""\b(?:last|latest|most\ recent(?:ly)?|now|still|current(?:ly)?|at\ the\ moment|any\ ?more
        |recently|so\ far|no\ longer)\b
    |\bat\ the\ end\b|^where(?:'s|\ is|\ are|\ can|\ do|\ should|\ has|\ have)\b
    |^where\b.*\ (?:is|are)$|^(?:is|are|has|have)\b
    |^(?:what|who|which|how\ (?:much|many))\b.*?(?:'s\b|\b(?:is|are|do|does|has|have)\b)""",
    re.I | re.X,
)
_DETERMINERS = "the|an?|any|this|that|these|those|my|your|our|his|her|its|their"
_VERBS = frozenset(("VVB", "VVD", "VVI", "VVZ"))
_PARTICIPLES = frozenset(("VVG", "VVN"))
_SEE = re.compile(r"\b(?:see|saw|seen|spot(?:ted)?|notice[d]?|observe[d]?|come across|came across)\b", re.I)
_SAY = re.compile(
    r"\b(?:say|says|said|tell|told|ask|asked|mention(?:ed)?|hear|heard"
    r"|talk(?:ed|ing)?|speak|spoken?|promised?|announced?)\b",
    re.I,
)
_PREVIOUS = re.compile(
    r"""\b(?:the\ time\ )?before(?:\ (?:that|then|this|now|last|the\ last\ (?:time|one)
        |(?:it|they|he|she)\ (?:was|were|got|went|came)\b[^,]*|(?:the|its|his|her)\ (?:last\ )?move))?$
    |\b(?:previous(?:ly)?|formerly)\b|\b(?:used?\ to\ (?:be|stand|lie|hang|sit|live))\b
    |\b(?:last\ but\ one|second[\ -]to[\ -]last|next[\ -]to[\ -]last)\b""",
    re.I | re.X,
)
_PRESENT = re.compile(
    r"""^where(?:'s|abouts|\ (?:is|are|can|could|do|does|should|might|would|has|have))\b(?!.*\b(?:was|were|did)\b)
    |^(?:for\ )?how\ long\ (?:has|have)\b
    |^where\b.*\ (?:is|are)$|^(?:is|are|isn't|aren't|does|doesn't)\b
    |^(?:(?:in|at|on)\ )?(?:what|which|who|whose|how\ (?:much|many|far))\b
        (?:(?!\b(?:was|were|did|had|times|has\ been|have\ been)\b).)*?
        (?:'s\b|\b(?:is|are|do|does)\b|\b(?:has|have)\ (?:the|an?|my|your|our|any|no)\b)
    |^(?:(?:please\ )?(?:take|guide|lead|bring|drive|go|navigate|locate|find)
        |how\ (?:do|can)\ (?:i|we|you)\ (?:get|go)\ to)\b
    |^(?:what(?:'s|\ is)\ the\ )?(?:location|position|place|whereabouts)\ of\b
    |\b(?:now|still|current(?:ly)?|at\ the\ moment|any\ ?more|no\ longer)\b""",
    re.I | re.X,
)
_NEAREST = re.compile(
    r"""\b(?P<word>nearest|closest|how\ far)\b(?P<rest>.*?)(?P<to>\b(?:to|from|by)\ (?:me|here|us|you)\b)?$""",
    re.I | re.X,
)
_EARLIEST = re.compile(r"\b(?:first|earliest|originally|initially|at the start|in the beginning|to begin with)\b", re.I)

_NUMBER = r"-?\d+(?:\.\d+)?"
_WITHIN = r"within\ (?P<radius>\d+(?:\.\d+)?)\ ?(?:m|metres?|meters?)\ (?:of|from|around)"
_NEAR_POINT = re.compile(
    rf"""\b(?:{_WITHIN}|near|around|close\ to|next\ to|at)\ (?:the\ )?(?:point|position|coordinates?|place)?\ ?
    (?:\(\ ?|(?=x))(?:x\ ?=?\ ?)?(?P<x>{_NUMBER})[ ,;]+(?:and\ )?(?:y\ ?=?\ ?)?(?P<y>{_NUMBER})\ ?\)?""",
    re.I | re.X,
)
_NEAR_HERE = re.compile(
    rf"""\b(?:{_WITHIN}\ (?:here|me|you|us)|(?:near|around|close\ to|next\ to|by)\ (?:here|me|us|you)
    |near-?by|in\ the\ vicinity)\b""",
    re.I | re.X,
)
_QUESTION_WORDS = re.compile(
    rf"""^(?:(?:in|at|on|since|until|by|to|from|near|for)\ )?
        (?:where(?:abouts)?|when|who|what|which|whose|why
        |how\ (?:many|often|long\ ago|long|much\ time|much|recently|far(?:\ away)?)
        |how|whether|if)\b
        (?:'s|(?:\ times?|\ day|\ date|\ room|\ place)?\b)?(?:\s+(?:{_BE_DO_HAVE}|can|could|will|would|should)\b)?
    |^(?:{_BE_DO_HAVE}|can|could|will|would|any\ sign\ of)\b""",
    re.I | re.X,
)
_ASIDE = re.compile(
    r"""\b(?:right\ now|now|currently|at\ the\ moment|any\ ?more|still|last|first|latest|most\ recently|recently
    |yet|ever|already|please)\b""",
    re.I | re.X,
)


def make_plan(question: Question, settings: Settings, now: float, missions: Sequence[Mission] = ()) -> Plan:
    """Plan a question asked at `now` (seconds), given the missions that there are."""
    decided: list[str] = []
    asked = _LEAD.sub("", " ".join(question.text.replace("’", "'").split()))
    asked, filter = _mission(asked, question.filter, now, missions, decided)
    asked, filter = _place(asked, filter, question.pose, settings, decided)
    asked, filter = _time(asked, filter, now, settings, decided)
    asked = re.sub(r"^[\s,;:]+|[\s,;:?!.]+$", "", asked)
    asked, nearest = _nearest(asked, question.pose, decided)
    kind, asked = _kind(asked, decided)
    order, said = _order(asked, kind, decided)
    said, other = _other(said, kind, decided)
    search = _search_text(said)
    light = LIGHT_WORDS if kind == "count" else LIGHT_WORDS | _LIGHT_VERBS | {"minutes", "hours", "days"}
    key_terms = tuple(dict.fromkeys(stem(word) for word in content_words(search) if word not in light))
    return Plan(
        kind=kind,
        search=search,
        filter=filter,
        order=order,
        present=_present(asked, kind, filter, question.filter, now, missions, decided),
        nearest=nearest,
        other=other,
        key_terms=key_terms,
        verbs=tuple(verb for verb in _verbs(question.text) if verb in key_terms),
        things=tuple(_things(asked)),
        wants=_wants(asked, kind),
        decided=tuple(decided),
    )


def _kind(asked: str, decided: list[str]) -> tuple[Kind, str]:
    """The kind of answer, and the question with its question word first when that stands further back."""
    for pattern, kind in (
        (_DURATION, "duration"),
        (_COUNT, "count"),
        (_TIME, "time"),
        (_PLACE, "place"),
        (_YESNO, "yesno"),
    ):
        if found := pattern.search(asked):
            decided.append(f"kind {kind}: {found.group().strip().lower()!r}")
            return cast(Kind, kind), asked
    found = _INNER.search(asked)
    if found and not re.match(r"(?:what|who|which|why|how)\b", asked, re.I):
        kind = {"where": "place", "when": "time", "how": "count"}[found["word"].lower()]
        decided.append(f"kind {kind}: {found['word'].lower()!r}")
        return cast(Kind, kind), f"{found.group()} {asked[: found.start()]}".strip(" ,")
    decided.append("kind text: no word asks for a place, a time, a number or a yes")
    return "text", asked


def _order(asked: str, kind: Kind, decided: list[str]) -> tuple[Order, str]:
    """Which of several memories to answer with, and the question without the words for "the one before"."""
    if kind in ("place", "time", "text") and (found := _PREVIOUS.search(asked)):
        decided.append(f"order previous: {found.group().lower()!r}")
        return "previous", _without(asked, found)
    for pattern, order in ((_EARLIEST, "earliest"), (_LATEST, "latest")):
        if found := pattern.search(asked):
            decided.append(f"order {order}: {found.group().lower()!r}")
            return cast(Order, order), asked
    return "relevance", asked


def _present(
    asked: str,
    kind: Kind,
    filter: Filter,
    given: Filter,
    now: float,
    missions: Sequence[Mission],
    decided: list[str],
) -> bool:
    """Whether the question is about how things are now: in the present tense, of no span or mission that is over."""
    if kind == "time" or (filter.until is not None and filter.until < now):
        return False
    over = {name for name, _, end in missions if end is not None and end <= now}
    if filter.missions != given.missions and over.issuperset(filter.missions):
        return False
    if _PREVIOUS.search(asked) or not (found := _PRESENT.search(asked)):
        return False
    decided.append(f"the present: {found.group().lower()!r}")
    return True


def _nearest(asked: str, here: Pose | None, decided: list[str]) -> tuple[str, Pose | None]:
    """Where "the nearest" is measured from: the asking pose."""
    if not (found := _NEAREST.search(asked)):
        return asked, None
    if here is None:
        decided.append(f"{found['word'].lower()!r} left out: asked without a pose")
    else:
        decided.append(f"nearest to ({here.x}, {here.y}) in {here.frame_id}: {found['word'].lower()!r}")
    return (asked[: found.start("to")].strip() if found["to"] else asked), here


def _other(asked: str, kind: Kind, decided: list[str]) -> tuple[str, str]:
    """What of a duration is its start and what its end: "between A and B", "from A to B", "how long after A did B"."""
    if kind != "duration" or not (found := _BETWEEN.search(asked)):
        return asked, ""
    first, last = found["a"] or found["c"] or found["d"], found["b"] or found["e"]
    decided.append(f"from {first!r} to {last!r}")
    return first, _search_text(last)


def _verbs(asked: str) -> list[str]:
    """The stems of a question's full verbs. A noun between "did" and an article is one too ("Did she water the …")."""
    tagged = list(pairwise((*parts_of_speech(asked), ("", "PUN"))))
    found = [w for (w, tag), (_, after) in tagged if tag in _VERBS or (tag in _PARTICIPLES and after[0] != "N")]
    if not found and re.search(r"\b(?:did|does|do)\b", asked, re.I):
        found = [w for (w, tag), (_, after) in tagged if tag[0] == "N" and after in ("AT0", "DPS")]
    return [stem(word.casefold()) for word in found]


def _things(asked: str) -> Iterator[str]:
    """The noun phrases of a question, each with its article."""
    for phrase in noun_phrases(f"{asked}?"):
        named = r"(?:['’]s)?[\W_]+".join(map(re.escape, (*phrase.modifiers, *phrase.nouns)))
        if found := re.search(rf"(?:\b(?:{_DETERMINERS})\s+)?\b{named}\b", asked, re.I):
            yield found.group()


def _wants(asked: str, kind: Kind) -> Wants:
    if re.match(r"(?:(?:at|by|for|from|of|to|with) )?whom?\b", asked, re.I):
        return "person"
    return "sighting" if (kind == "place" or _SEE.search(asked)) and not _SAY.search(asked) else ""


def _time(asked: str, filter: Filter, now: float, settings: Settings, decided: list[str]) -> tuple[str, Filter]:
    times = find_times(asked, now, settings.zone)
    if times.since is None and times.until is None:
        return asked, filter
    decided.append(f"time {times.since} to {times.until}: {', '.join(map(repr, times.phrases))} in {settings.timezone}")
    return times.rest, _within(filter, times.since, times.until, decided)


def _within(filter: Filter, since: float | None, until: float | None, decided: list[str]) -> Filter:
    """The filter with its range narrowed; ranges that do not meet leave nothing."""
    since = max((t for t in (since, filter.since) if t is not None), default=None)
    until = min((t for t in (until, filter.until) if t is not None), default=None)
    if since is not None and until is not None and since > until:
        return _nothing(filter, decided)
    return filter.model_copy(update={"since": since, "until": until})


def _nothing(filter: Filter, decided: list[str]) -> Filter:
    decided.append("nothing: the question and the filter exclude each other")
    return filter.model_copy(update={"since": NOTHING, "until": NOTHING})


def _mission(
    asked: str, filter: Filter, now: float, missions: Sequence[Mission], decided: list[str]
) -> tuple[str, Filter]:
    if (found := find_mission(asked, missions, now)) is None:
        return asked, filter
    mission, phrase = found
    decided.append(f"mission {mission!r}: {phrase.lower()!r}")
    rest = " ".join(asked.replace(phrase, " ", 1).split())
    if filter.missions and mission not in filter.missions:
        return rest, _nothing(filter, decided)
    return rest, filter.model_copy(update={"missions": (mission,)})


def _place(asked: str, filter: Filter, here: Pose | None, settings: Settings, decided: list[str]) -> tuple[str, Filter]:
    if found := _NEAR_POINT.search(asked):
        frame = here.frame_id if here else settings.map_frame
        near = Pose(x=_metres(found["x"]), y=_metres(found["y"]), frame_id=frame)
    elif found := _NEAR_HERE.search(asked):
        if here is None:
            decided.append(f"{found.group().lower()!r} left out: asked without a pose")
            return _without(asked, found), filter
        near = here
    else:
        return asked, filter
    radius = min(float(found["radius"] or NEAR), 1e7) or NEAR
    decided.append(f"within {radius} m of ({near.x}, {near.y}) in {near.frame_id}: {found.group().lower()!r}")
    if filter.near is not None:
        decided.append("the place in the filter goes before the one in the question")
        return _without(asked, found), filter
    changes = {"near": near, "radius": radius, "map_id": filter.map_id or settings.map_id}
    return _without(asked, found), filter.model_copy(update=changes)


def _metres(number: str) -> float:
    return max(-1e7, min(1e7, float(number)))


def _search_text(asked: str) -> str:
    """The question without the words that only ask; what follows a colon alone if nothing before it names anything."""
    before, colon, after = asked.partition(": ")
    if colon and after and all(word in LIGHT_WORDS | _LIGHT_VERBS for word in content_words(before)):
        asked = after
    else:
        asked = _ASIDE.sub("", _QUESTION_WORDS.sub("", asked))
        asked = re.sub(r"^\s*(?:you|i|we|the robot|there)\b", "", asked, flags=re.I)
    said = " ".join(asked.split()).strip(" ,;:?!")
    return said if words(said) else ""


def _without(text: str, found: re.Match[str]) -> str:
    return " ".join(f"{text[: found.start()]} {text[found.end() :]}".split())
