"""The platforms of the soak: the fake servers with faults that come by chance, and what citizens' messages are."""

import json
import random
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from bot.store import Store
from bot.store.channels.tokens import SealedTokens
from channels.telegram.webhook import SECRET_HEADER, derived_secret
from channels.zalo.tokens import TokenState
from tests.fakes import telegram as telegrams
from tests.fakes import telegram_updates as updates
from tests.fakes.telegram import FakeTelegram
from tests.fakes.zalo import FakeZalo
from tests.fakes.zalo_webhook import ZaloWebhook
from tests.integration.test_channel_plugs import log_in

# Longer than the service waits for an answer.
REQUEST_SECONDS, HANG_SECONDS = 8.0, 9.0
# Of the calls that send, in percent: five in all. The last two are those whose acceptance nobody can know: a message
# is taken, and the answer lost. Neither platform takes a key by which a second sending could be recognised.
ZALO_FAULTS: Mapping[str, float] = {
    "-216": 1.2, "-32": 1.2, "reset": 1.3, "timeout": 1.0, "reset-after": 0.15, "timeout-after": 0.15,
}  # fmt: skip
TELEGRAM_FAULTS: Mapping[str, float] = {
    "status": 2.0, "reset": 1.5, "hang": 1.2, "taken_reset": 0.15, "taken_hang": 0.15,
}  # fmt: skip
TELEGRAM_TOKEN = "123456789:" + "A" * 35
FLOOD = b'{"ok":false,"error_code":429,"description":"Too Many Requests","parameters":{"retry_after":1}}'


@dataclass(frozen=True)
class Mail:
    """A message on its way to the webhook."""

    path: str
    body: bytes
    headers: Mapping[str, str]


@dataclass(frozen=True)
class Taken:
    """A message that a platform took for somebody; `lost`: the answer that says so did not arrive."""

    address: str
    text: str
    at: datetime
    lost: bool


class Side(Protocol):
    """A platform. `happened` counts its faults."""

    name: str

    def person(self, number: int) -> str:
        """Make somebody known and return their address."""
        ...

    def mail(self, address: str, text: str, serial: int) -> Mail:
        """Return what the platform delivers when somebody writes."""
        ...

    def taken(self, start: int) -> Sequence[Taken]:
        """Return what was taken, from the `start`th on."""
        ...

    def calm(self) -> None:
        """Let nothing go wrong any more."""
        ...

    @property
    def happened(self) -> Mapping[str, int]:
        """How often which fault happened, a name in words to a number."""
        ...

    @property
    def calls(self) -> int:
        """How many calls that send came."""
        ...


class ZaloSide:
    """Zalo, with tokens that are refused now and then."""

    name = "zalo"
    _words: Mapping[str, str] = {
        "-216": "token refused (-216)",
        "-32": "too many calls (-32)",
        "reset": "connection reset, not taken",
        "timeout": "no answer, not taken",
        "reset-after": "taken, then connection reset",
        "timeout-after": "taken, then no answer",
    }

    def __init__(self, fake: FakeZalo) -> None:
        self.fake, self.state = fake, fake.state
        self.logins = 0
        self._webhook = ZaloWebhook(fake.state, "")
        fake.state.faults.rates = {kind: share / 100 for kind, share in ZALO_FAULTS.items()}

    def settings(self) -> dict[str, Any]:
        """Return the settings of the service's group, with pauses that are short beside the run."""
        state = self.state
        return {
            "enabled": True, "app_id": state.app_id, "oa_id": state.oa_id, "app_secret": state.app_secret,
            "oa_secret": state.oa_secret, "api_url": self.fake.url, "oauth_url": self.fake.url,
            "request_seconds": REQUEST_SECONDS, "rate_pause_seconds": 1, "forced_refresh_pause_seconds": 2,
        }  # fmt: skip

    def keep_logged_in(self, store: Store) -> None:
        """Log in where there are no tokens, or where the refresh token is lost: what an administrator does."""
        tokens = SealedTokens(store, "zalo", TokenState)
        state = tokens.load()
        if state is None:
            log_in(self.fake, store)
        elif state.lost:
            with self.state.lock:
                access, refresh = self.state.new_pair()
            self.logins += tokens.swap(
                state.version,
                TokenState(state.version + 1, access, refresh, state.expires_at, self.state.now()),
            )

    def alive(self, store: Store) -> bool:
        """Say whether the stored token is taken."""
        state = SealedTokens(store, "zalo", TokenState).load()
        return state is not None and not state.lost and self.state.refused(state.access) is None

    def person(self, number: int) -> str:
        return f"25000000000000{number:05}"

    def mail(self, address: str, text: str, serial: int) -> Mail:
        event = self._webhook.text(address, text, f"m-in-{serial}")
        body = json.dumps(event, ensure_ascii=False).encode()
        return Mail("/channels/zalo", body, self._webhook.headers(body, event["timestamp"]))

    def taken(self, start: int) -> Sequence[Taken]:
        with self.state.lock:
            sent = self.state.sent[start:]
        return [Taken(one.recipient, str(one.message.get("text", "")), one.at, one.lost) for one in sent]

    def calm(self) -> None:
        self.state.faults.rates = {}

    @property
    def happened(self) -> Mapping[str, int]:
        return {word: self.state.faults.happened[kind] for kind, word in self._words.items()}

    @property
    def calls(self) -> int:
        return self.state.calls["/v3.0/oa/message/cs"]


