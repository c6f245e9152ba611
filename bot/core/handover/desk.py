"""What people do with conversations: each act is one transaction, audited, seen by the citizen and by other pages.

Locks are taken in one order everywhere: the audit's end, a channel's thread, the conversation, its turn, the log that
pages follow. Refusals change nothing; those for lack of right are audited.
"""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from bot.core.cases.access import Access
from bot.core.cases.interview import OWN_BUTTON
from bot.core.cases.people import Principal
from bot.core.conversation import ConversationState, Owner
from bot.core.errors import NotPermitted, OutOfOrder
from bot.core.handover import access as rights
from bot.core.handover import attention as states
from bot.core.handover.attention import Attention, Ending, Move, Told
from bot.core.handover.effects import CALL_TASK, WRITE_TASK
from bot.core.handover.ports import Note, Sent, Signal
from bot.core.handover.presence import State
from bot.core.messages import EventKind
from bot.core.phrases import Phrases
from bot.core.ports import Clock, UnitOfWork, UnitOfWorkFactory
from bot.core.replies import Button, Reply

GO_ON = f"{OWN_BUTTON}go_on"
_ATTENDED = frozenset({"attended_begin", "attended_transfer"})
NOTE, TRANSFER_NOTE, SUMMARY, ABUSE = "note", "transfer", "summary", "abuse"


@dataclass
class Act:
    """An act in hand: the open transaction, who acts, and the conversation's attention before it."""

    unit: UnitOfWork
    who: Principal
    conversation_id: str
    before: Attention
    now: datetime


