"""The catalogue: strict records, their versions in time, and the files they are kept in."""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from bot.core.errors import CatalogueError
from bot.core.procedures import Confidence, Procedure
from knowledge.problems import RowProblem, explain, id_of
from knowledge.schema import Record
from knowledge.yaml_files import Lines, as_plain, read_yaml

__all__ = ["SHIPPED", "Catalogue", "CatalogueFile", "Record", "RowProblem", "read_file", "read_files"]

#: The records that come with the project.
SHIPPED = Path(__file__).with_name("catalogue")
_HEAD = {"field", "checked_on", "procedures"}
_FIRST = dt.date.min


@dataclass(frozen=True)
class CatalogueFile:
    """One YAML file of a catalogue folder. `field` and `checked_on` stand for every record without its own."""

    path: Path
    field: str | None = None
    checked_on: dt.date | None = None
    records: tuple[Record, ...] = ()
    problems: tuple[RowProblem, ...] = ()

    def completed(self) -> list[Record]:
        """Return the records with the file's sector and day filled in."""
        return [
            record.model_copy(
                update={
                    "field": record.field or self.field,
                    "checked_on": record.checked_on or self.checked_on,
                }
            )
            for record in self.records
        ]


def read_file(path: Path) -> CatalogueFile:
    """Read one YAML file strictly; bad records become problems, never exceptions.

    Raises CatalogueError where the file as a whole cannot be used.
    """
    document = read_yaml(path)
    head: dict[str, Any] = document if isinstance(document, dict) else {"procedures": document}
    rows = head.get("procedures")
    if not isinstance(rows, list):
        raise CatalogueError(f"{path.name}: phải có danh sách «procedures»")
    problems = [RowProblem(path.name, 0, str(name), "không có mục này ở đầu tệp") for name in head.keys() - _HEAD]
    checked_on = None
    try:
        checked_on = dt.date.fromisoformat(head["checked_on"]) if "checked_on" in head else None
    except (TypeError, ValueError):
        problems.append(RowProblem(path.name, 0, "checked_on", "phải là ngày dạng năm-tháng-ngày"))
    records = []
    for number, row in enumerate(rows, 1):
        try:
            records.append(Record.model_validate(row))
        except ValidationError as error:
            problems += explain(error, path.name, number, id_of(row))
    if any(problem.row for problem in problems):
        lines = Lines(path)
        problems = [replace(p, row=lines.of(p.row, p.field)) if p.row else p for p in problems]
    sector = head.get("field")
    return CatalogueFile(
        path, sector if isinstance(sector, str) else None, checked_on, tuple(records), tuple(problems)
    )


def read_files(path: Path) -> list[CatalogueFile]:
    """Read a catalogue file or every *.yaml of a folder, in name order. Raises CatalogueError if there is none."""
    paths = [path] if path.is_file() else sorted(path.glob("*.y*ml"))
    if not paths:
        raise CatalogueError(f"{path}: không thấy tệp YAML nào của danh mục")
    return [read_file(each) for each in paths]


def version_problems(records: Iterable[Record], file: str = "") -> Iterator[RowProblem]:
    """Yield versions of one id that overlap, and confirmed codes that two ids share on the same days."""
    by_id: dict[str, list[Record]] = {}
    by_code: dict[str, list[Record]] = {}
    for record in records:
        by_id.setdefault(record.id, []).append(record)
        if record.code and record.proof("code") is not Confidence.UNVERIFIED:
            by_code.setdefault(record.code, []).append(record)
    for name, versions in by_id.items():
        versions.sort(key=lambda r: r.valid_from or _FIRST)
        for earlier, later in pairwise(versions):
            if earlier.valid_to is None or earlier.valid_to >= (later.valid_from or _FIRST):
                start = later.valid_from.isoformat() if later.valid_from else "không rõ ngày"
                yield RowProblem(file, 0, "valid_from", f"{name}: phiên bản từ {start} chồng lên phiên bản trước")
    for code, holders in by_code.items():
        holders.sort(key=lambda r: r.valid_from or _FIRST)
        for one, other in pairwise(holders):
            if one.id != other.id and (one.valid_to is None or one.valid_to >= (other.valid_from or _FIRST)):
                yield RowProblem(file, 0, "code", f"{code}: cả {one.id} và {other.id} cùng mang mã này")


