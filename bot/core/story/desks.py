"""At which desk it happened: the counter of the one-stop shop, a specialist of the office, or its leaders."""

from enum import StrEnum

from bot.core.story.line import Line, Phrase
from bot.core.story.numerals import SHORT


class DeskKind(StrEnum):
    """Whom the citizen dealt with; UNKNOWN where they say that they do not know."""

    ONE_STOP = "one_stop"
    SPECIALIST = "specialist"
    LEADER = "leader"
    UNKNOWN = "unknown"


PERSON = (
    r"(?:cán bộ|công chức|chuyên viên|nhân viên|đồng chí|anh|chị|cô|ông|bà|chú|bác|em|người|thằng|con|đứa|tay|lão"
    r"|mụ)"
)
FIELD = (
    r"(?:tư pháp|địa chính|hộ tịch|văn hóa|văn xã|xây dựng|kế toán|lao động(?: thương binh)?(?: và)?(?: xã hội)?"
    r"|thương binh|chính sách|đất đai|môi trường|văn thư|thống kê|chuyên môn|tài chính|kinh tế|nội vụ|đô thị"
    r"|chứng thực|công chứng|thụ lý|thẩm định|giảm nghèo|bảo trợ|quản lý đô thị|trật tự đô thị|hạ tầng|tài nguyên"
    r"|người có công|thuế đất)"
)
LEADER_ROLE = (
    r"(?:phó chủ tịch|chủ tịch|phó bí thư|bí thư|phó trưởng phòng|phó phòng|trưởng phòng|phó giám đốc|giám đốc"
    r"|chánh văn phòng|trưởng ban|trưởng bộ phận|thủ trưởng|lãnh đạo|sếp)"
)
_ONE_STOP_PLACE = (
    r"(?:(?:bộ phận |bp )?(?:một|1) cửa|bộ phận tiếp nhận|nơi tiếp nhận|điểm tiếp nhận|bàn tiếp nhận"
    r"|quầy tiếp nhận|(?:trung tâm )?(?:phục vụ )?hành chính công|tiếp nhận (?:và |& )?trả kết quả"
    r"|bộ phận trả kết quả|bàn hướng dẫn|quầy(?! (?:thuốc|hàng|bán))|trung tâm một cửa|chỗ (?:tiếp nhận|nhận hồ sơ"
    r"|nộp hồ sơ|trả kết quả))"
)
_NUMBERED = rf"(?:cửa số|bàn số|ô số|(?<!một )(?<!1 )(?:cửa|bàn|ô)(?= {SHORT} ))"

_RULES: tuple[tuple[DeskKind, float, Phrase], ...] = (
    (DeskKind.LEADER, 2, Phrase(rf"(?:{PERSON} (?:[^ .,;!?]+ ){{0,4}})?(?<!của ){LEADER_ROLE}")),
    (
        DeskKind.ONE_STOP,
        2,
        Phrase(rf"{PERSON} (?:[^ .,;!?]+ ){{0,4}}?(?:ở |tại |ngồi |trực |của |bên |làm ){{0,2}}{_ONE_STOP_PLACE}"),
    ),
    (
        DeskKind.ONE_STOP,
        2,
        Phrase(
            rf"{PERSON} (?:ở |bên |trực |phụ trách )?(?:tiếp nhận|nhận hồ sơ|tiếp dân"
            r"|trả kết quả)"
        ),
    ),
    (
        DeskKind.SPECIALIST,
        2,
        Phrase(rf"{PERSON} (?:(?:phường|xã|bên|phụ trách|làm|mảng|ban|phòng|bộ phận|về|của) ){{0,3}}{FIELD}"),
    ),
    (DeskKind.SPECIALIST, 1.5, Phrase(r"chuyên viên|cán bộ chuyên môn|người thụ lý")),
    (DeskKind.SPECIALIST, 1, Phrase(rf"(?:phòng|bên|mảng|bộ phận|ban|tổ) {FIELD}|{FIELD} (?:của )?(?:phường|xã)")),
    (DeskKind.ONE_STOP, 1, Phrase(rf"{_ONE_STOP_PLACE}|(?P<n>{_NUMBERED})")),
)
# One of few, so that the office itself says who it was.
_OFFICE_HELD = Phrase(
    r"(?:(?:ông|bà|anh|chị) )?(?:phó chủ tịch|chủ tịch|phó bí thư|bí thư|phó trưởng phòng|phó phòng|trưởng phòng"
    r"|phó giám đốc|giám đốc)(?: (?:phường|xã|ủy ban|ubnd))*"
)
_UNKNOWN = Phrase(
    r"(?:không|chả|chẳng|chưa) (?:rõ|biết|nhớ)(?: rõ)? (?:(?:là|ở|của|thuộc|người|cán bộ|anh|chị|ấy|đó"
    r"|làm) ){0,3}(?:quầy|bộ phận|bàn|cửa|phòng|chức vụ|chức danh|ban|khâu)(?: (?:nào|gì|số mấy|mấy))?"
)
# Whoever is asked for help or waited for is not who did it.
_ADDRESSED = Phrase(
    r"(?:đề nghị|mong|yêu cầu|kính gửi|kính mong|kính thưa|thưa|nhờ|gửi|kiến nghị|trình|báo cáo|báo|phản (?:ánh"
    r"|ảnh) (?:lên|với|tới|đến|cho)|hỏi|chờ|đợi|xin gặp|muốn gặp|đòi gặp|cho gặp|được gặp|cần gặp|nói với|bảo với"
    r"|xin ý kiến|tới tai|lên|kính đề nghị|rất mong|hy vọng|tố cáo lên|khiếu nại lên)(?: (?!tôi|thì|mà"
    r"|bị)[^ .,;!?]+){0,3}$"
)
_SIGNING = Phrase(
    r"(?:phường |xã |ủy ban |ubnd )?(?:chưa |đã |không |mới |phải |để |đang )?(?:ký|duyệt|đi vắng|đi họp"
    r"|đi công tác|vắng|phê duyệt|xem xét|chỉ đạo|xử lý|giải quyết|kiểm tra|chấn chỉnh)"
)
_OWN_ROLE = Phrase(r"(?:tôi|em|mình|cháu|vợ tôi|chồng tôi|bố tôi|mẹ tôi)(?: (?:là|đang|làm))+$")
_OTHER_BODY = Phrase(
    r"(?:của )?(?:công ty|doanh nghiệp|hội|nước|hội đồng|htx|hợp tác xã|ngân hàng|bệnh viện|trường|câu lạc bộ|quỹ"
    r"|tổ dân phố)"
)
_OFFICE_BEFORE = Phrase(r"(?:sở|bộ|cục|chi cục)$")
_COUNTER = Phrase(
    # «ở một cửa», «quầy một cửa» is the one-stop shop.
    rf"(?:ở |tại )?(?P<c>(?<!một )(?<!1 )(?:quầy(?: giao dịch| tiếp nhận)?|cửa|bàn|ô|phòng|ghế)(?: số)?"
    rf" (?!(?:một|1) cửa)(?:{SHORT}|[a-d] \d|\d{{3}})"
    r"(?: [a-d])?)(?! (?:người|lần|bước|cái|bộ|tháng|giờ|h|ngày|tiếng|tầng))"
)


