"""How `tiepdan case` writes: tables and pages in Vietnamese."""

import os
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path

from rich.console import Console
from rich.table import Column, Table

from bot.cli.acting import acting
from bot.core.cases.desk import RisingCase
from bot.core.cases.lifecycle import OPEN, Rising
from bot.core.cases.state import Answer, CaseFilter, Status
from bot.core.cases.views import VIETNAM, CaseView, EntryView, Revealed
from bot.core.errors import CaseError
from bot.core.phrases import load_phrases, vietnamese_date
from bot.core.taxonomy import Taxonomy
from bot.core.units import UnitRegistry

STATUS = {
    Status.RECEIVED: "mới nhận",
    Status.RELEASED: "đã cho chuyển",
    Status.ASSIGNED: "đã giao",
    Status.INSPECTION: "đoàn kiểm tra",
    Status.EXPLAINED: "đã báo cáo",
    Status.ANSWERED: "chờ duyệt",
    Status.CLOSED: "đã đóng",
    Status.WITHDRAWN: "đã rút",
    Status.PARKED: "để riêng",
}
WHY = {
    Rising.UNRELEASED: "chưa ai cho chuyển",
    Rising.OVERDUE: "quá hạn",
    Rising.PARKED: "để riêng đã lâu",
    Rising.LEFT: "giao cho tài khoản đã khóa",
}
_console = Console(highlight=False, soft_wrap=True, markup=False)


def say(text: str) -> None:
    """Print one line."""
    _console.print(text)


def cases(found: Sequence[CaseView], registry: UnitRegistry, today: date, *, more: bool) -> None:
    """Print a list."""
    table = Table(
        Column("Số phiếu", no_wrap=True), Column("Nhận", no_wrap=True), "Trạng thái", "Loại", "Mức", "Đơn vị", "Hạn"
    )
    for view in found:
        late = view.due_on and view.status in OPEN and view.due_on < today
        due = (vietnamese_date(view.due_on) + (" (quá hạn)" if late else "")) if view.due_on else ""
        limited = " (hạn chế)" if view.access == "restricted" else ""
        table.add_row(
            view.number,
            _day(view.received_at),
            STATUS[view.status],
            f"{view.input_type}{limited}",
            str(view.severity or ""),
            _unit(view.unit, registry),
            due,
        )
    _console.print(table)
    say(f"{len(found)} phiếu" + (", còn nữa: thêm --limit" if more else ""))


def case(view: CaseView, entries: Sequence[EntryView], registry: UnitRegistry) -> None:
    """Print a case with its timeline."""
    label = Taxonomy.load().label
    rows = [
        ("Phiếu", view.number),
        ("Trạng thái", STATUS[view.status] + (", trả lời đã được duyệt" if view.published else "")),
        ("Nhận", _day(view.received_at)),
        ("Hạn tiếp theo", vietnamese_date(view.due_on) if view.due_on else ""),
        ("Loại", view.input_type),
        ("Hành vi", "; ".join(map(label, view.behaviours))),
        ("Mức", str(view.severity or "") + (" (hạn chế)" if view.access == "restricted" else "")),
        ("Đơn vị", _unit(view.unit, registry)),
        ("Người bị nêu", view.staff or ""),
        ("Ngày xảy ra", vietnamese_date(view.event_date) if view.event_date else ""),
        ("Lời kể", view.narrative or ""),
        ("Liên hệ", view.contact or ""),
        ("Tệp", str(view.files or "")),
        ("Được giao", _unit(view.assigned_unit, registry) or view.assigned_to or ""),
    ]
    _rows((*rows, *(_answer(view.answer) if view.answer else ())))
    say("")
    for entry in entries:
        told = "; ".join(f"{name}: {value}" for name, value in entry.body.items() if value)
        say(
            f"{entry.sequence:>3}. {entry.at.astimezone(VIETNAM):%d/%m/%Y %H:%M}  {entry.kind}  {entry.actor}  {told}"
        )


def to_approve(view: CaseView) -> None:
    """Print the answer that waits for its second person. Raises CaseError: nothing is approved by reading."""
    if view.status is not Status.ANSWERED or view.answer is None or view.answer_sequence is None:
        raise CaseError("phiếu không có trả lời nào đang chờ duyệt mà tài khoản này đọc được")
    _rows((("Phiếu", view.number), *_answer(view.answer)))
    number = view.answer_sequence
    raise CaseError(f"chưa duyệt; nếu đồng ý với bản trên: tiepdan case publish {view.number} --answer {number}")


def revealed(opened: Revealed) -> None:
    """Print what was sealed."""
    contact = opened.contact
    rows = (
        ("Phiếu", opened.number),
        ("Họ tên", contact.name),
        ("Điện thoại", contact.phone),
        ("Thư điện tử", contact.email),
        ("Người bị nêu", opened.staff),
        ("Người chứng kiến", opened.witnesses),
        ("Lời kể", opened.narrative_raw),
        *(("Bổ sung", added) for added in opened.additions),
    )
    for name, value in rows:
        if value:
            say(f"{name + ':':<17} {value}")


def done(view: CaseView, *told: str) -> None:
    """Print where a case stands after a step."""
    due = f"hạn tiếp theo {vietnamese_date(view.due_on)}" if view.due_on and view.status in OPEN else ""
    say("; ".join(filter(None, (f"{view.number}: {STATUS[view.status]}", *told, due))))


def rising(everything: Sequence[RisingCase], seen: Sequence[RisingCase]) -> None:
    """Print what rises, as far as the principal may know of it."""
    for each in seen:
        say(f"{each.case.number}  {WHY[each.why]}, hạn {vietnamese_date(each.due)}")
    say(f"{len(everything)} phiếu đã được báo lên người phụ trách")


def write(file: Path, identity: bool, reason: str, as_: str) -> None:
    """Write an export, readable by its owner alone."""
    from channels.desk.export import json_lines, spreadsheet

    kind = file.suffix.lower()
    if kind not in {".jsonl", ".xlsx"} or (identity and kind == ".xlsx"):
        raise CaseError("tệp phải là .jsonl hoặc .xlsx; có danh tính thì chỉ .jsonl")
    with acting(as_) as at:
        rows = at.views.export(at.principal, CaseFilter(), identity=identity, reason=reason)
        registry = at.tools.registry
    if kind == ".xlsx":
        content = spreadsheet(rows, lambda unit: _unit(unit, registry), Taxonomy.load().label)
    else:
        content = json_lines(rows).encode()
    try:
        # Never seen by others, not even while it is written.
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
            os.fchmod(out.fileno(), 0o600)
            out.write(content)
    except OSError as error:
        raise CaseError(f"không ghi được {file}: {error.strerror}") from error
    say(f"đã xuất {len(rows)} phiếu vào {file}")


def _answer(answer: Answer) -> tuple[tuple[str, str], ...]:
    return (
        ("Kết luận", load_phrases().word(f"finding_{answer.finding.value}")),
        ("Trả lời", answer.text),
        ("Lý do", answer.reason),
        ("Văn bản", answer.document),
        ("Nếu chưa đồng ý", answer.remedy),
    )


def _rows(rows: Iterable[tuple[str, str]]) -> None:
    for name, value in rows:
        if value:
            say(f"{name + ':':<16} {value}")


def _unit(unit_id: str | None, registry: UnitRegistry) -> str:
    found = registry.unit(unit_id) if unit_id else None
    return found.name if found else unit_id or ""


def _day(moment: datetime) -> str:
    return vietnamese_date(moment.astimezone(VIETNAM).date())
