"""Blanking what was said in a conversation. Places and times stay, words go; filed cases have copies of their own."""

from sqlalchemy import BindParameter, Connection, bindparam, delete, exists, literal, or_, select, update

from bot.core.errors import ConversationBusy
from bot.core.handover.effects import CALL_TASK, WRITE_TASK
from bot.core.messages import SAID_THERE
from bot.core.replies import Reply
from bot.store import conversations
from bot.store.channels.joins import SqlJoins
from bot.store.console.verdicts import verdict_context
from bot.store.sealing import KeyRing, context
from bot.store.tables.cases import attachments, tasks
from bot.store.tables.conversations import conversations as conversations_table
from bot.store.tables.conversations import events, inbox, turns
from bot.store.tables.handover import notes
from bot.store.tables.suggestions import suggestions, verdicts

# Events that are a text and no reply.
_BARE = frozenset(kind.value for kind in SAID_THERE)
_ID: BindParameter[str] = bindparam("conversation")
_BUSY = select(literal(1)).where(
    or_(
        exists().where(inbox.c.conversation_id == _ID, inbox.c.turn_id.is_(None)),
        exists().where(turns.c.conversation_id == _ID, turns.c.status == "open"),
    )
)
_BLANK_EVENT = (
    update(events)
    .where(events.c.conversation_id == bindparam("key"), events.c.sequence == bindparam("place"))
    .values(body=bindparam("sealed"))
)
_BLANK_MESSAGE = (
    update(inbox)
    .where(inbox.c.conversation_id == bindparam("key"), inbox.c.sequence == bindparam("place"))
    .values(body=bindparam("sealed"))
)
_REPLIES = update(turns).where(turns.c.conversation_id == _ID).values(reply=None)
_STATE = update(conversations_table).where(conversations_table.c.id == _ID).values(state=None)
# What the staff wrote of the citizen goes with what the citizen said, and so does where to call them.
_NOTES = select(notes.c.id).where(notes.c.conversation_id == _ID)
_BLANK_NOTE = update(notes).where(notes.c.id == bindparam("key")).values(text=bindparam("sealed"))
_CALLS = delete(tasks).where(tasks.c.conversation_id == _ID, tasks.c.kind.in_((CALL_TASK, WRITE_TASK)))
_FILES = delete(attachments).where(attachments.c.conversation_id == _ID, attachments.c.case_id.is_(None))
_BLANK_DRAFTS = update(suggestions).where(suggestions.c.id == bindparam("key")).values(body=bindparam("sealed"))
_BLANK_VERDICT = update(verdicts).where(verdicts.c.id == bindparam("key")).values(body=bindparam("sealed"))


def erase(write: Connection, keys: KeyRing, conversation_id: str) -> None:
    """Blank a conversation. Raises ConversationBusy while a message waits or is answered, UnknownConversation."""
    conversations.lock(write, conversation_id)
    one = {"conversation": conversation_id}
    if write.execute(_BUSY, one).first() is not None:
        raise ConversationBusy
    spoken = select(events.c.sequence, events.c.kind).where(events.c.conversation_id == _ID)
    for sequence, kind in write.execute(spoken, one).all():
        body = {"text": ""} if kind in _BARE else Reply(act="erased", text="").to_payload()
        sealed = keys.seal_json(body, context("events", "body", conversation_id, sequence))
        write.execute(_BLANK_EVENT, {"key": conversation_id, "place": sequence, "sealed": sealed})
    for (sequence,) in write.execute(select(inbox.c.sequence).where(inbox.c.conversation_id == _ID), one).all():
        sealed = keys.seal_json({"text": "", "button": None}, context("inbox", "body", conversation_id, sequence))
        write.execute(_BLANK_MESSAGE, {"key": conversation_id, "place": sequence, "sealed": sealed})
    _erase_suggestions(write, keys, one)
    for statement in (_REPLIES, _STATE, _FILES, _CALLS):
        write.execute(statement, one)
    for note_id in write.execute(_NOTES, one).scalars().all():
        sealed = keys.seal(b"", context("conversation_notes", "text", note_id))
        write.execute(_BLANK_NOTE, {"key": note_id, "sealed": sealed})
    # Whoever clears a conversation follows nothing from it any more.
    SqlJoins(lambda: write, lambda: write, keys).leave(conversation_id)


def _erase_suggestions(write: Connection, keys: KeyRing, one: dict[str, str]) -> None:
    """Blank drafts and verdicts; that there were some, and what became of them, stays."""
    for (key,) in write.execute(select(suggestions.c.id).where(suggestions.c.conversation_id == _ID), one).all():
        sealed = keys.seal_json({"drafts": []}, context("suggestions", "body", key))
        write.execute(_BLANK_DRAFTS, {"key": key, "sealed": sealed})
    for (key,) in write.execute(select(verdicts.c.id).where(verdicts.c.conversation_id == _ID), one).all():
        sealed = keys.seal_json({"question": "", "note": ""}, verdict_context(key))
        write.execute(_BLANK_VERDICT, {"key": key, "sealed": sealed})
