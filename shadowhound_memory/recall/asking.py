"""What a question asks for, by its wording: a place, a time, a number, a length of time, a yes or words; of which of
several memories; whether of the present."""

import difflib
import re
from typing import cast

from shadowhound_memory.question import Kind, Order

BE_DO_HAVE = (
    r"(?:is|are|was|were|did|do|does|has|have|had|isn't|aren't|wasn't|weren't|didn't|don't|doesn't|hasn't|haven't)"
)
_ASKS = (
    r"(?=(?:(?:at|in|on|since|until|by|to|from|for|near)\ )?"
    r"(?:what|which|who|whom|whose|where|when|why|how|whether|if)\b)"
)
_GREETING = re.compile(
    r"^(?:(?:hey|hi|hello|good (?:morning|afternoon|evening|day)|dear|so|and|but|well|ok|okay|please|robot|sorry"
    r"|sir|excuse me|quick question|one (?:more )?question|question|thanks|thank you|um+|uh+|hm+|just|also|then)\b"
    r"(?:\s*[,!.:;–-]+\s*|\s+))+",
    re.I,
)
_POLITE = re.compile(
    rf"""^(?:(?:can|could|would|will|do|did)\ you
        \ (?:please\ |kindly\ |by\ any\ chance\ |happen\ to\ |perhaps\ |maybe\ )*
        (?:be\ so\ kind\ (?:as\ to\ )?|have\ any\ idea\ |mind\ )?
        (?:tell(?:ing)?\ me|show(?:ing)?\ me|let\ me\ know|remind\ me|say|know|remember|recall|find\ out|check)?
    |(?:please\ )?(?:tell|show|remind|inform)\ me|(?:please\ )?let\ me\ know
    |i(?:'d|\ would)?\ (?:really\ )?(?:want|need|like|love|be\ (?:glad|curious|interested))\ to\ know
    |i(?:'m|\ am|\ was|\ have\ been|'ve\ been)?\ (?:just\ )?(?:wonder(?:ing)?|asking\ myself|curious|not\ sure)
    |i\ (?:do\ not|don't|can't|cannot)\ (?:know|remember|recall|say)|i(?:'ve|\ have)?\ (?:forgot(?:ten)?)
    |(?:do\ you\ have\ |have\ you\ (?:got\ )?|is\ there\ )?any\ (?:idea|clue)|do\ we\ know|you\ know|remember
    |(?:what|how)\ do\ you\ think)
    (?:\ (?:again|please|about|if\ you\ (?:know|can|remember)))*[,:]?\ +{_ASKS}""",
    re.I | re.X,
)
_REQUEST = re.compile(
    r"""^(?:(?:can|could|would|will)\ you\ (?:please\ |kindly\ |maybe\ )*
        |i(?:'d|\ would)?\ (?:want|need|like)\ you\ to\ |please\ )
    (?=(?:take|guide|lead|bring|drive|go|navigate|locate|find|show|give|help|count)\b)""",
    re.I | re.X,
)
_WEAK = re.compile(r"^(?:can|could|would|will) you (?:please )?|^(?:please )?(?:show|give|tell) me (?:about )?", re.I)

