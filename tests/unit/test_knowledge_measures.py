"""The lexical index, other bodies' matters, the lexicon and the evaluation's arithmetic."""

import datetime as dt
import json
import random
from pathlib import Path

import numpy as np
import pytest

from bot.core.enquiry.findings import Findings, Hit, Zone
from bot.core.errors import CatalogueError, IndexMismatch
from bot.core.procedures import Facet
from bot.core.routes import Agency, Reason
from knowledge import lexicon
from knowledge.agencies import recognise
from knowledge.evaluate import measure, read_questions, scores
from knowledge.gate import FEATURES, Thresholds
from knowledge.lexical_index import LexicalIndex
from knowledge.names import short_name
from knowledge.noise import noisy, telex
from knowledge.passages import chunks
from knowledge.records import SHIPPED, Catalogue
from knowledge.terms import plain_words

NOW = dt.datetime(2026, 11, 21, 5, 0, tzinfo=dt.UTC)


def test_bm25_prefers_the_rare_word_and_survives_saving(tmp_path: Path) -> None:
    index = LexicalIndex.build([["quy", "hoi", "the"], ["quy", "hoi"], ["quy"]])
    found = index.scores({"the": 1.0, "quy": 1.0})
    assert int(np.argmax(found)) == 0
    assert index.scores({"khongco": 1.0}).tolist() == [0, 0, 0]
    assert index.term_idf("khongco") >= index.term_idf("the") > index.term_idf("quy")
    index.save(tmp_path / "x.npz")
    again = LexicalIndex.load(tmp_path / "x.npz")
    np.testing.assert_allclose(again.scores({"the": 1.0, "quy": 1.0}), found)


def test_a_damaged_lexical_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.npz").write_bytes(b"PK\x03\x04 not really")
    with pytest.raises(IndexMismatch, match="index build"):
        LexicalIndex.load(tmp_path / "x.npz")


@pytest.mark.parametrize(
    ("text", "agency"),
    [
        ("làm hộ chiếu mất mấy ngày", Agency.CONG_AN),
        ("đổi căn cước công dân ở đâu", Agency.CONG_AN),
        ("quyết toán thuế thu nhập cá nhân", Agency.THUE),
        ("rút bảo hiểm xã hội một lần", Agency.BHXH),
        ("chồng muốn ly dị thì ra tòa án nào", Agency.TOA_AN),
        ("chuyển trường cho con", Agency.TRUONG_HOC),
        ("đặt lịch khám bệnh", Agency.BENH_VIEN),
        ("mở tài khoản ngân hàng", Agency.NGAN_HANG),
        ("linh mục giảng đạo", Agency.SO_DAN_TOC_TON_GIAO),
        ("làm giấy khai sinh cho con", Agency.OTHER),
        ("tách thửa đất", Agency.OTHER),
    ],
)
def test_matters_of_other_bodies_are_recognised(text: str, agency: Agency) -> None:
    found = recognise(plain_words(text))
    assert found is not None
    assert found[0] is agency


def test_our_own_matters_belong_to_nobody_else() -> None:
    for text in ("hưởng trợ cấp thất nghiệp", "lập hội ở xã", "cấp lại giấy phép lao động", "thi công chức"):
        assert recognise(plain_words(text)) is None, text


def test_every_situation_belongs_to_a_record_of_the_catalogue() -> None:
    known = set(Catalogue.load(SHIPPED).ids)
    assert len(lexicon.situations()) > 200
    assert set(lexicon.situations()) <= known


def test_every_record_of_the_catalogue_has_a_situation() -> None:
    assert set(Catalogue.load(SHIPPED).ids) <= set(lexicon.situations())


def test_short_names_lose_their_formal_frame() -> None:
    assert short_name("Thủ tục thành lập hội (cấp tỉnh)") == "thành lập hội"
    assert short_name("Cấp thẻ (cho người bị thương)") == "Cấp thẻ (cho người bị thương)"


def test_chunks_keep_every_word_and_stay_short() -> None:
    parts = ["một hai ba"] * 5 + ["bốn " * 200]
    found = list(chunks(parts, 100))
    assert all(len(chunk) <= 110 for chunk in found)
    assert " ".join(found).replace(".", " ").split() == " ".join(parts).split()


@pytest.mark.parametrize("style", ["nodiac", "typo", "teencode", "dialect", "messy"])
def test_noise_changes_spelling_reproducibly(style: str) -> None:
    text = "bố tôi muốn làm lại giấy chứng nhận thương binh thì nộp hồ sơ ở đâu vậy"
    one, two = (noisy(text, style, random.Random(4)) for _ in range(2))
    assert one == two != text
    assert noisy(text, "clean", random.Random(4)) == text
    assert telex("thủ") == "thur"
    assert telex("đường") == "dduwowngf"


def test_the_gate_has_three_zones() -> None:
    gate = Thresholds((1.0,) * len(FEATURES), 0.0, answer=0.8, refuse=0.3)
    assert [gate.zone(c) for c in (0.9, 0.5, 0.1)] == [Zone.ANSWER, Zone.CLARIFY, Zone.REFUSE]
    assert Thresholds.from_json(json.loads(json.dumps(gate.to_json()))) == gate


def _said(*ids: str, zone: Zone = Zone.ANSWER, facet: Facet = Facet.FEE) -> Findings:
    reason = Reason.NOT_IN_CATALOGUE if zone is Zone.REFUSE else None
    return Findings(tuple(Hit(name, 0.5) for name in ids), facet, True, zone, True, 0.5, reason)


def test_the_scores_are_counted_as_the_format_says(tmp_path: Path) -> None:
    lines = [
        {"id": "1", "text": "a", "procedures": ["A"], "facet": "fee", "style": "clean"},
        {"id": "2", "text": "b", "procedures": ["1.000002", "C"], "facet": "time", "style": "typo"},
        {"id": "3", "text": "c", "procedures": ["C"], "facet": "fee", "style": "clean"},
        {"id": "4", "text": "d", "procedures": [], "style": "clean"},
    ]
    path = tmp_path / "q.jsonl"
    path.write_text("\n".join(json.dumps(line) for line in lines) + "\n\n", encoding="utf-8")
    said = {
        "a": _said("A", "B"),
        "b": _said("A", "B", zone=Zone.CLARIFY),
        "c": _said("X", zone=Zone.ANSWER),
        "d": _said("A", zone=Zone.REFUSE),
    }
    found = measure(
        read_questions(path),
        lambda text, _now: said[text],
        lambda code: ["B"] if code == "1.000002" else [],
        NOW,
        lambda _done, _total: None,
    )
    result = scores(found, {"procedures": 3})
    assert result["n"] == 3
    assert (result["recall@1"], result["recall@3"], result["mrr@10"]) == (0.3333, 0.6667, 0.5)
    assert result["facet_accuracy"] == 0.6667
    assert (result["answered"], result["answered_correct"], result["clarified"]) == (0.6667, 0.5, 0.3333)
    assert result["out_of_scope"]["n"] == 1
    assert result["out_of_scope"]["refused"] == 1.0
    assert result["by_style"]["typo"] == {"n": 1, "recall@1": 0.0, "recall@3": 1.0, "mrr@10": 0.5}


@pytest.mark.parametrize(
    "content",
    ["", "not json\n", '{"id":"1"}\n', '{"text":"a","facet":"colour"}\n', '{"text":"' + "a" * 70_000 + '"}\n'],
)
def test_a_bad_question_file_is_named_with_its_line(tmp_path: Path, content: str) -> None:
    path = tmp_path / "q.jsonl"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(CatalogueError, match=r"q\.jsonl"):
        read_questions(path)
