"""What a second person approves is the answer that they read, on SQLite and PostgreSQL."""

import pytest

from bot.core.cases.lifecycle import Incomplete, Step, Verb
from bot.core.cases.state import Status
from bot.core.errors import CaseConflict
from bot.store import Store
from channels.desk import PREFIX
from tests.integration.desk_client import ANSWER, PEOPLE, Office, answer_fields, kinds, open_office
from tests.integration.web_client import problem_of


@pytest.fixture
def office(store: Store) -> Office:
    return open_office(store)


async def test_answer_written_anew_after_it_was_read_is_not_approved(office: Office) -> None:
    case_id = office.file()
    office.bring(case_id, Status.ANSWERED)
    url = f"{PREFIX}/cases/{case_id}"
    async with office.client("officer2") as second, office.client("officer") as first:
        read = (await second.get(url)).json()
        assert read["answer"]["text"] == ANSWER["text"]
        await first.post(f"{url}/answer", json={**ANSWER, "text": "Việc nêu trong phiếu không có thật."})
        told = problem_of(await second.post(f"{url}/publish", json={"answer_sequence": read["answer_sequence"]}), 409)
        assert told["type"].endswith("case-conflict")
        assert not office.case(case_id).published
        again = (await second.get(url)).json()
        assert again["answer_sequence"] == read["answer_sequence"] + 1
        approved = await second.post(f"{url}/publish", json={"answer_sequence": again["answer_sequence"]})
        assert approved.json()["published"]
    assert kinds(office, case_id).count("publish") == 1


async def test_approving_without_saying_what_is_refused(office: Office) -> None:
    case_id = office.file()
    office.bring(case_id, Status.ANSWERED)
    async with office.client("officer2") as client:
        for body in ({}, {"answer_sequence": 0}, {"answer_sequence": None}, {"answer_sequence": "ba"}):
            problem_of(await client.post(f"{PREFIX}/cases/{case_id}/publish", json=body), 422)
        for other in (1, 4, 6, 99):
            problem_of(await client.post(f"{PREFIX}/cases/{case_id}/publish", json={"answer_sequence": other}), 409)
    with pytest.raises(Incomplete):
        office.desk.act(PEOPLE["officer2"], case_id, Step(Verb.PUBLISH))
    assert not office.case(case_id).published


def test_correction_written_after_it_was_read_is_not_approved(office: Office) -> None:
    case_id = office.file()
    office.bring(case_id, Status.CLOSED)
    office.act("officer", case_id, Verb.CORRECT, note="Sửa kết luận.", **answer_fields(text="Đúng một phần."))
    seen = office.answer_sequence(case_id)
    office.act("officer", case_id, Verb.ANSWER, **answer_fields(text="Không đúng chút nào."))
    with pytest.raises(CaseConflict):
        office.act("officer2", case_id, Verb.PUBLISH, answer_sequence=seen)
    office.act("officer2", case_id, Verb.PUBLISH)


async def test_unit_auditor_and_citizen_are_not_told_what_approving_names(office: Office) -> None:
    case_id = office.file()
    office.bring(case_id, Status.CLOSED)
    for who in ("unit", "citizen", "auditor"):
        async with office.client(who) as client:
            assert "answer_sequence" not in (await client.get(f"{PREFIX}/cases/{case_id}")).json(), who
