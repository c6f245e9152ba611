"""The arithmetic of docs/quality.md: intervals, runs, baselines, samples, and the page as it is written."""

import datetime as dt
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from bot.bench.machine import Machine
from bot.bench.retrieval import statistics, tables
from bot.bench.retrieval.baselines import STRIPPED, Bm25, Reading, build, cut_all, stripped_bigrams, syllables
from bot.bench.retrieval.compared import SAME_TEXTS, Compared
from bot.bench.retrieval.cost import Cost, sample
from bot.bench.retrieval.gate import OPERATING, Curve, Point
from bot.bench.retrieval.memory import group_mib, peak_mib, resident_mib
from bot.bench.retrieval.page import Quality, Section, markdown
from bot.bench.retrieval.questions import (
    Asked,
    Run,
    in_five_spellings,
    own_questions,
    portal_questions,
    styles_of,
)
from bot.bench.retrieval.statistics import Interval
from bot.bench.retrieval.subjects import article_record
from bot.bench.retrieval.targets import Target
from bot.core.enquiry.findings import Findings, Hit, Zone
from bot.core.errors import CatalogueError
from bot.core.procedures import Facet
from knowledge.evaluate import EvaluationQuestion, Measured
from knowledge.passages import passages_of
from tests.integration.small_catalogue import NOON, small_catalogue

RECORDS = small_catalogue().records
MACHINE = Machine("A processor", 2, 24.0, "Linux 6", "CPython 3.11")


def test_an_interval_holds_the_mean_and_narrows_with_more_questions() -> None:
    few, many = (statistics.mean([1.0, 1.0, 1.0, 0.0] * times) for times in (10, 100))
    assert few.value == many.value == 0.75
    assert few.low < 0.75 < few.high
    assert many.high - many.low < (few.high - few.low) / 2
    # Against the normal approximation: 1.96 √(p (1 − p) / n).
    assert many.high - many.low == pytest.approx(2 * 1.96 * (0.75 * 0.25 / 400) ** 0.5, rel=0.05)


def test_pairing_finds_a_difference_that_independent_samples_hide() -> None:
    rng = np.random.default_rng(1)
    theirs = rng.integers(0, 2, 300).astype(float)
    ours = theirs.copy()
    ours[np.flatnonzero(theirs == 0)[:12]] = 1.0
    paired, unpaired = statistics.mean(ours - theirs), statistics.gap(ours, theirs)
    assert paired.value == pytest.approx(unpaired.value) == pytest.approx(0.04)
    assert paired.low > 0 > unpaired.low


def test_spellings_of_one_question_are_one_observation() -> None:
    values, names = [1.0, 0.0, 1.0, 1.0], ["a", "b", "a", "b"]
    assert statistics.by_cluster(values, names).tolist() == [1.0, 0.5]
    assert statistics.mean([]) == statistics.gap([], [1.0]) == Interval(0.0, 0.0, 0.0)
    assert statistics.mean([1.0, 1.0]) == Interval(1.0, 1.0, 1.0)


def measured(
    name: str, style: str, rank: int | None, zone: Zone = Zone.ANSWER, part: str = "validation"
) -> tuple[Asked, Measured]:
    """Return a question with what was said: its facet is right where its rank is 1."""
    question = EvaluationQuestion(id=name, text=name, procedures=("P",), facet=Facet.FEE, style=style)
    facet = Facet.FEE if rank == 1 else Facet.TIME
    return Asked(question, part), Measured(question, Findings((), facet, True, zone, True, 0.5), rank, 1.0)


def run(*pairs: tuple[Asked, Measured]) -> Run:
    """Return a run of these questions."""
    return Run(tuple(asked for asked, _ in pairs), tuple(said for _, said in pairs))


OURS = run(
    measured("1", "clean", 1),
    measured("2", "clean", 3, Zone.CLARIFY),
    measured("1", "typos", 2),
    measured("2", "typos", None, Zone.REFUSE),
    measured("3", "clean", 1, part="locked"),
)
THEIRS = run(
    measured("1", "clean", 2),
    measured("2", "clean", None),
    measured("1", "typos", None),
    measured("2", "typos", None),
    measured("3", "clean", 1, part="locked"),
)


