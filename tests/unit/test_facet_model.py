"""The model of facets: what it learned, how it is stored, and that training repeats."""

import json
import random
from pathlib import Path

import numpy as np
import pytest

from bot.core.errors import ConfigurationError
from bot.core.procedures import Facet
from knowledge import facet_training as training
from knowledge import lexicon
from knowledge.facet_model import KINDS, Asked, FacetModel, asking_clause, load, shipped_model, terms
from knowledge.noise import noisy
from knowledge.query import read_question
from knowledge.terms import plain
from tests.work import calls

ROOT = Path(__file__).resolve().parents[2]
VALIDATION = ROOT / "knowledge" / "validation"
STORY = "Hôm qua mẹ tôi ra phường hỏi nhưng cán bộ đi vắng, hồ sơ thì đủ cả rồi, "


@pytest.mark.parametrize(
    ("text", "facet"),
    [
        ("mai tôi lên có kịp không", Facet.TIME),
        ("đi tay không có được không", Facet.DOCUMENTS),
        ("có phải lên tận Sở không", Facet.WHERE),
        ("ai ký", Facet.AUTHORITY),
        ("có mất đồng nào không", Facet.FEE),
        ("mần mấy hôm thì có giấy rứa", Facet.TIME),
        ("hết bao lăm tiền hè", Facet.FEE),
        ("khỏi lên tận nơi có được không", Facet.ONLINE),
        ("luật nào nói chuyện này", Facet.LEGAL),
        ("mỗi tháng lĩnh được mấy đồng", Facet.RESULT),
        ("đổi tên hội", Facet.GENERAL),
        (STORY + "ai là người ký giấy này", Facet.AUTHORITY),
        (STORY + "giờ lệ phí mất bao nhiêu ạ", Facet.FEE),
    ],
)
def test_facets_are_found_with_and_without_accents(text: str, facet: Facet) -> None:
    assert read_question(text).facet.facet is facet
    assert read_question(plain(text)).facet.facet is facet
    assert read_question(text.upper()).facet.facet is facet


def test_the_held_out_questions_are_found_better_than_by_rules_alone() -> None:
    held_out = [example for example in training.written(VALIDATION) if example.held_out]
    assert len(held_out) >= 130
    by_rules = sum(read_question(e.text, rules_alone=True).facet.facet is e.facet for e in held_out)
    by_both = sum(read_question(e.text).facet.facet is e.facet for e in held_out)
    assert by_both >= 0.78 * len(held_out)
    assert by_both >= by_rules + 0.08 * len(held_out)


def test_the_validation_questions_cover_every_facet_and_style() -> None:
    rows = [json.loads(line) for line in (VALIDATION / "facets.jsonl").read_text(encoding="utf-8").splitlines()]
    assert len(rows) >= 400
    assert len({row["text"] for row in rows}) == len(rows)
    for facet in Facet:
        assert sum(row["facet"] == facet for row in rows) >= 30
        assert sum(row["facet"] == facet and row["held_out"] for row in rows) >= 8
    assert {row["style"] for row in rows} == {"clean", "nodiac", "typo", "teencode", "dialect", "long"}


def test_no_evaluation_question_is_an_example() -> None:
    files = sorted((ROOT / "tests" / "data").glob("**/retrieval.jsonl"))
    assert files
    evaluated = {plain(json.loads(line)["text"]) for f in files for line in f.read_text("utf-8").splitlines()}
    rows = [json.loads(line) for line in (VALIDATION / "facets.jsonl").read_text(encoding="utf-8").splitlines()]
    written = {plain(row["text"]) for row in rows if len(row["text"].split()) > 4}
    shared = len(written & evaluated)
    assert shared == 0


def test_the_clause_that_asks_is_the_last_one_with_an_asking_word() -> None:
    clauses = [["tôi", "có", "hai", "con"], ["nộp", "ở", "đâu"], ["em", "cảm", "ơn"]]
    assert asking_clause(clauses) == ("nộp", "ở", "đâu")
    assert asking_clause([["đổi", "tên", "hội"], ["dạ"]]) == ("đổi", "tên", "hội")
    assert asking_clause([]) == ()


def test_terms_are_bounded_and_of_every_kind() -> None:
    found = terms(Asked((("ai", "ký"),) * 2000, ("first none",)))
    assert set(found) == set(KINDS)
    assert all(found.values())
    assert sum(map(len, found.values())) < 1500


def test_shares_are_probabilities_for_any_text() -> None:
    for asked in (Asked((), ()), Asked((("zzzz",),), ("no such rule",))):
        shares = shipped_model().shares(asked)
        assert float(shares.sum()) == pytest.approx(1.0, abs=1e-5)
        assert shares.min() >= 0


def test_a_question_costs_some_calls_a_term_and_no_look_at_each_weight() -> None:
    asked = [read_question(STORY * times + "thủ tục này bao lâu thì xong").asked_for for times in (1, 8)]
    model = shipped_model()
    for question in asked:
        model.facet(question)
        terms_asked = sum(map(len, terms(question).values()))
        assert calls(lambda q=question: model.facet(q)) < 200 + 10 * terms_asked


def test_a_damaged_model_is_refused(tmp_path: Path) -> None:
    (tmp_path / "facets.npz").write_bytes(b"not a model")
    with pytest.raises(ConfigurationError, match=r"facets\.npz"):
        load(tmp_path / "facets.npz")


def test_made_up_questions_ask_for_every_facet_in_every_grammar_alike() -> None:
    assert set(lexicon.asks()) == set(Facet)
    made = list(training.made(["đổi tên hội"], random.Random(3)))
    assert made == list(training.made(["đổi tên hội"], random.Random(3)))
    assert {example.facet for example in made} == set(Facet)


def test_training_repeats_and_learns_what_it_was_shown() -> None:
    rng = random.Random(1)
    pairs = [("lệ phí bao nhiêu", Facet.FEE), ("nộp ở đâu", Facet.WHERE), ("bao lâu thì xong", Facet.TIME)]
    examples = [training.Example(noisy(text, s, rng), f) for text, f in pairs for s in training.STYLES]
    arrays, again = training.train(examples), training.train(examples)
    assert all(np.array_equal(arrays[name], again[name]) for name in arrays)
    assert training.right(FacetModel(arrays), [training.Example(*pair) for pair in pairs]) == 1.0
