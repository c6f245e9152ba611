"""Sending a file over the web channel: what is stored, what is refused, and with which sentence."""

import io
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from PIL import Image

from bot.core.attachments import FileLimits
from bot.core.channels.voice import NoRecogniser
from bot.store import Store
from channels.files import REASONS, FileDesk
from channels.listening import Listener
from channels.web.files import PREFIX, files_router
from channels.web.middleware import BodyLimit
from channels.web.sessions import WebSessions
from tests.browser.fakes import GREETING
from tests.integration.web_client import SETTINGS, Web, problem_of

MAX_BYTES, MAX_FILES = 64 * 1024, 3
HOUSE = "so nha 12 ngo 5"


def photo(colour: int = 30, size: tuple[int, int] = (40, 20)) -> bytes:
    """A JPEG that was taken turned, with a place and a remark in its metadata."""
    data = Image.Exif()
    data[0x0112] = 6
    data[0x010E] = HOUSE
    data.get_ifd(0x8825)[1] = "N"
    out = io.BytesIO()
    Image.new("RGB", size, (200, colour, 30)).save(out, "JPEG", exif=data)
    return out.getvalue()


@dataclass
class Files:
    """An open session of an application that takes files."""

    web: Web
    path: str
    auth: dict[str, str]

    @property
    def url(self) -> str:
        return f"{PREFIX}/{self.path.rpartition('/')[2]}"

    async def send(self, content: bytes, name: str = "anh.jpg", **headers: str) -> httpx.Response:
        return await self.web.client.post(
            self.url, params={"name": name}, content=content, headers={**self.auth, **headers}
        )


@pytest.fixture
async def files(web_store: Store) -> AsyncIterator[Files]:
    web = Web(web_store)
    sessions = WebSessions(web_store, web.clock, GREETING, SETTINGS)
    desk = FileDesk(web_store, web.clock, FileLimits(MAX_BYTES, MAX_FILES))
    web.app.include_router(files_router(desk, sessions, Listener(web_store, NoRecogniser())))
    web.app.add_middleware(BodyLimit, max_bytes=MAX_BYTES, prefix=PREFIX)
    async with web.client:
        yield Files(web, *await web.open())


def kept(files: Files) -> list[Any]:
    with files.web.store() as unit:
        return list(unit.attachments.of_conversation(files.web.conversation_of(files.path)))


async def test_photo_is_stored_once_with_its_safe_name(files: Files) -> None:
    first = await files.send(photo(), "../thư mục/Ảnh quầy 3.jpg")
    assert (first.status_code, first.headers["cache-control"]) == (201, "no-store")
    body = first.json()
    assert (body["name"], body["media_type"], body["duplicate"]) == ("Ảnh quầy 3.jpg", "image/jpeg", False)
    assert body["size"] == len(photo())
    again = await files.send(photo(), "khác tên.jpg")
    assert (again.status_code, again.json()) == (200, {**body, "duplicate": True})
    assert [a.id for a in kept(files)] == [body["id"]]


async def test_clean_copy_has_no_metadata_and_stands_upright_and_the_original_is_whole(files: Files) -> None:
    original = photo()
    assert HOUSE.encode() in original
    stored = (await files.send(original)).json()["id"]
    with files.web.store() as unit:
        clean, whole = unit.attachments.read(stored), unit.attachments.read(stored, original=True)
    assert whole == original
    assert HOUSE.encode() not in clean
    with Image.open(io.BytesIO(clean)) as image:
        assert not image.getexif()
        assert image.size == (20, 40)


async def test_files_of_two_conversations_are_two(files: Files) -> None:
    other = Files(files.web, *await files.web.open())
    one, two = await files.send(photo()), await other.send(photo())
    assert (one.status_code, two.status_code) == (201, 201)
    assert one.json()["id"] != two.json()["id"]


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer nham", "Basic nham"])
async def test_token_is_needed(files: Files, header: str) -> None:
    refused = await files.send(photo(), Authorization=header)
    problem_of(refused, 401)
    assert refused.headers["www-authenticate"] == "Bearer"
    assert kept(files) == []


async def test_token_of_another_session_opens_nothing(files: Files) -> None:
    _, stranger = await files.web.open()
    problem_of(await files.send(photo(), **stranger), 401)
    assert kept(files) == []


async def test_unknown_session_is_not_found(files: Files) -> None:
    problem = problem_of(await files.web.client.post(f"{PREFIX}/s_khongco", content=photo(), headers=files.auth), 404)
    assert problem["type"].endswith(":session-unknown")


@pytest.mark.parametrize("declared", [True, False], ids=["declared", "streamed"])
async def test_too_large_a_file_is_refused(files: Files, declared: bool) -> None:
    content = photo() + b"\0" * MAX_BYTES

    async def pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(content), 8192):
            yield content[start : start + 8192]

    body = content if declared else pieces()
    problem_of(await files.web.client.post(files.url, content=body, headers=files.auth), 413)
    assert kept(files) == []


@pytest.mark.parametrize(
    ("content", "name", "reason"),
    [
        (b"", "anh.jpg", "empty"),
        (b"MZ\x90\x00", "anh.jpg", "kind"),
        (b"<html><script>alert(1)</script>", "anh.png", "kind"),
        (b"PK\x03\x04", "van ban.docx", "kind"),
        (b"%PDF-1.7 /OpenAction << /JS (x) >>", "don.pdf", "active"),
        (b"\xff\xd8\xff" + b"rubbish" * 50, "anh.jpg", "image"),
    ],
)
async def test_wrong_file_is_refused_with_a_plain_sentence(
    files: Files, content: bytes, name: str, reason: str
) -> None:
    problem = problem_of(await files.send(content, name), 415)
    assert problem["type"].endswith(f":file-{reason}")
    assert problem["detail"] == REASONS[reason]
    assert name not in str(problem)
    assert kept(files) == []


async def test_files_of_a_conversation_are_limited_but_a_known_one_is_still_known(files: Files) -> None:
    for colour in range(MAX_FILES):
        assert (await files.send(photo(colour * 50))).status_code == 201
    problem = problem_of(await files.send(photo(200)), 415)
    assert problem["detail"] == REASONS["many"]
    assert (await files.send(photo(0))).status_code == 200
    assert len(kept(files)) == MAX_FILES


async def test_page_and_service_agree_on_the_largest_file(files: Files) -> None:
    script = (await files.web.client.get("/static/chat/upload.js")).text
    assert FileLimits().max_bytes == 10 * 1024 * 1024
    assert "const MAX_BYTES = 10 * 1024 * 1024;" in script
