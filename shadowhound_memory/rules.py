"""Writing without a model: the event of an observation by cues, its tags by noun phrases.

The tables hold words of general English; what is chosen are always words of the observation itself. Text in another
language gets what can be told without knowing it, at the least the event `note`.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise

import regex
from HanTa.HanoverTagger import HanoverTagger

from shadowhound_memory.record import Draft, Event, Memory
from shadowhound_memory.words import STOP_WORDS, WORD, stem, words

MAX_TAGS = 12
LOOKED_AT = 2000
"""Characters of an observation that its event and tags are taken from: cues need no more, and time is bounded."""
LONGEST_WORD = 30
"""Characters of a word that the tagger looks at: its time grows with their square. No longer word becomes a tag."""

PERSONS = frozenset(
    """man men woman women person people child children boy girl kid baby lady guy adult human someone somebody
    family couple crowd pedestrian cyclist passenger nurse doctor surgeon patient worker technician visitor
    guest operator driver engineer guard customer staff colleague employee student teacher farmer cleaner
    manager supervisor resident researcher scientist janitor receptionist courier mechanic electrician plumber
    gardener jogger runner hiker firefighter policeman policewoman officer soldier neighbour neighbor owner
    trainee intern waiter waitress chef cook clerk butler maid tenant toddler infant teenager mother father mum
    mom dad brother sister son daughter uncle aunt grandmother grandfather grandparents husband wife friend
    gentleman gentlemen boss programmer builder carpenter painter porter caretaker paramedic dentist pharmacist
    secretary shopper tourist player rider swimmer pilot captain sailor fisherman shepherd volunteer member
    inspector intruder stranger""".split()
)
ROOMS = frozenset(
    """room kitchen bathroom bedroom hall hallway corridor lobby office lab laboratory ward warehouse storage storeroom
    stockroom closet pantry garage basement attic cellar elevator lift stairwell staircase stairs canteen cafeteria
    reception entrance workshop classroom library pharmacy theatre theater clinic barn stable shed greenhouse
    kitchenette restroom toilet suite lounge foyer atrium gym studio archive icu house building shop store floor
    level cabin balcony""".split()
)
AREAS = frozenset(
    """aisle bay dock zone area sector yard field garden street road path lot lane site gate ramp courtyard orchard row
    pasture forest park trail bridge crossing driveway patio porch terrace lawn corner checkpoint station platform
    section junction intersection waypoint meadow hill riverbank pond walkway sidewalk pavement entry exit""".split()
)
SKILLS = frozenset(
    """delivery docking undocking navigation inspection pickup cleaning patrol mapping localization localisation grasp
    grasping picking placing handover scan scanning sweep sweeping vacuuming mopping watering harvesting transport
    inventory survey surveying exploration calibration search round rounds""".split()
)
HAZARDS = frozenset(
    """spill leak smoke fire flames gas fumes sparks puddle flood hazard danger debris obstacle obstruction
    explosion blaze sludge wasp hornets landslide pothole sinkhole splinters spike nail acid mercury asbestos
    radiation shock wildfire""".split()
)
HAZARDOUS = frozenset(
    """spilled spilt leaking leaked smoking burning sparking slippery slick icy flooded flooding hazardous dangerous
    unsafe shattered exposed frayed collapsed collapsing overheating overheated toxic poisonous flammable explosive
    rotten unstable unsecured""".split()
)
STATES = frozenset(
    """open opened closed shut locked unlocked on off empty full broken blocked jammed lit dark wet dry clean dirty
    occupied vacant charging running unplugged ajar warm hot cold cool dim offline online active inactive working
    low stopped""".split()
)
NOT_THINGS = frozenset(
    """time way left right side front back end top bottom middle center centre thing things percent minute minutes
    second seconds hour hours metre metres meter meters cm m kg km degree degrees volt volts today morning afternoon
    evening night day yesterday tomorrow direction place spot position status state number lot bit pair piece kind
    sort type group set view distance sign attempt attempts try order help problem error robot part half task
    mission goal average nothing camera info warn warning debug monday tuesday wednesday thursday friday saturday
    sunday""".split()
)
HARMLESS = (
    "fire blanket",
    "fire extinguisher",
    "fire alarm",
    "fire exit",
    "fire door",
    "gas station",
    "smoke detector",
    "smoke alarm",
    "nail polish",
)
"""Things that a hazard's word names without being one."""

