"""The public register: approved answers, nobody told from it, readable without JavaScript."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from html.parser import HTMLParser
from typing import Any

import pytest

from bot.core.cases.lifecycle import Verb
from bot.core.cases.register import Entry, Narrowed, counts, narrowed, suppressed
from bot.core.cases.state import Finding, Status
from bot.core.story import DeskKind
from nlu.text import fold
from tests.databases import sqlite_store
from tests.integration.desk_client import (
    ANSWER,
    OTHER_UNIT,
    PLANTED,
    STORY,
    UNIT,
    Office,
    answer_fields,
    file_by,
    open_office,
    reopen,
)
from tests.integration.web_client import problem_of

VOID = {"meta", "link", "br", "input"}


@pytest.fixture
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder = tmp_path_factory.mktemp("register")
    store = sqlite_store(folder)
    yield open_office(store)
    store.close()


def later(office: Office) -> None:
    """Let the kept register grow old."""
    office.clock.time += timedelta(seconds=61)


async def read(office: Office, **given: Any) -> dict[str, Any]:
    async with office.client() as client:
        answer = await client.get("/api/register", params=given)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def page(office: Office, **given: Any) -> str:
    async with office.client() as client:
        answer = await client.get("/phan-anh", params=given)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    return answer.text


class Tags(HTMLParser):
    """Checks that tags are closed in order, and keeps what a test asks for."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def parsed(html: str) -> Tags:
    tags = Tags()
    tags.feed(html)
    tags.close()
    assert not tags.open
    return tags


@pytest.mark.parametrize("status", [s for s in Status if s not in {Status.CLOSED, Status.WITHDRAWN}])
async def test_case_that_is_not_closed_is_not_in_the_register(office: Office, status: Status) -> None:
    office.bring(office.file(), status)
    assert (await read(office))["total"] == 0
    assert "Chưa có trả lời nào." in await page(office)


async def test_approved_answer_stands_there_when_its_case_is_closed(office: Office) -> None:
    case_id = office.file()
    office.bring(case_id, Status.ANSWERED)
    office.act("officer2", case_id, Verb.PUBLISH)
    assert (await read(office))["total"] == 0
    office.act("officer2", case_id, Verb.CLOSE)
    later(office)
    told = await read(office)
    (entry,) = told["entries"]
    assert (entry["text"], entry["reason"], entry["remedy"]) == (ANSWER["text"], ANSWER["reason"], ANSWER["remedy"])
    assert (entry["unit_name"], entry["period"], entry["finding"]) == ("Phường Ba Đình", "2026-11", "dung")
    assert told["counts"] == [{"unit": UNIT, "unit_name": "Phường Ba Đình", "total": 1, "findings": {"dung": 1}}]


async def test_nobody_is_told_from_it(office: Office) -> None:
    for _ in range(6):
        office.bring(office.file(), Status.CLOSED)
    for shown in (str(await read(office)), await page(office)):
        folded = fold(shown)
        assert not [detail for detail in (*PLANTED, STORY[:30], "PA-") if fold(detail) in folded]
    assert ANSWER["text"] in await page(office)


async def test_desk_and_day_stand_there_only_where_five_share_them(office: Office) -> None:
    for at in range(4):
        office.bring(file_by(office, at), Status.CLOSED)
    lone = office.file(event_date=date(2026, 11, 19))
    office.bring(lone, Status.CLOSED)
    entries = (await read(office))["entries"]
    assert [(e["desk"], e["event_date"]) for e in entries] == [(None, None)] * 5
    assert "Ngày xảy ra" not in await page(office)
    office.bring(file_by(office, 4), Status.CLOSED)
    later(office)
    entries = (await read(office))["entries"]
    assert sorted((e["desk"], e["event_date"]) for e in entries if e["desk"]) == [("one_stop", "2026-11-18")] * 5
    shown = await page(office)
    assert shown.count("18/11/2026") == 5
    assert "19/11/2026" not in shown
    # Narrowing down does not bring the hidden day out, nor hide what all five share.
    assert sum(e["desk"] is None for e in (await read(office, unit=UNIT, period="2026-11"))["entries"]) == 1


