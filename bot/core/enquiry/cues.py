"""What a turn's wording says beside its topic: comparing, correcting, going back, a level, a personal case. Pure."""

import re
from dataclasses import dataclass, field

from nlu.text import clean, expand, strip_accents

_I = r"(?:toi|tui|em|chau|con|bac|minh|to|co|chu)"
_MINE = rf"(?:{_I}|(?:nha|bo|me|ong|ba|vo|chong|anh|chi|con|gia dinh) (?:{_I}|minh))"
_FILL = r"(?:a|da|oi|e|u|um|the|vay|the thi|vay thi|nhung|ma)"

_COMPARES = re.compile(
    r"\b(?:khac (?:gi|nhau|biet|the nao|ra sao|nhu the nao|cho nao|o (?:cho|diem) (?:nao|gi))|so sanh|phan biet"
    r"|(?:co |thi )?giong (?:nhau|va khac)"
    r"|(?:cai|ben|thu tuc|viec|loai) nao (?:thi )?(?:nhanh|re|de|don gian|it giay to|loi|tot|lau"
    r"|nhieu)(?: \S+)? hon)\b"
)
# «A có khác B không» compares only where both are found: «khác phường có nộp được không» does not.
_MAY_COMPARE = re.compile(r"\S co khac \S.*\b(?:khong|ko)\b")
_COMPARISON_TAIL = re.compile(r"[\s,]*\b(?:(?:thi|la|no|chung|co|diem|cho|su|su khac biet)\s+)*(?:khac|giong)\b.*$")
_COMPARISON_HEAD = re.compile(
    r"^(?:.*?\b(?:so sanh|phan biet)(?: giup| ho| gium)?(?: toi| em| chau)?"
    r"|(?:cho )?(?:toi|em|chau|minh)? ?(?:muon )?hoi)\s+"
)
_BETWEEN = re.compile(r"\s+(?:voi|va|so voi|hay la|hay|hoac)\s+")
_DIFFERS_FROM = re.compile(
    r"\s+(?:thi )?(?:co )?khac(?>(?: (?:gi|the nao|cho nao|o dau)\b)*)(?>(?: (?:so )?voi)?)\s+"
    r"(?!(?:nhau|biet|khong|o)\b)"
)
_DANGLING = re.compile(
    r"\s*(?:khong|ko|vay|the|a|ha|nhi|nhe|o (?:diem|cho) nao|cho nao|the nao|gi|dau|nhau|[?.!,])+$"
)
_EITHER = re.compile(r"\s+hay(?: la)?\s+")

_WRONG = (
    rf"(?:{_FILL}[\s,]+)*(?:khong phai(?: (?:the|vay|cai do|y do|thu tuc (?:nay|do)|cai nay))?(?: dau)?"
    r"|khong dung(?: roi)?|khong|ko(?: phai)?|k phai|nham(?: roi| thu tuc roi)?|sai(?: roi"
    r"| thu tuc roi)?|lon roi|dau phai|chua dung(?: y \S+)?"
    r"|khong lien quan|lac de roi|dinh chinh(?: lai)?|sua lai|doi lai|hieu (?:sai|nham)(?: y \S+)?(?: roi)?)"
)
_SAID = (
    rf"(?:{_I} )?(?:y (?:cua )?{_I} (?:muon )?(?:la|noi|hoi)|y la|(?:muon |dinh |dang )?(?:hoi|noi|can|tim)"
    r"(?: la| ve| den| toi| cho)?|muon|thanh)"
)
_INSTEAD = re.compile(rf"^{_WRONG}\s*(?:[,.;:!]+|(?={_SAID}\b))\s*(?:{_FILL}[\s,]+)*(?P<kept>\S.*)$")
_MEANT = re.compile(rf"^(?:{_FILL}[\s,]+)*(?:y {_I} (?:muon )?(?:la|noi|hoi)|y la)\s+(?P<kept>\S.*)$")
_NOT_BUT = re.compile(
    r"\b(?:khong|ko|k|dau|hong) phai(?: la)?\s+(?P<negated>[^,.;:!?]+?)"
    r"\s*(?:[,.;:!]+|\s+ma(?: la)?\s)\s*(?P<kept>\S.+)$"
)
_AND_NOT = re.compile(
    r"^(?P<kept>.*?)[\s,;]*\bch[uo] (?:khong|ko|dau)(?: co)?(?: (?:phai|la|can|muon|hoi|lay|bao))*"
    r"\s+(?P<negated>[^,;:!?]+?)(?: dau)?[.!?]*$"
)
_KEPT_HEAD = re.compile(rf"^(?:{_SAID}\s+)?(?:la\s+)?(?:(?:ve )?(?:cai|thu tuc)\s+(?!nay\b|do\b|kia\b|ay\b))?")
_CLAUSE = re.compile(r"[^\s,;.!?][^,;.!?]*")
_KEPT_TAIL = re.compile(r"\s*(?:\b(?:co ma|ma|co|chu|a|nhe|nha|day|kia|that ra)\b|[.!,])+$")

