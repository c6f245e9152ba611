"""Suggestions over a small index and a real store, with a stand-in for signing in."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
from fastapi import FastAPI, Request

from bot.core.cases.people import Principal, Role
from bot.core.conversation import ConversationState
from bot.core.messages import EventKind, InboundMessage
from bot.core.phrases import load_phrases
from bot.core.replies import Reply
from bot.store import Store
from bot.wiring.suggestions import SuggestionSide
from channels.web.middleware import BodyLimit, ErrorBoundary
from channels.web.problems import Problem, install_problem_handlers
from knowledge.base import EncoderPool, LiveKnowledgeBase
from knowledge.build import open_index, rebuild
from knowledge.encoder import TextEncoder
from knowledge.encoder_training import ensure_encoder
from knowledge.gate import shipped_thresholds
from knowledge.records import Catalogue
from knowledge.schema import Record
from tests.contracts.steps import NOW, RECORD, claimed, finish
from tests.integration.small_catalogue import DAY, TINY, record, small_catalogue

OWN = SimpleNamespace(name="", query_prefix="", passage_prefix="", max_length=256)
FACTS: dict[str, Any] = {
    "dossier": [{"name": "Đơn đề nghị"}, {"name": "Bản sao điều lệ", "copy": 2}],
    "fee": "không",
    "place": "Điểm phục vụ hành chính công",
    "time_limit": {"value": 10, "unit": "working_days"},
    "confidence": {"identity": "verified", "dossier": "verified", "fee": "verified", "time_limit": "verified"},
}
EXTRA = (
    record("X30", "Thành lập quỹ từ thiện", "mở quỹ khuyến học", **FACTS),
    record("X31", "Cấp trích lục hồ sơ người có công", "xin bản sao hồ sơ thương binh", level="tỉnh", **FACTS),
)
PEOPLE = {
    role.value: Principal(f"p-{role.value}", "Vũ Thị Thơm", role)
    for role in (
        Role.OPERATOR, Role.OFFICER, Role.SUPERVISOR, Role.KNOWLEDGE_EDITOR, Role.ADMINISTRATOR, Role.AUDITOR,
    )
}  # fmt: skip
PEOPLE["other"] = Principal("p-other", "Lý Thu Hà", Role.OPERATOR)


class SmallKnowledge:
    """A trained encoder and a built index of a few records; `withdrawn` may be filled while tests run."""

    def __init__(self, root: Path, extra: Sequence[Record] = EXTRA) -> None:
        self.encoders, self.root = root / "encoder", root / "index"
        self.withdrawn: set[str] = set()
        self.catalogue = small_catalogue(extra)
        self.folder = ensure_encoder(
            self.catalogue.records, self.catalogue.content_hash, self.encoders, lambda _: None, TINY
        )
        self.build(self.catalogue)
        self.base = LiveKnowledgeBase(self.root, self.open, lambda: frozenset(self.withdrawn))

    def build(self, catalogue: Catalogue) -> None:
        """Build and swap in an index."""
        encoder = TextEncoder(self.folder)
        rebuild(catalogue, encoder, self.folder.name, self.root, DAY, lambda _: None, shipped_thresholds())

    def open(self, folder: Path) -> Any:
        """Open an index as the service does."""
        return open_index(folder, EncoderPool(OWN, self.encoders))


async def as_told(request: Request) -> Principal:
    """Stand in for signing in: a header says who calls."""
    who = request.headers.get("X-Test-Who", "")
    if who not in PEOPLE:
        raise Problem(401)
    return PEOPLE[who]


@dataclass
class Rig:
    """The routes over a store."""

    store: Store
    side: SuggestionSide
    app: FastAPI

    def client(self, who: str | None = "operator") -> httpx.AsyncClient:
        """Return a client that acts as somebody, or as nobody."""
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        headers = {"X-Test-Who": who} if who else {}
        return httpx.AsyncClient(transport=transport, base_url="http://test", headers=headers)

    def conversation(self, name: str, *texts: str, state: ConversationState | None = None) -> list[int]:
        """Start a conversation with messages of the citizen; return their sequences."""
        with self.store() as unit:
            unit.create_conversation(name, "web", NOW)
            stored = [
                unit.store_inbound(InboundMessage(name, f"{name}-{n}", text, NOW), 1_000).sequence
                for n, text in enumerate(texts)
            ]
            if state is not None:
                unit.save_state(name, state, NOW)
            unit.commit()
        return stored

    def answered(self, name: str, reply: Reply, outcome: str = "answered") -> int:
        """Let the assistant answer what waits; return the answer's sequence."""
        turn = claimed(self.store, name)
        told = replace(RECORD, outcome=outcome, procedure_id=reply.data.get("procedure"), facet=None)
        with self.store() as unit:
            assert unit.record_reply(turn.id, reply, told)
            sequence = unit.append_event(name, EventKind.ASSISTANT, reply.to_payload(), turn.id, NOW)
            unit.commit()
        finish(self.store, turn)
        return sequence

    def audited(self) -> list[tuple[str, str, str, str]]:
        """Return who did what to which subject and why."""
        with self.store() as unit:
            return [(e.principal, e.action, e.subject, e.reason) for e in unit.audit.entries()]


def open_rig(store: Store, knowledge: SmallKnowledge) -> Rig:
    """Put the routes over a store."""
    side = SuggestionSide(knowledge.base, store, load_phrases())
    app = FastAPI(docs_url=None, redoc_url=None)
    install_problem_handlers(app)
    for router in side.routers(as_told):
        app.include_router(router)
    app.add_middleware(BodyLimit, max_bytes=65_536, prefix="/api/console")
    app.add_middleware(ErrorBoundary)
    return Rig(store, side, app)
