"""Sending against the fake Zalo: windows, limits, every code and every fault on the way."""

import asyncio
from datetime import timedelta

import pytest

from bot.core.channels.contract import Failure, Media, MediaRefused, Outgoing
from channels.zalo.api import MinuteLimit
from channels.zalo.faults import FAILURES
from tests.fakes.zalo_state import error
from tests.integration.zalo_steps import CITIZEN, bench, failure

HELLO = Outgoing("k1", "Chào anh/chị")
PDF = b"%PDF-1.7 mau to khai"


@pytest.mark.parametrize(
    ("hours", "paid", "expected"),
    [(47, 0, None), (49, 0, (Failure.WAIT, "-211")), (49, 5, None), (169, 5, (Failure.WINDOW, "-230"))],
)
async def test_windows(hours: int, paid: int, expected: tuple[Failure, str] | None) -> None:
    with bench() as on:
        on.state.paid_left = paid
        on.later(hours=hours)
        if expected is None:
            assert await on.channel.send(CITIZEN, HELLO)
            assert on.counters.counts[f"quota.{on.state.sent[-1].quota}"] == 1
        else:
            failed = await failure(on.channel.send(CITIZEN, HELLO))
            assert (failed.failure, failed.code) == expected


async def test_strangers_and_those_who_left() -> None:
    with bench() as on:
        assert (await failure(on.channel.send("999", HELLO))).failure is Failure.WINDOW
        on.state.people[CITIZEN].follower = False
        assert await on.channel.send(CITIZEN, HELLO)
        on.state.followers_only = True
        assert (await failure(on.channel.send(CITIZEN, HELLO))).failure is Failure.BLOCKED
        on.state.people[CITIZEN].blocked = True
        assert (await failure(on.channel.send(CITIZEN, HELLO))).failure is Failure.BLOCKED


@pytest.mark.parametrize(("code", "expected"), [*FAILURES.items(), (-99_999, Failure.RETRY)])
async def test_every_code_has_its_class(code: int, expected: Failure, monkeypatch: pytest.MonkeyPatch) -> None:
    with bench() as on:
        monkeypatch.setattr(on.state, "send", lambda *_a, **_k: error(code))
        failed = await failure(on.channel.send(CITIZEN, HELLO))
        assert (failed.failure, failed.code) == (expected, str(code))
        assert "Lỗi thử" not in str(failed)
        assert (failed.after is not None) == (expected is Failure.WAIT)


@pytest.mark.parametrize(
    ("fault", "expected", "taken"),
    [("reset-after", Failure.UNKNOWN, 1), ("reset", Failure.UNKNOWN, 0), ("http-502", Failure.UNKNOWN, 1),
     ("garbage", Failure.UNKNOWN, 1), ("-200", Failure.RETRY, 0), ("-32", Failure.WAIT, 0)],
)  # fmt: skip
async def test_faults_on_the_way(fault: str, expected: Failure, taken: int) -> None:
    with bench() as on:
        on.state.faults.planned.append(fault)
        failed = await failure(on.channel.send(CITIZEN, HELLO))
        assert (failed.failure, len(on.state.sent)) == (expected, taken)
        assert on.counters.counts[f"failed.{expected.value}"] == 1


async def test_an_answer_that_does_not_come_leaves_it_unknown() -> None:
    with bench(request_seconds=0.3) as on:
        on.state.faults.planned.append("timeout-after")
        assert (await failure(on.channel.send(CITIZEN, HELLO))).failure is Failure.UNKNOWN
        assert len(on.state.sent) == 1


async def test_nobody_there_is_tried_again() -> None:
    with bench(api_url="http://127.0.0.1:9") as on:
        assert (await failure(on.channel.send(CITIZEN, HELLO))).failure is Failure.RETRY


