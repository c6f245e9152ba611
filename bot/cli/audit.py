"""`tiepdan audit`: who did what to which case, when and why."""

from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from rich.console import Console

from bot.cli.acting import AsOption, acting, database, require_administrator
from bot.core.cases.desk_tools import require_reason
from bot.core.cases.number import numbers_in

audit_app = typer.Typer(help="Sổ ghi việc: ai đã mở, đã làm gì, vì sao.", no_args_is_help=True, add_completion=False)
VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
_console = Console(highlight=False, soft_wrap=True, markup=False)
# In the words of whoever must find out what happened.
_MISMATCHES = {
    "event": "phiếu {subject}: mục {detail} của quá trình xử lý không mở được",
    "unlogged": "phiếu {subject}: việc {detail} không có trong sổ",
    "missing": "phiếu {subject}: sổ có việc {detail} nhưng quá trình xử lý không có",
    "state": "phiếu {subject}: trạng thái {detail} không do việc nào đưa đến",
    "approved": "phiếu {subject}: trả lời đã duyệt mà không ai duyệt",
    "account": "tài khoản {subject}: không có trong sổ",
    "changed": "tài khoản {subject}: vai trò {detail} hoặc đơn vị không như trong sổ",
    "active": "tài khoản {subject}: khóa hay không khóa không như trong sổ",
    "token": "tài khoản {subject}: có mã truy cập không có trong sổ",
    "login": "tài khoản {subject}: đăng nhập được mà sổ không ghi ai cho",
    "identity": "tài khoản {subject}: có danh tính đăng nhập một lần không có trong sổ",
    "words": "cuộc trò chuyện {subject}: số lời của nhân viên {detail} không như trong sổ",
}


@audit_app.command()
def verify() -> None:
    """Kiểm tra sổ còn nguyên, không dòng nào bị sửa, xóa, chèn, và phiếu, tài khoản khớp với sổ.

    Không cần tài khoản nào, để một tài khoản bị khóa không che được sổ. Mã thoát: 0 còn nguyên, 1 đã bị sửa.
    """
    with database() as store:
        with store() as work:
            broken = work.audit.verify()
        with store() as work:
            found = [] if broken is not None else work.audit.mismatches()
    if broken is not None:
        _console.print(
            f"SỔ ĐÃ BỊ SỬA: dòng {broken} không khớp với dòng trước nó hoặc với mốc cất cạnh khóa niêm phong"
        )
        _console.print("Nếu vừa phục hồi bản sao lưu: tiepdan audit accept --reason")
        raise typer.Exit(1)
    _console.print("sổ còn nguyên")
    for each in found:
        _console.print(_MISMATCHES[each.what].format(subject=each.subject, detail=each.detail))
    if found:
        _console.print(f"CƠ SỞ DỮ LIỆU ĐÃ BỊ SỬA NGOÀI HỆ THỐNG: {len(found)} điều không khớp với sổ")
        raise typer.Exit(1)


@audit_app.command()
def accept(
    reason: Annotated[str, typer.Option("--reason", help="Vì sao sổ ngắn lại, ví dụ phục hồi bản sao lưu ngày nào.")],
    as_: AsOption = "",
) -> None:
    """Nhận sổ hiện có làm sổ đúng sau khi phục hồi bản sao lưu; việc này cũng vào sổ."""
    with acting(as_) as at:
        require_administrator(at)
        require_reason(reason)
        with at.units() as work:
            at.tools.append(work, at.principal, "audit_accept", "audit", reason)
            work.commit()
        with at.units() as work:
            old, new = work.audit.accept()
    before = f"dòng {old.count}" if old else "chưa có"
    _console.print(f"mốc của sổ: trước là {before}, nay là dòng {new.count}")


@audit_app.command("list")
def list_entries(
    case: Annotated[str, typer.Option("--case", metavar="SỐ-PHIẾU", help="Chỉ việc đã làm với phiếu này.")] = "",
    after: Annotated[int, typer.Option(help="Chỉ các dòng sau dòng này.", min=0)] = 0,
    limit: Annotated[int, typer.Option(help="Số dòng in ra.", min=1, max=5000)] = 100,
) -> None:
    """In các dòng của sổ theo thứ tự thời gian."""
    with acting("") as at, at.units() as work:
        subject = case or None
        if case and (found := numbers_in(case, bare=True)):
            subject = work.cases.by_number(found[0]) or case
        entries = work.audit.entries(after, limit, subject)
    for entry in entries:
        at_home = f"{entry.at.astimezone(VIETNAM):%d/%m/%Y %H:%M:%S}"
        who = f"{entry.principal} ({entry.role})"
        _console.print(
            f"{entry.sequence:>6}  {at_home}  {who}  {entry.action}  {entry.subject}  {entry.reason}".rstrip()
        )
    _console.print(f"{len(entries)} dòng")
