"""Sums of money as people write them: «500k», «2tr5», «năm trăm nghìn», «nửa triệu», «2 củ», «3 lít»."""

import re
from dataclasses import dataclass
from enum import IntEnum

from bot.core.story.line import Line, Phrase, bare
from bot.core.story.numerals import WORDS, number

_THOUSAND = r"(?:nghìn|ngàn|k|ng)"
_MILLION = r"(?:triệu|tr|củ|trịu|chai)"
_DONG = r"(?:đồng(?! (?:chí|ý|hồ|nghiệp|thời|bào|sự|bộ|hương|phục))|đ|vnđ|vnd)"
_HUNDREDS = rf"(?P<h>{WORDS}|\d{{1,2}}|mấy|vài) trăm(?: (?P<t>{WORDS}|rưỡi|linh {WORDS}|lẻ {WORDS}))?"
_DECIMAL = r"(?P<n>\d{1,4}(?:[.,]\d{1,2})?)"
# Words before a sum that was asked for or given, which outranks a fee, and lets a bare «500» be thousands.
_GIVEN = Phrase(
    r"(?:đòi|vòi|đưa|gợi ý|lót tay|bồi dưỡng|biếu|kẹp|phong bì|bắt nộp|bắt đóng|thu thêm|đòi thêm|xin thêm|xin|lấy"
    r"|chi|cà phê|nhét|dúi|chung|cho|nộp thêm|đút|quà|chuyển khoản|chuyển|bôi trơn|tiêu cực phí|nhận|ăn|(?:họ|nó"
    r"|ấy|ta|bộ|viên) thu)(?: (?!phí|lệ phí)[^ .,;!?]+){0,5}$"
)
_PAID = Phrase(r"(?:nộp|đóng|thu|mất|hết|trả|tiền|phí|giá|tốn|phạt|khoảng|tầm)(?: [^ .,;!?]+){0,3}$")
_THING = (
    r"(?:xăng|nước|rượu|bia|dầu|sữa|máu|khoai|hành|tỏi|sắn|người|dân|hồ sơ|lần|tờ|bản|lượt|hộ|nhân khẩu|m|m2|mét"
    r"|km|kg|công dân|phút|giờ|ngày|tháng|năm|tiếng|tuổi|cái|bộ|usd|đô|euro)"
)
_THING_AFTER = Phrase(_THING)


@dataclass(frozen=True)
class _Sum:
    start: int
    end: int
    dong: int
    rank: int


def amount(line: Line) -> int | None:
    """Return the sum in đồng that the story is about: one asked for or given before any other; None without one."""
    taken = bytearray(len(line.read))
    found: list[_Sum] = []
    for phrase, value, sure in _RULES:
        for match in phrase.finditer(line):
            start, end = match.span()
            if taken.find(1, start + 1, end) >= 0:
                continue
            dong = value(match)
            given = _GIVEN.ends(line, start)
            paid = given or _PAID.ends(line, start)
            if dong is None or _is_thing(line, match, sure=sure, given=given, paid=paid):
                continue
            taken[start + 1 : end] = b"\x01" * (end - start - 1)
            found.append(_Sum(start, end, dong, 0 if given else 1))
    return min(found, key=lambda item: (item.rank, item.start)).dong if found else None


class _Sure(IntEnum):
    """What a pattern needs before it to be money: nothing, a word of paying, or one of asking and giving."""

    ALONE = 0
    PAID = 1
    GIVEN = 2


def _is_thing(line: Line, match: re.Match[str], *, sure: int, given: bool, paid: bool) -> bool:
    if _THING_AFTER.begins(line, match.end()):
        return True
    unit = bare(match.groupdict().get("u") or "")
    if unit == "nghin" and not paid and line.said(*match.span("u")) in "kK" and not line.touching(match.start("u")):
        return True  # «đến 5 k ai tiếp» is «đến 5, không ai tiếp»
    if unit in ("lit", "xi", "chai", "ng", "loet") and not paid:
        return True  # «3 lít», «2 chai» of something
    if unit == "cu" and line.bare and not paid:
        return True  # «2 cụ»
    return (sure == _Sure.PAID and not paid) or (sure == _Sure.GIVEN and not given)


