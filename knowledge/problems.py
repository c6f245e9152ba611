"""What is wrong with a catalogue file, said so that an editor can find and mend it."""

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
    """One row that is not taken in. `row` counts from 1, 0 is the file; `field` like dossier.2.name."""

    file: str
    row: int
    field: str
    reason: str

    def __str__(self) -> str:
        where = f"{self.file}, dòng {self.row}" if self.row else self.file
        return f"{where}, mục {self.field}: {self.reason}" if self.field else f"{where}: {self.reason}"


def explain(error: ValidationError, file: str, row: int) -> list[RowProblem]:
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
        problems.append(RowProblem(file, row, ".".join(str(part) for part in item["loc"]), reason))
    return problems
