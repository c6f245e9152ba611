"""A message that is changed after it was sent: in time its new words count, else the citizen is told."""

from datetime import timedelta

import pytest

from bot.core.channels.inbound import InboundSettings
from bot.core.messages import EventKind
from bot.core.replies import Reply
from bot.store import Store
from tests.integration.channel_steps import GREETING, PHRASES, Office, buttons

TOO_LATE = PHRASES.say("channel_edited")


@pytest.fixture
def office(store: Store) -> Office:
    return Office(store)


async def test_in_one_batch_the_new_words_are_the_message(store: Store) -> None:
    office = Office(store, inbound=InboundSettings(wait_seconds=2, per_minute=100))
    office.deliver(text="hỏi khai sinh", ref="5")
    office.deliver("edited", text="hỏi khai tử", ref="5")
    assert await office.inbound.run(office.thread().id) is False, "more may come, as after any words"
    office.clock.advance(3)
    await office.pump()
    assert office.channel.texts() == [GREETING.text, "«hỏi khai tử»"]
    assert office.said() == ["hỏi khai tử"]


async def test_the_new_words_count_until_the_turn_begins(office: Office) -> None:
    office.deliver(text="hỏi khai sinh", ref="5")
    await office.read()
    office.deliver("edited", text="hỏi khai tử", ref="5")
    office.deliver("edited", text="hỏi kết hôn", ref="5")
    await office.pump()
    assert office.channel.texts() == [GREETING.text, "«hỏi kết hôn»"]
    assert office.said() == ["hỏi kết hôn"]


async def test_only_the_message_that_was_changed_has_other_words(office: Office) -> None:
    office.deliver(text="một", ref="5")
    office.deliver(text="hai", ref="6")
    await office.read()
    office.deliver("edited", text="hai rưỡi", ref="6")
    await office.pump()
    assert office.channel.texts()[-1] == "«một\nhai rưỡi»"


async def test_changed_to_a_button_s_title_it_is_the_button(office: Office) -> None:
    office.answers = [Reply("a", "Chọn nhé", buttons=buttons("Lệ phí", "Giấy tờ"))]
    await office.says("hỏi")
    office.deliver(text="le phi", ref="7")
    await office.read()
    office.deliver("edited", text="Lệ phí", ref="7")
    await office.pump()
    assert office.channel.texts()[-1] == "«[b0] Lệ phí»"


async def test_after_its_turn_the_citizen_is_asked_to_write_anew_once_for_each_change(office: Office) -> None:
    await office.says("hỏi khai sinh", ref="5")
    office.deliver("edited", text="hỏi khai tử", ref="5", id="e1")
    await office.pump()
    office.deliver("edited", text="hỏi khai tử", ref="5", id="e1")
    office.deliver("edited", text=" hỏi  khai tử", ref="5", id="e2")
    await office.pump()
    assert office.channel.texts() == [GREETING.text, "«hỏi khai sinh»", TOO_LATE]
    assert office.said() == ["hỏi khai sinh"]
    assert await office.says("hỏi khai tử") == ["«hỏi khai tử»"]


@pytest.mark.parametrize(
    "edit",
    [
        {"text": "hỏi khai sinh", "ref": "5"},  # a preview was added
        {"text": "", "ref": "5"},
        {"text": "khác hẳn", "ref": "6"},  # a message that never came
        {"text": "khác hẳn", "ref": ""},
        {"text": "khác hẳn", "ref": "5", "address": "bình"},  # somebody else's
    ],
)
async def test_an_edit_that_changes_nothing_of_theirs_is_silent(office: Office, edit: dict[str, str]) -> None:
    await office.says("hỏi khai sinh", ref="5")
    office.deliver("edited", **edit)
    await office.pump()
    assert office.channel.texts() == [GREETING.text, "«hỏi khai sinh»"]
    assert office.channel.texts("bình") == [], "an edit greets nobody"


async def test_an_edit_overtaken_by_a_later_one_changes_nothing(office: Office) -> None:
    at = office.clock.now()
    office.deliver(text="một", ref="5", sent_at=at.isoformat())
    await office.read()
    office.deliver("edited", text="ba", ref="5", sent_at=(at + timedelta(seconds=9)).isoformat())
    await office.read()
    office.deliver("edited", text="hai", ref="5", sent_at=(at + timedelta(seconds=4)).isoformat())
    await office.pump()
    assert office.said() == ["ba"]
    assert office.channel.texts() == [GREETING.text, "«ba»"]


async def test_while_an_officer_writes_the_change_is_kept_and_answered_by_nobody(office: Office) -> None:
    await office.says("hỏi", ref="5")
    office.deliver("officer", text="Tôi đây")
    office.deliver("edited", text="hỏi lại", ref="5")
    await office.pump()
    assert office.channel.texts() == [GREETING.text, "«hỏi»"]
    assert office.said() == ["hỏi", "hỏi lại"]


async def test_numbers_of_people_are_masked_in_changed_words_too(office: Office) -> None:
    office.deliver(text="hỏi", ref="5")
    await office.read()
    office.deliver("edited", text="gọi tôi 0912345678", ref="5")
    await office.pump()
    assert office.said() == ["gọi tôi [số điện thoại]"]
    assert office.channel.texts()[-1] == "«gọi tôi 0912345678»", "the turn itself has them as typed"


async def test_an_officers_words_stand_in_the_log_and_are_not_sent_again(office: Office) -> None:
    await office.says("hỏi")
    office.deliver("officer", text="Chị gửi số 0912345678 giúp em", id="o1")
    office.deliver("officer", text="Chị gửi số 0912345678 giúp em", id="o1")
    office.deliver("officer")
    await office.pump()
    assert [(event.kind, event.body["text"]) for event in office.log()][-2:] == [
        (EventKind.OFFICER, "Chị gửi số [số điện thoại] giúp em"),
        (EventKind.OFFICER, PHRASES.word("channel_officer")),
    ]
    office.clock.advance(31 * 60)
    assert list(office.sender.due(10)) == []
    assert await office.says("vâng") == ["«vâng»"]


async def test_whom_an_officer_wrote_to_first_is_greeted_when_the_assistant_speaks(office: Office) -> None:
    office.deliver("officer", text="Sở Nội vụ xin chào anh")
    office.deliver(text="vâng, chào cô")
    await office.pump()
    assert office.channel.texts() == []
    assert [event.kind for event in office.log()] == [EventKind.OFFICER, EventKind.CITIZEN]
    office.clock.advance(31 * 60)
    assert await office.says("còn ai không") == [GREETING.text, "«còn ai không»"]


async def test_a_number_after_an_officers_words_is_no_button_of_an_older_reply(office: Office) -> None:
    office.answers = [Reply("a", "Chọn", buttons=buttons("A", "B", "C", "D"))]
    await office.says("hỏi")
    office.deliver("officer", text="Anh cần mấy bản?")
    await office.read()
    office.clock.advance(31 * 60)
    assert await office.says("2") == ["«2»"]


async def test_coming_back_is_greeted_once_however_it_is_told(office: Office) -> None:
    await office.says("hỏi")
    office.deliver("left")
    await office.pump()
    office.clock.advance(3600)
    office.deliver("opened")
    office.deliver("opened")
    await office.pump()
    office.deliver("opened")
    await office.pump()
    assert office.channel.texts() == [GREETING.text, "«hỏi»", GREETING.text]
    office.clock.advance(600)
    office.deliver("opened")
    await office.pump()
    assert office.channel.texts().count(GREETING.text) == 3, "/start later on is answered"
