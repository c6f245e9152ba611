"""Alembic, run from the program: no ini file, no output, one upgrade at a time."""

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from bot.core.errors import StoreUnusable

_FOLDER = Path(__file__).parent / "migrations"
# Any fixed number: replicas that start together wait for each other's upgrade.
_ADVISORY_LOCK = 74_128_301


def upgrade(connection: Connection, name: str) -> None:
    """Run what is missing of the migrations inside the caller's transaction.

    Raises StoreUnusable when the schema is newer than this version.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})
    if at_head(connection, name):
        return
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def at_head(connection: Connection, name: str) -> bool:
    """True when every migration of this version has run. Raises StoreUnusable for a newer schema."""
    known, heads = _revisions()
    current = MigrationContext.configure(connection).get_current_heads()
    if not known.issuperset(current):
        raise StoreUnusable(
            f"database {name} has a newer schema ({', '.join(sorted(current))}) than this version; update Tiếp Dân"
        )
    return heads == set(current)


@cache
def _revisions() -> tuple[frozenset[str], frozenset[str]]:
    """Return this version's migrations and the last of them: files of the program, read once."""
    scripts = ScriptDirectory.from_config(_config())
    return frozenset(script.revision for script in scripts.walk_revisions()), frozenset(scripts.get_heads())


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
