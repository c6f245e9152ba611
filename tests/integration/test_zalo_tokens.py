"""Tokens of the account: refreshing ahead, and never spending a refresh token twice."""

import asyncio
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.core.channels.contract import Failure, Outgoing
from channels.zalo.oauth import Granted
from tests.fakes.zalo import FakeZalo
from tests.fakes.zalo_stores import FileTokenStore, MemoryTokenStore
from tests.integration.zalo_steps import CITIZEN, bench, called_back, failure, logged_in

HELLO = Outgoing("k1", "Chào anh/chị")


async def test_a_token_is_replaced_ahead_of_its_end_and_not_before() -> None:
    with bench() as on:
        first = await on.channel.tokens.access()
        on.later(hours=19)
        assert await on.channel.tokens.access() == first
        on.later(hours=2)
        second = await on.channel.tokens.access()
        assert second != first
        assert await on.channel.send(CITIZEN, HELLO)
        assert on.state.calls["token.refresh_token"] == 1


async def test_many_tasks_refresh_once() -> None:
    with bench() as on:
        on.later(hours=24)
        on.state.faults.planned.append("token-slow")
        assert len(set(await asyncio.gather(*(on.channel.tokens.access() for _ in range(50))))) == 1
        assert on.state.calls["token.refresh_token"] == 1


async def test_two_channels_on_one_store_refresh_once() -> None:
    with bench() as on:
        other, refused = on.make(), await on.channel.tokens.access()
        on.state.faults.planned.append("token-slow")
        got = await asyncio.gather(*(channel.tokens.renew(refused) for channel in (on.channel, other) * 10))
        assert len(set(got)) == 1
        assert got[0] != refused
        assert (on.state.calls["token.refresh_token"], on.state.calls["token.burnt"]) == (1, 0)


@pytest.mark.parametrize("forced", [True, False])
def test_processes_that_race_do_not_burn_the_token(tmp_path: Path, forced: bool) -> None:
    with FakeZalo() as fake:
        store = FileTokenStore(tmp_path / "tokens.json")
        state = logged_in(fake, datetime.now(UTC))
        if not forced:
            state = replace(state, expires_at=datetime.now(UTC) - timedelta(hours=1))
        assert store.swap(0, replace(state, since=state.since - timedelta(hours=1)))
        fake.state.faults.planned.append("token-slow")
        command = [sys.executable, "-m", "tests.integration.zalo_steps", fake.url, str(tmp_path / "tokens.json")]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        processes = [subprocess.Popen([*command, state.access if forced else ""], **pipes) for _ in range(3)]
        try:
            for process in processes:
                assert process.stdout
                assert process.stdout.readline() == "ready\n"
            for process in processes:
                assert process.stdin
                process.stdin.write("go\n")
                process.stdin.flush()
            got = {process.communicate(timeout=60)[0] for process in processes}
        finally:
            for process in processes:
                process.kill()
                process.wait()
        stored = store.load()
        assert stored is not None
        assert got == {f"{stored.access}\n"}
        assert stored.access != state.access
        assert (fake.state.calls["token.refresh_token"], fake.state.calls["token.burnt"]) == (1, 0)
        assert fake.state.refused(stored.access) is None


async def test_a_refused_token_is_replaced_once_and_the_message_sent() -> None:
    with bench() as on:
        on.state.invalidate()
        assert await on.channel.send(CITIZEN, HELLO)
        assert on.state.texts_to(CITIZEN) == [HELLO.text]
        assert on.state.calls["token.refresh_token"] == 1
        on.later(hours=26)  # -220
        on.state.interact(CITIZEN)
        assert await on.channel.send(CITIZEN, HELLO)


async def test_a_fresh_token_that_is_refused_again_calls_people() -> None:
    with bench() as on:
        on.state.faults.planned.extend(["-216", "-216"])
        failed = await failure(on.channel.send(CITIZEN, HELLO))
        assert (failed.failure, failed.code) == (Failure.ALARM, "-216")
        assert on.state.calls["token.refresh_token"] == 1


async def test_a_token_that_others_replaced_is_no_reason_for_alarm(monkeypatch: pytest.MonkeyPatch) -> None:
    with bench() as on:
        before = on.store.state
        assert before is not None

        def refused(_token: str) -> int:
            if on.store.state is before:  # while our call is on its way, another process refreshes
                access, refresh = on.state.new_pair()
                on.store.swap(1, replace(before, version=2, access=access, refresh=refresh))
            return -216

        monkeypatch.setattr(on.state, "refused", refused)
        failed = await failure(on.channel.send(CITIZEN, HELLO))
        assert (failed.failure, failed.code) == (Failure.RETRY, "-216")
        assert on.state.calls["token.refresh_token"] == 0
        failed = await failure(on.channel.send(CITIZEN, HELLO))
        assert failed.failure is Failure.ALARM
        assert on.state.calls["token.refresh_token"] == 1


async def test_a_young_token_is_not_replaced_yet_again() -> None:
    with bench(forced_refresh_pause_seconds=30) as on:
        on.state.invalidate()
        failed = await failure(on.channel.send(CITIZEN, HELLO))
        assert (failed.failure, failed.after) == (Failure.RETRY, timedelta(seconds=30))
        on.later(seconds=31)
        assert await on.channel.send(CITIZEN, HELLO)


@pytest.mark.parametrize("fault", ["token-reset", "token-500"])
async def test_a_failed_refresh_leaves_the_token_that_still_serves(fault: str) -> None:
    with bench() as on:
        on.later(hours=21)
        first = on.store.state.access if on.store.state else ""
        on.state.faults.planned.append(fault)
        assert await on.channel.tokens.access() == first
        assert await on.channel.send(CITIZEN, HELLO)
        assert on.state.calls["token.refresh_token"] == 0
        on.later(minutes=3)  # the claim is over
        assert await on.channel.tokens.access() != first


