"""The first administrator of the console: made at the first start, told once on the terminal, in no file."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.core.errors import ConfigurationError, StoreUnavailable
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.store import Store

PAGE = "/ban-lam-viec"


def first_administrator(settings: Settings, store: "Store | None" = None) -> Sequence[str]:
    """Make the account where there is none yet, and return the lines that tell of it; else none.

    Of services that start at once one makes it. Blocking. `settings` has its tokens; without a `store` the database
    of the settings is opened, which must have been migrated.
    """
    from bot.core.staff.administration import Administration
    from bot.store import KeyRing, Store
    from bot.wiring.console import staff_tools

    opened = store or Store(settings.database_url, KeyRing.load_or_create(settings.keys_dir))
    try:
        tools = staff_tools(settings, opened, via="khởi động lần đầu")
        made = Administration(tools, lambda _unit: True).first()
    except (StoreUnavailable, ConfigurationError) as error:
        return (f"chưa lập được tài khoản quản trị đầu tiên ({error}); chạy: tiepdan user first",)
    finally:
        if store is None:
            opened.close()
    if made is None:
        return ()
    return (
        f"Bàn làm việc của cán bộ: {settings.console.address or settings.base_url}{PAGE}",
        f"Tài khoản quản trị đầu tiên: {made.id}   Mật khẩu dùng một lần: {made.password}",
        f"(chỉ hiện lần này, dùng được {settings.console.one_time_hours:g} giờ, phải đổi ngay khi vào)",
        "",
    )
