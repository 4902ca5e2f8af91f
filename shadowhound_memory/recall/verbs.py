"""Which verbs tell the same deed: irregular forms, and everyday verbs that stand for one another; English only."""

from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise

from shadowhound_memory.rules import LOOKED_AT, parts_of_speech
from shadowhound_memory.words import stem, words

_FORMS = tuple(
    forms.split()
    for forms in """
    be was were been|become became|begin began begun|bend bent|bind bound|bite bit bitten|blow blew blown
    |break broke broken|bring brought|build built|burn burnt|buy bought|catch caught|choose chose chosen|come came
    |creep crept|deal dealt|dig dug|do did done|draw drew drawn|drink drank drunk|drive drove driven|eat ate eaten
    |fall fell fallen|feed fed|feel felt|fight fought|find found|flee fled|fly flew flown|forget forgot forgotten
    |freeze froze frozen|get got gotten|give gave given|go went gone|grind ground|grow grew grown|hang hung|have had
    |hear heard|hide hid hidden|hold held|keep kept|know knew known|lay laid|lead led|lean leant|leave left|lend lent
    |lie lay lain|light lit|lose lost|make made|mean meant|meet met|pay paid|ride rode ridden|ring rang rung
    |rise rose risen|run ran|say said|see saw seen|seek sought|sell sold|send sent|shake shook shaken|shine shone
    |shoot shot|show showed shown|shrink shrank shrunk|sing sang sung|sink sank sunk|sit sat|sleep slept|slide slid
    |smell smelt|speak spoke spoken|spend spent|spill spilt|spin spun|stand stood|steal stole stolen|stick stuck
    |strike struck|sweep swept|swim swam swum|swing swung|take took taken|teach taught|tear tore torn|tell told
    |think thought|throw threw thrown|wake woke woken|wear wore worn|win won|wind wound|write wrote written""".split(
        "|"
    )
)
_IRREGULAR = {stem(form): stem(forms[0]) for forms in _FORMS for form in forms}

_SAME = """
    put place set lay drop deposit insert stow | leave
    take grab fetch collect remove retrieve | pick lift carry
    bring deliver carry transport | hand pass take move
    move relocate shift displace transfer | carry push pull drag
    heat warm cook reheat | bake boil fry roast toast grill microwave oven stove hot
    cool chill refrigerate | freeze fridge freezer refrigerator cold
    wash rinse launder | clean wipe scrub bathe water sink soap
    clean scrub | wash wipe mop sweep vacuum dust polish rinse tidy
    vacuum hoover | clean sweep
    cut slice chop | peel carve dice split knife half saw
    fix repair mend | service replace maintain adjust
    open unlock | unseal
    close shut | lock seal
    start begin commence launch | resume run
    stop halt cease | pause end finish
    finish complete conclude | end succeed
    arrive reach enter come | return get
    leave depart exit | go drive
    buy purchase | order pay get
    find discover locate | see spot
    see spot notice observe | find meet look detect
    meet encounter | see greet talk
    talk speak chat | say tell discuss call
    say mention tell state | explain report announce talk speak ask
    ask request | want need question order
    call phone ring | contact speak
    throw toss discard bin | drop trash put garbage
    fill refill | pour top water
    empty drain | pour clear
    charge recharge | dock plug
    check inspect examine | look test verify
    count tally | check
    write note | record
    sleep nap doze | rest lie bed
    eat dine snack | lunch dinner breakfast meal
    drink sip | cup glass
    cook prepare | bake boil fry roast heat make
    sit rest | chair sofa
    break smash shatter | damage crack
    spill | pour leak
    fall tumble drop | slip trip
    hit bump collide | crash touch
    use operate | run work
    hang suspend | hook
    help assist | support
    visit | come see
    show present | display
    guide lead escort accompany | show take
    feed | food eat
    water irrigate | plant
""".strip()
_CLASSES = tuple(
    (frozenset(map(stem, same.split())), frozenset(map(stem, f"{same} {near}".split())))
    for same, _, near in (line.partition("|") for line in _SAME.splitlines())
)
"""Stems of verbs that tell one deed; then those and words that hint at it."""

RESTING = frozenset(
    map(
        stem,
        """stand stands standing stood lie lies lying lay laid sit sits sitting sat hang hangs hanging hung lean leaning
        leant rest park parked leave left keep kept put place placed store stored stow position situate situated locate
        located prop propped""".split(),
    )
)
"""Stems of the forms of verbs that tell only that a thing is somewhere, of its own or because someone left it."""

_BEFORE_NOUNS = ("AT", "AJ", "NN", "DP", "CR", "DT")
"""Parts of speech after which a word that may be a verb is a noun."""


def base(verb: str) -> str:
    """The stem of a verb's first form, from the stem of any of its forms."""
    return _IRREGULAR.get(verb, verb)


def other_forms(word: str) -> list[str]:
    """The further forms of an irregular verb, from any of its forms ("sit" from "sat"); none of a regular one."""
    mine = stem(word)
    return [form for forms in _FORMS if base(mine) == stem(forms[0]) for form in forms if stem(form) != mine]


def same_deeds(verb: str) -> frozenset[str]:
    """The stems of verbs that tell the same as one (a stem), itself among them."""
    return frozenset({base(verb)}).union(*(same for same, _ in _CLASSES if base(verb) in same))


def tells_deed(text: str, verbs: Iterable[str]) -> bool:
    """Whether a text holds each verb (a stem), in any form, or one that tells the same; not as a noun ("a slice")."""
    wanted = [same_deeds(verb) for verb in verbs]
    said = {base(stem(word)) for word in words(text)}
    return all(map(said.intersection, wanted)) and all(map(_deeds(text).intersection, wanted))


def is_known(verb: str) -> bool:
    """Whether it is known which verbs tell the same as one (a stem)."""
    return any(base(verb) in same for same, _ in _CLASSES)


@lru_cache(maxsize=4096)
def _deeds(text: str) -> frozenset[str]:
    """The stems of all words of a text but nouns and the names of things ("a slice", "the cutting board")."""
    tagged = parts_of_speech(text[:LOOKED_AT])
    return frozenset(
        base(stem(word.casefold()))
        for (_, before), (word, tag) in pairwise([("", "PUN"), *tagged])
        if not (tag[0] == "N" and before[:2] in _BEFORE_NOUNS) and not (tag == "AJ0" and word.endswith("ing"))
    )


def names_only(text: str, verb: str) -> bool:
    """Whether a text holds a verb (a stem) only as a noun that names a thing: "leaving the dock", not "took a nap"."""
    tagged = parts_of_speech(text[:LOOKED_AT])
    found = [
        tag[0] == "N" and (before == "DPS" or article.casefold() == "the")
        for (article, before), (word, tag) in pairwise([("", "PUN"), *tagged])
        if base(stem(word.casefold())) == base(verb)
    ]
    return bool(found) and all(found)


def may_tell_deed(text: str, verbs: Iterable[str]) -> bool:
    """Whether a text may tell the verbs in other words: it holds a hint of each, or too little is known of them."""
    said = {base(stem(word)) for word in words(text)}
    for verb in verbs:
        near = [near for same, near in _CLASSES if base(verb) in same]
        if near and not said & frozenset[str]().union(*near):
            return False
    return True
