"""A complaint as the model reads it: sentences of standard words, without what is denied or only asked."""

import re
from dataclasses import dataclass

from nlu.text import Normalizer, strip_accents

_TYPED = Normalizer(restoration=True)
_SENTENCE_END = re.compile(r"[.!?…;\n]")
_PAUSE = re.compile(r"[,:()\"“”«»–]| - ")
_AMOUNT = re.compile(r"[\d.,]+(?:tr|triệu|trieu|k|đ|d|vnd|vnđ|tỷ|củ|cành)\d*")
#: Longer sentences are read in stretches of this many words, each beginning half a stretch after the one before.
STRETCH = 18
# Fewer accented words than this share: typed without accents, apart from a slip of the keyboard.
_ACCENTED_SHARE = 0.2
#: A citizen's message is cut long before; whoever calls with more gets its beginning read.
MAX_CHARACTERS = 6_000

_I = r"(?:toi|tui|em|e|chau|con|bac|minh|to|tao|gia dinh toi|nha toi|ai|dan|nguoi dan)"
_WHO = (
    r"(?:ai|he|co|thay|bi|phai|la|dam|tung|bao gio|lan nao|mot lan|chuyen|viec|canh|can bo|nhan vien|ho|nguoi nao|nao"
    rf"|mot ai|y|anh ay|chi ay|co ay|{_I})"
)
_ACTS = (
    r"(?:quat|mang|chui|nat|la mang|hach dich|xuc pham|noi nang (?:ho|tho)|gat|doi (?:tien|qua|hoi|them|bat)|voi|vinh"
    r"|voi vinh|goi y|nhung nhieu|sach nhieu|nhan (?:tien|qua|phong bi)|lay (?:tien|cua)|xin tien"
    r"|thu (?:them|tien|phi)|lam kho|gay kho|kho de|phien ha|cua quyen|hanh (?:dan|toi|em)|de doa|doa|danh|quay roi"
    r"|hoi lo|tu choi|dun day|tre hen|cham|cham tre|huong dan sai|phan biet|phan anh can bo|lo thong tin|bi lo|sai"
    r"|chen ngang|co moi|bat toi)"
)
# «họ không quát», «chưa thấy ai đòi tiền»; but «chưa bao giờ bị quát như thế» says that it happened.
_DENIED = re.compile(
    rf"\b(?:khong|chua|chang|dau (?:co|ai)|ko)(?: {_WHO})* {_ACTS}\b"
    r"(?![^,.]*\b(?:nhu the|nhu vay|nhu rua|den the|den vay|kieu do|the nay)\b)"
    r"[^,.]*?(?=[,.]|\b(?:ma|nhung|chi|song|co dieu|tuy)\b|$)"
)
_SUPPOSES = re.compile(
    r"^\W*(?:(?:xin|cho|em|toi|chau|minh|tui|hoi|muon|hoi la|da|a|the|vay)\W+)*"
    r"(?:neu|gia su|gia du|gia nhu|vi du|vi nhu|lo ma|nho ma|lo|nho|trong (?:truong hop|tinh huong)|truong hop|lieu"
    r"|nho dau)\b"
)
_ASKS = re.compile(
    r"\?|\b(?:(?:bao|goi|phan anh|keu|gui|hoi|nho|lien he|khieu nai|to cao|thua) (?:cho |toi |den |o |vao |voi )*"
    r"(?:ai|dau|so nao|cho nao|co quan nao)|the nao|nhu nao|ra sao|lam sao|lam gi|lam j|thi sao|bi gi|bi j|quyen gi"
    r"|nen lam|ai (?:den|chiu|xu)|co duoc|co bi|co phai|co (?:noi|ai|co quan|cho) nao|bao lau|la gi)\b"
    r"|\b(?:khong|ko|chua)\W*(?:a|vay|nhi|ha)?\W*$"
)
# What the law says of such a thing is asked, not told.
_LAW = re.compile(
    r"\b(?:(?<!lam )theo luat(?! cu)|quy dinh nao|theo nghi dinh nao|o van ban nao|luat (?:cam|quy dinh)|quy che"
    r"|(?:thi|minh|toi|em|dan) (?:nen |phai |can )?(?:bao|goi|phan anh|to cao|khieu nai|gui|keu)"
    r" (?:cho |toi |voi |o |den )*(?:ai|dau|so nao|cho nao|co quan nao|noi nao)|muc nao|muon biet|hoi truoc cho biet"
    r"|(?:phan anh|to cao|khieu nai|bao) (?:o|cho|voi|toi) (?:dau|ai)|co vi pham|co bi (?:phat|ky luat)|co duoc phep"
    r"|bi (?:xu ly|xu phat|ky luat|phat|di tu|xu) (?:the nao|ra sao|gi|may|muc|hinh su|theo)|co nen|co that khong"
    r"|thi (?:theo luat )?bi (?:gi|j)|theo mau nao|nguoi dan (?:co|nen|duoc)|thi ai (?:den|chiu|boi thuong))\b"
)
_DATED = re.compile(
    r"\b(?:hom (?:qua|kia|no|truoc|bua)|sang nay|chieu nay|vua roi|vua nay|vua xong|tuan truoc|thang truoc|ngay \d+"
    r"|da bi|moi bi|vua bi|buc xuc|tuc qua)\b"
)
_MYSELF = re.compile(r"\b(?:toi|em|e|tui|chau|tao|me toi|bo toi|con toi) bi\b")


