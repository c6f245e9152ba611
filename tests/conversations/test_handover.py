"""Asking for a person, being answered by one and coming back to the assistant, through the real dialogue."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from bot.core.cases.people import Principal, Role
from bot.core.staff.accounts import Credentials
from bot.credentials import Argon2Passwords
from bot.store import KeyRing, Store
from bot.webclient import Session, WebClient
from tests.stack import RunningStack

pytestmark = [pytest.mark.stack, pytest.mark.timeout(900)]
# Thursday 26 November 2026 at 20:00 in Hà Nội: nobody is at work.
EVENING = datetime(2026, 11, 26, 13, 0, tzinfo=UTC)
PEOPLE = (Principal("lan", "Nguyễn Thị Lan", Role.OPERATOR), Principal("minh", "Trần Văn Minh", Role.OPERATOR))


@pytest.fixture(scope="module")
def tokens(running_stack: RunningStack) -> Iterator[dict[str, str]]:
    """The passwords of two operators."""
    settings = running_stack.settings
    store = Store(settings.database_url, KeyRing.load_or_create(settings.keys_dir))
    now, made = datetime.now(UTC), {}
    with store() as unit:
        for person in PEOPLE:
            made[person.id] = secrets.token_urlsafe(24)
            unit.principals.add(person, now)
            held = Credentials(password=Argon2Passwords(time_cost=1, memory_kib=8).hash(made[person.id]))
            unit.staff.accounts.add(person.id, person.id, held, now)
        unit.commit()
    yield made
    store.close()


@dataclass
class Talk:
    """A citizen's conversation, and the staff who see it."""

    client: WebClient
    session: Session
    http: httpx.AsyncClient
    passwords: dict[str, str]
    entered: dict[str, httpx.AsyncClient]
    store: Store

    async def says(self, text: str, button: str | None = None, now: datetime | None = None) -> dict[str, Any]:
        """Say something and return the body of the assistant's answer."""
        sequence = await self.client.post(self.session, text, button, now=now)
        body: dict[str, Any] = (await self.client.reply(self.session, sequence))["body"]
        return body

    async def state(self) -> dict[str, Any]:
        return await self.client.state(self.session)

    async def heard(self, after: int = 0) -> list[tuple[str, str]]:
        events = await self.client.events(self.session, after)
        return [(event["kind"], event["body"].get("act") or event["body"]["text"]) for event in events]

    async def until(self, kind: str, count: int = 1) -> dict[str, Any]:
        """Wait for so many events of a kind, and return the body of the last."""
        async with asyncio.timeout(30):
            while True:
                found = [e for e in await self.client.events(self.session, 0) if e["kind"] == kind]
                if len(found) >= count:
                    body: dict[str, Any] = found[count - 1]["body"]
                    return body
                await asyncio.sleep(0.1)

    async def staff(self, who: str, method: str, path: str, status: int = 200, **body: Any) -> Any:
        """Call the console as somebody, who signs in first."""
        if who not in self.entered:
            desk = httpx.AsyncClient(base_url=self.http.base_url, timeout=30)
            answer = await desk.post("/api/console/session", json={"user": who, "password": self.passwords[who]})
            assert answer.status_code == 200, answer.text
            desk.headers["X-CSRF-Token"] = answer.json()["csrf"]
            self.entered[who] = desk
        options = {"json": body} if method == "POST" else {}
        response = await self.entered[who].request(method, f"/api/console{path}", **options)
        assert response.status_code == status, response.text
        return response.json() if response.content else None

    async def waiting(self, who: str) -> str:
        """Return this conversation's id, which waits."""
        with self.store() as unit:
            found = unit.web_session(self.session.id)
        assert found is not None
        items = (await self.staff(who, "GET", "/conversations?box=waiting"))["items"]
        assert found[0] in [item["id"] for item in items]
        return found[0]


def run(stack: RunningStack, tokens: dict[str, str], scene: Any) -> None:
    @asynccontextmanager
    async def talk() -> AsyncIterator[Talk]:
        async with httpx.AsyncClient(base_url=stack.base_url, timeout=30) as http:
            client = WebClient(http, stack.evaluation_token)
            entered: dict[str, httpx.AsyncClient] = {}
            store = Store(stack.settings.database_url, KeyRing.load_or_create(stack.settings.keys_dir))
            try:
                yield Talk(client, await client.open(), http, tokens, entered, store)
            finally:
                store.close()
                for desk in entered.values():
                    await desk.aclose()

    async def play() -> None:
        async with talk() as one:
            await scene(one)

    stack.run(play())