class OperatorDesk:
    """Lets people attend conversations. Blocking. Raises HandOverError, NotPermitted, UnknownConversation."""

    def __init__(self, units: UnitOfWorkFactory, clock: Clock, phrases: Phrases, access: Access) -> None:
        self._units = units
        self._clock = clock
        self._phrases = phrases
        self._access = access

    def claim(self, who: Principal, conversation_id: str) -> None:
        """Take the conversation; again by the same person it changes nothing. Raises ClaimedByAnother.

        Of two at once the second is told. What the assistant has in hand ends: a reply that is stored is said first.
        """
        with self._act(who, Move.CLAIM, conversation_id, wakes=True) as act:
            before = act.before
            after = states.claim(before, who.id, act.now)
            if after == before:
                return
            if not rights.may_claim(who, before):
                raise NotPermitted(f"{who.role} may not step into this conversation")
            queued = before.told is Told.QUEUE and before.left is None and before.waiting_since is not None
            waited = _seconds(before.waiting_since, act.now) if queued else None
            act.unit.handovers.settle(conversation_id, act.now)
            self._tell(act, "attended_begin")
            act.unit.handovers.record(conversation_id, Move.CLAIM, who.id, act.now, why=before.why, waited=waited)
            self._save(act, after)

    def release(self, who: Principal, conversation_id: str) -> None:
        """Give it back to those who wait, at its old place."""
        with self._act(who, Move.RELEASE, conversation_id) as act:
            after = states.release(act.before, who.id, force=rights.may_force(who))
            # They hear where they stand as soon as that is known.
            after = states.told(after, Told.QUEUE, None, None, act.now)
            self._tell(act, "attended_release")
            self._done(act, Move.RELEASE)
            self._save(act, after)

    def transfer(self, who: Principal, conversation_id: str, to: str, note: str) -> None:
        """Give it to another person, with a note that they alone and the staff read. Raises NotPermitted."""
        with self._act(who, Move.TRANSFER, conversation_id, to) as act:
            target = next((p for p in act.unit.principals.all() if p.id == to), None)
            if target is None or not rights.may_use(target) or self._conflicts(act.unit, target, conversation_id):
                raise NotPermitted(f"{to} may not attend this conversation")
            after = states.transfer(act.before, who.id, to, act.now, force=rights.may_force(who))
            if note.strip():
                self._note(act, TRANSFER_NOTE, note)
            self._tell(act, "attended_transfer")
            self._done(act, Move.TRANSFER)
            self._save(act, after)

    def reply(
        self,
        who: Principal,
        conversation_id: str,
        client_id: str,
        text: str,
        suggestion: str | None = None,
        *,
        edited: bool = False,
    ) -> int:
        """Say something to the citizen, once per `client_id`, and return its sequence.

        The citizen is shown no name, only that a person writes.
        """
        if (known := self._replied(who, conversation_id, client_id)) is not None:
            return known
        with self._act(who, "reply", conversation_id) as act:
            # Under the lock: the same page may have sent it twice at once.
            if sent := act.unit.switchboard.reply(conversation_id, client_id):
                if sent.by != who.id:
                    raise OutOfOrder("somebody else sent something under this id")
                return sent.sequence
            after = states.acted(act.before, who.id, act.now)
            reply = Reply("operator", text, data={"name": self._phrases.word("human_name")})
            sequence = act.unit.append_event(conversation_id, EventKind.OPERATOR, reply.to_payload(), None, act.now)
            act.unit.switchboard.add_reply(
                Sent(conversation_id, sequence, client_id, who.id, act.now, suggestion, edited)
            )
            self._save(act, after)
            return sequence

    def note(self, who: Principal, conversation_id: str, text: str) -> None:
        """Leave words for the staff, which no citizen sees."""
        with self._act(who, "note", conversation_id) as act:
            if not rights.may_read(who, act.before):
                raise NotPermitted(f"{who.role} may not read this conversation")
            self._note(act, NOTE, text)
            self._save(act, act.before)

    def hand_back(self, who: Principal, conversation_id: str, summary: str) -> int:
        """Let the assistant answer again: it says the summary, and goes on with what the citizen wrote last.

        Return how many messages wait for it, which nobody answered.
        """
        with self._act(who, Move.HAND_BACK, conversation_id) as act:
            after = states.hand_back(act.before, who.id, act.now)
            state = resumed(act.unit.state(conversation_id))
            act.unit.save_state(conversation_id, state, act.now)
            if summary.strip():
                self._note(act, SUMMARY, summary)
            self._say_back(act, summary.strip(), state)
            self._done(act, Move.HAND_BACK)
            left = act.unit.handovers.reopen(conversation_id)
            self._save(act, after)
            return left

    def close(self, who: Principal, conversation_id: str, ending: Ending) -> None:
        """End a person's part."""
        with self._act(who, Move.CLOSE, conversation_id, ending.value) as act:
            after = states.close(act.before, who.id, ending, act.now, force=rights.may_force(who))
            state = act.unit.state(conversation_id)
            act.unit.save_state(conversation_id, resumed(state), act.now)
            if ending is Ending.CALLED_BACK:
                for task in act.unit.tasks.of_conversation(conversation_id, (CALL_TASK, WRITE_TASK)):
                    act.unit.tasks.finish(task.id, who.id, act.now)
            self._tell(act, "attended_close")
            self._done(act, Move.CLOSE)
            self._save(act, after)

    def warn(self, who: Principal, conversation_id: str, reason: str) -> None:
        """Warn a citizen who abuses whoever attends, once, in the agreed words. Raises OutOfOrder the second time."""
        with self._act(who, Move.WARN, conversation_id, reason) as act:
            after = states.warn(act.before, who.id, act.now, force=rights.may_force(who))
            self._note(act, ABUSE, reason)
            self._tell(act, "attended_warn")
            act.unit.handovers.record(conversation_id, Move.WARN, who.id, act.now)
            self._save(act, after)

    def end(self, who: Principal, conversation_id: str, reason: str) -> None:
        """End it for abuse, as a supervisor and after a warning; the assistant still takes questions."""
        with self._act(who, Move.END, conversation_id, reason) as act:
            if not rights.may_force(who):
                raise NotPermitted("abuse is ended by a supervisor")
            after = states.end(act.before, act.now)
            act.unit.save_state(conversation_id, resumed(act.unit.state(conversation_id)), act.now)
            self._note(act, ABUSE, reason)
            self._tell(act, "attended_end")
            self._done(act, Move.END)
            self._save(act, after)

    def be(self, who: Principal, state: State) -> None:
        """Say of oneself that one is there, busy, at lunch or away. Audited where it is new."""
        rights.require_use(who)
        now = self._clock.now()
        with self._units() as unit:
            unit.audit.append(who.id, who.role.value, "presence", who.id, state.value, now)
            if unit.switchboard.set_presence(who.id, state.value, now):
                unit.switchboard.signal(Signal.PRESENCE, now)
                unit.commit()
                return
        self.seen(who)

    def seen(self, who: Principal) -> None:
        """Note that somebody's page is open."""
        with self._units() as unit:
            unit.switchboard.seen(who.id, self._clock.now())
            unit.commit()

    @contextmanager
    def _act(
        self, who: Principal, action: str, conversation_id: str, reason: str = "", *, wakes: bool = False
    ) -> Iterator[Act]:
        """Open a transaction, audit the act, hold the conversation; what `_save` kept is committed at the end."""
        rights.require_use(who)
        now = self._clock.now()
        try:
            with self._units() as unit:
                if self._conflicts(unit, who, conversation_id):
                    raise NotPermitted("a case of this conversation is about them")
                unit.audit.append(who.id, who.role.value, f"conversation_{action}", conversation_id, reason, now)
                if wakes:
                    _end_pause(unit, conversation_id, now)
                before = unit.handovers.hold(conversation_id)
                yield Act(unit, who, conversation_id, before, now)
        except NotPermitted:
            with self._units() as unit:
                refused = f"refused:conversation_{action}"
                unit.audit.append(who.id, who.role.value, refused, conversation_id, "", now)
                unit.commit()
            raise

    def _save(self, act: Act, after: Attention) -> None:
        act.unit.handovers.save(act.conversation_id, after, act.now)
        act.unit.commit()

    def _conflicts(self, unit: UnitOfWork, who: Principal, conversation_id: str) -> bool:
        return rights.in_conflict(who, unit.cases.of_conversation(conversation_id), self._access)

    def _replied(self, who: Principal, conversation_id: str, client_id: str) -> int | None:
        """Return the sequence of what this very person sent under this id before."""
        with self._units() as unit:
            sent = unit.switchboard.reply(conversation_id, client_id)
        return sent.sequence if sent is not None and sent.by == who.id else None

    def _tell(self, act: Act, phrase: str) -> None:
        """Say something to the citizen as the office; `data.attended` tells pages whether a person answers now."""
        text = self._phrases.say(phrase, act.unit.state(act.conversation_id).address)
        data = {} if phrase == "attended_warn" else {"attended": phrase in _ATTENDED}
        body = Reply(phrase, text, data=data).to_payload()
        act.unit.append_event(act.conversation_id, EventKind.NOTICE, body, None, act.now)

    def _say_back(self, act: Act, summary: str, state: ConversationState) -> None:
        name = "text" if summary else "bare"
        text = self._phrases.variant("attended_back", name, state.address, summary=summary)
        buttons: tuple[Button, ...] = ()
        if state.draft is not None:
            text = f"{text} {self._phrases.variant('attended_back', 'draft', state.address)}"
            buttons = (Button(GO_ON, self._phrases.word("handover_go_on")),)
        body = Reply("attended_back", text, buttons=buttons, data={"attended": False}).to_payload()
        act.unit.append_event(act.conversation_id, EventKind.ASSISTANT, body, None, act.now)

    def _note(self, act: Act, kind: str, text: str) -> None:
        act.unit.switchboard.add_note(
            Note(uuid.uuid4().hex, act.conversation_id, act.now, act.who.id, kind, text.strip())
        )

    def _done(self, act: Act, move: Move) -> None:
        """Add to the history that whoever attended does no longer; what was written to them stays theirs."""
        if act.before.owner is Owner.OPERATOR:
            act.unit.handovers.settle(act.conversation_id, act.now)
        attended = _seconds(act.before.since, act.now) if act.before.since is not None else None
        act.unit.handovers.record(
            act.conversation_id, move, act.who.id, act.now, why=act.before.why, attended=attended
        )


def resumed(state: ConversationState) -> ConversationState:
    """Return the state in which the assistant goes on: what was talked about stays, what was asked is over."""
    return replace(
        state,
        owner=Owner.BOT,
        offered=(),
        pending_facet=None,
        pending_more=(),
        awaited=None,
        held={},
        failures=0,
        facts={key: value for key, value in state.facts.items() if key != "alarm"},
    )


def _end_pause(unit: UnitOfWork, conversation_id: str, now: datetime) -> None:
    """End the silence that an officer's words in the platform's own console began: here somebody answers now."""
    thread = unit.threads.of_conversation(conversation_id)
    if thread is not None and thread.paused_until is not None and thread.paused_until > now:
        unit.threads.save(thread.id, paused_until=now)


def _seconds(since: datetime | None, now: datetime) -> float:
    return max((now - since).total_seconds(), 0.0) if since else 0.0
