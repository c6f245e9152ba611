"""What may stand in an answer, and what of an old answer is shown to whom: through the API."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from actions.cases.status import CaseStatus
from bot.core.cases.record import Contact
from bot.core.cases.state import Answer, Finding, Status
from channels.desk import PREFIX
from tests.databases import sqlite_store
from tests.integration.desk_client import ANSWER, CITIZEN_NAME, PHONE, PHRASES, STAFF, Office, open_office
from tests.integration.web_client import problem_of

ANONYMOUS: dict[str, Any] = {
    "narrative": "Tôi là Đinh Thị Thu Hằng, số nhà 7 ngõ 12 Trần Duy Hưng, bị quát ở quầy.",
    "narrative_raw": "Tôi là Đinh Thị Thu Hằng, số nhà 7 ngõ 12 Trần Duy Hưng, bị quát ở quầy.",
    "contact": Contact(),
    "staff": None,
}


@pytest.fixture
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder = tmp_path_factory.mktemp("answers")
    store = sqlite_store(folder)
    yield open_office(store)
    store.close()


@pytest.mark.parametrize("part", ["text", "reason", "document", "remedy"])
@pytest.mark.parametrize("words", ["Bà Đinh Thị Thu Hằng đã nhận.", "Đã đến số nhà 7 ngõ 12.", "Bà Hằng đã nhận."])
async def test_what_the_story_names_is_in_no_answer(office: Office, part: str, words: str) -> None:
    case_id = office.file(**ANONYMOUS)
    office.bring(case_id, Status.EXPLAINED)
    async with office.client("officer") as client:
        for confirmed in (False, True):
            body = {**ANSWER, part: words, "confirmed": confirmed}
            told = problem_of(await client.post(f"{PREFIX}/cases/{case_id}/answer", json=body), 422)
            assert told["type"].endswith("names-somebody")
            assert "Hằng" not in str(told)
    assert office.case(case_id).answer is None


async def test_words_that_look_like_a_name_are_confirmed_to_be_none(office: Office) -> None:
    case_id = office.file(**ANONYMOUS)
    office.bring(case_id, Status.EXPLAINED)
    body = {**ANSWER, "reason": "Theo biên bản do đồng chí Trần Văn Bình lập."}
    url = f"{PREFIX}/cases/{case_id}/answer"
    async with office.client("officer") as client:
        told = problem_of(await client.post(url, json=body), 422)
        assert told["type"].endswith("may-name-somebody")
        assert "Trần Văn Bình" in str(told["errors"])
        assert (await client.post(url, json={**body, "confirmed": True})).status_code == 200
        assert (await client.post(url, json=ANSWER)).status_code == 200


async def test_name_that_was_added_later_is_in_no_answer(office: Office) -> None:
    case_id = office.file(**ANONYMOUS)
    with office.store() as unit:
        unit.cases.change(case_id, "added", "citizen", office.clock.now(), {"text": "Chồng tôi là Cao Bá Đạt."})
        unit.commit()
    office.bring(case_id, Status.EXPLAINED)
    async with office.client("officer") as client:
        body = {**ANSWER, "text": "Ông Cao Bá Đạt đã nhận kết quả."}
        told = problem_of(await client.post(f"{PREFIX}/cases/{case_id}/answer", json=body), 422)
    assert "Cao Bá Đạt" not in str(office.case(case_id).answer)
    assert told["type"].endswith("names-somebody")


async def test_document_of_an_older_answer_names_nobody_to_who_may_not_know(office: Office) -> None:
    case_id = office.file()
    office.bring(case_id, Status.CLOSED)
    named = f"Đơn của ông {CITIZEN_NAME}, nhà số 12 ngõ 45 Dịch Vọng, {PHONE}, về {STAFF}"
    old = Answer(Finding.TRUE, "Đúng.", "Theo báo cáo.", named, "Gửi đơn.")
    with office.store() as unit:
        unit.cases.change(case_id, "close", "of1", office.clock.now(), answer=old)
        unit.commit()
    for who in ("unit", "operator", "administrator"):
        async with office.client(who) as client:
            told = (await client.get(f"{PREFIX}/cases/{case_id}")).json()["answer"]["document"]
        for gone in (CITIZEN_NAME, "ngõ 45", PHONE, STAFF):
            assert gone not in told, who
    async with office.client("officer") as client:
        assert STAFF in (await client.get(f"{PREFIX}/cases/{case_id}")).json()["answer"]["document"]
    reply = CaseStatus(PHRASES).reply(office.case(case_id), None, date(2026, 11, 26))
    assert STAFF not in repr(reply)
    assert PHONE not in repr(reply)


async def test_ordinary_document_is_shown_as_it_is(office: Office) -> None:
    case_id = office.file()
    office.bring(case_id, Status.CLOSED)
    for who in ("unit", "operator", "officer", "citizen"):
        async with office.client(who) as client:
            assert (await client.get(f"{PREFIX}/cases/{case_id}")).json()["answer"]["document"] == "1234/SNV-VP"
    assert "1234/SNV-VP" in repr(CaseStatus(PHRASES).reply(replace(office.case(case_id)), None, date(2026, 11, 26)))
