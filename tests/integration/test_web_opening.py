"""Conversations on the web: so many are opened by one address and in all, and who must wait is told how long."""

import ipaddress
from typing import Any

import httpx
import pytest
from fastapi import FastAPI, Request

from channels.web import Doorkeeper, OpeningLimits
from channels.web.opening import MOST_ADDRESSES, citizens_address
from tests.browser.fakes import MemoryStore, SystemClock, web_app
from tests.integration.web_client import problem_of

PUBLIC, OTHER, SIXTH = "8.8.8.8", "1.1.1.1", "2a00:1450:4001:82a::200e"


class Ticks:
    """Seconds that a test moves."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


class Site:
    """The web channel behind a doorkeeper, called from whatever address."""

    def __init__(self, **limits: Any) -> None:
        self.ticks = Ticks()
        chosen = {
            "per_address": 2,
            "address_minutes": 10,
            "per_minute": 100,
            "hotline": "Tổng đài 024.1022",
            **limits,
        }
        self.store = MemoryStore()
        self.door = Doorkeeper(OpeningLimits(**chosen), self.ticks)
        self.app: FastAPI = web_app(self.store, SystemClock(), door=self.door)

    async def post(self, path: str = "/api/web/sessions", address: str = PUBLIC, **more: Any) -> httpx.Response:
        transport = httpx.ASGITransport(self.app, client=(address, 5))
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            return await client.post(path, **more)

    async def opens(self, address: str = PUBLIC, **more: Any) -> int:
        return (await self.post(address=address, **more)).status_code


async def test_one_address_opens_so_many_and_then_waits_and_others_do_not() -> None:
    site = Site()
    assert [await site.opens() for _ in range(3)] == [201, 201, 429]
    assert await site.opens(OTHER) == 201
    refused = await site.post()
    problem = problem_of(refused, 429)
    assert problem["type"].endswith("too-many-conversations")
    assert "5 phút" in problem["detail"]
    assert "Tổng đài 024.1022" in problem["detail"]
    assert refused.headers["retry-after"] == "300"
    assert len(site.store.tables.sessions) == 3, "nothing is stored for whom it refuses"
    site.ticks.now += 299
    assert await site.opens() == 429
    site.ticks.now += 1
    assert [await site.opens() for _ in range(2)] == [201, 429]


async def test_all_together_open_so_many_in_a_minute() -> None:
    site = Site(per_address=50, per_minute=4)
    addresses = [f"8.8.{n}.1" for n in range(6)]
    assert [await site.opens(address) for address in addresses] == [201] * 4 + [429] * 2
    assert (await site.post()).headers["retry-after"] == "15"
    site.ticks.now += 60
    assert [await site.opens(address) for address in addresses] == [201] * 4 + [429] * 2


async def test_who_is_refused_uses_up_nothing() -> None:
    site = Site(per_address=1, per_minute=3)
    assert [await site.opens() for _ in range(20)] == [201] + [429] * 19
    assert [await site.opens(f"8.8.9.{n}") for n in range(3)] == [201, 201, 429]


async def test_a_conversation_that_is_open_goes_on() -> None:
    site = Site(per_address=1)
    opened = (await site.post()).json()
    assert await site.opens() == 429
    headers = {"Authorization": f"Bearer {opened['token']}"}
    at = f"/api/web/sessions/{opened['session_id']}"
    said = {"client_message_id": "a1", "text": "xin chào"}
    assert (await site.post(f"{at}/messages", json=said, headers=headers)).status_code == 202
    renewal = {"Authorization": f"Bearer {opened['renewal']}"}
    assert (await site.post(f"{at}/token", headers=renewal)).status_code == 200


async def test_the_page_without_javascript_is_limited_likewise_and_keeps_what_was_typed() -> None:
    site = Site(per_address=1)
    assert await site.opens() == 201
    refused = await site.post("/don-gian", data={"text": "lệ phí lập hội", "choice": ""})
    assert refused.status_code == 429
    assert refused.headers["retry-after"] == "600"
    assert "10 phút" in refused.text
    assert "lệ phí lập hội</textarea>" in refused.text
    assert (await site.post("/don-gian", data={"text": "", "choice": ""})).status_code == 200


async def test_behind_a_proxy_the_header_tells_whom_an_opening_counts_for() -> None:
    site = Site(header="X-Forwarded-For")
    first = {"headers": {"X-Forwarded-For": f"{OTHER}, {PUBLIC}"}}
    assert [await site.opens("127.0.0.1", **first) for _ in range(3)] == [201, 201, 429]
    # What somebody puts in front of the proxy's own entry changes nothing.
    forged = {"headers": {"X-Forwarded-For": f"9.9.9.9, {PUBLIC}"}}
    assert await site.opens("127.0.0.1", **forged) == 429
    assert await site.opens("10.0.0.3", headers={"X-Forwarded-For": OTHER}) == 201


async def test_a_header_from_no_proxy_of_ours_is_not_believed() -> None:
    site = Site(header="X-Forwarded-For")
    statuses = [await site.opens(PUBLIC, headers={"X-Forwarded-For": f"9.9.9.{n}"}) for n in range(3)]
    assert statuses == [201, 201, 429]


@pytest.mark.parametrize("header", ["", "X-Forwarded-For"])
async def test_where_only_the_proxys_address_is_known_only_the_limit_for_all_holds(header: str) -> None:
    site = Site(header=header, per_minute=5)
    assert [await site.opens("127.0.0.1", headers={"X-Forwarded-For": "x"}) for _ in range(6)] == [201] * 5 + [429]


def request(address: str | None, header: str = "") -> Request:
    headers = [(b"x-real-ip", header.encode())] if header else []
    return Request({"type": "http", "headers": headers, "client": (address, 1) if address else None})


@pytest.mark.parametrize(
    ("address", "header", "counts_for"),
    [
        (PUBLIC, "", PUBLIC),
        ("::ffff:8.8.8.8", "", PUBLIC),
        (SIXTH, "", "2a00:1450:4001:82a::/64"),
        ("127.0.0.1", PUBLIC, PUBLIC),
        ("192.168.1.4", SIXTH, "2a00:1450:4001:82a::/64"),
        ("127.0.0.1", "192.168.7.7", "192.168.7.7"),
        ("127.0.0.1", "", None),
        ("::1", "not an address", None),
        ("127.0.0.1", "8" * 500, None),
        ("testclient", "", None),
        (None, "", None),
    ],
)
def test_an_opening_counts_for_the_citizens_address(address: str | None, header: str, counts_for: str | None) -> None:
    assert citizens_address(request(address, header), "X-Real-IP") == counts_for


def test_many_addresses_take_little_memory_and_are_not_kept_as_they_are() -> None:
    door = Doorkeeper(OpeningLimits(per_minute=10**6), Ticks())
    first = int(ipaddress.ip_address("8.0.0.1"))
    for number in range(1_000):
        door.admit(request(str(ipaddress.ip_address(first + number))))
    assert len(door._of) == 1_000 < MOST_ADDRESSES
    assert all(len(key) == 16 for key in door._of)
    assert not any(b"8.0.0" in key for key in door._of)
