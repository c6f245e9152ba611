"""Format 4: the lists that offices exchange, XLSX or CSV, with field names or Vietnamese labels as headers."""

import csv
import datetime as dt
import io
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bot.core.errors import CatalogueError
from knowledge.importers import parsing
from knowledge.importers.reading import MAX_FILE_BYTES, MAX_ROW_BYTES, Row, open_bounded
from knowledge.problems import RowProblem
from knowledge.schema import Record
from nlu.text import fold

_MAX_ROWS = 100_000
_MAX_COLUMNS = 200
_HEADER_ROWS = 30
_LABELS = {
    "ma thu tuc": "code", "ma tthc": "code", "ma so": "code", "ma so ho so": "code",
    "ten thu tuc": "name", "ten thu tuc hanh chinh": "name", "ten tthc": "name", "thu tuc": "name",
    "ten goi khac": "aliases", "linh vuc": "field", "cap thuc hien": "level", "cap giai quyet": "level",
    "trinh tu thuc hien": "steps", "cach thuc thuc hien": "channels", "hinh thuc nop": "channels",
    "thanh phan ho so": "dossier", "ho so": "dossier",
    "thoi han giai quyet": "time_limit", "thoi gian giai quyet": "time_limit",
    "phi le phi": "fee", "phi": "fee", "le phi": "fee", "muc phi le phi": "fee",
    "doi tuong thuc hien": "applicants", "doi tuong": "applicants",
    "co quan thuc hien": "authority", "co quan giai quyet": "authority", "co quan co tham quyen": "authority",
    "dia diem thuc hien": "place", "noi nop ho so": "place", "dia diem tiep nhan": "place",
    "ket qua thuc hien": "result", "ket qua": "result", "can cu phap ly": "legal_basis",
    "yeu cau dieu kien thuc hien": "conditions", "yeu cau dieu kien": "conditions", "dieu kien": "conditions",
    "quyet dinh cong bo": "decision", "ngay hieu luc": "valid_from", "hieu luc tu": "valid_from",
    "hieu luc den": "valid_to", "tinh trang": "status", "ghi chu": "note",
    "thay the boi": "replaced_by", "bai bo boi": "repealed_by",
}  # fmt: skip
_STATUSES = {
    "con hieu luc": "in_force", "dang ap dung": "in_force", "bai bo": "repealed", "da bai bo": "repealed",
    "het hieu luc": "repealed", "tam dung": "suspended", "noi bo": "internal",
}  # fmt: skip
_FIELDS = set(Record.model_fields)
_SECTOR = re.compile(r"^(?:[IVXLC]+|\d{1,2}|[A-Z])?\s*[.)\-–:]?\s*lĩnh vực:?\s+(.+)$", re.IGNORECASE)


def sheet_rows(path: Path) -> Iterator[Row]:
    """Yield rows as {field: cell}, numbered as in the sheet; empty rows are skipped.

    The header is the first row with a name column and one more known label. A row that only says «Lĩnh vực …» gives
    the sector of the rows below it. Raises CatalogueError where there is no such header or the file is unusable.
    """
    cells = _xlsx(path) if path.suffix.lower() == ".xlsx" else _csv(path)
    header: dict[int, str] | None = None
    sector: str | None = None
    for number, row in enumerate(cells, 1):
        if number > _MAX_ROWS:
            raise CatalogueError(f"{path.name}: quá {_MAX_ROWS} dòng")
        filled = {index: value for index, value in enumerate(row) if value not in (None, "") and str(value).strip()}
        if header is None:
            header = _header(filled)
            if header is None and number >= _HEADER_ROWS:
                break
        elif filled:
            alone = _SECTOR.match(str(next(iter(filled.values()))).strip()) if len(filled) == 1 else None
            if alone:
                sector = alone[1].strip()
            elif sum(len(str(value)) for value in filled.values()) > MAX_ROW_BYTES:
                yield number, RowProblem(path.name, number, "", f"dòng dài quá {MAX_ROW_BYTES // 1024} KB")
            else:
                known = {header[index]: value for index, value in filled.items() if index in header}
                if known:
                    yield number, {**({"field": sector} if sector else {}), **known}
    if header is None:
        raise CatalogueError(
            f"{path.name}: không thấy dòng tiêu đề (cần cột «Tên thủ tục» và ít nhất một cột đã biết)"
        )


def _header(filled: dict[int, Any]) -> dict[int, str] | None:
    found: dict[int, str] = {}
    for index, value in filled.items():
        label = str(value).strip()
        words = re.sub(r"[^a-z0-9]+", " ", fold(re.sub(r"\(.*?\)", " ", label))).strip()
        name = label if label in _FIELDS else _LABELS.get(words)
        if name and name not in found.values():
            found[index] = name
    return found if "name" in found.values() and len(found) > 1 else None


