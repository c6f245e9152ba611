"""Procedures suggested while somebody calls: searched by whoever is plugged in, joined over several readings. Pure.

The answer to «what does the caller ask» is uncertain, so the question is read with less and with more of what was
told before it; a procedure that comes up in several readings goes first.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from bot.core.enquiry.findings import Findings, Zone
from bot.core.ports import KnowledgeBase
from bot.core.procedures import Facet, Procedure, Status

# A suggestion as the console shows it (docs/hotline.md): `procedure_id`, `title`, `facet`, `confidence` and more.
Item = Mapping[str, Any]
SURE, RATHER, UNSURE = "chắc chắn", "khá chắc", "chưa chắc"
# Of each reading so many are looked at; the first places count more than the later ones.
POOL = 6
_FLAT = 2.0
# How much a reading counts: the question alone, with a little, with much of what was told before.
_WEIGHTS = (1.0, 0.9, 0.6)
# … and the first place of a reading that is sure, a reading that is not sure of anything.
_SURE_WEIGHT, _UNSURE_WEIGHT = 1.5, 0.5


class Suggester(Protocol):
    """Searches procedures for a question as typed or heard. Blocking; callers use a thread pool."""

    def suggest(self, question: str, now: datetime, limit: int = 3, facet: str | None = None) -> Sequence[Item]:
        """Return suggestions, best first, each procedure once; `facet` is what is asked for, where it is known."""
        ...


def suggested(
    suggester: Suggester, queries: Sequence[str], now: datetime, limit: int = 3, facet: str | None = None
) -> tuple[Item, ...]:
    """Return the suggestions for all readings of a question, best first, each procedure once.

    The facet is read from the question alone, unless it is given: what was told before asks for nothing.
    """
    rankings: list[Sequence[Item]] = []
    for query in queries:
        rankings.append(suggester.suggest(query, now, max(limit, POOL), facet))
        if facet is None and rankings[0]:
            facet = str(rankings[0][0]["facet"])
    return joined(rankings, limit)


def joined(rankings: Sequence[Sequence[Item]], limit: int) -> tuple[Item, ...]:
    """Return the items of several rankings in one, each procedure as the ranking shows it in which it stands best."""
    scores: dict[str, float] = {}
    best: dict[str, tuple[int, Item]] = {}
    for number, ranking in enumerate(rankings):
        weight = _WEIGHTS[min(number, len(_WEIGHTS) - 1)]
        if ranking and ranking[0].get("confidence") == UNSURE:
            weight *= _UNSURE_WEIGHT
        for place, item in enumerate(ranking):
            key = str(item["procedure_id"])
            sure = _SURE_WEIGHT if place == 0 and item.get("confidence") == SURE else 1.0
            scores[key] = scores.get(key, 0.0) + weight * sure / (_FLAT + place)
            if key not in best or place < best[key][0]:
                best[key] = (place, item)
    order = sorted(scores, key=lambda key: (-scores[key], key))
    return tuple(best[key][1] for key in order[:limit])


class PlainSuggester:
    """Suggests what the knowledge base finds, without a script to read aloud."""

    def __init__(self, knowledge: KnowledgeBase) -> None:
        self._knowledge = knowledge

    def suggest(self, question: str, now: datetime, limit: int = 3, facet: str | None = None) -> Sequence[Item]:
        """Return the best procedures for a question."""
        findings = self._knowledge.search(question, now, limit)
        asked = facet or findings.facet.value
        items: list[Item] = []
        for hit in findings.hits[:limit]:
            procedure = self._knowledge.procedure(hit.procedure_id, now)
            if procedure is not None:
                why = {"words": list(hit.matched), "alias": hit.matched_alias, "how": "search"}
                items.append(_item(procedure, asked, why, _confidence(findings, first=not items)))
        return items


def _confidence(findings: Findings, *, first: bool) -> str:
    if findings.zone is Zone.ANSWER and first:
        return SURE
    return RATHER if findings.zone is not Zone.REFUSE else UNSURE


def _item(procedure: Procedure, facet: str, why: Mapping[str, Any], confidence: str) -> Item:
    colour = (
        "green" if procedure.status is Status.IN_FORCE else "red" if procedure.status is Status.REPEALED else "amber"
    )
    return {
        "procedure_id": procedure.id,
        "title": procedure.name,
        "level": procedure.level,
        "code": procedure.code,
        "facet": facet,
        "facet_label": facet,
        "script": [],
        "why": dict(why),
        "confidence": confidence,
        "light": {"colour": colour, "text": procedure.status.value},
        "decision": None,
        "basis": None,
        "due_if_today": None,
        "checklist": [],
        "sources": [],
        "facets": [{"facet": each.value, "label": each.value} for each in Facet],
    }