async def test_too_much_stops_this_process_for_a_while() -> None:
    with bench(rate_pause_seconds=30) as on:
        on.state.faults.planned.append("-32")
        assert (await failure(on.channel.send(CITIZEN, HELLO))).after == timedelta(seconds=30)
        assert (await failure(on.channel.send(CITIZEN, HELLO))).code == "own-limit"
        assert on.state.calls["/v3.0/oa/message/cs"] == 1


async def test_our_own_limit_keeps_within_zalos() -> None:
    with bench(requests_per_minute=10) as on:
        on.state.per_minute = 11
        sendings = [on.channel.send(CITIZEN, HELLO) for _ in range(15)]
        done = await asyncio.gather(*sendings, return_exceptions=True)
        assert sum(isinstance(each, str) for each in done) == 10
        assert on.state.errors[-32] == 0


def test_no_sixty_seconds_have_more_calls_than_allowed() -> None:
    now = [0.0]
    limit, taken = MinuteLimit(40, lambda: now[0]), []
    for _ in range(3_000):
        if limit.take() == 0:
            taken.append(now[0])
        now[0] += 0.1
    assert all(sum(start <= at < start + 60 for at in taken) <= 40 for start in taken)
    assert len(taken) >= 40 * 5
    limit.stop(5)
    assert limit.take() == pytest.approx(5)


async def test_a_file_of_the_fakes_is_fetched_and_elsewhere_is_not_followed() -> None:
    with bench() as on:
        on.fake.files |= {
            "a.pdf": ("application/pdf", PDF),
            "away": ("redirect", "http://127.0.0.1:9/x"),
            "near": ("redirect", f"{on.fake.url}/files/a.pdf"),
        }
        assert await on.channel.fetch(Media(f"{on.fake.url}/files/a.pdf"), 1_000) == PDF
        assert await on.channel.fetch(Media(f"{on.fake.url}/files/near"), 1_000) == PDF
        for name, limit, reason in (("away", 99, "host"), ("a.pdf", 5, "size"), ("gone", 99, "gone")):
            with pytest.raises(MediaRefused) as refused:
                await on.channel.fetch(Media(f"{on.fake.url}/files/{name}"), limit)
            assert refused.value.reason == reason
        other = on.make(media_origins="")
        with pytest.raises(MediaRefused):
            await other.fetch(Media(f"{on.fake.url}/files/a.pdf"), 1_000)


async def test_the_account_and_the_capabilities() -> None:
    with bench(paid_replies=True) as on:
        assert (await on.channel.account())["oaid"] == on.state.oa_id
        capabilities = on.channel.capabilities
        assert (capabilities.text_limit, capabilities.buttons, capabilities.button_title) == (2_000, 5, 100)
        assert (capabilities.window, capabilities.closed_after) == (timedelta(hours=48), timedelta(days=7))
        assert on.channel.name == "zalo"


async def test_nothing_is_lost_or_out_of_order_under_faults() -> None:
    """Send 300 messages with one fault in ten; each is repeated until it is taken."""
    with bench(rate_pause_seconds=0.05, request_seconds=0.5) as on:
        on.fake.hang_seconds = 0.7
        on.state.faults.rates = {"reset": 0.02, "reset-after": 0.02, "-216": 0.02, "-32": 0.02, "-200": 0.02}
        unknown = 0
        for number in range(300):
            for _ in range(50):
                try:
                    await on.channel.send(CITIZEN, Outgoing(str(number), f"tin {number}"))
                    break
                except Exception as failed:
                    code = getattr(failed, "failure", None)
                    assert code in {Failure.UNKNOWN, Failure.RETRY, Failure.WAIT, Failure.ALARM}
                    unknown += code is Failure.UNKNOWN
                    await asyncio.sleep(0.06 if code is Failure.WAIT else 0)
        texts = on.state.texts_to(CITIZEN)
        assert list(dict.fromkeys(texts)) == [f"tin {number}" for number in range(300)]
        assert len(texts) - 300 <= unknown
        assert on.state.calls["token.burnt"] == 0
        assert sum(on.state.faults.happened.values()) > 15
