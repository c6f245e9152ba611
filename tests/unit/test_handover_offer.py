"""When a person is offered, and what is kept for one."""

from dataclasses import replace
from typing import Any

import pytest

from actions.handover.offer import Offering
from actions.turn_action import Decision
from bot.core.conversation import ConversationState, Owner
from bot.core.replies import Button, Reply
from bot.core.routes import Outcome, Reason, Route
from tests.unit.handover_steps import PHRASES, ids

OFFER = Offering(PHRASES)
HUMAN = Button("human", "Gặp cán bộ")


def decided(before: ConversationState, reply: Reply, **changes: Any) -> Decision:
    return OFFER(before, Decision(reply, replace(before, **changes)))


def refused(failures: int, *buttons: Button) -> Decision:
    before = ConversationState(failures=failures - 1)
    changes = {"route": Route.ASK_PROCEDURE, "outcome": Outcome.REFUSED, "reason": Reason.NOT_IN_CATALOGUE}
    return decided(before, Reply("refuse_not_in_catalogue", "x", buttons=buttons), failures=failures, **changes)


def test_two_failures_in_a_row_offer_a_person_and_say_it_once() -> None:
    assert refused(1).reply.buttons == ()
    second = refused(2, HUMAN).reply
    assert ids(second) == ["human:failed"]
    assert "Hai lần liền" in second.blocks[-1].text
    third = refused(3).reply
    assert ids(third) == ["human:failed"]
    assert third.blocks == ()


def test_anger_at_the_service_is_listened_to_and_a_person_offered() -> None:
    reply = decided(
        ConversationState(), Reply("abuse", "x", buttons=(HUMAN,)), route=Route.ABUSE, outcome=Outcome.SMALL_TALK
    ).reply
    assert ids(reply) == ["human:anger"]
    assert "phản ánh" in reply.blocks[-1].text


def test_the_gravest_cases_offer_a_person_and_others_do_not() -> None:
    grave = decided(ConversationState(), Reply("case_filed_restricted", "x"), outcome=Outcome.COMPLAINT_FILED).reply
    assert ids(grave) == ["human:severity"]
    assert ids(decided(ConversationState(), Reply("case_filed", "x"), outcome=Outcome.COMPLAINT_FILED).reply) == []


@pytest.mark.parametrize("outcome", [Outcome.ANSWERED, Outcome.CLARIFICATION, Outcome.COMPLAINT_STEP])
def test_nothing_is_offered_where_all_goes_well(outcome: Outcome) -> None:
    before = ConversationState(failures=2)
    after = decided(before, Reply("answer_fee", "x"), outcome=outcome)
    assert after.reply == Reply("answer_fee", "x")


def test_who_waits_is_offered_nobody_and_what_only_a_person_answers_is_kept_for_one() -> None:
    before = ConversationState(owner=Owner.WAITING, failures=1)
    changes = {"route": Route.ASK_PROCEDURE, "outcome": Outcome.REFUSED}
    reply = Reply("refuse_not_in_catalogue", "Tôi chưa có dữ liệu.", buttons=(HUMAN,))
    kept = decided(before, reply, failures=2, reason=Reason.NOT_IN_CATALOGUE, **changes)
    assert kept.reply.act == "handover_kept"
    assert ids(kept.reply) == []
    assert kept.state.outcome is Outcome.REFUSED
    # Another body's matter is said to be theirs, also to who waits; and so are texts that cannot be read.
    theirs = decided(before, Reply("refuse_other_agency", "Việc của thuế."), reason=Reason.OTHER_AGENCY, **changes)
    assert theirs.reply.act == "refuse_other_agency"
    garbled = decided(before, Reply("garbled", "Lỗi phông."), reason=Reason.NOT_UNDERSTOOD, **changes)
    assert garbled.reply.act == "garbled"
