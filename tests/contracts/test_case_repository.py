"""What bot.core.cases.ports.CaseRepository promises of filing, reading and changing cases, on both databases."""

from dataclasses import replace
from datetime import date

import pytest

from bot.core.cases.record import AccessClass, Contact
from bot.core.cases.state import Answer, Finding, Status
from bot.core.errors import CaseConflict, NumberTaken, UnknownCase, UnknownConversation
from bot.core.ports import UnitOfWorkFactory
from bot.core.story import Identity
from bot.store import Store
from tests.contracts.case_steps import (
    RECORD,
    attach,
    attachment,
    case,
    change,
    file,
    filing,
    hand_out,
    handed_out,
    number_of,
    timeline,
)
from tests.contracts.steps import NOW, at, start, together

ANSWER = Answer(Finding.PARTLY_TRUE, "Đơn vị xin lỗi", "có ghi âm", "12/TB-UBND", "kiến nghị lên Sở")


@pytest.fixture
def units(store: Store) -> UnitOfWorkFactory:
    return store


def test_a_case_comes_back_as_it_was_filed(units: UnitOfWorkFactory) -> None:
    start(units)
    with units() as unit:
        assert unit.cases.file(replace(filing(), related=("b", "d")), NOW)
        unit.commit()
    found = case(units)
    assert found.record == RECORD
    assert (found.id, found.number, found.conversation_id) == ("a", number_of(1), "c")
    assert (found.status, found.access, found.due_on) == (Status.RECEIVED, AccessClass.NORMAL, date(2026, 12, 5))
    assert (found.created_at, found.updated_at, found.related) == (NOW, NOW, ("b", "d"))
    assert (found.assigned_unit, found.answer, found.score, found.backend_reference) == (None, None, None, None)
    assert not found.published
    assert not found.reopened
    assert [(e.sequence, e.kind, e.actor, e.at) for e in timeline(units)] == [(1, "filed", "citizen", NOW)]


def test_a_case_with_little_in_it_comes_back_too(units: UnitOfWorkFactory) -> None:
    start(units)
    bare = {
        "behaviours": (),
        "unit": None,
        "unit_former": None,
        "unit_options": (),
        "counter": None,
        "staff": None,
        "event_date": None,
        "event_time": None,
        "contact": Contact(),
        "consent": None,
    }
    assert file(units, **bare)
    assert case(units).record == replace(RECORD, **bare)


def test_filing_writes_what_is_handed_over_in_the_same_transaction(units: UnitOfWorkFactory) -> None:
    start(units)
    with units() as unit:
        unit.cases.file(filing(), NOW)  # not committed
    with units() as unit:
        assert unit.cases.by_number(number_of(1)) is None
        assert sum(unit.outbox.counts().values()) == 0
    file(units)
    row = handed_out(units)
    assert (row.case_id, row.kind, row.key, row.attempts, row.uncertain) == ("a", "case", "a", 0, False)
    assert (row.payload["number"], row.payload["restricted"]["narrative_raw"]) == (number_of(1), RECORD.narrative_raw)


def test_confirming_again_files_nothing_twice(units: UnitOfWorkFactory) -> None:
    start(units)
    assert file(units)
    assert not file(units, serial=2, severity=5)
    assert not file(units)
    assert (case(units).number, case(units).record) == (number_of(1), RECORD)
    assert len(timeline(units)) == 1
    with units() as unit:
        assert unit.outbox.counts()["waiting"] == 1


def test_a_case_confirmed_many_times_at_once_is_filed_once(units: UnitOfWorkFactory) -> None:
    start(units)
    filed = together(8, lambda job: file(units, serial=job))
    assert filed.count(True) == 1
    assert case(units).number == number_of(filed.index(True))
    assert len(timeline(units)) == 1
    with units() as unit:
        assert unit.outbox.counts()["waiting"] == 1


def test_a_taken_number_leaves_the_unit_usable(units: UnitOfWorkFactory) -> None:
    start(units)
    file(units, "a", 1)
    with units() as unit:
        unit.create_conversation("d", "web", NOW)
        with pytest.raises(NumberTaken):
            unit.cases.file(filing("b", 1), NOW)
        assert unit.cases.file(filing("b", 2), NOW)
        unit.commit()
    with units() as unit:
        assert unit.conversation_exists("d")
        assert unit.cases.by_number(number_of(2)) == "b"
        assert len(unit.cases.timeline("b")) == 1


def test_of_cases_that_race_for_a_number_one_gets_it(units: UnitOfWorkFactory) -> None:
    start(units)

    def take(job: int) -> bool:
        try:
            return file(units, f"case-{job}", 7)
        except NumberTaken:
            return False

    won = together(6, take)
    assert won.count(True) == 1
    with units() as unit:
        assert unit.cases.by_number(number_of(7)) == f"case-{won.index(True)}"


def test_what_is_not_known_is_named(units: UnitOfWorkFactory) -> None:
    start(units)
    with units() as unit:
        assert unit.cases.by_number("PA-0000-0000") is None
        assert unit.cases.of_conversation("c") == []
        for ask in (unit.cases.case, unit.cases.timeline):
            with pytest.raises(UnknownCase):
                ask("nothing")
        with pytest.raises(UnknownCase):
            unit.cases.change("nothing", "released", "lan", NOW, expected=[Status.RECEIVED])
        with pytest.raises(UnknownCase):
            unit.cases.check_secret("nothing", "K7MD-3XPA", NOW, max_tries=3, lock_seconds=60)
        with pytest.raises(UnknownCase):
            unit.cases.set_cluster(["nothing"], "x")
        with pytest.raises(UnknownCase):
            unit.outbox.requeue("nothing", NOW)
        with pytest.raises(UnknownConversation):
            unit.cases.file(filing(conversation="nobody"), NOW)
        with pytest.raises(UnknownConversation):
            unit.channel("nobody")
        assert unit.channel("c") == "web"


