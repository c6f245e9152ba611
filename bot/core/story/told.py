"""Words that were said and what the citizen wants, as they wrote them."""

import re

from bot.core.story.line import Line, Phrase, bare

_QUOTED = re.compile(
    r"“([^“”\n]{2,300})”|\"([^\"\n]{2,300})\"|«([^«»\n]{2,300})»|(?<!\w)['‘]([^'’‘\n]{4,300})['’](?!\w)"
)
_LOUD = r"quát|mắng|chửi|gắt|hét|phán|văng|nạt|đáp|dọa|lớn tiếng|hỏi lại|hỏi|nhắn|viết"
_TELLS = (
    r"bảo(?! (?:hiểm|đảm|lưu|quản|hành|mật|trợ|tàng|nhiêu|lâu|giờ))|kêu|trả lời|nói(?! (?:chung|thật|chuyện|năng"
    r"|trống|kiểu|giọng|thêm|xấu|cộc|khó|lớn|to|nặng|nhẹ|lời|tục|láo|nhiều|gì|leo|bậy|lại))"
)
_WHOM = (
    r"(?: (?:với )?(?:tôi|em|cháu|mình|chúng tôi|bọn tôi|dân|bà con|(?:mẹ|bố|vợ|chồng|con) (?:tôi|em|mình|cháu))"
    r"| (?:thẳng )?vào mặt(?: (?:tôi|em|cháu|mình))?| luôn| thẳng| câu| một câu| to| ầm ĩ| lớn tiếng){0,3}"
)
_SAYS = Phrase(rf"(?P<verb>{_LOUD}|{_TELLS}){_WHOM}(?P<mark> (?:là|rằng|:))?")
_BY_CITIZEN = Phrase(
    r"(?:tôi|em|cháu|mình|con|chúng tôi|xin|muốn|để|được|cần|có thể|ai|không|chưa|chẳng|chả|phải|hãy)(?: (?:có|mới"
    r"|cũng|đã|chỉ|lại|xin|muốn|định|phải|không|chưa|dám|ra|lên|đến|vào|quay|hỏi|gọi|điện)){0,2}$"
)
# «bảo vệ» is the guard; typed «bao ve» it may also be «bảo về đi».
_GUARD = Phrase("vệ", exact=True)
_BARE_GUARD = Phrase(r"ve(?! (?:di|ma|nha|cho|lam|hoc|lay|bo|hoi|viet|sua|tim|phuong|xa|xin)\b)", exact=True)
# Without accents «bao» is also «bao nhiêu», «noi» also «nơi»: somebody must stand before them.
_SUBJECT = Phrase(
    r"(?:,|ay|ta|kia|do|anh|chi|ong|ba|co|ho|no|can bo|nhan vien|cong chuc|chuyen vien|cua|lanh dao|thi|roi|va|con"
    r"|lai|cu|chi|deu|chuc|phuong|xa|tich|truong|phong|cung|quat|mat|dap|moi|la)$"
)
_CLAUSE_END = re.compile(
    r" [.!?;\n]|( ,)?( (rồi(?= (?:bỏ|đuổi|ném|đóng|tắt|đứng|vứt|cúp|quay mặt|tôi|chị|anh))|roi(?= (?:bo|duoi|nem"
    r"|dong|tat|dung|vut|cup|toi|chi|anh))|xong|thế là|the la|nên|nen|nhưng|nhung|sau đó|sau do|trong khi|vì vậy"
    r"|vi vay|làm cho|lam cho|mặc dù|mac du|mà tôi|ma toi|thì tôi|thi toi|khiến|khien|còn tôi|con toi|và tôi"
    r"|va toi))(?= )| , (tôi|toi|em|cháu|chau|mình|minh|mẹ|me|bố|bo|vợ|vo|chồng|chong|hôm|hom|sáng|chiều|chieu"
    r"|ngày|ngay|lúc|luc|sau|đến|den|mong|đề|de|yêu|yeu)(?= )"
)
_LONGEST_SAID, _LONGEST_WANTED = 320, 400

