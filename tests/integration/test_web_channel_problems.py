"""Refusals, errors, headers and the shipped files of the web channel."""

import gzip
import logging
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from bot.core.errors import StoreUnavailable, UnknownConversation
from bot.core.ports import UnitOfWork
from channels.web.page import STATIC_DIR
from tests.browser.fakes import web_app
from tests.integration.web_client import CITIZENS_WORDS, SETTINGS, Web, problem_of


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"client_message_id": "a1"}, "body.text"),
        ({"text": CITIZENS_WORDS}, "body.client_message_id"),
        ({"client_message_id": "", "text": CITIZENS_WORDS}, "body.client_message_id"),
        ({"client_message_id": "a b", "text": CITIZENS_WORDS}, "body.client_message_id"),
        ({"client_message_id": "a" * 65, "text": CITIZENS_WORDS}, "body.client_message_id"),
        ({"client_message_id": "a1", "text": "a" * 20_001}, "body.text"),
        ({"client_message_id": "a1", "text": 5}, "body.text"),
        ({"client_message_id": "a1", "text": CITIZENS_WORDS, "button": "a/b\n"}, "body.button"),
        ({"client_message_id": "a1", "text": CITIZENS_WORDS, "button": "a" * 201}, "body.button"),
        ({"client_message_id": "a1", "text": CITIZENS_WORDS, "now": "hôm nay"}, "body.now"),
        ({"client_message_id": "a1", "text": "x", CITIZENS_WORDS: 1}, "body"),
        ([CITIZENS_WORDS], "body"),
        (CITIZENS_WORDS, "body"),
    ],
)
async def test_invalid_fields_are_named_without_repeating_them(web: Web, body: Any, field: str) -> None:
    path, auth = await web.open()
    response = await web.send(path, auth, body)
    assert field in [error["field"] for error in problem_of(response, 422)["errors"]]
    assert CITIZENS_WORDS not in response.text
    assert len(web.events(path)) == 1


@pytest.mark.parametrize(
    "content",
    [b"{", b"", b"\xff\xfe", b"[" * 60_000, b'{"text": NaN,', b'{"n":' + b"9" * 5000 + b"}"],
    ids=["cut", "nothing", "not-utf8", "deep", "nan", "huge-number"],
)
async def test_malformed_json_is_a_problem(web: Web, content: bytes) -> None:
    path, auth = await web.open()
    headers = {**auth, "Content-Type": "application/json"}
    response = await web.client.post(f"{path}/messages", content=content, headers=headers)
    problem_of(response, 422 if content == b"" else 400)


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
async def test_other_media_types_are_refused(web: Web, kind: str) -> None:
    path, auth = await web.open()
    response = await web.client.post(f"{path}/messages", content=b"a=1", headers={**auth, "Content-Type": kind})
    problem_of(response, 415)


async def test_oversized_bodies_are_refused_declared_or_chunked(web: Web) -> None:
    path, auth = await web.open()
    headers = {**auth, "Content-Type": "application/json"}
    big = b'{"client_message_id":"a1","text":"' + b"a" * 70_000 + b'"}'
    problem_of(await web.client.post(f"{path}/messages", content=big, headers=headers), 413)

    async def chunks() -> AsyncIterator[bytes]:
        for start in range(0, len(big), 4096):
            yield big[start : start + 4096]

    problem_of(await web.client.post(f"{path}/messages", content=chunks(), headers=headers), 413)
    problem_of(await web.client.post("/api/web/sessions", content=b"x" * 70_000), 413)


async def test_unknown_address_and_method_are_problems(web: Web) -> None:
    problem_of(await web.client.get("/khong-co"), 404)
    problem_of(await web.client.delete("/api/web/sessions"), 405)
    problem_of(await web.client.get("/static/chat/../../web/router.py"), 404)
    problem_of(await web.client.get("/static/chat/%2e%2e/%2e%2e/web/router.py"), 404)


async def test_unforeseen_error_is_a_plain_problem_and_its_message_is_not_logged(
    web: Web, caplog: pytest.LogCaptureFixture
) -> None:
    path, auth = await web.open()

    def broken(_conversation_id: str) -> None:
        raise ValueError(f"cannot handle {CITIZENS_WORDS}")

    app = web_app(web.store, web.clock, on_message=broken, settings=SETTINGS)
    with caplog.at_level(logging.DEBUG):
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
            body = {"client_message_id": "a1", "text": CITIZENS_WORDS}
            response = await client.post(f"{path}/messages", json=body, headers=auth)
    problem_of(response, 500)
    assert "Traceback" not in response.text
    assert CITIZENS_WORDS not in response.text
    assert "unhandled ValueError" in caplog.text
    assert CITIZENS_WORDS not in caplog.text


@pytest.mark.parametrize(("error", "status"), [(StoreUnavailable, 503), (UnknownConversation, 404)])
async def test_store_errors_are_problems(web: Web, error: type[Exception], status: int) -> None:
    path, auth = await web.open()
    failing: list[bool] = []

    def store() -> UnitOfWork:
        if failing:
            raise error(CITIZENS_WORDS)
        failing.append(True)  # the token is still checked
        return web.store()

    app = web_app(store, web.clock, settings=SETTINGS)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
        response = await client.get(f"{path}/messages", headers=auth)
    problem_of(response, status)
    assert CITIZENS_WORDS not in response.text


async def test_page_and_files_carry_a_strict_policy(web: Web) -> None:
    for path in ("/", "/docs", "/static/chat/chat.css", "/static/chat/chat.js", "/api/web/none"):
        headers = (await web.client.get(path)).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self';" in policy
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"


async def test_page_loads_nothing_from_elsewhere_and_stays_small(web: Web) -> None:
    files = [file for file in (STATIC_DIR / "chat").rglob("*") if file.is_file()]
    assert len(files) >= 4
    assert sum(file.stat().st_size for file in files) <= 88 * 1024
    assert sum(len(gzip.compress(file.read_bytes())) for file in files) <= 34 * 1024
    for file in files:
        text = file.read_text("utf-8").replace("http://www.w3.org/2000/svg", "")
        for forbidden in (
            "http://",
            "https://",
            "innerHTML",
            "outerHTML",
            "insertAdjacentHTML",
            " style=",
            " onclick=",
        ):
            assert forbidden not in text.replace('"https:"', "").replace('"http:"', ""), (file.name, forbidden)


async def test_openapi_documents_every_endpoint_with_its_problems(web: Web) -> None:
    document = (await web.client.get("/openapi.json")).json()
    operations = [operation for path in document["paths"].values() for operation in path.values()]
    assert len(operations) == 7
    for operation in operations:
        assert operation["summary"]
        assert operation["description"]
        problems = {s: r for s, r in operation["responses"].items() if s >= "400"}
        assert problems
        for response in problems.values():
            assert list(response["content"]) == ["application/problem+json"]