def test_a_run_counts_ranks_facets_and_answers() -> None:
    assert len(OURS) == 5
    assert OURS.firsts().tolist() == [0.5, 0.0, 1.0]
    assert OURS.recall(3).value == pytest.approx((1.0 + 0.5 + 1.0) / 3)
    assert OURS.reciprocal_rank == pytest.approx((1 + 1 / 3 + 1 / 2 + 0 + 1) / 5)
    assert (OURS.facet, OURS.answered, OURS.answered_right) == (2 / 5, 3 / 5, 2 / 3)
    assert OURS.lead(THEIRS).value == pytest.approx(0.5 / 3)
    assert [len(OURS.only("validation")), len(OURS.only(style="typos")), len(OURS.only("locked", "typos"))] == [
        4,
        2,
        0,
    ]
    assert styles_of(OURS.asked) == ["clean", "typos"]


def test_bm25_finds_a_record_by_its_alias_and_lists_each_id_once() -> None:
    found = Bm25([r.id for r in RECORDS], [stripped_bigrams(" ".join((r.name, *r.aliases))) for r in RECORDS],
                 stripped_bigrams)  # fmt: skip
    said = found.search("mat the thuong binh", NOON)
    assert said.hits[0] == Hit("X04", 0.0)
    assert [hit.procedure_id for hit in found.search("trợ cấp thất nghiệp", NOON).hits].count("X07") == 1
    assert len(found.search("zzz", NOON).hits) == len({record.id for record in RECORDS})


def test_a_missing_segmenter_is_no_error_and_words_are_cut_once(tmp_path: Path) -> None:
    absent = Reading("BM25, no words", lambda: syllables, "no-such-package-for-vietnamese")
    assert build(absent, ["A"], ["một"], tmp_path, print) is None
    calls: list[str] = []

    def cut(text: str) -> list[str]:
        calls.append(text)
        return text.split()

    there = Reading("BM25, some words", lambda: cut, "numpy")
    for _ in range(2):
        assert cut_all(there, cut, ["một hai"], tmp_path, lambda _line: None) == [["một", "hai"]]
    assert calls == ["một hai"]
    assert cut_all(STRIPPED, stripped_bigrams, ["Một hai"], tmp_path, print) == [["mot", "hai", "mot_hai"]]


def test_a_sample_keeps_records_and_then_mixes_names() -> None:
    assert {record.id for record in sample(RECORDS, 3)} <= {record.id for record in RECORDS}
    grown = sample(RECORDS, 40)
    assert grown[: len(RECORDS)] == list(RECORDS)
    assert len({(record.id, record.valid_from) for record in grown}) == 40
    assert grown == sample(RECORDS, 40)


def test_an_article_becomes_a_record_whose_passages_hold_it() -> None:
    text = "Điều 1. Phạm vi\n\n" + "\n".join(f"Khoản {number}: " + "quy định " * 20 for number in range(12))
    record = article_record("A00001", text)
    assert record.name == "Điều 1. Phạm vi"
    indexed = " ".join(passage.text for passage in passages_of(0, record, ()))
    assert all(f"Khoản {number}:" in indexed for number in range(12))
    assert article_record("A00002", "Chỉ có một dòng").conditions is None


def test_the_process_group_and_this_process_have_memory(tmp_path: Path) -> None:
    assert 10 < resident_mib() <= peak_mib()
    for pid, group in (("7", 7), ("8", 7), ("9", 9)):
        (tmp_path / pid).mkdir()
        (tmp_path / pid / "stat").write_text(f"{pid} (a (b) c) S 1 {group} 0")
        (tmp_path / pid / "status").write_text("Name:\ta\nVmRSS:\t  2048 kB\n")
    assert group_mib(7, tmp_path) == 4.0


def _lines(path: Path, rows: Sequence[object]) -> Path:
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    return path