_I = r"^\W*(\[[^\]]*\]\W*)?((the )?robot |i |we )?((i')?ve |have |has |just |now |am |is |i'm |'m )*"
_SEE = "(find|see|locate|spot|detect)"
CUES: tuple[tuple[Event, tuple[str, ...]], ...] = (
    (
        "battery_status",
        (
            r"\b(batt|battery|batteries|state of charge|soc|charge level)\b.*"
            r"(\d|percent|\blow|\bfull|\bempty|critical|charg|drain|dead|health|volt)",
            r"(\d ?%|\d percent|\blow|\bcritical|\bfull) (\w+ )?(battery|batteries|charge)\b",
            r"\b(need|needs|have|has) to (re)?charge\b|\b(voltage|volts)\b.*\d|\d ?(%|percent) (left|remaining)\b|"
            r"\bpower (level )?(is |at )?(down|low|critical|\d)|\b(low|short) on (power|charge)\b",
            r"\b(fully|half|partly) charged\b|\bout of (power|charge)\b|\b(re)?charging (started|complete|finished)\b",
        ),
    ),
    (
        "speech_heard",
        (
            r"[\"“”«»„].*\w.*[\"“”«»“]",
            r"\b(said|says|asked|asks|told|tells|shouted|shouts|yelled|whispered|replied|answered|announced|announces|"
            r"announcement|calls?|called (me|out|us|to|over)|explained|explains|reminds?|reminded|reminding|wants (to|"
            r"us|me)|"
            r"thanked|greeted me|suggested|promised|begged|screamed|screams|"
            r"mentioned|complained|warned|ordered me)\b|\bvoice command\b|^\W*(radio|voice|intercom|speaker|phone)\W*:",
            r"\bheard (a |an |the |some|two |\w+ )?(voices?|{PERSONS}|\w+ (say|ask|call|shout|talk|speak)(ing)?)\b",
        ),
    ),
    ("task_succeeded", (_I + r"(finish(ed)?|complet(ed|ing)|succeeded|succesfully|successfully|delivered|done)\b",)),
    (
        "task_failed",
        (
            r"\b(fail|fails|failed|failing|failure|abort|aborted|aborting|gave up|giving up|timed out|unsuccessful\w*|"
            r"cancelled|canceled|stuck|unreachable|not possible|impossible|lost my way|in vain|error \w*\d+|"
            r"(doesn't|didn't|does not|did not|won't|would not|wouldn't) (respond|work|finish|complete|succeed|budge|"
            r"fit|"
            r"start|come|move|open|close|turn|let))\b",
            rf"\b(could ?n[o']?t|could not|cannot|can't|can not|unable to|not able to|"
            rf"did not manage to) (?!{_SEE}\b)\w+",
        ),
    ),
    (
        "task_started",
        (
            _I
            + r"(start(ed|ing|s)?|beg(in|an|un|inning)|initiat(ed|ing)|commenc\w+|resum(ed|ing)|kick(ed|ing) off|will|"
            r"(i'|we')ll|off to|leaving \w+ (for|to)|(going|about) to|heading|setting off|on (my|the|its) way)\b",
        ),
    ),
    (
        "hazard_seen",
        (
            r"(?<!\bno )(?<!\bno \w+ )\b({HAZARDS}|{HAZARDOUS}|broken glass|give way|about to (fall|collapse)|"
            r"keep away|"
            r"watch out|be careful|careful)\b|^\W*(danger|caution|beware)\b",
        ),
    ),
    (
        "object_missing",
        (
            r"\b(missing|gone|no trace of|used to (stand|hang|lie|sit)|did not come across|went missing|should (be|"
            r"hang|stand) "
            r"(here|there|on|in)|is bare|disappeared|vanished|stolen|absent|nowhere|not there|not found|used to be|"
            r"no sign of)\b",
            rf"\b(can't|cannot|can not|could ?n[o']t|could not|did ?n[o']t|did not|unable to|not) {_SEE}\b",
            r"\b(no longer|not|isn't|aren't|wasn't|weren't) (\w+ )?(there|here|in|on|at|under|beside|by|next|near|"
            r"inside|where)\b",
            r"\b(is|are|was|were|there's) no (?!{PERSONS}\b)\w+( \w+){0,2} (in|on|at|under|anymore|any more|left)\b",
            r"^\W*no (?!{PERSONS}\b)\w+( \w+){0,2} (in|on|at|under|by)\b|\bempty (spot|space|place|hook) where\b",
        ),
    ),
    (
        "task_succeeded",
        (
            r"\b(complete|completed|accomplished|succeeded|success|successful|successfully|finished|delivered|done|"
            r"handed over|served|all (\w+ ){1,2}(checked|done|cleaned|watered|sorted|delivered)|gave it to|"
            r"reached (the |its |my )?(goal|target|destination))\b",
        ),
    ),
    (
        "task_started",
        (
            r"\b(started|starting|starts|begins?|began|beginning|begun|assigned|new (task|mission|goal)|about to|"
            r"going to|"
            r"on (my|its|the) way|heading (to|for|towards?|out)|setting off|setting out|set off)\b",
        ),
    ),
    (
        "place_entered",
        (
            _I + r"(back (in|at)|in|at|on the|inside|made it (in)?to|left the \w+ and|{ENTER})\b(?! .*\b(saw|see|found|"
            r"picked|took)\b)",
        ),
    ),
    (
        "object_moved",
        (
            r"\b(relocated|displaced|shifted|shoved|rearranged|returned to|changed places?|hung|rolled the|swapped|"
            r"transferred|carried|brought|put|puts|placed|dragged|pushed|took|"
            r"taken|picked up|set down|dropped off)\b",
            r"\b(moved|moves|moving)\b(?! (in|on|through|along)\b)|\bnow (leans|stands|sits|lies|hangs)\b",
            r"\b(is|are) now (in|at|next|near|under|behind|inside|by|beside|against|to|on (?!{END}))\b",
            r"\bnow (at|in|on|by|near) .*\b(was|before|instead|previously)\b|\b(was|were) (at|in|on|by|near) .*\bnow\b",
        ),
    ),
    (
        "state_changed",
        (
            r"\b(opened|closed|unlocked|locked|shut|switched|turned (on|off|red|green|yellow)|went (off|on|out|dark)|"
            r"came (back )?on|powered|stopped|broke|toggled|out of \w+|flicker(s|ing)|armed|disarmed|boiled|emptied|"
            r"filled|"
            r"finished its|tilted|plugged in|unplugged)\b",
            r"\b(is|are|was|were|now|stands?|left|still|seems?|looks?|no longer|wide|half|not|isn't|aren't) "
            r"((now|still|wide|half|fully|not|partly|slightly|completely) )*({STATES})\b(?! \w*[^\W\d])",
            r"\b(is|are|was|were|now|stands?|left|no longer|wide|half|not) (?!on\b|off\b)({STATES})\b",
            r"^\W*(the )?\w+( \w+){0,2} ({STATES})\W*$",
        ),
    ),
    ("note", (r"\b(no|nobody|no one|none|not any) ?({PERSONS})?\b.*(?<!\bno )\b(in|at|on|here|there|around)\b",)),
    ("person_seen", (r"\b({PERSONS})\b",)),
    ("place_entered", (r"\b({ENTER})\b",)),
    (
        "state_changed",
        (
            r"\b(was|were|has been|have been|got) (?!seen|parked|located|stored|stacked|mounted|attached|observed|"
            r"spotted|detected|noticed|reported)\w+ed\b|\b(is|are|was|were) (now )?in use\b",
        ),
    ),
    (
        "object_seen",
        (
            r"\b(see|saw|seen|seeing|spot|spotted|notice|noticed|detect|detected|observed|found|visible|identified|"
            r"recogni[sz]ed|looking at|there (is|are|was|were)|there's)\b",
        ),
    ),
    ("note", (r"\b(heard|hear|hears|noise|sound)\b|\b(usually|always|often|on average|every (day|week|morning))\b",)),
)
"""The first event with a pattern that the text matches is the event. `{NAME}` stands for the words of that list."""

