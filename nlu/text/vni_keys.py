"""VNI keys left in a word («ho62 so7»): typed with the Vietnamese keyboard switched off, digits as accents."""

import re
from collections.abc import Sequence
from functools import lru_cache

from nlu.text.syllables import LONGEST, TONES, is_syllable, spell, without_tone

_TONE_DIGITS = {"1": "\u0301", "2": "\u0300", "3": "\u0309", "4": "\u0303", "5": "\u0323"}
_MARK_DIGITS = {"6": {"a": "â", "e": "ê", "o": "ô"}, "7": {"o": "ơ", "u": "ư"}, "8": {"a": "ă"}, "9": {"d": "đ"}}
# Words that are numbered: «quan1», «to62», «thu3» may be just that.
_NUMBERED = frozenset(
    """
    an ap bac bai ban buoc ca cap cau chi cho chuong co cong cua cum dai day diem dien dieu doan doi don dot duong
    giai hang hem khoa khoan khoi khu ky lan lo loai lop luat ma mau muc nam ngach ngay ngo nha nhom phan phong
    phu phuong quan quay quy quyen so tang tap thang thon thu tiet to toa trang tuan tuoi tuyen vong xa xe xom
    """.split()  # noqa: SIM905 (a table is easier to read)
)
_INNER, _DOUBLE, _SINGLE, _MAYBE_NUMBER = 2.0, 1.5, 1.0, 0.5
_ENOUGH = 1.5
_MARK_AND_TONE = re.compile(r"(?:[6-8][1-5]|[1-5][6-8])$")


@lru_cache(maxsize=4096)
def decode_vni(word: str) -> str | None:
    """Return the syllable that letters and digits of a lower-case word spell, or None where they spell none."""
    if len(word) > LONGEST or not word[:1].isalpha() or not any(char in "123456789" for char in word):
        return None
    letters: list[str] = []
    plain, tone = without_tone(word)
    for char in plain:
        if char in _TONE_DIGITS:
            if tone:
                return None
            tone = _TONE_DIGITS[char]
        elif char in _MARK_DIGITS:
            if not _mark(letters, _MARK_DIGITS[char]):
                return None
        elif char.isalpha():
            letters.append(char)
        else:
            return None
    spelled = spell("".join(letters), tone) if tone in TONES else ""
    return spelled if is_syllable(spelled) else None


def _mark(letters: list[str], marks: dict[str, str]) -> bool:
    """Put a mark on the last letter that takes it (uo as one: ươ)."""
    for at in range(len(letters) - 1, -1, -1):
        if letters[at] in marks:
            if letters[at] == "o" and at and letters[at - 1] == "u" and letters[: at - 1] != ["q"] and "u" in marks:
                letters[at - 1] = "ư"
            letters[at] = marks[letters[at]]
            return True
    return False


def _weight(word: str) -> float:
    letters = word.rstrip("123456789")
    if any(char.isdigit() for char in letters):
        return _INNER
    if letters in _NUMBERED:
        return _MAYBE_NUMBER
    return _DOUBLE if _MARK_AND_TONE.search(word) else _SINGLE


def vni_readings(words: Sequence[str]) -> dict[int, str]:
    """Return number → syllable for the words of a text that hold VNI keys; none where they may be numbers.

    One word with a digit inside («tu5c») or with a mark and a tone («nguoi72») is proof enough, or two with a tone;
    not words that one numbers («quan1»).
    """
    found = {
        at: decoded for at, word in enumerate(words) if word and not word.isalpha() and (decoded := decode_vni(word))
    }
    weights = [_weight(words[at]) for at in found]
    numbered = min(_MAYBE_NUMBER, sum(weight for weight in weights if weight == _MAYBE_NUMBER))
    return found if sum(weight for weight in weights if weight != _MAYBE_NUMBER) + numbered >= _ENOUGH else {}
