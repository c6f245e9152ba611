"""Telegram as the core sees it."""

import logging

from telegram import Bot

from bot.core.channels.contract import BadBody, Capabilities, Incoming, Media, Outgoing, SendFailed
from channels.telegram.connection import BotOptions, Connection
from channels.telegram.errands import errand_of
from channels.telegram.media import MediaFetcher
from channels.telegram.pacing import Pace
from channels.telegram.reading import NAME, read_update
from channels.telegram.sending import GROUP_REFUSAL, TEXT_LIMIT, TelegramSender

# Telegram shows up to 100 buttons; more than eight are a list to scroll, and 60 characters take two lines.
CAPABILITIES = Capabilities(text_limit=TEXT_LIMIT, buttons=8, button_title=60)

log = logging.getLogger(__name__)


class TelegramChannel:
    """Implements bot.core.channels.contract.Channel. Constructing it opens nothing; `close` ends what was opened."""

    def __init__(self, options: BotOptions, pace: Pace | None = None, group_refusal: str = GROUP_REFUSAL) -> None:
        self._connection = Connection(options)
        self._sender = TelegramSender(self._connection.bot, pace or Pace())
        self._media = MediaFetcher(self._connection)
        self._group_refusal = group_refusal

    @property
    def name(self) -> str:
        """«telegram»."""
        return NAME

    @property
    def capabilities(self) -> Capabilities:
        """Return what Telegram shows; it may be written to at any time, until one is blocked."""
        return CAPABILITIES

    @property
    def bot(self) -> Bot:
        """The library's bot, for connecting and polling."""
        return self._connection.bot

    def read(self, body: bytes) -> tuple[Incoming, ...]:
        """Return what an update says. Raises BadBody alone."""
        return read_update(body)

    async def send(self, address: str, message: Outgoing) -> str | None:
        """Send one message and return its id. Raises SendFailed alone."""
        return await self._sender.send(address, message)

    async def fetch(self, media: Media, limit: int) -> bytes:
        """Return a file of at most `limit` bytes, and 20 MB. Raises MediaRefused or SendFailed (RETRY, WAIT)."""
        return await self._media.fetch(media, limit)

    async def attend(self, body: bytes) -> None:
        """Do what Telegram wants done about a stored update: stop a button's spinner, say good-bye to a group.

        Nothing of the conversation hangs on it: it never raises, and what fails is only logged.
        """
        try:
            errand = errand_of(body)
            if errand is None:
                return
            if errand.callback is not None:
                await self._sender.answer_button(errand.callback)
            if errand.group is not None:
                await self._sender.leave(errand.group, "" if errand.silently else self._group_refusal)
        except BadBody:
            return
        except SendFailed as failed:
            log.info("an errand at Telegram failed", extra={"failure": failed.failure.value, "code": failed.code})

    async def close(self) -> None:
        """Close every connection."""
        await self._connection.close()
