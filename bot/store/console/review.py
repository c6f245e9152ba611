"""SQL of the review queue. Its rows hold no words: they are read, masked, from the turn or verdict that asked."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, delete, exists, func, insert, or_, select, update

from bot.core.privacy import mask
from bot.core.procedures import Facet
from bot.core.routes import Outcome, Route
from bot.core.suggestions.ports import Verdict
from bot.core.suggestions.review import Choice, Decision, Gap, Origin, Question
from bot.store.console.verdicts import verdict_context
from bot.store.parts import AnyRow, Part, insert_once
from bot.store.sealing import context
from bot.store.tables.conversations import inbox, turns
from bot.store.tables.suggestions import review_decisions, review_items, verdicts

OPEN, CLOSED, DISMISSED = "open", "closed", "dismissed"
#: What a turn was about where its answer belongs to the catalogue; a complaint's own questions do not.
_ROUTES = (Route.ASK_PROCEDURE.value, Route.OUT_OF_SCOPE.value, Route.OTHER_AGENCY.value)
_GAPS = {Outcome.REFUSED.value: Gap.REFUSED, Outcome.CLARIFICATION.value: Gap.CLARIFIED}
_JUDGED = {
    Verdict.WRONG.value: Gap.WRONG,
    Verdict.OUTDATED.value: Gap.OUTDATED,
    Verdict.MISSING.value: Gap.MISSING,
}
#: So many values go into one IN list.
_CHUNK = 200


def _unseen(origin: Origin, source: Any) -> Any:
    return ~exists().where(review_items.c.origin == origin.value, review_items.c.source_id == source)


_FRESH_TURNS = (
    select(
        turns.c.id, turns.c.conversation_id, turns.c.outcome, turns.c.procedure_id, turns.c.facet, turns.c.created_at
    )
    .where(
        turns.c.outcome.in_(tuple(_GAPS)),
        or_(turns.c.route.is_(None), turns.c.route.in_(_ROUTES)),
        turns.c.created_at >= bindparam("since"),
        _unseen(Origin.TURN, turns.c.id),
    )
    .order_by(turns.c.created_at, turns.c.id)
    .limit(bindparam("limit"))
)
_FRESH_VERDICTS = (
    select(verdicts)
    .where(
        verdicts.c.verdict.in_(tuple(_JUDGED)),
        verdicts.c.at >= bindparam("since"),
        _unseen(Origin.VERDICT, verdicts.c.id),
    )
    .order_by(verdicts.c.at, verdicts.c.id)
    .limit(bindparam("limit"))
)
_OPEN = (
    select(review_items)
    .where(review_items.c.status == OPEN)
    .order_by(review_items.c.at, review_items.c.source_id)
    .limit(bindparam("limit"))
)
_first = (
    select(review_items.c.group_id, func.min(review_items.c.at).label("at"))
    .where(review_items.c.status == DISMISSED, review_items.c.at >= bindparam("since"), review_items.c.group_id != "")
    .group_by(review_items.c.group_id)
    .subquery("first")
)
_DISMISSED = select(review_items).join(
    _first, and_(_first.c.group_id == review_items.c.group_id, _first.c.at == review_items.c.at)
)
_CLOSE = (
    update(review_items)
    .where(review_items.c.group_id == bindparam("of_group"), review_items.c.status == OPEN)
    .values(status=bindparam("new_status"))
)
_FORGET = delete(review_items).where(
    review_items.c.origin == bindparam("of"),
    review_items.c.source_id == bindparam("source"),
    review_items.c.status == OPEN,
)
_MESSAGES = select(inbox.c.conversation_id, inbox.c.sequence, inbox.c.turn_id, inbox.c.body).order_by(
    inbox.c.turn_id, inbox.c.sequence
)


class SqlReview(Part):
    """Implements bot.core.suggestions.review.ReviewQueue."""

    def fresh(self, since: datetime, limit: int) -> list[Question]:
        """Return turns and verdicts since a moment that are not in the queue, oldest first."""
        wanted = {"since": since, "limit": limit}
        asked = self._read().execute(_FRESH_TURNS, wanted).all()
        texts = self._of_turns([row.id for row in asked])
        found = [
            Question(
                Origin.TURN,
                row.id,
                _GAPS[row.outcome],
                row.created_at,
                texts.get(row.id, ""),
                row.procedure_id,
                Facet(row.facet) if row.facet else None,
                row.conversation_id,
            )
            for row in asked
        ]
        judged = self._read().execute(_FRESH_VERDICTS, wanted).all()
        found += [self._judged(row, _JUDGED[row.verdict]) for row in judged]
        return sorted(found, key=lambda question: (question.at, question.source_id))[:limit]

    def add(self, question: Question, group_id: str, *, closed: bool = False) -> None:
        """Put a question into a group once."""
        row = {
            "origin": question.origin.value,
            "source_id": question.source_id,
            "gap": question.gap.value,
            "group_id": group_id,
            "at": question.at,
            "status": DISMISSED if closed else OPEN,
        }
        insert_once(self._write(), review_items, row)

    def forget(self, origin: Origin, source_id: str) -> None:
        """Take an open question out of the queue."""
        self._write().execute(_FORGET, {"of": origin.value, "source": source_id})

    def open(self, limit: int) -> list[Question]:
        """Return open questions, oldest first, with their groups."""
        return self._questions(self._read().execute(_OPEN, {"limit": limit}).all())

    def dismissed(self, since: datetime) -> list[Question]:
        """Return one question for each group that was dismissed since a moment."""
        return self._questions(self._read().execute(_DISMISSED, {"since": since}).all())

    def decide(self, decision: Decision) -> int:
        """Close a group's open questions and keep the decision; return how many."""
        status = DISMISSED if decision.choice is Choice.DISMISS else CLOSED
        write = self._write()
        closed = write.execute(_CLOSE, {"of_group": decision.group_id, "new_status": status}).rowcount
        if closed:
            row = {
                "id": decision.id,
                "group_id": decision.group_id,
                "choice": decision.choice.value,
                "procedure_id": decision.procedure_id,
                "facet": decision.facet.value if decision.facet else None,
                "principal_id": decision.by,
                "at": decision.at,
                "body": self._keys.seal(decision.text.encode(), _context(decision.id)),
            }
            write.execute(insert(review_decisions), row)
        return closed

    def decisions(self, choices: Iterable[Choice] = tuple(Choice)) -> list[Decision]:
        """Return decisions of these kinds, oldest first."""
        wanted = (
            select(review_decisions)
            .where(review_decisions.c.choice.in_([choice.value for choice in choices]))
            .order_by(review_decisions.c.at, review_decisions.c.id)
        )
        return [
            Decision(
                id=row.id,
                group_id=row.group_id,
                choice=Choice(row.choice),
                by=row.principal_id,
                at=row.at,
                procedure_id=row.procedure_id,
                facet=Facet(row.facet) if row.facet else None,
                text=self._keys.open(row.body, _context(row.id)).decode(),
            )
            for row in self._read().execute(wanted)
        ]

    def withdraw(self, decision_id: str) -> bool:
        """Forget what was to be learned; False for an unknown decision."""
        learned = review_decisions.c.choice.in_((Choice.EXAMPLE.value, Choice.ALIAS.value))
        gone = delete(review_decisions).where(review_decisions.c.id == decision_id, learned)
        return self._write().execute(gone).rowcount == 1

    def _questions(self, rows: Sequence[AnyRow]) -> list[Question]:
        texts = self._of_turns([row.source_id for row in rows if row.origin == Origin.TURN.value])
        judged = self._verdicts([row.source_id for row in rows if row.origin == Origin.VERDICT.value])
        found = []
        for row in rows:
            told = judged.get(row.source_id) if row.origin == Origin.VERDICT.value else None
            found.append(
                Question(
                    Origin(row.origin),
                    row.source_id,
                    Gap(row.gap),
                    row.at,
                    told.text if told else texts.get(row.source_id, ""),
                    told.procedure_id if told else None,
                    told.facet if told else None,
                    group_id=row.group_id or None,
                )
            )
        return found

    def _judged(self, row: AnyRow, gap: Gap) -> Question:
        told = self._keys.open_json(row.body, verdict_context(row.id))
        facet = Facet(row.facet) if row.facet else None
        return Question(
            Origin.VERDICT, row.id, gap, row.at, told["question"], row.procedure_id, facet, row.conversation_id
        )

    def _verdicts(self, ids: Sequence[str]) -> dict[str, Question]:
        found: dict[str, Question] = {}
        for start in range(0, len(ids), _CHUNK):
            part = select(verdicts).where(verdicts.c.id.in_(ids[start : start + _CHUNK]))
            for row in self._read().execute(part):
                found[row.id] = self._judged(row, _JUDGED[row.verdict])
        return found

    def _of_turns(self, ids: Sequence[str]) -> dict[str, str]:
        """Return the masked words of turns, their messages one after the other."""
        texts: dict[str, list[str]] = {}
        for start in range(0, len(ids), _CHUNK):
            part = _MESSAGES.where(inbox.c.turn_id.in_(ids[start : start + _CHUNK]))
            for row in self._read().execute(part):
                place = context("inbox", "body", row.conversation_id, row.sequence)
                texts.setdefault(row.turn_id, []).append(self._keys.open_json(row.body, place)["text"])
        return {turn: mask(" ".join(text for text in said if text)) for turn, said in texts.items()}


def _context(decision_id: str) -> bytes:
    return context("review_decisions", "body", decision_id)
