"""From templates to observations with their event and tags: a seeded draw from the grammar.

Held out are one template in eight and one vocabulary word in seven, chosen by a hash of their text, so that they are the
same on every machine and for every seed.
"""

import hashlib
import random
import re
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import regex

from shadowhound_memory.words import WORD, words
from training.corpus import Sample, Split, observations
from training.grammar import foreign, phrases, templates, vocabulary

WEIGHTS = {"object_seen": 1.6, "person_seen": 1.2, "note": 1.4, "battery_status": 0.7, "place_entered": 0.9}
FOREIGN_SHARE = 0.05
HELD_OUT_WORD_SHARE = 0.7
MAX_VALUE_WORDS = 3
STORY_WORDS = (
    ("OBJECT", "THING", 7), ("ROOM", "ROOM", 8), ("NAME", "NAME", 3), ("SKILL", "SKILL", 1), ("DEVICE", "DEVICE", 1),
)  # fmt: skip


class Segment(NamedTuple):
    """A piece of the observation; with a kind it is a tag."""

    text: str
    kind: str | None


def samples(count: int, seed: int, split: Split, written: float = 0.0) -> list[Sample]:
    """Distinct observations of a split, as many as asked for.

    `written` is the share of those written by hand (training/corpus): each as it stands, then over again in other
    styles; the rest is drawn from the grammar.
    """
    source = random.Random(f"{seed}-{split}")
    drawing = Drawing(source, split)
    by_hand = list(observations(split))
    found: dict[str, Sample] = {}
    turn = 0
    while len(found) < round(count * written):
        if turn % len(by_hand) == 0:
            source.shuffle(by_hand)
        sample = by_hand[turn % len(by_hand)]
        sample = sample if turn < len(by_hand) else drawing.restyled(sample)
        found.setdefault(sample.text, sample)
        turn += 1
    while len(found) < count:
        sample = drawing.sample()
        found.setdefault(sample.text, sample)
    return list(found.values())


