"""Whether a citizen tells of a death in the family, so that the first words are for them. Pure."""

import re

from nlu.text import clean, strip_accents

_KIN = (
    r"(?:bo|ba|cha|thay|tia|me|ma|u|bam|ong|vo|chong|con|con trai|con gai|anh|chi|em|bac|chu|co|di|cau|mo|cu)"
    r"(?: (?:chong|vo|noi|ngoai|trai|gai|ruot|cu|nha|de))*(?: (?:toi|tui|em|chau|con|minh|nha|bac))?"
)
_DIED = r"(?:qua doi|tu tran|khuat nui|mat|ve voi to tien)"
_JUST = r"(?:vua|moi|vua moi|moi vua)"
_WHEN = (
    r"(?:hom (?:qua|nay|kia|no|truoc|ruoc)|sang (?:nay|qua)|dem (?:qua|kia)|toi qua|chieu qua|tuan (?:truoc|roi|nay)"
    r"|thang (?:truoc|roi|nay)|(?:hom )?(?:thu \w+|chu nhat)(?: (?:vua roi|tuan truoc|vua qua))?"
    r"|(?:duoc )?(?:\d+|may|hai|ba) (?:hom|ngay|bua|tuan)(?: nay)?)"
)
# «bố em mất giấy tờ hôm qua»: what follows is lost, not mourned.
_NOTHING_LOST = (
    r"(?! (?:giay|so|the|bang|viec|cmnd|cccd|can cuoc|ho so|tien|mot|suc|kha nang|quyen|xe|lien lac|tich|het|ca|cai"
    r"|hai|may|\d|dien thoai|chung|con dau|tai san|dat|nha|lien tuc|thoi gian|bao|cong))"
)
_BEREAVED = re.compile(
    rf"\b{_KIN}(?: \w+){{0,3}}?"
    rf" (?:{_JUST} {_DIED}{_NOTHING_LOST}|{_DIED}(?: {_JUST})?(?: (?:hoi|vao|luc))? {_WHEN})\b"
)
_NOT_WORDS = re.compile(r"[^\w\s]+")


def bereaved(text: str) -> bool:
    """True where somebody of the family is said to have died of late («bố tôi vừa mất», «mẹ em mất hôm qua»)."""
    return bool(_BEREAVED.search(" ".join(_NOT_WORDS.sub(" ", strip_accents(clean(text).lower())).split())))
