"""Keeps waits honest: claims of people who vanished go back, and who waits hears when much has changed.

Any number of keepers may share a store: each change looks again under the conversation's lock at what it is based on.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.core.conversation import Owner
from bot.core.errors import StoreUnavailable
from bot.core.handover import attention as states
from bot.core.handover import saying
from bot.core.handover.attention import Attention, Move, Told
from bot.core.handover.floor import Floor, read_floor
from bot.core.handover.hours import Hours
from bot.core.handover.ports import Signal
from bot.core.handover.queue import Standing, tell_again
from bot.core.messages import EventKind
from bot.core.phrases import Phrases
from bot.core.ports import Clock, UnitOfWork, UnitOfWorkFactory
from bot.core.replies import Button, Reply

log = logging.getLogger(__name__)
TICK_SECONDS = 10.0
# Neither seen nor doing anything for so long: whoever attended has vanished.
VANISHED = timedelta(minutes=5)
# A page that reloads is away for a moment; it does not mean that all left.
EMPTY = timedelta(minutes=2)
KEPT = timedelta(days=2)
SYSTEM = "system"


@dataclass
class Ticked:
    """Conversations in which something was said, and those in which the assistant has something to answer."""

    said: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)


class HandOverKeeper:
    """Looks after waits and claims. `published` and `wake` are called in the event loop with conversations."""

    def __init__(
        self,
        units: UnitOfWorkFactory,
        clock: Clock,
        hours: Hours,
        phrases: Phrases,
        published: Callable[[str], None],
        wake: Callable[[str], None],
    ) -> None:
        self._units = units
        self._clock = clock
        self._hours = hours
        self._phrases = phrases
        self._published = published
        self._wake = wake
        self._there: frozenset[str] = frozenset()
        self._empty_since: datetime | None = None
        self._pruned: datetime | None = None

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            try:
                ticked = await asyncio.to_thread(self.tick)
                for conversation_id in ticked.said:
                    self._published(conversation_id)
                for conversation_id in ticked.waiting:
                    self._wake(conversation_id)
            except StoreUnavailable as error:
                log.warning("waits were not looked after", extra={"cause": str(error)})
            except Exception as error:
                log.error("looking after waits failed", extra={"cause": type(error).__name__})
            await asyncio.sleep(TICK_SECONDS)

    def tick(self) -> Ticked:
        """Look once. Blocking."""
        now, ticked = self._clock.now(), Ticked()
        with self._units() as unit:
            floor = read_floor(unit, self._hours, now)
            seen = {each.principal_id: each.seen_at for each in unit.switchboard.everybody()}
            attended = unit.handovers.attended()
            waiting = [(one.conversation_id, unit.handovers.attention(one.conversation_id)) for one in floor.waiting]
        self._noted(floor, now)
        for conversation_id, by in attended.items():
            if by not in seen or now - seen[by] >= VANISHED:
                self._return(conversation_id, by, now, ticked)
        for conversation_id, attention in waiting:
            standing = floor.standing(conversation_id, attention.urgency, asks=False)
            if tell_again(attention, standing, now) and self._sure(standing, now):
                self._tell(conversation_id, attention, standing, floor, now, ticked)
        return ticked

    def _noted(self, floor: Floor, now: datetime) -> None:
        """Let pages look again at who is there, and forget what no page asks for any more."""
        came_or_left = floor.on_duty != self._there
        self._empty_since = None if floor.on_duty else self._empty_since or now
        prunes = self._pruned is None or now - self._pruned >= timedelta(hours=1)
        if not came_or_left and not prunes:
            return
        with self._units() as unit:
            if prunes:
                unit.switchboard.prune(now - KEPT)
            if came_or_left:
                unit.switchboard.signal(Signal.PRESENCE, now)
            unit.commit()
        self._there, self._pruned = floor.on_duty, now if prunes else self._pruned

    def _sure(self, standing: Standing, now: datetime) -> bool:
        if standing.what is not Told.NOBODY:
            return True
        return self._empty_since is not None and now - self._empty_since >= EMPTY

    def _return(self, conversation_id: str, by: str, now: datetime, ticked: Ticked) -> None:
        """Take a claim from who vanished; the assistant answers meanwhile what nobody answered."""
        with self._units() as unit:
            reason = f"{by} không còn ở trang"
            unit.audit.append(SYSTEM, SYSTEM, f"conversation_{Move.RETURN}", conversation_id, reason, now)
            before = unit.handovers.hold(conversation_id)
            acted = before.acted_at or before.since
            if before.owner is not Owner.OPERATOR or before.by != by or (acted and now - acted < VANISHED):
                return
            after = states.returned(before)
            # They hear where they stand as soon as that is known.
            after = states.told(after, Told.QUEUE, None, None, now)
            text = self._phrases.say("attended_return", unit.state(conversation_id).address)
            self._say(unit, conversation_id, Reply("attended_return", text, data={"attended": False}), now)
            attended = (now - before.since).total_seconds() if before.since else None
            unit.handovers.record(conversation_id, Move.RETURN, by, now, why=before.why, attended=attended)
            unit.handovers.settle(conversation_id, now)
            if unit.handovers.reopen(conversation_id):
                ticked.waiting.append(conversation_id)
            unit.handovers.save(conversation_id, after, now)
            unit.commit()
        ticked.said.append(conversation_id)

    def _tell(
        self,
        conversation_id: str,
        known: Attention,
        standing: Standing,
        floor: Floor,
        now: datetime,
        ticked: Ticked,
    ) -> None:
        with self._units() as unit:
            before = unit.handovers.hold(conversation_id)
            if before != known:
                return  # another keeper told them, or somebody took it
            address = unit.state(conversation_id).address
            reply = self._standing(before, standing, floor, address, now)
            if reply is None:
                return
            self._say(unit, conversation_id, reply, now)
            after = states.told(before, standing.what, standing.place, standing.minutes, now)
            unit.handovers.save(conversation_id, after, now)
            unit.commit()
        ticked.said.append(conversation_id)

    def _standing(
        self, before: Attention, standing: Standing, floor: Floor, address: str | None, now: datetime
    ) -> Reply | None:
        """Return what is told of a wait that has changed."""
        say, act = self._phrases, "handover_place"
        if standing.what is Told.QUEUE:
            wait = None if standing.minutes is None else saying.wait(say, standing.minutes)
            name = self._variant(before, standing, now)
            return Reply(act, say.variant(act, name, address, place=standing.place, wait=wait))
        buttons = tuple(Button(f"h:{name}", say.word(f"handover_{name}")) for name in ("call", "leave", "back"))
        if standing.what is Told.NOBODY:
            return Reply(act, say.variant(act, "nobody", address), buttons=buttons)
        if floor.at.next_open is None:
            return None
        when = saying.moment(say, floor.at.next_open, now)
        text = say.variant(act, "closed", address, why=saying.why_closed(say, floor.at), when=when)
        return Reply(act, text, buttons=buttons)

    def _variant(self, before: Attention, standing: Standing, now: datetime) -> str:
        unknown = standing.minutes is None
        if before.told is not Told.QUEUE:
            return "opened_unknown" if unknown else "opened"
        if unknown:
            return "unknown"
        until = (before.told_at or now) + timedelta(minutes=before.told_minutes or 0)
        first = standing.place == 1 and (before.told_place or 1) > 1
        # Who moves to the front forgives a few minutes, not a time that is over.
        promised = until if first else until - timedelta(minutes=standing.minutes or 0)
        if before.told_minutes is not None and now >= promised:
            return "longer"
        return "first" if first else "text"

    def _say(self, unit: UnitOfWork, conversation_id: str, reply: Reply, now: datetime) -> None:
        unit.append_event(conversation_id, EventKind.NOTICE, reply.to_payload(), None, now)
