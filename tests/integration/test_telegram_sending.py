"""Sending to Telegram, against a server that refuses what the real one refuses: what each failure means."""

import asyncio
import logging
import socket
import time
import unicodedata
from datetime import timedelta
from typing import Any

import pytest

from bot.core.channels.contract import Choice, Failure, Outgoing, SendFailed
from channels.telegram.keyboards import SHARE_PHONE
from channels.telegram.pacing import Pace
from tests.fakes import telegram_updates as made
from tests.fakes.telegram import Fault
from tests.fakes.telegram_rules import Flood
from tests.integration.telegram_steps import WHO, telegram

HELLO = Outgoing("k1", "Chào anh/chị")
TO = str(WHO)


async def failing(fault: Fault | None = None, to: str = TO, message: Outgoing = HELLO, **options: Any) -> SendFailed:
    async with telegram(**options) as (fake, channel):
        if fault:
            fake.faults.append(fault)
        with pytest.raises(SendFailed) as caught:
            await channel.send(to, message)
        return caught.value


async def test_a_message_is_sent_plain_and_its_id_comes_back() -> None:
    async with telegram() as (fake, channel):
        text = "Lệ phí <b>0</b> đồng *theo* [điều 5](https://x.vn) & https://dichvucong.gov.vn"
        sent_id = await channel.send(TO, Outgoing("k", text))
        (sent,) = fake.sent
        assert (sent.text, str(sent.message_id)) == (text, sent_id)
        assert "parse_mode" not in sent.fields
        assert '"is_disabled": true' in sent.fields["link_preview_options"]


async def test_the_longest_text_is_taken_and_one_more_character_never_leaves() -> None:
    async with telegram() as (fake, channel):
        longest = "ế" * 4096
        await channel.send(TO, Outgoing("k", unicodedata.normalize("NFD", longest)))
        assert fake.sent[0].text == longest
        for text in (longest + "a", "", " \n"):
            with pytest.raises(SendFailed) as caught:
                await channel.send(TO, Outgoing("k", text))
            assert (caught.value.failure, caught.value.code) == (Failure.GIVE_UP, "length")
        assert len(fake.calls) == 1


async def test_choices_are_inline_buttons_with_our_tokens() -> None:
    async with telegram() as (fake, channel):
        choices = (
            Choice("17.0", "Giấy tờ cần có"),
            Choice("x" * 24, "Lệ phí"),
            Choice("", "Cổng", "https://x.vn/a?b=1"),
        )
        await channel.send(TO, Outgoing("k", "Anh/chị muốn biết gì?", choices))
        assert fake.sent[0].keyboard["inline_keyboard"] == [
            [{"text": "Giấy tờ cần có", "callback_data": "17.0"}],
            [{"text": "Lệ phí", "callback_data": "x" * 24}],
            [{"text": "Cổng", "url": "https://x.vn/a?b=1"}],
        ]


@pytest.mark.parametrize(
    "choice",
    [
        Choice("x" * 25, "Dài"), Choice("tệp", "Chữ"), Choice("", "Không có"), Choice("1.1", " "),
        Choice("", "Lạ", "javascript:alert(1)"), Choice("", "Lạ", "file:///etc/passwd"), Choice("", "Lạ", "https://"),
        Choice("", "Lạ", "https://[x"),
    ],
)  # fmt: skip
async def test_a_button_that_telegram_would_refuse_never_leaves(choice: Choice) -> None:
    failed = await failing(message=Outgoing("k", "Chọn", (choice,)))
    assert (failed.failure, failed.code) == (Failure.GIVE_UP, "button")


async def test_asking_for_the_number_offers_to_share_it_and_choices_as_words() -> None:
    async with telegram() as (fake, channel):
        message = Outgoing("k", "Cho tôi xin số?", (Choice("9.1", "Không để lại số"),), asks_phone=True)
        await channel.send(TO, message)
        assert fake.sent[0].keyboard["keyboard"] == [
            [{"text": SHARE_PHONE, "request_contact": True}],
            [{"text": "Không để lại số"}],
        ]
        await channel.send(TO, HELLO)
        assert fake.sent[1].keyboard == {"remove_keyboard": True}


@pytest.mark.parametrize("address", ["", "abc", "-100200", "0", "9" * 17, "12 ", "１２", "1e5"])
async def test_an_address_that_is_no_person_is_not_written_to(address: str) -> None:
    failed = await failing(to=address)
    assert (failed.failure, failed.code) == (Failure.GIVE_UP, "address")