DETERMINERS = frozenset("the a an this that these those my his her its our their your it them".split())
"""What follows a verb and never a state: in "open the door" nothing is said to be open."""

LISTS = {
    "PERSONS": f"(?:{'|'.join(sorted(PERSONS))}|ladies)s?",
    "HAZARDS": f"(?:{'|'.join(sorted(HAZARDS))})s?",
    "HAZARDOUS": "|".join(sorted(HAZARDOUS)),
    "STATES": "|".join(sorted(STATES)),
    "END": r"\W|$",
    "ENTER": r"entered|entering|enters|enter|arrived|arriving|arrives|reached|reaching|"
    r"(location update|(went|came|drove|drive|moved|moving|walked|rolled|stepped|passed|crossed|got|returned|crossing|"
    r"passing|driving) "
    r"((back|over|out|down|up) )?(in|into|to|inside|through|onto))",
}
SOURCES: tuple[tuple[str, Event], ...] = (
    (r"speech|voice|\basr\b|microphone", "speech_heard"),
    (r"battery|\bbms\b", "battery_status"),
)


def write_by_rules(memory: Memory) -> Draft:
    """A draft without a model: the event by cues, the tags from noun phrases, the text the observation's own words."""
    text = " ".join(memory.raw_text.split())
    start = text[:LOOKED_AT]
    tags = tuple(dict.fromkeys(find_tags(start)))[:MAX_TAGS]
    return Draft(event=find_event(start, memory.source, tags), text=text, tags=tags)


