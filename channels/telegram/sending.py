"""Sends messages, stops a button's spinner, and says good-bye to groups."""

import logging
import re
import unicodedata

from telegram import Bot, LinkPreviewOptions
from telegram.error import BadRequest, ChatMigrated, Forbidden, RetryAfter, TelegramError

from bot.core.channels.contract import Failure, Outgoing, SendFailed
from channels.telegram.failures import failure_of, seconds_of
from channels.telegram.keyboards import BadChoice, keyboard_for
from channels.telegram.pacing import Pace

TEXT_LIMIT = 4096
GROUP_REFUSAL = (
    "Chào cả nhà. Tôi là trợ lý tự động, chỉ trò chuyện riêng với từng người, vì chuyện giấy tờ và phản ánh là chuyện"
    " riêng. Ai cần hỏi, xin bấm vào tên tôi rồi nhắn riêng giúp. Tôi xin phép rời nhóm."
)
# Persons have positive ids: nothing of a conversation is ever sent to a group.
_PERSON = re.compile(r"[1-9][0-9]{0,15}")
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)

log = logging.getLogger(__name__)


class TelegramSender:
    """Sends through a Bot, at the pace Telegram allows."""

    def __init__(self, bot: Bot, pace: Pace) -> None:
        self._bot = bot
        self._pace = pace
        self._leaving: set[int] = set()

    async def send(self, address: str, message: Outgoing) -> str | None:
        """Send one message of at most 4,096 characters after NFC and return its id. Raises SendFailed alone.

        Plain text: nothing in it is read as formatting, and no page is fetched for a preview.
        """
        text = unicodedata.normalize("NFC", message.text)
        if not _PERSON.fullmatch(address):
            raise SendFailed(Failure.GIVE_UP, "address")
        if not text.strip() or len(text) > TEXT_LIMIT:
            raise SendFailed(Failure.GIVE_UP, "length")
        try:
            keyboard = keyboard_for(message)
        except BadChoice:
            raise SendFailed(Failure.GIVE_UP, "button") from None
        await self._pace.turn(address)
        try:
            sent = await self._bot.send_message(
                int(address), text, reply_markup=keyboard, link_preview_options=_NO_PREVIEW
            )
            return str(sent.message_id)
        except RetryAfter as error:
            self._pace.hold(address, seconds_of(error))
            raise failure_of(error) from None
        except TelegramError as error:
            raise failure_of(error) from None
        except (KeyError, TypeError, ValueError, AttributeError):
            # It answered «ok», with a message that the library cannot read.
            raise SendFailed(Failure.UNKNOWN, "answer") from None

    async def answer_button(self, callback: str) -> None:
        """Stop the spinner on a pressed button. Raises SendFailed; too late (about a minute) is no failure."""
        try:
            await self._bot.answer_callback_query(callback)
        except BadRequest:
            log.debug("a button's answer came too late")
        except TelegramError as error:
            raise failure_of(error) from None

    async def leave(self, group: int, words: str = GROUP_REFUSAL) -> None:
        """Say once why, and leave a group; empty words: just leave. Raises SendFailed; being out is no failure.

        A group where nothing may be said is left all the same.
        """
        if group in self._leaving:
            return
        self._leaving.add(group)
        try:
            await self._leave(group, words)
        finally:
            self._leaving.discard(group)

    async def _leave(self, group: int, words: str) -> None:
        try:
            if words:
                await self._pace.turn(str(group))
                group = await self._say(group, words)
            await self._bot.leave_chat(group)
        except TelegramError as error:
            failure = failure_of(error)
            if failure.failure not in {Failure.BLOCKED, Failure.GIVE_UP}:
                raise failure from None

    async def _say(self, group: int, words: str) -> int:
        """Return where the group is now."""
        try:
            await self._bot.send_message(group, words)
        except ChatMigrated as moved:
            await self._bot.send_message(moved.new_chat_id, words)
            return moved.new_chat_id
        except (BadRequest, Forbidden):
            log.info("a group does not let the assistant say why it leaves")
        return group
