"""Filing for somebody over HTTP: the same case as the chat's, filed once, and nothing of it told later."""

import asyncio
import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot.core.cases.record import AccessClass
from bot.core.cases.state import Case
from bot.core.story import Identity
from bot.store import Store
from tests.filing_steps import STORY, UNIT
from tests.integration.hotline_rig import NUMBER, Rig, open_rig

NONE, SPOKEN = {"contact": "none"}, {"contact": "spoken"}
BRIBE = "Sáng hôm qua cán bộ phường Cầu Giấy đòi phong bì 2 triệu mới ký hồ sơ cho tôi."


@pytest.fixture
def rig(store: Store) -> Rig:
    return open_rig(store)


async def read(rig: Rig, text: str = STORY, who: str = "operator", source: str = "hotline", **more: Any) -> Any:
    return await rig.post(who, "/filing/read", {"text": text, "source": source, **more})


async def drafted(rig: Rig, text: str = STORY, who: str = "operator", **changes: Any) -> dict[str, Any]:
    """Return a draft as the page has it after `changes` by hand and a look."""
    source = changes.pop("source", "hotline")
    draft = (await read(rig, text, who, source))["draft"]
    contact = changes.pop("contact", None)
    hand = [*draft["by_hand"], *changes, *(f"contact.{name}" for name in contact or ())]
    draft |= {**changes, "by_hand": hand, "contact": {**draft["contact"], **(contact or {})}}
    checked: dict[str, Any] = (await rig.post(who, "/filing/check", {"draft": draft}))["draft"]
    return checked


async def confirm(
    rig: Rig,
    draft: Any,
    who: str = "operator",
    client_id: str = "client-0001",
    consent: Any = None,
    status: int = 200,
) -> Any:
    body = {"client_id": client_id, "draft": draft, "consent": consent or NONE}
    return await rig.post(who, "/filing/confirm", body, status)


def case_of(rig: Rig, number: str) -> Case:
    with rig.store() as unit:
        case_id = unit.cases.by_number(number)
        assert case_id is not None
        return unit.cases.case(case_id)


async def test_a_callers_story_becomes_the_same_case_as_a_citizens(rig: Rig) -> None:
    draft = await drafted(rig, identity="anonymous")
    filed = await confirm(rig, draft)
    case = case_of(rig, filed["number"])
    record = case.record
    assert (record.channel, record.unit, record.behaviours) == ("hotline", UNIT, ("TD-XUCPHAM",))
    assert (record.event_date, record.desk.value, record.narrative_raw) == (date(2026, 11, 22), "one_stop", STORY)
    assert "Hoa" in (record.staff or "")
    assert (record.identity, record.contact.phone, record.consent) == (Identity.ANONYMOUS, None, None)
    assert filed["due_on"] == (case.due_on.isoformat() if case.due_on else None)
    assert (filed["added"], filed["restricted"], filed["linked"]) == (False, False, [])
    with rig.store() as unit:
        assert unit.cases.check_secret(case.id, filed["secret"], rig.clock.now(), max_tries=3, lock_seconds=9)
        row = unit.outbox.claim("w", rig.clock.now(), 60)
        assert [event.kind for event in unit.cases.timeline(case.id)] == ["filed"]
    assert row is not None
    assert (row.case_id, row.kind, row.payload["channel"]) == (case.id, "case", "hotline")
    assert rig.audited("case_filed") == [("op", case.id, "hotline, none")]


@pytest.mark.parametrize("source", ["letter", "email", "suggestion_box", "web", "visit"])
async def test_the_channel_is_how_it_came(rig: Rig, source: str) -> None:
    draft = await drafted(rig, who="officer2", source=source, identity="anonymous")
    filed = await confirm(rig, draft, "officer2")
    assert case_of(rig, filed["number"]).record.channel == source