async def test_correction_is_seen_as_one_when_it_is_approved(office: Office) -> None:
    case_id = office.file()
    office.bring(case_id, Status.CLOSED)
    office.act("officer2", case_id, Verb.CORRECT, note="Sửa kết luận.", **answer_fields(text="Đúng một phần thôi."))
    told = await read(office)
    # Until a second person approves it, what stood there stands there.
    assert (told["total"], told["entries"][0]["text"], told["entries"][0]["corrections"]) == (1, ANSWER["text"], [])
    assert told["entries"][0]["reviewing"]
    office.clock.time += timedelta(days=2)
    office.act("officer", case_id, Verb.PUBLISH)
    later(office)
    assert (await read(office))["entries"][0]["text"] == ANSWER["text"]
    office.act("officer", case_id, Verb.CLOSE)
    later(office)
    (entry,) = (await read(office))["entries"]
    assert entry["text"] == "Đúng một phần thôi."
    assert entry["corrections"] == [{"on": "2026-11-25", "note": "Sửa kết luận."}]
    assert entry["published_on"] == "2026-11-23"
    assert "Đính chính ngày 25/11/2026: Sửa kết luận." in await page(office)


async def test_reopened_case_says_that_it_is_looked_into_again(office: Office) -> None:
    case_id = office.file()
    office.bring(case_id, Status.CLOSED)
    assert not (await read(office))["entries"][0]["reviewing"]
    reopen(office, case_id)
    later(office)
    assert (await read(office))["entries"][0]["reviewing"]
    assert "đang được xem lại" in await page(office)
    office.act("officer", case_id, Verb.RELEASE, reason="xem lại")
    office.act("officer", case_id, Verb.ANSWER, **answer_fields(text="Kết luận mới."))
    later(office)
    (entry,) = (await read(office))["entries"]  # the new answer waits for its second person
    assert (entry["text"], entry["reviewing"]) == (ANSWER["text"], True)
    office.act("officer2", case_id, Verb.PUBLISH)
    office.act("officer2", case_id, Verb.CLOSE)
    later(office)
    (entry,) = (await read(office))["entries"]
    assert (entry["text"], entry["reviewing"]) == ("Kết luận mới.", False)


async def test_register_is_narrowed_by_unit_period_and_code(office: Office) -> None:
    office.bring(office.file(), Status.CLOSED)
    office.bring(office.file(unit=OTHER_UNIT, behaviours=("HS-CHAM",)), Status.CLOSED, unit=OTHER_UNIT)
    assert (await read(office))["total"] == 2
    for given, total in (
        ({"unit": UNIT}, 1), ({"unit": "HN-00025"}, 0), ({"period": "2026"}, 2), ({"period": "2026-11"}, 2),
        ({"period": "2026-10"}, 0), ({"code": "HS-CHAM"}, 1), ({"code": "HS-CHAM", "unit": UNIT}, 0),
    ):  # fmt: skip
        told = await read(office, **given)
        assert (told["total"], sum(c["total"] for c in told["counts"])) == (total, total), given
    shown = await page(office, **{"don-vi": OTHER_UNIT, "ma": "HS-CHAM"})
    assert shown.count("<article") == 1
    assert '<option value="HN-00008" selected>Phường Ngọc Hà</option>' in shown
    assert "<title>Trả lời phản ánh về cán bộ · Phường Ngọc Hà · Sở Nội vụ Hà Nội</title>" in shown


async def test_pages_are_linked_and_keep_what_was_asked(office: Office) -> None:
    for _ in range(23):
        office.bring(office.file(), Status.CLOSED)
    first, second = await page(office, ky="2026"), await page(office, ky="2026", trang="2")
    assert (first.count("<article"), second.count("<article")) == (20, 3)
    assert '<a rel="next" href="/phan-anh?ky=2026&amp;trang=2">' in first
    assert '<a rel="prev" href="/phan-anh?ky=2026">' in second
    assert "trang 2 · Sở Nội vụ Hà Nội</title>" in second
    for odd in ("0", "-1", "99", "x", "²"):
        assert "<article" in await page(office, trang=odd)


