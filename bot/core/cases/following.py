"""What a citizen's message wants of the case they filed: short messages about «it», read alone. Pure."""

import re
from enum import StrEnum

from nlu.text import fold


class Wish(StrEnum):
    """What is wanted of a filed case."""

    ADD = "add"
    FILE = "file"  # how, or whether, a photo or another file can still be sent
    HOW_LONG = "how_long"
    STATUS = "status"
    WITHDRAW = "withdraw"
    KEEP = "keep"  # «thôi đừng rút»
    REOPEN = "reopen"
    UNSATISFIED = "unsatisfied"  # the answer did not help; means something only of an answered case
    NAMING = "naming"  # to be named, or not, after all
    NEW = "new"  # «tôi muốn phản ánh vụ khác»: a story of its own is to come


# A message of more words tells something, whatever short wishes its words may spell.
_SHORT, _FAIRLY_SHORT, _WITH_REASON, _CORRECTION = 10, 16, 20, 25
_SHORT_WISH, _BARE_WISH = 7, 12
_REASON = re.compile(r"\b(?:vi|do|tai|boi|van|ly do|mai|nhung)\b")
_SELF = r"(?:toi|em|e|chau|con|minh|mk|tui|tao|bac|chu|co|ong|ba|anh|chi|ben minh|gia dinh)"
_POLITE = rf"(?:da|vang|thoi|a|ad|admin|ban|oi|nay|voi|cho|xin|muon|can|nho|giup|gium|dum|ho|them|la|{_SELF})\b"
_START = rf"^(?:{_POLITE}[ ,.!]*)*"
_IT = r"(?:phieu|phan anh|vu (?:nay|viec|do|cua|kia)|viec nay|don (?:nay|vua|do|phan anh)?)"
# Papers of a procedure are added, withdrawn and waited for as well: those wishes are somebody else's.
_PAPERS = (
    r"(?:ho so|giay|ly lich|cccd|can cuoc|thu tuc|ho khau|tien|ky quy|bao hiem|bhxh|the(?! (?:nao|nay|la|vay))"
    r"|quy|hoi vien|nhan su|hoc)"
)
_OFFICIAL_PAPERS = re.compile(r"\b(?:ho so|ly lich|cccd|can cuoc|thu tuc|ho khau|bao hiem|giay to)\b")
_NOT = r"(?:khong|ko|k|hong|dung|chua|khoi|chang|cha)"

