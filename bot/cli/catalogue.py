"""`tiepdan catalogue`: look into the procedure catalogue, check it and import into it."""

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer
from rich.console import Console

from bot.cli import withdrawal
from bot.core.errors import CatalogueError
from bot.core.procedures import Confidence

if TYPE_CHECKING:
    from knowledge.problems import RowProblem

catalogue_app = typer.Typer(
    help="Xem, kiểm tra và cập nhật danh mục thủ tục.",
    no_args_is_help=True,
    rich_markup_mode="rich",
    add_completion=False,
)
catalogue_app.command("hide")(withdrawal.hide)
catalogue_app.command("unhide")(withdrawal.unhide)
catalogue_app.command("gaps")(withdrawal.gaps)
_console = Console(highlight=False, soft_wrap=True)
_errors = Console(stderr=True, highlight=False, soft_wrap=True)
_SHOWN_PROBLEMS = 50

FileArgument = Annotated[Path, typer.Argument(help="Tệp .yaml, .jsonl, .jsonl.gz, .xlsx hoặc .csv.", exists=True)]
IntoOption = Annotated[
    Path | None, typer.Option("--into", help="Thư mục danh mục cần cập nhật; mặc định theo TIEPDAN_CATALOGUE.")
]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help="Chỉ báo sẽ thay đổi gì, không ghi.")]
ConfidenceOption = Annotated[
    Confidence,
    typer.Option(help="Mức tin cậy cho dữ liệu nhập từ cổng hoặc bảng tính; «verified» khi đã đối chiếu với nguồn."),
]


@catalogue_app.command("import")
def import_file(
    file: FileArgument,
    into: IntoOption = None,
    dry_run: DryRunOption = False,
    confidence: ConfidenceOption = Confidence.UNVERIFIED,
) -> None:
    """Nhập thủ tục từ tệp của cơ quan hoặc của cổng quốc gia; dòng hỏng được báo, dòng tốt vẫn vào.

    Thủ tục khớp theo mã riêng (id) hoặc mã quốc gia. Dữ liệu đã kiểm chứng không bị dữ liệu chưa kiểm chứng ghi đè.
    Nhập lại cùng một tệp không đổi gì. Mã thoát: 0 mọi dòng đều vào, 1 có dòng hỏng hoặc tệp không dùng được.

    Ví dụ:

      tiepdan catalogue import danh-sach.xlsx --dry-run

      tiepdan catalogue import danh-sach.xlsx --confidence verified

      tiepdan catalogue import cong-quoc-gia.jsonl.gz --into danh-muc-thu
    """
    from knowledge.importers import read_any
    from knowledge.importers.merging import Folder, merge

    target = into or _configured()
    read = read_any(file, confidence)
    folder = Folder(target)
    if folder.problems:
        raise CatalogueError(f"danh mục {target} đang có lỗi, hãy sửa trước: {folder.problems[0]}")
    report = merge(folder, read.records, _today(), file.name)
    if not dry_run:
        folder.write()
    _console.print(
        f"{'Sẽ ' if dry_run else ''}thêm {len(report.added)}, phiên bản mới {len(report.new_versions)}, "
        f"cập nhật {len(report.updated)}, không đổi {len(report.unchanged)} thủ tục ({target})."
    )
    if report.kept:
        fields = sorted({name for _, name in report.kept})
        _console.print(
            f"Giữ nguyên {len(report.kept)} dữ liệu vì bản đang có được kiểm chứng tốt hơn: {', '.join(fields)}. "
            "Nếu tệp này đã được đối chiếu, nhập lại với --confidence verified."
        )
    _report([*read.problems, *report.problems])


@catalogue_app.command()
def check(
    path: Annotated[Path | None, typer.Argument(help="Thư mục hoặc tệp; mặc định là danh mục đang dùng.")] = None,
) -> None:
    """Kiểm tra danh mục hoặc một tệp sắp nhập: khuôn dạng, phiên bản chồng nhau, mã trùng, chỗ cần xem lại.

    Mã thoát: 0 dùng được (có thể có nhắc nhở), 1 có lỗi.

    Ví dụ:

      tiepdan catalogue check

      tiepdan catalogue check danh-sach.xlsx
    """
    from knowledge.checking import check_path

    target = path or _configured()
    checked = check_path(target)
    for remark in checked.remarks:
        _console.print(f"[yellow]Nhắc:[/] {remark}")
    _console.print(f"{target}: {checked.records} phiên bản thủ tục, {len(checked.problems)} lỗi.")
    _report(checked.problems)


@catalogue_app.command()
def show(
    procedure_id: withdrawal.IdArgument,
    on: Annotated[
        str | None, typer.Option("--on", metavar="NGÀY", help="Xem tại một ngày, ví dụ 2025-06-01.")
    ] = None,
) -> None:
    """Xem một thủ tục như người dân được trả lời vào hôm nay hoặc một ngày khác, kèm nguồn và mức tin cậy.

    Ví dụ:

      tiepdan catalogue show NV025

      tiepdan catalogue show 1.013703 --on 2025-06-01
    """
    from bot.cli.procedure_view import procedure_view
    from bot.settings import load

    day, settings = _day(on) if on else _today(), load()
    catalogue, hidden = withdrawal.load_catalogue(settings), withdrawal.withdrawn(settings)
    for found in withdrawal.ids_of(catalogue, procedure_id):
        record = catalogue.record(found, day)
        if record is None:
            start = catalogue.versions(found)[0].valid_from
            raise CatalogueError(f"{found} đến {start:%d/%m/%Y} mới có hiệu lực; xem bằng --on {start}")
        procedure = record.to_procedure(day, catalogue.checked_on)
        _console.print(procedure_view(procedure, record.sources, day, found in hidden))


def _configured() -> Path:
    from bot.settings import load

    return load().catalogue


def _today() -> date:
    return datetime.now(ZoneInfo("Asia/Ho_Chi_Minh")).date()


def _day(text: str) -> date:
    from knowledge.importers.parsing import day

    try:
        found = day(text)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--on") from error
    if found is None:
        raise typer.BadParameter("thiếu ngày", param_hint="--on")
    return found


def _report(problems: "list[RowProblem] | tuple[RowProblem, ...]") -> None:
    """Print each bad row once on standard error, and leave with code 1 if there is any."""
    from knowledge.problems import by_row

    lines = by_row(problems)
    for line in lines[:_SHOWN_PROBLEMS]:
        _errors.print(f"Lỗi: {line}", markup=False)
    if len(lines) > _SHOWN_PROBLEMS:
        _errors.print(f"… và {len(lines) - _SHOWN_PROBLEMS} dòng lỗi khác")
    if problems:
        raise typer.Exit(1)
