"""What an editor should know about a catalogue before it is served: errors, and remarks that are not errors."""

from dataclasses import dataclass
from pathlib import Path

from bot.core.errors import CatalogueError
from bot.core.procedures import Confidence, Status
from knowledge.importers import read_any
from knowledge.problems import RowProblem
from knowledge.records import read_files, version_problems
from knowledge.schema import Record


@dataclass(frozen=True)
class Checked:
    """How many records were read, the rows that are wrong, and remarks in words."""

    records: int
    problems: tuple[RowProblem, ...]
    remarks: tuple[str, ...]


def check_path(path: Path) -> Checked:
    """Check a catalogue folder strictly, or a single file of any import format.

    Raises CatalogueError where nothing can be read.
    """
    if path.is_dir():
        files = read_files(path)
        records = [record for file in files for record in file.completed()]
        problems = [problem for file in files for problem in file.problems]
    elif path.exists():
        read = read_any(path)
        records, problems = list(read.records), list(read.problems)
    else:
        raise CatalogueError(f"{path}: không có tệp hoặc thư mục này")
    problems += version_problems(records, path.name)
    return Checked(len(records), tuple(problems), tuple(_remarks(records)))


def _remarks(records: list[Record]) -> list[str]:
    known = {record.id for record in records}
    found = []
    for record in records:
        if record.code and record.proof("code") is Confidence.UNVERIFIED:
            found.append(f"{record.id}: mã {record.code} chưa xác nhận nên không hiện cho người dân")
        if record.status is Status.REPEALED and record.valid_to is None:
            found.append(f"{record.id}: đã bãi bỏ nhưng không ghi valid_to (từ ngày nào)")
        if record.status in (Status.REPEALED, Status.SUSPENDED) and record.repealed_by is None:
            found.append(f"{record.id}: {record.status.value} nhưng không ghi repealed_by (theo quyết định nào)")
        missing = [other for other in record.replaced_by_ids if other not in known]
        if missing:
            found.append(f"{record.id}: thay bằng {', '.join(missing)} nhưng danh mục không có")
    return found
