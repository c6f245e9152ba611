"""Who could be told from the register, and what stays in it while something new is written."""

from typing import Any

import pytest

from bot.core.cases.lifecycle import Verb
from bot.core.cases.record import Contact
from bot.core.cases.state import Status
from tests.integration.desk_client import ANSWER, UNIT, Office, answer_fields, file_by, reopen
from tests.integration.test_register import later, office, read

__all__ = ["office"]


async def test_correction_that_is_never_approved_is_never_seen(office: Office) -> None:
    case_id = office.file()
    office.bring(case_id, Status.CLOSED)
    for text in ("Hoàn toàn sai.", "Không có gì cả."):
        verb, note = (Verb.CORRECT, {"note": "Sửa."}) if text[0] == "H" else (Verb.ANSWER, {})
        office.act("officer", case_id, verb, **note, **answer_fields(text=text))
        later(office)
        (entry,) = (await read(office))["entries"]
        assert (entry["text"], entry["corrections"]) == (ANSWER["text"], [])


async def test_reopened_case_that_is_withdrawn_or_whose_answer_was_never_given_is_not_there(office: Office) -> None:
    case_id, waiting = office.file(), office.file()
    office.bring(case_id, Status.CLOSED)
    office.bring(waiting, Status.ANSWERED)
    office.act("officer2", waiting, Verb.PUBLISH)
    reopen(office, case_id)
    with office.store() as unit:
        unit.cases.change(case_id, "withdrawn", "citizen", office.clock.now(), status=Status.WITHDRAWN)
        unit.commit()
    assert (await read(office))["total"] == 0


async def test_lone_behaviour_among_many_is_not_told_by_desk_and_day(office: Office) -> None:
    for at in range(6):
        office.bring(file_by(office, at), Status.CLOSED)
    office.bring(file_by(office, 9, behaviours=("HS-DILAI",)), Status.CLOSED)
    (lone,) = (await read(office, code="HS-DILAI", unit=UNIT))["entries"]
    assert (lone["desk"], lone["event_date"]) == (None, None)
    others = (await read(office, code="TD-XUCPHAM", unit=UNIT))["entries"]
    assert {(e["desk"], e["event_date"]) for e in others} == {("one_stop", "2026-11-18")}
    assert "people" not in lone


@pytest.mark.parametrize(
    "same",
    [
        {"conversation": "conversation-1"},
        {"contact": Contact("Ai đó", "0912 345 678")},
        {"contact": Contact("Ai đó", None, "Ai@Example.vn ")},
    ],
)
async def test_one_person_who_files_five_times_is_one(office: Office, same: dict[str, Any]) -> None:
    for at in range(5):
        office.bring(file_by(office, at, **same), Status.CLOSED)
    assert {(e["desk"], e["event_date"]) for e in (await read(office))["entries"]} == {(None, None)}


async def test_story_of_a_child_has_neither_desk_nor_day(office: Office) -> None:
    for at in range(5):
        office.bring(file_by(office, at, child=True), Status.CLOSED)
    assert {(e["desk"], e["event_date"]) for e in (await read(office))["entries"]} == {(None, None)}


async def test_restricted_case_is_never_in_the_register(office: Office) -> None:
    case_id = office.file(severity=5)
    office.act("officer", case_id, Verb.RELEASE, reason="đã xem")
    office.act("officer", case_id, Verb.ANSWER, **answer_fields())
    office.act("officer2", case_id, Verb.PUBLISH)
    office.act("officer2", case_id, Verb.CLOSE)
    assert (await read(office))["total"] == 0
