"""The client of Rasa, against a server of its own: what it sends, and which answers are failures."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.core.errors import DialogueFailed, DialogueUnavailable
from bot.core.messages import DialogueInput
from nlu.client import MAX_CHARACTERS, RasaDialogue, sendable

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]
TURN = DialogueInput(conversation_id="c-1", turn_id="t-1", text="thủ tục lập hội")


def always(**response: Any) -> Answer:
    async def answer(_: web.Request) -> web.Response:
        if "json" in response:
            return web.json_response(response["json"], status=response.get("status", 200))
        return web.Response(**response)

    return answer


@contextlib.asynccontextmanager
async def dialogue(answer: Answer, timeout_seconds: float = 5.0) -> AsyncIterator[RasaDialogue]:
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    async with TestServer(app) as server:
        rasa = RasaDialogue(str(server.make_url("/")), "secret", timeout_seconds)
        try:
            yield rasa
        finally:
            await rasa.aclose()


async def test_a_turn_carries_its_sender_text_and_turn_id() -> None:
    sent: list[tuple[str, str, object]] = []

    async def answer(request: web.Request) -> web.Response:
        sent.append((request.method, request.path, await request.json()))
        return web.json_response([{"custom": {"act": "answer"}}])

    async with dialogue(answer) as rasa:
        await rasa.respond(TURN)
    body = {"sender": "c-1", "message": "thủ tục lập hội", "metadata": {"turn_id": "t-1"}}
    assert sent == [("POST", "/webhooks/rest/webhook", body)]


@pytest.mark.parametrize("status", [500, 502, 503])
async def test_a_server_error_means_unavailable(status: int) -> None:
    async with dialogue(always(status=status)) as rasa:
        with pytest.raises(DialogueUnavailable, match=str(status)):
            await rasa.respond(TURN)


async def test_no_server_means_unavailable() -> None:
    async with dialogue(always(json=[{}])) as rasa:
        await rasa.respond(TURN)
    gone = RasaDialogue(rasa._base_url, "secret", 1.0)
    with pytest.raises(DialogueUnavailable):
        await gone.respond(TURN)
    assert not await gone.healthy()
    await gone.aclose()


async def test_a_connection_that_breaks_means_unavailable() -> None:
    async def answer(request: web.Request) -> web.Response:
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    async with dialogue(answer) as rasa:
        with pytest.raises(DialogueUnavailable):
            await rasa.respond(TURN)


async def test_an_answer_that_does_not_come_means_unavailable() -> None:
    async def answer(_: web.Request) -> web.Response:
        await asyncio.sleep(30)
        return web.json_response([{}])

    async with dialogue(answer, timeout_seconds=0.2) as rasa:
        with pytest.raises(DialogueUnavailable, match="TimeoutError"):
            await rasa.respond(TURN)
        assert not await rasa.healthy()


@pytest.mark.parametrize(
    "answer",
    [
        always(json=[]),
        always(json={}),
        always(text="not JSON"),
        always(body=b"\xff\xfe"),
        always(status=400, json={"error": "no"}),
    ],
    ids=["empty", "object", "no JSON", "no text", "refused"],
)
async def test_an_answer_without_messages_is_a_failure(answer: Answer) -> None:
    async with dialogue(answer) as rasa:
        with pytest.raises(DialogueFailed) as raised:
            await rasa.respond(TURN)
    assert not isinstance(raised.value, DialogueUnavailable)


async def test_healthy_needs_a_loaded_model_and_uses_the_token() -> None:
    async def answer(request: web.Request) -> web.Response:
        assert request.query["token"] == "secret"
        return web.json_response({"model_file": "model.tar.gz"})

    async with dialogue(answer) as rasa:
        assert await rasa.healthy()
    for unhealthy in (always(json={"model_file": ""}), always(json=[]), always(text="?"), always(status=409)):
        async with dialogue(unhealthy) as rasa:
            assert not await rasa.healthy()


def test_a_citizens_text_is_never_a_command() -> None:
    assert sendable("/restart") == "restart"
    assert sendable(' //ask_procedure{"a":1}') == 'ask_procedure{"a":1}'
    assert sendable("/press_button") == "/press_button"
    assert sendable("/press_button now") == "press_button now"
    assert sendable("  / ") == "?"


def test_a_long_text_is_cut_between_words() -> None:
    text = "cán bộ " * 400
    cut = sendable(text)
    assert len(cut) <= MAX_CHARACTERS
    assert text.startswith(cut)
    assert cut.split()[-1] in ("cán", "bộ")
    assert len(sendable("x" * 5_000)) == MAX_CHARACTERS
