"""What the conformance suite of channels works with: a channel under test, recordings, spoilt bodies."""

import io
import json
from collections.abc import Sequence
from enum import StrEnum
from typing import Any, ClassVar, Literal, Protocol

from hypothesis import strategies as st
from PIL import Image

from bot.core.channels.contract import Channel, Incoming, Media
from bot.core.channels.sending import UNCERTAIN
from bot.core.messages import Event
from bot.core.replies import Reply
from bot.store import Store
from tests.integration.channel_steps import Office, SetClock

Fault = Literal["before", "after", "blocked", "busy"]
OGG = b"OggS" + bytes(200)
VIETNAMESE = "Tôi hỏi phí cấp giấy phép ở phường Kim Liên ạ"


def _picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (4, 4), (10, 20, 30)).save(out, "JPEG")
    return out.getvalue()


JPEG = _picture()


class Trait(StrEnum):
    """What a channel may have beyond taking words and showing answers. A suite runs where the rig names its trait."""

    PUSHES = "pushes"  # we send, and the platform takes it or says why not
    LEAVES = "leaves"  # people come and go, and the platform tells
    KEEPS_FILES = "keeps files"  # files lie at the platform until we fetch them
    TAKES_FILES = "takes files"  # files come to us at once
    PULLS = "pulls"  # people fetch what was said, and fetch it again after a break


PLATFORM = frozenset({Trait.PUSHES, Trait.LEAVES, Trait.KEEPS_FILES})


class Place(Protocol):
    """A channel with the common core over a real store, as its citizens meet it. `answers` are what is said next."""

    answers: list[Reply]

    async def opens(self, address: str, serial: int) -> None:
        """Let somebody open the chat, and everything run."""
        ...

    async def says(self, address: str, text: str, serial: int) -> None:
        """Let somebody write, and everything run."""
        ...

    async def picks(self, address: str, sequence: int, number: int, serial: int) -> None:
        """Let somebody choose what an event offered as its `number`th (from 1), in the plainest way there is."""
        ...

    async def presses(self, address: str, sequence: int, index: int, serial: int) -> None:
        """Let somebody press a button of an event."""
        ...

    async def sends(self, address: str, content: bytes, serial: int) -> None:
        """Let somebody send a picture."""
        ...

    def deliver(self, address: str, text: str, serial: int) -> None:
        """Let a text arrive, with all that may go wrong on the way; the same serial is the same message."""
        ...

    async def settle(self) -> None:
        """Let everything run until nothing is left to do."""
        ...

    def shown(self, address: str) -> list[str]:
        """Return what somebody has before them, in order: the texts, with what they offer."""
        ...

    def log(self, address: str) -> Sequence[Event]:
        """Return the conversation's event log."""
        ...

    def troubles(self) -> int:
        """Return how often something failed."""
        ...

    def uncertain(self) -> int:
        """Return how often nobody could know whether a message was taken."""
        ...

    def given_up(self) -> int:
        """Return how many messages were given up."""
        ...


class Rig(Protocol):
    """A channel under test. `person(n)` is an address that may be written to; ids are unique unless repeated."""

    name: str
    clock: SetClock
    traits: ClassVar[frozenset[Trait]]

    def person(self, number: int) -> str:
        """Return the address of somebody whom the channel knows."""
        ...

    def text(self, address: str, text: str, serial: int) -> bytes:
        """Return the body of a text; the same serial is the same message."""
        ...

    def button(self, address: str, token: str, serial: int) -> bytes:
        """Return the body of a pressed button."""
        ...

    def read(self, body: bytes) -> tuple[Incoming, ...]:
        """Return what the channel makes of a body. Raises BadBody, and nothing but that."""
        ...

    def unreliable(self, rate: float) -> None:
        """Let so large a part of what passes between us fail by chance, taken or not; 0 ends it."""
        ...

    def place(self, store: Store) -> Place:
        """Return the channel with the core over a store."""
        ...


