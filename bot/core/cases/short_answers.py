"""Short answers in a talk about a case: who it was, what is passed over, what only steers the talk. Pure."""

import re

from bot.core.cases.announcing import announced
from bot.core.cases.draft import SKIPPABLE, Draft, Slot
from bot.core.cases.heard import Heard
from bot.core.story import (
    identity_answer,
    is_done,
    is_send,
    is_skip,
    is_unknown,
    yes_no,
)

SHORT_WORDS, COMMAND_WORDS = 6, 12
# Asked so often without an answer, a skippable slot is passed over and the others say what helps.
MAX_TRIES, SKIP_TRIES = 2, 1
_SPARES = frozenset({"khoi can", "khoi", "khong can", "ko can"})
# «không biết tên ai, quầy trống»: who it was stays open, whatever else is said along with it.
_KNOWS_NOBODY = re.compile(
    r"\b(?:khong|ko|k|chang|cha|hong|chua) (?:co )?(?:nho|biet|ro|hoi|thay|nhin)(?: \w+)? "
    r"(?:ten|mat|ai|la ai|nguoi nao)\b"
)
KNOWS_NOT = re.compile(
    r"\b(?:khong|ko|k|chang|cha|hong|chua) (?:co )?(?:nho|biet|ro|hoi|de y|thay)\b|\bai ma biet\b|\bchiu\b"
)


_SWEARS = re.compile(r"\b(?:con )?mẹ nó\b|\b(?:đm|dm|đmm|vcl|vl|cmn|mịa|bà nó|cha nó)\b", re.IGNORECASE)
_AGREES = re.compile(r"(?:co|vang|da|u|uh|ok|duoc|dong y|ghi|muon|nho)\b")
_REFUSES = re.compile(r"\b(?:khong|ko|chua|thoi|khoi|dung)\b")
_PLACE = re.compile(
    r"\b(?:phuong|xa|so|trung tam|ubnd|uy ban|ban|chi nhanh|phong|bo phan|tong dai|duong day|hotline|quan|huyen|vien"
    r"|chi cuc"
    r"|cuc|doi|to|diem|thon|khu)\b"
)
_CAPITAL = re.compile(r"(?<=\s)[A-ZĐÀ-Ỹ]\w+")
MAX_PLACE_WORDS = 12


def wants_sent(text: str) -> bool:
    """True for «gửi đi», with whatever curses around it."""
    return is_send(_SWEARS.sub(" ", text))


def agrees_to(heard: Heard) -> bool | None:
    """Return a yes or no to «shall I write it down?»; «có, ghi giúp tôi» is a yes."""
    agrees = yes_no(heard.text)
    if agrees is None and heard.words <= SHORT_WORDS and not _REFUSES.search(heard.folded):
        return True if _AGREES.match(heard.folded) else None
    return agrees


def names_place(heard: Heard) -> bool:
    """True when an answer that fits no office of ours may still name one: it has a word for an office, or a name."""
    if heard.words > MAX_PLACE_WORDS or heard.asks:
        return False
    return bool(_PLACE.search(heard.folded) or _CAPITAL.search(f" {heard.text}")) and not steers(heard)


def says_something(heard: Heard) -> bool:
    """True for words that fit the open question no way and are still worth keeping: no sigh, question or curse."""
    small = heard.intent in {"greeting", "thanks_bye", "affirm", "abuse", "injection", "emergency"}
    return heard.words >= 3 and not (small or heard.asks or steers(heard) or tells_nothing(heard))


def spares(draft: Draft, heard: Heard) -> bool:
    """True for «khỏi cần», «không cần» to a question that may stay open: that question alone is refused."""
    return draft.asked in SKIPPABLE and heard.folded.strip(" .!") in _SPARES


def passes(draft: Draft, heard: Heard) -> bool:
    """True when a message leaves the open question open, whatever else it may say."""
    if heard.folded.strip(" .!") in _SPARES or is_skip(heard.text) or is_unknown(heard.text):
        return True
    if draft.asked is Slot.STAFF and _KNOWS_NOBODY.search(heard.folded):
        return True
    # Asked often enough: whoever speaks of something else instead leaves it open.
    return draft.tries >= SKIP_TRIES or (yes_no(heard.text) is False and heard.words <= 4)


def steers(heard: Heard) -> bool:
    """True when a short message only steers the talk («gửi đi», «không có gì thêm», «ẩn danh»): it tells nothing."""
    text = heard.text
    if is_unknown(text) or is_skip(text) or is_send(text) or is_done(text):
        return heard.words <= COMMAND_WORDS and not heard.units and heard.when is None and heard.facts.staff is None
    return heard.words <= SHORT_WORDS and (identity_answer(text) is not None or yes_no(text) is not None)


def tells_nothing(heard: Heard) -> bool:
    """True for «huhu», «ờ thì», «tôi muốn phản ánh»: words without anything of a story."""
    if heard.judgement.behaviours or heard.units or heard.when or heard.facts.staff or heard.facts.said:
        return False
    return heard.words <= 2 or announced(heard.text) is not None
