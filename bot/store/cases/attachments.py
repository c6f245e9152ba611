"""SQL of citizens' files: each stored once per conversation, sealed as it came and as it may leave."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, select, update

from bot.core.cases.ports import Attachment
from bot.core.errors import CaseConflict, UnknownAttachment
from bot.store.parts import AnyRow, Part, insert_once
from bot.store.sealing import KeyRing, context
from bot.store.tables.cases import attachments, case_attachments

_ABOUT = select(
    attachments.c.id,
    attachments.c.conversation_id,
    attachments.c.case_id,
    attachments.c.media_type,
    attachments.c.name,
    attachments.c.size,
    attachments.c.sha256,
    attachments.c.created_at,
    attachments.c.heard,
).order_by(attachments.c.created_at, attachments.c.id)
_OF_CONVERSATION = _ABOUT.where(attachments.c.conversation_id == bindparam("conversation"))
_OF_CASE = _ABOUT.join(case_attachments, case_attachments.c.attachment_id == attachments.c.id).where(
    case_attachments.c.case_id == bindparam("case")
)
_KNOWN = select(attachments.c.case_id).where(attachments.c.id == bindparam("file"))
_FIRST_CASE = (
    update(attachments)
    .where(attachments.c.id == bindparam("file"))
    .where(attachments.c.case_id.is_(None))
    .values(case_id=bindparam("case"))
)
_HEARD = update(attachments).where(attachments.c.id == bindparam("file")).values(heard=bindparam("sealed"))
_DROP = delete(attachments).where(attachments.c.id == bindparam("file"), attachments.c.case_id.is_(None))


class SqlAttachments(Part):
    """Implements bot.core.cases.ports.Attachments."""

    def add(self, attachment: Attachment, original: bytes, clean: bytes) -> bool:
        """Store once per (conversation, sha256); False if it was there."""
        row = {
            **{name: value for name, value in vars(attachment).items() if name not in {"name", "heard"}},
            "name": self._keys.seal(attachment.name.encode(), _context("name", attachment.id)),
            "original": self._keys.seal(original, _context("original", attachment.id)),
            "clean": self._keys.seal(clean, _context("clean", attachment.id)),
        }
        write = self._write()
        stored = insert_once(write, attachments, row)
        if stored and attachment.case_id is not None:
            assign(write, [attachment.id], attachment.case_id)
        return stored

    def of_conversation(self, conversation_id: str, *, unfiled: bool = False) -> list[Attachment]:
        """Return the conversation's files, oldest first."""
        wanted = _OF_CONVERSATION.where(attachments.c.case_id.is_(None)) if unfiled else _OF_CONVERSATION
        return [_read(self._keys, row) for row in self._read().execute(wanted, {"conversation": conversation_id})]

    def assign(self, ids: Sequence[str], case_id: str) -> None:
        """Give files to a case, which may be filed later in this unit; ids that are no file's are passed over.

        A file that another case has is given to this one too: linked cases share their evidence.
        """
        assign(self._write(), ids, case_id)

    def of_case(self, case_id: str) -> list[Attachment]:
        """Return a case's files, oldest first."""
        return of_case(self._read(), self._keys, case_id)

    def read(self, attachment_id: str, *, original: bool = False) -> bytes:
        """Return the bytes that may leave, or those that came. Raises UnknownAttachment."""
        column = attachments.c.original if original else attachments.c.clean
        sealed: bytes | None = self._read().execute(select(column).where(attachments.c.id == attachment_id)).scalar()
        if sealed is None:
            raise _unknown(attachment_id)
        return self._keys.open(sealed, _context(column.name, attachment_id))

    def note_heard(self, attachment_id: str, heard: str) -> None:
        """Keep what a recording was heard to say."""
        sealed = self._keys.seal(heard.encode(), _context("heard", attachment_id))
        self._write().execute(_HEARD, {"file": attachment_id, "sealed": sealed})

    def drop(self, attachment_id: str) -> None:
        """Delete an unfiled file for good; nothing where there is none. Raises CaseConflict where a case has it."""
        write = self._write()
        if write.execute(_DROP, {"file": attachment_id}).rowcount == 1:
            return
        if write.execute(_KNOWN, {"file": attachment_id}).first() is not None:
            raise CaseConflict(f"file {attachment_id} belongs to a case")

    def forget_unfiled(self, conversations: str, before: datetime) -> int:
        """Delete the unfiled files of conversations whose ids begin so; return how many."""
        old = attachments.c.case_id.is_(None) & (attachments.c.created_at < before)
        of = attachments.c.conversation_id.startswith(conversations, autoescape=True)
        return self._write().execute(delete(attachments).where(old, of)).rowcount


def assign(write: Connection, ids: Sequence[str], case_id: str) -> None:
    """Give files to a case; see SqlAttachments.assign."""
    for file in sorted(set(ids)):
        write.execute(_FIRST_CASE, {"file": file, "case": case_id})
        if write.execute(_KNOWN, {"file": file}).first() is not None:
            insert_once(write, case_attachments, {"case_id": case_id, "attachment_id": file})


def of_case(read: Connection, keys: KeyRing, case_id: str) -> list[Attachment]:
    """Return a case's files, oldest first."""
    return [replace(_read(keys, row), case_id=case_id) for row in read.execute(_OF_CASE, {"case": case_id})]


def by_ids(read: Connection, keys: KeyRing, ids: Sequence[str]) -> list[Attachment]:
    """Return the files that these ids name, oldest first."""
    if not ids:
        return []
    return [_read(keys, row) for row in read.execute(_ABOUT.where(attachments.c.id.in_(ids)))]


def _read(keys: KeyRing, row: AnyRow) -> Attachment:
    return Attachment(
        id=row.id,
        conversation_id=row.conversation_id,
        case_id=row.case_id,
        media_type=row.media_type,
        name=keys.open(row.name, _context("name", row.id)).decode(),
        size=row.size,
        sha256=row.sha256,
        created_at=row.created_at,
        heard=None if row.heard is None else keys.open(row.heard, _context("heard", row.id)).decode(),
    )


def _unknown(attachment_id: str) -> UnknownAttachment:
    return UnknownAttachment(f"file {attachment_id} does not exist")


def _context(column: str, attachment_id: str) -> bytes:
    return context("attachments", column, attachment_id)