_ASKING = (
    r"\?|\b(?:gì|chi|nào|đâu|mô|mấy|sao|ai|cần|phải|không|ko|hông|chưa)$"
    r"|\b(?:gì|nào|đâu|mấy (?:ngày|tháng|bản|bộ)|bao (?:nhiêu|lâu|giờ)|khi nào|làm sao|ra sao|thế nào|những gì)\b"
)
# As typed, and for a text without accents: «đầu» is not «đâu».
_ASKS = {False: re.compile(_ASKING), True: re.compile(strip_accents(_ASKING))}
_REJECTS = re.compile(
    rf"^(?:{_FILL} )*(?:deu )?(?:khong|ko|k|chang|dau) (?:phai|dung)(?: (?:la|mot trong))*(?: (?:cac|may|nhung|ca))?"
    r" (?:cai|viec|thu tuc|y|loai|muc|hai cai|ba cai) (?:nay|do|nao|ay|kia|tren)\b[^,;]*$"
)
_RETURNS = re.compile(
    r"\b(?:quay (?:lai|ve)|tro (?:lai|ve)|noi tiep|ve lai)\s+"
    r"(?:(?:voi|cai|thu tuc|viec|chuyen|vu|van de|cau|phan)\s+)+"
    r"|\b(?:luc|hoi|ban|khi|vua) (?:nay|truoc)\b"
)
# Without accents «lúc nãy» reads like «lúc này», «hồi nãy» like «hội này».
_NOT_BEFORE = re.compile(r"\b\w+ (?:này|nầy|nay)$")
_ANOTHER = re.compile(r"(?:(?:cai|thu tuc|viec|chuyen|cho) )?khac")

# «thế còn cấp lại thì sao»; «con» alone is also «con tôi», «còn hạn».
_GOES_ON = re.compile(
    r"^(?:(?:the |vay |va |roi )+con|con(?= .* (?:thi|sao)\b))"
    r" (?P<what>(?!toi\b|em\b|han\b|hieu luc\b).+?)(?: (?:thi sao|thi the nao|thi|sao))?\W*$"
)

_REFERS = re.compile(
    r"\b(?:(?:cai|viec|chuyen|vu|thu tuc|loai|giay|ho so|phan) (?:do|ay|nay|kia|tren|vua roi)|no)\b"
    r"(?! (?:chua|sao|bi)\b)"
)
_BOTH = re.compile(
    r"\b(?:(?:hai|2|ca hai|ba|3|may|cac) (?:cai|thu tuc|viec|loai|thang)(?: (?:do|ay|nay|kia|tren))?"
    r"|ca hai|chung(?! toi| minh)|no)\b"
)

