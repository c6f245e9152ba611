"""Real databases for tests: a fresh SQLite file, or a fresh database of a temporary PostgreSQL cluster.

The cluster runs under an unprivileged user, on a Unix socket only. Without PostgreSQL's binaries its tests are
skipped with that reason, unless TIEPDAN_REQUIRE_POSTGRES=1. The migrations run once a process for each kind; every
other migrated database is a copy of that one.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import psycopg
import pytest

from bot.store import KeyRing, Store

BINARIES = Path("/usr/lib/postgresql")
USER = "postgres"
# Nothing here outlives the tests; and what vacuums a database would keep it from being copied.
CARELESS = "-c fsync=off -c full_page_writes=off -c synchronous_commit=off -c autovacuum=off"
TEMPLATE = "migrated"


def postgres_programs() -> Path | None:
    """Return the folder of initdb and pg_ctl of the newest installed PostgreSQL."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    folders = sorted(BINARIES.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return folders[-1].parent if folders else None


def _as_unprivileged(*command: str) -> None:
    """Run a PostgreSQL program, which refuses to run as root."""
    prefix = ["runuser", "-u", USER, "--"] if os.geteuid() == 0 else []
    # To files, not pipes: the server inherits them and would keep a pipe open.
    with tempfile.TemporaryFile("w+") as output:
        done = subprocess.run([*prefix, *command], stdout=output, stderr=output, cwd="/", check=False)
        output.seek(0)
        assert done.returncode == 0, f"{command[0]}: {output.read()[-2000:]}"


def _reason_without_postgres() -> str | None:
    if postgres_programs() is None:
        return "PostgreSQL is not installed (no initdb)"
    if os.geteuid() == 0 and USER not in {entry.pw_name for entry in pwd.getpwall()}:
        return f"running as root and there is no user {USER} to run PostgreSQL"
    return None


@pytest.fixture(scope="session")
def postgres_cluster() -> Iterator[str]:
    """Start a cluster in a folder of its own; gives the start of its URLs' query."""
    if reason := _reason_without_postgres():
        if os.environ.get("TIEPDAN_REQUIRE_POSTGRES") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    programs = postgres_programs()
    assert programs is not None
    # A short path: a Unix socket's may have 107 characters.
    folder = Path(tempfile.mkdtemp(prefix="tiepdan-pg-", dir="/tmp"))
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, USER)
        data = str(folder / "data")
        _as_unprivileged(str(programs / "initdb"), "-D", data, "-U", USER, "-A", "trust", "-E", "UTF8", "--no-sync")
        options = f"-c listen_addresses= -c unix_socket_directories={folder} -c max_connections=200 {CARELESS}"
        log = str(folder / "log")
        _as_unprivileged(str(programs / "pg_ctl"), "-D", data, "-w", "-l", log, "-o", options, "start")
        try:
            yield str(folder)
        finally:
            _as_unprivileged(str(programs / "pg_ctl"), "-D", data, "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _postgres_database(cluster: str, template: str) -> Iterator[str]:
    """Make a database as a copy of another and drop it afterwards; gives its URL."""
    name = f"test_{uuid.uuid4().hex}"
    with psycopg.connect(host=cluster, user=USER, dbname="postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        try:
            yield _postgres_url(cluster, name)
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _postgres_url(cluster: str, name: str) -> str:
    return f"postgresql+psycopg://{USER}@/{name}?host={cluster}"


@pytest.fixture(scope="session")
def postgres_template(postgres_cluster: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Name a database in which the migrations have run and nothing else."""
    with psycopg.connect(host=postgres_cluster, user=USER, dbname="postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {TEMPLATE}")
    keys = KeyRing.load_or_create(tmp_path_factory.mktemp("template") / "keys")
    _migrate(_postgres_url(postgres_cluster, TEMPLATE), keys)
    return TEMPLATE


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
    with _postgres_database(postgres_cluster, "template1") as url:
        yield url


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
    cluster = request.getfixturevalue("postgres_cluster")
    with _postgres_database(cluster, request.getfixturevalue("postgres_template")) as url:
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
