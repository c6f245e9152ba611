"""Short messages that steer the talk, and stories that must not."""

import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.story import (
    Identity,
    edit_target,
    identity_answer,
    is_back,
    is_cancel,
    is_send,
    is_skip,
    is_unknown,
    yes_no,
)
from nlu.text import strip_accents

YES = """có|vâng|dạ vâng ạ|ừ|ừ được|ok|oke|okie|ok em|đồng ý|tôi đồng ý|em đồng ý ạ|được|đc|đúng|đúng rồi
phải|chuẩn|nhất trí|thôi được
cũng được|sao cũng được|thôi cũng được|vâng tôi đồng ý|có, tôi đồng ý|dạ có ạ|được chứ|đúng vậy|chính xác
tôi đồng ý cho liên hệ lại
được thôi|dĩ nhiên|ok nhé|có ạ|đúng hết rồi|yes"""
NO = """không|ko|k|hông|không ạ|dạ không|không đồng ý|tôi không đồng ý|chưa|không cần|thôi|khỏi|không phải
sai rồi|không đúng
không muốn|dạ thôi ạ|không được|thôi không cần|khỏi cần|không, cảm ơn|em không đồng ý ạ|chưa đúng|no|đừng"""
NEITHER = """có người làm chứng|không biết|không nhớ|có được không|đồng ý không|đúng không|hôm qua
chị Hoa một cửa|quầy số 5|ẩn danh
tôi ra phường thì không có ai tiếp|có phải nộp tiền không|gửi đi|bỏ qua|Nguyễn Văn A
không hiểu sao họ lại quát tôi ngay ở quầy
được 3 ngày rồi|có 3 người ngồi đó|sáng nay lúc 8h|phường Yên Hòa"""
SKIP = """bỏ qua|bỏ qua câu này|câu khác|qua câu khác|câu tiếp|tiếp đi|tiếp theo|skip|next|để sau|bỏ qua đi
cho qua|tôi không muốn trả lời
không muốn nói|chuyển câu khác|sang câu khác đi|bỏ qua phần này|cho em bỏ qua câu này|không trả lời câu này"""
CANCEL = """thôi không gửi nữa|hủy|hủy đi|hủy bỏ|hủy phản ánh|bỏ|bỏ đi|dừng lại|dừng|thôi khỏi|khỏi cần
không gửi nữa|tôi không muốn gửi nữa
thôi không phản ánh nữa|đừng gửi|đừng gửi nữa|thôi bỏ đi|cancel|thôi, không làm nữa
em không muốn phản ánh nữa ạ|hủy giúp tôi
cho tôi hủy|tôi đổi ý rồi|rút lại đi|thôi dẹp đi|không tố cáo nữa|hủy đi, tôi sợ lắm|để lúc khác
huỷ phiếu này đi"""
BACK = """quay lại câu trước|lùi lại|quay lại|câu trước|trở lại câu trước|quay lại bước trước
cho tôi quay lại câu trước|back|lùi lại một câu
về câu trước|cho em sửa lại câu trước"""
SEND = """gửi|gửi đi|gửi luôn|gửi giúp tôi|đúng rồi gửi giúp tôi|ok gửi|ok gửi đi|chốt|xác nhận
xác nhận gửi|đồng ý gửi|đúng rồi, gửi đi
tôi xác nhận|gửi nhé|gửi phản ánh|chuẩn rồi gửi đi|send|gửi đi ạ|nộp đi|chốt đơn|ok em gửi đi nhé
gửi hộ tôi|đúng hết rồi gửi luôn|gửi lên giúp em"""
UNKNOWN = """không nhớ|tôi không nhớ|không rõ|tôi không rõ|không biết|hok bit|ko nho|k biết|không nhớ rõ
không nhớ ngày nào|quên rồi|quên mất rồi
tôi không biết tên|không để ý|chịu|em không nhớ chính xác ạ|không rõ bộ phận nào|chẳng nhớ nữa
không biết là ai|tôi không nhớ mặt"""
# Nothing in these is a command.
STORIES = """Tôi đã gửi hồ sơ mà họ bảo bỏ qua cho tôi rồi lại bắt quay lại từ đầu, tôi không biết phải làm sao
cán bộ bảo tôi hủy hồ sơ đi rồi nộp lại từ đầu, tôi không đồng ý nên bị quát
chị ấy gửi trả hồ sơ rồi bỏ đi ăn trưa
hồ sơ gửi đi rồi mà không ai xác nhận cho tôi biết là đã nhận được hay chưa
gửi ở đâu
khi nào gửi
chưa gửi vội
khoan hãy gửi
gửi rồi
tôi đã gửi rồi
nộp rồi ạ
bỏ tiền ra mới xong việc
họ dừng tiếp nhận lúc 10h
không biết cán bộ ấy tên gì mà hách dịch thế, quát tôi giữa phòng bao nhiêu người
tôi quay lại phường hôm sau thì bị đuổi
họ hủy lịch hẹn của tôi
tôi gửi ảnh kèm theo được không"""


