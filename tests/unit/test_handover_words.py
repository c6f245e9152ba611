"""What citizens say of being answered by a person, and what operators are shown of them."""

from datetime import UTC, datetime

import pytest

from bot.core.handover.asking import asks_place, drops, goes_back, here, leaves_word, wants_call, writes_only
from bot.core.handover.ports import Sent
from bot.core.handover.showing import LAST_CHARACTERS, hide, label, last_words, shown
from bot.core.messages import Event, EventKind
from bot.core.replies import Block, Button, Reply

NOW = datetime(2026, 11, 26, 3, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "gặp trợ lý tự động",
        "cho tôi gặp lại trợ lý tự động",
        "quay lại bot đi",
        "quay về trợ lý ảo giúp em",
        "thôi không chờ nữa",
        "thoi khong doi nua dau",
        "khỏi gặp cán bộ nữa nhé",
        "không cần gặp người nữa",
        "em không muốn gặp nhân viên nữa ạ",
        "hủy yêu cầu gặp cán bộ",
        "thôi khỏi chờ nữa",
        "không cần gọi nữa",
        "thôi bỏ hẹn nhé",
        "không cần gọi lại nữa đâu",
        "nói chuyện với máy cũng được",
    ],
)
def test_who_waits_can_say_that_they_wait_no_longer(text: str) -> None:
    assert goes_back(text)


@pytest.mark.parametrize(
    "text",
    [
        "cho tôi gặp cán bộ",
        "tôi không muốn nói chuyện với máy, cho gặp người",
        "không gặp bot nữa, cho tôi gặp cán bộ",
        "tôi vẫn chờ",
        "chờ bao lâu nữa",
        "lập hội cần giấy tờ gì",
        "máy nhà tôi không mở được file",
        "không cần nộp bản chính à",
        "về hộ tịch thì nộp ở đâu",
        "cán bộ không cho gặp lãnh đạo",
        "tôi ra phường hỏi máy lấy số mà không có ai hướng dẫn, chờ từ sáng tới trưa không được gì cả rồi về",
    ],
)
def test_other_words_do_not_end_the_wait(text: str) -> None:
    assert not goes_back(text)


@pytest.mark.parametrize(
    "text",
    [
        "tôi đứng thứ mấy rồi",
        "còn mấy người nữa ạ",
        "chờ lâu không em",
        "phải chờ bao lâu",
        "cho bao lau nua",
        "sao chưa có ai trả lời",
        "bao giờ mới có người",
        "khi nào tới lượt",
        "tới lượt em chưa",
        "sao mãi không thấy nhân viên",
    ],
)
def test_who_waits_asks_where_they_stand(text: str) -> None:
    assert asks_place(text)


@pytest.mark.parametrize(
    "text",
    [
        "nộp xong chờ bao lâu có kết quả",
        "hồ sơ chờ bao lâu",
        "tiếp công dân vào thứ mấy",
        "thế bao lâu xong",
        "còn bao lâu thì hết hạn",
        "lệ phí bao nhiêu",
        "ai ký giấy này",
        "làm ở đâu",
        "tôi chờ ở một cửa từ sáng",
        "cảm ơn nhé",
    ],
)
def test_other_waits_are_not_this_one(text: str) -> None:
    assert not asks_place(text)


@pytest.mark.parametrize(
    "text",
    [
        "tôi bị điếc",
        "mẹ tôi khiếm thính, nhắn tin thôi",
        "em không nghe được ạ",
        "chỉ nhắn tin được thôi",
        "đừng gọi, nhắn giúp tôi",
        "đang họp không tiện nghe máy",
        "khong can goi dien",
    ],
)
def test_who_cannot_listen_says_so(text: str) -> None:
    assert writes_only(text)


@pytest.mark.parametrize("text", ["0912 345 678", "gọi cho tôi nhé", "chiều mai", "số này nhé", "được", "ừ gọi đi"])
def test_others_can_be_called(text: str) -> None:
    assert not writes_only(text)


@pytest.mark.parametrize(
    "text", ["thôi", "thôi không cần", "không ạ", "ko can dau", "bỏ đi", "để sau nhé", "dạ thôi ạ"]
)
def test_a_call_can_be_dropped(text: str) -> None:
    assert drops(text)