def _only_asked(bare: str) -> bool:
    """True for a sentence that supposes something, or asks what the law says of it: nothing has happened."""
    if _DATED.search(bare) or not (_ASKS.search(bare) or _LAW.search(bare)):
        return False
    return bool(_SUPPOSES.search(bare) or (_LAW.search(bare) and not _MYSELF.search(bare)))


@dataclass(frozen=True)
class Stretch:
    """Consecutive words of a text: `words` in their standard lower-case spelling, `plain` the same without accents.

    `line` is the stretch as one text with its pauses, `bare` the same without accents. `guessed` where the citizen
    typed no accents: those of `words` are likely ones then.
    """

    words: tuple[str, ...]
    plain: tuple[str, ...]
    line: str
    bare: str
    guessed: bool


def read(text: str) -> list[Stretch]:
    """Return the text's sentences in order, long ones whole; what is denied or only supposed is left out."""
    found: list[Stretch] = []
    lines, guessed = _lines(text[:MAX_CHARACTERS])
    for line in lines:
        bare = strip_accents(line)
        if _only_asked(bare):
            continue
        # Letter for letter the same length, as the text is composed (NFC).
        for match in reversed(list(_DENIED.finditer(bare)) if len(bare) == len(line) else []):
            line = f"{line[: match.start()]} {line[match.end() :]}"
        found += [_stretch(line, guessed)] if any(char.isalnum() for char in line) else []
    return found


def read_all(text: str) -> list[Stretch]:
    """Return the text's sentences in order, long ones whole, with all that they say."""
    lines, guessed = _lines(text[:MAX_CHARACTERS])
    return [_stretch(line, guessed) for line in lines if any(char.isalnum() for char in line)]


def stretches(sentence: Stretch) -> list[Stretch]:
    """Return the sentence, or overlapping stretches of it where it is long."""
    tokens = sentence.line.split()
    if len(sentence.words) <= STRETCH * 3 // 2:
        return [sentence]
    starts = range(0, max(1, len(tokens) - STRETCH // 2), STRETCH // 2)
    return [_stretch(" ".join(tokens[start : start + STRETCH]), sentence.guessed) for start in starts]


def _lines(text: str) -> tuple[list[str], bool]:
    """Return each sentence as its standard words, numbers as 0, « , » where a pause is; True: accents guessed."""
    standard = _TYPED.normalize(text)
    accented = sum(not text[word.start : word.end].isascii() for word in standard.words)
    lines: list[list[str]] = [[]]
    end = 0
    for word in standard.words:
        between = standard.text[end : word.at]
        if _SENTENCE_END.search(between) and lines[-1]:
            if "?" in between:
                lines[-1].append("?")
            lines.append([])
        elif _PAUSE.search(between) and lines[-1]:
            lines[-1].append(",")
        lines[-1].append(_shape(word.norm))
        end = word.at + len(word.norm)
    if "?" in standard.text[end:]:
        lines[-1].append("?")
    return [" ".join(line) for line in lines if line], accented <= _ACCENTED_SHARE * len(standard.words)


def _shape(word: str) -> str:
    if not word[0].isdigit():
        return word
    if _AMOUNT.fullmatch(word):
        return "0đ"
    return "0"


def _stretch(line: str, guessed: bool) -> Stretch:
    words = tuple(token for token in line.split() if token[0].isalnum())
    return Stretch(words, tuple(strip_accents(word) for word in words), line, strip_accents(line), guessed)
