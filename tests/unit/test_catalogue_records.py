"""The strict models, versions in time, and the shipped records."""

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.core.errors import CatalogueError
from bot.core.procedures import Confidence, Status
from bot.core.routes import Agency
from knowledge import records
from knowledge.facts import Channel, clean
from knowledge.records import SHIPPED, Catalogue, read_file, read_files
from knowledge.schema import Record
from knowledge.yaml_files import as_plain, write_yaml

TODAY = dt.date(2026, 11, 21)
DATES = st.dates(dt.date(2015, 1, 1), dt.date(2035, 12, 31))


@pytest.fixture(scope="module")
def shipped() -> Catalogue:
    return Catalogue.load()


def record(**facts: object) -> Record:
    return Record.model_validate({"id": "X1", "name": "Thủ tục thử", **facts})


def test_every_shipped_record_loads(shipped: Catalogue) -> None:
    assert len(shipped) == 234
    by_status = [r.status for r in shipped.records]
    assert {status: by_status.count(status) for status in Status} == {
        Status.IN_FORCE: 158, Status.REPEALED: 28, Status.UNCERTAIN: 9,
        Status.ROUTING: 20, Status.INTERNAL: 17, Status.SUSPENDED: 2,
    }  # fmt: skip
    assert all(r.checked_on == TODAY and r.field for r in shipped.records)


def test_line_numbers_are_looked_for_only_where_a_record_is_bad(monkeypatch: pytest.MonkeyPatch) -> None:
    """Finding them means parsing a file once more, which would double the time of every start."""
    asked: list[Path] = []
    monkeypatch.setattr(records, "Lines", lambda path: asked.append(path))
    assert len(Catalogue.load()) == 234
    assert asked == []


def test_no_unknown_fact_is_filled_in_the_shipped_records(shipped: Catalogue) -> None:
    in_force = [r for r in shipped.records if r.status is Status.IN_FORCE]
    assert sum(r.code is not None for r in in_force) == 141
    assert sum(bool(r.dossier) for r in in_force) == 155
    assert all(r.decision is None for r in shipped.records)
    assert not [r.id for r in shipped.records if r.time_limit and not r.time_limit.known and r.time_limit.value]
    fees = {r.fee for r in shipped.records}
    assert None in fees


def test_shipped_sources_name_no_working_file(shipped: Catalogue) -> None:
    refs = [source.ref for r in shipped.records for source in r.sources]
    assert len(refs) > 600
    assert not [ref for ref in refs if "_work/" in ref or "index id" in ref or ref.startswith("/")]


def test_every_shipped_repealed_record_says_since_when_and_by_what(shipped: Catalogue) -> None:
    ended = [p for p in shipped.at(TODAY) if p.status in (Status.REPEALED, Status.SUSPENDED)]
    assert len(ended) == 30
    assert all(p.valid_to and p.repealed_by and p.replaced_by for p in ended)
    known = set(shipped.ids)
    assert all(set(p.replaced_by_ids) <= known for p in ended)
    assert sum(bool(p.replaced_by_ids) for p in ended) >= 25


def test_every_shipped_routing_record_names_the_body_responsible(shipped: Catalogue) -> None:
    routing = [p for p in shipped.at(TODAY) if p.status is Status.ROUTING]
    assert len(routing) == 20
    assert all(p.responsible and p.agency for p in routing)
    assert {p.agency for p in routing} == {Agency.SO_DAN_TOC_TON_GIAO, Agency.OTHER}


def test_an_unconfirmed_code_is_never_given(shipped: Catalogue) -> None:
    unconfirmed = [r for r in shipped.records if r.code and r.proof("code") is Confidence.UNVERIFIED]
    assert len(unconfirmed) == 5
    for each in unconfirmed:
        assert each.to_procedure(TODAY, TODAY).code is None
        assert each.code is not None
        assert shipped.by_code(each.code) == ()
    assert record(code="1.013703").to_procedure(TODAY, TODAY).code is None
    assert record(code="1.013703", confidence={"code": "law"}).to_procedure(TODAY, TODAY).code == "1.013703"


def test_lookup_by_confirmed_code(shipped: Catalogue) -> None:
    assert shipped.by_code("1.013703") == ("NV025",)
    assert shipped.by_code("9.999999") == ()


