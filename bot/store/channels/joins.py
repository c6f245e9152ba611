"""SQL of joined conversations and their codes; a code is kept as a keyed hash alone."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, func, select, update

from bot.core.channels.joining import Joined, Judged
from bot.store import lookup
from bot.store.parts import Part, insert_once
from bot.store.tables.conversations import conversations
from bot.store.tables.notices import join_codes, join_tries, joined

CODE = "join code"

_OF = select(joined).where(joined.c.conversation_id == bindparam("conversation"))
_OF_PERSON = (
    select(joined.c.conversation_id)
    .where(joined.c.person_id == bindparam("person"))
    .order_by(joined.c.joined_at, joined.c.conversation_id)
)
_OF_CODE = (
    select(join_codes.c.conversation_id, conversations.c.channel)
    .join(conversations, conversations.c.id == join_codes.c.conversation_id)
    .where(join_codes.c.code_hash == bindparam("hashed"), join_codes.c.expires_at > bindparam("now"))
)
_CHANNEL = select(conversations.c.channel).where(conversations.c.id == bindparam("conversation"))
_TRIES = select(join_tries.c.wrong_tries, join_tries.c.locked_until).where(
    join_tries.c.conversation_id == bindparam("conversation")
)
_USE_UP = (
    delete(join_codes)
    .where(
        join_codes.c.code_hash == bindparam("hashed"),
        join_codes.c.expires_at > bindparam("now"),
        join_codes.c.conversation_id != bindparam("mine"),
    )
    .returning(join_codes.c.conversation_id)
)


class SqlJoins(Part):
    """Implements bot.core.channels.joining.Joins."""

    def offer(self, conversation_id: str, code: str, expires_at: datetime, now: datetime) -> None:
        """Keep the hash of the code in the place of an earlier one."""
        write = self._write()
        write.execute(delete(join_codes).where(join_codes.c.conversation_id == conversation_id))
        hashed = lookup.sign(lookup.find_or_make(write, self._keys, CODE), code)
        row = {"code_hash": hashed, "conversation_id": conversation_id, "created_at": now, "expires_at": expires_at}
        insert_once(write, join_codes, row)

    def judge(self, conversation_id: str, code: str, now: datetime) -> Judged:
        """Say what a code is worth here."""
        read = self._read()
        key = lookup.find(read, self._keys, CODE)
        one = {"conversation": conversation_id}
        tries = read.execute(_TRIES, one).first()
        if key is None or (tries and tries.locked_until and tries.locked_until > now):
            return Judged.WRONG
        found = read.execute(_OF_CODE, {"hashed": lookup.sign(key, code), "now": now}).first()
        if found is None:
            return Judged.WRONG
        if found.conversation_id == conversation_id:
            return Judged.OWN
        if found.channel == read.execute(_CHANNEL, one).scalar():
            return Judged.SAME_CHANNEL
        return Judged.ALREADY if found.conversation_id in self.group(conversation_id) else Judged.FITS

    def take(self, conversation_id: str, code: str, now: datetime) -> bool:
        """Use the code up, and put both conversations with one person."""
        write = self._write()
        key = lookup.find_or_make(write, self._keys, CODE)
        used = {"hashed": lookup.sign(key, code), "now": now, "mine": conversation_id}
        other: str | None = write.execute(_USE_UP, used).scalar()
        if other is None:
            return False
        theirs, mine = self.of(other), self.of(conversation_id)
        person = theirs.person_id if theirs else mine.person_id if mine else uuid.uuid4().hex
        if mine:
            write.execute(update(joined).where(joined.c.person_id == mine.person_id).values(person_id=person))
        for one in (other, conversation_id):
            row = {"conversation_id": one, "person_id": person, "joined_at": now, "own": None, "notices": False}
            insert_once(write, joined, row)
        # Asked anew: others' cases can be seen here now that could not be before.
        write.execute(
            update(joined)
            .where(joined.c.conversation_id == conversation_id)
            .values(person_id=person, joined_at=now, own=None)
        )
        self._forget_tries(conversation_id)
        return True

    def missed(self, conversation_id: str, now: datetime, max_tries: int, lock: timedelta) -> bool:
        """Count a wrong try; turns of one conversation come one after the other."""
        write = self._write()
        row = {"conversation_id": conversation_id, "wrong_tries": 0, "locked_until": None, "at": now}
        insert_once(write, join_tries, row)
        stand = write.execute(_TRIES, {"conversation": conversation_id}).one()
        if stand.locked_until and stand.locked_until > now:
            return False
        tries = stand.wrong_tries + 1
        locks = bool(tries >= max_tries)
        values = {"wrong_tries": 0 if locks else tries, "locked_until": now + lock if locks else None, "at": now}
        write.execute(update(join_tries).where(join_tries.c.conversation_id == conversation_id).values(values))
        return locks

    def of(self, conversation_id: str) -> Joined | None:
        """Return the conversation's place."""
        row = self._read().execute(_OF, {"conversation": conversation_id}).first()
        return Joined(row.conversation_id, row.person_id, row.own, row.notices) if row else None

    def group(self, conversation_id: str) -> Sequence[str]:
        """Return all conversations of the person."""
        place = self.of(conversation_id)
        if place is None:
            return (conversation_id,)
        return list(self._read().execute(_OF_PERSON, {"person": place.person_id}).scalars())

    def answer(self, conversation_id: str, *, own: bool) -> None:
        """Note whose the device is."""
        self._write().execute(update(joined).where(joined.c.conversation_id == conversation_id).values(own=own))

    def leave(self, conversation_id: str) -> None:
        """Take the conversation out, and the last one that is left."""
        write = self._write()
        write.execute(delete(join_codes).where(join_codes.c.conversation_id == conversation_id))
        place = self.of(conversation_id)
        if place is None:
            return
        of_person = joined.c.person_id == place.person_id
        write.execute(delete(joined).where(joined.c.conversation_id == conversation_id))
        left: int = write.execute(select(func.count()).select_from(joined).where(of_person)).scalar_one()
        if left == 1:
            write.execute(delete(joined).where(of_person))

    def notify(self, conversation_id: str, *, here: bool) -> None:
        """Choose where the person is told."""
        write, place = self._write(), self.of(conversation_id)
        if place is None:
            return
        write.execute(update(joined).where(joined.c.person_id == place.person_id).values(notices=False))
        if here:
            write.execute(update(joined).where(joined.c.conversation_id == conversation_id).values(notices=True))

    def notified(self, conversation_id: str) -> str:
        """Return where the person is told: the chosen conversation, if it is a device of their own."""
        place = self.of(conversation_id)
        if place is None:
            return conversation_id
        chosen = select(joined.c.conversation_id).where(
            joined.c.person_id == place.person_id, joined.c.notices, joined.c.own
        )
        return self._read().execute(chosen).scalar() or conversation_id

    def _forget_tries(self, conversation_id: str) -> None:
        self._write().execute(delete(join_tries).where(join_tries.c.conversation_id == conversation_id))
