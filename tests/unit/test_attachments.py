"""Files of citizens: told by content, names made safe, copies without metadata."""

import io
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageFile

from bot.core.attachments import MAX_NAME, media_type, safe_name
from bot.core.errors import AttachmentRefused
from channels.files import clean_copy


def jpeg(exif: bool = True) -> bytes:
    image = Image.new("RGB", (40, 20), (200, 30, 30))
    out = io.BytesIO()
    data = Image.Exif()
    data[0x0112] = 6  # turned by 90 degrees
    data[0x010E] = "so nha 12 ngo 5"
    data.get_ifd(0x8825)[1] = "N"
    image.save(out, "JPEG", **({"exif": data} if exif else {}))
    return out.getvalue()


def adts(start: bytes = b"\xff\xf1\x4c", length: int = 20) -> bytes:
    """Return one frame of AAC as phones record it."""
    size = bytes((0x80 | length >> 11, length >> 3 & 0xFF, (length & 7) << 5 | 0x1F, 0xFC))
    return (start + size).ljust(length, b"\x21")


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"\xff\xd8\xff\xe0....", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n....", "image/png"),
        (b"RIFF....WEBPVP8 ", "image/webp"),
        (b"RIFF....WAVEfmt ", "audio/wav"),
        (b"%PDF-1.7\n1 0 obj", "application/pdf"),
        (b"OggS....", "audio/ogg"),
        (b"....ftypM4A ....", "audio/mp4"),
        (b"ID3\x03....", "audio/mpeg"),
        (b"\xff\xfb\x90\x00", "audio/mpeg"),
        (adts(), "audio/aac"),
        (adts() * 3, "audio/aac"),
        (adts(b"\xff\xf9\x4c"), "audio/aac"),
    ],
)
def test_content_tells_the_kind(content: bytes, kind: str) -> None:
    assert media_type(content) == kind


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"MZ\x90\x00", "kind"),
        (b"<html><script>", "kind"),
        (b"PK\x03\x04", "kind"),
        (b"%PDF-1.7 /OpenAction << /JS (x) >>", "active"),
        (b"GIF89a", "kind"),
        (b"\xff\xf1", "kind"),
        (adts()[:6], "kind"),
        (adts(b"\xff\xf1\x7c"), "kind"),  # no such sampling frequency
        (adts(b"\xff\xf7\x4c"), "kind"),  # another layer
        (adts(length=7), "kind"),  # a frame without sound
        (adts() + b"MZ\x90\x00 and more", "kind"),  # only its first frame is one
        ("\ufeffchào".encode("utf-16"), "kind"),
    ],
)
def test_what_is_not_taken_is_refused_with_its_reason(content: bytes, reason: str) -> None:
    with pytest.raises(AttachmentRefused) as refused:
        media_type(content)
    assert refused.value.reason == reason


@given(st.binary(max_size=64))
def test_any_content_is_told_or_refused(content: bytes) -> None:
    try:
        told = media_type(content)
    except AttachmentRefused as refused:
        told = f"refused/{refused.reason}"
    known = {"image", "audio", "application"}
    assert told.partition("/")[0] in known or told in {"refused/empty", "refused/kind", "refused/active"}


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\a\\Ảnh chụp.jpg", "Ảnh chụp.jpg"),
        ("<img src=x>.png", "img src x .png"),
        ("", "tep"),
        ("...", "tep"),
    ],
)
def test_names_are_made_safe(name: str, safe: str) -> None:
    assert safe_name(name) == safe


@given(st.text(max_size=300))
def test_safe_names_are_short_and_have_no_path(name: str) -> None:
    made = safe_name(name)
    assert 0 < len(made) <= MAX_NAME
    assert not set(made) & set("/\\<>\x00\n")


def test_the_copy_that_leaves_has_no_metadata_and_stands_upright() -> None:
    original = jpeg()
    assert b"so nha 12" in original
    copy = clean_copy(original, "image/jpeg")
    assert b"so nha 12" not in copy
    with Image.open(io.BytesIO(copy)) as image:
        assert not image.getexif()
        assert image.size == (20, 40)


