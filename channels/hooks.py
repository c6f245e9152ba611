"""The webhooks of channels outside the web: POST /channels/{name}, with a secret last part where the adapter has one.

A body is checked, stored and acknowledged; everything else happens afterwards. What is wrong with a body is counted
and answered as the platform wants it, never with 500, on which some platforms deliver it again and again.
"""

import asyncio
import hmac
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass

from fastapi import APIRouter, Request, Response
from starlette.requests import ClientDisconnect

from bot.core.channels.receiving import Counters, Receiver
from bot.core.errors import StoreUnavailable
from channels.bodies import body_of
from channels.gathering import Gatherer

log = logging.getLogger(__name__)
PREFIX = "/channels"
MAX_BODY_BYTES = 256 * 1024

# (raw body, headers with lower-case names) → None to store it, else the status with which it is answered at once.
# Counts by itself why it refuses.
Admit = Callable[[bytes, Mapping[str, str]], int | None]
After = Callable[[bytes], Awaitable[None]]


@dataclass(frozen=True)
class Hook:
    """One channel's webhook.

    `secret`: last part of the path, compared in constant time; empty: none. `after` is started once a body is stored,
    for what the platform wants done at once; nothing waits for it. `woken` is called, in the event loop, with the
    threads that have something new. `unread_status` answers a body that nobody could read.
    """

    name: str
    receiver: Receiver
    counters: Counters
    admit: Admit
    woken: Callable[[Sequence[str]], None]
    after: After | None = None
    secret: str = ""
    max_body_bytes: int = MAX_BODY_BYTES
    unread_status: int = 200


def channel_router(hooks: Sequence[Hook], executor: Executor) -> APIRouter:
    """Return the router of these hooks; they are stored in `executor`, which they share with nobody slow.

    200 with an empty body once it is stored; 404 for another path, 413 above the limit, 503 where the store does not
    answer, so that the platform delivers it again.
    """
    router = APIRouter(prefix=PREFIX, include_in_schema=False)
    known = {hook.name: hook for hook in hooks}
    tasks: set[asyncio.Task[None]] = set()
    gatherer = Gatherer(executor)

    async def take(name: str, secret: str, request: Request) -> Response:
        hook = known.get(name)
        if hook is None or not hmac.compare_digest(_bytes(secret), _bytes(hook.secret)):
            return Response(status_code=404)
        try:
            body = await body_of(request, hook.max_body_bytes)
        except ClientDisconnect:
            hook.counters.add("hook.broken")
            return Response(status_code=400)
        if body is None:
            hook.counters.add("hook.large")
            return Response(status_code=413, headers={"Connection": "close"})
        headers = {key.lower(): value for key, value in request.headers.items()}
        try:
            taken = await gatherer.take(hook, body, headers)
        except StoreUnavailable:
            hook.counters.add("hook.unavailable")
            return Response(status_code=503, headers={"Retry-After": "5"})
        if isinstance(taken, int):
            return Response(status_code=taken)
        if taken.threads:
            hook.woken(taken.threads)
        if hook.after is not None and taken.readable:
            task = asyncio.create_task(_attend(hook, hook.after, body))
            tasks.add(task)
            task.add_done_callback(tasks.discard)
        return Response(status_code=200 if taken.readable else hook.unread_status)

    @router.post("/{name}")
    async def plain(name: str, request: Request) -> Response:
        return await take(name, "", request)

    @router.post("/{name}/{secret}")
    async def secret_path(name: str, secret: str, request: Request) -> Response:
        return await take(name, secret, request)

    return router


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


async def _attend(hook: Hook, after: After, body: bytes) -> None:
    try:
        await after(body)
    except Exception as error:
        log.warning("an errand failed", extra={"channel": hook.name, "cause": type(error).__name__})
