"""The command line as a whole."""

import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from bot.cli.__main__ import ROOT
from bot.cli.lazy import LazyCommand


def lazy_commands(group: Any = ROOT, path: str = "") -> Iterator[tuple[str, LazyCommand]]:
    for name, command in group.commands.items():
        if isinstance(command, LazyCommand):
            yield f"{path}{name}", command
        else:
            yield from lazy_commands(command, f"{path}{name} ")


COMMANDS = dict(lazy_commands())


def test_table_names_every_promised_command() -> None:
    promised = {"run", "chat", "ask", "catalogue", "keys", "evaluate retrieval", "evaluate routing"}
    assert promised <= set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_command_of_the_table_exists(name: str) -> None:
    command = COMMANDS[name].load()
    assert command.help, f"{name} has no help"


def test_help_imports_no_library_that_is_slow_to_load() -> None:
    code = """
import sys
from bot.cli.__main__ import ROOT
ROOT(["--help"], prog_name="tiepdan", standalone_mode=False)
slow = {"torch", "fastapi", "sqlalchemy", "numpy", "faiss", "httpx"}
print(sorted(slow & set(sys.modules)))
"""
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "catalogue" in shown.stdout
    assert shown.stdout.splitlines()[-1] == "[]"


def test_unknown_command_is_answered_with_the_nearest() -> None:
    shown = subprocess.run([sys.executable, "-m", "bot.cli", "catalog"], capture_output=True, text=True, check=False)
    assert shown.returncode == 2
    assert "catalogue" in shown.stderr


def test_wrong_setting_is_one_line_and_exit_code_78() -> None:
    shown = subprocess.run(
        [sys.executable, "-m", "bot.cli", "prepare"],
        capture_output=True,
        text=True,
        check=False,
        env={"TIEPDAN_PORT": "many", "PATH": "/usr/bin:/bin"},
    )
    assert shown.returncode == 78
    assert len(shown.stderr.splitlines()) == 1
    assert shown.stderr.startswith("tiepdan: TIEPDAN_PORT: ")
