"""The chat as a plain form at /don-gian, for browsers without JavaScript. No cookies: the form carries the session.

Each press posts the form; the answer page waits a while for the reply, then shows the whole conversation.
"""

import asyncio
import contextlib
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs

from fastapi import APIRouter, Request
from pydantic import ValidationError
from starlette.responses import HTMLResponse, Response

from bot.core.channels.rendering import parse_token
from bot.core.errors import ConversationBusy, StoreUnavailable
from bot.core.messages import Event, EventKind
from channels.web.middleware import SECURITY_HEADERS
from channels.web.notifier import Notifier
from channels.web.opening import Doorkeeper
from channels.web.plain_html import page
from channels.web.problems import Problem
from channels.web.schemas import MessageIn
from channels.web.sessions import PAGE_SIZE, Admission, SessionUnknown, TokenRefused, WebSessions

PREFIX = "/don-gian"
MAX_WAIT_SECONDS = 8.0
_MEDIA_TYPE = "application/x-www-form-urlencoded"
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": SECURITY_HEADERS["Content-Security-Policy"]
    .replace("form-action 'none'", "form-action 'self'")
    .replace("script-src 'self'", "script-src 'none'"),
}
_EXPIRED = "Cuộc trò chuyện trước đã hết hạn. Anh/chị gửi lại giúp tôi, tôi mở cuộc mới."
_ERASED = (
    "Đã xóa nội dung trò chuyện. Phiếu phản ánh đã gửi thì vẫn còn và vẫn được giải quyết; anh/chị tra bằng hai mã"
    " của phiếu."
)
_BUSY = "Tôi còn đang trả lời các tin trước. Anh/chị chờ một chút rồi bấm lại giúp tôi."
_TOO_LONG = "Tin này dài quá hoặc có ký tự lạ. Anh/chị rút ngắn rồi gửi lại giúp tôi."
_DOWN = "Hệ thống đang tạm gián đoạn. Anh/chị thử lại sau ít phút nhé."


@dataclass
class Visit:
    """One posted form, and what its answer page shows."""

    session_id: str
    renewal: str
    typed: str
    choice: str
    message_id: str
    events: list[Event]
    notice: str = ""
    awaits: bool = False

    @classmethod
    def of(cls, body: bytes) -> "Visit":
        """Read a form; fields that are missing or unreadable are empty."""
        try:
            fields = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=20)
        except ValueError:
            fields = {}
        one = {name: values[0] for name, values in fields.items()}
        text = one.get("text", "").replace("\r\n", "\n").strip()
        names = ("session", "renewal")
        session_id, renewal = (one.get(name, "")[:100] for name in names)
        return cls(session_id, renewal, text, one.get("choice", ""), one.get("message", "")[:64], [])


def plain_router(
    sessions: WebSessions, notify: Notifier, on_message: Callable[[str], None], door: Doorkeeper | None = None
) -> APIRouter:
    """Return GET and POST /don-gian. The caller limits the body's size under PREFIX; `door` as in `web_router`."""
    router = APIRouter(include_in_schema=False)

    @router.api_route(PREFIX, methods=["GET", "HEAD"])
    async def first_page() -> Response:
        return _page(Visit("", "", "", "", "", []))

    @router.post(PREFIX)
    async def next_page(request: Request) -> Response:
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        visit = Visit.of(await request.body() if kind == _MEDIA_TYPE else b"")
        try:
            await _serve(visit, request)
        except Problem as refused:
            visit.notice = str(refused.detail)
            return _page(visit, refused.status_code, refused.headers)
        except (TokenRefused, SessionUnknown):
            visit.session_id = visit.renewal = ""
            visit.notice = _EXPIRED
        except ConversationBusy:
            visit.notice = _BUSY
        except StoreUnavailable:
            visit.notice = _DOWN
        return _page(visit)

    async def _serve(visit: Visit, request: Request) -> None:
        if not visit.session_id:
            if not visit.typed:
                return
            if door is not None:
                door.admit(request)
            opened = await asyncio.to_thread(sessions.open)
            visit.session_id, visit.renewal = opened.session_id, opened.renewal
        token = (await asyncio.to_thread(sessions.renew, visit.session_id, visit.renewal)).token
        admission = await asyncio.to_thread(sessions.admit, visit.session_id, token)
        if visit.choice == "erase":
            await asyncio.to_thread(sessions.end, admission)
            visit.session_id = visit.renewal = ""
            visit.notice = _ERASED
            return
        visit.events = await _history(admission)
        if visit.choice != "look":
            await _send(visit, admission)
        visit.events = await _reply(admission)
        visit.awaits = bool(visit.events) and visit.events[-1].kind is EventKind.CITIZEN

    async def _send(visit: Visit, admission: Admission) -> None:
        text, button = _pressed(visit.choice, visit.events) or (visit.typed, None)
        if not text:
            return
        try:
            message = MessageIn(client_message_id=visit.message_id or secrets.token_hex(8), text=text, button=button)
        except ValidationError:
            visit.notice = _TOO_LONG
            return
        conversation = admission.conversation_id
        await asyncio.to_thread(
            sessions.accept, conversation, message.client_message_id, message.text, message.button, None
        )
        visit.typed = ""
        on_message(conversation)
        notify.publish(conversation)

    async def _history(admission: Admission) -> list[Event]:
        events: list[Event] = []
        while True:
            after = events[-1].sequence if events else 0
            found = await asyncio.to_thread(sessions.events_after, admission.conversation_id, after)
            events += found
            if len(found) < PAGE_SIZE:
                return events

    async def _reply(admission: Admission) -> list[Event]:
        with notify.subscribe(admission.conversation_id) as wake, contextlib.suppress(TimeoutError):
            async with asyncio.timeout(MAX_WAIT_SECONDS):
                while True:
                    events = await _history(admission)
                    if not events or events[-1].kind in {EventKind.ASSISTANT, EventKind.OPERATOR}:
                        return events
                    await wake.wait(1.0)
        return await _history(admission)

    return router


def _pressed(choice: str, events: list[Event]) -> tuple[str, str] | None:
    """Return (title, id) of the quick reply that a token stands for."""
    place = parse_token(choice)
    event = next((event for event in events if place and event.sequence == place[0]), None)
    if place is None or event is None:
        return None
    buttons = event.body.get("buttons") or []
    return (buttons[place[1]]["title"], buttons[place[1]]["id"]) if place[1] < len(buttons) else None


def _page(visit: Visit, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    content = page(
        visit.events,
        session_id=visit.session_id,
        renewal=visit.renewal,
        typed=visit.typed,
        notice=visit.notice,
        awaits=visit.awaits,
    )
    return HTMLResponse(content, status, headers={**_HEADERS, **(headers or {})})