_MORE = r"thong tin(?! (?:ve|cua|gi|cho))|chi tiet|y|la|rang|nua"
_ADDS = re.compile(
    rf"{_START}(?:bo sung|(?:noi|ke|ghi|nhan|viet|gui|khai) them|them (?:{_MORE}|cho)"
    rf"|quen (?:chua |khong |mat )?(?:noi|ke|ghi|nhac|bao)|con nua|sot)\b(?! {_PAPERS}\b)"
    rf"|\b(?:muon|xin|can|cho \w+) (?:bo sung|(?:noi |ke |ghi |nhan )?them) (?:{_MORE}|vai)\b"
    r"|\b(?:ghi|viet|bo sung|noi|note|nhan) them (?:giup|gium|dum|ho|cho|vao|vo|ca|nua|nhe|nha|di|voi|luon)\b"
    r"|\b(?:ghi|viet|bo sung|note) (?:luon |ca |nua )?(?:them|nua)[ .!]*$"
    r"|\b(?:bo sung|them|ghi|viet|dua|cho)(?: \w+){0,3} (?:vao|vo) (?:cai |trong )?"
    r"(?:phieu|phan anh|vu|don (?:nay|do|cu))\b"
)
# «tôi nhầm, không phải quầy 3 mà quầy 5»: what was filed stays, the correction goes beside it.
_CORRECTS = re.compile(
    rf"{_START}(?:(?:noi|ghi|ke|viet|khai|bi) )?(?:nham|lon)\b|{_START}(?:a |u )?quen,"
    rf"|{_START}(?:sua lai|chinh lai|dinh chinh|doi lai)\b(?! {_PAPERS}\b)"
)
# Words of a bare wish to add something, besides its cue.
_BARE_WORDS = """
toi em e chau con minh mk tui tao bac chu co anh chi da vang a nhe nha voi di duoc khong ko giup gium dum ho cho
la rang thong tin tiet y nua vao vo phieu phan vu don cai nay do kia muon can xin them bo sung mot chut ti it
vai dieu gi roi luon the oi ad ban ke noi ghi chuyen
"""
_BARE = frozenset(_BARE_WORDS.split())
_HOW_LONG = re.compile(
    r"\b(?:bao lau|bao gio|khi nao|chung nao|lau (?:khong|ko|k)|may ngay|may bua|may hom|bao nhieu ngay"
    r"|sao (?:ma )?lau|lau (?:qua|the|vay|z)|cho mai|ngay nao|hom nao|bao h|thoi han|han)\b"
)
_STATUS = re.compile(
    r"\b(?:tinh hinh|tien do|den dau|toi dau|sao roi|the nao roi|gi moi|tin gi|di toi dau)\b"
    r"|\b(?:ket qua|tra loi|phan hoi|hoi am|xu ly|giai quyet|xem|xem xet|chuyen|lam)(?: \w+){0,2} chua\b"
    r"|\b(?:phieu|phan anh|vu|viec)(?: \w+){0,3} (?:sao|the nao|ra sao)\b"
)
# All that such a question consists of; one other word and it asks about something else.
_ASKING_WORDS = """
h mai da vang a ah uh u oi nhe nha nhi vay the z voi giup gium dum ho cho toi em e chau con minh mk tui tao bac
chu co ong ba anh chi ad admin ban thi la ma roi nua di luon chut ti xin hoi muon biet can day nay do kia gio
bay hien hom ko k khong chua duoc dc khoang tam phai ben ve se moi lai vu viec phieu phan cua so tin chuyen y
nhung cai van bao lau khi nao chung may ngay bua nhieu han thoi hen tra loi am ket qua giai quyet xu ly xong xem
xet lien he goi doi mat nhan ai nguoi ta trong den tong cong tinh hinh dau sao gi ra kiem het lam nghe ngong
thay hay nhat tu luc gui hong hok
"""
_HO_SO = re.compile(r"\bho so\b")
_ASKING = frozenset(_ASKING_WORDS.split())
_OF_CASE = re.compile(r"\b(?:phieu|phan anh|phan hoi|hoi am|tra loi|vu (?:nay|viec|do|cua))\b")
_PICTURE = (
    r"(?:anh chup|ban chup|hinh chup|hinh anh|anh man hinh"
    r"|(?:gui|them|may|cai|tam|buc|vai|con|up) (?:them |cai |may |vai |tam )?(?:anh|hinh)(?! (?:ay|ta|huong"
    r"|thuc|nao|chi))"
    r"|clip|video|doan phim|ghi am|file|tep|bang chung|chung cu|camera)"
)
_FILE = re.compile(rf"\b{_PICTURE}\b")
_HOW = (
    r"(?:duoc (?:khong|ko|k|hong|chu)|dc (?:khong|ko|k)|kieu gi|o dau|the nao|lam sao|ra sao|cach nao|bang cach"
    r"|cho nao|nhu nao|sao)"
)
_SENDING = re.compile(
    rf"\b(?:gui|up|upload|dinh kem|kem|nop|bo sung|dua|them)\b.*(?:\b{_HOW}\b|\?)"
    r"|\b(?:gui|bo sung|dinh kem|kem) (?:them|nua|duoc|vao)\b"
    r"|\b(?:muon|xin|can|dinh|cho \w+) (?:gui|up|nop|dinh kem|bo sung)\b"
    r"|\b(?:lam sao|cach nao|kieu gi|the nao)(?: \w+){0,2} (?:gui|up|dinh kem)\b"
)
_WITHDRAW = re.compile(
    r"\brut (?:lai )?(?:cai |to )?(?:phieu|phan anh)\b"
    rf"|\b(?:xin|muon|cho \w+) rut\b(?! (?:lai )?(?:{_PAPERS}|don)\b)"
    rf"|{_START}(?:dinh |quyet dinh |doi y )*rut(?: (?:lai|di|het|don|vu|viec|nay|luon|nhe|nha|roi|nua|{_POLITE}"
    r"|duoc khong))*[ .!?]*$"
    rf"|\b(?:huy|bo) (?:cai |luon |giup )*(?:phieu|phan anh)\b|{_NOT} (?:muon )?phan anh nua\b"
)
_OWN_WITHDRAWAL = re.compile(
    rf"\b(?:cho|xin|muon|dinh|de|thoi) (?:{_SELF} )?(?:xin |duoc )?rut (?:lai )?(?:cai )?(?:phieu|phan anh)\b"
)
# Somebody else wants it withdrawn: that is something to tell, not a wish.
_PRESSED = re.compile(
    r"\b(?:bao|bat|ep|doa|yeu cau|doi|de nghi|khuyen|xui|buoc|ap luc)(?: \w+){0,4} (?:rut|huy|bo)\b"
)
_KEEPS = re.compile(rf"\b{_NOT} (?:co )?(?:muon |dinh |can |phai |cho )?(?:{_SELF} )?(?:rut|huy)\b")
_REOPEN = re.compile(
    rf"\bmo lai(?: \w+){{0,2}} (?:phieu|vu|phan anh|viec)\b|\bmo lai (?:phieu|vu|phan anh|viec)\b"
    rf"|\b(?:phieu|phan anh|vu nay|viec nay).{{0,20}}\bchua (?:duoc )?giai quyet"
    rf"|^(?:van )?chua (?:duoc )?giai quyet"
    rf"|{_START}(?:de nghi |yeu cau |hay )*mo lai(?: (?:{_POLITE}|di|nhe|nha|duoc khong|luon))*[ .!?]*$"
    r"|\bmo lai (?:di|giup|gium|dum|ho|cho (?:toi|em|chau|minh|con))[ .!]*$"
    r"|\b(?:xem xet|xu ly|giai quyet|kiem tra) lai (?:giup|gium|dum|ho|cho|di|voi|phieu|vu|phan anh)\b"
)
_UNSATISFIED = re.compile(
    rf"\b{_NOT} (?:duoc |he |thay )?(?:hai long|thoa dang|dong y|dong tinh|chap nhan|phuc|thoa man|vua y|on)\b"
    r"|\bvan (?:chua|khong|ko|sai|nhu cu|the|vay|y nguyen|bi|con|nguyen)\b"
    r"|\bchua (?:duoc )?(?:giai quyet|xu ly|sua|xong|thay)\b|\btra loi (?:vay|the|kieu gi|qua loa|chung chung)\b"
)
_NAMING = re.compile(
    rf"\b(?:ghi|de|neu|cho)(?: (?:ro|lai|luon|het|ca)){{0,2}} (?:ho )?ten (?:that |cua )?{_SELF}\b|\bgiau ten\b"
    rf"|\ban danh\b"
    rf"|\b{_NOT} (?:muon |can )?(?:ghi|de|neu|lo) (?:lo )?ten\b|\bcong khai ten\b"
)
_NEW = re.compile(
    rf"(?:{_POLITE}[ ,.!]*|(?:gui|ke|bao|viet|lam|phan anh|to cao|khieu nai)\b[ ,.!]*)*(?:them )?(?:mot |1 )?"
    rf"(?:phieu|phan anh|vu|chuyen|viec|don)(?: (?:viec|nua))? (?:khac|moi)(?: (?:{_POLITE}|nua|duoc khong|nhe"
    rf"|nha))*[ .!?]*"
)
_FORGOT = re.compile(
    rf"\b(?:quen|mat|lac|{_NOT} (?:nho|con|co|tim thay|luu|giu|biet)|tim {_NOT} (?:thay|ra))\b.{{0,20}}"
    r"\b(?:ma|secret|tin|bi mat)\b"
    rf"|{_START}(?:quen|lam mat|{_NOT} (?:nho|luu|giu|con))(?: (?:mat|het|roi|luon|nua|lai|ro|{_POLITE}))*[ .!]*$"
)

