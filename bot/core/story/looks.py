"""How people describe an official whose name they do not know: age, clothes, hair, voice, badge, seat. A pattern."""

from bot.core.story.desks import FIELD
from bot.core.story.line import Phrase, read
from bot.core.story.numerals import SHORT, TENS

_ABOUT = r"(?:(?:khoảng|tầm|chừng|độ|cỡ|ngoài|gần|hơn|trên|dưới|trạc|đâu|đã|đang|trông) ){0,3}"
_COLOUR = r"(?:xanh|đỏ|trắng|đen|vàng|tím|hồng|nâu|xám|cam|be|ghi|lam|sẫm|nhạt|dương|lá|đậm)"
_AGE = (
    rf"{_ABOUT}(?:\d\d(?:(?: -|-| đến) ?\d\d| mấy)?|{TENS}(?: mấy)?) tuổi|tuổi (?:khoảng |tầm |ngoài |chừng "
    rf"|độ )?(?:\d\d|{TENS})"
    r"|(?:trông |còn |rất |hơi |khá )?(?:trung niên|đứng tuổi|có tuổi|lớn tuổi|trẻ tuổi|trẻ)"
)
_WORN = (
    r"(?:kính|áo|sơ mi|váy|vest|đồng phục|thẻ|khẩu trang|mũ|nón|cà vạt|khăn|quần|đầm|khuyên|bông tai|đồng hồ|phông"
    r"|khoác|len"
    rf"|da|dài|ngắn|tay|cận|lão|râm|gọng|màu|kẻ|sọc|caro|hoa|cổ|tròn|số|tên|cán bộ|công chức|dạ|jean|{_COLOUR}"
    rf"|[0-9]+"
    r"|[a-z] [0-9]+)"
)
_WEARS = rf"(?:có )?(?:đeo|mặc|đội|khoác|thắt|quàng) {_WORN}(?: {_WORN}){{0,5}}"
_QUALITY = (
    r"(?:dài|ngắn|xoăn|thẳng|búi|buộc|nhuộm|bạc|hói|trọc|cao|thấp|to|nhỏ|gầy|béo|mập|ốm|lùn|tròn|ngăm|miền|bắc|nam"
    r"|trung|nghệ|an|hà|tĩnh|thanh|hóa|quảng|huế|sài gòn|mảnh|cận|ria|sẹo|tém|ngang|vai|đuôi gà|trái|phải|vuông"
    r"|mỏng|tai|bụng"
    rf"|đầu|người|đậm|bồ|xồm|khàn|the thé|{_COLOUR})"
)
_BODY = (
    rf"(?:có )?(?:tóc|áo|kính|dáng|người|mặt|da|râu|giọng|đầu|bụng|mắt|nốt ruồi|răng"
    rf"|vết) {_QUALITY}(?: {_QUALITY}){{0,3}}"
)
_FIGURE = (
    r"(?:hơi |khá |rất |dáng )?(?:cao gầy|cao to|to béo|to cao|béo|gầy|mập mạp|mập|lùn|hói đầu|hói|đầu hói|nhỏ con"
    r"|to con|thấp bé|có bầu|bụng bầu|mang bầu|đeo kính|cao|thấp|tóc bạc|già(?= (?:,|tóc|đeo)))"
)
_SEAT = (
    rf"(?:ngồi|đứng|trực) (?:(?:ở|tại|bên|trong|giữa) )?(?:(?:quầy|bàn|cửa|ô|phòng)(?: số)? {SHORT}"
    r"|ngoài cùng|trong cùng|ở giữa|bên trái|bên phải|góc)(?: bên (?:trái|phải))?"
)
_BADGE = r"(?:(?:có|mang) )?(?:thẻ|số hiệu|biển tên|mã số)(?: (?:số|tên|cán bộ|công chức|là)){0,2} (?:[a-z]+ )?[0-9]+"
_TRAIT = rf"(?:{_AGE}|{_WEARS}|{_BODY}|{_SEAT}|{_BADGE}|{_FIGURE})"
_ROLE = rf"(?:cán bộ|nhân viên|công chức|chuyên viên|nam|nữ|gái|tiếp nhận|một cửa|{FIELD}|ấy|kia|đó|này|ta)"
_TITLE = (
    r"(?:(?:(?:một|1|có|cái) ){0,2}(?:anh|chị|cô|chú|bác|ông|bà|cậu|thằng|lão|mụ|cán bộ|nhân viên|công chức"
    r"|chuyên viên)|(?:một|1|có|cái) (?:em|bạn|người|con bé|cô gái|thanh niên|người đàn ông|người phụ nữ|nam|nữ)"
    r"|người đàn ông|người phụ nữ|nam cán bộ|nữ cán bộ|em (?=nhân viên|cán bộ))"
)
# A title with at least one trait; more may follow.
DESCRIPTION = Phrase(
    rf"{_TITLE}(?: {_ROLE}){{0,3}} {_TRAIT}(?:(?: ,)?(?: (?:và|có|người))? {_TRAIT}){{0,5}}",
    strict=True,
)
_ANY_TRAIT = Phrase(_TRAIT, strict=True)


def tells_looks(text: str) -> bool:
    """True when a text tells how somebody looks, with or without a title: «người thấp đậm», «áo trắng»."""
    return _ANY_TRAIT.search(read(text)) is not None
