"""Words that go back to the talk itself: their «hôm qua» says when we spoke, not when something happened."""

from bot.core.story.line import Phrase, read

# «hôm qua tôi hỏi chưa hết câu đã bị quát» is a story after all.
_NO_STORY = r"(?! (?:câu|lời|(?:thì |là |mà |đã |lại ){0,2}(?:bị|cán bộ|họ|nó|cô|anh ấy|chị ấy|ông|bà)) )"

_BACK = (
    Phrase(
        r"(?:quay lại|trở lại|tiếp(?: tục)?|nói tiếp|kể tiếp) (?:với )?(?:(?:chuyện|việc|vụ|câu|phần|cái) )?"
        r"(?:(?:lúc|hồi|ban|khi|bữa|hôm) )?(?:nãy|trước)"
    ),
    # «hôm qua đang nói dở thì bận», «tối qua tôi nhắn chưa xong»; «hôm qua tôi đang kể» alone is a story
    Phrase(
        r"(?:(?:sáng|trưa|chiều|tối|hôm|bữa|bựa|đêm|ngày) (?:qua|nay|kia|trước|nọ)|(?:lúc|hồi|ban|vừa) nãy|hôm qua)"
        r"(?: (?:tôi|em|cháu|con|mình|tui|tao|e|có|đang|còn|mới|là|thì|với|bạn|bot|anh|chị|ad)){0,5} (?:nói|kể|nhắn"
        r"|chat|khai|điền|viết|gõ|trao đổi|gửi phản ánh|phản ánh|làm đơn|hỏi)"
        r"(?: (?:đang|chuyện|với|bạn|bot|anh|chị|ở đây|trên này|đơn|phiếu|phản ánh|này|được|một)){0,4}"
        rf" (?:dở|dở dang|dang dở|giữa chừng|chưa xong|chưa hết|nửa chừng|nửa đoạn){_NO_STORY}"
    ),
    Phrase(
        r"(?:nói|kể|làm|khai|viết|chat|nhắn)(?: (?:đang|còn))? (?:dở|dang dở|chưa xong|chưa hết)"
        r"(?: (?:từ|hồi|lúc|hôm|bữa|bựa|sáng|chiều|tối))* (?:qua|nãy|trước|kia|hôm qua)"
    ),
    Phrase(
        r"(?:tiếp|tiếp tục)(?: (?:chuyện|việc|vụ|phần|đơn|phiếu|cái))? (?:hôm|bữa|bựa|tối|chiều) qua"
        r"(?= (?:[.,!]|nhé|nha|ạ|$))"
    ),
)


def without_resuming(text: str) -> str:
    """Return the text with the words that resume the talk left out; the text itself where there are none."""
    line = read(text)
    spans = [line.span(m.start(), m.end()) for phrase in _BACK for m in phrase.finditer(line)]
    for start, end in sorted(spans, reverse=True):
        text = f"{text[:start]} {text[end:]}"
    return text
