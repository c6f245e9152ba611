"""`tiepdan bench turns`: latency and throughput of the web channel's turns, beside stock Rasa."""

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from bot.bench.comparison import QUICK, Comparison, Plan, compare
from bot.bench.machine import this_machine
from bot.bench.report import markdown
from bot.settings import Settings, load
from bot.stack import run_until_signal
from bot.steps import say_on_stderr

VIET_NAM = dt.timezone(dt.timedelta(hours=7))

Output = Annotated[Path | None, typer.Option(help="Tệp Markdown để ghi báo cáo; bỏ trống thì in ra đầu ra chuẩn.")]
Quick = Annotated[bool, typer.Option("--quick", help="Đo ít, chỉ để biết cỡ.")]
Epochs = Annotated[
    int,
    typer.Option(min=1, max=100, help="Số vòng huấn luyện Rasa đối chứng (mẫu gốc: 100; tốc độ không đổi)."),
]


def turns(output: Output = None, quick: Quick = False, stock_epochs: Epochs = Plan.epochs) -> None:
    """Đo thời gian trả lời một lượt với một và tám người dùng, của hệ thống này và của Rasa nguyên bản."""
    settings = load()
    plan = replace(QUICK if quick else Plan(), epochs=stock_epochs)
    raise typer.Exit(run_until_signal(_run(settings, plan, output), say_on_stderr))


async def _run(settings: Settings, plan: Plan, output: Path | None) -> None:
    comparison = await compare(settings, plan, say_on_stderr)
    _write(comparison, output)


def _write(comparison: Comparison, output: Path | None) -> None:
    page = markdown(comparison, this_machine(), dt.datetime.now(VIET_NAM).date())
    if output is None:
        typer.echo(page)
        return
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(page, "utf-8")
    say_on_stderr(f"written: {output}")