_CODES = re.compile(r"\b(?:ma (?:so )?(?:bi mat|phieu|phan anh|tra cuu)|so phieu)\b")


def wish_of(text: str, *, near: bool) -> Wish | None:
    """Return what a message wants of the filed case, or None; a whole story wants nothing short.

    `near`: the talk was about the case just now. Otherwise only a message that names the case is about it.
    """
    folded = " ".join(fold(text).replace("?", " ? ").split())
    words = len(re.findall(r"[a-z0-9]+", folded))
    if _NEW.fullmatch(folded):
        return Wish.NEW
    named = bool(_OF_CASE.search(folded))
    if words <= _SHORT and _KEEPS.search(folded):
        return Wish.KEEP if near or named else None
    if (near or named) and _withdraws(folded, words):
        return Wish.WITHDRAW
    if _REOPEN.search(folded) and (near or named):
        return Wish.REOPEN
    if near and words <= _FAIRLY_SHORT and _sends_file(text, folded):
        return Wish.FILE
    if (near or named) and words <= _FAIRLY_SHORT and (asked := _asked(folded)):
        return asked
    if near and words <= _SHORT and _NAMING.search(folded):
        return Wish.NAMING
    if near and words <= _CORRECTION and _CORRECTS.search(folded) and "?" not in folded:
        return Wish.ADD
    if _ADDS.search(folded) and (near or named) and "?" not in folded:
        return Wish.ADD
    return Wish.UNSATISFIED if (near or named) and _UNSATISFIED.search(folded) else None


