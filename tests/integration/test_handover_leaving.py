"""The way out of an attendance: handed back, released, transferred, closed, ended for abuse."""

import pytest

from bot.core.conversation import Choice, ConversationState, Owner
from bot.core.errors import ClaimedByAnother, NotPermitted, OutOfOrder
from bot.core.handover.attention import Ending
from bot.core.messages import EventKind
from bot.core.procedures import Facet
from bot.store import Store
from tests.integration.console_steps import LAN, MINH, SEP, Office


@pytest.fixture
def office(store: Store) -> Office:
    office = Office(store)
    office.hire()
    return office


def test_handed_back_the_assistant_says_the_summary_and_answers_what_was_left(office: Office) -> None:
    office.open(state=ConversationState(procedure="NV025", facet=Facet.FEE, address="bác"))
    office.asks_for_person()
    office.desk.claim(LAN, "web-1")
    office.says("tôi nộp ở phường rồi")
    office.desk.reply(LAN, "web-1", "m1", "Bác nộp ở phường là đúng ạ.")
    office.says("thế lệ phí bao nhiêu")
    office.says("với bao lâu xong")
    assert office.desk.hand_back(LAN, "web-1", "Bác đã nộp ở phường, còn hỏi lệ phí.") == 2
    back = office.log()[-1]
    assert (back.kind, back.body["act"]) == (EventKind.ASSISTANT, "attended_back")
    assert "Bác đã nộp ở phường, còn hỏi lệ phí." in back.body["text"]
    assert office.due() == ["web-1"]
    assert office.answers() == ["thế lệ phí bao nhiêu\nvới bao lâu xong"]
    with office.store() as unit:
        state = unit.state("web-1")
    assert (state.owner, state.procedure, state.facet, state.address) == (Owner.BOT, "NV025", Facet.FEE, "bác")
    assert office.attention().ending is Ending.HANDED_BACK


def test_what_a_person_answered_is_not_answered_again(office: Office) -> None:
    office.waiting()
    office.desk.claim(LAN, "web-1")
    office.says("tôi nộp ở phường rồi")
    office.desk.reply(LAN, "web-1", "m1", "Vâng ạ.")
    assert office.desk.hand_back(LAN, "web-1", "") == 0
    assert office.due() == []
    assert office.log()[-1].body["text"].startswith("Nhân viên trực đã xong phần mình.")


def test_handed_back_without_a_word_the_assistant_answers_the_question_it_was_stopped_at(office: Office) -> None:
    office.waiting()
    office.says("lập hội cần giấy tờ gì")
    assert office.takes()
    office.desk.claim(LAN, "web-1")
    office.says("có ai không")
    assert office.desk.hand_back(LAN, "web-1", "") == 2
    assert office.answers() == ["lập hội cần giấy tờ gì\ncó ai không"]


def test_what_was_asked_before_the_person_came_is_over_when_the_assistant_goes_on(office: Office) -> None:
    state = ConversationState(
        offered=(Choice("NV-1", "Cấp lại"),),
        pending_facet=Facet.FEE,
        awaited="alarm",
        held={"callback": "call 0912345678"},
        failures=2,
        facts={"alarm": "violence", "dossier_code": "H26"},
    )
    office.open(state=state)
    office.asks_for_person()
    office.desk.claim(LAN, "web-1")
    office.desk.hand_back(LAN, "web-1", "xong")
    with office.store() as unit:
        resumed = unit.state("web-1")
    assert resumed == ConversationState(facts={"dossier_code": "H26"})


def test_released_it_waits_at_its_old_place_and_the_messages_are_for_the_next(office: Office) -> None:
    office.waiting()
    since = office.attention().waiting_since
    office.clock.move(5)
    office.desk.claim(LAN, "web-1")
    office.says("chị ơi")
    office.desk.release(LAN, "web-1")
    assert office.attention().waiting_since == since
    assert office.due() == []
    assert office.heard()[-1] == ("notice", "attended_release")
    # While they wait, the assistant answers what is asked from now on.
    office.says("lệ phí bao nhiêu")
    assert office.answers() == ["lệ phí bao nhiêu"]


