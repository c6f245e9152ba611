"""`tiepdan bench complaints`: how complaints are understood and taken in, through a stack of its own."""

import asyncio
import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from bot.bench.complaints import STORIES, measure, page
from bot.bench.machine import this_machine
from bot.cli.evaluate import Url, progress, stack_client
from bot.steps import say_on_stderr

VIET_NAM = dt.timezone(dt.timedelta(hours=7))

Sets = Annotated[Path, typer.Option(help="Thư mục có ba bộ đo: tin nhắn, cơ quan khác, cuộc trò chuyện.")]
Locked = Annotated[Path | None, typer.Option(help="Thư mục nửa bộ đo được niêm phong; bỏ trống thì không đo.")]
Output = Annotated[Path | None, typer.Option(help="Tệp Markdown để ghi; bỏ trống thì in ra đầu ra chuẩn.")]


def complaints(
    sets: Sets = Path("tests/data"), locked: Locked = None, output: Output = None, url: Url = None
) -> None:
    """Đo việc nhận ra phản ánh, hành vi, cơ quan khác, các cuộc trò chuyện và số câu phải hỏi."""
    folders = {"open half": sets} | ({"locked half": locked} if locked else {})

    async def run() -> str:
        async with stack_client(url) as client:
            halves, asked = await measure(client, folders, sets / STORIES, progress)
        return page(halves, asked, this_machine(), dt.datetime.now(VIET_NAM).date())

    try:
        text = asyncio.run(run())
    except BaseExceptionGroup as group:
        # A task group wraps the first failure; the command line shows that one line.
        raise group.exceptions[0] from None
    if output is None:
        typer.echo(text)
        return
    output.write_text(text, "utf-8")
    say_on_stderr(f"written: {output}")