def _lines(text: str) -> list[str]:
    lines = [phrase.strip() for phrase in text.replace("\n", "|").split("|")]
    assert lines
    return lines


def _typed(phrases: str) -> list[str]:
    """Each phrase as it stands, without accents and in capitals; «dung» alone is neither «đừng» nor «dừng»."""
    forms = [form for phrase in _lines(phrases) for form in (phrase, strip_accents(phrase), phrase.upper())]
    return [form for form in dict.fromkeys(forms) if form != "dung" or "đúng" in forms]


@pytest.mark.parametrize("text", _typed(YES))
def test_yes(text: str) -> None:
    assert yes_no(text) is True


@pytest.mark.parametrize("text", _typed(NO))
def test_no(text: str) -> None:
    assert yes_no(text) is False


@pytest.mark.parametrize("text", _typed(NEITHER))
def test_neither_yes_nor_no(text: str) -> None:
    assert yes_no(text) is None


COMMANDS: dict[str, tuple[Callable[[str], bool], str]] = {
    "skip": (is_skip, SKIP),
    "cancel": (is_cancel, CANCEL),
    "back": (is_back, BACK),
    "send": (is_send, SEND),
    "unknown": (is_unknown, UNKNOWN),
}


@pytest.mark.parametrize(
    ("name", "text"), [(name, text) for name, (_, said) in COMMANDS.items() for text in _typed(said)]
)
def test_command_is_that_and_no_other(name: str, text: str) -> None:
    assert [other for other, (check, _) in COMMANDS.items() if check(text)] == [name]


@pytest.mark.parametrize("text", [*_typed(STORIES), *_typed("thôi được|có|không|hôm qua|quầy số 5|ẩn danh|chị Hoa")])
def test_no_command_in_a_story_or_an_answer(text: str) -> None:
    assert [name for name, (check, _) in COMMANDS.items() if check(text)] == []


EDITS = """sửa lại đơn vị|unit
sai phường rồi|unit
tôi ghi nhầm phường|unit
à nhầm, phường Yên Hòa mới đúng|unit
không phải phường Yên Hòa|unit
đổi lại xã giúp em|unit
sửa đơn vị giúp tôi|unit
phường sai rồi|unit
sửa bộ phận|desk
không phải một cửa|desk
nhầm quầy rồi|desk
đổi ngày|event_time
sửa lại ngày|event_time
tôi nói nhầm ngày|event_time
không phải hôm qua|event_time
không phải hôm qua, hôm kia cơ|event_time
sai giờ rồi|event_time
cho tôi sửa thời gian|event_time
ngày chưa đúng|event_time
sửa tên cán bộ|staff
không phải chị Hoa|staff
nhầm tên cán bộ|staff
thêm chi tiết|narrative
tôi muốn bổ sung nội dung|narrative
kể thêm|narrative
sửa nội dung|narrative
cho tôi nói thêm|narrative
đổi số điện thoại|contact
sửa sđt|contact
sai số điện thoại rồi|contact
sửa lại tên tôi|contact
đổi sang ẩn danh|anonymous
sửa phần ẩn danh|anonymous
sửa mong muốn|wanted
đổi lại nguyện vọng|wanted
sửa số tiền|amount
không phải 500k|amount
nhầm số tiền|amount"""


@pytest.mark.parametrize(("text", "target"), [tuple(line.split("|")) for line in EDITS.splitlines()])
def test_what_is_set_right(text: str, target: str) -> None:
    assert edit_target(text) == target
    assert edit_target(strip_accents(text)) == target


@pytest.mark.parametrize(
    "text",
    _typed(
        """cán bộ bắt tôi sửa lại đơn 4 lần|cán bộ hướng dẫn sai rồi|hôm qua tôi ra phường Yên Hòa
chị Hoa ở quầy 5|có|gửi đi|sửa ở đâu?
họ ghi sai tên tôi trong giấy khai sinh nên tôi phải quay lại phường đến ba lần liền mới sửa được cho con
không biết|quầy số 5|cán bộ làm sai quy định|đổi giấy phép lái xe ở đâu?"""
    ),
)
def test_nothing_to_set_right(text: str) -> None:
    assert edit_target(text) is None


