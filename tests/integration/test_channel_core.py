"""Channels over real databases: what arrives is dealt with once and in order, however it is delivered."""

import json
from datetime import timedelta

import pytest

from bot.core.channels.arriving import Rules
from bot.core.channels.batches import Dealt
from bot.core.channels.contract import Failure
from bot.core.channels.inbound import InboundSettings
from bot.core.channels.receiving import MAX_WAITING
from bot.core.messages import EventKind
from bot.store import Store
from tests.integration.channel_steps import GREETING, INBOUND, PHRASES, MemoryChannel, Office, failed


@pytest.fixture
def office(store: Store) -> Office:
    return Office(store)


def test_a_delivery_is_stored_once_however_often_it_comes(office: Office) -> None:
    assert office.deliver(text="chào", id="1").stored == 1
    for _ in range(3):
        again = office.deliver(text="chào", id="1")
        assert (again.stored, again.repeated, again.threads) == (0, 1, ())
    with office.store() as unit:
        assert unit.channel_inbox.count_waiting(office.thread().id) == 1


async def test_the_first_message_is_greeted_and_answered(office: Office) -> None:
    assert await office.says("cho hỏi phí") == [GREETING.text, "«cho hỏi phí»"]
    assert await office.says("còn giấy tờ") == ["«còn giấy tờ»"]
    assert office.said() == ["cho hỏi phí", "còn giấy tờ"]
    assert office.woken == [office.thread().conversation_id] * 2


async def test_a_redelivery_after_the_answer_changes_nothing(office: Office) -> None:
    await office.says("cho hỏi phí", id="7")
    assert await office.says("cho hỏi phí", id="7") == []
    assert office.said() == ["cho hỏi phí"]


async def test_quick_messages_are_answered_together_in_the_order_in_which_they_were_sent(store: Store) -> None:
    office = Office(store, inbound=InboundSettings(wait_seconds=2, per_minute=100))
    for second, text in ((1, "hai"), (0, "một"), (2, "ba")):
        office.deliver(text=text, sent_at=(office.clock.now() + timedelta(seconds=second)).isoformat())
    assert await office.inbound.run(office.thread().id) is False
    await office.pump()
    assert office.channel.texts() == [], "the window is still open"
    office.clock.advance(2)
    await office.pump()
    assert office.channel.texts() == [GREETING.text, "«một\nhai\nba»"]


async def test_who_never_stops_typing_is_answered_all_the_same(store: Store) -> None:
    office = Office(store, inbound=InboundSettings(wait_seconds=2, per_minute=100))
    for number in range(9):
        office.deliver(text=f"{number}")
        await office.pump()
        office.clock.advance(1)
    assert len(office.channel.texts()) >= 2


async def test_two_people_do_not_wait_for_each_other(office: Office) -> None:
    office.deliver(text="a", address="an")
    office.deliver(text="b", address="bình")
    office.channel.faults = [failed(Failure.RETRY)]
    await office.pump()
    assert sorted(map(len, (office.channel.texts("an"), office.channel.texts("bình")))) == [0, 2]
    office.clock.advance(5)
    await office.pump()
    assert office.channel.texts("an") == [GREETING.text, "«a»"]
    assert office.channel.texts("bình") == [GREETING.text, "«b»"]


async def test_opening_greets_once_and_again_after_a_while(office: Office) -> None:
    for _ in range(2):
        office.deliver("opened")
        await office.pump()
    assert office.channel.texts() == [GREETING.text]
    office.clock.advance(13 * 3600)
    office.deliver("opened")
    await office.pump()
    assert office.channel.texts() == [GREETING.text] * 2


async def test_an_officer_silences_the_assistant_for_a_while_and_nothing_is_lost_from_the_log(store: Store) -> None:
    rules = Rules(pause=timedelta(minutes=30))
    office = Office(store, inbound=InboundSettings(wait_seconds=0, rules=rules))
    await office.says("hỏi")
    office.deliver("officer", text="Tôi là cán bộ đây")
    office.deliver(text="vâng ạ")
    office.say("trả lời muộn")
    office.say("vụ việc đã có kết quả", kind=EventKind.NOTICE)
    await office.pump()
    assert office.channel.texts() == [GREETING.text, "«hỏi»"]
    assert office.said()[-1] == "vâng ạ"
    office.clock.advance(31 * 60)
    assert await office.says("còn ai không") == ["vụ việc đã có kết quả", "«còn ai không»"]


async def test_who_left_is_not_written_to_until_they_come_back(office: Office) -> None:
    await office.says("hỏi")
    office.deliver("left")
    office.say("tin mới")
    await office.pump()
    assert office.channel.texts()[-1] == "«hỏi»"
    office.deliver("opened")
    await office.pump()
    assert office.channel.texts()[-1] == "tin mới"


