"""People attend conversations: claims, words, transfers and the way back, on both databases."""

from dataclasses import replace

import pytest

from bot.core.cases.people import Principal, Role
from bot.core.conversation import ConversationState, Owner
from bot.core.errors import ClaimedByAnother, NotAttended, NotPermitted, OutOfOrder, UnknownConversation
from bot.core.handover.attention import Ending, Why
from bot.core.messages import EventKind
from bot.core.ports import UnitOfWork
from bot.store import Store
from tests.integration.console_steps import LAN, MINH, SEP, Office


@pytest.fixture
def office(store: Store) -> Office:
    office = Office(store)
    office.hire()
    return office


def test_who_claims_answers_and_the_assistant_is_silent(office: Office) -> None:
    office.waiting()
    office.desk.claim(LAN, "web-1")
    office.says("hồ sơ của tôi sao rồi")
    assert office.takes() is None
    assert office.due() == []
    sequence = office.desk.reply(LAN, "web-1", "m1", "Chào anh, tôi xem ngay.")
    assert office.heard()[-3:] == [
        ("notice", "attended_begin"),
        ("citizen", "hồ sơ của tôi sao rồi"),
        ("operator", "Chào anh, tôi xem ngay."),
    ]
    event = office.log()[-1]
    assert (event.sequence, event.body["data"]) == (sequence, {"name": "Nhân viên trực"})
    assert "Lan" not in str(event.body)
    assert office.attention().by == "lan"


def test_the_second_is_told_who_has_it_and_may_do_nothing(office: Office) -> None:
    office.waiting()
    office.desk.claim(LAN, "web-1")
    for act in (
        lambda: office.desk.claim(MINH, "web-1"),
        lambda: office.desk.reply(MINH, "web-1", "m1", "x"),
        lambda: office.desk.release(MINH, "web-1"),
        lambda: office.desk.transfer(MINH, "web-1", "minh", ""),
        lambda: office.desk.hand_back(MINH, "web-1", ""),
        lambda: office.desk.close(MINH, "web-1", Ending.ANSWERED),
        lambda: office.desk.warn(MINH, "web-1", "chửi"),
        # Nor does a supervisor speak in between: they take it first.
        lambda: office.desk.reply(SEP, "web-1", "m1", "x"),
    ):
        before = office.log()
        with pytest.raises(ClaimedByAnother) as refused:
            act()
        assert refused.value.by == "lan"
        assert office.log() == before
    assert office.attention().by == "lan"


def test_claiming_again_changes_nothing(office: Office) -> None:
    office.waiting()
    office.desk.claim(LAN, "web-1")
    before = (office.log(), office.attention(), office.audited())
    office.desk.claim(LAN, "web-1")
    assert (office.log(), office.attention(), office.audited()) == before


def test_a_reply_sent_twice_is_said_once(office: Office) -> None:
    office.waiting()
    office.desk.claim(LAN, "web-1")
    first = office.desk.reply(LAN, "web-1", "m1", "Chào anh.")
    assert office.desk.reply(LAN, "web-1", "m1", "Chào anh.") == first
    assert [kind for kind, _ in office.heard()].count("operator") == 1
    assert [action for _, action in office.audited()].count("conversation_reply") == 1
    # What was said is still known when the conversation is not theirs any more.
    office.desk.release(LAN, "web-1")
    assert office.desk.reply(LAN, "web-1", "m1", "Chào anh.") == first
    with pytest.raises(NotAttended):
        office.desk.reply(LAN, "web-1", "m2", "Còn nữa.")


def test_anothers_reply_is_not_taken_for_ones_own(office: Office) -> None:
    office.waiting()
    office.desk.claim(LAN, "web-1")
    office.desk.reply(LAN, "web-1", "m1", "Chào anh.")
    office.desk.transfer(LAN, "web-1", "minh", "giúp em")
    with pytest.raises(OutOfOrder):
        office.desk.reply(MINH, "web-1", "m1", "Tôi là người khác.")


def test_without_a_claim_nobody_answers(office: Office) -> None:
    office.waiting()
    for who in (LAN, SEP):
        with pytest.raises(NotAttended):
            office.desk.reply(who, "web-1", "m1", "x")


def test_only_those_who_attend_conversations_may(office: Office) -> None:
    office.waiting()
    for role in set(Role) - {Role.OPERATOR, Role.OFFICER, Role.SUPERVISOR}:
        with pytest.raises(NotPermitted):
            office.desk.claim(Principal("x", "X", role), "web-1")
    with pytest.raises(NotPermitted):
        office.desk.claim(replace(LAN, active=False), "web-1")
    assert office.attention().owner is Owner.WAITING


def test_an_operator_steps_into_no_talk_with_the_assistant_a_supervisor_may(office: Office) -> None:
    office.open()
    office.says("lập hội cần gì")
    office.answers()
    with pytest.raises(NotPermitted):
        office.desk.claim(LAN, "web-1")
    assert ("lan", "refused:conversation_claim") in office.audited()
    office.desk.claim(SEP, "web-1")
    office.desk.release(SEP, "web-1")
    assert office.attention().owner is Owner.WAITING


def test_an_operator_may_take_up_again_what_they_closed(office: Office) -> None:
    office.waiting()
    office.desk.claim(LAN, "web-1")
    office.desk.close(LAN, "web-1", Ending.ANSWERED)
    with pytest.raises(NotPermitted):
        office.desk.claim(MINH, "web-1")
    office.desk.claim(LAN, "web-1")
    assert office.attention().by == "lan"


