"""The client of Rasa: what it sends, and which answers are failures."""

import json
from collections.abc import Callable

import httpx
import pytest

from bot.core.errors import DialogueFailed, DialogueUnavailable
from bot.core.messages import DialogueInput
from nlu.client import MAX_CHARACTERS, RasaDialogue, sendable

Answer = Callable[[httpx.Request], httpx.Response]
TURN = DialogueInput(conversation_id="c-1", turn_id="t-1", text="thủ tục lập hội")


def dialogue(answer: Answer) -> RasaDialogue:
    return RasaDialogue("http://rasa", "secret", 1.0, httpx.AsyncClient(transport=httpx.MockTransport(answer)))


async def test_a_turn_carries_its_sender_text_and_turn_id() -> None:
    sent: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return httpx.Response(200, json=[{"custom": {"act": "answer"}}])

    await dialogue(answer).respond(TURN)
    assert sent[0].url.path == "/webhooks/rest/webhook"
    assert json.loads(sent[0].content) == {
        "sender": "c-1",
        "message": "thủ tục lập hội",
        "metadata": {"turn_id": "t-1"},
    }


@pytest.mark.parametrize("status", [500, 502, 503])
async def test_a_server_error_means_unavailable(status: int) -> None:
    with pytest.raises(DialogueUnavailable):
        await dialogue(lambda _: httpx.Response(status)).respond(TURN)


@pytest.mark.parametrize("error", [httpx.ConnectError, httpx.ReadTimeout, httpx.RemoteProtocolError])
async def test_a_broken_connection_means_unavailable(error: type[httpx.TransportError]) -> None:
    def answer(_: httpx.Request) -> httpx.Response:
        raise error("broken")

    with pytest.raises(DialogueUnavailable):
        await dialogue(answer).respond(TURN)


@pytest.mark.parametrize(
    "response",
    [
        httpx.Response(200, json=[]),
        httpx.Response(200, json={}),
        httpx.Response(200, text="not JSON"),
        httpx.Response(400, json={"error": "no"}),
    ],
)
async def test_an_answer_without_messages_is_a_failure(response: httpx.Response) -> None:
    with pytest.raises(DialogueFailed) as raised:
        await dialogue(lambda _: response).respond(TURN)
    assert not isinstance(raised.value, DialogueUnavailable)


async def test_healthy_needs_a_loaded_model_and_uses_the_token() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        assert request.url.params["token"] == "secret"
        return httpx.Response(200, json={"model_file": "model.tar.gz"})

    assert await dialogue(answer).healthy()
    assert not await dialogue(lambda _: httpx.Response(200, json={"model_file": ""})).healthy()
    assert not await dialogue(lambda _: httpx.Response(409)).healthy()


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
