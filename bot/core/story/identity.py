"""Whether the citizen wants to be named, hidden from the unit, or unknown."""

import re
from collections.abc import Iterator, Sequence
from enum import StrEnum

from bot.core.story.line import Line, Phrase, bare, read


class Identity(StrEnum):
    """ANONYMOUS: nobody learns who it was; HIDDEN: known to the office, not to the unit; NAMED: known to both."""

    ANONYMOUS = "anonymous"
    HIDDEN = "hidden"
    NAMED = "named"


# In a longer message only the citizen's own request counts, not an official who hid their name.
_ANSWER_WORDS = 12
_ME = r"(?:tôi|em|cháu|mình|con|tui|tao|bác|chú|cô|tớ)"
_NOT = r"(?:không|chẳng|chả|đừng|khỏi|hông|hong|hổng|chưa|ko|nỏ)"
_WISH = r"(?: (?:muốn|cần|phải|thích|cho|được|nên|có|việc gì|bị|để|việc|hề|dám|định|chịu|hay|mà|bao giờ)){0,3}"
_MINE = rf"(?: (?:của )?{_ME})?"
_TO = (
    r"(?:phường|xã|cán bộ|họ(?! tên)|đơn vị|bên kia|người ta|người bị phản ánh|bên đó|ai|chị ấy|anh ấy|nó|bên|cơ quan"
    r"|ủy ban|chỗ đó|ủy ban phường)"
)
# Behind «tên» these make it somebody else's name, or a name in a paper.
_NOT_MINE = r"(?! (?:cán bộ|nhân viên|người|anh|chị|ông|bà|cô|nó|họ|vợ|chồng|bố|mẹ|vào|trong|trên|đất|sai|nhầm) )"