_DURATION = re.compile(
    r"""^(?:(?:and|for|since)\ )?(?:
        how\ long\b(?!\ ago)(?!\ (?:is|are)\ (?:the|an?|this|that|my|your)\ (?:[\w-]+\ )?[\w-]+$)
        |how\ much\ time\b(?!\ (?:do\b|is\ left))
        |how\ many\ (?:seconds|minutes|hours|days|weeks|months)\b(?!\ ago)(?!\ (?:left|are\ there|remain)))
    |^(?:(?:what(?:'s|\ is|\ was)\ )?the\ )?(?:duration|length\ of\ time)\b|^since\ (?:when|how\ long)\b
    |^(?:for\ |over\ |during\ )?what\ (?:(?:length|period|amount|stretch|span)\ of\ time|period|duration)\b""",
    re.I | re.X,
)
_COUNT = re.compile(
    r"\bhow (?:many(?! \w+ ago)|often|frequently)\b|\bnumber of\b|\bcount (?:of |the |all |how )|^(?:total|count)\b",
    re.I,
)
_TIME = re.compile(
    r"""^(?:(?:since|until|at|on|by|around|in)\ )?(?:about\ )?
    (?:when\b|(?:what|which)\ (?:time|day|date|hour|month|year)\b(?!'s)
        |how\ (?:(?:long|many\ \w+)\ ago|recently)\b)
    |^(?:(?:what(?:'s|\ is|\ was)\ )?the\ )?(?:exact\ )?(?:time|date)\ (?:of|when|at\ which)\b""",
    re.I | re.X,
)
_PLACE = re.compile(
    r"""^(?:(?:in|at|on|to|from|near|by|behind|under)\ )?
        (?:where(?:'s|abouts)?\b
        |(?:what|which)\ (?:\w+\ )?(?:rooms?|places?|area|location|spot|floor|position|corner|building|aisle|zone)\b)
    |^(?:in|on|at|under|behind|inside|beside|near|next\ to|on\ top\ of)\ (?:what|which)\ (?!state|condition|order)
        \w+\ (?:\w+\ )?(?:(?:is|are|was|were)\ (?:the|my|your|our|an?)\b
        |did\ (?:you|we|i)\ (?:see|put|leave|find|meet|notice|store|keep|park)\b)
    |^(?:(?:what(?:'s|\ is|\ was|\ are|\ were)\ )?(?:the\ )?)(?:\w+\ )?(?:location|position|place|whereabouts)\ of\b
    |^(?:what|which|who)\b.*\b(?:nearest|closest)\b|^the\ (?:nearest|closest)\b
    |\b(?:from|to)\ where\b
    |^(?:take|guide|lead|bring|drive|escort)\ (?:me|us)\ (?:back\ )?to\b
    |^(?:give|show)\ (?:me|us)\ (?:the\ )?(?:way|route|location|position|whereabouts)\b
    |^(?:the\ )?(?:way|route|directions?)\ to\b
    |^how\ (?:do|can|could|would|should)\ (?:i|we|you|one)\ (?:get|go|find)\b|^how\ far\b
    |^(?:locate|find|search\ for|look\ for|go\ (?:back\ )?to|drive\ to|navigate\ to|help\ (?:me|us)\ (?:to\ )?find)\b
    |^(?:i(?:'m|\ am)|we(?:'re|\ are))\ (?:looking|searching)\ for\b
    |^(?:i|we)\ (?:can't|cannot|can\ not|could\ not|couldn't|don't|am\ unable\ to)\ (?:find|see|locate)\b
    |^(?:i|we)(?:\ have|'ve)?\ (?:lost|misplaced|mislaid)\b""",
    re.I | re.X,
)
_YESNO = re.compile(rf"^(?:whether|if|am|can|could|will|would|should|any (?:sign|trace) of|{BE_DO_HAVE})\b", re.I)
_WORDS = re.compile(r"^(?:(?:at|by|for|from|of|to|with|about|in|on) )?(?:what|who|whom|whose|which|why|how)\b", re.I)
_INNER = re.compile(
    rf"\b(?P<word>where|when|how) (?:(?<=where ){BE_DO_HAVE}|(?<=when )(?:did|was|were|is|has|have)"
    r"|(?<=how )(?:many|often|long))\b.*",
    re.I,
)
_KINDS = (
    (_DURATION, "duration"),
    (_COUNT, "count"),
    (_TIME, "time"),
    (_PLACE, "place"),
    (_YESNO, "yesno"),
    (_WORDS, "text"),
)

