"""Reading catalogues in the four formats of docs/catalogue.md: good rows become records, bad rows become problems."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from bot.core.errors import CatalogueError
from bot.core.procedures import Confidence
from knowledge.facts import Group
from knowledge.importers import crawl, own, portal, sheet
from knowledge.importers.reading import MAX_ROW_BYTES, Row, first_row, json_lines
from knowledge.problems import RowProblem, explain, id_of
from knowledge.records import Catalogue, version_problems
from knowledge.schema import GROUP_OF, Record
from knowledge.yaml_files import Lines, read_yaml

_SHEETS = (".xlsx", ".csv", ".tsv")
_JSON = (".jsonl", ".json", ".ndjson")
_YAML = (".yaml", ".yml")


@dataclass(frozen=True)
class ReadFile:
    """What a file gave: its format (own, portal, crawl or sheet), the records in file order, and the bad rows."""

    format: str
    records: tuple[Record, ...]
    problems: tuple[RowProblem, ...]


def read_any(path: Path, confidence: Confidence = Confidence.UNVERIFIED) -> ReadFile:
    """Read a file of any of the four formats, .gz included.

    `confidence` is given to every group of facts of formats 2–4, except the national code, which such a list
    states as a fact. Raises CatalogueError where the file as a whole cannot be used.
    """
    name, rows, convert = _format(path)
    line_of = _line_finder(path)
    records: list[Record] = []
    problems: list[RowProblem] = []
    seen: dict[tuple[str, dt.date | None], int] = {}
    for number, raw in rows:
        if isinstance(raw, RowProblem):
            problems.append(raw)
            continue
        try:
            facts = convert(raw)
            if name != "own":
                facts.setdefault("confidence", _confidence(facts, confidence))
            record = Record.model_validate(facts)
        except ValidationError as error:
            problems += explain(error, path.name, number, id_of(raw))
            continue
        except (ValueError, TypeError) as error:
            field, reason = error.args if len(error.args) == 2 else ("", str(error))
            problems.append(RowProblem(path.name, number, str(field), str(reason), id_of(raw)))
            continue
        key = (record.id, record.valid_from)
        if key in seen:
            first = line_of(seen[key], "")
            problems.append(RowProblem(path.name, number, "id", f"{record.id} đã có ở dòng {first}"))
            continue
        seen[key] = number
        records.append(record)
    located = (replace(problem, row=line_of(problem.row, problem.field)) for problem in problems)
    return ReadFile(name, tuple(records), tuple(located))


def _line_finder(path: Path) -> Callable[[int, str], int]:
    """Return what turns (row, field) into a line of the file; rows of other formats than YAML are lines already."""
    if path.suffix.lower() not in _YAML:
        return lambda row, _field: row
    made: list[Lines] = []

    def line_of(row: int, field: str) -> int:
        if not made:
            made.append(Lines(path))
        return made[0].of(row, field)

    return line_of


def load_any(path: Path) -> Catalogue:
    """Return a catalogue from a file of any format or a folder of YAML, without the rows that are bad.

    Records without a day of their own carry the file's date. Raises CatalogueError when nothing usable is there.
    """
    if path.is_dir():
        return Catalogue.load(path)
    if not path.exists():
        raise CatalogueError(f"{path}: không có tệp hoặc thư mục này")
    read = read_any(path)
    overlapping = {problem.reason.partition(":")[0] for problem in version_problems(read.records)}
    records = [record for record in read.records if record.id not in overlapping]
    if not records:
        detail = f" ({read.problems[0]})" if read.problems else ""
        raise CatalogueError(f"{path.name}: không có thủ tục nào đọc được{detail}")
    return Catalogue(records, dt.datetime.fromtimestamp(path.stat().st_mtime, dt.UTC).date())


def _format(path: Path) -> tuple[str, Iterator[Row], Callable[[dict[str, Any]], dict[str, Any]]]:
    if not path.is_file():
        raise CatalogueError(f"{path}: không có tệp này")
    suffixes = [suffix.lower() for suffix in path.suffixes if suffix.lower() != ".gz"]
    suffix = suffixes[-1] if suffixes else ""
    if suffix in _SHEETS:
        return "sheet", sheet.sheet_rows(path), sheet.record_of
    if suffix in _YAML:
        return "own", _yaml_rows(path), own.normalise
    if suffix not in _JSON:
        raise CatalogueError(f"{path.name}: không biết dạng tệp (nhận .yaml, .jsonl, .jsonl.gz, .xlsx, .csv)")
    first = first_row(json_lines, path)
    if portal.is_portal_export(first):
        return "portal", json_lines(path), portal.record_of
    if crawl.is_crawl(first):
        return "crawl", json_lines(path), crawl.record_of
    return "own", json_lines(path), own.normalise


def _yaml_rows(path: Path) -> Iterator[Row]:
    document = read_yaml(path)
    head = document if isinstance(document, dict) else {}
    rows = head.get("procedures") if head else document
    if not isinstance(rows, list):
        raise CatalogueError(f"{path.name}: phải là danh sách, hoặc có danh sách «procedures»")
    shared = {name: head[name] for name in ("field", "checked_on") if name in head}
    for number, row in enumerate(rows, 1):
        if not isinstance(row, dict):
            yield number, RowProblem(path.name, number, "", "phải là một nhóm mục")
        elif len(str(row)) > MAX_ROW_BYTES:
            yield number, RowProblem(path.name, number, "", f"dài quá {MAX_ROW_BYTES // 1024} KB")
        else:
            yield number, {**shared, **row}


def _confidence(facts: dict[str, Any], given: Confidence) -> dict[str, Confidence]:
    groups = {GROUP_OF[name].value for name in facts if name in GROUP_OF} | {Group.IDENTITY.value}
    return {group: Confidence.VERIFIED if group == Group.CODE else given for group in sorted(groups)}
