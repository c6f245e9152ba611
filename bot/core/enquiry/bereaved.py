"""Whether a citizen tells of a death in the family, so that the first words are for them. Pure."""

import re

from nlu.text import fold

# Whose they are must be said: a bare «em», «cô», «con» is who speaks or is spoken to.
_OWNER = r"(?:toi|tui|em|chau|con|minh|nha toi|nha em|nha minh|nha chau)"
_KIN = (
    rf"(?:(?:bo|ba|cha|tia|me|ma|ong|vo|chong|anh trai|chi gai|em trai|em gai|con trai|con gai|bac|chu|co|di|cau|cu)"
    rf"(?: (?:chong|vo|noi|ngoai|ruot))? {_OWNER}|(?:ong|ba) (?:noi|ngoai)|cu nha|(?:bo|me) (?:chong|vo))"
)
_DIED = r"(?<!bi )(?<!lam )(?<!danh )(?:qua doi|tu tran|khuat nui|mat)"
_JUST = r"(?:vua|moi|vua moi|moi vua)"
_WHEN = (
    r"(?:hom (?:qua|nay|kia|no|truoc|thu \w+|chu nhat)|sang (?:nay|qua)|dem (?:qua|kia)|toi qua|chieu qua"
    r"|tuan (?:truoc|roi|nay)|thang (?:truoc|roi|nay)|duoc (?:\d+|may|hai|ba) (?:hom|ngay|bua|tuan)"
    r"|(?:\d+|may|hai|ba) (?:hom|ngay|bua|tuan) (?:nay|truoc|roi))"
)
# «mẹ em vừa mất ví»: what else follows is what was lost.
_THEN = rf"(?=$| (?:{_WHEN}|xong|do|o|tai|thi|can|a|roi|nen|gio|ma|gia dinh|ong|ba|cu|duoc|luc|hoi|ngay)\b)"
_BEREAVED = re.compile(
    rf"\b{_KIN}(?: (?:la|thi|bi|\w+ binh|me liet si|vo liet si|liet si|benh|om|gia|yeu|da))*"
    rf" (?:{_JUST} {_DIED}{_THEN}|{_DIED}(?: {_JUST})?(?: (?:hoi|vao|luc))? {_WHEN}\b)"
)


def bereaved(text: str) -> bool:
    """True where somebody of the family is said to have died of late («bố tôi vừa mất», «mẹ em mất hôm qua»)."""
    return bool(_BEREAVED.search(" ".join(re.findall(r"\w+", fold(text)))))
