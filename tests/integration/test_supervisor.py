"""The supervisor and the steps, with real child processes."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.core.errors import ConfigurationError
from bot.processes import Child, Health, Process, always_healthy, http_health, last_line, rotate
from bot.supervisor import Patience, Supervisor

QUICK = Patience(
    first_poll=0.02,
    poll=0.05,
    answer=0.5,
    start=2.0,
    unhealthy=0.4,
    stop=1.0,
    backoff=(0.05, 0.1, 0.2),
    steady=60,
    first_starts=3,
)
SERVE = """
import http.server, os, sys
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(503 if os.path.exists(sys.argv[2]) else 200)
        self.end_headers()
    def log_message(self, *_): pass
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
"""


def child(folder: Path, code: str, *arguments: str, name: str = "child", health: Health = always_healthy) -> Child:
    return Child(name, (sys.executable, "-c", code, *arguments), folder / f"{name}.log", health=health)


async def until(condition: Callable[[], bool], seconds: float = 10) -> None:
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 -- another process changes it
            await asyncio.sleep(0.02)


def alive(pid: int) -> bool:
    """True while the process runs; a zombie does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


async def test_children_are_healthy_before_it_is_ready_and_gone_afterwards(
    tmp_path: Path, unused_tcp_port: int
) -> None:
    url = f"http://127.0.0.1:{unused_tcp_port}/"
    server = child(
        tmp_path, SERVE, str(unused_tcp_port), str(tmp_path / "ill"), name="server", health=http_health(url)
    )
    async with Supervisor([server, child(tmp_path, "import time; time.sleep(60)")], print, QUICK) as supervisor:
        await supervisor.until_healthy()
        assert await http_health(url)()
        pids = [supervisor.pid("server"), supervisor.pid("child")]
    assert all(pid and not alive(pid) for pid in pids)
    assert not await http_health(url)()


async def test_dead_child_is_started_again_and_reported_in_one_line(tmp_path: Path) -> None:
    lines: list[str] = []
    sleeper = child(tmp_path, "import time; time.sleep(60)")
    async with Supervisor([sleeper], lines.append, QUICK) as supervisor:
        await supervisor.until_healthy()
        first = supervisor.pid("child")
        assert first
        os.kill(first, signal.SIGKILL)
        await until(lambda: supervisor.pid("child") not in (None, first))
        await supervisor.until_healthy()
    assert len(lines) == 1
    assert "child stopped (killed by SIGKILL); starting it again" in lines[0]


async def test_pauses_between_restarts_grow(tmp_path: Path) -> None:
    lines: list[str] = []
    async with Supervisor([child(tmp_path, "import time; time.sleep(0.1)")], lines.append, QUICK) as supervisor:
        await supervisor.until_healthy()
        await until(lambda: len(lines) >= 4)
    assert [line.partition(" in ")[2].partition(" s;")[0] for line in lines[:4]] == ["0.05", "0.1", "0.2", "0.2"]


async def test_child_that_is_alive_but_unhealthy_is_killed_and_started_again(
    tmp_path: Path, unused_tcp_port: int
) -> None:
    ill = tmp_path / "ill"
    lines: list[str] = []
    health = http_health(f"http://127.0.0.1:{unused_tcp_port}/")
    server = child(tmp_path, SERVE, str(unused_tcp_port), str(ill), health=health)
    async with Supervisor([server], lines.append, QUICK) as supervisor:
        await supervisor.until_healthy()
        first = supervisor.pid("child")
        assert first
        ill.touch()
        await until(lambda: bool(lines))
        assert not alive(first)
        assert "no healthy answer for 0.4 s" in lines[0]
        ill.unlink()
        await supervisor.until_healthy()


async def test_child_that_never_answers_health_is_given_up_at_the_first_start(tmp_path: Path) -> None:
    async def never() -> bool:
        await asyncio.sleep(60)
        return True

    patience = Patience(first_poll=0.02, answer=0.05, start=0.2, stop=1, backoff=(0.05,), first_starts=2)
    # A shell: it has spoken before the fifth of a second is over, on a busy machine too.
    silent = Child("child", ("/bin/sh", "-c", "echo loading; exec sleep 60"), tmp_path / "child.log", health=never)
    async with Supervisor([silent], print, patience) as supervisor:
        with pytest.raises(ConfigurationError, match=r"does not start \(no healthy answer for 0.2 s\): loading"):
            await supervisor.until_healthy()


async def test_configuration_error_ends_everything_with_the_childs_last_line(tmp_path: Path) -> None:
    code = "import sys; print('starting'); sys.stdout.flush(); sys.stderr.write('run X\\n'); sys.exit(78)"
    lines: list[str] = []
    other = child(tmp_path, "import time; time.sleep(60)", name="other")

    async def ill() -> bool:
        return False

    async with Supervisor([child(tmp_path, code, health=ill), other], lines.append, QUICK) as supervisor:
        with pytest.raises(ConfigurationError, match=r"^run X$"):
            await supervisor.until_healthy()
        pid = supervisor.pid("other")
    assert lines == []
    assert pid
    assert not alive(pid)


@pytest.mark.timeout(60)  # and not the ten minutes that the child would take
async def test_child_that_ignores_sigterm_is_killed_with_what_it_started(tmp_path: Path) -> None:
    pid_file = tmp_path / "grandchild"
    code = """
import os, signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
grandchild = os.fork()
if grandchild:
    open(sys.argv[1] + ".new", "w").write(str(grandchild))
    os.rename(sys.argv[1] + ".new", sys.argv[1])
time.sleep(600)
"""
    async with Supervisor([child(tmp_path, code, str(pid_file))], print, QUICK) as supervisor:
        await until(pid_file.exists)
        grandchild = int(pid_file.read_text())
        pid = supervisor.pid("child")
        assert alive(grandchild)
        began = time.monotonic()
    assert time.monotonic() - began >= QUICK.stop
    assert pid
    assert not alive(pid)
    await until(lambda: not alive(grandchild))


async def test_children_die_with_a_killed_parent(tmp_path: Path) -> None:
    code = f"""
import asyncio, pathlib
from bot.processes import Child, Process
async def main():
    process = await Process.start(Child("x", ({sys.executable!r}, "-c", "import time; time.sleep(60)"),
                                        pathlib.Path({str(tmp_path / "x.log")!r})))
    await asyncio.sleep(0.5)
    print(process.pid, flush=True)
    await process.wait()
asyncio.run(main())
"""
    parent = await asyncio.create_subprocess_exec(sys.executable, "-c", code, stdout=asyncio.subprocess.PIPE)
    assert parent.stdout
    orphan = int(await parent.stdout.readline())
    assert alive(orphan)
    parent.kill()
    await parent.wait()
    await until(lambda: not alive(orphan))


async def test_command_that_does_not_exist_says_so(tmp_path: Path) -> None:
    process = await Process.start(Child("x", ("/no/such/command",), tmp_path / "x.log"))
    assert await process.wait() == 1
    assert process.last_line().startswith("/no/such/command: ")


def test_logs_rotate_and_the_oldest_goes(tmp_path: Path) -> None:
    log = tmp_path / "a.log"
    for number in range(6):
        log.write_text(f"run {number}\n\n", "utf-8")
        rotate(log)
    assert not log.exists()
    assert [last_line(tmp_path / f"a.log.{n}") for n in (1, 2, 3, 4)] == ["run 5", "run 4", "run 3", ""]
