"""Every route of the console with every role: who gets through, and that a route nobody listed is open to nobody."""

import inspect
from collections.abc import Iterator
from typing import Annotated, Any

import pytest
from fastapi import APIRouter, Depends
from fastapi.routing import APIRoute

from bot.core.cases.people import Principal, Role
from bot.core.staff.accounts import CONSOLE_ROLES
from channels.console import PREFIX, SignedIn, matrix
from channels.console.matrix import DIRECTORY, MATRIX, OPEN, PEOPLE, SESSION, row_of
from tests.databases import sqlite_store
from tests.fakes.oidc import FakeProvider
from tests.integration.console_client import STAFF, Desk, open_desk, provider_rules
from tests.integration.web_client import problem_of

TARGET = "khong.co"
BODIES: dict[tuple[str, str], Any] = {
    ("POST", "/users"): {"id": "x.y", "name": "Người Mới", "role": "unit", "unit": "XX"},
    ("POST", "/users/{}/lock"): {"reason": "thử quyền"},
    ("POST", "/users/{}/role"): {"role": "operator"},
    ("POST", "/users/{}/sso"): {"kind": "email", "value": "a@b.vn"},
    ("DELETE", "/users/{}/sso"): {"kind": "email", "value": "a@b.vn"},
    ("POST", "/password"): {"old": "sai mật khẩu cũ rồi", "new": "mưa rào trên mái tôn"},
    ("POST", "/totp/confirm"): {"code": "000000"},
    ("DELETE", "/totp"): {"password": "sai mật khẩu rồi"},
}
# What somebody who gets through is told of a target that does not exist, or of a body that is wrong on purpose.
THROUGH = {200, 401, 404, 409, 422}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("console")
    store = sqlite_store(folder)
    with FakeProvider() as provider:
        yield open_desk(store, oidc=provider_rules(provider.issuer))
    store.close()


def routes_of(desk: Desk) -> list[APIRoute]:
    routes = [route for router in desk.routers for route in router.routes]
    assert routes
    assert all(isinstance(route, APIRoute) for route in routes)
    return [route for route in routes if isinstance(route, APIRoute)]


def rows(desk: Desk) -> list[tuple[str, str]]:
    return [row_of(method, route.path) for route in routes_of(desk) for method in sorted(route.methods)]


def test_the_table_lists_every_route_and_no_other_of_people_and_session(desk: Desk) -> None:
    found = rows(desk)
    assert len(found) == len(set(found)) > 15
    assert set(found) == OPEN | set(SESSION) | set(PEOPLE) | set(DIRECTORY)
    assert not OPEN & set(MATRIX)
    assert all(roles and roles <= CONSOLE_ROLES for roles in MATRIX.values())
    assert set(MATRIX) >= matrix.BACKGROUND


def test_every_route_but_those_that_sign_in_depends_on_a_session(desk: Desk) -> None:
    for route in routes_of(desk):
        for method in route.methods:
            if row_of(method, route.path) in OPEN:
                continue
            names = {
                getattr(dependency.call, "__qualname__", type(dependency.call).__name__)
                for dependency in route.dependant.dependencies
            }
            assert any(name == "SignedIn" or name.endswith((".limited", ".whole")) for name in names), route.path


@pytest.mark.parametrize(("method", "path"), [*SESSION, *PEOPLE, *DIRECTORY], ids=lambda part: part)
async def test_route_with_every_role(desk: Desk, method: str, path: str) -> None:
    allowed = MATRIX[method, path]
    url, body = f"{PREFIX}{path.replace('{}', TARGET)}", BODIES.get((method, path))
    desk.pass_time(minutes=1)  # many sign in from one address
    for who, principal in STAFF.items():
        if who == "administrator2":
            continue
        async with await desk.enter(who) as client:
            answer = await client.request(method, url, json=body)
            if principal.role in allowed:
                assert answer.status_code in THROUGH, f"{who}: {answer.text}"
                assert answer.headers["cache-control"] == "no-store"
                if answer.status_code == 401:
                    assert not answer.json()["type"].endswith("not-signed-in")
            else:
                problem_of(answer, 403)
    async with desk.client() as nobody:
        assert problem_of(await nobody.request(method, url, json=body), 401)["type"].endswith("not-signed-in")


def test_the_roles_are_all_played() -> None:
    assert {principal.role for principal in STAFF.values()} == CONSOLE_ROLES


async def test_a_route_that_nobody_listed_is_open_to_nobody(desk: Desk) -> None:
    router = APIRouter(prefix=PREFIX)

    @router.get("/quen-ghi-vao-bang")
    async def forgotten(caller: Annotated[Principal, Depends(desk.signed_in)]) -> str:
        return caller.id

    @router.get("/hours")
    async def listed(caller: Annotated[Principal, Depends(desk.signed_in)]) -> str:
        return caller.id

    desk.app.include_router(router)
    desk.pass_time(minutes=1)
    for who in STAFF:
        async with await desk.enter(who) as client:
            problem_of(await client.get(f"{PREFIX}/quen-ghi-vao-bang"), 403)
            assert (await client.get(f"{PREFIX}/hours")).json() == STAFF[who].id


@pytest.mark.parametrize(
    ("method", "path", "row"),
    [
        ("GET", f"{PREFIX}/users", ("GET", "/users")),
        ("POST", f"{PREFIX}/users/{{user_id}}/lock", ("POST", "/users/{}/lock")),
        ("POST", f"{PREFIX}/suggestions/{{id}}/{{item:path}}", ("POST", "/suggestions/{}/{}")),
    ],
)
def test_a_path_finds_its_row_whatever_its_parts_are_called(method: str, path: str, row: tuple[str, str]) -> None:
    assert row_of(method, path) == row


def test_citizens_and_backends_have_no_row() -> None:
    for role in (Role.CITIZEN, Role.BACKEND):
        assert not any(role in roles for roles in MATRIX.values())


async def test_the_api_is_described(desk: Desk) -> None:
    described = desk.app.openapi()["paths"]
    for method, path in [*SESSION, *PEOPLE]:
        entry = described[f"{PREFIX}{path.replace('{}', '{user_id}')}"][method.lower()]
        assert entry["summary"]
        assert entry["description"]
        assert {"401", "403"} <= set(entry["responses"])


def test_signed_in_is_a_dependency_that_tests_can_replace() -> None:
    assert inspect.iscoroutinefunction(SignedIn.__call__)
