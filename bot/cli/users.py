"""`tiepdan user`: who signs in at the console."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from rich.console import Console

from bot.cli.acting import Acting, AsOption, acting, require_administrator
from bot.cli.principals import ROLES, ReasonOption
from bot.core.cases.desk_tools import require_reason
from bot.core.cases.people import Principal, Role
from bot.core.errors import CaseError, StaffError
from bot.core.staff.administration import Administration, Listed
from bot.tokens import with_tokens
from bot.wiring.console import staff_tools

users_app = typer.Typer(
    help="Tài khoản đăng nhập bàn làm việc (/ban-lam-viec): thêm, đặt lại mật khẩu, khóa, đổi vai trò.\n\n"
    "Người mới nhận mật khẩu dùng một lần và phải đổi khi vào lần đầu. Mất điện thoại: tiepdan user reset MÃ --totp.",
    no_args_is_help=True,
    add_completion=False,
)
VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
_console = Console(highlight=False, soft_wrap=True, markup=False)

UserArgument = Annotated[str, typer.Argument(metavar="MÃ", help="Mã tài khoản, ví dụ lan.nt.")]
UnitOption = Annotated[str, typer.Option(help="Mã đơn vị, ví dụ HN-SNV; phiếu về đơn vị này không đến tay họ.")]


@contextmanager
def administering(as_: str) -> Iterator[tuple[Acting, Administration]]:
    """Act as an administrator; refusals are said in Vietnamese."""
    from channels.console.setup import sentence

    with acting(as_) as at:
        require_administrator(at)
        tools = staff_tools(with_tokens(at.settings), at.units, at.tools.via)
        try:
            yield at, Administration(tools, lambda unit: at.tools.registry.unit(unit) is not None)
        except StaffError as error:
            raise CaseError(sentence(error)) from error


@users_app.command()
def add(
    user_id: UserArgument,
    name: Annotated[str, typer.Option(help="Họ và tên đầy đủ; phiếu nêu tên người này không đến tay họ.")] = "",
    role: Annotated[Role | None, typer.Option(help="Vai trò.")] = None,
    unit: UnitOption = "",
    as_: AsOption = "",
) -> None:
    """Thêm một người và in mật khẩu dùng một lần của họ, chỉ một lần.

    Người đã có mã truy cập (tiepdan principal) chỉ cần mã: tiepdan user add lan.nt

    Ví dụ: tiepdan user add lan.nt --name "Nguyễn Thị Lan" --role operator --unit HN-SNV
    """
    with administering(as_) as (at, administration):
        with at.units() as work:
            known = {each.id: each for each in work.principals.all()}.get(user_id)
        if known is not None and not name and role is None and not unit:
            who = known
        elif not name or role is None:
            raise CaseError("cần --name và --role; xem: tiepdan user add --help")
        else:
            who = Principal(user_id, name.strip(), role, unit or None)
        password = administration.add(at.principal, who)
    _tell(password, f"đã thêm {user_id} ({ROLES[who.role]})")


@users_app.command()
def first() -> None:
    """Lập tài khoản quản trị đầu tiên, khi chưa có tài khoản nào (tiepdan run tự làm việc này)."""
    from bot.first_administrator import first_administrator

    with acting("") as at:
        require_administrator(at)
        lines = first_administrator(with_tokens(at.settings), at.units)
    for line in lines or ("đã có tài khoản; xem: tiepdan user list, đặt lại mật khẩu: tiepdan user reset MÃ",):
        _console.print(line)


@users_app.command("list")
def list_users(as_: AsOption = "") -> None:
    """Liệt kê mọi người: vai trò, bước xác nhận thứ hai, lần vào gần nhất, khóa hay không."""
    with administering(as_) as (at, administration):
        everybody = administration.people(at.principal)
    wide = max((len(each.principal.id) for each in everybody), default=0)
    for each in everybody:
        who = each.principal
        of = f" ({who.unit})" if who.unit else ""
        _console.print(f"{who.id:<{wide}}  {who.name}, {ROLES[who.role]}{of}: {'; '.join(_state(each))}")
    _console.print(f"{len(everybody)} tài khoản")


@users_app.command()
def reset(
    user_id: UserArgument,
    totp: Annotated[
        bool, typer.Option("--totp", help="Bỏ cả bước xác nhận thứ hai: mất điện thoại và mã dự phòng.")
    ] = False,
    as_: AsOption = "",
) -> None:
    """Đặt lại mật khẩu: in mật khẩu dùng một lần mới, kết thúc mọi phiên, xóa các lần nhập sai."""
    with administering(as_) as (at, administration):
        password = administration.reset(at.principal, user_id, totp=totp)
    _tell(password, f"đã đặt lại mật khẩu của {user_id}")


@users_app.command()
def lock(user_id: UserArgument, reason: ReasonOption, as_: AsOption = "") -> None:
    """Khóa một người ngay: mọi phiên và mọi mã truy cập của họ hết hiệu lực."""
    with administering(as_) as (at, administration):
        require_reason(reason)
        administration.lock(at.principal, user_id, reason)
        left = at.desk.left_by(at.principal, user_id)
    _console.print(f"đã khóa {user_id}")
    if left:
        _console.print(f"{len(left)} phiếu đang giao cho tài khoản này, hãy giao lại: {', '.join(left)}")


@users_app.command()
def unlock(user_id: UserArgument, reason: ReasonOption, as_: AsOption = "") -> None:
    """Mở khóa một người, cả khóa tạm do nhập sai; mã truy cập cũ vẫn bỏ."""
    with administering(as_) as (at, administration):
        require_reason(reason)
        administration.unlock(at.principal, user_id, reason)
    _console.print(f"đã mở khóa {user_id}")


@users_app.command()
def role(
    user_id: UserArgument,
    new_role: Annotated[Role, typer.Argument(metavar="VAI-TRÒ", help="Vai trò mới.")],
    unit: UnitOption = "",
    as_: AsOption = "",
) -> None:
    """Đổi vai trò và đơn vị; các phiên của họ kết thúc. Bỏ trống --unit là không thuộc đơn vị nào."""
    with administering(as_) as (at, administration):
        administration.change_role(at.principal, user_id, new_role, unit or None)
    _console.print(f"{user_id} nay là {ROLES[new_role]}")


@users_app.command()
def sso(
    user_id: UserArgument,
    email: Annotated[str, typer.Option(help="Địa chỉ e-mail mà hệ thống đăng nhập của cơ quan đã xác minh.")] = "",
    subject: Annotated[str, typer.Option(help="Hoặc mã người dùng (sub) của hệ thống đó.")] = "",
    remove: Annotated[bool, typer.Option("--remove", help="Bỏ, thay vì thêm.")] = False,
    as_: AsOption = "",
) -> None:
    """Cho một danh tính của hệ thống đăng nhập cơ quan (OIDC) mở tài khoản này, hoặc bỏ đi.

    Ví dụ: tiepdan user sso lan.nt --email lan.nt@hanoi.gov.vn
    """
    if bool(email) == bool(subject):
        raise CaseError("cần đúng một trong hai: --email hoặc --subject")
    kind = "email" if email else "subject"
    with administering(as_) as (at, administration):
        change = administration.unmap_identity if remove else administration.map_identity
        change(at.principal, user_id, kind, email or subject)
    _console.print(f"{'đã bỏ' if remove else 'đã thêm'} danh tính đăng nhập một lần của {user_id}")


def _state(each: Listed) -> list[str]:
    """Return what there is to know of an account, in short."""
    account = each.account
    told = [] if each.principal.active else ["đã khóa"]
    if account is None:
        return [*told, "chỉ có mã truy cập"]
    if account.credentials.must_change:
        told.append("chưa đổi mật khẩu dùng một lần")
    told.append("hai bước" if account.credentials.totp else "chưa bật hai bước")
    entered = account.last_login_at
    told.append(f"vào gần nhất {entered.astimezone(VIETNAM):%d/%m/%Y %H:%M}" if entered else "chưa vào lần nào")
    if each.locked_until:
        told.append(f"tạm khóa đến {each.locked_until.astimezone(VIETNAM):%H:%M} do nhập sai")
    return told + [f"đăng nhập một lần: {mapped.value}" for mapped in each.mapped]


def _tell(password: str, done: str) -> None:
    """Print the password alone on standard output, and what it is on the other."""
    typer.echo(password)
    Console(stderr=True, highlight=False, soft_wrap=True, markup=False).print(
        f"{done}. Đây là mật khẩu dùng một lần, chỉ hiện lần này; hãy đưa tận tay, họ phải đổi khi vào lần đầu."
    )
