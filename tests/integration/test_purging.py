"""What was dealt with long ago is deleted; what is not dealt with never is, and nothing of a case is."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from bot.core import purging
from bot.core.cases.news import News, Notice, NoticeStatus
from bot.core.channels.contract import Failure
from bot.core.channels.ports import DeadLetter
from bot.core.messages import EventKind
from bot.core.purging import Purger
from bot.store import Store
from tests.contracts.case_steps import deliver, file, handed_out
from tests.contracts.steps import NOW, claim, post
from tests.integration.channel_steps import MemoryChannel, Office, SetClock, failed

DAYS = 30
LONG = timedelta(days=DAYS + 1)
TABLES = (
    *("channel_inbox", "inbox", "channel_dead_letters", "outbox", "case_notices", "join_codes", "join_tries"),
    *("web_sessions", "events", "turns", "cases", "case_events", "channel_threads", "joined_conversations", "tasks"),
)


class House:
    """A store with a channel's office, and somebody who purges it."""

    def __init__(self, store: Store) -> None:
        self.store, self.clock = store, SetClock(NOW)
        self.office = Office(store, MemoryChannel(), clock=self.clock)
        self.purger = Purger(store, self.clock, DAYS)

    async def sweep(self, **later: float) -> dict[str, int]:
        self.clock.moment += timedelta(**later)
        return dict(await self.purger.sweep())

    def rows(self) -> dict[str, int]:
        with self.store.engine.connect() as connection:
            return {t: int(connection.exec_driver_sql(f"SELECT count(*) FROM {t}").scalar_one()) for t in TABLES}

    def change(self, work: Callable[[Any], Any]) -> Any:
        with self.store() as unit:
            done = work(unit)
            unit.commit()
        return done


@pytest.fixture
def house(store: Store) -> House:
    return House(store)


async def test_what_was_said_and_answered_goes_after_its_days_and_its_log_stays(house: House) -> None:
    await house.office.says("gọi tôi 0912345678")
    await house.office.says("còn nữa")
    before = house.rows()
    assert await house.sweep(days=DAYS - 1) == {}
    assert house.rows() == before
    assert await house.sweep(days=2) == {"channel_inbox": 2, "inbox": 2}
    after = house.rows()
    assert (after["events"], after["turns"], after["channel_threads"]) == (5, 2, 1)
    assert house.office.said() == ["gọi tôi [số điện thoại]", "còn nữa"]
    assert await house.sweep() == {}
    assert (await house.office.says("tôi quay lại"))[-1] == "«tôi quay lại»"


async def test_what_waits_is_never_deleted_however_old(house: House) -> None:
    house.office.channel.files["f"] = b"OggS" + bytes(100)
    house.office.channel.fetch_faults = [failed(Failure.RETRY) for _ in range(2)]
    house.office.deliver(text="chưa ai đọc", address="an")
    house.office.deliver("file", address="bình", media=[{"ref": "f"}])
    await house.office.read()  # stored for a turn that nobody runs; the file is put off
    with house.store() as unit:
        unit.create_conversation("web-1", "web", NOW)
        unit.commit()
    post(house.store, "m1", "chờ lượt", "web-1")
    assert claim(house.store, "web-1") is not None
    post(house.store, "m2", "chờ tiếp", "web-1")
    before = house.rows()
    deleted = await house.sweep(days=400)
    after = house.rows()
    assert deleted == {"channel_inbox": 1}, "the body whose message is stored for its turn"
    assert after["inbox"] == before["inbox"] == 3
    assert after["channel_inbox"] == 1
    await house.office.pump()
    house.clock.advance(100)
    await house.office.pump()
    assert "«chưa ai đọc»" in house.office.channel.texts("an")
    assert any(text.startswith("«[file:") for text in house.office.channel.texts("bình"))


async def test_dead_letters_stay_until_somebody_closes_them(house: House) -> None:
    def add(unit: Any) -> None:
        for name in ("open", "closed"):
            unit.dead_letters.add(DeadLetter(name, "memory", False, None, "give_up", "x", {}, NOW))
        unit.dead_letters.tried("closed", NOW, done=True)

    house.change(add)
    assert await house.sweep(days=400) == {"channel_dead_letters": 1}
    with house.store() as unit:
        assert [letter.id for letter in unit.dead_letters.open()] == ["open"]


