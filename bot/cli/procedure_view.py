"""How the terminal shows one procedure."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Protocol

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from bot.core.procedures import Confidence, DossierItem, LegalBasis, Procedure, Status, TimeLimit, TimeUnit

UNKNOWN = "chưa có dữ liệu"
STATUS = {
    Status.IN_FORCE: "đang có hiệu lực",
    Status.REPEALED: "đã bãi bỏ",
    Status.SUSPENDED: "đang tạm dừng",
    Status.UNCERTAIN: "không chắc còn áp dụng",
    Status.ROUTING: "thuộc cơ quan khác",
    Status.INTERNAL: "nội bộ giữa các cơ quan",
}


class SourceLike(Protocol):
    """A reference to where facts were read."""

    @property
    def ref(self) -> str:
        """The reference in words."""
        ...


def procedure_view(
    procedure: Procedure, sources: Sequence[SourceLike], day: date, hidden: bool = False
) -> RenderableType:
    """Return the procedure as a panel: every fact, «chưa có dữ liệu» where one is missing, and its proof.

    A hidden one says so first: nothing below is answered to citizens.
    """
    table = Table.grid(padding=(0, 2))
    table.add_column(style="bold", no_wrap=True)
    table.add_column(ratio=1)
    table.add_column(style="dim", no_wrap=True)
    p = procedure
    rows: list[tuple[str, str | None, str | None]] = [
        ("Mã quốc gia", p.code, "code"),
        ("Tình trạng", _status(p), "validity"),
        ("Lĩnh vực, cấp", ", ".join(filter(None, (p.field, p.level))), "identity"),
        ("Thuộc về", p.responsible, None),
        ("Hay gọi là", "; ".join(p.aliases), None),
        ("Đối tượng", p.applicants, "applicants"),
        ("Điều kiện", p.conditions, "conditions"),
        ("Hồ sơ", "\n".join(_paper(n, item) for n, item in enumerate(p.dossier, 1)), "dossier"),
        ("Trình tự", "\n".join(f"{n}. {step}" for n, step in enumerate(p.steps, 1)), "steps"),
        ("Thời hạn", _limit(p.time_limit), "time_limit"),
        ("Lệ phí", p.fee, "fee"),
        ("Cách nộp", _channels(p), "channels"),
        ("Nơi nộp", p.place, "place"),
        ("Người quyết định", p.authority, "authority"),
        ("Kết quả", p.result, "result"),
        ("Không phải nộp", "\n".join(p.data_replaces), "legal_basis"),
        ("Căn cứ", "\n".join(_basis(b) for b in p.legal_basis), "legal_basis"),
        ("Quyết định công bố", _decision(p), "legal_basis"),
        ("Ghi chú biên tập", p.note, None),
        ("Nguồn", "\n".join(f"– {source.ref}" for source in sources), None),
    ]
    optional = {"Thuộc về", "Không phải nộp", "Ghi chú biên tập", "Hay gọi là"}
    if hidden:
        rows.insert(
            0, ("ĐANG ẨN", f"trợ lý không trả lời; hiện lại: tiepdan catalogue unhide {p.id} --reason …", None)
        )
    for label, value, group in rows:
        if value or label not in optional:
            proof = p.confidence.get(group) if group and value else None
            table.add_row(label, Text(value or UNKNOWN, style="" if value else "italic dim"), _proof(proof))
    footer = Text(f"Xem tại ngày {day:%d/%m/%Y}. Dữ liệu kiểm tra ngày {p.checked_on:%d/%m/%Y}.", style="dim")
    return Panel(Group(table, Text(), footer), title=Text(f"{p.id} · {p.name}"), title_align="left")


def _proof(confidence: Confidence | None) -> str:
    words = {Confidence.VERIFIED: "đã kiểm chứng", Confidence.LAW: "theo luật", Confidence.UNVERIFIED: "cần kiểm tra"}
    return words[confidence] if confidence else ""


def _status(p: Procedure) -> str:
    parts = [STATUS[p.status]]
    if p.valid_from:
        parts.append(f"từ {p.valid_from:%d/%m/%Y}")
    if p.valid_to:
        parts.append(f"đến hết {p.valid_to:%d/%m/%Y}")
    if p.repealed_by:
        parts.append(f"theo {p.repealed_by}")
    if p.replaced_by:
        parts.append(f"thay bằng: {p.replaced_by}")
    return "; ".join(parts)


def _paper(number: int, item: DossierItem) -> str:
    counts = [f"{item.original} bản chính" if item.original else "", f"{item.copy} bản sao" if item.copy else ""]
    details = _joined([*counts, item.form, item.note])
    case = f"[{item.case}] " if item.case else ""
    return f"{number}. {case}{item.name}" + (f" ({details})" if details else "")


def _limit(limit: TimeLimit | None) -> str | None:
    if limit is None:
        return None
    unit = "ngày làm việc" if limit.unit is TimeUnit.WORKING_DAYS else "ngày"
    value = f"{limit.value} {unit}" if limit.value is not None else None
    return "\n".join(filter(None, (_joined([value, limit.counting]), *limit.per_agency)))


def _channels(p: Procedure) -> str | None:
    ways = ", ".join(p.channels)
    return f"{ways} ({p.channels_note})" if ways and p.channels_note else ways or None


def _basis(basis: LegalBasis) -> str:
    if basis.in_force:
        state = ""
    else:
        state = f" – đã thay bằng {basis.replaced_by}" if basis.replaced_by else " – không chắc còn hiệu lực"
    details = _joined([basis.title, basis.article])
    return basis.number + (f": {details}" if details else "") + state


def _decision(p: Procedure) -> str | None:
    if p.decision is None:
        return None
    signed = f"ngày {p.decision.date:%d/%m/%Y}" if p.decision.date else None
    return " ".join(filter(None, (p.decision.number, signed, p.decision.body)))


def _joined(parts: Iterable[str | None]) -> str:
    return "; ".join(part for part in parts if part)
