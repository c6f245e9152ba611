"""The store: conversations, messages, turns and events in SQLite or PostgreSQL, sealed at rest."""

from bot.store.sealing import KeyRing
from bot.store.single_process import SingleProcessLock
from bot.store.store import MAINTENANCE_BUSY_SECONDS, Store
from bot.store.unit_of_work import SqlUnitOfWork

__all__ = ["MAINTENANCE_BUSY_SECONDS", "KeyRing", "SingleProcessLock", "SqlUnitOfWork", "Store"]
