"""Measuring turns: what is timed, counted and added up."""

import asyncio
import contextlib
import subprocess
import sys
from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.bench.cpu import group_seconds, machine_seconds
from bot.bench.product import web_conversation
from bot.bench.stock import rest_conversation
from bot.bench.turns import Assistant, Conversation, Measurement, TurnFailed, measure, pooled
from bot.webclient import WebClient
from tests.browser.fake_dialogue import fake_service
from tests.browser.fakes import serving

SCRIPTS = (("a1", "a2", "a3"), ("b1", "b2", "b3"))


class Sleeper:
    """An assistant that answers after a moment, unless the text says otherwise, and remembers what it was sent."""

    def __init__(self, seconds: float = 0.02) -> None:
        self.seconds = seconds
        self.conversations: list[list[str]] = []
        self.busy = 0
        self.most_busy = 0

    @contextlib.asynccontextmanager
    async def open(self) -> AsyncIterator[Conversation]:
        sent: list[str] = []
        self.conversations.append(sent)
        yield SleeperConversation(self, sent)


class SleeperConversation:
    def __init__(self, assistant: Sleeper, sent: list[str]) -> None:
        self._assistant, self._sent = assistant, sent

    async def turn(self, text: str) -> None:
        self._sent.append(text)
        if text == "refuse":
            raise TurnFailed("refused")
        self._assistant.busy += 1
        self._assistant.most_busy = max(self._assistant.most_busy, self._assistant.busy)
        await asyncio.sleep(60 if text == "hang" else self._assistant.seconds)
        self._assistant.busy -= 1


def assistant_of(sleeper: Sleeper) -> Assistant:
    return Assistant("sleeper", sleeper.open, {})


def measurement(latencies: tuple[float, ...], seconds: float = 1.0, cpu: float = 0.0) -> Measurement:
    return Measurement(1, latencies, {}, seconds, {"service": cpu}, 0.0, 0.0)


async def test_one_client_plays_the_scripts_in_turn_one_message_at_a_time() -> None:
    sleeper = Sleeper()
    measured = await measure(assistant_of(sleeper), SCRIPTS, clients=1, conversations=3)
    assert sleeper.conversations == [["a1", "a2", "a3"], ["b1", "b2", "b3"], ["a1", "a2", "a3"]]
    assert sleeper.most_busy == 1
    assert len(measured.latencies) == 9
    assert measured.failed == 0
    assert 20 <= measured.percentile_ms(50) < 200
    assert measured.seconds >= 9 * 0.02


async def test_eight_clients_have_eight_conversations_at_once() -> None:
    sleeper = Sleeper(0.05)
    measured = await measure(assistant_of(sleeper), SCRIPTS, clients=8, conversations=16)
    assert sleeper.most_busy == 8
    assert len(measured.latencies) == 48
    assert measured.turns_per_second > 2 / 0.05


async def test_failed_turn_is_counted_untimed_and_ends_its_conversation_only() -> None:
    sleeper = Sleeper()
    scripts = (("a", "refuse", "never sent"), ("b", "c"))
    measured = await measure(assistant_of(sleeper), scripts, clients=1, conversations=3)
    assert sleeper.conversations == [["a", "refuse"], ["b", "c"], ["a", "refuse"]]
    assert measured.errors == {"refused": 2}
    assert len(measured.latencies) == 4


async def test_turn_without_a_reply_in_time_is_a_failure() -> None:
    sleeper = Sleeper()
    measured = await measure(assistant_of(sleeper), (("hang", "b"),), clients=2, conversations=2, turn_seconds=0.1)
    assert measured.errors == {"no reply within 0.1 s": 2}
    assert measured.latencies == ()
    assert measured.percentile_ms(50) == float("inf")


@pytest.mark.parametrize(("percent", "expected"), [(50, 5), (95, 10), (90, 9), (10, 1), (100, 10)])
def test_percentile_is_the_nearest_rank(percent: float, expected: int) -> None:
    latencies = tuple(n / 1000 for n in (10, 3, 1, 2, 5, 4, 9, 8, 7, 6))
    assert measurement(latencies).percentile_ms(percent) == pytest.approx(expected)


def test_rounds_are_pooled_by_turns_not_by_averages() -> None:
    whole = pooled([measurement((0.1, 0.1, 0.1), 1.0, cpu=0.3), measurement((0.5,), 3.0, cpu=0.1)])
    assert whole.turns_per_second == 1.0
    assert whole.percentile_ms(50) == pytest.approx(100)
    assert whole.cpu_ms_per_turn == {"service": pytest.approx(100)}


def test_cpu_of_a_group_counts_it_and_its_children_and_no_one_else() -> None:
    burn = "import time\nwhile time.process_time() < 0.4: pass\n"
    nested = f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {burn!r}])\nprint(flush=True)\ninput()"
    machine_before = machine_seconds()
    with (
        subprocess.Popen([sys.executable, "-c", burn], start_new_session=True) as other,
        subprocess.Popen(
            [sys.executable, "-c", nested], stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
        ) as parent,
    ):
        assert parent.stdout is not None
        parent.stdout.readline()
        spent = group_seconds(parent.pid)
        parent.communicate(b"\n")
        other.wait()
    assert 0.39 <= spent < 0.79, "the other group's 0.4 s are not in it"
    assert machine_seconds() - machine_before >= 0.75
    assert group_seconds(parent.pid) == 0.0


async def test_web_turn_ends_when_the_stream_brings_the_reply() -> None:
    with serving(fake_service(0.05)[0]) as address:
        async with httpx.AsyncClient(base_url=address) as http:
            client = WebClient(http)
            opened = Assistant("web", lambda: web_conversation(client), {})
            measured = await measure(opened, (("lập hội", "bao lâu xong"),), clients=2, conversations=2)
    assert measured.errors == {}
    assert len(measured.latencies) == 4
    assert min(measured.latencies) >= 0.05


async def test_notice_of_a_disruption_fails_a_web_turn() -> None:
    with serving(fake_service(0.01)[0]) as address:
        async with httpx.AsyncClient(base_url=address) as http, web_conversation(WebClient(http)) as conversation:
            with pytest.raises(TurnFailed, match="notice_disruption"):
                await conversation.turn("gián đoạn")


async def test_service_that_is_gone_fails_a_web_conversation() -> None:
    async with httpx.AsyncClient(base_url="http://127.0.0.1:9") as http:
        with pytest.raises(TurnFailed, match="no session"):
            async with web_conversation(WebClient(http)):
                pass


async def rest_webhook(request: Request) -> Response:
    body = await request.json()
    if body["message"] == "trống":
        return JSONResponse([])
    if body["message"] == "hỏng":
        return Response("", 500)
    return JSONResponse([{"recipient_id": body["sender"], "text": "vâng"}])


@pytest.mark.parametrize(("text", "reason"), [("trống", "empty answer"), ("hỏng", "HTTP 500")])
async def test_rest_turn_without_an_answer_fails(text: str, reason: str) -> None:
    app = Starlette(routes=[Route("/webhooks/rest/webhook", rest_webhook, methods=["POST"])])
    transport = httpx.ASGITransport(app)
    async with (
        httpx.AsyncClient(transport=transport, base_url="http://stock") as http,
        rest_conversation(http) as conversation,
    ):
        await conversation.turn("chào")
        with pytest.raises(TurnFailed, match=reason):
            await conversation.turn(text)
