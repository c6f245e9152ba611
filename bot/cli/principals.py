"""`tiepdan principal`: who may act on cases, and their tokens."""

import getpass
import re
import secrets
from datetime import timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.table import Column, Table

from bot.cli.acting import Acting, AsOption, acting, database, require_administrator
from bot.core.cases.conflict import own_name
from bot.core.cases.desk_tools import require_reason
from bot.core.cases.people import Principal, Role
from bot.core.errors import CaseError
from bot.core.ports import UnitOfWork

principals_app = typer.Typer(
    help="Tài khoản xử lý phản ánh và mã truy cập của họ.", no_args_is_help=True, add_completion=False
)
VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
ROLES = {
    Role.OPERATOR: "tổng đài viên",
    Role.OFFICER: "cán bộ xử lý phản ánh",
    Role.SUPERVISOR: "người phụ trách",
    Role.UNIT: "đơn vị",
    Role.AUDITOR: "kiểm soát",
    Role.ADMINISTRATOR: "quản trị",
    Role.KNOWLEDGE_EDITOR: "biên tập kiến thức",
    Role.BACKEND: "hệ thống xử lý",
    Role.CITIZEN: "người dân",
}
TOKEN_BYTES = 32
MIN_NAME_WORDS = 2
_ID = re.compile(r"[A-Za-z0-9._@-]{2,64}")
_console = Console(highlight=False, soft_wrap=True)

ReasonOption = Annotated[str, typer.Option("--reason", help="Lý do, được ghi lại.")]
IdArgument = Annotated[str, typer.Argument(metavar="MÃ", help="Mã tài khoản, ví dụ lan.nt.")]


@principals_app.command()
def add(
    principal_id: IdArgument,
    name: Annotated[str, typer.Option(help="Họ và tên; phiếu nêu tên người này sẽ không đến tay họ.")],
    role: Annotated[Role, typer.Option(help="Vai trò.")],
    unit: Annotated[str, typer.Option(help="Mã đơn vị, ví dụ HN-00004; phiếu về đơn vị này không đến tay họ.")] = "",
    as_: AsOption = "",
) -> None:
    """Thêm một tài khoản. Vai trò «unit» cần mã đơn vị.

    Ví dụ: tiepdan principal add lan.nt --name "Nguyễn Thị Lan" --role complaint_officer --unit HN-SNV
    """
    if not _ID.fullmatch(principal_id):
        raise CaseError("mã tài khoản chỉ gồm chữ không dấu, số, dấu . _ @ -, từ 2 đến 64 ký tự")
    if len(name.strip()) < 2:
        raise CaseError("thiếu họ và tên")
    if role in {Role.CITIZEN, Role.BACKEND}:
        raise CaseError(f"vai trò {role} không lập được bằng lệnh này")
    if role is not Role.UNIT and len(own_name(name)) < MIN_NAME_WORDS:
        raise CaseError("cần đủ họ và tên, ít nhất hai từ: phiếu nêu tên ai thì không đến tay người ấy")
    if principal_id == getpass.getuser() and role is not Role.ADMINISTRATOR:
        # Every command without --as would lose its rights, those that manage accounts first.
        raise CaseError(f"{principal_id} là người dùng của máy này, chỉ nhận vai trò administrator")
    with acting(as_) as at:
        require_administrator(at)
        if (unit or role is Role.UNIT) and at.tools.registry.unit(unit) is None:
            raise CaseError(f"không có đơn vị «{unit}»" if unit else "vai trò unit cần --unit")
        with at.units() as work:
            work.principals.add(Principal(principal_id, name.strip(), role, unit or None), at.tools.clock.now())
            _audit(at, work, "principal_add", principal_id, f"{role.value} {unit}".strip())
            work.commit()
    _console.print(f"đã thêm {principal_id} ({ROLES[role]}); lấy mã truy cập: tiepdan principal token {principal_id}")


@principals_app.command("list")
def list_principals() -> None:
    """Liệt kê mọi tài khoản."""
    with database() as store, store() as work:  # as nobody: whoever is locked out sees whom to name with --as
        everybody = work.principals.all()
    table = Table(Column("Mã", no_wrap=True), "Họ tên", "Vai trò", "Đơn vị", "")
    for each in everybody:
        table.add_row(each.id, each.name, ROLES[each.role], each.unit or "", "" if each.active else "đã khóa")
    _console.print(table)
    _console.print(f"{len(everybody)} tài khoản")


@principals_app.command()
def disable(principal_id: IdArgument, reason: ReasonOption, as_: AsOption = "") -> None:
    """Khóa một tài khoản cùng mọi mã truy cập của họ, ngay lập tức. Người quản trị cuối cùng không khóa được."""
    with acting(as_) as at:
        require_administrator(at)
        require_reason(reason)
        with at.units() as work:
            # Audited first: of two who lock each other out at once, the second sees what the first did.
            _audit(at, work, "principal_disable", principal_id, reason)
            work.principals.deactivate(principal_id, at.tools.clock.now())
            _require_another_administrator(work, principal_id)
            work.commit()
        left = at.desk.left_by(at.principal, principal_id)
    _console.print(f"đã khóa {principal_id}")
    if left:
        _console.print(f"{len(left)} phiếu đang giao cho tài khoản này, hãy giao lại: {', '.join(left)}")


@principals_app.command()
def enable(principal_id: IdArgument, reason: ReasonOption, as_: AsOption = "") -> None:
    """Mở khóa một tài khoản; mã truy cập cũ vẫn bỏ, phải lấy mã mới."""
    with acting(as_) as at:
        require_administrator(at)
        require_reason(reason)
        with at.units() as work:
            _audit(at, work, "principal_enable", principal_id, reason)
            work.principals.activate(principal_id)
            work.commit()
    _console.print(f"đã mở khóa {principal_id}; lấy mã truy cập: tiepdan principal token {principal_id}")


@principals_app.command()
def token(
    principal_id: IdArgument,
    days: Annotated[int, typer.Option(help="Số ngày dùng được.", min=1, max=366)] = 90,
    as_: AsOption = "",
) -> None:
    """In ra một mã truy cập mới, chỉ một lần; hệ thống chỉ giữ dấu băm của nó."""
    from channels.desk import token_hash

    made = f"td_{secrets.token_urlsafe(TOKEN_BYTES)}"
    with acting(as_) as at:
        require_administrator(at)
        now = at.tools.clock.now()
        until = now + timedelta(days=days)
        with at.units() as work:
            work.principals.add_token(principal_id, token_hash(made), until, now)
            _audit(at, work, "principal_token", principal_id, f"{days} ngày")
            work.commit()
    typer.echo(made)
    Console(stderr=True, highlight=False).print(
        f"Dùng được đến {until.astimezone(VIETNAM):%d/%m/%Y}. Mã chỉ hiện lần này; hãy cất nơi an toàn."
    )


def _require_another_administrator(work: UnitOfWork, principal_id: str) -> None:
    """Raise CaseError where nobody could manage accounts without this principal.

    The machine's user is an administrator as long as no account has their name.
    """
    everybody = work.principals.all()
    if all(each.id != getpass.getuser() for each in everybody):
        return
    if not any(each.active and each.role is Role.ADMINISTRATOR and each.id != principal_id for each in everybody):
        raise CaseError(f"{principal_id} là người quản trị cuối cùng; hãy thêm người quản trị khác trước")


def _audit(at: Acting, work: UnitOfWork, action: str, subject: str, reason: str) -> None:
    told = f"[{at.tools.via}] {reason}"
    work.audit.append(at.principal.id, at.principal.role.value, action, subject, told, at.tools.clock.now())
