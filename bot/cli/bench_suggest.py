"""`tiepdan bench suggest`: suggestions while operators type, written as docs/suggestions.md."""

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from bot.bench.machine import this_machine
from bot.settings import PROJECT_ROOT, load
from bot.stack import run_until_signal
from bot.steps import say_on_stderr

VIET_NAM = dt.timezone(dt.timedelta(hours=7))


def suggest(
    output: Annotated[Path, typer.Option(help="Trang Markdown được viết ra.")] = Path("docs/suggestions.md"),
    questions: Annotated[Path, typer.Option(help="Bộ câu hỏi; chỉ dùng câu trong phạm vi.")] = Path(
        "tests/data/retrieval.jsonl"
    ),
    count: Annotated[int, typer.Option(min=1, max=1_000, help="Số câu được gõ.")] = 100,
    operators: Annotated[int, typer.Option(min=1, max=100, help="Số tổng đài viên cùng gõ.")] = 10,
) -> None:
    """Gõ từng phím các câu hỏi với nhiều tổng đài viên cùng lúc; đo thời gian và độ sớm của gợi ý đúng."""
    from bot.bench.suggest.page import markdown
    from bot.bench.suggest.run import measured

    path = questions if questions.is_absolute() else PROJECT_ROOT / questions

    async def run() -> None:
        found = await measured(load(), path, count, operators, say_on_stderr)
        page = markdown(found, this_machine(), dt.datetime.now(VIET_NAM).date(), questions.as_posix())
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_text(page, "utf-8")
        say_on_stderr(f"đã viết {output}")

    raise typer.Exit(run_until_signal(run(), say_on_stderr))
