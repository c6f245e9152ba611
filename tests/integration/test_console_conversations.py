"""The console's endpoints of conversations, and who may read what."""

from datetime import UTC, datetime

import pytest

from bot.core.handover.attention import Ending, Why
from bot.core.handover.showing import label
from bot.store import Store
from tests.integration.console_steps import LAN, Office
from tests.integration.console_talks_client import Console, call


@pytest.fixture
def console(store: Store) -> Console:
    office = Office(store)
    office.hire()
    return Console(office)


async def test_from_the_list_to_the_answer_and_back_to_the_assistant(console: Console) -> None:
    office = console.office
    office.waiting()
    office.clock.move(2)
    lan = console.client("lan")
    page = await call(lan, "GET", "/conversations?box=waiting")
    assert page["counts"] == {"waiting": 1, "mine": 0, "all": 1}
    (item,) = page["items"]
    assert (item["label"], item["owner"], item["reason"], item["urgency"], item["place"]) == (
        label("web-1"),
        "WAITING",
        "asked",
        1,
        1,
    )
    assert (item["last_text"], item["last_from"], item["attended_by"]) == ("Chờ chút ạ.", "assistant", None)
    claimed = await call(lan, "POST", "/conversations/web-1/claim", json={})
    assert (claimed["owner"], claimed["attended_by"]) == ("OPERATOR", {"id": "lan", "name": "Nguyễn Thị Lan"})
    assert claimed["version"] > item["version"]
    said = await call(
        lan,
        "POST",
        "/conversations/web-1/reply",
        json={"client_id": "m1", "text": "Chào anh.", "suggestion": "s1/2", "edited": True},
    )
    assert (said["kind"], said["text"], said["by"]["id"]) == ("operator", "Chào anh.", "lan")
    again = await call(lan, "POST", "/conversations/web-1/reply", json={"client_id": "m1", "text": "Chào anh."})
    assert again == said
    with office.store() as unit:
        (sent,) = unit.switchboard.replies("web-1").values()
    assert (sent.suggestion, sent.edited) == ("s1/2", True)
    sequence = office.says("số tôi 0912345678 nhé")
    await call(lan, "POST", "/conversations/web-1/note", 204, json={"text": "Gọi lại sau."})
    opened = await call(lan, "GET", "/conversations/web-1")
    assert opened["suggested_sequence"] == sequence
    assert [event["kind"] for event in opened["events"]] == [
        "citizen", "assistant", "notice", "operator", "citizen"
    ]  # fmt: skip
    assert "0912345678" not in str(opened)
    assert opened["notes"][0]["text"] == "Gọi lại sau."
    assert opened["earlier"] == {"conversations": [], "cases": []}
    news = await call(lan, "GET", f"/conversations/web-1/events?after={said['sequence']}")
    assert [event["sequence"] for event in news] == [sequence]
    back = await call(lan, "POST", "/conversations/web-1/hand-back", json={"summary": "Đã hướng dẫn."})
    assert (back["owner"], back["attended_by"], back["closed_at"] is not None) == ("BOT", None, True)
    assert console.woken == ["web-1"]
    assert set(console.published) == {"web-1"}
    closed = await call(lan, "GET", "/conversations?box=closed")
    assert [item["id"] for item in closed["items"]] == ["web-1"]


async def test_the_second_gets_409_and_a_name(console: Console) -> None:
    console.office.waiting()
    await call(console.client("lan"), "POST", "/conversations/web-1/claim", json={})
    minh = console.client("minh")
    for path, body in (
        ("claim", {}),
        ("reply", {"client_id": "m", "text": "x"}),
        ("release", {}),
        ("hand-back", {"summary": ""}),
        ("close", {"outcome": "answered"}),
        ("abuse", {"step": "warn", "reason": "chửi"}),
    ):
        problem = await call(minh, "POST", f"/conversations/web-1/{path}", 409, json=body)
        assert problem["type"] == "urn:tiepdan:problem:claimed"
        assert problem["by"] == {"id": "lan", "name": "Nguyễn Thị Lan"}
    mine = await call(minh, "GET", "/conversations?box=all")
    assert mine["items"][0]["attended_by"]["id"] == "lan"


