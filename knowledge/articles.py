"""Weights for a catalogue of plain texts (articles of laws, circulars), which the shipped ones do not fit.

The shipped weights were learned on procedures, which are asked for by name. A plain text is asked for by what it
says, and has no facets: the words «bao lâu», «lệ phí» of a question are in the text or nowhere. So one signal takes
all words at full weight (`full`), and the weights are fitted when the index is built, on questions made up from the
catalogue's own texts.
"""

import datetime as dt
import random
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from knowledge.logit import Choice, fit
from knowledge.noise import noisy
from knowledge.passages import HEADS, Passage
from knowledge.question_synthesis import STYLES, Synonymiser, phrase
from knowledge.ranking import FULL, LIKENESSES, Weights
from knowledge.schema import Record
from knowledge.search import Indexes, Searcher

#: Fewer records than this share with anything that only procedures have, and at least this many: plain texts.
PROCEDURES = 0.1
LEAST_RECORDS = 100
QUESTIONS = 800
CANDIDATES = 60
#: A made-up question quotes so many words of a text, leaving out some, and half of them name it too.
QUOTED = (8, 22)
LEFT_OUT = 0.3
NAMED = 0.5
#: Of these words a text must have more, or nothing can be asked about it.
SHORTEST = 12
SEED = 20261126
_SIGNALS = (*LIKENESSES, FULL)
#: What finds the candidates that the weights are learned on.
_START = Weights({"dense_head": 1.0, "dense_body": 1.0, "head": 1.0, FULL: 1.0})


def are_plain(records: Sequence[Record]) -> bool:
    """True for a catalogue whose records are texts and no procedures."""
    procedures = sum(bool(r.code or r.dossier or r.level or r.field or r.fee or r.time_limit) for r in records)
    return len(records) >= LEAST_RECORDS and procedures < PROCEDURES * len(records)


def questions(
    records: Sequence[Record], passages: Sequence[Passage], rng: random.Random
) -> Iterator[tuple[str, int]]:
    """Yield (question, row of its record), made from what the records say; none where they say nothing."""
    told: dict[int, list[str]] = defaultdict(list)
    for passage in passages:
        if passage.kind not in HEADS:
            told[passage.record] += passage.text.split()
    rows = [row for row, words in sorted(told.items()) if len(words) >= SHORTEST]
    colloquial = Synonymiser()
    for _ in range(QUESTIONS if rows else 0):
        row = rng.choice(rows)
        size = rng.randint(*QUOTED)
        start = rng.randint(0, max(0, len(told[row]) - size))
        topic = " ".join(word for word in told[row][start : start + size] if rng.random() > LEFT_OUT)
        if rng.random() < NAMED:
            name = " ".join(word for word in records[row].name.split() if rng.random() > LEFT_OUT)
            topic = f"{name} {topic}" if rng.random() < 0.5 else f"{topic} {name}"
        if rng.random() < 0.6:
            topic = colloquial(topic, rng)
        yield noisy(phrase(topic, "general", rng), rng.choice(STYLES), rng), row


def fitted_weights(
    searcher: Searcher, indexes: Indexes, day: dt.date, report: Callable[[str], None]
) -> Weights | None:
    """Return the weights for the catalogue of `searcher`; None where no question can be made. Deterministic."""
    finding = Searcher(searcher.records, indexes, searcher.encoder, _START)
    given = []
    for text, row in questions(searcher.records, indexes.passages, random.Random(SEED)):  # noqa: S311 - reproducible
        ranking = finding.rank(finding.read(text), day, limit=CANDIDATES)
        rows = [ranked.row for ranked in ranking.ranked]
        if row in rows:
            signals = np.array([[float(ranking.signals[name][at]) for name in _SIGNALS] for at in rows])
            given.append(Choice(signals, np.array(rows) == row))
    if not given:
        return None
    # A likeness never speaks against a record; the quotes of made-up questions would say so of names.
    weights = fit(given, least=0.0)
    shares = {name: round(float(w / weights.sum()), 4) for name, w in zip(_SIGNALS, weights, strict=True)}
    report(f"xếp hạng: danh mục toàn văn, khớp trên {len(given)} câu sinh ra từ chính nó")
    return Weights(shares)
