"""What a unit need not know of a story to look into it: the time of day, and who saw it. Pure.

Durations («chờ 2 giờ») and amounts stay: they are what is looked into. Blurring twice changes nothing.
"""

import re

from bot.core.cases.naming import plain_of
from nlu.text import clean

TIME, WITNESS = "[giờ]", "[người chứng kiến]"
_TEN = r"(?:mot|hai|ba|bon|nam|sau|bay|tam|chin|muoi)(?: (?:mot|hai))?"
_HOUR = rf"(?:[01]?\d|2[0-4]|{_TEN})"
_WRITTEN = rf"{_TEN}(?: (?:lam|muoi|mot|hai|ba|bon|nam))?"
_MINUTES = rf"(?: ?(?:[0-5]?\d|{_WRITTEN})(?: ?(?:phut|p))?(?![^\W_])| ruoi(?![^\W_])| kem (?:\d+|{_TEN})(?![^\W_]))"
# «9 giờ tối», not «9 giờ tôi đến» without accents
_GOES_ON = r"(?:qua|di|co|bi|noi|gap|den|nop|hoi|ra|vao|len|lam|cho|thay|da|dang|muon|xin|duoc|goi)(?![^\W_])"
_PART = rf"(?: (?:sang|trua|chieu|toi|dem)(?! ?(?:nay )?{_GOES_ON}))"
_CLOCK = rf"{_HOUR} ?(?:gio|h|g)(?![^\W\d_]){_MINUTES}?(?: dung)?"
_LATER = rf"(?: ?(?:den|toi|-|–) ?{_CLOCK}{_PART}?)"
# A time that something took.
_NO_SPAN = r"(?<!cho )(?<!mat )(?<!hon )(?<!gan )(?<!ty le )"
_TIMES = (
    # 9h15, 9:15, 9 giờ 15
    re.compile(
        rf"(?<![\w/.,-]){_NO_SPAN}(?:[01]?\d|2[0-4]) ?(?:(?:h|g|gio) ?[0-5]\d(?: ?(?:phut|p))?|:[0-5]\d)(?![\w/])"
        rf"{_PART}?{_LATER}?"
    ),
    # lúc 9h, từ 8 giờ đến 10 giờ
    re.compile(rf"(?<![^\W_])(?:luc|hoi|tu|truoc|sau)(?: khoang| gan| hon)? (?P<x>{_CLOCK}{_PART}?{_LATER}?)"),
    # 9 giờ sáng; đến 10 giờ mới
    re.compile(rf"(?<![^\W_])(?P<x>{_CLOCK}{_PART})"),
    re.compile(rf"(?<![^\W_])(?:den|toi) (?P<x>{_CLOCK})(?= (?:moi|thi|van|cung)(?![^\W_]))"),
)
_NOBODY = (
    r"(?!\[nguoi chung|ai(?![^\W_])|(?:rat |qua )?(?:nhieu|moi|vai|may|dong) "
    r"|camera|hinh|anh chup|video|ghi am|the(?![^\W_]))"
)
_SAW = r"(?:(?:da|cung|deu|dung do) )*(?:chung kien|lam chung|lam nhan chung|trong thay|nhin thay)(?![^\W_])"
_WITNESSES = (
    re.compile(
        rf"(?<![^\W_])(?<!khong )(?<!ko )(?:co|voi|truoc mat)(?: ca)?+ (?P<x>{_NOBODY}[^,.;:!?\n]{{1,60}}?) {_SAW}"
    ),
    re.compile(
        r"(?<![^\W_])(?:nhan chung|nguoi (?:lam chung|chung kien))(?: (?:la|gom|co)|:) ?+"
        rf"(?P<x>{_NOBODY}[^.;!?\n]{{1,80}})"
    ),
)


def blur(text: str) -> str:
    """Return a text without times of day and without who saw what happened."""
    whole = clean(text)
    for placeholder, patterns in ((TIME, _TIMES), (WITNESS, _WITNESSES)):
        for pattern in patterns:
            whole = _replace(whole, pattern, placeholder)
    return whole


def _replace(text: str, pattern: re.Pattern[str], placeholder: str) -> str:
    parts, last = [], 0
    for match in pattern.finditer(plain_of(text)):
        start, end = match.span("x" if "x" in pattern.groupindex else 0)
        if text[start:end].lower().endswith(" tôi"):  # «lúc 9 giờ tôi đến» is no evening
            end -= len(" tôi")
        parts += [text[last:start], placeholder]
        last = end
    return "".join([*parts, text[last:]])