_PREVIOUS = re.compile(
    r"""\b(?:the\ time\ )?before(?:\ (?:that|then|this|now|last|the\ last\ (?:time|one)
        |(?:it|they|he|she)\ (?:was|were|got|went|came|is|are|has\ been|had\ been|moved)\b[^,]*
        |(?:the|its|his|her)\ (?:last\ )?move))?$
    |\b(?:previous(?:ly)?|formerly)\b|\b(?:used?\ to\ (?:be|stand|lie|hang|sit|live))\b
    |\b(?:last\ but\ one|second[\ -]to[\ -]last|next[\ -]to[\ -]last)\b""",
    re.I | re.X,
)
_EARLIEST = re.compile(
    r"\b(?:first|earliest|originally|initially|at the start|in the beginning|to begin with)\b(?! (?:floor|aid|name)\b)",
    re.I,
)
_LATEST = re.compile(
    r"""\b(?:last|latest|most\ recent(?:ly)?|now|still|current(?:ly)?|at\ the\ moment|any\ ?more
        |recently|so\ far|no\ longer|these\ days|nowadays|by\ now|presently)\b
    |\bat\ the\ end\b|^where(?:'s|\ is|\ are|\ can|\ could|\ do|\ might|\ should|\ has|\ have)\b
    |^where\b.*\ (?:is|are)$|^(?:is|are|isn't|aren't|has|have|hasn't|haven't)\b
    |^(?:whether|if)\b.*?\b(?:is|are)\b
    |^(?:(?:in|on|at)\ )?(?:what|who|which|how\ (?:much|many))\b.*?(?:'s\b|\b(?:is|are|do|does|has|have)\b)""",
    re.I | re.X,
)
_IMPERATIVE = re.compile(
    r"""^(?:(?:take|guide|lead|bring|drive|escort|go|navigate|locate|find|give|show|help|look|search)
        |(?:the\ )?(?:way|route|nearest|closest)
        |(?:i|we)(?:'m|'re|'ve)?\ (?:am|are|have|can't|cannot|can\ not|couldn't|don't|lost|looking|searching|misplaced)
        |how\ (?:do|can|could|would|should)\ (?:i|we|you|one))\b""",
    re.I | re.X,
)
_PRESENT = re.compile(
    r"""^where(?:'s|abouts|\ (?:is|are|can|could|do|does|should|might|would|has|have))\b(?!.*\b(?:was|were|did)\b)
    |^(?:for\ )?how\ long\ (?:has|have)\b|^since\ when\ (?:is|are|has|have)\b
    |^where\b.*\ (?:is|are)$|^(?:(?:whether|if)\ .*?\b)?(?:is|are|isn't|aren't|does|doesn't)\b(?!.*\bever\b)
    |^do\ (?:we|i|you)\ (?:still\ )?have\b(?!\ (?:any\ )?(?:idea|clue|memor))
    |^(?:(?:in|at|on)\ )?(?:what|which|who|whose|how\ (?:much|many|far))\b
        (?:(?!\b(?:was|were|did|had|times|has\ been|have\ been)\b).)*?
        (?:'s\b|\b(?:is|are|do|does)\b|\b(?:has|have)\ (?:the|an?|my|your|our|any|no)\b)
    |^(?:(?:what(?:'s|\ is|\ are)\ )?(?:the\ )?)(?:current\ )?(?:location|position|place|whereabouts)\ of\b
    |\b(?:now|still|current(?:ly)?|at\ the\ moment|any\ ?more|no\ longer|at\ present)\b""",
    re.I | re.X,
)


def direct(asked: str) -> str:
    """A question without greeting, politeness and preamble ("Hi, could you tell me where …" as "where …").

    A misspelt question word before its verb is set right. Of several sentences the one that asks is kept; what goes
    before it is put behind when the one that asks names nothing itself ("I left my bag here. Where is it?").
    """
    asked = re.sub(r"^[\s\"'“”„«»(\[*_-]+", "", asked)
    sentences = re.split(r"(?<=[.!?])\s+", asked)
    if len(sentences) > 1 and not _asks(_plain(sentences[0])):
        at = next((n for n, sentence in enumerate(sentences) if _asks(_plain(sentence))), None)
        if at is not None:
            question = _plain(sentences[at]).rstrip(" ?!.")
            pronoun = re.search(r"\b(?:it|that|they|them|he|she|him|her|one)\b", question, re.I)
            return f"{question} {' '.join(sentences[:at])}" if pronoun else question
    return _plain(asked)


