"""SQL of those who may act, and of their tokens' hashes."""

from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, false, select, true, update

from bot.core.cases.people import Principal, Role
from bot.core.errors import NotPermitted, PrincipalExists
from bot.store.parts import AnyRow, Part, insert_once
from bot.store.tables.cases import principals, tokens
from bot.store.tables.staff import console_sessions

_COLUMNS = select(principals.c.id, principals.c.name, principals.c.role, principals.c.unit, principals.c.active)
_ALL = _COLUMNS.order_by(principals.c.id)
_ACTIVE = select(principals.c.active).where(principals.c.id == bindparam("principal"))
_DEACTIVATE = (
    update(principals)
    .where(principals.c.id == bindparam("principal"), principals.c.active)
    .values(active=False, deactivated_at=bindparam("at"))
)
_ACTIVATE = (
    update(principals)
    .where(principals.c.id == bindparam("principal"), principals.c.active == false())
    .values(active=True, deactivated_at=None)
)
_CHANGE = (
    update(principals)
    .where(principals.c.id == bindparam("principal"))
    .values(role=bindparam("new_role"), unit=bindparam("new_unit"))
)
_END_SESSIONS = delete(console_sessions).where(console_sessions.c.principal_id == bindparam("principal"))
_FORGET_TOKENS = delete(tokens).where(tokens.c.principal_id == bindparam("principal"))
_BY_TOKEN = _COLUMNS.join(tokens, tokens.c.principal_id == principals.c.id).where(
    tokens.c.token_hash == bindparam("token"), tokens.c.expires_at > bindparam("now"), principals.c.active == true()
)


class SqlPrincipals(Part):
    """Implements bot.core.cases.ports.Principals."""

    def add(self, principal: Principal, now: datetime) -> None:
        """Add a principal. Raises PrincipalExists."""
        row = {**vars(principal), "role": principal.role.value, "created_at": now}
        if not insert_once(self._write(), principals, row):
            raise PrincipalExists(f"there is a principal {principal.id} already")

    def all(self) -> list[Principal]:
        """Return everybody, by id."""
        return [_read(row) for row in self._read().execute(_ALL)]

    def deactivate(self, principal_id: str, now: datetime) -> None:
        """Refuse the principal from now on, with all tokens. Raises NotPermitted for an unknown one."""
        write = self._write()
        if write.execute(_DEACTIVATE, {"principal": principal_id, "at": now}).rowcount == 0:
            _require(write, principal_id)

    def activate(self, principal_id: str) -> None:
        """Let a deactivated principal act again, with new tokens alone. Raises NotPermitted for an unknown one."""
        write = self._write()
        if write.execute(_ACTIVATE, {"principal": principal_id}).rowcount == 0:
            _require(write, principal_id)
        else:
            write.execute(_FORGET_TOKENS, {"principal": principal_id})
            write.execute(_END_SESSIONS, {"principal": principal_id})

    def change(self, principal_id: str, role: Role, unit: str | None) -> None:
        """Give a principal another role and unit. Raises NotPermitted for an unknown one."""
        given = {"principal": principal_id, "new_role": role.value, "new_unit": unit}
        if self._write().execute(_CHANGE, given).rowcount == 0:
            raise NotPermitted(f"there is no principal {principal_id}")

    def add_token(self, principal_id: str, token_hash: str, expires_at: datetime, now: datetime) -> None:
        """Store the hash of a token. Raises NotPermitted for a principal who is unknown or deactivated."""
        write = self._write()
        if not _require(write, principal_id):
            raise NotPermitted(f"principal {principal_id} is deactivated")
        row = {"token_hash": token_hash, "principal_id": principal_id}
        insert_once(write, tokens, {**row, "expires_at": expires_at, "created_at": now})

    def by_token(self, token_hash: str, now: datetime) -> Principal | None:
        """Return the active principal with this unexpired token, or None."""
        row = self._read().execute(_BY_TOKEN, {"token": token_hash, "now": now}).first()
        return None if row is None else _read(row)


def _require(read: Connection, principal_id: str) -> bool:
    """True when the principal is active. Raises NotPermitted for an unknown one."""
    active: bool | None = read.execute(_ACTIVE, {"principal": principal_id}).scalar()
    if active is None:
        raise NotPermitted(f"there is no principal {principal_id}")
    return active


def _read(row: AnyRow) -> Principal:
    return Principal(row.id, row.name, Role(row.role), row.unit, row.active)
