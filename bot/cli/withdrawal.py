"""`tiepdan catalogue hide|unhide|gaps`: what is kept in the database about the catalogue."""

import getpass
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.table import Table

from bot.core.clock import SystemClock
from bot.core.errors import CatalogueError
from bot.core.phrases import load_phrases
from bot.core.ports import UnitOfWork
from bot.core.procedures import Facet, Procedure, Status
from bot.settings import Settings, load

if TYPE_CHECKING:
    from bot.store import Store
    from knowledge.records import Catalogue

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
_console = Console(highlight=False, soft_wrap=True)

IdArgument = Annotated[str, typer.Argument(metavar="MÃ", help="Mã riêng (NV025) hoặc mã quốc gia (1.013703).")]
ReasonOption = Annotated[str, typer.Option("--reason", help="Lý do, được ghi lại.")]
MAX_REASON_CHARACTERS = 500


def hide(procedure_id: IdArgument, reason: ReasonOption) -> None:
    """Ngừng trả lời về một thủ tục ở mọi kênh trong vòng 5 giây; ghi lại ai làm, lúc nào, vì sao.

    Ví dụ: tiepdan catalogue hide NV025 --reason "đang sửa theo quyết định mới"
    """
    change(procedure_id, reason, lambda unit: unit.withdraw, "đã ẩn", "đang ẩn sẵn")


def unhide(procedure_id: IdArgument, reason: ReasonOption) -> None:
    """Trả lời trở lại về một thủ tục đã ẩn.

    Ví dụ: tiepdan catalogue unhide NV025 --reason "đã sửa xong"
    """
    change(procedure_id, reason, lambda unit: unit.restore, "đã hiện lại", "không bị ẩn")


def gaps(
    limit: Annotated[int, typer.Option(help="Số dòng in ra.", min=1, max=5000)] = 50,
) -> None:
    """Liệt kê dữ liệu còn thiếu của các thủ tục đang hiệu lực, thiếu sót được hỏi nhiều nhất đứng đầu."""
    with open_store(load())() as unit:
        asked = {(procedure, facet): times for procedure, facet, times in unit.missing_facts_asked()}
    rows = sorted(
        missing_facts(load_catalogue(load())), key=lambda row: (-asked.get((row[0].id, row[1]), 0), row[0].id)
    )
    words = load_phrases().word
    table = Table("Hỏi", "Mã", "Còn thiếu", "Thủ tục")
    for procedure, facet in rows[:limit]:
        table.add_row(
            str(asked.get((procedure.id, facet), 0)), procedure.id, words(f"fact_{facet.value}"), procedure.name
        )
    _console.print(table)
    _console.print(f"{len(rows)} chỗ thiếu" + (f", in {limit} dòng đầu" if len(rows) > limit else ""))


def missing_facts(catalogue: "Catalogue") -> list[tuple[Procedure, Facet]]:
    """Return (procedure, facet) for each fact that procedures in force today lack."""
    found: list[tuple[Procedure, Facet]] = []
    for p in catalogue.at(SystemClock().now().astimezone(VIETNAM).date()):
        facts = {
            Facet.DOCUMENTS: p.dossier,
            Facet.FEE: p.fee,
            Facet.TIME: p.time_limit,
            Facet.WHERE: p.place,
            Facet.ONLINE: p.online is not None,
            Facet.STEPS: p.steps,
            Facet.CONDITIONS: p.conditions,
            Facet.RESULT: p.result,
            Facet.LEGAL: p.legal_basis,
            Facet.AUTHORITY: p.authority,
        }
        if p.status is Status.IN_FORCE:
            found += [(p, facet) for facet, fact in facts.items() if not fact]
    return found


def change(
    procedure_id: str,
    reason: str,
    verb: Callable[[UnitOfWork], Callable[..., bool]],
    done: str,
    unchanged: str,
) -> None:
    """Withdraw or restore a procedure that exists. Raises CatalogueError for an unknown one or an empty reason."""
    settings = load()
    found = ids_of(load_catalogue(settings), procedure_id)
    if len(found) > 1:
        raise CatalogueError(f"mã {procedure_id} là của {', '.join(found)}; hãy ghi một trong các mã này")
    procedure_id = found[0]
    reason = reason.strip()
    if not 3 <= len(reason) <= MAX_REASON_CHARACTERS:
        raise CatalogueError(f"lý do phải có từ 3 đến {MAX_REASON_CHARACTERS} ký tự")
    with open_store(settings)() as unit:
        changed = verb(unit)(procedure_id, reason, getpass.getuser(), SystemClock().now())
        unit.commit()
    _console.print(f"{procedure_id}: {done if changed else unchanged}")


def ids_of(catalogue: "Catalogue", name: str) -> tuple[str, ...]:
    """Return the ids that a person means by an id in any case or a national code. Raises CatalogueError for none."""
    name = name.strip()
    found = tuple(each for each in catalogue.ids if each.casefold() == name.casefold()) or catalogue.by_code(name)
    if not found:
        raise CatalogueError(f"danh mục không có thủ tục {name}")
    return found


def withdrawn(settings: Settings) -> frozenset[str]:
    """Return the ids hidden now; none where no database has been made yet."""
    if settings.database_url.startswith("sqlite:///") and not Path(settings.database_url[10:]).is_file():
        return frozenset()
    with open_store(settings)() as unit:
        return unit.withdrawn()


def open_store(settings: Settings) -> "Store":
    """Return the migrated database of the settings."""
    from bot.store import MAINTENANCE_BUSY_SECONDS, KeyRing, Store

    store = Store(settings.database_url, KeyRing.load_or_create(settings.keys_dir), MAINTENANCE_BUSY_SECONDS)
    store.migrate()
    return store


def load_catalogue(settings: Settings) -> "Catalogue":
    """Return the catalogue of the settings."""
    from knowledge.records import Catalogue

    return Catalogue.load(settings.catalogue)