def _plain(asked: str) -> str:
    """A sentence without its greetings and politeness, its question word spelt right."""
    for _ in range(4):
        before = asked
        asked = _POLITE.sub("", _GREETING.sub("", asked))
        asked = _REQUEST.sub("", asked)
        if asked == before:
            break
    asked = re.sub(r"^(where|what|who|when|how)s\b(?=\s)", r"\1's", asked, flags=re.I)
    return _spelt(asked)


def _asks(sentence: str) -> bool:
    return any(pattern.search(sentence) for pattern, _ in _KINDS)


def _spelt(asked: str) -> str:
    """A question whose first word is nearly a question word and stands before a verb (or "many"), with it set right."""
    found = re.match(rf"([a-z]{{2,7}}) (?={BE_DO_HAVE}\b|can\b|many\b|often\b|long\b|time\b|rooms?\b)", asked, re.I)
    if found is None or (_asks(asked) and found[1].lower() != "were"):
        return asked
    word, rest = found[1].lower(), asked[found.end() :]
    if word in ("were", "wear", "ware") and re.match(r"(?:is|are|did|was|do)\b", rest, re.I):
        return f"where {rest}"
    meant = ["how"] if re.match(r"(?:many|often|long)\b", rest, re.I) else ["where", "when", "what", "which", "who"]
    close = difflib.get_close_matches(word, meant, 1, 0.6 if meant == ["how"] else 0.75)
    return f"{close[0]} {rest}" if close and word not in ("here", "there", "then", "that", "these", "those") else asked


def find_kind(asked: str, decided: list[str]) -> tuple[Kind | None, str]:
    """The kind of answer, and the question with its question word first when that stands further back.

    None where no word decides: what is asked for is then for others to guess.
    """
    for pattern, kind in _KINDS:
        if (found := pattern.search(asked)) and not (kind in ("text", "yesno") and _inner(asked)):
            decided.append(f"kind {kind}: {found.group().strip().lower()!r}")
            return cast(Kind, kind), asked
    if found := _inner(asked):
        kind = {"where": "place", "when": "time", "how": "count"}[found["word"].lower()]
        kind = "duration" if found.group().lower().startswith("how long") else kind
        decided.append(f"kind {kind}: {found['word'].lower()!r}")
        return cast(Kind, kind), f"{found.group()} {asked[: found.start()]}".strip(" ,")
    return None, _WEAK.sub("", asked)


def _inner(asked: str) -> re.Match[str] | None:
    """A question word further back ("The red mug, where is it"), unless it only joins ("Was it there when …")."""
    found = _INNER.search(asked)
    if found is None or found.start() == 0:
        return None
    joins = re.match(rf"(?:(?:in|on|at|with|to) )?(?:what|who|which|why|how|whose)\b|{BE_DO_HAVE}\b", asked, re.I)
    return None if joins else found


def find_order(asked: str, kind: Kind, decided: list[str]) -> tuple[Order, str]:
    """Which of several memories to answer with, and the question without the words for "the one before"."""
    if kind in ("place", "time", "text") and (found := _PREVIOUS.search(asked)):
        decided.append(f"order previous: {found.group().strip().lower()!r}")
        return "previous", " ".join(f"{asked[: found.start()]} {asked[found.end() :]}".split())
    for pattern, order in ((_EARLIEST, "earliest"), (_LATEST, "latest")):
        if found := pattern.search(asked):
            decided.append(f"order {order}: {found.group().lower()!r}")
            return cast(Order, order), asked
    if said := is_present(asked, kind):
        decided.append(f"order latest: {said!r}")
        return "latest", asked
    return "relevance", asked


def is_present(asked: str, kind: Kind) -> str:
    """The words that put a question in the present tense; empty for any other."""
    if kind == "time" or _PREVIOUS.search(asked):
        return ""
    found = _PRESENT.search(asked) or (_IMPERATIVE.search(asked) if kind == "place" else None)
    return found.group().strip().lower() if found else ""
