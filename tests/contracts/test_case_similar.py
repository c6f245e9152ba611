"""What bot.core.cases.ports.CaseRepository promises of cases about the same matter, on both databases."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.core.cases.record import Contact, Filing
from bot.core.cases.state import Status
from bot.core.ports import UnitOfWorkFactory
from bot.core.story import DeskKind, Identity
from bot.store import Store
from tests.contracts.case_steps import case, change, file, filing
from tests.contracts.steps import NOW, at, start

OTHER = Contact("Lê Văn Tư", "0987654321")
DAY = date(2026, 11, 18)


@pytest.fixture
def units(store: Store) -> UnitOfWorkFactory:
    start(store, "c", "d", "e")
    return store


def similar(units: UnitOfWorkFactory, wanted: Filing) -> tuple[list[str], list[str]]:
    with units() as unit:
        return unit.cases.similar(wanted)


def test_the_same_person_is_known_by_conversation_or_contact(units: UnitOfWorkFactory) -> None:
    file(units, "by-conversation", 1, "c", contact=Contact(), received_at=at(0))
    file(units, "by-phone", 2, "d", contact=Contact(None, "+84 912-345.678"), received_at=at(1))
    file(units, "by-email", 3, "e", contact=Contact("X", None, " hanh.nguyen@EXAMPLE.vn "), received_at=at(2))
    file(units, "stranger", 4, "e", contact=OTHER, received_at=at(3))
    assert similar(units, filing("new", 9, "c")) == (["by-conversation", "by-phone", "by-email"], ["stranger"])
    assert similar(units, filing("new", 9, "d", contact=OTHER)) == (
        ["by-phone", "stranger"],
        ["by-conversation", "by-email"],
    )


def test_a_contact_that_is_missing_is_nobodys(units: UnitOfWorkFactory) -> None:
    file(units, "a", 1, "c", contact=Contact())
    file(units, "b", 2, "d", identity=Identity.ANONYMOUS)
    assert similar(units, filing("new", 9, "e", contact=Contact())) == ([], ["a", "b"])
    assert similar(units, filing("new", 9, "e")) == ([], ["a", "b"])
    assert similar(units, filing("new", 9, "e", identity=Identity.ANONYMOUS)) == ([], ["a", "b"])


def test_another_unit_day_or_desk_is_another_matter(units: UnitOfWorkFactory) -> None:
    file(units, "unit", 1, "c", unit="PX-LANG")
    file(units, "day", 2, "c", event_date=DAY + timedelta(days=1))
    file(units, "desk", 3, "d", contact=OTHER, desk=DeskKind.LEADER)
    file(units, "no-day", 4, "c", event_date=None)
    file(units, "no-unit", 5, "c", unit=None)
    assert similar(units, filing("new", 9, "c")) == ([], [])
    assert similar(units, filing("new", 9, "d", desk=DeskKind.SPECIALIST)) == (["desk"], [])
    assert similar(units, filing("new", 9, "c", event_date=None)) == ([], [])
    assert similar(units, filing("new", 9, "c", unit=None)) == ([], [])


def test_the_filing_itself_its_links_and_withdrawn_cases_are_left_out(units: UnitOfWorkFactory) -> None:
    file(units, "a", 1)
    file(units, "linked", 2)
    file(units, "withdrawn", 3)
    file(units, "kept", 4)
    change(units, "withdrawn", "withdrawn", "citizen", status=Status.WITHDRAWN)
    assert similar(units, replace(filing("a", 1), related=("linked",))) == (["kept"], [])


def test_cases_are_marked_as_a_cluster(units: UnitOfWorkFactory) -> None:
    for serial, name in enumerate(("a", "b", "x")):
        file(units, name, serial)
    with units() as unit:
        unit.cases.set_cluster(["b", "a", "b"], "a")
        unit.commit()
    assert [case(units, name).cluster for name in ("a", "b", "x")] == ["a", "a", None]
    assert case(units, "a").number != case(units, "b").number


def test_contacts_are_counted_once_and_spam_not_at_all(units: UnitOfWorkFactory) -> None:
    file(units, "a", 1, "c", received_at=at(0))
    file(units, "b", 2, "d", received_at=at(10), contact=Contact("H.", "0912.345.678"))
    file(units, "d", 3, "e", received_at=at(20), contact=OTHER)
    file(units, "e", 4, "e", received_at=at(30), contact=Contact())
    file(units, "f", 5, "e", received_at=at(40), contact=Contact(None, "0900000001"))
    file(units, "g", 6, "e", received_at=at(50), unit="PX-LANG")
    change(units, "f", "parked", status=Status.PARKED)
    with units() as unit:
        assert unit.cases.contact_counts("PX-CAUGIAY", NOW) == (4, 2)
        assert unit.cases.contact_counts("PX-CAUGIAY", at(20)) == (2, 1)
        assert unit.cases.contact_counts("nowhere", NOW) == (0, 0)
