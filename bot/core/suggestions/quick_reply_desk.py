"""What people do with quick replies: their own, and the office's where their role allows; each change is audited."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.core.cases.people import Principal, Role
from bot.core.errors import NotPermitted, UnknownConversation
from bot.core.ports import Clock, UnitOfWorkFactory
from bot.core.suggestions.ports import QuickReply, Scope
from bot.core.suggestions.quick_replies import MOST_KEPT, Values, fill, merged, problems, search
from nlu.text import clean

#: Who changes what everybody sees.
EDITORS = frozenset({Role.KNOWLEDGE_EDITOR, Role.SUPERVISOR, Role.ADMINISTRATOR})
VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


class UnusableReply(Exception):
    """A reply cannot be kept as it was given; `problems` says why, by field."""

    def __init__(self, found: dict[str, str]) -> None:
        super().__init__("; ".join(found.values()))
        self.problems = found


class TooManyReplies(Exception):
    """Somebody has as many replies as can be kept."""


@dataclass(frozen=True)
class Written:
    """A reply as somebody wrote it."""

    title: str
    text: str
    shortcut: str
    scope: Scope


@dataclass(frozen=True)
class QuickReplyDesk:
    """Lists, adds, changes, deletes. Blocking; callers use a thread."""

    units: UnitOfWorkFactory
    clock: Clock
    shipped: Sequence[QuickReply]
    office: str

    def replies(self, caller: Principal, query: str = "") -> list[QuickReply]:
        """Return what the caller may use, best first for a query."""
        with self.units() as unit:
            changed = unit.suggestions.quick_replies.changed(caller.id)
        return search(merged(self.shipped, changed), query)

    def values(self, caller: Principal, conversation_id: str) -> Values:
        """Return what the variables stand for in a conversation. Raises UnknownConversation."""
        with self.units() as unit:
            if not unit.conversation_exists(conversation_id):
                raise UnknownConversation(f"conversation {conversation_id} does not exist")
            address = unit.state(conversation_id).address
            cases = unit.cases.of_conversation(conversation_id)
        today = self.clock.now().astimezone(VIETNAM).date()
        return Values(caller.name, self.office, today, cases[0].number if cases else None, address)

    def filled(self, reply: QuickReply, values: Values) -> str:
        """Return a reply's text for a conversation."""
        return fill(reply.text, values)

    def add(self, caller: Principal, written: Written) -> QuickReply:
        """Keep a new reply. Raises NotPermitted, UnusableReply, TooManyReplies."""
        reply = self._checked(caller, written, uuid.uuid4().hex)
        mine = [known for known in self.replies(caller) if known.scope is written.scope]
        if len(mine) >= MOST_KEPT:
            raise TooManyReplies
        self._put(caller, reply, "quick_reply_add")
        return reply

    def change(self, caller: Principal, reply_id: str, written: Written) -> QuickReply | None:
        """Replace a reply; None where the caller has no such one. Raises NotPermitted, UnusableReply."""
        known = self._known(caller, reply_id)
        if known is None:
            return None
        _require(caller, known.scope)
        reply = self._checked(caller, written, reply_id)
        self._put(caller, reply, "quick_reply_change")
        return reply

    def delete(self, caller: Principal, reply_id: str) -> bool:
        """Take a reply away; False where the caller has no such one. Raises NotPermitted."""
        known = self._known(caller, reply_id)
        if known is None:
            return False
        _require(caller, known.scope)
        now = self.clock.now()
        with self.units() as unit:
            unit.suggestions.quick_replies.remove(known, caller.id, now)
            unit.audit.append(caller.id, caller.role.value, "quick_reply_delete", reply_id, known.scope.value, now)
            unit.commit()
        return True

    def _known(self, caller: Principal, reply_id: str) -> QuickReply | None:
        return next((reply for reply in self.replies(caller) if reply.id == reply_id), None)

    def _checked(self, caller: Principal, written: Written, reply_id: str) -> QuickReply:
        _require(caller, written.scope)
        # Line breaks are the writer's own.
        text = "\n".join(clean(line) for line in written.text.strip().splitlines())
        title, shortcut = clean(written.title), clean(written.shortcut).lower()
        if found := problems(title, text, shortcut):
            raise UnusableReply(found)
        owner = caller.id if written.scope is Scope.PERSONAL else None
        return QuickReply(reply_id, title, text, shortcut, written.scope, owner)

    def _put(self, caller: Principal, reply: QuickReply, action: str) -> None:
        now: datetime = self.clock.now()
        with self.units() as unit:
            unit.suggestions.quick_replies.put(reply, caller.id, now)
            unit.audit.append(caller.id, caller.role.value, action, reply.id, reply.scope.value, now)
            unit.commit()


def _require(caller: Principal, scope: Scope) -> None:
    if scope is Scope.SHARED and caller.role not in EDITORS:
        raise NotPermitted(f"{caller.role} may not change what everybody uses")
