"""Real processes: a person takes over while Rasa is asked, and the service is killed while somebody attends."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
import pytest_asyncio

from bot.core.cases.people import Principal, Role
from bot.core.staff.accounts import Credentials
from bot.credentials import Argon2Passwords
from bot.store import KeyRing, Store
from bot.webclient import Session
from tests.integration.test_interruptions import Stack, proxied_stack

pytestmark = [pytest.mark.stack, pytest.mark.asyncio(loop_scope="module")]
QUESTION = "muon lap hoi o xa can giay to gi"


@dataclass
class Staffed:
    """A stack with an operator who is signed in."""

    stack: Stack
    http: httpx.AsyncClient

    async def staff(self, method: str, path: str, **body: Any) -> Any:
        """Call the console, again while the service is down; what is sent again is done once."""
        options = {"json": body} if method == "POST" else {}
        async with asyncio.timeout(180):
            while True:
                try:
                    response = await self.http.request(method, f"/api/console{path}", **options)
                    if response.status_code < 500:
                        assert response.status_code in {200, 204}, response.text
                        return response.json() if response.content else None
                except httpx.TransportError:
                    pass
                await asyncio.sleep(0.3)

    async def waits(self, session: Session) -> str:
        """Let the citizen ask for a person; return the conversation."""
        sequence = await self.stack.client.post(session, "cho tôi gặp người thật")
        await self.stack.client.reply(session, sequence)
        items = (await self.staff("GET", "/conversations?box=waiting"))["items"]
        return str(max(items, key=lambda item: item["waiting_since"])["id"])

    async def heard(self, session: Session) -> list[tuple[str, str]]:
        async with asyncio.timeout(180):
            while True:
                try:
                    events = await self.stack.client.events(session, 0)
                    return [(e["kind"], e["body"].get("act") or e["body"]["text"]) for e in events]
                except Exception:  # the service is down for a moment: that is the test
                    await asyncio.sleep(0.3)

    async def heard_to(self, session: Session, *last: tuple[str, str]) -> list[tuple[str, str]]:
        """Return what was heard once it ends with this, and a moment later, in which something more would show."""
        async with asyncio.timeout(180):
            while tuple((await self.heard(session))[-len(last) :]) != last:  # noqa: ASYNC110 -- another process
                await asyncio.sleep(0.1)
        await asyncio.sleep(1)
        return await self.heard(session)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def staffed(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Staffed]:
    folder = tmp_path_factory.mktemp("staffed")
    async with proxied_stack(folder) as stack:
        store = Store(f"sqlite:///{stack.database}", KeyRing.load_or_create(folder / "keys"))
        password, now = secrets.token_urlsafe(24), datetime.now(UTC)
        with store() as unit:
            unit.principals.add(Principal("lan", "Nguyễn Thị Lan", Role.OPERATOR), now)
            held = Credentials(password=Argon2Passwords(time_cost=1, memory_kib=8).hash(password))
            unit.staff.accounts.add("lan", "lan", held, now)
            unit.commit()
        store.close()
        base = str(stack.client._http.base_url)
        async with httpx.AsyncClient(base_url=base, timeout=10) as http:
            entered = await http.post("/api/console/session", json={"user": "lan", "password": password})
            assert entered.status_code == 200, entered.text
            http.headers["X-CSRF-Token"] = entered.json()["csrf"]
            yield Staffed(stack, http)


@pytest.mark.timeout(900)
@pytest.mark.parametrize("moment", ["before", "after"])
async def test_who_takes_over_while_the_assistant_thinks_is_not_spoken_over(staffed: Staffed, moment: str) -> None:
    session = await staffed.stack.client.open()
    conversation = await staffed.waits(session)

    async def claim() -> None:
        await staffed.staff("POST", f"/conversations/{conversation}/claim")

    # Before the action has decided, or after it committed its reply.
    setattr(staffed.stack.proxy, moment, claim)
    await staffed.stack.client.post(session, QUESTION)
    expected = [("citizen", QUESTION), ("notice", "attended_begin")]
    if moment == "after":
        expected.insert(1, ("assistant", "answer_documents"))
    heard = await staffed.heard_to(session, *expected)
    assert heard[-len(expected) :] == expected
    await staffed.staff("POST", f"/conversations/{conversation}/hand-back", summary="")
    last = ("assistant", "answer_documents" if moment == "before" else "attended_back")
    heard = await staffed.heard_to(session, last)
    assert [act for _, act in heard].count("answer_documents") == 1
    assert [act for _, act in heard].count("disrupted") == 0
    assert heard[-1] == last


@pytest.mark.timeout(900)
async def test_a_service_killed_while_a_person_answers_loses_and_doubles_nothing(staffed: Staffed) -> None:
    session = await staffed.stack.client.open()
    conversation = await staffed.waits(session)
    await staffed.staff("POST", f"/conversations/{conversation}/claim")
    for n in range(4):
        await staffed.stack.client.post(session, f"chuyện thứ {n}")
        reply = {"client_id": f"m{n}", "text": f"Lời thứ {n}"}
        if n % 2:
            await staffed.stack.kill("service")
        await staffed.staff("POST", f"/conversations/{conversation}/reply", **reply)
        await staffed.staff("POST", f"/conversations/{conversation}/reply", **reply)
    heard = await staffed.heard(session)
    spoken = [entry for entry in heard if entry[0] in {"citizen", "operator"}][1:]
    assert spoken == [entry for n in range(4) for entry in (("citizen", f"chuyện thứ {n}"), ("operator", "operator"))]
    assert heard[-1][0] == "operator"
    await staffed.stack.kill("service")
    await staffed.staff("POST", f"/conversations/{conversation}/hand-back", summary="Xong.")
    back, answer = ("assistant", "attended_back"), ("assistant", "answer_documents")
    assert (await staffed.heard_to(session, back))[-1] == back
    await staffed.stack.client.post(session, QUESTION)
    assert (await staffed.heard_to(session, answer))[-1] == answer
