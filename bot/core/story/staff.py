"""Who it was, in the citizen's own words: «anh Nguyễn Văn Tuấn», «chị khoảng 40 tuổi đeo kính». Never the citizen."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.core.story.desks import DENIED, FIELD, LEADER_ROLE, leader
from bot.core.story.line import Line, Phrase
from bot.core.story.looks import DESCRIPTION
from bot.core.story.names import given_name_at, name_at, plain_name_at
from bot.core.story.numerals import SHORT


@dataclass(frozen=True)
class Staff:
    """An official as the citizen calls them; `is_name` tells a name from a description."""

    words: str
    is_name: bool


_TITLE = r"(?:anh|chị|cô|chú|bác|ông|bà|thầy|đồng chí|mr|ms|cậu)"
_OFFICER = r"(?:cán bộ|nhân viên|công chức|chuyên viên)"
_OFFICE = (
    rf"(?:{_OFFICER}|một cửa|1 cửa|tiếp nhận|tiếp dân|bảo vệ|bên|phụ trách|{FIELD}|{LEADER_ROLE}"
    # A name right behind «phường» is the ward's.
    rf"|(?:phường|xã)(?= (?:tên|họ tên|phụ trách|{FIELD}|{_OFFICER}) ))"
)
_ITS_NAME = r"(?P<named>họ tên là|họ tên|tên là|tên|là)"
_LEADS = (
    Phrase(rf"{_TITLE}(?: (?:ấy|kia|này|đó))?(?: {_OFFICE}){{0,4}}(?: {_ITS_NAME})?(?: {_TITLE})?", strict=True),
    Phrase(rf"(?:{_OFFICER}|{LEADER_ROLE})(?: {_OFFICE}){{0,4}}(?: {_ITS_NAME})?(?: {_TITLE})?", strict=True),
    Phrase(
        rf"(?P<named>(?:tên|họ tên)(?: của)? (?:{_OFFICER}|(?:anh|chị|cô|ông|bà) (?:ấy|ta|đó)|người đó)(?: là)?"
        r"|(?P<badge>(?:biển|bảng|thẻ)(?: (?:ghi|đề))? tên(?: (?:ghi|đề))?(?: tên)?(?: là)?(?: :)?)"
        r"|trên thẻ (?:ghi|là))"
    ),
)
_ROLE_AFTER = Phrase(
    rf"(?:[,(-] )?(?:là )?(?:{_OFFICER} )?(?:(?:ở|bên|tại|làm|ngồi|trực|phụ trách|của"
    rf"|thuộc) ){{0,2}}(?:(?:bộ phận )?(?:một|1) cửa|(?:bộ phận |phòng )?{FIELD}|{LEADER_ROLE}"
    rf"|tiếp nhận(?: hồ sơ)?|{_OFFICER}|(?:quầy|bàn|cửa)(?: số)? {SHORT})(?: (?:phường|xã|ủy ban"
    rf"|ubnd)(?! [^ ]+ (?:quát|mắng|đòi)))?"
)
# Somebody before whose name this stands is the citizen, one of theirs, or whom they write to.
_OTHERS_BEFORE = Phrase(
    r"(?:(?<!quát )(?<!mắng )(?<!chửi )(?<!nạt )(?<!đuổi )(?<!bắt )(?<!đánh )(?<!tiếp )(?<!với )(?<!cho )(?<!hành )"
    r"(?:tôi|em|cháu|con|mình|tui|bác|cô|chú)(?: tên| là| tên là)|họ tên|họ và tên|tên tôi|tên em|tên cháu"
    r"|người (?:gửi|viết|phản ánh|làm chứng|nhà|thân)(?: là)?|kính gửi|kính thưa|thưa|xin chào|chào|cảm ơn"
    r"|nhân chứng(?: (?:là|có|gồm))?|(?:người )?chứng kiến(?: (?:là|của|có|gồm))?|làm chứng (?:là|có|gồm)"
    r"|(?:mẹ|bố|má(?= (?:tôi|em|cháu|mình|tui))|vợ|chồng|con trai|con gái|con|cháu|bà nội|ông nội|bà ngoại|ông ngoại"
    r"|hàng xóm|bạn)(?: (?:tôi|em|cháu|mình|nhà tôi))?(?: (?:là|tên|tên là))?|đứng tên|mang tên|chủ hộ|cùng|đi với"
    r"|đi cùng|(?:hồ sơ|giấy|đơn|nhà|đất|sổ|thửa|sổ đỏ|khai sinh|chứng tử|giấy tờ)(?: (?:của|cho))|(?:khai sinh"
    r"|khai tử|kết hôn|chứng tử|xác nhận|hồ sơ|giấy tờ) (?:[^ .,;!?]+ ){0,3}(?:cho|của))(?: :)?(?: (?:là|ông|bà"
    r"|anh|chị))?$"
)
# Between a witness and «chứng kiến»: who it is and where («bảo vệ», «bán nước gần đó»), nothing done to somebody.
_WHO_IT_IS = (
    r"(?:và (?:anh|chị|cô|chú|bác|ông|bà|em) |(?!(?:có|tôi|tui|mình|cháu|mà|thì|nên|bị|không|chưa|người|mọi|nhiều"
    r"|mấy|hai|ai|dân|sự|trước (?:mặt|sự|nhiều|mọi)|anh|chị|cô|chú|bác|ông|bà|em|quát|mắng|chửi|nạt|gắt|hét|nói"
    r"|bảo(?! vệ)|đòi|vòi|xin|lấy|nhận(?! viên)|thu tiền|bắt|đuổi|đánh|đẩy|xô|tát|đạp|ném|vứt|quăng|xé(?! ôm)|dọa"
    r"|hỏi|trả|gọi|cười|chê|hành|từ chối|gây|giữ|đập|lườm|làm (?:khó|tiền)) )[^ .,;!?]+ )"
)
_SAW = r"(?:chứng kiến|làm chứng|(?:nhìn|trông|nghe)(?: thấy)?(?: rõ)? (?:hết|cả|tất cả|toàn bộ|từ đầu))"
_OTHERS_AFTER = Phrase(
    r"(?:[,(] )?(?:(?:cũng|đang|là|ngồi|đứng|[0-9]+ tuổi|,|hàng xóm|người) ){0,4}(?:chờ|đợi|xếp hàng|đi cùng"
    r"|chứng kiến|làm chứng|hàng xóm|(?:mẹ|bố|vợ|chồng|bạn|con|dân|em|chị|anh) (?:của )?(?:tôi|em|cháu|mình)"
    r"|nhà bên|cùng tổ|cùng xóm|muốn hỏi|xin hỏi|ơi|đến sau)"
    rf"|{_WHO_IT_IS}{{0,7}}{_SAW}|[,(] {_WHO_IT_IS}{{1,6}}[,)] {_WHO_IT_IS}{{0,2}}{_SAW}"
)
# «nhân chứng là chị Lan và bác Hùng»: who is told together with somebody else's name is like that one.
_AND = re.compile(r"(?: (?:,|và|va|với|voi|cùng|cung|cả|ca))+")
_OLD = re.compile(r" (?:ông|bà|ong|ba|bác|bac) (?:[^ ]+ ){0,4}?(?:6[6-9]|[7-9]\d) tu[ổôo]i")
_ELDER_BEFORE = Phrase(r"(?:cụ|của|mẹ|bố|không|chưa|chẳng|chả)$", strict=True)


def staff(line: Line) -> Staff | None:
    """Return who it was: a name before a description, a description before a leader's office; None for nobody."""
    other = -1
    for start, end in _named(line):
        together = 0 <= other < start and _AND.fullmatch(line.read, other, start)
        if together or _OTHERS_BEFORE.ends(line, start) or _OTHERS_AFTER.begins(line, end):
            other = end
            continue
        if DENIED.ends(line, start):
            continue
        role = _ROLE_AFTER.begins(line, end)
        return Staff(line.said(start, role.end() if role else end), True)
    for match in DESCRIPTION.finditer(line):
        start, end = match.span()
        others = (
            _OTHERS_BEFORE.ends(line, start)
            or _OTHERS_AFTER.begins(line, end)
            or _ELDER_BEFORE.ends(line, start)
            or DENIED.ends(line, start)
        )
        if not others and not _OLD.match(match[0]):
            return Staff(line.said(start, end), False)
    if place := leader(line):
        return Staff(line.said(*place), False)
    return None


def _named(line: Line) -> Iterator[tuple[int, int]]:
    """Yield the places of names with what they are called by, as they come."""
    found: set[tuple[int, int]] = set()
    for lead in _LEADS:
        for match in lead.finditer(line):
            token = line.token(match.end() + 1)
            if match.end() + 1 >= len(line.read):
                continue
            if count := name_at(line, token) or _plain(line, match, token):
                # The words on a badge are the name alone.
                start = match.end() if match.groupdict().get("badge") else match.start()
                found.add((start, line.offset(token + count)))
    yield from sorted(found)


def _plain(line: Line, match: re.Match[str], token: int) -> int:
    """Return the length of a name without capitals: a full one, or a given one that a word beside it proves."""
    if count := plain_name_at(line, token):
        return count
    named = match["named"] if "named" in match.re.groupindex else None
    proven = (named or "").rpartition(" ")[2] in ("tên", "ten") or bool(
        _ROLE_AFTER.begins(line, line.offset(token + 1))
    )
    return int(proven and given_name_at(line, token))
