"""The trained reader of behaviours: what it must not miss, and how well it reads unseen texts."""

import unicodedata
from pathlib import Path

import pytest

from bot.core.taxonomy import Taxonomy
from knowledge.complaints import BehaviourReader, open_complaint_reader
from knowledge.complaints.examples import read_validation
from knowledge.complaints.measuring import measure
from knowledge.complaints.talk import dialogue_talk, held_out
from nlu.text import strip_accents
from tests.integration.reader_steps import folder, taxonomy
from tests.work import calls

__all__ = ["folder", "taxonomy"]
EIGHT_SENTENCES = (
    "Hôm thứ hai tôi ra phường từ sớm. Trời mưa nên đường rất đông. Tôi lấy số và ngồi chờ như mọi người. "
    "Giấy tờ tôi mang đủ theo bảng niêm yết. {} Sau đó tôi đi xe buýt về nhà. Con trai tôi hỏi thì tôi kể lại. "
    "Mong các anh chị xem xét giúp."
)


@pytest.fixture(scope="module")
def reader(folder: Path, taxonomy: Taxonomy) -> BehaviourReader:
    return open_complaint_reader(folder, taxonomy)


def codes(reader: BehaviourReader, text: str) -> list[str]:
    return [scored.code for scored in reader.codes(text)]


def spellings(text: str) -> list[str]:
    old_tones = text.replace("òa", "oà").replace("ọa", "oạ").replace("óa", "oá")
    return [text, strip_accents(text), unicodedata.normalize("NFD", text), text.upper(), old_tones]


@pytest.mark.parametrize("name", ["own", "routed"])
def test_unseen_complaints_are_read(reader: BehaviourReader, name: str) -> None:
    figures = measure(reader, read_validation()[name])
    assert figures.texts >= 200
    assert figures.hit >= 0.88
    assert figures.main >= 0.84
    assert figures.returned <= 1.25
    # Most texts tell of one behaviour; a second one is told to the citizen and the register, so few are guessed.
    assert figures.others <= 0.2 * figures.texts
    assert figures.others_right >= 0.2
    assert figures.false_alarms <= 0.25 * figures.none
    assert {c.code: c.recall for c in figures.by_code if c.recall < 0.7} == {}
    assert {c.code: c.f1 for c in figures.by_code if c.f1 < 0.6} == {}


def test_unseen_complaints_are_read_without_accents(reader: BehaviourReader) -> None:
    told = [e for examples in read_validation().values() for e in examples if e.codes]
    right = [e for e in told if set(codes(reader, strip_accents(e.text))) & set(e.codes)]
    assert len(right) / len(told) >= 0.85


def test_other_talk_is_seldom_taken_for_a_complaint(reader: BehaviourReader) -> None:
    texts = [text for listed in dialogue_talk().values() for text in listed if held_out(text)]
    assert len(texts) > 500
    assert sum(bool(reader.codes(text)) for text in texts) / len(texts) <= 0.13


@pytest.mark.parametrize(
    "text",
    [
        "cán bộ quát tôi rồi gợi ý đưa 2 triệu thì mới làm",
        "hồ sơ trễ hẹn cả tháng, muốn nhanh phải có phong bì cho cán bộ",
        "bắt đi lại năm lần rồi đòi tiền bồi dưỡng",
        "không đưa tiền thì họ không ký",
    ],
)
def test_money_hint_comes_first_whatever_else(reader: BehaviourReader, text: str) -> None:
    assert [codes(reader, spelling)[0] for spelling in spellings(text)] == ["TN-HOILO"] * 5


@pytest.mark.parametrize(
    "text",
    [
        "cán bộ chửi tôi rồi dọa đánh tôi ở hành lang",
        "quá hạn hai tháng, tôi phản ánh thì bị đe dọa bắt rút đơn",
        "anh tiếp nhận sờ soạng em khi hướng dẫn ký giấy",
        "trưởng thôn chặn đường đe dọa vì tôi tố cáo",
    ],
)
def test_threat_or_violence_comes_first_without_money(reader: BehaviourReader, text: str) -> None:
    assert [codes(reader, spelling)[0] for spelling in spellings(text)] == ["AT-DEDOA"] * 5


def test_money_stands_before_a_threat(reader: BehaviourReader) -> None:
    assert codes(reader, "nó đòi 5 triệu tiền lót tay, tôi không đưa thì nó dọa đánh tôi")[:2] == [
        "TN-HOILO",
        "AT-DEDOA",
    ]


@pytest.mark.parametrize("text", ["thu tiền không biên lai", "thu lệ phí cao hơn niêm yết mà không đưa hóa đơn"])
def test_wrong_fees_are_no_bribe(reader: BehaviourReader, text: str) -> None:
    for spelling in spellings(text):
        assert codes(reader, spelling)[0] == "TC-THUPHI"
        assert "TN-HOILO" not in codes(reader, spelling)


