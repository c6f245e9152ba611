"""The conformance suite of channels, run on Zalo against its fake server."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from bot.core.channels.contract import Media
from tests.contracts.channel_rig import Fault, PlatformRig
from tests.contracts.channel_suite import MediaSuite, PresenceSuite, ReadingSuite, SendingSuite, WholeSuite
from tests.fakes.zalo import FakeZalo
from tests.integration.channel_steps import NOW, SetClock
from tests.integration.zalo_steps import Bench

FAULTS = {"before": "reset", "after": "timeout-after", "busy": "-32"}
RATES = ("reset", "reset-after", "-32", "-216", "http-502", "garbage")


class ZaloRig(PlatformRig):
    """Zalo with people who have just written to the account."""

    def __init__(self, fake: FakeZalo, clock: SetClock) -> None:
        self.clock = clock
        self._on = Bench(fake, clock, request_seconds=0.5, rate_pause_seconds=0.05)  # type: ignore[arg-type]
        self.channel = self._on.channel
        self._state, self._fake = fake.state, fake

    def person(self, number: int) -> str:
        address = f"25000000000000{number:05}"
        self._state.interact(address)
        return address

    def _body(self, name: str, address: str, serial: int, message: Any = None, **more: Any) -> bytes:
        said = {} if message is None else {"message": {"msg_id": f"m-in-{serial}", **message}}
        stamp = str(int(self.clock.now().timestamp() * 1000) + serial)
        people = {"sender": {"id": address}, "recipient": {"id": self._state.oa_id}}
        fields = {"app_id": self._state.app_id, "event_name": name, "timestamp": stamp, **people, **said, **more}
        return json.dumps(fields, ensure_ascii=False).encode()

    def text(self, address: str, text: str, serial: int) -> bytes:
        return self._body("user_send_text", address, serial, {"text": text})

    def button(self, address: str, token: str, serial: int) -> bytes:
        return self.text(address, f"#chon:{token}", serial)

    def file(self, address: str, content: bytes, serial: int) -> bytes:
        return self._media("user_send_image", "image", address, content, serial, "image/jpeg")

    def voice(self, address: str, content: bytes, serial: int) -> bytes:
        return self._media("user_send_audio", "audio", address, content, serial, "audio/ogg")

    def _media(self, name: str, kind: str, address: str, content: bytes, serial: int, mime: str) -> bytes:
        self._fake.files[f"f{serial}"] = (mime, content)
        attachment = {"type": kind, "payload": {"url": f"{self._fake.url}/files/f{serial}"}}
        return self._body(name, address, serial, {"attachments": [attachment]})

    def opened(self, address: str, serial: int) -> bytes:
        return self._follow("follow", address, serial)

    def left(self, address: str, serial: int) -> bytes:
        return self._follow("unfollow", address, serial)

    def _follow(self, name: str, address: str, serial: int) -> bytes:
        stamp = str(int(self.clock.now().timestamp() * 1000) + serial)
        fields = {"app_id": self._state.app_id, "event_name": name, "timestamp": stamp, "oa_id": self._state.oa_id}
        return json.dumps(fields | {"follower": {"id": address}}).encode()

    def gone_file(self) -> Media:
        return Media(f"{self._fake.url}/files/none")

    def taken(self, address: str) -> list[str]:
        return self._state.texts_to(address)

    def fail_next(self, fault: Fault, address: str) -> None:
        if fault == "blocked":
            self._state.people[address].blocked = True
        else:
            self._state.faults.planned.append(FAULTS[fault])

    def unreliable(self, rate: float) -> None:
        self._state.faults.rates = {kind: rate / len(RATES) for kind in RATES}


@pytest.fixture
def rig() -> Iterator[ZaloRig]:
    clock = SetClock(NOW)
    with FakeZalo(clock.now, hang_seconds=1.0) as fake:
        yield ZaloRig(fake, clock)


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
