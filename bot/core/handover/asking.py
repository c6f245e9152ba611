"""What a citizen says about being answered by a person: short messages, read without accents. Pure."""

import re

from nlu.text import fold

_SHORT_WORDS = 14
_NOT = r"(?:khong|ko|k|thoi|khoi|hong|hok|chang|dung)"
_MACHINE = r"(?:bot|may|robot|chatbot|tro ly(?: (?:tu dong|ao|may))?|tu dong|ai)"
_PERSON = r"(?:nguoi|can bo|nhan vien|tong dai(?: vien)?|tu van vien|chi ay|anh ay)"
_ANYBODY = rf"(?:ai|{_PERSON})"
_ME = r"(?:toi|em|chau|minh|con)"
_BACK = re.compile(
    rf"\b(?:gap|(?:noi chuyen|chat) voi|hoi|quay (?:lai|ve)|tro (?:lai|ve)|ve|chuyen (?:lai|ve|sang|cho))"
    rf" (?:lai |voi |cho )?(?:con )?{_MACHINE}\b(?! (?:nao|o dau))"
    rf"|\b{_NOT} (?:muon |can |phai |thiet )?(?:cho|doi|gap|cho gap) (?:{_ANYBODY} )?(?:nua|dau)\b"
    rf"|\b{_NOT} (?:can|muon|phai|thiet) (?:gap |noi chuyen voi |cho )?{_PERSON}(?: (?:nua|dau|truc))*\b"
    rf"|\b(?:thoi|khoi) (?:khoi |khong )?(?:can )?(?:cho|doi|gap) (?:nua|dau|{_PERSON})\b"
    r"|\b(?:huy|bo) (?:yeu cau |cho |viec |loi |cuoc )?(?:gap|hen)\b"
    rf"|\b{_NOT} (?:can |muon |phai )?(?:goi|dien|nhan)(?: lai)? (?:nua|dau)\b|^{_NOT} can nua\b"
)
# «gặp máy không được, cho gặp người» asks for a person.
_STILL_WANTS = re.compile(
    rf"\b(?:cho|muon|xin|doi|can|hay|phai)(?: (?:{_ME}|duoc))* (?:gap|noi chuyen voi|noi voi) {_PERSON}\b"
    rf"|\b{_NOT} (?:muon |can |thich )?(?:noi|gap|chat|noi chuyen|hoi) (?:voi |lai )?(?:con |cai )?{_MACHINE}\b"
)
_NOT_WANTED = re.compile(rf"\b{_NOT} (?:muon|can|phai|thiet) (?:gap|noi chuyen voi) {_PERSON}\b")
_PLACE = re.compile(
    r"\b(?:dung|vi tri|xep|xep hang|hang|toi|minh) thu may\b|\b(?:con )?may nguoi (?:nua|truoc|dang cho)\b"
    r"|\b(?:cho|doi) (?:them )?(?:bao lau|lau (?:khong|ko|k|nua))\b|\bcon bao lau nua\b|\bcho lau qua\b"
    r"|\b(?:bao gio|khi nao|luc nao|chung nao|may gio) (?:thi )?(?:moi )?"
    rf"(?:toi luot|den luot|co nguoi|gap duoc|duoc gap|co {_PERSON}|{_PERSON} (?:tra loi|vao|len|nhan))\b"
    rf"|\b(?:sao|van|mai) (?:van |mai )?(?:chua|khong|ko) (?:thay |co |gap )?{_ANYBODY}"
    r"(?: (?:tra loi|ca|het|nao))*\b"
    rf"|\b(?:toi|den) luot {_ME} chua\b"
)
# «nộp rồi chờ bao lâu có kết quả» waits for something else.
_OF_FILES = re.compile(r"\b(?:ho so|giay|ket qua|nop|thu tuc|don|lam hoi|cap lai|cap|xong)\b")
_WRITES_ONLY = re.compile(
    r"\b(?:khiem thinh|diec|(?:khong|ko) nghe duoc|nghe (?:khong|ko) (?:duoc|ro)|nghe kem|lang tai|khong noi duoc"
    r"|khong (?:tien|the|duoc) (?:nghe|nghe may|noi|nghe dien thoai|goi)"
    r"|chi (?:nhan tin|nhan|viet|chat|doc)(?: tin)?(?: (?:thoi|duoc thoi|duoc))*"
    r"|dung goi|khong (?:can )?goi(?: dien)?|nhan tin (?:thoi|cho|giup|duoc khong))\b"
)
_DROPS = re.compile(
    rf"^(?:a |da |oi |u |uh |vay )*(?:{_NOT}"
    r"(?: (?:khong|ko|k|can|cho|luu|muon|dong y|goi|a|dau|nua|day|roi|bo di|so))*"
    r"|bo (?:di|qua)|huy(?: di)?|de sau|luc khac)(?: (?:a|nua|nhe|nha|dau|vay|roi|day|so))*[ .!]*$"
)
_CALL = re.compile(
    rf"\b(?:nho |xin |muon |duoc |can )*(?:goi|dien|alo|a lo)(?: dien)? (?:lai\b|(?:cho|giup) {_ME}\b)|\bhen goi\b"
)
_NOT_CALL = re.compile(rf"\b(?:tong dai|duong day|hotline|khong ai|{_NOT} (?:can |muon |phai )?(?:goi|dien))\b")
_LEAVE = re.compile(r"\b(?:de|gui|viet|nhan) lai (?:loi nhan|tin nhan|tin|may chu|cho)\b|\bde lai loi\b")
_HERE = re.compile(r"\b(?:o|tai|ngay) (?:day|khung chat|chat|zalo nay|tin nhan)\b|^day(?: (?:a|nhe|di|luon))*$")


def goes_back(text: str) -> bool:
    """True for «gặp trợ lý tự động», «thôi không chờ nữa»: who waits for a person waits no longer."""
    folded = _folded(text)
    if not _BACK.search(folded):
        return False
    return bool(_NOT_WANTED.search(folded)) or not _STILL_WANTS.search(folded)


def asks_place(text: str) -> bool:
    """True for «tôi đứng thứ mấy», «sao chưa có ai»; means that only of somebody who waits."""
    folded = _folded(text)
    return bool(_PLACE.search(folded)) and not _OF_FILES.search(folded)


def wants_call(text: str) -> bool:
    """True for «gọi lại cho tôi nhé»; means that only of somebody who waits."""
    folded = _folded(text)
    return bool(_CALL.search(folded)) and not _NOT_CALL.search(folded)


def leaves_word(text: str) -> bool:
    """True for «cho tôi để lại lời nhắn»; means that only of somebody who waits."""
    return bool(_LEAVE.search(_folded(text)))


def writes_only(text: str) -> bool:
    """True where somebody cannot or will not listen: «tôi bị điếc», «chỉ nhắn tin thôi»."""
    return bool(_WRITES_ONLY.search(_folded(text)))


def drops(text: str) -> bool:
    """True for «thôi», «không cần đâu», and for nothing that says more."""
    return bool(_DROPS.match(_folded(text)))


def here(text: str) -> bool:
    """True for «trả lời ở đây»."""
    return bool(_HERE.search(_folded(text)))


def _folded(text: str) -> str:
    folded = " ".join(fold(text).replace(",", " ").split())
    return folded if len(folded.split()) <= _SHORT_WORDS else ""
