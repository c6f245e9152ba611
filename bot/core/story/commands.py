"""Short messages that steer the talk: yes, no, skip, back, cancel, send, «sửa lại đơn vị». Stories never do."""

from bot.core.story.line import Line, Phrase, read

# A message of more words is a story, whatever commands its words may spell.
_LONGEST_COMMAND = 12

_FILL = (
    r"(?:dạ|vâng|ạ|à|ừ|ờ|ừm|thì|nhé|nha|nhá|nhỉ|đi|giúp|hộ|giùm|dùm|cho|tôi|em|cháu|con|mình|tui|bác|chú|cô|ad"
    r"|admin|bạn|anh|chị|ơi|với|luôn|nữa|rồi|đấy|đó|đây|mà|xin|làm ơn|cái|này|ấy|nào|thế|vậy|hết|thôi|chứ|cơ|ơ|ok"
    r"|được|nhanh|ngay|lại|\.|,|!|;|:|-)"
)
_NO = r"(?:không|chẳng|chả|hông|hong|đừng|khỏi|chưa)"
_NEVER = r"(?:không|chẳng|chả|hông|hong|đừng|khỏi)"


def _whole(core: str, *, fill: str = _FILL) -> Phrase:
    """Return a pattern of a message that is nothing but `core`, with little words around it."""
    return Phrase(rf"^(?:{fill} ){{0,6}}(?:{core})(?: {fill}){{0,6}}(?= $)")


_CALM = (
    r"(?:dạ|ạ|à|ờ|ơ|thì|nhé|nha|nhá|đi|giúp|hộ|cho|tôi|em|cháu|con|mình|tui|bác|anh|chị|bạn|ad|ơi|với|luôn|rồi|đấy"
    r"|đó|đây|mà|thế|vậy|chứ|nhỉ|cơ|xin|\.|,|!)"
)
_YES = _whole(
    r"(?:có|vâng|ừ|ừm|ok|oke|okay|yes|đồng ý|được|đúng|phải|chuẩn|nhất trí|tất nhiên|dĩ nhiên|đương nhiên"
    r"|chính xác|chắc chắn|được thôi|(?:thôi |cũng |sao cũng |thế nào cũng )+được|vâng ạ|uh|phải rồi|duyệt"
    r"|tán thành|chấp nhận|đồng í|dong y)(?: ,)?(?:(?: ,)? (?:có|vâng|ừ|ok|đồng ý|được|đúng|phải|tôi đồng ý"
    r"|em đồng ý|cháu đồng ý|chắc chắn|muốn|rồi|hết|nhé|cả))*",
    fill=_CALM,
)
_AGREES = Phrase(
    r"(?<!không )(?<!chưa )(?<!chẳng )(?:đồng ý|nhất trí|chấp nhận)(?! (?:không|ko|chưa|với ai|với cách))"
)
_REFUSES = Phrase(rf"{_NO} (?:có )?(?:đồng ý|nhất trí|chấp nhận|muốn đồng ý|cho phép|được phép)")
_NAY = _whole(
    r"(?:không|chưa|no|không phải|không đúng|sai|sai rồi|không cần|khỏi|khỏi cần|không muốn|không được|thôi"
    r"|không có|chưa có|không đâu|hông|hong|không thích|chẳng|dạ không|không đồng ý|chưa đúng|không chính xác"
    r"|dĩ nhiên là không|tất nhiên là không)(?:(?: ,)? (?:không|cần|đâu|thôi|cảm ơn|muốn|có|phải|nhé|gì|đúng))*",
    fill=_CALM,
)
_QUESTION = Phrase(
    r"(?:không|chưa|à|hả|chứ|ko) \?|\?|(?:có|được|đúng|phải|đồng ý) (?:[^ ]+ )?(?:không|chưa)(?: (?:ạ|vậy|nhỉ"
    r"|thế))*(?= $)"
)

