"""Short messages after a case was filed: what they want of it, and what they do not."""

import pytest

from bot.core.cases.following import Wish, carries, forgets_secret, gives_reason, says_case, wish_of
from bot.core.cases.number import claimed_secret
from bot.core.cases.scoring import announces_praise, praises, score_of


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("chừng nào có hồi âm vậy", Wish.HOW_LONG),
        ("phai doi may ngay nua a", Wish.HOW_LONG),
        ("mất bao lâu ạ?", Wish.HOW_LONG),
        ("phiếu của em bao h xong z", Wish.HOW_LONG),
        ("bên mình xem chưa ạ", Wish.STATUS),
        ("tinh hinh sao roi ad", Wish.STATUS),
        ("tiến độ đến đâu rồi", Wish.STATUS),
        ("em có clip, gửi ở đâu ạ", Wish.FILE),
        ("chụp được mấy tấm hình nữa, muốn gửi thêm", Wish.FILE),
        ("gui anh chup man hinh kieu gi vay", Wish.FILE),
        ("ghi âm thì up lên thế nào", Wish.FILE),
        ("thôi em rút nhé", Wish.WITHDRAW),
        ("cho cháu rút lại phiếu", Wish.WITHDRAW),
        ("huỷ giúp tôi phản ánh đó", None),  # «huỷ … phản ánh» with words between is left to the question
        ("hủy phiếu giúp em", Wish.WITHDRAW),
        ("rut lai don di", Wish.WITHDRAW),
        ("có rút được không ạ", Wish.WITHDRAW),
        ("chuyện đã êm rồi, gia đình bàn nhau xong nên thôi cho tôi rút phiếu nhé", Wish.WITHDRAW),
        ("đừng có rút", Wish.KEEP),
        ("em không muốn rút nữa", Wish.KEEP),
        ("xin mở lại giúp em", Wish.REOPEN),
        ("mo lai vu nay di", Wish.REOPEN),
        ("tôi chưa thấy thỏa đáng", Wish.UNSATISFIED),
        ("trả lời thế thì ai mà hiểu", Wish.UNSATISFIED),
        ("cho em bổ sung là hôm ấy trời mưa, tôi đứng ngoài hiên", Wish.ADD),
        ("quên chưa kể, chị ta đeo thẻ tên màu xanh", Wish.ADD),
        ("bà ấy còn xé đơn của tôi, viết thêm vào giùm", Wish.ADD),
        ("thêm vào phiếu cho tôi là có hai người cùng nghe", Wish.ADD),
        ("em nhầm, không phải cửa 2 mà cửa 4", Wish.ADD),
        ("đính chính giúp tôi, là buổi chiều", Wish.ADD),
        ("sao lâu thế ạ", Wish.HOW_LONG),
        ("giấu tên em với ạ", Wish.NAMING),
        ("cứ ghi tên tôi vào", Wish.NAMING),
        ("cho tôi phản ánh chuyện khác", Wish.NEW),
        ("tôi còn một vụ khác nữa", Wish.NEW),
    ],
)
def test_wish_about_the_case_at_hand(text: str, wish: Wish | None) -> None:
    assert wish_of(text, near=True) is wish


@pytest.mark.parametrize(
    "text",
    [
        "hồ sơ của tôi bao lâu thì xong",
        "bao lâu thì được cấp giấy phép lập quỹ",
        "khi nào hết hạn đăng ký dự thi",
        "rút hồ sơ thi công chức ở đâu",
        "muốn rút tiền ký quỹ",
        "rút bảo hiểm một lần mất mấy ngày",
        "anh gửi cho tôi mẫu đơn được không",
        "bổ sung hồ sơ lập hội thì cần gì",
        "gửi thêm giấy tờ nào nữa không",
        "mở lại lớp học nghề được không",
        "cảm ơn bạn nhiều",
        "chào buổi sáng",
        "tình hình kinh tế năm nay ra sao",
        "tôi muốn hỏi thêm thông tin về trợ cấp thất nghiệp",
        "người khác thì sao",
        "họ ép tôi phải rút phiếu",
        "ông ấy gọi bảo tôi rút đơn đi",
        "sửa lại hồ sơ đã nộp thế nào",
        "cán bộ nhầm tên tôi trong giấy",
        "chờ lâu quá ở phường tôi",
        "vụ khác hẳn với lần trước",
    ],
)
def test_what_is_about_something_else_is_no_wish(text: str) -> None:
    assert wish_of(text, near=True) is None


