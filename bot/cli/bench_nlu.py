"""`tiepdan bench nlu`: the intents of first messages, by our Rasa model and by Rasa's starter pipeline."""

from pathlib import Path
from typing import Annotated

import typer

from bot.bench.nlu import measure, section
from bot.bench.sections import write_section
from bot.evaluation.cases import RoutingCase, read_lines
from bot.settings import load
from bot.steps import say_on_stderr

Messages = Annotated[Path, typer.Option(help="Tệp JSON Lines các tin nhắn và hướng xử lý đúng.")]
Output = Annotated[
    Path | None, typer.Option(help="Trang Markdown có mục cần thay hoặc thêm; bỏ trống thì in ra đầu ra chuẩn.")
]
Epochs = Annotated[int, typer.Option(min=1, max=100, help="Số vòng huấn luyện Rasa đối chứng (mẫu gốc: 100).")]


def nlu(
    messages: Messages = Path("tests/data/routing.jsonl"), output: Output = None, starter_epochs: Epochs = 20
) -> None:
    """Đo tỷ lệ hiểu đúng và thời gian của mô hình này và của Rasa nguyên bản trên cùng các tin nhắn."""
    cases = read_lines(messages, RoutingCase)
    text = section(measure(load(), cases, starter_epochs, say_on_stderr), messages.name)
    if output is None:
        typer.echo(text)
        return
    write_section(output, text, "Retrieval quality")
    say_on_stderr(f"written: {output}")
