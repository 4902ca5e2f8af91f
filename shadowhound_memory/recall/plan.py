"""A question in plain English -> a Plan, by rules: what to search for, among what, and what kind of value to give.

Only what code is sure of becomes a filter (times, missions, places given as numbers, "here" or within a distance of a
place known by name); everything else stays in the search text. A filter that the asker gave is never widened.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from shadowhound_memory.question import Filter, Kind, Plan, Question, Wants
from shadowhound_memory.recall.asking import BE_DO_HAVE, direct, find_kind, find_order, is_present
from shadowhound_memory.recall.missions import Mission, Named, find_by_id, find_by_order
from shadowhound_memory.recall.times import find_times
from shadowhound_memory.recall.verbs import RESTING
from shadowhound_memory.record import Pose
from shadowhound_memory.rules import DETERMINERS, PERSONS, noun_phrases, parts_of_speech
from shadowhound_memory.settings import Settings
from shadowhound_memory.words import content_words, stem, words

Choose = Callable[[str], Kind | None]
"""Guesses the kind of a question whose words do not decide it; None when it cannot."""
Locate = Callable[[str], Pose | None]
"""The pose of a place or thing by its name; None when it is not known or there are several."""

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
    nearest closest distance previous previously duration seconds minutes hours days weeks
    mission patrol visit round shift run tour session trip inspection
    """.split()
)
"""Words that ask rather than name: they are searched for, but an answer need not contain them."""
_LIGHT_VERBS = frozenset("leave left put keep kept take took make made".split())
"""Verbs with many equals, which only a count depends on: where a thing was left is where it stands."""

_DETERMINERS = "the|an?|any|this|that|these|those|my|your|our|his|her|its|their"
_VERBS = frozenset(("VVB", "VVD", "VVI", "VVZ"))
_PARTICIPLES = frozenset(("VVG", "VVN"))
_SEE = re.compile(r"\b(?:see|saw|seen|spot(?:ted)?|notice[d]?|observe[d]?|come across|came across)\b", re.I)
_SAY = re.compile(
    r"\b(?:say|says|said|tell|told|ask|asked|mention(?:ed)?|hear|heard"
    r"|talk(?:ed|ing)?|speak|spoken?|promised?|announced?)\b",
    re.I,
)
_WHO = re.compile(
    rf"(?:(?:at|by|for|from|of|to|with) )?(?:who(?:m|se)?\b|(?:what|which) (?:{'|'.join(sorted(PERSONS))})s?\b)", re.I
)
_NOUNS_TOO = r"(?:saw|notice|present|find|show)"
"""Light words that are things after a determiner: "the saw"."""
_NAMED = re.compile(
    rf"\b(?:{_DETERMINERS}) (?:[a-z]+ )?(?P<name>{_NOUNS_TOO}s?)\b(?! (?:of|{_DETERMINERS}|me|him|us|them|you|it)\b)",
    re.I,
)

