"""A Telegram channel against the fake Bot API."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from channels.telegram.channel import TelegramChannel
from channels.telegram.connection import BotOptions
from channels.telegram.pacing import Pace
from tests.fakes.telegram import FakeTelegram
from tests.fakes.telegram_rules import Flood

WHO = 900_001
PNG = b"\x89PNG\r\n\x1a\n" + bytes(2_000)


@asynccontextmanager
async def telegram(
    flood: Flood | None = None, pace: Pace | None = None, **options: Any
) -> AsyncIterator[tuple[FakeTelegram, TelegramChannel]]:
    """Give the server with one citizen and the channel that talks to it, with the flood limits out of the way."""
    with FakeTelegram(flood or Flood(chat=1_000, overall=10_000)) as fake:
        fake.citizen(WHO)
        given = {"token": fake.token, "base_url": fake.base_url, "file_url": fake.file_url, "seconds": 10.0} | options
        channel = TelegramChannel(BotOptions(**given), pace or Pace(10_000, 0.0))
        try:
            yield fake, channel
        finally:
            await channel.close()
