"""Who is named in what a citizen adds later loses the case from then on, on SQLite and PostgreSQL."""

import pytest

from bot.core.cases.state import CaseFilter
from bot.core.errors import UnknownCase
from bot.store import Store
from tests.integration.desk_client import PEOPLE, Office, open_office


@pytest.fixture
def office(store: Store) -> Office:
    return open_office(store)


def add(office: Office, case_id: str, text: str) -> None:
    with office.store() as unit:
        unit.cases.change(case_id, "added", "citizen", office.clock.now(), {"text": text, "raw": text})
        unit.commit()


def test_officer_who_is_named_later_sees_the_case_no_more(office: Office) -> None:
    case_id, other = office.file(), office.file()
    add(office, case_id, "Bổ sung: còn có hai người nữa chờ cùng.")
    assert office.views.case(PEOPLE["officer2"], case_id)
    add(office, case_id, "Bổ sung: người quát tôi tên là Lý Thu Hà.")
    add(office, other, "Bổ sung: hôm ấy là thứ ba.")
    assert office.case(case_id).additions == (
        "Bổ sung: còn có hai người nữa chờ cùng.",
        "Bổ sung: người quát tôi tên là Lý Thu Hà.",
    )
    with pytest.raises(UnknownCase):
        office.views.case(PEOPLE["officer2"], case_id)
    for who, seen in (("officer2", {other}), ("officer", {case_id, other})):
        page = office.views.cases(PEOPLE[who], CaseFilter())
        assert {case.id for case in page.cases} == seen


def test_complaint_of_the_hotline_told_later_is_taken_from_it(office: Office) -> None:
    case_id = office.file(unit=None, staff=None)
    assert office.views.case(PEOPLE["officer2"], case_id).narrative
    add(office, case_id, "Tôi nói về tổng đài viên của đường dây này.")
    with pytest.raises(UnknownCase):
        office.views.case(PEOPLE["officer2"], case_id)
    assert office.views.case(PEOPLE["supervisor"], case_id).narrative is None
