"""A local backend on a temporary file, its server in process, and servers that each break one promise."""

import asyncio
import unicodedata
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send

from actions.backends import guard
from actions.backends.client import HttpBackend, HttpBackendSettings
from actions.backends.contract import StateOut, canonical
from actions.backends.ledger import KeyTaken, Ledger
from actions.backends.local import LocalBackend
from actions.backends.server import backend_app
from bot.core.backend.signing import MemoryNonces, SigningKey, Verifier
from bot.core.cases.ports import Receipt
from bot.core.clock import SystemClock
from bot.store import KeyRing

URL = "http://127.0.0.1:8099"
KEY = SigningKey("tiepdan", "bí-mật-chung-chỉ-để-thử-0123456789")
CLOCK = SystemClock()


def open_local(folder: Path, kind: type[LocalBackend] = LocalBackend) -> LocalBackend:
    return kind.open(folder / "backend", KeyRing.load_or_create(folder / "backend-keys"), CLOCK)


def served(backend: LocalBackend, verifier: Verifier | None = None) -> ASGIApp:
    return backend_app(backend, verifier or Verifier({KEY.id: KEY}, backend.ledger), CLOCK)


def http_client(app: ASGIApp) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), timeout=20)


def http_backend(client: httpx.AsyncClient) -> HttpBackend:
    return HttpBackend(HttpBackendSettings(URL, KEY), CLOCK, client)


class Doubling(LocalBackend):
    """Makes a new case of every request."""

    async def accept_case(self, payload: dict[str, Any], key: str) -> tuple[Receipt, bool]:
        # Told by what came before, not by what is stored yet: requests that come together are doubled too.
        seen: set[str] = self.__dict__.setdefault("seen", set())
        if key in seen:
            receipt, new = await super().accept_case(payload, uuid.uuid4().hex)
            return replace(receipt, key=key), new
        seen.add(key)
        return await super().accept_case(payload, key)


class Overlooking(LocalBackend):
    """Does not compare bodies."""

    async def accept_case(self, payload: dict[str, Any], key: str) -> tuple[Receipt, bool]:
        try:
            return await super().accept_case(payload, key)
        except KeyTaken:
            receipt = await self.find(key)
            assert receipt
            return receipt, False


class Slow(LocalBackend):
    """Finds a receipt only a while after it was given."""

    async def find(self, key: str) -> Receipt | None:
        receipt = await super().find(key)
        young = receipt and datetime.now(UTC) - receipt.received_at < timedelta(seconds=30)
        return None if young else receipt


class Racing(LocalBackend):
    """Looks first and writes later, without a lock in between."""

    def __init__(self, ledger: Ledger, clock: SystemClock) -> None:
        super().__init__(ledger, clock)
        self._seen: dict[str, tuple[Receipt, bytes]] = {}

    async def accept_case(self, payload: dict[str, Any], key: str) -> tuple[Receipt, bool]:
        if known := self._seen.get(key):
            if known[1] != canonical(payload):
                raise KeyTaken("")
            return known[0], False
        await asyncio.sleep(0.1)
        receipt, new = await super().accept_case(payload, uuid.uuid4().hex)
        receipt = replace(receipt, key=key)
        self._seen[key] = receipt, canonical(payload)
        return receipt, new

    async def find(self, key: str) -> Receipt | None:
        return self._seen[key][0] if key in self._seen else await super().find(key)

    async def stored_state(self, reference: str) -> StateOut:
        found = await super().stored_state(reference)
        keys = [key for key, (receipt, _) in self._seen.items() if receipt.reference == reference]
        return found.model_copy(update={"key": keys[0]}) if keys else found


class Composing(LocalBackend):
    """Normalises what it stores."""

    async def accept_case(self, payload: dict[str, Any], key: str) -> tuple[Receipt, bool]:
        composed = unicodedata.normalize("NFC", payload.get("narrative_masked", ""))
        return await super().accept_case({**payload, "narrative_masked": composed}, key)


class Dropping(LocalBackend):
    """Keeps only the fields that it knows."""

    async def accept_case(self, payload: dict[str, Any], key: str) -> tuple[Receipt, bool]:
        return await super().accept_case({k: v for k, v in payload.items() if "later" not in k}, key)


class EveryNonce:
    """Remembers nothing."""

    def remember(self, key_id: str, nonce: str, until: int, now: int) -> bool:
        return True


class OpenReads:
    """Lets reads in without looking at their signature."""

    def __init__(self, backend: LocalBackend) -> None:
        self._guarded, self._open = served(backend), _fast(served(backend))
        self._open.user_middleware.clear()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        app = self._open if scope["type"] == "http" and scope["method"] == "GET" else self._guarded
        await app(scope, receive, send)


def _fast(app: ASGIApp) -> FastAPI:
    assert isinstance(app, FastAPI)
    return app


def _unlimited(folder: Path) -> ASGIApp:
    app = _fast(served(open_local(folder)))
    for layer in app.user_middleware:
        if layer.cls is guard.SignedRequests:
            layer.kwargs["limit"] = lambda _: 2**30
    return app


def _kind(kind: type[LocalBackend]) -> Callable[[Path], ASGIApp]:
    return lambda folder: served(open_local(folder, kind))


def _checked_by(make: Callable[[LocalBackend], Verifier]) -> Callable[[Path], ASGIApp]:
    def app(folder: Path) -> ASGIApp:
        backend = open_local(folder)
        return served(backend, make(backend))

    return app


# Each with the very clauses that it breaks.
BROKEN: dict[str, tuple[Callable[[Path], ASGIApp], set[str]]] = {
    "doubling": (_kind(Doubling), {"same-key", "other-body", "concurrency", "problems"}),
    "overlooking": (_kind(Overlooking), {"other-body", "problems"}),
    "slow": (_kind(Slow), {"find", "events"}),
    "racing": (_kind(Racing), {"concurrency"}),
    "composing": (_kind(Composing), {"unicode"}),
    "dropping": (_kind(Dropping), {"unknown-fields"}),
    "replayed": (_checked_by(lambda _: Verifier({KEY.id: KEY}, EveryNonce())), {"nonce"}),
    "timeless": (_checked_by(lambda _: Verifier({KEY.id: KEY}, MemoryNonces(), 10**6)), {"timestamp"}),
    "open reads": (lambda folder: OpenReads(open_local(folder)), {"signed-reads"}),
    "unlimited": (_unlimited, {"too-large"}),
}
