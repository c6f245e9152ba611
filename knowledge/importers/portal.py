"""Format 2: the national portal's export, one JSON object a line."""

import re
from typing import Any

from knowledge.importers.parsing import (
    CODE,
    channels,
    day,
    distinct,
    fee,
    level,
    present,
    slug,
    steps,
    text_of,
    time_limit,
)
from nlu.text import fold

_ENDED = {"deleted", "repealed", "revoked", "expired", "cancelled", "bai bo", "het hieu luc"}


def is_portal_export(row: dict[str, Any]) -> bool:
    """True for a row of the portal's export."""
    return "proc_id" in row


def record_of(raw: dict[str, Any]) -> dict[str, Any]:
    """Return the facts of one row in the model's fields. Raises ValueError(field, reason) for an unusable field."""
    name = _text(raw, "name")
    proc_id = _text(raw, "proc_id") or slug(name or "")
    code = CODE.search(proc_id)
    methods = _objects(raw, "methods")
    ways = "; ".join(filter(None, (_text(m, "submission_method") for m in methods)))
    wordings = distinct([w for m in methods if (w := _limit_text(m))])
    subjects = distinct([t for s in _objects(raw, "subjects") if (t := _text(s, "subject_name"))])
    ended = fold(_text(raw, "state") or "") in _ENDED
    source = " – ".join(filter(None, ("Cổng Dịch vụ công quốc gia, bản xuất", _text(raw, "portal_url"))))
    online = raw.get("has_online_submission")
    return present(
        {
            "id": proc_id if re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", proc_id) else slug(proc_id),
            "code": code.group() if code else None,
            "name": name,
            "field": _text(raw, "domain"),
            "level": level(_text(raw, "agency_levels")),
            "status": "repealed" if ended else None,
            "applicants": _text(raw, "subject_types") or "; ".join(subjects),
            "conditions": _text(raw, "requirements"),
            "result": _text(raw, "results"),
            "steps": _steps(_objects(raw, "steps")),
            "dossier": [_paper(item, raw) for item in _objects(raw, "checklist")],
            "time_limit": time_limit(_text(raw, "processing_time_text") or "; ".join(wordings)),
            "fee": _fees(_objects(raw, "fees")),
            "channels": channels(ways),
            "online": bool(online) if online in (0, 1) else None,
            "place": _text(raw, "receiving_address"),
            "authority": _text(raw, "executing_agency"),
            "legal_basis": [
                present({"number": number, "title": _text(b, "doc_name") if _text(b, "doc_code") else None})
                for b in _objects(raw, "legal_basis")
                if (number := _text(b, "doc_code") or _text(b, "doc_name"))
            ],
            "decision": _decision(raw),
            "sources": [{"ref": source, "kind": "official_portal"}],
        }
    )


def _text(raw: dict[str, Any], name: str) -> str | None:
    try:
        return text_of(raw.get(name))
    except ValueError as error:
        raise ValueError(name, str(error)) from error


def _objects(raw: dict[str, Any], name: str) -> list[dict[str, Any]]:
    value = raw.get(name)
    if value is None or value == "":
        return []
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise ValueError(name, "phải là danh sách các đối tượng")
    return value


def _ordinal(item: dict[str, Any]) -> float:
    value = item.get("ordinal")
    return value if isinstance(value, int | float) else 0


def _steps(items: list[dict[str, Any]]) -> list[str]:
    found = []
    for item in sorted(items, key=_ordinal):
        name, description = _text(item, "name"), _text(item, "description")
        if name and description and name != description:
            found.append(f"{name}: {description}")
        elif only := description or name:
            found += steps(only) if len(items) == 1 else [only]
    return found


def _paper(item: dict[str, Any], raw: dict[str, Any]) -> dict[str, Any]:
    case = _text(item, "case_name")
    if case is None:
        names = {c.get("ordinal"): _text(c, "case_name") for c in _objects(raw, "cases")}
        case = names.get(item.get("case_ordinal"))
    return present(
        {
            "name": _text(item, "name"),
            "original": _count(item, "original_qty"),
            "copy": _count(item, "copy_qty"),
            "note": "có mẫu điện tử" if item.get("has_electronic_form") in (1, True) else None,
            "case": case.strip(" *:-") if case else None,
        }
    )


def _count(item: dict[str, Any], name: str) -> int | None:
    value = item.get(name)
    if value is None or isinstance(value, bool):
        return None
    if not isinstance(value, int | float) or not 0 <= value <= 1_000:
        raise ValueError(f"checklist.{name}", f"phải là số từ 0 đến 1000 (đang ghi: {str(value)[:40]!r})")
    return int(value)


def _limit_text(method: dict[str, Any]) -> str | None:
    if text := _text(method, "processing_time_text"):
        return text
    quantity, unit = method.get("processing_time_qty"), _text(method, "processing_time_unit")
    return f"{quantity:g} {unit}" if isinstance(quantity, int | float) and quantity > 0 and unit else None


def _fees(items: list[dict[str, Any]]) -> str | None:
    """A zero amount without a word is what the portal holds for «not entered» too: it is not taken for «free»."""
    found = []
    for item in items:
        text, amount = _text(item, "amount_text"), item.get("amount_value")
        if text is None and isinstance(amount, int | float) and amount > 0:
            text = f"{amount:,.0f} đồng".replace(",", ".")
        if text:
            found.append(fee(text) or "")
    return "; ".join(distinct(found)) or None


def _decision(raw: dict[str, Any]) -> dict[str, Any] | None:
    number = _text(raw, "decision_number")
    if number is None:
        return None
    try:
        signed = day(raw.get("decision_date"))
    except ValueError as error:
        raise ValueError("decision_date", str(error)) from error
    body = _text(raw, "issuing_agency") or _text(raw, "department_promulgate")
    return present({"number": number, "date": signed, "body": body})
