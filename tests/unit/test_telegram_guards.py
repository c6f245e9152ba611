"""The webhook's secret, the pace of sending, the settings and the token file of Telegram."""

import asyncio
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.core.channels.contract import Channel, Failure, SendFailed
from bot.core.errors import ConfigurationError
from bot.settings.telegram import TelegramSettings, read_token
from channels.telegram.channel import TelegramChannel
from channels.telegram.connection import BotOptions
from channels.telegram.pacing import Pace
from channels.telegram.webhook import derived_secret, secret_matches

TOKEN = "123456789:AAExample-token_for-tests_0123456789"


def test_only_the_whole_secret_matches() -> None:
    secret = derived_secret(TOKEN, "header")
    assert secret_matches(secret, secret)
    wrong = [None, "", " ", secret[:-1], secret + "a", secret.upper(), f" {secret}", "é", "\udc80"]
    assert not any(secret_matches(given, secret) for given in wrong)


@pytest.mark.parametrize("given", [None, "", "x"])
def test_without_a_secret_nothing_matches(given: str | None) -> None:
    assert not secret_matches(given, "")


@given(st.text(), st.text(min_size=1))
@settings(deadline=None)
def test_a_secret_matches_itself_alone(one: str, other: str) -> None:
    try:
        other.encode()
    except UnicodeEncodeError:
        return
    assert secret_matches(one, other) == (one == other)


def test_secrets_differ_by_purpose_and_token_and_suit_telegram() -> None:
    made = {derived_secret(token, purpose) for token in (TOKEN, TOKEN + "1") for purpose in ("path", "header")}
    assert len(made) == 4
    for secret in made:
        assert TelegramSettings(webhook_path=secret).webhook_path


class Time:
    """A clock that moves when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds
        await asyncio.sleep(0)


async def taken(pace: Pace, clock: Time, chats: list[str]) -> list[float]:
    times = []
    for chat in chats:
        await pace.turn(chat)
        times.append(clock.now)
    return times


async def test_one_message_a_second_in_a_chat_and_others_need_not_wait() -> None:
    clock = Time()
    pace = Pace(clock=clock, sleep=clock.sleep)
    assert await taken(pace, clock, ["a", "b", "a", "b", "a"]) == [100, 100, 101, 101, 102]


@given(st.lists(st.integers(0, 60).map(str), max_size=150))
@settings(deadline=None, max_examples=50)
def test_never_more_than_thirty_a_second_nor_one_a_second_in_a_chat(chats: list[str]) -> None:
    clock = Time()
    pace = Pace(clock=clock, sleep=clock.sleep, patience=1_000)
    times = asyncio.run(taken(pace, clock, chats))
    assert times == sorted(times)
    for first, later in zip(times, times[30:], strict=False):
        assert later - first >= 0.999
    for chat in set(chats):
        mine = [time for time, to in zip(times, chats, strict=True) if to == chat]
        assert all(later - first >= 0.999 for first, later in pairwise(mine))


async def test_who_would_wait_too_long_is_told_when_to_come_again() -> None:
    clock = Time()
    pace = Pace(clock=clock, sleep=clock.sleep, patience=5)
    pace.hold("a", 60)
    pace.hold("a", 5)  # a shorter word does not lift a longer one
    with pytest.raises(SendFailed) as caught:
        await pace.turn("a")
    assert (caught.value.failure, caught.value.after) == (Failure.WAIT, timedelta(seconds=60))
    await pace.turn("b")
    assert clock.now == 100


async def test_the_pace_does_not_remember_every_chat_for_ever() -> None:
    clock = Time()
    pace = Pace(10**6, clock=clock, sleep=clock.sleep)
    for number in range(25_000):
        await pace.turn(str(number))
        clock.now += 0.001
    assert len(pace._free) <= 10_001


async def test_it_is_a_channel_and_constructing_it_opens_nothing() -> None:
    made: Channel = TelegramChannel(BotOptions(TOKEN, "http://telegram.invalid/bot"))
    assert (made.name, made.capabilities.text_limit, made.capabilities.window) == ("telegram", 4096, None)
    assert TOKEN not in repr(BotOptions(TOKEN, proxy="http://user:pass@proxy"))
    assert "pass" not in repr(BotOptions(TOKEN, proxy="http://user:pass@proxy"))


def test_telegram_is_off_by_default() -> None:
    assert TelegramSettings().token_file == ""


@pytest.mark.parametrize(
    "given",
    [
        {"public_url": "http://tiepdan.example"},
        {"public_url": "tiepdan.example"},
        {"public_url": "https://"},
        {"webhook_secret": "ngắn"},
        {"webhook_path": "a" * 257},
        {"webhook_path": "a/b/c/d/e/f/g/h/i"},
        {"proxy": "socks5://127.0.0.1:1080"},
        {"proxy": "127.0.0.1:3128"},
        {"base_url": "http://bot-api.example/bot"},
        {"file_url": "http://10.0.0.5/file/bot"},
        {"file_url": "ftp://x/"},
        {"base_url": "https://[x/bot"},
        {"polling": True, "public_url": "https://tiepdan.example"},
        {"messages_per_second": 31},
        {"unknown": 1},
    ],
)
def test_settings_that_cannot_work_are_refused(given: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        TelegramSettings(**given)


def test_settings_of_a_server_of_ones_own_and_a_proxy_with_a_password() -> None:
    made = TelegramSettings(
        base_url="http://127.0.0.1:8081/bot",
        file_url="http://localhost:8081/file/bot",
        proxy="http://user:mat-khau@10.0.0.1:3128",
        public_url="https://tiepdan.example/",
    )
    assert made.public_url == "https://tiepdan.example"
    assert "mat-khau" not in repr(made)
    assert TelegramSettings(base_url="http://10.0.0.5:8081/bot", allow_plain=True).allow_plain


def test_the_token_is_read_from_a_file_of_its_owner(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text(f"{TOKEN}\n", "utf-8")
    file.chmod(0o600)
    assert read_token(file) == TOKEN
    file.chmod(0o640)
    with pytest.raises(ConfigurationError, match="chmod 600"):
        read_token(file)


@pytest.mark.parametrize("content", [b"", b"123:short", b"Token: " + TOKEN.encode(), b"\xff\xfe"])
def test_a_file_without_a_token_is_refused_without_repeating_it(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "token"
    file.write_bytes(content)
    file.chmod(0o600)
    with pytest.raises(ConfigurationError) as caught:
        read_token(file)
    assert TOKEN not in str(caught.value)
    with pytest.raises(ConfigurationError):
        read_token(tmp_path / "none")
