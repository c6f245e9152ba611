"""The steps of the preparation."""

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from bot.core.errors import ConfigurationError
from bot.steps import Step, StepFailed, command, in_thread, run_steps


def waits(seconds: float, done: list[str], name: str) -> Callable[[], Awaitable[None]]:
    async def run() -> None:
        await asyncio.sleep(seconds)
        done.append(name)

    return run


async def test_independent_steps_run_side_by_side_and_dependent_ones_in_order() -> None:
    done: list[str] = []
    both_begun = asyncio.Barrier(2)

    def meets(name: str) -> Callable[[], Awaitable[None]]:
        async def run() -> None:
            async with asyncio.timeout(30):
                await both_begun.wait()
            done.append(name)

        return run

    steps = [
        Step("index", waits(0.0, done, "index"), after=("encoder",)),
        Step("encoder", meets("encoder")),
        Step("rasa", meets("rasa")),
    ]
    await run_steps(steps, lambda _: None)
    assert done.index("encoder") < done.index("index")
    assert sorted(done) == ["encoder", "index", "rasa"]


async def test_step_that_is_done_is_passed_over_and_times_are_shown() -> None:
    done: list[str] = []
    lines: list[str] = []
    steps = [Step("old", waits(0, done, "old"), done=lambda: True), Step("new", waits(0.25, done, "new"))]
    await run_steps(steps, lines.append, progress_seconds=0.1)
    assert done == ["new"]
    assert any("old: đã có sẵn" in line for line in lines)
    assert any("new: đang làm" in line for line in lines)
    assert any("new: xong sau 0." in line for line in lines)


async def test_failed_command_names_its_last_line_and_stops_the_other_steps(tmp_path: Path) -> None:
    done: list[str] = []
    code = "import sys; print('half way'); sys.exit('out of salt')"
    bad = command("cook", (sys.executable, "-c", code), tmp_path / "cook.log", os.environ)
    with pytest.raises(StepFailed, match=r"cook failed \(exit 1\): out of salt"):
        await run_steps([Step("cook", bad), Step("long", waits(30, done, "long"))], lambda _: None)
    assert done == []


async def test_command_that_ends_with_78_is_a_configuration_error(tmp_path: Path) -> None:
    code = "import sys; sys.stderr.write('set TIEPDAN_X\\n'); sys.exit(78)"
    run = command("cook", (sys.executable, "-c", code), tmp_path / "cook.log", os.environ)
    with pytest.raises(ConfigurationError, match=r"^set TIEPDAN_X$"):
        await run_steps([Step("cook", run)], lambda _: None)


async def test_cancelled_step_ends_its_command(tmp_path: Path) -> None:
    marker = tmp_path / "late"
    code = f"import time, pathlib; time.sleep(1); pathlib.Path({str(marker)!r}).touch()"
    step = Step("slow", command("slow", (sys.executable, "-c", code), tmp_path / "slow.log", os.environ))
    task = asyncio.create_task(run_steps([step], lambda _: None))
    await asyncio.sleep(0.3)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await asyncio.sleep(1)
    assert not marker.exists()


async def test_error_of_a_thread_step_reaches_the_caller_as_it_is() -> None:
    def locked() -> None:
        raise ConfigurationError("the database is locked by process 7; stop it first")

    with pytest.raises(ConfigurationError, match="process 7"):
        await run_steps([Step("database", in_thread(locked))], lambda _: None)


async def test_step_after_one_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="index comes after encoder, which is no step"):
        await run_steps([Step("index", waits(0, [], "index"), after=("encoder",))], lambda _: None)
