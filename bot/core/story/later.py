"""«Để tôi xem lại giấy rồi nhắn sau»: who says so leaves for now, and tells of nothing."""

from bot.core.story.line import Phrase, read

# A message of more words is a story, whatever it begins with.
_LONGEST = 22
# «bác», «chị» may be somebody else: only behind «để» they are the one who writes.
_SELF = (
    r"(?:tôi|em|cháu|con|mình|tui|tớ|tao|nhà tôi|nhà em|vợ chồng (?:tôi|em)|chúng tôi|bọn em"
    r"|(?<=để )(?:bác|chú|cô|ông|bà|anh|chị))"
)
_SOON = (
    r"(?:mai|ngày mai|mốt|(?:tối|chiều|trưa|sáng)(?: nay| mai)?|lát(?: nữa)?|tí(?: nữa)?|chút(?: nữa)?|tý(?: nữa)?"
    r"|xíu(?: nữa)?|hôm khác|bữa khác|bữa sau|hôm sau|dịp khác|lúc khác|tuần sau|cuối tuần|khi nào \w+|bao giờ \w+)"
)
_LEAD = (
    r"(?:(?:dạ|vâng|ok|oke|ừ|à|ờ|thôi|thế|vậy|thì|chờ|đợi|khoan|đã|xin|cho|để|hẹn|xin phép|chắc|có lẽ|[,.!]) ){0,5}"
)
# What is done meanwhile.
_LOOKS = (
    r"(?:xem|coi|tìm|kiếm|lục|dò|soát|tra|kiểm tra|check|đối chiếu|ngó|đọc|hỏi|nhớ|lấy|nghĩ|suy nghĩ|cân nhắc|bàn"
    r"|tính|gom|chuẩn bị|thu xếp|thu thập|mở|rảnh|đi|về|ra|qua|lên|tham khảo)"
)
# What is done when they are back.
_TELLS = (
    r"(?:nhắn|nhắn tin|báo|gửi|nói|trả lời|bổ sung|liên hệ|liên lạc|quay lại|trở lại|vào lại|ghé lại|hỏi|kể|phản hồi"
    r"|gọi|nhập|gõ|tính|chat|inbox|cung cấp|đưa|cho (?:bạn|anh|chị|em) (?:biết|hay))"
)
_TO = r"(?:lại|tiếp|cho|với|bạn|ad|admin|anh|chị|em|cháu|mọi người|nhé|nha|ạ|luôn|thêm|mã|số|ảnh|hình|tin|sau)"
# «…rồi (tôi) nhắn (lại cho bạn) sau»: at the message's end, in so many words.
_BACK = rf"(?:{_SELF} )?(?:sẽ |mới |lại )?{_TELLS}(?: {_TO}){{0,6}}(?: [.!])*(?= $)"
_AWAY = (
    # «để em về tìm lại tờ phiếu rồi em nhắn lại sau»
    Phrase(
        rf"^{_LEAD}(?:{_SOON} )?{_SELF} (?:{_SOON} |phải |sẽ |cần ){{0,3}}{_LOOKS}(?: [^ ?]+){{0,9}}"
        rf" (?:rồi|xong|có gì|thấy|được|,|mai)(?: (?:thì|sẽ|,|rồi|xong|{_SOON}))*(?: {_BACK})"
    ),
    # «mai tôi nhắn tiếp», «có gì em quay lại sau»
    Phrase(
        rf"^{_LEAD}(?:có gì |khi nào [^ ]+ (?:[^ ]+ )?(?:thì )?)?(?:{_SOON} )?{_SELF} (?:{_SOON} )?"
        rf"(?:(?:rảnh|về|xong|tan làm)(?: (?:việc|nhà|thì)){{0,2}} (?:{_SELF} )?)?(?:sẽ |mới )?{_TELLS}"
        rf"(?: (?:lại|cho|bạn|ad|anh|chị|em|tiếp)){{0,4}} (?:sau|tiếp|lại)(?: (?:nhé|nha|ạ|[.!]))*(?= $)"
    ),
    # «để tôi xem lại đã», «để em kiểm tra lại tờ giấy đã nhé»
    Phrase(
        rf"^{_LEAD.replace('{0,5}', '{0,3}')}(?:để|cho|chờ|đợi|khoan) {_SELF} (?:{_SOON} ){{0,2}}{_LOOKS}"
        r"(?: lại| kỹ| thử| đi| về){0,2}(?: [^ ?]+){0,4} (?:đã|cái đã|chút đã)(?: (?:nhé|nha|ạ|[.!]))*(?= $)"
    ),
    Phrase(
        rf"^{_LEAD}(?:để|cho|chờ|đợi) {_SELF} (?:{_SOON} ){{0,2}}{_LOOKS} (?:lại|kỹ lại|thử lại|lại đã)"
        r"(?: (?:mã|giấy|phiếu|tờ phiếu|tin nhắn|số|xem|nhé|nha|ạ|[.!])){0,4}(?= $)"
    ),
)
# What happened to somebody is no leave-taking, whatever follows it.
_STORY = Phrase(
    r"bị|quát|mắng|chửi|nạt|đòi tiền|vòi (?:vĩnh|tiền)|phong bì|bắt (?:tôi|em|cháu|dân|mình|chờ|đợi|đi)|không chịu"
    r"|mà (?:đến|tới) giờ|mãi (?:không|chưa|chẳng)|(?:tuần|tháng|ngày) (?:rồi|nay)|\?"
)


def postpones(text: str) -> bool:
    """True when the citizen says that they come back later, with nothing told or asked."""
    line = read(text)
    if not line.words or line.words > _LONGEST or _STORY.search(line):
        return False
    return any(phrase.search(line) for phrase in _AWAY)
