"""Figures as CSV that Excel opens by itself: UTF-8 with a byte order mark, every cell quoted, none a formula."""

import csv
import io
from datetime import datetime

from bot.core.figures.report import Kind, Line, Report
from bot.core.figures.span import VIETNAM, Period

BOM = "\ufeff"
HEADER = ("Phần", "Nội dung", "Kỳ này", "Kỳ trước", "Đơn vị tính")
SUMMARY = "Tóm tắt"
_UNITS = {Kind.COUNT: "số lượng", Kind.SECONDS: "giây"}
# What a spreadsheet takes for a formula, also written wide or after a blank.
_FORMULA = tuple("=+-@|%＝＋－＠\t\r\n")


def spreadsheet(report: Report) -> str:
    """Return the file's text."""
    out = io.StringIO()
    out.write(BOM)
    rows = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    rows.writerow(HEADER)
    rows.writerow(["Kỳ", "", _period(report.span.now), _period(report.span.before), "giờ Việt Nam"])
    for line in report.tiles:
        rows.writerow(_row(SUMMARY, line, None))
    for section in report.sections:
        for line in section.lines:
            rows.writerow(_row(section.title, line, section.fewest))
    return out.getvalue()


def file_name(report: Report) -> str:
    """Return the file's name, such as so-lieu-ngay-2026-11-27.csv."""
    return f"so-lieu-{'ngay' if report.span.kind == 'day' else 'tuan'}-{report.span.first.isoformat()}.csv"


def harmless(text: str) -> str:
    """Return text that no spreadsheet takes for a formula: with an apostrophe before it where it begins like one."""
    return f"'{text}" if text.lstrip().startswith(_FORMULA) or text.startswith(_FORMULA) else text


def _row(title: str, line: Line, fewest: int | None) -> list[str]:
    values = [_value(value, fewest) for value in (line.now, line.before)]
    return [harmless(title), harmless(line.label), *values, _UNITS[line.kind]]


def _value(value: int | None, fewest: int | None) -> str:
    if value is not None:
        return str(value)
    return f"dưới {fewest}" if fewest else ""


def _period(period: Period) -> str:
    return f"{_moment(period.since)} đến {_moment(period.until)}"


def _moment(at: datetime) -> str:
    return at.astimezone(VIETNAM).strftime("%H:%M %d/%m/%Y")