async def test_a_second_click_files_nothing_and_tells_the_same(rig: Rig) -> None:
    draft = await drafted(rig, identity="anonymous")
    first = await confirm(rig, draft)
    assert await confirm(rig, draft) == first
    together = await asyncio.gather(*(confirm(rig, draft, client_id="client-0002") for _ in range(4)))
    assert len({each["number"] for each in together}) == 1
    with rig.store() as unit:
        assert sum(unit.outbox.counts().values()) == 2
    changed = {**draft, "staff": "anh Sơn", "by_hand": [*draft["by_hand"], "staff"]}
    problem = await confirm(rig, changed, status=409)
    assert problem["type"].endswith(":client-id-used")
    # nobody's ids meet another's
    other = await confirm(rig, await drafted(rig, who="officer2", identity="anonymous"), "officer2")
    assert other["number"] != first["number"]


async def test_the_secret_is_told_for_ten_minutes_and_never_later(rig: Rig) -> None:
    draft = await drafted(rig, identity="anonymous")
    first = await confirm(rig, draft)
    rig.clock.time += timedelta(minutes=9)
    assert (await confirm(rig, draft))["secret"] == first["secret"]
    rig.clock.time += timedelta(minutes=2)
    later = await confirm(rig, draft)
    assert (later["number"], later["secret"]) == (first["number"], None)


async def test_consent_is_recorded_as_it_was_given(rig: Rig) -> None:
    for at, (how, version) in enumerate((("spoken", "spoken/2026-11-1"), ("written", "written/2026-11-1"))):
        draft = await drafted(rig, identity="hidden", contact={"phone": "0912 345 678", "name": "Trần Thị Bích"})
        said_at = rig.clock.now() - timedelta(minutes=1)
        consent = {"contact": how, "said_at": said_at.isoformat()}
        filed = await confirm(rig, draft, client_id=f"consent-{at}", consent=consent)
        record = case_of(rig, filed["number"]).record
        assert record.consent is not None
        assert (record.consent.version, record.consent.at) == (version, said_at)
        assert (record.contact.phone, record.contact.name) == ("0912345678", "Trần Thị Bích")
        assert record.identity is Identity.HIDDEN
    refused = await drafted(rig, identity="named", contact={"phone": "0912345678"})
    record = case_of(rig, (await confirm(rig, refused, client_id="refused-1"))["number"]).record
    assert (record.identity, record.contact.phone, record.consent) == (Identity.ANONYMOUS, None, None)
    wrong = {"contact": "spoken", "said_at": "2030-01-01T00:00:00Z"}
    await confirm(rig, refused, client_id="future-01", consent=wrong, status=422)


async def test_nothing_sealed_is_told_again(rig: Rig) -> None:
    draft = await drafted(rig, identity="hidden", contact={"phone": NUMBER})
    filed = await confirm(rig, draft, consent=SPOKEN)
    assert set(filed) == {"number", "secret", "due_on", "linked", "added", "restricted"}
    assert NUMBER not in str(filed)
    twins = (await read(rig, STORY))["twins"]
    assert [set(twin) for twin in twins] == [{"number", "status", "received_on", "same_person"}]


async def test_the_callers_own_number_is_used_without_being_seen(rig: Rig) -> None:
    opaque = await rig.ring()
    await rig.event("nghe_may", may_nhanh="101")
    told = await read(rig, call_id=opaque)
    draft = {**told["draft"], "identity": "hidden", "contact": {**told["draft"]["contact"], "caller": True}}
    draft["by_hand"] = ["identity", "contact.caller"]
    filed = await confirm(rig, draft, consent=SPOKEN)
    record = case_of(rig, filed["number"]).record
    assert record.contact.phone == NUMBER
    assert NUMBER not in str(told) + str(filed)
    shown = await rig.get("operator", f"/calls/{opaque}")
    assert shown["case_number"] == filed["number"]
    assert shown["outcomes"][0]["outcome"] == "filed"


