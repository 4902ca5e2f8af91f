"""Words: what of a text carries meaning, and which words are the same word. Search, plan, writer and check share it.

English stop words, English stems (Snowball) and English number words; text of any other language or script passes
through with its words merely casefolded.
"""

import unicodedata
from functools import lru_cache

import regex
import snowballstemmer
from text_to_num import alpha2digit

# A word is a run of letters with their marks, or of digits. Numbers keep inner points and colons (3.5, 14:30), words an
# inner apostrophe.
WORD = r"\d+(?:[.,:]\d+)*[\p{L}\p{M}\p{N}]*|[\p{L}\p{M}\p{N}]+(?:['’][\p{L}\p{M}]+)*"
_WORD = regex.compile(WORD)
_NUMBER = regex.compile(r"\d+(?:[.,:]\d+)*")
_SIGNED = regex.compile(r"(?P<sign>(?<![\p{L}\p{N}])[-−]|\b(?:minus|negative) )?(?P<number>\d+(?:[.,:]\d+)*)", regex.I)
_SENTENCE_END = regex.compile(r"[.!?:;\n\"“”«»]")
_TITLES = frozenset("dr mr mrs ms prof st".split())

STOP_WORDS = frozenset(
    """
    a an the this that these those some any each every either neither both all such same own other another
    i me my mine myself we us our ours ourselves you your yours yourself yourselves he him his himself she her hers
    herself it its itself they them their theirs themselves one ones someone somebody something anyone anybody
    anything everyone everybody everything who whom whose which what where when why how whether
    am is are was were be been being do does did doing done have has had having can could shall should will would
    may might must let get got getting
    and or but nor so if than then as because while until unless though although
    of in on at by for with about against between into through during before after above below to from up down out
    off over under again further near beside besides behind inside outside within onto upon toward towards across
    along around per via
    not no never none without cannot
    here there now just only very too also still already yet ever even quite rather almost
    please okay ok yes
    isn't aren't wasn't weren't don't doesn't didn't haven't hasn't hadn't can't couldn't won't wouldn't shan't
    shouldn't mustn't isnt arent wasnt werent dont doesnt didnt havent hasnt hadnt cant couldnt wont wouldnt
    i'm you're he's she's it's we're they're i've you've we've they've i'll you'll he'll she'll it'll we'll they'll
    i'd you'd he'd she'd we'd they'd that's there's here's what's where's who's how's let's im ive thats theres whats
    s t d ll m re ve
    """.split()
)


def words(text: str) -> list[str]:
    """All words of a text in order, casefolded, straight apostrophes, compatibility forms unified (NFKC)."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("’", "'")
    return _WORD.findall(folded)


def content_words(text: str) -> list[str]:
    """The words that carry meaning, in order, casefolded, without stop words and possessive 's."""
    plain = (word.removesuffix("'s") for word in words(text) if word not in STOP_WORDS)
    return [word for word in plain if word not in STOP_WORDS]


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """The English stem of one casefolded word (Snowball)."""
    return snowballstemmer.stemmer("english").stemWord(word)


def stems(text: str) -> set[str]:
    """The stems of the content words."""
    return {stem(word) for word in content_words(text)}


def numbers(text: str) -> set[str]:
    """The numbers of a text as digits: "twelve" and "12 %" give 12, "3,500" 3500, "2.50" 2.5, a time "9:05" 9:05.

    A lone "one" or "a" is no number.
    """
    digits = alpha2digit(unicodedata.normalize("NFKC", text), "en")
    return {_plain(number) for number in _NUMBER.findall(digits)}


def signed_numbers(text: str) -> set[str]:
    """As `numbers`, those below zero with their sign: "minus four" and "x=-4.0" give -4, but "gate-4" 4."""
    digits = alpha2digit(unicodedata.normalize("NFKC", text), "en")
    return {("-" if match["sign"] else "") + _plain(match["number"]) for match in _SIGNED.finditer(digits)}


def _plain(number: str) -> str:
    if ":" in number:
        return number.lstrip("0") if not number.startswith(("0:", "00:")) else number[number.index(":") - 1 :]
    if regex.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", number):
        number = number.replace(",", "")
    number = number.replace(",", ".")
    whole, _, rest = number.partition(".")
    if "." in rest:  # a date or version such as 1.2.3
        return number
    rest = rest.rstrip("0")
    return (whole.lstrip("0") or "0") + (f".{rest}" if rest else "")


def names(text: str) -> set[str]:
    """Capitalised words inside a sentence (so that the capital is not the sentence's), as they are written."""
    found = set()
    before, end = "", 0
    for match in _WORD.finditer(text):
        word = match.group()
        starts = end == 0 or (_SENTENCE_END.search(text, end, match.start()) and before not in _TITLES)
        if word[0].isupper() and not starts and word.casefold() not in STOP_WORDS:
            found.add(word.removesuffix("'s").removesuffix("’s"))
        before, end = word.casefold(), match.end()
    return found
