"""Processes killed for real at the worst moments: the question is answered once, its effect is there once.

A proxy between the service and Rasa holds each call, so that a kill falls exactly between two steps.
"""

import asyncio
import os
import signal
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from pydantic import AnyHttpUrl

from bot.settings import load
from bot.stack import free_ports, private_settings, rasa_child, service_child
from bot.supervisor import Supervisor
from bot.webclient import Session, WebClient
from tests.stack import models_ready

# One event loop for the module: the proxy lives in it.
pytestmark = [pytest.mark.stack, pytest.mark.asyncio(loop_scope="module")]

QUESTION = "muốn lập hội ở xã cần giấy tờ gì"
Hook = Callable[[], Awaitable[None]]


@dataclass
class Proxy:
    """Passes calls on to Rasa; `before` and `after` run once around the next call."""

    port: int
    target: str
    before: Hook | None = None
    after: Hook | None = None
    calls: int = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            request, *fields = head.decode().split("\r\n")
            length = next((int(f.split(":")[1]) for f in fields if f.lower().startswith("content-length")), 0)
            body = await reader.readexactly(length)
            method, path, _ = request.split(" ")
            turn = path.startswith("/webhooks")
            if turn:
                self.calls += 1
                before, self.before = self.before, None
                if before:
                    await before()
            async with httpx.AsyncClient(base_url=self.target, timeout=30) as http:
                answer = await http.request(method, path, content=body, headers={"Content-Type": "application/json"})
            if turn:
                after, self.after = self.after, None
                if after:
                    await after()
            lines = f"HTTP/1.1 {answer.status_code} X\r\nContent-Type: application/json\r\n"
            writer.write(f"{lines}Content-Length: {len(answer.content)}\r\nConnection: close\r\n\r\n".encode())
            writer.write(answer.content)
            await writer.drain()
        except (OSError, httpx.HTTPError, asyncio.IncompleteReadError):
            pass  # the caller sees a broken connection, as it would without the proxy
        finally:
            writer.close()


@dataclass
class Stack:
    """A supervised stack whose service reaches Rasa through the proxy."""

    supervisor: Supervisor
    proxy: Proxy
    client: WebClient
    database: Path

    async def kill(self, name: str) -> None:
        pid = self.supervisor.pid(name)
        assert pid is not None
        os.killpg(pid, signal.SIGKILL)

    def replies_recorded(self) -> int:
        with sqlite3.connect(self.database) as connection:
            return int(connection.execute("SELECT count(*) FROM turns WHERE reply IS NOT NULL").fetchone()[0])


@asynccontextmanager
async def proxied_stack(folder: Path) -> AsyncIterator[Stack]:
    models = models_ready(load())
    settings = private_settings(models, folder)
    (port,) = free_ports(1)
    proxy = Proxy(port, f"http://127.0.0.1:{settings.rasa_port}")
    settings = settings.model_copy(update={"rasa_url": AnyHttpUrl(f"http://127.0.0.1:{port}")})
    server = await asyncio.start_server(proxy.serve, "127.0.0.1", port)
    async with server, Supervisor([service_child(settings), rasa_child(settings)], print) as supervisor:
        await supervisor.until_healthy()
        async with httpx.AsyncClient(base_url=settings.base_url, timeout=10) as http:
            token = settings.evaluation_token
            client = WebClient(http, token.get_secret_value() if token else None)
            yield Stack(supervisor, proxy, client, folder / "tiepdan.db")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stack(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stack]:
    async with proxied_stack(tmp_path_factory.mktemp("interrupted")) as running:
        yield running


async def settled(stack: Stack, session: Session, seconds: float) -> list[dict[str, object]]:
    """Return the conversation's events once an answer is there, the service being back."""
    async with asyncio.timeout(seconds):
        while True:
            try:
                events = await stack.client.events(session, 1)
            except Exception:  # the service is down for a moment: that is the test
                events = []
            if any(e["kind"] == "assistant" for e in events):
                await asyncio.sleep(2)  # time in which a second answer would show
                return await stack.client.events(session, 1)
            await asyncio.sleep(0.3)


def kinds(events: list[dict[str, object]]) -> list[object]:
    return [event["kind"] for event in events]


@pytest.mark.timeout(240)
async def test_rasa_killed_in_a_turn_gives_one_notice_and_then_the_answer(stack: Stack) -> None:
    session = await stack.client.open()
    stack.proxy.before = lambda: stack.kill("rasa")
    await stack.client.post(session, QUESTION)
    events = await settled(stack, session, 60)
    assert kinds(events) == ["citizen", "notice", "assistant"]
    assert events[1]["body"]["act"] == "disrupted"  # type: ignore[index]
    assert events[2]["body"]["data"]["procedure"] == "NV025"  # type: ignore[index]


@pytest.mark.timeout(240)
async def test_service_killed_between_storing_and_answering_answers_once(stack: Stack) -> None:
    session = await stack.client.open()
    before = stack.replies_recorded()
    stack.proxy.before = lambda: stack.kill("service")
    await stack.client.post(session, QUESTION)
    events = await settled(stack, session, 60)
    assert kinds(events) == ["citizen", "assistant"]
    assert stack.replies_recorded() == before + 1


@pytest.mark.timeout(240)
async def test_service_killed_between_commit_and_reply_does_not_ask_again(stack: Stack) -> None:
    session = await stack.client.open()
    before, calls = stack.replies_recorded(), stack.proxy.calls
    stack.proxy.after = lambda: stack.kill("service")
    await stack.client.post(session, QUESTION)
    events = await settled(stack, session, 60)
    assert kinds(events) == ["citizen", "assistant"]
    assert stack.replies_recorded() == before + 1
    assert stack.proxy.calls == calls + 1
