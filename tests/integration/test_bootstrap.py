"""Making environments: stamps, interruptions, failures. The lock is a tiny one, the rest is real."""

import dataclasses
import subprocess
import sys
from pathlib import Path

import pytest

from bot.bootstrap import RASA, SERVICE, STAMP, STARTED, Environment, Progress, is_ready, set_up, stamp_of
from bot.settings import PROJECT_ROOT

TINY = Environment("tiny", ".venv-tiny", "tiny.lock", (("--version",),))


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder, with a space in its name, in which the tiny environment was made."""
    folder = tmp_path_factory.mktemp("my project")
    (folder / "tiny.lock").write_text("", "utf-8")
    assert set_up(folder, [TINY]) == 0
    return folder


def test_made_environment_runs_and_sees_the_project(root: Path) -> None:
    python = root / TINY.folder / "bin" / "python"
    shown = subprocess.run([python, "-c", "import sys; print(sys.path)"], capture_output=True, text=True, check=True)
    assert repr(str(root)) in shown.stdout
    assert is_ready(root, TINY)


def test_second_call_does_nothing(root: Path, capfd: pytest.CaptureFixture[str]) -> None:
    before = (root / TINY.folder / STAMP).stat().st_mtime_ns
    assert set_up(root, [TINY]) == 0
    assert (root / TINY.folder / STAMP).stat().st_mtime_ns == before
    assert capfd.readouterr().err == ""


def test_changed_lock_updates_the_environment_in_place(root: Path) -> None:
    marker = root / TINY.folder / "kept"
    marker.touch()
    (root / TINY.lock).write_text("# changed\n", "utf-8")
    assert not is_ready(root, TINY)
    assert set_up(root, [TINY]) == 0
    assert is_ready(root, TINY)
    assert marker.exists()


def test_interrupted_set_up_is_made_anew(root: Path, capfd: pytest.CaptureFixture[str]) -> None:
    marker = root / TINY.folder / "half a package"
    marker.touch()
    (root / TINY.folder / STARTED).touch()
    assert not is_ready(root, TINY)
    assert set_up(root, [TINY]) == 0
    assert is_ready(root, TINY)
    assert not marker.exists()
    assert "removing an unusable or half-made" in capfd.readouterr().err


def test_failure_shows_the_end_of_the_log_and_where_it_is(root: Path, capfd: pytest.CaptureFixture[str]) -> None:
    broken = dataclasses.replace(TINY, pip_calls=(("install", "--no-index", "no-such-package==1"),))
    assert set_up(root, [broken]) == 1
    said = capfd.readouterr().err
    assert "No matching distribution found for no-such-package==1" in said
    assert str(root / "var" / "logs" / "setup-tiny.log") in said
    assert not is_ready(root, broken)


def test_moved_checkout_needs_new_environments(tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    for folder in (here, there):
        folder.mkdir()
        (folder / "tiny.lock").write_text("", "utf-8")
    assert stamp_of(here, TINY) != stamp_of(there, TINY)


def test_bootstrap_runs_before_anything_is_installed() -> None:
    code = "import sys, bot.bootstrap; print([m for m in sys.modules.values() if 'site-packages' in str(m)])"
    shown = subprocess.run(
        [sys.executable, "-S", "-c", code], cwd=PROJECT_ROOT, capture_output=True, text=True, check=True
    )
    assert shown.stdout.strip() == "[]"


@pytest.mark.parametrize("environment", [SERVICE, RASA])
def test_locks_pin_every_line_and_name_no_address(environment: Environment) -> None:
    text = (PROJECT_ROOT / environment.lock).read_text("utf-8")
    pins = [line for line in text.splitlines() if line and not line.startswith("#")]
    assert len(pins) > 100
    assert all(pin.count("==") == 1 and " " not in pin for pin in pins)
    assert "://" not in text


def test_progress_lines_carry_the_time(capfd: pytest.CaptureFixture[str]) -> None:
    Progress().say("hello")
    assert capfd.readouterr().err == "[setup    0 s] hello\n"
