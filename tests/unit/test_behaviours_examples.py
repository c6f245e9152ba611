"""Examples of complaints, how they are read into words, and the cues in them."""

from collections import Counter
from pathlib import Path

import pytest

from bot.core.errors import ConfigurationError
from bot.core.taxonomy import Taxonomy
from knowledge.complaints.cues import STRONG, Cues
from knowledge.complaints.examples import EXAMPLES, MIXED, Example, read_examples, read_validation
from knowledge.complaints.talk import dialogue_talk, held_out
from knowledge.complaints.words import STRETCH, read, stretches
from nlu.text import fold

CODES = Taxonomy.load().codes


@pytest.fixture(scope="module")
def cues() -> Cues:
    return Cues.load()


def test_every_code_has_examples_enough() -> None:
    own = Counter(told.whole.codes[0] for told in read_examples() if len(told.whole.codes) == 1)
    assert {code: own[code] for code in CODES if own[code] < 70} == {}


def test_there_are_examples_of_several_codes_and_of_none() -> None:
    told = read_examples()
    assert sum(len(one.whole.codes) > 1 for one in told) >= 150
    assert sum(not one.whole.codes for one in told) >= 200
    assert {code for one in told for code in one.whole.codes} == set(CODES)


def test_validation_has_texts_enough_and_none_that_is_trained_on() -> None:
    validation = read_validation()
    own = Counter(example.codes[0] for example in validation["own"] if example.codes)
    assert {code: own[code] for code in CODES if own[code] < 12} == {}
    trained = {fold(part.text) for told in read_examples() for part in (told.whole, *told.parts)}
    measured = [example.text for examples in validation.values() for example in examples]
    assert measured
    assert [text for text in measured if fold(text) in trained] == []
    assert {code for examples in validation.values() for e in examples for code in e.codes} == set(CODES)


def test_texts_kept_for_measuring_are_about_a_fifth() -> None:
    texts = [text for listed in dialogue_talk().values() for text in listed]
    assert 0.15 < sum(map(held_out, texts)) / len(texts) < 0.25


def test_marks_divide_a_story_into_what_tells_and_the_rest(tmp_path: Path) -> None:
    (tmp_path / "TD-THOO.yml").write_text(
        "- Tôi ra phường từ sáng sớm. <Họ ngồi chơi.> <TD-XUCPHAM Rồi quát.> Thế thôi.\n- không ai hỏi\n", "utf-8"
    )
    story, short = read_examples(tmp_path)
    assert story.whole == Example(
        "Tôi ra phường từ sáng sớm. Họ ngồi chơi. Rồi quát. Thế thôi.", ("TD-THOO", "TD-XUCPHAM")
    )
    assert story.parts == (
        Example("Tôi ra phường từ sáng sớm.", ()),
        Example("Họ ngồi chơi.", ("TD-THOO",)),
        Example("Rồi quát.", ("TD-XUCPHAM",)),
    )
    assert (short.whole, short.parts) == (Example("không ai hỏi", ("TD-THOO",)), ())


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("TD-THOO", "- a: b"),
        ("TD-THOO", "{}"),
        ("TD-THOO", "- ["),
        ("TD-THOO", "- ''"),
        (MIXED, "- chưa đánh dấu"),
    ],
)
def test_unusable_examples_are_refused_by_name(tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / f"{name}.yml").write_text(content, "utf-8")
    with pytest.raises(ConfigurationError, match=name):
        read_examples(tmp_path)


def test_no_examples_at_all_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError):
        read_examples(tmp_path)


def test_text_is_read_by_sentence_in_standard_words() -> None:
    sentences = read("CB bắt e đi lại 5 lần. Thu 200k, ko biên lai!")
    assert [s.line for s in sentences] == ["cán bộ bắt em đi lại 0 lần", "thu 0đ , không biên lai"]
    assert sentences[1].plain == ("thu", "0d", "khong", "bien", "lai")


