"""The command line as a whole."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from io import StringIO
from typing import Any

import pytest
from rich.console import Console

from bot.cli.__main__ import ROOT
from bot.cli.knowledge_view import show_findings, why
from bot.cli.lazy import LazyCommand
from bot.cli.procedure_view import STATUS
from bot.core.enquiry.findings import Findings, Hit, Zone
from bot.core.phrases import load_phrases
from bot.core.procedures import Facet, Status
from bot.core.routes import Agency, Reason
from knowledge.records import Catalogue


@dataclass(frozen=True)
class Thresholds:
    """The confidences between the zones."""

    answer: float
    refuse: float


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


@pytest.mark.parametrize("name", ["catalogue", "encoder", "index", "keys"])
def test_help_of_a_group_offers_no_shell_completion(name: str) -> None:
    shown = subprocess.run(
        [sys.executable, "-m", "bot.cli", name, "--help"], capture_output=True, text=True, check=True
    )
    assert "Lệnh" in shown.stdout
    assert "completion" not in shown.stdout


def test_empty_question_is_one_line_and_an_error() -> None:
    shown = subprocess.run([sys.executable, "-m", "bot.cli", "ask", " "], capture_output=True, text=True, check=False)
    assert shown.returncode == 2
    assert shown.stderr.splitlines() == [
        "tiepdan: câu hỏi đang trống; ví dụ: tiepdan ask «muon lap hoi o xa can giay to gi»"
    ]


def test_misspelt_variable_is_warned_of_with_the_nearest_setting() -> None:
    shown = subprocess.run(
        [sys.executable, "-m", "bot.cli", "ask", ""],
        capture_output=True,
        text=True,
        check=False,
        env={"TIEPDAN_PROT": "1", "TIEPDAN_SHARED": "x", "TIEPDAN_LOG_LEVEL": "info", "PATH": "/usr/bin:/bin"},
    )
    warning, _error = shown.stderr.splitlines()
    assert warning == "tiepdan: không có cài đặt TIEPDAN_PROT, biến này bị bỏ qua; có phải là TIEPDAN_PORT?"


def test_reading_of_a_question_is_shown_in_vietnamese() -> None:
    catalogue = Catalogue.load()
    today = datetime(2026, 11, 21, tzinfo=UTC)
    hits = tuple(Hit(name, 0.9) for name in ("NV025", "NVA014"))
    found = {hit.procedure_id: catalogue.procedure(hit.procedure_id, today.date()) for hit in hits}
    findings = Findings(
        hits, Facet.GENERAL, True, Zone.REFUSE, True, 0.2, reason=Reason.OTHER_AGENCY, agency=Agency.CONG_AN
    )
    console = Console(record=True, width=250, file=StringIO())
    show_findings(findings, found, Thresholds(0.5, 0.1), load_phrases(), console)
    shown = console.export_text()
    for words in (
        "cấp xã, đang có hiệu lực",
        "đã bãi bỏ",
        "chung về thủ tục",
        "nói thật là chưa biết",
        "cơ quan công an",
    ):
        assert words in shown
    assert not [name for name in ("in_force", "repealed", "general", "refuse", "cong_an") if name in shown]
    assert set(STATUS) == set(Status)
    assert all(why(replace(findings, reason=reason), Thresholds(0.5, 0.1)) for reason in Reason)


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