async def test_a_burnt_token_is_told_and_a_login_heals_it() -> None:
    with bench() as on:
        on.later(hours=21)
        on.state.faults.planned.append("token-burn")
        await on.channel.tokens.access()
        on.later(minutes=3)
        await on.channel.tokens.access()
        assert on.store.state is not None
        assert on.store.state.lost
        assert (await on.channel.tokens.age()).alarm == "lost"
        assert on.state.calls["token.burnt"] == 1
        on.later(minutes=3)  # not tried again
        failed = await failure(on.channel.send(CITIZEN, HELLO))
        assert (failed.failure, failed.code) == (Failure.ALARM, "refresh-token-lost")
        assert on.state.calls["token.burnt"] == 1
        login = on.channel.oauth.begin()
        granted = await on.channel.oauth.complete(login, await called_back(on, login.link))
        await on.channel.tokens.adopt(granted, on.clock.now())
        assert await on.channel.send(CITIZEN, HELLO)
        assert (await on.channel.tokens.age()).alarm == ""


async def test_a_code_that_is_not_listed_is_tried_again_and_not_taken_for_lost() -> None:
    with bench(refresh_lost_codes="-1") as on:
        on.later(hours=21)
        on.state.token_call({"secret_key": on.state.app_secret}, {
            "app_id": on.state.app_id, "grant_type": "refresh_token", "refresh_token": "RT2",
        })  # fmt: skip
        await on.channel.tokens.access()
        assert on.store.state is not None
        assert not on.store.state.lost


async def test_people_are_called_when_zalo_refuses_and_the_token_has_ended() -> None:
    with bench(app_secret="wrong") as on:
        on.later(hours=21)
        assert await on.channel.tokens.access()
        on.later(hours=5)
        failed = await failure(on.channel.tokens.access())
        assert (failed.failure, failed.code) == (Failure.ALARM, "refresh -14004")
        assert on.store.state is not None
        assert not on.store.state.lost
        assert (on.store.state.claimed_by, on.state.calls["token.burnt"]) == ("", 0)


@pytest.mark.parametrize("token", ["", "điểm", "a\nb", "x" * 5_000])
async def test_what_cannot_be_a_token_is_not_stored(token: str) -> None:
    with bench() as on:
        with pytest.raises(ValueError, match="ASCII"):
            await on.channel.tokens.adopt(Granted(token, "r", timedelta(hours=1)), on.clock.now())
        assert await on.channel.send(CITIZEN, HELLO)


async def test_a_network_that_is_down_is_tried_again() -> None:
    with bench(oauth_url="http://127.0.0.1:9") as on:
        on.later(hours=26)
        assert (await failure(on.channel.tokens.access())).failure is Failure.RETRY


async def test_a_process_that_died_while_refreshing_does_not_hold_the_others_up() -> None:
    with bench() as on:
        assert on.store.state is not None
        claimed = {"claimed_by": "dead", "claimed_until": on.clock.now() + timedelta(hours=21, seconds=100)}
        on.store.swap(1, replace(on.store.state, version=2, **claimed))
        on.later(hours=21)
        first = on.store.state.access
        assert await on.channel.tokens.access() == first
        on.later(seconds=101)
        assert await on.channel.tokens.access() != first


async def test_a_refresh_cut_short_is_not_given_up_while_zalo_cannot_be_reached() -> None:
    with bench() as on:
        assert on.store.state is not None
        before = on.store.state
        on.store.swap(1, replace(before, version=2, claimed_by="dead", claimed_until=on.clock.now()))
        deaf = on.make(oauth_url="http://127.0.0.1:9")
        assert (await failure(deaf.tokens.resume())).failure is Failure.RETRY
        assert (await deaf.tokens.age()).alarm == "", "nobody is called while nothing is known"
        await on.channel.tokens.resume()
        assert on.store.state.access != before.access
        await on.channel.tokens.resume()
        assert on.state.calls["token.refresh_token"] == 1


async def test_a_refresh_cut_short_and_refused_by_an_unknown_code_calls_people(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with bench(refresh_lost_codes="-1") as on:
        assert on.store.state is not None
        before = on.store.state
        spent = {"app_id": on.state.app_id, "grant_type": "refresh_token", "refresh_token": before.refresh}
        on.state.token_call({"secret_key": on.state.app_secret}, spent)
        on.store.swap(1, replace(before, version=2, claimed_by="dead", claimed_until=on.clock.now()))
        await on.channel.tokens.resume()
        assert (await on.channel.tokens.age()).alarm == "refused"
        assert "tiepdan zalo login" in caplog.text
        await on.channel.tokens.resume()
        assert on.state.calls["token.burnt"] == 1


async def test_a_start_without_a_refresh_cut_short_spends_nothing() -> None:
    with bench() as on:
        await on.channel.tokens.resume()
        assert on.state.calls["token.refresh_token"] == 0
        empty = on.make(MemoryTokenStore(None))
        await empty.tokens.resume()
        assert (await empty.tokens.age()).alarm == "none"


async def test_a_cancelled_caller_does_not_lose_the_new_pair() -> None:
    with bench() as on:
        on.later(hours=24)
        on.state.faults.planned.append("token-slow")
        task = asyncio.create_task(on.channel.tokens.access())
        await asyncio.sleep(0.2)
        task.cancel()
        await on.channel.aclose()
        assert on.store.state is not None
        assert on.state.refused(on.store.state.access) is None
        assert on.state.calls["token.refresh_token"] == 1
