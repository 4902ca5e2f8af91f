"""Memory banks drawn from a grammar: what happens to a few things, doors, people and tasks of a site, and questions."""

import random
from collections.abc import Sequence
from typing import NamedTuple

from shadowhound_memory.question import Kind
from training.corpus import Bank, Entry, Query, Split
from training.grammar.expand import Drawing

START = 1767225600.0


class Scene(NamedTuple):
    """Entries in their order, as (event, wording), and questions: kind, cites among the entries, may_cite, wording and
    answer. Capitals with a number stand for words that are drawn once for the scene."""

    entries: tuple[tuple[str, str], ...]
    queries: tuple[tuple[Kind, tuple[int, ...], tuple[int, ...], str, str], ...]


SCENES = (
    Scene(
        (
            ("object_seen", "(the|a) THING1 (stands|is|was seen) in the ROOM1"),
            ("object_moved", "NAME1 (took|carried|brought|moved) the THING1 (to|into) the ROOM2"),
        ),
        (
            ("place", (1,), (0,), "(where is|where's|wheres|anyone seen|where can I find) the THING1", "the ROOM2"),
            ("place", (0,), (1,), "where was the THING1 (before|first|earlier|before it was moved)", "the ROOM1"),
            ("text", (1,), (), "who (moved|took|carried away|shifted) the THING1", "NAME1"),
            ("time", (1,), (), "when was the THING1 (moved|taken away|brought to the ROOM2)", "then"),
            ("yesno", (1,), (0,), "is the THING1 (still|) in the ROOM1", "no"),
            ("yesno", (1,), (0,), "(is the THING1|do we have the THING1) in the ROOM2 now", "yes"),
            ("text", (), (), "(why did NAME1 move|who bought|who owns|what is the price of) the THING1", ""),
            ("place", (), (), "where is the (THING6|THING7)", ""),
        ),
    ),
    Scene(
        (
            ("state_changed", "the door of the ROOM3 is (locked|closed|shut)"),
            ("state_changed", "door of the ROOM3 (open again|has been opened|unlocked and open)"),
        ),
        (
            ("yesno", (1,), (0,), "is the ROOM3 (locked|closed) (now|at the moment|)", "no"),
            ("yesno", (1,), (0,), "can (I|one|we) get into the ROOM3", "yes"),
            ("duration", (0, 1), (), "(how long|for how long) was the ROOM3 (closed|locked|shut)", "so long"),
            ("time", (1,), (0,), "(since when is|when was) the ROOM3 (open|opened)", "then"),
            ("text", (), (), "who (opened|locked) the (door of the |)ROOM3", ""),
            ("yesno", (), (), "is the ROOM4 (locked|open)", ""),
        ),
    ),
    Scene(
        (("object_missing", "the THING2 is (gone from|missing from|not in|no longer in) the ROOM5"),),
        (
            ("place", (0,), (), "where (is|has) the THING2 (now|gone|got to)", "gone from the ROOM5"),
            ("yesno", (0,), (), "is the THING2 (there|in the ROOM5)", "no"),
            ("time", (0,), (), "when did (the THING2 disappear|you notice that the THING2 was gone)", "then"),
            ("text", (), (), "who (stole|took|has) the THING2", ""),
        ),
    ),
    Scene(
        (("object_seen", "(there are |)NUMBER1 THINGS3 (in|along the wall of) the ROOM6"),),
        (
            ("count", (0,), (), "(how many THINGS3 are|number of THINGS3) in the ROOM6", "NUMBER1"),
            ("count", (), (), "how many (THINGS3 are in the ROOM4|people are in the ROOM6|THINGS3 were bought)", ""),
        ),
    ),
    Scene(
        (
            ("task_started", "(started|beginning|began) SKILL1 (of|in) the ROOM7"),
            ("task_succeeded", "SKILL1 (of|in) the ROOM7 (finished|done|completed)"),
        ),
        (
            ("duration", (0, 1), (), "how long did (the |)SKILL1 (take|of the ROOM7 take|last)", "so long"),
            ("time", (1,), (0,), "when (was the SKILL1 finished|did you finish the SKILL1|did the SKILL1 end)", "then"),
            ("time", (0,), (1,), "(when|at what time) did (the |)SKILL1 (start|begin)", "then"),
            ("yesno", (1,), (0,), "(is|has) the SKILL1 (been completed|over|through)", "yes"),
            ("time", (), (), "when will the next SKILL1 be", ""),
        ),
    ),
    Scene(
        (("speech_heard", "NAME2(:| says| said:|, over the radio:) I will (bring|carry|take) the THING4 to the ROOM8"),),
        (
            ("text", (0,), (), "what did NAME2 (say|announce|promise)", "that they would bring the THING4"),
            ("text", (0,), (), "who (wants to|is going to) (bring|take) the THING4", "NAME2"),
            ("yesno", (), (), "did NAME2 (really |)bring the THING4 to the ROOM8", ""),
            ("text", (), (), "what did NAME3 say", ""),
        ),
    ),
    Scene(
        (
            ("state_changed", "the DEVICE1 (stopped|failed|went off)"),
            ("state_changed", "DEVICE1 (runs again|back on)"),
            ("state_changed", "the DEVICE1 has (stopped|failed) again"),
        ),
        (
            ("count", (0, 2), (), "how (often|many times) did the DEVICE1 (stop|fail)", "2"),
            ("yesno", (2,), (1,), "is the DEVICE1 (working|running)", "no"),
            ("time", (2,), (0,), "when did the DEVICE1 (last stop|fail the last time)", "then"),
            ("time", (0,), (2,), "when did the DEVICE1 (first stop|fail for the first time)", "then"),
            ("duration", (0, 1), (), "how long was the DEVICE1 out (the first time|at first)", "so long"),
            ("text", (), (), "why did the DEVICE1 (stop|fail)", ""),
        ),
    ),
)  # fmt: skip


def draw_bank(source: random.Random, split: Split) -> Bank:
    """A bank of a split: four to six scenes told side by side."""
    drawing = Drawing(source, split)
    words = drawing.scene_words()
    told: list[tuple[int, int, str, str]] = []
    scenes = source.sample(SCENES, source.randint(4, 6))
    for number, scene in enumerate(scenes):
        told += [(number, place, event, drawing.say(text, words)) for place, (event, text) in enumerate(scene.entries)]
    order = _interleaved([len(scene.entries) for scene in scenes], source)
    time = START + source.randrange(300) * 86400.0 + source.randrange(6, 18) * 3600.0
    entries, places = [], {}
    for number, place in order:
        time += source.choice([240, 900, 2700, 7200, 5 * 3600])
        _, _, event, text = next(each for each in told if each[:2] == (number, place))
        places[number, place] = len(entries)
        entries.append(Entry(time, event, text))
    queries = [
        Query(
            kind,
            drawing.say(text, words) + source.choice(["", "?", "?"]),
            tuple(places[number, place] for place in cites),
            tuple(places[number, place] for place in may_cite),
            drawing.say(answer, words) if answer else "",
        )
        for number, scene in enumerate(scenes)
        for kind, cites, may_cite, text, answer in scene.queries
    ]
    return Bank("grammar", tuple(entries), tuple(source.sample(queries, min(len(queries), 12))))


def _interleaved(lengths: Sequence[int], source: random.Random) -> list[tuple[int, int]]:
    """The entries of all scenes mixed, each scene's in their order."""
    turns = [number for number, length in enumerate(lengths) for _ in range(length)]
    source.shuffle(turns)
    return [(number, turns[:at].count(number)) for at, number in enumerate(turns)]