async def test_what_is_told_of_the_same_event_in_one_call_is_one_case(rig: Rig) -> None:
    opaque = await rig.ring()
    await rig.event("nghe_may", may_nhanh="101")
    draft = {**(await read(rig, call_id=opaque))["draft"], "identity": "anonymous", "by_hand": ["identity"]}
    answers = await asyncio.gather(*(confirm(rig, draft, client_id=f"double-{at}") for at in range(2)))
    assert answers[0]["number"] == answers[1]["number"]
    assert sorted(answer["added"] for answer in answers) == [False, True]
    assert [answer["secret"] for answer in answers if answer["added"]] == [None]


async def test_somebody_elses_call_is_not_filed_out_of(rig: Rig) -> None:
    opaque = await rig.ring()
    for who in ("operator", "officer2"):
        status = 403 if who == "operator" else 200
        await rig.post(who, "/filing/read", {"text": STORY, "source": "hotline", "call_id": opaque}, status)
    await rig.post("operator", "/filing/read", {"text": STORY, "source": "hotline", "call_id": "nothing"}, 404)


async def test_the_form_is_read_anew_as_the_story_grows(rig: Rig) -> None:
    first = (await read(rig, "tôi ra phường Cầu Giấy bị quát"))["draft"]
    first |= {"staff": "anh Sơn bảo vệ", "by_hand": ["staff"]}
    grown = await read(rig, "tôi ra phường Cầu Giấy bị quát\nsáng hôm qua 9h, chị Hoa quầy 3", draft=first)
    assert (grown["draft"]["staff"], grown["draft"]["event_date"]) == ("anh Sơn bảo vệ", "2026-11-22")
    assert grown["draft"]["by_hand"] == ["staff"]
    assert (grown["behaviours"][0]["code"], grown["behaviours"][0]["probability"]) == ("TD-XUCPHAM", 0.9)
    assert grown["unit"]["id"] == UNIT


async def test_a_story_that_was_changed_since_it_was_looked_over_is_not_filed(rig: Rig) -> None:
    draft = await drafted(rig, identity="anonymous")
    stale = {**draft, "text": "Hôm kia anh Long ở phường Láng làm ngơ tôi cả buổi sáng."}
    problem = await confirm(rig, stale, status=409)
    assert problem["type"].endswith(":draft-stale")
    assert {each["field"] for each in problem["errors"]} >= {"body.draft.unit", "body.draft.event_date"}
    with rig.store() as unit:
        assert unit.outbox.counts().get("waiting", 0) == 0


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"text": "   "}, "draft.text"),
        ({"identity": None, "by_hand": ["identity"]}, "draft.identity"),
        ({"unit": "HN-99999", "by_hand": ["unit", "identity"]}, "draft.unit"),
        ({"behaviours": ["XX"], "by_hand": ["behaviours", "identity"]}, "draft.behaviours"),
    ],
)
async def test_what_is_missing_or_wrong_is_named(rig: Rig, changes: dict[str, Any], field: str) -> None:
    draft = {**(await drafted(rig, changes.get("text", STORY), identity="anonymous")), **changes}
    consent = SPOKEN if field == "draft.identity" else NONE
    problem = await confirm(rig, draft, consent=consent, status=422)
    assert [each["field"] for each in problem["errors"]] == [f"body.{field}"]


async def test_restricted_cases_are_taken_down_and_not_seen_again(rig: Rig) -> None:
    draft = await drafted(rig, BRIBE, identity="anonymous")
    filed = await confirm(rig, draft)
    assert filed["restricted"]
    case = case_of(rig, filed["number"])
    assert case.access is AccessClass.RESTRICTED
    async with rig.client("operator") as client:
        assert (await client.get(f"/api/desk/cases/{case.id}")).status_code == 404
    assert (await read(rig, BRIBE))["twins"] == []
    assert [twin["number"] for twin in (await read(rig, BRIBE, "officer2"))["twins"]] == [case.number]


async def test_danger_told_on_the_telephone_raises_the_alarm(rig: Rig) -> None:
    text = "cứu tôi với, bảo vệ phường Cầu Giấy đang đánh tôi chảy máu ngay tại đây"
    looked = await read(rig, text)
    assert looked["warnings"][0]["grave"]
    await confirm(rig, await drafted(rig, text, identity="anonymous"))
    assert len(rig.task_notes("alarm")) == 1


