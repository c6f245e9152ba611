"""`tiepdan bench acknowledge`: how fast webhooks are acknowledged while conversations run."""

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from bot.bench.acknowledge import QUICK, Plan, acknowledge
from bot.bench.acknowledge_report import section
from bot.bench.sections import write_section
from bot.settings import load
from bot.stack import run_until_signal
from bot.steps import say_on_stderr

VIET_NAM = dt.timezone(dt.timedelta(hours=7))

Output = Annotated[
    Path | None, typer.Option(help="Trang Markdown có mục cần thay hoặc thêm; bỏ trống thì in ra đầu ra chuẩn.")
]
Quick = Annotated[bool, typer.Option("--quick", help="Đo ít, chỉ để biết cỡ.")]


def measure(output: Output = None, quick: Quick = False) -> None:
    """Đo thời gian xác nhận 50 tin Zalo mỗi giây trong khi có người đang trò chuyện."""
    raise typer.Exit(run_until_signal(_run(QUICK if quick else Plan(), output), say_on_stderr))


async def _run(plan: Plan, output: Path | None) -> None:
    found = await acknowledge(load(), plan, say_on_stderr)
    text = section(found, plan, dt.datetime.now(VIET_NAM).date().isoformat())
    if output is None:
        typer.echo(text)
        return
    write_section(output, text, "Performance")
    say_on_stderr(f"written: {output}")
