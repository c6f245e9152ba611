"""Steps of the tests of the command line: an office on a real database, what a command says, how it refuses."""

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from bot.cli import acting
from bot.core.errors import TiepDanError
from bot.settings import Settings
from bot.settings import load as load_settings
from tests.browser.fakes import SettableClock
from tests.databases import sqlite_store
from tests.integration.desk_client import ANSWER, Office, log_people, open_office

ME = getpass.getuser()


def use_office(folder: Path, clock: SettableClock, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Have the command line work on a data folder, by a clock."""
    settings = load_settings(env_file=None, data_dir=folder)
    monkeypatch.setattr(acting, "load", lambda: settings)
    monkeypatch.setattr(acting, "SystemClock", lambda: clock)
    return settings


@contextmanager
def opened_office(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    """Open a new office, with its people in the log, on which the command line works."""
    store = sqlite_store(folder)
    made = open_office(store)
    log_people(made)
    settings = use_office(folder, made.clock, monkeypatch)
    assert (str(store.engine.url.database), settings.keys_dir) == (settings.database_url[10:], folder / "keys")
    yield made
    store.close()


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    with opened_office(tmp_path, monkeypatch) as office:
        yield office


def call(app: Any, *arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


def said(app: Any, *arguments: str) -> str:
    done = call(app, *arguments)
    assert done.exit_code == 0, (done.output, done.exception)
    return done.output


def refused(app: Any, *arguments: str) -> str:
    """Return the one line that the command line ends with."""
    done = call(app, *arguments)
    assert isinstance(done.exception, TiepDanError), (done.output, done.exception)
    assert "\n" not in str(done.exception)
    return str(done.exception)


def number(office: Office, case_id: str) -> str:
    return office.case(case_id).number


def answer_options() -> list[str]:
    return [part for name, value in ANSWER.items() for part in (f"--{name}", value)]
