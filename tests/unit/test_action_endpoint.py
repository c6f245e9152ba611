"""The address that Rasa calls: who may, what is refused, and that nothing else is touched."""

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from rasa_sdk.interfaces import Action
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from actions.webhook import MAX_BODY_BYTES, ActionEndpoint
from bot.core.errors import UnknownTurn

CALL = {
    "next_action": "action_thử",
    "sender_id": "c",
    "tracker": {"sender_id": "c", "slots": {}, "latest_message": {"metadata": {"turn_id": "t-1"}}, "events": []},
    "domain": {"intents": []},
}


class Echo(Action):
    """Tells which turn it was asked about."""

    def name(self) -> str:
        return "action_thử"

    async def run(self, dispatcher: Any, tracker: Any, domain: Any) -> list[dict[str, Any]]:
        turn_id = tracker.latest_message["metadata"]["turn_id"]
        if turn_id == "none":
            raise UnknownTurn(turn_id)
        dispatcher.utter_message(json_message={"turn_id": turn_id})
        return []


async def elsewhere(request: Request) -> PlainTextResponse:
    return PlainTextResponse(f"{request.method} {request.url.path}")


def client(*, host: str = "127.0.0.1", loopback_only: bool = True) -> httpx.AsyncClient:
    rest = Starlette(routes=[Route("/{path:path}", elsewhere, methods=["GET", "POST"])])
    app = ActionEndpoint(rest, [Echo()], "bí mật", loopback_only=loopback_only)  # type: ignore[list-item]
    transport = httpx.ASGITransport(app=app, client=(host, 4000))
    return httpx.AsyncClient(transport=transport, base_url="http://service", params={"token": "bí mật"})


async def test_the_action_runs_and_its_words_come_back() -> None:
    async with client() as rasa:
        answer = await rasa.post("/webhook", json=CALL)
    assert answer.status_code == 200
    assert answer.json()["responses"][0]["custom"] == {"turn_id": "t-1"}


@pytest.mark.parametrize("path", ["/", "/webhooks", "/webhook/", "/webhook/zalo"])
async def test_every_other_address_is_left_alone(path: str) -> None:
    async with client() as rasa:
        assert (await rasa.post(path, json=CALL)).text == f"POST {path}"


@pytest.mark.parametrize("token", ["", "bi mat", "bí mật "])
async def test_a_wrong_token_is_refused(token: str) -> None:
    async with client() as rasa:
        assert (await rasa.post("/webhook", json=CALL, params={"token": token})).status_code == 403


async def test_another_machine_may_only_call_where_rasa_is_not_on_this_one() -> None:
    async with client(host="10.1.2.3") as rasa:
        assert (await rasa.post("/webhook", json=CALL)).status_code == 403
    async with client(host="10.1.2.3", loopback_only=False) as rasa:
        assert (await rasa.post("/webhook", json=CALL)).status_code == 200


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"text"', b"null", b"\xff\xfe", b"[" * 200_000])
async def test_what_is_no_json_object_is_refused(body: bytes) -> None:
    async with client() as rasa:
        assert (await rasa.post("/webhook", content=body)).status_code == 400


async def test_a_body_is_bounded_declared_or_streamed() -> None:
    async def stream() -> AsyncIterator[bytes]:
        for _ in range(MAX_BODY_BYTES // 1024 + 1):
            yield b" " * 1024

    async with client() as rasa:
        padded = json.dumps(CALL).encode().ljust(MAX_BODY_BYTES)
        assert (await rasa.post("/webhook", content=padded)).status_code == 200
        assert (await rasa.post("/webhook", content=padded + b" ")).status_code == 413
        assert (await rasa.post("/webhook", content=stream())).status_code == 413


async def test_what_cannot_run_says_so_without_repeating_the_request() -> None:
    unknown = CALL | {"next_action": "action_khác"}
    no_turn = CALL | {"tracker": CALL["tracker"] | {"latest_message": {"metadata": {"turn_id": "none"}}}}  # type: ignore[operator]
    async with client() as rasa:
        assert (await rasa.get("/webhook")).status_code == 405
        missing = await rasa.post("/webhook", json=unknown)
        assert (missing.status_code, missing.json()["action_name"]) == (404, "action_khác")
        lost = await rasa.post("/webhook", json=no_turn)
    assert lost.status_code == 400
    assert "none" not in lost.text
