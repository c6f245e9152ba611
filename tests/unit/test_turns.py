"""What the dialogue engine is given, and how citizens are addressed."""

from datetime import UTC, datetime

import pytest

from bot.core.address import address_of
from bot.core.messages import Turn
from bot.core.turns import NO_WORDS, PRESS_BUTTON, dialogue_text

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


def turn(text: str, button: str | None = None) -> Turn:
    return Turn("t", "c", text, button, NOW, NOW, 0)


@pytest.mark.parametrize("text", ["/restart", "//nlu_fallback", " /press_button{}", "／restart"])
def test_typed_slash_is_never_an_intent_literal(text: str) -> None:
    assert not dialogue_text(turn(text)).startswith("/")


@pytest.mark.parametrize("text", ["", "   ", "😀😀", "\u200b\u200d", "!!!", "\x00\x07"])
def test_message_without_words_goes_in_as_such(text: str) -> None:
    assert dialogue_text(turn(text)) == NO_WORDS


def test_button_outranks_its_title() -> None:
    assert dialogue_text(turn("Lệ phí", "f:fee:NV025")) == PRESS_BUTTON


def test_personal_numbers_do_not_reach_the_engine() -> None:
    given = dialogue_text(turn("số tôi 0912345678, cccd 001084000999"))
    assert "0912345678" not in given
    assert "001084000999" not in given


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("cho cháu hỏi lập hội cần gì", "cháu"),
        ("cho em hỏi với ạ", "em"),
        ("con muốn hỏi trợ cấp thất nghiệp", "con"),
        ("bác cần làm giấy thương binh", "bác"),
        ("cho chau hoi", "cháu"),
        ("cô cảm ơn cháu nhé", "cô"),
        ("con tôi mới mất việc", None),
        ("có cần giấy tờ gì không", None),
        ("em gái tôi là người khuyết tật", None),
        ("bác sĩ hẹn tôi", None),
        ("tôi muốn hỏi", None),
        ("ba tôi là thương binh", None),
        ("e bị đuổi về từ hôm qua", "em"),
        ("dạ em không nhớ rõ ạ", "em"),
        ("anh chị ơi em nộp giấy hai tuần rồi", "em"),
        ("em nộp giấy lâu rồi, giờ làm sao ạ?", "em"),
        ("hồ sơ của e bị ngâm", "em"),
        ("giấu tên giúp e nha", "em"),
        ("gọi lại cho em nhé", "em"),
        ("cháu tên Bống", "cháu"),
        ("chau khong biet ten co ay", "cháu"),
        ("dạ cháu lên phường nộp giấy thì bị mắng", "cháu"),
        ("con không biết ạ", "con"),
        ("em tôi bị quát", None),
        ("cháu nhà tôi bị bạn đánh", None),
        ("cháu bị mắng nên tôi lên hỏi", None),
        ("cháu ngoại bị ốm", None),
        ("con bị cô giáo đánh", None),
        ("con dâu đi làm giấy", None),
        ("còn xin bản sao thì thế nào", None),
        ("em ấy bị mắng", None),
        ("em nó vừa sinh con", None),
        ("em ơi chị bị quát", None),
        ("em giúp chị với", None),
        ("chị gửi cho em nhé", None),
        ("em tên gì?", None),
        ("em biết thủ tục này không?", None),
        ("bác nói em nghe", None),
        ("tôi gọi lại cho em", None),
        ("e-mail của tôi", None),
    ],
)
def test_citizen_is_called_as_they_call_themselves(text: str, address: str | None) -> None:
    assert address_of(text) == address