_COMMUNE = re.compile(
    r"\b(?:(?:o |len |ra |ve |tai |duoi )?(?:cap )(?:xa|phuong|co so)"
    r"|(?:o|len|ra|ve|tai|duoi|ngoai|tren|cua|trong|toan) (?:uy ban |ubnd )?(?:xa|phuong))"
    r"(?! (?:hoi|nao|gia|an|phap|tien))\b|^(?:xa|phuong)\b\W*$"
)
_PROVINCE = re.compile(
    r"\b(?:(?:o |len |tai |tren )?cap (?:tinh|thanh pho|so)"
    r"|(?:o|len|tai|tren|ra) (?:tinh|thanh pho|so noi vu|so))(?! nao)\b"
    r"|^(?:(?:toan )?thanh pho|tinh|so(?: noi vu)?)\b\W*$"
)
_DISTRICT = re.compile(r"\b(?:cap|o|tai|cua|phong noi vu|ubnd|uy ban) (?:huyen|quan)\b(?! (?:doi|su|nhan|dich|ly))")

_FILE = re.compile(
    rf"\b(?:ho so|don|giay to|vu|truong hop) (?:cua |ma )?{_MINE}\b.*"
    rf"\b(?:sao|chua|den dau|toi dau|bi tra|bi tu choi|duyet|ra sao|ket qua|tra loi|xong)\b"
    rf"|\b(?:sao|vi sao|tai sao)\b.*\b(?:ho so|don)\b.*\b(?:chua|bi (?:tra|tu choi)|lau)\b"
    rf"|\b{_MINE} (?:da )?nop\b.*\b(?:chua (?:thay|co|duoc|nhan)|mai khong)\b"
)
_QUALIFIES = re.compile(
    rf"\b{_MINE}\b.*\b(?:duoc|du dieu kien|thuoc dien|du tieu chuan|co (?:quyen|the))\b.*"
    r"\b(?:khong|chua|ko|k)\b[\s?.a]*$"
)
_PERSON = re.compile(
    r"\b(?:viet|dien|soan|lam|ke khai|ghi) (?:giup|ho|gium|dum|thay)\b(?! (?:toi|em|chau) (?:hoi|xin))"
    rf"|\b(?:truong hop|hoan canh) (?:cua )?{_MINE}\b.*\b(?:phuc tap|dac biet|rieng|kho noi|rac roi)\b"
    r"|\btinh (?:giup|ho|gium|dum|xem)\b.*\b(?:muc|tien|luong|bao nhieu|duoc huong)\b"
    r"|\b(?:tranh chap|kien (?:ra )?toa|khoi kien)\b"
)


@dataclass(frozen=True)
class Correction:
    """The words that are meant and those that are not; either may be empty. `clauses` are the meant ones apart."""

    kept: str
    negated: str
    clauses: tuple[str, ...] = field(default=(), compare=False)


