"""A person's words on channels outside the web, beside the officers who write in the platform itself."""

from datetime import timedelta

import pytest

from bot.core.channels.contract import Capabilities, Failure
from bot.core.handover.attention import Told, Why
from bot.core.handover.effects import AskPerson
from bot.core.handover.queue import Standing
from bot.core.messages import Turn
from bot.store import Store
from tests.integration import console_steps
from tests.integration.channel_steps import Heard, MemoryChannel, Office, failed
from tests.integration.console_steps import LAN


class Both:
    """A channel's office and the console over one store and one clock."""

    def __init__(self, store: Store, **more: object) -> None:
        self.channel = Office(store, **more)  # type: ignore[arg-type]
        self.console = console_steps.Office(store, self.channel.clock)  # type: ignore[arg-type]
        self.console.hire()

    @property
    def conversation(self) -> str:
        return self.channel.thread().conversation_id

    async def waits(self) -> None:
        """Let the citizen write and ask for a person."""
        await self.channel.says("chào")
        now = self.channel.clock.now()
        with self.channel.store() as unit:
            turn = Turn("t-ask", self.conversation, "gặp người", None, now, now, 0)
            AskPerson(Why.ASKED, Standing(Told.NOBODY)).apply(unit, turn)
            unit.commit()


@pytest.fixture
def both(store: Store) -> Both:
    return Both(store)


async def test_a_persons_words_are_sent_and_say_that_a_person_writes(both: Both) -> None:
    await both.waits()
    both.console.desk.claim(LAN, both.conversation)
    both.console.desk.reply(LAN, both.conversation, "m1", "Chào bác, cháu nghe đây.")
    await both.channel.send()
    assert both.channel.channel.texts()[-2:] == [
        "Anh/chị đang nói chuyện với nhân viên trực. Từ đây là người trả lời, không phải trợ lý tự động.",
        "Nhân viên trực: Chào bác, cháu nghe đây.",
    ]
    before = len(both.channel.channel.sent)
    assert await both.channel.says("bác hỏi cái này") == []
    assert both.channel.said()[-1] == "bác hỏi cái này"
    assert len(both.channel.channel.sent) == before


async def test_a_place_on_the_map_goes_to_the_person(both: Both) -> None:
    await both.waits()
    both.console.desk.claim(LAN, both.conversation)
    before = len(both.channel.channel.sent)
    both.channel.deliver("location", text="21.02850,105.85420")
    await both.channel.pump()
    assert both.channel.said()[-1] == "Vị trí của tôi: 21.029, 105.854"
    assert len(both.channel.channel.sent) == before + 1, "that a person answers, and nothing more"


async def test_handed_back_the_assistant_answers_what_was_left(both: Both) -> None:
    await both.waits()
    both.console.desk.claim(LAN, both.conversation)
    await both.channel.says("lệ phí bao nhiêu")
    both.console.desk.hand_back(LAN, both.conversation, "Đã xong.")
    await both.channel.pump()
    assert both.channel.channel.texts()[-1] == "«lệ phí bao nhiêu»"


async def test_long_words_come_whole_and_in_order(both: Both) -> None:
    await both.waits()
    both.console.desk.claim(LAN, both.conversation)
    text = "\n\n".join(f"Đoạn {n}: " + "x" * 90 for n in range(6))
    both.console.desk.reply(LAN, both.conversation, "m1", text)
    await both.channel.send()
    pieces = [t for t in both.channel.channel.texts() if "Đoạn" in t]
    assert len(pieces) > 1
    assert "\n\n".join(pieces) == f"Nhân viên trực: {text}"


async def test_words_that_cannot_be_sent_now_are_sent_later_once(both: Both) -> None:
    await both.waits()
    both.console.desk.claim(LAN, both.conversation)
    await both.channel.send()
    both.channel.channel.faults = [failed(Failure.RETRY)]
    both.console.desk.reply(LAN, both.conversation, "m1", "Chào bác.")
    await both.channel.send()
    both.channel.clock.advance(60)
    await both.channel.send()
    assert [t for t in both.channel.channel.texts() if "Chào bác" in t] == ["Nhân viên trực: Chào bác."]


async def test_where_the_platforms_window_is_over_people_are_told_and_the_words_wait(store: Store) -> None:
    channel = MemoryChannel(Capabilities(200, 3, 20, closed_after=timedelta(hours=48)))
    both = Both(store, channel=channel)
    await both.waits()
    both.console.desk.claim(LAN, both.conversation)
    await both.channel.send()
    both.channel.clock.advance(49 * 3600)
    both.console.desk.reply(LAN, both.conversation, "m1", "Bác ơi, có kết quả rồi.")
    await both.channel.send()
    assert "channel_closed" in both.channel.tasks()
    assert "có kết quả" not in str(channel.sent)
    await both.channel.says("có ai không")
    assert "Nhân viên trực: Bác ơi, có kết quả rồi." in channel.texts()


async def test_an_officers_silence_does_not_hold_up_who_attends_here(both: Both) -> None:
    await both.waits()
    both.channel.deliver("officer", "để tôi xem")
    await both.channel.read()
    assert both.channel.thread().paused_until is not None
    both.console.desk.claim(LAN, both.conversation)
    both.console.desk.reply(LAN, both.conversation, "m1", "Cháu nghe đây.")
    await both.channel.send()
    assert both.channel.channel.texts()[-1] == "Nhân viên trực: Cháu nghe đây."
    # Nor does what the officer writes in the platform while somebody attends here.
    both.channel.deliver("officer", "chào bác")
    await both.channel.read()
    both.console.desk.reply(LAN, both.conversation, "m2", "Bác chờ cháu chút.")
    await both.channel.send()
    assert both.channel.channel.texts()[-1] == "Nhân viên trực: Bác chờ cháu chút."
    await both.channel.says("vâng")
    assert both.channel.said()[-1] == "vâng"


async def test_what_the_assistant_said_under_an_officers_silence_stays_unsaid(both: Both) -> None:
    await both.waits()
    both.channel.say("câu trả lời chưa gửi")
    both.channel.deliver("officer", "để tôi xem")
    await both.channel.read()
    both.channel.clock.advance(60)
    both.console.desk.claim(LAN, both.conversation)
    await both.channel.send()
    assert "câu trả lời chưa gửi" not in both.channel.channel.texts()


async def test_the_assistant_says_nothing_by_itself_while_a_person_answers(store: Store) -> None:
    channel = MemoryChannel(files={"voice": b"OggS" + b"\0" * 40})
    both = Both(store, channel=channel, recogniser=Heard("cho tôi hỏi lệ phí"))
    await both.waits()
    both.console.desk.claim(LAN, both.conversation)
    await both.channel.pump()
    before = len(channel.sent)
    both.channel.deliver("sticker")
    both.channel.deliver("opened")
    both.channel.deliver("voice", media=[{"ref": "voice", "mime": "audio/ogg", "seconds": 3}])
    both.channel.deliver(text="1")
    both.channel.clock.advance(13 * 3600)
    await both.channel.pump()
    assert len(channel.sent) == before
    assert both.channel.said()[-2:] == ["cho tôi hỏi lệ phí", "1"]
