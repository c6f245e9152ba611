"""`tiepdan channels`: how Zalo and Telegram stand, whether they can be reached, and what was given up."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from bot.settings import load

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
channels_app = typer.Typer(
    help="Xem và kiểm tra Zalo, Telegram; gửi lại tin hỏng.", no_args_is_help=True, add_completion=False
)
JsonOption = Annotated[bool, typer.Option("--json", help="In một đối tượng JSON.")]
NameArgument = Annotated[str, typer.Argument(metavar="KÊNH", help="zalo hoặc telegram.")]

_THREADS = {"open": "đang nhắn được", "window": "quá thời gian cho nhắn", "blocked": "đã chặn", "left": "đã rời"}
_FAILURES = {
    "unread": "không đọc được",
    "give_up": "nền tảng không nhận",
    "retry": "thử mãi không được",
    "unknown": "thử mãi, không rõ đã nhận chưa",
}


@channels_app.command()
def status(as_json: JsonOption = False) -> None:
    """Tình hình từng kênh: tin vào gần nhất, tin chờ, chưa gửi, hỏng, tuổi mã truy cập; không in nội dung."""
    from bot.wiring.plugs import NAMES

    with opened() as (store, plugs, now):
        known = {plug.channel.name: plug for plug in plugs}
        shown: dict[str, Any] = {}
        for name in NAMES:
            with store() as unit:
                figures, counts = unit.threads.standing(name, now), unit.threads.counts(name)
            plug = known.get(name)
            tokens = asyncio.run(plug.tokens()) if plug is not None and plug.tokens is not None else None
            hook = f"/channels/{name}{'/…' if plug.secret else ''}" if plug and plug.admit else None
            shown[name] = {
                "configured": plug is not None,
                "hook": hook,
                "tokens": tokens,
                **figures,
                "counts": counts,
            }
    if as_json:
        typer.echo(json.dumps(shown, ensure_ascii=False, default=str))
        return
    for name, figures in shown.items():
        typer.echo(f"{name}: {'đang bật' if figures['configured'] else 'chưa bật'}")
        if figures["configured"] or any(figures["threads"].values()):
            for line in _lines(figures, now):
                typer.echo(f"  {line}")


@channels_app.command("test")
def test_channel(name: NameArgument) -> None:
    """Hỏi nền tảng xem tài khoản và mã truy cập còn dùng được không; không nhắn cho ai."""
    from bot.core.channels.contract import SendFailed
    from bot.core.errors import ConfigurationError, TiepDanError

    with opened() as (_, plugs, _now):
        plug = next((plug for plug in plugs if plug.channel.name == name), None)
        if plug is None:
            raise ConfigurationError(f"kênh {name} chưa được bật; xem docs/settings.md")

        async def ask() -> str:
            try:
                return str(await plug.test())
            finally:
                await plug.close()

        try:
            typer.echo(f"{name}: dùng được; {asyncio.run(ask())}")
        except SendFailed as failed:
            raise TiepDanError(f"{name}: không dùng được ({failed.failure.value}, mã {failed.code})") from failed


@channels_app.command()
def dead(
    name: Annotated[str | None, typer.Argument(metavar="[KÊNH]", help="Chỉ kênh này.")] = None,
    limit: Annotated[int, typer.Option(help="Số dòng in ra.", min=1, max=10_000)] = 50,
    as_json: JsonOption = False,
) -> None:
    """Liệt kê những tin đã thôi thử, cũ nhất trước, kèm lý do; không in nội dung."""
    with opened() as (store, _, _now), store() as unit:
        letters = unit.dead_letters.open(name, limit)
    if as_json:
        rows = [{k: v for k, v in vars(letter).items() if k != "body"} for letter in letters]
        typer.echo(json.dumps(rows, ensure_ascii=False, default=str))
        return
    for letter in letters:
        way = "vào" if letter.inbound else "ra"
        why = _FAILURES.get(letter.failure, letter.failure)
        again = "  (đang chờ thử lại)" if letter.replay_at else ""
        typer.echo(
            f"{letter.id}  {letter.channel}, {way}, {_moment(letter.created_at)}: {why} ({letter.code}){again}"
        )
    if not letters:
        typer.echo("không có tin hỏng")


@channels_app.command()
def replay(
    letter: Annotated[str, typer.Argument(metavar="MÃ|KÊNH", help="Mã tin (tiepdan channels dead), hoặc cả kênh.")],
) -> None:
    """Cho thử lại một tin hỏng, hoặc mọi tin hỏng của một kênh; dịch vụ đang chạy sẽ làm trong ít giây."""
    from bot.core.errors import TiepDanError
    from bot.wiring.plugs import NAMES

    with opened() as (store, _, now), store() as unit:
        wanted = [one.id for one in unit.dead_letters.open(letter, 10_000)] if letter in NAMES else [letter]
        asked = sum(unit.dead_letters.replay(one, now) for one in wanted)
        unit.commit()
    if letter not in NAMES and not asked:
        raise TiepDanError(f"không có tin hỏng {letter}, hoặc đã gửi lại xong")
    typer.echo(f"sẽ thử lại {asked} tin")


@contextmanager
def opened() -> Iterator[tuple[Any, Any, datetime]]:
    """Open store and plugs: (store, plugs, now)."""
    from bot.cli.withdrawal import open_store
    from bot.core.clock import SystemClock
    from bot.wiring.plugs import configured

    settings, clock = load(), SystemClock()
    store = open_store(settings)
    try:
        yield store, configured(settings, store, clock), clock.now()
    finally:
        store.close()


def _lines(figures: dict[str, Any], now: datetime) -> Iterator[str]:
    last, oldest = figures["last_inbound_at"], figures["oldest_waiting_at"]
    if figures["hook"]:
        yield f"webhook: https://<tên miền>{figures['hook']}"
    if figures["tokens"]:
        yield f"mã truy cập: {figures['tokens']}"
    yield f"tin vào gần nhất: {_moment(last) if last else 'chưa có'}"
    waits = f", chờ lâu nhất {(now - oldest).total_seconds():.0f} giây" if oldest else ""
    yield f"tin vào chưa đọc: {figures['waiting']}{waits}"
    yield f"cuộc trò chuyện chưa gửi hết: {figures['unsent']} (đang thử lại: {figures['retrying']})"
    yield f"tin hỏng: {figures['dead']}"
    people = ", ".join(f"{word} {figures['threads'][name]}" for name, word in _THREADS.items())
    yield f"cuộc trò chuyện: {people}; cán bộ đang nhắn: {figures['paused']}"
    if figures["counts"]:
        yield "đã đếm: " + ", ".join(f"{name} {amount}" for name, amount in figures["counts"].items())


def _moment(at: datetime) -> str:
    return f"{at.astimezone(VIETNAM):%d/%m %H:%M:%S}"
