"""Files that citizens send, on whatever channel: checked by content, cleaned of metadata, stored sealed."""

import asyncio
import hashlib
import io
import threading
import uuid
import warnings
from collections.abc import Set
from concurrent.futures import ThreadPoolExecutor

from PIL import Image, ImageOps, UnidentifiedImageError
from pydantic import BaseModel, Field

from bot.core.attachments import IMAGES, FileLimits, media_type, safe_name
from bot.core.cases.ports import Attachment
from bot.core.errors import AttachmentRefused
from bot.core.ports import Clock, UnitOfWorkFactory

MAX_PIXELS = 25_000_000  # 100 MB while it is worked on
# A JPEG of this size can be read at half its width and height; telephones take such.
MAX_HALVED_PIXELS = 4 * MAX_PIXELS
_FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
_QUALITY = 90
# Files are gone through one at a time, whoever sends them: a small one can cost much time and memory.
_ONE_AT_A_TIME = threading.Lock()
REASONS = {
    "empty": "Tệp này trống.",
    "scan": "Chỉ nhận tệp PDF, JPEG, PNG.",
    "kind": "Chỉ nhận ảnh (JPEG, PNG, WebP), bản ghi âm và PDF.",
    "active": "Tệp PDF này có nội dung chạy được nên không nhận; anh/chị chụp ảnh lại giúp.",
    "image": "Không đọc được ảnh này; anh/chị chụp hoặc chọn ảnh khác giúp.",
    "many": "Cuộc trò chuyện này đã đủ số tệp.",
}


def clean_copy(content: bytes, kind: str) -> bytes:
    """Return the copy that may leave: an image turned upright and without EXIF, GPS, thumbnails or comments.

    Other kinds come back as they are. Raises AttachmentRefused («image») for what is no image or unreasonably large.
    A JPEG above MAX_PIXELS comes back smaller. Images are worked on one at a time.
    """
    if kind not in IMAGES:
        return content
    try:
        with _ONE_AT_A_TIME, warnings.catch_warnings():
            warnings.simplefilter("error")
            with Image.open(io.BytesIO(content), formats=[_FORMATS[kind]]) as image:
                _limit(image, kind)
                # In place: no second copy of the pixels but while they are turned.
                ImageOps.exif_transpose(image, in_place=True)
                image.load()
                out = io.BytesIO()
                quality = {"quality": _QUALITY} if kind != "image/png" else {}
                _bare(image).save(out, _FORMATS[kind], **quality)
                return out.getvalue()
    except AttachmentRefused:
        raise
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Warning, Image.DecompressionBombError):
        raise AttachmentRefused("image") from None


def _limit(image: Image.Image, kind: str) -> None:
    """Have an image that is too large read smaller where it can be. Raises AttachmentRefused where it cannot."""
    pixels = image.width * image.height
    # A progressive one is held whole while it is read, however small it becomes.
    if kind == "image/jpeg" and MAX_PIXELS < pixels <= MAX_HALVED_PIXELS and not image.info.get("progressive"):
        image.draft(image.mode, (image.width // 2, image.height // 2))
        pixels = image.width * image.height
    if pixels > MAX_PIXELS:
        raise AttachmentRefused("image")


def _bare(image: Image.Image) -> Image.Image:
    """Return a new image that takes over the pixels, and nothing else, of a loaded one."""
    bare = Image.new(image.mode, (1, 1))
    bare.im = image.im
    bare._size = image.size
    if image.mode == "P" and (palette := image.getpalette()):
        bare.putpalette(palette)
    return bare


class FileStored(BaseModel):
    """A stored file; post a message whose `button` is `file:ID` to talk about it."""

    id: str = Field(examples=["4f0c…"])
    name: str
    media_type: str
    size: int
    duplicate: bool = Field(description="True when the same file had been sent in this conversation before.")


class FileDesk:
    """Takes files into the store, one after the other."""

    def __init__(self, units: UnitOfWorkFactory, clock: Clock, limits: FileLimits) -> None:
        self._units = units
        self._clock = clock
        self._limits = limits
        # Its own thread: those who wait hold up nobody who only sends a message.
        self._thread = ThreadPoolExecutor(1, "files")

    async def receive(
        self, conversation_id: str, name: str, content: bytes, kinds: Set[str] | None = None
    ) -> FileStored:
        """Take a file when those before it are done. Raises AttachmentRefused."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, self.take, conversation_id, name, content, kinds)

    def take(self, conversation_id: str, name: str, content: bytes, kinds: Set[str] | None = None) -> FileStored:
        """Check, clean and store one file, once per conversation and content; of these `kinds` alone, where given.

        Blocks. Raises AttachmentRefused.
        """
        kind = media_type(content)
        if kinds is not None and kind not in kinds:
            raise AttachmentRefused("scan")
        clean = clean_copy(content, kind)
        digest = hashlib.sha256(content).hexdigest()
        attachment = Attachment(
            id=uuid.uuid4().hex,
            conversation_id=conversation_id,
            case_id=None,
            media_type=kind,
            name=safe_name(name),
            size=len(content),
            sha256=digest,
            created_at=self._clock.now(),
        )
        with self._units() as unit:
            known = unit.attachments.of_conversation(conversation_id)
            same = next((a for a in known if a.sha256 == digest), None)
            if same is None and len(known) >= self._limits.max_files:
                raise AttachmentRefused("many")
            if same is None and not unit.attachments.add(attachment, content, clean):
                same = next(
                    (a for a in unit.attachments.of_conversation(conversation_id) if a.sha256 == digest), None
                )
            unit.commit()
        kept = same or attachment
        return FileStored(
            id=kept.id, name=kept.name, media_type=kept.media_type, size=kept.size, duplicate=same is not None
        )
