"""Fetching files from Telegram: sizes, kinds, addresses and servers that misbehave."""

from dataclasses import replace

import pytest

from bot.core.channels.contract import Failure, Media, MediaRefused, SendFailed
from tests.fakes.telegram import Fault
from tests.integration.telegram_steps import PNG, telegram

PHOTO = Media("F1", mime="image/png")
LIMIT = 10_000


async def test_a_file_comes_as_it_is() -> None:
    async with telegram() as (fake, channel):
        fake.file("F1", PNG)
        assert await channel.fetch(PHOTO, LIMIT) == PNG
        assert await channel.fetch(PHOTO, len(PNG)) == PNG


async def refused(media: Media, content: bytes = PNG, limit: int = LIMIT, path: str | None = None) -> tuple[str, int]:
    """Return the reason and how many requests were made."""
    async with telegram() as (fake, channel):
        fake.file("F1", content)
        if path is not None:
            fake.paths["F1"] = path
        with pytest.raises(MediaRefused) as caught:
            await channel.fetch(media, limit)
        return caught.value.reason, len(fake.calls) + fake.downloads


async def test_what_is_too_large_is_refused_as_early_as_it_is_known() -> None:
    assert await refused(replace(PHOTO, size=LIMIT + 1)) == ("size", 0)
    assert await refused(PHOTO, PNG + bytes(LIMIT)) == ("size", 1)
    assert await refused(PHOTO, PNG + bytes(20 * 1024 * 1024), limit=10**9) == ("size", 1)


async def test_a_server_that_understates_a_size_is_cut_off() -> None:
    async with telegram() as (fake, channel):
        fake.file("F1", PNG + bytes(LIMIT))
        fake.claimed_size = 5
        with pytest.raises(MediaRefused, match="size"):
            await channel.fetch(replace(PHOTO, size=5), LIMIT)


@pytest.mark.parametrize(
    "content", [b"", b"MZ\x90\x00program", b"<html>", b"%PDF-1.7 /JavaScript (x)", b"PK\x03\x04zip"]
)
async def test_kinds_that_are_not_taken_are_refused_by_content(content: bytes) -> None:
    assert (await refused(PHOTO, content))[0] == "type"


async def test_a_film_is_not_fetched_at_all() -> None:
    assert await refused(replace(PHOTO, mime="video/mp4")) == ("type", 0)


@pytest.mark.parametrize("ref", ["", "a" * 513, "../x", "F1/..", "tệp", "F1\n"])
async def test_no_file_has_such_an_id(ref: str) -> None:
    assert await refused(Media(ref)) == ("gone", 0)


async def test_a_file_that_is_no_more_is_gone() -> None:
    assert (await refused(Media("F2")))[0] == "gone"
    async with telegram() as (fake, channel):
        fake.file("F1", PNG)
        fake.faults.append(Fault("status", "download", status=404))
        with pytest.raises(MediaRefused, match="gone"):
            await channel.fetch(PHOTO, LIMIT)


@pytest.mark.parametrize(
    "path",
    ["http://169.254.169.254/latest/", "https://x.vn/file_F1", "//x.vn/a", "../../x", "a/../../x", "a/..", "a?b",
     "a#b", "a b", "%2e%2e/x", "/a", "a//b", "a\\b"],
)  # fmt: skip
async def test_a_path_that_leads_elsewhere_is_not_followed(path: str) -> None:
    assert await refused(PHOTO, path=path) == ("host", 1)


async def test_a_redirect_is_not_followed() -> None:
    async with telegram() as (fake, channel):
        fake.file("F1", PNG)
        fake.faults.append(Fault("status", "download", status=302))
        with pytest.raises(MediaRefused, match="host"):
            await channel.fetch(PHOTO, LIMIT)


@pytest.mark.parametrize("method", ["getFile", "download"])
@pytest.mark.parametrize("kind", ["reset", "truncated", "hang", "status"])
async def test_what_fails_on_the_way_is_tried_again(method: str, kind: str) -> None:
    async with telegram(seconds=1.0) as (fake, channel):
        fake.file("F1", PNG)
        fake.faults.append(Fault(kind, method, seconds=1.5))
        with pytest.raises(SendFailed) as caught:
            await channel.fetch(PHOTO, LIMIT)
        assert caught.value.failure is Failure.RETRY
        assert await channel.fetch(PHOTO, LIMIT) == PNG


@pytest.mark.parametrize("method", ["getFile", "download"])
async def test_a_flood_waits(method: str) -> None:
    async with telegram() as (fake, channel):
        fake.file("F1", PNG)
        fake.faults.append(Fault("status", method, status=429))
        with pytest.raises(SendFailed) as caught:
            await channel.fetch(PHOTO, LIMIT)
        assert caught.value.failure is Failure.WAIT
