"""Listening to the recordings that come over the web: what they say is kept beside them."""

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor

from bot.core.channels.voice import Recogniser
from bot.core.ports import UnitOfWorkFactory

log = logging.getLogger(__name__)
# Of more that wait nothing is heard: their people are asked to type, sooner than they would be answered.
MOST_WAITING = 8


class Listener:
    """Hears recordings one after the other, each once."""

    def __init__(self, units: UnitOfWorkFactory, recogniser: Recogniser) -> None:
        self._units = units
        self._recogniser = recogniser
        # Its own thread: a recording takes seconds, and nobody else is to wait for it.
        self._thread = ThreadPoolExecutor(1, "listening")
        self.waiting = 0

    async def listen(self, conversation_id: str, attachment_id: str, content: bytes) -> None:
        """Keep what a stored recording says; nothing where it was listened to before, or where too many wait.

        Call from the event loop. Raises StoreUnavailable; sent again, it is listened to then.
        """
        if self.waiting >= MOST_WAITING:
            log.warning("a recording was not listened to", extra={"waiting": self.waiting})
            return
        self.waiting += 1
        try:
            loop = asyncio.get_running_loop()
            await loop.run_in_executor(self._thread, self._listen, conversation_id, attachment_id, content)
        finally:
            self.waiting -= 1

    def _listen(self, conversation_id: str, attachment_id: str, content: bytes) -> None:
        with self._units() as unit:
            files = {file.id: file for file in unit.attachments.of_conversation(conversation_id)}
        if attachment_id not in files or files[attachment_id].heard is not None:
            return
        heard = self._recogniser.hear(content) or ""
        with self._units() as unit:
            unit.attachments.note_heard(attachment_id, heard)
            unit.commit()
