"""What switchboards and recognisers deliver: who gets in, and that nothing of it makes an error of ours."""

import hashlib
import hmac
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from bot.core.errors import StoreUnavailable
from channels.hotline.router import MAX_EVENT_BYTES, MAX_LINES_BYTES
from tests.databases import sqlite_store
from tests.integration.hotline_rig import LINES_TOKEN, NUMBER, QUERY_TOKEN, SIGNING, TOKEN, Rig, open_rig
from tests.integration.web_client import problem_of

NOW = datetime(2026, 11, 26, 3, 0, tzinfo=UTC)
HEAD = {"X-Hotline-Token": TOKEN}


@pytest.fixture(scope="module")
def rig(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    folder = tmp_path_factory.mktemp("hotline")
    store = sqlite_store(folder)
    yield open_rig(store)
    store.close()


async def post(rig: Rig, path: str, **how: Any) -> httpx.Response:
    async with rig.client() as client:
        return await client.post(f"/api/hotline{path}", **how)


async def test_only_who_shows_the_secret_gets_in(rig: Rig) -> None:
    body = {"ma": "gate", "su_kien": "do_chuong"}
    for headers in (
        {},
        {"X-Hotline-Token": "wrong" * 5},
        {"Authorization": f"Basic {TOKEN}"},
        {"X-Hotline-Token": LINES_TOKEN},
    ):
        problem_of(await post(rig, "/events/generic", json=body, headers=headers), 401)
    for path, headers in (
        ("/events/generic", HEAD),
        ("/events/generic", {"Authorization": f"Bearer {TOKEN}"}),
        (f"/events/generic/{TOKEN}", {}),
    ):
        assert (await post(rig, path, json=body, headers=headers)).status_code == 200
    problem_of(await post(rig, "/events/generic/wrong", json=body), 401)
    line = {"ma": "gate", "thu_tu": 1, "chu": "a"}
    problem_of(await post(rig, "/transcripts", json=line, headers=HEAD), 401)
    assert (await post(rig, f"/transcripts/{LINES_TOKEN}", json=line)).status_code == 200
    raw = json.dumps(body).encode()
    signature = hmac.new(SIGNING.encode(), raw, hashlib.sha1).hexdigest().upper()
    signed = await post(rig, "/events/generic", content=raw, headers={"X-Hub-Signature": signature})
    assert signed.status_code == 200


async def test_get_events_have_a_secret_of_their_own(rig: Rig) -> None:
    async with rig.client() as client:
        for token, status in (("", 401), (TOKEN, 401), (QUERY_TOKEN, 200)):
            query = {"callid": "g1", "phone": NUMBER, "event": "RING", "token": token}
            answer = await client.get("/api/hotline/events/generic/call_in", params=query)
            assert answer.status_code == status
        wrong = await client.get("/api/hotline/events/generic/nothing", params={"callid": "x", "token": QUERY_TOKEN})
        problem_of(wrong, 400)


# --- never an error of ours -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"null", b"[]", b"\xff", b'{"ma":"\\u0000","su_kien":"ring"}', b'{"ma":"x","su_kien":["ring"]}',
     b'{"ma":"x","su_kien":"ring","tu":"\\ud800","luc":1e999}', b'{"dong":5}', b'{"dong":[]}',
     b'{"ma":"x","thu_tu":1,"chu":"\\ud800\\u0000"}', b"[" * 5_000],
)  # fmt: skip
async def test_hostile_bodies_are_answered_with_less_than_500(rig: Rig, content: bytes) -> None:
    for path, token in (("/events/stringee", TOKEN), ("/events/generic", TOKEN), ("/transcripts", LINES_TOKEN)):
        answer = await post(rig, path, content=content, headers={"X-Hotline-Token": token})
        assert answer.status_code in {200, 400}, (path, answer.text)


