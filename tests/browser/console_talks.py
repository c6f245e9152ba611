"""Conversations, the live stream and presence of a fake console."""

import asyncio
import json
import threading
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, FastAPI, Request
from starlette.responses import JSONResponse, StreamingResponse

from bot.core.cases.people import Principal
from channels.web.problems import MEDIA_TYPE, Problem, problem_response
from tests.browser.console_calls import Hotline
from tests.browser.console_people import PREFIX, Body, People
from tests.browser.console_sample import QUICK, Talk


class Transfer(Body):
    to: str
    note: str


class Reply(Body):
    client_id: str
    text: str
    suggestion: str | None = None
    edited: bool = False


class Note(Body):
    text: str


class Summary(Body):
    summary: str


class Outcome(Body):
    outcome: Literal["answered", "filed", "referred", "called_back", "no_reply", "other"]


class Abuse(Body):
    step: Literal["warn", "end"]
    reason: str


class State(Body):
    state: Literal["available", "busy", "lunch", "away"]


class Nothing(Body):
    pass


@dataclass
class FakeConsole:
    """What the fake keeps. `lose` names what is done but answered with 503, once each: «reply»; `slow` after how many
    seconds the next answers of «suggestions» and «quick» come."""

    people: People = field(default_factory=People)
    hotline: Hotline = field(default_factory=Hotline)
    talks: dict[str, Talk] = field(default_factory=dict)
    quick: list[dict[str, Any]] = field(default_factory=lambda: [dict(reply) for reply in QUICK])
    presence: dict[str, str] = field(default_factory=dict)
    verdicts: list[dict[str, Any]] = field(default_factory=list)
    actions: list[tuple[str, str]] = field(default_factory=list)
    changes: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    lose: set[str] = field(default_factory=set)
    slow: dict[str, list[float]] = field(default_factory=dict)
    streams: int = 0
    cut: int = 0
    lock: threading.RLock = field(default_factory=threading.RLock)

    async def wait(self, what: str) -> None:
        """Let the answer come as late as `slow` says."""
        if self.slow.get(what):
            await asyncio.sleep(self.slow[what].pop(0))

    def talk(self, talk_id: str) -> Talk:
        if talk_id not in self.talks:
            raise Problem(404, code="conversation-unknown", detail="Không có hội thoại này.")
        return self.talks[talk_id]

    def changed(self, talk_id: str) -> None:
        self.talks[talk_id].version += 1
        self.changes.append(("changed", {"conversation_id": talk_id, "version": self.talks[talk_id].version}))

    def says(self, talk_id: str, text: str, *, told: bool = True) -> None:
        """The citizen writes; not `told`: to the assistant, of which the stream says nothing."""
        with self.lock:
            self.talks[talk_id].say("citizen", text, datetime.now(UTC))
            if told:
                self.changed(talk_id)

    def alarm(self, text: str, talk_id: str | None) -> None:
        self.changes.append(("alarm", {"text": text, "conversation_id": talk_id}))

    def name(self, user_id: str | None) -> dict[str, str] | None:
        return {"id": user_id, "name": self.people.accounts[user_id].name} if user_id else None

    def summary(self, talk: Talk) -> dict[str, Any]:
        return {**talk.summary(), "attended_by": self.name(talk.by)}

    def event(self, event: dict[str, Any]) -> dict[str, Any]:
        return {**event, "by": self.name(event["by"])}

    def mine(self, talk_id: str, caller: Principal) -> Talk:
        talk = self.talk(talk_id)
        if talk.by != caller.id:
            raise Problem(409, code="not-attended", detail="Anh/chị không giữ cuộc này nữa.")
        return talk


