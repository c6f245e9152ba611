"""`tiepdan bench retrieval`: how often a question finds its procedure, written as docs/quality.md."""

import datetime as dt
import os
from pathlib import Path
from typing import Annotated

import typer

from bot.bench.machine import this_machine
from bot.bench.retrieval.cost import SIZES
from bot.bench.retrieval.page import Section, markdown
from bot.bench.retrieval.run import QUICK_SIZES, Plan, measure_quality
from bot.settings import load
from bot.steps import say_on_stderr


def retrieval(
    output: Annotated[Path, typer.Option(help="Trang Markdown được viết ra.")] = Path("docs/quality.md"),
    questions: Annotated[Path, typer.Option(help="Bộ câu hỏi của dự án.")] = Path("tests/data/retrieval.jsonl"),
    locked: Annotated[
        Path | None, typer.Option(help="Nửa được khóa của bộ câu hỏi; chỉ mở khi đã xếp hạng xong.")
    ] = None,
    shared: Annotated[
        Path | None,
        typer.Option(help="Thư mục có danh mục cổng quốc gia, ALQAC và các bộ câu hỏi; bỏ trống thì bỏ qua."),
    ] = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="Chỉ đo danh mục nhỏ về thời gian, không khởi động dịch vụ.")
    ] = False,
) -> None:
    """So việc tìm thủ tục với BM25, bỏ từng phần để biết nó giúp gì, đo thời gian và bộ nhớ; viết ra một trang."""
    busy = os.getloadavg()[0]
    now = dt.datetime.now(dt.UTC)
    plan = Plan(questions, locked, shared, QUICK_SIZES if quick else SIZES, service=not quick)
    quality = measure_quality(load(), plan, now, say_on_stderr)
    sections: list[Section] = []
    page = markdown(quality, this_machine(), now.date(), busy, sections)
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(page, encoding="utf-8")
    say_on_stderr(f"đã viết {output}")
