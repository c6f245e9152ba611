"""What a conversation says is sent in order, once, and twice only where nobody could know; over real databases."""

import asyncio
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.core.channels.contract import Capabilities, Failure
from bot.core.channels.ports import Thread, ThreadStatus
from bot.core.channels.sending import UNCERTAIN, SendingSettings, _Flight
from bot.core.channels.unsent import Due
from bot.core.errors import StoreUnavailable
from bot.core.keeping import Keeper
from bot.core.messages import EventKind
from bot.store import Store
from tests.integration.channel_steps import GREETING, MemoryChannel, Office, buttons, failed


@pytest.fixture
async def office(store: Store) -> Office:
    """An office whose citizen was greeted and answered."""
    office = Office(store)
    await office.says("hỏi")
    office.channel.sent.clear()
    return office


def begun(office: Office) -> tuple[Thread, Due]:
    """Let the worker take the thread and stop before it sends."""
    taken = office.sender._begin(office.thread().conversation_id)
    assert taken is not None
    thread, due = taken
    assert due is not None
    return thread, due


async def test_a_long_reply_goes_in_pieces_and_the_buttons_with_the_last(office: Office) -> None:
    sentences = [f"Câu số {n} này dài vừa phải thôi." for n in range(20)]
    office.say(" ".join(sentences), buttons=buttons("Phí"))
    office.say("sau đó")
    await office.send()
    texts = office.channel.texts()
    assert " ".join(texts[:-1]) == " ".join(sentences)
    assert texts[-1] == "sau đó"
    assert all(len(text) <= 200 for text in texts)
    assert [bool(message.choices) for _, message in office.channel.sent] == [False] * (len(texts) - 2) + [True, False]


async def test_what_was_not_taken_is_sent_again_later_and_nothing_overtakes_it(office: Office) -> None:
    office.channel.faults = [failed(Failure.RETRY), failed(Failure.RETRY), failed(Failure.WAIT, 7)]
    office.say("một")
    office.say("hai")
    for _ in range(10):
        await office.send()
        office.clock.advance(2)
    assert office.channel.texts() == ["một", "hai"]
    assert office.counted(UNCERTAIN) == 0


async def test_the_platform_says_how_long_to_wait(office: Office) -> None:
    office.channel.faults = [failed(Failure.WAIT, 30)]
    office.say("một")
    await office.send()
    office.clock.advance(29)
    await office.send()
    assert office.channel.texts() == []
    office.clock.advance(2)
    await office.send()
    assert office.channel.texts() == ["một"]


async def test_only_where_nobody_can_know_it_is_sent_twice_and_counted(office: Office) -> None:
    office.channel.after = [failed(Failure.UNKNOWN)]
    office.say("một")
    office.say("hai")
    await office.send()
    office.clock.advance(5)
    await office.send()
    assert office.channel.texts() == ["một", "một", "hai"]
    assert office.counted(UNCERTAIN) == 1


async def test_an_adapters_mistake_counts_as_unknown(office: Office) -> None:
    office.channel.faults = [ZeroDivisionError()]
    office.say("một")
    await office.send()
    office.clock.advance(5)
    await office.send()
    assert office.channel.texts() == ["một"]
    assert office.counted(UNCERTAIN) == 1


async def test_a_crash_between_sending_and_marking_is_counted(office: Office) -> None:
    office.say("một")
    thread, due = begun(office)
    await office.channel.send(thread.address, due.message)
    # The process is dead now; its lease runs out.
    other = Office(office.store, office.channel, worker="v", clock=office.clock)
    await other.send()
    assert office.channel.texts() == ["một"]
    office.clock.advance(61)
    await other.send()
    await other.send()
    assert office.channel.texts() == ["một", "một"]
    assert office.counted(UNCERTAIN) == 1


async def test_a_crash_after_marking_is_not_counted(office: Office) -> None:
    office.say("một")
    thread, due = begun(office)
    assert await office.sender._one(thread, due, _Flight()) is None
    office.clock.advance(61)
    await office.send()
    assert office.channel.texts() == ["một"]
    assert office.counted(UNCERTAIN) == 0


async def test_whoever_lost_the_lease_moves_no_cursor(office: Office) -> None:
    office.say("một")
    office.say("hai")
    thread, due = begun(office)
    office.clock.advance(61)
    other = Office(office.store, office.channel, worker="v", clock=office.clock)
    await other.send()
    assert await office.sender._one(thread, due, _Flight()) is None
    await other.send()
    assert office.channel.texts() == ["một", "hai", "một"]


async def test_a_stop_in_the_middle_leaves_the_rest_to_the_next_worker_at_once(office: Office) -> None:
    office.say("một")
    office.channel.gate = asyncio.Event()
    office.channel.sending.clear()
    task = asyncio.create_task(office.sender.run(office.thread().conversation_id))
    await office.channel.sending.wait()
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    office.channel.gate = None
    other = Office(office.store, office.channel, worker="v", clock=office.clock)
    await other.send()
    assert office.channel.texts() == ["một"]
    assert office.counted(UNCERTAIN) == 1