@pytest.mark.parametrize("text", ["", "   ", "?!…", "😡😡", "\u200b"])
def test_text_without_words_has_no_sentence(text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "không ai đòi tiền tôi",
        "họ không quát",
        "khong ai doi tien",
        "chưa thấy cán bộ nào gây khó dễ",
        "cán bộ không hề sách nhiễu",
        "nếu cán bộ vòi tiền thì báo ai?",
        "giả sử bị quát thì phản ánh ở đâu",
        "neu bi doi tien thi goi ai",
        "cán bộ nhận hối lộ thì bị xử lý thế nào",
        "bị gây khó dễ thì người dân có quyền gì",
    ],
)
def test_denied_and_supposed_behaviour_is_not_read(cues: Cues, text: str) -> None:
    assert [name for sentence in read(text) for name in cues.names(sentence) if name.endswith(STRONG)] == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("họ không quát, nhưng bắt đi lại 4 lần", "HS-DILAI"),
        ("không ai đòi tiền mà hồ sơ cứ bị ngâm", "HS-CHAM"),
        ("chưa bao giờ tôi bị quát như thế", "TD-XUCPHAM"),
        ("không đưa phong bì thì không ký", "TN-HOILO"),
        ("nếu không đưa tiền thì họ ngâm", "TN-HOILO"),
        ("hôm qua tôi bị quát, nếu là anh chị thì sao?", "TD-XUCPHAM"),
        ("cha tôi bị quát ở quầy", "TD-XUCPHAM"),
        ("con dấu bị mắng mới đóng", "TD-XUCPHAM"),
    ],
)
def test_what_did_happen_beside_a_denial_is_read(cues: Cues, text: str, code: str) -> None:
    assert f"{code} {STRONG}" in [name for sentence in read(text) for name in cues.names(sentence)]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("cán bộ gợi ý bồi dưỡng", "TN-HOILO"),
        ("can bo doi 5 trieu moi lam", "TN-HOILO"),
        ("phải có phong bì", "TN-HOILO"),
        ("nó xin tiền cà phê", "TN-HOILO"),
        ("thu tiền không biên lai", "TC-THUPHI"),
        ("thu tien khong bien lai", "TC-THUPHI"),
        ("dọa đánh tôi", "AT-DEDOA"),
        ("bị trù dập vì phản ánh", "AT-DEDOA"),
    ],
)
def test_strong_cues_are_found_with_and_without_accents(cues: Cues, text: str, code: str) -> None:
    assert f"{code} {STRONG}" in [name for s in read(text) for name in cues.names(s)]


@pytest.mark.parametrize(
    "text",
    [
        "thật thuận tiện cho dân",
        "cải tiến cách làm",
        "không phải lỗi tôi",
        "chị nhân viên thu tiền mới đúng",
        "bí danh",
    ],
)
def test_words_that_only_look_alike_are_no_cue_of_money_or_danger(cues: Cues, text: str) -> None:
    grave = {f"TN-HOILO {STRONG}", f"AT-DEDOA {STRONG}"}
    assert grave.isdisjoint(name for s in read(text) for name in cues.names(s))


def test_unusable_cues_are_refused_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "cues.toml"
    for content in ("[", "[TD-THOO]\nstrong = '(('", "x = 1"):
        path.write_text(content, "utf-8")
        with pytest.raises(ConfigurationError, match=r"cues\.toml") as caught:
            Cues.load(path)
        assert "\n" not in str(caught.value)


def test_long_sentence_is_cut_into_stretches_that_cover_it() -> None:
    (sentence,) = read("tôi kể " + " ".join(["chuyện", "dài", "dòng", "lắm"] * 15))
    pieces = stretches(sentence)
    assert len(pieces) > 2
    assert all(len(piece.words) <= STRETCH for piece in pieces)
    assert pieces[0].words[0] == sentence.words[0]
    assert pieces[-1].words[-1] == sentence.words[-1]


def test_examples_lie_beside_the_code() -> None:
    assert {path.stem for path in EXAMPLES.glob("*.yml")} >= set(CODES)


@pytest.mark.parametrize(
    "text",
    [
        "bị cán bộ đánh vào mặt giữa sân ủy ban",
        "toi bi danh vao mat, mat sung tim",
        "no dam vao bung con toi",
        "chú bảo vệ nhốt tôi trong kho",
        "toi bi bao ve giu trong phong hop",
        "họ khóa cửa phòng, không cho mẹ tôi về",
    ],
)
def test_blows_and_locked_doors_are_danger(cues: Cues, text: str) -> None:
    assert any(f"AT-DEDOA {STRONG}" in cues.names(sentence) for sentence in read(text))


@pytest.mark.parametrize(
    "text",
    [
        "danh sach vao dau tuan van chua co",
        "thuế đánh vào người nghèo",
        "cán bộ đánh máy vào đầu tờ đơn sai tên",
        "hồ sơ của tôi bị giữ ở phòng tư pháp ba tháng",
        "xe tôi bị giữ ở phường",
        "chín giờ vẫn khóa cửa không ai ra mở",
        "khóa cửa không cho dân vào",
        "bắt mẹ tôi đứng chờ hai tiếng",
        "bị đánh trượt mà không nói lý do",
    ],
)
def test_figures_of_speech_and_kept_papers_are_no_danger(cues: Cues, text: str) -> None:
    assert not any(f"AT-DEDOA {STRONG}" in cues.names(sentence) for sentence in read(text))