def _xlsx(path: Path) -> Iterator[tuple[Any, ...]]:
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    if path.stat().st_size > MAX_FILE_BYTES:
        raise CatalogueError(f"{path.name}: lớn hơn {MAX_FILE_BYTES // 2**20} MB")
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(item.file_size for item in archive.infolist()) > MAX_FILE_BYTES:
                raise CatalogueError(f"{path.name}: nội dung giải nén vượt {MAX_FILE_BYTES // 2**20} MB")
        # data_only reads the values that were saved; no formula is ever computed, no outside link followed.
        book = openpyxl.load_workbook(path, read_only=True, data_only=True, keep_links=False)
        try:
            sheet = book.worksheets[0]
            sheet.reset_dimensions()
            yield from sheet.iter_rows(max_col=_MAX_COLUMNS, values_only=True)
        finally:
            book.close()
    except (
        OSError,
        zipfile.BadZipFile,
        InvalidFileException,
        KeyError,
        ValueError,
        IndexError,
        SyntaxError,
    ) as error:
        raise CatalogueError(f"{path.name}: không đọc được bảng tính ({str(error)[:200]})") from error


def _csv(path: Path) -> Iterator[list[str]]:
    with open_bounded(path) as file:
        data = file.read(MAX_FILE_BYTES + 1)
    if len(data) > MAX_FILE_BYTES:
        raise CatalogueError(f"{path.name}: nội dung vượt {MAX_FILE_BYTES // 2**20} MB")
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise CatalogueError(f"{path.name}: không phải UTF-8; hãy lưu lại dạng «CSV UTF-8»") from error
    head = text[:20_000]
    delimiter = max(";,\t|", key=head.count)
    csv.field_size_limit(MAX_FILE_BYTES)
    try:
        yield from (row[:_MAX_COLUMNS] for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise CatalogueError(f"{path.name}: không đọc được CSV ({error})") from error


def record_of(raw: dict[str, Any]) -> dict[str, Any]:
    """Return the facts of one row in the model's fields. Raises ValueError(field, reason) for an unusable cell."""
    facts: dict[str, Any] = {}
    for name, value in raw.items():
        try:
            facts[name] = _cell(name, value)
        except ValueError as error:
            raise ValueError(name, str(error)) from error
    title = facts.get("name")
    facts.setdefault("id", facts.get("code") or parsing.slug(f"{title or ''} {facts.get('level') or ''}"))
    return parsing.present(facts)


def _cell(name: str, value: Any) -> Any:
    if name in ("valid_from", "valid_to", "checked_on"):
        return parsing.day(value)
    if name == "code":
        # A spreadsheet stores 1.013700 as the number 1.0137; national codes have six decimals.
        text = f"{value:.6f}" if isinstance(value, float) else parsing.text_of(value)
        code = parsing.CODE.match(text) if text else None
        if text and not code:
            raise ValueError(f"mã phải dạng d.dddddd (đang ghi: {text[:40]!r})")
        return code.group() if code else None
    if name == "online":
        return {"1": True, "0": False, "co": True, "khong": False, "true": True, "false": False}.get(fold(str(value)))
    text = parsing.text_of(value.isoformat() if isinstance(value, dt.date) else value)
    if text and text[0] in "[{":
        try:
            return json.loads(text)
        except (ValueError, RecursionError) as error:
            raise ValueError("ô bắt đầu bằng [ hoặc { phải là JSON") from error
    return _READERS.get(name, lambda plain: plain)(text)


def _status(text: str | None) -> str | None:
    return _STATUSES.get(fold(text or ""), text)


def _decision(text: str | None) -> dict[str, Any] | None:
    if not text:
        return None
    number = parsing.legal_documents(text)[0]["number"]
    signed = re.search(r"ngày\s+(\d{1,2}/\d{1,2}/\d{4})", text)
    return parsing.present({"number": number, "date": parsing.day(signed[1]) if signed else None})


_READERS: dict[str, Any] = {
    "aliases": lambda text: [piece.strip() for piece in re.split(r"[\n;]", text or "") if piece.strip()],
    "replaced_by_ids": lambda text: re.findall(r"[\w.-]+", text or ""),
    "level": parsing.level,
    "steps": parsing.steps,
    "channels": parsing.channels,
    "dossier": parsing.papers,
    "time_limit": parsing.time_limit,
    "fee": parsing.fee,
    "legal_basis": parsing.legal_documents,
    "decision": _decision,
    "status": _status,
}
