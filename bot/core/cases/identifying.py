"""What in a story tells who told it, besides names and numbers: patterns on text without accents, in lower case.

Where a pattern has a group `x`, that is what is replaced; else the whole of it.
"""

import re

_W = r"[^\s,.;:!?\[\]()\"«»“”]+"
# Words with which a clause goes on, so that what identifies has ended.
_STOP = (
    r"(?:den|di|ra|len|toi|nop|lam|muon|bi|co|xin|can|o|da|vua|hom|sang|chieu|thi|ma|va|nhung|khi|vi|nen|hien|dang|phai"
    r"|duoc|khong|ko|k|chua|de|cho|hoi|bao|gui|viet|goi|rat|cung|van|lai|nhan|lay|trong|ngay|luc|tu|gap|yeu|noi)"
)
_NOT_STOP = rf"(?!{_STOP}(?![^\W_]))"


def _clause(most: int) -> str:
    return rf"{_NOT_STOP}{_W}(?: {_NOT_STOP}{_W}){{0,{most - 1}}}"


def _name(most: int) -> str:
    """A name may begin with a word like those («Hợi», «Vân»)."""
    return rf"{_W}(?: {_NOT_STOP}{_W}){{0,{most - 1}}}"


_SELF = r"(?<![^\W_])(?:toi|em|chau|minh|con|tui|tao)"
_WHOSE = r"(?:toi|em|chau|minh|con|tui|nha toi|nha em|nha minh)"
_RELATIVE = (
    r"(?:me|bo|ba|ma|cha|thay|u|vo|chong|con|chau|anh|chi|em|ong|co|chu|bac|di|cau|mo|thim|ban|hang xom|sep)"
    r"(?: (?:trai|gai|ruot|noi|ngoai|dau|re|ho|ca|ut|ke|chong|vo|lon|be|de|nuoi|than|cung phong|ban))*"
)
_TEN = r"(?:mot|hai|ba|bon|nam|sau|bay|tam|chin|muoi|tu|lam|ram|moi)"
_COUNTED = r"(?:tang|quay|cua|phong|noi|nguoi|lan|ngay|gio|tieng|phut|tuan|thang|co quan|dau|khu|phuong|xa|don vi)"
# «ngõ 5, phố Huế»: an address goes on over commas.
_MORE = rf"(?:,? (?:so|ngo|ngach|hem|pho|duong|to|tdp|thon|xom|khu|cum|toa|tang|can)(?: {_NOT_STOP}{_W}){{1,4}})*"

PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (placeholder, re.compile(pattern))
    for placeholder, pattern in (
        # «tôi là …», «em tên là …», «ký tên: …»; not «ý tôi là», «mong muốn của tôi là»
        (
            "[người gửi]",
            rf"(?<!y )(?<!cua )(?<!voi )(?<!theo )(?<!vo )(?<!me )(?<!bo )(?<!anh )(?<!chi ){_SELF}"
            rf"(?: xin| von| chinh)?(?: (?:ten )?la| ten(?: la)?|, ten(?: la)?)[: ]+(?P<x>{_clause(8)})",
        ),
        ("[người gửi]", rf"(?<![^\W_])(?:bac|co|chu|ong|ba|anh|chi) ten(?: la)?+[: ]+(?P<x>{_name(5)})"),
        ("[người gửi]", rf"(?<![^\W_])ten (?:cua )?{_WHOSE}(?: la)?+[: ]+(?P<x>{_name(5)})"),
        (
            "[người gửi]",
            rf"(?<![^\W_])(?:ky ten|nguoi (?:gui|viet|phan anh|lam don|to cao|khieu nai)|ho (?:va )?ten)"
            rf"(?: (?:la|toi la|toi|em|chau))?+[: ]+(?P<x>{_name(5)})",
        ),
        # «mẹ tôi là bà …», «con gái em tên …»
        (
            "[người thân]",
            rf"(?<![^\W_])(?P<x>{_RELATIVE} {_WHOSE}(?:,? (?:ten )?la|,? ten(?: la)?)[: ]+{_clause(8)})",
        ),
        ("[trường lớp]", rf"(?<![^\W_])(?:hoc )?lop \d\w*(?:[ /.]?\w?\d)?(?: truong {_clause(6)})?"),
        (
            "[trường lớp]",
            rf"(?<![^\W_])truong (?:tieu hoc|thcs|thpt|mam non|mau giao|dai hoc|cap \d|th) {_clause(5)}",
        ),
        (
            "[nơi làm việc]",
            rf"{_SELF}(?: (?:dang|hien|hien dang|tung))? (?:lam|cong tac|lam viec|day|day hoc|hoc|ban hang"
            rf"|kinh doanh)(?: viec)? (?:o|tai|ben|cho) (?P<x>(?!ho so|giay to|thu tuc){_clause(8)})",
        ),
        (
            "[nơi làm việc]",
            rf"(?<![^\W_])(?:cong ty|cty|xi nghiep|nha may|benh vien|toa soan|cua hang|quan (?:pho|com|bun|ca phe))"
            rf" {_clause(4)}",
        ),
        (
            "[tài khoản]",
            r"(?:https?://)?(?:www\.)?(?:fb|facebook|m\.facebook|zalo|tiktok|instagram)\.(?:com|me|vn)/[\w.@/?=-]+",
        ),
        # ages and birthdays
        ("[tuổi]", r"(?<![^\W_])(?:sinh (?:nam|ngay)|ngay sinh|nam sinh)[: ]+[\d./-]+"),
        ("[tuổi]", r"(?<![^\W_/])\d{1,3} ?(?:tuoi|t)(?![^\W_])"),
        ("[tuổi]", rf"(?<![^\W_]){_TEN}(?: {_TEN}){{0,2}} tuoi(?![^\W_])"),
        # addresses
        ("[địa chỉ]", rf"(?<![^\W_])(?:so nha|nha so|nha o so)[: ]+{_W}(?: {_NOT_STOP}{_W}){{0,6}}{_MORE}"),
        (
            "[địa chỉ]",
            rf"(?<![^\W_])(?:(?:so )?\d+\w{{0,2}} )?(?:ngo|ngach|hem|kiet)(?: so)? \d[\w/]*{_MORE}"
            rf"(?: (?:duong|pho) {_clause(4)})?",
        ),
        ("[địa chỉ]", rf"(?<![^\W_])(?:so )?\d{{1,4}}\w?(?:/\d+)* (?:duong|pho) {_clause(4)}{_MORE}"),
        (
            "[địa chỉ]",
            rf"(?<![^\W_])(?:to dan pho|tdp|to|doi|khu dan cu|cum|khu pho)(?: so)? \d{{1,2}}[a-d]?"
            rf"(?![\w.,/]*\d|[^\W_/]){_MORE}",
        ),
        ("[địa chỉ]", rf"(?<![^\W_])(?:thon|xom|ap) (?!tin(?![^\W_])){_clause(3)}{_MORE}"),
        (
            "[địa chỉ]",
            rf"(?<![^\W_])(?:chung cu|khu do thi|kdt|khu tap the|tap the|can ho|toa nha|toa|block)"
            rf"(?! an(?![^\W_])) {_clause(4)}{_MORE}",
        ),
        (
            "[địa chỉ]",
            rf"(?<![^\W_])(?:dia chi(?: nha)?(?: (?:cua )?{_WHOSE})?(?: ?:| la| o| tai)"
            rf"|(?:thuong tru|tam tru|cu tru|sinh song|ho khau|que|que quan|ngu)(?: (?:o|tai)|:)|que quan)"
            rf" ?(?P<x>{_clause(9)}{_MORE})",
        ),
        (
            "[địa chỉ]",
            rf"(?<![^\W_])(?:nha|gia dinh) {_WHOSE}(?: (?:hien|dang|nam))* (?:o|tai|gan|canh|sau|sat|doi dien)"
            rf" (?P<x>{_clause(8)}{_MORE})",
        ),
        (
            "[địa chỉ]",
            rf"{_SELF}(?: (?:hien|dang|song|cu tru|sinh song|sinh ra|von|la nguoi|la dan))* o(?: tai)? "
            rf"(?P<x>(?!quay|cua|phong (?:mot|so|\d|tiep|tu)|ubnd|uy ban|day|do|tru so|so |trung tam|co quan|noi|ben"
            rf"|bo phan|mot cua|phuong|xa |nha(?![^\W_])){_clause(8)}{_MORE})",
        ),
        # «ở 25 lý thường kiệt»
        (
            "[địa chỉ]",
            rf"(?<![^\W_])(?:o|tai|nha) (?:so )?(?P<x>\d{{1,4}}[a-z]?(?:/\d+)* (?!{_COUNTED}(?![^\W_]))"
            rf"{_NOT_STOP}{_W}(?: {_NOT_STOP}{_W}){{1,3}})",
        ),
        # accounts, tickets, codes
        (
            "[tài khoản]",
            rf"(?<![^\W_])(?:facebook|face|fb|zalo|nick|tik ?tok|instagram|telegram)(?: (?:cua )?{_WHOSE})?"
            rf"(?: (?:ten|la|ten la|nick)|:)+ ?(?P<x>{_clause(4)})",
        ),
        (
            "[mã hồ sơ]",
            r"(?<![^\W_])(?:ma (?:so )?(?:ho so|phieu|bien nhan|giay hen|tra cuu)|so (?:thu tu|ho so|bien nhan|phieu"
            r"|giay hen|bien lai)|stt|bien nhan|bien lai|giay hen|phieu hen|phieu so|ho so)"
            r"(?: (?:so|la|ma|cua toi|cua em|toi|em)|:)*"
            r" ?(?P<x>[a-z]{0,4}\d[\w/-]*(?:\.[\w/-]+)*)"
            r"(?! ?(?:ngay|tuan|thang|gio|lan|nam|nguoi|trang|ban|loai|to|bo|phut|cai)(?![^\W_]))(?![\w/-])",
        ),
    )
)
_STREET = re.compile(r"(?<![\w/.,-])(?:số )?\d{1,4}[A-Za-z]?(?:/\d{1,4})*((?: [^\W\d_]+){2,4})")
_BEFORE_NO_STREET = re.compile(r"(?:ngay|quay|cua|phong|tang|thang|luc|diem|muc|dieu|khoan|thu)(?: so)? $")


def street_places(text: str, plain: str) -> list[tuple[int, int]]:
    """Return where a text has a house number before a street's capitalised name («25 Lý Thường Kiệt»)."""
    found = []
    for match in _STREET.finditer(text):
        words = match[1].split()
        size = next(
            (at for at, word in enumerate(words) if not (word[0].isupper() and not word.isupper())), len(words)
        )
        if size >= 2 and not _BEFORE_NO_STREET.search(plain[: match.start()]):
            end = match.start(1) + sum(len(word) + 1 for word in words[:size])
            found.append((match.start(), end))
    return found
