"""Turns a ranking into what the core asks for: hits, facet, zone, and the reason of a refusal."""

import datetime as dt

from bot.core.enquiry.findings import Findings, Hit, Zone
from bot.core.procedures import Facet, Status
from bot.core.routes import Agency, Reason
from knowledge.agencies import recognise
from knowledge.build import OpenIndex
from knowledge.gate import features, rival
from knowledge.query import Question
from knowledge.schema import Record
from knowledge.search import Ranking, Searcher
from knowledge.terms import word_set

#: Two different matters whose scores differ by less than this are offered together.
CLOSE = 0.012
#: A record holds another body's words if its names have at least this share of them.
HELD = 0.6
#: Words of another body below this share of a question's weight are an aside (half of it where the match is weak).
ASIDE = 0.4
_MATCHED_WEIGHT = 0.5
#: Nearer than this, a matter of another body is named to the citizen.
FOREIGN_SURE = 0.6
MAX_CHARACTERS = 2_000


def find(index: OpenIndex, text: str, day: dt.date, withdrawn: frozenset[str], limit: int) -> Findings:
    """Return the reading of a question on `day`; never raises for any text."""
    searcher = index.searcher
    question = searcher.read(text[:MAX_CHARACTERS])
    if not question.words:
        return Findings((), Facet.GENERAL, False, Zone.REFUSE, False, 0.0, Reason.NOT_UNDERSTOOD)
    ranking = searcher.rank(question, day, withdrawn, max(limit, 10))
    facet = question.facet
    if not ranking.ranked:
        return Findings(
            (),
            facet.facet,
            facet.explicit,
            Zone.REFUSE,
            question.has_topic,
            0.0,
            Reason.NOT_IN_CATALOGUE,
            facets=question.facets,
        )
    if withdrawn and _names_withdrawn(index, question, day, withdrawn):
        # The next best would be a wrong answer to what was asked.
        revised = Reason.BEING_REVISED
        return Findings((), facet.facet, facet.explicit, Zone.REFUSE, True, 0.0, revised, facets=question.facets)
    confidence, zone = zone_of(index, ranking)
    top = searcher.records[ranking.ranked[0].row]
    zone, reason, agency, office = judged(index, ranking, zone)
    if zone is not Zone.REFUSE and top.status_on(day) is Status.ROUTING:
        agency = top.agency or Agency.OTHER
    hits = tuple(
        _hit(question, searcher.records[ranked.row], min(max(ranked.score, 0.0), 1.0))
        for ranked in ranking.ranked[:limit]
    )
    return Findings(
        hits,
        facet.facet,
        facet.explicit,
        zone,
        question.has_topic,
        round(confidence, 4),
        reason,
        agency,
        question.facets,
        office,
    )


def judged(index: OpenIndex, ranking: Ranking, zone: Zone) -> tuple[Zone, Reason | None, Agency | None, str | None]:
    """Return the zone, corrected where another body's matter is meant, with the reason, that body and where to go."""
    searcher, question = index.searcher, ranking.question
    top = searcher.records[ranking.ranked[0].row]
    agency, reason, office = None, None, None
    named = recognise(question.plain)
    if named and named[0] in index.own_agencies:
        named = None
    if named and not question.references and _foreign(searcher, ranking, zone, named[1]):
        if top.agency is not named[0]:
            zone, reason = Zone.REFUSE, Reason.OTHER_AGENCY
        agency = named[0]
    elif zone is Zone.REFUSE:
        reason = _why_refused(searcher, question)
    if zone is Zone.REFUSE and ranking.foreign and ranking.foreign_cosine >= FOREIGN_SURE:
        office = ranking.foreign.office
        if agency in (None, Agency.OTHER) and ranking.foreign.agency:
            agency, reason = ranking.foreign.agency, Reason.OTHER_AGENCY
    return zone, reason, agency, office


def _names_withdrawn(index: OpenIndex, question: Question, day: dt.date, withdrawn: frozenset[str]) -> bool:
    """True when the question is about a record that is hidden for the time being."""
    ranking = index.searcher.rank(question, day, frozenset(), 10)
    if not ranking.ranked or index.searcher.records[ranking.ranked[0].row].id not in withdrawn:
        return False
    return zone_of(index, ranking)[1] is not Zone.REFUSE


def zone_of(index: OpenIndex, ranking: Ranking) -> tuple[float, Zone]:
    """Return how sure the gate is of the first record of a (non-empty) ranking, and its zone."""
    if ranking.question.references and ranking.ranked[0].score > 1:
        return 1.0, Zone.ANSWER
    confidence = index.thresholds.confidence(features(ranking))
    zone = index.thresholds.zone(confidence)
    second = rival(index.searcher.records, ranking)
    if zone is Zone.ANSWER and second is not None and ranking.ranked[0].score - second < CLOSE:
        zone = Zone.CLARIFY
    return confidence, zone


def _foreign(searcher: Searcher, ranking: Ranking, zone: Zone, numbers: frozenset[int]) -> bool:
    """True when the words that name another body's matter outweigh what the first record says.

    `numbers` are those words. A record whose names have them is ours («trợ cấp thất nghiệp»); a good match keeps a
    question in which they are an aside («đổi hộ chiếu nên xin cấp lại giấy phép lao động»).
    """
    if zone is Zone.REFUSE:
        return True
    index = searcher.indexes.head
    row = ranking.ranked[0].row
    question = ranking.question
    named = held = total = 0.0
    for at, (word, weight) in enumerate(zip(question.plain, question.weights, strict=True)):
        value = weight * index.term_idf(word)
        total += value
        if at in numbers:
            named += value
            held += value if row in index.contains(word) else 0.0
    share = ASIDE if zone is Zone.ANSWER else ASIDE / 2
    return held < HELD * named and named >= share * total


def _why_refused(searcher: Searcher, question: Question) -> Reason:
    """Words of which no record or word list knows any are not understood; others ask for what we don't have."""
    known = any(searcher.knows(word) for word, weight in zip(question.plain, question.weights, strict=True) if weight)
    return Reason.NOT_IN_CATALOGUE if known and question.has_topic else Reason.NOT_UNDERSTOOD


def matched(question: Question, record: Record) -> tuple[tuple[str, ...], str | None]:
    """Return the words of a question that name the record, in order, and the alias that has most of them."""
    asked = {
        word: typed
        for word, typed, weight in zip(question.plain, question.words, question.weights, strict=True)
        if weight >= _MATCHED_WEIGHT
    }
    best_alias, best = None, 1
    found = set(word_set(record.name) & asked.keys())
    for alias in record.aliases:
        shared = word_set(alias) & asked.keys()
        found |= shared
        if len(shared) > best:
            best_alias, best = alias, len(shared)
    return tuple(typed for word, typed in asked.items() if word in found), best_alias


def _hit(question: Question, record: Record, score: float) -> Hit:
    return Hit(record.id, round(score, 4), *matched(question, record))