async def test_who_blocked_or_left_telegram_is_blocked_until_they_come_back() -> None:
    async with telegram() as (fake, channel):
        for change in (fake.block, fake.delete_account):
            change(WHO)
            with pytest.raises(SendFailed) as caught:
                await channel.send(TO, HELLO)
            assert caught.value.failure is Failure.BLOCKED
        fake.citizen(WHO)
        await channel.send(TO, HELLO)
        with pytest.raises(SendFailed) as caught:
            await channel.send("5", HELLO)
        assert caught.value.failure is Failure.BLOCKED  # this chat never began


async def test_a_flood_says_how_long_to_wait_and_the_chat_is_held_that_long() -> None:
    async with telegram(Flood(chat=1, chat_seconds=30), Pace(100, 0.0, patience=0.2)) as (fake, channel):
        await channel.send(TO, HELLO)
        for code in ("429", "pace"):  # the second time nothing is asked of the server
            with pytest.raises(SendFailed) as caught:
                await channel.send(TO, HELLO)
            assert (caught.value.failure, caught.value.code) == (Failure.WAIT, code)
            assert caught.value.after is not None
            assert timedelta(seconds=0.8) < caught.value.after <= timedelta(seconds=1)
        assert len(fake.calls) == 2


ANSWERED = [
    (b'{"ok":false,"description":"Too Many Requests: x","parameters":{"retry_after":7}}', 429, Failure.WAIT),
    (b'{"ok":false,"error_code":429,"description":"Too Many Requests"}', 429, Failure.WAIT),
    (b'{"ok":false,"error_code":429,"description":"x","parameters":{"retry_after":"soon"}}', 429, Failure.WAIT),
    (b'{"ok":false,"error_code":401,"description":"Unauthorized"}', 401, Failure.ALARM),
    (b'{"ok":false,"error_code":404,"description":"Not Found"}', 404, Failure.ALARM),
    (b'{"ok":false,"error_code":409,"description":"Conflict: terminated by other getUpdates"}', 409, Failure.ALARM),
    (b'{"ok":false,"description":"Bad Request: something new"}', 400, Failure.GIVE_UP),
    (b'{"ok":false,"description":"Bad Request: PEER_ID_INVALID"}', 400, Failure.BLOCKED),
    (b'{"ok":false,"description":"x","parameters":{"migrate_to_chat_id":-1005}}', 400, Failure.BLOCKED),
    (b'{"ok":false,"description":"x","parameters":{"migrate_to_chat_id":"a"}}', 400, Failure.RETRY),
    (b'{"ok":false,"description":7,"parameters":[]}', 400, Failure.RETRY),
    (b'{"ok":false,"error_code":500,"description":"Internal Server Error"}', 500, Failure.UNKNOWN),
    (b"<html>502 Bad Gateway</html>", 502, Failure.UNKNOWN),
    (b"<html>blocked by order</html>", 403, Failure.RETRY),  # a network's page is no word of the citizen
    (b"<html>blocked by order</html>", 200, Failure.UNKNOWN),
    (b"<html>moved</html>", 302, Failure.RETRY),
    (b"[" * 100_000, 200, Failure.UNKNOWN),
    (b'{"ok":true}', 200, Failure.UNKNOWN),
    (b'{"ok":true,"result":true}', 200, Failure.UNKNOWN),
    (b'{"ok":true,"result":{"message_id":5}}', 200, Failure.UNKNOWN),
    (b'{"ok":true,"result":{"message_id":5,"date":"x","chat":7}}', 200, Failure.UNKNOWN),
    (b"", 204, Failure.UNKNOWN),
]  # fmt: skip


@pytest.mark.parametrize(("content", "status", "failure"), ANSWERED)
async def test_what_the_server_answers_decides(content: bytes, status: int, failure: Failure) -> None:
    failed = await failing(Fault("status", status=status, content=content))
    assert failed.failure is failure
    assert failed.__cause__ is None
    assert failed.__suppress_context__
    if status == 429:
        assert failed.after == timedelta(seconds=7 if b'r":7' in content else 5)


@pytest.mark.parametrize("kind", ["taken_reset", "taken_hang", "hang", "reset", "truncated"])
async def test_what_may_have_been_taken_is_unknown(kind: str) -> None:
    async with telegram(seconds=1.0) as (fake, channel):
        fake.faults.append(Fault(kind, seconds=1.5))
        with pytest.raises(SendFailed) as caught:
            await channel.send(TO, HELLO)
        assert caught.value.failure is Failure.UNKNOWN
        assert len(fake.sent) == (0 if kind in {"hang", "reset"} else 1)
        await channel.send(TO, HELLO)  # the next one goes through on a new connection


