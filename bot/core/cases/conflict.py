"""Whether a case is about the one who would handle it, or about this hotline. Pure; too often rather than missed.

Names are compared without accents; a lower-case word after a title, and a name of two words in a story, with theirs
(«mình anh» is no Minh Anh).
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence

from bot.core.cases.naming import NO_NAME, names_of, people_places, plain_of
from bot.core.cases.people import Principal, Role
from bot.core.cases.state import Case
from nlu.text import clean, fold

# What ends a person's name: «Lê Thị Mai (Phó Chủ tịch)», «Lê Thị Mai - PCT».
_NAME_ENDS = re.compile(r"[(\[{,;:/|]|\s[-–—]|[-–—]\s")
_TITLE = re.compile(r"(?:ông|bà|anh|chị|cô|chú|bác|đồng chí|đ/c|ths?\.|ts\.|cn\.|mr|mrs|ms)\.?\s+(?=\S+\s+\S)", re.I)
_RANKS = "trưởng phó phòng giám đốc chủ tịch cán bộ công chức chuyên viên nhân bí thư ủy uỷ"
_RANK = frozenset(_RANKS.split())
_VOWEL = re.compile(r"[aeiouy]")
# How the name of a unit begins; those who were given such a name are no persons.
_UNIT = re.compile(
    r"(?:phường|phuong|xã|xa|ubnd|uỷ ban|ủy ban|uy ban|sở|trung tâm|trung tam|một cửa|mot cua|bộ phận|bo phan|điểm"
    r"|chi nhánh|chi nhanh|quầy|phòng|ban|văn phòng|van phong|đơn vị|don vi|thị xã|thị trấn|quận|huyện|thành phố)\s",
    re.I,
)
# What follows a name in a description: a place, whose own name is no person's.
_AREA = re.compile(r"(?<![^\W_])(?:phường|quận|xã|huyện|tỉnh|thôn|phố|đường)\s+[^,.;]*", re.I)
_PLACE = re.compile(
    r"[,.;:()]|(?<![^\W_])(?:ở|tại|quầy|phòng|ubnd|uỷ ban|ủy ban|sở|tổ|một cửa|bộ phận)(?![^\W_])", re.I
)
_JOBS = r"can bo|nhan vien|cong chuc|chuyen vien|dong chi|lanh dao"
_CALLED = re.compile(
    rf"(?<![^\W_])(?P<title>anh|chi|co|chu|bac|ong|ba|em|cau|ten(?: la)?|(?P<job>{_JOBS})) (?P<name>[^\W\d_]+)"
)
# After a title these are what somebody does or looks like.
_DESCRIBED = re.compile(
    r"(?:trung nien|thanh nien|bao ve|le tan|thu ngan|thu phi|thu quy|thu ky|van thu|cong an|huong dan|dan phong"
    r"|tiep dan|tiep nhan|quan ly|ke toan|an ninh|tu phap|phu trach|ho tich|dia chinh|lanh dao|dang ky|hanh chinh"
    r"|tong dai|nam (?:gioi|tre|lon|deo|mac|o|ngoi|cao|gay|beo|to|tam|khoang|quay|cua))(?![^\W_])"
)
_SEX = frozenset({"nam", "nu"})
_NAMED = re.compile(r"(?<![^\W_])(?<!toi )(?<!em )(?<!chau )(?<!minh )ten(?: goi)?(?: la)? ([^\W\d_]+)")

_HOTLINE_WORDS = ("tong dai", "duong day nong", "hotline")
_LINE = re.compile(
    r"(?<![^\W_])(?:tong dai(?! (?:11[345]|dien luc|evn|viettel|vina|mobi|ngan hang|taxi|nuoc))"
    r"|duong day (?:nong|nay)|hotline)(?![^\W_])"
)
_OPERATOR_DID = re.compile(
    r"(?<![^\W_])(?:tong dai vien|(?:nhan vien|co|anh|chi|nguoi)(?: truc| nghe)?(?: may| dien thoai)?(?: cua| o)?"
    r" (?:tong dai|duong day)|(?:tong dai|duong day) nay)[^.!?;\n]{0,60}(?<![^\W_])"
    r"(?:quat|mang|chui|cup may|dap may|tat may|ngat may|xuc pham|coi thuong|thai do|trong khong|xung ho|gat|to tieng"
    r"|khong nghe may|khong bat may|khong chiu|doi tien|hach)(?![^\W_])"
)


def names(principal: Principal, case: Case) -> bool:
    """True when the accused, or somebody in the story or in what was added to it, is named like the principal.

    «anh Hùng» alone is taken for every Hùng, unless both units are known and differ. An account of a unit that bears
    the unit's name is nobody.
    """
    if principal.role is Role.UNIT and _UNIT.match(f"{clean(principal.name)} "):
        return False
    typed = own_name(principal.name)
    own = [fold(word) for word in typed]
    if not own:
        return False
    record = case.record
    elsewhere = principal.unit is not None and record.unit is not None and principal.unit != record.unit
    staff, added = clean(record.staff or ""), [clean(text) for text in case.additions]
    if _is_staff(own, typed, staff, bare=not elsewhere):
        return True
    if any(_in_story(own, typed, text) for text in (clean(record.narrative), *added)):
        return True
    return not elsewhere and any(match[1] == own[-1] for text in added for match in _NAMED.finditer(plain_of(text)))


def own_name(name: str) -> list[str]:
    """Return a person's name as its words, without what stands around it: brackets, ranks, abbreviations, titles."""
    text = _NAME_ENDS.split(clean(name).strip(), maxsplit=1)[0]
    while title := _TITLE.match(text):
        text = text[title.end() :]
    words = [word for word in _words(text) if _VOWEL.search(fold(word))]
    while len(words) > 2 and words[0].casefold() in _RANK:
        words = words[1:]
    rank = next((at for at, word in enumerate(words) if at > 1 and word.casefold() in _RANK), len(words))
    return words[:rank]


