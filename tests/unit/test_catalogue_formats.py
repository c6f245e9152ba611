"""What is read from the four import formats when their files are as they should be, loose spellings included."""

import gzip
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.procedures import Confidence, Status
from knowledge.importers import parsing, read_any
from knowledge.importers.own import normalise
from knowledge.schema import Record
from tests.unit.catalogue_steps import PORTAL_ROW, sheet, write_lines

CRAWL_ROW = {
    "id": "1.000771",
    "title": "Gia hạn tạm trú",
    "field": "Xuất nhập cảnh",
    "level": "Cấp bộ",
    "agency": "Cục Quản lý xuất nhập cảnh",
    "subject": "Người nước ngoài",
    "steps": "Bước 1: Chuẩn bị hồ sơ. Bước 2: Nộp hồ sơ.",
    "how": "Hình thức nộpThời gianPhí, lệ phíMô tảTrực tuyến5 Ngày làm việcMiễn phíTrực tiếp5 Ngày làm việcMiễn phí",
    "docs": "--Tên giấy tờMẫu đơn, tờ khaiSố lượngTờ khai NA5.NA5.doc1 bản chínhHộ chiếu0 bản chính,1 bản sao",
    "result": "Gia hạn tạm trúMã: KQ.G01.000074Từ khóaKhông có thông tinMô tảChọn cơ quan thực hiện",
    "legal": "Tên văn bản pháp lýMã văn bảnLuật sửa đổi 202323/2023/QH15Luật nhập cảnh47/2014/QH13",
    "cond": "",
}


def only(path: Path, **options: Any) -> Record:
    read = read_any(path, **options)
    assert not read.problems
    (record,) = read.records
    return record


def test_portal_export(tmp_path: Path) -> None:
    r = only(write_lines(tmp_path / "p.jsonl", PORTAL_ROW))
    assert (r.id, r.code, r.level, r.field) == ("1.013703", "1.013703", "xã", "Tổ chức phi chính phủ")
    assert r.time_limit is not None
    assert (r.time_limit.value, r.time_limit.unit) == (60, "working_days")
    assert [(d.name, d.original, d.copy_, d.case) for d in r.dossier] == [
        ("Đơn đề nghị", 1, 0, None),
        ("Điều lệ", 0, 2, "Cấp lại"),
    ]
    assert r.steps == ["Nộp: Nộp hồ sơ", "Trả kết quả"]
    assert r.channels == ["trực tiếp", "trực tuyến"]
    assert (r.online, r.legal_basis[0].number) == (True, "126/2024/NĐ-CP")
    assert r.decision is not None
    assert (r.decision.number, str(r.decision.date)) == ("627/QĐ-BNV", "2025-06-20")
    assert "dichvucong.gov.vn" in r.sources[0].ref
    assert r.proof("code") is Confidence.VERIFIED
    assert r.proof("dossier") is Confidence.UNVERIFIED


def test_a_zero_amount_without_words_is_not_taken_for_free(tmp_path: Path) -> None:
    assert only(write_lines(tmp_path / "a.jsonl", PORTAL_ROW)).fee is None
    free = {**PORTAL_ROW, "fees": [{"amount_value": 0, "amount_text": "Miễn phí"}]}
    assert only(write_lines(tmp_path / "b.jsonl", free)).fee == "không"
    paid = {**PORTAL_ROW, "fees": [{"amount_value": 200000, "amount_text": ""}]}
    assert only(write_lines(tmp_path / "c.jsonl", paid)).fee == "200.000 đồng"


def test_flat_crawl(tmp_path: Path) -> None:
    r = only(write_lines(tmp_path / "c.jsonl", CRAWL_ROW))
    assert (r.id, r.code, r.level, r.fee) == ("1.000771", "1.000771", "trung ương", "không")
    assert [(d.name, d.form, d.original, d.copy_) for d in r.dossier] == [
        ("Tờ khai NA5", "NA5.doc", 1, None),
        ("Hộ chiếu", None, None, 1),
    ]
    assert r.steps == ["Chuẩn bị hồ sơ.", "Nộp hồ sơ."]
    assert r.result == "Gia hạn tạm trú"
    assert [b.number for b in r.legal_basis] == ["23/2023/QH15", "47/2014/QH13"]
    assert r.time_limit is not None
    assert r.time_limit.value == 5
    assert r.conditions is None


def test_a_crawl_id_that_is_no_code_is_kept_as_the_id(tmp_path: Path) -> None:
    r = only(write_lines(tmp_path / "c.jsonl", {**CRAWL_ROW, "id": "7s-1"}))
    assert (r.id, r.code) == ("7s-1", None)


def test_gzip_is_read_like_the_plain_file(tmp_path: Path) -> None:
    (tmp_path / "c.jsonl.gz").write_bytes(gzip.compress(json.dumps(CRAWL_ROW).encode()))
    assert only(tmp_path / "c.jsonl.gz").id == "1.000771"