async def test_large_bodies_are_refused(rig: Rig) -> None:
    for path, token, limit in (
        ("/events/generic", TOKEN, MAX_EVENT_BYTES),
        ("/transcripts", LINES_TOKEN, MAX_LINES_BYTES),
    ):
        big = b'{"a":"' + b"x" * limit + b'"}'
        problem_of(await post(rig, path, content=big, headers={"X-Hotline-Token": token}), 413)


async def test_a_store_that_does_not_answer_has_the_event_come_again(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(*_: object) -> None:
        raise StoreUnavailable("gone")

    monkeypatch.setattr(rig.intake, "event", down)
    answer = await post(rig, "/events/generic", json={"ma": "s", "su_kien": "ring"}, headers=HEAD)
    problem_of(answer, 503)
    assert answer.headers["retry-after"]


async def test_a_defect_of_ours_is_no_500(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("a defect")

    monkeypatch.setattr(rig.intake, "event", broken)
    answer = await post(rig, "/events/generic", json={"ma": "s", "su_kien": "ring"}, headers=HEAD)
    assert (answer.status_code, answer.json()) == (200, {"nhan": 0})


# --- the whole way --------------------------------------------------------------------------------------------------


async def test_events_out_of_order_and_again_make_one_call(rig: Rig) -> None:
    opaque = await rig.ring("ooo")
    await rig.event("ket_thuc", "ooo")
    await rig.event("nghe_may", "ooo", may_nhanh="101")
    for _ in range(2):
        await rig.ring("ooo")
    shown = await rig.get("supervisor", f"/calls/{opaque}")
    assert (shown["call"]["state"], shown["call"]["missed"]) == ("ended", False)
    assert shown["call"]["number_masked"] == "09•• ••• 678"


async def test_lines_may_come_before_their_call(rig: Rig) -> None:
    answer = await rig.say(("cong_dan", "tôi muốn thành lập hội thì làm gì"), call="late")
    assert answer.json() == {"nhan": 1}
    opaque = await rig.ring("late")
    await rig.event("nghe_may", "late", may_nhanh="101")
    shown = await rig.get("operator", f"/calls/{opaque}")
    assert [each["text"] for each in shown["lines"]] == ["tôi muốn thành lập hội thì làm gì"]
    assert shown["call"]["number_masked"] is not None
    assert shown["call"]["line"] == "generic"


async def test_partial_lines_are_revised_by_their_number(rig: Rig) -> None:
    opaque = await rig.ring("rev")
    await rig.event("nghe_may", "rev", may_nhanh="101")
    base = {"ma": "rev", "ben": "cong_dan", "thu_tu": 1}
    for words, final in (("tôi", False), ("tôi muốn làm lại thẻ", False), ("tôi muốn làm lại thẻ thương binh", True),
                         ("tôi muốn", False)):  # fmt: skip
        answer = await post(rig, f"/transcripts/{LINES_TOKEN}", json={**base, "chu": words, "cuoi": final})
        assert answer.status_code == 200
    shown = await rig.get("operator", f"/calls/{opaque}")
    assert [(each["text"], each["final"]) for each in shown["lines"]] == [("tôi muốn làm lại thẻ thương binh", True)]


async def test_the_screen_pop_leads_to_the_opaque_name_and_nothing_else(rig: Rig) -> None:
    opaque = await rig.ring("pop")
    async with rig.client() as client:
        known = await client.get("/tong-dai", params={"ma": "pop", "so": NUMBER})
        unknown = await client.get("/tong-dai", params={"callid": "nobody"})
        bare = await client.get("/tong-dai")
    assert (known.status_code, known.headers["location"]) == (303, f"/ban-lam-viec#cuoc-goi/{opaque}")
    assert NUMBER not in known.headers["location"]
    assert unknown.headers["location"] == bare.headers["location"] == "/ban-lam-viec#cuoc-goi"
    told = await rig.event("do_chuong", "pop")
    assert told.json()["trang"] == f"/ban-lam-viec#cuoc-goi/{opaque}"