def _scaled(digits: str, unit: int) -> int | None:
    whole, _, part = digits.replace(",", ".").partition(".")
    value = int(whole) * unit + (int(part) * unit // 10 ** len(part) if part else 0)
    return value if 0 < value <= _MOST else None


# Whoever tells of more has written something else.
_MOST = 10**12


def _grouped(match: re.Match[str]) -> int | None:
    value = int(re.sub(r"[.,]", "", match["n"]))
    return value if 0 < value <= _MOST else None


def _million(match: re.Match[str]) -> int | None:
    groups = match.groupdict()
    base = _scaled(groups["n"], 10**6) if groups.get("n") else number(groups["w"]) * 10**6
    rest = groups.get("r")
    if base is None or rest is None:
        return base
    if bare(rest) == "ruoi":
        return base + 500_000
    count = number(rest)
    return base + count * (100_000 if count < 10 else 1000)  # «2tr5», «1tr250»


def _thousand(match: re.Match[str]) -> int | None:
    groups = match.groupdict()
    return _scaled(groups["n"], 1000) if groups.get("n") else number(groups["w"]) * 1000


def _hundreds(match: re.Match[str]) -> int | None:
    if bare(match["h"]) in ("may", "vai"):
        return None
    value = number(match["h"]) * 100
    tail = bare(match["t"] or "")
    if tail == "ruoi":
        value += 50
    elif tail:
        rest = tail.removeprefix("linh ").removeprefix("le ")
        value += number(rest) * (10 if number(rest) < 10 and rest == tail else 1)
    unit = bare(match.groupdict().get("u") or "")
    return value * (10**6 if unit in ("trieu", "tr", "cu") else 1000)


def _million_hundreds(match: re.Match[str]) -> int | None:
    millions = match["m"]
    above = _scaled(millions, 10**6) if millions[0].isdecimal() else number(millions) * 10**6
    below = _hundreds(match)
    return above + below if above and below else None


def _half(match: re.Match[str]) -> int:
    return {"tram": 50_000, "trieu": 500_000, "cu": 500_000, "ty": 500_000_000, "ti": 500_000_000}[bare(match["v"])]


_RULES = (
    # 1.500.000đ, 500.000 đồng, 50000đ
    (Phrase(rf"(?P<n>[1-9]\d{{0,2}}(?:[.,]\d{{3}})+)(?: (?P<u>{_DONG}))"), _grouped, _Sure.ALONE),
    (Phrase(rf"(?P<n>[1-9]\d{{3,11}})(?: (?P<u>{_DONG}))"), _grouped, _Sure.ALONE),
    (Phrase(r"(?P<n>[1-9]\d{0,2}(?:[.,]\d{3}){2,3})"), _grouped, _Sure.ALONE),
    (Phrase(r"(?P<n>[1-9]\d{0,2}[.,]\d{3}|[1-9]\d{4,8})"), _grouped, _Sure.PAID),
    # hai triệu năm trăm nghìn; hai trăm năm mươi nghìn, 5 trăm
    (
        Phrase(rf"(?P<m>\d{{1,3}}|{WORDS}) {_MILLION} {_HUNDREDS}(?: {_THOUSAND})?(?: {_DONG})?"),
        _million_hundreds,
        _Sure.ALONE,
    ),
    (Phrase(rf"{_HUNDREDS}(?: (?P<u>{_THOUSAND}|{_MILLION}))(?: {_DONG})?"), _hundreds, _Sure.ALONE),
    (Phrase(rf"{_HUNDREDS}(?: {_DONG})?"), _hundreds, _Sure.PAID),
    # nửa triệu, 2 triệu rưỡi, 2tr5, 1,5 triệu, hai triệu
    (Phrase(r"nửa (?P<v>trăm|triệu|củ|tỷ|tỉ)"), _half, _Sure.ALONE),
    (
        Phrase(
            rf"(?:{_DECIMAL}|(?P<w>{WORDS})) (?P<u>{_MILLION})(?: (?P<r>rưỡi|\d{{1,3}}"
            rf"|{WORDS})(?! {_THING} ))?(?: {_THOUSAND})?(?: {_DONG})?"
        ),
        _million,
        _Sure.ALONE,
    ),
    (Phrase(rf"{_DECIMAL} (?:tỷ|tỉ|tỏi)(?: {_DONG})?"), lambda m: _scaled(m["n"], 10**9), _Sure.ALONE),
    # 500k, năm mươi nghìn, 3 lít, 5 chục
    (Phrase(rf"(?:{_DECIMAL}|(?P<w>{WORDS})) (?P<u>{_THOUSAND})(?: {_DONG})?"), _thousand, _Sure.ALONE),
    (Phrase(r"(?P<n>\d{1,2}) (?P<u>lít|xị|loét)"), lambda m: int(m["n"]) * 100_000, _Sure.ALONE),
    (Phrase(r"(?P<n>\d{1,2}) chục(?: (?:nghìn|ngàn|k))?"), lambda m: int(m["n"]) * 10_000, _Sure.PAID),
    (Phrase(rf"(?P<w>{WORDS})(?<=(?:mươi|chục))(?: {_DONG})?"), lambda m: number(m["w"]) * 1000, _Sure.GIVEN),
    # đòi 500
    (
        Phrase(r"(?P<n>[1-9]\d{1,2})(?= (?:[.,;!?)]|thì|mới|mà|cho|để|nữa|rồi|nhưng|luôn|$))"),
        lambda m: int(m["n"]) * 1000,
        _Sure.GIVEN,
    ),
)