_OUTCOME = (
    r"(?:xin lỗi|giải quyết|xử lý|xử lí|trả|làm rõ|kiểm tra|kỷ luật|chấn chỉnh|hoàn|xem xét|giải thích|trả lời"
    r"|bồi thường|đuổi việc|nhắc nhở|rút kinh nghiệm|nhận|công khai|can thiệp|phê bình|kiểm điểm|cách chức|thay"
    r"|tiếp nhận|cấp|làm việc|sớm|có)"
)
_WHO = (
    r"(?:được|họ|cán bộ|chị|anh|ông|bà|cô|ấy|ta|này|đó|phường|xã|lãnh đạo|người|bên|cơ quan|ủy ban|sở|nhà nước"
    r"|cấp trên|các|hãy|phải|sớm|là|một|cửa|đơn|vị|nội vụ)"
)
_WISHES = (
    Phrase(
        r"(?:(?:tôi|em|cháu|chúng tôi|gia đình tôi) )?(?:(?:chỉ|rất|kính|tha thiết|cũng"
        r"|xin) ){0,2}(?P<w>mong(?: muốn)?(?! (?:ngóng|đợi|chờ)))(?! (?:anh|chị|ad|admin|bạn|tổng đài"
        r"|bot)(?: chị)? (?:giúp|tư vấn|chỉ|hướng dẫn|cho))"
    ),
    Phrase(
        r"(?P<w>(?:kính )?(?:đề nghị|yêu cầu|kiến nghị))(?! (?:tôi|em|cháu|mình|dân|người dân|công dân|nộp|bổ sung"
        r"|phải|thêm)\b)"
    ),
    Phrase(
        rf"(?P<w>(?:muốn|cần|xin)(?: {_WHO}){{1,6}} {_OUTCOME}|(?:muốn|cần|xin) (?:{_WHO} )?(?:xin lỗi|xử lý"
        r"|làm rõ|kỷ luật|chấn chỉnh|giải quyết|bồi thường))"
    ),
    Phrase(
        r"(?P<w>nguyện vọng(?: của (?:tôi|em))?(?: là)?|(?:phải|cần) (?:xin lỗi|trả lại tiền|bị (?:kỷ luật|xử lý)))"
    ),
)
# A demand is the citizen's own where nobody else stands before it.
_OWN_BEFORE = Phrase(
    r"(?:[.,;:!?]|tôi|em|cháu|mình|chúng tôi|nay|vậy|đó|nên|xin|kính|và|cũng|do vậy|gia đình|rất|tôi cũng)$"
)
_NOT_WANTED = Phrase(r"(?:không|chả|chẳng|đâu)(?: (?:hề|có|dám))?$")


def said(line: Line) -> str | None:
    """Return words that were said to the citizen: quoted, or what follows «bảo», «nói là»; None for none."""
    speeches = list(_speeches(line))
    for match in _QUOTED.finditer(line.text):
        words = next(group for group in match.groups() if group is not None).strip()
        before = bare(line.text[max(0, match.start() - _NEAR) : match.start()].lower())
        if _OWN_WORDS.search(before):
            continue
        if len(words.split()) >= 3 or _SPOKEN.search(before):
            return words
    return next(iter(speeches), None)


_NEAR = 40
_OWN_WORDS = re.compile(r"\b(?:toi|em|chau|minh) (?:co |da |moi |chi )?(?:noi|bao|hoi|tra loi|viet)\b[^.]*$")
_SPOKEN = re.compile(r"\b(?:noi|bao|quat|mang|chui|tra loi|keu|gat|het|phan|van|nat|goi|cau|rang|la|nhan)\b[^.]*$")


def _speeches(line: Line) -> list[str]:
    found: list[tuple[int, str]] = []
    for match in _SAYS.finditer(line):
        start, end = match.span()
        verb, mark = bare(match["verb"]), match["mark"]
        if _BY_CITIZEN.ends(line, start) or (verb in _NEED_MARK and not mark):
            continue
        if verb == "bao" and (_GUARD.begins(line, match.end("verb")) or _BARE_GUARD.begins(line, match.end("verb"))):
            continue
        if line.bare and not mark and not _SUBJECT.ends(line, start):
            continue
        stop = _CLAUSE_END.search(line.read, end, end + _LONGEST_SAID)
        words = line.said(end, stop.start() if stop else min(len(line.read), end + _LONGEST_SAID)).strip(" ,:\"'“”«»")
        if len(words.split()) >= 2 and not words.lower().startswith(("gì", "chuyện")):
            found.append((0 if mark else 1, words))
    return [words for _, words in sorted(found, key=lambda item: item[0])]


_NEED_MARK = frozenset(bare(verb) for verb in _LOUD.split("|"))


def wanted(line: Line) -> str | None:
    """Return what the citizen wants to come of it, from the word of wishing to the end of the sentence, or None."""
    found: list[tuple[int, int]] = []
    for at, phrase in enumerate(_WISHES):
        for match in phrase.finditer(line):
            start = match.start("w")
            if _NOT_WANTED.ends(line, match.start()):
                continue
            if at == 1 and match.start() > 0 and not _OWN_BEFORE.ends(line, match.start()):
                continue
            found.append((start, match.end()))
    if not found:
        return None
    start, end = min(found)
    stop = next((bound for bound in line.sentences if bound >= end), len(line.read))
    words = line.said(start, min(stop, start + _LONGEST_WANTED)).strip(" ,.")
    return words if len(words.split()) >= 2 else None
