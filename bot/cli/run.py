"""`tiepdan run`, `prepare`, `serve` and `chat`."""

import asyncio
from typing import Annotated

import typer

from bot.preparation import preparation
from bot.settings import load
from bot.stack import run_stack, run_until_signal
from bot.steps import run_steps, say_on_stderr

Url = Annotated[str | None, typer.Option(help="Địa chỉ hệ thống đang chạy; bỏ trống thì theo cài đặt.")]


def run() -> None:
    """Chuẩn bị những gì còn thiếu, chạy dịch vụ và Rasa, in địa chỉ; Ctrl-C dừng cả hai."""
    settings = load()
    raise typer.Exit(run_until_signal(run_stack(settings, preparation(settings), say_on_stderr), say_on_stderr))


def prepare() -> None:
    """Huấn luyện và dựng những gì còn thiếu, không chạy hệ thống."""
    raise typer.Exit(run_until_signal(run_steps(preparation(load()), say_on_stderr), say_on_stderr))


def serve() -> None:
    """Chỉ chạy dịch vụ; Rasa ở địa chỉ TIEPDAN_RASA_URL."""
    from bot.main import main

    main()


def chat(url: Url = None) -> None:
    """Trò chuyện với hệ thống đang chạy; «thoát» để dừng."""
    import httpx
    from rich.console import Console

    from bot.cli.chat import chat as talk
    from bot.webclient import WebClientError

    try:
        asyncio.run(talk(url or load().base_url, Console()))
    except (httpx.TransportError, WebClientError) as error:
        typer.echo(f"tiepdan: {error}", err=True)
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        raise typer.Exit from None