class PlatformRig:
    """Base of the rigs of platforms: a channel and the server behind it, which tells what it took."""

    channel: Any
    clock: SetClock
    traits: ClassVar[frozenset[Trait]] = PLATFORM

    @property
    def name(self) -> str:
        """The channel's name."""
        return str(self.channel.name)

    def read(self, body: bytes) -> tuple[Incoming, ...]:
        """Return what the adapter reads."""
        read: tuple[Incoming, ...] = self.channel.read(body)
        return read

    def place(self, store: Store) -> Place:
        """Return the channel with the core over a store."""
        return PlatformPlace(self, store)  # type: ignore[arg-type]  # a rig of a platform has all of it


class Pushing(Rig, Protocol):
    """A rig of a platform."""

    channel: Channel

    def file(self, address: str, content: bytes, serial: int) -> bytes:
        """Put a picture at the platform and return the body that brings it."""
        ...

    def voice(self, address: str, content: bytes, serial: int) -> bytes:
        """Put a recording at the platform and return the body that brings it."""
        ...

    def opened(self, address: str, serial: int) -> bytes:
        """Return the body of somebody who opens the chat."""
        ...

    def left(self, address: str, serial: int) -> bytes:
        """Return the body of somebody who leaves or blocks us."""
        ...

    def gone_file(self) -> Media:
        """Return a file of a form that the platform gives, which is not there."""
        ...

    def taken(self, address: str) -> list[str]:
        """Return the texts that the platform took for a person, in order."""
        ...

    def fail_next(self, fault: Fault, address: str) -> None:
        """Let the next sending fail: before or after it is taken, as blocked, as too much at once."""
        ...


class PlatformPlace:
    """A platform with the core: what it delivers is taken, and what is said is sent."""

    def __init__(self, rig: Pushing, store: Store) -> None:
        self._rig = rig
        self.office = Office(store, rig.channel, clock=rig.clock)
        self.answers = self.office.answers

    async def take(self, body: bytes) -> None:
        """Take a body, and let everything run."""
        assert self.office.receiver.take(body).readable
        await self.office.pump()

    async def opens(self, address: str, serial: int) -> None:
        await self.take(self._rig.opened(address, serial))

    async def says(self, address: str, text: str, serial: int) -> None:
        await self.take(self._rig.text(address, text, serial))

    async def picks(self, address: str, sequence: int, number: int, serial: int) -> None:
        await self.says(address, str(number), serial)

    async def presses(self, address: str, sequence: int, index: int, serial: int) -> None:
        await self.take(self._rig.button(address, f"{sequence}.{index}", serial))

    async def sends(self, address: str, content: bytes, serial: int) -> None:
        await self.take(self._rig.file(address, content, serial))

    def deliver(self, address: str, text: str, serial: int) -> None:
        self.office.receiver.take(self._rig.text(address, text, serial))

    async def settle(self) -> None:
        for _ in range(40):
            await self.office.pump()
            if not self.office.sender.due(1) and not self._behind():
                return
            self.office.clock.advance(61)

    def _behind(self) -> bool:
        with self.office.store() as unit:
            figures: dict[str, Any] = unit.threads.standing(self._rig.name, self.office.clock.now())
        return bool(figures["unsent"] or figures["waiting"])

    def shown(self, address: str) -> list[str]:
        return self._rig.taken(address)

    def log(self, address: str) -> Sequence[Event]:
        return self.office.log(address)

    def troubles(self) -> int:
        return sum(self.office.counts.of[f"out.{kind}"] for kind in ("retry", "unknown", "wait"))

    def uncertain(self) -> int:
        return self.office.counted(UNCERTAIN)

    def given_up(self) -> int:
        with self.office.store() as unit:
            return unit.dead_letters.count_open(self._rig.name)


def spoilt(genuine: Any) -> st.SearchStrategy[bytes]:
    """Return genuine bodies with some part replaced by something else."""
    values = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.integers())
    places = st.sampled_from(list(_places(genuine)))
    return st.tuples(places, values).map(lambda drawn: json.dumps(_replaced(genuine, *drawn)).encode())


def _places(value: Any, path: tuple[Any, ...] = ()) -> Any:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in inner:
        yield (*path, key)
        yield from _places(part, (*path, key))


def _replaced(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    copy = json.loads(json.dumps(value))
    at = copy
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = new
    return copy