class Cues:
    """The reading of one cleaned text. Parts of it are given with chat words written out, accents as typed."""

    def __init__(self, text: str) -> None:
        self.text = " ".join(expand(clean(text)).split())
        folded = strip_accents(self.text.lower())
        if len(folded) != len(self.text):
            self.text = folded
        self._folded = folded

    @property
    def asks(self) -> bool:
        """True when the words themselves ask something."""
        typed = self.text.lower()
        return bool(_ASKS[typed.isascii()].search(typed))

    @property
    def compares(self) -> bool:
        """True when differences are asked for in so many words."""
        return bool(_COMPARES.search(self._folded))

    @property
    def may_compare(self) -> bool:
        """True also where differences may be meant («A có khác B không»)."""
        return self.compares or bool(_MAY_COMPARE.search(self._folded))

    @property
    def about_several(self) -> bool:
        """True when several things named before are meant («hai cái đó»)."""
        return bool(_BOTH.search(self._folded))

    def sides(self) -> tuple[tuple[str, str], ...]:
        """Return the possible pairs of what is compared, or of «A hay B»; empty where nothing is split."""
        start, end = 0, len(self.text)
        if self.may_compare:
            if match := _DIFFERS_FROM.search(self._folded):
                return self._pair(0, match.start(), match.end(), end)
            if match := _COMPARISON_TAIL.search(self._folded):
                end = match.start()
            if match := _COMPARISON_HEAD.match(self._folded[:end]):
                start = match.end()
            joints = _BETWEEN
        else:
            joints = _EITHER
        pairs = (self._pair(start, m.start(), m.end(), end) for m in joints.finditer(self._folded, start, end))
        return tuple(pair for found in pairs for pair in found)

    def _pair(self, start: int, left: int, right: int, end: int) -> tuple[tuple[str, str], ...]:
        tail = _DANGLING.search(self._folded[right:end])
        end = right + tail.start() if tail else end
        one, other = self.text[start:left].strip(" ,.?!"), self.text[right:end].strip(" ,.?!")
        return ((one, other),) if one and other else ()

    @property
    def correction(self) -> Correction | None:
        """Return what is meant instead of what was understood, or None."""
        for pattern in (_AND_NOT, _NOT_BUT, _INSTEAD, _MEANT):
            if match := pattern.search(self._folded):
                groups = match.groupdict()
                negated = self.text[slice(*match.span("negated"))].strip(" ,.") if groups.get("negated") else ""
                start, end = match.span("kept")
                parts = [part.span() for part in _CLAUSE.finditer(self._folded, start, end)]
                clauses = tuple(filter(None, (self._kept(*span) for span in parts)))
                return Correction(self._kept(start, end), negated, clauses)
        return None

    @property
    def rejects(self) -> bool:
        """True when what was said or offered is refused and nothing named instead («không phải các việc này»)."""
        return bool(_REJECTS.match(self._folded))

    def _kept(self, start: int, end: int) -> str:
        """Return the meant words without «tôi hỏi», «không, ý tôi là» before and «cơ», «chứ» after them."""
        if inner := _INSTEAD.match(self._folded[start:end]):
            start += inner.start("kept")
        if head := _KEPT_HEAD.match(self._folded[start:end]):
            start += head.end()
        if tail := _KEPT_TAIL.search(self._folded[start:end]):
            end = start + tail.start()
        return "" if _ANOTHER.fullmatch(self._folded[start:end].strip()) else self.text[start:end].strip(" ,.?!")

    @property
    def returning(self) -> str | None:
        """Return the words left when an earlier matter is called back («quay lại cái … lúc nãy»), or None."""
        match = _RETURNS.search(self._folded)
        if match is None:
            return None
        typed = self.text[slice(*match.span())].lower()
        if _NOT_BEFORE.fullmatch(typed) and not typed.isascii():
            return None
        return self._without(_RETURNS)

    @property
    def going_on(self) -> str | None:
        """Return what is asked on about («thế còn cấp lại thì sao» → cấp lại), or None."""
        match = _GOES_ON.match(self._folded)
        return self.text[slice(*match.span("what"))] if match else None

    @property
    def refers(self) -> bool:
        """True when something named before is meant («cái đó», «thủ tục ấy»)."""
        return bool(_REFERS.search(self._folded))

    @property
    def level(self) -> str | None:
        """Return xã, tỉnh or huyện where one of them is named as the level, or None."""
        commune, province = _COMMUNE.search(self._folded), _PROVINCE.search(self._folded)
        if commune and province:
            return None
        former = "huyện" if _DISTRICT.search(self._folded) else None
        return "xã" if commune else "tỉnh" if province else former

    @property
    def without_level(self) -> str:
        """Return the text without the words that name a level."""
        return self._without(_COMMUNE, _PROVINCE, _DISTRICT)

    @property
    def file(self) -> bool:
        """True when the state of the citizen's own file is asked for."""
        return bool(_FILE.search(self._folded))

    @property
    def qualifies(self) -> bool:
        """True when the citizen asks whether they themselves may have it."""
        return bool(_QUALIFIES.search(self._folded))

    @property
    def needs_person(self) -> bool:
        """True when something is asked that only a person can do: write it, judge it, work it out."""
        return bool(_PERSON.search(self._folded))

    def _without(self, *patterns: re.Pattern[str]) -> str:
        kept = self.text
        for pattern in patterns:
            folded = strip_accents(kept.lower())
            for match in reversed(list(pattern.finditer(folded))):
                kept = f"{kept[: match.start()]} {kept[match.end() :]}"
        return " ".join(kept.split()).strip(" ,.")
