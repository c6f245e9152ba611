"""Fetches updates with getUpdates, for development: a machine without a public address. One process at a time."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from telegram import Bot
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from channels.telegram.failures import seconds_of
from channels.telegram.webhook import ALLOWED_UPDATES

_LONGEST_PAUSE = 30.0

log = logging.getLogger(__name__)

Inbox = Callable[[bytes], Awaitable[object]]


async def poll(bot: Bot, inbox: Inbox, *, wait_seconds: int = 25, first_pause: float = 1.0) -> None:
    """Give each update to `inbox`, as the webhook would have its body, in order, until cancelled.

    An update is asked for again until `inbox` returned: at least once, and after a crash perhaps twice. A webhook
    that is set is left alone (it may be the live one), and complained about.
    """
    offset: int | None = None
    pause = first_pause
    while True:
        try:
            updates = await bot.get_updates(offset=offset, timeout=wait_seconds, allowed_updates=ALLOWED_UPDATES)
            for update in updates:
                await inbox(update.to_json().encode())
                offset = update.update_id + 1
            pause = first_pause
            continue
        except RetryAfter as error:
            await asyncio.sleep(seconds_of(error))
            continue
        except Conflict:
            log.error("Telegram refuses polling: a webhook is set, or another process polls (docs/telegram.md)")
        except InvalidToken:
            log.error("Telegram refuses the bot's token (docs/telegram.md)")
        except TelegramError as error:
            log.warning("polling Telegram failed", extra={"kind": type(error).__name__})
        except Exception:
            # The store, or an update the library cannot read: it comes again.
            log.exception("an update of Telegram was not stored")
        await asyncio.sleep(pause)
        pause = min(pause * 2, _LONGEST_PAUSE)
