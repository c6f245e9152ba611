"""Reading a question: facet, topic, level, negation, synonyms, spelling."""

import pytest

from bot.core.procedures import Facet
from knowledge.query import filler_words, meanings, read_question
from knowledge.spelling import Speller, one_slip_apart
from knowledge.terms import plain, words

FOLLOW_UPS = """
thế bao lâu xong
lệ phí bao nhiêu vậy ạ
nop o dau
thế nộp online được không
còn lệ phí thì sao
the phi bao nhieu
vậy cần giấy tờ gì
mất mấy ngày
thế ai ký
cần những giấy tờ gì ạ
thế hồ sơ gồm những gì
the ho so gom nhung gi
bao giờ có kết quả
bao gio co ket qua
nộp qua mạng được ko
có mất tiền không
thế điều kiện là gì
căn cứ pháp lý nào
rồi nộp ở đâu hả em
the lam the nao
vậy các bước ra sao
còn thời hạn giải quyết
mấy bộ hồ sơ
có cần bản sao công chứng không
phí hết nhiêu
ra đâu nộp vậy bạn
cho em hỏi thêm là nộp ở đâu ạ
thủ tục này mất bao lâu
cái đó lệ phí nhiêu
thế kết quả nhận được là gì
ok thế thời gian bao lâu
can chuan bi gi
ho so can gi vay
thời gian giải quyết thế nào
có được miễn phí không
con le phi
ai duyet vay
nộp hồ sơ cho ai
lam o dau vay a
thế thì làm sao
""".strip().splitlines()

NEW_TOPICS = """
còn trợ cấp thất nghiệp thì nộp ở đâu
lap hoi o xa can giay to gi
thế còn giải thể quỹ thì sao
mất thẻ thương binh
gia hạn giấy phép lao động bao lâu
còn work permit thì sao
thế mai táng phí cựu chiến binh bao nhiêu
dang ky noi quy lao dong
còn con liệt sĩ thì được gì
tang ca
vay von
thi công chức khi nào
thế đổi tên hội thì nộp gì
1.014748 nộp ở đâu
con thương binh đi học
tro cap that nghiep
bảo hiểm thất nghiệp
bằng tổ quốc ghi công
lập quỹ từ thiện
thăng hạng giáo viên
chung chi luu tru
đăng ký thang máy
mẹ việt nam anh hùng
giám định adn liệt sĩ
bốc mộ
thanh niên xung phong
vậy còn chất độc da cam
chuyển hồ sơ thương binh
khai báo tai nạn lao động
noi quy cong ty
bằng khen thành phố
tách tổ dân phố
viếng mộ liệt sĩ
xuất khẩu lao động
học nghề miễn phí
xe lăn cho thương binh
thỏa ước lao động tập thể
mo cong ty san dau nguoi
giấy xác nhận con liệt sĩ
diễn viên nhí
""".strip().splitlines()

FACETS = [
    ("lập hội cần giấy tờ gì", Facet.DOCUMENTS),
    ("hồ sơ gồm những gì", Facet.DOCUMENTS),
    ("phải nộp những gì để đổi tên quỹ", Facet.DOCUMENTS),
    ("can chuan bi gi de thi cong chuc", Facet.DOCUMENTS),
    ("lấy mẫu đơn", Facet.DOCUMENTS),
    ("mang theo gì", Facet.DOCUMENTS),
    ("có cần photo công chứng không", Facet.DOCUMENTS),
    ("lệ phí bao nhiêu", Facet.FEE),
    ("có mất phí không", Facet.FEE),
    ("het bao nhieu tien", Facet.FEE),
    ("có phải đóng tiền không", Facet.FEE),
    ("làm giấy phép lao động tốn bao nhiêu", Facet.FEE),
    ("bao lâu thì xong", Facet.TIME),
    ("may ngay lay duoc", Facet.TIME),
    ("khi nào có kết quả", Facet.TIME),
    ("thời hạn giải quyết là bao lâu", Facet.TIME),
    ("nộp hồ sơ ở đâu", Facet.WHERE),
    ("nop ho so o dau", Facet.WHERE),
    ("phải lên cơ quan nào nộp", Facet.WHERE),
    ("làm ở phường hay lên sở", Facet.WHERE),
    ("gửi thỏa ước cho ai", Facet.WHERE),
    ("nộp online được không", Facet.ONLINE),
    ("lam qua mang dc ko", Facet.ONLINE),
    ("có nộp trên dịch vụ công được không", Facet.ONLINE),
    ("gửi bưu điện được không", Facet.ONLINE),
    ("các bước làm thế nào", Facet.STEPS),
    ("quy trinh ra sao", Facet.STEPS),
    ("muốn lập quỹ thì làm thế nào", Facet.STEPS),
    ("bắt đầu từ đâu", Facet.STEPS),
    ("cần điều kiện gì", Facet.CONDITIONS),
    ("ai được hưởng", Facet.CONDITIONS),
    ("nghỉ việc hai tháng còn nộp được không", Facet.CONDITIONS),
    ("cần bao nhiêu người mới lập được hội", Facet.CONDITIONS),
    ("được hưởng bao nhiêu tiền", Facet.RESULT),
    ("gia đình được hỗ trợ những gì", Facet.RESULT),
    ("kết quả nhận được là gì", Facet.RESULT),
    ("theo nghị định nào", Facet.LEGAL),
    ("căn cứ pháp lý là gì", Facet.LEGAL),
    ("quy định ở đâu", Facet.LEGAL),
    ("ai ký quyết định", Facet.AUTHORITY),
    ("thẩm quyền của ai", Facet.AUTHORITY),
    ("cơ quan nào giải quyết", Facet.AUTHORITY),
    ("tôi muốn lập hội", Facet.GENERAL),
    ("mai táng phí cựu chiến binh", Facet.GENERAL),
    ("quỹ bị đình chỉ có thời hạn", Facet.GENERAL),
]


