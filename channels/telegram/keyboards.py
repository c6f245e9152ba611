"""Keyboards under a message. Pure.

Inline buttons carry our tokens. Sharing one's number needs a reply keyboard, and a message has only one keyboard:
there, the choices become buttons that type their title, which the core takes for the choice. Nobody is asked to share
their place: from a point on the map we cannot tell the ward (a place that is sent all the same is answered).
"""

import re
from urllib.parse import urlsplit

from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)

from bot.core.channels.contract import Choice, Outgoing

_TOKEN = re.compile(r"[\x21-\x7e]{1,24}")
SHARE_PHONE = "📱 Gửi số điện thoại của tôi"

Keyboard = InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove


class BadChoice(ValueError):
    """A button that Telegram would refuse together with its message."""


def keyboard_for(message: Outgoing) -> Keyboard:
    """Return the keyboard of a message. Raises BadChoice.

    A message without one takes an earlier reply keyboard away, which does nothing where there is none.
    """
    if message.asks_phone:
        rows = [[KeyboardButton(SHARE_PHONE, request_contact=True)]]
        rows += [[KeyboardButton(_title(choice))] for choice in message.choices if choice.url is None]
        return ReplyKeyboardMarkup(rows, resize_keyboard=True, one_time_keyboard=True)
    if message.choices:
        # One under the other: titles are sentences, and a phone cuts what stands side by side.
        return InlineKeyboardMarkup([[_inline(choice)] for choice in message.choices])
    return ReplyKeyboardRemove()


def _inline(choice: Choice) -> InlineKeyboardButton:
    if choice.url is None:
        if not _TOKEN.fullmatch(choice.token):
            raise BadChoice("token")
        return InlineKeyboardButton(_title(choice), callback_data=choice.token)
    try:
        address = urlsplit(choice.url)
    except ValueError:
        raise BadChoice("url") from None
    if address.scheme not in {"https", "http"} or not address.hostname:
        raise BadChoice("url")
    return InlineKeyboardButton(_title(choice), url=choice.url)


def _title(choice: Choice) -> str:
    if not choice.title.strip():
        raise BadChoice("title")
    return choice.title
