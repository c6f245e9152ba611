"""The bodies in which switchboards tell of calls, as events of the core. Pure.

An event that matters to nobody (a leg that ended, an unknown kind) gives none. What cannot be read raises BadShape.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.core.calls.model import CallEvent, CallState
from channels.hotline.fields import BadShape, id_of, mapping, moment_of, text_of, whole_of

STRINGEE, GENERIC = "stringee", "generic"
_STRINGEE_STATES = {
    "created": CallState.RINGING,
    "started": CallState.RINGING,
    "ringing": CallState.RINGING,
    "answered": CallState.ANSWERED,
    "ended": CallState.ENDED,
}
_RINGS = "do_chuong goi_den ring ringing start started created incoming popup call_in new"
_ANSWERS = "nghe_may tra_loi answer answered up connected connect accept accepted bridge"
_ENDS = "ket_thuc gac_may cuoc_goi_nho nho hangup hang_up end ended completed complete missed busy noanswer no_answer"
_STATES: Mapping[str, CallState] = {
    **dict.fromkeys(_RINGS.split(), CallState.RINGING),
    **dict.fromkeys(_ANSWERS.split(), CallState.ANSWERED),
    **dict.fromkeys(_ENDS.split(), CallState.ENDED),
}
_IDS = ("ma", "id", "call_id", "callid", "callId", "uuid", "uniqueid", "linkedid")
_EVENTS = ("su_kien", "event", "call_status", "status", "state", "event_name", "eventName")
_FROM = ("tu", "from", "phone", "caller", "caller_id", "ani", "from_number")
_TO = ("den", "to", "did", "dnis", "called", "to_number")
_EXTENSION = ("may_nhanh", "extension", "ext", "agent_extension", "agent", "agent_id")
_AT = ("luc", "at", "timestamp_ms", "timestamp", "time", "calldate", "event_time")
_CAUSE = ("ly_do", "cause", "endCallCause", "hangup_cause")
_TALKED = ("answerDuration", "billsec", "talk_time", "thoi_gian_noi")
_DAY = 24 * 3600


def stringee_events(body: Any, now: datetime) -> list[CallEvent]:
    """Read a Stringee event: {type: stringee_call, call_status, call_id, from, to, timestamp_ms, …}."""
    fields = mapping(body)
    if text_of(fields, ("type",)) not in {None, "stringee_call"}:
        return []
    state = _STRINGEE_STATES.get(str(fields.get("call_status", "")).lower())
    if state is None:
        return []  # agentEnded and the like: a leg, not the call
    caller, called = _party(fields.get("from")), _party(fields.get("to"))
    # Who calls from inside is ours; the citizen is at the other end.
    outgoing = caller.get("type") == "internal" and called.get("type") != "internal"
    citizen, ours = (called, caller) if outgoing else (caller, called)
    inside = ours.get("type") == "internal"
    event = CallEvent(
        line=STRINGEE,
        provider_id=id_of(fields, ("call_id", "callId")),
        state=state,
        at=moment_of(fields, ("timestamp_ms", "timestamp"), now),
        number=text_of(citizen, ("number",), 40),
        called=None if inside else text_of(ours, ("number",), 40),
        extension=text_of(ours, ("number", "alias"), 40) if inside else None,
        cause=text_of(fields, ("endCallCause",), 80),
    )
    return _with_answer(event, fields)


def generic_events(body: Any, now: datetime) -> list[CallEvent]:
    """Read an event of the neutral shape (docs/hotline.md), by its Vietnamese names or by those in common use."""
    if isinstance(body, Sequence) and not isinstance(body, str | bytes):
        return [event for each in body[:50] for event in generic_events(each, now)]
    fields = mapping(body)
    state = _STATES.get(str(text_of(fields, _EVENTS, 40) or "").lower().replace("-", "_"))
    if state is None:
        return []
    event = CallEvent(
        line=GENERIC,
        provider_id=id_of(fields, _IDS),
        state=state,
        at=moment_of(fields, _AT, now),
        number=text_of(fields, _FROM, 40),
        called=text_of(fields, _TO, 40),
        extension=text_of(fields, _EXTENSION, 40),
        cause=text_of(fields, _CAUSE, 80),
    )
    return _with_answer(event, fields)


def query_events(what: str, query: Mapping[str, str], now: datetime) -> list[CallEvent]:
    """Read an event that came as a GET, as VoiceCloud and BizCloud send it: call_in, hangup, calldata."""
    if what == "call_in":
        return generic_events({"event": query.get("event") or "RING", **query}, now)
    if what in {"hangup", "calldata"}:
        kept = {name: value for name, value in query.items() if name not in {"status", "event"}}
        if what == "calldata":
            kept["cause"] = query.get("status", "")
            kept.pop("calldate", None)  # when it began; the event is that it is over
        return generic_events({**kept, "event": "hangup"}, now)
    raise BadShape("unknown event")


def _party(value: Any) -> Mapping[str, Any]:
    if isinstance(value, Mapping):
        return value
    return {"number": value} if isinstance(value, str | int) else {}


def _with_answer(event: CallEvent, fields: Mapping[str, Any]) -> list[CallEvent]:
    """Put the answer before an end that tells for how long people talked: its own event may have been lost."""
    talked = whole_of(fields, _TALKED, _DAY * 1000) if event.state is CallState.ENDED else None
    if not talked:
        return [event]
    seconds = talked / 1000 if talked > _DAY else talked
    answered = CallEvent(
        event.line,
        event.provider_id,
        CallState.ANSWERED,
        event.at - timedelta(seconds=seconds),
        event.number,
        event.called,
        event.extension,
    )
    return [answered, event]