class TelegramSide:
    """Telegram, which says now and then that it is flooded."""

    name = "telegram"
    _words: Mapping[str, str] = {
        "status": "flooded (429)",
        "reset": "connection reset, not taken",
        "hang": "no answer, not taken",
        "taken_reset": "taken, then connection reset",
        "taken_hang": "taken, then no answer",
    }

    def __init__(self, fake: FakeTelegram, chance: random.Random) -> None:
        fake.token = TELEGRAM_TOKEN
        fake.fault_for = self._fault  # type: ignore[method-assign]
        self._fake, self._chance = fake, chance
        self._rates: Mapping[str, float] = TELEGRAM_FAULTS
        self._happened = dict.fromkeys(TELEGRAM_FAULTS, 0)
        self._calls = 0
        self._path = f"/channels/telegram/{derived_secret(TELEGRAM_TOKEN, 'path')}"

    def settings(self, folder: Path) -> dict[str, Any]:
        """Return the settings of the service's group; the token is written into the folder."""
        file = folder / "telegram-token"
        file.write_text(TELEGRAM_TOKEN)
        file.chmod(0o600)
        urls = {"base_url": self._fake.base_url, "file_url": self._fake.file_url}
        return {"token_file": str(file), "request_seconds": REQUEST_SECONDS, **urls}

    def person(self, number: int) -> str:
        return str(self._fake.citizen(700_001 + number))

    def mail(self, address: str, text: str, serial: int) -> Mail:
        said = updates.message(int(address), serial, date=updates.DATE + serial, text=text)
        secret = {SECRET_HEADER: derived_secret(TELEGRAM_TOKEN, "header")}
        return Mail(self._path, updates.body(updates.update("message", said, serial)), secret)

    def taken(self, start: int) -> Sequence[Taken]:
        sent = self._fake.sent[start:]
        return [Taken(str(one.chat_id), one.text, one.at, one.message_id in self._fake.lost) for one in sent]

    def calm(self) -> None:
        self._rates = {}

    @property
    def happened(self) -> Mapping[str, int]:
        return {word: self._happened[kind] for kind, word in self._words.items()}

    @property
    def calls(self) -> int:
        return self._calls

    def _fault(self, method: str) -> telegrams.Fault | None:
        if method != "sendMessage":
            return None
        self._calls += 1
        drawn = self._chance.random() * 100
        for kind, share in self._rates.items():
            if drawn < share:
                self._happened[kind] += 1
                return telegrams.Fault(kind, status=429, content=FLOOD, seconds=HANG_SECONDS)
            drawn -= share
        return None


@contextmanager
def platforms(chance: random.Random) -> Iterator[tuple[ZaloSide, TelegramSide]]:
    """Run both fake servers."""
    with FakeZalo(hang_seconds=HANG_SECONDS) as zalo, FakeTelegram() as telegram:
        yield ZaloSide(zalo), TelegramSide(telegram, chance)
