"""What one person alone cannot do to a case: set it aside, take it from an inspection, leave it lying."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.core.cases.lifecycle import Incomplete, Verb
from bot.core.cases.state import Finding, Status
from bot.core.errors import CaseConflict, NotPermitted
from bot.store import Store
from tests.integration.desk_client import PEOPLE, Office, answer_fields, kinds, open_office, reopen

SPAM = {"reason": "nghi thư rác"}


@pytest.fixture
def office(store: Store) -> Office:
    return open_office(store)


def test_officer_asks_for_parking_and_a_second_one_does_it(office: Office) -> None:
    case_id = office.file()
    due = office.case(case_id).due_on
    office.act("officer", case_id, Verb.PARK, **SPAM)
    case = office.case(case_id)
    assert (case.status, case.due_on) == (Status.RECEIVED, due)
    with pytest.raises(CaseConflict):
        office.act("officer", case_id, Verb.PARK, **SPAM)
    office.act("officer2", case_id, Verb.PARK, **SPAM)
    case = office.case(case_id)
    assert (case.status, case.due_on) == (Status.PARKED, None)
    assert kinds(office, case_id) == ["filed", "park_asked", "park"]
    with office.store() as unit:
        assert not [each for each in unit.audit.mismatches() if each.subject == case_id]


def test_what_was_asked_before_it_was_taken_back_does_not_count(office: Office) -> None:
    case_id = office.file()
    office.act("officer", case_id, Verb.PARK, **SPAM)
    office.act("supervisor", case_id, Verb.PARK, **SPAM)
    office.act("officer2", case_id, Verb.UNPARK, reason="không phải thư rác")
    office.act("officer2", case_id, Verb.PARK, **SPAM)
    assert office.case(case_id).status is Status.RECEIVED


def test_case_that_was_asked_to_be_parked_rises_as_before(office: Office) -> None:
    case_id = office.file()
    office.act("officer", case_id, Verb.PARK, **SPAM)
    office.clock.time += timedelta(days=4)
    assert [(each.case.id, each.why) for each in office.desk.rise()] == [(case_id, "unreleased")]


def test_parked_case_rises_after_days_until_the_supervisor_looks_again(office: Office) -> None:
    case_id = office.file()
    office.bring(case_id, Status.PARKED)  # on Monday the 23rd
    office.clock.time = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)  # the 24th is a holiday
    assert office.desk.rise() == []
    office.clock.time += timedelta(days=1)
    assert [(each.case.id, each.why) for each in office.desk.rise()] == [(case_id, "parked")]
    assert [each.case.id for each in office.desk.overdue(PEOPLE["officer2"])] == [case_id]
    assert not office.desk.overdue(PEOPLE["insider"])
    with pytest.raises(CaseConflict):
        office.act("officer", case_id, Verb.PARK, **SPAM)
    office.act("supervisor", case_id, Verb.PARK, **SPAM)
    assert office.desk.rise() == []
    office.clock.time += timedelta(days=9)
    assert len(office.desk.rise()) == 1


def test_reopened_case_is_never_parked(office: Office) -> None:
    case_id = office.file()
    office.bring(case_id, Status.CLOSED)
    reopen(office, case_id)
    for who in ("officer", "officer2", "supervisor"):
        with pytest.raises(CaseConflict):
            office.act(who, case_id, Verb.PARK, **SPAM)
    assert office.case(case_id).status is Status.RECEIVED


def test_parked_case_has_no_due_day_until_it_is_taken_back(office: Office) -> None:
    waiting = office.file()
    office.bring(waiting, Status.PARKED)
    assert office.case(waiting).due_on is None
    office.act("officer", waiting, Verb.UNPARK, reason="không phải thư rác")
    assert office.case(waiting).due_on is not None


def test_officer_does_not_take_a_case_from_the_inspection_team(office: Office) -> None:
    case_id = office.file()
    office.bring(case_id, Status.INSPECTION)
    for who in ("officer", "officer2", "administrator"):
        with pytest.raises(NotPermitted):
            office.act(who, case_id, Verb.ASSIGN, person="of2")
    assert office.case(case_id).status is Status.INSPECTION
    office.act("supervisor", case_id, Verb.ASSIGN, person="of2")


def test_findings_are_needed_from_whatever_state_the_answer_is_written(office: Office) -> None:
    case_id = office.file()
    office.bring(case_id, Status.INSPECTION)
    office.act("supervisor", case_id, Verb.ASSIGN, person="of2")
    for text in ("Kết luận.", "Kết luận khác."):
        with pytest.raises(CaseConflict):
            office.act("officer2", case_id, Verb.ANSWER, **answer_fields(text=text))
    assert office.case(case_id).answer is None
    office.act("officer", case_id, Verb.INSPECT, reason="để đoàn ghi kết quả", team="Đoàn 1")
    office.act("officer", case_id, Verb.FINDINGS, text="Đã làm rõ.", document="BB 1")
    office.act("officer", case_id, Verb.ANSWER, **answer_fields())


def test_referring_elsewhere_is_no_way_round_the_findings(office: Office) -> None:
    case_id = office.file()
    office.bring(case_id, Status.INSPECTION)
    fields = {name: value for name, value in answer_fields().items() if name != "finding"}
    office.act("officer", case_id, Verb.REFER, body="Thanh tra thành phố", **fields)
    with pytest.raises(CaseConflict):
        office.act("officer", case_id, Verb.ANSWER, **answer_fields())
    office.act("officer2", case_id, Verb.PUBLISH)
    office.act("officer2", case_id, Verb.CLOSE)
    with pytest.raises(CaseConflict):
        office.act("officer", case_id, Verb.CORRECT, note="Sửa kết luận.", **answer_fields())
    elsewhere = answer_fields(finding=Finding.NOT_OURS)
    office.act("officer", case_id, Verb.CORRECT, note="Sửa nơi nhận.", **elsewhere)


def test_case_that_was_never_inspected_needs_no_findings(office: Office) -> None:
    case_id = office.file()
    office.bring(case_id, Status.ASSIGNED)
    office.act("officer", case_id, Verb.ASSIGN, person="of2")
    office.act("officer2", case_id, Verb.ANSWER, **answer_fields())
    assert office.case(case_id).status is Status.ANSWERED


def test_case_of_somebody_whose_account_is_closed_rises(office: Office) -> None:
    case_id, other, done = office.file(), office.file(), office.file()
    for each, person in ((case_id, "of2"), (other, "of1"), (done, "of2")):
        office.bring(each, Status.RELEASED)
        office.act("supervisor", each, Verb.ASSIGN, person=person)
    office.act("officer2", done, Verb.ANSWER, **answer_fields())
    assert office.desk.rise() == []
    with office.store() as unit:
        unit.principals.deactivate("of2", office.clock.now())
        unit.commit()
    assert [(each.case.id, each.why) for each in office.desk.rise()] == [(case_id, "left")]
    number = office.case(case_id).number
    assert office.desk.left_by(PEOPLE["administrator"], "of2") == [number]
    assert office.desk.left_by(PEOPLE["insider"], "of2") == []
    with office.store() as unit:
        assert [task.case_id for task in unit.tasks.open()] == [case_id]
    office.act("supervisor", case_id, Verb.ASSIGN, person="of1")
    assert office.desk.rise() == []


@pytest.mark.parametrize("blank", ["\u200b", "\u3164" * 9, ".", "…!?", "a b", " \n "])
@pytest.mark.parametrize("part", ["text", "reason", "document", "remedy"])
def test_answer_that_says_nothing_is_refused(office: Office, blank: str, part: str) -> None:
    case_id = office.file()
    office.bring(case_id, Status.EXPLAINED)
    with pytest.raises(Incomplete) as refused:
        office.act("officer", case_id, Verb.ANSWER, **answer_fields(**{part: blank}))
    assert refused.value.missing == (part,)
    with pytest.raises(Incomplete):
        office.desk.reveal(PEOPLE["officer"], case_id, blank)


@pytest.mark.parametrize("short", ["Có.1", "12/", "số 5", "đã xem"])
def test_short_text_that_says_something_is_enough(office: Office, short: str) -> None:
    case_id = office.file()
    office.bring(case_id, Status.EXPLAINED)
    office.act("officer", case_id, Verb.ANSWER, **answer_fields(document=short + " 7"))
    assert office.case(case_id).status is Status.ANSWERED
