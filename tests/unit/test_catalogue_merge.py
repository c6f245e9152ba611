"""Importing into a catalogue folder: nothing is lost, a repetition changes nothing."""

import datetime as dt
import shutil
from pathlib import Path
from typing import Any

import pytest

from bot.core.procedures import Confidence
from knowledge.importers import read_any
from knowledge.importers.merging import Folder, MergeReport, merge
from knowledge.records import SHIPPED, Catalogue
from knowledge.schema import Record

TODAY = dt.date(2026, 11, 21)


def record(**facts: Any) -> Record:
    return Record.model_validate({"id": "X1", "name": "Cấp thẻ", "field": "Việc làm", **facts})


def take(folder: Path, *records: Record) -> MergeReport:
    opened = Folder(folder)
    report = merge(opened, records, TODAY, "nhap.xlsx")
    opened.write()
    return report


def only(folder: Path) -> Record:
    (found,) = Catalogue.load(folder).records
    return found


def test_new_records_go_to_their_sectors_file(tmp_path: Path) -> None:
    report = take(tmp_path, record(), record(id="X2", field=None))
    assert report.added == ["X1", "X2"]
    assert {path.name for path in tmp_path.iterdir()} == {"viec-lam.yaml", "chua-ro-linh-vuc.yaml"}
    assert only_id(tmp_path, "X1").checked_on == TODAY


def only_id(folder: Path, procedure_id: str) -> Record:
    (found,) = Catalogue.load(folder).versions(procedure_id)
    return found


def test_a_repeated_import_changes_no_byte(tmp_path: Path) -> None:
    rows = [record(fee="không", confidence={"fee": "law"}), record(id="X2", steps=["Nộp"])]
    take(tmp_path, *rows)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    report = take(tmp_path, *rows)
    assert report.unchanged == ["X1", "X2"]
    assert not [*report.added, *report.updated, *report.new_versions]
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_an_absent_fact_is_added_and_an_absent_one_in_the_import_stays(tmp_path: Path) -> None:
    take(tmp_path, record(fee="không"))
    take(tmp_path, record(place="Một cửa phường"))
    assert (only(tmp_path).fee, only(tmp_path).place) == ("không", "Một cửa phường")


def test_a_proven_fact_is_not_overwritten_by_an_unproven_one(tmp_path: Path) -> None:
    take(tmp_path, record(fee="không", confidence={"fee": "verified"}))
    report = take(tmp_path, record(fee="500.000 đồng"))
    assert report.kept == [("X1", "fee")]
    assert only(tmp_path).fee == "không"


def test_a_fact_as_well_proven_replaces_the_old_one(tmp_path: Path) -> None:
    take(tmp_path, record(fee="không", confidence={"fee": "law"}))
    report = take(tmp_path, record(fee="500.000 đồng", confidence={"fee": "verified"}))
    assert report.updated == ["X1"]
    assert (only(tmp_path).fee, only(tmp_path).proof("fee")) == ("500.000 đồng", Confidence.VERIFIED)


def test_a_better_proof_of_the_same_fact_is_kept(tmp_path: Path) -> None:
    take(tmp_path, record(fee="không"))
    take(tmp_path, record(fee="không", confidence={"fee": "verified"}))
    assert only(tmp_path).proof("fee") is Confidence.VERIFIED


def test_a_group_that_mixes_both_sides_keeps_the_weaker_proof(tmp_path: Path) -> None:
    take(tmp_path, record(authority="Sở Nội vụ"))
    take(tmp_path, record(delegation="Ủy quyền cho xã", confidence={"authority": "verified"}))
    assert only(tmp_path).delegation == "Ủy quyền cho xã"
    assert only(tmp_path).proof("authority") is Confidence.UNVERIFIED


def test_records_are_matched_on_a_confirmed_code(tmp_path: Path) -> None:
    take(tmp_path, record(code="1.013703", confidence={"code": "verified"}))
    report = take(tmp_path, record(id="1.013703", code="1.013703", fee="không", confidence={"code": "verified"}))
    assert report.updated == ["X1"]
    assert only(tmp_path).id == "X1"


def test_an_unconfirmed_code_matches_nothing(tmp_path: Path) -> None:
    take(tmp_path, record(code="1.013703", confidence={"code": "unverified"}))
    report = take(tmp_path, record(id="Y1", code="1.013703", confidence={"code": "verified"}))
    assert report.added == ["Y1"]


def test_a_later_decision_makes_a_new_version_and_ends_the_old_one(tmp_path: Path) -> None:
    take(tmp_path, record(fee="không", place="Một cửa", valid_from="2025-07-01", confidence={"fee": "verified"}))
    later = record(fee="500.000 đồng", decision={"number": "12/QĐ-BNV", "date": "2026-10-01"})
    assert take(tmp_path, later).new_versions == ["X1"]
    old, new = Catalogue.load(tmp_path).versions("X1")
    assert (str(old.valid_to), old.fee) == ("2026-09-30", "không")
    assert (str(new.valid_from), new.fee, new.place) == ("2026-10-01", "500.000 đồng", "Một cửa")
    assert take(tmp_path, later).unchanged == ["X1"]
    assert len(Catalogue.load(tmp_path)) == 2


def test_an_import_in_force_does_not_revive_a_repealed_procedure(tmp_path: Path) -> None:
    take(tmp_path, record(status="repealed", valid_to="2025-06-30"))
    take(tmp_path, record(status="in_force", fee="không"))
    assert only(tmp_path).status.value == "repealed"


def test_an_unusable_folder_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("procedures:\n- {id: A}\n", encoding="utf-8")
    report = take(tmp_path, record())
    assert report.problems
    assert {path.name for path in tmp_path.iterdir()} == {"a.yaml"}


def test_the_shipped_catalogue_imported_into_itself_changes_nothing(tmp_path: Path) -> None:
    target = tmp_path / "catalogue"
    shutil.copytree(SHIPPED, target)
    files = sorted(SHIPPED.glob("*.yaml"))
    assert len(files) == 13
    report = take(target, *(record for file in files for record in read_any(file).records))
    assert len(report.unchanged) == 234
    assert not [*report.added, *report.updated, *report.new_versions, *report.kept, *report.problems]
    assert Catalogue.load(target).content_hash == Catalogue.load().content_hash


def test_a_rewritten_file_keeps_its_layout(tmp_path: Path) -> None:
    target = tmp_path / "catalogue"
    target.mkdir()
    shutil.copy(SHIPPED / "to-chuc-bien-che.yaml", target)
    before = (target / "to-chuc-bien-che.yaml").read_text(encoding="utf-8")
    opened = Folder(target)
    opened.changed.update(opened.files)
    opened.write()
    assert (target / "to-chuc-bien-che.yaml").read_text(encoding="utf-8") == before


@pytest.mark.parametrize("fact", ["fee", "place", "conditions", "result"])
def test_no_fact_of_the_catalogue_is_lost_by_an_empty_import(fact: str, tmp_path: Path) -> None:
    take(tmp_path, record(**{fact: "có"}))
    take(tmp_path, record())
    assert getattr(only(tmp_path), fact) == "có"