def forgets_secret(text: str) -> bool:
    """True for «tôi quên mã bí mật rồi»."""
    return bool(_FORGOT.search(fold(text)))


def speaks_of_codes(text: str) -> bool:
    """True for a message about the codes that come with a case: «mã bí mật là gì», «mã phiếu ghi ở đâu»."""
    return bool(_CODES.search(fold(text)))


def carries(text: str) -> bool:
    """True when a message that adds something has in itself what is to be added («ghi thêm là có camera»)."""
    left = [w for w in re.findall(r"[a-z0-9]+", _ADDS.sub(" ", fold(text))) if w not in _BARE]
    return bool(left)


def gives_reason(text: str) -> bool:
    """True when a wish to reopen says why; a case is reopened only once, so a bare wish is asked for its reason."""
    words = len(text.split())
    return words > _BARE_WISH or (words > _SHORT_WISH and bool(_REASON.search(fold(text))))


def says_case(text: str) -> bool:
    """True when a message says in so many words that it belongs to the case («ghi thêm vào phiếu»)."""
    folded = fold(text)
    return bool(_ADDS.search(folded) and re.search(rf"\b(?:vao|vo|cho) (?:cai |trong )?{_IT}", folded))


def _withdraws(folded: str, words: int) -> bool:
    if _PRESSED.search(folded):
        return False
    return bool(words <= _SHORT and _WITHDRAW.search(folded)) or bool(
        words <= _WITH_REASON and _OWN_WITHDRAWAL.search(folded)
    )


def _asked(folded: str) -> Wish | None:
    """Return HOW_LONG or STATUS for a question that has no word of anything else."""
    if _HO_SO.search(folded):
        return None
    folded = folded.replace("tien do", "den dau")
    if not set(re.findall(r"[a-z0-9]+", folded)) <= _ASKING:
        return None
    if _STATUS.search(folded):
        return Wish.STATUS
    return Wish.HOW_LONG if _HOW_LONG.search(folded) else None


def _sends_file(text: str, folded: str) -> bool:
    """True for «còn ảnh nữa, gửi thêm được không»; «anh» is a picture only where its neighbours say so."""
    if _OFFICIAL_PAPERS.search(folded):
        return False
    picture = _FILE.search(folded) or re.search(r"\b(?:ảnh|hình)\b", text.lower())
    return bool(picture and _SENDING.search(folded))
