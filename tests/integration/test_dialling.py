"""A citizen is called without the number being seen: the switchboard gets it, the page and the audit do not."""

import json

import httpx
import pytest

from bot.core.calls.tools import CallRules
from bot.core.errors import DialFailed
from bot.store import Store
from channels.hotline.dialling import HttpDialler
from tests.integration.desk_client import PHONE
from tests.integration.hotline_rig import NUMBER, RULES, Rig, open_rig


class Switchboard:
    """Remembers who was to be connected; `fails` has it refuse."""

    def __init__(self) -> None:
        self.connected: list[tuple[str, str]] = []
        self.fails = False

    def connect(self, extension: str, number: str) -> None:
        if self.fails:
            raise DialFailed("busy")
        self.connected.append((extension, number))


@pytest.fixture
def switchboard() -> Switchboard:
    return Switchboard()


@pytest.fixture
def rig(store: Store, switchboard: Switchboard) -> Rig:
    extensions = {**RULES.extensions, "103": "ins", "104": "nam"}
    return open_rig(store, CallRules(extensions=extensions), switchboard)


async def taken(rig: Rig, call: str = "c1") -> str:
    opaque = await rig.ring(call)
    await rig.post("operator", f"/calls/{opaque}/answer")
    return opaque


async def test_the_own_active_call_is_dialled_without_a_reason_and_unseen(rig: Rig, switchboard: Switchboard) -> None:
    opaque = await taken(rig)
    assert await rig.get("operator", "/dial") == {"state": "ready"}
    assert await rig.post("operator", f"/calls/{opaque}/dial") == {"done": True}
    assert switchboard.connected == [("101", NUMBER)]
    ((who, _, reason),) = rig.audited("call_dialled")
    assert (who, reason) == ("op", "")
    assert rig.audited("call_number_revealed") == []


async def test_a_call_that_is_over_needs_a_reason(rig: Rig, switchboard: Switchboard) -> None:
    opaque = await taken(rig)
    await rig.post("operator", f"/calls/{opaque}/end")
    await rig.post("operator", f"/calls/{opaque}/dial", status=422)
    assert switchboard.connected == []
    await rig.post("operator", f"/calls/{opaque}/dial", {"reason": "gọi lại theo hẹn"})
    assert switchboard.connected == [("101", NUMBER)]
    assert [reason for _, _, reason in rig.audited("call_dialled")] == ["gọi lại theo hẹn"]


async def test_somebody_elses_call_is_not_dialled(rig: Rig, switchboard: Switchboard) -> None:
    opaque = await taken(rig)
    await rig.post("officer2", f"/calls/{opaque}/dial", {"reason": "muốn gọi thử"}, status=403)
    assert switchboard.connected == []


async def test_whoever_filed_a_case_is_called_by_who_may_open_the_contact(rig: Rig, switchboard: Switchboard) -> None:
    case_id = rig.office.file()
    await rig.post("officer2", f"/cases/{case_id}/dial", status=422)
    answer = await rig.post("officer2", f"/cases/{case_id}/dial", {"reason": "hỏi thêm ngày giờ"})
    assert answer == {"done": True}
    assert switchboard.connected == [("102", PHONE)]
    assert rig.audited("case_dialled") == [("of2", case_id, "hỏi thêm ngày giờ")]
    for who in ("insider", "namesake"):
        await rig.post(who, f"/cases/{case_id}/dial", {"reason": "muốn gọi thử"}, status=404)
    assert len(switchboard.connected) == 1


async def test_who_may_not_open_the_contact_does_not_call(rig: Rig, switchboard: Switchboard) -> None:
    case_id = rig.office.file()
    refused = await rig.post("operator", f"/cases/{case_id}/dial", {"reason": "muốn gọi thử"}, status=403)
    assert PHONE not in json.dumps(refused)
    assert switchboard.connected == []


async def test_without_a_switchboard_or_an_extension_it_is_said(store: Store, switchboard: Switchboard) -> None:
    without = open_rig(store)
    opaque = await taken(without)
    assert await without.get("operator", "/dial") == {"state": "no-switchboard"}
    problem = await without.post("operator", f"/calls/{opaque}/dial", status=409)
    assert problem["type"].endswith(":dial-no-switchboard")
    assert without.audited("call_dialled") == []


async def test_an_account_without_an_extension_is_told_so(rig: Rig) -> None:
    assert await rig.get("supervisor", "/dial") == {"state": "no-extension"}


async def test_a_withheld_number_cannot_be_dialled(rig: Rig) -> None:
    opaque = await rig.ring(number=None)
    await rig.post("operator", f"/calls/{opaque}/answer")
    problem = await rig.post("operator", f"/calls/{opaque}/dial", status=409)
    assert problem["type"].endswith(":dial-no-number")


async def test_that_the_switchboard_refused_is_told_and_audited(rig: Rig, switchboard: Switchboard) -> None:
    opaque = await taken(rig)
    switchboard.fails = True
    problem = await rig.post("operator", f"/calls/{opaque}/dial", status=502)
    assert problem["type"].endswith(":dial-failed")
    assert NUMBER not in json.dumps(problem)
    assert len(rig.audited("call_dialled")) == len(rig.audited("dial_failed")) == 1


def dialler(answer: httpx.Response | Exception, asked: list[httpx.Request]) -> HttpDialler:
    def handle(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        if isinstance(answer, Exception):
            raise answer
        return answer

    return HttpDialler("https://pbx.test/goi/{extension}", "m" * 20, 5.0, httpx.MockTransport(handle))


def test_the_number_is_in_the_body_and_never_in_the_address() -> None:
    asked: list[httpx.Request] = []
    dialler(httpx.Response(204), asked).connect("10/1", NUMBER)
    (request,) = asked
    assert (request.method, str(request.url)) == ("POST", "https://pbx.test/goi/10%2F1")
    assert request.headers["authorization"] == f"Bearer {'m' * 20}"
    assert json.loads(request.content) == {"extension": "10/1", "number": NUMBER}


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(500),
        httpx.Response(302, headers={"location": "https://other.test"}),
        httpx.ReadTimeout(f"no answer about {NUMBER}"),
        httpx.ConnectError("refused"),
    ],
)
def test_what_the_switchboard_does_not_take_fails_once_and_without_the_number(
    answer: httpx.Response | Exception, caplog: pytest.LogCaptureFixture
) -> None:
    asked: list[httpx.Request] = []
    with pytest.raises(DialFailed) as failed:
        dialler(answer, asked).connect("101", NUMBER)
    assert len(asked) == 1
    assert NUMBER not in f"{failed.value} {caplog.text}"
