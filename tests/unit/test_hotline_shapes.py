"""The bodies of switchboards and recognisers, and who is admitted: whatever comes, it is read or refused."""

import contextlib
import hashlib
import hmac
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.core.calls.model import CallState
from channels.hotline.admission import Admission
from channels.hotline.fields import BadShape, load
from channels.hotline.shapes import generic_events, query_events, stringee_events
from channels.hotline.transcripts import MAX_LINES, lines_of

NOW = datetime(2026, 11, 26, 3, 0, tzinfo=UTC)
NUMBER, SIGNING = "0912345678", "s" * 20
STRINGEE = {
    "type": "stringee_call",
    "call_status": "answered",
    "call_id": "call-vn-1-AB",
    "from": {"number": "84912345678", "alias": "84912345678", "type": "external", "is_online": False},
    "to": {"number": "101", "alias": "101", "type": "internal", "is_online": True},
    "timestamp_ms": 1795662000000,
    "project_id": 42,
    "clientCustomData": "",
}


# --- shapes ---------------------------------------------------------------------------------------------------------


def test_stringee_events_are_read() -> None:
    (event,) = stringee_events(STRINGEE, NOW)
    assert (event.line, event.provider_id, event.state) == ("stringee", "call-vn-1-AB", CallState.ANSWERED)
    assert (event.number, event.extension, event.called) == ("84912345678", "101", None)
    assert event.at == datetime.fromtimestamp(1795662000, UTC)
    outgoing = {**STRINGEE, "from": STRINGEE["to"], "to": STRINGEE["from"]}
    (back,) = stringee_events(outgoing, NOW)
    assert (back.number, back.extension) == ("84912345678", "101")


def test_an_end_that_tells_how_long_people_talked_brings_its_answer() -> None:
    over = {**STRINGEE, "call_status": "ended", "endCallCause": "USER_END_CALL", "duration": 70, "answerDuration": 60}
    answered, ended = stringee_events(over, NOW)
    assert (answered.state, ended.state, ended.cause) == (CallState.ANSWERED, CallState.ENDED, "USER_END_CALL")
    assert (ended.at - answered.at).total_seconds() == 60
    assert len(stringee_events({**over, "answerDuration": 0}, NOW)) == 1


@pytest.mark.parametrize("more", [{"call_status": "agentEnded"}, {"call_status": ""}, {"type": "other"}])
def test_events_that_matter_to_nobody_give_none(more: dict[str, str]) -> None:
    assert stringee_events({**STRINGEE, **more}, NOW) == []


@pytest.mark.parametrize(
    ("body", "state"),
    [
        ({"ma": "c", "su_kien": "do_chuong", "tu": NUMBER}, CallState.RINGING),
        ({"call_id": "c", "event": "ANSWER", "from": NUMBER}, CallState.ANSWERED),
        ({"callid": "c", "status": "NO-ANSWER", "phone": NUMBER}, CallState.ENDED),
        ({"uniqueid": "c", "event": "hangup", "caller": int(NUMBER)}, CallState.ENDED),
    ],
)
def test_the_neutral_shape_is_read_by_several_names(body: dict[str, Any], state: CallState) -> None:
    (event,) = generic_events(body, NOW)
    assert (event.provider_id, event.state, event.at) == ("c", state, NOW)
    assert generic_events([body, body], NOW)[1].state is state


@pytest.mark.parametrize(
    ("luc", "told"),
    [
        ("2026-11-26T10:00:00+07:00", NOW),
        ("2026-11-26 10:00:00", NOW),
        ("2026-11-26T03:00:00Z", NOW),
        (1795662000, datetime.fromtimestamp(1795662000, UTC)),
        ("1795662000000", datetime.fromtimestamp(1795662000, UTC)),
        ("hôm qua", NOW),
        (float("inf"), NOW),
        (-1, NOW),
        (10**18, NOW),
        ("0001-01-01T00:00:00+14:00", NOW),
        (True, NOW),
        (None, NOW),
    ],
)
def test_moments_are_read_or_taken_as_now(luc: Any, told: datetime) -> None:
    (event,) = generic_events({"ma": "c", "su_kien": "ring", "luc": luc}, NOW)
    assert event.at == told