async def test_what_is_out_of_order_is_409_and_says_which(console: Console) -> None:
    console.office.waiting()
    lan, sep = console.client("lan"), console.client("sep")
    problem = await call(lan, "POST", "/conversations/web-1/reply", 409, json={"client_id": "m", "text": "x"})
    assert problem["type"] == "urn:tiepdan:problem:not-attended"
    await call(lan, "POST", "/conversations/web-1/claim", json={})
    problem = await call(sep, "POST", "/conversations/web-1/abuse", 409, json={"step": "end", "reason": "chửi"})
    assert problem["type"] == "urn:tiepdan:problem:out-of-order"
    await call(lan, "POST", "/conversations/web-1/abuse", json={"step": "warn", "reason": "chửi tục"})
    await call(lan, "POST", "/conversations/web-1/abuse", 403, json={"step": "end", "reason": "chửi tục"})
    ended = await call(sep, "POST", "/conversations/web-1/abuse", json={"step": "end", "reason": "chửi tục"})
    assert ended["owner"] == "BOT"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("reply", {"client_id": "m", "text": " "}),
        ("reply", {"client_id": "m", "text": "a" * 4001}),
        ("reply", {"client_id": "m m", "text": "a"}),
        ("reply", {"text": "a"}),
        ("reply", {"client_id": "m", "text": "a", "as": "bot"}),
        ("reply", {"client_id": "m", "text": "a", "suggestion": "một hai/x"}),
        ("note", {"text": ""}),
        ("close", {"outcome": "abuse"}),
        ("close", {"outcome": "erased"}),
        ("close", {}),
        ("abuse", {"step": "ban", "reason": "chửi"}),
        ("abuse", {"step": "warn", "reason": ""}),
        ("transfer", {"note": "x"}),
        ("hand-back", {"summary": "a" * 801}),
        ("claim", {"force": True}),
    ],
)
async def test_bodies_are_checked(console: Console, path: str, body: dict[str, object]) -> None:
    console.office.waiting()
    lan = console.client("lan")
    if path == "claim":  # takes no fields, so any body is as good as none
        await call(lan, "POST", f"/conversations/web-1/{path}", json=body)
        return
    await call(lan, "POST", "/conversations/web-1/claim", json={})
    before = console.office.log()
    await call(lan, "POST", f"/conversations/web-1/{path}", 422, json=body)
    assert console.office.log() == before


async def test_a_conversation_that_is_not_there_is_404(console: Console) -> None:
    lan = console.client("lan")
    await call(lan, "GET", "/conversations/web-9", 404)
    await call(lan, "POST", "/conversations/web-9/claim", 404, json={})
    await call(lan, "GET", "/conversations?box=nowhere", 422)
    await call(lan, "GET", "/conversations?before=gestern", 422)


async def test_who_waits_comes_as_they_are_to_be_taken(console: Console) -> None:
    office = console.office
    for name, why in (("web-a", Why.ASKED), ("web-b", Why.DANGER), ("web-c", Why.ANGER), ("web-d", Why.ASKED)):
        office.waiting(name, why)
        office.clock.move(1)
    lan = console.client("lan")
    items = (await call(lan, "GET", "/conversations"))["items"]
    assert [(item["id"], item["place"]) for item in items] == [
        ("web-b", 1), ("web-c", 2), ("web-a", 3), ("web-d", 4)
    ]  # fmt: skip
    # The assistant goes on answering those who wait, and that does not change their place.
    office.says("lệ phí", "web-d")
    office.answers("web-d")
    assert [item["id"] for item in (await call(lan, "GET", "/conversations"))["items"]][-1] == "web-d"


async def test_lists_go_on_where_they_ended(console: Console) -> None:
    office = console.office
    for n in range(7):
        office.waiting(f"web-{n}")
        office.desk.claim(LAN, f"web-{n}")
        office.desk.close(LAN, f"web-{n}", Ending.ANSWERED)
        office.clock.move(1)
    lan, seen, before = console.client("lan"), [], ""
    while True:
        page = await call(lan, "GET", "/conversations", params={"box": "closed", "limit": 3, **before_of(before)})
        seen += [item["id"] for item in page["items"]]
        if not page["before"]:
            break
        before = page["before"]
    assert seen == [f"web-{n}" for n in reversed(range(7))]
    assert (await call(console.client("minh"), "GET", "/conversations?box=closed"))["items"] == []
    assert len((await call(console.client("sep"), "GET", "/conversations?box=closed"))["items"]) == 7


def before_of(before: str) -> dict[str, str]:
    return {"before": before} if before else {}


async def test_lists_are_searched_without_accents(console: Console) -> None:
    office = console.office
    office.waiting("web-1")
    office.says("Tôi hỏi về mộ liệt sĩ", "web-1")
    office.waiting("web-2")
    lan = console.client("lan")
    for query, found in (("mo liet si", ["web-1"]), (label("web-2")[-4:], ["web-2"]), ("khong co", [])):
        page = await call(lan, "GET", "/conversations", params={"q": query})
        assert [item["id"] for item in page["items"]] == found


async def test_presence_and_hours(console: Console) -> None:
    office = console.office
    lan = console.client("lan")
    assert await call(lan, "GET", "/presence") == []
    assert await call(lan, "GET", "/hours") == {
        "open": True,
        "on_duty": 0,
        "shift": "ca hành chính",
        "next_open": None,
    }
    await call(lan, "POST", "/presence", 204, json={"state": "available"})
    office.waiting()
    office.desk.claim(LAN, "web-1")
    assert await call(lan, "GET", "/presence") == [
        {"id": "lan", "name": "Nguyễn Thị Lan", "state": "available", "attending": 1}
    ]
    assert (await call(lan, "GET", "/hours"))["on_duty"] == 1
    office.clock.moment = datetime(2026, 11, 26, 13, 0, tzinfo=UTC)
    hours = await call(lan, "GET", "/hours")
    assert (hours["open"], hours["on_duty"], hours["shift"]) == (False, 0, None)
    assert datetime.fromisoformat(hours["next_open"]).astimezone(UTC) == datetime(2026, 11, 27, 1, 0, tzinfo=UTC)
    assert (await call(lan, "GET", "/presence"))[0]["state"] == "away"
    await call(lan, "POST", "/presence", 422, json={"state": "asleep"})
    with office.store() as unit:
        assert [entry.reason for entry in unit.audit.entries(subject="lan")] == ["available"]
