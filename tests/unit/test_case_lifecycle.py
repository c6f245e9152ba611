"""The table of verbs: from which states, to which, with what, due when."""

from dataclasses import replace
from datetime import date

import pytest

from bot.core.calendar import WorkingCalendar
from bot.core.cases.deadlines import Deadlines
from bot.core.cases.lifecycle import (
    HANDLERS,
    OPEN,
    RULES,
    WRITES_ANSWER,
    Incomplete,
    Rising,
    Step,
    Verb,
    due_after,
    require_complete,
    rises,
)
from bot.core.cases.people import Role
from bot.core.cases.state import Finding, Status
from tests.unit.case_examples import case

DEADLINES = Deadlines.load(WorkingCalendar.load())
MONDAY, TUESDAY, FRIDAY = date(2026, 12, 7), date(2026, 12, 8), date(2026, 12, 11)
COMPLETE: dict[Verb, Step] = {
    Verb.RELEASE: Step(Verb.RELEASE, reason="đã xem"),
    Verb.ASSIGN: Step(Verb.ASSIGN, unit="HN-00004"),
    Verb.INSPECT: Step(Verb.INSPECT, team="Đoàn 1", reason="nghiêm trọng"),
    Verb.FINDINGS: Step(Verb.FINDINGS, text="đã làm rõ", document="BB 1"),
    Verb.REPLY: Step(Verb.REPLY, text="đã làm việc"),
    Verb.EXPLAIN: Step(Verb.EXPLAIN, text="tôi đã nóng"),
    Verb.SEND_BACK: Step(Verb.SEND_BACK, reason="thiếu căn cứ"),
    Verb.ANSWER: Step(Verb.ANSWER, "lý do", text="đúng", document="1/SNV", remedy="khiếu nại", finding=Finding.TRUE),
    Verb.REFER: Step(Verb.REFER, "lý do", text="hỏi nơi ấy", document="1/SNV", remedy="gửi đơn", body="Công an"),
    Verb.PUBLISH: Step(Verb.PUBLISH, answer_sequence=5),
    Verb.CLOSE: Step(Verb.CLOSE),
    Verb.CORRECT: Step(
        Verb.CORRECT, "lý do", "sửa ngày", "đúng", "1/SNV", remedy="khiếu nại", finding=Finding.PARTLY_TRUE
    ),
    Verb.PARK: Step(Verb.PARK, reason="thư rác"),
    Verb.UNPARK: Step(Verb.UNPARK, reason="không phải"),
}


def test_every_verb_has_its_row() -> None:
    assert len(RULES) > 10
    assert set(RULES) == set(Verb) == set(COMPLETE)


def test_ordinary_way_leads_from_received_to_closed() -> None:
    status = Status.RECEIVED
    for verb in (
        Verb.RELEASE,
        Verb.ASSIGN,
        Verb.REPLY,
        Verb.SEND_BACK,
        Verb.REPLY,
        Verb.ANSWER,
        Verb.PUBLISH,
        Verb.CLOSE,
    ):
        assert status in RULES[verb].before, f"{verb} from {status}"
        status = RULES[verb].after or status
    assert status is Status.CLOSED


def test_nothing_is_done_with_a_withdrawn_case() -> None:
    assert not [verb for verb, rule in RULES.items() if Status.WITHDRAWN in rule.before]


def test_closed_case_is_only_corrected_and_then_waits_for_its_second_person_again() -> None:
    assert [verb for verb, rule in RULES.items() if Status.CLOSED in rule.before] == [Verb.CORRECT]
    assert RULES[Verb.CORRECT].after is Status.ANSWERED


def test_every_state_that_waits_for_somebody_has_a_way_on() -> None:
    for status in OPEN | {Status.PARKED}:
        assert [verb for verb, rule in RULES.items() if status in rule.before and rule.after not in {None, status}]


def test_a_unit_replies_and_explains_and_does_nothing_else() -> None:
    assert {verb for verb, rule in RULES.items() if Role.UNIT in rule.roles} == {Verb.REPLY, Verb.EXPLAIN}
    assert all(rule.roles <= HANDLERS | {Role.UNIT} for rule in RULES.values())


