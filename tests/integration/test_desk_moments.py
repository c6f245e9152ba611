"""What a unit learns of times, of what it does not see, and of files: days and its own things alone."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.core.cases.lifecycle import Verb
from bot.core.cases.record import Contact
from bot.core.cases.state import Status
from channels.desk import PREFIX
from tests.databases import sqlite_store
from tests.integration.desk_client import OTHER_UNIT, PEOPLE, START, UNIT, Office, open_office, picture
from tests.integration.web_client import problem_of


@pytest.fixture
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder = tmp_path_factory.mktemp("moments")
    store = sqlite_store(folder)
    yield open_office(store)
    store.close()


def assigned(office: Office, count: int, unit: str = UNIT) -> list[str]:
    made = []
    for _ in range(count):
        office.clock.time += timedelta(minutes=7, seconds=13)
        made.append(office.file())
        office.bring(made[-1], Status.ASSIGNED, unit=unit)
    return made


async def listed(office: Office, who: str, **given: Any) -> dict[str, Any]:
    async with office.client(who) as client:
        answer = await client.get(f"{PREFIX}/cases", params=given)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def test_unit_pages_without_learning_a_moment(office: Office) -> None:
    made = assigned(office, 5)
    found: list[str] = []
    given: dict[str, Any] = {"limit": 2}
    while True:
        page = await listed(office, "unit", **given)
        assert "02:" not in str(page)
        found += [case["id"] for case in page["cases"]]
        if "before" not in page:
            break
        assert page["before"] == f"after:{page['cases'][-1]['id']}"
        given["before"] = page["before"]
    assert found == made[::-1]
    # Others page by moments, as before.
    page = await listed(office, "officer", limit=2)
    assert datetime.fromisoformat(page["before"]) > START
    assert len((await listed(office, "officer", limit=9, before=page["before"]))["cases"]) == 3


async def test_unit_that_asks_by_moments_is_answered_by_days(office: Office) -> None:
    assigned(office, 3)
    morning, evening = "2026-11-23T00:10:00+07:00", "2026-11-23T23:50:00+07:00"
    for at in (morning, "2026-11-23T09:10:00+07:00", evening):
        assert len((await listed(office, "unit", received_from=at))["cases"]) == 3
        assert len((await listed(office, "unit", received_to=at))["cases"]) == 0
        assert len((await listed(office, "unit", before=at))["cases"]) == 0
    assert len((await listed(office, "unit", received_from="2026-11-24T00:00:00+07:00"))["cases"]) == 0
    assert len((await listed(office, "unit", received_to="2026-11-24T00:00:00+07:00"))["cases"]) == 3
    assert len((await listed(office, "officer", received_from=evening))["cases"]) == 0


async def test_end_of_a_page_that_is_none_of_the_units_is_refused(office: Office) -> None:
    (foreign,) = assigned(office, 1, OTHER_UNIT)
    async with office.client("unit") as client:
        for end in (foreign, "no-case"):
            told = problem_of(await client.get(f"{PREFIX}/cases", params={"before": f"after:{end}"}), 404)
            assert foreign not in str(told)
        for odd in ("yesterday", "after:", "after:a b"):
            problem_of(await client.get(f"{PREFIX}/cases", params={"before": odd}), 422)


async def test_timeline_of_a_unit_does_not_tell_how_much_it_does_not_see(office: Office) -> None:
    (case_id,) = assigned(office, 1)
    with office.store() as unit:
        for at in range(3):
            unit.cases.change(case_id, "added", "citizen", office.clock.now(), {"text": f"thêm {at}"})
        unit.commit()
    office.act("unit", case_id, Verb.REPLY, text="Đã làm việc.")
    for who, numbers in (("unit", [1, 2]), ("citizen", [1, 2, 3, 4, 5]), ("officer", [1, 2, 3, 4, 5, 6, 7])):
        async with office.client(who) as client:
            entries = (await client.get(f"{PREFIX}/cases/{case_id}/timeline")).json()
        assert [entry["sequence"] for entry in entries] == numbers, who


async def test_size_that_a_unit_is_told_is_that_of_the_copy(office: Office) -> None:
    case_id = office.file(with_file=True)
    office.bring(case_id, Status.ASSIGNED, files=office.case(case_id).record.attachments)
    for who, size in (("unit", len(picture())), ("officer", 70)):
        async with office.client(who) as client:
            (file,) = (await client.get(f"{PREFIX}/cases/{case_id}/files")).json()
        assert file["size"] == size, who


def test_contacts_of_cases_that_one_may_not_know_of_are_not_counted(office: Office) -> None:
    office.file("conversation-1", contact=Contact("A", "0911111111"))
    office.file("conversation-2", contact=Contact("B", "0922222222"), severity=5)
    office.file("conversation-3", contact=Contact("C", "0933333333"), staff="chị Hồ Ngọc Đại")
    since = START - timedelta(days=1)
    for who, cases, contacts in (("supervisor", 3, 3), ("administrator", 1, 1)):
        (numbers,) = office.views.numbers(PEOPLE[who], since).units
        assert (numbers.cases, numbers.contacts) == (cases, contacts), who
