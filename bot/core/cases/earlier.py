"""Whether somebody asks after, adds to or takes back a report of theirs, with no case at hand. Pure."""

import re

from nlu.text import expand, fold

_SELF = r"(?:toi|tui|em|e|chau|con|minh|mk|bac|chung toi|nha toi|nha em|me toi|bo toi|vo toi|chong toi)"
_DAY = (
    r"(?:hom (?:qua|no|kia|truoc|bua|hom|rom|thu \w+|\d+|mong \w+|dau|cuoi)|hqua|bua (?:truoc|hom|hm|no|qua)|ngay \d+"
    r"|tuan truoc|thang truoc|dot truoc|lan truoc|luc nay|hoi (?:nay|thang))"
)
_SENT = rf"(?:(?:da |vua |{_SELF} )?gui (?:{_DAY}|luc|tu|\d+)|(?:da|vua) gui)"
# A report that was made, not the making of one: «tôi phản ánh cán bộ hôm qua …» is no noun.
_VERB = r"(?<!muon )(?<!xin )(?<!toi )(?<!em )(?<!nghi )(?<!can )(?<!duoc )"
_REPORT = (
    rf"{_VERB}(?:(?:phan anh|phieu|to cao|khieu nai|kien nghi|y kien|don(?: (?:phan anh|to cao|khieu nai|keu|kien))?)"
    rf"(?: cua {_SELF}(?: (?:{_DAY}|{_SENT}))?| {_DAY}| (?:\w+ ){{0,5}}?{_SENT})|yeu cau phan anh|vu {_DAY})"
)
_WISH = (
    r"(?:rut|huy|bo sung|them|sua|dinh chinh|cap nhat|nhac lai|nhac|check|kiem tra|xem (?:giup|ho|gium|dum|xem)"
    r"|theo doi|tra (?:giup|ho)|cho (?:tra loi|ket qua)|hoi tham|hoi ve|xin biet|cho (?:toi |em |minh )?(?:hoi|biet))"
)
_ASKS_AFTER = re.compile(
    rf"\b{_WISH}\b[^.;!?]{{0,60}}\b{_REPORT}\b"
    rf"|\b{_REPORT}\b[^;!?]{{0,80}}\b(?:den dau|toi dau|toi noi chua|den noi chua|tinh trang|the nao roi|sao roi"
    r"|co ket qua|bao gio|khi nao|chua thay (?:tra loi|gi|ket qua|hoi am)"
    r"|(?:chua|khong) (?:co gi|ai tra loi|duoc tra loi)"
    r"|qua (?:han|\d+ ngay|mot tuan|hen)|(?:xem|kiem tra|check|rut|huy|sua) (?:giup|ho|gium|dum|lai))\b"
    r"|\bgui (?:phan anh|phieu|don)\b.{0,40}\b(?:ghi|viet|khai|noi) (?:sai|nham|lon|thieu)\b"
    r"|\b(?:tong dai|hotline|duong day nong|truc may)\b.{0,60}\b(?:hua|hen|bao) (?:\w+ ){0,2}(?:ngay|tuan)"
    r" (?:\w+ )?(?:tra loi|goi lai|bao lai|phan hoi|co ket qua)\b"
)
_SHORT = re.compile(r"\bp\s?/?\s?a\b")
# What was done since the report is a story of its own.
_NEW_STORY = re.compile(
    r"\b(?:doa|chui|quat|tra thu|tra dua|tru dap|ep|bat (?:toi|em|minh) rut|doi tien|voi (?:tien|vinh)|cau gat"
    r"|mang (?:em|minh|me|bo|chui|mo)|(?:danh|duoi) (?:toi|em|minh))\b"
)


def of_earlier_report(text: str) -> bool:
    """True for «cho em rút phản ánh hôm qua», «phản ánh của tôi đến đâu rồi»: the case must be found first."""
    folded = _SHORT.sub("phan anh", fold(expand(text)))
    return bool(_ASKS_AFTER.search(folded)) and not _NEW_STORY.search(folded)
