"""The live stream ends with the session that it was opened in."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace

import httpx
import pytest

from bot.core.cases.access import Access
from bot.core.handover.desk import OperatorDesk
from bot.core.handover.ports import Signal
from bot.store import Store
from channels.console import PREFIX
from channels.console.browser import COOKIE
from channels.console.stream import stream_router
from channels.web import InProcessNotifier
from tests.browser.fakes import serving
from tests.integration.console_client import STAFF, Browser, Desk, open_desk, password_of, token_in
from tests.integration.console_steps import PHRASES
from tests.integration.console_talks_client import QUICK
from tests.integration.test_web_channel_stream import events_of

WHO = STAFF["operator"]
Ending = Callable[[Desk, Browser], Awaitable[None]]


@pytest.fixture
def desk(store: Store) -> Desk:
    desk = open_desk(store)
    desk.app.include_router(
        stream_router(
            store,
            OperatorDesk(store, desk.clock, PHRASES, Access()),
            desk.signed_in,
            notify=InProcessNotifier(),
            alarm_text=str,
            settings=replace(QUICK, reread_seconds=30.0, alive_seconds=0.1),
        )
    )
    return desk


@pytest.fixture
def address(desk: Desk) -> Iterator[str]:
    with serving(desk.app) as address:
        yield address


@asynccontextmanager
async def following(desk: Desk, address: str) -> AsyncIterator[tuple[Browser, httpx.Response]]:
    """Sign somebody in and follow the stream with their cookie."""
    browser = await desk.enter("operator")
    headers = {"Cookie": f"{COOKIE}={token_in(browser)}"}
    async with (
        browser,
        httpx.AsyncClient(timeout=10, headers=headers) as client,
        client.stream("GET", f"{address}{PREFIX}/stream") as response,
    ):
        assert response.status_code == 200
        yield browser, response


async def logs_out(_desk: Desk, browser: Browser) -> None:
    await browser.delete(f"{PREFIX}/session")


async def is_locked(desk: Desk, _browser: Browser) -> None:
    async with await desk.enter("administrator") as administrator:
        answer = await administrator.post(f"{PREFIX}/users/{WHO.id}/lock", json={"reason": "nghi lộ mật khẩu"})
        assert answer.status_code == 200, answer.text


async def is_away(desk: Desk, _browser: Browser) -> None:
    desk.pass_time(minutes=31)


async def changes_password(_desk: Desk, browser: Browser) -> None:
    body = {"old": password_of("operator"), "new": "mây trắng trên sông Hồng"}
    answer = await browser.post(f"{PREFIX}/password", json=body)
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("ending", [logs_out, is_locked, is_away, changes_password])
async def test_the_stream_ends_with_its_session(desk: Desk, address: str, ending: Ending) -> None:
    async with following(desk, address) as (browser, response):
        await ending(desk, browser)
        with desk.store() as unit:
            unit.switchboard.signal(Signal.ALARM, desk.clock.now(), None, "danger")
            unit.commit()
        async with asyncio.timeout(5):
            told = [name async for name, _, _ in events_of(response)]
    assert "alarm" not in told


async def test_the_stream_goes_on_with_its_session(desk: Desk, address: str) -> None:
    async with following(desk, address) as (_, response):
        await asyncio.sleep(0.4)
        with desk.store() as unit:
            unit.switchboard.signal(Signal.ALARM, desk.clock.now(), None, "danger")
            unit.commit()
        async with asyncio.timeout(5):
            async for name, _, _ in events_of(response):
                if name == "alarm":
                    break
            else:
                pytest.fail("the stream ended")
