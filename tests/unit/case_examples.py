"""Cases and principals for the unit tests of what people do with cases."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from bot.core.cases.people import Principal, Role
from bot.core.cases.record import CaseRecord, Contact
from bot.core.cases.state import Answer, Case, Finding, Status
from bot.core.story import DeskKind, Identity

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
UNIT, OTHER = "HN-00004", "HN-00008"
RECORD = CaseRecord(
    input_type="PHAN_ANH_HANH_VI",
    behaviours=("TD-XUCPHAM",),
    severity=3,
    narrative="Cán bộ quát tôi ở quầy 3.",
    narrative_raw="Cán bộ quát tôi ở quầy 3, gọi 0912345678.",
    identity=Identity.NAMED,
    channel="web",
    received_at=NOW,
    unit=UNIT,
    desk=DeskKind.ONE_STOP,
    staff="anh Phạm Quốc Khánh, đeo kính",
    event_date=date(2026, 11, 18),
    contact=Contact("Trần Thị Bích Ngọc", "0912345678"),
)
ANSWER = Answer(Finding.TRUE, "Phản ánh đúng.", "Theo báo cáo.", "12/SNV", "Khiếu nại trong 90 ngày.")


def case(status: Status = Status.RECEIVED, *, record: dict[str, Any] | None = None, **changes: Any) -> Case:
    """Return a case in a state; `record` changes its record."""
    told = replace(RECORD, **(record or {}))
    fields: dict[str, Any] = {
        "id": "a",
        "number": "PA-4829-1370",
        "conversation_id": "conversation-1",
        "status": status,
        "access": told.access,
        "record": told,
        "created_at": NOW,
        "updated_at": NOW,
        "due_on": date(2026, 12, 8),
        "clock_basis": "",
    }
    return Case(**{**fields, **changes})


def principal(role: Role, unit: str | None = None, name: str = "Ngô Bảo Châu", **changes: Any) -> Principal:
    """Return somebody."""
    return Principal(changes.pop("id", f"p-{role.value}"), name, role, unit, **changes)
