"""Who a complaint is about, as the citizen tells it: a name, a description, an answer to «who?». Pure."""

import re

from bot.core.cases.draft import Draft, Slot
from bot.core.cases.heard import Heard
from bot.core.cases.short_answers import KNOWS_NOT
from bot.core.story import identity_answer, is_done, is_send, is_skip, is_unknown, tells_looks, yes_no
from nlu.text import fold

MAX_STAFF_WORDS = 20
MAX_NAME_WORDS = 5
# «…, tên Nghĩa» of somebody else; «tên tôi là», «tôi tên» are the citizen's own.
_NAMED = re.compile(r"(?<!tôi )(?<!em )(?<!cháu )(?<!mình )(?<!con )\btên (?:là )?[A-ZĐÀ-Ỹ]\w+(?: [A-ZĐÀ-Ỹ]\w+){0,3}")
# What a name is introduced by: «bảng tên Nguyễn Văn Long», «tên là Hùng».
_LABEL = re.compile(
    r"^(?:(?:biển|bảng|thẻ|bien|bang|the) )?(?:(?:ghi|đề|de) )?(?:họ |ho )?(?:tên|ten)(?: (?:là|la))? (?=\S)",
    re.IGNORECASE,
)
_ROLE_ALONE = re.compile(
    r"(?:can bo|nhan vien|cong chuc|cb|nv|nguoi|ong ba|may nguoi)(?: (?:mot cua|tiep nhan|bo phan mot cua))?"
    r"(?: (?:o|cua|ben|tai|ubnd|uy ban|phuong|xa|so|quan|huyen|p|x|do|day|nay|kia|ay|a))*[ .,!]*"
)
# What an official is called by at the beginning of an answer; «em» and «con» only with what makes them another's.
_TITLED = re.compile(
    r"(?:(?:hình như|chắc|là|thì|dạ|à|ờ|vâng|cái|một|mấy|hai|cả) )*"
    r"(?:anh|chị|cô|chú|bác|ông|bà|cậu|thằng|lão|mụ|gã|đồng chí|người|cán bộ|nhân viên|công chức|chuyên viên"
    r"|bảo vệ|chủ tịch|phó|trưởng|bí thư|thầy|o|mệ"
    r"|(?:em|con|bạn|đứa|cháu) (?:nhân viên|cán bộ|gái|trai|nữ|nam|ấy|kia|đó|nào))\b",
    re.IGNORECASE,
)
_NAME = re.compile(r"(?:(?:tên|là|tên là) )?(?:[A-ZĐÀ-Ỹ]\w*\.?)(?: [A-ZĐÀ-Ỹ]\w*\.?)*")
# Words of somebody who speaks of something else.
_OTHERWISE = re.compile(
    r"\b(?:toi|tui|minh|chau|hieu|gui|sao|quay lai|luc nay|hen|ma ho so|giay|anh (?:do|nay|kia) (?:toi|vua)|vua|roi"
    r"|noi|so)\b"
)
# «chị Nga cán bộ một cửa xã» lost the commune's name on the way.
_TRAILING = re.compile(r"(?: (?:phường|xã|ubnd|ủy ban|ở|tại|của|bên|trong|phuong|xa|o|cua))+$", re.IGNORECASE)
_SELF = re.compile(r"\b(?:toi|tui|minh|tao)\b")


def said_of_staff(draft: Draft, heard: Heard) -> str | None:
    """Return who it was as a message tells it: a name, a description, an answer to «who?»; None for nobody."""
    staff = heard.facts.staff
    if staff is None and draft.staff is None and (named := _NAMED.search(heard.text)):
        staff = named[0]
    if staff is None and draft.asked is Slot.STAFF:
        staff = heard.text if _describes(heard) else _looks(heard)
    staff = _LABEL.sub("", _TRAILING.sub("", staff)) if staff else staff
    # «cán bộ phường Ba Đình» names the office, not a person.
    return None if staff and _names_office(fold(staff), heard) else staff


def _names_office(staff: str, heard: Heard) -> bool:
    for mention in heard.units:
        if staff in fold(mention.text):
            return True
        staff = staff.replace(fold(mention.text), "")
    return _ROLE_ALONE.fullmatch(staff) is not None


def _looks(heard: Heard) -> str | None:
    """Return what a longer answer tells of somebody's looks, without «không nhớ tên» and the like."""
    if heard.words > MAX_STAFF_WORDS or heard.asks:
        return None
    parts = [part.strip() for part in re.split(r"[,.;\n]", heard.text)]
    kept = [part for part in parts if part and not KNOWS_NOT.search(fold(part))]
    said = ", ".join(kept)
    return said if tells_looks(said) else None


def _describes(heard: Heard) -> bool:
    """True when a short answer to «who?» is a name, a title or a description, and nothing else."""
    other = identity_answer(heard.text) or heard.when or heard.contacts.phone or heard.contacts.email or heard.units
    command = is_unknown(heard.text) or is_skip(heard.text) or is_send(heard.text) or is_done(heard.text)
    if other or command or heard.corrects or heard.asks or KNOWS_NOT.search(heard.folded):
        return False
    if yes_no(heard.text) is not None or not 1 <= heard.words <= MAX_STAFF_WORDS:
        return False
    if heard.facts.counter:
        return heard.words <= MAX_NAME_WORDS
    if _SELF.search(heard.folded):
        return False
    if _TITLED.match(heard.text.strip()) or tells_looks(heard.text):
        return True
    named = _NAME.fullmatch(heard.text.strip(" .!"))
    return heard.words <= MAX_NAME_WORDS and (named is not None or not _OTHERWISE.search(heard.folded))