@pytest.mark.parametrize(
    "text",
    ["bao lâu xong", "mấy ngày thì có", "rút giúp em", "gửi thêm ảnh được không", "bổ sung sao ạ", "giấu tên tôi"],
)
def test_away_from_the_case_only_its_name_calls_it_back(text: str) -> None:
    assert wish_of(text, near=False) is None


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("bao giờ mới trả lời phản ánh của em", Wish.HOW_LONG),
        ("tôi muốn rút phiếu", Wish.WITHDRAW),
        ("mở lại phiếu giùm", Wish.REOPEN),
        ("bổ sung vào phiếu là có thêm một người nghe", Wish.ADD),
    ],
)
def test_case_that_is_named_is_meant_wherever_the_talk_was(text: str, wish: Wish) -> None:
    assert wish_of(text, near=False) is wish


@pytest.mark.parametrize("text", ["ghi thêm là có camera", "bổ sung: bà cụ cũng nghe", "quên chưa kể, áo xanh"])
def test_addition_in_the_message_itself(text: str) -> None:
    assert carries(text)


@pytest.mark.parametrize(
    "text", ["bổ sung thông tin", "cho em ghi thêm vào phiếu với ạ", "tôi muốn bổ sung", "thêm ý nữa"]
)
def test_addition_that_is_still_to_come(text: str) -> None:
    assert not carries(text)


def test_bare_wish_to_reopen_gives_no_reason() -> None:
    assert gives_reason("mở lại giúp em vì tên trên giấy vẫn sai")
    assert not gives_reason("mở lại đi")
    assert not gives_reason("tôi chưa thấy thỏa đáng, mở lại đi ạ")


def test_belonging_is_said_only_with_the_case_named() -> None:
    assert says_case("ghi thêm vào phiếu giúp em là họ hẹn lại")
    assert not says_case("ghi thêm giúp em là họ hẹn lại")
    assert not says_case("phiếu này bao giờ xong")


@pytest.mark.parametrize("text", ["em quên mất mã rồi", "toi khong nho ma bi mat", "mất tin nhắn đó rồi"])
def test_lost_secret_is_heard(text: str) -> None:
    assert forgets_secret(text)


@pytest.mark.parametrize("text", ["mã của tôi đây", "K7MD-3XPA", "tôi mất cả buổi sáng ở đó", "không biết hỏi ai"])
def test_other_words_lose_no_secret(text: str) -> None:
    assert not forgets_secret(text)


@pytest.mark.parametrize(
    ("text", "claimed"),
    [
        ("k7md-3xpa", "K7MD-3XPA"),
        ("mã bí mật là BOIL-0015", "BOIL-0015"),
        ("WXYZ 1208", "WXYZ-1208"),
        ("bi mat: QQ12-BB", "QQ12-BB"),
        ("12345678", "12345678"),
        ("dạ mã của em là OOOO-IIII ạ", "OOOO-IIII"),
    ],
)
def test_whatever_was_given_for_a_secret_is_one_try(text: str, claimed: str) -> None:
    assert claimed_secret(text) == claimed


@pytest.mark.parametrize(
    "text",
    [
        "tôi muốn",
        "muon them chut nua",
        "thôi để sau",
        "lập hội",
        "mã bí mật là gì vậy",
        "tôi bị cán bộ quát hôm 15/11",
        "không nhớ",
        "bao lâu thì xong",
    ],
)
def test_words_are_no_secret(text: str) -> None:
    assert claimed_secret(text) is None


@pytest.mark.parametrize(
    "word", ["co con", "chi anh", "cho toi rut", "ghi them vao", "!", ", a", "mã bí mật", "khen"]
)
@pytest.mark.timeout(60)  # a second of linear work; minutes of any other
def test_long_rows_of_little_words_are_read_in_no_time(word: str) -> None:
    text = (f"{word} " * 60_000)[:60_000]
    wish_of(text, near=True)
    for read in (forgets_secret, carries, says_case, score_of, praises, announces_praise, claimed_secret):
        read(text)
