"""Every endpoint of the desk with every role: who gets through, and that nobody else changes or learns anything."""

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.routing import APIRoute

from bot.core.cases.access import View
from bot.core.cases.lifecycle import RULES, Verb
from bot.core.cases.state import Status
from channels.desk import PREFIX
from channels.desk.steps import BODIES
from tests.databases import sqlite_store
from tests.integration.desk_client import ANSWER, PEOPLE, REASON, UNIT, Office, open_office
from tests.integration.web_client import problem_of

EVERYBODY = frozenset(PEOPLE)
HANDLERS = frozenset({"officer", "officer2", "supervisor", "administrator"})
# They may handle other cases, not this one: of its unit, or named like its accused.
CONFLICTED = frozenset({"insider", "namesake"})
READERS = HANDLERS | {"operator", "auditor", "unit", "citizen"}
VERB_BODIES: dict[Verb, dict[str, Any]] = {
    Verb.RELEASE: REASON,
    Verb.ASSIGN: {"unit": UNIT},
    Verb.INSPECT: {"team": "Đoàn kiểm tra công vụ", **REASON},
    Verb.FINDINGS: {"text": "Đã làm rõ.", "document": "BB 01"},
    Verb.REPLY: {"text": "Đã làm việc."},
    Verb.EXPLAIN: {"text": "Tôi xin giải trình."},
    Verb.SEND_BACK: REASON,
    Verb.ANSWER: ANSWER,
    Verb.REFER: {**{k: v for k, v in ANSWER.items() if k != "finding"}, "body": "Công an thành phố"},
    Verb.PUBLISH: {"answer_sequence": 5},  # filed, release, assign, reply, answer
    Verb.CLOSE: {},
    Verb.CORRECT: {**ANSWER, "note": "Sửa ngày họp."},
    Verb.PARK: REASON,
    Verb.UNPARK: REASON,
}
# (method, path) → who gets through; an assigned case about UNIT, of a citizen of conversation-1
MATRIX: dict[tuple[str, str], frozenset[str]] = {
    ("GET", "/me"): EVERYBODY,
    ("GET", "/cases"): EVERYBODY,
    ("GET", "/cases/{case_id}"): READERS,
    ("GET", "/cases/{case_id}/timeline"): READERS,
    ("POST", "/cases/{case_id}/reveal"): HANDLERS,
    ("GET", "/cases/{case_id}/files"): HANDLERS | {"unit"},
    ("GET", "/cases/{case_id}/files/{file_id}"): HANDLERS | {"unit"},
    ("POST", "/cases/{case_id}/files/{file_id}/original"): HANDLERS,
    **{("POST", f"/cases/{{case_id}}/{verb}"): HANDLERS for verb in Verb},
    ("POST", "/cases/{case_id}/reply"): HANDLERS | {"unit"},
    ("POST", "/cases/{case_id}/explain"): HANDLERS | {"unit"},
    # the officer wrote the answer
    ("POST", "/cases/{case_id}/publish"): HANDLERS - {"officer"},
    ("GET", "/tasks"): HANDLERS | CONFLICTED | {"operator"},
    ("POST", "/tasks/{task_id}/done"): HANDLERS | CONFLICTED | {"operator"},
    ("GET", "/overdue"): HANDLERS | CONFLICTED,
    ("GET", "/export"): HANDLERS | CONFLICTED,
    ("POST", "/export"): HANDLERS | CONFLICTED,
    ("GET", "/export/schema"): HANDLERS | CONFLICTED,
    ("GET", "/stats"): HANDLERS | CONFLICTED | {"auditor"},
    ("GET", "/audit"): frozenset({"auditor"}),
    ("GET", "/audit/verify"): frozenset({"auditor"}),
}
# Where a verb is tried from. ANSWERED and CLOSED are reached with the second person's approval where it needs one.
STATES: dict[Verb, Status] = {
    Verb.RELEASE: Status.RECEIVED,
    Verb.ASSIGN: Status.RELEASED,
    Verb.INSPECT: Status.RELEASED,
    Verb.FINDINGS: Status.INSPECTION,
    Verb.REPLY: Status.ASSIGNED,
    Verb.EXPLAIN: Status.ASSIGNED,
    Verb.SEND_BACK: Status.EXPLAINED,
    Verb.ANSWER: Status.EXPLAINED,
    Verb.REFER: Status.RECEIVED,
    Verb.PUBLISH: Status.ANSWERED,
    Verb.CLOSE: Status.ANSWERED,
    Verb.CORRECT: Status.CLOSED,
    Verb.PARK: Status.RECEIVED,
    Verb.UNPARK: Status.PARKED,
}


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder = tmp_path_factory.mktemp("desk")
    store = sqlite_store(folder)
    yield open_office(store)
    store.close()


