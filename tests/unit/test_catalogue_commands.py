"""`tiepdan catalogue import`, `check` and `show`, run as the terminal runs them."""

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli.catalogue import catalogue_app
from bot.core.errors import CatalogueError
from knowledge.records import SHIPPED, Catalogue


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    target = tmp_path / "catalogue"
    shutil.copytree(SHIPPED, target)
    monkeypatch.setenv("TIEPDAN_CATALOGUE", str(target))
    monkeypatch.setenv("TIEPDAN_DATA_DIR", str(tmp_path / "data"))
    return target


def run(*arguments: str) -> Result:
    return CliRunner().invoke(catalogue_app, list(arguments), env={"COLUMNS": "200"})


def test_show_tells_facts_sources_and_what_is_missing(folder: Path) -> None:
    shown = run("show", "1.013703")
    assert shown.exit_code == 0
    for words in ("NV025", "Thủ tục thành lập hội", "60 ngày làm việc", "chưa có dữ liệu", "126/2024/NĐ-CP", "Nguồn"):
        assert words in shown.output


def test_show_takes_an_id_in_small_letters_and_says_that_a_procedure_is_hidden(folder: Path) -> None:
    assert "đang ẩn" not in run("show", "nv025").output.lower()
    assert run("hide", "nv025", "--reason", "đang sửa").output == "NV025: đã ẩn\n"
    shown = run("show", "nv025").output
    assert "ĐANG ẨN" in shown
    assert "unhide NV025" in shown
    assert run("unhide", "1.013703", "--reason", "đã sửa").output == "NV025: đã hiện lại\n"
    assert "ĐANG ẨN" not in run("show", "NV025").output


def test_hide_of_an_unknown_procedure_says_so_before_it_asks_for_a_better_reason(folder: Path) -> None:
    assert "không có thủ tục NV99999" in str(run("hide", "NV99999", "--reason", "x").exception)
    assert "lý do phải có" in str(run("hide", "NV025", "--reason", "x").exception)


def test_a_bad_row_is_told_once_with_its_id_and_the_lines_of_its_fields(folder: Path, tmp_path: Path) -> None:
    text = "procedures:\n- id: A\n  name: Một\n\n- id: B\n  name: Hai\n  phi: 5\n\n  steps:\n  - 1\n"
    (folder / "zz.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "moi.yaml").write_text(text, encoding="utf-8")
    line = (
        "zz.yaml, dòng 7 (B), mục phi: không có mục này trong mẫu (đang ghi: '5'); dòng 10, mục steps.0: phải là chữ"
    )
    checked = run("check").output
    assert [each.startswith(f"Lỗi: {line}") for each in checked.splitlines() if "zz.yaml" in each] == [True]
    (folder / "zz.yaml").unlink()
    imported = run("import", str(tmp_path / "moi.yaml")).output
    wanted = line.replace("zz.yaml", "moi.yaml")
    assert [each.startswith(f"Lỗi: {wanted}") for each in imported.splitlines() if "moi.yaml" in each] == [True]


def test_show_on_an_earlier_day_shows_the_procedure_in_force(folder: Path) -> None:
    assert "đã bãi bỏ" in run("show", "NVA014").output
    assert "đang có hiệu lực" in run("show", "NVA014", "--on", "01/06/2025").output


def test_show_of_an_unknown_or_future_procedure_says_so(folder: Path) -> None:
    assert isinstance(run("show", "NV999").exception, CatalogueError)
    assert "2027-01-01" in str(run("show", "NVB031", "--on", "2026-11-21").exception)


def test_check_passes_the_shipped_catalogue_and_fails_a_broken_one(folder: Path) -> None:
    assert run("check").exit_code == 0
    (folder / "zz.yaml").write_text("procedures:\n- {id: Z, name: 5}\n", encoding="utf-8")
    broken = run("check")
    assert broken.exit_code == 1
    assert "zz.yaml, dòng 2 (Z), mục name" in broken.output


def test_import_reports_bad_rows_takes_good_ones_and_repeats_without_change(folder: Path, tmp_path: Path) -> None:
    rows = [{"id": "T1", "name": "Một", "field": "Việc làm"}, {"id": "T2"}]
    file = tmp_path / "moi.jsonl"
    file.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    before = Catalogue.load(folder).content_hash
    assert run("import", str(file), "--dry-run").exit_code == 1
    assert Catalogue.load(folder).content_hash == before
    first = run("import", str(file))
    assert first.exit_code == 1
    assert "thêm 1" in first.output
    assert "moi.jsonl, dòng 2 (T2), mục name: thiếu" in first.output
    after = Catalogue.load(folder).content_hash
    assert "không đổi 1" in run("import", str(file)).output
    assert Catalogue.load(folder).content_hash == after != before


def test_import_into_a_new_folder(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("Tên thủ tục;Mã thủ tục\nMột;1.000001\n", encoding="utf-8-sig")
    assert run("import", str(file), "--into", str(tmp_path / "moi")).exit_code == 0
    assert Catalogue.load(tmp_path / "moi").by_code("1.000001") == ("1.000001",)


@pytest.mark.parametrize("command", ["show", "hide", "unhide"])
def test_commands_about_one_procedure_name_their_argument_alike(command: str) -> None:
    assert f"{command} [OPTIONS] {{MÃ}}" in run(command, "--help").output


@pytest.mark.parametrize("command", ["import", "check", "show"])
def test_help_has_an_example(command: str) -> None:
    assert f"tiepdan catalogue {command}" in run(command, "--help").output
