"""Whatever answers, and however the connection breaks: sending raises SendFailed and nothing else."""

import asyncio
import json
from collections.abc import Callable, Iterator

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from telegram import Bot

from bot.core.channels.contract import Failure, Outgoing, SendFailed
from channels.telegram.connection import ApiRequest
from channels.telegram.pacing import Pace
from channels.telegram.sending import TelegramSender

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        "ok": st.booleans() | JSON,
        "result": JSON | st.fixed_dictionaries({"message_id": JSON, "date": JSON, "chat": JSON}),
        "description": st.sampled_from(["Forbidden: x", "Bad Request: chat not found"]) | JSON,
        "parameters": JSON | st.fixed_dictionaries({}, optional={"retry_after": JSON, "migrate_to_chat_id": JSON}),
    },
)
STATUSES = st.sampled_from([200, 201, 204, 302, 400, 401, 403, 404, 407, 409, 413, 418, 429, 500, 502, 503, 599])


async def outcome(handle: Callable[[httpx.Request], httpx.Response]) -> SendFailed | str | None:
    """Return what sending through such a connection gave."""
    requests = [ApiRequest(httpx_kwargs={"transport": httpx.MockTransport(handle)}) for _ in range(2)]
    sender = TelegramSender(Bot("1:x", "http://x/bot", "http://x/file/bot", *requests), Pace())
    try:
        return await sender.send("5", Outgoing("k", "Chào"))
    except SendFailed as failed:
        return failed
    finally:
        for request in requests:
            await request.shutdown()


@given(STATUSES, ANSWERS.map(lambda answer: json.dumps(answer).encode()) | st.binary(max_size=20))
@settings(deadline=None, max_examples=200)
def test_no_answer_breaks_anything_else(status: int, content: bytes) -> None:
    given = asyncio.run(outcome(lambda _: httpx.Response(status, content=content)))
    if isinstance(given, SendFailed):
        assert given.failure is not Failure.WINDOW
        assert (given.after is None) == (given.failure is not Failure.WAIT)
    else:
        assert 200 <= status < 300
    if status == 403 and isinstance(given, SendFailed) and given.failure is Failure.BLOCKED:
        assert isinstance(json.loads(content)["ok"], bool)  # only the Bot API itself says so


def leaves(kind: type[Exception]) -> Iterator[type[Exception]]:
    below = kind.__subclasses__()
    yield from (leaf for each in below for leaf in leaves(each)) if below else (kind,)


NOT_SENT = {
    httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError, httpx.UnsupportedProtocol,
    httpx.LocalProtocolError,
}  # fmt: skip
BREAKS = [*leaves(httpx.TransportError), httpx.TooManyRedirects, httpx.DecodingError, RuntimeError, OSError]


@pytest.mark.parametrize("kind", BREAKS)
async def test_every_break_of_the_connection_is_retry_or_unknown(kind: type[Exception]) -> None:
    def handle(request: httpx.Request) -> httpx.Response:
        raise kind("Nguyễn Văn Bí Mật")

    failed = await outcome(handle)
    assert isinstance(failed, SendFailed)
    assert failed.failure is (Failure.RETRY if kind in NOT_SENT else Failure.UNKNOWN)
    assert "Bí Mật" not in str(failed)


def test_the_list_of_breaks_is_not_empty() -> None:
    assert len(BREAKS) > 10
    assert set(BREAKS) >= NOT_SENT