def test_of_an_anonymous_citizen_no_contact_is_kept(units: UnitOfWorkFactory) -> None:
    start(units)
    file(units, identity=Identity.ANONYMOUS)
    assert case(units).record.contact == Contact()
    assert case(units).record.narrative_raw == RECORD.narrative_raw
    with units() as unit:
        assert unit.cases.contact_counts("PX-CAUGIAY", NOW) == (1, 0)


def test_a_change_leaves_the_rest_as_it_is(units: UnitOfWorkFactory) -> None:
    start(units)
    file(units)
    change(units, status=Status.ASSIGNED, assigned_unit="PX-LANG", assigned_to="minh", due_on=date(2026, 12, 9))
    entry = change(units, "a", "answered", "minh", {"note": "xong"}, seconds=5, answer=ANSWER, status=Status.ANSWERED)
    assert (entry.sequence, entry.body, entry.at) == (3, {"note": "xong"}, at(5))
    change(units, "a", "closed", score=4, published=True, backend_state="đã xong", backend_reference="BE-9")
    found = case(units)
    assert (found.status, found.assigned_unit, found.assigned_to) == (Status.ANSWERED, "PX-LANG", "minh")
    assert (found.due_on, found.answer, found.published, found.score) == (date(2026, 12, 9), ANSWER, True, 4)
    assert (found.backend_state, found.backend_reference, found.updated_at) == ("đã xong", "BE-9", at(1))
    assert found.record == RECORD
    assert timeline(units)[2] == entry


def test_a_change_needs_an_expected_state(units: UnitOfWorkFactory) -> None:
    start(units)
    file(units)
    change(units, expected=[Status.RECEIVED], status=Status.RELEASED)
    with pytest.raises(CaseConflict):
        change(units, expected=[Status.RECEIVED, Status.PARKED], status=Status.WITHDRAWN)
    assert case(units).status is Status.RELEASED
    assert len(timeline(units)) == 2


def test_of_two_officers_who_race_one_is_told(units: UnitOfWorkFactory) -> None:
    start(units)
    file(units)

    def release(job: int) -> bool:
        try:
            change(
                units,
                actor=f"officer {job}",
                expected=[Status.RECEIVED],
                status=Status.ASSIGNED,
                assigned_to=f"officer {job}",
            )
        except CaseConflict:
            return False
        return True

    won = together(6, release)
    assert won.count(True) == 1
    assert case(units).assigned_to == f"officer {won.index(True)}"
    assert [entry.actor for entry in timeline(units)] == ["citizen", f"officer {won.index(True)}"]


def test_a_case_is_reopened_once(units: UnitOfWorkFactory) -> None:
    start(units)
    file(units)
    change(units, event="closed", status=Status.CLOSED)
    change(units, event="reopened", expected=[Status.CLOSED], status=Status.RECEIVED, reopened=True)
    change(units, event="closed", status=Status.CLOSED)
    with pytest.raises(CaseConflict):
        change(units, event="reopened", expected=[Status.CLOSED], status=Status.RECEIVED, reopened=True)
    assert (case(units).status, case(units).reopened) == (Status.CLOSED, True)


def test_entries_made_at_once_leave_no_gap(units: UnitOfWorkFactory) -> None:
    start(units)
    file(units)

    def add(job: int) -> int:
        kept = 0
        for number in range(6):
            with units() as unit:
                unit.cases.change("a", "added", f"{job}", NOW, {"n": number}, notify_backend=True)
                if number % 3:  # some roll back, and their numbers are given again
                    unit.commit()
                    kept += 1
        return kept

    assert sum(together(6, add)) == 24  # type: ignore[arg-type]
    assert [entry.sequence for entry in timeline(units)] == list(range(1, 26))
    with units() as unit:
        assert unit.outbox.counts()["waiting"] == 25


def test_the_backend_is_told_of_a_change_on_demand(units: UnitOfWorkFactory) -> None:
    start(units)
    file(units)
    attach(units, attachment("f1"), attachment("f2"))
    change(units, event="noted", body={"note": "riêng"})
    with units() as unit:
        unit.attachments.assign(["f2"], "a")
        unit.cases.change(
            "a", "added", "citizen", at(2), {"text": "thêm", "attachments": ["f2"]}, notify_backend=True
        )
        unit.commit()
    first = handed_out(units)
    assert first.kind == "case"
    with units() as unit:
        unit.outbox.delivered(first.id, {"reference": "BE-1"}, NOW)
        unit.commit()
    row = handed_out(units)
    assert (row.kind, row.key) == ("event", "a:3")
    assert {k: row.payload[k] for k in ("case_id", "sequence", "kind", "actor", "status")} == {
        "case_id": "a",
        "sequence": 3,
        "kind": "added",
        "actor": "citizen",
        "status": "received",
    }
    assert row.payload["body"] == {"text": "thêm", "attachments": ["f2"]}
    assert [file["id"] for file in row.payload["attachments"]] == ["f2"]
    assert hand_out(units) is None
