"""The database as the service opens it: migrated, checked, and handing out units of work."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from bot.core.errors import ConfigurationError, StoreUnavailable, StoreUnusable
from bot.store import engine as engines
from bot.store.revisions import at_head, upgrade
from bot.store.sealing import KeyRing, context
from bot.store.tables.conversations import sealing_keys
from bot.store.unit_of_work import SqlUnitOfWork
from bot.store.writer import WriterTurn

BUSY_SECONDS = 5.0
# A maintenance command beside a busy service: SQLite has no queue between processes, each looks again every 0.1 s.
MAINTENANCE_BUSY_SECONDS = 60.0
_CANARY = b"tiepdan"


class Store:
    """Opens `sqlite:///FILE` or `postgresql://…` lazily; call `migrate` and `check` at start, `close` at the end.

    An instance is a `UnitOfWorkFactory`, safe to share between threads. `busy_seconds` is how long a unit waits
    for a locked database or a free connection.
    """

    def __init__(self, url: str, keys: KeyRing, busy_seconds: float = BUSY_SECONDS) -> None:
        self._url = engines.parse_url(url)
        self._engine = engines.make_engine(self._url, busy_seconds)
        self._keys = keys
        self._busy_seconds = busy_seconds
        self._writer = WriterTurn() if self.single_process else None

    def __call__(self) -> SqlUnitOfWork:
        """Make a unit of work."""
        return SqlUnitOfWork(self._engine, self._keys, self._writer, self._busy_seconds)

    def urgent(self) -> SqlUnitOfWork:
        """Make a unit of work that writes before those that wait already: for what must be acknowledged at once."""
        return SqlUnitOfWork(self._engine, self._keys, self._writer, self._busy_seconds, urgent=True)

    @property
    def single_process(self) -> bool:
        """True for SQLite, which serves exactly one service process (see SingleProcessLock)."""
        return self._url.get_backend_name() == "sqlite"

    @property
    def keys(self) -> KeyRing:
        """The ring that seals what is stored here."""
        return self._keys

    @property
    def name(self) -> str:
        """What to call this database in a message: the file, or the URL without its password."""
        return self._url.database or "" if self.single_process else self._url.render_as_string(hide_password=True)

    def migrate(self) -> None:
        """Bring the schema up to this version; does nothing if it is there. Raises StoreUnusable, one line."""
        with self._start() as connection:
            upgrade(connection, self.name)

    def check(self) -> None:
        """Prove that the database is whole, writable, of this schema and sealed with this key ring.

        Raises StoreUnusable with one line that says what to do. Reads the whole file on SQLite (about 1 s a GB).
        """
        with self._start() as connection:
            if not at_head(connection, self.name):
                raise StoreUnusable(f"database {self.name} has an older schema; start the service, which migrates it")
            if self.single_process:
                verdict = connection.execute(text("PRAGMA quick_check(1)")).scalar_one()
                if verdict != "ok":
                    raise StoreUnusable(f"database {self.name} is corrupt ({verdict}); restore it from the backup")
            self._check_keys(connection)

    def ping(self) -> None:
        """Prove that the database answers. Raises StoreUnavailable."""
        try:
            with self._engine.connect() as connection:
                connection.execute(select(1))
        except SQLAlchemyError as error:
            raise StoreUnavailable(f"database {self.name} did not answer") from error

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    @property
    def engine(self) -> Engine:
        """The engine, for maintenance (rotation of keys)."""
        return self._engine

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One write transaction outside a unit of work, committed at the end of the block (maintenance)."""
        with self._engine.connect() as connection:
            connection.info[engines.WRITER] = True
            try:
                connection.begin()
            finally:
                connection.info[engines.WRITER] = False
            yield connection
            engines.commit(connection)

    @contextmanager
    def _start(self) -> Iterator[Connection]:
        """Hold a write transaction; whatever the driver complains about becomes one line that says what to do."""
        try:
            with self.writing() as connection:
                yield connection
        except DBAPIError as error:
            raise StoreUnusable(self._explain(str(error.orig))) from error
        except SQLAlchemyError as error:
            raise StoreUnusable(f"database {self.name} cannot be opened ({type(error).__name__})") from error

    def _explain(self, cause: str) -> str:
        name, cause = self.name, " ".join(cause.split())
        if "locked" in cause or "busy" in cause:
            return f"database {name} is locked by another program; stop that program and start again"
        if "readonly" in cause or "unable to open" in cause or "read-only" in cause:
            return f"database {name} cannot be written ({cause}); check the owner and rights of its folder"
        if "not a database" in cause or "malformed" in cause:
            return f"database {name} is corrupt ({cause}); restore it from the backup"
        if "full" in cause:
            return f"database {name} cannot grow ({cause}); free some disk space"
        return f"database {name} cannot be used: {cause}"

    def _check_keys(self, connection: Connection) -> None:
        """Open the value sealed under each key in use, and leave one for the present key."""
        for row in connection.execute(select(sealing_keys)):
            try:
                self._keys.open(row.canary, context("sealing_keys", "canary", row.key_id))
            except ConfigurationError as error:
                raise StoreUnusable(f"database {self.name} was sealed with other keys: {error}") from error
        key_id = self._keys.current
        canary = self._keys.seal(_CANARY, context("sealing_keys", "canary", key_id))
        dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
        connection.execute(dialect.insert(sealing_keys).values(key_id=key_id, canary=canary).on_conflict_do_nothing())
