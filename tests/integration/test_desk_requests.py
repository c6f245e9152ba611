"""What the desk's API asks of a request, on SQLite and PostgreSQL: tokens, limits, bodies."""

import json
from datetime import timedelta

import pytest

from bot.core.cases.state import Status
from bot.store import Store
from channels.desk import PREFIX, token_hash
from tests.integration.desk_client import (
    ANSWER,
    PEOPLE,
    REASON,
    START,
    Office,
    open_office,
)
from tests.integration.web_client import problem_of


@pytest.fixture
def office(store: Store) -> Office:
    return open_office(store)


async def test_tokens_expire_and_end_with_their_principal(office: Office) -> None:
    async with office.client("officer") as client:
        assert (await client.get(f"{PREFIX}/me")).json()["id"] == "of1"
        with office.store() as unit:
            unit.principals.deactivate("of1", START)
            unit.commit()
        problem_of(await client.get(f"{PREFIX}/me"), 401)
    office.clock.time += timedelta(days=91)
    async with office.client("supervisor") as client:
        problem_of(await client.get(f"{PREFIX}/me"), 401)


async def test_wrong_tokens_are_limited_but_colleagues_go_on_working(office: Office) -> None:
    async with office.client("officer") as officer, office.client() as guesser, office.client("supervisor") as new:
        assert (await officer.get(f"{PREFIX}/me")).status_code == 200
        for at in range(10):
            problem_of(await guesser.get(f"{PREFIX}/me", headers={"Authorization": f"Bearer wrong-{at}"}), 401)
        refused = await guesser.get(f"{PREFIX}/me", headers={"Authorization": "Bearer wrong"})
        problem_of(refused, 429)
        assert 0 < int(refused.headers["retry-after"]) <= 60
        assert (await officer.get(f"{PREFIX}/me")).status_code == 200
        # A right token is never held up by what others behind the same address do wrong.
        assert (await new.get(f"{PREFIX}/me")).status_code == 200
        problem_of(await guesser.get(f"{PREFIX}/me", headers={"Authorization": "Bearer wrong"}), 429)
        problem_of(await guesser.get(f"{PREFIX}/me", headers={"Authorization": f"Bearer {'x' * 300}"}), 429)
        office.clock.time += timedelta(seconds=61)
        assert (await new.get(f"{PREFIX}/me")).status_code == 200


async def test_a_token_that_is_right_no_more_counts_as_wrong(office: Office) -> None:
    async with office.client("officer") as officer, office.client("supervisor") as colleague:
        assert (await officer.get(f"{PREFIX}/me")).status_code == 200
        with office.store() as unit:
            unit.principals.deactivate("of1", START)
            unit.commit()
        for _ in range(10):
            problem_of(await officer.get(f"{PREFIX}/me"), 401)
        problem_of(await officer.get(f"{PREFIX}/me"), 429)
        assert (await colleague.get(f"{PREFIX}/me")).status_code == 200
        with office.store() as unit:
            unit.principals.activate("of1")
            unit.principals.add_token("of1", token_hash("new"), START + timedelta(days=1), START)
            unit.commit()
        problem_of(await officer.get(f"{PREFIX}/me"), 429)
        officer.headers["Authorization"] = "Bearer new"
        assert (await officer.get(f"{PREFIX}/me")).status_code == 200


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("/cases?before=0001-01-01T00:00:00%2B14:00", 0),
        ("/cases?before=9999-12-31T23:59:59-14:00", 1),
        ("/cases?received_from=0001-01-01T00:00:00%2B14:00", 1),
        ("/cases?received_from=9999-12-31T23:59:59-14:00", 0),
        ("/cases?received_to=0001-01-01T00:00:00%2B14:00", 0),
        ("/cases?received_to=9999-12-31T23:59:59-14:00", 1),
        ("/stats?since=0001-01-01T00:00:00%2B14:00", 1),
        ("/stats?since=9999-12-31T23:59:59-14:00", 0),
        ("/cases?before=0001-01-01T00:00:00Z", 0),
        ("/cases?received_from=2026-11-23T09:00:00%2B07:00", 1),
    ],
)
async def test_moments_at_the_ends_of_time_are_answered(office: Office, query: str, found: int) -> None:
    office.file()
    async with office.client("officer2") as client:
        answer = await client.get(f"{PREFIX}{query}")
    assert answer.status_code == 200, answer.text
    cases = answer.json()["cases"]
    assert (cases if isinstance(cases, int) else len(cases)) == found


async def test_bodies_are_checked_and_problems_repeat_nothing(office: Office) -> None:
    case_id = office.file()
    url = f"{PREFIX}/cases/{case_id}"
    async with office.client("officer") as client:
        for path, body in (
            ("release", {}),
            ("release", {"reason": "  "}),
            ("release", {**REASON, "secret-key": 1}),
            ("answer", {**ANSWER, "finding": "co-toi"}),
            ("answer", {**ANSWER, "remedy": ""}),
        ):
            told = problem_of(await client.post(f"{url}/{path}", json=body), 422)
            assert told["errors"]
            assert "secret-key" not in json.dumps(told)
            assert "co-toi" not in json.dumps(told)
        problem_of(await client.post(f"{url}/release", content=b"reason=x"), 415)
        problem_of(
            await client.post(f"{url}/release", content=b"{", headers={"Content-Type": "application/json"}), 400
        )
        problem_of(await client.post(f"{url}/release", json={"reason": "a" * 70_000}), 413)
        assert problem_of(await client.post(f"{url}/close", json={}), 409)["type"].endswith("case-conflict")
        office.bring(case_id, Status.EXPLAINED)
        named = problem_of(await client.post(f"{url}/answer", json={**ANSWER, "text": "Bà Ngọc nói đúng."}), 422)
        assert named["type"].endswith("names-somebody")
        answered = await client.post(f"{url}/answer", json=ANSWER)
        assert answered.json()["status"] == "answered"


async def test_bearer_scheme_and_long_tokens(office: Office) -> None:
    async with office.client() as client:
        for header in ("Basic dTpw", "Bearer ", f"Bearer {'a' * 5_000}", "Bearer ộ".encode()):
            refused = await client.get(f"{PREFIX}/me", headers={"Authorization": header})
            assert problem_of(refused, 401)["status"] == 401


def test_only_hashes_of_tokens_are_stored(office: Office) -> None:
    assert token_hash("a") == "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"
    with office.store() as unit:
        found = unit.principals.by_token(token_hash(office.tokens["officer"]), START)
        assert found == PEOPLE["officer"]
        assert unit.principals.by_token(office.tokens["officer"], START) is None
