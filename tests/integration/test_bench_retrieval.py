"""The benchmark of retrieval on a small real index: every system asked, the gate's curve, the cost, the page."""

from pathlib import Path

import pytest

from bot.bench.machine import this_machine
from bot.bench.retrieval import baselines
from bot.bench.retrieval.compared import compare
from bot.bench.retrieval.cost import costs
from bot.bench.retrieval.gate import OPERATING, curve
from bot.bench.retrieval.page import Quality, markdown
from bot.bench.retrieval.questions import in_five_spellings
from bot.bench.retrieval.subjects import Subject
from bot.bench.retrieval.variants import ABLATIONS, GATE_ABLATIONS, ours
from knowledge.build import CURRENT, open_index, rebuild
from knowledge.encoder import TextEncoder
from knowledge.encoder_training import ensure_encoder
from knowledge.evaluate import EvaluationQuestion
from knowledge.findings import find
from tests.integration.small_catalogue import DAY, NOON, TINY, small_catalogue

CATALOGUE = small_catalogue()
INSIDE = [
    EvaluationQuestion(id="1", text="tôi muốn lập hội ở phường thì cần gì", procedures=("X01",)),
    EvaluationQuestion(id="2", text="mất thẻ thương binh thì làm lại thế nào", procedures=("X04",)),
    EvaluationQuestion(id="3", text="giấy phép lao động sắp hết hạn", procedures=("1.999999", "X05")),
]
OUTSIDE = (
    EvaluationQuestion(id="4", text="hôm nay trời có mưa không"),
    EvaluationQuestion(id="5", text="giá vàng bao nhiêu một chỉ"),
)


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("encoder")
    return ensure_encoder(CATALOGUE.records, CATALOGUE.content_hash, root, lambda _line: None, TINY)


@pytest.fixture(scope="module")
def subject(encoder: Path, tmp_path_factory: pytest.TempPathFactory) -> Subject:
    root = tmp_path_factory.mktemp("index")
    loaded = TextEncoder(encoder)
    rebuild(CATALOGUE, loaded, encoder.name, root, DAY, lambda _line: None)
    index = open_index(root / CURRENT, lambda _manifest: loaded)
    texts = tuple(baselines.names(record) for record in CATALOGUE.records)
    return Subject("Small catalogue", index, tuple(in_five_spellings(INSIDE, "validation")), OUTSIDE, texts)


def test_every_system_is_asked_everything_and_the_page_tells_it(subject: Subject, tmp_path: Path) -> None:
    found = compare(subject, ["weather", "gold"], tmp_path, NOON, lambda _line: None)
    assert set(found.ablations) == {ablation.title for ablation in ABLATIONS}
    runs = [found.ours, found.bm25, *found.ablations.values(), *filter(None, found.others.values())]
    assert {len(run) for run in runs} == {15}
    assert found.ours.only(style="clean").recall(1).value == 1.0
    text = markdown(Quality(found), this_machine(), DAY, 0.5)
    assert "## Small catalogue: 8 records" in text
    assert all(f"| {title} |" in text for title in found.ablations)


def test_a_part_taken_away_changes_what_is_found(subject: Subject) -> None:
    texts = [asked.question.text for asked in subject.asked]

    def said(search: object) -> list[object]:
        return [search(text, NOON) for text in texts]  # type: ignore[operator]

    whole = said(ours(subject.index))
    assert whole == [find(subject.index, text, NOON.date(), frozenset(), 10) for text in texts]
    for ablation in ABLATIONS:
        # The few questions have no slips, abbreviations or everyday words for the other parts to work on.
        if any(part in ablation.title for part in ("encoder", "words (", "coverage")):
            assert said(ours(ablation.change(subject.index))) != whole, ablation.title
    own = {ablation.title: ablation.change(subject.index).own_agencies for ablation in GATE_ABLATIONS}
    assert own["without words of other bodies"] > subject.index.own_agencies


def test_the_curve_falls_and_holds_the_operating_point(subject: Subject) -> None:
    found = curve(subject, ["weather", "gold"], NOON, lambda _line: None)
    assert (found.inside, found.outside) == (3, 2)
    assert [point.confidence for point in found.points] == sorted(point.confidence for point in found.points)
    for side in ("inside", "outside"):
        shares = [getattr(point, side).value for point in found.points]
        assert shares == sorted(shares, reverse=True)
    assert found.operating.confidence == subject.index.thresholds.answer
    assert found.operating.note == OPERATING
    assert [kind for kind, *_ in found.by_kind] == ["weather", "gold"]
    limited = next(point for point in found.points if "10%" in point.note)
    assert limited.outside.value <= 0.10


def test_the_cost_of_an_index_is_measured_in_fresh_processes(encoder: Path) -> None:
    (found,) = costs(CATALOGUE, encoder, ["lập hội", "mất thẻ thương binh"], [12], DAY, lambda _line: None)
    assert found.procedures == 12
    assert found.passages >= 12
    assert found.index_bytes > 1_000
    assert 0 < found.p50_ms <= found.p95_ms
    assert min(found.opened_mib, found.peak_mib) > 50
