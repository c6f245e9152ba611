"""The running stack: the service and Rasa under one supervisor, for good (`tiepdan run`) or privately for a while."""

import asyncio
import contextlib
import errno
import fcntl
import os
import shutil
import signal
import socket
import sys
import tempfile
from collections.abc import AsyncIterator, Coroutine, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import AnyHttpUrl

from bot.core.errors import ConfigurationError
from bot.first_administrator import first_administrator
from bot.preparation import child_environment, preparation
from bot.processes import EXIT_CONFIGURATION, Child, http_health
from bot.settings import PROJECT_ROOT, Settings, variable_name
from bot.steps import Report, Step, StepFailed, run_steps, say_on_stderr
from bot.supervisor import Supervisor
from bot.tokens import with_tokens


@dataclass(frozen=True)
class PrivateStack:
    """A stack of one's own: its address, the token of its evaluation routes, its settings, its process groups."""

    base_url: str
    evaluation_token: str
    settings: Settings
    process_groups: Mapping[str, int]


# A turn's products of vectors take microseconds on one core. Given more, the libraries keep their idle threads
# spinning on the cores where other turns want to run: it doubled the processor time of a turn (docs/performance.md).
_ONE_THREAD_EACH = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


def service_child(settings: Settings) -> Child:
    """Return the service's process. `settings` has its tokens."""
    return Child(
        "service",
        (sys.executable, "-m", "bot.main"),
        settings.logs_dir / "service.log",
        health=http_health(f"{settings.base_url}/healthz"),
        env=_ONE_THREAD_EACH | child_environment(settings),
        cwd=PROJECT_ROOT,
    )


def rasa_child(settings: Settings) -> Child:
    """Return Rasa's process. Tokens travel in its environment, which other users of the machine cannot see."""
    token = settings.rasa_token.get_secret_value() if settings.rasa_token else ""
    return Child(
        "rasa",
        (
            str(PROJECT_ROOT / ".venv-rasa" / "bin" / "python"),
            str(PROJECT_ROOT / "nlu" / "serve.py"),
            "--model",
            str(settings.rasa_dir),
            "--port",
            str(settings.rasa_port),
        ),
        settings.logs_dir / "rasa.log",
        health=http_health(f"http://127.0.0.1:{settings.rasa_port}/status?token={token}"),
        env=child_environment(settings) | {"TIEPDAN_ACTION_URL": f"{settings.base_url}/webhook"},
        cwd=PROJECT_ROOT,
    )


async def run_stack(settings: Settings, steps: Sequence[Step], report: Report) -> None:
    """Prepare, start both processes, say the address, keep them running until cancelled.

    Raises ConfigurationError or StepFailed, each with one line that says what to do.
    """
    with only_one(settings.data_dir):
        settings = with_tokens(settings)
        check_ports(settings)
        await run_steps(steps, report)
        report("khởi động dịch vụ và Rasa …")
        async with Supervisor([service_child(settings), rasa_child(settings)], report) as supervisor:
            await supervisor.until_healthy()
            report(f"\n    Tiếp Dân đã sẵn sàng: {settings.base_url}\n")
            for line in await asyncio.to_thread(first_administrator, settings):
                report(f"    {line}")
            report(f"    (Ctrl-C để dừng cả hai; nhật ký ở {settings.logs_dir})\n")
            try:
                await supervisor.watch()
            except asyncio.CancelledError:
                report("đang dừng …")
                raise


@contextlib.asynccontextmanager
async def private_stack(settings: Settings, report: Report = say_on_stderr) -> AsyncIterator[PrivateStack]:
    """Run a stack on free ports with a temporary database, keys and tokens, and stop it again.

    The models are those of `settings.models_dir`, made first if they are missing. Evaluation routes are on.
    Raises as `run_stack` does.
    """
    await run_steps(preparation(settings), report)
    with tempfile.TemporaryDirectory(prefix="tiepdan-") as folder:
        private = private_settings(settings, Path(folder))
        children = [service_child(private), rasa_child(private)]
        async with (
            _logs_kept_on_failure(private.logs_dir, settings.logs_dir / "private"),
            Supervisor(children, report) as supervisor,
        ):
            await supervisor.until_healthy()
            token = private.evaluation_token.get_secret_value() if private.evaluation_token else ""
            groups = supervisor.process_groups()
            yield PrivateStack(private.base_url, token, private, groups)


