"""What the desk does beside single cases, on SQLite and PostgreSQL: lists, tasks, numbers, exports."""

import io
import json
from datetime import UTC, date, datetime, timedelta

import openpyxl
import pytest

from bot.core.cases.lifecycle import Incomplete, Verb
from bot.core.cases.office_ports import Task
from bot.core.cases.people import Principal, Role
from bot.core.cases.state import CaseFilter, Status
from bot.core.errors import NotPermitted, UnknownCase
from bot.store import Store
from channels.desk.export import ExportedCase, spreadsheet
from nlu.text import fold
from tests.integration.desk_client import (
    OTHER_UNIT,
    PEOPLE,
    PHONE,
    PLANTED,
    START,
    STORY,
    UNIT,
    Office,
    audit,
    open_office,
    reopen,
)


@pytest.fixture
def office(store: Store) -> Office:
    return open_office(store)


def test_reopened_case_begins_anew_with_its_own_promise(office: Office) -> None:
    case_id = office.file()
    office.bring(case_id, Status.CLOSED)
    office.clock.time = datetime(2027, 1, 4, 2, 0, tzinfo=UTC)
    reopen(office, case_id)
    assert not office.desk.rise()
    with pytest.raises(UnknownCase):
        office.views.case(PEOPLE["unit"], case_id)
    office.clock.time = datetime(2027, 1, 6, 2, 0, tzinfo=UTC)
    assert [(each.why, each.due) for each in office.desk.rise()] == [("unreleased", date(2027, 1, 5))]
    office.act("officer", case_id, Verb.RELEASE, reason="xem lại")
    with pytest.raises(UnknownCase):
        office.views.case(PEOPLE["unit"], case_id)
    assert office.case(case_id).due_on == date(2027, 1, 8)


def tasks(office: Office) -> list[Task]:
    with office.store() as unit:
        return unit.tasks.open()


def test_overdue_and_unreleased_cases_rise_once_a_day(office: Office) -> None:
    waiting, assigned, closed = office.file(), office.file(), office.file()
    office.bring(assigned, Status.ASSIGNED)
    office.bring(closed, Status.CLOSED)
    assert office.desk.rise() == []
    office.clock.time = datetime(2026, 12, 3, 2, 0, tzinfo=UTC)
    for _ in range(3):
        risen = office.desk.rise()
    assert {each.case.id: each.why for each in risen} == {waiting: "unreleased", assigned: "overdue"}
    assert sorted(task.id for task in tasks(office)) == sorted(f"overdue-{c}-20261203" for c in (waiting, assigned))
    office.clock.time += timedelta(days=1)
    office.act("officer", waiting, Verb.RELEASE, reason="đã xem")
    office.desk.rise()
    assert [task.id for task in tasks(office)] == [f"overdue-{assigned}-20261204"]
    number = office.case(assigned).number
    assert [(each.task.note, each.number) for each in office.views.tasks(PEOPLE["supervisor"])] == [
        (f"Phiếu {number} đã quá hạn ngày 01/12/2026.", number)
    ]


def test_tasks_of_cases_that_one_may_not_know_of_are_neither_shown_nor_closed(office: Office) -> None:
    case_id = office.file()
    office.clock.time += timedelta(days=10)
    office.desk.rise()
    (task,) = tasks(office)
    for who in ("insider", "namesake"):
        assert office.views.tasks(PEOPLE[who]) == []
        assert office.desk.overdue(PEOPLE[who]) == []
        with pytest.raises(UnknownCase):
            office.desk.finish_task(PEOPLE[who], task.id)
    assert [each.case.id for each in office.desk.overdue(PEOPLE["supervisor"])] == [case_id]
    assert office.desk.finish_task(PEOPLE["supervisor"], task.id)
    assert not office.desk.finish_task(PEOPLE["supervisor"], task.id)


