"""News of a case on Zalo, against the fake account: in the window, by an approved template, by somebody who calls."""

from collections.abc import Iterator
from typing import Any

import pytest

from bot.core.channels.contract import Failure
from bot.store import Store
from tests.fakes.zalo import FakeZalo
from tests.integration.channel_steps import SetClock
from tests.integration.desk_client import PHONE, START
from tests.integration.telling_steps import NEWS, Telling
from tests.integration.zalo_steps import CITIZEN, Bench, failure

TEMPLATE = {"notice_template_id": "401234", "notice_template_data": "ngay={date},kenh=Zalo"}


@pytest.fixture
def fake() -> Iterator[tuple[FakeZalo, SetClock]]:
    clock = SetClock(START)
    with FakeZalo(clock.now, hang_seconds=0.5) as fake:
        fake.state.approved["401234"] = frozenset({"ngay", "kenh"})
        yield fake, clock


def telling_on(fake: tuple[FakeZalo, SetClock], store: Store, **settings: Any) -> tuple[Telling, Bench]:
    on = Bench(fake[0], fake[1], rate_pause_seconds=0.05, request_seconds=0.4, **settings)  # type: ignore[arg-type]
    telling = Telling(store, channel=on.channel)
    telling.clock = telling.office.clock = fake[1]
    for part in (telling.office.receiver, telling.office.inbound, telling.office.sender):
        part._clock = fake[1]
    telling.send_template = on.channel.templates.send if on.channel.templates else None
    telling.runner = telling.make()
    return telling, on


async def filed(telling: Telling, on: Bench, **changes: Any) -> str:
    """Let the citizen write on Zalo and file a case there."""
    on.state.interact(CITIZEN)
    with telling.store() as unit:
        thread = unit.threads.enter("zalo", CITIZEN, telling.clock.now())
        unit.threads.save(thread.id, last_inbound_at=telling.clock.now())
        unit.create_conversation(thread.conversation_id, "zalo", telling.clock.now())
        unit.commit()
    return telling.desk.file(thread.conversation_id, **changes)


async def test_in_the_window_the_chat_tells_it(fake: tuple[FakeZalo, SetClock], store: Store) -> None:
    telling, on = telling_on(fake, store, **TEMPLATE)
    telling.close(await filed(telling, on))
    await telling.tell()
    assert on.state.texts_to(CITIZEN) == [NEWS, NEWS]
    assert on.state.templates == []


async def test_after_two_days_the_approved_template_tells_it(fake: tuple[FakeZalo, SetClock], store: Store) -> None:
    telling, on = telling_on(fake, store, **TEMPLATE)
    case_id = await filed(telling, on)
    telling.later(days=3)
    telling.close(case_id)
    await telling.tell()
    [sent] = on.state.templates
    assert sent.recipient == CITIZEN
    assert sent.message["template_data"] == {"ngay": "26/11/2026", "kenh": "Zalo"}
    assert len(sent.message["tracking_id"]) <= 48
    assert on.state.texts_to(CITIZEN) == []
    assert telling.of_answer() == "template"
    assert telling.tasks() == []


async def test_without_a_template_somebody_calls(fake: tuple[FakeZalo, SetClock], store: Store) -> None:
    telling, on = telling_on(fake, store)
    assert on.channel.templates is None
    case_id = await filed(telling, on)
    telling.later(days=3)
    telling.close(case_id)
    await telling.tell()
    [task] = telling.tasks()
    assert (task.kind, task.case_id) == ("case_notice", case_id)
    assert "Qua zalo chưa báo được" in task.note
    assert PHONE not in task.note
    assert (on.state.sent, on.state.templates) == ([], [])


async def test_paid_replies_keep_the_chat_open_for_a_week(fake: tuple[FakeZalo, SetClock], store: Store) -> None:
    telling, on = telling_on(fake, store, paid_replies=True, **TEMPLATE)
    on.state.paid_left = 10
    case_id = await filed(telling, on)
    telling.later(days=3)
    telling.close(case_id)
    await telling.tell()
    assert NEWS in on.state.texts_to(CITIZEN)
    assert on.state.templates == []
    assert {sent.quota for sent in on.state.sent} == {"purchase_quota"}


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda state: state.approved.clear(), "waiting"),  # an alarm: tried again, then somebody calls
        (lambda state: state.people[CITIZEN].__setattr__("blocked", True), "person"),
        (lambda state: setattr(state, "templates_left", 0), "waiting"),
        (lambda state: state.approved.update({"401234": frozenset({"ten"})}), "person"),
    ],
)
async def test_what_zalo_says_of_a_template_decides(
    fake: tuple[FakeZalo, SetClock], store: Store, spoil: Any, told: str
) -> None:
    telling, on = telling_on(fake, store, **TEMPLATE)
    case_id = await filed(telling, on)
    telling.later(days=3)
    spoil(on.state)
    telling.close(case_id)
    await telling.tell()
    assert telling.of_answer() == told
    for _ in range(30):
        telling.later(hours=1)
        await telling.tell()
    assert telling.of_answer() == "person"
    assert [task.case_id for task in telling.tasks()] == [case_id]
    assert on.state.templates == []


@pytest.mark.parametrize(("fault", "sent"), [("reset", 1), ("-216", 1), ("-32", 1), ("http-502", 2)])
async def test_faults_on_the_way_lose_nothing(
    fake: tuple[FakeZalo, SetClock], store: Store, fault: str, sent: int
) -> None:
    telling, on = telling_on(fake, store, **TEMPLATE)
    case_id = await filed(telling, on)
    telling.later(days=3)
    telling.close(case_id)
    on.state.faults.planned.append(fault)
    for _ in range(4):
        await telling.tell()
        telling.later(minutes=20)
    assert telling.of_answer() == "template"
    assert 1 <= len(on.state.templates) <= sent
    assert len({one.message["tracking_id"] for one in on.state.templates}) == 1


async def test_people_without_an_account_get_no_template(fake: tuple[FakeZalo, SetClock], store: Store) -> None:
    _, on = telling_on(fake, store, **TEMPLATE)
    assert on.channel.templates is not None
    failed = await failure(on.channel.templates.send("anon:1:2", "k", "PA-1", START.date()))
    assert (failed.failure, failed.code) == (Failure.GIVE_UP, "anonymous-template")
    assert on.state.templates == []


async def test_the_number_is_told_only_where_the_office_wants_it(
    fake: tuple[FakeZalo, SetClock], store: Store
) -> None:
    fake[0].state.approved["9"] = frozenset({"ma"})
    telling, on = telling_on(
        fake, store, notice_template_id="9", notice_template_data="ma={number}", notice_template_tracking=False
    )
    case_id = await filed(telling, on)
    telling.later(days=3)
    telling.close(case_id)
    await telling.tell()
    [sent] = on.state.templates
    assert sent.message["template_data"] == {"ma": telling.desk.case(case_id).number}
    assert "tracking_id" not in sent.message
