"""The scripted calls are what the benchmark says they are, and the page tells what was measured."""

from collections import Counter
from pathlib import Path

import pytest

from bot.bench.calls import Call, Replayed, page, read_calls
from bot.bench.machine import Machine
from bot.core.errors import TiepDanError
from knowledge.records import SHIPPED, Catalogue

CALLS = read_calls(Path("tests/data/calls.jsonl"))


def test_there_are_enough_calls_of_many_sectors_half_of_them_held_out() -> None:
    assert len(CALLS) >= 30
    assert len({call.id for call in CALLS}) == len(CALLS)
    halves = Counter(call.half for call in CALLS)
    assert set(halves) == {"development", "held_out"}
    assert abs(halves["development"] - halves["held_out"]) <= 1
    assert len({call.sector for call in CALLS}) >= 10


def test_labels_are_procedures_of_the_catalogue_and_lines_of_a_caller() -> None:
    known = {record.id for record in Catalogue.load(SHIPPED).records}
    for call in CALLS:
        assert call.right <= known, call.id
        asks = next(line for line in call.lines if line["thu_tu"] == call.complete)
        assert asks["ben"] == "cong_dan"
        assert {line["ben"] for line in call.lines} == {"cong_dan", "tong_dai"}
        assert [line["thu_tu"] for line in call.lines] == list(range(1, len(call.lines) + 1))
        assert call.lines[-1]["het"] > 150


def test_lines_are_written_as_a_recogniser_writes() -> None:
    for call in CALLS:
        for line in call.lines:
            assert line["chu"] == line["chu"].lower().strip()
            assert not set(line["chu"]) & set(".,!?;:"), call.id
    assert sum(bool(line.get("nghe_do")) for call in CALLS for line in call.lines) >= 20


def test_an_unusable_file_is_one_line(tmp_path: Path) -> None:
    file = tmp_path / "x.jsonl"
    file.write_text('{"id": 1}\n', "utf-8")
    with pytest.raises(TiepDanError):
        read_calls(file)


def replayed(first: int | None, milliseconds: float) -> Replayed:
    call = Call("C", "development", "s", frozenset({"X"}), 1, ())
    return Replayed(call, first, milliseconds, False, True, (milliseconds, 10.0))


@pytest.mark.parametrize(
    ("first", "milliseconds", "right"),
    [(0, 10, True), (2, 999, True), (3, 10, False), (0, 1001, False), (None, 1, False)],
)
def test_right_is_among_three_within_a_second(first: int | None, milliseconds: float, right: bool) -> None:
    assert replayed(first, milliseconds).right is right


def test_the_page_says_whether_the_target_is_held() -> None:
    machine = Machine("P", 2, 4.0, "L", "C")
    assert "; held." in page([replayed(0, 10)] * 9 + [replayed(None, 10)], machine, "2026-11-26", 0.5)
    assert "**not held**" in page([replayed(0, 10)] * 8 + [replayed(None, 10)] * 2, machine, "2026-11-26", 0.5)