async def test_an_arrival_that_was_given_up_stays_for_its_replay(house: House) -> None:
    house.office.deliver("file", media=[{"ref": "f"}], id="x1")

    thread = house.office.thread().id
    with house.store() as unit:
        [row] = unit.channel_inbox.waiting(thread, 10)
        unit.channel_inbox.dead(row)
        unit.commit()
    assert await house.sweep(days=400) == {}
    assert house.rows()["channel_inbox"] == 1


async def test_of_the_hand_over_only_what_was_delivered_goes(house: House) -> None:
    with house.store() as unit:
        unit.create_conversation("c", "web", NOW)
        unit.commit()
    file(house.store, "a", 1)
    file(house.store, "b", 2)
    deliver(house.store, handed_out(house.store))
    assert await house.sweep(days=400) == {"outbox": 1}
    rows = house.rows()
    assert (rows["outbox"], rows["cases"], rows["case_events"]) == (1, 2, 3)
    with house.store() as unit:
        assert unit.outbox.counts() == {"waiting": 1, "retrying": 0, "refused": 0, "delivered": 0}
    assert not file(house.store, "a", 1), "a case that is there is not filed again"


async def test_sessions_that_nobody_can_come_back_to_go_with_what_was_joined(house: House) -> None:
    def open_sessions(unit: Any) -> None:
        for name, hours in (("old", 1), ("new", 24 * 400)):
            unit.create_conversation(f"web-{name}", "web", NOW)
            unit.create_web_session(f"s_{name}", f"web-{name}", "h", NOW + timedelta(hours=hours), NOW)
            unit.append_event(f"web-{name}", EventKind.ASSISTANT, {"text": "chào"}, None, NOW)
        unit.create_conversation("zalo-1", "zalo", NOW)
        unit.joins.offer("web-old", "NT-AAAA-CCCC", NOW + timedelta(minutes=10), NOW)
        unit.joins.take("zalo-1", "NT-AAAA-CCCC", NOW)

    house.change(open_sessions)
    assert await house.sweep(days=DAYS + 1) == {"web_sessions": 1}
    with house.store() as unit:
        assert unit.web_session("s_old") is None
        assert unit.web_session("s_new") is not None
        assert unit.joins.of("zalo-1") is None
        assert len(unit.events_after("web-old", 0)) == 1


async def test_notices_that_wait_stay_and_codes_and_tries_go_after_a_day(house: House) -> None:
    def add(unit: Any) -> None:
        for name in ("c", "d"):
            unit.create_conversation(name, "web", NOW)

    house.change(add)
    file(house.store, "a", 1)

    def more(unit: Any) -> None:
        for status in NoticeStatus:
            unit.notices.add(Notice(status.value, "a", "c", News.ANSWERED, status, NOW))
        unit.joins.offer("c", "NT-AAAA-CCCC", NOW + timedelta(minutes=10), NOW)
        unit.joins.missed("d", NOW, 5, timedelta(minutes=15))

    house.change(more)
    assert await house.sweep(hours=20) == {}
    assert await house.sweep(hours=10) == {"join_codes": 1, "join_tries": 1}
    assert await house.sweep(days=DAYS) == {"case_notices": 4}
    with house.store() as unit:
        assert sorted(unit.notices.due(house.clock.now(), 10)) == ["chat", "waiting"]


async def test_much_is_deleted_in_batches_and_others_write_meanwhile(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(purging, "BATCH", 3)
    monkeypatch.setattr(purging, "_PAUSE_SECONDS", 0.0)
    for number in range(8):
        await house.office.says(f"tin {number}")
    house.clock.moment += LONG
    batches = 0
    batch = house.purger._batch

    def counted() -> Any:
        nonlocal batches
        batches += 1
        house.office.deliver(text="mới", address="bình")
        return batch()

    monkeypatch.setattr(house.purger, "_batch", counted)
    assert await house.purger.sweep() == {"channel_inbox": 8, "inbox": 8}
    assert batches == 3
    assert house.rows()["channel_inbox"] == 3