def test_a_person_answers_and_the_assistant_resumes_where_it_was(
    running_stack: RunningStack, tokens: dict[str, str]
) -> None:
    async def scene(talk: Talk) -> None:
        await talk.staff("lan", "POST", "/presence", 204, state="available")
        await talk.says("muon lap hoi o xa can giay to gi")
        asked = await talk.says("cho tôi nói chuyện với người thật")
        assert "vị trí thứ" in asked["text"]
        assert (await talk.state())["owner"] == "WAITING"
        # Who waits is answered as ever.
        assert (await talk.says("lệ phí bao nhiêu"))["data"]["procedure"] == "NV025"
        conversation = await talk.waiting("lan")
        await talk.staff("lan", "POST", f"/conversations/{conversation}/claim")
        refused = await talk.staff("minh", "POST", f"/conversations/{conversation}/claim", 409)
        assert refused["by"]["name"] == "Nguyễn Thị Lan"
        await talk.client.post(talk.session, "chị ơi tôi nộp ở phường được không")
        await asyncio.sleep(1.5)
        heard = await talk.heard()
        assert heard[-1] == ("citizen", "chị ơi tôi nộp ở phường được không")
        reply = {"client_id": "m1", "text": "Được anh nhé, anh mang bản chính theo."}
        for _ in range(2):
            await talk.staff("lan", "POST", f"/conversations/{conversation}/reply", **reply)
        said = await talk.until("operator")
        assert (said["text"], said["data"]) == (reply["text"], {"name": "Nhân viên trực"})
        await talk.client.post(talk.session, "thế bao lâu xong")
        answers = [kind for kind, _ in await talk.heard()].count("assistant")
        summary = "Anh nộp ở phường, mang bản chính."
        await talk.staff("lan", "POST", f"/conversations/{conversation}/hand-back", summary=summary)
        back = await talk.until("assistant", answers + 1)
        assert back["act"] == "attended_back"
        assert summary in back["text"]
        resumed = await talk.until("assistant", answers + 2)
        assert (resumed["data"]["procedure"], resumed["data"]["facet"]) == ("NV025", "time")
        assert (await talk.state())["owner"] == "BOT"
        assert [kind for kind, _ in await talk.heard()].count("operator") == 1
        assert (await talk.says("nộp ở đâu"))["data"]["procedure"] == "NV025"

    run(running_stack, tokens, scene)


def test_a_story_told_by_half_waits_for_its_teller(running_stack: RunningStack, tokens: dict[str, str]) -> None:
    async def scene(talk: Talk) -> None:
        await talk.staff("lan", "POST", "/presence", 204, state="available")
        await talk.says("sáng nay ở một cửa phường Cầu Giấy chị quầy số 3 quát tôi trước mặt mọi người")
        asked = await talk.says("cho tôi gặp người trực")
        assert "vị trí thứ" in asked["text"]
        conversation = await talk.waiting("lan")
        await talk.staff("lan", "POST", f"/conversations/{conversation}/claim")
        answers = [kind for kind, _ in await talk.heard()].count("assistant")
        await talk.staff("lan", "POST", f"/conversations/{conversation}/hand-back", summary="")
        back = await talk.until("assistant", answers + 1)
        assert "kể dở" in back["text"]
        (button,) = back["buttons"]
        goes_on = await talk.says(button["title"], button["id"])
        assert goes_on["act"].startswith("case_")
        state = await talk.state()
        assert state["unit"] is not None
        assert state["outcome"] == "complaint_step"

    run(running_stack, tokens, scene)


def test_out_of_hours_a_call_is_booked_and_the_wait_can_be_ended(
    running_stack: RunningStack, tokens: dict[str, str]
) -> None:
    async def scene(talk: Talk) -> None:
        await talk.staff("lan", "POST", "/presence", 204, state="away")
        told = await talk.says("có ai trực không cho tôi gặp", now=EVENING)
        assert "8 giờ sáng mai" in told["text"]
        assert [button["id"] for button in told["buttons"]] == ["h:call", "h:leave", "h:back"]
        await talk.says("Nhờ gọi lại", "h:call", now=EVENING)
        offered = await talk.says("0912345678", now=EVENING)
        assert "số đuôi 678" in offered["text"]
        booked = await talk.says(offered["buttons"][0]["title"], offered["buttons"][0]["id"], now=EVENING)
        assert "sáng mai" in booked["text"]
        assert (await talk.state())["owner"] == "WAITING"
        assert (await talk.says("lập hội cấp xã lệ phí bao nhiêu", now=EVENING))["data"]["procedure"] == "NV025"
        assert (await talk.says("thôi không chờ nữa", now=EVENING))["act"] == "handover_back"
        assert (await talk.state())["owner"] == "BOT"

    run(running_stack, tokens, scene)


def test_danger_calls_a_person_whoever_is_there(running_stack: RunningStack, tokens: dict[str, str]) -> None:
    async def scene(talk: Talk) -> None:
        await talk.staff("lan", "POST", "/presence", 204, state="away")
        reply = await talk.says("cứu tôi với, nó đang đánh vợ con tôi ở đây", now=EVENING)
        assert "113" in reply["text"]
        assert "không có người trực" in reply["text"]
        assert (await talk.state())["owner"] == "WAITING"
        items = (await talk.staff("minh", "GET", "/conversations?box=waiting"))["items"]
        assert (items[0]["reason"], items[0]["urgency"], items[0]["place"]) == ("danger", 5, 1)

    run(running_stack, tokens, scene)


def test_two_failures_in_a_row_offer_a_person_and_anger_is_heard(
    running_stack: RunningStack, tokens: dict[str, str]
) -> None:
    async def scene(talk: Talk) -> None:
        first = await talk.says("con mèo nhà tôi thích ăn gì nhất")
        assert not [b for b in first["buttons"] if b["id"].startswith("human")]
        second = await talk.says("mai trời có mưa không nhỉ")
        offered = [b for b in second["buttons"] if b["id"].startswith("human")]
        assert [button["id"] for button in offered] == ["human:failed"]
        asked = await talk.says(offered[0]["title"], offered[0]["id"])
        assert asked["act"] == "handover"
        assert (await talk.state())["owner"] == "WAITING"

    run(running_stack, tokens, scene)
