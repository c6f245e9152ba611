"""Short messages after a case was filed that score or praise: what is read, and what is never made up."""

import pytest

from bot.core.cases.scoring import (
    announces_praise,
    given_score,
    of_assistant,
    passes_on,
    praises,
    score_of,
    scores_nothing,
)


@pytest.mark.parametrize(
    ("text", "score"),
    [
        ("4 điểm", 4),
        ("cho ba sao", 3),
        ("em chấm 2/5 nha", 2),
        ("3", 3),
        ("đánh giá 4, làm ổn", 4),
        ("chấm cho cô Thảo bàn 6 năm sao", 5),
        ("hài lòng", 4),
        ("rất không hài lòng", 1),
        ("bình thường", 3),
        ("chị Mơ quầy 5 niềm nở", None),
        ("anh ở bàn số 2 tận tình lắm, tôi rất hài lòng", None),
        ("khen cháu ngồi cửa 4", None),
        ("chỗ ngồi 5 điểm, thời gian 3 điểm", None),
        ("cho mười điểm", None),
        ("10 điểm luôn", None),
        ("cho tôi hỏi quầy 3 ở đâu", None),
        ("ngày 5 tôi ra đó", None),
        ("tuyệt vời", None),
    ],
)
def test_score_is_read_and_never_made_up(text: str, score: int | None) -> None:
    assert score_of(text) == score


def test_plain_words_are_a_score_only_where_one_was_asked() -> None:
    assert score_of("tuyệt vời", asked=True) == 5
    assert score_of("cô Hà nhiệt tình, tuyệt vời", asked=True) is None
    assert given_score("rất hài lòng") is None


@pytest.mark.parametrize(
    "text", ["chú bảo vệ tử tế quá", "xin biểu dương tổ một cửa", "cam on chi Hoa nhieu lam", "phục vụ rất tốt"]
)
def test_praise_is_heard(text: str) -> None:
    assert praises(text)


@pytest.mark.parametrize(
    "text",
    [
        "nhân viên không niềm nở",
        "thiếu nhiệt tình",
        "chẳng ai tận tình cả",
        "thủ tục tặng bằng khen",
        "hồ sơ khen thưởng đột xuất",
        "cảm ơn nhé",
        "quầy 5 ở đâu",
    ],
)
def test_no_praise_where_nobody_is_praised(text: str) -> None:
    assert not praises(text)


def test_announced_praise_has_no_words_yet() -> None:
    assert announces_praise("cho em gửi lời khen ạ")
    assert not announces_praise("khen cô Liên quầy 2")
    assert not announces_praise("khen thưởng đột xuất")


def test_rating_of_the_assistant_and_no_rating() -> None:
    assert of_assistant("cho con bot này 3 sao")
    assert not of_assistant("cho chị Liên 3 sao")
    assert scores_nothing("thôi khỏi chấm")
    assert not scores_nothing("không, họ còn mắng tôi")
    assert passes_on("nhờ ghi nhận giúp chị ấy")
    assert not passes_on("4 điểm, ghi nhận giúp")