def find_event(text: str, source: str, tags: tuple[str, ...]) -> Event:
    """The event by the source (a microphone hears, a battery reports), else by the first cue, else by the tags."""
    for pattern, event in SOURCES:
        if regex.search(pattern, source.casefold()):
            return event
    folded = text.casefold().replace("’", "'")
    for thing in HARMLESS:
        folded = folded.replace(thing, "thing")
    for event, pattern in _cues():
        if pattern.search(folded):
            return event
    kinds = {tag.partition(":")[0] for tag in tags}
    if "person" in kinds:
        return "person_seen"
    return "object_seen" if "object" in kinds and _CAPTION.search(folded) else "note"


@cache
def _cues() -> tuple[tuple[Event, "regex.Pattern[str]"], ...]:
    fill = regex.compile(r"\{([A-Z]+)\}")
    return tuple((event, regex.compile(fill.sub(lambda m: LISTS[m[1]], "|".join(cues)))) for event, cues in CUES)


@dataclass(frozen=True)
class Phrase:
    """A noun phrase: its compound of nouns, the modifiers right before, if it is a name, if a "no" precedes.

    `preposition`: the one that the phrase depends on, empty for none.
    """

    nouns: tuple[str, ...]
    modifiers: tuple[str, ...]
    named: bool
    denied: bool
    preposition: str = ""

    @property
    def head(self) -> str:
        """The last noun that is no number or letter ("aisle" of "aisle 12")."""
        return next((noun for noun in reversed(self.nouns) if noun.isalpha() and len(noun) > 1), "")


def find_tags(text: str) -> Iterator[str]:
    """Tags `kind:value` of a text's noun phrases, hazards and states, the values its own words, at most three."""
    taken: set[str] = set()
    for phrase in noun_phrases(text):
        kind, value = _kind(phrase)
        taken.update(phrase.nouns)
        if kind and not (phrase.denied and kind in ("person", "hazard")):
            taken.update(value)
            yield f"{kind}:{'_'.join(value[-3:])}"
    folded = text.casefold()
    for word, after in pairwise((*words(text), "")):
        if word in taken:
            continue
        if word in HAZARDOUS or _listed(word, HAZARDS):
            yield f"hazard:{word}"
        elif word in ("someone", "somebody"):
            yield f"person:{word}"
        elif word in STATES and after not in DETERMINERS and (word not in ("on", "off") or _SWITCHED.search(folded)):
            yield f"state:{word}"


def _kind(phrase: Phrase) -> tuple[str, tuple[str, ...]]:
    """The kind of tag of a phrase ("" for none) and the words of its value."""
    head = phrase.head
    if not head or _listed(head, NOT_THINGS) or not regex.match(r"\p{Latin}", head):
        return "", ()
    if any(_listed(noun, HAZARDS) for noun in phrase.nouns) and " ".join(phrase.nouns) not in HARMLESS:
        return "hazard", phrase.nouns
    for kind, heads in (("room", ROOMS), ("area", AREAS)):
        if _listed(head, heads):
            return kind, (*phrase.modifiers, *phrase.nouns)
    if phrase.named or _listed(head, PERSONS):
        return "person", phrase.nouns
    return "skill" if _listed(head, SKILLS) else "object", phrase.nouns


def _listed(noun: str, singulars: frozenset[str]) -> bool:
    return noun in singulars or stem(noun) in singulars or noun.removesuffix("s") in singulars


@cache
def _tagger() -> HanoverTagger:
    return HanoverTagger("morphmodel_en.pgz")