_UNKNOWN = _whole(
    rf"(?:{_NO} (?:thể )?(?:nhớ|biết|bít|bik|rõ|nắm|chắc|để ý|xem|hỏi|nhìn)(?: (?:rõ|được|chính xác|lắm|cụ thể|kỹ"
    r"|ra|nổi|chắc))*|quên(?: mất)?|chịu|bí|kbt)(?: (?:tên|ngày|giờ|thời gian|người|ai|cán bộ|nhân viên|anh|chị|ấy"
    r"|đó|là|nào|gì|của|số|mấy|hôm|lúc|quầy|phường|xã|đơn vị|cụ thể|chính xác|họ|ta|nữa|mặt|đâu|bao nhiêu|thứ|tôi"
    r"|em|có|bộ phận)){0,7}"
)
_SKIP = _whole(
    r"bỏ qua(?: (?:câu|phần|mục|cái|bước|hỏi|này|đó|ấy))*|qua (?:câu|phần|mục|bước) (?:khác|sau|tiếp|kế)|(?:sang "
    r"|chuyển )?(?:câu|phần|bước) (?:khác|tiếp|sau|tiếp theo|kế tiếp)|(?:chuyển|sang|qua) (?:tiếp|câu|phần"
    r"|bước)(?: (?:khác|sau|tiếp|kế|tiếp theo))?|skip|next|để sau|tính sau|tiếp tục|tiếp|tiếp theo"
    rf"|{_NO} (?:muốn |cần )?(?:trả lời|khai|nói|cung cấp|kể)(?: (?:câu|phần|mục|cái|này|đó|thông tin|chuyện))*"
    r"|miễn trả lời|bỏ (?:câu|phần|mục) (?:này|đó|ấy)|cho qua"
)
_BACK = _whole(
    r"(?:quay|lùi|trở|về|lui)(?: lại| về)?(?: (?:câu|phần|bước|mục|cái|chỗ|hỏi|vừa|trước|ban|nãy|lúc|rồi"
    r"|một)){1,5}|lùi lại|quay lại|quay về|trở lại|back|(?:câu|bước|phần) trước|cho (?:tôi |em )?(?:xem|sửa"
    r"|trả lời) lại câu (?:trước|vừa rồi|trên)|trả lời lại câu (?:trước|vừa rồi|trên)"
)
_CANCEL = _whole(
    r"(?:hủy|hủy bỏ|huỷ|cancel|stop|ngừng|thoát|rút|rút lại)(?: (?:bỏ|đi|phản ánh|phiếu|đơn|việc|vụ|này|lại|hết"
    r"|toàn bộ|không|gửi|nữa|đăng ký|giữa chừng)){0,6}|dừng (?:lại|đi|ở đây|việc|phản ánh|không|gửi|hết"
    r"|luôn)(?: (?:đi|ở đây|này|gửi|nữa|phản ánh)){0,3}"
    rf"|(?:thôi (?:, )?)?{_NEVER} (?:muốn |cần |có |phải )?(?:gửi|phản ánh|phản ảnh|tố cáo|làm|khiếu nại|báo|kể"
    r"|nói|tiếp tục|trình bày|tố)(?: (?:gì|phản ánh|đơn|cáo|tiếp|nữa|vụ|việc|đâu|này)){1,4}"
    rf"|thôi (?:, )?{_NEVER} (?:gửi|phản ánh|làm|báo|cần|muốn)(?: (?:nữa|gì|đâu))*|{_NEVER} gửi"
    r"|(?:thôi )?bỏ(?: (?:đi|hết|luôn|cuộc|phản ánh|phiếu|vụ này|việc này))*|khỏi cần|khỏi gửi|khỏi|thôi (?:bỏ"
    r"|khỏi|dẹp|dừng|hủy)(?: (?:đi|lại))*|dẹp(?: đi)?|thôi(?: (?:tôi|em))? không nữa|xóa (?:hết|đi|phiếu|phản ánh"
    r"|toàn bộ)(?: (?:đi|hết|này))*|cho (?:tôi |em )?(?:hủy|thôi|rút)|để (?:lúc|khi) khác|(?:tôi "
    r"|em )?đổi ý(?: rồi)?"
)
# Typed «dung» it is «đúng».
_STOP = Phrase("^dừng(?= $)", exact=True)
_SEND = _whole(
    r"(?:(?:đúng|chuẩn|chính xác|đủ|xong|đồng ý|hết|ổn)(?: rồi| hết| cả)*(?: ,)? )?(?:tôi |em )?(?:muốn |xác nhận "
    r"|đồng ý |bấm )?(?:gửi|nộp|chuyển)(?: (?:đi|luôn|ngay|phản ánh|phiếu|đơn|giúp|hộ|lên|cho phường|cho sở|được"
    r"|rồi|nó|thông tin|như vậy|thế))*|chốt(?: (?:đơn|phiếu|luôn|lại|gửi|vậy|thế))*|xác nhận(?: (?:gửi|đúng|phiếu"
    r"|thông tin|hết|luôn))*|send|submit|ok gửi|gui|đúng rồi gửi|(?:đúng|chuẩn|chính xác|ổn)(?: rồi| hết| cả"
    r"| tất cả)*(?: ,)? (?:xác nhận|chốt)"
)
_HOLD = Phrase(
    rf"(?:{_NO}|khoan|từ từ|đợi|chờ|trước khi|hãy khoan|không muốn|sau khi)(?: (?:hãy|đã|vội|cần|muốn|nên))*"
    r" (?:gửi|nộp|chốt|xác nhận)|\?|(?:nộp|chuyển) (?:rồi|sau|đâu|ở)|đã (?:gửi|nộp|chuyển)"
    r"|gửi (?:rồi|sau|đâu|ai|ở|như thế|thế nào|bằng|kèm|ảnh|hình)"
)


