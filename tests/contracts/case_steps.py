"""Steps of the contract tests of cases: filings, and what citizens, workers and officers do with them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any

from bot.core.cases.number import check_digit
from bot.core.cases.ports import Attachment, OutboxRow
from bot.core.cases.record import CaseRecord, Consent, Contact, Filing, Story
from bot.core.cases.state import Case, CaseEvent, Status
from bot.core.ports import UnitOfWorkFactory
from bot.core.story import DeskKind, Identity
from tests.contracts.steps import NOW, at

SECRET = "K7MD-3XPA"
CONTACT = Contact("Nguyễn Thị Hạnh", "0912 345 678", "Hanh.Nguyen@example.vn")
RECORD = CaseRecord(
    input_type="PHAN_ANH",
    behaviours=("TD-QUATMANG", "CB-CHAMTRE"),
    severity=3,
    narrative="Cán bộ quát tôi, gọi lại [số điện thoại] nhé",
    narrative_raw="Cán bộ quát tôi, gọi lại 0912345678 nhé",
    identity=Identity.NAMED,
    channel="web",
    received_at=NOW,
    unit="PX-CAUGIAY",
    unit_former="phường Quan Hoa",
    unit_options=("PX-CAUGIAY", "PX-LANG"),
    desk=DeskKind.ONE_STOP,
    counter="5",
    staff="Trần Văn Bắc",
    event_date=date(2026, 11, 18),
    event_time=time(14, 30),
    procedure="NV-1",
    dossier_code="H26.1-261118-0007",
    story=Story("đi ra ngoài", 90, 3, 200_000, "bác bảo vệ", ("ghi âm", "ảnh"), "được xin lỗi"),
    contact=CONTACT,
    consent=Consent("2026-11-1", datetime(2026, 11, 21, 2, 59, tzinfo=UTC), ("bao_ket_qua",)),
    statements=("khong_phai_don",),
    data_versions=("hanh_vi-1", "don_vi-2"),
)


def number_of(serial: int) -> str:
    """Return a valid case number."""
    digits = f"{serial:07}"
    digits += str(check_digit(digits))
    return f"PA-{digits[:4]}-{digits[4:]}"


def filing(case: str = "a", serial: int = 1, conversation: str = "c", **changes: Any) -> Filing:
    """Return a filing; `changes` are the record's."""
    return Filing(
        case_id=case,
        number=number_of(serial),
        secret=SECRET,
        conversation_id=conversation,
        record=replace(RECORD, **changes),
        due_on=date(2026, 12, 5),
        clock_basis="10 ngày làm việc",
    )


def file(units: UnitOfWorkFactory, case: str = "a", serial: int = 1, conversation: str = "c", **changes: Any) -> bool:
    with units() as unit:
        filed = unit.cases.file(filing(case, serial, conversation, **changes), NOW)
        unit.commit()
    return filed


def case(units: UnitOfWorkFactory, case: str = "a") -> Case:
    with units() as unit:
        return unit.cases.case(case)


def timeline(units: UnitOfWorkFactory, case: str = "a") -> list[CaseEvent]:
    with units() as unit:
        return unit.cases.timeline(case)


def change(
    units: UnitOfWorkFactory,
    case: str = "a",
    event: str = "released",
    actor: str = "lan",
    body: dict[str, Any] | None = None,
    expected: Sequence[Status] = (),
    seconds: float = 1,
    **values: Any,
) -> CaseEvent:
    with units() as unit:
        entry = unit.cases.change(case, event, actor, at(seconds), body, expected=expected, **values)
        unit.commit()
    return entry


def hand_out(
    units: UnitOfWorkFactory, worker: str = "w", seconds: float = 0, lease_seconds: float = 60
) -> OutboxRow | None:
    """Claim a row of the outbox."""
    with units() as unit:
        row = unit.outbox.claim(worker, at(seconds), lease_seconds)
        unit.commit()
    return row


def handed_out(units: UnitOfWorkFactory, worker: str = "w", seconds: float = 0) -> OutboxRow:
    row = hand_out(units, worker, seconds)
    assert row is not None
    return row


def deliver(units: UnitOfWorkFactory, row: OutboxRow, reference: str = "BE-1", seconds: float = 0) -> None:
    receipt = {"reference": reference, "key": row.key, "received_at": at(seconds).isoformat()}
    with units() as unit:
        unit.outbox.delivered(row.id, receipt, at(seconds))
        unit.commit()


def attachment(id: str, sha256: str | None = None, conversation: str = "c", seconds: float = 0) -> Attachment:
    return Attachment(id, conversation, None, "image/jpeg", f"ảnh {id}.jpg", 3, sha256 or f"sha-{id}", at(seconds))


def attach(units: UnitOfWorkFactory, *files: Attachment) -> list[bool]:
    with units() as unit:
        added = [unit.attachments.add(f, f"gốc {f.id}".encode(), f"sạch {f.id}".encode()) for f in files]
        unit.commit()
    return added
