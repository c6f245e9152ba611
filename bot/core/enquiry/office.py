"""Questions about the office itself, not about a procedure: its hours, its telephone, its address. Pure."""

import re
from enum import StrEnum

from nlu.text import expand, fold


class OfficeTopic(StrEnum):
    """What is asked about the office."""

    HOURS = "hours"
    PHONE = "phone"
    ADDRESS = "address"


# Nobody asks for the hours at length.
MOST_CHARACTERS, MOST_WORDS = 160, 18
# Each word can be taken in one way only: two ways a word would make a long row of them take for ever.
_OPENERS = (
    r"(?:(?:da|a|alo|oi|chao|ad|anh|chi|ban|vay|the)\s+)*+"
    r"(?:(?:cho|xin|nho|toi|tui|em|chau|con|bac|minh|to|muon|can|hoi|biet|lay|ti|chut|voi|la|cai)\s+)*?"
)
_PLACE = (
    r"(?:(?:o|tai|ben|cua|len|ra) )?(?:(?:bo phan |diem |trung tam )?(?:mot cua|phuc vu hanh chinh cong)"
    r"(?: (?:phuong|xa))?|so noi vu|so|phuong|xa|uy ban(?: phuong| xa)?|ubnd(?: phuong| xa)?|co quan|van phong"
    r"|tong dai|ben (?:minh|ban|do|ay)|(?:cho )?(?:minh|ban|do|day)|cac anh chi|can bo|moi nguoi)(?: ha noi)?"
)
_OPEN = r"(?:lam viec|mo cua|dong cua|tiep dan|nghi trua)"
_WORKS = rf"(?:{_OPEN}|tiep (?:nhan )?ho so|nhan ho so|lam|mo|nghi)"
_WHEN = r"(?:tu )?(?:may gio|gio nao|luc nao|luc may gio|khi nao|den may gio|toi may gio)"
_DAY = (
    r"(?:(?:sang|chieu|trua|toi) )?(?:thu (?:bay|hai|ba|tu|nam|sau|[2-7])|t[2-7]|chu nhat|cn|cuoi tuan|ngay le|le"
    r"|(?:ngay )?mai|hom nay|buoi (?:sang|trua|chieu|toi)|gio nghi trua|(?:sang|chieu|trua|toi) nay|nay)"
)
_PARTICLES = r"(?:\s+(?:a|vay|the|nhi|ha|khong|ko|k|hem|hok|hong|z|v|em|ad|ban|anh|chi|nhe|voi|roi))*"
_HOURS = (
    rf"(?:{_PLACE} )?(?:thi )?{_OPEN} (?:thi )?{_WHEN}(?: {_OPEN})?(?: (?:den|toi) (?:may gio|luc nao))?",
    rf"(?:{_PLACE} )?{_WHEN} (?:thi )?(?:{_PLACE} )?(?:moi )?{_OPEN}(?: {_PLACE})?",
    rf"(?:thoi )?(?:gio|gian) (?:lam viec|mo cua|tiep dan|hanh chinh|nghi trua|tiep nhan ho so)(?: {_PLACE})?"
    r"(?: (?:the nao|la|may gio|tu may gio|ra sao|nhu the nao|khi nao|luc nao))*",
    rf"(?:{_PLACE} )?{_DAY}(?: {_DAY})? (?:thi )?(?:{_PLACE} )?(?:co |van )?{_WORKS}(?: viec)?(?: {_DAY})?"
    r" (?:khong|ko|k|hong|hem|hok|hay nghi|a)",
    rf"(?:{_PLACE} )?(?:co )?{_WORKS} (?:vao )?{_DAY} (?:khong|ko|k|hong|hem|hok)",
)
_PHONES = r"(?:so dien thoai|sdt|so dt|dien thoai|hotline|so hotline|so tong dai|(?:so )?duong day nong)"
_PHONE = (rf"{_PHONES}(?: (?:lien he|tu van|nong|ho tro))?(?: {_PLACE})?(?: (?:la )?(?:gi|bao nhieu|so may|may))?",)
_ADDRESS = (
    rf"(?:dia chi|tru so)(?: {_PLACE})?(?: (?:o|la|cho|duong))*(?: (?:dau|gi|cho nao|duong nao|mo))?",
    r"(?:tru so )?(?:so noi vu|trung tam phuc vu hanh chinh cong)(?: ha noi)? (?:nam )?(?:o )?"
    r"(?:dau|cho nao|duong nao)",
)
_PATTERNS = {
    topic: re.compile("|".join(f"{_OPENERS}{pattern}{_PARTICLES}" for pattern in patterns))
    for topic, patterns in (
        (OfficeTopic.HOURS, _HOURS),
        (OfficeTopic.PHONE, _PHONE),
        (OfficeTopic.ADDRESS, _ADDRESS),
    )
}


def office_topic(text: str) -> OfficeTopic | None:
    """Return what a message asks about the office, where that is all it asks."""
    if len(text) > MOST_CHARACTERS:
        return None
    words = re.findall(r"\w+", fold(expand(text)))
    if len(words) > MOST_WORDS:
        return None
    asked = " ".join(words)
    return next((topic for topic, pattern in _PATTERNS.items() if pattern.fullmatch(asked)), None)
