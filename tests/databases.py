"""Real databases for tests: a fresh SQLite file, or a fresh database of a temporary PostgreSQL cluster.

The cluster runs under an unprivileged user, on a Unix socket only. Without PostgreSQL's binaries its tests are
skipped with that reason, unless TIEPDAN_REQUIRE_POSTGRES=1.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from bot.store import KeyRing, Store

BINARIES = Path("/usr/lib/postgresql")
USER = "postgres"


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
        options = f"-c listen_addresses= -c unix_socket_directories={folder} -c fsync=off -c max_connections=200"
        log = str(folder / "log")
        _as_unprivileged(str(programs / "pg_ctl"), "-D", data, "-w", "-l", log, "-o", options, "start")
        try:
            yield str(folder)
        finally:
            _as_unprivileged(str(programs / "pg_ctl"), "-D", data, "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgres_url(postgres_cluster: str) -> Iterator[str]:
    """Make an empty database and drop it afterwards."""
    name = f"test_{uuid.uuid4().hex}"
    with psycopg.connect(host=postgres_cluster, user=USER, dbname="postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        try:
            yield f"postgresql+psycopg://{USER}@/{name}?host={postgres_cluster}"
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """Name an SQLite file that does not exist yet."""
    return f"sqlite:///{tmp_path}/tiepdan.db"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """Name an empty database of each kind."""
    url: str = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")
    return url


@pytest.fixture
def keys(tmp_path: Path) -> KeyRing:
    """Make a key ring."""
    return KeyRing.load_or_create(tmp_path / "keys")


@pytest.fixture
def store(database_url: str, keys: KeyRing) -> Iterator[Store]:
    """Open a migrated store on each kind of database."""
    store = Store(database_url, keys)
    store.migrate()
    store.check()
    yield store
    store.close()
