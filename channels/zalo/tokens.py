"""The account's tokens: refreshed ahead of time by one process at a time, because a refresh token is good once.

Every change is one compare-and-swap of the whole state. A process that wants to refresh first writes its claim; only
then does it spend the refresh token, and it writes both new tokens in one step. Whoever loses the swap reads again.
A claim ends by itself, so that a process that died does not hold the others up; if it had spent the token, Zalo says
so to the next one, and the state is marked lost: an administrator must log in, and is told. A claim that is found at
the start is such a refresh cut short: the old token is tried at once, not when the next message is to be sent.
"""

import asyncio
import logging
import secrets
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol

from bot.core.channels.contract import Failure, SendFailed
from bot.core.errors import StoreUnavailable
from bot.core.ports import Clock
from channels.zalo.oauth import Granted, OAuth, OAuthFailed, expiry, usable

log = logging.getLogger(__name__)
_LONGEST_PAUSE = 16.0
REMEDY = "tiepdan zalo login"


@dataclass(frozen=True)
class TokenState:
    """What is stored, sealed. `version` grows by one at each change.

    `since`: when the refresh token was given. `lost`: the refresh token is used up; the access token may still serve.
    `cut_at`: a refresh that had been claimed until then was cut short, and nobody knows yet whether Zalo took the
    token. `refused`: since then Zalo did not take it, by a code that says nothing of its being used up.
    """

    version: int
    access: str = field(repr=False)
    refresh: str = field(repr=False)
    expires_at: datetime
    since: datetime
    claimed_by: str = ""
    claimed_until: datetime | None = None
    lost: bool = False
    cut_at: datetime | None = None
    refused: bool = False

    def claimed(self, now: datetime) -> bool:
        """Whether a process is refreshing."""
        return self.claimed_until is not None and now < self.claimed_until


class TokenStore(Protocol):
    """Where the state is. Blocking; called in a thread. Shared by all processes of the account."""

    def load(self) -> TokenState | None:
        """Return what was written last, None before the first login."""
        ...

    def swap(self, expected: int, state: TokenState) -> bool:
        """Write `state` if the stored version is `expected` (0 for none yet), else change nothing: one transaction.

        Returns whether it was written. When this returns True the state survives a crash. May raise StoreUnavailable.
        """
        ...


@dataclass(frozen=True)
class TokenRules:
    """When tokens are refreshed and when people are told.

    `ahead`: so long before the end. `claim`: must outlast the refreshing call. `forced_pause`: a token that is
    refused although it is younger than this is not replaced again. `retry`: pause after a failed refresh.
    """

    ahead: timedelta = timedelta(hours=5)
    claim: timedelta = timedelta(seconds=120)
    forced_pause: timedelta = timedelta(seconds=30)
    retry: timedelta = timedelta(seconds=60)
    alarm_age: timedelta = timedelta(days=80)
    refresh_life: timedelta = timedelta(days=90)
    poll_seconds: float = 0.25


@dataclass(frozen=True)
class TokenAge:
    """How the tokens stand. `alarm` is "", or one word: none, lost, refused, old, expired."""

    alarm: str
    expires_at: datetime | None = None
    refresh_since: datetime | None = None
    refresh_ends: datetime | None = None


