"""Makes both environments, `.venv` and `.venv-rasa`, from their lock files. Standard library only.

Run by `make setup` with the system's CPython 3.11. A stamp inside each environment holds the hash of its lock file,
the Python version and the place, so that a second call does nothing. An environment whose set-up was cut short is
made anew; why there are two of them is in docs/adr/0001-two-environments-on-3.11.md.
"""

import fcntl
import hashlib
import json
import os
import platform
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PYTHON_VERSION = (3, 11)
STAMP = "tiepdan-setup.json"
STARTED = "tiepdan-setup.started"
PROGRESS_SECONDS = 15.0
NETWORK_SIGNS = (
    "ReadTimeoutError",
    "ConnectTimeoutError",
    "Connection broken",
    "Connection reset",
    "Connection aborted",
    "IncompleteRead",
    "NewConnectionError",
    "ProtocolError",
    "RemoteDisconnected",
    "Temporary failure in name resolution",
    "Read timed out",
    "503 Server Error",
    "502 Server Error",
)


class SetupFailed(Exception):
    """An environment could not be made; the message says why and where the log is."""


@dataclass(frozen=True)
class Environment:
    """One virtual environment: its folder, its lock, the pip calls that fill it and the one that adds the project."""

    title: str
    folder: str
    lock: str
    pip_calls: tuple[tuple[str, ...], ...]
    project_call: tuple[str, ...] = ()


SERVICE = Environment(
    "service",
    ".venv",
    "requirements.lock",
    (
        # On its own and first: a CPU wheel is found where one is configured, and nothing later replaces it.
        ("install", "--constraint", "requirements.lock", "torch==2.13.0"),
        ("install", "--requirement", "requirements.lock"),
    ),
    ("install", "--no-deps", "--no-build-isolation", "--editable", "."),
)
RASA = Environment(
    "rasa",
    ".venv-rasa",
    "nlu/requirements.lock",
    (("install", "--no-deps", "--ignore-requires-python", "--requirement", "nlu/requirements.lock"),),
)


class Progress:
    """One line per event on standard error, with the seconds since the start; safe from several threads."""

    def __init__(self) -> None:
        self._started = time.monotonic()
        self._lock = threading.Lock()

    def say(self, text: str) -> None:
        """Print one line at once."""
        with self._lock:
            print(f"[setup {time.monotonic() - self._started:4.0f} s] {text}", file=sys.stderr, flush=True)


def stamp_of(root: Path, environment: Environment) -> dict[str, str]:
    """Return what the environment must be made of: another value means that it has to be made again."""
    recipe = (root / environment.lock).read_bytes() + repr((environment.pip_calls, environment.project_call)).encode()
    if environment is SERVICE:
        recipe += (root / "pyproject.toml").read_bytes().partition(b"[tool.ruff]")[0]
    return {
        "recipe": hashlib.sha256(recipe).hexdigest(),
        # A security release of 3.11 keeps its environments working.
        "python": "{}.{}".format(*sys.version_info),
        # Scripts in an environment hold its absolute path, so a moved checkout needs a new one.
        "place": str((root / environment.folder).absolute()),
    }


def is_ready(root: Path, environment: Environment) -> bool:
    """True when the environment was made to the end from the present lock file, in this place."""
    folder = root / environment.folder
    try:
        stamp = json.loads((folder / STAMP).read_text("utf-8"))
    except (OSError, ValueError):
        return False
    whole = (folder / "bin" / "python").exists() and not (folder / STARTED).exists()
    return whole and bool(stamp == stamp_of(root, environment))


