"""What a thread has still to be sent: letters to replay first, then the event log behind the cursor."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.core.cases.news import NOTICE
from bot.core.channels.contract import Capabilities, Choice, Outgoing
from bot.core.channels.ports import Thread
from bot.core.channels.rendering import messages
from bot.core.messages import SAID_THERE, Event, EventKind
from bot.core.ports import UnitOfWork
from bot.core.replies import Reply

log = logging.getLogger(__name__)
_PAGE = 50


@dataclass(frozen=True)
class Due:
    """A piece to send, and where the cursor stands when it is sent. A letter moves no cursor.

    `notice` is the one that the piece tells of (bot.core.cases.news).
    """

    message: Outgoing
    sequence: int = 0
    piece: int = 0
    letter_id: str | None = None
    notice: str | None = None


def next_due(unit: UnitOfWork, thread: Thread, capabilities: Capabilities, choose: str) -> tuple[Due | None, int]:
    """Return the next piece, if any, and up to which event nothing is to be sent (citizens' own, silenced ones)."""
    for letter in unit.dead_letters.to_replay(thread.channel, thread.id, inbound=False):
        return Due(outgoing_of(letter.body), letter_id=letter.id), thread.sent_sequence
    passed, piece = thread.sent_sequence, thread.sent_piece
    while events := unit.events_after(thread.conversation_id, passed, _PAGE):
        for event in events:
            pieces = () if _passed_over(event, thread) else _pieces(event, capabilities, choose)
            if piece < len(pieces):
                last = piece + 1 == len(pieces)
                place = (event.sequence, 0) if last else (passed, piece + 1)
                return Due(pieces[piece], *place, notice=_notice(event)), passed
            passed, piece = event.sequence, 0
    return None, passed


def _notice(event: Event) -> str | None:
    data = event.body.get("data")
    notice = data.get(NOTICE) if isinstance(data, dict) else None
    return notice if isinstance(notice, str) else None


def _passed_over(event: Event, thread: Thread) -> bool:
    """What stands there already; and answers from before an officer took over, who answers in their place."""
    if event.kind in SAID_THERE:
        return True
    silenced = thread.paused_until is not None and event.created_at <= thread.paused_until
    return silenced and event.kind is EventKind.ASSISTANT


def _pieces(event: Event, capabilities: Capabilities, choose: str) -> tuple[Outgoing, ...]:
    body = {"act": "", "text": "", "blocks": (), "sources": (), "buttons": (), "data": {}} | event.body
    try:
        reply = Reply.from_payload(body)
    except (KeyError, TypeError) as error:
        # It stays in the log; what follows it must not wait for it.
        log.error("an event cannot be shown", extra={"sequence": event.sequence, "cause": type(error).__name__})
        return ()
    if event.kind is EventKind.OPERATOR and reply.text:
        # Where all messages look alike, a person's say so.
        reply = replace(reply, text=f"{reply.data.get('name', '')}: {reply.text}")
    pieces = messages(reply, event.sequence, capabilities, choose=choose)
    if reply.data.get("asks_phone"):
        pieces = (*pieces[:-1], replace(pieces[-1], asks_phone=True))
    return tuple(piece for piece in pieces if piece.text or piece.choices)


def payload_of(message: Outgoing) -> dict[str, Any]:
    """Return a message as it is kept in a dead letter."""
    return {
        "key": message.key,
        "text": message.text,
        "choices": [vars(choice) for choice in message.choices],
        "asks_phone": message.asks_phone,
    }


def outgoing_of(payload: Mapping[str, Any]) -> Outgoing:
    """Read back what `payload_of` wrote."""
    choices = tuple(Choice(**choice) for choice in payload["choices"])
    return Outgoing(payload["key"], payload["text"], choices, bool(payload["asks_phone"]))
