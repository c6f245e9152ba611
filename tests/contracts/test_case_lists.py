"""What bot.core.cases.ports.CaseRepository promises of lists, on both databases."""

from datetime import date

import pytest

from bot.core.cases.record import AccessClass
from bot.core.cases.state import CaseFilter, Status
from bot.core.ports import UnitOfWorkFactory
from bot.store import Store
from tests.contracts.case_steps import change, file
from tests.contracts.steps import at, start


@pytest.fixture
def units(store: Store) -> UnitOfWorkFactory:
    return store


def test_a_conversation_has_its_cases_latest_first(units: UnitOfWorkFactory) -> None:
    start(units, "c", "other")
    for serial, name in enumerate("abd"):
        file(units, name, serial, received_at=at(serial))
    file(units, "e", 9, "other")
    with units() as unit:
        assert [found.id for found in unit.cases.of_conversation("c")] == ["d", "b", "a"]


def test_lists_are_narrowed_and_paged(units: UnitOfWorkFactory) -> None:
    start(units)
    file(units, "a", 0, received_at=at(0))
    file(units, "b", 1, received_at=at(10), severity=5, behaviours=("PH-SACHNHIEU",))
    file(units, "d", 2, received_at=at(20), unit="PX-LANG", input_type="KIEN_NGHI", behaviours=())
    file(units, "e", 3, received_at=at(30), behaviours=("CB-CHAMTRE-KHAC",))
    change(units, "d", status=Status.ASSIGNED, assigned_unit="PX-CAUGIAY", due_on=date(2026, 11, 30))
    change(units, "e", status=Status.CLOSED)

    def ids(wanted: CaseFilter, limit: int = 10, before: float | None = None) -> list[str]:
        with units() as unit:
            found = unit.cases.list(wanted, limit, None if before is None else at(before))
        return [one.id for one in found]

    assert ids(CaseFilter()) == ["e", "d", "b", "a"]
    assert ids(CaseFilter(), 2) == ["e", "d"]
    assert ids(CaseFilter(), 2, 20) == ["b", "a"]
    assert ids(CaseFilter(status=(Status.ASSIGNED, Status.CLOSED))) == ["e", "d"]
    assert ids(CaseFilter(unit="PX-LANG")) == ["d"]
    assert ids(CaseFilter(assigned_unit="PX-CAUGIAY")) == ["d"]
    assert ids(CaseFilter(access=AccessClass.RESTRICTED)) == ["b"]
    assert ids(CaseFilter(behaviour="CB-CHAMTRE")) == ["a"], "a code is found whole, and not only as the main one"
    assert ids(CaseFilter(input_type="KIEN_NGHI")) == ["d"]
    assert ids(CaseFilter(overdue_on=date(2026, 12, 1))) == ["d"]
    assert ids(CaseFilter(overdue_on=date(2026, 12, 6))) == ["d", "b", "a"], "what is closed is not overdue"
    assert ids(CaseFilter(received_from=at(10), received_to=at(30))) == ["d", "b"]
    assert ids(CaseFilter(unit="PX-CAUGIAY", status=(Status.RECEIVED,)), 1) == ["b"]
