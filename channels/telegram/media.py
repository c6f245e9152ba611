"""Fetches files: only from where the Bot API lives, only as much as allowed, and only kinds that are taken."""

import asyncio
import re
from datetime import timedelta

import httpx
from telegram import File
from telegram.error import BadRequest, Forbidden, RetryAfter, TelegramError

from bot.core.attachments import media_type
from bot.core.channels.contract import Failure, Media, MediaRefused, SendFailed
from bot.core.errors import AttachmentRefused
from channels.telegram.connection import Connection
from channels.telegram.failures import seconds_of
from channels.telegram.reading import MAX_FILE

_REF = re.compile(r"[A-Za-z0-9_-]{1,512}")
_PATH = re.compile(r"(?:[A-Za-z0-9_-][A-Za-z0-9_.-]*/)*[A-Za-z0-9_-][A-Za-z0-9_.-]*")
_SECONDS = 120
_GONE = frozenset({400, 404, 410})


class MediaFetcher:
    """Files by their file_id. `file_url` is the prefix that the Bot API's files have, with the token."""

    def __init__(self, connection: Connection) -> None:
        self._bot = connection.bot
        self._client = connection.files
        self._prefix = f"{connection.bot.base_file_url}/"

    async def fetch(self, media: Media, limit: int) -> bytes:
        """Return the file. Raises MediaRefused (size, type, gone, host) or SendFailed (RETRY, WAIT)."""
        limit = min(limit, MAX_FILE)
        if media.size is not None and media.size > limit:
            raise MediaRefused("size")
        if media.mime.startswith("video/"):  # the container of a film is that of a recording
            raise MediaRefused("type")
        if not _REF.fullmatch(media.ref):
            raise MediaRefused("gone")
        try:
            async with asyncio.timeout(_SECONDS):
                content = await self._download(await self._find(media.ref), limit)
        except TimeoutError:
            raise SendFailed(Failure.RETRY, "timeout") from None
        try:
            media_type(content)
        except AttachmentRefused:
            raise MediaRefused("type") from None
        return content

    async def _find(self, ref: str) -> File:
        try:
            return await self._bot.get_file(ref)
        except BadRequest as error:
            raise MediaRefused("size" if "too big" in error.message.lower() else "gone") from None
        except Forbidden:
            raise MediaRefused("gone") from None
        except RetryAfter as error:
            raise SendFailed(Failure.WAIT, "429", timedelta(seconds=seconds_of(error))) from None
        except TelegramError as error:
            raise SendFailed(Failure.RETRY, type(error).__name__) from None
        except (KeyError, TypeError, ValueError, AttributeError):
            raise SendFailed(Failure.RETRY, "answer") from None

    async def _download(self, file: File, limit: int) -> bytes:
        address = file.file_path if isinstance(file.file_path, str) else ""
        if not address:
            raise MediaRefused("gone")
        if not address.startswith(self._prefix) or not _PATH.fullmatch(address.removeprefix(self._prefix)):
            raise MediaRefused("host")
        if isinstance(file.file_size, int) and file.file_size > limit:
            raise MediaRefused("size")
        content = bytearray()
        try:
            async with self._client.stream("GET", address) as response:
                _refuse_status(response)
                async for chunk in response.aiter_raw(65_536):
                    content += chunk
                    if len(content) > limit:
                        raise MediaRefused("size")
        except (httpx.HTTPError, httpx.InvalidURL):
            raise SendFailed(Failure.RETRY, "download") from None
        return bytes(content)


def _refuse_status(response: httpx.Response) -> None:
    if response.status_code == 200:
        return
    if response.is_redirect:
        raise MediaRefused("host")
    if response.status_code in _GONE:
        raise MediaRefused("gone")
    wait = response.status_code == 429
    raise SendFailed(Failure.WAIT if wait else Failure.RETRY, str(response.status_code))
