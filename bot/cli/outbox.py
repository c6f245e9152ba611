"""`tiepdan outbox`: what waits to be handed over to the complaint backend, and why."""

import json
from datetime import datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from bot.settings import load

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
outbox_app = typer.Typer(help="Xem việc bàn giao phản ánh.", no_args_is_help=True, add_completion=False)

_STATUSES = {"waiting": "đang chờ", "retrying": "đang thử lại", "refused": "bị từ chối", "delivered": "đã bàn giao"}
_KINDS = {"case": "vụ việc", "event": "diễn biến"}


@outbox_app.callback()
def group() -> None:
    """Keep `status` a command of its own."""


@outbox_app.command()
def status(
    limit: Annotated[int, typer.Option(help="Số dòng chưa bàn giao in ra.", min=1, max=10_000)] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="In một đối tượng JSON.")] = False,
) -> None:
    """Đếm theo tình trạng; liệt kê những gì đã thử mà chưa bàn giao được, kèm lý do; không in nội dung."""
    from bot.cli.withdrawal import open_store
    from bot.core.clock import SystemClock

    store = open_store(load())
    with store() as unit:
        counts, rows = unit.outbox.counts(), unit.outbox.stuck(limit)
    store.close()
    now = SystemClock().now()
    oldest = (now - rows[0]["created_at"]).total_seconds() if rows else None
    tried = [row for row in rows if row["attempts"] or row["uncertain"] or row["error"]]
    if as_json:
        shown = {"counts": counts, "oldest_seconds": oldest and round(oldest), "stuck": list(map(_plain, tried))}
        typer.echo(json.dumps(shown, ensure_ascii=False))
        return
    typer.echo(", ".join(f"{word}: {counts.get(name, 0)}" for name, word in _STATUSES.items()))
    if oldest is not None:
        typer.echo(f"chưa bàn giao lâu nhất: {_age(oldest)}")
    for row in tried:
        again = f", thử lại lúc {_moment(row['next_attempt_at'])}" if row["next_attempt_at"] else ""
        typer.echo(
            f"{row['number']}  {_KINDS[row['kind']]}, {_STATUSES[row['status']]}, {row['attempts']} lần{again}:"
            f" {row['error'] or 'chưa rõ bên kia đã nhận hay chưa'}"
        )


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in row.items()}


def _moment(at: datetime) -> str:
    return f"{at.astimezone(VIETNAM):%d/%m %H:%M:%S}"


def _age(seconds: float) -> str:
    days, rest = divmod(int(seconds), 86_400)
    hours, rest = divmod(rest, 3_600)
    minutes, rest = divmod(rest, 60)
    parts = [f"{n} {unit}" for n, unit in ((days, "ngày"), (hours, "giờ"), (minutes, "phút"), (rest, "giây")) if n]
    return " ".join(parts[:2]) or "0 giây"