@pytest.mark.parametrize(
    "text",
    [
        "một cửa phường Đại Mỗ bắt tôi chờ 3 tiếng",
        "bắt tôi chờ 3 tiếng đồng hồ",
        "hôm nay chị ở quầy một cửa phường Đại Mỗ bắt tôi chờ 3 tiếng",
        "tôi phải đợi gần ba tiếng mới tới lượt",
        "ngồi chờ cả buổi sáng ở một cửa phường Láng",
        "xã An Khánh để mẹ tôi đợi hơn hai tiếng",
    ],
)
def test_waiting_alone_is_one_light_behaviour(reader: BehaviourReader, taxonomy: Taxonomy, text: str) -> None:
    for spelling in spellings(text):
        assert codes(reader, spelling) == ["TD-THOO"]
    assert taxonomy.severity(("TD-THOO",), money=False, danger=False) <= 2


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("chờ ba tháng vẫn chưa có kết quả", "HS-CHAM"),
        ("bắt tôi chờ 3 tiếng rồi bảo hết số, đuổi về", "HS-TUCHOI"),
        ("chờ hai tiếng, hỏi thì bị quát là đồ nhà quê", "TD-XUCPHAM"),
        ("chờ hai tiếng, cán bộ bảo có phong bì thì được làm trước", "TN-HOILO"),
        ("bắt tôi chờ rồi đòi thêm giấy xác nhận ngoài danh mục", "HS-GIAYTO"),
        ("chờ mãi mà quầy không có ai trực", "KL-GIOGIAC"),
    ],
)
def test_waiting_hides_nothing_else(reader: BehaviourReader, text: str, code: str) -> None:
    for spelling in spellings(text):
        assert codes(reader, spelling)[0] == code


@pytest.mark.parametrize(
    "text",
    [
        "tôi chờ 10 phút là xong, rất nhanh",
        "có phải chờ lâu không ạ",
        "đợi một lát là tới lượt, cán bộ vui vẻ",
        "sáng thứ hai đông, có cần lấy số chờ từ sớm không?",
        "nếu phải chờ cả buổi thì báo ai",
    ],
)
def test_waiting_that_nobody_complains_of_is_no_behaviour(reader: BehaviourReader, text: str) -> None:
    assert codes(reader, text) == []


@pytest.mark.parametrize(
    ("text", "left_out", "kept"),
    [
        ("không ai đòi tiền tôi, nhưng hồ sơ quá hẹn hai tuần chưa trả", "TN-HOILO", "HS-CHAM"),
        ("họ không quát, chỉ bắt tôi đi lại năm lần mà không có phiếu", "TD-XUCPHAM", "HS-DILAI"),
        ("cán bộ không dọa nạt gì nhưng thu tiền không biên lai", "AT-DEDOA", "TC-THUPHI"),
    ],
)
def test_denied_behaviour_is_left_out(reader: BehaviourReader, text: str, left_out: str, kept: str) -> None:
    for spelling in spellings(text):
        assert left_out not in codes(reader, spelling)
        assert kept in codes(reader, spelling)


@pytest.mark.parametrize(
    "text",
    [
        "nếu cán bộ vòi tiền thì báo ai?",
        "giả sử bị nhân viên quát thì phản ánh ở đâu",
        "công chức nhận hối lộ bị xử lý thế nào",
        "không ai quát tôi cả",
        "hồ sơ của tôi đến đâu rồi",
        "lập hội cấp xã cần giấy tờ gì",
        "cảm ơn chị cán bộ rất nhiệt tình",
        "phản ánh cán bộ",
        "alo",
        "",
        "?!",
        "😡",
    ],
)
def test_where_nothing_is_told_nothing_is_found(reader: BehaviourReader, text: str) -> None:
    for spelling in spellings(text):
        assert codes(reader, spelling) == []
    assert reader.main(text) is None


@pytest.mark.parametrize(
    ("sentence", "code"),
    [
        ("Cô ấy nói nhỏ là có ít tiền cà phê thì chiều có ngay.", "TN-HOILO"),
        ("Cô cán bộ quát tôi là đồ nhà quê không biết chữ.", "TD-XUCPHAM"),
        ("Hai cô ở quầy cứ lướt điện thoại, hỏi không trả lời.", "TD-THOO"),
        ("Họ đòi thêm giấy xác nhận của phường cũ ngoài quy định.", "HS-GIAYTO"),
        ("Họ không nhận hồ sơ, bảo hết số rồi đuổi về.", "HS-TUCHOI"),
        ("Quầy không có ai trực, chín giờ vẫn khóa cửa.", "KL-GIOGIAC"),
        ("Cán bộ cho người quen chen ngang lên trước.", "CB-UUTIEN"),
        ("Chị nhân viên đọc to số căn cước của tôi cho cả phòng nghe.", "BM-LODULIEU"),
    ],
)
def test_one_sentence_among_eight_is_found(reader: BehaviourReader, sentence: str, code: str) -> None:
    story = EIGHT_SENTENCES.format(sentence)
    assert codes(reader, story)[0] == code
    assert code in codes(reader, strip_accents(story))


def test_neutral_story_tells_nothing_that_is_grave(reader: BehaviourReader) -> None:
    assert {"TN-HOILO", "AT-DEDOA"}.isdisjoint(codes(reader, EIGHT_SENTENCES.format("")))


def test_at_most_three_codes_each_once_with_shares(reader: BehaviourReader) -> None:
    texts = [e.text for examples in read_validation().values() for e in examples]
    everything = " ".join(f"{text}." for text in texts)
    for text in [*texts, everything]:
        found = reader.codes(text)
        assert len(found) <= 3
        assert len({scored.code for scored in found}) == len(found)
        assert all(0 < scored.share <= 1 for scored in found)
        assert reader.main(text) == (found[0] if found else None)
    assert len(reader.codes(everything)) == 3


def test_the_work_of_reading_grows_with_the_story_and_no_faster(reader: BehaviourReader) -> None:
    sentence = "Cô cán bộ quát tôi là đồ nhà quê không biết chữ."
    story = EIGHT_SENTENCES.format(sentence)
    reader.codes(story)
    one, eight, many = (calls(lambda text=text: reader.codes(text)) for text in (sentence, story, f"{story} " * 4))
    assert eight < 16 * one
    assert many < 8 * eight