def test_question_files_are_read_by_part_and_spelling(tmp_path: Path) -> None:
    rows = [
        {"id": "1", "text": "lập hội", "procedures": ["X01"], "style": "nodiac", "origin": "colloquial"},
        {"id": "2", "text": "mở quỹ", "procedures": ["X02"], "style": "clean", "origin": "faq"},
        {"id": "3", "text": "trời mưa", "procedures": []},
    ]
    path = _lines(tmp_path / "q.jsonl", rows)
    inside, outside = own_questions(path, "locked")
    assert [(asked.part, asked.style) for asked in inside] == [("locked", "no accents"), ("locked", "clean")]
    assert [question.id for question in outside] == ["3"]
    spellings = {"qid": ["1", "2"]} | {
        key: [f"{key} 1", f"{key} 2"] for key in ("clean", "nodia", "typo10", "teen", "nodia+typo")
    }
    noisy = tmp_path / "noisy.json"
    noisy.write_text(json.dumps(spellings))
    asked = portal_questions(path, noisy)
    assert [(a.question.text, a.style, a.part) for a in asked[:3]] == [
        ("clean 1", "clean", "colloquial"), ("clean 2", "clean", "FAQ"), ("nodia 1", "no accents", "colloquial"),
    ]  # fmt: skip
    assert len(asked) == 10
    assert len({a.cluster for a in asked}) == 2
    noisy.write_text(json.dumps(spellings | {"teen": ["only one"]}))
    with pytest.raises(CatalogueError, match=r"noisy\.json"):
        portal_questions(path, noisy)


def test_five_spellings_are_the_same_in_every_run() -> None:
    question = EvaluationQuestion(id="1", text="Người nghiện ma túy bị xử lý hành chính thế nào", procedures=("A",))
    asked = in_five_spellings([question], "ALQAC")
    assert [a.style for a in asked] == ["clean", "no accents", "typos", "teencode", "no accents, typos"]
    assert asked[1].question.text == "nguoi nghien ma tuy bi xu ly hanh chinh the nao"
    assert asked == in_five_spellings([question], "ALQAC")


def _point(confidence: float, note: str = "") -> Point:
    return Point(confidence, note, Interval(0.8, 0.7, 0.9), 0.95, Interval(0.1, 0.05, 0.15))


def _compared(title: str) -> Compared:
    kinds = (("near", 4, 0.25, 0.25, 0.5), ("far", 2, 0.0, 0.0, 1.0))
    curve = Curve((_point(0.2), _point(0.35, OPERATING)), (_point(0.35, "without a part"),), kinds, 3, 6)
    others = {"BM25, pyvi words": None, SAME_TEXTS: THEIRS}
    return Compared(title, 2_924, OURS, THEIRS, others, {"without it": THEIRS}, curve)


def page(quality: Quality, *sections: Section) -> str:
    """Return the rendered page."""
    return markdown(quality, MACHINE, dt.date(2026, 11, 22), 0.4, sections)


def test_the_page_judges_targets_on_the_locked_questions_and_marks_the_operating_point() -> None:
    cost = Cost(2_924, 24_000, 9.0, 31.5, 2**21, 60.0, 700.0, 900.0, 0.1)
    section = Section("## NLU\n\nIntents.", [Target("intents ≥ 90", "91.0", True)])
    text = page(
        Quality(_compared("Shipped catalogue"), _compared("Portal catalogue"), _compared("ALQAC"), [cost],
                {"service": 900.0, "rasa": 700.0}),
        section,
    )  # fmt: skip
    assert "$" not in text
    assert "judged on its locked questions" in text
    assert "| shipped, clean: R@1 ≥ 92 | 100.0 | yes |" in text
    assert "| search, 2,924 procedures, in process: p95 ≤ 30 ms | 31.5 ms | **no** |" in text
    assert "| memory of the running service ≤ 1.2 GB | 0.88 GB | yes |" in text
    assert "out of scope answered ≤ 10 while in scope ≥ 75 | 10.0 (5.0–15.0) while 80.0 (70.0–90.0) | yes |" in text
    assert "| **0.35** | **80.0 (70.0–90.0)** |" in text
    assert "| BM25, pyvi words: not installed | – |" in text
    assert "| intents ≥ 90 | 91.0 | yes |" in text
    assert text.index("## NLU") < text.index("## Machine")


def test_every_table_of_the_page_has_rows_as_wide_as_its_head() -> None:
    text = page(Quality(_compared("Shipped catalogue")))
    blocks = [block.splitlines() for block in text.split("\n\n") if block.startswith("| ")]
    assert len(blocks) >= 6
    for block in blocks:
        assert {line.count("|") for line in block} == {block[0].count("|")}, block[0]
    assert "The running service was not measured." in text


def test_shares_and_differences_are_written_with_their_intervals() -> None:
    assert tables.with_interval(Interval(0.5, 0.401, 0.6)) == "50.0 (40.1–60.0)"
    assert tables.with_interval(Interval(1.0, 1.0, 1.0)) == "100.0"
    assert tables.difference(Interval(-0.012, -0.05, 0.03)) == "−1.2 (−5.0 to +3.0)"
