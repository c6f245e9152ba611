"""The contract of a channel outside the web: what arrives, what is sent, what a platform can show, how sending fails.

A channel is two things: a pure reader of the platform's bodies, and a sender. Everything else is common to all of
them and lives beside it: the durable inbox, the order of messages, the splitting of replies, what is to be sent.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from bot.core.errors import TiepDanError


class Arrival(StrEnum):
    """What came in."""

    TEXT = "text"
    BUTTON = "button"
    FILE = "file"  # a photo or document
    VOICE = "voice"
    LOCATION = "location"
    CONTACT = "contact"  # a telephone number that the citizen shared with a button
    STICKER = "sticker"
    OPENED = "opened"  # the chat was opened, the account followed: a greeting is due
    LEFT = "left"  # unfollowed or blocked: nothing may be sent
    OFFICER = "officer"  # somebody of the office wrote in the platform: the assistant falls silent
    EDITED = "edited"  # a message of theirs has other words now
    ERASE = "erase"  # the platform asks to forget this person
    IGNORED = "ignored"  # known and of no consequence (seen marks)


@dataclass(frozen=True)
class Media:
    """A file that waits at the platform; `ref` is its id or address, `size` in bytes and `seconds` are as claimed."""

    ref: str
    name: str = ""
    mime: str = ""
    size: int | None = None
    seconds: int | None = None


@dataclass(frozen=True)
class Incoming:
    """One thing that arrived; (channel, platform_id) identifies it across redeliveries.

    `address` is where an answer goes, the platform's own id of the person or chat. `button` is a token that
    `Outgoing` gave. `text` is as typed, NFC or not. `sent_at` is the platform's clock (aware UTC), None for none;
    of what was sent in the same moment (a second, on some platforms) the smaller `order` came first.
    `ref` is the platform's id, within the chat, of a text that can be edited; for EDITED, of the text that was.
    """

    channel: str
    platform_id: str
    address: str
    kind: Arrival
    text: str = ""
    button: str | None = None
    media: tuple[Media, ...] = ()
    phone: str | None = None
    sent_at: datetime | None = None
    ref: str = ""
    order: int = 0


@dataclass(frozen=True)
class Capabilities:
    """What a platform can show and take.

    `text_limit` in characters after NFC; `buttons` at most so many under one message, `button_title` characters each;
    `links`: a button may open an address; `window`: how long after the last message of theirs we may write for free,
    None for ever; `closed_after`: from when on writing is refused, None for never.
    """

    text_limit: int
    buttons: int
    button_title: int
    links: bool = True
    window: timedelta | None = None
    closed_after: timedelta | None = None


@dataclass(frozen=True)
class Choice:
    """A button of a message that is sent: `token` (at most 24 ASCII bytes) comes back in `Incoming.button`.

    With `url` it opens an address and sends nothing back.
    """

    token: str
    title: str
    url: str | None = None


@dataclass(frozen=True)
class Outgoing:
    """One message that fits the channel's capabilities; `key` is the same at every attempt to send it."""

    key: str
    text: str
    choices: tuple[Choice, ...] = ()
    asks_phone: bool = False


class Failure(StrEnum):
    """What a failed sending means for the message."""

    RETRY = "retry"  # not taken; try again soon
    WAIT = "wait"  # too much at once or quota used up: try again after a while
    UNKNOWN = "unknown"  # it may have been taken: sent again, and counted
    WINDOW = "window"  # the platform's window is closed: another way is needed
    BLOCKED = "blocked"  # this person does not want or cannot get messages
    GIVE_UP = "give_up"  # this message will never be taken
    ALARM = "alarm"  # the channel itself is out of order (account, token, money): people must look


class SendFailed(TiepDanError):
    """A message was not sent. `code` is the platform's own code, never its words; `after` how long to wait."""

    def __init__(self, failure: Failure, code: str = "", after: timedelta | None = None) -> None:
        super().__init__(f"{failure.value} {code}".strip())
        self.failure = failure
        self.code = code
        self.after = after


class BadBody(TiepDanError):
    """A body that is none of this platform's; the message says what is wrong with it, without its words."""


class MediaRefused(TiepDanError):
    """A file is not fetched: `reason` is one word (host, size, type, gone)."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Channel(Protocol):
    """A platform as the common part sees it. Constructing one opens no connection."""

    @property
    def name(self) -> str:
        """The channel's name in settings, the database and logs."""
        ...

    @property
    def capabilities(self) -> Capabilities:
        """What the platform can show and take."""
        ...

    def read(self, body: bytes) -> tuple[Incoming, ...]:
        """Return what a body of the platform says, in order; empty for what is known and of no consequence.

        Pure, in time linear in the body's length. Raises BadBody for anything else, and nothing but that.
        """
        ...

    async def send(self, address: str, message: Outgoing) -> str | None:
        """Send one message and return the platform's id of it. Raises SendFailed, and nothing but that."""
        ...

    async def fetch(self, media: Media, limit: int) -> bytes:
        """Return a file of at most `limit` bytes. Raises MediaRefused or SendFailed (RETRY, WAIT)."""
        ...
