"""Lines of a recogniser, as the core takes them. Pure. Raises BadShape for what cannot be read."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.core.calls.intake import HeardLine
from bot.core.calls.transcript import Side, heard
from channels.hotline.fields import BadShape, id_of, mapping, moment_of, share_of, text_of, whole_of

MAX_LINES = 200
MAX_TEXT = 2_000
MAX_ORDER = 1_000_000
_SIDES: Mapping[str, Side] = {
    "cong_dan": Side.CALLER,
    "nguoi_goi": Side.CALLER,
    "caller": Side.CALLER,
    "customer": Side.CALLER,
    "inbound": Side.CALLER,
    "tong_dai": Side.OPERATOR,
    "can_bo": Side.OPERATOR,
    "operator": Side.OPERATOR,
    "agent": Side.OPERATOR,
    "outbound": Side.OPERATOR,
}


def lines_of(body: Any, now: datetime) -> list[HeardLine]:
    """Read one line, a list of lines, or {dong: [lines]}; at most MAX_LINES of them."""
    if isinstance(body, Mapping) and isinstance(body.get("dong", body.get("lines")), Sequence):
        body = body.get("dong", body.get("lines"))
    if isinstance(body, Sequence) and not isinstance(body, str | bytes):
        if len(body) > MAX_LINES:
            raise BadShape("too many lines")
        return [_line(each, now) for each in body]
    return [_line(body, now)]


def _line(body: Any, now: datetime) -> HeardLine:
    fields = mapping(body)
    order = whole_of(fields, ("thu_tu", "order", "sequence", "line"), MAX_ORDER)
    if order is None:
        raise BadShape("no order")
    text = text_of(fields, ("chu", "text", "transcript"), MAX_TEXT) or ""
    final = fields.get("cuoi", fields.get("is_final", fields.get("final", True)))
    side = _SIDES.get(str(text_of(fields, ("ben", "side", "track", "speaker"), 40) or "").lower(), Side.UNKNOWN)
    line = heard(
        order,
        side,
        text,
        final=bool(final),
        at=moment_of(fields, ("luc", "at", "timestamp_ms", "timestamp"), now),
        confidence=share_of(fields, ("tin_cay", "confidence")),
    )
    return HeardLine(id_of(fields, ("ma", "call_id", "callId", "callid", "id")), line)