class Builder:
    """Makes one environment. `lock_file` is the set-up lock's descriptor; pip holds it for as long as it runs."""

    def __init__(self, root: Path, environment: Environment, progress: Progress, lock_file: int) -> None:
        self._root = root
        self._environment = environment
        self._folder = root / environment.folder
        self._log = root / "var" / "logs" / f"setup-{environment.title}.log"
        self._progress = progress
        self._lock_file = lock_file
        self._process: subprocess.Popen[bytes] | None = None
        self._stopped = False

    def make(self) -> None:
        """Make or finish the environment. Raises SetupFailed."""
        started = time.monotonic()
        stamp = stamp_of(self._root, self._environment)
        if self._folder.exists() and not self._can_be_updated(stamp):
            self._say(f"removing an unusable or half-made {self._environment.folder}")
            shutil.rmtree(self._folder)
        self._folder.mkdir(exist_ok=True)
        (self._folder / STARTED).touch()
        self._log.parent.mkdir(parents=True, exist_ok=True)
        self._log.write_text("", "utf-8")
        if not (self._folder / "bin" / "pip").exists():
            self._run([sys.executable, "-m", "venv", str(self._folder)], "creating the environment")
        for call in self._environment.pip_calls:
            self._pip(call)
        # The packages are whole from here on: what follows can be repeated without making everything anew.
        self._write_stamp(stamp | {"recipe": "without the project"})
        (self._folder / STARTED).unlink()
        if self._environment.project_call:
            self._pip(self._environment.project_call)
        else:  # Rasa loads the components of nlu/pipeline from the checkout
            site_packages = next((self._folder / "lib").glob("python*/site-packages"))
            (site_packages / "tiepdan.pth").write_text(f"{self._root}\n", "utf-8")
        self._write_stamp(stamp)
        self._say(f"ready after {time.monotonic() - started:.0f} s")

    def stop(self) -> None:
        """End the command that runs now, and start no other."""
        self._stopped = True
        if self._process is not None:
            self._process.kill()

    def _say(self, text: str) -> None:
        self._progress.say(f"{self._environment.title}: {text}")

    def _write_stamp(self, stamp: dict[str, str]) -> None:
        (self._folder / STAMP).write_text(json.dumps(stamp, indent=1), "utf-8")

    def _can_be_updated(self, stamp: dict[str, str]) -> bool:
        """True when pip may work on what is there; False when it must be made from nothing."""
        if (self._folder / STARTED).exists():  # a package may lie there in halves, which pip would take for whole
            return False
        try:
            old = json.loads((self._folder / STAMP).read_text("utf-8"))
        except (OSError, ValueError):
            return False
        same = all(old.get(key) == stamp[key] for key in ("python", "place"))
        return same and (self._folder / "bin" / "python").exists()

    def _pip(self, call: Sequence[str]) -> None:
        self._run([str(self._folder / "bin" / "python"), "-m", "pip", *call], f"pip {' '.join(call)}")

    def _run(self, argv: Sequence[str], title: str) -> None:
        """Run one command with its output in the log; once more if the network failed."""
        for attempt in (1, 2):
            self._say(title)
            code, output = self._logged(argv)
            if code == 0:
                return
            if attempt == 2 or self._stopped or not any(sign in output for sign in NETWORK_SIGNS):
                break
            self._say("the network failed, trying once more")
        lines = [line for line in output.splitlines() if "is ignored: it is either" not in line]
        tail = "\n".join(f"    {line}" for line in lines[-12:])
        raise SetupFailed(
            f"{self._environment.title}: {title} failed (exit {code}); all of it is in {self._log}:\n{tail}"
        )

    def _logged(self, argv: Sequence[str]) -> tuple[int, str]:
        """Return the exit code and the output, which also goes to the log."""
        if self._stopped:
            return 130, "stopped"
        with self._log.open("a", encoding="utf-8") as sink:
            sink.write(f"$ {' '.join(argv)}\n")
            sink.flush()
            begin = self._log.stat().st_size
            self._process = subprocess.Popen(  # noqa: S603 -- our own fixed commands
                argv,
                cwd=self._root,
                stdout=sink,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                env=_pip_environment(),
                pass_fds=(self._lock_file,),
            )
            while True:
                try:
                    code = self._process.wait(PROGRESS_SECONDS)
                    break
                except subprocess.TimeoutExpired:
                    self._say(f"still at it ({_last_line(self._log)})")
        with self._log.open("rb") as source:
            source.seek(begin)
            return code, source.read().decode("utf-8", "replace")


def _pip_environment() -> dict[str, str]:
    """Return the environment for pip: the caller's, without what would lead it into another Python."""
    dropped = ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "__PYVENV_LAUNCHER__")
    kept = {name: value for name, value in os.environ.items() if name not in dropped}
    return kept | {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1", "PIP_PROGRESS_BAR": "off"}


def _last_line(log: Path) -> str:
    """Return what pip is doing, shortened; its warnings are passed over."""
    doing = ("Collecting", "Downloading", "Processing", "Using cached", "Installing", "Building", "Preparing")
    lines = log.read_text("utf-8", errors="replace")[-20_000:].splitlines()
    return next((line.strip()[:60] for line in reversed(lines) if line.lstrip().startswith(doing)), "starting")


@contextmanager
def _one_at_a_time(root: Path, progress: Progress) -> Iterator[int]:
    """Hold the set-up lock, so that `make run` and `make test` started together do not build over each other."""
    (root / "var").mkdir(exist_ok=True)
    with (root / "var" / "setup.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            progress.say("another set-up is running here: waiting for it")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield file.fileno()


def set_up(root: Path, environments: Sequence[Environment] = (SERVICE, RASA)) -> int:
    """Bring every environment up to date, side by side; return the exit code."""
    progress = Progress()
    if all(is_ready(root, environment) for environment in environments):
        return 0
    with _one_at_a_time(root, progress) as lock_file:
        missing = [environment for environment in environments if not is_ready(root, environment)]
        builders = [Builder(root, environment, progress, lock_file) for environment in missing]
        with ThreadPoolExecutor(max(1, len(builders))) as pool:
            jobs = [pool.submit(builder.make) for builder in builders]
            try:
                errors = [error for job in jobs if (error := job.exception())]
            except KeyboardInterrupt:
                for builder in builders:
                    builder.stop()
                raise
    for error in errors:
        if not isinstance(error, SetupFailed | OSError):
            raise error
        print(f"make setup: {error}", file=sys.stderr)
    return 1 if errors else 0


def main() -> int:
    """Check the interpreter, then set up the checkout that this file lies in."""
    if sys.version_info[:2] != PYTHON_VERSION or platform.python_implementation() != "CPython":
        print(f"make setup needs CPython 3.11, not {platform.python_version()}: set PYTHON=…", file=sys.stderr)
        return 78
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        print("make setup needs Python's venv: on Debian, apt-get install python3.11-venv", file=sys.stderr)
        return 78
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        return set_up(Path(__file__).resolve().parent.parent)
    except KeyboardInterrupt:
        print("make setup: stopped; the next call finishes it", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