async def test_what_was_never_sent_is_tried_again() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        nowhere = f"http://127.0.0.1:{closed.getsockname()[1]}"
        for options in ({"base_url": f"{nowhere}/bot"}, {"proxy": nowhere}):
            failed = await failing(**options)
            assert (failed.failure, failed.code) == (Failure.RETRY, "connect")


async def test_the_proxy_setting_is_used_and_the_environment_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    async with telegram() as (fake, channel):
        await channel.send(TO, HELLO)
    # For plain http a proxy gets the whole address in the request line: the fake itself plays the proxy.
    async with (
        telegram() as (fake, _),
        telegram(base_url="http://telegram.invalid/bot", proxy=fake.origin) as (_, other),
    ):
        with pytest.raises(SendFailed):
            await other.send(TO, HELLO)
        assert fake.proxied == ["http://telegram.invalid"]


async def test_a_wrong_token_is_an_alarm_and_no_token_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    secret = "43:AAOther-token_0123456789abcdefghijk"
    with caplog.at_level(logging.WARNING):
        failed = await failing(token=secret)
        await failing(Fault("status", status=200, content=b"Nguyen Van Bi Mat"))
    assert failed.failure is Failure.ALARM
    assert not caplog.records


async def test_the_pace_keeps_the_servers_limits() -> None:
    """Twenty chats, one of which gets three messages: the server, which counts for itself, refuses none.

    The pace is half of what the server takes: on a busy machine messages bunch up on their way.
    """
    async with telegram(Flood(chat=1, chat_seconds=0.1, overall=33), Pace(15, 0.6)) as (fake, channel):
        people = [fake.citizen(1_000 + number) for number in range(20)]
        started = time.monotonic()
        await asyncio.gather(*(channel.send(str(chat), HELLO) for chat in [*people, people[0], people[0]]))
        assert len(fake.sent) == 22
        assert time.monotonic() - started > 0.9


async def test_pressed_buttons_are_answered_and_late_answers_do_no_harm() -> None:
    async with telegram() as (fake, channel):
        await channel.attend(made.body(made.pressed(WHO, "1.2", callback="4711")))
        await channel.attend(made.body(made.pressed(WHO, "1.2", callback="late")))
        await channel.attend(made.body(made.written(WHO, "Chào")))
        await channel.attend(b"{")
        fake.faults.append(Fault("reset", "answerCallbackQuery"))
        await channel.attend(made.body(made.pressed(WHO, "1.2", callback="4712")))
        assert fake.answered == ["4711"]


async def test_a_group_is_told_once_why_and_left() -> None:
    async with telegram() as (fake, channel):
        fake.citizen(-100_200)
        bodies = [made.membership(-100_200, "left", "member"), made.written(-100_200, "Chào bot")]
        for update in bodies * 2:
            await channel.attend(made.body(update))
        assert len(fake.texts(-100_200)) == 1
        assert "nhắn riêng" in fake.texts(-100_200)[0]
        assert fake.left == [-100_200]


async def test_a_group_is_told_once_also_when_everybody_speaks_at_once() -> None:
    async with telegram() as (fake, channel):
        fake.citizen(-100_200)
        updates = [made.written(-100_200, f"câu {number}") for number in range(5)]
        await asyncio.gather(*(channel.attend(made.body(update)) for update in updates))
        assert (len(fake.texts(-100_200)), fake.left) == (1, [-100_200])


async def test_a_group_that_lets_nobody_speak_is_left_all_the_same() -> None:
    async with telegram() as (fake, channel):
        fake.citizen(-100_200)
        refusal = b'{"ok":false,"description":"Bad Request: have no rights to send a message"}'
        fake.faults.append(Fault("status", status=400, content=refusal))
        await channel.attend(made.body(made.membership(-100_200, "left", "member")))
        assert (fake.texts(-100_200), fake.left) == ([], [-100_200])


async def test_a_group_that_moved_is_left_where_it_is_and_a_channel_without_a_word() -> None:
    async with telegram() as (fake, channel):
        fake.citizen(-5)
        fake.move(-5, -100_300)
        await channel.attend(made.body(made.membership(-5, "left", "member")))
        assert (len(fake.texts(-100_300)), fake.left) == (1, [-100_300])
        fake.citizen(-100_9)
        await channel.attend(made.body(made.update("channel_post", {"chat": made.chat(-100_9, "channel")})))
        assert (fake.texts(-100_9), fake.left) == ([], [-100_300, -100_9])
