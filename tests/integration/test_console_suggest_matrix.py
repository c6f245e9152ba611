"""The routes of suggestions with every role, signed in for real: who gets through, and what CSRF stops."""

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.routing import APIRoute

from bot.core.phrases import load_phrases
from bot.wiring.suggestions import SuggestionSide
from channels.console import PREFIX
from channels.console.matrix import MATRIX, SUGGESTIONS, row_of
from tests.databases import sqlite_store
from tests.integration.console_client import STAFF, Desk, open_desk
from tests.integration.suggest_rig import SmallKnowledge
from tests.integration.web_client import problem_of

TARGET = "1"
BODIES: dict[tuple[str, str], Any] = {
    ("POST", "/suggestions/{}/{}"): {"action": "displayed"},
    ("POST", "/verdicts"): {"verdict": "sai", "subject": {"kind": "procedure", "id": "X99"}},
    ("POST", "/quick-replies"): {"title": "", "text": ""},
    ("PUT", "/quick-replies/{}"): {"title": "x", "text": "x"},
    ("POST", "/review/{}"): {"decision": "dismiss"},
}
THROUGH = {200, 404, 422}


@pytest.fixture(scope="module")
def side(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Desk, SuggestionSide]]:
    folder = tmp_path_factory.mktemp("matrix")
    store = sqlite_store(folder)
    desk = open_desk(store)
    made = SuggestionSide(SmallKnowledge(folder / "models").base, store, load_phrases())
    for router in made.routers(desk.signed_in):
        desk.app.include_router(router)
    yield desk, made
    store.close()


@pytest.fixture
def desk(side: tuple[Desk, SuggestionSide]) -> Desk:
    side[0].pass_time(minutes=1)  # many sign in from one address
    return side[0]


def test_the_table_lists_these_routes_and_no_others(side: tuple[Desk, SuggestionSide]) -> None:
    desk, made = side
    routes = [route for router in made.routers(desk.signed_in) for route in router.routes]
    found = [
        row_of(method, route.path) for route in routes if isinstance(route, APIRoute) for method in route.methods
    ]
    assert len(found) == len(set(found)) == len(routes)
    assert set(found) == set(SUGGESTIONS)


@pytest.mark.parametrize(("method", "path"), list(SUGGESTIONS), ids=lambda part: part)
async def test_route_with_every_role(desk: Desk, method: str, path: str) -> None:
    url = f"{PREFIX}{path.replace('{}', TARGET)}" + ("?q=lap hoi" if path == "/suggest" else "")
    body = BODIES.get((method, path))
    for who, principal in STAFF.items():
        if who == "administrator2":
            continue
        async with await desk.enter(who) as client:
            answer = await client.request(method, url, json=body)
            if principal.role in MATRIX[method, path]:
                assert answer.status_code in THROUGH, f"{who}: {answer.text}"
                assert answer.headers["cache-control"] == "no-store"
            else:
                problem_of(answer, 403)
    async with desk.client() as nobody:
        assert problem_of(await nobody.request(method, url, json=body), 401)["type"].endswith("not-signed-in")


@pytest.mark.parametrize(("method", "path"), [row for row in SUGGESTIONS if row[0] != "GET"], ids=lambda part: part)
async def test_nothing_changes_without_the_sessions_own_token(desk: Desk, method: str, path: str) -> None:
    async with await desk.enter("supervisor") as client:
        for told in ("", "x" * 43):
            client.headers["X-CSRF-Token"] = told
            url = f"{PREFIX}{path.replace('{}', TARGET)}"
            answer = await client.request(method, url, json=BODIES.get((method, path)))
            assert problem_of(answer, 403)["type"].endswith("csrf-refused")
