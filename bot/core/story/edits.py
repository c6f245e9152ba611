"""Which part of what was taken down a short message sets right: «sửa lại đơn vị», «tôi nói nhầm ngày»."""

from bot.core.story.line import Line, Phrase, read

# A longer message is a story in which things are put right by others.
_LONGEST_EDIT = 16

_OPENING = (
    r"(?:dạ|à|ơ|ôi|ừ|ok|xin|vui lòng|làm ơn|giúp|cho|tôi|em|cháu|con|mình|tui|bạn|anh|chị|ad|ơi|muốn|cần|hãy|nhờ"
    r"|lỗi|thôi|khoan|chưa đúng|không đúng|sai rồi|nhầm rồi|được|phép|thì|đã|vừa|có|bị|lại|nãy|lúc|hồi|rồi|không|,"
    r"|\.|!)"
)
_CHANGES = (
    r"(?:sửa(?: lại)?|chỉnh(?: sửa)?(?: lại)?|đổi(?: lại)?|thay(?: đổi)?(?: lại)?|cập nhật(?: lại)?|nhập lại"
    r"|ghi lại|viết lại|khai lại|nói lại|đính chính|chọn lại|điều chỉnh|xóa|bỏ)"
)
_MISTAKES = (
    r"(?:(?:nói|ghi|viết|gõ|nhớ|khai|chọn|nhập|điền|bấm|kể|hiểu|báo)? ?(?:nhầm|sai|lộn)|quên)(?: (?:rồi|mất|cái|về"
    r"|là|phần|mục|tên)){0,2}"
)
_DENIES = r"(?:không phải|ko phải|đâu phải|chứ không phải|chứ không)(?: (?:là|ở|vào|lúc|tại|của)){0,2}"
_LINK = (
    r"(?: (?:,|sang|cái|phần|mục|thông tin|về|lại|của|chỗ|giúp|hộ|cho|tôi|em|cháu|mình|ở|thành|tên|là|các|cả"
    r"|số)){0,4}"
)

# What stands for each part; the first that fits wins.
_PARTS: dict[str, str] = {
    "contact": (
        r"(?:số điện thoại|điện thoại|sđt|số (?:của )?(?:tôi|em|máy|liên hệ|liên lạc)|liên hệ|liên lạc|email|mail"
        r"|zalo|họ tên(?: tôi| em)?|tên (?:của )?(?:tôi|em|cháu|mình)|thông tin cá nhân)"
    ),
    "anonymous": r"(?:ẩn danh|nặc danh|danh tính|giấu tên|hiện tên|để tên|công khai|bảo mật|chế độ tên)",
    "amount": (
        r"(?:số tiền|tiền|mức tiền|\d+(?:[.,]\d+)? (?:nghìn|ngàn|triệu|tr|k|đồng|củ)|\d+ k|[^ ]+ (?:triệu|nghìn"
        r"|trăm))"
    ),
    "wanted": r"(?:mong muốn|nguyện vọng|yêu cầu|đề nghị|kết quả mong|điều mong|mong đợi)",
    "event_time": (
        r"(?:ngày|giờ|thời gian|thời điểm|hôm|thứ(?! tự)|tháng|sáng|chiều|tối hôm|tuần|lúc|buổi|mùng"
        r"|\d{1,2}/\d{1,2}(?:/\d+)?|\d{1,2} (?:h|giờ))"
    ),
    "desk": (
        r"(?:bộ phận|quầy|bàn|cửa|phòng|một cửa|1 cửa|nơi tiếp nhận|vị trí|chức vụ|chuyên môn|lãnh đạo|chuyên viên)"
    ),
    "unit": (
        r"(?:đơn vị|phường|xã|nơi|cơ quan|địa chỉ|sở|ủy ban|ubnd|quận|huyện|địa điểm|chỗ(?! này)|p|trung tâm"
        r"|thị trấn)"
    ),
    "staff": (
        r"(?:tên cán bộ|tên nhân viên|tên (?:anh|chị|ông|bà|cô|người) (?:ấy|đó|ta|kia)|tên người|cán bộ|nhân viên"
        r"|công chức|người bị phản ánh|người(?: đó| ấy)?|anh|chị|ông|bà|cô|chú|tên)"
    ),
    "narrative": r"(?:nội dung|chi tiết|câu chuyện|sự việc|diễn biến|chuyện|mô tả|vụ việc|phản ánh|thông tin|ý)",
}
_PATTERNS: dict[str, tuple[Phrase, ...]] = {
    target: (
        Phrase(rf"^(?:{_OPENING} ){{0,6}}(?:{_CHANGES}|{_MISTAKES}){_LINK} {part}"),
        Phrase(rf"^(?:{_OPENING} ){{0,6}}{_DENIES} {part}"),
        Phrase(
            rf"^(?:{_OPENING} ){{0,6}}{part}(?: (?!sai|nhầm|bảo|nói|làm|quát|hướng|trả|tính|ghi"
            rf"|thu)[^ .,;!?]+){{0,4}}"
            r" (?:bị )?(?:ghi )?(?:sai|nhầm|chưa đúng|không đúng|lộn|chưa chính xác|mới đúng)(?: rồi| mất)?(?: ạ"
            r"| nhé| ,| \.|(?= $))"
        ),
    )
    for target, part in _PARTS.items()
}
_ADDS = Phrase(
    rf"^(?:{_OPENING} ){{0,6}}(?:(?:thêm|bổ sung|kể|nói|viết|ghi|cho)(?: thêm| bổ sung| tiếp)*"
    r" (?:cái |một |vài |mấy |chút |ít |về |tí )*(?:chi tiết|nội dung|thông tin|ý|chuyện|câu chuyện|sự việc"
    r"|diễn biến|nữa|một chút|ít)|(?:kể|nói|viết|bổ sung|ghi) thêm|(?:còn )?thiếu (?:chi tiết|thông tin|nội dung"
    r"|ý))"
)


def edit_target(text: str) -> str | None:
    """Return what a short message sets right, or None.

    One of unit, desk, event_time, staff, narrative, contact, anonymous, wanted, amount. «thêm chi tiết» adds to the
    narrative.
    """
    line: Line = read(text)
    if not 0 < line.words <= _LONGEST_EDIT or "?" in line.read:
        return None
    found: list[tuple[int, int, int, str]] = []
    for rank, (target, phrases) in enumerate(_PATTERNS.items()):
        for at, phrase in enumerate(phrases):
            if match := phrase.search(line):
                found.append((at, -match.end(), rank, target))
                break
    if found:
        return min(found)[3]
    return "narrative" if _ADDS.search(line) else None
