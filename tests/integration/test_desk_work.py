"""What people do with cases, on SQLite and PostgreSQL: in order, by two people, once, dated and audited."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from bot.core.cases.lifecycle import Incomplete, NamesSomebody, Step, Verb
from bot.core.cases.state import Status
from bot.core.errors import CaseConflict, CaseError, NotPermitted, UnknownCase
from bot.store import Store
from tests.integration.desk_client import (
    ANSWER,
    EMAIL,
    OTHER_UNIT,
    PEOPLE,
    PHONE,
    START,
    STORY,
    UNIT,
    Office,
    answer_fields,
    audit,
    kinds,
    open_office,
)


@pytest.fixture
def office(store: Store) -> Office:
    return open_office(store)


def test_case_from_release_to_closed_answer(office: Office) -> None:
    case_id = office.file()
    dues = []
    for who, verb, given in (
        ("officer", Verb.RELEASE, {"reason": "đã xem"}),
        ("officer", Verb.ASSIGN, {"unit": UNIT}),
        ("unit", Verb.REPLY, {"text": "Không có gì."}),
        ("officer", Verb.SEND_BACK, {"reason": "thiếu căn cứ và cách khắc phục"}),
        ("unit", Verb.EXPLAIN, {"text": "Người trực quầy giải trình: hôm đó rất đông."}),
        ("unit", Verb.REPLY, {"text": "Đã xin lỗi.", "reason": "Xem lại hình ảnh.", "remedy": "Bố trí lại quầy."}),
        ("officer", Verb.ANSWER, answer_fields()),
        ("supervisor", Verb.PUBLISH, {}),
        ("officer", Verb.CLOSE, {}),
    ):
        office.act(who, case_id, verb, **given)
        dues.append(office.case(case_id).due_on)
        office.clock.time += timedelta(hours=1)
    case = office.case(case_id)
    assert (case.status, case.published) == (Status.CLOSED, True)
    assert case.answer is not None
    assert case.answer.remedy == ANSWER["remedy"]
    assert kinds(office, case_id) == [
        "filed", "release", "assign", "reply", "send_back", "explain", "reply", "answer", "publish", "close",
    ]  # fmt: skip
    assert all(due and due <= date(2026, 12, 8) for due in dues)
    assert dues[0] < dues[1]  # type: ignore[operator]
    told = [(entry.principal, entry.role, entry.action) for entry in audit(office, case_id)]
    assert told[0] == ("of1", "complaint_officer", "release")
    assert told[-2:] == [("sup", "supervisor", "publish"), ("of1", "complaint_officer", "close")]
    assert len(told) == 9


def test_every_step_is_handed_over(office: Office) -> None:
    case_id = office.file()
    office.act("officer", case_id, Verb.RELEASE, reason="đã xem")
    with office.store() as unit:
        assert unit.outbox.counts()["waiting"] == 2  # the case, and its release


def test_audited_reasons_name_nobody(office: Office) -> None:
    case_id = office.file()
    office.act("officer", case_id, Verb.PARK, reason=f"Bích Ngọc gọi từ {PHONE}, nghi thư rác")
    entry = audit(office, case_id)[-1]
    assert entry.reason == "[tên] gọi từ [số điện thoại], nghi thư rác"


@pytest.mark.parametrize("missing", ["reason", "document", "remedy", "text", "finding"])
def test_answer_without_one_of_its_parts_is_refused(office: Office, missing: str) -> None:
    case_id = office.file()
    office.bring(case_id, Status.EXPLAINED)
    before = len(audit(office))
    with pytest.raises(Incomplete) as refused:
        office.act(
            "officer", case_id, Verb.ANSWER, **answer_fields(**{missing: None if missing == "finding" else " "})
        )
    assert refused.value.missing == (missing,)
    assert office.case(case_id).status is Status.EXPLAINED
    assert len(audit(office)) == before


@pytest.mark.parametrize(
    "words", [f"Đã xin lỗi bà Ngọc, {PHONE}.", "Ông Phạm Quốc Khánh bị nhắc nhở.", "Gọi 0987654321."]
)
@pytest.mark.parametrize("part", ["text", "reason", "remedy"])
def test_answer_that_names_somebody_is_refused(office: Office, words: str, part: str) -> None:
    case_id = office.file()
    office.bring(case_id, Status.EXPLAINED)
    with pytest.raises(NamesSomebody):
        office.act("officer", case_id, Verb.ANSWER, **answer_fields(**{part: words}))


def test_whoever_wrote_an_answer_does_not_approve_it(office: Office) -> None:
    case_id = office.file()
    office.bring(case_id, Status.ANSWERED)
    with pytest.raises(NotPermitted):
        office.act("officer", case_id, Verb.PUBLISH)
    with pytest.raises(CaseConflict):
        office.act("officer", case_id, Verb.CLOSE)
    office.act("officer2", case_id, Verb.PUBLISH)
    # Written anew by the one who approved: it waits for somebody else again.
    office.act("officer2", case_id, Verb.ANSWER, **answer_fields(text="Kết luận khác."))
    assert not office.case(case_id).published
    with pytest.raises(NotPermitted):
        office.act("officer2", case_id, Verb.PUBLISH)
    office.act("officer", case_id, Verb.PUBLISH)


def test_correction_waits_for_a_second_person_and_keeps_what_was_there(office: Office) -> None:
    case_id = office.file()
    office.bring(case_id, Status.CLOSED)
    office.act("officer2", case_id, Verb.CORRECT, note="Sửa kết luận.", **answer_fields(text="Đúng một phần."))
    assert (office.case(case_id).status, office.case(case_id).published) == (Status.ANSWERED, False)
    with pytest.raises(NotPermitted):
        office.act("officer2", case_id, Verb.PUBLISH)
    office.act("officer", case_id, Verb.PUBLISH)
    office.act("officer", case_id, Verb.CLOSE)
    with office.store() as unit:
        texts = [e.body["text"] for e in unit.cases.timeline(case_id) if e.kind in {"answer", "correct"}]
    assert texts == [ANSWER["text"], "Đúng một phần."]


def test_inspection_is_answered_only_with_its_findings(office: Office) -> None:
    case_id = office.file(severity=5)
    office.bring(case_id, Status.INSPECTION)
    with pytest.raises(CaseConflict):
        office.act("officer", case_id, Verb.ANSWER, **answer_fields())
    office.act("officer", case_id, Verb.FINDINGS, text="Đã làm rõ.", document="BB 1")
    office.act("officer", case_id, Verb.ANSWER, **answer_fields())


def test_referring_names_the_body_and_waits_for_the_second_person(office: Office) -> None:
    case_id = office.file()
    fields = {name: value for name, value in ANSWER.items() if name != "finding"}
    with pytest.raises(Incomplete):
        office.act("officer", case_id, Verb.REFER, **fields)
    office.act("officer", case_id, Verb.REFER, body="Công an thành phố Hà Nội", **fields)
    case = office.case(case_id)
    assert case.answer is not None
    assert (case.status, case.answer.finding.value) == (Status.ANSWERED, "khong_thuoc_tham_quyen")


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"unit": "HN-99999"}, Incomplete),
        ({"unit": "HN-CA"}, Incomplete),
        ({"person": "nobody"}, Incomplete),
        ({"person": "u1"}, Incomplete),
        ({"person": "ins"}, NotPermitted),
        ({"person": "nam"}, NotPermitted),
        ({"unit": UNIT, "files": ("no-file",)}, Incomplete),
    ],
)
def test_case_is_not_assigned_to_whom_it_must_not_go(
    office: Office, given: dict[str, Any], error: type[CaseError]
) -> None:
    case_id = office.file()
    office.bring(case_id, Status.RELEASED)
    with pytest.raises(error):
        office.act("officer", case_id, Verb.ASSIGN, **given)
    assert office.case(case_id).status is Status.RELEASED


def test_case_before_release_is_assigned_to_nobody(office: Office) -> None:
    case_id = office.file()
    with pytest.raises(CaseConflict):
        office.act("officer", case_id, Verb.ASSIGN, unit=UNIT)


def test_assigning_to_a_person_takes_it_from_the_unit(office: Office) -> None:
    case_id = office.file()
    office.bring(case_id, Status.ASSIGNED)
    office.views.case(PEOPLE["unit"], case_id)
    office.act("officer", case_id, Verb.ASSIGN, person="of2")
    with pytest.raises(UnknownCase):
        office.views.case(PEOPLE["unit"], case_id)
    assert office.case(case_id).assigned_to == "of2"


def both(first: Callable[[], None], second: Callable[[], None]) -> list[str]:
    """Run both at the same moment; give what each raised, or nothing."""
    barrier = threading.Barrier(2)

    def run(work: Callable[[], None]) -> str:
        barrier.wait()
        try:
            work()
        except CaseError as error:
            return type(error).__name__
        return ""

    with ThreadPoolExecutor(2) as pool:
        return sorted(pool.map(run, (first, second)))


@pytest.mark.parametrize("attempt", range(5))
def test_two_who_approve_at_once_approve_once(office: Office, attempt: int) -> None:
    case_id = office.file()
    office.bring(case_id, Status.ANSWERED)
    raised = both(
        lambda: office.act("officer2", case_id, Verb.PUBLISH), lambda: office.act("supervisor", case_id, Verb.PUBLISH)
    )
    assert raised == ["", "CaseConflict"]
    assert kinds(office, case_id).count("publish") == 1
    assert [entry.action for entry in audit(office, case_id)].count("publish") == 1


@pytest.mark.parametrize("attempt", range(5))
def test_answer_written_anew_at_that_moment_is_not_approved_by_its_writer(office: Office, attempt: int) -> None:
    """Whichever comes first: the answer that stands at the end is approved by nobody, or by who did not write it."""
    case_id = office.file()
    office.bring(case_id, Status.ANSWERED)
    both(
        lambda: office.act("officer2", case_id, Verb.ANSWER, **answer_fields(text="Kết luận khác.")),
        lambda: office.act("officer2", case_id, Verb.PUBLISH),
    )
    with office.store() as unit:
        writers = [e.actor for e in unit.cases.timeline(case_id) if e.kind == "answer"]
    assert writers == ["of1", "of2"]
    assert not office.case(case_id).published


@pytest.mark.parametrize("attempt", range(3))
def test_citizen_who_withdraws_while_an_officer_releases(office: Office, attempt: int) -> None:
    case_id = office.file()

    def withdraw() -> None:
        with office.store() as unit:
            unit.cases.change(
                case_id, "withdrawn", "citizen", START, expected=(Status.RECEIVED,), status=Status.WITHDRAWN
            )
            unit.commit()

    raised = both(withdraw, lambda: office.act("officer", case_id, Verb.RELEASE, reason="đã xem"))
    assert raised == ["", "CaseConflict"]
    assert office.case(case_id).status in {Status.WITHDRAWN, Status.RELEASED}


def test_opening_is_audited_and_revealing_needs_a_reason(office: Office) -> None:
    case_id = office.file()
    view = office.views.case(PEOPLE["officer"], case_id)
    assert view.contact == "số đuôi 678"
    assert PHONE not in repr(view)
    for reason in ("", "  ", "ab", "x" * 501):
        with pytest.raises(Incomplete):
            office.desk.reveal(PEOPLE["officer"], case_id, reason)
    opened = office.desk.reveal(PEOPLE["officer"], case_id, "gọi lại theo hẹn")
    assert (opened.narrative_raw, opened.contact.phone, opened.contact.email) == (STORY, PHONE, EMAIL)
    assert [(e.action, e.reason) for e in audit(office, case_id)] == [("open", ""), ("reveal", "gọi lại theo hẹn")]


def test_refused_attempt_is_audited_too(office: Office) -> None:
    case_id = office.file()
    for who, error in (("insider", UnknownCase), ("operator", NotPermitted)):
        with pytest.raises(error):
            office.desk.reveal(PEOPLE[who], case_id, "tò mò thôi mà")
    assert [(e.principal, e.action) for e in audit(office)] == [("ins", "refused:reveal"), ("op", "refused:reveal")]
    with pytest.raises(UnknownCase):
        office.views.case(PEOPLE["officer"], "no-case")
    assert len(audit(office)) == 2


def test_case_about_the_hotline_is_passed_on_by_its_supervisor(office: Office) -> None:
    case_id = office.file(unit="HN-SNV")
    for who in ("officer2", "administrator", "operator"):
        with pytest.raises(UnknownCase):
            office.views.case(PEOPLE[who], case_id)
    assert office.views.case(PEOPLE["supervisor"], case_id).narrative is None
    with pytest.raises(NotPermitted):
        office.act("supervisor", case_id, Verb.RELEASE, reason="tự xem")
    office.act("supervisor", case_id, Verb.INSPECT, team="Thanh tra thành phố", reason="về chính đường dây này")
    outside = replace(PEOPLE["officer"], unit=OTHER_UNIT)
    assert office.views.case(outside, case_id).staff


def test_incomplete_step_of_somebody_without_the_right_tells_nothing(office: Office) -> None:
    case_id = office.file()
    with pytest.raises(UnknownCase):
        office.desk.act(PEOPLE["insider"], case_id, Step(Verb.RELEASE))
