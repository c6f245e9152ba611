"""The HTTP client against servers that misbehave, on real sockets: what is final, what is tried again."""

import asyncio
import datetime as dt
import gzip
import json
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from actions.backends.client import HttpBackend, HttpBackendSettings, make_client
from actions.backends.contract import MAX_ANSWER_BYTES
from bot.core.backend.signing import SigningKey
from bot.core.clock import SystemClock
from bot.core.errors import BackendRefused, BackendUnavailable, ConfigurationError

KEY = SigningKey("tiepdan", "bí-mật-chung-chỉ-để-thử-0123456789")
CASE = "c" * 32
RECEIPT = {"reference": "R1", "key": CASE, "received_at": "2026-11-21T03:00:00+07:00"}
PAYLOAD = {"case_id": CASE, "narrative_masked": "Nguyễn Văn Bí Mật 0912345678"}
Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def answer(status: int, body: Any, kind: str = "application/json", **headers: str) -> bytes:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    lines = {"Content-Type": kind, "Content-Length": str(len(content)), **headers}
    head = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in lines.items())
    return f"HTTP/1.1 {status} X\r\n{head}\r\n".encode() + content


def problem(status: int, code: str, **fields: Any) -> bytes:
    body = {"type": f"urn:tiepdan:problem:{code}", "title": "X", "status": status, **fields}
    return answer(status, body, "application/problem+json")


