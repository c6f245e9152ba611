"""The conformance suite of channels, run on Telegram against its fake Bot API server."""

import random
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.core.channels.contract import Media
from channels.telegram.channel import TelegramChannel
from tests.contracts.channel_rig import Fault, PlatformRig
from tests.contracts.channel_suite import MediaSuite, PresenceSuite, ReadingSuite, SendingSuite, WholeSuite
from tests.fakes import telegram as fakes
from tests.fakes import telegram_updates as updates
from tests.integration.channel_steps import SetClock
from tests.integration.telegram_steps import telegram

FAULTS: dict[str, dict[str, Any]] = {
    "before": {"kind": "reset"},
    "after": {"kind": "taken_reset"},
    "busy": {
        "kind": "status",
        "status": 429,
        "content": b'{"ok":false,"error_code":429,"description":"Too Many Requests","parameters":{"retry_after":0}}',
    },
}
RATES = ("reset", "taken_reset", "truncated", "status")


class TelegramRig(PlatformRig):
    """Telegram with people who have opened the chat."""

    def __init__(self, fake: fakes.FakeTelegram, channel: TelegramChannel) -> None:
        self.channel, self.clock = channel, SetClock()
        self._fake, self._chance, self._rate = fake, random.Random(3), 0.0
        self._planned = fake.fault_for
        fake.fault_for = self._fault  # type: ignore[method-assign]

    def _fault(self, method: str) -> Any:
        planned = self._planned(method)
        if planned is None and method == "sendMessage" and self._chance.random() < self._rate:
            return fakes.Fault(self._chance.choice(RATES))
        return planned

    def person(self, number: int) -> str:
        return str(self._fake.citizen(700_000 + number))

    def _body(self, address: str, serial: int, **content: Any) -> bytes:
        said = updates.message(int(address), serial, **content)
        return updates.body(updates.update("message", said, 50_000 + serial))

    def text(self, address: str, text: str, serial: int) -> bytes:
        return self._body(address, serial, text=text)

    def button(self, address: str, token: str, serial: int) -> bytes:
        pressed = updates.pressed(int(address), token)
        return updates.body(pressed | {"update_id": 50_000 + serial})

    def file(self, address: str, content: bytes, serial: int) -> bytes:
        self._fake.file(f"f{serial}", content)
        size = updates.file_of(f"f{serial}", width=4, height=4)
        return self._body(address, serial, photo=[size])

    def voice(self, address: str, content: bytes, serial: int) -> bytes:
        self._fake.file(f"f{serial}", content)
        return self._body(address, serial, voice=updates.file_of(f"f{serial}", duration=2))

    def opened(self, address: str, serial: int) -> bytes:
        return self.text(address, "/start", serial)

    def left(self, address: str, serial: int) -> bytes:
        gone = updates.membership(int(address), "member", "kicked")
        return updates.body(gone | {"update_id": 50_000 + serial})

    def gone_file(self) -> Media:
        return Media("none")

    def taken(self, address: str) -> list[str]:
        return self._fake.texts(int(address))

    def fail_next(self, fault: Fault, address: str) -> None:
        if fault == "blocked":
            self._fake.block(int(address))
        else:
            self._fake.faults.append(fakes.Fault(**FAULTS[fault]))

    def unreliable(self, rate: float) -> None:
        self._rate = rate


@pytest.fixture
async def rig() -> AsyncIterator[TelegramRig]:
    async with telegram() as (fake, channel):
        yield TelegramRig(fake, channel)


class TestReading(ReadingSuite):
    """Reading."""


class TestSending(SendingSuite):
    """Sending."""


class TestMedia(MediaSuite):
    """Fetching."""


class TestPresence(PresenceSuite):
    """Coming and going."""


class TestWhole(WholeSuite):
    """All of it."""
