"""What bot.core.cases.ports.AuditLog promises, on both databases."""

import pytest

from bot.core.cases.office_ports import AuditEntry
from bot.core.ports import UnitOfWorkFactory
from bot.store import Store
from tests.contracts.steps import NOW, at, together


@pytest.fixture
def units(store: Store) -> UnitOfWorkFactory:
    return store


def append(units: UnitOfWorkFactory, subject: str = "a", reason: str = "gọi lại", seconds: float = 0) -> AuditEntry:
    with units() as unit:
        entry = unit.audit.append("lan", "complaint_officer", "case.open", subject, reason, at(seconds))
        unit.commit()
    return entry


def verified(units: UnitOfWorkFactory) -> int | None:
    with units() as unit:
        return unit.audit.verify()


def test_an_empty_log_is_whole(units: UnitOfWorkFactory) -> None:
    assert verified(units) is None
    with units() as unit:
        assert unit.audit.entries() == []


def test_entries_are_chained_and_come_back_in_order(units: UnitOfWorkFactory) -> None:
    written = [append(units, "ab"[n % 2], f"lý do {n}", n / 3) for n in range(5)]
    assert [entry.sequence for entry in written] == [1, 2, 3, 4, 5]
    assert len({entry.hash for entry in written}) == 5
    with units() as unit:
        assert unit.audit.entries() == written
        assert unit.audit.entries(2, 2) == written[2:4]
        assert unit.audit.entries(subject="b") == [written[1], written[3]]
        assert unit.audit.entries(after=2, subject="b") == [written[3]]
    assert verified(units) is None


def test_the_same_entry_twice_has_two_hashes(units: UnitOfWorkFactory) -> None:
    first, second = append(units), append(units)
    assert first.hash != second.hash


def test_personal_numbers_are_masked_in_reasons(units: UnitOfWorkFactory) -> None:
    assert append(units, reason="chị gọi 0912 345 678").reason == "chị gọi [số điện thoại]"
    assert verified(units) is None


def test_an_entry_is_kept_only_with_its_unit(units: UnitOfWorkFactory) -> None:
    append(units)
    with units() as unit:
        unit.audit.append("lan", "complaint_officer", "case.open", "a", "thử", NOW)
    assert append(units).sequence == 2
    assert verified(units) is None


def test_entries_appended_at_once_make_one_chain(units: UnitOfWorkFactory) -> None:
    def work(job: int) -> int:
        kept = 0
        for number in range(8):
            with units() as unit:
                unit.audit.append(f"p{job}", "auditor", "case.open", "a", f"{number}", NOW)
                assert unit.audit.verify() is None
                if number % 4:
                    unit.commit()
                    kept += 1
        return kept

    assert sum(together(6, work)) == 36  # type: ignore[arg-type]
    with units() as unit:
        assert [entry.sequence for entry in unit.audit.entries()] == list(range(1, 37))
    assert verified(units) is None


def test_the_log_can_be_verified_while_it_grows(units: UnitOfWorkFactory) -> None:
    def work(job: int) -> list[int | None]:
        if job == 0:
            return [verified(units) for _ in range(40)]
        for _ in range(15):
            append(units)
        return []

    checks, *_ = together(3, work)
    assert checks == [None] * 40
    with units() as unit:
        assert len(unit.audit.entries()) == 30
