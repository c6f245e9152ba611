"""How the citizen calls themselves, so that the assistant can call them the same («cháu», «bác», «em»…)."""

import re

from nlu.text import fold

# Words that a citizen may use for «I» in talking to an official. «tôi», «mình» and «tớ» say nothing about age or sex.
_SELF = {
    "chau": "cháu",
    "em": "em",
    "e": "em",
    "con": "con",
    "bac": "bác",
    "chu": "chú",
    "co": "cô",
    "ong": "ông",
    "ba": "bà",
}
# «bà», «ba», «cô», «có», «ông», «con» have other common meanings without accents: only the plainest frames count.
_FRAMES = (
    r"\b(?:cho|giup|gium|dum|bao) (?P<a>{w}) (?:hoi|biet|xin|voi|hay|gap)\b",
    r"^(?:da |a |alo |chao (?:anh|chi|ad|shop|ban|can bo)[ ,]*)?"
    r"(?P<a>{w}) (?:muon|can|hoi|xin hoi|xin chao|chao|dinh|cam on)\b",
    r"\b(?:nha|vo|chong) (?P<a>{w}) (?:muon|can|dinh)\b",
    r"\b(?P<a>{w}) (?:cam on|cam on nhieu|xin cam on)\b",
)
_SAFE = "chau|em|con|bac|chu"
_ACCENTED = {"cô", "ông", "bà"}
_PATTERNS = [re.compile(frame.format(w=_SAFE)) for frame in _FRAMES]
_PATTERNS_ACCENTED = [re.compile(frame.format(w="co|ong|ba")) for frame in _FRAMES]

_HEAD = (
    r"^(?:(?:da|vang|a|alo|ua|oi|hi|u|thua|thoi|chao|xin chao|the|tai|nhung|(?:anh|chi|ad|shop|ban|can bo|co|chu|bac)"
    r"(?: chi)?(?: oi)?)[ ,.!]+)*"
)
_NOT = r"(?:khong|ko|k|hong|hok|chua|chang)"
# What somebody says of themselves: in opening a message «em», «cháu» are whoever writes.
_OF_ONESELF = (
    rf"(?:{_NOT} (?:biet|nho|ro|muon|dam|hieu|dong y|co|thay|can|duoc|de y|nhin|chac|ghi|hoi|con|gui)"
    r"|ten(?! gi| la gi| j)|bi|vua|moi|da|dang|len|ra|nop|xin|thay|nho|so|gui|ke|phan anh|to cao|khieu nai|buc xuc"
    r"|dong y|muon|can|hoi|dinh|duoc|cam on|chao|la (?:nguoi|dan|sinh vien|hoc sinh|nu|nam|cong nhan)"
    r"|co (?:chup|quay|ghi|anh|giay|bang|viec|di|nop|len|ra|lam|hoi|goi)"
    r"|o (?:phuong|xa|quan|huyen|to|thon|xom|ha noi))"
)
# «con» opens the stories of parents as well.
_OF_A_CHILD = rf"(?:{_NOT} (?:biet|nho|ro|muon|dam|hieu|dong y)|ten(?! gi| la gi| j)|xin|dong y|gui|nho|so)"
_TURN_END = r"(?= (?:voi|vs|nhe|nha|nhen|a|di)\b| ?[.,!?]| ?$)"
_OWN_FRAMES = (
    re.compile(rf"{_HEAD}(?P<a>chau|em|e) {_OF_ONESELF}\b"),
    re.compile(rf"{_HEAD}(?P<a>con) {_OF_A_CHILD}\b"),
    # «giúp e với», «nhắn lại cho cháu nhé»
    re.compile(rf"\b(?:giup(?: do)?|gium|dum|ho) (?P<a>chau|em|e|con){_TURN_END}"),
    re.compile(
        rf"\b(?:goi|nhan|tra loi|ghi|giu kin|giau ten)(?: lai| tin)?(?: cho| giup| ho)? (?P<a>chau|em|e){_TURN_END}"
    ),
    re.compile(r"\b(?:cua|me|bo|vo|chong|nha|ong|ba) (?P<a>em|e)\b"),
)
# These make it somebody else: «em tôi», «cháu nhà tôi», «con gái», «em ấy», «cháu bé».
_OTHERS = re.compile(
    r"\b(?:chau|em|e|con) (?:toi|tui|minh|tao|trai|gai|ho|be|nho|nha (?:toi|tui|minh|em|anh|chi|ong|ba)|dau|re"
    r"|ay|kia|do|nay|no|ut|ruot|noi|ngoai|vo|chong|cua|lon|ca|oi|giup|cho (?!em|chau|con|e\b))\b"
)
# Whoever says «tôi» is no «em»; «chị gửi cho em», «giúp bác với» call the assistant so.
_ELDER = re.compile(
    r"\b(?:toi|tui|tao|minh)\b"
    r"|\b(?:anh|chi|co|chu|bac|ong|ba) (?:gui|noi|hoi|nhan|muon|can|dang|da|bi|len|ra|xin|khong|ten|vua|moi|dinh"
    r"|la)\b"
    r"|\b(?:giup|ho|gium|cho) (?:anh|chi|co|chu|bac|ong|ba)(?= (?:voi|nhe|nha|a|hoi|xem|biet|di|cai|luon|ti|chut)\b"
    r"| ?[.,!?]| ?$)"
)
_POLITE = re.compile(r"\b(?:a|da|thua|voi)\b")


def address_of(text: str) -> str | None:
    """Return how to call the citizen, or None while they have not shown it. Never guesses a sex.

    «con» is taken as the speaker only in a frame such as «cho con hỏi»; «con tôi» is somebody else's. Ambiguous
    words (cô/có, ông, bà/ba) count only where typed with their accents.
    """
    folded = fold(text)
    for pattern in _PATTERNS:
        if found := pattern.search(folded):
            return _SELF[found["a"]]
    words = {w.strip(".,!?;:").lower() for w in text.split()}
    if words & _ACCENTED:
        for pattern in _PATTERNS_ACCENTED:
            if (found := pattern.search(folded)) and _SELF[found["a"]] in words:
                return _SELF[found["a"]]
    young = _young(folded)
    # «còn xin …» is no «con».
    return young if young and words & {young, fold(young), "e"} else None


def _young(folded: str) -> str | None:
    """Return «em», «cháu» or «con» where the words can be nobody's but the speaker's."""
    if _ELDER.search(folded) or ("?" in folded and not _POLITE.search(folded)):
        return None
    for pattern in _OWN_FRAMES:
        found = pattern.search(folded)
        if found and not _OTHERS.match(folded, found.start("a")):
            return _SELF[found["a"]]
    return None
