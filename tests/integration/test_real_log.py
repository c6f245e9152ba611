"""The log of a real server, with every request in it, shows nothing that opens anything."""

import contextlib
import io
import json
import logging
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
import uvicorn
from fastapi import FastAPI

from bot.core.channels.contract import Outgoing, SendFailed
from bot.logs import HIDDEN, configure_logging
from bot.store import KeyRing, Store
from channels.hooks import Hook, channel_router
from channels.telegram.channel import TelegramChannel
from channels.telegram.connection import BotOptions
from channels.telegram.webhook import derived_secret
from tests.browser.fakes import MemoryStore, SystemClock, web_app
from tests.integration.channel_steps import Office

TOKEN = "123456789:AAH_abcdefghijklmnopqrstuvwxyz01234"
PATH_SECRET = derived_secret(TOKEN, "path")


@pytest.fixture
def log(keys: KeyRing) -> Iterator[io.StringIO]:
    """Give what the whole process logs, at its most talkative."""
    root, stream = logging.getLogger(), io.StringIO()
    handlers, level = root.handlers[:], root.level
    configure_logging("debug", stream)
    yield stream
    root.handlers[:] = handlers
    root.setLevel(level)
    for name in ("bot", "channels", "actions", "knowledge", "nlu", "__main__", "uvicorn"):
        logging.getLogger(name).setLevel(logging.NOTSET)


@contextlib.contextmanager
def serving(app: FastAPI) -> Iterator[str]:
    """Serve as bot.main does, but with the access log on."""
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, access_log=True, log_config=None))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 10
    while not server.started:
        assert thread.is_alive()
        assert time.monotonic() < deadline
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(10)


def application(office: Office) -> FastAPI:
    app = web_app(MemoryStore(), SystemClock())

    async def attend(body: bytes) -> None:
        raise ValueError(f"https://api.telegram.org/bot{TOKEN}/x")

    hook = Hook(
        name="telegram",
        receiver=office.receiver,
        counters=office.counts,
        admit=lambda body, headers: None,
        woken=lambda threads: None,
        after=attend,
        secret=PATH_SECRET,
    )
    app.include_router(channel_router([hook], ThreadPoolExecutor(2)))
    return app


def test_no_path_secret_session_or_token_is_in_a_real_log(log: io.StringIO, tmp_path: Path, keys: KeyRing) -> None:
    store = Store(f"sqlite:///{tmp_path}/tiepdan.db", keys)
    store.migrate()
    update = json.dumps({"id": "1", "address": "an", "kind": "text", "text": "chào"}).encode()
    with serving(application(Office(store))) as address, httpx.Client(base_url=address, trust_env=False) as web:
        assert web.post(f"/channels/telegram/{PATH_SECRET}", content=update).status_code == 200
        assert web.post(f"/channels/telegram/{PATH_SECRET}/more", content=update).status_code == 404
        assert web.post(f"/channels/telegram/{PATH_SECRET[:-1]}x?a={PATH_SECRET}", content=update).status_code == 404
        opened = web.post("/api/web/sessions").json()
        session, token, renewal = opened["session_id"], opened["token"], opened["renewal"]
        at = f"/api/web/sessions/{session}"
        auth = {"Authorization": f"Bearer {token}"}
        form = {"session": session, "renewal": renewal, "choice": "look"}
        assert web.post("/don-gian", data=form).status_code == 200
        said = {"client_message_id": "m1", "text": "xin chào"}
        assert web.post(f"{at}/messages", json=said, headers=auth).status_code == 202
        assert web.get(f"{at}/messages?after=0&token={token}", headers=auth).status_code == 200
        assert web.post(f"{at}/token", headers={"Authorization": f"Bearer {renewal}"}).status_code == 200
    store.close()
    told = log.getvalue()
    # The requests are in it, or the test would prove nothing.
    assert f'"path": "/channels/telegram/{HIDDEN}"' in told
    assert f'"path": "/api/web/sessions/{HIDDEN}/messages"' in told
    assert told.count('"message": "request"') == 8
    for secret in (PATH_SECRET, PATH_SECRET[:-1], session, token, renewal, TOKEN, TOKEN.partition(":")[2]):
        assert secret not in told


async def test_a_bot_that_cannot_be_reached_does_not_log_its_token(log: io.StringIO) -> None:
    channel = TelegramChannel(BotOptions(TOKEN, "http://127.0.0.1:9/bot", "http://127.0.0.1:9/file/bot", seconds=2))
    try:
        await channel.send("900001", Outgoing("1.0", "chào"))
    except SendFailed as failed:
        logging.getLogger("bot").exception("not sent", exc_info=failed)
        cause = failed.__context__ or failed
        logging.getLogger("bot").warning("not sent: %s", cause, extra={"url": f"http://x/bot{TOKEN}/getMe"})
    finally:
        await channel.close()
    assert "not sent" in log.getvalue()
    assert TOKEN.partition(":")[2] not in log.getvalue()
