"""Makes citizens' questions from a catalogue's own texts and our question grammar, with what they are about."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from knowledge import lexicon
from knowledge.foreign import Matter
from knowledge.noise import noisy
from knowledge.passages import HEADS, Kind, heads, passages_of, situations_of
from knowledge.schema import Record
from knowledge.terms import plain

STYLES = ("clean", "nodiac", "typo", "teencode", "dialect", "messy")
#: Passages of one record that are paired with its names; portal records have dozens.
BODY_PAIRS = 3
#: Questions that tell a story around what they ask.
STORY_SHARE = 0.15
_STYLE_WEIGHTS = (40, 22, 12, 9, 9, 8)


@dataclass(frozen=True)
class SyntheticQuestion:
    """A made-up question on record number `record`; `source` is the text it was made from."""

    text: str
    record: int
    facet: str
    style: str
    source: str


def _crop(text: str, rng: random.Random) -> str:
    """Leave out words at the ends or singly, as people who half remember a title do."""
    words = text.split()
    if len(words) < 5:
        return text
    if rng.random() < 0.5:
        size = rng.randint(min(max(3, len(words) // 3), 8), min(len(words), 12))
        start = rng.randint(0, len(words) - size)
        return " ".join(words[start : start + size])
    kept = [word for word in words if rng.random() > 0.2]
    return " ".join(kept) if len(kept) >= 3 else text


class Synonymiser:
    """Replaces words of procedure texts by everyday ones."""

    def __init__(self) -> None:
        self._pairs = [
            (f" {plain(s.standard)} ", s.standard, s.everyday) for s in lexicon.synonyms() if " " in s.standard
        ]

    def __call__(self, text: str, rng: random.Random) -> str:
        """Return `text` with some standard wordings made colloquial."""
        found = [(s, e) for needle, s, e in self._pairs if needle in f" {plain(text)} "]
        for standard, everyday in rng.sample(found, min(len(found), 2)):
            lowered = text.casefold()
            at = lowered.find(standard.casefold())
            if at >= 0:
                text = text[:at] + everyday + text[at + len(standard) :]
        return text


def phrase(topic: str, facet: str, rng: random.Random) -> str:
    """Wrap a topic in the question grammar: opener, wish, what is asked, closer."""
    grammar = lexicon.templates()
    wish = rng.choice(grammar["wishes"]).format(x=topic)
    ask = rng.choice(grammar["asks"][facet]) if rng.random() < 0.75 else ""
    body = f"{ask} {wish}" if rng.random() < 0.08 else f"{wish} {ask}"
    if rng.random() < STORY_SHARE:
        told = " ".join(rng.sample(grammar["stories"], rng.randint(1, 2)))
        body = f"{told} {body}" if rng.random() < 0.6 else f"{wish} {told} {ask}"
    return " ".join(f"{rng.choice(grammar['openers'])} {body} {rng.choice(grammar['closers'])}".split())


def questions(records: Sequence[Record], per_record: int, rng: random.Random) -> Iterator[SyntheticQuestion]:
    """Yield `per_record` questions on every record, in random styles; the same `rng` state gives the same ones."""
    colloquial = Synonymiser()
    facets = list(lexicon.templates()["asks"])
    situations = situations_of(records)
    for row, record in enumerate(records):
        named = heads(record, situations[row])
        weights = [3 if kind is Kind.NAME else 1 for kind, _ in named]
        for _ in range(per_record):
            source = rng.choices(named, weights)[0][1]
            topic = source[0].lower() + source[1:] if source[:2] != source[:2].upper() else source
            if rng.random() < 0.45:
                topic = _crop(topic, rng)
            if rng.random() < 0.6:
                topic = colloquial(topic, rng)
            if len(named) > 3 and rng.random() < 0.15:
                topic = f"{topic} {_crop(rng.choice(named)[1], rng)}"
            facet = rng.choice(facets)
            style = rng.choices(STYLES, _STYLE_WEIGHTS)[0]
            yield SyntheticQuestion(noisy(phrase(topic, facet, rng), style, rng), row, facet, style, source)


def foreign_questions(matters: Sequence[Matter], per_matter: int, rng: random.Random) -> Iterator[SyntheticQuestion]:
    """Yield questions on matters of other bodies; `record` counts the matters."""
    facets = list(lexicon.templates()["asks"])
    for number, matter in enumerate(matters):
        for _ in range(per_matter):
            source = rng.choice(matter.phrases)
            facet = rng.choice(facets)
            style = rng.choices(STYLES, _STYLE_WEIGHTS)[0]
            topic = _crop(source, rng) if rng.random() < 0.2 else source
            yield SyntheticQuestion(noisy(phrase(topic, facet, rng), style, rng), number, facet, style, source)


def foreign_pairs(
    matters: Sequence[Matter], per_matter: int, first_row: int, rng: random.Random
) -> Iterator[tuple[str, str, int]]:
    """Yield (question, phrase, number) on matters of other bodies, which are told apart like records."""
    for question in foreign_questions(matters, per_matter, rng):
        others = [text for text in matters[question.record].phrases if text != question.source]
        use_source = not others or rng.random() < 0.35
        yield question.text, question.source if use_source else rng.choice(others), first_row + question.record


def training_pairs(records: Sequence[Record], per_record: int, rng: random.Random) -> Iterator[tuple[str, str, int]]:
    """Yield (question, passage, record number): synthetic questions, and each passage with a name of its record."""
    situations = situations_of(records)
    by_row = [passages_of(row, record, situations[row]) for row, record in enumerate(records)]
    for question in questions(records, per_record, rng):
        head = [passage for passage in by_row[question.record] if passage.text != question.source]
        named = [p.text for p in head if p.kind in HEADS]
        use_source = not named or rng.random() < 0.35
        yield question.text, question.source if use_source else rng.choice(named), question.record
    for row, found in enumerate(by_row):
        names = [p.text for p in found if p.kind in HEADS]
        bodies = [passage.text for passage in found if passage.kind not in HEADS]
        for text in rng.sample(bodies, min(len(bodies), BODY_PAIRS)):
            yield phrase(_crop(rng.choice(names), rng), "general", rng), text, row
            yield _crop(text, rng), rng.choice(names), row