async def test_who_is_named_in_a_case_does_not_file_it(rig: Rig) -> None:
    draft = await drafted(rig, who="namesake", staff="anh Phạm Quốc Khánh", identity="anonymous")
    looked = await rig.post("namesake", "/filing/check", {"draft": draft})
    assert looked["warnings"][0]["code"] == "conflict"
    await confirm(rig, draft, "namesake", status=403)
    await confirm(rig, draft, "operator")


async def test_who_may_file(rig: Rig) -> None:
    allowed = {"operator", "officer", "officer2", "supervisor", "insider", "namesake"}
    for who in sorted(rig.office.tokens):
        body = {"text": STORY, "source": "letter"}
        await rig.post(who, "/filing/read", body, 200 if who in allowed else 403)
    async with rig.client() as nobody:
        assert (await nobody.post("/api/console/filing/read", json=body)).status_code == 401


async def test_a_letter_counts_from_the_day_it_came(rig: Rig) -> None:
    told = await read(rig, STORY, "officer2", "letter", received_on="2026-11-18")
    assert told["draft"]["event_date"] == "2026-11-17"
    draft = {**told["draft"], "identity": "anonymous", "by_hand": ["identity"]}
    case = case_of(rig, (await confirm(rig, draft, "officer2"))["number"])
    assert case.record.received_at == datetime(2026, 11, 18, 5, tzinfo=UTC)
    later = await confirm(rig, await drafted(rig, who="officer2", source="letter", identity="anonymous"), "officer2",
                          "client-0009")  # fmt: skip
    assert (case.due_on or date.max).isoformat() < later["due_on"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"text": STORY},
        {"text": STORY, "source": "fax"},
        {"text": "x" * 20_001, "source": "hotline"},
        {"text": STORY, "source": "hotline", "extra": 1},
        {"text": STORY, "source": "hotline", "draft": {"text": "", "source": "hotline", "amount": -1}},
        {"text": STORY, "source": "hotline", "draft": {"text": "", "source": "hotline", "event_date": "mai"}},
        {"text": STORY, "source": "hotline", "draft": {"text": "", "source": "hotline", "heard_at": "2026-11-26"}},
        {"text": STORY, "source": "hotline", "draft": {"text": "", "source": "hotline", "contact": {"phone": "abc"}}},
        [],
    ],
)
async def test_wrong_bodies_are_refused(rig: Rig, body: Any) -> None:
    await rig.post("operator", "/filing/read", body, 422)


@pytest.mark.parametrize("text", ["\u0000\ud800 chị Hoa quát tôi ở phường Cầu Giấy", "\u202e" * 50, "a\u0300" * 400])
async def test_strange_texts_are_read_and_filed(rig: Rig, text: str) -> None:
    content = json.dumps({"text": text, "source": "hotline"})
    async with rig.client("operator") as client:
        answer = await client.post(
            "/api/console/filing/read", content=content, headers={"content-type": "application/json"}
        )
    assert answer.status_code == 200, answer.text
    draft = {**answer.json()["draft"], "identity": "anonymous", "by_hand": ["identity"]}
    body = {"client_id": "strange-01", "draft": draft, "consent": NONE}
    async with rig.client("operator") as client:
        done = await client.post("/api/console/filing/confirm", json=body)
    assert done.status_code in {200, 422}, done.text


async def test_choices_and_offices_are_offered(rig: Rig) -> None:
    choices = await rig.get("operator", "/filing/choices")
    assert {each["code"] for each in choices["sources"]} >= {"hotline", "letter", "suggestion_box"}
    assert all(each["label"] for each in choices["behaviours"])
    found = await rig.get("operator", "/filing/units?q=cau%20giay")
    assert UNIT in [each["id"] for each in found["items"]]
    back = await rig.post("operator", "/filing/read-back", {"draft": await drafted(rig, identity="anonymous")})
    assert back["script"][-1].endswith("?")
