"""Calls and looking up at a fake console; bodies are refused where the real ones refuse them."""

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, FastAPI, Query

from bot.core.cases.people import Principal
from channels.web.problems import Problem
from tests.browser.console_people import PREFIX, Body, People

SCRIPT = "Dạ, hội hoạt động trong xã thì anh/chị nộp hồ sơ ở Ủy ban nhân dân xã, gồm 9 loại giấy tờ ạ."
FACETS = [{"facet": "documents", "label": "giấy tờ"}, {"facet": "time", "label": "thời hạn"}]
LABELS = {each["facet"]: each["label"] for each in FACETS}
PAPERS = ("Đơn đề nghị thành lập hội", "Dự thảo điều lệ", "Danh sách ban vận động", "Phiếu lý lịch tư pháp")
TITLES = {
    "NV025": "Thủ tục thành lập hội",
    "NV031": "Thủ tục báo cáo tổ chức đại hội nhiệm kỳ của hội",
    "NV040": "Thủ tục thi tuyển công chức",
}


class LookedUp(Body):
    procedure_id: str
    facet: str = "general"


class WrapUp(Body):
    topic: str
    outcome: Literal["answered", "filed", "call_back", "referred", "dropped", "other"]
    note: str = ""


class Reason(Body):
    reason: str = ""


