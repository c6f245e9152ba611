"""What an accused unit can find by any route, at any stage of a case: never who complained, nor of whom."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from fastapi.routing import APIRoute

from bot.core.cases.lifecycle import Verb
from bot.core.cases.state import Status
from bot.core.ports import UnitOfWork
from channels.desk import PREFIX
from nlu.text import fold
from tests.databases import sqlite_store
from tests.integration.desk_client import (
    OTHER_UNIT,
    PHONE,
    PLANTED,
    REASON,
    STAFF,
    STORY,
    UNIT,
    Office,
    answer_fields,
    open_office,
)
from tests.integration.test_desk_matrix import VERB_BODIES

STAGES = (
    "received", "parked", "released", "assigned", "explained", "sent back", "inspection", "answered", "closed",
    "corrected", "reopened", "withdrawn", "assigned elsewhere", "restricted",
)  # fmt: skip
FOLDED = tuple(fold(detail) for detail in PLANTED)


@pytest.fixture
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder = tmp_path_factory.mktemp("desk")
    store = sqlite_store(folder)
    yield open_office(store)
    store.close()


def citizens_act(office: Office, case_id: str, event: str, status: Status | None, **body: Any) -> None:
    def change(unit: UnitOfWork) -> None:
        unit.cases.change(
            case_id, event, "citizen", office.clock.now(), body, status=status, reopened=True if status else None
        )

    with office.store() as unit:
        change(unit)
        unit.commit()


def bring(office: Office, case_id: str, stage: str) -> None:
    files = office.case(case_id).record.attachments
    ordinary = {"received", "parked", "released", "assigned", "explained", "answered", "closed"}
    if stage in ordinary:
        office.bring(case_id, Status(stage), files=files)
    elif stage == "sent back":
        office.bring(case_id, Status.EXPLAINED, files=files)
        office.act("officer", case_id, Verb.SEND_BACK, reason=f"Hỏi lại anh {STAFF} về bà Bích Ngọc, số {PHONE}")
    elif stage == "inspection":
        office.bring(case_id, Status.ASSIGNED, files=files)
        office.act("officer", case_id, Verb.INSPECT, reason=f"về anh {STAFF}", team="Đoàn kiểm tra")
        found = f"{STAFF} đã quát bà Trần Thị Bích Ngọc"
        office.act("officer", case_id, Verb.FINDINGS, text=found, document="BB 1")
    elif stage in {"corrected", "reopened"}:
        office.bring(case_id, Status.CLOSED, files=files)
        if stage == "corrected":
            office.act("officer", case_id, Verb.CORRECT, note="Sửa ngày.", **answer_fields())
        else:
            citizens_act(office, case_id, "reopened", Status.RECEIVED, reason=STORY)
    elif stage == "withdrawn":
        office.bring(case_id, Status.ASSIGNED, files=files)
        citizens_act(office, case_id, "withdrawn", Status.WITHDRAWN)
    elif stage == "assigned elsewhere":
        office.bring(case_id, Status.ASSIGNED, unit=OTHER_UNIT, files=files)
    elif stage == "restricted":
        office.act("officer", case_id, Verb.RELEASE, reason="đã xem")
    else:
        raise AssertionError(stage)


def planted_case(office: Office, stage: str) -> str:
    case_id = office.file(with_file=True, severity=5 if stage == "restricted" else 3)
    citizens_act(office, case_id, "added", None, text="Tôi là Trần Thị Bích Ngọc nói thêm", raw=STORY)
    bring(office, case_id, stage)
    if stage in {"assigned", "explained"}:
        office.act("officer", case_id, Verb.EXPLAIN, text=f"Tôi là {STAFF}, tôi đã nóng với bà Bích Ngọc.")
    return case_id


async def crawl(office: Office, who: str, cases: list[str]) -> list[tuple[str, httpx.Response]]:
    """Call every route of the desk with every case, with good and with broken bodies, and every filter."""
    routes = [route for route in office.router.routes if isinstance(route, APIRoute)]
    assert len(routes) > 25
    file_ids = {case_id: office.case(case_id).record.attachments[0] for case_id in cases}
    filters: list[dict[str, str]] = [
        {}, {"unit": UNIT}, {"assigned_unit": UNIT}, {"assigned_unit": OTHER_UNIT}, {"access": "restricted"},
        {"behaviour": "TD-XUCPHAM"}, {"overdue_on": "2030-01-01"}, {"input_type": "PHAN_ANH_HANH_VI"}, {"q": STAFF},
        {"unit": STAFF}, {"format": "xlsx"}, {"subject": cases[0]}, {"before": "2030-01-01T00:00:00Z"},
        {"limit": "x"},
    ]  # fmt: skip
    filters += [{"status": status.value} for status in Status]
    answers: list[tuple[str, httpx.Response]] = []
    async with office.client(who) as client:
        for route in routes:
            method, about_case = next(iter(route.methods)), "{case_id}" in route.path
            for case_id in cases if about_case else cases[:1]:
                url = route.path.format(case_id=case_id, file_id=file_ids[case_id], task_id=f"overdue-{case_id}")
                if method == "GET":
                    for given in filters if not about_case else filters[:1]:
                        answers.append((f"GET {url} {given}", await client.get(url, params=given)))
                else:
                    name = url.rpartition("/")[2]
                    good = VERB_BODIES[Verb(name)] if name in set(Verb) else REASON
                    for body in ({"reason": 7, "text": [STAFF]}, good):
                        answers.append((f"POST {url} {body}", await client.post(url, json=body)))
        # numbers, wrong ids, wrong methods
        for url in (
            f"/cases/{office.case(cases[0]).number}",
            "/cases/x",
            "/cases/%00",
            "/nothing",
            "/cases/../audit",
        ):
            answers.append((url, await client.get(PREFIX + url)))
        answers.append(("DELETE", await client.delete(f"{PREFIX}/cases/{cases[0]}")))
    return answers


def leaked(answers: list[tuple[str, httpx.Response]], sent: bool = False) -> list[tuple[str, str]]:
    found = []
    for what, answer in answers:
        told = fold(answer.content.decode("utf-8", "replace") + json.dumps(dict(answer.headers), ensure_ascii=False))
        found += [(what, detail) for detail in FOLDED if detail in told]
    return found


@pytest.mark.parametrize("who", ["unit", "insider", "other_unit"])
async def test_accused_unit_finds_nobody_by_any_route(office: Office, who: str) -> None:
    cases = [planted_case(office, stage) for stage in STAGES]
    office.clock.time = office.clock.time.replace(month=12, day=20)
    assert len(office.desk.rise()) > 3  # tasks with numbers of cases
    answers = await crawl(office, who, cases)
    assert len(answers) > 500
    assert not [what for what, answer in answers if answer.status_code >= 500]
    assert not leaked(answers)


async def test_crawl_finds_what_there_is_to_find(office: Office) -> None:
    """The same crawl by somebody entitled finds the planted details; and the unit does read the story."""
    cases = [planted_case(office, stage) for stage in ("assigned", "received")]
    by_officer = await crawl(office, "officer", cases)
    assert {fold(STAFF), fold(PHONE), "tran thi bich ngoc"} <= {detail for _, detail in leaked(by_officer)}
    other = planted_case(office, "assigned")
    by_unit = await crawl(office, "unit", [other])
    read = [answer.text for what, answer in by_unit if what.startswith(f"GET {PREFIX}/cases/{other} ")]
    assert ["quát tôi trước đám đông" in text for text in read] == [True]


async def test_unit_counts_only_what_is_assigned_to_it(office: Office) -> None:
    cases = {stage: planted_case(office, stage) for stage in STAGES}
    async with office.client("unit") as client:
        listed = (await client.get(f"{PREFIX}/cases", params={"limit": 100})).json()
        filtered = (await client.get(f"{PREFIX}/cases", params={"assigned_unit": OTHER_UNIT})).json()
    seen = {"assigned", "explained", "sent back", "answered", "closed", "corrected"}
    assert {case["id"] for case in listed["cases"]} == {cases[stage] for stage in seen}
    assert "before" not in listed
    assert {case["id"] for case in filtered["cases"]} == {cases[stage] for stage in seen}


async def test_unit_is_given_cleared_images_without_names_and_no_originals(office: Office) -> None:
    case_id = office.file(with_file=True)
    file_id = office.case(case_id).record.attachments[0]
    office.bring(case_id, Status.ASSIGNED)
    url = f"{PREFIX}/cases/{case_id}/files"
    async with office.client("unit") as client:
        assert (await client.get(url)).json() == []
        assert (await client.get(f"{url}/{file_id}")).status_code == 404
        office.act("officer", case_id, Verb.ASSIGN, unit=UNIT, files=(file_id,))
        assert [(f["id"], f["name"]) for f in (await client.get(url)).json()] == [(file_id, "tep-1")]
        opened = await client.get(f"{url}/{file_id}")
        assert (await client.post(f"{url}/{file_id}/original", json=REASON)).status_code == 403
    assert opened.headers["content-disposition"] == 'attachment; filename="tep.png"'
    assert b"ORIGINAL" not in opened.content
    async with office.client("officer") as client:
        assert (await client.get(url)).json()[0]["name"] == "cho-ngoc.png"
        assert (await client.post(f"{url}/{file_id}/original", json=REASON)).content.startswith(b"ORIGINAL")


async def test_officers_summary_stands_in_place_of_the_story(office: Office) -> None:
    case_id = office.file()
    office.bring(case_id, Status.RELEASED)
    summary = f"Một người dân phản ánh việc bị nói nặng ở quầy 3; gọi {PHONE} hỏi chị Ngọc."
    office.act("officer", case_id, Verb.ASSIGN, unit=UNIT, text=summary)
    async with office.client("unit") as client:
        shown = (await client.get(f"{PREFIX}/cases/{case_id}")).json()
        entries = (await client.get(f"{PREFIX}/cases/{case_id}/timeline")).json()
    assert shown["narrative"] == (
        "Một người dân phản ánh việc bị nói nặng ở quầy 3; gọi [số điện thoại] hỏi chị [tên]."
    )
    assert [entry["kind"] for entry in entries] == ["assign"]
    assert entries[0]["actor"] is None