@pytest.mark.parametrize(
    "text", ["không có số khác", "thôi gọi số này 0912345678", "được", "mai nhé", "không biết số", "lập hội cần gì"]
)
def test_what_says_more_drops_nothing(text: str) -> None:
    assert not drops(text)


@pytest.mark.parametrize(
    "text",
    [
        "gọi lại cho cháu nhé",
        "nhờ gọi lại",
        "goi cho toi so 0912345678",
        "điện lại giúp em",
        "xin hẹn gọi lại sáng mai",
    ],
)
def test_who_waits_may_ask_for_a_call_in_words(text: str) -> None:
    assert wants_call(text)


@pytest.mark.parametrize(
    "text",
    [
        "gọi tổng đài không ai nghe",
        "không cần gọi lại đâu",
        "tôi gọi lại tổng đài rồi",
        "gọi số nào để hỏi",
        "họ gọi điện dọa tôi từ hôm kia mà chẳng ai làm gì cả, gọi lại thì họ chửi tôi",
        "lập hội cần gì",
    ],
)
def test_other_calls_are_not_asked_for(text: str) -> None:
    assert not wants_call(text)


def test_who_waits_may_leave_word_in_words() -> None:
    assert leaves_word("cho tôi để lại lời nhắn")
    assert leaves_word("toi muon gui lai tin nhan")
    assert not leaves_word("lời nhắn của tôi tới chưa")
    assert not leaves_word("nộp lại hồ sơ ở đâu")


def test_an_answer_here_is_asked_for_in_words_too() -> None:
    assert here("trả lời ở đây nhé")
    assert here("nhắn ngay đây")
    assert not here("0912345678")
    assert not here("nộp hồ sơ ở đâu")


@pytest.mark.parametrize(
    ("said", "gone"),
    [
        ("mã bí mật là K7MD-3XPA", "K7MD-3XPA"),
        ("ma k7md3xpa", "k7md3xpa"),
        ("ACDE-FHKM", "ACDE-FHKM"),
        ("k7md 3xpa nhé", "k7md 3xpa"),
        ("số tôi 0912 345 678", "0912 345 678"),
        ("cccd 001084000999", "001084000999"),
    ],
)
def test_secrets_and_numbers_are_not_shown(said: str, gone: str) -> None:
    assert gone not in hide(said)


@pytest.mark.parametrize(
    "said",
    ["PA-4829-1372", "tham khac gi nhau", "cần thêm giấy gì", "thủ tục 1.003822", "năm 2026-2027", "manh mach that"],
)
def test_other_words_are_shown_as_they_are(said: str) -> None:
    assert hide(said) == said


def test_an_operator_sees_the_reply_without_the_citizens_secret_and_knows_who_wrote_what() -> None:
    filed = Reply(
        "case_filed",
        "Mã phiếu là PA-4829-1372, mã bí mật là K7MD-3XPA.",
        (Block("list", items=("Gọi lại 0912345678",)),),
        buttons=(Button("s:status", "Xem phiếu"),),
        data={"case_number": "PA-4829-1372"},
    )
    seen = shown(Event("c", 3, EventKind.ASSISTANT, "t", NOW, filed.to_payload()), None, {})
    assert "K7MD" not in str(seen)
    assert "0912345678" not in str(seen)
    assert "PA-4829-1372" in seen.text
    assert seen.reply is not None
    assert seen.reply["buttons"] == [{"id": "s:status", "title": "Xem phiếu"}]
    body = Reply("operator", "Chào anh", data={"name": "Nhân viên trực"}).to_payload()
    said = shown(Event("c", 4, EventKind.OPERATOR, None, NOW, body), Sent("c", 4, "x", "lan", NOW), {"lan": "Lan"})
    assert said.by is not None
    assert (said.by.id, said.by.name) == ("lan", "Lan")
    citizen = shown(Event("c", 5, EventKind.CITIZEN, None, NOW, {"text": "dạ"}), None, {})
    assert (citizen.text, citizen.reply, citizen.by) == ("dạ", None, None)


def test_a_label_says_nothing_of_who_it_is_and_stays_the_same() -> None:
    assert label("web-1") == label("web-1") != label("web-2")
    assert label("telegram-0912345678").startswith("Khách ")
    assert "0912" not in label("telegram-0912345678")


def test_the_last_words_fit_a_line() -> None:
    assert last_words("một\nhai  ba") == "một hai ba"
    assert len(last_words("a" * 1000)) == LAST_CHARACTERS
