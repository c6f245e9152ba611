"""SQL of channels' tokens: sealed, with a version, changed by compare-and-swap in one transaction."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar, get_type_hints

from sqlalchemy import bindparam, select, update

from bot.core.ports import UnitOfWorkFactory
from bot.store.parts import Part, insert_once
from bot.store.sealing import context
from bot.store.tables.channels import tokens

_LOAD = select(tokens.c.version, tokens.c.state).where(tokens.c.channel == bindparam("of"))
_SWAP = (
    update(tokens)
    .where(tokens.c.channel == bindparam("of"), tokens.c.version == bindparam("expected"))
    .values(version=bindparam("new"), state=bindparam("sealed"))
)


class SqlTokens(Part):
    """Implements bot.core.channels.ports.ChannelTokens."""

    def load(self, channel: str) -> tuple[int, dict[str, Any]] | None:
        """Return (version, state)."""
        row = self._read().execute(_LOAD, {"of": channel}).first()
        return None if row is None else (row.version, self._keys.open_json(row.state, _context(channel)))

    def swap(self, channel: str, expected: int, version: int, state: Mapping[str, Any]) -> bool:
        """Write if the stored version is the expected one."""
        write = self._write()
        sealed = self._keys.seal_json(dict(state), _context(channel))
        if expected == 0:
            return insert_once(write, tokens, {"channel": channel, "version": version, "state": sealed})
        values = {"of": channel, "expected": expected, "new": version, "sealed": sealed}
        return write.execute(_SWAP, values).rowcount == 1


class Versioned(Protocol):
    """A state that knows its version."""

    @property
    def version(self) -> int:
        """It grows by one at each change."""
        ...


S = TypeVar("S", bound=Versioned)


class SealedTokens(Generic[S]):
    """One channel's state of a flat dataclass of texts, numbers and moments: what channels.zalo.tokens asks for.

    Blocking. Shared by all processes of a database. Raises StoreUnavailable.
    """

    def __init__(self, units: UnitOfWorkFactory, channel: str, kind: type[S]) -> None:
        self._units = units
        self._channel = channel
        self._kind = kind
        hints = get_type_hints(kind)
        self._moments = frozenset(
            field.name
            for field in fields(kind)  # type: ignore[arg-type]  # a dataclass by contract
            if "datetime" in str(hints[field.name])
        )

    def load(self) -> S | None:
        """Return what was written last."""
        with self._units() as unit:
            found = unit.channel_tokens.load(self._channel)
        if found is None:
            return None
        known = {field.name for field in fields(self._kind)}  # type: ignore[arg-type]  # a dataclass by contract
        values = {name: value for name, value in found[1].items() if name in known}
        for name in self._moments & set(values):
            values[name] = None if values[name] is None else datetime.fromisoformat(values[name])
        return self._kind(**values)

    def swap(self, expected: int, state: S) -> bool:
        """Write `state` if the stored version is `expected`; True when it is written for good."""
        values = {
            name: value.isoformat() if isinstance(value, datetime) else value for name, value in vars(state).items()
        }
        with self._units() as unit:
            written = unit.channel_tokens.swap(self._channel, expected, state.version, values)
            if written:
                unit.commit()
        return written


def _context(channel: str) -> bytes:
    return context("channel_tokens", "state", channel)
