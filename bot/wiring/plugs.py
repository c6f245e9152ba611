"""Which platforms are configured: from settings to plugs. Opens nothing."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.core.channels.counting import CountBook
from bot.core.ports import Clock
from bot.settings import Settings
from bot.settings.telegram import read_token
from bot.store import Store
from bot.store.channels.tokens import SealedTokens
from bot.wiring.channels import Plug

NAMES = ("zalo", "telegram")
_VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


def configured(settings: Settings, store: Store, clock: Clock) -> list[Plug]:
    """Return the plugs of what is switched on. Raises ConfigurationError with one line."""
    plugs = []
    if settings.zalo.enabled:
        plugs.append(_zalo(settings, store, clock))
    if settings.telegram.token_file:
        plugs.append(_telegram(settings))
    return plugs


def _zalo(settings: Settings, store: Store, clock: Clock) -> Plug:
    from bot.wiring.zalo import zalo_channel
    from channels.zalo.signature import SignatureRefused
    from channels.zalo.tokens import REMEDY, TokenState

    counters = CountBook("zalo")
    tokens = SealedTokens(store, "zalo", TokenState)
    channel = zalo_channel(settings.zalo, tokens, _Uploads(), counters, clock)

    def admit(body: bytes, headers: Mapping[str, str]) -> int | None:
        try:
            return None if channel.admit(body, headers) is not None else 200
        except SignatureRefused:
            return int(settings.zalo.refused_status)

    async def test() -> str:
        account = await channel.account()
        inner = account.get("data")
        data = inner if isinstance(inner, dict) else account
        return f"tài khoản «{data.get('name', '?')}», mã {data.get('oa_id', settings.zalo.oa_id)}"

    async def ages() -> str:
        age = await channel.tokens.age()
        if age.expires_at is None:
            return f"chưa đăng nhập: {REMEDY}"
        alarm = {
            "lost": "; MẤT, hãy đăng nhập lại",
            "refused": "; việc làm mới bị ngắt giữa chừng, Zalo không nhận mã nữa, hãy đăng nhập lại",
            "old": "; sắp hết hạn, hãy đăng nhập lại",
            "expired": "; HẾT HẠN",
        }
        until = f"{age.expires_at.astimezone(_VIETNAM):%d/%m %H:%M}"
        ends = f"{age.refresh_ends.astimezone(_VIETNAM):%d/%m/%Y}" if age.refresh_ends else "?"
        return f"dùng được đến {until}, làm mới được đến {ends}{alarm.get(age.alarm, '')}"

    async def alarm() -> str:
        age = await channel.tokens.age()
        return f"Mã truy cập Zalo ({await ages()}): chạy {REMEDY}." if age.alarm else ""

    return Plug(
        channel=channel,
        counters=counters,
        test=test,
        admit=admit,
        start=channel.tokens.resume,
        tokens=ages,
        alarm=alarm,
        template=channel.templates.send if channel.templates else None,
        close=channel.aclose,
        wait_seconds=settings.channels.zalo_wait_seconds,
    )


def _telegram(settings: Settings) -> Plug:
    from channels.telegram.channel import TelegramChannel
    from channels.telegram.connecting import set_webhook, standing
    from channels.telegram.connection import BotOptions
    from channels.telegram.pacing import Pace
    from channels.telegram.polling import poll
    from channels.telegram.webhook import SECRET_HEADER, derived_secret, secret_matches

    chosen = settings.telegram
    token = read_token(Path(chosen.token_file).expanduser())
    counters = CountBook("telegram")
    options = BotOptions(
        token,
        chosen.base_url,
        chosen.file_url,
        chosen.proxy.get_secret_value() if chosen.proxy else None,
        chosen.request_seconds,
    )
    pace = Pace(chosen.messages_per_second, chosen.chat_seconds)
    channel = TelegramChannel(options, pace)
    path = chosen.webhook_path.get_secret_value() if chosen.webhook_path else derived_secret(token, "path")
    header = chosen.webhook_secret.get_secret_value() if chosen.webhook_secret else derived_secret(token, "header")

    def admit(_: bytes, headers: Mapping[str, str]) -> int | None:
        if secret_matches(headers.get(SECRET_HEADER.lower()), header):
            return None
        counters.add("hook.refused")
        return 403

    async def start() -> None:
        await set_webhook(channel.bot, f"{chosen.public_url}/channels/telegram/{path}", header)

    async def test() -> str:
        now = await standing(channel.bot)
        how = "nhận qua webhook" if now.webhook else "chưa đặt webhook"
        groups = "; còn cho thêm vào nhóm (BotFather, Allow Groups)" if now.reads_groups else ""
        return f"@{now.username}, {how}, {now.pending} tin đang chờ{groups}"

    return Plug(
        channel=channel,
        counters=counters,
        test=test,
        admit=None if chosen.polling else admit,
        secret=path,
        after=channel.attend,
        start=start if chosen.public_url else None,
        poll=(lambda take: poll(channel.bot, take)) if chosen.polling else None,
        close=channel.close,
        wait_seconds=settings.channels.telegram_wait_seconds,
    )


class _Uploads:
    """Remembers uploads while the process runs; losing it costs an upload."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[str, datetime]] = {}

    def get(self, digest: str, now: datetime) -> str | None:
        """Return the id under which these bytes are there, None where its time is over."""
        found = self._known.get(digest)
        return found[0] if found and now < found[1] else None

    def put(self, digest: str, ref: str, until: datetime) -> None:
        """Remember."""
        self._known[digest] = (ref, until)

    def forget(self, digest: str) -> None:
        """Forget."""
        self._known.pop(digest, None)