IDENTITIES = """ẩn danh|anonymous
cho tôi ẩn danh|anonymous
tôi muốn ẩn danh nhé|anonymous
nặc danh|anonymous
không muốn để lại tên|anonymous
không muốn để lại sđt|anonymous
không để lại thông tin|anonymous
tôi không muốn cho biết tên|anonymous
khỏi tên tuổi|anonymous
an danh di|anonymous
giấu tên|hidden
giấu tên giúp tôi|hidden
đừng nói tên tôi với phường|hidden
đừng cho phường biết tên tôi|hidden
giữ kín danh tính cho em|hidden
giữ bí mật tên tôi|hidden
không cho họ biết là ai|hidden
đừng để cán bộ biết|hidden
đừng tiết lộ danh tính|hidden
chỉ sở được biết|hidden
cứ ghi tên tôi|named
ghi rõ họ tên tôi|named
không cần giấu|named
không cần ẩn danh|named
công khai tên|named
tôi không ngại|named
để tên thật|named
không phải giấu gì|named
nêu tên cũng được|named
không muốn nêu tên đâu ạ|anonymous
thôi đừng ghi tên cháu|anonymous
khỏi ghi họ tên em nhé|anonymous
xin đừng để tên bác vào đơn|anonymous
không dám đứng tên đâu|anonymous
tôi chưa dám để tên thật|anonymous
đừng có ghi tên tui ra nha|anonymous
chẳng muốn ký tên|anonymous
không sợ gì nhưng đừng ghi tên tôi|anonymous
cho em ẩn|anonymous
không thích công khai danh tính|hidden
xin đừng công khai tên tôi|hidden
giữ kín nhé|hidden
bí mật giùm tui|hidden
em sợ bị lộ|hidden
tôi sợ họ biết|hidden
sao không giấu tên tôi|hidden
không giữ bí mật thì tôi không gửi|hidden
giấu làm gì, cứ ghi tên tôi|named
cho ghi tên|named
ừ thì ghi tên tôi|named
việc gì phải giấu, ghi rõ họ tên tôi|named
sợ gì mà phải giấu giếm, tôi nói thẳng cứ ghi tên tôi là Phí Văn Tèo số 0912345678|-
che giấu cái gì mà giấu, cứ ghi tên tao là Phí Văn Tèo nhà ở ngõ chợ|named
sợ gì mà không ghi tên|-
cán bộ không ghi tên vào phiếu|-
họ không ghi tên người nhận|-
chị ấy đứng tên sổ đỏ nhà tôi|-
trên giấy khai sinh ghi tên tôi sai|-
không có tên trong danh sách|-
tôi không nêu tên cán bộ được vì không biết|-
nó chẳng sợ gì|-
họ công khai mắng tôi trước mọi người|-
phòng kín không có ai|-
mẹ tôi 78 tuổi không dùng điện thoại thông minh nên hôm đó tôi phải chở mẹ ra phường nộp giấy|-
mẹ tôi không dùng điện thoại|-
sợ lộ nên họ dọa tôi|-
giấu tên làm gì|-
cán bộ bảo tôi cứ ghi tên tôi vào sổ rồi ra ngoài kia ngồi đợi đến trưa|-
hôm qua|-
có|-
không|-
chị Hoa một cửa|-
0912345678|-
ẩn danh có được không?|-
cán bộ không đeo thẻ, giấu tên khi tôi hỏi, sau đó đuổi tôi về ngay trước mặt mọi người|-"""


@pytest.mark.parametrize(("text", "identity"), [tuple(line.split("|")) for line in IDENTITIES.splitlines()])
def test_how_the_citizen_wants_to_appear(text: str, identity: str) -> None:
    expected = None if identity == "-" else Identity(identity)
    assert identity_answer(text) == expected
    assert identity_answer(strip_accents(text)) == expected


@given(st.text())
@settings(max_examples=200)
def test_commands_never_raise_and_know_no_normal_form(text: str) -> None:
    composed, decomposed = (unicodedata.normalize(form, text) for form in ("NFC", "NFD"))
    readers = (yes_no, edit_target, identity_answer, *(check for check, _ in COMMANDS.values()))
    assert [reader(composed) for reader in readers] == [reader(decomposed) for reader in readers]