async def test_two_workers_double_nothing_and_keep_the_order(store: Store) -> None:
    first = Office(store, worker="a")
    second = Office(store, first.channel, worker="b", clock=first.clock)
    people = [f"người {n}" for n in range(8)]
    for address in people:
        first.deliver(text="hỏi", address=address)
    await asyncio.gather(first.read(), second.read())
    first.answer()
    for number in range(5):
        for address in people:
            first.say(f"tin {number}", address)
    senders = (first.sender, second.sender)
    keepers = [Keeper(sender.run, sender.due, sender.release, poll_seconds=0.02) for sender in senders]
    tasks = [asyncio.create_task(keeper.run()) for keeper in keepers]
    async with asyncio.timeout(60):
        while len(first.channel.sent) < len(people) * 7:  # noqa: ASYNC110 -- a fake without an event
            await asyncio.sleep(0.05)
    await asyncio.sleep(0.3)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    for address in people:
        expected = [GREETING.text, "«hỏi»", *(f"tin {number}" for number in range(5))]
        assert first.channel.texts(address) == expected
    assert first.counted(UNCERTAIN) == 0


async def test_who_blocked_us_is_left_alone_until_they_write_and_people_have_a_task(office: Office) -> None:
    office.channel.faults = [failed(Failure.BLOCKED)]
    office.say("kết quả vụ việc", kind=EventKind.NOTICE)
    office.say("thêm")
    for _ in range(3):
        await office.send()
        office.clock.advance(1_000)
    assert office.channel.texts() == []
    assert (office.thread().status, office.tasks()) == (ThreadStatus.BLOCKED, ["channel_closed"])
    assert await office.says("tôi đây") == ["kết quả vụ việc", "thêm", "«tôi đây»"]
    assert office.thread().status is ThreadStatus.OPEN


async def test_a_window_that_the_platform_closed_is_a_task_too(office: Office) -> None:
    office.channel.faults = [failed(Failure.WINDOW)]
    office.say("kết quả")
    await office.send()
    assert (office.thread().status, office.tasks()) == (ThreadStatus.WINDOW, ["channel_closed"])


async def test_nothing_is_tried_outside_the_window_that_we_know_of(store: Store) -> None:
    capabilities = Capabilities(200, 3, 20, closed_after=timedelta(hours=48))
    office = Office(store, MemoryChannel(capabilities))
    await office.says("hỏi")
    office.clock.advance(47 * 3600)
    office.say("còn kịp")
    await office.send()
    office.clock.advance(3600)
    office.say("trễ rồi")
    await office.send()
    assert office.channel.texts()[-1] == "còn kịp"
    assert (office.thread().status, office.tasks()) == (ThreadStatus.WINDOW, ["channel_closed"])
    assert await office.says("à này") == ["trễ rồi", "«à này»"]


async def test_what_is_never_taken_is_a_dead_letter_and_the_rest_goes_on(office: Office) -> None:
    office.channel.faults = [failed(Failure.GIVE_UP)]
    office.say("hỏng", buttons=buttons("Phí"))
    office.say("lành")
    await office.send()
    assert office.channel.texts() == ["lành"]
    with office.store() as unit:
        [letter] = unit.dead_letters.open("memory")
        assert (letter.failure, letter.inbound) == ("give_up", False)
        assert unit.dead_letters.replay(letter.id, office.clock.now())
        unit.commit()
    office.channel.faults = [failed(Failure.GIVE_UP)]
    await office.send()
    await office.send()
    assert office.channel.texts() == ["lành"], "it was refused again, once"
    with office.store() as unit:
        unit.dead_letters.replay(letter.id, office.clock.now())
        unit.commit()
    await office.send()
    await office.send()
    assert office.channel.texts() == ["lành", "hỏng"]
    assert office.channel.sent[-1][1].choices[0].title == "Phí"
    with office.store() as unit:
        assert unit.dead_letters.open() == []
        assert not unit.dead_letters.replay(letter.id, office.clock.now())


async def test_what_fails_for_ever_is_given_up_in_the_end(store: Store) -> None:
    office = Office(store, sending=replace(SendingSettings(), give_up_tries=3))
    office.channel.faults = [failed(Failure.RETRY)] * 3
    office.deliver(text="hỏi")
    for _ in range(5):
        await office.pump()
        office.clock.advance(1_000)
    assert office.channel.texts() == ["«hỏi»"]
    with store() as unit:
        assert [letter.failure for letter in unit.dead_letters.open()] == ["retry"]


async def test_a_channel_out_of_order_is_left_alone_for_a_while_and_people_are_told_once(office: Office) -> None:
    office.channel.faults = [failed(Failure.ALARM)] * 2
    office.say("một")
    await office.send()
    assert list(office.sender.due(10)) == []
    for _ in range(3):
        office.clock.advance(61)
        await office.send()
    assert office.channel.texts() == ["một"]
    assert office.tasks() == ["channel_alarm"]


async def test_an_event_that_cannot_be_shown_holds_nothing_up(office: Office) -> None:
    with office.store() as unit:
        conversation = office.thread().conversation_id
        unit.append_event(conversation, EventKind.NOTICE, {"blocks": 7}, None, office.clock.now())
        unit.commit()
    office.say("sau")
    await office.send()
    assert office.channel.texts() == ["sau"]


async def test_a_store_that_does_not_answer_for_a_moment_doubles_nothing(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.say("một")
    taken, fails = office.sender._taken, [StoreUnavailable("x"), StoreUnavailable("x")]

    def flaky(*args: Any) -> Due | None:
        if fails:
            raise fails.pop()
        return taken(*args)

    monkeypatch.setattr(office.sender, "_taken", flaky)
    await office.send()
    await office.send()
    assert office.channel.texts() == ["một"]
    assert office.counted(UNCERTAIN) == 0


async def test_nothing_is_due_when_all_is_sent(office: Office) -> None:
    assert list(office.sender.due(10)) == []
    office.deliver("officer")
    await office.read()
    assert list(office.sender.due(10)) == []
