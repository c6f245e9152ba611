"""Steps of the tests of the importers: a row of the portal's export, and files written from rows."""

import json
from pathlib import Path
from typing import Any

import openpyxl

PORTAL_ROW: dict[str, Any] = {
    "proc_id": "1.013703",
    "name": "Thủ tục thành lập hội",
    "domain": "Tổ chức phi chính phủ",
    "requirements": "Có điều lệ",
    "results": "Quyết định cho phép thành lập hội",
    "executing_agency": "Ủy ban nhân dân cấp xã",
    "agency_levels": "Xã",
    "subject_types": "Công dân Việt Nam; Tổ chức",
    "processing_time_text": "60 ngày làm việc",
    "portal_url": "https://dichvucong.gov.vn/1.013703",
    "has_online_submission": 1,
    "fees": [{"amount_value": 0, "amount_text": "", "submission_method": "Trực tiếp"}],
    "checklist": [
        {"case_ordinal": 0, "case_name": "", "name": "Đơn đề nghị", "original_qty": 1, "copy_qty": 0},
        {"case_ordinal": 1, "name": "Điều lệ", "original_qty": 0, "copy_qty": 2.0},
    ],
    "steps": [{"ordinal": 2, "name": "Trả kết quả"}, {"ordinal": 1, "name": "Nộp", "description": "Nộp hồ sơ"}],
    "methods": [{"submission_method": "Trực tiếp"}, {"submission_method": "Trực tuyến"}],
    "legal_basis": [{"doc_code": "126/2024/NĐ-CP", "doc_name": "Về hội", "doc_year": "2024"}],
    "cases": [{"ordinal": 1, "case_name": "* Cấp lại:"}],
    "state": "UPDATED",
    "province": None,
    "decision_number": "627/QĐ-BNV",
    "decision_date": "2025-06-20",
}


def write_lines(path: Path, *rows: object) -> Path:
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    return path


def sheet(path: Path, *rows: list[Any]) -> Path:
    book = openpyxl.Workbook()
    active = book.active
    assert active is not None
    for row in rows:
        active.append(row)
    book.save(path)
    return path