@pytest.mark.parametrize("value", ["<script>alert(1)</script>", '"><img src=x onerror=a>', "HN-00004'", "ộ" * 40])
async def test_markup_in_the_address_does_nothing(office: Office, value: str) -> None:
    office.bring(office.file(), Status.CLOSED)
    for name in ("don-vi", "ky", "ma", "trang"):
        given = {name: value[: 10 if name in {"ky", "trang"} else 40]}
        shown = await page(office, **given)
        parsed(shown)
        assert "<script" not in shown
        assert "<img" not in shown


async def test_markup_in_an_answer_is_text(office: Office) -> None:
    case_id = office.file()
    office.bring(case_id, Status.EXPLAINED)
    office.act("officer", case_id, Verb.ANSWER, **answer_fields(text="<b>đúng</b> & <script>x</script>\nđã sửa"))
    office.act("officer2", case_id, Verb.PUBLISH)
    office.act("officer2", case_id, Verb.CLOSE)
    shown = await page(office)
    parsed(shown)
    assert "&lt;script&gt;" in shown
    assert "<script" not in shown


async def test_page_is_whole_without_script_and_described_for_readers(office: Office) -> None:
    office.bring(office.file(), Status.CLOSED)
    async with office.client() as client:
        answer = await client.get("/phan-anh")
    tags = parsed(answer.text)
    assert ("html", {"lang": "vi"}) in tags.seen
    assert not [tag for tag, _ in tags.seen if tag in {"script", "style", "iframe"}]
    assert not [attributes for _, attributes in tags.seen if "style" in attributes or "onclick" in attributes]
    assert [tag for tag, _ in tags.seen if re.fullmatch(r"h\d", tag)] == ["h1", "h2", "h3", "h2"]
    headings = [attributes.get("scope") for tag, attributes in tags.seen if tag == "th"]
    assert headings == ["col"] * 7 + ["row"]
    cells = [attributes for tag, attributes in tags.seen if tag == "td"]
    assert len(cells) == 6
    assert all(attributes["data-label"] for attributes in cells)
    assert "form-action 'self'" in answer.headers["content-security-policy"]
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "public, max-age=60"


async def test_api_refuses_what_is_no_period(office: Office) -> None:
    async with office.client() as client:
        for given in ({"period": "11/2026"}, {"page": 0}, {"limit": 101}, {"unit": "a b"}):
            problem_of(await client.get("/api/register", params=given), 422)


ENTRY = Entry("r", UNIT, ("HS-CHAM",), "PHAN_ANH_HANH_VI", Finding.TRUE, "t", "r", "m", date(2026, 11, 23))


@pytest.mark.parametrize("k", [1, 2, 5])
def test_whatever_k_is_fewer_share_nothing(k: int) -> None:
    told = replace(ENTRY, desk=DeskKind.ONE_STOP, event_date=date(2026, 11, 18))
    for size in range(1, 7):
        shown = suppressed([replace(told, ref=str(at)) for at in range(size)], k)
        assert {(e.desk, e.event_date) for e in shown} == (
            {(DeskKind.ONE_STOP, date(2026, 11, 18))} if size >= k else {(None, None)}
        )
    # Another desk, day or unit is another group.
    others = [
        told,
        replace(told, unit=OTHER_UNIT),
        replace(told, desk=DeskKind.LEADER),
        replace(told, event_date=None),
    ]
    assert all(e.desk is None for e in suppressed(others, 2))


def test_counts_and_order() -> None:
    entries = [
        ENTRY,
        replace(ENTRY, finding=Finding.UNFOUNDED),
        replace(ENTRY, unit=None, published_on=date(2025, 1, 2)),
    ]
    assert [(c.unit, c.total, c.findings) for c in counts(entries)] == [
        (UNIT, 2, {Finding.TRUE: 1, Finding.UNFOUNDED: 1}),
        (None, 1, {Finding.TRUE: 1}),
    ]
    assert [e.published_on.year for e in suppressed(reversed(entries), 5)] == [2026, 2026, 2025]
    assert len(narrowed(entries, Narrowed(period="2025-01"))) == 1
    assert narrowed(entries, Narrowed(period="20")) == []
