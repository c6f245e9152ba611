"""Replies as messages of a channel: nothing is cut away, every piece fits, every button can be chosen."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from bot.core.channels.contract import Capabilities
from bot.core.channels.rendering import chosen, messages, parse_token, split, token
from bot.core.replies import Block, Button, Reply, Source

FEW = Capabilities(text_limit=300, buttons=3, button_title=20)
CHOOSE = "Anh/chị nhắn số để chọn:"
REPLY = Reply(
    "answer",
    "Hồ sơ gồm 3 loại giấy tờ.",
    (
        Block("documents", title="Giấy tờ", items=("Đơn đề nghị", "Bản sao quyết định", "Giấy ủy quyền")),
        Block("steps", items=("Nộp ở một cửa", "Nhận giấy hẹn")),
        Block("note", "Nhớ mang bản gốc."),
    ),
    (Source("legal_basis", "Căn cứ: Nghị định 126/2024/NĐ-CP", "https://example.vn/nd126"),),
    (Button("f:fee:X", "Lệ phí"), Button("f:time:X", "Thời hạn")),
)


def whole(reply: Reply, capabilities: Capabilities) -> str:
    return "\n".join(m.text for m in messages(reply, 7, capabilities, choose=CHOOSE))


def test_every_part_of_a_reply_is_said_in_its_order() -> None:
    text = whole(REPLY, FEW)
    parts = [
        "3 loại",
        "Giấy tờ:",
        "• Đơn",
        "• Giấy ủy quyền",
        "1. Nộp",
        "2. Nhận",
        "Nhớ mang",
        "126/2024",
        "example.vn",
    ]
    places = [text.index(part) for part in parts]
    assert places == sorted(places)


def test_buttons_go_under_the_last_message_with_tokens_of_their_event() -> None:
    *before, last = messages(REPLY, 7, Capabilities(80, 3, 20), choose=CHOOSE)
    assert before
    assert all(not m.choices for m in before)
    assert [(c.token, c.title) for c in last.choices] == [("7.0", "Lệ phí"), ("7.1", "Thời hạn")]
    assert len({m.key for m in (*before, last)}) == len(before) + 1


def test_more_buttons_than_fit_are_numbered_and_all_can_be_chosen() -> None:
    titles = ["Quầy một cửa", "Phòng chuyên môn", "Lãnh đạo", "Bỏ qua", "Thôi, không gửi phản ánh này nữa"]
    reply = Reply("ask", "Ở đâu ạ?", buttons=tuple(Button(f"b{i}", t) for i, t in enumerate(titles)))
    (message,) = messages(reply, 3, FEW, choose=CHOOSE)
    assert f"{CHOOSE}\n1. Quầy một cửa" in message.text
    assert "5. Thôi, không gửi phản ánh này nữa" in message.text
    assert [c.title for c in message.choices] == ["1. Quầy một cửa", "2. Phòng chuyên môn", "3. Lãnh đạo"]
    assert [chosen(text, titles) for text in ("4", " 5. ", "số 2", "lãnh đạo", "6", "0", "phường Ba Đình")] == [
        3, 4, 1, 2, None, None, None,
    ]  # fmt: skip


def test_a_title_typed_decomposed_is_the_title() -> None:
    assert chosen(unicodedata.normalize("NFD", "Bỏ qua"), ["Có", "Bỏ qua"]) == 1


@given(st.text(max_size=400), st.integers(20, 120))
def test_pieces_fit_and_lose_nothing_but_blanks(text: str, limit: int) -> None:
    pieces = list(split(text, limit))
    assert all(len(piece) <= limit for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())


def test_a_sentence_is_not_cut_where_its_end_fits() -> None:
    first, second = split("Anh/chị mang bản gốc đi nhé. Nơi nộp là quầy số ba của phường.", 40)
    assert (first, second) == ("Anh/chị mang bản gốc đi nhé.", "Nơi nộp là quầy số ba của phường.")


@given(st.integers(0, 10**9), st.integers(0, 99))
def test_tokens_come_back(sequence: int, index: int) -> None:
    assert parse_token(token(sequence, index)) == (sequence, index)
    assert len(token(sequence, index).encode()) <= 24


@given(st.text(max_size=30))
def test_any_other_text_is_no_token(text: str) -> None:
    found = parse_token(text)
    assert found is None or token(*found).lstrip("0") in text
