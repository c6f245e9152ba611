"""What is said about joining accounts, in many wordings, and what only sounds like it."""

import pytest

from bot.core.channels.joining import Wish, code_in, join_wish, new_code, whose


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("lấy mã nối tài khoản", Wish.CODE),
        ("lay ma noi tai khoan giup toi", Wish.CODE),
        ("Cho tôi xin mã nối ạ", Wish.CODE),
        ("nối tài khoản zalo với web", Wish.CODE),
        ("kết nối tài khoản này với Telegram giúp em", Wish.CODE),
        ("mã liên kết tài khoản", Wish.CODE),
        ("bỏ nối tài khoản", Wish.APART),
        ("bo noi tai khoan", Wish.APART),
        ("hủy liên kết tài khoản giúp em", Wish.APART),
        ("tách tài khoản", Wish.APART),
        ("thôi nối tài khoản nhé", Wish.APART),
    ],
)
def test_a_wish_is_understood(text: str, wish: Wish) -> None:
    assert join_wish(text) is wish


@pytest.mark.parametrize(
    "text",
    [
        "",
        "mã phiếu của tôi",
        "tài khoản ngân hàng của hội",
        "nối điện nước ở đâu",
        "lấy mã hồ sơ ở đâu",
        "mở tài khoản dịch vụ công thế nào",
        "liên kết tài khoản VNeID ở đâu",
        "kết nối tài khoản với VNeID",
        "cán bộ bắt tôi nối tài khoản ngân hàng",
        "bỏ qua",
        "hủy tài khoản thuế",
        "tôi muốn hỏi thủ tục tách tài khoản thuế của hai hộ kinh doanh",
    ],
)
def test_what_only_sounds_like_it_is_none(text: str) -> None:
    assert join_wish(text) is None


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("cho mình", True),
        ("dạ cho tôi", True),
        ("hỏi cho mình thôi", True),
        ("máy của tôi", True),
        ("điện thoại này của riêng em", True),
        ("mình em dùng thôi", True),
        ("cho người khác", False),
        ("hoi ho me toi", False),
        ("máy dùng chung", False),
        ("nhiều người dùng", False),
        ("cho mẹ", False),
        ("máy của cơ quan", False),
        ("ừ", None),
        ("phiếu của tôi", None),
        ("điện thoại của con tôi", None),
        ("cho tôi hỏi lệ phí", None),
        ("có", None),
    ],
)
def test_whose_the_device_is(text: str, own: bool | None) -> None:
    assert whose(text) is own


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("NT-K7MD-3XPA", "NT-K7MD-3XPA"),
        ("mã là nt k7md3xpa nhé", "NT-K7MD-3XPA"),
        ("NT:K7MD 3XPA", "NT-K7MD-3XPA"),
        ("NT-0000-1111", "NT-0000-1111"),
        ("PA-4829-1372", None),
        ("K7MD-3XPA", None),
        ("phòng NT 2345 đồng", None),
        ("NT-K7MD", None),
        ("SNT-K7MD-3XPA", None),
        ("NT-K7MD-3XPAB", None),
    ],
)
def test_a_code_is_told_from_other_codes(text: str, code: str | None) -> None:
    assert code_in(text) == code


def test_codes_are_read_back_and_never_twice_the_same() -> None:
    made = {new_code() for _ in range(2_000)}
    assert len(made) == 2_000
    assert all(code_in(code.lower()) == code for code in made)


@pytest.mark.timeout(60)
def test_long_messages_take_no_time() -> None:
    for text in ("nối tài khoản ", "cho tôi ", "máy ", "NT-", "da vang "):
        long = (text * 60_000)[:60_000]
        assert (join_wish(long), whose(long), code_in(long)) == (None, None, None)
