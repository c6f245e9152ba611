"""What an arrival brings besides its words, fetched and kept before the arrival is dealt with: files and voices."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.core.channels.contract import Arrival, Channel, Failure, Incoming, Media, MediaRefused, SendFailed
from bot.core.channels.voice import Recogniser
from bot.core.errors import AttachmentRefused, TiepDanError

# (conversation id, name, content) → the stored file's id. Blocking. Raises AttachmentRefused, StoreUnavailable.
TakeFile = Callable[[str, str, bytes], str]
LATER = frozenset({Failure.RETRY, Failure.WAIT, Failure.UNKNOWN, Failure.ALARM})
FETCHED = frozenset({Arrival.FILE, Arrival.VOICE})
GONE = "gone"
MAX_FILES = 10


class NotYet(TiepDanError):
    """A file cannot be fetched now; `after` how long to wait, None for as usual."""

    def __init__(self, code: str, after: timedelta | None) -> None:
        super().__init__(code)
        self.code = code
        self.after = after


@dataclass(frozen=True)
class Fetched:
    """A file: `id` where it is kept, else `refused` says why in one word. `heard`: what a voice was heard to say."""

    name: str
    id: str = ""
    refused: str = ""
    heard: str = ""


class Fetcher:
    """Fetches what arrivals bring and hands it to the file store and the recogniser."""

    def __init__(self, channel: Channel, take: TakeFile, recogniser: Recogniser, limit: int) -> None:
        self._channel = channel
        self._take = take
        self._recogniser = recogniser
        self._limit = limit

    async def fetch(self, arrival: Incoming, conversation_id: str, *, last_try: bool) -> Sequence[Fetched]:
        """Return the arrival's files, in order. The same bytes are kept once, however often this is called.

        Raises NotYet, unless this is the last try; StoreUnavailable.
        """
        if arrival.kind not in FETCHED:
            return ()
        voice = arrival.kind is Arrival.VOICE
        return [
            await self._one(media, conversation_id, voice=voice, last_try=last_try)
            for media in arrival.media[:MAX_FILES]
        ]

    async def _one(self, media: Media, conversation_id: str, *, voice: bool, last_try: bool) -> Fetched:
        name = media.name or ("tin thoai" if voice else "tep")
        if media.size is not None and media.size > self._limit:
            return Fetched(name, refused="size")
        try:
            content = await self._channel.fetch(media, self._limit)
        except MediaRefused as refusal:
            return Fetched(name, refused=refusal.reason)
        except SendFailed as failure:
            if failure.failure in LATER and not last_try:
                raise NotYet(failure.code, failure.after) from failure
            return Fetched(name, refused=GONE)
        heard = await asyncio.to_thread(self._recogniser.hear, content) if voice else None
        try:
            kept = await asyncio.to_thread(self._take, conversation_id, name, content)
        except AttachmentRefused as refusal:
            return Fetched(name, refused=refusal.reason, heard=heard or "")
        return Fetched(name, kept, heard=heard or "")