def endpoints(office: Office) -> list[tuple[str, str]]:
    routes = [route for route in office.router.routes if isinstance(route, APIRoute)]
    assert len(routes) == len(office.router.routes)
    return [(method, route.path.removeprefix(PREFIX)) for route in routes for method in sorted(route.methods)]


def a_case(office: Office, verb: Verb | None, **changes: Any) -> str:
    case_id = office.file(with_file=True, **changes)
    files = office.case(case_id).record.attachments
    office.bring(case_id, STATES[verb] if verb else Status.ASSIGNED, files=files)
    if verb is Verb.CLOSE:
        office.act("officer2", case_id, Verb.PUBLISH)
    return case_id


def test_every_endpoint_is_in_the_matrix(office: Office) -> None:
    found = endpoints(office)
    assert len(found) > 25
    assert set(found) == set(MATRIX)
    assert set(VERB_BODIES) == set(BODIES) == set(STATES) == set(Verb) == set(RULES)


@pytest.mark.parametrize(("method", "path"), MATRIX)
async def test_endpoint_with_every_role(office: Office, method: str, path: str) -> None:
    name = path.rpartition("/")[2]
    verb = Verb(name) if name in set(Verb) else None
    allowed = MATRIX[method, path]
    shared = a_case(office, verb)
    for who in sorted(EVERYBODY - allowed) + sorted(allowed):
        case_id = a_case(office, verb) if verb and who in allowed else shared
        before = office.case(case_id)
        file_id = before.record.attachments[0]
        url = PREFIX + path.format(case_id=case_id, file_id=file_id, task_id="none")
        body = VERB_BODIES[verb] if verb else REASON if name in {"reveal", "original", "export"} else None
        async with office.client(who) as client:
            answer = await client.request(method, url, json=body)
        if who in allowed:
            assert answer.status_code == 200, f"{who}: {answer.text}"
            assert answer.headers["cache-control"] == "no-store"
        else:
            # Who may not know of the case is told that there is none.
            unknown = "{case_id}" in path and not office.tools.access.may(PEOPLE[who], View.LIST, before)
            problem_of(answer, 404 if unknown else 403)
            assert office.case(case_id) == before, who
    async with office.client() as nobody:
        problem_of(await nobody.request(method, url, json=body), 401)


@pytest.mark.parametrize("changes", [{"severity": 5}, {"input_type": "TO_CAO"}], ids=["severity 5", "denunciation"])
async def test_restricted_case_is_there_for_officers_and_supervisors_alone(
    office: Office, changes: dict[str, Any]
) -> None:
    case_id = office.file(with_file=True, **changes)
    file_id = office.case(case_id).record.attachments[0]
    office.act("officer", case_id, Verb.RELEASE, reason="đã xem")
    paths = [key for key in MATRIX if "{case_id}" in key[1]]
    assert len(paths) > 15
    for who in sorted(EVERYBODY - {"officer", "officer2", "supervisor", "citizen"}):
        async with office.client(who) as client:
            for method, path in paths:
                url = PREFIX + path.format(case_id=case_id, file_id=file_id)
                name = path.rpartition("/")[2]
                body = VERB_BODIES[Verb(name)] if name in set(Verb) else REASON
                problem_of(await client.request(method, url, json=body if method == "POST" else None), 404)
            listed = (await client.get(f"{PREFIX}/cases", params={"limit": 100})).text
            assert case_id not in listed, who
            if who in {"administrator", "operator"}:
                assert "level" in listed  # other cases are listed
    async with office.client("supervisor") as client:
        assert (await client.get(f"{PREFIX}/cases/{case_id}")).status_code == 200


async def test_restricted_case_is_never_assigned_to_a_unit(office: Office) -> None:
    case_id = office.file(severity=5)
    office.act("officer", case_id, Verb.RELEASE, reason="đã xem")
    async with office.client("supervisor") as client:
        problem_of(await client.post(f"{PREFIX}/cases/{case_id}/assign", json={"unit": UNIT}), 403)
        answer = await client.post(f"{PREFIX}/cases/{case_id}/assign", json={"person": "of2"})
    assert answer.json()["assigned_to"] == "of2"


async def test_api_is_described(office: Office) -> None:
    described = office.app.openapi()["paths"]
    for method, path in MATRIX:
        entry = described[PREFIX + path][method.lower()]
        assert entry["summary"]
        assert entry["description"]
        assert entry["security"] == [{"HTTPBearer": []}]
        assert {"401", "403"} <= set(entry["responses"])
        if method == "POST" and "{task_id}" not in path:
            assert "requestBody" in entry, path