@pytest.mark.parametrize("text", FOLLOW_UPS)
def test_a_follow_up_has_no_topic_of_its_own(text: str) -> None:
    assert not read_question(text).has_topic


@pytest.mark.parametrize("text", NEW_TOPICS)
def test_a_new_matter_is_a_topic(text: str) -> None:
    assert read_question(text).has_topic


def test_the_topic_lists_are_long_enough() -> None:
    assert min(len(FOLLOW_UPS), len(NEW_TOPICS)) >= 40


@pytest.mark.parametrize(("text", "facet"), FACETS)
def test_the_facet_is_found_with_and_without_accents(text: str, facet: Facet) -> None:
    assert read_question(text).facet.facet is facet
    assert read_question(plain(text)).facet.facet is facet


def test_a_facet_that_was_only_assumed_is_not_explicit() -> None:
    assert not read_question("tôi muốn lập hội").facet.explicit
    assert read_question("lập hội bao lâu xong").facet.explicit


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("lập hội ở xã", "xã"),
        ("lap hoi o phuong", "xã"),
        ("lập hội cấp tỉnh", "tỉnh"),
        ("lập quỹ ở thành phố", "tỉnh"),
        ("thành lập hội cấp huyện", "huyện"),
        ("quỹ xã hội", None),
        ("mua phương tiện trợ giúp", None),
        ("bệnh binh quân đội", None),
        ("làm ở phường hay thành phố", None),
        ("lập hội", None),
    ],
)
def test_the_level_named_in_a_question(text: str, level: str | None) -> None:
    assert read_question(text).level == level


@pytest.mark.parametrize(
    ("text", "negated"),
    [
        ("không phải gia hạn, cấp lại cơ", {"gia", "hạn"}),
        ("ko phai gia han, cap lai co", {"gia", "han"}),
        ("cấp lại giấy phép lao động chứ không phải gia hạn", {"gia", "hạn"}),
        ("tôi hỏi quỹ chứ không phải hội", {"hội"}),
        ("không phải hội mà là quỹ từ thiện cơ", {"hội"}),
        ("vào công chức không phải thi", set()),
        ("có phải nộp lệ phí không", set()),
    ],
)
def test_a_negated_phrase_does_not_count(text: str, negated: set[str]) -> None:
    question = read_question(text)
    off = {word for word, weight in zip(question.words, question.weights, strict=True) if weight == 0}
    assert off == negated


def test_codes_and_ids_are_references() -> None:
    assert read_question("thủ tục 1.014748 nộp ở đâu, nv144 nữa").references == ("1.014748", "NV144")


def test_a_single_syllable_synonym_needs_its_accents() -> None:
    assert "tổ chức làm thêm giờ" in dict(meanings(words("công ty bắt ot nhiều")))
    assert "tổ chức làm thêm giờ" not in dict(meanings(words("trồng ớt ở nhà")))


def test_fillers_keep_words_that_matter_in_search() -> None:
    found = filler_words(["toi", "mat", "the"])
    assert found[0] is True
    assert 2 not in found or found[2] is False


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("binh", "bihn", True),
        ("binh", "bin", True),
        ("binh", "bibh", True),
        ("binh", "binh", False),
        ("an", "binh", False),
    ],
)
def test_one_slip(left: str, right: str, expected: bool) -> None:
    assert one_slip_apart(left, right) is expected


def test_spelling_is_mended_by_the_neighbours() -> None:
    speller = Speller({"thuong": 3, "binh": 2, "bien": 5, "liet": 1}, ["thuong_binh", "bo_bien"], ["the"])
    assert speller.mend(["the", "thuong", "bihn"]) == {2: ["binh"]}
    assert speller.mend(["thuongbinh"]) == {0: ["thuong", "binh"]}
    assert speller.mend(["xyzzy", "1.014748"]) == {}
