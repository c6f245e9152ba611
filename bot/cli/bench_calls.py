"""`tiepdan bench calls`: what is suggested while somebody calls, and how soon."""

import datetime as dt
import os
from pathlib import Path
from typing import Annotated

import typer

from bot.bench.machine import this_machine
from bot.settings import load
from bot.steps import say_on_stderr

VIET_NAM = dt.timezone(dt.timedelta(hours=7))

Scripts = Annotated[Path, typer.Option(help="Các cuộc gọi có kịch bản.")]
Half = Annotated[str, typer.Option(help="Chỉ chạy một nửa: development hoặc held_out; bỏ trống thì cả hai.")]
Output = Annotated[Path | None, typer.Option(help="Tệp Markdown để ghi; bỏ trống thì in ra đầu ra chuẩn.")]
Misses = Annotated[bool, typer.Option("--misses", help="Nêu các cuộc gọi sai của nửa development.")]


def calls(
    scripts: Scripts = Path("tests/data/calls.jsonl"), half: Half = "", output: Output = None, misses: Misses = False
) -> None:
    """Chạy lại các cuộc gọi có kịch bản, từng dòng một, qua chính các địa chỉ của tổng đài."""
    from bot.bench.calls import measure, page, read_calls
    from knowledge.base import open_knowledge_base

    busy, settings = os.getloadavg()[0], load()
    knowledge = open_knowledge_base(
        settings.catalogue, settings.index_dir, settings.encoder_dir, settings.encoder, lambda: frozenset()
    )
    chosen = [call for call in read_calls(scripts) if half in {"", call.half}]
    replayed = measure(settings, knowledge, chosen, say_on_stderr)
    if misses:
        for each in replayed:
            if not each.right and each.call.half == "development":
                say_on_stderr(f"{each.call.id}: place {each.first}, {each.milliseconds:.0f} ms")
    text = page(replayed, this_machine(), dt.datetime.now(VIET_NAM).date().isoformat(), busy)
    if output is None:
        typer.echo(text)
        return
    output.write_text(text, "utf-8")
    say_on_stderr(f"written: {output}")
