"""Tokens of the account and the store that keeps them: a pair is stored whatever happens meanwhile."""

import asyncio
from dataclasses import replace
from pathlib import Path

from bot.core.channels.contract import Outgoing
from bot.core.errors import StoreUnavailable
from channels.zalo.tokens import TokenState
from tests.fakes.zalo_stores import FileTokenStore, MemoryTokenStore
from tests.integration.zalo_steps import CITIZEN, NOW, bench

HELLO = Outgoing("k1", "Chào anh/chị")


class _Failing(MemoryTokenStore):
    """Fails to write new pairs some times."""

    failures = 3

    def swap(self, expected: int, state: TokenState) -> bool:
        if self.state and state.access != self.state.access and self.failures:
            self.failures -= 1
            raise StoreUnavailable
        return super().swap(expected, state)


async def test_a_pair_is_stored_although_the_store_fails_for_a_while() -> None:
    with bench() as on:
        store = _Failing(on.store.state)
        channel = on.make(store)
        on.later(hours=24)
        assert await channel.tokens.access() == (store.state.access if store.state else "")
        assert store.failures == 0
        assert await channel.send(CITIZEN, HELLO)


async def test_a_pair_is_stored_although_the_claim_ran_out() -> None:
    with bench() as on:
        on.later(hours=24)
        on.state.faults.planned.append("token-slow")
        task = asyncio.create_task(on.channel.tokens.access())
        await asyncio.sleep(0.2)
        claim = on.store.state
        assert claim is not None
        # Another process took the claim over and found the token spent.
        assert on.store.swap(claim.version, replace(claim, version=claim.version + 1, claimed_by="b", lost=True))
        token = await task
        assert on.store.state is not None
        assert (on.store.state.access, on.store.state.lost) == (token, False)
        assert on.state.refused(token) is None


async def test_the_age_of_the_refresh_token_is_told_in_time() -> None:
    with bench(refresh_alarm_days=80) as on:
        for days, alarm in ((79, ""), (1, "old"), (10, "expired")):
            on.later(days=days)
            assert (await on.channel.tokens.age()).alarm == alarm


def test_the_file_store_swaps_once(tmp_path: Path) -> None:
    store = FileTokenStore(tmp_path / "t.json")
    state = TokenState(1, "a", "r", NOW, NOW)
    assert store.load() is None
    assert store.swap(0, state)
    assert not store.swap(0, state)
    assert store.swap(1, replace(state, version=2, claimed_until=NOW))
    assert store.load() == replace(state, version=2, claimed_until=NOW)
