"""One turn from claim to published reply, with every way it can be interrupted.

The order is: take the lease → ask the dialogue engine once → its action commits state and reply under the turn's
id → publish the stored reply as an event. A crash between any two steps leaves a turn that is taken up again; one
that already has a stored reply is published without asking again (ADR 0002).
"""

import asyncio
import logging
import time
from datetime import datetime, timedelta
from typing import Protocol

from bot.core.errors import DialogueFailed
from bot.core.keeping import Keeper
from bot.core.messages import DialogueInput, EventKind, Turn
from bot.core.phrases import Phrases
from bot.core.ports import Clock, Dialogue, UnitOfWork, UnitOfWorkFactory
from bot.core.privacy import mask
from bot.core.replies import Reply
from nlu.text import clean, looks_garbled

log = logging.getLogger(__name__)

PRESS_BUTTON = "/press_button"
# A message is read up to here: cleaning and masking 20,000 characters takes a second, and nobody asks at that length.
MAX_READ_CHARACTERS = 2_000
SHORT_TEXT = 300
SHUTDOWN_SECONDS = 2.0
# Rasa needs some text; the action sees from the turn itself that there is nothing to read.
NO_WORDS = "?"
# Seconds before each further attempt; the last one repeats until the turn is given up.
RETRY_DELAYS = (0.3, 1.0, 2.0, 3.0, 5.0)
# The notice waits for the second failure, so that a single lost request stays unseen.
NOTICE_AT_ATTEMPT = 1


class Notifier(Protocol):
    """Wakes readers of a conversation's events."""

    def publish(self, conversation_id: str) -> None:
        """New events may be read."""
        ...


def dialogue_text(turn: Turn) -> str:
    """Return what the dialogue engine is given for a turn: cleaned, masked, never starting with «/».

    Of a very long message only the beginning is read; the action says so.
    Rasa reads a leading «/» as an intent; only our own literal for a pressed button may have one.
    """
    if turn.button:
        return PRESS_BUTTON
    start = turn.text[:MAX_READ_CHARACTERS]
    if looks_garbled(start):
        return NO_WORDS
    text = mask(clean(start)).lstrip("/ ")
    return text if any(c.isalnum() for c in text) else NO_WORDS