def test_get_events_of_voicecloud_are_read() -> None:
    (rings,) = query_events("call_in", {"phone": NUMBER, "extension": "101", "callid": "v1", "event": "RING"}, NOW)
    (answers,) = query_events(
        "call_in", {"phone": NUMBER, "extension": "101", "callid": "v1", "event": "ANSWER"}, NOW
    )
    (over,) = query_events("hangup", {"callid": "v1"}, NOW)
    told = {
        "callid": "v1",
        "calldate": "2026-11-26 09:00:00",
        "duration": "70",
        "billsec": "60",
        "status": "ANSWERED",
    }
    talked, ended = query_events("calldata", told, NOW)
    assert [e.state for e in (rings, answers, over, talked, ended)] == [
        CallState.RINGING, CallState.ANSWERED, CallState.ENDED, CallState.ANSWERED, CallState.ENDED,
    ]  # fmt: skip
    assert (rings.extension, rings.number, ended.at) == ("101", NUMBER, NOW)
    with pytest.raises(BadShape):
        query_events("elsewhere", {"callid": "v1"}, NOW)


@pytest.mark.parametrize(
    "body",
    [
        "x", 5, None, [5], {}, {"su_kien": "do_chuong"}, {"ma": "", "su_kien": "do_chuong"},
        {"ma": "a b", "su_kien": "do_chuong"}, {"ma": "x" * 129, "su_kien": "do_chuong"},
        {"ma": "á", "su_kien": "do_chuong"}, {"ma": {"a": 1}, "su_kien": "do_chuong"},
    ],
)  # fmt: skip
def test_what_is_no_event_is_refused_or_passed_over(body: Any) -> None:
    with contextlib.suppress(BadShape):
        assert generic_events(body, NOW) == []


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b'{"a":' + b"9" * 6_000 + b"}"])
def test_bodies_that_are_no_json_are_refused(body: bytes) -> None:
    with pytest.raises(BadShape):
        load(body)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)
NAMES = "ma su_kien tu den may_nhanh luc call_id call_status type from to timestamp_ms thu_tu chu cuoi ben tin_cay"
FIELDS = st.dictionaries(
    st.sampled_from(NAMES.split()),
    JSON | st.sampled_from(["ended", "answered", "do_chuong", "ket_thuc", "cong_dan", "c1", 3, True, "\x00\ud800"]),
)


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(FIELDS | JSON)
def test_nothing_but_bad_shape_is_raised_for_any_body(body: Any) -> None:
    for read in (stringee_events, generic_events, lines_of):
        try:
            for found in read(body, NOW):
                told = repr(found)
                told.encode("utf-8", "surrogatepass")
        except BadShape:
            continue


def test_lines_are_read_alone_in_a_list_and_wrapped() -> None:
    one = {"ma": "c", "ben": "cong_dan", "thu_tu": 3, "chu": "cho hỏi", "cuoi": False, "tin_cay": 0.8}
    for body in (one, [one], {"dong": [one]}):
        (heard,) = lines_of(body, NOW)
        assert (heard.provider_id, heard.line.order, heard.line.text, heard.line.final) == ("c", 3, "cho hỏi", False)
        assert heard.line.confidence == 0.8
    assert lines_of({**one, "tin_cay": 7, "chu": "a\0b", "cuoi": None}, NOW)[0].line.text == "ab"
    with pytest.raises(BadShape):
        lines_of([one] * (MAX_LINES + 1), NOW)
    for wrong in ({**one, "thu_tu": -1}, {**one, "thu_tu": True}, {**one, "thu_tu": "x"}, {**one, "ma": None}):
        with pytest.raises(BadShape):
            lines_of(wrong, NOW)


# --- who is admitted ------------------------------------------------------------------------------------------------


def test_an_empty_secret_admits_nobody() -> None:
    nothing = Admission()
    assert not nothing.any
    assert not nothing.event({"x-hotline-token": ""}, b"", "")
    assert not nothing.event({}, b"")
    assert not nothing.query("")
    assert not nothing.transcript({"authorization": "Bearer "})
    empty = hmac.new(b"", b"x", hashlib.sha1).hexdigest()
    assert not nothing.event({"x-hub-signature": empty}, b"x")


@pytest.mark.parametrize("change", ["", "sha1=", "lower"])
def test_caresofts_signature_is_taken_in_either_case(change: str) -> None:
    admission = Admission(signing_secret=SIGNING)
    digest = hmac.new(SIGNING.encode(), b"body", hashlib.sha1).hexdigest().upper()
    signed = {"": digest, "sha1=": f"sha1={digest}", "lower": digest.lower()}[change]
    assert admission.event({"x-hub-signature": signed}, b"body")
    assert not admission.event({"x-hub-signature": signed}, b"body2")
    assert not admission.event({"x-hub-signature": signed[:-1]}, b"body")
    assert not admission.event({"x-hub-signature": "ü"}, b"body")
