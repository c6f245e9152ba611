"""Processes that refresh Zalo's tokens at once over the real store, and one that is killed while it does."""

import asyncio
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bot.core.cases.office_ports import Task
from bot.core.clock import SystemClock
from bot.store import KeyRing, Store
from bot.store.channels.tokens import SealedTokens
from bot.wiring.channels import TOKENS_TASK
from bot.wiring.zalo import zalo_channel, zalo_rules
from channels.zalo.channel import ZaloChannel, ZaloRules
from channels.zalo.oauth import Granted
from channels.zalo.tokens import TokenState
from tests.fakes.zalo import FakeZalo
from tests.fakes.zalo_state import ZaloState
from tests.fakes.zalo_stores import MemoryCounters, MemoryUploads
from tests.integration.test_channel_plugs import service, with_zalo
from tests.integration.zalo_steps import zalo_settings

PROCESSES = 2


def log_in(fake: FakeZalo, store: Store, **changes: Any) -> TokenState:
    access, refresh = fake.state.new_pair()
    now = datetime.now(UTC)
    fields = {"expires_at": now + timedelta(hours=25), "since": now - timedelta(hours=1)} | changes
    state = TokenState(1, access, refresh, **fields)
    assert SealedTokens(store, "zalo", TokenState).swap(0, state)
    return state