@contextlib.asynccontextmanager
async def _logs_kept_on_failure(logs: Path, kept: Path) -> AsyncIterator[None]:
    """Copy the logs out of a folder that is about to go when a child could not be kept running."""
    try:
        yield
    except ConfigurationError as error:
        shutil.copytree(logs, kept, dirs_exist_ok=True)
        raise ConfigurationError(str(error).replace(str(logs), str(kept))) from None


def private_settings(settings: Settings, folder: Path) -> Settings:
    """Return the settings with new data in `folder`, free loopback ports, new tokens and evaluation on."""
    port, rasa_port = free_ports(2)
    changes = {
        "data_dir": folder,
        "database_url": f"sqlite:///{folder}/tiepdan.db",
        "host": "127.0.0.1",
        "port": port,
        "rasa_port": rasa_port,
        "rasa_url": AnyHttpUrl(f"http://127.0.0.1:{rasa_port}"),
        "rasa_token": None,
        "action_token": None,
        "evaluation": True,
        "evaluation_token": None,
    }
    return with_tokens(settings.model_copy(update=changes))


def run_until_signal(work: Coroutine[Any, Any, None], report: Report) -> int:
    """Run `work` to its end or until SIGINT or SIGTERM, and return the exit code of the process.

    0 after the work or a signal; 78 for ConfigurationError and 1 for StepFailed, whose line is reported.
    """

    async def main() -> None:
        task = asyncio.ensure_future(work)
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, _cancel_once(task))
        with contextlib.suppress(asyncio.CancelledError):
            await task

    try:
        asyncio.run(main())
    except ConfigurationError as error:
        report(f"tiepdan: {error}")
        return EXIT_CONFIGURATION
    except StepFailed as error:
        report(f"tiepdan: {error}")
        return 1
    return 0


def check_ports(settings: Settings) -> None:
    """Raise ConfigurationError when a port that the stack needs cannot be had."""
    needed = (("port", settings.host, settings.port), ("rasa_port", "127.0.0.1", settings.rasa_port))
    if settings.port == settings.rasa_port:
        raise ConfigurationError(f"TIEPDAN_PORT and TIEPDAN_RASA_PORT are both {settings.port}; change one")
    for name, host, port in needed:
        try:
            family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
            with socket.socket(family, socket.SOCK_STREAM) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                reason = f"port {port} is in use: stop the program that has it, or set {variable_name([name])}"
            else:
                reason = (
                    f"cannot listen on {host}:{port} ({error.strerror}): set TIEPDAN_HOST or {variable_name([name])}"
                )
            raise ConfigurationError(reason) from None


def free_ports(count: int) -> list[int]:
    """Return different loopback ports that are free now."""
    with contextlib.ExitStack() as held:
        probes = [held.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [int(probe.getsockname()[1]) for probe in probes]


@contextlib.contextmanager
def only_one(data_dir: Path) -> Iterator[None]:
    """Hold the data folder for one running stack. Raises ConfigurationError when another has it."""
    data_dir.mkdir(parents=True, exist_ok=True)
    with (data_dir / "run.lock").open("a+", encoding="ascii") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise ConfigurationError(
                f"Tiếp Dân is already running on {data_dir} (process {file.read().strip() or '?'}); stop it first"
            ) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def _cancel_once(task: "asyncio.Future[None]") -> Any:
    """Return a signal handler: the first signal cancels; later ones must not break the clean stop."""
    cancelled = False

    def handler() -> None:
        nonlocal cancelled
        if not cancelled:
            cancelled = True
            task.cancel()

    return handler