def test_a_record_not_yet_valid_is_left_out_and_listed_as_upcoming(shipped: Catalogue) -> None:
    assert shipped.procedure("NVB031", TODAY) is None
    assert "NVB031" in {r.id for r in shipped.upcoming(TODAY)}
    assert shipped.procedure("NVB031", dt.date(2027, 1, 1)) is not None
    assert len(shipped.at(TODAY)) == 231


def test_status_follows_the_day() -> None:
    repealed = record(status="repealed", valid_to="2025-06-30", repealed_by="963/QĐ-TTPVHCC")
    assert repealed.to_procedure(dt.date(2025, 6, 30), TODAY).status is Status.IN_FORCE
    assert repealed.to_procedure(dt.date(2025, 7, 1), TODAY).status is Status.REPEALED
    lapsing = record(valid_from="2026-07-01", valid_to="2027-02-28")
    assert lapsing.status_on(dt.date(2027, 2, 28)) is Status.IN_FORCE
    assert lapsing.status_on(dt.date(2027, 3, 1)) is Status.REPEALED


def test_the_version_of_the_day_is_chosen_and_the_last_one_stays_reachable() -> None:
    catalogue = Catalogue(
        [
            record(name="cũ", valid_to="2025-06-30"),
            record(name="mới", valid_from="2025-07-01", valid_to="2026-06-30"),
        ],
        TODAY,
    )
    names = [catalogue.procedure("X1", day) for day in (dt.date(2020, 1, 1), dt.date(2025, 7, 1), TODAY)]
    assert [p and p.name for p in names] == ["cũ", "mới", "mới"]
    assert names[2] is not None
    assert names[2].status is Status.REPEALED


def test_versions_that_overlap_are_refused() -> None:
    with pytest.raises(CatalogueError, match="X1"):
        Catalogue([record(), record(valid_from="2025-07-01")], TODAY)


def test_a_missing_valid_from_is_unverified_validity() -> None:
    undated = record(confidence={"identity": "verified"}).to_procedure(TODAY, TODAY)
    assert undated.confidence["validity"] is Confidence.UNVERIFIED
    dated = record(valid_from="2025-07-01", confidence={"identity": "verified"}).to_procedure(TODAY, TODAY)
    assert dated.confidence["validity"] is Confidence.VERIFIED


def test_a_fact_without_a_word_about_its_proof_is_unverified() -> None:
    assert record(fee="không").to_procedure(TODAY, TODAY).confidence["fee"] is Confidence.UNVERIFIED


def test_a_limit_without_number_or_wording_is_no_limit() -> None:
    assert record(time_limit={"note": "mức mới chưa đọc"}).to_procedure(TODAY, TODAY).time_limit is None


def test_legal_documents_are_judged_on_the_day() -> None:
    basis = [
        {"number": "1/2020", "status": "replaced", "replaced_by": "2/2025", "replaced_from": "2025-07-01"},
        {"number": "2/2025", "effective_from": "2025-07-01", "sunset": "2027-03-01"},
        {"number": "3/2025", "status": "uncertain"},
    ]
    r = record(legal_basis=basis)
    for day, expected in (
        (dt.date(2025, 6, 30), [True, False, False]),
        (dt.date(2026, 1, 1), [False, True, False]),
        (dt.date(2027, 3, 1), [False, False, False]),
    ):
        assert [b.in_force for b in r.to_procedure(day, TODAY).legal_basis] == expected


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"code": "1.23"}, "code"),
        ({"nam": "thừa"}, "nam"),
        ({"name": ""}, "name"),
        ({"name": "x" * 2_000}, "name"),
        ({"steps": "một chuỗi"}, "steps"),
        ({"aliases": ["a"] * 100}, "aliases"),
        ({"channels": ["bồ câu"]}, "channels"),
        ({"channels": ["trực tiếp", "trực tiếp"]}, ""),
        ({"dossier": [{"name": "Đơn", "copy": "một"}]}, "dossier"),
        ({"time_limit": {"value": 5}}, "time_limit"),
        ({"valid_from": "01/07/2025"}, "valid_from"),
        ({"valid_from": "2026-01-01", "valid_to": "2025-01-01"}, ""),
        ({"status": "routing"}, ""),
        ({"confidence": {"fee": "chắc"}}, "confidence"),
        ({"id": "../etc/passwd"}, "id"),
    ],
)
def test_a_record_that_breaks_the_format_is_refused(facts: dict[str, object], field: str) -> None:
    with pytest.raises(ValidationError) as caught:
        record(**facts)
    assert field in {str(part) for error in caught.value.errors() for part in (*error["loc"], "")}