_NUMBER = r"-?\d+(?:\.\d+)?"
_METRES = r"(?P<radius>\d+(?:\.\d+)?)\ ?(?:m|metres?|meters?)"
_WITHIN = (
    rf"(?:(?:within|inside|less\ than|not\ more\ than|at\ most|closer\ than)\ {_METRES}\ (?:of|from|around|to)"
    rf"|(?:with)?in\ a\ radius\ of\ {_METRES.replace('radius', 'radius2')}\ (?:of|from|around))"
)
_POINT = (
    rf"(?:\(\ ?|(?=x)|(?=-?\d+(?:\.\d+)?\ ?,))(?:x\ ?=?\ ?)?(?P<x>{_NUMBER})[ ,;]+(?:and\ )?"
    rf"(?:y\ ?=?\ ?)?(?P<y>{_NUMBER})\ ?\)?"
)
_NEAR_POINT = re.compile(
    rf"\b(?:{_WITHIN}|near|around|close\ to|next\ to|at)\ (?:the\ )?(?:point|position|coordinates?|place)?\ ?{_POINT}",
    re.I,
)
_HERE = r"(?:here|me|us|you|my\ (?:position|place|location)|this\ (?:place|spot))"
_NEAR_HERE = re.compile(
    rf"\b(?:{_WITHIN}\ {_HERE}|(?:near|around|close\ to|next\ to)\ {_HERE}"
    rf"|near-?by|in\ the\ (?:vicinity|surroundings)"
    rf"|at\ (?:my\ (?:position|place|location)|this\ (?:place|spot))|(?:right\ |over\ |in\ |by\ |at\ )?here)\b",
    re.I,
)
_NAME = rf"(?:(?:{_DETERMINERS})\ )(?P<name>[a-z][\w'-]*(?:\ (?!(?:in|on|at|of|and|or|to|with|from)\b)[\w'-]+){{0,3}})"
_NEAR_NAME = re.compile(rf"\b{_WITHIN}\ {_NAME}", re.I)
_NEAREST = re.compile(r"\b(?:nearest|closest|how far)\b", re.I)
_FROM = re.compile(rf"\b(?:to|from|by|of)\ (?:(?P<here>{_HERE})|(?:the\ (?:point|position)\ )?{_POINT}|{_NAME})$", re.I)
_FROM_TO = re.compile(rf"^how far (?:away )?(?:is it )?from {_NAME} to (?P<to>.+)$".replace(r"\ ", " "), re.I)
_SPAN = re.compile(
    r"""\b(?:(?:passed|elapsed|went\ by|there|pass|elapse)\ )?
        (?:between\ (?P<a>.+?)\ and|from\ (?P<c>.+?)\ (?:to|until|till))\ (?P<b>.+)$
    |^how\ (?:long|much\ time)\ (?:after|since)\ (?P<d>.+?)\ (?P<e>(?:was|were|did|had|until|before)\ .+)$
    |^how\ (?:long|much\ time)\ before\ (?P<g>.+?)\ (?P<f>(?:was|were|did|had)\ .+)$""",
    re.I | re.X,
)
_QUESTION_WORDS = re.compile(
    rf"""^how\ (?:do|can|could|would|should)\ (?:i|we|you|one)\ (?:get|go|find)\ (?:to\ )?
    |^(?:the\ )?(?:total\ )?(?:number|count)\ of\ |^count\ (?:all\ |of\ )*
    |^(?:(?:in|at|on|since|until|by|to|from|near|for|about|under|behind)\ )?
        (?:where(?:abouts)?|when|whom|who|what|which|whose|why
        |how\ (?:many|often|frequently|long\ ago|long|much\ time|much|recently|far(?:\ away)?)
        |how|whether|if)\b
        (?:'s|(?:\ times?|\ day|\ date|\ room|\ place|\ (?:length|period|amount|stretch|span)\ of\ time)?\b)?
        (?:\s+(?:{BE_DO_HAVE}|can|could|will|would|should|might)\b)?
    |^(?:{BE_DO_HAVE}|can|could|will|would|any\ (?:sign|trace)\ of)\b
    |^(?:i(?:'m|\ am)|we(?:'re|\ are))\ (?:looking|searching)\ for\b
    |^(?:i|we)\ (?:can't|cannot|can\ not|could\ not|couldn't|don't)\ (?:find|see|locate)\b
    |^(?:i|we)(?:\ have|'ve)?\ (?:lost|misplaced|mislaid)\b
    |^(?:take|guide|lead|bring|drive|escort|go|navigate|locate|find|show|give|help|search|look)\ (?:me\ |us\ )?
        (?:back\ )?(?:to\ |for\ |find\ )?""",
    re.I | re.X,
)
_ASIDE = re.compile(
    r"""\b(?:right\ now|now|currently|at\ the\ moment|any\ ?more|still|last|first(?!\ (?:aid|floor)\b)|latest
    |most\ recently|recently|yet|ever|already|please)\b""",
    re.I | re.X,
)
_SAID_THAT = re.compile(
    r"\b(?:says?|said|tells?|told|mention(?:s|ed)?|announced?|promised?|claim(?:s|ed)?|report(?:s|ed)?|asked|thinks?"
    r"|thought|heard|believed?|explain(?:s|ed)?|warned)\b(?:(?!\b(?:what|where|when|who)\b).)*?\b(?P<told>(?:that|whether|if)\b.*)",
    re.I,
)
"""What someone said: a time in it is not when it was said."""
_CHANGES = re.compile(
    r"\b(?:moved?|chang(?:ed?|es)|different|new|missing|gone|appeared|disappeared|rearranged)\b", re.I
)
_STANDS = re.compile(
    r"^(?:where(?:abouts)?|(?:in )?(?:what|which) \w+) (?:was|were) (?!(?:i|we|you|the robot)\b)", re.I
)