async def test_a_wish_to_be_forgotten_is_a_task_for_people(office: Office) -> None:
    office.deliver("erase", id="1")
    office.deliver("erase", id="2")
    await office.pump()
    assert office.tasks() == ["channel_erase"]
    assert office.channel.sent == []


async def test_too_much_of_one_citizen_is_read_slowly_and_nothing_is_dropped(store: Store) -> None:
    office = Office(store, inbound=InboundSettings(wait_seconds=0, per_minute=5))
    for number in range(12):
        office.deliver(text=f"t{number}")
    office.deliver(text="tôi", address="bình")
    await office.pump()
    assert len(office.said()) == 5
    assert office.said("bình") == ["tôi"]
    assert office.channel.texts().count(PHRASES.say("channel_slow")) == 1
    for _ in range(4):
        office.clock.advance(61)
        await office.pump()
    assert office.said() == [f"t{number}" for number in range(12)]


def test_a_flood_of_one_citizen_does_not_fill_the_disk(office: Office) -> None:
    said = [{"id": f"f{n}", "address": "an", "kind": "text", "text": "x"} for n in range(MAX_WAITING + 5)]
    office.receiver.take(json.dumps(said).encode())
    assert office.counts.of["in.flooded"] == 5
    assert office.deliver(text="khác", address="bình").stored == 1


async def test_a_full_conversation_is_read_on_when_there_is_room(store: Store) -> None:
    settings = InboundSettings(wait_seconds=0, per_minute=100, rules=Rules(max_waiting=2))
    office = Office(store, inbound=settings)
    for number in range(5):
        office.deliver(text=f"t{number}")
    for _ in range(5):
        await office.pump()
        office.clock.advance(2)
    assert office.said() == [f"t{number}" for number in range(5)]
    assert sum(text.startswith("«") for text in office.channel.texts()) == 3


def test_an_unreadable_body_is_kept_for_people_once(office: Office) -> None:
    for _ in range(2):
        assert not office.receiver.take(b"{").readable
    with office.store() as unit:
        [letter] = unit.dead_letters.open("memory")
    assert (letter.inbound, letter.failure, letter.code) == (True, "unread", "not ours")


async def test_an_unreadable_body_is_read_when_people_ask_and_a_new_version_can(office: Office) -> None:
    body = json.dumps({"id": "n", "address": "an", "kind": "text", "text": "mới"}).encode()
    read, office.channel.read = office.channel.read, lambda _: (_ for _ in ()).throw(ValueError)  # type: ignore[method-assign]
    office.receiver.take(body)
    with office.store() as unit:
        [letter] = unit.dead_letters.open()
        assert unit.dead_letters.replay(letter.id, office.clock.now())
        unit.commit()
    office.receiver.replay()
    assert office.said() == []
    office.channel.read = read  # type: ignore[method-assign]
    with office.store() as unit:
        unit.dead_letters.replay(letter.id, office.clock.now())
        unit.commit()
    office.receiver.replay()
    await office.pump()
    assert office.said() == ["mới"]
    with office.store() as unit:
        assert unit.dead_letters.open() == []


async def test_an_arrival_that_always_fails_does_not_hold_the_others_up(store: Store) -> None:
    class Broken(MemoryChannel):
        async def fetch(self, media, limit):  # type: ignore[no-untyped-def]
            raise ZeroDivisionError

    office = Office(store, Broken(), inbound=INBOUND)
    office.deliver(text="trước")
    office.deliver("file", media=[{"ref": "f"}])
    office.deliver(text="sau")
    for _ in range(6):
        await office.pump()
        office.clock.advance(100)
    assert office.said() == ["trước", "sau"]
    with office.store() as unit:
        assert [letter.code for letter in unit.dead_letters.open()] == ["ZeroDivisionError"]


async def test_a_lease_that_ran_out_is_not_written_over(store: Store) -> None:
    slow = Office(store)
    quick = Office(store, slow.channel, worker="v", clock=slow.clock)
    slow.channel.files["f"] = b"OggS" + bytes(100)
    slow.deliver("file", text="một lần", media=[{"ref": "f"}])
    begun = slow.inbound._begin(slow.thread().id)
    assert begun is not None
    arrived, _ = await slow.inbound._prepare(*begun[:2])
    slow.clock.advance(200)
    await quick.read()
    assert slow.inbound._deal(begun[0], arrived, None) == Dealt()
    assert slow.said() == ["một lần"]


async def test_halves_of_characters_are_answered_too(office: Office) -> None:
    office.deliver(text="a\ud800b")
    await office.pump()
    assert office.channel.texts()[-1] == "«a?b»"


@pytest.mark.parametrize(
    ("id", "address"), [("\x00", "an"), ("1", "\x00"), ("\ud800", "an"), ("x" * 600, "an"), ("1", "\n")]
)
def test_an_id_that_no_database_keeps_is_unreadable(office: Office, id: str, address: str) -> None:
    assert not office.deliver(text="a", id=id, address=address).readable