def test_pages_have_every_case_once_and_keep_linked_ones_together(office: Office) -> None:
    made = []
    for at in range(12):
        office.clock.time = START + timedelta(minutes=at // 3)  # three at the same moment
        made.append(office.file())
    office.file(unit=OTHER_UNIT, severity=5)
    found: list[str] = []
    before, pages = None, 0
    while True:
        page = office.views.cases(PEOPLE["administrator"], CaseFilter(), limit=4, before=before)
        found += [case.id for case in page.cases]
        pages += 1
        if page.before is None:
            break
        before = page.before
    assert sorted(found) == sorted(made)
    assert pages == 2


def test_numbers_count_cases_and_contacts_apart(office: Office) -> None:
    for at in range(3):
        office.file(f"conversation-{at}")
    closed = office.file("conversation-9", unit=OTHER_UNIT)
    office.bring(closed, Status.CLOSED, unit=OTHER_UNIT)
    numbers = office.views.numbers(PEOPLE["supervisor"], START - timedelta(days=1))
    assert (numbers.cases, numbers.by_status) == (4, {"received": 3, "closed": 1})
    assert [(u.unit, u.cases, u.contacts, u.findings) for u in numbers.units] == [
        (UNIT, 3, 1, {}),
        (OTHER_UNIT, 1, 1, {"dung": 1}),
    ]
    # Who may not know of cases about their own unit does not count them either.
    assert [u.unit for u in office.views.numbers(PEOPLE["insider"], START - timedelta(days=1)).units] == [OTHER_UNIT]
    assert "staff" not in repr(numbers)


def test_export_lines_fit_the_schema_and_have_no_identity(office: Office) -> None:
    case_id = office.file(with_file=True)
    office.bring(case_id, Status.CLOSED)
    office.file(severity=5)
    rows = office.views.export(PEOPLE["officer"], CaseFilter())
    assert len(rows) == 2
    for row in rows:
        ExportedCase.model_validate(json.loads(json.dumps(row)))
    written = fold(json.dumps(rows, ensure_ascii=False))
    assert not [detail for detail in PLANTED if fold(detail) in written]
    assert len(office.views.export(PEOPLE["administrator"], CaseFilter())) == 1
    assert [e.action for e in audit(office) if "export" in e.action] == ["export", "export"]


def test_export_with_identity_needs_a_reason_and_is_audited_case_by_case(office: Office) -> None:
    case_id = office.file()
    with pytest.raises(Incomplete):
        office.views.export(PEOPLE["officer"], CaseFilter(), identity=True)
    (row,) = office.views.export(PEOPLE["officer"], CaseFilter(), identity=True, reason="bàn giao theo công văn")
    ExportedCase.model_validate(json.loads(json.dumps(row)))
    assert row["restricted"]["narrative_raw"] == STORY
    assert row["restricted"]["contact"]["phone"] == PHONE
    assert [(e.action, e.reason) for e in audit(office, case_id)] == [("reveal", "bàn giao theo công văn")]
    assert office.views.export(PEOPLE["insider"], CaseFilter(), identity=True, reason="tò mò thôi mà") == []


def test_spreadsheet_has_no_story_even_of_rows_with_identity(office: Office) -> None:
    office.file(channel="=cmd|'/c calc'!A1")
    rows = office.views.export(PEOPLE["officer"], CaseFilter(), identity=True, reason="kiểm thử bảng tính")
    book = openpyxl.load_workbook(io.BytesIO(spreadsheet(rows, str, str)))
    cells = [str(cell.value) for line in book.active.iter_rows() for cell in line]
    assert rows[0]["number"] in cells
    written = fold(" ".join(cells))
    assert not [detail for detail in PLANTED if fold(detail) in written]
    assert "'=cmd|'/c calc'!A1" in cells


def test_retry_makes_what_was_refused_due_for_any_case(office: Office) -> None:
    case_id = office.file(severity=5)
    number = office.case(case_id).number
    with office.store() as unit:
        row = unit.outbox.claim("w", START, 60)
        assert row is not None
        unit.outbox.refused(row.id, "thiếu trường", START)
        unit.commit()
    with pytest.raises(NotPermitted):
        office.desk.retry(PEOPLE["operator"], number)
    assert office.desk.retry(PEOPLE["administrator"], number) == 1
    assert office.desk.retry(Principal("adm2", "Khác", Role.ADMINISTRATOR), number) == 1
    with office.store() as unit:
        assert unit.outbox.counts()["refused"] == 0
    with pytest.raises(UnknownCase):
        office.desk.retry(PEOPLE["administrator"], "PA-0000-0000")