_CAPTION = regex.compile(
    r"\b(in|on|at|near|under|beneath|behind|beside|besides|by|between|against|across|inside|above|below|next to|"
    r"in front of|outside|around|over|along|left|right)\b|"
    r"^\W*(an?|the|some|two|three|four|five|six|seven|eight|nine|ten|\d+x?) (\w+ ){0,2}\w+\W*$"
)
_SWITCHED = regex.compile(r"\b(turned|switched|went|came|powered|is|are) (on|off)(?= and\b|\W*$|[.,;])|\boff\W*$")
_TITLES = ("dr", "mr", "mrs", "ms")
_TOKEN = regex.compile(rf"(?:Dr|Mr|Mrs|Ms)\.|{WORD}|[^\s\p{{L}}\p{{M}}\p{{N}}]")
_NOUN = regex.compile(rf"[\p{{L}}\p{{M}}\p{{N}}'’]{{1,{LONGEST_WORD}}}")


@lru_cache(maxsize=256)
def parts_of_speech(text: str) -> tuple[tuple[str, str], ...]:
    """The words and marks of a text, each with its part of speech (HanTa's, the BNC's C5 tags)."""
    tokens = _TOKEN.findall(unicodedata.normalize("NFKC", text))
    tags = [tag for _, _, tag in _tagger().tag_sent([token[:LONGEST_WORD] for token in tokens])] if tokens else []
    return tuple(zip(tokens, tags, strict=True))


def noun_phrases(text: str) -> Iterator[Phrase]:
    """The noun phrases of a text by its parts of speech."""
    tagged = parts_of_speech(text)
    nouns: list[str] = []
    modifiers: list[str] = []
    proper, first, denied, preposition = False, False, False, ""
    for index, (word, tag) in enumerate((*tagged, (".", "PUN"))):
        if word in "_-" and nouns:
            continue
        plain = regex.sub(r"['’]s?$|\.$", "", word.casefold())
        is_noun = tag.startswith("N") and plain not in STOP_WORDS and _NOUN.fullmatch(plain) is not None
        if nouns and tag == "NN2" and _is_verb(tagged, index):
            is_noun = False
        is_label = bool(nouns) and regex.fullmatch(r"\p{L}?\d+|\p{L}", plain) is not None and tag != "AT0"
        if is_noun or is_label:
            if not nouns:
                proper, first = True, index == 0 or tagged[index - 1][0] in ".!?"
                denied = tagged[max(0, index - 1 - len(modifiers))][0].casefold() in ("no", "without")
                preposition = _preposition(tagged[: index - len(modifiers)], preposition)
            proper = proper and tag == "NP0" and word[0].isupper()
            nouns.append(plain)
            if plain == word.casefold().removesuffix("."):
                continue
        if nouns:
            verb_follows = tag.startswith(("VVD", "VVZ", "VB", "VH", "VM"))
            named = proper and (verb_follows or not first or nouns[0] in _TITLES)
            yield Phrase(tuple(nouns), tuple(modifiers), named, denied, preposition)
            nouns, modifiers = [], []
        elif tag in ("AJ0", "ORD", "VVG", "VVN") and plain.isalpha():
            modifiers.append(plain)
            continue
        modifiers = []


def _is_verb(tagged: Sequence[tuple[str, str]], index: int) -> bool:
    """Whether what is taken for a plural is the verb of its clause: "a pallet blocks the door"."""
    if index + 1 == len(tagged) or tagged[index + 1][1] not in ("AT0", "DPS"):
        return False
    before = range(index, 0, -1)
    start = next((n for n in before if tagged[n - 1][0] in ".!?;:" or tagged[n - 1][1] in ("CJS", "CJT")), 0)
    return not any(tag.startswith("V") for _, tag in tagged[start:index])


def _preposition(before: Sequence[tuple[str, str]], last: str) -> str:
    """The preposition right before a phrase and its determiners, or the last phrase's when "and the" continues it."""
    place = len(before) - 1
    while place >= 0 and before[place][1] in ("AT0", "DPS", "DT0", "CRD", "ORD"):
        place -= 1
    if place < 0:
        return ""
    word, tag = before[place]
    if tag in ("PRP", "PRF", "TO0"):
        return word.casefold()
    is_new = place + 1 < len(before) and before[place + 1][0].casefold() in ("a", "an", "another")
    return last if tag == "CJC" and not is_new else ""