class Catalogue:
    """Every version of every procedure; immutable. Ask it for what holds on a day."""

    def __init__(self, records: Iterable[Record], checked_on: dt.date) -> None:
        """Order the records. `checked_on` stands for records without a day. Raises CatalogueError on overlaps."""
        self.records = tuple(sorted(records, key=lambda r: (r.id, r.valid_from or _FIRST)))
        self.checked_on = checked_on
        problems = [p for p in version_problems(self.records) if p.field == "valid_from"]
        if problems:
            raise _unusable(problems)
        self._versions: dict[str, list[Record]] = {}
        for record in self.records:
            self._versions.setdefault(record.id, []).append(record)

    @classmethod
    def load(cls, path: Path = SHIPPED) -> "Catalogue":
        """Read a catalogue file or folder strictly. Raises CatalogueError that names file, row, field and reason."""
        if not path.exists():
            raise CatalogueError(f"{path}: không có tệp hoặc thư mục này")
        files = read_files(path)
        problems = [problem for file in files for problem in file.problems]
        if problems:
            raise _unusable(problems)
        newest = max((file.path.stat().st_mtime for file in files), default=0)
        return cls(
            (record for file in files for record in file.completed()),
            dt.datetime.fromtimestamp(newest, dt.UTC).date(),
        )

    def __len__(self) -> int:
        return len(self.records)

    @property
    def ids(self) -> tuple[str, ...]:
        """Every id, in order."""
        return tuple(self._versions)

    def versions(self, procedure_id: str) -> tuple[Record, ...]:
        """Return all versions of an id, oldest first; empty where unknown."""
        return tuple(self._versions.get(procedure_id, ()))

    def record(self, procedure_id: str, day: dt.date) -> Record | None:
        """Return the version valid on `day`, else the last that ended before it; None if unknown or not yet valid."""
        begun = [r for r in self._versions.get(procedure_id, ()) if (r.valid_from or _FIRST) <= day]
        return begun[-1] if begun else None

    def procedure(self, procedure_id: str, day: dt.date) -> Procedure | None:
        """Return `record` as answers use it on `day`: a version that has ended carries the status `repealed`."""
        record = self.record(procedure_id, day)
        return record.to_procedure(day, self.checked_on) if record else None

    def at(self, day: dt.date) -> tuple[Procedure, ...]:
        """Return one version of every procedure known on `day`, by id; those not yet valid are left out."""
        found = (self.procedure(procedure_id, day) for procedure_id in self._versions)
        return tuple(procedure for procedure in found if procedure is not None)

    def upcoming(self, day: dt.date) -> tuple[Record, ...]:
        """Return the versions that begin after `day`."""
        return tuple(r for r in self.records if r.valid_from is not None and r.valid_from > day)

    def by_code(self, code: str) -> tuple[str, ...]:
        """Return the ids that have, or had, this confirmed national code."""
        return self._codes.get(code, ())

    @cached_property
    def _codes(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, dict[str, None]] = {}
        for record in self.records:
            if record.code and record.proof("code") is not Confidence.UNVERIFIED:
                found.setdefault(record.code, {})[record.id] = None
        return {code: tuple(ids) for code, ids in found.items()}

    @cached_property
    def content_hash(self) -> str:
        """SHA-256 of all facts, whatever the order and layout of the files."""
        canonical = json.dumps(
            [as_plain(record) for record in self.records],
            ensure_ascii=False,
            sort_keys=True,
            separators=(",", ":"),
            default=str,
        )
        return hashlib.sha256(canonical.encode()).hexdigest()


def _unusable(problems: list[RowProblem], shown: int = 5) -> CatalogueError:
    rest = f"; và {len(problems) - shown} lỗi khác" if len(problems) > shown else ""
    return CatalogueError("danh mục không dùng được: " + "; ".join(str(p) for p in problems[:shown]) + rest)
