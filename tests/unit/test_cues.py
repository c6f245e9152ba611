"""What a turn's wording says beside its topic, in the spellings people use."""

import pytest

from bot.core.enquiry.cues import Correction, Cues


@pytest.mark.parametrize(
    ("text", "sides"),
    [
        ("cấp lại với gia hạn giấy phép khác gì nhau", ("cấp lại", "gia hạn giấy phép")),
        ("cap lai voi gia han giay phep khac gi nhau", ("cap lai", "gia han giay phep")),
        ("cấp đổi khác gì cấp lại", ("cấp đổi", "cấp lại")),
        ("so sánh quỹ xã hội và quỹ từ thiện", ("quỹ xã hội", "quỹ từ thiện")),
        ("cho em hỏi lập hội so với lập quỹ thì khác nhau thế nào ạ", ("lập hội", "lập quỹ")),
    ],
)
def test_comparison_is_split_into_its_sides(text: str, sides: tuple[str, str]) -> None:
    cues = Cues(text)
    assert cues.compares
    assert sides in cues.sides()


@pytest.mark.parametrize("text", ["hai cái đó khác nhau chỗ nào", "ca hai khac gi nhau", "cái nào nhanh hơn"])
def test_comparison_of_what_was_named_before_has_no_sides(text: str) -> None:
    assert Cues(text).compares
    assert Cues(text).sides() == ()


def test_question_of_a_difference_may_compare() -> None:
    cues = Cues("lập quỹ có khác lập hội không")
    assert (cues.may_compare, cues.compares) == (True, False)
    assert cues.sides() == (("lập quỹ", "lập hội"),)


def test_either_or_has_sides_but_compares_nothing_in_so_many_words() -> None:
    cues = Cues("cấp mới hay cấp lại")
    assert (cues.compares, cues.sides()) == (False, (("cấp mới", "cấp lại"),))


@pytest.mark.parametrize("text", ["lập hội cần giấy tờ gì", "nộp ở đâu", "người khác nộp hộ được không", "việc khác"])
def test_ordinary_question_is_no_comparison(text: str) -> None:
    assert not Cues(text).compares


@pytest.mark.parametrize(
    ("text", "kept", "negated"),
    [
        ("chứ không phải cấp mới", "", "cấp mới"),
        ("cấp lại chứ không phải cấp mới", "cấp lại", "cấp mới"),
        ("cap lai chu khong phai cap moi", "cap lai", "cap moi"),
        ("tui nói cái quỹ chớ đâu phải cái hội", "quỹ", "cái hội"),
        ("không phải gia hạn, cấp lại cơ", "cấp lại", "gia hạn"),
        ("không phải hội mà là quỹ", "quỹ", "hội"),
        ("không, ý tôi là gia hạn", "gia hạn", ""),
        ("ý em là trợ cấp một lần", "trợ cấp một lần", ""),
        ("nhầm, hỏi cái trợ cấp hàng tháng cơ", "trợ cấp hàng tháng", ""),
        ("nhầm r, e hỏi gia hạn", "gia hạn", ""),
        ("không phải, tôi hỏi về quỹ", "quỹ", ""),
        ("em hỏi thời hạn chứ không hỏi lệ phí", "thời hạn", "lệ phí"),
        ("nhầm rồi, tôi hỏi cái khác", "", ""),
    ],
)
def test_correction_says_what_is_meant_and_what_is_not(text: str, kept: str, negated: str) -> None:
    assert Cues(text).correction == Correction(kept, negated)


@pytest.mark.parametrize(
    "text", ["không phải nộp lệ phí à", "không mất phí à, bao lâu xong", "sai rồi", "lập hội cần giấy tờ gì"]
)
def test_question_with_a_negative_word_corrects_nothing(text: str) -> None:
    assert Cues(text).correction is None


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("quay lại cái đổi tên hội lúc nãy", "đổi tên hội"),
        ("quay lai cai doi ten hoi luc nay", "doi ten hoi"),
        ("trở lại vụ lập quỹ", "lập quỹ"),
    ],
)
def test_earlier_matter_is_called_back(text: str, rest: str) -> None:
    assert Cues(text).returning == rest


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("thế còn cấp lại thì sao", "cấp lại"),
        ("the con giai the hoi thi sao?", "giai the hoi"),
        ("còn cấp đổi thì sao", "cấp đổi"),
        ("con tôi đi làm thì sao", None),
        ("còn hạn thì gia hạn thế nào", None),
        ("lập hội thì sao", None),
    ],
)
def test_question_that_goes_on_names_the_next_matter(text: str, what: str | None) -> None:
    assert Cues(text).going_on == what


@pytest.mark.parametrize(
    "text", ["cho phép hội hoạt động trở lại", "lúc này nộp được không", "thành lập hội này cần gì"]
)
def test_now_and_again_call_nothing_back(text: str) -> None:
    assert Cues(text).returning is None


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("vậy ở cấp xã thì sao", "xã"),
        ("the o phuong thi sao", "xã"),
        ("còn cấp tỉnh", "tỉnh"),
        ("lên thành phố thì sao", "tỉnh"),
        ("đóng bảo hiểm xã hội", None),
        ("ở xã hay ở tỉnh", None),
        ("quỹ xã hội", None),
        ("hội ở quận thì sao", "huyện"),
        ("phòng nội vụ quận", "huyện"),
        ("quan hệ lao động", None),
    ],
)
def test_level_is_read_only_where_one_is_named(text: str, level: str | None) -> None:
    assert Cues(text).level == level


def test_personal_cases_are_told_apart() -> None:
    assert Cues("hồ sơ của tôi sao chưa duyệt").file
    assert Cues("sao hồ sơ lâu quá chưa xong").file
    assert Cues("mẹ tôi có được hưởng không").qualifies
    assert Cues("viết giúp tôi cái đơn").needs_person
    plain = Cues("hồ sơ cần giấy tờ gì")
    assert (plain.file, plain.qualifies, plain.needs_person) == (False, False, False)


@pytest.mark.parametrize(
    "text", ["", "?", "không", "hay", "khác", "😀 khác gì", "x" * 2000, "a hay " * 300, "không phải " * 180]
)
def test_any_text_is_read(text: str) -> None:
    cues = Cues(text)
    assert isinstance(cues.sides(), tuple)
    assert cues.correction is None or isinstance(cues.correction, Correction)
    assert isinstance(cues.file or cues.qualifies or cues.needs_person, bool)
    assert cues.returning is None or len(cues.returning) <= len(text)