def race(fake: FakeZalo, database: str, keys: Path, refused: str) -> set[str]:
    """Let processes ask for a token at once and return what they were given; no refused one: as it ends."""
    command = [sys.executable, "-m", __name__, fake.url, database, str(keys)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    processes = [subprocess.Popen([*command, refused], **pipes) for _ in range(PROCESSES)]
    try:
        for process in processes:
            assert process.stdout
            assert process.stdout.readline() == "ready\n"
        for process in processes:
            assert process.stdin
            process.stdin.write("go\n")
            process.stdin.flush()
        return {process.communicate(timeout=60)[0].strip() for process in processes}
    finally:
        for process in processes:
            process.kill()
            process.wait()


@pytest.mark.parametrize("forced", [True, False], ids=["refused", "ending"])
@pytest.mark.parametrize("slow", [True, False])
def test_two_processes_that_refresh_at_once_spend_the_token_once(
    store: Store, migrated_url: str, tmp_path: Path, forced: bool, slow: bool
) -> None:
    with FakeZalo() as fake:
        ending = {} if forced else {"expires_at": datetime.now(UTC) + timedelta(minutes=5)}
        before = log_in(fake, store, **ending)
        if slow:
            fake.state.faults.planned.append("token-slow")
        given = race(fake, migrated_url, tmp_path / "keys", before.access if forced else "")
        stored = SealedTokens(store, "zalo", TokenState).load()
        assert stored is not None
        assert given <= {stored.access} if forced else {stored.access, before.access} >= given
        assert stored.access in given
        assert stored.access != before.access
        assert (fake.state.calls["token.refresh_token"], fake.state.calls["token.burnt"]) == (1, 0)
        assert fake.state.refused(stored.access) is None
        # It can be refreshed once more: the second token of the pair was stored with the first.
        again = race(fake, migrated_url, tmp_path / "keys", "")
        assert again == {stored.access}, "a fresh token is not replaced"
        assert fake.state.calls["token.burnt"] == 0


def test_a_process_that_is_killed_before_it_asks_leaves_a_token_that_serves(
    store: Store, migrated_url: str, tmp_path: Path
) -> None:
    with FakeZalo() as fake:
        before = log_in(fake, store)
        tokens = SealedTokens(store, "zalo", TokenState)
        claimed = {"claimed_by": "killed", "claimed_until": datetime.now(UTC) + timedelta(seconds=2)}
        assert tokens.swap(1, TokenState(**{**vars(before), "version": 2, **claimed}))
        given = race(fake, migrated_url, tmp_path / "keys", before.access)
        stored = tokens.load()
        assert stored is not None
        assert given == {stored.access}
        assert (fake.state.calls["token.refresh_token"], fake.state.calls["token.burnt"]) == (1, 0)


def killed_while_refreshing(fake: FakeZalo, database: str, keys: Path, when: str) -> None:
    """Let a process refresh and kill it `when` it is about to ask, or has been told and stored nothing."""
    command = [sys.executable, "-m", __name__, fake.url, database, str(keys), when]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            assert process.stdout.readline() == f"{when}\n"
        finally:
            process.kill()


async def started(fake: FakeZalo, store: Store, folder: Path, done: Callable[[TokenState], bool]) -> list[Task]:
    """Run the service's channels until the stored state is as wanted; return the tasks that people were given."""
    tokens = SealedTokens(store, "zalo", TokenState)
    async with service(with_zalo(fake, folder), store), asyncio.timeout(60):
        while not done(tokens.load()):  # type: ignore[arg-type]  # noqa: ASYNC110 -- the store has no event
            await asyncio.sleep(0.1)
        while fake.state.calls["token.burnt"] and not tasks_of(store):  # noqa: ASYNC110
            await asyncio.sleep(0.1)
    return tasks_of(store)


def tasks_of(store: Store) -> list[Task]:
    with store() as unit:
        return [task for task in unit.tasks.open() if task.kind == TOKENS_TASK]


async def test_killed_before_zalo_was_asked_the_old_token_is_tried_at_the_start(
    store: Store, migrated_url: str, tmp_path: Path
) -> None:
    with FakeZalo() as fake:
        before = log_in(fake, store)
        killed_while_refreshing(fake, migrated_url, tmp_path / "keys", "asking")
        assert fake.state.calls["token.refresh_token"] == 0
        tasks = await started(fake, store, tmp_path, lambda state: state.access != before.access)
        stored = SealedTokens(store, "zalo", TokenState).load()
        assert stored is not None
        assert tasks == []
        assert fake.state.refused(stored.access) is None
        assert (stored.claimed_by, stored.cut_at, stored.lost) == ("", None, False)
        assert (fake.state.calls["token.refresh_token"], fake.state.calls["token.burnt"]) == (1, 0)


async def test_killed_after_zalo_answered_people_are_called_at_the_start_with_what_to_do(
    store: Store, migrated_url: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with FakeZalo() as fake:
        before = log_in(fake, store)
        killed_while_refreshing(fake, migrated_url, tmp_path / "keys", "told")
        assert fake.state.calls["token.refresh_token"] == 1
        (task,) = await started(fake, store, tmp_path, lambda state: state.lost)
        assert "tiepdan zalo login" in task.note
        assert any("tiepdan zalo login" in record.getMessage() for record in caplog.records)
        assert fake.state.calls["token.burnt"] == 1, "the old token is tried once"
        assert not fake.state.texts_to("anyone"), "and no message had to be sent to find out"
        # Started once more: nothing is tried again.
        await started(fake, store, tmp_path, lambda state: state.lost)
        assert fake.state.calls["token.burnt"] == 1
        stored = SealedTokens(store, "zalo", TokenState).load()
        assert stored is not None
        assert stored.access == before.access


def _process(url: str, database: str, keys: str, refused: str) -> None:
    """A process of its own: asks for a token and prints the one that it got."""
    settings = zalo_settings(SimpleNamespace(url=url, state=ZaloState()))  # type: ignore[arg-type]
    store = Store(database, KeyRing.load_or_create(Path(keys)))
    tokens = SealedTokens(store, "zalo", TokenState)
    if refused in {"asking", "told"}:
        _hangs(zalo_rules(settings), tokens, refused)
    channel = zalo_channel(settings, tokens, MemoryUploads(), MemoryCounters(), SystemClock())
    tokens.load()  # connected, so that both begin at once
    print("ready", flush=True)
    sys.stdin.readline()
    print(asyncio.run(channel.tokens.renew(refused) if refused else channel.tokens.access()))
    store.close()


def _hangs(rules: ZaloRules, tokens: SealedTokens[TokenState], when: str) -> None:
    """Refresh, and stop for good at a moment of it, which is told."""
    rules = replace(rules, tokens=replace(rules.tokens, claim=timedelta(seconds=1)))
    channel = ZaloChannel(rules, tokens, MemoryUploads(), MemoryCounters(), SystemClock())
    ask = channel.oauth.refresh

    async def refresh(token: str) -> Granted:
        if when == "told":
            await ask(token)
        print(when, flush=True)
        await asyncio.Event().wait()
        raise AssertionError("never")

    channel.oauth.refresh = refresh  # type: ignore[method-assign]
    state = tokens.load()
    assert state is not None
    asyncio.run(channel.tokens.renew(state.access))


if __name__ == "__main__":
    _process(*sys.argv[1:])
