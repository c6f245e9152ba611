"""Filing and the review of a fake console; bodies are refused where the real ones refuse them."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, FastAPI, Request
from pydantic import Field

from bot.core.cases.people import Principal
from channels.web.problems import Problem
from tests.browser.console_calls import Hotline
from tests.browser.console_people import PREFIX, Body, People


class Contact(Body):
    name: str | None = None
    phone: str | None = None
    email: str | None = None
    caller: bool = False


class Draft(Body):
    """As channels.console.filing_schemas.DraftIn."""

    text: str
    source: Literal["hotline", "letter", "email", "suggestion_box", "web", "visit"]
    call_id: str | None = None
    received_on: str | None = None
    heard_at: str | None = None
    by_hand: list[str] = Field(default_factory=list)
    input_type: str | None = None
    behaviours: list[str] = Field(default_factory=list)
    unit: str | None = None
    unit_said: str | None = None
    desk: str | None = None
    counter: str | None = None
    staff: str | None = None
    event_date: str | None = None
    event_time: str | None = None
    event_approximate: bool = False
    procedure: str | None = None
    dossier_code: str | None = None
    said: str | None = None
    waited_minutes: int | None = None
    visits: int | None = None
    amount: int | None = None
    witnesses: str | None = None
    evidence: list[str] = Field(default_factory=list)
    wanted: str | None = None
    identity: str | None = None
    contact: Contact = Contact()
    reach: str | None = None
    child: bool = False


class ReadIn(Body):
    text: str
    source: str
    call_id: str | None = None
    received_on: str | None = None
    draft: Draft | None = None


class CheckIn(Body):
    draft: Draft


class Consent(Body):
    contact: Literal["spoken", "written", "none"]
    said_at: str | None = None


class Confirm(Body):
    client_id: str
    draft: Draft
    consent: Consent


class Decision(Body):
    decision: Literal["example", "alias", "note", "dismiss"]
    procedure_id: str | None = None
    facet: str | None = None
    text: str = ""


def checked(draft: Draft) -> dict[str, Any]:
    """Read a story as plainly as the tests need."""
    told = draft.model_dump()
    hand = set(draft.by_hand)
    text = draft.text.lower()

    def read(name: str, value: object) -> None:
        if name not in hand:
            told[name] = value

    read("input_type", "phan_anh_hanh_vi")
    read("unit", "HN-BADINH" if "ba đình" in text else None)
    read("behaviours", ["TN-HOACH"] if "quát" in text or "hách" in text else [])
    read("event_date", "2026-11-24" if "hôm kia" in text else None)
    read("event_time", "09:30:00" if "9 giờ rưỡi" in text else None)
    read("staff", "cô áo xanh" if "cô áo xanh" in text else None)
    missing = [
        {"field": name, "question": question, "required": required}
        for name, question, required in (
            ("unit", "Dạ, việc xảy ra ở phường, xã nào ạ?", True),
            ("event_date", "Dạ, hôm đó là ngày nào ạ?", False),
            ("identity", "Anh/chị cho ghi tên hay ẩn danh ạ?", True),
        )
        if not told[name] and not (name == "unit" and told["unit_said"])
    ]
    twin = {"number": "PA-26-0007", "status": "received", "received_on": "2026-11-25", "same_person": True}
    return {
        "draft": {**told, "heard_at": "2026-11-26T09:00:00+07:00"},
        "missing": [*missing, {"field": "consent", "question": "Anh/chị đồng ý cho giữ số chứ ạ?", "required": True}],
        "warnings": [{"code": "danger", "text": draft.text[:300], "grave": True}] if "<img" in draft.text else [],
        "type": {"code": "phan_anh_hanh_vi", "label": "Phản ánh hành vi"},
        "others": [],
        "behaviours": [
            {"code": c, "label": "Hách dịch, quát mắng", "probability": None if "behaviours" in hand else 0.93}
            for c in told["behaviours"]
        ],
        "severity": 2,
        "restricted": False,
        "unit": {"id": "HN-BADINH", "name": "Phường Ba Đình"} if told["unit"] else None,
        "unit_options": [],
        "twins": [twin] if told["unit"] and told["event_date"] else [],
    }


def install_filing(app: FastAPI, people: People, hotline: Hotline) -> None:
    """Add /filing, /review and /notes."""
    router = APIRouter(prefix=PREFIX)
    Caller = Annotated[Principal, Depends(people.signed_in)]

    @router.get("/filing/files")
    def scans(client_id: str, _caller: Caller) -> dict[str, Any]:
        return {"items": hotline.scans.get(client_id, [])}

    @router.post("/filing/files", status_code=201)
    async def add_scan(request: Request, client_id: str, source: str, name: str, _caller: Caller) -> dict[str, Any]:
        content = await request.body()
        if not content.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8")):
            raise Problem(415, code="file-scan", detail="Chỉ nhận tệp PDF, JPEG, PNG.")
        held = hotline.scans.setdefault(client_id, [])
        held.append({"id": f"{len(held):032x}", "name": name, "media_type": "application/pdf", "size": len(content)})
        return held[-1]

    @router.delete("/filing/files/{file_id}")
    def drop_scan(file_id: str, client_id: str, _caller: Caller) -> dict[str, bool]:
        hotline.scans[client_id] = [each for each in hotline.scans[client_id] if each["id"] != file_id]
        return {"done": True}

    @router.get("/filing/choices")
    def choices(_caller: Caller) -> dict[str, Any]:
        def of(*pairs: tuple[str, str]) -> list[dict[str, str]]:
            return [{"code": code, "label": label} for code, label in pairs]

        return {
            "types": of(("phan_anh_hanh_vi", "Phản ánh hành vi"), ("to_cao", "Tố cáo")),
            "behaviours": of(("TN-HOACH", "Hách dịch, quát mắng"), ("TN-HOILO", "Gợi ý đưa tiền")),
            "desks": of(("counter", "Quầy một cửa")),
            "identities": of(("anonymous", "Ẩn danh"), ("hidden", "Giấu tên"), ("named", "Cho ghi tên")),
            "ways": of(("call", "gọi điện")),
            "sources": of(("hotline", "tổng đài"), ("letter", "đơn giấy"), ("web", "trang web")),
        }

    @router.get("/filing/units")
    def units(_caller: Caller, q: str = "") -> dict[str, Any]:
        return {"items": [{"id": "HN-BADINH", "name": "Phường Ba Đình"}] if q.lower().startswith("ba") else []}

    @router.post("/filing/read")
    def read(body: ReadIn, _caller: Caller) -> dict[str, Any]:
        draft = body.draft or Draft(text="", source="hotline")
        return checked(draft.model_copy(update={"text": body.text, "call_id": body.call_id}))

    @router.post("/filing/read-back")
    def back(body: CheckIn, _caller: Caller) -> dict[str, list[str]]:
        return {"script": [f"Tôi đọc lại: {body.draft.text[:200]}", "Anh/chị có đồng ý cho giữ số liên hệ không ạ?"]}

    @router.post("/filing/confirm")
    def confirm(body: Confirm, _caller: Caller) -> dict[str, Any]:
        hotline.filings[body.client_id] = body.model_dump()
        if "confirm" in hotline.lose:
            hotline.lose.discard("confirm")
            raise Problem(503, code="unavailable", detail="Hệ thống tạm gián đoạn.")
        told = {"number": "PA-26-0042", "secret": "K7M2-Q9XR", "due_on": "2026-12-10"}
        return {**told, "linked": [], "added": False, "restricted": False}

    @router.get("/review")
    def review(_caller: Caller, kind: str | None = None) -> dict[str, Any]:
        group = {
            **{"id": "g1", "title": hotline.questions[0], "count": 7, "questions": hotline.questions},
            **{"kinds": ["refused"], "procedure": None, "last_at": "2026-11-26T02:00:00+00:00"},
        }
        return {"groups": [] if hotline.decisions or kind == "wrong" else [group]}

    @router.post("/review/{group_id}")
    def decide(group_id: str, body: Decision, _caller: Caller) -> dict[str, bool]:
        hotline.decisions.append((group_id, body.model_dump()))
        return {"done": True}

    @router.get("/notes")
    def notes(_caller: Caller) -> dict[str, Any]:
        return {"notes": []}

    app.include_router(router)
