"""How people name days, as patterns with what each means; tried in this order."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from bot.core.story.line import Phrase, bare
from bot.core.story.moments import (
    Resolver,
    ago,
    last_year,
    lately,
    months_ago,
    on,
    part_of_month,
    vague,
    week,
    weekday,
)
from bot.core.story.numerals import MONTH, NUMBER, SHORT, TENS, number

_CUE = r"(?:(?:vào|hôm|bữa|bựa|hồi|ngày|mùng|mồng) ){1,3}"
_ANY_CUE = r"(?:(?:vào|hôm|bữa|bựa|hồi|ngày|mùng|mồng) ){0,3}"
_WEEKDAY = (
    r"(?:(?:thứ|th) (?P<wd>hai|ba|tư|bốn|năm|sáu|bảy|bẩy|[2-7])|t (?P<wt>[2-7])|(?P<sun>chủ nhật|(?:hôm|ngày|sáng"
    r"|chiều|trưa) cn|cn(?= tuần| vừa| rồi| qua| này)))"
)
_RANGE = rf"{_WEEKDAY} (?:đến|tới|-) (?:hết )?(?:thứ|t) (?:ba|tư|năm|sáu|bảy|[3-7])"
_WHICH_WEEK = r"(?P<wk>này|nay|trước nữa|trước trước|trước|vừa rồi|vừa qua|mới rồi|rồi|qua|kia|sau nữa|sau|tới)"
_WEEK = rf"tuần {_WHICH_WEEK}"
_PART = r"(?:(?:buổi |lúc |đầu giờ |cuối giờ )?(?:sáng|trưa|chiều|tối|đêm)(?: sớm| muộn)? )?"
_WHICH_MONTH = r"(?P<mref>này|nay|trước|vừa rồi|vừa qua|rồi|qua|sau|tới)"
_JUST = r"(?: (?:vừa rồi|vừa qua|mới rồi|năm nay))?"
_COUNT = rf"(?P<n>{NUMBER}|nửa|vài|mấy|dăm)"
# «ba bốn bữa trước», «2-3 ngày trước»
_COUNTS = rf"{_COUNT}(?P<more> (?:một|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười)|(?<= [1-9]) (?:-|đến|tới|hoặc) [0-9])?"
_UNIT = r"(?P<u>ngày|hôm|bữa|bựa|tuần|tháng|năm)"
_ABOUT = r"(?:(?P<about>khoảng|tầm|độ|chừng|hơn|gần|đâu|đúng|được|có) ){0,2}"
_ELSEWHERE = r"(?! (?:phường|xã|bên|đó|đấy|nhà|chỗ|trung tâm|ủy ban|ubnd|sở))"


@dataclass(frozen=True)
class Rule:
    """A pattern, what its match means (None: no day), and whether words around can make it a count (`counts`)."""

    phrase: Phrase
    build: Callable[[re.Match[str]], Resolver | None]
    ahead: bool = False
    since: bool = False
    weak: bool = False
    weekday: bool = False
    counts: bool = False
    nothing: bool = False


_WEEKS = {"truoc nua": -2, "truoc truoc": -2, "kia": -2, "nay": 0, "sau nua": 2, "sau": 1, "toi": 1}
_MONTHS = {"nay": 0, "sau": 1, "toi": 1}
_WEEKDAYS = {"hai": 0, "ba": 1, "tu": 2, "bon": 2, "nam": 3, "sau": 4, "bay": 5}


def _weeks(match: re.Match[str]) -> int:
    return _WEEKS.get(bare(match["wk"]), -1)


def _months(match: re.Match[str]) -> int:
    return _MONTHS.get(bare(match["mref"] or "nay"), -1)


def _weekday(match: re.Match[str]) -> int:
    if match["sun"]:
        return 6
    name = bare(match["wd"] or match["wt"])
    return int(name) - 2 if name.isdecimal() else _WEEKDAYS[name]


def _full(match: re.Match[str]) -> Resolver:
    year = int(match["y"])
    return on(number(match["d"]), number(match["m"]), year if year > 99 else 2000 + year)


def _day_month(match: re.Match[str]) -> Resolver | None:
    day, month = number(match["d"]), number(match["m"])
    if match["cue"]:
        return on(day, month)
    # Without a word before it, «24/7» is «always», and «45/60» a share.
    return on(day, month) if 1 <= day <= 31 and 1 <= month <= 12 and (day, month) != (24, 7) else None


def _ago(match: re.Match[str]) -> Resolver:
    count, unit = bare(match["n"]), bare(match["u"])
    if count in ("vai", "may", "dam"):
        return vague
    days = {"tuan": 7, "thang": 30, "nam": 365}.get(unit, 1)
    if count == "nua":
        return ago(days // 2, roughly=True)
    if unit == "thang":
        return months_ago(number(count))
    said = match.groupdict()
    return ago(number(count) * days, roughly=days > 1 or bool(said.get("about") or said.get("more")))


def _month_part(match: re.Match[str]) -> Resolver:
    day = {"dau": 1, "giua": 15}.get(bare(match["at"]), 31)
    return part_of_month(day, month=number(match["m"])) if match["m"] else part_of_month(day, _months(match))


def _week_part(match: re.Match[str]) -> Resolver:
    return week(_weeks(match) if match["wk"] else 0, {"dau": 0, "giua": 2}.get(bare(match["at"]), 5))


def _range(match: re.Match[str]) -> Resolver:
    return weekday(_weekday(match), _weeks(match), roughly=True)


RULES: tuple[Rule, ...] = (
    # 15/11/2026, 15.11.26, 2026-11-15, ngày 15 tháng 11 năm 2026
    Rule(Phrase(rf"{_ANY_CUE}(?P<d>\d{{1,2}})([./-])(?P<m>\d{{1,2}})\2(?P<y>\d{{4}}|\d\d)"), _full),
    Rule(Phrase(r"(?P<y>\d{4})([/-])(?P<m>\d{1,2})\2(?P<d>\d{1,2})"), _full),
    Rule(Phrase(rf"{_ANY_CUE}(?P<d>\d{{1,2}}) ([./-]) (?P<m>\d{{1,2}}) \2 (?P<y>\d{{4}}|\d\d)"), _full),
    Rule(Phrase(rf"{_ANY_CUE}(?P<d>{SHORT})(?: tháng |/)(?P<m>{MONTH})(?: ,)?(?: năm | / |/)(?P<y>\d{{4}})"), _full),
    Rule(
        Phrase(rf"{_ANY_CUE}(?P<d>{SHORT})(?: tháng |/)(?P<m>{MONTH}) năm (?:ngoái|trước|rồi)"),
        lambda m: last_year(number(m["d"]), number(m["m"])),
    ),
    # A month of a year, or a year, names no day.
    Rule(
        Phrase(
            r"(?:(?:hồi|đầu|giữa|cuối|trong|từ) )?(?:tháng \d{1,2}(?:/| năm | / )(?:\d{4}|ngoái)|năm (?:ngoái|kia))"
        ),
        lambda _: vague,
    ),
    # mùng 2/9, ngày 15-11; 15/11
    Rule(Phrase(rf"(?P<cue>{_CUE})(?P<d>{SHORT})(?:/|\.| - | / | trên )(?P<m>\d{{1,2}}){_JUST}"), _day_month),
    Rule(Phrase(rf"(?P<cue>)(?P<d>\d{{1,2}})/(?P<m>\d{{1,2}}){_JUST}"), _day_month, counts=True),
    # ngày 3 tháng 10, ngày 15 tháng trước; 3 tháng 10
    Rule(Phrase(rf"(?P<cue>{_CUE})(?P<d>{SHORT}) (?:tháng|t) (?P<m>{MONTH}){_JUST}"), _day_month),
    Rule(
        Phrase(rf"{_CUE}(?P<d>{SHORT})(?: của| ,)? tháng {_WHICH_MONTH}"),
        lambda m: on(number(m["d"]), months=_months(m)),
    ),
    Rule(
        Phrase(rf"tháng {_WHICH_MONTH} (?:, )?{_PART}{_CUE}(?P<d>{SHORT})"),
        lambda m: on(number(m["d"]), months=_months(m)),
    ),
    Rule(Phrase(rf"tháng (?P<m>{MONTH}) (?:, )?(?P<cue>{_CUE})(?P<d>{SHORT})"), _day_month),
    Rule(Phrase(rf"(?P<cue>)(?P<d>{SHORT}) tháng (?P<m>{MONTH}){_JUST}"), _day_month, counts=True),
    # đầu tháng này, cuối tháng 9
    Rule(
        Phrase(rf"(?P<at>đầu|giữa|cuối) (?:tháng|t)(?: (?:{_WHICH_MONTH}|(?P<m>{MONTH}){_JUST}))?"),
        _month_part,
        counts=True,
    ),
    Rule(Phrase(r"(?:hồi|từ) t \d{1,2}"), lambda _: vague),
    # thứ ba tuần trước, tuần trước hôm thứ ba, thứ 2 vừa rồi, chủ nhật; thứ bảy hàng tuần is no day
    Rule(Phrase(rf"{_WEEKDAY} (?:hàng|hằng|mỗi|các) tuần"), lambda _: vague, nothing=True),
    # «tuần này, từ thứ hai đến thứ tư» begins on a day; without a week they are hours of work
    Rule(Phrase(rf"{_WEEK}(?: ,)?(?: (?:hôm|từ|ngày|các)){{0,2}} {_RANGE}"), _range),
    Rule(Phrase(rf"{_RANGE}(?: của| ,)? {_WEEK}"), _range),
    Rule(Phrase(_RANGE), lambda _: vague, nothing=True),
    Rule(
        Phrase(rf"(?:hôm |ngày )?{_WEEKDAY}(?: của| ,)? {_WEEK}"),
        lambda m: weekday(_weekday(m), _weeks(m)),
    ),
    Rule(
        Phrase(rf"{_WEEK}(?: ,)? (?:vào )?{_PART}(?:hôm |ngày |vào )?{_WEEKDAY}"),
        lambda m: weekday(_weekday(m), _weeks(m)),
    ),
    Rule(
        Phrase(rf"{_WEEKDAY} (?:vừa rồi|vừa qua|mới rồi|mới đây|rồi|qua|trước)(?! (?:đó|khi|mà)){_ELSEWHERE}"),
        lambda m: weekday(_weekday(m), None, past=True),
        weekday=True,
    ),
    Rule(Phrase(rf"{_WEEKDAY} (?:tới|sau)", exact=True), lambda m: weekday(_weekday(m), 1), ahead=True, weekday=True),
    Rule(Phrase(rf"{_WEEKDAY} này"), lambda m: weekday(_weekday(m), 0), weekday=True),
    Rule(Phrase(_WEEKDAY), lambda m: weekday(_weekday(m), None), weekday=True),
    Rule(Phrase(rf"(?P<at>đầu|giữa|cuối) (?:tuần {_WHICH_WEEK}|tuần)"), _week_part),
    # 3 ngày nay begins a state; cách đây 2 tuần, hai hôm trước
    Rule(
        Phrase(rf"(?:(?:suốt|cả|hơn|gần) ){{0,2}}(?:{_COUNT}|cả|hơn|gần) (?:ngày|hôm|tuần|tháng|năm) nay"),
        lambda _: vague,
        since=True,
        counts=True,
    ),
    Rule(Phrase(rf"cách (?:đây|nay|hôm nay) {_ABOUT}{_COUNTS} {_UNIT}(?: trước| rồi)?"), _ago),
    Rule(Phrase(rf"{_COUNTS} {_UNIT} (?:về )?trước(?! (?:khi|ngày))"), _ago),
    Rule(
        Phrase(
            rf"cách (?:đây|nay) {_ABOUT}{_COUNT} (?:tiếng|giờ|h|phút|p)(?: trước)?|{NUMBER} (?:tiếng|giờ"
            rf"|phút) trước|nửa tiếng trước"
        ),
        lambda _: ago(0, roughly=True),
    ),
    Rule(
        Phrase(rf"(?:(?:hồi|trong|từ) )?tháng (?:(?:trước|vừa rồi|vừa qua|rồi|qua)(?: nữa)?|{MONTH}{_JUST})"),
        lambda _: vague,
        counts=True,
    ),
    Rule(Phrase(rf"(?:hồi |trong |từ )?{_WEEK}"), lambda m: week(_weeks(m))),
    # ngày 15, hôm mùng 3, mồng ba
    Rule(
        Phrase(
            rf"(?:(?:vào|hôm|bữa|bựa|hồi|ngày) ){{0,2}}(?:(?:mùng|mồng) (?P<d>{SHORT})|(?:ngày|hôm"
            rf"|bữa|bựa) (?P<e>\d{{1,2}}|{TENS}))"
            r"(?: (?:vừa rồi|vừa qua|tây))?"
        ),
        lambda m: on(number(m["d"] or m["e"])),
        counts=True,
    ),
    # hôm kia, chiều qua, sáng nay, nãy
    Rule(Phrase(r"(?:hôm|bữa|bựa) kìa", exact=True), lambda _: ago(3)),
    Rule(Phrase(r"(?:hôm|bữa|bựa) (?:kia|tê)"), lambda _: ago(2)),
    Rule(Phrase(r"(?:hôm|bữa|bựa) qua"), lambda _: ago(1)),
    Rule(Phrase(r"(?:hôm|bữa|bựa) nay|bựa (?:này|ni)|(?:sáng|trưa|chiều) nay"), lambda _: ago(0)),
    Rule(Phrase(rf"(?:trưa|chiều) qua{_ELSEWHERE}"), lambda _: ago(1)),
    Rule(Phrase(rf"(?:sáng|tối|đêm|khuya) qua{_ELSEWHERE}", exact=True), lambda _: ago(1)),
    Rule(Phrase(r"(?:sang|toi|dem) qua(?= (?:[.,!?;]|luc|khoang|tam|\d|$))"), lambda _: ago(1)),
    Rule(Phrase(r"(?:tối|đêm) nay", exact=True), lambda _: ago(0)),
    Rule(Phrase(r"(?:toi|dem) nay(?= (?:[.,!?;]|luc|khoang|tam|\d|$))"), lambda _: ago(0)),
    Rule(Phrase(r"(?:hồi|ban|lúc) (?:sáng|trưa|chiều|tối|sớm)(?! (?:hôm|qua|thứ|ngày|mùng|mai))"), lambda _: lately),
    Rule(Phrase(r"(?:hồi|ban|lúc|khi|vừa|mới) nãy|vừa xong|mới xong"), lambda _: ago(0)),
    Rule(Phrase(r"nãy(?: giờ)?", exact=True), lambda _: ago(0)),
    Rule(
        Phrase(
            r"(?<![^.,!?;:] )nay(?= (?:tôi|em|cháu|mình|ra|lên|đi) (?!đề nghị|làm đơn|viết|xin|mong|muốn|đã|mới"
            r"|gửi|phản ánh|là|năm))"
        ),
        lambda _: ago(0),
        weak=True,
    ),
    Rule(
        Phrase(r"vừa(?: mới)?(?= (?:ra|đi|lên|đến|tới|ở|từ|bị|gặp|nộp|qua|vào|về|xuống|làm việc) )"),
        lambda _: ago(0),
        weak=True,
    ),
    # days to come
    Rule(Phrase(r"(?:ngày|sáng|trưa|chiều|tối|hôm) mai"), lambda _: ago(-1), ahead=True),
    Rule(Phrase(r"(?:ngày kia|ngày mốt)"), lambda _: ago(-2), ahead=True),
    Rule(
        Phrase(r"mai(?= (?:ra|lên|đến|quay|tôi|em|nộp|đi|mới|lại|thiếu|hẵng|hãy) )"),
        lambda _: ago(-1),
        ahead=True,
    ),
    Rule(Phrase(r"tháng (?:sau|tới)"), lambda _: ago(-30, roughly=True), ahead=True),
    # no day at all
    Rule(
        Phrase(
            r"(?:(?:mấy|vài|dăm) )?(?:hôm|bữa|bựa|ngày|dạo|đợt|lần) (?:trước|nọ|vừa rồi|rồi)(?! (?:đó|khi|mà))"
            r"|dạo (?:này|gần đây)|gần đây|mới đây|vừa rồi|mới rồi|lâu rồi|lâu nay|hôm ấy rày|(?:hôm|bữa|bựa) hôm"
            r"|hồi trước|(?:hồi |dịp )?tết|rằm|âm lịch"
        ),
        lambda _: vague,
        weak=True,
    ),
)