def test_a_png_with_text_chunks_is_bare_afterwards() -> None:
    from PIL.PngImagePlugin import PngInfo

    info, out = PngInfo(), io.BytesIO()
    info.add_text("Author", "Nguyen Van A")
    Image.new("P", (8, 8), 3).save(out, "PNG", pnginfo=info)
    copy = clean_copy(out.getvalue(), "image/png")
    assert b"Nguyen Van A" in out.getvalue()
    assert b"Nguyen Van A" not in copy


@pytest.mark.parametrize("content", [b"\xff\xd8\xff" + b"rubbish" * 50, jpeg()[:200]])
def test_a_broken_image_is_refused(content: bytes) -> None:
    with pytest.raises(AttachmentRefused) as refused:
        clean_copy(content, "image/jpeg")
    assert refused.value.reason == "image"


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    out = io.BytesIO()
    Image.new("1", (12_000, 12_000)).save(out, "PNG")
    with pytest.raises(AttachmentRefused):
        clean_copy(out.getvalue(), "image/png")


def drawn(size: tuple[int, int], kind: str, mode: str = "RGB", **options: Any) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, None).save(out, kind, **options)
    return out.getvalue()


@pytest.mark.parametrize(
    ("size", "kind", "options"),
    [
        ((5_001, 5_000), "PNG", {}),
        ((7_070, 7_070), "PNG", {}),
        ((1, 25_000_001), "PNG", {}),
        ((8_000, 6_000), "JPEG", {"progressive": True}),
        ((10_001, 10_000), "JPEG", {}),
    ],
)
def test_an_image_of_too_many_pixels_is_refused_unread(
    size: tuple[int, int], kind: str, options: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    content = drawn(size, kind, "1" if kind == "PNG" else "L", **options)
    monkeypatch.setattr(ImageFile.ImageFile, "load", lambda _image: pytest.fail("read"))
    with pytest.raises(AttachmentRefused) as refused:
        clean_copy(content, f"image/{kind.lower()}")
    assert refused.value.reason == "image"


@pytest.mark.parametrize("size", [(5_000, 5_000), (4_032, 3_024), (1, 60_000)])
def test_an_image_of_a_usual_size_keeps_it(size: tuple[int, int]) -> None:
    with Image.open(io.BytesIO(clean_copy(drawn(size, "PNG", "1"), "image/png"))) as image:
        assert image.size == size


def test_a_large_photo_comes_back_smaller_and_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = "so nha 12 ngo 5"
    copy = clean_copy(drawn((8_000, 6_000), "JPEG", exif=exif), "image/jpeg")
    with Image.open(io.BytesIO(copy)) as image:
        assert image.size == (3_000, 4_000)
        assert not image.getexif()


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_pixels_are_kept_in_every_mode(mode: str) -> None:
    original = Image.linear_gradient("L").convert("RGB").quantize(16) if mode == "P" else Image.linear_gradient("L")
    original = original if mode == "P" else original.convert(mode)
    out = io.BytesIO()
    original.save(out, "PNG", dpi=(72, 72))
    with Image.open(io.BytesIO(clean_copy(out.getvalue(), "image/png"))) as image:
        assert image.mode == mode
        assert image.convert("RGB").tobytes() == original.convert("RGB").tobytes()
        assert "dpi" not in image.info


def test_images_are_worked_on_one_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    at_work, most = 0, 0
    load = ImageFile.ImageFile.load

    def slowly(image: ImageFile.ImageFile) -> object:
        nonlocal at_work, most
        at_work += 1
        most = max(most, at_work)
        time.sleep(0.02)
        loaded = load(image)
        at_work -= 1
        return loaded

    monkeypatch.setattr(ImageFile.ImageFile, "load", slowly)
    content = drawn((20, 20), "PNG")
    with ThreadPoolExecutor(4) as pool:
        copies = list(pool.map(lambda _: clean_copy(content, "image/png"), range(6)))
    assert most == 1
    assert len(set(copies)) == 1