class Tokens:
    """Gives the current access token. Safe to use from many tasks; of many processes one refreshes."""

    def __init__(self, store: TokenStore, oauth: OAuth, clock: Clock, rules: TokenRules = TokenRules()) -> None:
        self._store = store
        self._oauth = oauth
        self._clock = clock
        self._rules = rules
        self._name = secrets.token_hex(8)
        self._running: asyncio.Task[TokenState] | None = None
        self._failed_at: datetime | None = None

    async def access(self) -> str:
        """Return an access token, refreshed when its end is near. Raises SendFailed (ALARM, RETRY)."""
        state = await self._load()
        now = self._clock.now()
        if now < state.expires_at - self._rules.ahead:
            return state.access
        if now < state.expires_at and (state.lost or state.claimed(now) or self._failed_lately(now)):
            return state.access
        try:
            return (await self._renewed(state.access)).access
        except SendFailed:
            if self._clock.now() < state.expires_at:
                return state.access
            raise

    async def renew(self, refused: str) -> str:
        """Return another token than the one that Zalo refused. Raises SendFailed (ALARM, RETRY)."""
        state = await self._load()
        if state.access != refused:
            return state.access
        young = self._clock.now() - state.since
        if young < self._rules.forced_pause and not state.claimed(self._clock.now()):
            raise SendFailed(Failure.RETRY, "token-refused", self._rules.forced_pause - young)
        state = await self._renewed(refused)
        if state.access == refused:
            # We joined a refresh that was ending and that gave the very token that was refused.
            state = await self._renewed(refused)
        return state.access

    async def current(self) -> str:
        """Return the stored access token as it is. Raises SendFailed (ALARM)."""
        return (await self._load()).access

    async def adopt(self, granted: Granted, asked_at: datetime) -> None:
        """Store the tokens of a login, whatever was there. Raises ValueError for what cannot be tokens."""
        if not (usable(granted.access) and usable(granted.refresh)):
            raise ValueError("a token has only ASCII letters, digits and signs")
        while True:
            state = await asyncio.to_thread(self._store.load)
            version = state.version if state else 0
            new = TokenState(version + 1, granted.access, granted.refresh, expiry(granted, asked_at), asked_at)
            if await asyncio.to_thread(self._store.swap, version, new):
                self._failed_at = None
                return

    async def aclose(self) -> None:
        """Wait for a refresh that runs: what it is given must be stored."""
        if self._running is not None and not self._running.done():
            await asyncio.wait({self._running})

    async def age(self) -> TokenAge:
        """Return how the tokens stand, for status pages and alarms."""
        state = await asyncio.to_thread(self._store.load)
        if state is None:
            return TokenAge("none")
        now, ends = self._clock.now(), state.since + self._rules.refresh_life
        alarm = "expired" if now >= ends else "old" if now - state.since >= self._rules.alarm_age else ""
        alarm = "lost" if state.lost else "refused" if state.refused else alarm
        return TokenAge(alarm, state.expires_at, state.since, ends)

    async def resume(self) -> None:
        """Take up a refresh that was cut short, if there is one: Zalo may not have used up the token, which is tried
        once; else people are called now. Waits for the end of a claim, which may be a living process's.

        Call at the start. Raises SendFailed (RETRY) where Zalo cannot be asked yet.
        """
        state = await self._interrupted()
        if state is None:
            return
        try:
            await self._renewed(state.access)
        except SendFailed as failed:
            if failed.failure is not Failure.ALARM:
                raise
            log.error("zalo: a refresh was cut short and its token is used up (%s); %s", failed.code, REMEDY)
        else:
            log.info("zalo: a refresh that was cut short was made up for")

    async def _interrupted(self) -> TokenState | None:
        """Return the state that a refresh cut short left behind, marked as such; None where none was."""
        while True:
            state = await asyncio.to_thread(self._store.load)
            if state is None or state.lost or state.refused:
                return None
            if not state.claimed_by:
                return state if state.cut_at else None
            if not state.claimed(self._clock.now()):
                freed = {"claimed_by": "", "claimed_until": None, "cut_at": state.claimed_until}
                marked = replace(state, version=state.version + 1, **freed)  # type: ignore[arg-type]  # as named
                if await asyncio.to_thread(self._store.swap, state.version, marked):
                    return marked
                continue
            await asyncio.sleep(self._rules.poll_seconds)  # whoever has it may yet end

    async def _load(self) -> TokenState:
        state = await asyncio.to_thread(self._store.load)
        if state is None:
            raise SendFailed(Failure.ALARM, "no-token")
        return state

    def _failed_lately(self, now: datetime) -> bool:
        return self._failed_at is not None and now - self._failed_at < self._rules.retry

    async def _renewed(self, old: str) -> TokenState:
        """Refresh once for all tasks of this process. A cancelled caller does not stop a token from being stored."""
        if self._running is None or self._running.done():
            self._running = asyncio.create_task(self._renew(old))
            self._running.add_done_callback(_seen)
        return await asyncio.shield(self._running)

    async def _renew(self, old: str) -> TokenState:
        waited = 0.0
        while True:
            state = await self._load()
            now = self._clock.now()
            if state.access != old:
                return state
            if state.lost:
                raise SendFailed(Failure.ALARM, "refresh-token-lost")
            if not state.claimed(now):
                until = now + self._rules.claim
                claim = replace(state, version=state.version + 1, claimed_by=self._name, claimed_until=until)
                if await asyncio.to_thread(self._store.swap, state.version, claim):
                    return await self._spend(claim)
                continue
            if waited >= self._rules.claim.total_seconds():
                raise SendFailed(Failure.RETRY, "refreshing", self._rules.retry)
            await asyncio.sleep(self._rules.poll_seconds)
            waited += self._rules.poll_seconds

    async def _spend(self, claim: TokenState) -> TokenState:
        """Spend the refresh token under our claim and store what comes."""
        asked_at = self._clock.now()
        try:
            granted = await self._oauth.refresh(claim.refresh)
        except OAuthFailed as failure:
            await self._failed(claim, failure)
            kind = Failure.RETRY if failure.uncertain or failure.unreachable else Failure.ALARM
            raise SendFailed(kind, f"refresh {failure.code}", self._rules.retry) from failure
        self._failed_at = None
        pause = 0.1
        while True:
            try:
                return await self._stored(claim, granted, asked_at)
            except StoreUnavailable:
                # The old token is spent: giving up now would lose the account.
                if pause > _LONGEST_PAUSE:
                    raise
            await asyncio.sleep(pause)
            pause *= 2

    async def _stored(self, claim: TokenState, granted: Granted, asked_at: datetime) -> TokenState:
        """Store the new pair, also where our claim had run out and another process works with the spent token."""
        state = claim
        while state.refresh == claim.refresh:
            new = TokenState(state.version + 1, granted.access, granted.refresh, expiry(granted, asked_at), asked_at)
            if await asyncio.to_thread(self._store.swap, state.version, new):
                return new
            state = await self._load()
        return state

    async def _failed(self, claim: TokenState, failure: OAuthFailed) -> None:
        """Give the claim back. Where the token may have been spent, the claim stays until it ends by itself."""
        self._failed_at = self._clock.now()
        log.warning("zalo: tokens were not refreshed (%s)", failure.code)
        if failure.uncertain:
            return
        freed = replace(
            claim,
            version=claim.version + 1,
            claimed_by="",
            claimed_until=None,
            lost=failure.lost,
            refused=claim.cut_at is not None and not failure.unreachable,
        )
        await asyncio.to_thread(self._store.swap, claim.version, freed)


def _seen(task: asyncio.Task[TokenState]) -> None:
    """Take note of a failure that no caller waited for any more."""
    if not task.cancelled():
        task.exception()
