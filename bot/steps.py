"""Preparation in visible steps: what is missing is made, independent steps side by side, with times."""

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.core.errors import ConfigurationError, TiepDanError
from bot.processes import EXIT_CONFIGURATION, Child, Process, rotate

PROGRESS_SECONDS = 15.0
STOP_SECONDS = 5.0

Report = Callable[[str], None]


def say_on_stderr(text: str) -> None:
    """Report one line on standard error; standard output is for results."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


class StepFailed(TiepDanError):
    """A step of the preparation failed; the message says which, why and where its log is."""


@dataclass(frozen=True)
class Step:
    """One piece of the preparation.

    `done` is asked in a thread just before `run`: True passes over the step. `after` names the steps that come first.
    """

    name: str
    run: Callable[[], Awaitable[None]]
    done: Callable[[], bool] | None = None
    after: tuple[str, ...] = ()


async def run_steps(steps: Sequence[Step], report: Report, progress_seconds: float = PROGRESS_SECONDS) -> None:
    """Run every step that is not done, each as soon as those before it are; a failure cancels the others.

    Raises what the first failing step raised, and ConfigurationError when `after` names no step.
    """
    names = {step.name for step in steps}
    for step in steps:
        if unknown := set(step.after) - names:
            raise ConfigurationError(f"step {step.name} comes after {', '.join(sorted(unknown))}, which is no step")
    finished = {step.name: asyncio.Event() for step in steps}
    started = time.monotonic()

    def say(text: str) -> None:
        report(f"[{time.monotonic() - started:4.0f} s] {text}")

    async def one(step: Step) -> None:
        for name in step.after:
            await finished[name].wait()
        if step.done is not None and await asyncio.to_thread(step.done):
            say(f"{step.name}: đã có sẵn")
        else:
            await _run_visibly(step, say, progress_seconds)
        finished[step.name].set()

    try:
        async with asyncio.TaskGroup() as group:
            for step in steps:
                group.create_task(one(step))
    except BaseExceptionGroup as failures:
        raise failures.exceptions[0] from None


async def _run_visibly(step: Step, say: Report, progress_seconds: float) -> None:
    """Run one step and say that it began, that it is still running, and how long it took."""
    say(f"{step.name} …")
    began = time.monotonic()
    task = asyncio.ensure_future(step.run())
    try:
        while not (await asyncio.wait({task}, timeout=progress_seconds))[0]:
            say(f"{step.name}: đang làm")
        await task
    finally:
        if not task.done():
            task.cancel()
            await asyncio.wait({task})
    say(f"{step.name}: xong sau {time.monotonic() - began:.1f} s")


def in_thread(function: Callable[[], object]) -> Callable[[], Awaitable[None]]:
    """Return a step's `run` for a short blocking function; it cannot be interrupted."""

    async def run() -> None:
        await asyncio.to_thread(function)

    return run


def command(
    name: str, argv: Sequence[str], log: Path, env: Mapping[str, str], cwd: Path | None = None
) -> Callable[[], Awaitable[None]]:
    """Return a step's `run` for a command, so that its memory is free again afterwards and Ctrl-C ends it.

    The log of the run before is kept beside it.
    It raises ConfigurationError with the last line of output for exit code 78, StepFailed for any other but 0.
    """

    async def run() -> None:
        rotate(log)
        process = await Process.start(Child(name, tuple(argv), log, env=env, cwd=cwd))
        try:
            code = await process.wait()
        finally:
            await process.stop(STOP_SECONDS)
        if code == EXIT_CONFIGURATION:
            raise ConfigurationError(process.last_line() or f"{name} cannot start; see {log}")
        if code != 0:
            raise StepFailed(f"{name} failed (exit {code}): {process.last_line()} (all of it is in {log})")

    return run