# «không phải quầy 2 mà quầy 4», «chứ không phải chị Lan»: what is denied is not told.
DENIED = Phrase(
    r"(?:không phải|ko phải|đâu phải|chẳng phải|chả phải|chứ không)(?: (?:là|ở|tại|của|do|có|người)){0,2}$"
)


def desk(line: Line) -> DeskKind | None:
    """Return the desk that what happened is told of; None where none is named."""
    found: list[tuple[float, int, DeskKind]] = []
    unknown = _UNKNOWN.search(line)
    for kind, weight, phrase in _RULES:
        for match in phrase.finditer(line):
            start, end = match.span()
            if (unknown and unknown.start() <= start < unknown.end()) or _not_the_doer(line, kind, start, end):
                continue
            if match.re.groups and match["n"] and line.in_name(start, end):
                continue
            found.append((-weight, start, kind))
    if found:
        return min(found, key=lambda item: item[:2])[2]
    return DeskKind.UNKNOWN if unknown else None


def desk_of_role(line: Line) -> DeskKind | None:
    """Return the desk of somebody whose words are a name and a role («anh Tuấn địa chính»)."""
    for kind, phrase in _ROLES.items():
        if phrase.search(line):
            return kind
    return None


_ROLES = {
    DeskKind.LEADER: Phrase(LEADER_ROLE),
    DeskKind.ONE_STOP: Phrase(rf"{_ONE_STOP_PLACE}|{_NUMBERED}|tiếp nhận"),
    DeskKind.SPECIALIST: Phrase(rf"{FIELD}|chuyên viên"),
}


def leader(line: Line) -> tuple[int, int] | None:
    """Return the place of the leader's office that what happened is told of («phó chủ tịch phường»), or None."""
    if desk(line) is not DeskKind.LEADER:
        return None
    for match in _OFFICE_HELD.finditer(line):
        if not _not_the_doer(line, DeskKind.LEADER, *match.span()):
            return match.span()
    return None


def counter(line: Line) -> str | None:
    """Return the counter, window or room in the citizen's words («quầy số 5»), or None."""
    for match in _COUNTER.finditer(line):
        # «phuong cua nam» is a ward, «xa hong phong 3 lan» one and a number.
        if not line.in_name(*match.span("c")) and not DENIED.ends(line, match.start()):
            return line.said(*match.span("c"))
    return None


def _not_the_doer(line: Line, kind: DeskKind, start: int, end: int) -> bool:
    if kind is DeskKind.SPECIALIST:
        return _OFFICE_BEFORE.ends(line, start)
    if kind is not DeskKind.LEADER:
        return False
    return bool(
        _OTHER_BODY.begins(line, end)
        or _OWN_ROLE.ends(line, start)
        or (line.words > 4 and (_ADDRESSED.ends(line, start) or _SIGNING.begins(line, end)))
    )
