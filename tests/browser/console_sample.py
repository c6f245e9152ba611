"""Conversations, drafts and quick replies that look like an office's day, for looking at the page and testing it."""

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot.core.cases.people import Principal, Role
from tests.browser.fake_dialogue import DOSSIER

_DATA: dict[str, Any] = json.loads((Path(__file__).parent / "console_sample.json").read_text(encoding="utf-8"))
QUICK: list[dict[str, Any]] = _DATA["quick"]
# What a hostile citizen may write: it stays text.
MARKUP = (
    "<img src=x onerror=\"document.title='hong'\"><script>document.title='hong'</script>"
    "<svg onload=\"document.title='hong'\"> <a href=\"javascript:document.title='hong'\">bấm</a> {{7*7}} ${7*7}"
)


@dataclass
class Talk:
    """A conversation as the fake keeps it; `by` is who attends it."""

    id: str
    label: str
    channel: str
    started: datetime
    owner: str = "BOT"
    by: str | None = None
    reason: str | None = None
    urgency: int = 0
    place: int | None = None
    case_number: str | None = None
    closed_at: datetime | None = None
    outcome: str | None = None
    same_as: str | None = None
    last_by: str | None = None
    version: int = 1
    events: list[dict[str, Any]] = field(default_factory=list)
    notes: list[dict[str, Any]] = field(default_factory=list)
    cases: list[dict[str, Any]] = field(default_factory=list)
    sent: dict[str, dict[str, Any]] = field(default_factory=dict)
    replies: list[dict[str, Any]] = field(default_factory=list)

    @property
    def last_at(self) -> str:
        return str(self.events[-1]["at"]) if self.events else self.started.isoformat()

    def readable(self, who: Principal) -> bool:
        """As bot.core.handover.access.may_read: an operator reads what waits, and what is or was their own."""
        if who.role is Role.SUPERVISOR:
            return True
        if who.role is Role.OFFICER:
            return self.owner != "BOT" or self.closed_at is not None
        if self.owner == "OPERATOR":
            return self.by == who.id
        return self.owner == "WAITING" or self.last_by == who.id

    def say(
        self, kind: str, text: str, at: datetime, reply: dict[str, Any] | None = None, by: str | None = None
    ) -> dict[str, Any]:
        event = {
            "sequence": len(self.events) + 1, "kind": kind, "at": at.isoformat(), "text": text, "reply": reply,
            "by": by,
        }  # fmt: skip
        self.events.append(event)
        return event

    def summary(self) -> dict[str, Any]:
        last = next((event for event in reversed(self.events) if event["kind"] != "notice"), None)
        return {
            "id": self.id, "channel": self.channel, "label": self.label, "owner": self.owner,
            "reason": self.reason if self.owner == "WAITING" or self.by else None, "urgency": self.urgency,
            "waiting_since": self.started.isoformat() if self.owner == "WAITING" else None, "last_at": self.last_at,
            "last_text": last["text"][:140] if last else "", "last_from": last["kind"] if last else None,
            "place": self.place if self.owner == "WAITING" else None, "case_number": self.case_number,
            "closed_at": self.closed_at.isoformat() if self.closed_at else None, "version": self.version,
        }  # fmt: skip


