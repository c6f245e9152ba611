"""Dated tasks to call somebody back, and which call each is about. Pure."""

import re
import secrets

from bot.core.cases.office_ports import Task

CALL_BACK = "call_back"
_MISSED = "-missed"
_OF_CALL = re.compile(rf"{CALL_BACK}-([0-9a-f]{{32}})-")


def missed_task(call_id: str) -> str:
    """Return the id of the one task that a missed call makes."""
    return f"{CALL_BACK}-{call_id}{_MISSED}"


def promised_task(call_id: str) -> str:
    """Return the id of another task to call back."""
    return f"{CALL_BACK}-{call_id}-{secrets.token_hex(4)}"


def is_missed(task: Task) -> bool:
    """True for the task of a missed call."""
    return task.id.endswith(_MISSED)


def call_of(task: Task) -> str | None:
    """Return the id of the call that a task to call back is about; others make such tasks too."""
    found = _OF_CALL.match(task.id) if task.kind == CALL_BACK else None
    return found[1] if found else None
