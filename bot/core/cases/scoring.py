"""Scores and praise in a citizen's words: a number of stars is read, never made up. Pure."""

import re

from nlu.text import fold

_WORDS = {"mot": 1, "hai": 2, "ba": 3, "bon": 4, "nam": 5}
_DIGIT = r"(?<![\d.,/])([1-5])(?![\d.,]*\d)"
# «5 điểm», «4/5», «2 *»
_UNIT = re.compile(rf"{_DIGIT} ?(?:diem|sao|/ ?5|\*)")
_WORD = re.compile(r"\b(mot|hai|ba|bon|nam) (?:diem|sao)\b")
_GIVEN = re.compile(
    r"\b(?:cham|danh gia|diem|muc|cho)(?: (?:cho|toi|em|chau|minh|muc|diem|la|luon|diem so|o|so|:)|:)* "
    rf"{_DIGIT}(?=$|[ ]*[,.!;]| (?:nhe|nha|a|thoi|luon|di|cho|vi|nhung))"
)
_ALONE = re.compile(rf"(?:da |vang |so |muc |thi )*{_DIGIT}(?: (?:a|nhe|nha|di|thoi|luon))*[ .!]*")
# The words of the scale itself, as it is asked: 1 (rất không hài lòng) to 5 (rất hài lòng).
_SCALE = (
    (1, r"rat (?:khong|ko|k) hai long"),
    (2, r"(?:khong|ko|k|chua) (?:duoc )?hai long"),
    (5, r"rat hai long"),
    (4, r"hai long"),
    (3, r"binh thuong|tam duoc"),
)
# Answers to the question for a score, where it was asked.
_PLAIN = ((1, r"qua te|te hai|rat te"), (5, r"tuyet voi|qua tot|xuat sac"))
_PRAISE = re.compile(
    r"\b(?:khen|bieu duong|nhiet tinh|tan tinh|tan tam|chu dao|niem no|de thuong|de men|tu te|vui ve|nhe nhang"
    r"|(?:rat|qua|that|sieu|cuc ky) (?:tot|tu te|chu dao|de thuong|dthg|dthuong)"
    r"|(?:de thuong|dthg|tot) (?:lam|ghe|xiu)"
    r"|(?:rot nuoc moi|(?:duoc|con|lai) moi nuoc)"
    r"|het long|het suc giup|huong dan (?:rat )?(?:ky|de hieu|cu the)|biet on|(?:lam viec"
    r"|phuc vu) (?:rat )?(?:tot|gioi|nhanh)"
    r"|cam on (?:chi|anh|co|em|chau|chu|bac|cac|may|can bo|nhan vien) (?!nhieu|a\b|nhe|ad|rat|lam|da (?:tra loi"
    r"|huong dan|giup))\w+)\b"
)
_UNPRAISED = re.compile(
    r"\b(?:khong|ko|k|chang|cha|chua|thieu|dau co|it|kem|het)"
    r"(?: (?:he|duoc|may|thay|co|chut nao|ai|phai|that|cho|lam|viec|rat|qua|su))* "
    r"(?:khen|nhiet tinh|tan tinh|tan tam|chu dao|niem no|tu te|vui ve|nhe nhang|tot|huong dan|moi nuoc|de thuong)\b"
    r"|\b(?:phai|doi) moi nuoc\b|\b(?:niem no|nhe nhang|tu te|nhiet tinh|vui ve|de thuong) (?:hon|thi it)\b"
    r"|\bqua tot so\b|\bbiet on thi\b"
    r"|\b(?:bang|giay) khen\b|\bkhen thuong\b|\bthi dua\b|\bdang (?:che|trach)\b"
)
_ANNOUNCES = re.compile(
    r"(?:(?:da|toi|em|chau|minh|con|tui|cho|xin|muon|can|duoc|gui|viet|nho|chuyen|giup) )*(?:loi )?(?:khen"
    r"|bieu duong)"
    r"(?: (?:can bo|nhan vien|mot|nguoi|co|chi|anh|a|nhe|duoc khong))*[ .!?]*"
)
_ASSISTANT = re.compile(
    r"\b(?:tro ly|chatbot|chat bot|bot|robot|may tra loi|tong dai tu dong|may nay|cai app|ung dung nay|phan mem)\b"
)
_FOR_CASE = re.compile(
    r"\b(?:phieu|phan anh|cach giai quyet|viec giai quyet|ket qua giai quyet|cau tra loi|vu nay)\b"
)
_NO_SCORE = re.compile(
    r"(?:da |thoi |a |vang )*(?:thoi|khong|ko|khoi|khong can|khong cham|khoi cham|khong danh gia|bo qua|de sau"
    r"|khoi can)"
    r"(?: (?:cham|diem|danh gia|dau|a|can|nhe|nha|cho|diem dau|cam on|duoc roi|thoi))*[ .!]*"
)
_PASS_ON = re.compile(
    r"\b(?:ghi nhan|gui (?:giup |ho |gium )?loi (?:khen|cam on)|chuyen (?:giup |ho |gium )?loi|noi (?:giup|ho"
    r"|gium)|nhan (?:giup|ho|gium)|khen (?:giup|ho|gium))\b"
)


def given_score(text: str) -> int | None:
    """Return the score 1–5 that a text gives as a number, or None; two different ones are none."""
    folded = fold(text).strip()
    if found := _ALONE.fullmatch(folded):
        return int(found[1])
    scores = {int(n) for n in (*_UNIT.findall(folded), *_GIVEN.findall(folded))}
    scores |= {_WORDS[word] for word in _WORD.findall(folded)}
    return scores.pop() if len(scores) == 1 else None


def score_of(text: str, *, asked: bool = False) -> int | None:
    """Return the score that a text gives, as a number or in the words of the scale, or None.

    Praise gives none by itself. `asked`: the text answers the question for a score, so that plain words count too.
    """
    if (score := given_score(text)) or praises(text):
        return score
    folded = fold(text)
    scale = (*_SCALE, *_PLAIN) if asked else _SCALE
    return next((score for score, words in scale if re.search(rf"\b(?:{words})\b", folded)), None)


def praises(text: str) -> bool:
    """True when somebody is praised or thanked for their work; «không nhiệt tình» praises nobody."""
    folded = fold(text)
    return bool(_PRAISE.search(folded)) and not _UNPRAISED.search(folded)


def announces_praise(text: str) -> bool:
    """True for «tôi muốn khen»: whom and for what is to come."""
    return _ANNOUNCES.fullmatch(fold(text).strip()) is not None


def of_assistant(text: str) -> bool:
    """True when a rating is for this assistant."""
    return bool(_ASSISTANT.search(fold(text)))


def of_case(text: str) -> bool:
    """True when a rating says that it is for how a case was handled."""
    return bool(_FOR_CASE.search(fold(text)))


def asks_for_rating(text: str) -> bool:
    """True when a message speaks of scores or of the survey without giving one."""
    return bool(re.search(r"\b(?:cham|danh gia|khao sat|diem|sao|hai long)\b", fold(text)))


def scores_nothing(text: str) -> bool:
    """True for «thôi», «khỏi chấm» to the question for a score."""
    return _NO_SCORE.fullmatch(fold(text).strip()) is not None


def passes_on(text: str) -> bool:
    """True for «ghi nhận cho chị ấy giúp tôi»: the praise told before is meant, no score."""
    return bool(_PASS_ON.search(fold(text))) and given_score(text) is None
