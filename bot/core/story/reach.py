"""How the citizen wants to be told: called, by a text message, by e-mail, in the chat. Not everybody can hear."""

import re
from enum import StrEnum

from nlu.text import fold


class Reach(StrEnum):
    """A way to be told of one's case."""

    CALL = "call"
    SMS = "sms"
    EMAIL = "email"
    CHAT = "chat"


# Longer messages tell a story, in which officials call and write as well.
_MOST_WORDS = 18
_NO = r"(?:dung|khong|ko|k|khoi|hong|chang|chua|kho)"
_NO_CALL_WORDS = rf"{_NO} (?:the |tien |muon |can |duoc |phai )*(?:goi|nghe|alo|bat may)"
_CHAT = re.compile(
    r"\b(?:nhan|bao|tra loi|tin)(?: \w+){0,3} (?:o day|tai day|(?:qua|tren|bang|o) (?:zalo|telegram|khung chat))\b"
    r"|\b(?:qua|bang|tren) (?:zalo|telegram)\b"
)
_SMS = re.compile(
    rf"\b(?:nhan tin|sms|tin nhan|chi nhan|nhan cho (?:toi|em|chau|con|minh|bac|co|chu))\b|\b{_NO_CALL_WORDS}\b"
    r"|\b(?:diec|khiem thinh|nang tai|lang tai)\b"
)
_EMAIL = re.compile(r"\b(?:gui |bao |tra loi )?(?:qua|bang|vao) (?:e ?mail|thu dien tu|mail)\b")
_CALL = re.compile(r"\b(?:goi|alo)\b|\b(?:qua|bang) (?:dien thoai|dt)\b")


def reach_said(text: str) -> Reach | None:
    """Return how somebody who leaves a contact wants to be told, or None where they do not say."""
    folded = " ".join(re.findall(r"[a-z0-9]+", fold(text[:400])))
    if len(folded.split()) > _MOST_WORDS:
        return None
    if _EMAIL.search(folded):
        return Reach.EMAIL
    if _CHAT.search(folded):
        return Reach.CHAT
    if _SMS.search(folded):
        return Reach.SMS
    return Reach.CALL if _CALL.search(folded) else None
