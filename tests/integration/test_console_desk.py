"""The officers' API with the console's session: the rights of a token, and guarded against foreign pages."""

from collections.abc import Iterator

import httpx
import pytest

from channels.console.browser import COOKIE
from channels.desk import PREFIX, Gate, desk_router, install_desk, token_hash
from tests.databases import sqlite_store
from tests.integration import desk_client
from tests.integration.console_client import STAFF, Desk, open_desk, token_in
from tests.integration.web_client import problem_of

WHO = STAFF["officer"]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("console")
    store = sqlite_store(folder)
    desk = open_desk(store)
    office = desk_client.open_office(store)
    labels = {"unit_name": str, "label": str}
    router = desk_router(office.tools, Gate(store, desk.clock), console=desk.signed_in.desk, **labels)
    install_desk(desk.app, router, max_body_bytes=65_536)
    yield desk
    store.close()


async def test_a_session_opens_the_desk_as_its_user(desk: Desk) -> None:
    async with await desk.enter("officer") as client:
        me = await client.get(f"{PREFIX}/me")
        assert me.json() == {"id": WHO.id, "name": WHO.name, "role": "complaint_officer", "unit": "HN-SNV"}
        assert (await client.get(f"{PREFIX}/cases")).status_code == 200
        assert (await client.post(f"{PREFIX}/tasks/none/done")).json() == {"done": False}
    async with await desk.enter("editor") as client:
        problem_of(await client.get(f"{PREFIX}/tasks"), 403)


async def test_changes_at_the_desk_need_the_csrf_token(desk: Desk) -> None:
    async with await desk.enter("officer") as client:
        good = client.headers.pop("X-CSRF-Token")
        for headers in (
            {},
            {"X-CSRF-Token": "sai"},
            {"X-CSRF-Token": good, "Origin": "https://evil.example"},
            {"X-CSRF-Token": good, "Sec-Fetch-Site": "cross-site"},
        ):
            answer = await client.post(f"{PREFIX}/tasks/none/done", headers=headers)
            assert problem_of(answer, 403)["type"].endswith("csrf-refused")
        assert (await client.get(f"{PREFIX}/me")).status_code == 200, "reading needs none"


async def test_a_token_goes_on_without_any(desk: Desk) -> None:
    with desk.store() as unit:
        unit.principals.add_token(
            WHO.id, token_hash("td_" + "t" * 40), desk.clock.now().replace(year=2027), desk.clock.now()
        )
        unit.commit()
    headers = {"Authorization": f"Bearer td_{'t' * 40}"}
    async with desk.client() as client:
        assert (await client.post(f"{PREFIX}/tasks/none/done", headers=headers)).status_code == 200
    async with await desk.enter("operator") as client:
        me = await client.get(f"{PREFIX}/me", headers=headers)
        assert me.json()["id"] == WHO.id, "a token that is shown outranks the cookie"
        problem_of(await client.get(f"{PREFIX}/me", headers={"Authorization": "Bearer sai"}), 401)


async def test_a_session_that_ended_opens_nothing(desk: Desk) -> None:
    client = await desk.enter("officer")
    token = token_in(client)
    await client.delete("/api/console/session")
    await client.aclose()
    async with desk.client() as thief:
        thief.cookies.set(COOKIE, token)
        problem_of(await thief.get(f"{PREFIX}/me"), 401)
        problem_of(await httpx_without_cookie(thief), 401)


async def httpx_without_cookie(client: httpx.AsyncClient) -> httpx.Response:
    client.cookies.clear()
    return await client.get(f"{PREFIX}/me")


async def test_a_one_time_password_opens_no_desk(desk: Desk) -> None:
    one_time = desk.administration.reset(STAFF["administrator"], STAFF["auditor"].id)
    async with desk.client() as client:
        given = {"user": STAFF["auditor"].id, "password": one_time}
        assert (await client.post("/api/console/session", json=given)).status_code == 200
        problem_of(await client.get(f"{PREFIX}/audit"), 403)
