"""The conformance suite of channels, run on the platform in memory that the core's own tests use."""

import json
import random
from typing import Any

import pytest

from bot.core.channels.contract import Failure, Media, MediaRefused, SendFailed
from tests.contracts.channel_rig import Fault, PlatformRig
from tests.contracts.channel_suite import MediaSuite, PresenceSuite, ReadingSuite, SendingSuite, WholeSuite
from tests.integration.channel_steps import MemoryChannel, SetClock, failed


class Strict(MemoryChannel):
    """Also refuses what does not fit, and fails by chance."""

    chance = random.Random(5)
    rate = 0.0

    async def send(self, address: str, message: Any) -> str | None:
        if not address.startswith("memory-") or not message.text.strip() or len(message.text) > 200:
            raise SendFailed(Failure.GIVE_UP, "fit")
        if self.chance.random() < self.rate:
            kind = self.chance.choice(["before", "after", "busy"])
            if kind == "after":
                self.after.append(failed(Failure.UNKNOWN))
            else:
                raise failed(Failure.RETRY if kind == "before" else Failure.WAIT, 5)
        return await super().send(address, message)

    async def fetch(self, media: Media, limit: int) -> bytes:
        content = await super().fetch(media, limit)
        if len(content) > limit:
            raise MediaRefused("size")
        return content


class MemoryRig(PlatformRig):
    """The platform in memory."""

    def __init__(self) -> None:
        self.channel = Strict()
        self.clock = SetClock()

    def person(self, number: int) -> str:
        return f"memory-{number}"

    def _body(self, address: str, serial: int, kind: str, **more: Any) -> bytes:
        return json.dumps({"id": f"m{serial}", "address": address, "kind": kind, **more}).encode()

    def text(self, address: str, text: str, serial: int) -> bytes:
        return self._body(address, serial, "text", text=text)

    def button(self, address: str, token: str, serial: int) -> bytes:
        return self._body(address, serial, "button", button=token)

    def file(self, address: str, content: bytes, serial: int) -> bytes:
        self.channel.files[f"f{serial}"] = content
        return self._body(address, serial, "file", media=[{"ref": f"f{serial}"}])

    def voice(self, address: str, content: bytes, serial: int) -> bytes:
        self.channel.files[f"f{serial}"] = content
        return self._body(address, serial, "voice", media=[{"ref": f"f{serial}"}])

    def opened(self, address: str, serial: int) -> bytes:
        return self._body(address, serial, "opened")

    def left(self, address: str, serial: int) -> bytes:
        return self._body(address, serial, "left")

    def gone_file(self) -> Media:
        return Media("gone")

    def taken(self, address: str) -> list[str]:
        return self.channel.texts(address)

    def fail_next(self, fault: Fault, address: str) -> None:
        kinds = {"before": Failure.RETRY, "blocked": Failure.BLOCKED, "busy": Failure.WAIT}
        if fault == "after":
            self.channel.after.append(failed(Failure.UNKNOWN))
        else:
            self.channel.faults.append(failed(kinds[fault]))

    def unreliable(self, rate: float) -> None:
        self.channel.rate = rate


@pytest.fixture
def rig() -> MemoryRig:
    return MemoryRig()


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