def make_plan(
    question: Question,
    settings: Settings,
    now: float,
    missions: Sequence[Mission] = (),
    *,
    locate: Locate | None = None,
    choose: Choose | None = None,
) -> Plan:
    """Plan a question asked at `now` (seconds), given the missions that there are.

    `locate` knows places by name; `choose` guesses the kind where no rule decides (default: text).
    """
    decided: list[str] = []
    asked = direct(" ".join(question.text.replace("’", "'").split()))
    asked, described = _described(asked)
    asked, filter = _when(asked, question.filter, settings, now, missions, decided)
    within = re.sub(r"\s+([?.!,])", r"\1", f"{asked}: {described}" if described else asked)
    asked, nearest = _nearest(_bare(asked), question.pose, settings, locate, decided)
    asked, filter = _place(asked, filter, question.pose, settings, locate, decided)
    asked, described = (_bare(asked), described) if described else _described(_bare(asked))
    kind, asked = find_kind(asked, decided)
    if kind is None:
        kind = choose(asked) if choose and words(asked) else None
        decided.append(f"kind {kind}: chosen by the model" if kind else "kind text: no word asks for another")
    kind = kind or "text"
    order, said = find_order(asked, kind, decided)
    given = question.filter
    if (
        kind == "place"
        and order == "relevance"
        and filter.since == given.since
        and filter.until not in (None, given.until)
    ):
        order = "latest"
        decided.append(f"order latest: where it was at {filter.until}")
    said, other = _other(said, kind, decided)
    search = described if words(described) else _search_text(said)
    light = LIGHT_WORDS if kind == "count" else LIGHT_WORDS | _LIGHT_VERBS
    light = light - {found["name"].lower() for found in _NAMED.finditer(said)}
    key_terms = tuple(dict.fromkeys(stem(word) for word in content_words(search) if word not in light))
    verbs = _verbs(question.text)
    if kind == "place":  # how a thing stands somewhere does not tell which of its places is asked for
        resting = RESTING.intersection([*verbs, *_last_verb(said)])
        key_terms = tuple(term for term in key_terms if term not in resting) or key_terms
    return Plan(
        kind=kind,
        asked=within if words(within) else question.text,
        search=search,
        filter=filter,
        order=order,
        present=_present(asked, kind, filter, question.filter, now, missions, decided),
        nearest=nearest,
        other=other,
        key_terms=key_terms,
        verbs=tuple(verb for verb in verbs if verb in key_terms),
        things=tuple(_things(described or asked)),
        wants=_wants(asked, kind),
        decided=tuple(decided),
    )


def as_of(plan: Plan, question: Question) -> Plan | None:
    """The plan for how things stood at the end of the span that a question names, when no memory of the span tells it.

    Only where a question asks where a thing was, which it still was if nobody had moved it: None for any other.
    """
    widened = plan.filter.since is not None and plan.filter.since != question.filter.since
    if plan.kind != "place" or not widened or plan.filter.until in (None, NOTHING) or plan.verbs:
        return None
    if plan.order == "earliest" or not _STANDS.search(direct(question.text)):
        return None
    filter = plan.filter.model_copy(update={"since": question.filter.since})
    decided = (*plan.decided, f"nothing since {plan.filter.since}: the latest up to {plan.filter.until}")
    return plan.model_copy(update={"filter": filter, "order": "latest", "decided": decided})


def as_of_now(plan: Plan, question: Question) -> Plan | None:
    """The plan for where a thing is now, if the question asks where it was.

    None for any other, such as where a deed was done or what is nearest.
    """
    given = {"since": question.filter.since, "until": question.filter.until, "missions": question.filter.missions}
    filter = plan.filter.model_copy(update=given)
    if plan.kind != "place" or plan.nearest or (plan.order == "latest" and filter == plan.filter):
        return None
    if not plan.key_terms or (plan.verbs and not _STANDS.search(direct(question.text))):
        return None
    return plan.model_copy(update={"filter": filter, "order": "latest", "present": True})


def _described(asked: str) -> tuple[str, str]:
    """A question such as "Where did this happen: …" cut at the colon: what it describes is only searched for."""
    before, colon, after = asked.partition(": ")
    if colon and all(word in LIGHT_WORDS | _LIGHT_VERBS for word in content_words(before)):
        return before, _bare(after)
    return asked, ""


