"""What operators do with calls over HTTP: who sees what, what is audited, what is forgotten."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from bot.core.calls.tools import CallRules
from bot.core.cases.office_ports import Task
from tests.databases import sqlite_store
from tests.integration.desk_client import PEOPLE
from tests.integration.hotline_rig import NUMBER, Rig, open_rig
from tests.integration.web_client import problem_of

TALKING = frozenset({"operator", "officer", "officer2", "supervisor", "insider", "namesake"})
SUMMARY_PARTS = ("09•• ••• 678", "Thành lập hội (cấp xã)", "lệ phí", "đã trả lời", "gọi cho [số điện thoại]")


@pytest.fixture
def rig(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    folder = tmp_path_factory.mktemp("calls")
    store = sqlite_store(folder)
    yield open_rig(store)
    store.close()


async def answered(rig: Rig, call: str = "c1", extension: str = "101") -> str:
    opaque = await rig.ring(call)
    await rig.event("nghe_may", call, may_nhanh=extension)
    return opaque


async def test_who_lifts_the_receiver_has_the_call(rig: Rig) -> None:
    opaque = await rig.ring()
    (rings,) = (await rig.get("operator", "/calls"))["items"]
    assert (rings["state"], rings["operator"], rings["number_masked"]) == ("ringing", None, "09•• ••• 678")
    assert NUMBER not in str(rings)
    await rig.event("nghe_may", may_nhanh="101")
    shown = await rig.get("operator", f"/calls/{opaque}")
    assert shown["call"]["operator"] == {"id": "op", "name": PEOPLE["operator"].name}
    # a transfer at the switchboard hands the call over
    await rig.event("nghe_may", may_nhanh="102")
    assert (await rig.get("supervisor", f"/calls/{opaque}"))["call"]["operator"]["id"] == "of2"
    # an extension that is nobody's changes nothing
    await rig.event("nghe_may", may_nhanh="999")
    assert (await rig.get("supervisor", f"/calls/{opaque}"))["call"]["operator"]["id"] == "of2"


async def test_of_two_who_take_a_call_the_second_sees_who_has_it(rig: Rig) -> None:
    opaque = await rig.ring()
    taken = await rig.post("operator", f"/calls/{opaque}/answer")
    assert (taken["state"], taken["operator"]["id"]) == ("answered", "op")
    assert (await rig.post("operator", f"/calls/{opaque}/answer"))["id"] == taken["id"]
    refused = await rig.post("officer2", f"/calls/{opaque}/answer", status=409)
    assert refused["type"].endswith(":claimed")
    assert refused["by"] == {"id": "op", "name": PEOPLE["operator"].name}
    assert rig.audited("call_claimed") == [("op", taken["id"], "")]


async def test_every_role_gets_what_is_theirs(rig: Rig) -> None:
    opaque = await answered(rig)
    own = f"/calls/{opaque}"
    body = {"procedure_id": "X01", "facet": "fee"}
    routes: list[tuple[str, str, Any]] = [
        ("GET", "/calls", None),
        ("POST", "/calls", {}),
        ("GET", own, None),
        ("GET", f"{own}/suggestions", None),
        ("POST", f"{own}/looked-up", body),
        ("POST", f"{own}/send", body),
        ("POST", f"{own}/reveal-number", {"reason": "gọi lại cho dân"}),
        ("POST", f"{own}/call-back", {"due_at": rig.clock.now().isoformat()}),
        ("POST", f"{own}/wrap-up", {"topic": "Việc khác", "outcome": "other"}),
        ("POST", f"{own}/end", {}),
    ]
    for method, path, given in routes:
        for who in sorted(PEOPLE):
            async with rig.client(who) as client:
                answer = await client.request(method, f"/api/console{path}", json=given)
            of_nobody = path == "/calls"
            may = who in TALKING if of_nobody else who in {"operator", "supervisor"}
            assert answer.status_code == (200 if may else 403), (method, path, who, answer.text)
        async with rig.client() as nobody:
            problem_of(await nobody.request(method, f"/api/console{path}", json=given), 401)
    assert {who for who, _, _ in rig.audited("call_opened")} == {"sup"}


async def test_a_colleagues_call_is_audited_once_for_each_opening(rig: Rig) -> None:
    opaque = await answered(rig)
    for _ in range(4):
        await rig.get("supervisor", f"/calls/{opaque}")
        rig.clock.time += timedelta(seconds=100)  # longer in all than the pause that opens anew
    assert len(rig.audited("call_opened")) == 1
    rig.clock.time += timedelta(minutes=5)
    await rig.get("supervisor", f"/calls/{opaque}")
    assert len(rig.audited("call_opened")) == 2


async def test_a_call_is_taken_before_anything_is_done_with_it(rig: Rig) -> None:
    opaque = await rig.ring()
    for path, body in (("looked-up", {"procedure_id": "X01"}), ("end", {}), ("reveal-number", {"reason": "x y z"})):
        problem = await rig.post("operator", f"/calls/{opaque}/{path}", body, status=403)
        assert problem["type"].endswith(":not-permitted")


async def test_suggestions_follow_the_caller_and_not_the_operator(rig: Rig) -> None:
    opaque = await answered(rig)
    assert await rig.get("operator", f"/calls/{opaque}/suggestions") == {"lines_upto": 0, "items": []}
    await rig.say(("tong_dai", "dạ em nghe"), ("cong_dan", "chú bị mất cái thẻ thương binh giờ làm lại thế nào cháu"))
    found = await rig.get("operator", f"/calls/{opaque}/suggestions")
    assert (found["lines_upto"], found["items"][0]["procedure_id"]) == (2, "X02")
    await rig.say(("tong_dai", "dạ nếu muốn thành lập hội thì bác nộp đơn ở xã ạ"), ("cong_dan", "ừ"), first=3)
    again = await rig.get("operator", f"/calls/{opaque}/suggestions")
    assert (again["lines_upto"], again["items"][0]["procedure_id"]) == (4, "X02")
    await rig.say(("cong_dan", "thế còn thành lập hội thì cần gì"), first=5)
    other = await rig.get("operator", f"/calls/{opaque}/suggestions?limit=1")
    assert [each["procedure_id"] for each in other["items"]] == ["X01"]


async def test_numbers_said_aloud_are_masked_where_they_are_shown(rig: Rig) -> None:
    opaque = await answered(rig)
    await rig.say(("cong_dan", "số tôi là không chín một hai ba bốn năm sáu bảy tám nhé"))
    lines = (await rig.get("operator", f"/calls/{opaque}"))["lines"]
    assert "chín một hai" not in str(lines)
    assert "[số điện thoại]" in lines[0]["text"]


async def test_a_call_is_wrapped_up_in_two_clicks(rig: Rig) -> None:
    opaque = await answered(rig)
    for facet in ("fee", "documents", "fee"):
        await rig.post("operator", f"/calls/{opaque}/looked-up", {"procedure_id": "X01", "facet": facet})
        rig.clock.time += timedelta(seconds=5)
    shown = await rig.get("operator", f"/calls/{opaque}")
    assert [each["facet"] for each in shown["looked_up"]] == ["fee", "documents"]
    assert shown["topics"][0] == "Thành lập hội (cấp xã)"
    assert shown["outcomes"][0] == {"outcome": "answered", "label": "Đã trả lời"}
    note = f"dặn gọi cho {NUMBER}"
    body = {"topic": shown["topics"][0], "outcome": "answered", "note": note}
    summary = (await rig.post("operator", f"/calls/{opaque}/wrap-up", body))["summary"]
    for part in SUMMARY_PARTS:
        assert part in summary, part
    assert NUMBER not in summary
    (over,) = (await rig.get("operator", "/calls?box=recent"))["items"]
    assert (over["wrapped"], over["state"], over["summary"]) == (True, "ended", summary)
    (others,) = (await rig.get("officer2", "/calls?box=recent"))["items"]
    assert (others["summary"], others["topic"], others["number_masked"]) == ("", None, "09•• ••• 678")
    assert [reason for _, _, reason in rig.audited("call_wrapped")] == ["answered"]


async def test_ones_own_active_call_needs_no_reason_and_everything_else_does(rig: Rig) -> None:
    opaque = await answered(rig)
    assert (await rig.post("operator", f"/calls/{opaque}/reveal-number"))["number"] == NUMBER
    await rig.post("supervisor", f"/calls/{opaque}/reveal-number", status=422)
    await rig.post("operator", f"/calls/{opaque}/end")
    for reason in ("", "  ", "?", "ab"):
        await rig.post("operator", f"/calls/{opaque}/reveal-number", {"reason": reason}, status=422)
    told = await rig.post("operator", f"/calls/{opaque}/reveal-number", {"reason": "gọi lại theo hẹn"})
    assert told["number"] == NUMBER
    assert [(who, reason) for who, _, reason in rig.audited("call_number_revealed")] == [
        ("op", ""),
        ("op", "gọi lại theo hẹn"),
    ]


async def test_calls_are_made_by_hand_where_no_switchboard_tells(rig: Rig) -> None:
    made = await rig.post("operator", "/calls", {"number": "024 3825 3536"})
    assert (made["line"], made["operator"]["id"], made["state"]) == ("hand", "op", "answered")
    assert made["number_masked"].endswith("536")
    without = await rig.post("operator", "/calls", {})
    assert without["number_masked"] is None
    assert (await rig.post("operator", f"/calls/{without['id']}/reveal-number"))["number"] is None
    await rig.post("operator", "/calls", {"number": "x" * 41}, status=422)
    await rig.post("operator", "/calls", {"operator": "sup"}, status=422)


async def test_a_missed_caller_is_taken_on_from_the_task(rig: Rig) -> None:
    await rig.ring()
    await rig.event("ket_thuc")
    (task,) = rig.office.views.tasks(PEOPLE["operator"])
    assert task.call_id is not None
    await rig.post("operator", f"/calls/{task.call_id}/answer")
    taken = (await rig.get("operator", f"/calls/{task.call_id}"))["call"]
    assert (taken["operator"]["id"], taken["state"], taken["missed"]) == ("op", "ended", True)


async def test_call_backs_are_dated_tasks(rig: Rig) -> None:
    opaque = await answered(rig)
    due = rig.clock.now() + timedelta(days=1)
    body = {"due_at": due.isoformat(), "note": f"hỏi lại lệ phí, số {NUMBER}"}
    made = await rig.post("operator", f"/calls/{opaque}/call-back", body)
    (note,) = rig.task_notes("call_back")
    assert "hỏi lại lệ phí" in note
    assert NUMBER not in note
    async with rig.client("operator") as client:
        tasks = (await client.get("/api/desk/tasks")).json()
    assert [task["id"] for task in tasks] == [made["id"]]
    for wrong in (rig.clock.now() - timedelta(days=1), rig.clock.now() + timedelta(days=400)):
        await rig.post("operator", f"/calls/{opaque}/call-back", {"due_at": wrong.isoformat()}, status=422)


async def test_a_missed_call_is_a_task_once_a_caller(rig: Rig) -> None:
    for call in ("m1", "m2", "m3"):
        await rig.ring(call)
        await rig.event("ket_thuc", call)
        await rig.event("ket_thuc", call)
    await rig.ring("m4", number="0987654321")
    await rig.event("ket_thuc", "m4")
    await rig.ring("m5", number=None)
    await rig.event("ket_thuc", "m5")
    await rig.event("nghe_may", "m4")  # came late: somebody had answered
    notes = rig.task_notes("call_back")
    assert len(notes) == 1
    assert NUMBER not in notes[0]
    assert "•••" in notes[0]


async def test_what_is_said_and_who_called_is_forgotten_in_time(rig: Rig) -> None:
    opaque, kept = await answered(rig, "old"), await answered(rig, "kept")
    await rig.say(("cong_dan", "tôi muốn thành lập hội"), call="old")
    due = {"due_at": (rig.clock.now() + timedelta(days=50)).isoformat()}
    with rig.store() as unit:  # others make tasks of this kind too
        for name in ("call_back", "call_back-x", "call_back-web-1-turn"):
            unit.tasks.add(Task(name, "call_back", None, None, "", rig.clock.now(), rig.clock.now()))
        unit.commit()
    await rig.post("operator", f"/calls/{kept}/call-back", due)
    for call in ("old", "kept"):
        await rig.event("ket_thuc", call)
    rules = CallRules()
    rig.clock.time += rules.keep_lines - timedelta(hours=1)
    assert rig.intake.housekeep().calls_without_lines == 0
    rig.clock.time += timedelta(hours=2)
    assert rig.intake.housekeep().calls_without_lines == 1
    rig.clock.time += rules.keep_numbers
    assert rig.intake.housekeep().numbers == 1
    with rig.store() as unit:
        assert unit.calls.lines(opaque) == ()
        assert (unit.calls.number(opaque), unit.calls.number(kept)) == (None, NUMBER)


async def test_calls_whose_end_was_lost_end(rig: Rig) -> None:
    await rig.ring("rings")
    await answered(rig, "talks")
    rig.clock.time += timedelta(minutes=6)
    assert rig.intake.housekeep().lost_calls == 1
    rig.clock.time += timedelta(hours=3)
    assert rig.intake.housekeep().lost_calls == 1
    assert (await rig.get("supervisor", "/calls"))["items"] == []
    late = await rig.say(("cong_dan", "a lô"), call="talks")
    assert late.json() == {"nhan": 1}
    rig.clock.time += timedelta(hours=2)
    too_late = await rig.say(("cong_dan", "a lô"), call="talks", first=2)
    assert too_late.json() == {"nhan": 0}


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("looked-up", {"procedure_id": "nothing"}),
        ("looked-up", {"procedure_id": "X01", "facet": "x"}),
        ("looked-up", {"procedure_id": "X01", "extra": 1}),
        ("send", {"procedure_id": "../x"}),
        ("wrap-up", {"topic": " ", "outcome": "other"}),
        ("wrap-up", {"topic": "a", "outcome": "x"}),
        ("wrap-up", {"topic": "a" * 201, "outcome": "other"}),
        ("reveal-number", []),
        ("call-back", {"due_at": "mai"}),
    ],
)
async def test_wrong_bodies_change_nothing(rig: Rig, path: str, body: Any) -> None:
    opaque = await answered(rig)
    await rig.post("operator", f"/calls/{opaque}/{path}", body, status=422)
    shown = await rig.get("operator", f"/calls/{opaque}")
    assert (shown["looked_up"], shown["call"]["wrapped"]) == ([], False)


async def test_unknown_calls_are_404(rig: Rig) -> None:
    for name in ("nothing", "a" * 64):
        problem = await rig.get("operator", f"/calls/{name}", status=404)
        assert problem["type"].endswith(":call-unknown")
        await rig.post("operator", f"/calls/{name}/answer", status=404)