def test_own_format_in_its_loose_spelling() -> None:
    facts = normalise(
        {
            "id": "X1",
            "name": "Thử",
            "code": None,
            "channels": ["trực tiếp", "bưu chính công ích", "trực tuyến (một phần ở Lào Cai; Hà Nội chưa rõ)"],
            "dossier": [
                {"name": "Đơn", "copies": "1 bản chính", "case": None},
                {"name": "Giấy tờ", "copies": "1 bản sao chứng thực", "case": "nếu có"},
                {"name": "Ảnh", "copies": "6 ảnh"},
            ],
            "time_limit": {"value": 6, "unit": "months", "counting": "theo cổng", "per_agency": None},
            "legal_basis": [
                {"number": "93/2019/NĐ-CP", "status": "replaced_by 03/2026/NĐ-CP (01/3/2026)"},
                {"number": "1/2020", "status": "có thể đã bị thay"},
                {"number": "128/2025/NĐ-CP", "status": "in_force", "note": "áp dụng đến trước 01/3/2027"},
                {"number": "66.18/2026/NQ-CP", "status": "in_force", "note": "đến hết 28/02/2027"},
                {"number": "124/2025/NĐ-CP", "status": "in_force", "sunset": "2027-03-01 (theo hiểu biết)"},
            ],
            "sources": [{"ref": "", "kind": "summary"}, {"ref": "Cổng", "kind": "summary"}],
            "confidence": {"fee": None, "code": "verified"},
            "replaced_by": "NV027 (cấp xã) hoặc NVA002 (cấp tỉnh)",
        }
    )
    r = Record.model_validate(facts)
    assert r.channels == ["trực tiếp", "bưu chính", "trực tuyến"]
    assert r.channels_note == "bưu chính công ích; một phần ở Lào Cai; Hà Nội chưa rõ"
    assert [(d.original, d.copy_, d.case, d.note) for d in r.dossier] == [
        (1, None, None, None),
        (None, 1, None, "nếu có; bản sao chứng thực"),
        (None, None, None, "6 ảnh"),
    ]
    assert r.time_limit is not None
    assert (r.time_limit.value, r.time_limit.counting) == (None, "6 tháng (theo cổng)")
    assert [b.status for b in r.legal_basis] == ["replaced", "uncertain", "in_force", "in_force", "in_force"]
    assert str(r.legal_basis[0].replaced_from) == "2026-03-01"
    assert [str(b.sunset) for b in r.legal_basis[2:]] == ["2027-03-01"] * 3
    assert [s.ref for s in r.sources] == ["Cổng"]
    assert r.replaced_by_ids == ["NV027", "NVA002"]


def test_a_remark_that_a_limit_is_unknown_is_no_limit() -> None:
    limit = normalise({"time_limit": {"value": None, "unit": None, "counting": "mức mới chưa đọc"}})["time_limit"]
    assert limit == {"note": "mức mới chưa đọc"}


def test_spreadsheet_with_title_merged_and_empty_rows(tmp_path: Path) -> None:
    path = tmp_path / "ds.xlsx"
    book = openpyxl.Workbook()
    active = book.active
    assert active is not None
    active.append(["DANH MỤC THỦ TỤC HÀNH CHÍNH"])
    active.merge_cells("A1:F1")
    active.append([])
    active.append(["STT", "Mã thủ tục", "Tên thủ tục", "Thời hạn giải quyết", "Phí, lệ phí", "Căn cứ pháp lý"])
    active.append(["I. Lĩnh vực Việc làm"])
    active.append([1, 1.0137, "Đăng ký việc làm", "5 ngày làm việc", "Không", "Luật số 74/2025/QH15"])
    active.append([None, None, None])
    active.append([2, "2.000134.H26", "Khai báo máy", "=1+1", "=HYPERLINK(1)", None])
    book.save(path)
    read = read_any(path)
    assert not read.problems
    first, second = read.records
    assert (first.code, first.field, first.fee) == ("1.013700", "Việc làm", "không")
    assert first.time_limit is not None
    assert first.time_limit.value == 5
    assert first.legal_basis[0].number == "74/2025/QH15"
    assert (second.code, second.time_limit, second.fee) == ("2.000134", None, None)


@pytest.mark.parametrize(
    ("encoding", "delimiter"), [("utf-8-sig", ";"), ("utf-8", ","), ("utf-16", "\t"), ("utf-8-sig", ",")]
)
def test_csv_with_bom_and_any_delimiter(encoding: str, delimiter: str, tmp_path: Path) -> None:
    rows = [
        ["Tên thủ tục", "Cấp thực hiện", "Thành phần hồ sơ"],
        ["Cấp thẻ", "Cấp Tỉnh", '"- Đơn (1 bản chính)\n- Ảnh"'],
    ]
    (tmp_path / "a.csv").write_bytes("\r\n".join(delimiter.join(row) for row in rows).encode(encoding))
    r = only(tmp_path / "a.csv")
    assert (r.name, r.level, r.code) == ("Cấp thẻ", "tỉnh", None)
    assert [(d.name, d.original) for d in r.dossier] == [("Đơn (1 bản chính)", 1), ("Ảnh", None)]
    assert r.id == only(tmp_path / "a.csv").id


def test_field_names_work_as_headers_and_json_cells_are_read(tmp_path: Path) -> None:
    decision = "Quyết định số 963/QĐ-TTPVHCC ngày 27/6/2025"
    row = ["NV1", "Thử", "15/07/2025", "đã bãi bỏ", decision, '{"fee": "verified"}', "1.000 đồng"]
    path = sheet(
        tmp_path / "a.xlsx", ["id", "name", "valid_from", "status", "Quyết định công bố", "confidence", "fee"], row
    )
    r = only(path)
    assert (str(r.valid_from), r.status) == ("2025-07-15", Status.REPEALED)
    assert r.decision is not None
    assert (r.decision.number, str(r.decision.date)) == ("963/QĐ-TTPVHCC", "2025-06-27")
    assert r.proof("fee") is Confidence.VERIFIED


@given(st.integers(1, 999), st.sampled_from(["ngày", "ngày làm việc"]))
def test_a_bare_limit_is_read_back(value: int, unit: str) -> None:
    expected = "working_days" if unit == "ngày làm việc" else "days"
    assert parsing.time_limit(f"{value} {unit}") == {"value": value, "unit": expected}


def test_limits_that_differ_are_told_in_words_only() -> None:
    assert parsing.time_limit("1 ngày; 2 ngày làm việc") == {"counting": "1 ngày; 2 ngày làm việc"}