@pytest.mark.parametrize("verb", list(Verb))
def test_step_with_everything_is_complete_and_without_any_one_thing_is_not(verb: Verb) -> None:
    whole = COMPLETE[verb]
    require_complete(whole)
    for name in RULES[verb].needs:
        for empty in (None,) if name == "finding" else ("", " \n"):
            with pytest.raises(Incomplete) as refused:
                require_complete(replace(whole, **{name: empty}))
            assert refused.value.missing == (name,)


def test_answer_needs_reason_document_and_remedy() -> None:
    assert {"reason", "document", "remedy"} <= set(RULES[Verb.ANSWER].needs)
    for verb in WRITES_ANSWER:
        with pytest.raises(Incomplete):
            replace(COMPLETE[verb], remedy="").answer()


def test_referring_answers_that_it_is_not_ours() -> None:
    assert COMPLETE[Verb.REFER].answer().finding is Finding.NOT_OURS
    with pytest.raises(Incomplete):
        COMPLETE[Verb.RELEASE].answer()


@pytest.mark.parametrize("given", [{}, {"unit": "HN-00004", "person": "lan"}])
def test_case_is_assigned_to_a_unit_or_to_a_person(given: dict[str, str]) -> None:
    with pytest.raises(Incomplete):
        require_complete(Step(Verb.ASSIGN, **given))


def test_text_without_end_is_refused() -> None:
    with pytest.raises(Incomplete):
        require_complete(Step(Verb.REPLY, text="a" * 8_001))


def test_entry_keeps_what_was_given_and_nothing_empty() -> None:
    assert Step(Verb.ASSIGN, unit="HN-1", note=" gấp ", files=("f",)).entry() == {
        "unit": "HN-1",
        "note": "gấp",
        "files": ["f"],
    }


def test_step_is_due_in_working_days_but_never_after_the_promised_day() -> None:
    # released on a Friday: to be assigned within 2 working days
    assert due_after(Verb.RELEASE, case(), MONDAY, FRIDAY, DEADLINES) == date(2026, 12, 15)
    # 10 working days after Monday the 7th the citizen is to hear: the 21st
    late = date(2026, 12, 18)
    assert due_after(Verb.ASSIGN, case(Status.RELEASED), MONDAY, late, DEADLINES) == date(2026, 12, 21)


def test_kind_without_a_promise_has_its_steps_dates() -> None:
    accused = case(Status.RELEASED, record={"input_type": "TO_CAO"})
    assert due_after(Verb.ASSIGN, accused, MONDAY, FRIDAY, DEADLINES) == date(2026, 12, 18)


@pytest.mark.parametrize("verb", [Verb.CLOSE, Verb.PARK])
def test_nothing_is_due_after_the_end(verb: Verb) -> None:
    assert due_after(verb, case(), MONDAY, TUESDAY, DEADLINES) is None


def test_explaining_leaves_the_deadline_as_it_is() -> None:
    assigned = case(Status.ASSIGNED, due_on=FRIDAY)
    assert due_after(Verb.EXPLAIN, assigned, MONDAY, TUESDAY, DEADLINES) == FRIDAY


def test_unreleased_case_rises_after_a_working_day_long_before_its_answer_is_due() -> None:
    assert rises(case(), MONDAY, TUESDAY, DEADLINES) is None
    assert rises(case(), MONDAY, date(2026, 12, 9), DEADLINES) == (Rising.UNRELEASED, TUESDAY)
    # over a weekend
    assert rises(case(), FRIDAY, date(2026, 12, 14), DEADLINES) is None
    assert rises(case(), FRIDAY, date(2026, 12, 15), DEADLINES) == (Rising.UNRELEASED, date(2026, 12, 14))


def test_overdue_case_rises_the_day_after_its_deadline() -> None:
    assigned = case(Status.ASSIGNED, due_on=TUESDAY)
    assert rises(assigned, MONDAY, TUESDAY, DEADLINES) is None
    assert rises(assigned, MONDAY, date(2026, 12, 9), DEADLINES) == (Rising.OVERDUE, TUESDAY)


@pytest.mark.parametrize("status", [Status.CLOSED, Status.WITHDRAWN, Status.PARKED])
def test_case_that_is_over_does_not_rise(status: Status) -> None:
    assert rises(case(status, due_on=TUESDAY), MONDAY, date(2027, 1, 29), DEADLINES) is None
