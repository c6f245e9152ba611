"""The hotline over a real store: the desk's people, a switchboard's secrets, a catalogue of a few words."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

import httpx
from fastapi import Request

from bot.core.attachments import FileLimits
from bot.core.calendar import WorkingCalendar
from bot.core.calls.desk import CallDesk
from bot.core.calls.dialling import Dialler, Dialling
from bot.core.calls.intake import CallIntake
from bot.core.calls.suggesting import PlainSuggester
from bot.core.calls.tools import CallRules, CallTools
from bot.core.cases.people import Principal
from bot.core.enquiry.findings import Findings, Hit, Zone
from bot.core.filing.scans import Scans
from bot.core.procedures import Facet, Procedure, Status
from bot.store import Store
from channels.console.call_problems import install_call_problems
from channels.console.calls import calls_router
from channels.console.dialling import dialling_router
from channels.console.filing import Showing, filing_router
from channels.console.filing_files import filing_files_router
from channels.desk import Gate
from channels.files import FileDesk
from channels.hotline import Admission, hotline_router
from channels.web.problems import Problem
from nlu.text import fold
from tests.browser.fakes import SettableClock
from tests.filing_steps import PHRASES, REGISTRY, TAXONOMY, filing_desk
from tests.integration.desk_client import Office, open_office

TOKEN, LINES_TOKEN, QUERY_TOKEN, SIGNING = "t" * 20, "l" * 20, "q" * 20, "s" * 20
NUMBER = "0912345678"
RULES = CallRules(extensions={"101": "op", "102": "of2"})


def a_procedure(name: str, title: str) -> Procedure:
    return Procedure(name, None, title, (), "Hội", "xã", Status.IN_FORCE, date(2026, 11, 1))


PROCEDURES = {p.id: p for p in (a_procedure("X01", "Thành lập hội"), a_procedure("X02", "Cấp lại thẻ thương binh"))}


class WordKnowledge:
    """Finds a procedure by any of its longer words."""

    def search(self, question: str, now: datetime, limit: int = 10) -> Findings:
        asked = fold(question)
        found = [
            p.id for p in PROCEDURES.values() if any(len(word) > 3 and word in asked for word in fold(p.name).split())
        ]
        hits = tuple(Hit(name, 0.9, ("x",)) for name in found)
        zone = Zone.ANSWER if hits else Zone.REFUSE
        return Findings(hits, Facet.GENERAL, False, zone, bool(hits), 0.9 if hits else 0.0)

    def procedure(self, procedure_id: str, now: datetime) -> Procedure | None:
        return PROCEDURES.get(procedure_id)

    def choose(self, answer: str, options: Mapping[str, str]) -> str | None:
        return None


@dataclass
class Rig:
    """Everything of the hotline over one store."""

    office: Office
    calls: CallDesk
    intake: CallIntake
    tools: CallTools
    woken: list[bool]

    def told(self) -> list[str | None]:
        """Return of which calls operators' pages were told since the last look, in order."""
        with self.store() as unit:
            told = [change.conversation_id for change in unit.switchboard.changes(0, 500)]
            unit.switchboard.prune(datetime(2100, 1, 1, tzinfo=UTC))
            unit.commit()
        assert len(self.woken) == len(told)
        self.woken.clear()
        return told

    @property
    def store(self) -> Store:
        return self.office.store

    @property
    def clock(self) -> SettableClock:
        return self.office.clock

    def client(self, who: str | None = None) -> httpx.AsyncClient:
        return self.office.client(who)

    async def event(self, state: str, call: str = "c1", **more: Any) -> httpx.Response:
        """Tell of a call as a switchboard does."""
        body = {"loai": "cuoc_goi", "ma": call, "su_kien": state, "luc": self.clock.now().isoformat(), **more}
        async with self.client() as client:
            return await client.post("/api/hotline/events/generic", json=body, headers={"X-Hotline-Token": TOKEN})

    async def ring(self, call: str = "c1", number: str | None = NUMBER, **more: Any) -> str:
        """Let a telephone ring; return the call's opaque name."""
        answer = await self.event("do_chuong", call, tu=number, den="19001000", **more)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["ma"])

    async def say(self, *lines: tuple[str, str], call: str = "c1", first: int = 1) -> httpx.Response:
        """Say final lines: (ben, chu)."""
        now = self.clock.now()
        body = [
            {"ma": call, "ben": side, "thu_tu": at, "chu": words, "cuoi": True,
             "luc": (now + timedelta(seconds=at)).isoformat()}
            for at, (side, words) in enumerate(lines, first)
        ]  # fmt: skip
        async with self.client() as client:
            return await client.post("/api/hotline/transcripts", json=body, headers={"X-Hotline-Token": LINES_TOKEN})

    async def post(self, who: str, path: str, body: Any = None, status: int = 200) -> Any:
        async with self.client(who) as client:
            answer = await client.post(f"/api/console{path}", json={} if body is None else body)
        assert answer.status_code == status, answer.text
        assert status == 422 or answer.headers["cache-control"] == "no-store"
        return answer.json()

    async def get(self, who: str, path: str, status: int = 200) -> Any:
        async with self.client(who) as client:
            answer = await client.get(f"/api/console{path}")
        assert answer.status_code == status, answer.text
        return answer.json()

    def audited(self, action: str) -> list[tuple[str, str, str]]:
        """Return (who, subject, reason) of the audit's entries for an action."""
        with self.store() as unit:
            return [(e.principal, e.subject, e.reason) for e in unit.audit.entries(limit=500) if e.action == action]

    def task_notes(self, kind: str) -> list[str]:
        with self.store() as unit:
            return [task.note for task in unit.tasks.open() if task.kind == kind]


def _by_token(gate: Gate) -> Callable[..., Awaitable[Principal]]:
    """Stands for signing in at the console: the desk's tokens open it."""

    async def signed_in(request: Request) -> Principal:
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        found = await asyncio.to_thread(gate.admit, token, "")
        if found is None:
            raise Problem(401)
        return found

    return signed_in


def open_rig(store: Store, rules: CallRules = RULES, dialler: Dialler | None = None) -> Rig:
    """Put the hotline beside the desk."""
    office, woken = open_office(store), list[bool]()
    knowledge = WordKnowledge()
    suggester, calendar = PlainSuggester(knowledge), WorkingCalendar.load()
    wake = partial(woken.append, True)
    tools = CallTools(store, office.clock, knowledge, suggester, PHRASES, calendar, rules, wake)
    calls, intake = CallDesk(tools), CallIntake(tools)
    signed_in = _by_token(Gate(store, office.clock))
    app = office.app
    install_call_problems(app)
    app.include_router(calls_router(calls, signed_in))
    app.include_router(dialling_router(Dialling(tools, office.tools, dialler), signed_in))
    app.include_router(
        filing_router(filing_desk(store, office.clock), Showing(PHRASES, REGISTRY, TAXONOMY), signed_in)
    )
    files = FileDesk(store, office.clock, FileLimits())
    app.include_router(filing_files_router(Scans(store, office.clock), files, signed_in))
    admission = Admission(TOKEN, LINES_TOKEN, QUERY_TOKEN, SIGNING)
    app.include_router(hotline_router(intake, admission, office.clock, calls.opaque_of))
    return Rig(office, calls, intake, tools, woken)


LATER = datetime(2027, 1, 1, tzinfo=UTC)