# To need no hiding is to be named: «không cần giấu».
_UNHIDDEN = Phrase(
    rf"{_NOT}{_WISH} (?:giấu|ẩn danh|ẩn|nặc danh|che|giữ kín|bí mật|ngại gì|ngại|sợ)(?: (?:tên|danh|gì"
    r"|danh tính))*(?! thì)"
)
# «giấu cái gì mà giấu», «giấu tên làm gì»: no wish to be hidden, and not yet one to be named.
_SCORNED = Phrase(
    r"(?:giấu|che|ẩn)(?: (?:tên|danh|diếm|giếm))* (?:làm gì|làm chi|cái gì|gì|chi)(?: mà (?:phải )?(?:giấu|che|ẩn))?"
)
_NAMED = (
    Phrase(
        r"(?:cứ |hãy |xin |cho )?(?:ghi|để|nêu|dùng|hiện|lấy)(?: (?:rõ|đầy đủ|đúng|cả|luôn|công khai"
        r"|thẳng)){0,2} (?:họ tên|tên|danh tính)"
        rf"(?: thật| đầy đủ)?{_MINE}{_NOT_MINE}"
    ),
    Phrase(
        rf"(?:công khai(?: (?:tên|danh tính|luôn|hết|đi))*|(?:để|có|nêu|đứng) tên(?: thật)?|chính danh|ghi danh)"
        rf"{_MINE}{_NOT_MINE}"
    ),
)
_HIDDEN = (
    Phrase(
        r"(?:giấu|giữ kín|giữ bí mật|che|bảo mật|giữ|bí mật)(?: (?:kín|bí mật|giúp|cho|hộ|tôi|em|cái"
        r"|về)){0,4} (?:họ tên|tên|danh tính|thông tin)"
    ),
    Phrase(rf"{_NOT}{_WISH} (?:nói|tiết lộ|cho|để|lộ|báo|đưa|cung cấp|gửi) {_TO}"),
    Phrase(
        rf"{_NOT}{_WISH} (?:nói|tiết lộ|cho|để|lộ|báo|đưa|cung cấp|gửi|ghi|nêu)(?: (?:tên|danh tính|lộ|thông tin"
        rf"|họ tên){_MINE})?(?: (?:với|cho|ra|tới|là ai|biết))+ {_TO}"
    ),
    Phrase(rf"{_NOT}{_WISH} {_TO} (?:biết|thấy|nắm|đọc được)(?: (?:tên|tôi|em|danh tính|là|ai|được)){{0,4}}"),
    Phrase(rf"{_NOT}{_WISH} (?:lộ|tiết lộ)(?: (?:tên|danh tính|thông tin|họ tên|ra))*{_MINE}"),
    Phrase(
        rf"{_NOT}{_WISH} (?:công khai|đăng|phô)(?: (?:ra|cả|họ))*(?: (?:tên|danh tính|thông tin|họ tên))?{_MINE}"
        rf"{_NOT_MINE}"
    ),
    Phrase(
        r"chỉ (?:có )?(?:sở|các anh chị|bên anh chị|sở nội vụ|thanh tra|cơ quan kiểm tra|anh chị"
        r"|bên bạn) (?:được )?biết"
    ),
    Phrase(
        r"(?:giữ|xin giữ|được giữ) bí mật(?: (?:cho|giúp|danh tính|tên|tôi|em|với))*|giấu tên|ẩn tên|giấu danh tính"
    ),
)
_ANONYMOUS = (
    Phrase(r"ẩn danh|nặc danh|vô danh|khuyết danh"),
    Phrase(
        rf"{_NOT}{_WISH} (?:để lại|cho biết|cung cấp|xưng|khai|nêu|đưa|ghi|điền|nói|cho|kèm|tiết lộ|lưu)"
        r"(?: (?:lại|ra|cái|gì|họ|và|rõ|thông tin|liên hệ|bất kỳ)){0,4}"
        r" (?:họ tên|tên|sđt|số|số điện thoại|điện thoại|danh tính|thông tin|liên hệ|gì|liên lạc|email)(?! (?:với"
        rf"|cho) {_TO}){_MINE}{_NOT_MINE}"
    ),
    Phrase(
        rf"{_NOT}{_WISH} (?:để|đứng|ký|lấy|dùng|hiện)(?: (?:ra|cái|cả|rõ))* (?:họ tên|tên|danh tính)(?: thật)?{_MINE}"
        rf"{_NOT_MINE}"
    ),
    Phrase(rf"{_NOT}{_WISH} (?:tên tuổi|danh tính|liên hệ|liên lạc)"),
)
# «ẩn danh» and «đừng để ai biết tôi là ai» leave nothing open, whatever else is said beside them.
_PLAINLY_ANONYMOUS = (
    Phrase(r"ẩn danh|nặc danh"),
    Phrase(
        rf"{_NOT}{_WISH} (?:cho )?(?:ai|người nào)(?: (?:hay|được))* biết(?: (?:tôi|em|tui|mình|cháu|con|là|tên))*"
    ),
)
_REFUSED = Phrase(rf"{_NOT}{_WISH} (?:ẩn danh|nặc danh)")
_OWN_WISH = Phrase(r"(?:tôi|em|cháu|mình|xin|cho|mong|hãy|đừng|được|muốn|đề nghị|con)(?: [^ .,;!?]+){0,3}$")
# Answers of few words that say nothing but this; in a story the same words are about something else.
_ASKED = (
    rf"^(?:(?:dạ|vâng|ừ|ờ|ok|thôi|thì|xin|cho|nhờ|cứ|hãy|phải|cần|muốn|được|{_ME}|đề nghị|mong|giữ|anh|chị|bạn"
    r"|giúp|làm ơn|,) )*"
)
_TAIL = (
    rf"(?: (?:nhé|nha|nhá|ạ|à|giúp|giùm|dùm|hộ|cho|{_ME}|thôi|với|đi|luôn|lắm|là được|hết|anh|chị|bạn|cái|[.!,]))*"
)
_SHORT_ANSWERS = (
    (Identity.HIDDEN, Phrase(rf"{_ASKED}(?:bí mật|kín|kín đáo|kín tiếng|giấu){_TAIL}")),
    (
        Identity.HIDDEN,
        Phrase(rf"{_ASKED}(?:sợ|ngại) (?:(?:là|bị|có ngày|mình|tôi|em) )*(?:lộ|{_TO} biết)(?: (?:ra|tên))?{_TAIL}"),
    ),
    (Identity.ANONYMOUS, Phrase(rf"{_ASKED}(?:cho {_ME} |muốn |xin |được )ẩn{_TAIL}")),
)
# From the beginning of a clause to a word that names nobody but the citizen stand only such words. A doubt is never
# taken for leave to name somebody: what else stands there may deny it, or tell of a paper («trên giấy ghi tên tôi»).
_LEAD = re.compile(
    r"(?:(?:da|vang|u|uh|o|ok|oke|thoi|thi|la|toi|em|chau|con|minh|tui|tao|bac|chu|co|to|xin|cho|cu|hay|muon"
    r"|dong y|chiu|duoc|se|dam|nho|mong|de nghi|yeu cau|giup|luon|nen|can|phai|va|nhung|ma|vay|the|nay|anh|chi|ban"
    r"|thay|nghi|khong sao|chang sao|cha sao|so gi|ngai gi|viec gi|a) )*"
)
_CLAUSE = re.compile(r" [.,;:!?…\n-](?= )")
_ASKS_FOR_IT = re.compile(r"\b(?:xin|cho|cu|hay|muon|mong|de nghi|yeu cau|dong y)\b")
_OWN_NAME = re.compile(r"ten (?:that |day du )?(?:cua )?(?:toi|em|chau|minh|con|tui|tao|bac|chu|co|to)$")
# Whoever speaks of officials who leave out a name asks nothing for themselves.
_THEIRS = Phrase(
    r"(?:cán bộ|nhân viên|công chức|họ|nó|(?:chị|anh|cô|ông|bà|người) (?:ấy|ta|đó|kia|này)|bên đó|người ta"
    r"|(?:giấy|phiếu|đơn|hồ sơ|biên lai)(?: [^ .,;!?]+)?)(?: (?:cũng|lại|toàn|đều|cố tình|thì|mà|vẫn)){0,2}$"
)
_SAYS_MINE = re.compile(r" (?:toi|em|chau|minh|con|tui|tao|bac|chu)$")
# «sao không ghi tên», «sợ gì mà không ghi tên»: turned round once more.
_TURNED = Phrase(r"(?:sao|gì|tội gì|chi|nếu|lỡ|nhỡ|không phải|đừng|phải)(?: (?:mà|lại|là|có|tôi|em)){0,2}$")


