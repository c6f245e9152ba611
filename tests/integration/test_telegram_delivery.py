"""Updates on their way in: the webhook with its secret, and polling for development."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from bot.core.channels.contract import Failure, Incoming, SendFailed
from channels.telegram.channel import TelegramChannel
from channels.telegram.connecting import drop_webhook, set_webhook, standing
from channels.telegram.polling import poll
from channels.telegram.webhook import SECRET_HEADER, derived_secret, secret_matches
from tests.fakes import telegram_updates as made
from tests.fakes.telegram import Fault
from tests.integration.telegram_steps import WHO, telegram

STICKER: dict[str, Any] = {
    "emoji": "🙏", "width": 1, "height": 1, "type": "regular", "is_animated": False, "is_video": False
}  # fmt: skip


def sent(**content: Any) -> dict[str, Any]:
    return made.update("message", made.message(WHO, **content))


class Inbox:
    """Stores bodies; the next `failures` storings fail."""

    def __init__(self, failures: int = 0) -> None:
        self.bodies: list[bytes] = []
        self.failures = failures
        self.stored = asyncio.Event()

    async def __call__(self, body: bytes) -> None:
        if self.failures:
            self.failures -= 1
            raise OSError("the store is away")
        self.bodies.append(body)
        self.stored.set()


@asynccontextmanager
async def polling(channel: TelegramChannel, inbox: Inbox) -> AsyncIterator[None]:
    task = asyncio.create_task(poll(channel.bot, inbox, wait_seconds=0, first_pause=0.02))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def until(inbox: Inbox, number: int) -> None:
    async with asyncio.timeout(10):
        while len(inbox.bodies) < number:
            inbox.stored.clear()
            await inbox.stored.wait()


async def test_polled_updates_read_as_delivered_ones_in_order() -> None:
    updates = [
        made.written(WHO, "Đăng ký khai sinh 🙏"),
        made.pressed(WHO, "17.2"),
        made.edited(WHO, "Sửa lại"),
        made.shared_phone(WHO),
        made.membership(WHO, "member", "kicked"),
        sent(voice=made.file_of("V1", 21_000, duration=9, mime_type="audio/ogg")),
        sent(photo=[made.file_of("P1", 9, width=3, height=2)], caption="Ảnh"),
        sent(location={"latitude": 21.0285, "longitude": 105.8048}),
        sent(sticker=made.file_of("S1", **STICKER)),
    ]  # fmt: skip
    async with telegram() as (fake, channel):
        for update in updates:
            fake.deliver(update)
        inbox = Inbox()
        async with polling(channel, inbox):
            await until(inbox, len(updates))

    def read(bodies: list[bytes]) -> list[tuple[Incoming, ...]]:
        return [channel.read(body) for body in bodies]

    assert read(inbox.bodies) == read([made.body(update) for update in updates])


async def test_polling_goes_on_after_faults_and_loses_nothing() -> None:
    async with telegram() as (fake, channel):
        inbox = Inbox(failures=2)
        flood = b'{"ok":false,"error_code":429,"description":"x","parameters":{"retry_after":1}}'
        fake.faults += [
            Fault("reset", "getUpdates"),
            Fault("truncated", "getUpdates"),
            Fault("status", "getUpdates", content=b"<html>", status=403),
            Fault("status", "getUpdates", status=200, content=b'{"ok":true,"result":[{"update_id":"x"}, 7]}'),
            Fault("status", "getUpdates", status=429, content=flood),
        ]
        for number in range(5):
            fake.deliver(made.written(WHO, f"câu {number}"))
        async with polling(channel, inbox):
            await until(inbox, 5)
        texts = [channel.read(body)[0].text for body in inbox.bodies]
        assert texts == [f"câu {number}" for number in range(5)]


async def test_polling_leaves_a_webhook_alone_and_says_so(caplog: pytest.LogCaptureFixture) -> None:
    async with telegram() as (fake, channel):
        await set_webhook(channel.bot, "http://127.0.0.1:9/kenh/telegram/x", "secret_0123456789")
        with caplog.at_level(logging.ERROR):
            async with polling(channel, Inbox()):
                await asyncio.sleep(0.2)
        assert fake.webhook
        assert "a webhook is set" in caplog.text


async def test_a_webhook_is_set_with_its_secret_and_asked_about_and_dropped() -> None:
    async with telegram() as (fake, channel):
        secret = derived_secret(fake.token, "header")
        fake.allow_plain_webhook = False
        await set_webhook(channel.bot, "https://tiepdan.example.gov.vn/kenh/telegram/x", secret)
        assert fake.webhook["secret_token"] == secret
        assert "callback_query" in fake.webhook["allowed_updates"]
        now = await standing(channel.bot)
        assert (now.username, now.webhook, now.pending, now.reads_groups) == ("fake_bot", True, 0, False)
        await drop_webhook(channel.bot)
        assert not (await standing(channel.bot)).webhook


async def test_a_webhook_or_a_token_that_telegram_refuses_is_a_failure() -> None:
    async with telegram() as (fake, channel):
        fake.allow_plain_webhook = False
        with pytest.raises(SendFailed) as caught:
            await set_webhook(channel.bot, "http://tiepdan.example/x", "secret_0123456789")
        assert caught.value.failure is Failure.GIVE_UP
        fake.token = "another"
        for call in (standing, drop_webhook):
            with pytest.raises(SendFailed) as caught:
                await call(channel.bot)
            assert caught.value.failure is Failure.ALARM


async def test_the_server_delivers_with_the_secret_until_it_is_taken() -> None:
    seen: list[tuple[str | None, bytes]] = []

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        fields = dict(line.split(": ", 1) for line in head.lower().split("\r\n")[1:] if ": " in line)
        body = await reader.readexactly(int(fields["content-length"]))
        raw = next((line.split(": ", 1)[1] for line in head.split("\r\n") if line.startswith(SECRET_HEADER)), None)
        seen.append((raw, body))
        writer.write(
            b"HTTP/1.1 %d X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n" % (500 if len(seen) < 3 else 200)
        )
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with telegram() as (fake, channel):
        secret = derived_secret(fake.token, "header")
        await set_webhook(channel.bot, f"http://127.0.0.1:{port}/kenh/telegram/x", secret)
        update = made.written(WHO, "Chào")
        assert await asyncio.to_thread(fake.deliver, update) == 200
    server.close()
    assert [secret_matches(given, secret) for given, _ in seen] == [True] * 3
    assert {body for _, body in seen} == {made.body(update)}
