"""The words that the console's pages ask for."""

import pytest

from bot.store import Store
from channels.console import PREFIX
from tests.integration.console_client import A_NUMBER, STAFF, Desk, open_desk
from tests.integration.web_client import problem_of


@pytest.fixture
def desk(store: Store) -> Desk:
    return open_desk(store)


async def test_names_and_who_may_be_given_work(desk: Desk) -> None:
    with desk.store() as unit:
        unit.principals.deactivate(STAFF["operator"].id, desk.clock.now())
        unit.commit()
    async with await desk.enter("officer") as client:
        found = (await client.get(f"{PREFIX}/directory")).json()
    assert found["units"][0] == {"id": "HN-00004", "name": "Phường Ba Đình", "ours": True}
    assert found["behaviours"] == {"TD-XUCPHAM": "xúc phạm"}
    assert found["kinds"] == {"TO_CAO": "Tố cáo"}
    assert [person["id"] for person in found["people"]] == [STAFF["supervisor"].id, STAFF["officer"].id]


@pytest.mark.parametrize("who", ["unit", "auditor"])
async def test_whoever_stands_outside_is_not_told_who_works_here(desk: Desk, who: str) -> None:
    async with await desk.enter(who) as client:
        answer = await client.get(f"{PREFIX}/directory")
    assert answer.json()["people"] == []
    assert STAFF["officer"].name not in answer.text


@pytest.mark.parametrize("typed", ["whole", "lower case", "without dashes", "bare"])
async def test_a_case_is_found_by_its_number_however_it_is_typed(desk: Desk, typed: str) -> None:
    bare, joined = A_NUMBER.removeprefix("PA-"), A_NUMBER.replace("-", "")
    written = {"whole": A_NUMBER, "lower case": A_NUMBER.lower(), "without dashes": joined, "bare": bare}
    async with await desk.enter("officer") as client:
        assert (await client.get(f"{PREFIX}/cases/{written[typed]}")).json() == {"id": "ma-phieu"}


@pytest.mark.parametrize(
    ("who", "number"),
    [("operator", A_NUMBER), ("unit", A_NUMBER), ("officer", "PA-0000-0001")],
    ids=["operator", "unit", "officer, no such case"],
)
async def test_what_one_may_not_know_of_is_not_there(desk: Desk, who: str, number: str) -> None:
    async with await desk.enter(who) as client:
        assert problem_of(await client.get(f"{PREFIX}/cases/{number}"), 404)["type"].endswith("case-unknown")
        problem_of(await client.get(f"{PREFIX}/cases/..%2f..%2fetc"), 404)