def samples(now: datetime) -> list[Talk]:
    """Return an office's conversations; the first waits for a person."""
    waiting = Talk("t-waiting", "Khách 3F2A", "zalo", now - timedelta(minutes=6), "WAITING", None, "failed", 2, 1)
    at = now - timedelta(minutes=9)
    waiting.say("citizen", "muon lap hoi nguoi cao tuoi o xa can giay to gi", at)
    waiting.say("assistant", DOSSIER.text, at + timedelta(seconds=1), DOSSIER.to_payload())
    waiting.say(
        "citizen",
        "thế hội của thôn thì có cần phiếu lý lịch không, người đứng đầu 80 tuổi rồi",
        at + timedelta(minutes=2),
    )
    waiting.say(
        "assistant", "Tôi chưa biết chắc câu này. Anh/chị muốn gặp nhân viên trực không?", at + timedelta(minutes=2)
    )
    waiting.say("citizen", "cho tôi gặp người", at + timedelta(minutes=3))
    waiting.say("notice", "Đã chuyển sang chỗ chờ gặp nhân viên trực, vị trí thứ 1.", at + timedelta(minutes=3))
    waiting.notes.append(
        {
            "at": at.isoformat(),
            "by": "hung.tv",
            "kind": "note",
            "text": "Tuần trước đã hỏi về điều lệ hội, gọi lại rồi.",
        }
    )
    waiting.cases.append(
        {"number": "PA-4829-1372", "status": "closed", "behaviours": ["HS-CHAM"], "created_at": at.isoformat()}
    )

    danger = Talk("t-danger", "Khách 9C01", "web", now - timedelta(minutes=2), "WAITING", None, "danger", 5, 2)
    danger.say("citizen", "họ chặn cửa không cho tôi về, dọa đánh", now - timedelta(minutes=2))
    angry = Talk("t-angry", "Khách 77B2", "telegram", now - timedelta(minutes=14), "WAITING", None, "anger", 3, 3)
    angry.say(
        "citizen", "hỏi 3 lần rồi máy trả lời lung tung, có ai làm việc không vậy???", now - timedelta(minutes=14)
    )
    held = Talk("t-held", "Khách 1D44", "zalo", now - timedelta(minutes=25), "OPERATOR", "hung.tv", "asked", 1)
    held.say("citizen", "giấy phép lao động cho chuyên gia Hàn Quốc gia hạn thế nào", now - timedelta(minutes=25))
    held.say("operator", "Dạ tôi đang xem hồ sơ, anh/chị chờ chút ạ.", now - timedelta(minutes=20), by="hung.tv")
    bot = Talk("t-bot", "Khách C3E9", "web", now - timedelta(minutes=40), case_number="PA-1190-4467")
    bot.say("citizen", "trợ cấp thất nghiệp nộp ở đâu", now - timedelta(minutes=40))
    bot.say(
        "assistant",
        "Anh/chị nộp ở Trung tâm Dịch vụ việc làm Hà Nội, hoặc trên Cổng Dịch vụ công.",
        now - timedelta(minutes=40),
    )
    done = Talk(
        "t-done",
        "Khách 3F2A",
        "zalo",
        now - timedelta(days=8),
        closed_at=now - timedelta(days=8),
        outcome="answered",
        same_as="t-waiting",
        last_by="lan.nt",
    )
    done.say("citizen", "điều lệ hội viết theo mẫu nào", now - timedelta(days=8))
    done.say("operator", "Mẫu số 4 kèm Nghị định 126/2024/NĐ-CP ạ.", now - timedelta(days=8), by="lan.nt")
    hostile = Talk("t-hostile", MARKUP[:60], "web", now - timedelta(minutes=50))
    hostile.say("citizen", MARKUP, now - timedelta(minutes=50))
    hostile.say("assistant", MARKUP, now - timedelta(minutes=49), {
        "act": "answer", "text": MARKUP,
        "blocks": [{"kind": "list", "title": MARKUP, "text": MARKUP, "items": [MARKUP]}],
        "sources": [{"kind": "portal", "label": MARKUP, "url": "javascript:document.title='hong'"}],
        "buttons": [{"id": "x", "title": MARKUP}], "data": {},
    })  # fmt: skip
    hostile.notes.append({"at": now.isoformat(), "by": "hung.tv", "kind": "note", "text": MARKUP})
    return [waiting, danger, angry, held, bot, done, hostile]


def drafts(talk_id: str, sequence: int, text: str) -> dict[str, Any]:
    """Return up to three drafted answers to a message, made of markup where the message is."""
    if text != MARKUP and not any(word in text for word in ("hội", "lap hoi", "gặp")):
        return {"id": None, "items": []}
    hostile = {"text": MARKUP, "confidence": MARKUP} if text == MARKUP else {}
    return {"id": f"s-{talk_id}-{sequence}", "items": [{**item, **hostile} for item in _DATA["drafts"]]}
