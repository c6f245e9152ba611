"""Steps of the Zalo tests: a channel against the fake server."""

import asyncio
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx

from bot.core.channels.contract import SendFailed
from bot.core.clock import SystemClock
from bot.settings.zalo import ZaloSettings
from bot.wiring.zalo import zalo_channel
from channels.zalo.channel import ZaloChannel
from channels.zalo.tokens import TokenState, TokenStore
from tests.fakes.zalo import FakeZalo
from tests.fakes.zalo_stores import FileTokenStore, MemoryCounters, MemoryTokenStore, MemoryUploads, SetClock

NOW = datetime(2026, 11, 26, 2, 0, tzinfo=UTC)
CITIZEN = "2000000000000000002"


class Bench:
    """A fake Zalo with a channel that is logged in, both on a clock that the test sets."""

    def __init__(self, fake: FakeZalo, clock: SetClock, **settings: Any) -> None:
        self.fake, self.state, self.clock = fake, fake.state, clock
        self.store = MemoryTokenStore(logged_in(fake, clock.now()))
        self.counters = MemoryCounters()
        self.uploads = MemoryUploads()
        self.state.interact(CITIZEN)
        self.channel = self.make(**settings)

    def make(self, store: TokenStore | None = None, **settings: Any) -> ZaloChannel:
        """Return another channel, as another process would have."""
        described = zalo_settings(self.fake, **settings)
        return zalo_channel(described, store or self.store, self.uploads, self.counters, self.clock)

    def later(self, **span: float) -> None:
        """Let time pass."""
        self.clock.moment += timedelta(**span)


@contextmanager
def bench(**settings: Any) -> Iterator[Bench]:
    """Give a bench whose fake server runs."""
    clock = SetClock(NOW)
    with FakeZalo(clock.now, hang_seconds=1.0) as fake:
        yield Bench(fake, clock, **settings)


def zalo_settings(fake: FakeZalo, **values: Any) -> ZaloSettings:
    """Return settings that lead to the fake."""
    return ZaloSettings(**{
        "enabled": True, "app_id": fake.state.app_id, "oa_id": fake.state.oa_id, "app_secret": fake.state.app_secret,
        "oa_secret": fake.state.oa_secret, "redirect_uri": fake.state.redirect_uri, "api_url": fake.url,
        "oauth_url": fake.url, "request_seconds": 5, "media_origins": fake.url, "forced_refresh_pause_seconds": 0,
        **values,
    })  # fmt: skip


def logged_in(fake: FakeZalo, now: datetime) -> TokenState:
    """Return tokens that the fake has just given."""
    access, refresh = fake.state.new_pair()
    return TokenState(1, access, refresh, now + timedelta(hours=25), now)


async def failure(sending: Any) -> SendFailed:
    """Return how sending failed."""
    try:
        await sending
    except SendFailed as failed:
        return failed
    raise AssertionError("it was sent")


async def called_back(on: Bench, link: str) -> dict[str, str]:
    """Consent as the administrator does, and return what Zalo's call back carries."""
    async with httpx.AsyncClient(trust_env=False) as web:
        answer = await web.get(link)
    return dict(parse_qsl(urlsplit(answer.headers["location"]).query))


def _process(url: str, path: str, refused: str) -> None:
    """A process of its own: replaces a refused token and prints the one it got."""

    class _At:
        def __init__(self) -> None:
            self.url, self.state = url, self
            self.app_id, self.oa_id = "1000000000000000001", "3000000000000000003"
            self.app_secret, self.oa_secret, self.redirect_uri = "APP_SECRET_EXAMPLE", "x", ""

    settings = zalo_settings(_At())  # type: ignore[arg-type]
    store = FileTokenStore(Path(path))
    channel = zalo_channel(settings, store, MemoryUploads(), MemoryCounters(), SystemClock())
    sys.stdin.readline()
    print(asyncio.run(channel.tokens.renew(refused) if refused else channel.tokens.access()))


if __name__ == "__main__":
    print("ready", flush=True)
    _process(*sys.argv[1:])
