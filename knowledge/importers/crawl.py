"""Format 3: a flat crawl of portal pages, where the cells of each table were run together into one text."""

import json
import re
from typing import Any

from knowledge.importers.parsing import (
    CODE,
    channels,
    distinct,
    legal_documents,
    level,
    lines,
    paper,
    present,
    slug,
    steps,
    text_of,
    time_limit,
)
from nlu.text import fold

_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,200}>")
_WAYS = re.compile(r"(Trực tuyến|Dịch vụ bưu chính|Trực tiếp)(?=\d|Không|Miễn|Theo|$)")
_CELL = re.compile(r"(\d{1,3} (?:Ngày làm việc|Ngày|Giờ|Tháng))?(.*)", re.DOTALL)
_AMOUNT = re.compile(r"\d[\d.,]* ?(?:Việt Nam [Đđ]ồng|[Đđ]ồng|VNĐ|USD)(?: ?\([^()]*(?:\([^()]*\)[^()]*)*\))?")
_PAPERS_HEAD = re.compile(r"(?:--)?Tên giấy tờ\s*Mẫu đơn, tờ khai\s*Số lượng")
_PAPER_END = re.compile(r"(\d{1,2}) bản chính(?:\s*,\s*(\d{1,2}) bản sao)?|Bản chính: (\d{1,2})\s*Bản sao: (\d{1,2})")
_FORM = re.compile(r"[^\s.;,)]{0,40}\.(?:docx?|xlsx?|pdf|rtf)$", re.IGNORECASE)
_RESULT_CODE = re.compile(r"Mã: ?[A-Z0-9.]{1,20}\d{2,6}")
_RESULT_TAIL = re.compile(
    r"(?:Từ khóa)?(?:Không có thông tin)?(?:Mô tả)?(?:Không có thông tin)?Chọn cơ quan thực hiện"
)
_LEGAL_HEAD = re.compile(r"Tên văn bản pháp lý\s*Mã văn bản")


def is_crawl(row: dict[str, Any]) -> bool:
    """True for a row of the flat crawl."""
    return "title" in row and "name" not in row


def record_of(raw: dict[str, Any]) -> dict[str, Any]:
    """Return the facts of one row in the model's fields. Raises ValueError(field, reason) for an unusable field."""
    row = {name: _text(raw, name) for name in raw}
    how = row.get("how")
    limit, cost = _limit_and_fee(how)
    source_id = row.get("id") or slug(row.get("title") or "")
    code = CODE.fullmatch(source_id)
    return present(
        {
            "id": source_id,
            "code": code.group() if code else None,
            "name": row.get("title"),
            "field": row.get("field"),
            "level": level(row.get("level")),
            "applicants": row.get("subject"),
            "conditions": row.get("cond"),
            "result": _result(row.get("result")),
            "steps": steps(row.get("steps"))[:300],
            "dossier": _dossier(row.get("docs"))[:500],
            "time_limit": limit,
            "fee": cost,
            "channels": channels(_ways(how)),
            "authority": row.get("agency"),
            "legal_basis": _legal(row.get("legal"))[:300],
            "sources": [
                {"ref": f"Trang thủ tục trên cổng dịch vụ công, bản chép: {source_id}", "kind": "portal_copy"}
            ],
        }
    )


def _text(raw: dict[str, Any], name: str) -> str | None:
    value = raw.get(name)
    try:
        text = text_of(
            ", ".join(value) if isinstance(value, list) and all(isinstance(v, str) for v in value) else value
        )
    except ValueError as error:
        raise ValueError(name, str(error)) from error
    return _TAG.sub(" ", text).strip() or None if text else None


def _table(text: str | None) -> list[dict[str, str]] | None:
    """Return the rows where a cell holds a JSON table instead of running text."""
    if text is None or not text.startswith("[{"):
        return None
    try:
        rows = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return [{str(k): str(v).strip() for k, v in row.items()} for row in rows if isinstance(row, dict)]


def _ways(how: str | None) -> str:
    if (table := _table(how)) is not None:
        return "; ".join(next(iter(row.values()), "") for row in table)
    return "; ".join(distinct(_WAYS.findall(how or "")))


def _limit_and_fee(how: str | None) -> tuple[dict[str, Any] | None, str | None]:
    if (table := _table(how)) is not None:
        limits = distinct([v for row in table for k, v in row.items() if fold(k).startswith("thoi") and v])
        fees = distinct([v for row in table for k, v in row.items() if fold(k).startswith("phi") and v])
        return time_limit("; ".join(limits)), "; ".join(fees) or None
    parts = _WAYS.split(how or "")
    cells = [match for text in parts[2::2] if (match := _CELL.match(text))]
    limits = distinct([cell[1] for cell in cells if cell[1]])
    rests = distinct([cell[2].strip() for cell in cells])
    free = bool(rests) and all(rest == "Miễn phí" or rest == "" or rest == "1Miễn phí" for rest in rests)
    if free and any("Miễn phí" in rest for rest in rests):
        return time_limit("; ".join(limits)), "không"
    rests = distinct([amount.group().strip() if (amount := _AMOUNT.match(rest)) else rest for rest in rests])
    stated = [rest for rest in rests if re.search(r"\d.{0,20}(?:đồng|VNĐ|USD)|[Pp]hí", rest)]
    return time_limit("; ".join(limits)), "; ".join(stated)[:60_000] or None


def _dossier(docs: str | None) -> list[dict[str, Any]]:
    if (table := _table(docs)) is not None:
        return [paper(": ".join(v for v in row.values() if v)) for row in table if any(row.values())]
    found: list[dict[str, Any]] = []
    parts = _PAPERS_HEAD.split(docs or "")
    for number, part in enumerate(parts):
        if number == 0 and len(parts) > 1:
            continue
        last = 0
        for match in _PAPER_END.finditer(part):
            counts = [int(n) for n in match.groups() if n is not None]
            found += _paper(part[last : match.start()], counts)
            last = match.end()
        found += [paper(line) for line in lines(part[last:]) if last == 0 and line != "--"]
    return found


def _paper(text: str, counts: list[int]) -> list[dict[str, Any]]:
    text = text.strip(" \n-–+;.")
    form = _FORM.search(text)
    name = (text[: form.start()] if form else text).strip(" \n-–+;.")
    quantities = dict(zip(("original", "copy"), counts, strict=False))
    facts = {name_: count for name_, count in quantities.items() if count}
    return [{"name": name, **facts, **({"form": form.group()} if form else {})}] if name else []


def _result(text: str | None) -> str | None:
    head = _RESULT_TAIL.split(text or "")[0]
    pieces = [piece.strip(" ;.") for piece in _RESULT_CODE.split(head)]
    return "; ".join(piece for piece in pieces if piece and not piece.startswith("Từ khóa")) or None


def _legal(text: str | None) -> list[dict[str, Any]]:
    if (table := _table(text)) is not None:
        return legal_documents("\n".join(" ".join(row.values()) for row in table))
    text = _LEGAL_HEAD.sub("", text or "")
    # The cells touch: «… 2023» + «23/2023/QH15» + «47/2014/QH13» read as one run of digits.
    text = re.sub(r"((?:19|20)\d\d)(?=\d{1,4}/(?:19|20)\d\d/)", r"\1 ", text)
    text = re.sub(r"(QH\d\d)(?=\d)", r"\1 ", text)
    return legal_documents(text) if text.strip() else []
