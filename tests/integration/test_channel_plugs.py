"""Zalo and Telegram as the settings describe them: webhooks with their checks, answers at the fakes, commands."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from typer.testing import CliRunner

from bot.cli.channels import channels_app
from bot.core.attachments import FileLimits
from bot.core.clock import SystemClock
from bot.core.errors import ConfigurationError, TiepDanError
from bot.core.turns import Dispatcher, TurnRunner
from bot.settings import Settings, load
from bot.store import Store
from bot.store.channels.tokens import SealedTokens
from bot.wiring.channels import Channels, RelayNotifier, make_recogniser
from bot.wiring.plugs import configured
from channels.files import FileDesk
from channels.telegram.webhook import derived_secret
from channels.zalo.tokens import TokenState
from tests.fakes import telegram_updates as updates
from tests.fakes.telegram import FakeTelegram
from tests.fakes.zalo import FakeZalo
from tests.fakes.zalo_webhook import ZaloWebhook
from tests.integration.channel_steps import GREETING, PHRASES
from tests.integration.test_channel_hooks import Echo

PERSON = "2500000000000000007"


@pytest.fixture
def zalo() -> Iterator[FakeZalo]:
    with FakeZalo() as fake:
        yield fake


@pytest.fixture
def telegram() -> Iterator[FakeTelegram]:
    with FakeTelegram() as fake:
        fake.token = "123456789:" + "A" * 35
        yield fake


def with_zalo(fake: FakeZalo, folder: Path, **more: Any) -> Settings:
    state = fake.state
    group = {
        "enabled": True, "app_id": state.app_id, "oa_id": state.oa_id, "app_secret": state.app_secret,
        "oa_secret": state.oa_secret, "api_url": fake.url, "oauth_url": fake.url, **more,
    }  # fmt: skip
    return load(None, data_dir=folder, zalo=group, channels={"zalo_wait_seconds": 0})


def with_telegram(fake: FakeTelegram, folder: Path, **more: Any) -> Settings:
    file = folder / "token"
    file.write_text(fake.token)
    file.chmod(0o600)
    group = {"token_file": str(file), "base_url": fake.base_url, "file_url": fake.file_url, "chat_seconds": 0.1}
    return load(None, data_dir=folder, telegram={**group, **more}, channels={"telegram_wait_seconds": 0})


def log_in(fake: FakeZalo, store: Store) -> None:
    access, refresh = fake.state.new_pair()
    now = datetime.now(UTC)
    SealedTokens(store, "zalo", TokenState).swap(0, TokenState(1, access, refresh, now + timedelta(hours=25), now))


@asynccontextmanager
async def service(settings: Settings, store: Store) -> AsyncIterator[httpx.AsyncClient]:
    """Run the channels of the settings with a dialogue that repeats what it hears."""
    notifier, clock = RelayNotifier(), SystemClock()
    runner = TurnRunner(
        units=store,
        dialogue=Echo(store),
        clock=clock,
        phrases=PHRASES,
        notifier=notifier,
        worker="turns",
        lease_seconds=60,
        give_up_after_seconds=300,
    )
    dispatcher = Dispatcher(runner, store, clock)
    plugs = configured(settings, store, clock)
    desk = FileDesk(store, clock, FileLimits())
    channels = Channels(settings, store, PHRASES, GREETING, notifier, dispatcher.wake, desk, plugs)
    app = FastAPI()
    channels.install(app)
    turns = asyncio.create_task(dispatcher.run())
    client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://x")
    async with client, channels.running():
        yield client
    turns.cancel()
    await asyncio.gather(turns, return_exceptions=True)


async def until(texts: Callable[[], list[str]], expected: list[str]) -> None:
    try:
        async with asyncio.timeout(20):
            while texts() != expected:  # noqa: ASYNC110 -- a fake without an event
                await asyncio.sleep(0.05)
    except TimeoutError:
        assert texts() == expected


async def test_the_page_that_proves_the_domain_is_there_before_zalo_is_switched_on(
    store: Store, tmp_path: Path
) -> None:
    name = "zalo_verifierUlAT1P_tDLDPmxrDckq-4xUdH6Yg4jDEJSp.html"
    async with service(load(None, data_dir=tmp_path, zalo={"verifier_page": name}), store) as client:
        page = await client.get(f"/{name}")
        assert page.status_code == 200
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        assert page.headers["content-security-policy"] == "default-src 'none'; sandbox"
        meta = '<meta property="zalo-platform-site-verification" content="UlAT1P_tDLDPmxrDckq-4xUdH6Yg4jDEJSp" />'
        assert meta in page.text
        assert (await client.head(f"/{name}")).status_code == 200
        for other in ("zalo_verifierUlAT1P_tDLDPmxrDckq-4xUdH6Yg4jDEJSq.html", name.lower(), f"x/{name}"):
            assert (await client.get(f"/{other}")).status_code == 404
    async with service(load(None, data_dir=tmp_path), store) as client:
        assert (await client.get(f"/{name}")).status_code == 404


async def test_zalo_answers_what_is_signed_and_acknowledges_the_rest(
    zalo: FakeZalo, store: Store, tmp_path: Path
) -> None:
    log_in(zalo, store)
    sender = ZaloWebhook(zalo.state, "")

    async def post(event: dict[str, Any], client: httpx.AsyncClient, **headers: str) -> int:
        body = json.dumps(event).encode()
        signed = sender.headers(body, event["timestamp"]) | headers
        return (await client.post("/channels/zalo", content=body, headers=signed)).status_code

    async with service(with_zalo(zalo, tmp_path), store) as client:
        assert (await client.post("/channels/zalo", content=b"{}")).status_code == 200
        event = sender.text(PERSON, "cho hỏi phí")
        assert await post(event, client, **{"X-ZEvent-Signature": "mac=" + "0" * 64}) == 200
        for _ in range(3):
            assert await post(event, client) == 200
        await until(lambda: zalo.state.texts_to(PERSON), [GREETING.text, "«cho hỏi phí»"])
    with store() as unit:
        counts = unit.threads.counts("zalo")
    assert (counts["in.stored"], counts["in.repeated"], counts["signature.refused.wrong"]) == (1, 2, 1)
    assert counts["signature.app_id-body-oa"] == 3


async def test_telegram_is_answered_behind_its_two_secrets(
    telegram: FakeTelegram, store: Store, tmp_path: Path
) -> None:
    chat = telegram.citizen(700_001)
    path, header = derived_secret(telegram.token, "path"), derived_secret(telegram.token, "header")
    body = updates.body(updates.written(chat, "cho hỏi phí"))
    shown = {"X-Telegram-Bot-Api-Secret-Token": header}
    async with service(with_telegram(telegram, tmp_path), store) as client:
        assert (await client.post("/channels/telegram", content=body, headers=shown)).status_code == 404
        assert (await client.post(f"/channels/telegram/{path}", content=body)).status_code == 403
        assert (await client.post(f"/channels/telegram/{path}", content=body, headers=shown)).status_code == 200
        await until(lambda: telegram.texts(chat), [GREETING.text, "«cho hỏi phí»"])
        pressed = updates.body(updates.pressed(chat, "1.0"))
        await client.post(f"/channels/telegram/{path}", content=pressed, headers=shown)
        await until(lambda: telegram.answered, ["77"])


async def test_telegram_is_fetched_where_nothing_is_delivered(
    telegram: FakeTelegram, store: Store, tmp_path: Path
) -> None:
    chat = telegram.citizen(700_001)
    telegram.deliver(updates.written(chat, "cho hỏi phí"))
    async with service(with_telegram(telegram, tmp_path, polling=True), store) as client:
        await until(lambda: telegram.texts(chat), [GREETING.text, "«cho hỏi phí»"])
        assert (await client.post("/channels/telegram/x", content=b"{}")).status_code == 404


async def test_telegram_is_told_where_to_deliver(telegram: FakeTelegram, store: Store, tmp_path: Path) -> None:
    settings = with_telegram(telegram, tmp_path, public_url="https://tiepdan.example.vn")
    async with service(settings, store):
        path = derived_secret(telegram.token, "path")
        await until(
            lambda: [telegram.webhook.get("url", "")], [f"https://tiepdan.example.vn/channels/telegram/{path}"]
        )


async def test_people_are_told_that_zalo_must_be_logged_in(zalo: FakeZalo, store: Store, tmp_path: Path) -> None:
    def tasks() -> list[str]:
        with store() as unit:
            return [task.kind for task in unit.tasks.open()]

    async with service(with_zalo(zalo, tmp_path), store):
        await until(tasks, ["channel_tokens"])
    [plug] = configured(with_zalo(zalo, tmp_path), store, SystemClock())
    log_in(zalo, store)
    assert plug.alarm is not None
    assert plug.tokens is not None
    assert await plug.alarm() == ""
    assert (await plug.tokens()).startswith("dùng được đến")


def test_nothing_is_configured_by_default(store: Store, tmp_path: Path) -> None:
    assert configured(load(None, data_dir=tmp_path), store, SystemClock()) == []


def test_a_model_that_is_not_there_stops_the_start(telegram: FakeTelegram, tmp_path: Path) -> None:
    settings = with_telegram(telegram, tmp_path)
    settings = settings.model_copy(update={"channels": settings.channels.model_copy(update={"vosk_model": "/none"})})
    with pytest.raises(ConfigurationError, match="VOSK_MODEL"):
        make_recogniser(settings)


class TestCommands:
    """`tiepdan channels …` over a database with one answered person and one letter that was given up."""

    @pytest.fixture
    def said(
        self, telegram: FakeTelegram, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sqlite_url: str
    ) -> Callable[..., str]:
        settings = with_telegram(telegram, tmp_path)
        for name, value in {
            "TIEPDAN_DATA_DIR": str(tmp_path),
            "TIEPDAN_DATABASE_URL": sqlite_url,
            "TIEPDAN_TELEGRAM__TOKEN_FILE": settings.telegram.token_file,
            "TIEPDAN_TELEGRAM__BASE_URL": telegram.base_url,
            "TIEPDAN_TELEGRAM__FILE_URL": telegram.file_url,
        }.items():
            monkeypatch.setenv(name, value)

        def run(*args: str) -> str:
            result = CliRunner().invoke(channels_app, list(args))
            if result.exception is not None and not isinstance(result.exception, SystemExit):
                raise result.exception
            return result.stdout

        return run

    def test_status_tells_which_are_on(self, said: Callable[..., str]) -> None:
        shown = said("status")
        assert "zalo: chưa bật" in shown
        assert "telegram: đang bật" in shown
        assert "webhook: https://<tên miền>/channels/telegram/…" in shown, "its secret is not printed"
        assert "tin vào chưa đọc: 0" in shown
        assert json.loads(said("status", "--json"))["telegram"]["waiting"] == 0

    def test_test_asks_the_platform(self, said: Callable[..., str], telegram: FakeTelegram) -> None:
        assert "telegram: dùng được; @" in said("test", "telegram")
        with pytest.raises(ConfigurationError):
            said("test", "zalo")
        telegram.token = "42:other"
        with pytest.raises(TiepDanError, match="không dùng được"):
            said("test", "telegram")

    def test_dead_letters_are_listed_without_words_and_replayed(self, said: Callable[..., str]) -> None:
        from bot.cli.withdrawal import open_store
        from bot.core.channels.receiving import Receiver
        from bot.wiring.plugs import configured as plugged

        settings = load(None)
        store = open_store(settings)
        [plug] = plugged(settings, store, SystemClock())
        Receiver(store, plug.channel, SystemClock(), plug.counters).take(b'{"bi mat": 1}')
        with store() as unit:
            [letter] = unit.dead_letters.open()
        store.close()
        assert said("dead").startswith(f"{letter.id}  telegram, vào")
        assert "bi mat" not in said("dead", "--json")
        assert said("dead", "zalo").strip() == "không có tin hỏng"
        assert said("replay", letter.id).strip() == "sẽ thử lại 1 tin"
        assert "đang chờ thử lại" in said("dead", "telegram")
        assert said("replay", "telegram").strip() == "sẽ thử lại 1 tin"
        with pytest.raises(TiepDanError):
            said("replay", "không-có")
