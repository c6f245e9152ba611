"""What a turn changes of who answers, in the transaction that stores its reply."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.core.cases.office_ports import Task
from bot.core.conversation import Owner
from bot.core.handover.attention import Left, Move, Why, ask, go_back, told
from bot.core.handover.ports import Signal
from bot.core.handover.queue import Standing
from bot.core.messages import Turn
from bot.core.ports import UnitOfWork

CITIZEN = "citizen"
CALL_TASK, WRITE_TASK, NOBODY_TASK = "call_back", "write_back", "nobody_on_duty"
DANGER, NOBODY, SEVERITY = "danger", "nobody", "severity"


@dataclass(frozen=True)
class AskPerson:
    """The citizen waits for a person from now on; `standing` is what they are told.

    `alarm`: what whoever is there must hear at once (DANGER, NOBODY, SEVERITY).
    """

    why: Why
    standing: Standing
    alarm: str = ""

    def apply(self, unit: UnitOfWork, turn: Turn) -> None:
        """Begin the wait, or keep the place."""
        conversation_id, now = turn.conversation_id, turn.now
        before = unit.handovers.hold(conversation_id)
        if self.alarm == NOBODY:
            # Once an hour: it is about the office, not about this citizen.
            task_id = f"{NOBODY_TASK}-{now:%Y%m%d%H}"
            note = "Có người xin gặp nhân viên trong giờ làm việc mà không ai trực khung chat."
            unit.tasks.add(Task(task_id, NOBODY_TASK, None, conversation_id, note, now, now))
        after = ask(before, self.why, now)
        if after.owner is not Owner.WAITING:
            return
        standing = self.standing
        # Who asks is at the screen again, whatever they left before.
        after = told(replace(after, left=None), standing.what, standing.place, standing.minutes, now)
        if before.owner is not Owner.WAITING:
            unit.handovers.record(conversation_id, Move.ASK, CITIZEN, now, why=self.why)
        unit.handovers.save(conversation_id, after, now)
        if self.alarm and (self.alarm == DANGER or before.owner is not Owner.WAITING):
            unit.switchboard.signal(Signal.ALARM, now, conversation_id, self.alarm)


@dataclass(frozen=True)
class GoBack:
    """The citizen waits for nobody any more, and wants no call."""

    def apply(self, unit: UnitOfWork, turn: Turn) -> None:
        """End the wait, if there is one, and what was booked."""
        before = unit.handovers.hold(turn.conversation_id)
        _call_off(unit, turn)
        if before.owner is Owner.WAITING:
            unit.handovers.record(turn.conversation_id, Move.GO_BACK, CITIZEN, turn.now)
            unit.handovers.save(turn.conversation_id, go_back(before, turn.now), turn.now)


@dataclass(frozen=True)
class LeaveWord:
    """What the citizen leaves for when somebody is there: the conversation waits, and says what for.

    `task` is what people must do by when, where it is a call or a written answer.
    """

    left: Left
    standing: Standing
    note: str = ""
    due_at: datetime | None = None

    def apply(self, unit: UnitOfWork, turn: Turn) -> None:
        """Let it wait, and add the task."""
        conversation_id, now = turn.conversation_id, turn.now
        before = unit.handovers.hold(conversation_id)
        if self.due_at is not None:
            kind = CALL_TASK if self.left is Left.CALL else WRITE_TASK
            # One at a time: who changes the number or the hour means the same call.
            _call_off(unit, turn)
            task_id = f"{kind}-{turn.id}"
            unit.tasks.add(Task(task_id, kind, None, conversation_id, self.note, self.due_at, now))
        after = ask(before, Why.ASKED, now)
        if after.owner is not Owner.WAITING:
            return
        if before.owner is not Owner.WAITING:
            unit.handovers.record(conversation_id, Move.ASK, CITIZEN, now, why=Why.ASKED)
        standing = self.standing
        after = told(replace(after, left=self.left), standing.what, standing.place, standing.minutes, now)
        unit.handovers.save(conversation_id, after, now)


def _call_off(unit: UnitOfWork, turn: Turn) -> None:
    for task in unit.tasks.of_conversation(turn.conversation_id, (CALL_TASK, WRITE_TASK)):
        unit.tasks.finish(task.id, CITIZEN, turn.now)
