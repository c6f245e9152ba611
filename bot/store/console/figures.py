"""SQL of the day's figures: counts and moments, nobody's words. Nothing sealed is opened here."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Column, ColumnElement, Select, bindparam, exists, func, select

from bot.core.figures.ports import HELPFUL, Counted, Moved, Said
from bot.core.figures.span import Period
from bot.core.handover.attention import Move, Why
from bot.core.routes import Route
from bot.store.parts import Part
from bot.store.tables.calls import call_lookups, calls
from bot.store.tables.cases import cases
from bot.store.tables.conversations import conversations, inbox, turns
from bot.store.tables.handover import moves, replies

_ASKED = (Route.ASK_PROCEDURE.value, Route.OTHER_AGENCY.value)
_WANTED = (Move.ASK.value, Move.CLAIM.value)


def _during(moment: Column[Any]) -> tuple[ColumnElement[bool], ...]:
    return moment >= bindparam("since"), moment < bindparam("until")


def _by_channel(
    written: Sequence[ColumnElement[bool]], begun: Sequence[ColumnElement[bool]] = ()
) -> Select[tuple[str, int]]:
    """Count conversations that have turns; each is looked up once, however many it has."""
    talks = select(turns.c.conversation_id.label("id")).distinct().where(*written).subquery("talks")
    joined = select(conversations.c.channel, func.count()).join_from(
        talks, conversations, talks.c.id == conversations.c.id
    )
    return joined.where(*begun).group_by(conversations.c.channel)


# A citizen's message makes a turn, also where a person attends and the turn is left to them.
_CONVERSATIONS = _by_channel(_during(turns.c.created_at))
_BEGUN = _by_channel((turns.c.created_at >= bindparam("since"),), _during(conversations.c.created_at))
_CALLS = select(func.count()).select_from(calls).where(*_during(calls.c.started_at), calls.c.answered_at.is_not(None))
_OUTCOMES = (
    select(turns.c.outcome, turns.c.reason, func.count())
    .where(*_during(turns.c.created_at), turns.c.outcome.is_not(None))
    .group_by(turns.c.outcome, turns.c.reason)
)
_ALONE = select(func.count(turns.c.conversation_id.distinct())).where(
    *_during(turns.c.created_at),
    turns.c.outcome.in_([outcome.value for outcome in HELPFUL]),
    ~exists().where(
        moves.c.conversation_id == turns.c.conversation_id, moves.c.move.in_(_WANTED), *_during(moves.c.at)
    ),
)
_PROCEDURES = (
    select(turns.c.procedure_id, func.count(turns.c.conversation_id.distinct()))
    .where(*_during(turns.c.created_at), turns.c.procedure_id.is_not(None), turns.c.route.in_(_ASKED))
    .group_by(turns.c.procedure_id)
)
_LOOKED_UP = (
    select(call_lookups.c.procedure_id, func.count(call_lookups.c.call_id.distinct()))
    .where(*_during(call_lookups.c.at))
    .group_by(call_lookups.c.procedure_id)
)
_first = (
    select(
        turns.c.id,
        turns.c.status,
        turns.c.created_at,
        turns.c.finished_at,
        func.row_number()
        .over(partition_by=turns.c.conversation_id, order_by=(turns.c.created_at, turns.c.id))
        .label("place"),
    )
    .where(*_during(turns.c.created_at))
    .subquery("first")
)
# What was typed is deleted after a while; then a turn begins with itself.
_came = select(func.min(inbox.c.received_at)).where(inbox.c.turn_id == _first.c.id).scalar_subquery()
_FIRST_ANSWERS = select(func.coalesce(_came, _first.c.created_at).label("came"), _first.c.finished_at).where(
    _first.c.place == 1, _first.c.status == "answered", _first.c.finished_at.is_not(None)
)
_MOVES = select(moves).where(*_during(moves.c.at)).order_by(moves.c.at, moves.c.id)
_SAID = (
    select(replies.c.conversation_id, replies.c.at)
    .where(
        *_during(replies.c.at),
        replies.c.conversation_id.in_(select(moves.c.conversation_id).where(*_during(moves.c.at))),
    )
    .order_by(replies.c.at, replies.c.conversation_id, replies.c.sequence)
)
_ASKS = (
    select(moves.c.why, func.count())
    .where(*_during(moves.c.at), moves.c.move == Move.ASK.value, moves.c.why.is_not(None))
    .group_by(moves.c.why)
)
_CASES = select(func.count()).select_from(cases).where(*_during(cases.c.received_at))


class SqlFigures(Part):
    """Implements bot.core.figures.ports.FigureRecords."""

    def conversations(self, period: Period) -> Mapping[str, int]:
        """Return conversations by channel."""
        return self._counts(_CONVERSATIONS, period)

    def calls(self, period: Period) -> int:
        """Return the calls that somebody answered."""
        return self._number(_CALLS, period)

    def outcomes(self, period: Period) -> Sequence[Counted]:
        """Return turns by outcome and reason."""
        return [Counted(*row) for row in self._rows(_OUTCOMES, period)]

    def answered_alone(self, period: Period) -> int:
        """Return conversations that the assistant answered and no person was wanted in."""
        return self._number(_ALONE, period)

    def asked(self, period: Period) -> Mapping[str, int]:
        """Return how often each procedure was asked about."""
        return Counter(self._counts(_PROCEDURES, period)) + Counter(self._counts(_LOOKED_UP, period))

    def first_answers(self, period: Period) -> Sequence[float]:
        """Return the seconds until the assistant had answered."""
        rows = self._rows(_FIRST_ANSWERS, period)
        return [max(0.0, (row.finished_at - row.came).total_seconds()) for row in rows]

    def moves(self, period: Period) -> Sequence[Moved]:
        """Return the history of who answers."""
        return [
            Moved(row.conversation_id, row.at, Move(row.move), Why(row.why) if row.why else None, row.waited)
            for row in self._rows(_MOVES, period)
        ]

    def said(self, period: Period) -> Sequence[Said]:
        """Return when people wrote."""
        return [Said(row.conversation_id, row.at) for row in self._rows(_SAID, period)]

    def begun(self, period: Period) -> Mapping[str, int]:
        """Return conversations that began, by channel."""
        return self._counts(_BEGUN, period)

    def asks(self, period: Period) -> Mapping[str, int]:
        """Return how often a person was called for, by reason."""
        return self._counts(_ASKS, period)

    def cases(self, period: Period) -> int:
        """Return how many cases were filed."""
        return self._number(_CASES, period)

    def _rows(self, statement: Select[Any], period: Period) -> Sequence[Any]:
        return self._read().execute(statement, {"since": period.since, "until": period.until}).all()

    def _counts(self, statement: Select[Any], period: Period) -> Mapping[str, int]:
        return {str(name): int(amount) for name, amount in self._rows(statement, period)}

    def _number(self, statement: Select[Any], period: Period) -> int:
        return int(self._rows(statement, period)[0][0])
