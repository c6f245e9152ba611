"""Uploads: pictures and documents are sent by the id that an upload gave, which serves again for a week."""

import hashlib
import struct
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.core.channels.contract import Failure, SendFailed
from bot.core.ports import Clock
from channels.zalo.api import Api, Counters

MAX_IMAGE = 1024 * 1024
MAX_GIF = MAX_FILE = 5 * 1024 * 1024
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_DOCUMENTS = (
    (b"%PDF-", "pdf", "application/pdf"),
    (b"PK\x03\x04", "docx", _DOCX),
    (b"\xd0\xcf\x11\xe0", "doc", "application/msword"),
)


@dataclass(frozen=True)
class Uploaded:
    """What an upload gave: `ref` is an attachment id or a file's token."""

    ref: str
    media_type: str = "file"
    width: int = 0
    height: int = 0


class UploadMemory(Protocol):
    """Remembers uploads, shared by processes where it can be. Losing it costs an upload. Must not raise."""

    def get(self, digest: str, now: datetime) -> str | None:
        """Return the id under which these bytes are at Zalo, None where its time is over or it is not known."""
        ...

    def put(self, digest: str, ref: str, until: datetime) -> None:
        """Remember an id until a moment."""
        ...

    def forget(self, digest: str) -> None:
        """Remember it no more."""
        ...


class Uploads:
    """Uploads what is not there yet. `reuse` is a little less than the week for which Zalo keeps it."""

    def __init__(
        self,
        api: Api,
        memory: UploadMemory,
        clock: Clock,
        counters: Counters,
        reuse: timedelta = timedelta(days=6, hours=20),
    ) -> None:
        self._api = api
        self._memory = memory
        self._clock = clock
        self._counters = counters
        self._reuse = reuse

    async def image(self, content: bytes) -> Uploaded:
        """Upload a JPEG, PNG or GIF. Raises SendFailed (GIVE_UP for another kind or size)."""
        if content[:6] in (b"GIF87a", b"GIF89a") and len(content) > 10:
            width, height = struct.unpack("<HH", content[6:10])
            ref = await self._upload("gif", content, "anh.gif", "image/gif", MAX_GIF)
            return Uploaded(ref, "gif", width, height)
        png = content.startswith(b"\x89PNG\r\n\x1a\n")
        if not png and not content.startswith(b"\xff\xd8\xff"):
            raise SendFailed(Failure.GIVE_UP, "upload-kind")
        name, mime = ("anh.png", "image/png") if png else ("anh.jpg", "image/jpeg")
        return Uploaded(await self._upload("image", content, name, mime, MAX_IMAGE), "image")

    async def file(self, content: bytes, name: str) -> Uploaded:
        """Upload a PDF, DOC or DOCX. Raises SendFailed (GIVE_UP for another kind or size)."""
        for start, ending, mime in _DOCUMENTS:
            if content.startswith(start) and name.lower().endswith(f".{ending}"):
                return Uploaded(await self._upload("file", content, name, mime, MAX_FILE))
        raise SendFailed(Failure.GIVE_UP, "upload-kind")

    def forget(self, content: bytes) -> None:
        """Upload these bytes anew next time: Zalo has them no more."""
        self._memory.forget(_digest(content))

    async def _upload(self, kind: str, content: bytes, name: str, mime: str, largest: int) -> str:
        if len(content) > largest:
            raise SendFailed(Failure.GIVE_UP, "upload-size")
        now = self._clock.now()
        known = self._memory.get(_digest(content), now)
        if known is not None:
            return known
        try:
            data = await self._api.post(f"/v2.0/oa/upload/{kind}", files={"file": (name, content, mime)})
        except SendFailed as failed:
            if failed.failure is Failure.UNKNOWN:
                # An upload that was taken and forgotten shows nothing to anybody.
                raise SendFailed(Failure.RETRY, failed.code) from failed
            raise
        self._counters.add("uploads")
        ref = data.get("token" if kind == "file" else "attachment_id")
        if not isinstance(ref, str) or not ref:
            raise SendFailed(Failure.RETRY, "no-upload-id")
        self._memory.put(_digest(content), ref, now + self._reuse)
        return ref


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
