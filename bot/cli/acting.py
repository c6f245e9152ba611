"""Who acts on the command line, and what they act with."""

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.withdrawal import open_store
from bot.core.calendar import WorkingCalendar
from bot.core.cases.access import Access, same_house
from bot.core.cases.deadlines import Deadlines
from bot.core.cases.desk import CaseDesk
from bot.core.cases.desk_tools import DeskTools
from bot.core.cases.desk_views import DeskViews
from bot.core.cases.number import numbers_in
from bot.core.cases.people import Principal, Role
from bot.core.clock import SystemClock
from bot.core.errors import CaseError, NotPermitted, UnknownCase
from bot.core.ports import UnitOfWorkFactory
from bot.core.units import UnitRegistry
from bot.settings import Settings, load

if TYPE_CHECKING:
    from bot.store import Store

AsOption = Annotated[
    str,
    typer.Option(
        "--as",
        metavar="MÃ",
        help="Tài khoản đứng tên (tiepdan principal list); mặc định là người dùng của máy, quyền quản trị.",
    ),
]
NumberArgument = Annotated[str, typer.Argument(metavar="SỐ-PHIẾU", help="Số phiếu, ví dụ PA-4829-1372.")]


@dataclass(frozen=True)
class Acting:
    """A principal with the desk; `units` and `settings` for what the desk has no act for."""

    principal: Principal
    desk: CaseDesk
    views: DeskViews
    tools: DeskTools
    units: "Store"
    settings: Settings

    def case_id(self, number: str) -> str:
        """Return the id of the case with this number. Raises UnknownCase with one line."""
        case_id = self.views.by_number(self.principal, standard_number(number))
        if case_id is None:
            raise UnknownCase(f"không có phiếu {number}")
        return case_id


def standard_number(typed: str) -> str:
    """Return a case number in its standard form. Raises UnknownCase for what is none."""
    found = numbers_in(typed, bare=True)
    if not found:
        raise UnknownCase(f"«{typed}» không phải số phiếu đúng")
    return found[0]


@contextmanager
def database() -> Iterator["Store"]:
    """Open the database as nobody."""
    store = open_store(load())
    try:
        yield store
    finally:
        store.close()


def require_administrator(at: Acting) -> None:
    """Raise NotPermitted for anybody else."""
    if at.principal.role is not Role.ADMINISTRATOR:
        raise NotPermitted("chỉ người quản trị làm được việc này")


@contextmanager
def acting(name: str) -> Iterator[Acting]:
    """Open the database as a principal: a registered one by id, or the machine's user as an administrator."""
    settings = load()
    store = open_store(settings)
    try:
        registry, clock = UnitRegistry.load(), SystemClock()
        tools = DeskTools(
            units=store,
            clock=clock,
            access=Access(alike=same_house(registry)),
            deadlines=Deadlines.load(WorkingCalendar.load()),
            registry=registry,
            via=f"dòng lệnh, người dùng máy {getpass.getuser()}",
        )
        with said_in_vietnamese():
            yield Acting(principal_of(store, name), CaseDesk(tools), DeskViews(tools), tools, store, settings)
    finally:
        store.close()


def principal_of(units: UnitOfWorkFactory, name: str) -> Principal:
    """Return the active principal of this id; the machine's user where no id is given. Raises NotPermitted."""
    own = getpass.getuser()
    with units() as unit:
        known = {principal.id: principal for principal in unit.principals.all()}
    found = known.get(name or own)
    if found is None and not name:
        return Principal(own, own, Role.ADMINISTRATOR)
    if found is None:
        raise NotPermitted(f"không có tài khoản {name}; xem: tiepdan principal list")
    if not found.active:
        raise NotPermitted(f"tài khoản {found.id} đã bị khóa")
    return found


@contextmanager
def said_in_vietnamese() -> Iterator[None]:
    """Turn the core's refusals into sentences for whoever sits at the command line."""
    from bot.core.cases.lifecycle import Incomplete, MayName, NamesSomebody
    from bot.core.errors import CaseConflict

    try:
        yield
    except Incomplete as error:
        raise CaseError(f"thiếu hoặc không dùng được: {', '.join(error.missing)}") from error
    except MayName as error:
        words = ", ".join(f"«{each}»" for each in error.words)
        raise CaseError(
            f"có chỗ giống tên người: {words}; hãy bỏ đi, nếu không phải tên ai thì thêm --no-names"
        ) from error
    except NamesSomebody as error:
        told = "nội dung trả lời không được nêu tên người trong phiếu, nơi ở hay số riêng của ai"
        raise CaseError(told) from error
    except CaseConflict as error:
        raise CaseError(f"phiếu không ở bước làm được việc này ({error})") from error
    except NotPermitted as error:
        raise CaseError(f"không được phép ({error})") from error