class Drawing:
    """Draws observations; keeps to what its split may use."""

    def __init__(self, source: random.Random, split: Split) -> None:
        self._random = source
        self._split = split
        self._site = "home"

    def sample(self) -> Sample:
        """One observation: an event, a site, a template, then the style it is written in."""
        draw = self._random
        self._site = draw.choice(sorted(vocabulary.OBJECTS))
        other_language = draw.random() < FOREIGN_SHARE
        productions = foreign.TEMPLATES if other_language else templates.TEMPLATES
        event = draw.choices(list(productions), [WEIGHTS.get(event, 1.0) for event in productions])[0]
        choices = [line for line in _lines(productions[event]) if other_language or self._allowed(line, 8)]
        segments = self._expand(draw.choice(choices))
        if not other_language:
            segments = self._style(segments, event)
        segments = self._finish(segments)
        text = " ".join("".join(segment.text for segment in segments).split())
        return Sample(text, event, tuple(_tags(segments)))

    def restyled(self, sample: Sample) -> Sample:
        """An observation in another style."""
        plain = Sample(sample.text.rstrip("."), sample.event, sample.tags)
        segments = self._finish(self._style(_segments(plain), sample.event))
        text = " ".join("".join(segment.text for segment in segments).split())
        return Sample(text, sample.event, tuple(_tags(segments)))

    def scene_words(self) -> dict[str, str]:
        """Words for a story at one site, by a name with a number: things, rooms, people, a skill, a device."""
        self._site = self._random.choice(sorted(vocabulary.OBJECTS))
        found: dict[str, str] = {}
        for list_name, name, count in STORY_WORDS:
            while sum(key.startswith(name) for key in found) < count:
                word = self._word(list_name)
                if word not in found.values():
                    found[f"{name}{sum(key.startswith(name) for key in found) + 1}"] = word
        return found | {"THINGS3": _plural(found["THING3"]), "NUMBER1": str(self._random.randint(2, 40))}

    def say(self, template: str, words: dict[str, str]) -> str:
        """A wording of a template, with words that were drawn before."""
        for name, word in words.items():
            template = template.replace(name, word)
        text = "".join(segment.text for segment in self._expand(template))
        return text[:1].upper() + text[1:] if self._random.random() < 0.5 else text

    def _allowed(self, text: str, share: int) -> bool:
        held_out = int(hashlib.sha256(text.encode()).hexdigest(), 16) % share == 0
        return held_out == (self._split == "heldout")

    # ---- expansion

    def _expand(self, text: str, kind: str | None = None) -> list[Segment]:
        return self._walk(_parse(text), kind)

    def _walk(self, node: "Node", kind: str | None) -> list[Segment]:
        segments: list[Segment] = []
        for part in node.parts:
            if isinstance(part, str):
                segments.append(Segment(part, kind))
            elif part.name:
                segments += self._name(part.name, kind)
            elif part.kind:
                inner = "".join(segment.text for segment in self._walk(part.choices[0], None))
                segments.append(Segment(inner, part.kind))
            else:
                segments += self._walk(self._random.choice(part.choices), kind)
        return segments

    def _name(self, name: str, kind: str | None) -> list[Segment]:
        if name in phrases.PHRASES:
            return self._expand(phrases.PHRASES[name], kind)
        return self._expand(self._word(name), kind)

    def _word(self, name: str) -> str:
        draw = self._random
        match name:
            case "SMALL":
                return str(draw.choice([*range(1, 30), *range(30, 100, 5), 97, 88, 73, 64, 41, 12]))
            case "DIGITS":
                return f"{draw.randrange(60):02}"
            case "DIGIT":
                return str(draw.randrange(10))
            case "OBJECTS":
                return _plural(self._word("OBJECT"))
            case "PERSONS":
                return _plural(self._word("PERSON"))
            case "SKILL_ID":
                return self._word("SKILL").replace(" ", "_")
        entries = _entries(name, self._site, draw.random() < 0.3)
        allowed = [entry for entry in entries if self._allowed(entry, 7)]
        if self._split == "heldout" and (not allowed or draw.random() > HELD_OUT_WORD_SHARE):
            allowed = list(entries)
        return draw.choice(allowed)

    # ---- style

    def _style(self, segments: list[Segment], event: str) -> list[Segment]:
        draw = self._random
        if draw.random() < 0.14:
            second = draw.choice(phrases.SECOND["object_seen" if event == "object_seen" else "other"])
            joint = draw.choice([", ", ". ", " and ", "; ", " - "])
            segments = [*segments, Segment(joint, None), *self._expand(second)]
        if draw.random() < 0.12:
            when = self._expand(draw.choice(_lines(phrases.TIMES)))
            comma = Segment(draw.choice([", ", " ", ": "]), None)
            after = [*segments, Segment(" ", None), *when]
            segments = [*when, comma, *segments] if draw.random() < 0.3 else after
        style = draw.random()
        if style < 0.08:
            segments = [Segment(re.sub(r"\b(a|an|the|my|our|is|are|was) (?=\w)", "", s.text), s.kind) for s in segments]
        elif style < 0.16:
            segments = [Segment(draw.choice(phrases.LOG_PREFIXES), None), *segments]
        elif style < 0.23:
            segments = [Segment(draw.choice(phrases.SPOKEN_PREFIXES), None), *segments]
        elif style < 0.26:
            segments = [*segments, Segment(draw.choice(phrases.SPOKEN_SUFFIXES), None)]
        if draw.random() < 0.05:
            x, y = draw.uniform(-20, 20), draw.uniform(-20, 20)
            at = draw.choice([f" at (x={x:.1f},y={y:.1f})", f" ({x:.2f}, {y:.2f})", f" at x {x:.1f}, y {y:.1f}"])
            segments = [*segments, Segment(at, None)]
        if draw.random() < 0.08:
            segments = [Segment(self._mistype(s.text), s.kind) if draw.random() < 0.35 else s for s in segments]
        return segments

    def _mistype(self, text: str) -> str:
        places = [i for i in range(len(text) - 1) if text[i].isalpha() and text[i + 1].isalpha()]
        if len(places) < 3 or "." in text:
            return text
        i = self._random.choice(places)
        match self._random.randrange(3):
            case 0:
                return text[:i] + text[i + 1] + text[i] + text[i + 2 :]
            case 1:
                return text[:i] + text[i + 1 :]
            case _:
                return text[: i + 1] + text[i:]

    def _finish(self, segments: list[Segment]) -> list[Segment]:
        """Articles before vowels, capitals, the full stop."""
        draw = self._random
        fixed = []
        for index, segment in enumerate(segments):
            following = "".join(each.text for each in segments[index : index + 3])[len(segment.text) :]
            text = re.sub(r"\b([Aa]) (?=[aeiouAEIOU])", r"\1n ", segment.text)
            if re.match(r"[aeiouAEIOU]", following):
                text = re.sub(r"(^|\s)([Aa]) $", r"\1\2n ", text)
            fixed.append(Segment(text, segment.kind))
        case = draw.random()
        if case < 0.6:
            first = next((i for i, segment in enumerate(fixed) if segment.text.strip()), 0)
            text = fixed[first].text
            fixed[first] = Segment(text[:1].upper() + text[1:], fixed[first].kind)
        elif case < 0.78:
            fixed = [Segment(segment.text.lower(), segment.kind) for segment in fixed]
        elif case < 0.8:
            fixed = [Segment(segment.text.upper(), segment.kind) for segment in fixed]
        if draw.random() < 0.5 and fixed[-1].text[-1:] not in '.!?"”':
            fixed.append(Segment(draw.choice([".", ".", ".", "!"]), None))
        return fixed


def _tags(segments: Sequence[Segment]) -> list[str]:
    tags = []
    for text, kind in segments:
        value = [word.removesuffix("'s") for word in words(text)][-MAX_VALUE_WORDS:]
        if kind and value:
            tags.append(f"{kind}:{'_'.join(value)}")
    return list(dict.fromkeys(tags))


