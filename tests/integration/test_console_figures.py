"""The day's figures over HTTP: by role, by day, as a file; what is counted of cases, and for whom."""

import csv
import io

import httpx
import pytest

from bot.core.cases.lifecycle import Verb
from bot.core.cases.people import Principal, Role
from bot.core.figures.desk import FiguresDesk
from bot.core.figures.span import SpanKind
from bot.store import Store
from channels.console import PREFIX
from channels.console.figures import figures_router
from channels.console.matrix import FIGURES
from tests.integration.console_client import STAFF, Desk, open_desk
from tests.integration.desk_client import UNIT, Office, open_office
from tests.integration.figures_rig import a_working_day, figures_desk, lines, tiles
from tests.integration.web_client import problem_of

WITHOUT_CASES = {"operator", "editor"}
WITH_CASES = {"officer", "supervisor", "administrator", "auditor"}


@pytest.fixture
def office(store: Store) -> Office:
    return open_office(store)


@pytest.fixture
def counting(store: Store, office: Office) -> FiguresDesk:
    a_working_day(store, office)
    return figures_desk(office)


@pytest.fixture
def desk(store: Store, office: Office, counting: FiguresDesk) -> Desk:
    desk = open_desk(store)
    desk.clock.time = office.clock.time
    desk.app.include_router(figures_router(counting, desk.signed_in))
    return desk


async def told(desk: Desk, who: str, path: str = "/figures", **asked: str) -> httpx.Response:
    async with await desk.enter(who) as client:
        return await client.get(f"{PREFIX}{path}", params=asked)


async def test_a_day_as_counted_by_hand(desk: Desk) -> None:
    found = (await told(desk, "supervisor")).json()
    assert (found["span"], found["first"], found["last"], found["whole"]) == (
        "day",
        "2026-11-27",
        "2026-11-27",
        False,
    )
    assert found["now"] == {"since": "2026-11-26T17:00:00Z", "until": "2026-11-27T07:30:00Z"}
    assert found["before"]["until"] == "2026-11-26T07:30:00Z"
    assert tiles(found) == {
        "conversations": (12, 4),  # 7 web, 3 Zalo, 1 Telegram, 1 call; 4 yesterday until 14:30
        "answered_alone": (8, 4),  # the ten answered but web1 and web2
        "handed_over": (2, 0),
        "waiting": (150, None),  # between 60 and 240
        "person_answer": (180, None),  # between 90 and 270
        "assistant_answer": (2, 2),  # seven of 2 s, three of 4 s, Telegram's 2 s
        "cases": (6, 0),
    }
    assert lines(found, "channels")[0] == ("Trang web", 7, 4)
    assert lines(found, "refused") == [("Chưa hiểu câu hỏi", 1, 0), ("Việc của cơ quan khác", 1, 0)]
    assert lines(found, "called") == [("Người dân xin gặp", 1, 0), ("Người dân bức xúc", 1, 0)]
    assert lines(found, "procedures")[:2] == [
        ("Công nhận Ban vận động thành lập hội", 8, 4),
        ("Thành lập quỹ xã hội, quỹ từ thiện", 3, 0),
    ]
    assert dict((label, now) for label, now, _ in lines(found, "suggestions")) == {
        "Đã hiện": 3,
        "Đã chèn": 2,
        "Chèn rồi sửa": 0,
        "Đã gửi": 2,
        "Bỏ qua": 1,
    }
    assert lines(found, "behaviours") == [
        ("Thái độ thiếu tôn trọng, quát mắng, xúc phạm", 5, None),
        ("Còn lại", 1, 0),
    ]
    assert lines(found, "units") == [("Phường Ba Đình", 4, None), ("Còn lại", 2, 0)]


async def test_a_week_has_its_days(desk: Desk) -> None:
    found = (await told(desk, "supervisor", span="week", date="2026-11-25")).json()
    assert (found["first"], found["last"]) == ("2026-11-23", "2026-11-27")
    assert tiles(found)["conversations"] == (16, 0)
    assert lines(found, "channels")[0] == ("Trang web", 11, 0)


async def test_an_empty_day_is_told_as_one(desk: Desk) -> None:
    found = (await told(desk, "supervisor", date="2026-11-20")).json()
    assert found["whole"]
    assert {value for pair in tiles(found).values() for value in pair} == {0, None}
    assert all(section["lines"] == [] and section["empty"] for section in found["sections"])


