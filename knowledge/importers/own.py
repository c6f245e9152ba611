"""Format 1: this project's own records, YAML or JSON Lines, also in the looser spelling that compilers of lists use.

Looser than the model: nulls and empty texts anywhere; `copies` as text in a dossier; ways of handing in with a
remark in brackets; `replaced_by NUMBER (DATE)` as a document's status; a `sunset` with words after the date; limits
in months, per agency as a mapping, or with «chưa đọc …» where the wording should be.
"""

import datetime as dt
import re
from collections.abc import Iterable
from typing import Any

from knowledge.importers.parsing import day, distinct, present

_ID = re.compile(r"\bNV[A-Z]?\d{3}\b")
_REPLACED = re.compile(r"replaced_by\s+(\S+)(?:\s*\((\d{1,2}/\d{1,2}/\d{4})\))?$")
_QUANTITY = re.compile(r"(\d{1,3}) bản (chính|sao)(?: (chứng thực))?$", re.IGNORECASE)
_ENDS = re.compile(r"(?P<how>đến trước|đến hết) (?P<day>\d{1,2}/\d{1,2}/\d{4})")
_UNKNOWN = re.compile(r"chưa (?:đọc|thấy|có số liệu)|không (?:rõ|thấy)")
_AGENCY = re.compile(r"(?:UBND|HĐND|Bộ|Sở|Hội|Phòng|Thành đoàn|cơ quan)\b", re.IGNORECASE)
_CONDITION = re.compile(r"nếu có$")


def normalise(raw: dict[str, Any]) -> dict[str, Any]:
    """Return the row as the strict model wants it; what is wrong in it is left for the model to refuse."""
    row = {name: value for name, value in raw.items() if value is not None and value != ""}
    if isinstance(row.get("channels"), list):
        row["channels"], remarks = _channels(row["channels"])
        note = "; ".join(distinct([*_texts([row.get("channels_note")]), *remarks]))
        row.update(present({"channels_note": note}))
    _each(row, "dossier", _paper)
    _each(row, "legal_basis", _document)
    _each(row, "data_replaces", present)
    _each(row, "sources", present)
    if isinstance(row.get("sources"), list):
        row["sources"] = [s for s in row["sources"] if not (isinstance(s, dict) and "ref" not in s)]
    if isinstance(row.get("time_limit"), dict):
        row["time_limit"] = _limit(row["time_limit"])
    if isinstance(row.get("decision"), dict):
        row["decision"] = present(row["decision"])
    if isinstance(row.get("confidence"), dict):
        row["confidence"] = present(row["confidence"])
    if isinstance(row.get("replaced_by"), str) and "replaced_by_ids" not in row:
        row["replaced_by_ids"] = distinct(_ID.findall(row["replaced_by"]))
    return present(row)


def _each(row: dict[str, Any], name: str, change: Any) -> None:
    if isinstance(row.get(name), list):
        row[name] = [change(item) if isinstance(item, dict) else item for item in row[name]]


def _texts(values: Iterable[Any]) -> list[str]:
    return [value for value in values if isinstance(value, str) and value]


def _joined(*parts: Any) -> str | None:
    return "; ".join(distinct(_texts(parts))) or None


def _channels(values: list[Any]) -> tuple[list[Any], list[str]]:
    found: list[Any] = []
    remarks: list[str] = []
    for value in values:
        base, _, remark = value.partition(" (") if isinstance(value, str) else (value, "", "")
        if base == "bưu chính công ích":
            base, remark = "bưu chính", base
        if base not in found:
            found.append(base)
        if remark:
            remarks.append(remark.removesuffix(")"))
    return found, remarks


def _paper(item: dict[str, Any]) -> dict[str, Any]:
    item = present(item)
    copies, case, remark = item.pop("copies", None), item.get("case"), None
    if isinstance(copies, str):
        if match := _QUANTITY.match(copies):
            item.setdefault("original" if match[2].lower() == "chính" else "copy", int(match[1]))
            remark = "bản sao chứng thực" if match[3] else None
            remark = _joined(remark, copies[match.end() :].strip(" ,;"))
        else:
            remark = copies
    if isinstance(case, str) and _CONDITION.search(case):
        remark = _joined(item.pop("case"), remark)
    return present({**item, "note": _joined(remark, item.get("note"))})


def _document(item: dict[str, Any]) -> dict[str, Any]:
    item = present(item)
    status, sunset, note = item.get("status"), item.get("sunset"), item.get("note")
    if isinstance(status, str) and (match := _REPLACED.match(status)):
        item.update(present({"status": "replaced", "replaced_by": match[1], "replaced_from": day(match[2])}))
    elif isinstance(status, str) and " " in status:
        item["status"] = "uncertain"
        note = _joined(status, note)
    if isinstance(sunset, str):
        date, _, words = sunset.partition(" ")
        item["sunset"] = date
        note = _joined(words.strip("()"), note)
    elif isinstance(note, str) and (match := _ENDS.search(note)) and (last := day(match["day"])):
        item["sunset"] = last + dt.timedelta(days=1) if match["how"] == "đến hết" else last
    return present({**item, "note": note})


def _limit(raw: dict[str, Any]) -> dict[str, Any]:
    limit = present(raw)
    unit, value = limit.get("unit"), limit.get("value")
    counting, note = limit.get("counting"), limit.get("note")
    if unit == "months" and isinstance(value, int):
        del limit["unit"], limit["value"]
        counting = f"{value} tháng" + (f" ({counting})" if counting else "")
    parts = limit.get("per_agency")
    if isinstance(parts, dict):
        parts = [{"agency": name, "value": days} for name, days in parts.items()]
    if isinstance(parts, list):
        limit["per_agency"] = [_part(part, unit) if isinstance(part, dict) else part for part in parts]
    if isinstance(counting, str) and value is None and not parts and _UNKNOWN.search(counting):
        counting, note = None, _joined(counting, note)
    if isinstance(note, str) and counting is None and re.match(r"Từ ngày .*?\.(?: |$)", note):
        first, _, rest = note.partition(". ")
        counting, note = first[0].lower() + first[1:].rstrip("."), rest
    return present({**limit, "counting": counting, "note": note})


def _part(raw: dict[str, Any], unit: Any) -> dict[str, Any]:
    part = present({"unit": unit, **present(raw)})
    case = part.get("case")
    if "agency" not in part and isinstance(case, str) and _AGENCY.match(case):
        part["agency"] = part.pop("case")
    return part