def _bare(asked: str) -> str:
    return re.sub(r"^[\s,;:]+|[\s,;:?!.]+$", "", asked)


def _present(
    asked: str, kind: Kind, filter: Filter, given: Filter, now: float, missions: Sequence[Mission], decided: list[str]
) -> bool:
    """Whether the question is about how things are now: in the present tense, of no span or mission that is over."""
    if filter.until is not None and filter.until < now:
        return False
    over = {name for name, _, end in missions if end is not None and end <= now}
    if filter.missions != given.missions and over.issuperset(filter.missions):
        return False
    if said := is_present(asked, kind):
        decided.append(f"the present: {said!r}")
    return bool(said)


def _other(asked: str, kind: Kind, decided: list[str]) -> tuple[str, str]:
    """What of a duration is its start and what its end: "between A and B", "from A to B", "how long after A did B"."""
    if kind != "duration" or not (found := _SPAN.search(asked)):
        return asked, ""
    first, last = found["a"] or found["c"] or found["d"] or found["f"], found["b"] or found["e"] or found["g"]
    decided.append(f"from {first!r} to {last!r}")
    return first, _search_text(last)


def _verbs(asked: str) -> list[str]:
    """The stems of a question's full verbs. A noun between "did" and an article is one too ("Did she water the …")."""
    tagged = list(pairwise((*parts_of_speech(asked), ("", "PUN"))))
    found = [w for (w, tag), (_, after) in tagged if tag in _VERBS or (tag in _PARTICIPLES and after[0] != "N")]
    if not found and re.search(r"\b(?:did|does|do)\b", asked, re.I):
        found = [w for (w, tag), (_, after) in tagged if tag[0] == "N" and after in ("AT0", "DPS")]
    return [stem(word.casefold()) for word in found]


def _last_verb(asked: str) -> list[str]:
    """The stem of the last word of a question where that may be a verb ("does the ladder lean", "is it hanging")."""
    *_, before, last = ["", "", *words(_ASIDE.sub("", asked))]
    may_be = last.endswith(("ing", "ed")) or re.search(r"\b(?:do|does|did)\b", asked, re.I)
    return [stem(last)] if may_be and before not in DETERMINERS else []


def _things(asked: str) -> Iterator[str]:
    """The noun phrases of a question, each with its article."""
    for phrase in noun_phrases(f"{asked}?"):
        named = r"(?:['’]s)?[\W_]+".join(map(re.escape, (*phrase.modifiers, *phrase.nouns)))
        if found := re.search(rf"(?:\b(?:{_DETERMINERS})\s+)?\b{named}\b", asked, re.I):
            yield found.group()


def _wants(asked: str, kind: Kind) -> Wants:
    if _WHO.match(asked):
        return "person"
    return "sighting" if (kind == "place" or _SEE.search(asked)) and not _SAY.search(asked) else ""


def _when(
    asked: str, filter: Filter, settings: Settings, now: float, missions: Sequence[Mission], decided: list[str]
) -> tuple[str, Filter]:
    """The question without its times and missions, and the filter narrowed to them."""
    missions = [mission for mission in missions if mission[1] <= now]
    named = find_by_id(asked, missions)
    asked = asked.replace(named.phrase, " ", 1) if named else asked
    told = found["told"] if (found := _SAID_THAT.search(asked)) else ""
    times = find_times(asked.removesuffix(told), now, settings.zone)
    if times.phrases:
        said = ", ".join(map(repr, times.phrases))
        decided.append(f"time {times.since} to {times.until}: {said} in {settings.timezone}")
        if times.since is not None and times.since > now:
            filter = _nothing(filter, decided, f"{said} lies in the future")
        else:
            filter = _within(filter, times.since, times.until, decided)
    asked = f"{times.rest} {told}".strip()
    named = named or find_by_order(asked, missions, settings.zone, times.since, times.until)
    if named is None:
        return asked, filter
    asked = " ".join(asked.replace(named.phrase, " ", 1).split())
    return asked, _of_missions(asked, named, filter, decided)


