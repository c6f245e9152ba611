"""Steps of the contract tests of suggestions: drafts, verdicts, turns that were not answered, decisions."""

from dataclasses import replace
from datetime import timedelta

from bot.core.ports import UnitOfWorkFactory
from bot.core.procedures import Facet
from bot.core.suggestions.found import Sureness
from bot.core.suggestions.items import Colour, Draft, Light, Link, Why
from bot.core.suggestions.ports import (
    Judged,
    Judgement,
    StoredDrafts,
    Verdict,
)
from bot.core.suggestions.review import Choice, Decision, Question
from tests.contracts.steps import NOW, RECORD, REPLY, claimed, finish, post

SECRET = "Thị Nở ở ngõ 9"
DRAFT = Draft(
    "1", f"Chào {SECRET}", "X01", Facet.FEE, (Link("QĐ 1", "https://x.vn"), Link("QĐ 2")),
    Why(("lập", "hội"), "mở hội", "khớp tên"), Light(Colour.AMBER, "chưa đối chiếu"), Sureness.FAIRLY,
)  # fmt: skip
LATER = NOW + timedelta(days=30)


def keep(
    units: UnitOfWorkFactory, id: str = "s", sequence: int = 1, drafts: tuple[Draft, ...] = (DRAFT,)
) -> StoredDrafts:
    with units() as unit:
        kept = unit.suggestions.log.add(StoredDrafts(id, "c", sequence, NOW, drafts))
        unit.commit()
    return kept


def judgement(id: str = "j", **changes: object) -> Judgement:
    given = Judgement(
        id, Judged.PROCEDURE, "X01", Verdict.WRONG, "op", NOW, procedure_id="X01", facet=Facet.FEE,
        conversation_id="c", question=f"lệ phí của {SECRET}", note="sai phí",
    )  # fmt: skip
    return replace(given, **changes)  # type: ignore[arg-type]


def refused(units: UnitOfWorkFactory, text: str, message: str, outcome: str = "refused", **changes: object) -> str:
    """Let a turn end without an answer; return its id. Messages are a second apart, by their number."""
    post(units, message, text)
    turn = claimed(units, seconds=int(message[1:]))
    record = replace(RECORD, outcome=outcome, procedure_id=None, facet=None, **changes)  # type: ignore[arg-type]
    with units() as unit:
        assert unit.record_reply(turn.id, REPLY, record)
        unit.commit()
    finish(units, turn)
    return turn.id


def fresh(units: UnitOfWorkFactory, limit: int = 50) -> list[Question]:
    with units() as unit:
        return unit.suggestions.review.fresh(NOW - timedelta(days=90), limit)


def opened(units: UnitOfWorkFactory) -> list[Question]:
    with units() as unit:
        return unit.suggestions.review.open(100)


def put(units: UnitOfWorkFactory, question: Question, group: str, *, closed: bool = False) -> None:
    with units() as unit:
        unit.suggestions.review.add(question, group, closed=closed)
        unit.commit()


def decide(units: UnitOfWorkFactory, group: str, choice: Choice, id: str = "d") -> int:
    with units() as unit:
        done = unit.suggestions.review.decide(
            Decision(id, group, choice, "ed", NOW, "X01", Facet.FEE, f"lời của {SECRET}")
        )
        unit.commit()
    return done
