"""`tiepdan evaluate routing|dialogues`: measures the running stack, or a private one started for the purpose."""

import asyncio
import contextlib
import json
import sys
from collections.abc import AsyncIterator, Callable, Coroutine
from pathlib import Path
from typing import Annotated, Any

import httpx
import typer

from bot.evaluation.cases import DialogueCase, RoutingCase, read_lines
from bot.evaluation.runs import dialogue_scores, play_dialogues, route_messages
from bot.evaluation.scores import routing_scores
from bot.settings import load
from bot.stack import private_stack
from bot.tokens import with_tokens
from bot.webclient import WebClient

Url = Annotated[
    str | None,
    typer.Option(
        help="Địa chỉ hệ thống đang chạy với TIEPDAN_EVALUATION=1; bỏ trống thì tự khởi động một hệ thống riêng."
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="In đúng một đối tượng JSON ra đầu ra chuẩn.")]
Details = Annotated[bool, typer.Option("--details", help="In từng câu sai ra đầu ra lỗi.")]


@contextlib.asynccontextmanager
async def stack_client(url: str | None) -> AsyncIterator[WebClient]:
    """Yield a client of the stack at `url`, or of a private stack with its own database."""
    settings = load()
    async with contextlib.AsyncExitStack() as stack:
        if url is None:
            private = await stack.enter_async_context(private_stack(settings))
            url, token = private.base_url, private.evaluation_token
        else:
            given = with_tokens(settings).evaluation_token
            token = given.get_secret_value() if given else ""
        http = await stack.enter_async_context(httpx.AsyncClient(base_url=url, timeout=30))
        yield WebClient(http, token)


def progress(done: int, total: int) -> None:
    """Show how far a run is, on standard error."""
    if done % 10 == 0 or done == total:
        print(f"{done}/{total}", file=sys.stderr, flush=True)  # noqa: T201


def routing(
    messages: Annotated[Path, typer.Option(help="Tệp JSON Lines các tin nhắn đơn lẻ.")],
    url: Url = None,
    as_json: AsJson = False,
    details: Details = False,
) -> None:
    """Đo việc nhận ra loại tin nhắn: mỗi dòng được gửi như tin đầu tiên của một cuộc trò chuyện mới."""

    async def run() -> dict[str, Any]:
        cases = read_lines(messages, RoutingCase)
        async with stack_client(url) as client:
            routed = await route_messages(client, cases, progress)
        for r in routed:
            if details and not r.right:
                print(f"{r.case.id}: {r.case.expect} ≠ {r.route}", file=sys.stderr)  # noqa: T201
        return routing_scores(routed)

    _report(run, as_json)


def dialogues(
    dialogues: Annotated[Path, typer.Option(help="Tệp JSON Lines các cuộc trò chuyện.")],
    url: Url = None,
    as_json: AsJson = False,
    details: Details = False,
) -> None:
    """Chạy từng cuộc trò chuyện có kịch bản và đối chiếu kết quả, trạng thái sau mỗi lượt."""

    async def run() -> dict[str, Any]:
        cases = read_lines(dialogues, DialogueCase)
        async with stack_client(url) as client:
            played = await play_dialogues(client, cases, progress)
        for p in played:
            for number, failures in enumerate(p.failures, 1):
                if details and failures:
                    print(f"{p.case.id} turn {number}: {'; '.join(failures)}", file=sys.stderr)  # noqa: T201
        return dialogue_scores(played)

    _report(run, as_json)


def _report(run: Callable[[], Coroutine[Any, Any, dict[str, Any]]], as_json: bool) -> None:
    try:
        scores = asyncio.run(run())
    except BaseExceptionGroup as group:
        # A task group wraps the first failure; the command line shows that one line.
        raise group.exceptions[0] from None
    typer.echo(json.dumps(scores, ensure_ascii=False, indent=None if as_json else 2))