def test_texts_are_stored_composed_and_without_hidden_characters() -> None:
    assert record(name="Ho\u0302\u0300 sơ\u200b\u202e ").name == "Hồ sơ"


@given(st.text(max_size=60))
def test_cleaning_is_idempotent(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@given(start=DATES, end=DATES, day=DATES)
def test_covering_agrees_with_the_answer_model(start: dt.date, end: dt.date, day: dt.date) -> None:
    first, last = sorted((start, end))
    r = record(valid_from=first, valid_to=last)
    assert r.covers(day) == r.to_procedure(day, TODAY).valid_on(day) == (first <= day <= last)


def test_shipped_records_survive_a_round_trip_through_yaml(shipped: Catalogue, tmp_path: Path) -> None:
    write_yaml(tmp_path / "all.yaml", "mọi thủ tục", {}, [as_plain(r) for r in shipped.records])
    assert Catalogue.load(tmp_path).content_hash == shipped.content_hash


def test_written_yaml_is_block_style_unescaped_and_without_nulls(shipped: Catalogue, tmp_path: Path) -> None:
    target = tmp_path / "one.yaml"
    write_yaml(target, "Một thủ tục", {"checked_on": TODAY}, [as_plain(shipped.versions("NV025")[0])])
    text = target.read_text(encoding="utf-8")
    assert "name: Thủ tục thành lập hội" in text
    assert "checked_on: 2026-11-21" in text
    assert not [mark for mark in ("null", "\\u", "{", "[]") if mark in text]


def test_the_hash_ignores_order_and_sees_every_fact(shipped: Catalogue) -> None:
    assert Catalogue(reversed(shipped.records), TODAY).content_hash == shipped.content_hash
    first, *rest = shipped.records
    changed = first.model_copy(update={"fee": "1.000 đồng"})
    assert Catalogue([changed, *rest], TODAY).content_hash != shipped.content_hash


def test_a_code_written_without_quotes_keeps_its_zeros(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("procedures:\n- id: A\n  name: A\n  code: 1.013700\n", encoding="utf-8")
    assert read_file(tmp_path / "a.yaml").records[0].code == "1.013700"


def test_errors_name_file_line_field_and_reason(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("procedures:\n- {id: A, name: A}\n- {id: B, fee: 5}\n", encoding="utf-8")
    problems = read_file(tmp_path / "a.yaml").problems
    assert {(p.file, p.row, p.field) for p in problems} == {("a.yaml", 3, "name"), ("a.yaml", 3, "fee")}
    assert {p.reason for p in problems} == {"thiếu", "phải là chữ (đang ghi: '5')"}
    with pytest.raises(CatalogueError, match=r"a\.yaml, dòng 3 \(B\), mục (name|fee)"):
        Catalogue.load(tmp_path)


@pytest.mark.parametrize(
    "text",
    [
        "procedures: [",
        "a: &a [1]\nb: !!python/object/apply:os.system ['true']\n",
        "just words",
        "procedures: 5",
        "x0: &x0 [a, a, a, a, a, a, a, a, a, a]\n"
        + "".join(f"x{i}: &x{i} [{', '.join([f'*x{i - 1}'] * 10)}]\n" for i in range(1, 9)),
        "a: &a\n  b: *a\n",
    ],
)
def test_a_hostile_yaml_file_is_an_error_not_a_crash(text: str, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(CatalogueError, match=r"a\.yaml"):
        read_file(tmp_path / "a.yaml")


def test_shipped_files_are_one_per_sector() -> None:
    files = read_files(SHIPPED)
    assert len(files) == 13
    assert all(file.field and file.records and not file.problems for file in files)
    assert all(r.field is None for file in files for r in file.records)


def test_channels_carry_their_remark(shipped: Catalogue) -> None:
    noted = [p for p in shipped.at(TODAY) if p.channels_note]
    assert noted
    assert all(set(p.channels) <= {c.value for c in Channel} for p in shipped.at(TODAY))
