"""Operators' pages are told of every change of a call, and of nothing that was said in it."""

import json

import pytest

from bot.core.handover.ports import Change, Signal
from bot.store import Store
from channels.console.stream import sse_of
from tests.integration.hotline_rig import Rig, open_rig


@pytest.fixture
def rig(store: Store) -> Rig:
    return open_rig(store)


async def test_what_the_switchboard_tells_is_pushed(rig: Rig) -> None:
    opaque = await rig.ring(may_nhanh="101")
    assert rig.told() == [opaque]
    await rig.event("nghe_may", may_nhanh="101")
    assert rig.told() == [opaque]
    await rig.say(("cong_dan", "cho tôi hỏi"))
    assert rig.told() == []
    await rig.event("ket_thuc")
    assert rig.told() == [opaque]
    await rig.say(("cong_dan", "a lô"), call="c2")
    with rig.store() as unit:
        unknown = unit.calls.by_provider("c2")
    assert unknown is not None
    assert rig.told() == [unknown.opaque], "the recogniser was faster than the switchboard"


async def test_what_operators_do_is_pushed(rig: Rig) -> None:
    opaque = await rig.ring()
    rig.told()
    await rig.post("operator", f"/calls/{opaque}/answer")
    assert rig.told() == [opaque]
    await rig.post("operator", f"/calls/{opaque}/looked-up", {"procedure_id": "X01"})
    assert rig.told() == []
    await rig.post("operator", f"/calls/{opaque}/end")
    await rig.post("operator", f"/calls/{opaque}/wrap-up", {"topic": "Việc khác", "outcome": "other"})
    assert rig.told() == [opaque, opaque]
    made = await rig.post("operator", "/calls")
    assert rig.told() == [made["opaque"]]


def test_the_stream_names_the_call_and_nothing_else() -> None:
    told = sse_of(Change(7, Signal.CALL, "opaque-name", 0, ""), str)
    assert (told.event, told.id, json.loads(str(told.data))) == ("call", "7", {"call": "opaque-name"})
