"""The same dialogues on the web, on Telegram and on Zalo, through the real stack: the same outcomes everywhere."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.core.clock import SystemClock
from bot.main import open_store
from bot.settings.channels import ChannelsSettings
from bot.settings.telegram import TelegramSettings
from bot.settings.zalo import ZaloSettings
from bot.store import Store
from bot.wiring.plugs import configured
from tests.conversations.channel_seats import Heard, Seat, TelegramSeat, WebSeat, ZaloSeat
from tests.fakes.telegram import FakeTelegram
from tests.fakes.zalo import FakeZalo
from tests.integration.test_channel_plugs import log_in
from tests.stack import RunningStack

pytestmark = [pytest.mark.stack, pytest.mark.timeout(900)]
FILE = Path(__file__).parents[1] / "data" / "channel_dialogues.jsonl"
DIALOGUES = [json.loads(line) for line in FILE.read_text("utf-8").splitlines()]
TOKEN = "123456789:" + "A" * 35
# A case's number and secret, which are another's in each conversation.
_CODES = re.compile(r"PA-\d{4}-\d{4}|\b[A-Z\d]{4}-[A-Z\d]{4}\b")


@dataclass
class House:
    """The running stack with a seat for each channel."""

    stack: RunningStack
    store: Store
    zalo: FakeZalo
    telegram: FakeTelegram
    http: httpx.Client

    def seats(self, number: int) -> list[Seat]:
        """Return three people who have not written yet."""
        plugs = configured(self.stack.settings, self.store, SystemClock())
        shows = {plug.channel.name: plug.channel.capabilities for plug in plugs}
        chat = str(self.telegram.citizen(700_001 + number))
        person = f"25000000000000{number:05}"
        first = 1_000 * number + 1
        return [
            WebSeat("web", self.store, http=self.http),
            TelegramSeat(
                "telegram", self.store, address=chat, http=self.http, fake=self.telegram, token=TOKEN, first=first
            ),
            ZaloSeat("zalo", self.store, address=person, capabilities=shows["zalo"], http=self.http, fake=self.zalo),
        ]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("channels")
    with FakeZalo() as zalo, FakeTelegram() as telegram:
        telegram.token = TOKEN
        token = folder / "telegram-token"
        token.write_text(TOKEN)
        token.chmod(0o600)
        state = zalo.state
        stack = RunningStack(
            folder,
            channels=ChannelsSettings(zalo_wait_seconds=0, telegram_wait_seconds=0),
            zalo=ZaloSettings(
                enabled=True, app_id=state.app_id, oa_id=state.oa_id, app_secret=state.app_secret,
                oa_secret=state.oa_secret, api_url=zalo.url, oauth_url=zalo.url,
            ),
            telegram=TelegramSettings(
                token_file=str(token), base_url=telegram.base_url, file_url=telegram.file_url, chat_seconds=0.1
            ),
        )  # fmt: skip
        store = open_store(stack.settings)
        log_in(zalo, store)
        stack.start()
        try:
            with httpx.Client(base_url=stack.base_url, timeout=30, trust_env=False) as http:
                yield House(stack, store, zalo, telegram, http)
        finally:
            stack.stop()
            store.close()


def outcome(heard: Heard) -> dict[str, Any]:
    """Return what must be the same on every channel: all of it but a case's codes."""
    body = heard.reply
    whole = json.dumps([body["text"], body["blocks"], body["sources"]], ensure_ascii=False)
    buttons = [(button["id"], button["title"]) for button in body["buttons"]]
    return {"act": body["act"], "said": _CODES.sub("#", whole), "buttons": buttons, **heard.figures}


def end(seat: Seat) -> dict[str, Any]:
    """Return the state at the end, without a case's number."""
    return {name: value for name, value in seat.state().items() if name != "case_code"}


@pytest.mark.parametrize("dialogue", DIALOGUES, ids=[dialogue["id"] for dialogue in DIALOGUES])
def test_a_dialogue_has_the_same_outcomes_on_every_channel(house: House, dialogue: dict[str, Any]) -> None:
    web, *others = house.seats(DIALOGUES.index(dialogue))
    for number, turn in enumerate(dialogue["turns"]):
        heard = [
            seat.says(turn["user"]) if "user" in turn else seat.chooses(turn["choose"]) for seat in (web, *others)
        ]
        first, *rest = heard
        for name, wanted in turn.get("expect", {}).items():
            assert ({"act": first.reply["act"]} | first.figures)[name] == wanted, f"{number}: {first}"
        for seat, other in zip(others, rest, strict=True):
            assert outcome(other) == outcome(first), f"turn {number} on {seat.channel}"
            assert other.said == first.said
    for seat in others:
        assert end(seat) == end(web)


def test_the_file_has_what_channels_differ_in() -> None:
    turns = [turn for dialogue in DIALOGUES for turn in dialogue["turns"]]
    assert len(DIALOGUES) >= 12
    assert sum("choose" in turn for turn in turns) >= 10
    assert len({turn["user"] for turn in turns if "user" in turn}) > 30


def test_each_channel_has_shown_all_and_choices_in_its_own_way(house: House) -> None:
    """A list too long for Zalo is numbered there; on Telegram and on the web it is buttons."""
    web, telegram, zalo = house.seats(len(DIALOGUES))
    text = DIALOGUES[2]["turns"][0]["user"]
    heard = [seat.says(text) for seat in (web, telegram, zalo)]
    titles = [button["title"] for button in heard[0].reply["buttons"]]
    assert 5 < len(titles) <= 8
    assert isinstance(telegram, TelegramSeat)
    assert isinstance(zalo, ZaloSeat)
    on_telegram = house.telegram.sent[-1].keyboard["inline_keyboard"]
    assert [row[0]["text"] for row in on_telegram] == titles
    on_zalo = house.zalo.state.sent[-1].message
    assert f"{len(titles)}. {titles[-1]}" in on_zalo["text"]
    assert len(on_zalo["attachment"]["payload"]["buttons"]) == 5
