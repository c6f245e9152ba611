"""Import of hostile files: bad rows are told one by one, a bad file in one line, and nothing crashes."""

import gzip
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.core.errors import CatalogueError
from knowledge.importers import load_any, read_any, reading
from tests.unit.catalogue_steps import PORTAL_ROW, sheet, write_lines


def test_bad_rows_are_reported_and_good_ones_taken(tmp_path: Path) -> None:
    path = write_lines(
        tmp_path / "p.jsonl",
        PORTAL_ROW,
        {**PORTAL_ROW, "proc_id": "1.000002", "name": None},
        {**PORTAL_ROW, "proc_id": "1.000003", "checklist": "không phải danh sách"},
        {**PORTAL_ROW, "proc_id": "1.000004", "checklist": [{"name": "Đơn", "copy_qty": "mười"}]},
        ["không phải đối tượng"],
        PORTAL_ROW,
        {**PORTAL_ROW, "proc_id": "1.000005"},
    )
    with path.open("ab") as file:
        file.write(b"\n{broken\n\xff\xfe\n" + b'{"proc_id": "x", "name": "' + b"a" * reading.MAX_ROW_BYTES + b'"}\n')
        file.write(b'{"proc_id": "1.000006", "name": NaN}\n' + b"[" * 5_000 + b"\n")
    read = read_any(path)
    assert [r.id for r in read.records] == ["1.013703", "1.000005"]
    assert [(p.row, p.field) for p in read.problems] == [
        (2, "name"), (3, "checklist"), (4, "checklist.copy_qty"), (5, ""), (6, "id"),
        (8, ""), (9, ""), (10, ""), (11, ""), (12, ""),
    ]  # fmt: skip
    assert all(p.file == "p.jsonl" and p.reason for p in read.problems)


def test_a_bad_spreadsheet_row_is_reported_with_its_row_number(tmp_path: Path) -> None:
    path = sheet(
        tmp_path / "a.xlsx",
        ["Tên thủ tục", "Mã thủ tục", "Ngày hiệu lực"],
        ["Một", "abc", None],
        [None, "1.000001", None],
        ["Ba", "1.000003", "hôm qua"],
        ["Bốn", "1.000004", None],
    )
    read = read_any(path)
    assert [(p.row, p.field) for p in read.problems] == [(2, "code"), (3, "name"), (4, "valid_from")]
    assert [r.id for r in read.records] == ["1.000004"]


def test_a_huge_cell_is_a_bad_row(tmp_path: Path) -> None:
    text = "Tên thủ tục,Phí\n" + "a" * (reading.MAX_ROW_BYTES + 5) + ",1\nHai,2\n"
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    read = read_any(tmp_path / "a.csv")
    assert [p.row for p in read.problems] == [2]
    assert [r.name for r in read.records] == ["Hai"]


def test_decompression_stops_at_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAX_FILE_BYTES", 4 * 1024 * 1024)
    (tmp_path / "bomb.jsonl.gz").write_bytes(gzip.compress(b" " * 64 * 1024 * 1024))
    with pytest.raises(CatalogueError, match="giải nén"):
        read_any(tmp_path / "bomb.jsonl.gz")


@pytest.mark.parametrize("name", ["a.xlsx", "a.jsonl.gz", "a.csv", "a.yaml", "a.doc", "a.jsonl"])
def test_noise_is_an_error_or_problems_never_a_crash(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(os.urandom(4_000))
    with pytest.raises(CatalogueError):
        load_any(tmp_path / name)


def test_a_missing_file_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="không có tệp"):
        load_any(tmp_path / "nowhere.jsonl")


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None, max_examples=60
)
@given(
    row=st.dictionaries(
        st.sampled_from(list(PORTAL_ROW)),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
            max_leaves=8,
        ),
    )
)
def test_any_portal_row_gives_a_record_or_a_problem(row: dict[str, Any], tmp_path: Path) -> None:
    path = write_lines(tmp_path / "p.jsonl", PORTAL_ROW, {**PORTAL_ROW, "proc_id": "1.000001", **row})
    read = read_any(path)
    assert len(read.records) == 2 or read.problems


def test_one_problem_per_wrong_field_with_a_vietnamese_reason(tmp_path: Path) -> None:
    read = read_any(write_lines(tmp_path / "o.jsonl", {"id": "A", "fee": 5, "level": "sao Hỏa"}))
    assert {p.field: p.reason.split(" (")[0] for p in read.problems}.keys() == {"name", "fee", "level"}
    assert "thiếu" in {p.reason for p in read.problems}


def test_the_portal_crawl_used_for_measuring_loads_whole() -> None:
    folder = Path(os.environ.get("TIEPDAN_SHARED", "../shared"))
    path = folder / "data" / "portal_catalogue.jsonl.gz"
    if not path.exists():
        pytest.skip(f"the measuring catalogue is not in {folder} (set TIEPDAN_SHARED)")
    catalogue = load_any(path)
    assert len(catalogue) == 2_924
    assert catalogue.by_code("1.000771") == ("1.000771",)