def test_a_conversation_that_is_not_there_is_said_so(office: Office) -> None:
    with pytest.raises(UnknownConversation):
        office.desk.claim(LAN, "web-9")


def test_a_turn_in_flight_ends_with_the_claim_and_says_nothing_later(office: Office) -> None:
    office.waiting()
    office.says("lập hội cần giấy tờ gì")
    turn_id = office.takes()
    assert turn_id is not None
    office.desk.claim(LAN, "web-1")
    # The dialogue engine comes back with an answer, and with a state that is as old as its turn.
    old = ConversationState(procedure="NV025")
    assert office.replies(turn_id, "Cần sáu loại.", old) is False
    office.publishes(turn_id)
    with office.store() as unit:
        assert unit.postpone_turn(turn_id, office.clock.now()) is False
        assert unit.finish_turn(turn_id, "answered", office.clock.now()) is False
        assert unit.state("web-1").procedure is None
        assert unit.state("web-1").owner is Owner.OPERATOR
    assert [kind for kind, _ in office.heard()][-2:] == ["citizen", "notice"]
    assert office.due() == []


def test_a_reply_that_is_stored_is_said_before_the_person_begins(office: Office) -> None:
    office.waiting()
    office.says("lập hội cần giấy tờ gì")
    turn_id = office.takes()
    assert turn_id is not None
    assert office.replies(turn_id, "Cần sáu loại.")
    office.desk.claim(LAN, "web-1")
    office.publishes(turn_id)
    assert office.heard()[-3:] == [
        ("citizen", "lập hội cần giấy tờ gì"),
        ("assistant", "x"),
        ("notice", "attended_begin"),
    ]


def test_notes_are_the_staffs_and_sealed(office: Office) -> None:
    office.waiting()
    office.desk.note(MINH, "web-1", "Bác nặng tai, nói chậm.")
    with office.store() as unit:
        assert [note.text for note in unit.switchboard.notes("web-1")] == ["Bác nặng tai, nói chậm."]
    with office.store.engine.connect() as connection:
        raw = connection.exec_driver_sql("SELECT text FROM conversation_notes").scalar_one()
    assert "nặng tai".encode() not in bytes(raw)
    assert office.heard()[-1][0] == "assistant"
    office.desk.claim(LAN, "web-1")
    with pytest.raises(NotPermitted):
        office.desk.note(MINH, "web-1", "x")


def test_everything_is_audited_and_no_words_are(office: Office) -> None:
    office.waiting()
    office.desk.claim(LAN, "web-1")
    office.desk.reply(LAN, "web-1", "m1", "Lời rất riêng.")
    office.desk.note(LAN, "web-1", "Ghi chú riêng.")
    office.desk.transfer(LAN, "web-1", "minh", "Lời nhắn riêng.")
    office.desk.release(MINH, "web-1")
    office.desk.claim(LAN, "web-1")
    office.desk.hand_back(LAN, "web-1", "Tóm tắt riêng.")
    done = [action.removeprefix("conversation_") for _, action in office.audited()]
    assert done == ["claim", "reply", "note", "transfer", "release", "claim", "hand_back"]
    with office.store() as unit:
        entries = unit.audit.entries()
    assert not any("riêng" in entry.reason for entry in entries)
    with office.store() as unit:
        assert unit.audit.verify() is None
    with office.store() as unit:
        found = [each for each in unit.audit.mismatches() if each.what != "account"]
    assert found == []


def test_waits_and_attendances_are_remembered_for_what_is_told_next(office: Office) -> None:
    office.there(LAN)
    for n, minutes in enumerate((2, 4, 6)):
        conversation = office.waiting(f"web-{n}")
        office.clock.move(minutes)
        office.there(LAN)
        office.desk.claim(LAN, conversation)
        office.clock.move(10)
        office.there(LAN)
        office.desk.close(LAN, conversation, Ending.ANSWERED)
    office.waiting("web-next", Why.ASKED)
    attention = office.attention("web-next")
    assert (attention.told_place, attention.told_minutes) == (1, 2)
    with office.store() as unit:
        history = unit.handovers.history(office.clock.now().replace(hour=0))
    assert sorted(history.waited) == [120, 240, 360]
    assert list(history.attended) == [600] * 3


def test_a_night_of_waiting_is_no_wait_in_the_queue(office: Office) -> None:
    office.waiting()
    office.clock.move(15 * 60)
    office.desk.claim(LAN, "web-1")
    with office.store() as unit:
        assert unit.handovers.history(office.clock.now().replace(year=2025)).waited == ()


def test_the_audit_knows_words_that_were_put_into_somebodys_mouth(office: Office) -> None:
    def forge(unit: UnitOfWork) -> None:
        unit.append_event("web-1", EventKind.OPERATOR, {"act": "operator", "text": "x"}, None, office.clock.now())

    office.waiting()
    office.desk.claim(LAN, "web-1")
    office.desk.reply(LAN, "web-1", "m1", "Chào anh.")
    with office.store() as unit:
        assert "words" not in [each.what for each in unit.audit.mismatches()]
    with office.store() as unit:
        forge(unit)
        unit.commit()
    with office.store() as unit:
        assert ("words", "web-1") in [(each.what, each.subject) for each in unit.audit.mismatches()]
