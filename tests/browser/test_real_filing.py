"""Cases filed for callers on the real pages and the real service, by keys alone."""

from collections.abc import Iterator
from datetime import datetime

import pytest
from playwright.sync_api import Browser

from bot.core.story import VIETNAM
from bot.store import KeyRing, Store
from tests.browser.filing_trace import MOST_KEYS, OPERATOR, Filer, Told, stories
from tests.browser.together import hire, room
from tests.stack import RunningStack

pytestmark = [pytest.mark.stack, pytest.mark.browser, pytest.mark.timeout(300)]
STORIES = stories(datetime.now(VIETNAM))


@pytest.fixture(scope="module")
def filer(browser: Browser, running_stack: RunningStack) -> Iterator[Filer]:
    (member,) = hire(running_stack.settings, OPERATOR)
    with room(browser) as opened:
        yield Filer(opened.signed_in(running_stack.base_url, member, "#tong-dai"))


@pytest.mark.parametrize("told", STORIES, ids=["plain", "dialect", "letter"])
def test_story_becomes_a_case_with_few_keys_beyond_it(filer: Filer, running_stack: RunningStack, told: Told) -> None:
    trace = filer.file(told)
    assert trace.beyond <= MOST_KEYS, trace.steps
    settings = running_stack.settings
    store = Store(settings.database_url, KeyRing.load_or_create(settings.keys_dir))
    with store() as unit:
        case_id = unit.cases.by_number(trace.number)
        assert case_id is not None
        record = unit.cases.case(case_id).record
    store.close()
    assert record.channel == ("hotline" if told.call else "letter")
    assert record.narrative_raw == told.text
    assert record.unit is not None
    assert record.behaviours
    assert record.event_date is not None
