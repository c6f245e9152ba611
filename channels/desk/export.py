"""Cases as files: JSON Lines of one schema, and a spreadsheet without identity."""

import datetime as dt
import io
import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal

from openpyxl import Workbook
from openpyxl.styles import Font
from pydantic import BaseModel, ConfigDict, Field

JSON_LINES = "application/jsonl"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# A cell that begins so is a formula to a spreadsheet.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ExportedFacts(_Part):
    """Facts of the story; `amount` in đồng."""

    said: str | None
    waited_minutes: int | None
    visits: int | None
    amount: int | None
    witnesses: str | None
    evidence: list[str]
    wanted: str | None


class ExportedConsent(_Part):
    """An act of consent."""

    version: str
    at: dt.datetime
    scopes: list[str]


class ExportedContact(_Part):
    """How the citizen may be reached."""

    name: str | None
    phone: str | None
    email: str | None


class ExportedRestricted(_Part):
    """What only complaint officers may see."""

    narrative_raw: str
    contact: ExportedContact | None
    identity: Literal["anonymous", "hidden", "named"]


class ExportedFile(_Part):
    """What is said of a file."""

    id: str
    media_type: str
    sha256: str
    size: int


class ExportedAnswer(_Part):
    """The answer's public parts."""

    text: str
    reason: str
    remedy: str


class ExportedCase(_Part):
    """One line of an export. `restricted` and `anonymous` are null in an export without identity."""

    case_id: str
    number: str
    channel: str
    received_at: dt.datetime
    input_type: str
    behaviour_codes: list[str] = Field(max_length=3)
    severity: int = Field(ge=0, le=5)
    access_class: Literal["normal", "restricted"]
    unit_id: str | None
    unit_former: str | None
    unit_options: list[str]
    desk_kind: Literal["one_stop", "specialist", "leader", "unknown"]
    counter: str | None
    staff_ref: str | None
    event_at: dt.datetime | None
    event_date: dt.date | None
    event_time: dt.time | None
    procedure_id: str | None
    dossier_code: str | None
    narrative_masked: str
    restricted: ExportedRestricted | None
    facts: ExportedFacts
    wanted_outcome: str | None
    anonymous: bool | None
    consent: ExportedConsent | None
    attachments: list[ExportedFile]
    related_cases: list[str]
    statements: list[str]
    data_versions: list[str]
    due_on: dt.date | None
    clock_basis: str
    status: str
    assigned_unit: str | None
    published: bool
    reopened: bool
    score: int | None = Field(ge=1, le=5)
    cluster: str | None
    finding: str | None
    answer: ExportedAnswer | None
    backend_reference: str | None


def json_lines(rows: Iterable[Mapping[str, Any]]) -> str:
    """Return one JSON object a line, in order."""
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def record_schema() -> dict[str, Any]:
    """Return the JSON Schema of a line."""
    schema = ExportedCase.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def spreadsheet(
    rows: Iterable[Mapping[str, Any]], unit_name: Callable[[str], str], label: Callable[[str], str]
) -> bytes:
    """Return an XLSX of cases without any story, name or contact, whatever the rows hold.

    `unit_name` and `label` give the names of units and of behaviours.
    """
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Phản ánh")
    sheet.freeze_panes = "A2"
    columns = _columns(unit_name, label)
    for at, (_, width, _) in enumerate(columns):
        sheet.column_dimensions["ABCDEFGHIJKLMNOPQRSTUVWXYZ"[at]].width = width
    sheet.append([_bold(sheet, title) for title, _, _ in columns])
    for row in rows:
        sheet.append([_plain(value(row)) for _, _, value in columns])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


Column = tuple[str, int, Callable[[Mapping[str, Any]], Any]]


def _columns(unit_name: Callable[[str], str], label: Callable[[str], str]) -> list[Column]:
    def unit(key: str) -> Callable[[Mapping[str, Any]], Any]:
        return lambda row: unit_name(row[key]) if row[key] else ""

    return [
        ("Số phiếu", 14, lambda row: row["number"]),
        ("Ngày nhận", 12, lambda row: row["received_at"][:10]),
        ("Kênh", 9, lambda row: row["channel"]),
        ("Loại", 20, lambda row: row["input_type"]),
        ("Hành vi", 40, lambda row: "; ".join(map(label, row["behaviour_codes"]))),
        ("Mức", 6, lambda row: row["severity"]),
        ("Đơn vị", 28, unit("unit_id")),
        ("Nơi gặp", 12, lambda row: row["desk_kind"]),
        ("Trạng thái", 13, lambda row: row["status"]),
        ("Nơi được giao", 28, unit("assigned_unit")),
        ("Hạn", 12, lambda row: row["due_on"] or ""),
        ("Kết luận", 22, lambda row: row["finding"] or ""),
        ("Mở lại", 8, lambda row: "x" if row["reopened"] else ""),
        ("Điểm", 6, lambda row: row["score"]),
    ]


def _bold(sheet: Any, title: str) -> Any:
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(sheet, title)
    cell.font = Font(bold=True)
    return cell


def _plain(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
