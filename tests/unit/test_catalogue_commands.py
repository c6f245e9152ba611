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
    return target


def run(*arguments: str) -> Result:
    return CliRunner().invoke(catalogue_app, list(arguments), env={"COLUMNS": "200"})


def test_show_tells_facts_sources_and_what_is_missing(folder: Path) -> None:
    shown = run("show", "1.013703")
    assert shown.exit_code == 0
    for words in ("NV025", "Thủ tục thành lập hội", "60 ngày làm việc", "chưa có dữ liệu", "126/2024/NĐ-CP", "Nguồn"):
        assert words in shown.output


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
    assert "zz.yaml, dòng 1, mục name" in broken.output


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
    assert "moi.jsonl, dòng 2, mục name: thiếu" in first.output
    after = Catalogue.load(folder).content_hash
    assert "không đổi 1" in run("import", str(file)).output
    assert Catalogue.load(folder).content_hash == after != before


def test_import_into_a_new_folder(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("Tên thủ tục;Mã thủ tục\nMột;1.000001\n", encoding="utf-8-sig")
    assert run("import", str(file), "--into", str(tmp_path / "moi")).exit_code == 0
    assert Catalogue.load(tmp_path / "moi").by_code("1.000001") == ("1.000001",)


@pytest.mark.parametrize("command", ["import", "check", "show"])
def test_help_has_an_example(command: str) -> None:
    assert f"tiepdan catalogue {command}" in run(command, "--help").output