@pytest.mark.parametrize("who", sorted(STAFF))
async def test_who_sees_what(desk: Desk, who: str) -> None:
    for path in ("/figures", "/figures.csv"):
        answer = await told(desk, who, path)
        if STAFF[who].role is Role.UNIT:
            problem_of(answer, 403)
            continue
        assert answer.status_code == 200, answer.text
        shows_cases = "Phiếu theo đơn vị" in answer.text
        assert shows_cases is (who not in WITHOUT_CASES), who
        assert ("Phiếu phản ánh" in answer.text) is shows_cases


async def test_nobody_without_a_session_sees_any(desk: Desk) -> None:
    assert FIGURES
    async with desk.client() as client:
        for _, path in FIGURES:
            problem_of(await client.get(f"{PREFIX}{path}"), 401)


@pytest.mark.parametrize(
    "asked",
    [{"date": "2026-11-28"}, {"date": "1999-01-01"}, {"date": "hôm nay"}, {"span": "year"}],
    ids=["tomorrow", "long ago", "no date", "no span"],
)
async def test_what_is_no_day_or_span_is_refused(desk: Desk, asked: dict[str, str]) -> None:
    problem_of(await told(desk, "supervisor", **asked), 422)


async def test_the_file_opens_in_a_spreadsheet_and_no_cell_is_a_formula(desk: Desk) -> None:
    answer = await told(desk, "supervisor", "/figures.csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="so-lieu-ngay-2026-11-27.csv"'
    assert answer.headers["cache-control"] == "no-store"
    assert answer.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
    assert rows[0] == ["Phần", "Nội dung", "Kỳ này", "Kỳ trước", "Đơn vị tính"]
    assert rows[1][2:4] == ["00:00 27/11/2026 đến 14:30 27/11/2026", "00:00 26/11/2026 đến 14:30 26/11/2026"]
    assert ["Tóm tắt", "Chờ cán bộ", "150", "", "giây"] in rows
    assert ["Phiếu theo đơn vị", "Phường Ba Đình", "4", "dưới 3", "số lượng"] in rows
    assert {len(row) for row in rows} == {5}
    planted = next(row for row in rows if "HYPERLINK" in row[1])
    assert planted[1].startswith("'=")
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


async def test_page_and_file_say_the_same(desk: Desk) -> None:
    found = (await told(desk, "auditor")).json()
    rows = list(csv.reader(io.StringIO((await told(desk, "auditor", "/figures.csv")).text.lstrip("\ufeff"))))
    shown = [line for section in found["sections"] for line in section["lines"]]
    assert [row[1].lstrip("'") for row in rows[2:]] == [line["label"] for line in (*found["tiles"], *shown)]


class TestCases:
    """Cases that one may not know of are not counted for one."""

    @staticmethod
    def total(counting: FiguresDesk, who: Principal) -> int:
        cases = counting.figures(who, SpanKind.DAY).now.cases
        assert cases is not None
        return cases.total

    def test_an_officer_of_the_accused_unit_learns_nothing_of_them(self, counting: FiguresDesk) -> None:
        of_unit = Principal("x", "Doãn Kế Thiện", Role.OFFICER, UNIT)
        found = counting.report(of_unit, SpanKind.DAY)
        assert self.total(counting, of_unit) == 2
        assert "Ba Đình" not in str(found)

    def test_restricted_cases_count_for_those_who_handle_them_alone(
        self, counting: FiguresDesk, office: Office
    ) -> None:
        office.file(
            "grave", received_at=office.clock.now().replace(hour=3), severity=5, unit="HN-00012", unit_options=()
        )
        seen = {
            role: self.total(counting, Principal("x", "Người Nào Đó", role))
            for role in (Role.OFFICER, Role.SUPERVISOR, Role.ADMINISTRATOR, Role.AUDITOR)
        }
        assert seen == {Role.OFFICER: 7, Role.SUPERVISOR: 7, Role.ADMINISTRATOR: 6, Role.AUDITOR: 6}

    def test_suspected_spam_is_not_counted(self, counting: FiguresDesk, office: Office) -> None:
        supervisor = Principal("x", "Ngô Bảo Châu", Role.SUPERVISOR)
        with office.store() as unit:
            case_id = unit.cases.of_conversation("case0")[0].id
        for who in ("officer2", "supervisor"):
            office.act(who, case_id, Verb.PARK, reason="nghi là thư rác hàng loạt")
        assert self.total(counting, supervisor) == 5

    def test_no_words_of_a_citizen_are_in_it(self, counting: FiguresDesk) -> None:
        told = str(counting.report(Principal("x", "Ngô Bảo Châu", Role.SUPERVISOR), SpanKind.WEEK))
        assert "Trần Thị Bích Ngọc" not in told
        assert "0912345678" not in told
        assert "case0" not in told