def test_transferred_it_is_the_others_with_the_note_and_the_citizen_tells_nothing_twice(office: Office) -> None:
    office.waiting()
    office.desk.claim(LAN, "web-1")
    office.desk.transfer(LAN, "web-1", "minh", "Bác này hỏi về mộ liệt sĩ, cháu không rành.")
    assert office.attention().by == "minh"
    assert office.heard()[-1] == ("notice", "attended_transfer")
    with office.store() as unit:
        (note,) = unit.switchboard.notes("web-1")
    assert (note.kind, note.by, note.text) == ("transfer", "lan", "Bác này hỏi về mộ liệt sĩ, cháu không rành.")
    assert all("liệt sĩ" not in str(event.body) for event in office.log())
    office.desk.reply(MINH, "web-1", "m1", "Chào bác.")
    with pytest.raises(ClaimedByAnother):
        office.desk.reply(LAN, "web-1", "m2", "x")


def test_it_is_transferred_only_to_somebody_who_attends(office: Office) -> None:
    office.waiting()
    office.desk.claim(LAN, "web-1")
    with office.store() as unit:
        unit.principals.deactivate("minh", office.clock.now())
        unit.commit()
    for nobody in ("kiem", "minh", "ai-do", ""):
        with pytest.raises(NotPermitted):
            office.desk.transfer(LAN, "web-1", nobody, "x")
    assert office.attention().by == "lan"


def test_a_supervisor_gives_away_what_somebody_left_behind(office: Office) -> None:
    office.waiting("web-1")
    office.waiting("web-2")
    for conversation in ("web-1", "web-2"):
        office.desk.claim(LAN, conversation)
    office.desk.transfer(SEP, "web-1", "minh", "Lan về rồi.")
    office.desk.release(SEP, "web-2")
    assert office.attention("web-1").by == "minh"
    assert office.attention("web-2").owner is Owner.WAITING


def test_closed_the_assistant_takes_questions_and_the_citizen_may_ask_anew(office: Office) -> None:
    office.waiting()
    office.desk.claim(LAN, "web-1")
    office.says("cảm ơn chị")
    office.desk.close(LAN, "web-1", Ending.ANSWERED)
    assert office.due() == []
    office.says("lệ phí bao nhiêu")
    assert office.answers() == ["lệ phí bao nhiêu"]
    office.asks_for_person()
    assert office.attention().owner is Owner.WAITING


def test_what_waits_is_closed_without_being_claimed_and_the_call_is_done(office: Office) -> None:
    from bot.core.cases.office_ports import Task

    office.waiting()
    now = office.clock.now()
    with office.store() as unit:
        for kind in ("call_back", "alarm"):
            unit.tasks.add(Task(f"{kind}-t", kind, None, "web-1", "Gọi 0912345678", now, now))
        unit.commit()
    office.desk.close(MINH, "web-1", Ending.CALLED_BACK)
    assert office.attention().ending is Ending.CALLED_BACK
    assert office.tasks() == ["alarm"]


def test_abuse_is_warned_of_once_and_ended_by_a_supervisor(office: Office) -> None:
    office.waiting()
    office.desk.claim(LAN, "web-1")
    with pytest.raises(OutOfOrder):
        office.desk.end(SEP, "web-1", "chửi tục")
    office.desk.warn(LAN, "web-1", "chửi tục")
    assert office.heard()[-1] == ("notice", "attended_warn")
    with pytest.raises(OutOfOrder):
        office.desk.warn(LAN, "web-1", "lần nữa")
    office.clock.move(1)
    with pytest.raises(NotPermitted):
        office.desk.end(LAN, "web-1", "vẫn chửi")
    office.desk.end(SEP, "web-1", "vẫn chửi")
    assert office.heard()[-1] == ("notice", "attended_end")
    assert office.attention().barred(office.clock.now())
    office.says("lệ phí lập hội")
    assert office.answers() == ["lệ phí lập hội"]
    with office.store() as unit:
        assert [note.text for note in unit.switchboard.notes("web-1")] == ["chửi tục", "vẫn chửi"]
    acts = [action for _, action in office.audited()]
    assert acts.count("conversation_warn") == 1
    assert acts.count("conversation_end") == 1
    assert acts.count("refused:conversation_end") == 1
