"""Bounded reading of files that come from outside: size, row and decompression limits, and what format a file is."""

import gzip
import json
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from bot.core.errors import CatalogueError
from knowledge.problems import RowProblem

MAX_FILE_BYTES = 200 * 1024 * 1024
MAX_ROW_BYTES = 1024 * 1024

#: A row of a file: its number, and what was read or why it could not be.
Row = tuple[int, dict[str, Any] | RowProblem]


@contextmanager
def open_bounded(path: Path) -> Iterator[BinaryIO]:
    """Open a plain or .gz file for reading bytes. Raises CatalogueError where it is too large or unreadable."""
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise CatalogueError(f"{path.name}: lớn hơn {MAX_FILE_BYTES // 2**20} MB")
        with path.open("rb") as raw:
            if path.suffix == ".gz":
                with gzip.GzipFile(fileobj=raw) as unpacked:
                    yield unpacked  # type: ignore[misc]
            else:
                yield raw
    except (OSError, EOFError, zlib.error) as error:
        raise CatalogueError(f"{path.name}: không đọc được tệp ({error})") from error


def json_lines(path: Path) -> Iterator[Row]:
    """Yield the rows of a JSON Lines file, or of a JSON list; blank lines are skipped.

    A line that is too long, not UTF-8, not JSON or not an object is a problem and the next line is read. Raises
    CatalogueError when the unpacked file passes the size limit.
    """
    with open_bounded(path) as file:
        number = total = 0
        while line := file.readline(MAX_ROW_BYTES + 1):
            number += 1
            total += len(line)
            too_long = len(line) > MAX_ROW_BYTES
            while too_long and not line.endswith(b"\n") and (line := file.readline(MAX_ROW_BYTES)):
                total += len(line)
                _check_total(path, total)
            _check_total(path, total)
            if too_long:
                yield number, RowProblem(path.name, number, "", f"dòng dài quá {MAX_ROW_BYTES // 1024} KB")
            elif line.strip(b" \t\r\n\xef\xbb\xbf"):
                yield number, _parsed(path, number, line)


def _check_total(path: Path, total: int) -> None:
    if total > MAX_FILE_BYTES:
        raise CatalogueError(f"{path.name}: nội dung giải nén vượt {MAX_FILE_BYTES // 2**20} MB")


def _parsed(path: Path, number: int, line: bytes) -> dict[str, Any] | RowProblem:
    try:
        row = json.loads(line.decode("utf-8-sig"), parse_constant=_no_constant)
    except UnicodeDecodeError:
        return RowProblem(path.name, number, "", "không phải UTF-8")
    except (ValueError, RecursionError) as error:
        return RowProblem(path.name, number, "", f"không phải JSON ({error})")
    return row if isinstance(row, dict) else RowProblem(path.name, number, "", "phải là một đối tượng JSON {…}")


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} không phải là số")


def first_row(rows: Callable[[Path], Iterator[Row]], path: Path) -> dict[str, Any]:
    """Return the first good row, or an empty dict."""
    return next((row for _, row in rows(path) if isinstance(row, dict)), {})