class TurnRunner:
    """Runs the due turn of a conversation. Safe to call from any number of workers: the lease decides."""

    def __init__(
        self,
        *,
        units: UnitOfWorkFactory,
        dialogue: Dialogue,
        clock: Clock,
        phrases: Phrases,
        notifier: Notifier,
        worker: str,
        lease_seconds: float,
        give_up_after_seconds: float,
    ) -> None:
        self._units = units
        self._dialogue = dialogue
        self._clock = clock
        self._phrases = phrases
        self._notifier = notifier
        self._worker = worker
        self._lease_seconds = lease_seconds
        self._give_up_after = timedelta(seconds=give_up_after_seconds)

    async def run(self, conversation_id: str) -> bool:
        """Run the due turn, if any. True when a turn was closed, so that the next may be looked for at once."""
        claimed = await asyncio.to_thread(self._claim, conversation_id)
        if claimed is None:
            return False
        turn, replied = claimed
        try:
            return await self._answer(turn, replied=replied)
        except Exception as error:
            # Whatever went wrong, the turn must be tried again soon and the lease must not outlive the attempt.
            return await self._fail(turn, error)

    def release(self) -> None:
        """Give back this worker's leases, so that another may take up what a shutdown cut short. Blocking."""
        with self._units() as unit:
            unit.release_leases_of(self._worker)
            unit.commit()

    def _claim(self, conversation_id: str) -> tuple[Turn, bool] | None:
        """Return the due turn, and whether its reply is there already."""
        with self._units() as unit:
            turn = unit.claim_turn(conversation_id, self._worker, self._clock.now(), self._lease_seconds)
            reply = unit.stored_reply(turn.id) if turn else None
            unit.commit()
        return (turn, reply is not None) if turn else None

    async def _answer(self, turn: Turn, *, replied: bool) -> bool:
        started = time.perf_counter()
        failure: DialogueFailed | None = None
        if not replied:
            # Reading a short text takes less than handing it to another thread.
            short = len(turn.text) <= SHORT_TEXT
            text = dialogue_text(turn) if short else await asyncio.to_thread(dialogue_text, turn)
            try:
                await self._dialogue.respond(DialogueInput(turn.conversation_id, turn.id, text))
            except DialogueFailed as error:
                failure = error
        # The action may have committed although its answer was lost on the way.
        if not await asyncio.to_thread(self._publish_stored, turn, self._clock.now()):
            raise failure or DialogueFailed("the dialogue engine answered but no action recorded a reply")
        self._notifier.publish(turn.conversation_id)
        log.info("turn answered", extra={"turn_id": turn.id, "ms": round((time.perf_counter() - started) * 1000)})
        return True

    def _publish_stored(self, turn: Turn, now: datetime) -> bool:
        with self._units() as unit:
            reply = unit.stored_reply(turn.id)
            if reply is None:
                return False
            self._finish(unit, turn, EventKind.ASSISTANT, reply, "answered", now)
        return True

    async def _fail(self, turn: Turn, error: Exception) -> bool:
        cause = str(error) if isinstance(error, DialogueFailed) else type(error).__name__
        log.warning("turn failed", extra={"turn_id": turn.id, "attempt": turn.attempts, "cause": cause})
        if self._clock.now() - turn.created_at >= self._give_up_after:
            address = await asyncio.to_thread(self._address, turn)
            apology = Reply(act="gave_up", text=self._phrases.say("gave_up", address))
            return await self._expire(turn, apology)
        delay = timedelta(seconds=RETRY_DELAYS[min(turn.attempts, len(RETRY_DELAYS) - 1)])
        notice = turn.attempts == NOTICE_AT_ATTEMPT

        def postpone(now: datetime) -> None:
            with self._units() as unit:
                # A person who took the conversation over closed the turn: then there is nothing to be sorry for.
                if not unit.postpone_turn(turn.id, now + delay):
                    return
                if notice:
                    address = unit.state(turn.conversation_id).address
                    reply = Reply(act="disrupted", text=self._phrases.say("disrupted", address))
                    unit.append_event(turn.conversation_id, EventKind.NOTICE, reply.to_payload(), turn.id, now)
                unit.commit()

        await asyncio.to_thread(postpone, self._clock.now())
        if notice:
            self._notifier.publish(turn.conversation_id)
        return False

    def _address(self, turn: Turn) -> str | None:
        with self._units() as unit:
            return unit.state(turn.conversation_id).address

    async def _expire(self, turn: Turn, apology: Reply) -> bool:
        def publish(now: datetime) -> None:
            with self._units() as unit:
                self._finish(unit, turn, EventKind.NOTICE, apology, "expired", now)

        await asyncio.to_thread(publish, self._clock.now())
        self._notifier.publish(turn.conversation_id)
        return True

    def _finish(
        self, unit: UnitOfWork, turn: Turn, kind: EventKind, reply: Reply, status: str, now: datetime
    ) -> None:
        # Another worker may have closed it meanwhile (an expired lease): then this reply is not published.
        if unit.finish_turn(turn.id, status, now):
            unit.append_event(turn.conversation_id, kind, reply.to_payload(), turn.id, now)
            unit.commit()


class Dispatcher(Keeper):
    """Keeps every conversation with due work moving.

    `wake` is the fast path of this process; every `poll_seconds` the store is asked for work that came otherwise
    (a retry that is due, a crash, another replica). Channels take turns: whoever waits before a web page is answered
    although a platform delivers a hundred messages at once.
    """

    stop_seconds = SHUTDOWN_SECONDS

    def __init__(
        self,
        runner: TurnRunner,
        units: UnitOfWorkFactory,
        clock: Clock,
        concurrency: int = 8,
        poll_seconds: float = 0.5,
    ) -> None:
        def due(limit: int) -> list[str]:
            with units() as unit:
                return unit.due_conversations(clock.now(), limit)

        super().__init__(
            runner.run, due, runner.release, concurrency=concurrency, poll_seconds=poll_seconds, lane=channel_of
        )


def channel_of(conversation_id: str) -> str:
    """Return the channel that a conversation's id begins with."""
    return conversation_id.partition("-")[0]