def yes_no(text: str) -> bool | None:
    """Return what a message says to a yes-or-no question, or None for anything else, questions included."""
    line = read(text)
    if line.words > _LONGEST_COMMAND or not line.words or _QUESTION.search(line):
        return None
    if _UNKNOWN.search(line):
        return None
    if _REFUSES.search(line) or _DONT.search(line):
        return False
    if _NAY.search(line) and not _YES_BEFORE_THOI.search(line):
        return False
    if _YES.search(line) or _AGREES.search(line):
        return True
    return None


_DONT = Phrase("^đừng(?: mà| ạ| nhé)?(?= $)", exact=True)
_YES_BEFORE_THOI = Phrase(r"(?:có|được|ok|vâng|ừ|đồng ý) thôi|thôi (?:cũng |thì )?(?:được|ok|vâng|ừ|cứ)")


def is_skip(text: str) -> bool:
    """True when a question is to be passed over («bỏ qua», «câu khác»)."""
    return _is(read(text), _SKIP)


def is_cancel(text: str) -> bool:
    """True when the whole is called off («thôi không gửi nữa», «hủy đi»); «thôi được» and «bỏ qua» do not."""
    line = read(text)
    if line.words <= _LONGEST_FAREWELL and _CALLS_OFF.search(line) and not _KEEPS.search(line):
        return True
    if line.words > _LONGEST_COMMAND or _KEEPS.search(line):
        return False
    return _is(line, _CANCEL) or bool(_STOP.search(line)) or _any_clause(line, _CANCEL)


# Named outright, it may stand among reasons: «tôi nhận được kết quả rồi, hủy phản ánh này giúp tôi».
_LONGEST_FAREWELL = 26
_CALLS_OFF = Phrase(
    r"(?:hủy|hủy bỏ|rút|rút lại|xóa|bỏ) (?:cái |luôn )?(?:phản ánh|phiếu|đơn)(?: (?:này|đó|đi|giúp|cho|hộ))*"
    r"|(?:không|ko|chẳng|thôi) (?:muốn |cần )?(?:gửi|phản ánh)(?: (?:phản ánh|phiếu|đơn|cái|này))* nữa"
    r"|hủy đi(?= [,.$])"
)
_DONE = Phrase(
    r"(?:không|ko|chẳng|chả|hông) (?:có |còn |cần )?(?:gì )?(?:bổ sung|thêm|nói thêm)(?: (?:gì|thêm|nữa|đâu|hết))*"
    r"|(?:thế|vậy|nhiêu đó|chừng đó|chừng nớ|nhiêu) (?:là )?(?:đủ|thôi|hết|xong)(?: rồi)?|hết rồi|đủ rồi"
    r"|(?:còn lại )?(?:đúng|chuẩn) (?:hết|cả)(?: rồi)?|chỉ (?:có )?(?:thế|vậy) thôi"
)


def is_done(text: str) -> bool:
    """True when the citizen has nothing to add («hết rồi», «không bổ sung gì nữa»): what is open may stay open."""
    line = read(text)
    return line.words <= _LONGEST_COMMAND and bool(_DONE.search(line)) and "?" not in line.read


_KEEPS = Phrase(
    r"thôi (?:thì |cũng |cứ )?(?:được|ok|vâng|ừ|gửi)|(?:đừng|không|chưa) (?:hủy|bỏ|dừng|xóa)|cứ (?:gửi|tiếp tục"
    r"|làm)|bỏ qua|\?"
)


def is_back(text: str) -> bool:
    """True when the question before is wanted again («quay lại câu trước»)."""
    return _is(read(text), _BACK)


def is_send(text: str) -> bool:
    """True when what was read back is to be sent («gửi đi», «đúng rồi gửi giúp tôi», «chốt», «xác nhận»)."""
    line = read(text)
    if line.words > _LONGEST_COMMAND or _HOLD.search(line):
        return False
    return _is(line, _SEND) or _any_clause(line, _SEND, last=True)


def is_unknown(text: str) -> bool:
    """True when the citizen does not know or remember («không nhớ», «hok bit»)."""
    return _is(read(text), _UNKNOWN) or _any_clause(read(text), _UNKNOWN)


def _is(line: Line, phrase: Phrase) -> bool:
    return 0 < line.words <= _LONGEST_COMMAND and phrase.search(line) is not None


def _any_clause(line: Line, phrase: Phrase, *, last: bool = False) -> bool:
    """True when a clause of a short message is nothing but the command."""
    if not 0 < line.words <= _LONGEST_COMMAND:
        return False
    clauses = [part for part in _clauses(line) if part.strip()]
    chosen = clauses[-1:] if last else clauses
    return len(clauses) > 1 and any(phrase.search(read(part)) for part in chosen)


def _clauses(line: Line) -> list[str]:
    text = line.text
    for sign in ".,;!\n":
        text = text.replace(sign, "|")
    return text.split("|")
