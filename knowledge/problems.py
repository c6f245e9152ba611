"""What is wrong with a catalogue file, said so that an editor can find and mend it."""

from collections.abc import Iterable
from dataclasses import dataclass

from pydantic import ValidationError

#: Vietnamese wordings of pydantic's error types; `{…}` are filled from the error's context.
_REASONS = {
    "missing": "thiếu",
    "extra_forbidden": "không có mục này trong mẫu",
    "string_type": "phải là chữ",
    "int_type": "phải là số nguyên",
    "bool_type": "phải là true hoặc false",
    "list_type": "phải là một danh sách",
    "dict_type": "phải là một nhóm mục",
    "model_type": "phải là một nhóm mục",
    "model_attributes_type": "phải là một nhóm mục",
    "string_too_short": "không được để trống",
    "too_short": "không được để trống",
    "string_too_long": "dài quá {max_length} ký tự",
    "too_long": "có quá {max_length} dòng",
    "string_pattern_mismatch": "sai khuôn dạng {pattern}",
    "greater_than_equal": "phải từ {ge} trở lên",
    "less_than_equal": "không được quá {le}",
    "enum": "chỉ nhận một trong: {expected}",
    "value_error": "{error}",
}
_DATE_ERRORS = ("date_type", "date_parsing", "date_from_datetime_parsing", "date_from_datetime_inexact")


@dataclass(frozen=True)
class RowProblem:
    """One row that is not taken in.

    `row` is the line of the file, or the sheet's row, from 1; 0 is the file. `field` is like dossier.2.name;
    `record` is the row's id, where it has one.
    """

    file: str
    row: int
    field: str
    reason: str
    record: str = ""

    def __str__(self) -> str:
        where = f"{self.file}, dòng {self.row}" if self.row else self.file
        where += f" ({self.record})" if self.record else ""
        return f"{where}, {self.what}" if self.field else f"{where}: {self.what}"

    @property
    def what(self) -> str:
        """The field and what is wrong with it."""
        return f"mục {self.field}: {self.reason}" if self.field else self.reason


def by_row(problems: Iterable[RowProblem]) -> list[str]:
    """Return one line for each bad row, with all that is wrong in it, and one for each problem of a file."""
    found: dict[tuple[str, str], list[RowProblem]] = {}
    for problem in dict.fromkeys(problems):
        row = problem.record or str(problem.row or problem)
        found.setdefault((problem.file, row), []).append(problem)
    ordered = (sorted(row, key=lambda problem: problem.row) for row in found.values())
    return ["; ".join([str(first), *(_further(other, first) for other in rest)]) for first, *rest in ordered]


def _further(problem: RowProblem, first: RowProblem) -> str:
    return problem.what if problem.row in (0, first.row) else f"dòng {problem.row}, {problem.what}"


def id_of(raw: object) -> str:
    """Return the id that a row states, usable or not, in at most 40 characters; "" where it states none."""
    stated = raw.get("id") if isinstance(raw, dict) else None
    return str(stated)[:40] if isinstance(stated, str | int) else ""


def explain(error: ValidationError, file: str, row: int, record: str = "") -> list[RowProblem]:
    """Return one problem per pydantic error, in Vietnamese, with at most 80 characters of the offending value."""
    problems = []
    for item in error.errors(include_url=False):
        kind, context = item["type"], item.get("ctx", {})
        if kind in _DATE_ERRORS:
            reason = "phải là ngày dạng năm-tháng-ngày"
        else:
            reason = _REASONS.get(kind, item["msg"]).format_map({k: str(v) for k, v in context.items()})
        given = item["input"]
        if isinstance(given, str | int | float) and kind not in ("missing", "string_too_long", "value_error"):
            reason += f" (đang ghi: {str(given)[:80]!r})"
        problems.append(RowProblem(file, row, ".".join(str(part) for part in item["loc"]), reason, record))
    return problems
