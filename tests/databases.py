"""Real databases for tests: a fresh SQLite file, or an empty database of a temporary PostgreSQL cluster.

Without PostgreSQL's binaries its tests are skipped with that reason, unless TIEPDAN_REQUIRE_POSTGRES=1. The
migrations run once a process for each kind; every other migrated database is a copy of that one.
"""

import os
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import psycopg
import pytest

from bot.store import KeyRing, Store
from tests import postgres

TEMPLATE = "migrated"


@pytest.fixture(scope="session")
def postgres_cluster() -> Iterator[str]:
    """Start a cluster; gives the folder of its socket."""
    if reason := postgres.reason_without():
        if os.environ.get("TIEPDAN_REQUIRE_POSTGRES") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    with postgres.cluster() as folder:
        yield folder


@pytest.fixture(scope="session")
def postgres_pool(postgres_cluster: str, tmp_path_factory: pytest.TempPathFactory) -> postgres.Pool:
    """Make databases in which the migrations have run and nothing else."""
    with psycopg.connect(host=postgres_cluster, user=postgres.USER, dbname="postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {TEMPLATE}")
    keys = KeyRing.load_or_create(tmp_path_factory.mktemp("template") / "keys")
    _migrate(postgres.url(postgres_cluster, TEMPLATE), keys)
    return postgres.Pool(postgres_cluster, TEMPLATE)


@cache
def _migrated_sqlite() -> bytes:
    """Return the file of a database in which the migrations have run and nothing else."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "tiepdan.db"
        _migrate(f"sqlite:///{file}", KeyRing.load_or_create(Path(folder) / "keys"))
        return file.read_bytes()


def _migrate(url: str, keys: KeyRing) -> None:
    store = Store(url, keys)
    store.migrate()
    store.close()


def sqlite_store(folder: Path, keys: Path | None = None) -> Store:
    """Open a migrated, empty SQLite store, `tiepdan.db` in `folder`; its keys are in `keys` (in `folder`)."""
    _put_migrated(folder / "tiepdan.db")
    return Store(f"sqlite:///{folder}/tiepdan.db", KeyRing.load_or_create(keys or folder / "keys"))


def _put_migrated(file: Path) -> None:
    file.touch(0o600)
    file.write_bytes(_migrated_sqlite())


@pytest.fixture
def postgres_url(postgres_cluster: str) -> Iterator[str]:
    """Make an empty database and drop it afterwards."""
    with postgres.database(postgres_cluster) as name:
        yield postgres.url(postgres_cluster, name)


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """Name an SQLite file that does not exist yet."""
    return f"sqlite:///{tmp_path}/tiepdan.db"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """Name an empty database of each kind."""
    url: str = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def migrated_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Name a migrated, empty database of each kind."""
    if request.param == "sqlite":
        _put_migrated(tmp_path / "tiepdan.db")
        yield f"sqlite:///{tmp_path}/tiepdan.db"
        return
    with request.getfixturevalue("postgres_pool").database() as url:
        yield url


@pytest.fixture
def keys(tmp_path: Path) -> KeyRing:
    """Make a key ring."""
    return KeyRing.load_or_create(tmp_path / "keys")


@pytest.fixture
def store(migrated_url: str, keys: KeyRing) -> Iterator[Store]:
    """Open a migrated store on each kind of database."""
    store = Store(migrated_url, keys)
    store.check()
    yield store
    store.close()
