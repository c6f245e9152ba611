"""SQL of web sessions."""

from datetime import datetime

from sqlalchemy import Connection, bindparam, insert, select, update

from bot.store.tables.conversations import web_sessions

_INSERT = insert(web_sessions)
_BY_ID = select(web_sessions.c.conversation_id, web_sessions.c.token_hash, web_sessions.c.expires_at).where(
    web_sessions.c.id == bindparam("id")
)
_GOES_ON = select(web_sessions.c.id).where(
    web_sessions.c.conversation_id == bindparam("conversation"), web_sessions.c.expires_at > bindparam("now")
)
_END = (
    update(web_sessions)
    .where(web_sessions.c.id == bindparam("key"), web_sessions.c.expires_at > bindparam("now"))
    .values(expires_at=bindparam("now"))
)


def create(
    write: Connection, session_id: str, conversation_id: str, token_hash: str, expires_at: datetime, now: datetime
) -> None:
    """Insert a session; only the hash of its token is known here."""
    row = {"id": session_id, "conversation_id": conversation_id, "token_hash": token_hash}
    write.execute(_INSERT, {**row, "expires_at": expires_at, "created_at": now})


def by_id(read: Connection, session_id: str) -> tuple[str, str, datetime] | None:
    """(conversation_id, token_hash, expires_at), or None."""
    row = read.execute(_BY_ID, {"id": session_id}).first()
    return None if row is None else (row.conversation_id, row.token_hash, row.expires_at)


def goes_on(read: Connection, conversation_id: str, now: datetime) -> bool:
    """True while a session of the conversation has not ended."""
    return read.execute(_GOES_ON, {"conversation": conversation_id, "now": now}).first() is not None


def end(write: Connection, session_id: str, now: datetime) -> None:
    """Let a session end now."""
    write.execute(_END, {"key": session_id, "now": now})
