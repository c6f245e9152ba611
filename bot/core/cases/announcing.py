"""Messages that announce a complaint and tell nothing of it yet: «tôi muốn phản ánh», «khó nói quá». Pure."""

import re

from bot.core.routes import Route
from nlu.text import fold

_LONGEST = 16
_WORDS = re.compile(r"[^\W_]+")
# What may stand around the one word that counts; anything else («ở đâu», «không», «lệ phí») tells or asks more.
_AROUND = """
a ah ad admin alo anh ban bac bao bi bot buc cai can cap cho chau chi chuyen chut co con dang day de di dinh dum duoc
e em gap giup gium gi goi gui ha hay hien ho lai lam len mac mai minh mot muon nay ne nha nhan nhe nho o oi ok oke qua
s so t tao the thi tieng ti toi truoc tu tui tuc u uh uoc ung va vang ve vien viec viet don voi vu xin xuc y 1 thu
nguoi ta nao phai roi luc nua thai do cong chuc can bo nhan vien phuong xa uy ban ubnd cua cq quan nuoc
"""
_SHY_TOO = "khong ko k biet dam noi ke sao nen ngai xau ho kho te nhi lam mo loi"
_KINDS = (
    (re.compile(r"\b(?:to cao|to giac)\b"), Route.DENUNCIATION),
    (re.compile(r"\bkhieu (?:nai|kien)\b"), Route.FORMAL_COMPLAINT),
    (re.compile(r"\b(?:phan anh|to (?:can bo|nhan vien|ong|ba)|trinh bao|phan nan)\b"), Route.REPORT_STAFF),
)
# «phản ánh của tôi» is one that was sent.
_SENT = re.compile(r"\bcua (?:toi|em|chau|minh|tui|con)\b")
_SHY = re.compile(
    r"\b(?:kho noi|ngai (?:noi|ke|qua|lam)|xau ho (?:qua|lam)|khong (?:biet|dam) (?:noi|ke|mo loi)"
    r"|so (?:khong|ko|k) dam (?:noi|ke)|te nhi (?:qua|lam))\b"
)
_MAY_STAND = frozenset(_AROUND.split())
_MAY_STAND_SHY = _MAY_STAND | frozenset(_SHY_TOO.split())


def announced(text: str) -> Route | None:
    """Return which kind of complaint a message announces and does not tell yet, or None."""
    folded = fold(text)
    for pattern, route in _KINDS:
        rest, found = pattern.subn(" ", folded)
        if found:
            words = _WORDS.findall(rest)
            fits = len(words) <= _LONGEST and _MAY_STAND.issuperset(words) and not _SENT.search(folded)
            return route if fits else None
    return None


def shy(text: str) -> bool:
    """True for somebody who wants to tell and does not dare to: «em có chuyện này ngại quá không biết nói sao»."""
    folded = fold(text)
    words = _WORDS.findall(folded)
    return len(words) <= _LONGEST and _SHY.search(folded) is not None and _MAY_STAND_SHY.issuperset(words)
