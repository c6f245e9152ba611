"""Who of the staff may read which conversation, and what of it."""

import pytest

from bot.core.cases.record import AccessClass
from bot.core.handover.attention import Ending
from bot.store import Store
from tests.contracts.case_steps import filing
from tests.integration.console_steps import LAN, Office
from tests.integration.console_talks_client import Console, call


@pytest.fixture
def console(store: Store) -> Console:
    office = Office(store)
    office.hire()
    return Console(office)


async def test_who_is_not_signed_in_or_attends_nobody_sees_nothing(console: Console) -> None:
    console.office.waiting()
    paths = ("/conversations", "/conversations/web-1", "/conversations/web-1/events", "/presence")
    for user, status in (("", 401), ("nobody", 401), ("kiem", 403)):
        client = console.client(user)
        for path in paths:
            await call_loosely(client, "GET", path, status)
        for act in ("claim", "release"):
            await call_loosely(client, "POST", f"/conversations/web-1/{act}", status)
        await call_loosely(client, "GET", "/stream", status)


async def call_loosely(client, method: str, path: str, status: int) -> None:  # type: ignore[no-untyped-def]
    options = {"json": {}} if method == "POST" else {}
    response = await client.request(method, path, **options)
    assert response.status_code == status, (path, response.text)


async def test_what_a_colleague_attends_is_seen_but_not_read(console: Console) -> None:
    office = console.office
    office.waiting()
    office.says("chuyện riêng của tôi")
    office.desk.claim(LAN, "web-1")
    minh = console.client("minh")
    (item,) = (await call(minh, "GET", "/conversations?box=all"))["items"]
    assert (item["attended_by"]["id"], item["last_text"]) == ("lan", "")
    assert (await call(minh, "GET", "/conversations?box=all&q=rieng"))["items"] == []
    await call(minh, "GET", "/conversations/web-1", 403)
    await call(minh, "GET", "/conversations/web-1/events", 403)
    sep = console.client("sep")
    assert (await call(sep, "GET", "/conversations/web-1"))["summary"]["last_text"] == "chuyện riêng của tôi"
    office.desk.close(LAN, "web-1", Ending.ANSWERED)
    await call(minh, "GET", "/conversations/web-1", 403)
    assert (await call(console.client("lan"), "GET", "/conversations/web-1"))["summary"]["owner"] == "BOT"


async def test_talks_with_the_assistant_are_the_supervisors_to_see(console: Console) -> None:
    office = console.office
    office.open("web-bot")
    office.says("lập hội cần gì", "web-bot")
    office.waiting()
    for user, seen in (("lan", ["web-1"]), ("hai", ["web-1"]), ("sep", ["web-1", "web-bot"])):
        items = (await call(console.client(user), "GET", "/conversations?box=all"))["items"]
        assert sorted(item["id"] for item in items) == seen
    await call(console.client("lan"), "GET", "/conversations/web-bot", 403)
    await call(console.client("hai"), "GET", "/conversations/web-bot", 403)


async def test_opening_what_one_does_not_attend_is_audited_once_in_a_while(console: Console) -> None:
    office = console.office
    office.waiting()
    lan, sep = console.client("lan"), console.client("sep")
    for _ in range(3):
        await call(lan, "GET", "/conversations/web-1")
    office.desk.claim(LAN, "web-1")
    await call(lan, "GET", "/conversations/web-1")
    await call(sep, "GET", "/conversations/web-1")
    assert office.audited() == [
        ("lan", "conversation_open"),
        ("lan", "conversation_claim"),
        ("sep", "conversation_open"),
    ]
    office.clock.move(11)
    await call(sep, "GET", "/conversations/web-1")
    assert office.audited()[-1] == ("sep", "conversation_open")
    assert len(office.audited()) == 4


async def test_cases_are_shown_as_far_as_the_caller_may_know_of_them(console: Console) -> None:
    office = console.office
    office.waiting("web-1")
    with office.store() as unit:
        first = filing("case-1", 1, "web-1")
        unit.cases.file(first, office.clock.now())
        grave = filing("case-2", 2, "web-1", severity=5)
        assert grave.record.access is AccessClass.RESTRICTED
        unit.cases.file(grave, office.clock.now())
        unit.commit()
    seen = await call(console.client("lan"), "GET", "/conversations/web-1")
    assert [case["number"] for case in seen["earlier"]["cases"]] == [first.number]
    assert seen["summary"]["case_number"] == first.number
    assert set(seen["earlier"]["cases"][0]) == {"number", "status", "behaviours", "created_at"}
    seen = await call(console.client("hai"), "GET", "/conversations/web-1")
    assert len(seen["earlier"]["cases"]) == 2


async def test_nobody_reads_or_attends_a_conversation_with_a_case_about_them(console: Console) -> None:
    office = console.office
    office.waiting("web-1")
    office.waiting("web-2")
    with office.store() as unit:
        unit.cases.file(filing("case-1", 1, "web-1", staff="chị Nguyễn Thị Lan"), office.clock.now())
        unit.commit()
    lan, minh = console.client("lan"), console.client("minh")
    assert [item["id"] for item in (await call(lan, "GET", "/conversations"))["items"]] == ["web-2"]
    await call(lan, "GET", "/conversations/web-1", 403)
    await call(lan, "POST", "/conversations/web-1/claim", 403, json={})
    assert ("lan", "refused:conversation_claim") in office.audited()
    await call(minh, "POST", "/conversations/web-1/claim", json={})
    await call(minh, "POST", "/conversations/web-1/transfer", 403, json={"to": "lan", "note": "giúp"})