@dataclass
class Hotline:
    """What the fake keeps; `slow` questions wait so many seconds, `filings` is by client id."""

    calls: dict[str, dict[str, Any]] = field(default_factory=dict)
    lines: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    looked: list[tuple[str, str]] = field(default_factory=list)
    wrapped: list[dict[str, Any]] = field(default_factory=list)
    dial: str = "ready"
    dialled: list[tuple[str, str, str]] = field(default_factory=list)
    codes: list[tuple[str, str]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    slow: dict[str, float] = field(default_factory=dict)
    orders: dict[str, list[str]] = field(default_factory=dict)
    title: str | None = None
    scans: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    filings: dict[str, dict[str, Any]] = field(default_factory=dict)
    lose: set[str] = field(default_factory=set)
    decisions: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    pushed: list[tuple[str, dict[str, Any]]] | None = None
    questions: list[str] = field(default_factory=lambda: ["hội đồng hương muốn lập thì xin ai", "lập hội xóm"])

    def ring(self, name: str, number: str = "09•• ••• 678") -> None:
        self.calls[name] = {
            **{"id": name, "opaque": name, "line": "generic", "number_masked": number, "state": "ringing"},
            **{"started_at": datetime.now(UTC).isoformat(), "answered_at": None, "ended_at": None},
            **{"extension": None, "operator": None, "missed": False, "wrapped": False},
            **{"topic": None, "outcome": None, "summary": ""},
        }
        self.lines[name] = []
        self.push(name)

    def push(self, name: str) -> None:
        """Have the stream tell of a call, where it does."""
        if self.pushed is not None:
            self.pushed.append(("call", {"call": name}))

    def hear(self, name: str, order: int, text: str, *, final: bool = True, side: str = "caller") -> None:
        lines = [line for line in self.lines[name] if line["order"] != order]
        at = datetime.now(UTC).isoformat()
        self.lines[name] = [*lines, {"order": order, "side": side, "text": text, "final": final, "at": at}]

    def item(self, procedure_id: str, facet: str, words: list[str]) -> dict[str, Any]:
        sure = "chắc chắn" if procedure_id == "NV025" else "chưa chắc"
        return {
            **{"procedure_id": procedure_id, "title": self.title or TITLES[procedure_id], "level": "cấp xã"},
            **{
                "code": "1.013703",
                "facet": facet,
                "facet_label": dict((f["facet"], f["label"]) for f in FACETS)[facet],
            },
            "script": [self.title or SCRIPT, "Nộp hôm nay thì có kết quả trước ngày 08/01/2027."]
            if facet == "documents"
            else ["Dạ, thời hạn là 30 ngày làm việc từ khi nhận đủ hồ sơ ạ."],
            "why": {"words": words, "alias": "lập hội quần chúng", "how": "khớp tên thủ tục"},
            "confidence": sure,
            "light": {"colour": "green", "text": "còn hiệu lực"}
            if procedure_id == "NV025"
            else {"colour": "amber", "text": "chưa đối chiếu với bản gốc"},
            "decision": {
                "number": "963/QĐ-TTPVHCC",
                "date": "2025-06-27",
                "issuer": "Trung tâm Phục vụ hành chính công",
            },
            "basis": "Nghị định 126/2024/NĐ-CP",
            "due_if_today": {"date": "2027-01-08", "text": "30 ngày làm việc"},
            "checklist": [
                {"id": str(n), "text": text, "note": "bản chính" if n == 1 else None} for n, text in enumerate(PAPERS)
            ],
            "sources": [{"label": "Quyết định 963/QĐ-TTPVHCC ngày 27/6/2025", "url": None}],
            "facets": FACETS,
        }

    def found(self, words: str, facet: str = "documents") -> list[dict[str, Any]]:
        ids = ["NV040"] if "thi" in words.split() else ["NV025", "NV031"] if "hoi" in words or "hội" in words else []
        return [self.item(each, facet, words.split()[:3]) for each in self.orders.get(words, ids)]


def install_calls(app: FastAPI, people: People, hotline: Hotline) -> None:
    """Add /calls, /suggest and /procedures."""
    router = APIRouter(prefix=PREFIX)
    Caller = Annotated[Principal, Depends(people.signed_in)]

    def call_of(name: str) -> dict[str, Any]:
        if name not in hotline.calls:
            raise Problem(404, code="call-unknown", detail="Không tìm thấy cuộc gọi này.")
        return hotline.calls[name]

    @router.get("/suggest")
    def suggest(
        q: Annotated[str, Query(max_length=400)],
        _caller: Caller,
        facet: str = "documents",
        limit: int = 5,
        client: str | None = None,
    ) -> dict[str, Any]:
        hotline.asked.append(q)
        time.sleep(hotline.slow.get(q, 0))
        return {"query": q, "items": hotline.found(q.lower(), facet)[:limit], "elsewhere": None}

    @router.get("/procedures/{procedure_id}")
    def procedure(procedure_id: str, _caller: Caller) -> dict[str, Any]:
        item = hotline.item(procedure_id, "documents", [])
        sides = [{**each, "text": SCRIPT, "items": ["Đơn đề nghị"], "sources": item["sources"]} for each in FACETS]
        kept = {name: item[name] for name in ("title", "level", "code", "light", "checklist")}
        return {**kept, "facets": sides, "print": True}

    @router.get("/calls")
    def calls(_caller: Caller, box: str = "live", limit: int = 50) -> dict[str, Any]:
        live = box == "live"
        return {"items": [c for c in hotline.calls.values() if not live or c["state"] != "ended"][:limit]}

    @router.post("/calls")
    def make(caller: Caller, _body: Body) -> dict[str, Any]:
        hotline.ring(f"tay-{len(hotline.calls)}")
        call = list(hotline.calls.values())[-1]
        call.update(state="answered", operator={"id": caller.id, "name": caller.name}, number_masked=None)
        return call

    @router.get("/calls/{name}")
    def opened(name: str, _caller: Caller) -> dict[str, Any]:
        return {
            "call": call_of(name),
            "lines": sorted(hotline.lines[name], key=lambda line: line["order"]),
            **{"looked_up": [], "case_number": None, "case_numbers": []},
            "topics": [*dict.fromkeys(TITLES[each] for each, _ in hotline.looked), "Phản ánh", "Việc khác"],
            "outcomes": [
                {"outcome": "answered", "label": "Đã trả lời"},
                {"outcome": "call_back", "label": "Hẹn gọi lại"},
            ],
        }

    @router.get("/calls/{name}/suggestions")
    def suggestions(name: str, _caller: Caller) -> dict[str, Any]:
        lines = [line for line in hotline.lines[name] if line["side"] == "caller"]
        said = " ".join(line["text"] for line in lines).lower()
        return {"lines_upto": max((line["order"] for line in lines), default=0), "items": hotline.found(said)}

    @router.post("/calls/{name}/{verb}")
    def act(name: str, verb: Literal["answer", "end"], caller: Caller, _body: Body) -> dict[str, Any]:
        call = call_of(name)
        if verb == "answer":
            call.update(state="answered", operator={"id": caller.id, "name": caller.name})
        else:
            call.update(state="ended")
        hotline.push(name)
        return call

    install_acts(app, people, hotline)
    app.include_router(router)


def install_acts(app: FastAPI, people: People, hotline: Hotline) -> None:
    """Add what is done with a call; stands before the general verbs."""
    router = APIRouter(prefix=PREFIX)
    Caller = Annotated[Principal, Depends(people.signed_in)]

    @router.post("/calls/{name}/looked-up")
    def looked(name: str, body: LookedUp, _caller: Caller) -> dict[str, bool]:
        hotline.looked.append((body.procedure_id, body.facet))
        return {"done": True}

    @router.post("/calls/{name}/send")
    def send(name: str, body: LookedUp, _caller: Caller) -> dict[str, str]:
        hotline.codes.append((body.procedure_id, body.facet))
        return {"code": "TD 482 9173", "text": "Anh/chị nhắn mã TD 482 9173 cho Tiếp Dân trên Zalo trong 24 giờ ạ."}

    @router.post("/calls/{name}/reveal-number")
    def reveal(name: str, body: Reason, _caller: Caller) -> dict[str, str]:
        return {"number": "0900000678"}

    @router.get("/dial")
    def can_dial(_caller: Caller) -> dict[str, str]:
        return {"state": hotline.dial}

    @router.post("/{what}/{name}/dial")
    def dial(what: Literal["calls", "cases"], name: str, body: Reason, _caller: Caller) -> dict[str, bool]:
        hotline.dialled.append((what, name, body.reason))
        return {"done": True}

    @router.post("/calls/{name}/wrap-up")
    def wrap(name: str, body: WrapUp, _caller: Caller) -> dict[str, str]:
        hotline.wrapped.append(body.model_dump())
        hotline.calls[name].update(state="ended", wrapped=True, summary=f"Về {body.topic}. {body.note}")
        return {"summary": f"Về {body.topic}. {body.note}"}

    app.include_router(router)
