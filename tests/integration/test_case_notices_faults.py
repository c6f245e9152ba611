"""Notices through what goes wrong: templates that fail, crashes, two workers, chats that never take them."""

import pytest

from bot.core.cases.noticing import CLAIM, PATIENCE
from bot.core.channels.contract import Failure
from bot.core.channels.sending import UNCERTAIN
from bot.store import Store
from tests.integration.channel_steps import failed
from tests.integration.telling_steps import Telling, failing


@pytest.fixture
def telling(store: Store) -> Telling:
    return Telling(store)


async def test_a_template_that_fails_is_tried_again_and_at_last_somebody_calls(telling: Telling) -> None:
    case_id = await telling.filed()
    telling.later(hours=49)
    telling.close(case_id)
    telling.templates.faults = [failing(Failure.RETRY), failing(Failure.WAIT), failing(Failure.ALARM)]
    for _ in range(4):
        await telling.tell()
        telling.later(minutes=30)
    assert len(telling.templates.sent) == 1
    assert telling.of_answer() == "template"
    other = await telling.filed("bình")
    telling.later(hours=49)
    telling.close(other)
    telling.templates.faults = [failing(Failure.RETRY) for _ in range(100)]
    for _ in range(30):
        await telling.tell()
        telling.later(hours=1)
    assert [task.case_id for task in telling.tasks()] == [other]
    assert len(telling.templates.sent) == 1


@pytest.mark.parametrize("kind", [Failure.GIVE_UP, Failure.BLOCKED, Failure.WINDOW])
async def test_a_template_that_is_refused_for_good_is_a_task_at_once(telling: Telling, kind: Failure) -> None:
    case_id = await telling.filed()
    telling.later(hours=49)
    telling.close(case_id)
    telling.templates.faults = [failing(kind)]
    await telling.tell()
    assert [task.case_id for task in telling.tasks()] == [case_id]
    assert telling.of_answer() == "person"


async def test_only_where_nobody_can_know_a_template_goes_out_twice_with_the_same_key(telling: Telling) -> None:
    case_id = await telling.filed()
    telling.later(hours=49)
    telling.close(case_id)
    telling.templates.after = [failing(Failure.UNKNOWN)]
    await telling.tell()
    telling.later(hours=1)
    await telling.tell()
    [first, second] = telling.templates.sent
    assert first[:3] == second[:3]
    assert telling.office.counted(UNCERTAIN) == 1
    assert telling.of_answer() == "template"


async def test_two_workers_tell_once(telling: Telling) -> None:
    case_id = await telling.filed()
    telling.later(hours=49)
    telling.close(case_id)
    other = telling.make()
    due = telling.runner.due(10)
    for notice_id in due:
        await telling.runner.run(notice_id)
        await other.run(notice_id)
    assert len(telling.templates.sent) == 1


async def test_a_crash_between_claim_and_sending_only_delays(telling: Telling) -> None:
    case_id = await telling.filed()
    telling.later(hours=49)
    telling.close(case_id)
    for notice_id in telling.runner.due(10):
        telling.runner._begin(notice_id)
    await telling.tell()
    assert telling.templates.sent == []
    telling.later(seconds=CLAIM.total_seconds())
    await telling.tell()
    assert len(telling.templates.sent) == 1


async def test_what_stands_unsent_too_long_is_told_in_another_way(telling: Telling) -> None:
    case_id = await telling.filed()
    telling.close(case_id)
    telling.office.channel.faults = [failed(Failure.RETRY) for _ in range(1_000)]
    await telling.tell()
    telling.later(hours=2)
    await telling.tell()
    assert telling.templates.sent == []
    telling.later(seconds=PATIENCE.total_seconds())
    await telling.tell()
    assert len(telling.templates.sent) == 1


async def test_who_leaves_before_it_was_sent_is_called(telling: Telling) -> None:
    case_id = await telling.filed()
    telling.close(case_id)
    for notice_id in telling.runner.due(10):
        await telling.runner.run(notice_id)
    telling.office.deliver("left")
    await telling.office.read()
    await telling.office.send()
    telling.later(minutes=11)
    await telling.tell()
    assert [task.case_id for task in telling.tasks()] == [case_id]


async def test_a_channel_that_was_switched_off_is_a_task(store: Store) -> None:
    telling = Telling(store, on=False)
    case_id = await telling.filed()
    telling.close(case_id)
    await telling.tell()
    [task] = telling.tasks()
    assert "kênh đang tắt" in task.note