def identity_answer(text: str) -> Identity | None:
    """Return how the citizen wants to appear, or None where they say nothing of it.

    NAMED only where nothing else in the message speaks against it.
    """
    line = read(text)
    if "?" in line.read and line.words <= _ANSWER_WORDS:
        return None
    if line.words <= _ANSWER_WORDS and not _REFUSED.search(line) and any(p.search(line) for p in _PLAINLY_ANONYMOUS):
        return Identity.ANONYMOUS
    for identity, phrase in _SHORT_ANSWERS:
        if (whole := phrase.search(line)) and whole.end() >= len(line.read) - 1:
            return identity
    unhidden = [m for m in _UNHIDDEN.finditer(line) if not _TURNED.ends(line, m.start())]
    spoken = [*unhidden, *_SCORNED.finditer(line)]
    for identity, phrases in ((Identity.HIDDEN, _HIDDEN), (Identity.ANONYMOUS, _ANONYMOUS)):
        if any(_asked_for(line, match) for match in _free(line, phrases, spoken)):
            return identity
    if any(_leads(line, match) for match in (*unhidden, *_free(line, _NAMED, spoken))):
        return Identity.NAMED
    return None


def _free(line: Line, phrases: Sequence[Phrase], spoken: Sequence[re.Match[str]]) -> Iterator[re.Match[str]]:
    """Yield the matches that lie in none of those whose meaning is known already."""
    for phrase in phrases:
        for match in phrase.finditer(line):
            if not any(known.start() < match.end() and match.start() < known.end() for known in spoken):
                yield match


def _asked_for(line: Line, match: re.Match[str]) -> bool:
    """True for a wish of the citizen's own to be kept out."""
    if _TURNED.ends(line, match.start()):
        return False
    if _THEIRS.ends(line, match.start()) and not _SAYS_MINE.search(bare(match[0])):
        return False
    return line.words <= _ANSWER_WORDS or _OWN_WISH.ends(line, match.start()) or match.start() == 0


def _leads(line: Line, match: re.Match[str]) -> bool:
    """True where a clause of the citizen's own begins with leave to name them."""
    start = max((mark.end() for mark in _CLAUSE.finditer(line.read, 0, match.start() + 1)), default=0)
    lead = bare(line.read[start : match.start() + 1]).lstrip()
    if not _LEAD.fullmatch(lead):
        return False
    said = bare(match[0])
    asked = _ASKS_FOR_IT.search(f"{lead}{said}") is not None
    return line.words <= _ANSWER_WORDS or (asked and _OWN_NAME.search(said) is not None)
