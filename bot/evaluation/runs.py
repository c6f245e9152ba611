"""Runs evaluation files through a running stack, a few conversations at a time."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from bot.evaluation.cases import DialogueCase, RoutingCase
from bot.evaluation.scores import Routed, unmet
from bot.webclient import WebClient

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
CONVERSATIONS_AT_ONCE = 4
Case = TypeVar("Case")
Result = TypeVar("Result")
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Played:
    """A dialogue that was run: per turn, what did not hold, and the reply that was given."""

    case: DialogueCase
    failures: list[list[str]]
    replies: list[str]

    @property
    def success(self) -> bool:
        """True when the last turn's outcome and state hold."""
        return not self.failures[-1]


async def route_messages(client: WebClient, cases: Sequence[RoutingCase], progress: Progress) -> list[Routed]:
    """Send each message as the first of a new conversation and read the route it was given."""

    async def one(case: RoutingCase) -> Routed:
        session = await client.open()
        sequence = await client.post(session, case.text)
        await client.reply(session, sequence)
        state = await client.state(session)
        return Routed(case, state.get("route"), state)

    return await each(cases, one, progress)


async def play_dialogues(client: WebClient, cases: Sequence[DialogueCase], progress: Progress) -> list[Played]:
    """Run each dialogue turn by turn, every turn carrying its own `now`."""

    async def one(case: DialogueCase) -> Played:
        session = await client.open()
        start = aware(case.now) if case.now else datetime.now(UTC)
        failures: list[list[str]] = []
        replies: list[str] = []
        for number, turn in enumerate(case.turns):
            now = aware(turn.now) if turn.now else start + timedelta(minutes=number)
            sequence = await client.post(session, turn.user, now=now)
            event = await client.reply(session, sequence)
            state: dict[str, Any] = await client.state(session)
            failures.append(unmet(turn, state))
            replies.append(event["body"]["text"])
        return Played(case, failures, replies)

    return await each(cases, one, progress)


def dialogue_scores(played: Sequence[Played]) -> dict[str, Any]:
    """Return dialogues, turns, turn_accuracy, dialogue_success and the ids of failed dialogues."""
    turns = [failure for p in played for failure in p.failures]
    return {
        "dialogues": len(played),
        "turns": len(turns),
        "turn_accuracy": sum(not f for f in turns) / len(turns),
        "dialogue_success": sum(p.success for p in played) / len(played),
        "failed": [p.case.id for p in played if not p.success],
    }


def aware(moment: datetime) -> datetime:
    """Return the moment as aware UTC; Vietnamese time where it names no zone."""
    return (moment if moment.tzinfo else moment.replace(tzinfo=VIETNAM)).astimezone(UTC)


async def each(cases: Sequence[Case], run: Callable[[Case], Awaitable[Result]], progress: Progress) -> list[Result]:
    """Run every case, a few at a time; return the results in the cases' order. Raises ExceptionGroup."""
    slots, done = asyncio.Semaphore(CONVERSATIONS_AT_ONCE), 0

    async def guarded(case: Case) -> Result:
        nonlocal done
        async with slots:
            result = await run(case)
        done += 1
        progress(done, len(cases))
        return result

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(guarded(case)) for case in cases]
    return [task.result() for task in tasks]
