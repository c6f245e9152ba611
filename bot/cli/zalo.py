"""`tiepdan zalo login`: an administrator consents once; from then on tokens are renewed by themselves."""

import asyncio
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import typer

from bot.cli.channels import opened

zalo_app = typer.Typer(help="Đăng nhập Zalo Official Account.", no_args_is_help=True, add_completion=False)
# Zalo's callback is a few hundred characters.
MAX_ADDRESS = 4_096


@zalo_app.callback()
def _group() -> None:
    """Keep `login` a command of its own."""


@zalo_app.command()
def login() -> None:
    """In đường dẫn xin phép, nhận địa chỉ mà Zalo chuyển về, rồi cất cặp mã truy cập đã niêm phong."""
    from bot.core.errors import ConfigurationError
    from channels.zalo.oauth import OAuthFailed

    with opened() as (_, plugs, now):
        plug = next((plug for plug in plugs if plug.channel.name == "zalo"), None)
        if plug is None:
            raise ConfigurationError("Zalo chưa được bật: đặt TIEPDAN_ZALO__ENABLED=1 và các khóa (docs/zalo.md)")
        channel: Any = plug.channel
        begun = channel.oauth.begin()
        typer.echo(f"Quản trị viên của OA mở đường dẫn này và bấm đồng ý:\n\n{begun.link}\n")
        address: str = typer.prompt("Dán cả địa chỉ mà Zalo chuyển về")
        carried = dict(parse_qsl(urlsplit(address[:MAX_ADDRESS].strip()).query))

        async def finish() -> None:
            try:
                granted = await channel.oauth.complete(begun, carried)
                await channel.tokens.adopt(granted, now)
            finally:
                await plug.close()

        try:
            asyncio.run(finish())
        except OAuthFailed as failure:
            raise ConfigurationError(f"Zalo không cấp mã truy cập ({failure.code}); hãy chạy lại lệnh này") from None
    typer.echo("Đã lưu mã truy cập. Kiểm tra: tiepdan channels test zalo")