def _of_missions(asked: str, named: Named, filter: Filter, decided: list[str]) -> Filter:
    """The filter narrowed to the missions named, or to the time before or after them.

    What changed since a mission is seen by that one and the latest, so both are kept (by the last two, if it is that).
    """
    ids = named.ids
    if named.side in ("since", "after") and _CHANGES.search(asked):
        latest = named.alike[-1]
        ids = named.alike[-2:] if latest in ids else (*ids, latest)
    elif named.side:
        decided.append(f"{named.side} mission {ids[0]!r}: {named.phrase.strip().lower()!r}")
        return _within(filter, named.since, named.until, decided)
    decided.append(f"mission {', '.join(map(repr, ids))}: {named.phrase.strip().lower()!r}")
    allowed = tuple(name for name in ids if not filter.missions or name in filter.missions)
    if not allowed:
        return _nothing(filter, decided, "the question and the filter exclude each other")
    return filter.model_copy(update={"missions": allowed})


def _within(filter: Filter, since: float | None, until: float | None, decided: list[str]) -> Filter:
    """The filter with its range narrowed; ranges that do not meet leave nothing."""
    since = max((t for t in (since, filter.since) if t is not None), default=None)
    until = min((t for t in (until, filter.until) if t is not None), default=None)
    if since is not None and until is not None and since > until:
        return _nothing(filter, decided, "the question and the filter exclude each other")
    return filter.model_copy(update={"since": since, "until": until})


def _nothing(filter: Filter, decided: list[str], why: str) -> Filter:
    decided.append(f"nothing: {why}")
    return filter.model_copy(update={"since": NOTHING, "until": NOTHING})


def _place(
    asked: str, filter: Filter, here: Pose | None, settings: Settings, locate: Locate | None, decided: list[str]
) -> tuple[str, Filter]:
    """The question without a place that code is sure of, and the filter narrowed to it."""
    near: Pose | None
    if found := _NEAR_POINT.search(asked):
        near = _point(found, here, settings)
    elif found := _NEAR_HERE.search(asked):
        if here is None:
            decided.append(f"{found.group().lower()!r} left out: asked without a pose")
            return _without(asked, found), filter
        near = here
    elif found := _NEAR_NAME.search(asked):
        if (near := locate(found["name"]) if locate else None) is None:
            decided.append(f"{found['name'].lower()!r} is searched for: no one place is known by that name")
            return asked, filter
    else:
        return asked, filter
    radius = min(float(found["radius"] or found["radius2"] or NEAR), 1e7) or NEAR
    decided.append(f"within {radius} m of ({near.x}, {near.y}) in {near.frame_id}: {found.group().lower()!r}")
    if filter.near is not None:
        decided.append("the place in the filter goes before the one in the question")
        return _without(asked, found), filter
    changes = {"near": near, "radius": radius, "map_id": filter.map_id or settings.map_id}
    return _without(asked, found), filter.model_copy(update=changes)


def _nearest(
    asked: str, here: Pose | None, settings: Settings, locate: Locate | None, decided: list[str]
) -> tuple[str, Pose | None]:
    """The question without what "the nearest" and "how far" are measured from, and that pose; else the asking one."""
    if not (word := _NEAREST.search(asked)):
        return asked, None
    start, rest = here, asked
    if found := _FROM_TO.search(asked):
        start, rest = locate(found["name"]) if locate else None, f"how far is {found['to']}"
    elif found := _FROM.search(asked, word.end()):
        if found["x"]:
            start = _point(found, here, settings)
        elif found["name"]:
            start = locate(found["name"]) if locate else None
        rest = asked if start is None and found["name"] else _without(asked, found)
    if start is None:
        decided.append(f"{word.group().lower()!r} left out: no pose is known to measure from")
        return rest, None
    decided.append(f"distances from ({start.x}, {start.y}) in {start.frame_id}: {word.group().lower()!r}")
    return rest, start


def _point(found: re.Match[str], here: Pose | None, settings: Settings) -> Pose:
    x, y = (max(-1e7, min(1e7, float(found[axis]))) for axis in "xy")
    return Pose(x=x, y=y, frame_id=here.frame_id if here else settings.map_frame)


def _search_text(asked: str) -> str:
    """The question without the words that only ask."""
    asked = _ASIDE.sub("", _QUESTION_WORDS.sub("", asked))
    asked = re.sub(r"^\s*(?:you|i|we|the robot|there)\b", "", asked, flags=re.I)
    said = " ".join(asked.split()).strip(" ,;:?!")
    return said if words(said) else ""


def _without(text: str, found: re.Match[str]) -> str:
    return " ".join(f"{text[: found.start()]} {text[found.end() :]}".split())