def install_talks(app: FastAPI, fake: FakeConsole) -> None:
    """Add conversations, the stream and presence."""
    router = APIRouter(prefix=PREFIX)
    Caller = Annotated[Principal, Depends(fake.people.signed_in)]
    at = "/conversations/{talk_id}"

    @router.get("/conversations")
    async def listed(caller: Caller, box: str = "all", q: str = "", limit: int = 50) -> dict[str, Any]:
        everything = sorted(fake.talks.values(), key=lambda talk: talk.last_at, reverse=True)
        boxes = {
            "waiting": [t for t in everything if t.owner == "WAITING" and not t.closed_at],
            "mine": [t for t in everything if t.by == caller.id and not t.closed_at],
            "all": [t for t in everything if not t.closed_at],
            "closed": [t for t in everything if t.closed_at],
        }
        found = [fake.summary(t) for t in boxes[box] if q.lower() in f"{t.label} {t.case_number or ''}".lower()]
        counts = {name: len(boxes[name]) for name in ("waiting", "mine", "all")}
        return {"items": found[:limit], "before": None, "counts": counts}

    @router.get(at)
    async def opened(talk_id: str, caller: Caller) -> dict[str, Any]:
        talk = fake.talk(talk_id)
        if not talk.readable(caller):
            raise Problem(403, code="not-permitted", detail="Việc này không thuộc quyền của tài khoản.")
        asked = [event["sequence"] for event in talk.events if event["kind"] == "citizen"]
        earlier = [fake.summary(t) for t in fake.talks.values() if t.closed_at and t.same_as == talk_id]
        return {
            "summary": fake.summary(talk),
            "events": [fake.event(event) for event in talk.events[-200:]],
            "notes": [{**note, "by": fake.name(note["by"])} for note in talk.notes],
            "earlier": {"conversations": earlier, "cases": talk.cases},
            "suggested_sequence": asked[-1] if asked else None,
        }

    @router.post(f"{at}/claim")
    async def claim(talk_id: str, _body: Nothing, caller: Caller) -> Any:
        talk = fake.talk(talk_id)
        if talk.by and talk.by != caller.id:
            problem = problem_response(409, code="claimed", detail="Đồng nghiệp đã nhận cuộc này.")
            told = {**json.loads(bytes(problem.body)), "by": fake.name(talk.by)}
            return JSONResponse(told, 409, media_type=MEDIA_TYPE)
        talk.owner, talk.by, talk.last_by, talk.closed_at = "OPERATOR", caller.id, caller.id, None
        fake.changed(talk_id)
        return fake.summary(talk)

    @router.post(f"{at}/release")
    async def release(talk_id: str, _body: Nothing, caller: Caller) -> dict[str, Any]:
        talk = fake.mine(talk_id, caller)
        talk.owner, talk.by = "WAITING", None
        fake.changed(talk_id)
        return fake.summary(talk)

    @router.post(f"{at}/transfer")
    async def transfer(talk_id: str, body: Transfer, caller: Caller) -> dict[str, Any]:
        talk = fake.mine(talk_id, caller)
        talk.by, talk.last_by = body.to, body.to
        talk.notes.append(
            {"at": datetime.now(UTC).isoformat(), "by": caller.id, "kind": "transfer", "text": body.note}
        )
        fake.changed(talk_id)
        return fake.summary(talk)

    @router.post(f"{at}/reply")
    async def reply(talk_id: str, body: Reply, caller: Caller) -> dict[str, Any]:
        with fake.lock:
            talk = fake.mine(talk_id, caller)
            if body.client_id not in talk.sent:
                event = talk.say("operator", body.text, datetime.now(UTC), by=caller.id)
                talk.sent[body.client_id] = event
                talk.replies.append(body.model_dump())
                fake.changed(talk_id)
            if "reply" in fake.lose:
                fake.lose.remove("reply")
                raise Problem(503)
            return fake.event(talk.sent[body.client_id])

    @router.post(f"{at}/note")
    async def note(talk_id: str, body: Note, caller: Caller) -> dict[str, bool]:
        talk = fake.talk(talk_id)
        talk.notes.append({"at": datetime.now(UTC).isoformat(), "by": caller.id, "kind": "note", "text": body.text})
        fake.changed(talk_id)
        return {"done": True}

    @router.post(f"{at}/hand-back")
    async def hand_back(talk_id: str, body: Summary, caller: Caller) -> dict[str, Any]:
        talk = fake.mine(talk_id, caller)
        talk.owner, talk.by = "BOT", None
        talk.notes.append(
            {"at": datetime.now(UTC).isoformat(), "by": caller.id, "kind": "summary", "text": body.summary}
        )
        talk.say("notice", "Trợ lý tự động trả lời tiếp từ đây.", datetime.now(UTC))
        fake.changed(talk_id)
        return fake.summary(talk)

    @router.post(f"{at}/close")
    async def close(talk_id: str, body: Outcome, caller: Caller) -> dict[str, Any]:
        talk = fake.mine(talk_id, caller) if fake.talk(talk_id).by else fake.talk(talk_id)
        talk.owner, talk.by, talk.closed_at, talk.outcome = "BOT", None, datetime.now(UTC), body.outcome
        fake.changed(talk_id)
        return fake.summary(talk)

    @router.post(f"{at}/abuse")
    async def abuse(talk_id: str, body: Abuse, caller: Caller) -> dict[str, Any]:
        talk = fake.talk(talk_id)
        if body.step == "end" and caller.role.value != "supervisor":
            raise Problem(403, code="not-permitted", detail="Chỉ người phụ trách được kết thúc.")
        talk.say("notice", "Đã nhắc lời lẽ." if body.step == "warn" else "Đã kết thúc.", datetime.now(UTC))
        if body.step == "end":
            talk.owner, talk.by, talk.closed_at = "BOT", None, datetime.now(UTC)
        fake.changed(talk_id)
        return fake.summary(talk)

    @router.get("/stream")
    async def stream(request: Request, _caller: Caller) -> StreamingResponse:
        async def events() -> AsyncIterator[str]:
            known = request.headers.get("last-event-id", "")
            done, cut = int(known) if known.isdecimal() else len(fake.changes), fake.cut
            fake.streams += 1
            yield ": here\n\n"
            while fake.cut == cut:
                for number, (name, data) in enumerate(fake.changes[done:], done + 1):
                    yield f"id: {number}\nevent: {name}\ndata: {json.dumps(data)}\n\n"
                    done = number
                await asyncio.sleep(0.03)

        return StreamingResponse(events(), media_type="text/event-stream", headers={"Cache-Control": "no-store"})

    @router.get("/presence")
    async def present(_caller: Caller) -> list[dict[str, Any]]:
        attending = [talk.by for talk in fake.talks.values()]
        return [
            {**(fake.name(user) or {}), "state": state, "attending": attending.count(user)}
            for user, state in fake.presence.items()
        ]

    @router.post("/presence")
    async def say_presence(body: State, caller: Caller) -> dict[str, bool]:
        fake.presence[caller.id] = body.state
        fake.changes.append(("presence", {}))
        return {"done": True}

    @router.get("/hours")
    async def hours(_caller: Caller) -> dict[str, Any]:
        return {"open": True, "on_duty": 3, "shift": "ca chiều", "next_open": None}

    app.include_router(router)
