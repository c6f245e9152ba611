"""Search while somebody types: reads a question whose last word is unfinished, and ranks for what it may become.

The words before the last one are read like any question. The last one counts as what it most likely becomes, and the
other things it may become count by their chance. The ranking is that of whole questions: weights fitted on questions
that were cut off put the right record among the first three no more often (measured on knowledge/validation).
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from bot.core.enquiry.findings import Zone
from bot.core.routes import Reason
from bot.core.suggestions.found import How, Sureness, Typed, TypedHit
from knowledge.build import OpenIndex
from knowledge.completion import Completions, Option
from knowledge.findings import MAX_CHARACTERS, judged, matched, zone_of
from knowledge.gate import are_twins, rival
from knowledge.names import short_name
from knowledge.query import Question
from knowledge.ranking import BIGRAM_WEIGHT
from knowledge.search import Ranked, Ranking, Searcher
from knowledge.terms import bigrams, plain, word_set
from nlu.text import clean, tokens
from nlu.text.expansion import table

FloatArray = NDArray[np.float32]
#: From this chance on, an unfinished word is read as what it most likely becomes.
_LIKELY = 0.7
#: So many of the other things it may become turn the vector.
_TURNING = 2
#: How much a word that may follow turns the vector, beside all that was typed.
_TURN = 0.25
#: From this confidence of the gate, and this far before another matter, the first record is right in 19 of 20
#: questions; answered otherwise it is in two of three (validation questions, whole and cut off).
_SURE, _LEAD = 0.7, 0.1
#: Of the words that led to a record, at least this share stands in its name where it was found by its name.
_NAMED = 0.6
_REMEMBERED = 1024


@dataclass(frozen=True)
class Unfinished:
    """A question as read so far, the terms it may go on with, and the words of these by their chance."""

    question: Question
    guessed: Mapping[str, float] = field(default_factory=dict)
    options: tuple[Option, ...] = ()
    by_initials: bool = False


class TypedReader:
    """Reads unfinished questions over one index; remembers the latest ones. Safe in threads."""

    def __init__(self, searcher: Searcher) -> None:
        self._searcher = searcher
        self._completions = Completions(searcher.indexes.passages, searcher.indexes.body)
        self._read = lru_cache(maxsize=_REMEMBERED)(searcher.read)
        self._base = lru_cache(maxsize=_REMEMBERED)(searcher.vector)
        self._word = lru_cache(maxsize=_REMEMBERED)(self._vector_of)

    def read(self, text: str, *, finished: bool = False) -> Unfinished:
        """Return the reading of what was typed so far; with `finished` the last word is whole."""
        text = text[:MAX_CHARACTERS]
        text, by_initials = self._without_initials(clean(text), typed_space=text[-1:].isspace())
        found = tokens(text)
        if finished or not found or not text[-1:].isalpha() or found[-1].end != len(text):
            return Unfinished(self._read(text), by_initials=by_initials)
        last = found[-1]
        fragment = plain(last.norm)
        if not fragment.isalpha() or last.norm in table():
            return Unfinished(self._read(text), by_initials=by_initials)
        before = plain(found[-2].norm) if len(found) > 1 else None
        options = self._completions.word(fragment, before)
        if not options and self._completions.are_initials(fragment):
            options, by_initials = self._completions.initials(fragment, finished=False), True
        if not options:
            return Unfinished(self._read(text), by_initials=by_initials)
        return self._going_on(text, text[: last.start], fragment, before, options, by_initials=by_initials)

    def _going_on(
        self,
        text: str,
        head: str,
        fragment: str,
        before: str | None,
        options: tuple[Option, ...],
        *,
        by_initials: bool,
    ) -> Unfinished:
        best = options[0]
        rest = options
        if best.words == (fragment,) and best.share >= _LIKELY:
            question, rest = self._read(text), options[1:]
        elif best.share >= _LIKELY or not head.strip():
            question, rest = self._read(head + " ".join(best.words)), options[1:]
        else:
            question = self._read(head)
        guessed: dict[str, float] = {}
        for option in rest:
            for word in option.words:
                guessed[word] = max(guessed.get(word, 0.0), option.share)
            for pair in bigrams([before, *option.words] if before else option.words):
                guessed[pair] = max(guessed.get(pair, 0.0), BIGRAM_WEIGHT * option.share)
        return Unfinished(question, guessed, rest[:_TURNING], by_initials=by_initials)

    def _without_initials(self, text: str, *, typed_space: bool) -> tuple[str, bool]:
        """Write out letters that only make sense as the first letters of a name, but for a last, unfinished word."""
        pieces: list[str] = []
        end = 0
        found = tokens(text)
        whole = found if typed_space or not text[-1:].isalpha() else found[:-1]
        for token in whole:
            bare = plain(token.norm)
            if not self._completions.are_initials(bare):
                continue
            if options := self._completions.initials(bare):
                pieces += [text[end : token.start], " ".join(options[0].words)]
                end = token.end
        # A space behind the last word says that it is whole; cleaning has taken it.
        return "".join([*pieces, text[end:]]) + (" " if typed_space and text else ""), bool(pieces)

    def vector(self, reading: Unfinished) -> FloatArray:
        """Return the vector of a question, turned by what it may go on with."""
        vector = self._base(reading.question)
        if not reading.options:
            return vector
        for option in reading.options:
            vector = vector + np.float32(_TURN * option.share) * self._word(option.words)
        norm = float(np.linalg.norm(vector))
        return vector / np.float32(norm) if norm else vector

    def _vector_of(self, words: tuple[str, ...]) -> FloatArray:
        vector: FloatArray = self._searcher.encoder.encode_queries([" ".join(words)])[0]
        return vector


def find_typed(
    index: OpenIndex,
    reader: TypedReader,
    text: str,
    day: dt.date,
    withdrawn: frozenset[str],
    limit: int,
    *,
    finished: bool = False,
) -> Typed:
    """Return what words typed so far find on `day`; never raises for any text."""
    searcher = index.searcher
    reading = reader.read(text, finished=finished)
    question = reading.question
    facet = question.facet.facet if question.facet.explicit else None
    if not question.words and not reading.guessed:
        return Typed(facet=facet, reason=Reason.NOT_UNDERSTOOD)
    vector = reader.vector(reading)
    signals = searcher.signals(question, vector, guessed=reading.guessed)
    combined = signals.combined(searcher.weights)
    ordered = searcher.order(question, combined, day, frozenset(), limit + len(withdrawn))
    ranked = tuple(r for r in ordered if searcher.records[r.row].id not in withdrawn)[:limit]
    if not ranked:
        return Typed(facet=facet, reason=Reason.NOT_IN_CATALOGUE)
    ranking = Ranking(question, ranked, signals, *searcher.indexes.foreign.nearest(vector))
    confidence, zone = zone_of(index, ranking)
    zone, reason, agency, office = judged(index, ranking, zone)
    if searcher.records[ordered[0].row].id in withdrawn and zone is not Zone.REFUSE:
        # The next best may be a wrong answer to what was asked.
        zone, reason = Zone.CLARIFY, Reason.BEING_REVISED
    second = rival(searcher.records, ranking)
    lead = ranked[0].score - (second if second is not None else 0.0)
    hits = tuple(_hits(searcher, reading, ranked, _sureness(zone, confidence, lead)))
    return Typed(hits, facet, zone, round(confidence, 4), reason, agency, office)


def _hits(searcher: Searcher, reading: Unfinished, ranked: Sequence[Ranked], best: Sureness) -> Iterator[TypedHit]:
    first = searcher.records[ranked[0].row]
    for place, each in enumerate(ranked):
        record = searcher.records[each.row]
        words, alias = matched(reading.question, record)
        sureness = best
        if place:
            twin = best is not Sureness.UNSURE and are_twins(first, record)
            sureness = Sureness.FAIRLY if twin else Sureness.UNSURE
        bare = {plain(word) for word in words}
        in_name = len(bare & word_set(short_name(record.name)))
        if alias is not None and len(bare & word_set(alias)) <= in_name:
            alias = None
        how = How.WORDS if words else How.MEANING
        if each.score > 1:
            how = How.CODE
        elif reading.by_initials:
            how = How.INITIALS
        elif alias is not None:
            how = How.ALIAS
        elif words and in_name >= _NAMED * len(bare):
            how = How.NAME
        yield TypedHit(record.id, round(each.score, 4), sureness, words, alias, how)


def _sureness(zone: Zone, confidence: float, lead: float) -> Sureness:
    clear = lead >= _LEAD
    if zone is Zone.ANSWER:
        return Sureness.SURE if clear and confidence >= _SURE else Sureness.FAIRLY
    return Sureness.FAIRLY if zone is Zone.CLARIFY and clear else Sureness.UNSURE