def _segments(sample: Sample) -> list[Segment]:
    """An observation cut where its tags' words begin and end; they stand in the order of the text."""
    segments, end = [], 0
    for tag in sample.tags:
        kind, _, value = tag.partition(":")
        for start in (match.start() for match in _WORD.finditer(sample.text, end)):
            if stop := _length(sample.text[start:], value):
                segments += [Segment(sample.text[end:start], None), Segment(sample.text[start : start + stop], kind)]
                end = start + stop
                break
    return [*segments, Segment(sample.text[end:], None)]


def _length(text: str, value: str) -> int:
    """How many characters a text begins with that are the words of a tag's value; 0 where it begins otherwise."""
    found = []
    for match in _WORD.finditer(text):
        found += [word.removesuffix("'s") for word in words(match.group())]
        if "_".join(found) == value:
            return match.end() - (2 if regex.search(r"['’]s$", match.group()) else 0)
        if not value.startswith("_".join(found)):
            break
    return 0


def _plural(noun: str) -> str:
    irregular = {
        "man": "men",
        "woman": "women",
        "child": "children",
        "person": "people",
        "shelf": "shelves",
        "knife": "knives",
    }
    start, _, last = noun.rpartition(" ")
    if last in irregular:
        plural = irregular[last]
    elif last.endswith(("man", "woman")):
        plural = last[:-2] + "en"
    elif last.endswith("s") and not last.endswith("ss"):
        plural = last
    elif last.endswith(("ss", "sh", "ch", "x", "z")):
        plural = last + "es"
    elif last.endswith("y") and last[-2:-1] not in "aeiou":
        plural = last[:-1] + "ies"
    else:
        plural = last + "s"
    return f"{start} {plural}".strip()


_WORD = regex.compile(WORD)


@cache
def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


@cache
def _entries(name: str, site: str, common: bool) -> tuple[str, ...]:
    """A list of the vocabulary; of what a site has, its own or what is common to all."""
    v = vocabulary
    match name:
        case "OBJECT":
            return v.COMMON_OBJECTS if common else v.OBJECTS[site]
        case "PERSON":
            named = v.COMMON_PERSONS if common else v.PERSONS[site]
            return tuple(word for word in named if word not in ("somebody", "someone"))
        case "ROOM":
            return v.ROOMS[site]
        case "AREA":
            return v.AREAS[site]
        case "DOOR_STATE" | "POWER_STATE" | "CONTENT_STATE" | "ROOM_STATE":
            return v.STATES[name.removesuffix("_STATE").lower()]
    lists = {
        "ROOM_HEAD": v.ROOM_HEADS, "AREA_HEAD": v.AREA_HEADS, "NAME": v.NAMES, "ADJECTIVE": v.ADJECTIVES, "DEVICE": v.DEVICES,
        "PERSON_ADJECTIVE": v.PERSON_ADJECTIVES, "HAZARD": v.HAZARDS, "SKILL": v.SKILLS, "TASK": v.TASKS,
        "UTTERANCE": _lines(templates.UTTERANCES), "STATEMENT": _lines(templates.STATEMENTS), "REASON": _lines(templates.REASONS),
    }  # fmt: skip
    return lists[name]


# ---- the markup


class Node(NamedTuple):
    """A sequence of literals and parts."""

    parts: tuple["str | Part", ...]


class Part(NamedTuple):
    """One of: a choice, a tag (`kind`, its only choice the words), a name."""

    choices: tuple[Node, ...] = ()
    kind: str = ""
    name: str = ""


_TOKEN = re.compile(r"<(\w+):|\{(\w+)\}|[(|)>]|[^<{(|)>]+|.")


@cache
def _parse(text: str) -> Node:
    tokens = list(_TOKEN.finditer(text))
    node, end = _sequence(tokens, 0, "")
    if end != len(tokens):
        raise ValueError(f"{text!r} has a bracket too many at {tokens[end].start()}")
    return node


def _sequence(tokens: Sequence["re.Match[str]"], at: int, closing: str) -> tuple[Node, int]:
    parts: list[str | Part] = []
    while at < len(tokens):
        token = tokens[at].group()
        if (token in ("|", ")") and closing == "|)") or (token == ">" and closing == ">"):
            break
        at += 1
        if tokens[at - 1][1]:
            inner, at = _sequence(tokens, at, ">")
            parts.append(Part((inner,), kind=token[1:-1]))
            at += 1
        elif tokens[at - 1][2]:
            parts.append(Part(name=tokens[at - 1][2]))
        elif token == "(":
            choices = []
            while True:
                inner, at = _sequence(tokens, at, "|)")
                choices.append(inner)
                if at >= len(tokens):
                    raise ValueError("a bracket is not closed")
                at += 1
                if tokens[at - 1].group() == ")":
                    break
            parts.append(Part(tuple(choices)))
        else:
            parts.append(token)
    return Node(tuple(parts)), at