@asynccontextmanager
async def serving(
    serve: Serve | bytes, tls: ssl.SSLContext | None = None, **fields: Any
) -> AsyncIterator[HttpBackend]:
    """Give a client whose backend answers every request with the same bytes, or as `serve` does."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            if callable(serve):
                await serve(reader, writer)
            else:
                await read_request(reader)
                writer.write(serve)
                await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0, ssl=tls)
    port = server.sockets[0].getsockname()[1]
    settings = HttpBackendSettings(f"http{'s' if tls else ''}://127.0.0.1:{port}", KEY, request_seconds=0.5)
    backend = HttpBackend(replace(settings, **fields), SystemClock())
    try:
        yield backend
    finally:
        await backend.aclose()
        server.close()


async def read_request(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    fields = dict(line.split(": ", 1) for line in head.decode("latin-1").split("\r\n")[1:] if ": " in line)
    return head + await reader.readexactly(int({k.lower(): v for k, v in fields.items()}.get("content-length", 0)))


async def test_the_receipt_is_read_in_utc() -> None:
    async with serving(answer(201, RECEIPT)) as backend:
        receipt = await backend.file(PAYLOAD, CASE)
    assert receipt.received_at == dt.datetime(2026, 11, 20, 20, 0, tzinfo=dt.UTC)
    assert receipt.received_at.tzinfo is dt.UTC


@pytest.mark.parametrize(
    ("reply", "uncertain"),
    [
        (answer(500, b"Traceback Nguyen Van A", "text/plain"), True),
        (problem(500, "internal-error"), True),
        (answer(502, b"<html>", "text/html"), True),
        (answer(503, b"", "text/plain"), True),
        (problem(429, "busy"), False),
        (answer(404, b"<html>no such page", "text/html"), False),
        (answer(302, b"", Location="https://elsewhere.example/"), False),
        (answer(200, b"<html>OK</html>", "text/html"), True),
        (answer(200, b'{"reference": "R1"'), True),
        (answer(201, {"reference": "R1", "key": CASE}), True),
        (answer(201, {**RECEIPT, "received_at": "hôm nay"}), True),
        (answer(201, {**RECEIPT, "received_at": "2026-11-21T03:00:00"}), True),
        (answer(201, {**RECEIPT, "reference": "../x"}), True),
        (answer(201, [RECEIPT]), True),
        (answer(201, {**RECEIPT, "key": "d" * 32}), True),
        (answer(201, {**RECEIPT, "padding": "x" * MAX_ANSWER_BYTES}), True),
        (answer(201, gzip.compress(json.dumps(RECEIPT).encode()), Content_Encoding="gzip"), True),
        (b"SMTP 220 hello\r\n\r\n", True),
        (b"HTTP/1.1 201 X\r\nContent-Length: 500\r\n\r\n{", True),
        (b"", True),
        (problem(401, "nonce-reused"), True),
        (problem(401, "timestamp-out-of-range"), False),
    ],
)
async def test_what_is_tried_again(reply: bytes, uncertain: bool) -> None:
    async with serving(reply) as backend:
        with pytest.raises(BackendUnavailable) as failed:
            await backend.file(PAYLOAD, CASE)
    assert failed.value.uncertain is uncertain
    assert "Nguy" not in str(failed.value)


@pytest.mark.parametrize("status", [400, 401, 403, 409, 413, 415, 422])
async def test_what_is_final(status: int) -> None:
    quoting = {"detail": "Nguyễn Văn Bí Mật", "fields": ["input_type", "Nguyễn Văn Bí Mật"], "errors": [PAYLOAD]}
    async with serving(problem(status, "some-code", **quoting)) as backend:
        with pytest.raises(BackendRefused) as refused:
            await backend.file(PAYLOAD, CASE)
    assert str(refused.value) == f"hệ thống xử lý từ chối: {status} some-code (input_type)"


async def test_a_problem_whose_code_is_no_code_is_not_repeated() -> None:
    async with serving(answer(422, {"type": "urn:tiepdan:problem:Nguyễn Văn A", "title": PAYLOAD})) as backend:
        with pytest.raises(BackendRefused, match=r"^hệ thống xử lý từ chối: 422$"):
            await backend.file(PAYLOAD, CASE)


async def test_an_unknown_case_is_final_only_where_the_backend_says_so() -> None:
    async with serving(problem(404, "reference-unknown")) as backend:
        with pytest.raises(BackendRefused):
            await backend.add_event("R1", {}, CASE)
        with pytest.raises(BackendRefused):
            await backend.state("R1")
    async with serving(answer(404, b"no route", "text/plain")) as backend:
        with pytest.raises(BackendUnavailable):
            await backend.add_event("R1", {}, CASE)


async def test_a_key_is_unknown_only_where_the_backend_says_so() -> None:
    async with serving(problem(404, "receipt-unknown")) as backend:
        assert await backend.find(CASE) is None
    others = answer(404, b"no route", "text/plain"), answer(404, {"detail": "Not Found"}), problem(404, "not-found")
    for reply in (*others, answer(500, b"")):
        async with serving(reply) as backend:
            with pytest.raises(BackendUnavailable) as failed:
                await backend.find(CASE)
        assert not failed.value.uncertain, "a question leaves nothing behind"


async def test_nobody_there_is_certain() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        backend = HttpBackend(HttpBackendSettings(url, KEY), SystemClock())
        with pytest.raises(BackendUnavailable) as failed:
            await backend.file(PAYLOAD, CASE)
    await backend.aclose()
    assert not failed.value.uncertain


async def test_silence_after_sending_is_uncertain() -> None:
    seen: list[bytes] = []

    async def silent(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        seen.append(await read_request(reader))
        await asyncio.sleep(5)

    async with serving(silent) as backend:
        with pytest.raises(BackendUnavailable) as failed:
            await backend.file(PAYLOAD, CASE)
    assert failed.value.uncertain
    assert seen


async def test_an_answer_that_drips_ends_in_time() -> None:
    async def dripping(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        for byte in answer(201, RECEIPT):
            writer.write(bytes([byte]))
            await writer.drain()
            await asyncio.sleep(0.2)

    async with serving(dripping) as backend, asyncio.timeout(30):
        with pytest.raises(BackendUnavailable) as failed:
            await backend.file(PAYLOAD, CASE)
    assert failed.value.uncertain


async def test_a_second_answer_is_never_taken_for_that_of_another_request() -> None:
    other = {**RECEIPT, "key": "d" * 32, "reference": "R2"}
    connections = 0

    async def twice(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        mine, wrong = (RECEIPT, other) if connections == 1 else (other, RECEIPT)
        await read_request(reader)
        writer.write(answer(201, mine) + answer(201, wrong))
        await writer.drain()
        await read_request(reader)

    async with serving(twice) as backend:
        first = await backend.file(PAYLOAD, CASE)
        second = await backend.file(PAYLOAD, "d" * 32)
    assert (first.reference, second.reference) == ("R1", "R2")
    assert connections == 2


async def test_a_redirect_is_not_followed() -> None:
    followed = 0

    async def elsewhere(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal followed
        request = await read_request(reader)
        followed += b"/elsewhere" in request
        writer.write(answer(307, b"", Location="/elsewhere"))

    async with serving(elsewhere) as backend:
        with pytest.raises(BackendUnavailable):
            await backend.file(PAYLOAD, CASE)
    assert followed == 0


async def test_what_cannot_be_written_as_json_is_refused_before_it_is_sent() -> None:
    async with serving(answer(201, RECEIPT)) as backend:
        for payload in ({"a": float("nan")}, {"a": "\ud800"}):
            with pytest.raises(BackendRefused):
                await backend.file(payload, CASE)


@pytest.mark.parametrize(
    "fields",
    [
        {"url": "http://backend.example"},
        {"url": "ftp://backend.example"},
        {"url": "https://"},
        {"url": "https://backend.example/?a=1"},
        {"url": "https://backend.example", "ca_file": Path("/does/not/exist")},
        {"url": "https://backend.example", "client_cert": Path("/does/not/exist")},
    ],
    ids=str,
)
def test_unusable_settings_are_one_line(fields: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError) as refused:
        make_client(HttpBackendSettings(**fields, key=KEY))
    assert "\n" not in str(refused.value)


def test_plain_http_leaves_the_machine_only_when_told_so() -> None:
    assert make_client(HttpBackendSettings("http://backend.example", KEY, allow_plain=True))
