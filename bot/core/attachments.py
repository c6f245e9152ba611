"""Which files of citizens are taken: told by their content, never by their name. Pure."""

import re
from dataclasses import dataclass

from bot.core.errors import AttachmentRefused
from bot.core.pdf import is_active

IMAGES = frozenset({"image/jpeg", "image/png", "image/webp"})
# What a scanner makes of a letter.
SCANS = frozenset({"image/jpeg", "image/png", "application/pdf"})
MAX_NAME = 80
_UNSAFE = re.compile(r"[^\w.\- ()]+")
# Signatures by offset: the file formats' own specifications.
_SIGNATURES: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"%PDF-", "application/pdf"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"OggS", "audio/ogg"),
    (0, b"#!AMR", "audio/amr"),
    (0, b"\x1aE\xdf\xa3", "audio/webm"),
)
_MP3_FRAME = frozenset({0xFB, 0xF3, 0xF2, 0xFA})
_MP4_AUDIO = frozenset({b"M4A ", b"M4B ", b"mp42", b"isom", b"3gp4", b"3gp5", b"dash"})


@dataclass(frozen=True)
class FileLimits:
    """The settings: bytes a file, files a conversation."""

    max_bytes: int = 10 * 1024 * 1024
    max_files: int = 10


def media_type(content: bytes) -> str:
    """Return the media type that the content shows. Raises AttachmentRefused («empty», «kind», «active»)."""
    if not content:
        raise AttachmentRefused("empty")
    for offset, signature, kind in _SIGNATURES:
        if content[offset : offset + len(signature)] == signature:
            if kind == "application/pdf" and is_active(content):
                raise AttachmentRefused("active")
            return kind
    if content[:4] == b"RIFF" and content[8:12] in {b"WEBP", b"WAVE"}:
        return "image/webp" if content[8:12] == b"WEBP" else "audio/wav"
    if content[4:8] == b"ftyp" and content[8:12] in _MP4_AUDIO:
        return "audio/mp4"
    if content[0] == 0xFF and len(content) > 1 and content[1] in _MP3_FRAME:
        return "audio/mpeg"
    if _is_adts(content):
        return "audio/aac"
    raise AttachmentRefused("kind")


def _is_adts(content: bytes) -> bool:
    """True for AAC in ADTS frames, as phones record it: a header that can be, and another where its frame ends."""
    length = _adts_frame(content, 0)
    if length is None:
        return False
    return len(content) <= length or _adts_frame(content, length) is not None


def _adts_frame(content: bytes, at: int) -> int | None:
    """Return the length of the frame that begins at a place (ISO/IEC 13818-7), None where none does."""
    head = content[at : at + 7]
    # Twelve set bits, layer 0; the sampling frequency is one of thirteen.
    if len(head) < 7 or head[0] != 0xFF or head[1] & 0xF6 != 0xF0 or (head[2] >> 2) & 0xF > 12:
        return None
    length = (head[3] & 0x3) << 11 | head[4] << 3 | head[5] >> 5
    # Seven bytes of header, nine with a checksum.
    return length if length > (7 if head[1] & 1 else 9) else None


def safe_name(name: str) -> str:
    """Return a file name that is safe to show and to store: no path, no control characters, at most 80 long."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    cleaned = " ".join(_UNSAFE.sub(" ", last).split()).strip(". ")
    if len(cleaned) > MAX_NAME:
        stem, dot, ending = cleaned.rpartition(".")
        kept = f".{ending[:8]}" if dot else ""
        cleaned = (stem if dot else cleaned)[: MAX_NAME - len(kept)] + kept
    return cleaned or "tep"