def about_hotline(case: Case) -> bool:
    """True when somebody of a hotline is accused: by description, or by a story that names no unit."""
    record = case.record
    if any(word in fold(record.staff or "") for word in _HOTLINE_WORDS):
        return True
    pattern = _OPERATOR_DID if record.unit or record.unit_options else _LINE
    return any(pattern.search(fold(text)) for text in (record.narrative, record.story.said or "", *case.additions))


def _is_staff(own: Sequence[str], typed: Sequence[str], staff: str, *, bare: bool) -> bool:
    words = _words(fold(staff))
    if len(own) > 1 and (_holds(words, own) or (len(own) > 2 and _holds(words, own[-2:]))):
        return True
    for part in _PLACE.split(_AREA.sub(",", staff)):
        for run in names_of(part):
            name = [fold(word) for word in run]
            if _same_person(name, own):
                return True
            if bare and run[0][:1].isupper() and (name == [own[-1]] or (len(own) == 1 and name[-1] == own[0])):
                return True
    # Who was registered with a description in place of a name: the one word that is left.
    left = [word for word in words if word not in NO_NAME]
    alone = left == [own[-1]] and left[0] not in _SEX
    return bare and (alone or any(_reads(word, own[-1], typed[-1]) for word in _called(staff)))


def _called(staff: str) -> Iterator[str]:
    """Yield the words after titles that may be given names, as they are typed."""
    plain = plain_of(staff)
    at = 0
    while match := _CALLED.search(plain, at):
        start, end = match.span("name")
        at = max(match.start() + 1, match.start("name") - 1)
        word, following = staff[start:end], staff[end : end + 2].strip()
        if _DESCRIBED.match(plain, start) or (following[:1].isupper() and word[:1].isupper()):
            continue  # «anh Mai Văn Hùng» is no Mai
        if match["job"] and not word[:1].isupper() and (following or match["name"] in _SEX):
            continue
        yield word


def _reads(word: str, folded: str, typed: str) -> bool:
    if fold(word) != folded:
        return False
    bare = plain_of(word) == word.lower() or plain_of(typed) == typed.lower()
    return bare or word[:1].isupper() or _letters(word) == _letters(typed)


def _letters(word: str) -> list[str]:
    """Return letters and marks apart, so that «hoà» and «hòa» are the same."""
    return sorted(unicodedata.normalize("NFD", word.lower()))


def _in_story(own: Sequence[str], typed: Sequence[str], text: str) -> bool:
    words = _words(fold(text))
    if own[-1] not in words or len(own) < 2:
        return False
    if len(own) > 2 and _holds(words, own):
        return True
    # Two words without accents are too often ordinary ones («mình anh», Minh Anh).
    if len(own) == 2 and _holds(_words(text.casefold()), [word.casefold() for word in typed]):
        return True
    spans = people_places(text, plain_of(text))
    return any(_same_person(_words(fold(text[start:end])), own) for start, end in spans)


def _same_person(name: Sequence[str], own: Sequence[str]) -> bool:
    """True for the same family and given name, unless both have middle names and share none."""
    if len(name) < 2 or len(own) < 2 or name[0] != own[0] or own[-1] not in name[1:]:
        return False
    middle, others = set(name[1 : name.index(own[-1], 1)]), set(own[1:-1])
    return not middle or not others or bool(middle & others)


def _words(text: str) -> list[str]:
    return "".join(sign if sign.isalnum() else " " for sign in text).split()


def _holds(words: Sequence[str], part: Sequence[str]) -> bool:
    return any(list(words[at : at + len(part)]) == list(part) for at in range(len(words) - len(part) + 1))
