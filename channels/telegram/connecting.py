"""Ties the bot to this service and tells how it stands, for `tiepdan channels`."""

from dataclasses import dataclass
from datetime import datetime

from telegram import Bot
from telegram.error import TelegramError

from channels.telegram.failures import failure_of
from channels.telegram.webhook import ALLOWED_UPDATES


@dataclass(frozen=True)
class Standing:
    """What Telegram says about the bot: its name, where it delivers, how many updates wait, its last trouble.

    `reads_groups`: the bot may still be added to groups (BotFather, «Allow Groups?»).
    """

    username: str
    webhook: bool
    pending: int
    last_error_at: datetime | None
    reads_groups: bool


async def set_webhook(bot: Bot, address: str, secret: str, *, connections: int = 20) -> None:
    """Have updates delivered to `address`, with `secret` in the header; those waiting are kept. Raises SendFailed."""
    try:
        await bot.set_webhook(
            address, secret_token=secret, allowed_updates=ALLOWED_UPDATES, max_connections=connections
        )
    except TelegramError as error:
        raise failure_of(error) from None


async def drop_webhook(bot: Bot) -> None:
    """Have nothing delivered any more, as polling needs it; updates that wait are kept. Raises SendFailed."""
    try:
        await bot.delete_webhook()
    except TelegramError as error:
        raise failure_of(error) from None


async def standing(bot: Bot) -> Standing:
    """Ask Telegram about the bot. Raises SendFailed: ALARM for a wrong token, RETRY where it cannot be reached."""
    try:
        user, info = await bot.get_me(), await bot.get_webhook_info()
    except TelegramError as error:
        raise failure_of(error) from None
    return Standing(
        user.username or "",
        bool(info.url),
        info.pending_update_count,
        info.last_error_date,
        bool(user.can_join_groups),
    )
