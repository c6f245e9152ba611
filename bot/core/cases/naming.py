"""Where a text names people: those whose names are known, and whoever has a Vietnamese surname. Pure.

A text and its `plain` form (no accents, lower case, of the same length) are given together; places are (start, end).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from nlu.text import clean, strip_accents

Place = tuple[int, int]


def _set(*lines: str) -> frozenset[str]:
    return frozenset(" ".join(lines).split())


TITLES = _set("anh chi em ong ba co chu bac di cau mo thim chau con ban thay me bo vo chong")
_BEFORE_NAMES = TITLES | {"ten"}
_TITLES_OF_TWO = frozenset({"can bo", "nhan vien", "cong chuc", "chuyen vien", "lanh dao", "dong chi"})
# What stands beside a name and is none.
NO_NAME = TITLES | _set(*_TITLES_OF_TWO, "truong pho phong giam doc chu tich ten la nguoi")
_SURNAMES = (
    "Nguyễn Trần Lê Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Đinh Trịnh Đoàn Đào Lương Mai Trương",
    "Cao Tạ Hà Lưu Phùng Quách Tô Vương Tống Chu Kiều Khuất Nghiêm Thái Triệu Đàm Bạch Doãn Tăng Cù Lại Kim Ninh",
)
SURNAMES = {strip_accents(name).lower(): name.lower() for name in _set(*_SURNAMES)}
# Those that are no other word when typed without accents.
_STRONG = frozenset({"nguyen", "tran", "pham", "huynh", "trinh", "phung", "khuat", "nghiem", "quach"})
_MIDDLE = frozenset({"thi", "van"})
# Before these a capitalised name is a place's.
_PLACE = frozenset(
    {"phuong", "quan", "xa", "huyen", "tinh", "tp", "pho", "duong", "tran", "ubnd", "p", "q", "cong", "thanh"}
)
_STREET = frozenset({"pho", "duong"})
# Given names that are ordinary words too: masked only where something shows that a person is meant.
_ORDINARY = _set(
    "an anh ba ban bao bay binh bon cam cau chau chi chin cong cuc cuong dao diem dinh dong dung duong gam",
    "giang ha hai hang hanh hien hieu hoa hoan hoi hong huong la lan lanh le lien linh long luc luong luu ly",
    "mai man minh my na nam nga ngan nghia nhan nhi nhu nu phong phu phuong quan quang quy sang sau sinh son",
    "tam tan thanh thao thi thien tho thoa thu thuan thuy tien tinh toan tot tra trang tri trong truong tu",
    "tuan tung tuoi tuyen van vi vinh vu vui vy xuan y yen",
)
_WORD = re.compile(r"[^\W_]+")
_MOST = 5


@dataclass(frozen=True)
class _Word:
    start: int
    end: int
    plain: str
    typed: str

    @property
    def capital(self) -> bool:
        return self.typed[:1].isupper()

    def is_name(self, accented: str) -> bool:
        """True when typed as the name is written, or without any accent."""
        return self.typed.lower() in {accented, self.plain}


def plain_of(text: str) -> str:
    """Return a cleaned text without accents in lower case, character by character: places stay."""
    return "".join(bare if len(bare := strip_accents(sign).lower()) == 1 else sign for sign in text)


def name_places(text: str, plain: str, name: str) -> Iterator[Place]:
    """Yield where a text has a known name: whole, two words of it, or the given name where a person is meant."""
    words = _words(text, plain)
    for typed in names_of(name):
        parts = [plain_of(word) for word in typed]
        for at in range(len(words)):
            for length in range(min(len(parts), len(words) - at), 1, -1):
                if _part_of([word.plain for word in words[at : at + length]], parts):
                    yield words[at].start, words[at + length - 1].end
                    break
            else:
                if words[at].plain == parts[-1] and _person(words, at, typed[-1]):
                    yield words[at].start, words[at].end


def names_of(said: str) -> list[list[str]]:
    """Return the names in a name or a description («chị Nguyễn Thị Lan tóc ngắn»), each as its words."""
    text = clean(said)
    words = _words(text, plain_of(text))
    shouted = text.isupper()
    runs: list[list[_Word]] = [[]]
    for word in words:
        if word.plain in NO_NAME and not (runs[-1] and word.capital and not shouted):
            runs.append([])
        elif word.capital and not shouted:
            runs[-1].append(word)
        else:
            runs.append([])
    found = [[word.typed for word in run] for run in runs if run and not run[0].typed.isdigit()]
    if found:
        return found
    # Typed without capitals: what follows the titles, three words with a surname, else one.
    rest = [word for word in words if word.plain not in NO_NAME and not word.plain[0].isdigit()]
    if not rest:
        return []
    known = rest[0].plain in SURNAMES
    return [[word.typed for word in (rest[:4] if known else rest[:1])]]


def people_places(text: str, plain: str) -> Iterator[Place]:
    """Yield what looks like anybody's name: a surname and capitalised words, one that is no other word, «chị Lan»."""
    words = _words(text, plain)
    yield from _titled(text, words)
    shouted = text.isupper()
    taken = 0
    for at, word in enumerate(words):
        if at < taken or word.plain not in SURNAMES or not word.is_name(SURNAMES[word.plain]):
            continue
        before = words[at - 1].plain if at else ""
        if before in _PLACE - _STREET and before != "tran":
            continue
        last = at
        while last + 1 < len(words) and last - at < _MOST - 1 and _near(text, words[last], words[last + 1]):
            following = words[last + 1]
            middle = last == at and (following.plain in _MIDDLE or (word.plain in _STRONG and not word.capital))
            after_middle = last > at and not word.capital and last - at < 3 and following.plain not in NO_NAME
            capitals = not shouted and word.capital and following.capital
            if not (capitals or middle or after_middle):
                break
            last += 1
        if last > at:
            taken = last + 1
            yield word.start, words[last].end


def _titled(text: str, words: list[_Word]) -> Iterator[Place]:
    """«chị Lan», «cán bộ Hùng»: a capitalised word after a title."""
    if text.isupper():
        return
    for at in range(1, len(words)):
        title = (
            words[at - 1].plain in _BEFORE_NAMES
            or " ".join(w.plain for w in words[max(0, at - 2) : at]) in _TITLES_OF_TWO
        )
        if title and words[at].capital and _near(text, words[at - 1], words[at]):
            last = at
            while last + 1 < len(words) and words[last + 1].capital and _near(text, words[last], words[last + 1]):
                last += 1
            yield words[at].start, words[last].end


def _person(words: list[_Word], at: int, given: str) -> bool:
    word, before = words[at], words[at - 1].plain if at else ""
    if not word.is_name(given.lower()):
        return False
    return word.capital or before in _BEFORE_NAMES or word.plain not in _ORDINARY


def _part_of(found: list[str], parts: list[str]) -> bool:
    size = len(found)
    return any(parts[at : at + size] == found for at in range(len(parts) - size + 1))


def _near(text: str, one: _Word, other: _Word) -> bool:
    return text[one.end : other.start] == " "


def _words(text: str, plain: str) -> list[_Word]:
    return [
        _Word(m.start(), m.end(), plain[m.start() : m.end()], text[m.start() : m.end()]) for m in _WORD.finditer(text)
    ]
