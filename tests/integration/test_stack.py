"""Starting and stopping the stack: ports, the lock of the data folder, signals, exit codes."""

import asyncio
import os
import signal
import socket
import sys
from pathlib import Path

import pytest

from bot.core.errors import ConfigurationError
from bot.settings import Settings, load
from bot.stack import check_ports, free_ports, only_one, private_settings, rasa_child, service_child
from bot.tokens import with_tokens

PARENT = """
import sys
from pathlib import Path
from bot.core.errors import ConfigurationError
from bot.processes import Child
from bot.stack import run_until_signal
from bot.supervisor import Patience, Supervisor

def is_up(folder):
    async def health():
        return (folder / "up").exists()
    return health

async def work():
    children = []
    for name, code in zip(("polite", "stubborn"), sys.argv[2:]):
        folder = Path(sys.argv[1]) / name
        folder.mkdir()
        children.append(Child(name, (sys.executable, "-c", code), folder / "log", is_up(folder), cwd=folder))
    async with Supervisor(children, print, Patience(stop=1, first_poll=0.05)) as supervisor:
        await supervisor.until_healthy()
        print("ready", flush=True)
        await supervisor.watch()

sys.exit(run_until_signal(work(), lambda line: print(line, file=sys.stderr)))
"""
SLEEP = "import time; open('up', 'w'); time.sleep(600)"
STUBBORN = "import signal, time; signal.signal(15, signal.SIG_IGN); open('up', 'w'); time.sleep(600)"


def settings_in(folder: Path) -> Settings:
    port, rasa_port = free_ports(2)
    return load(None, data_dir=folder, port=port, rasa_port=rasa_port)


async def start_parent(folder: Path, *codes: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        PARENT,
        str(folder),
        *codes,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


@pytest.mark.timeout(60)  # and not the ten minutes that the children would take
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_signal_stops_both_children_and_exits_with_0(tmp_path: Path, number: signal.Signals) -> None:
    parent = await start_parent(tmp_path, SLEEP, STUBBORN)
    assert parent.stdout
    assert await parent.stdout.readline() == b"ready\n"
    parent.send_signal(number)
    await asyncio.sleep(0.2)
    parent.send_signal(number)  # an impatient second one must not break the clean stop
    assert await parent.wait() == 0


async def test_configuration_error_of_a_child_is_one_line_and_exit_code_78(tmp_path: Path) -> None:
    code = "import sys; sys.stderr.write('the index is corrupt: run tiepdan index build\\n'); sys.exit(78)"
    parent = await start_parent(tmp_path, SLEEP, code)
    _, errors = await parent.communicate()
    assert parent.returncode == 78
    assert errors.decode().splitlines() == ["tiepdan: the index is corrupt: run tiepdan index build"]


def test_busy_port_is_one_line_that_names_the_setting(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    check_ports(settings)
    with socket.socket() as other:
        other.bind(("127.0.0.1", settings.rasa_port))
        other.listen()
        with pytest.raises(ConfigurationError, match=f"port {settings.rasa_port} is in use.*TIEPDAN_RASA_PORT"):
            check_ports(settings)


def test_address_of_another_machine_is_refused(tmp_path: Path) -> None:
    settings = settings_in(tmp_path).model_copy(update={"host": "192.0.2.1"})
    with pytest.raises(ConfigurationError, match=r"cannot listen on 192\.0\.2\.1"):
        check_ports(settings)


def test_data_folder_serves_one_stack_at_a_time(tmp_path: Path) -> None:
    with only_one(tmp_path), pytest.raises(ConfigurationError, match=f"process {os.getpid()}"), only_one(tmp_path):
        pass
    with only_one(tmp_path):
        pass


def test_private_stack_shares_models_and_nothing_else(tmp_path: Path) -> None:
    settings = with_tokens(settings_in(tmp_path / "own"))
    private = private_settings(settings, tmp_path / "private")
    assert private.index_dir == settings.index_dir
    assert private.rasa_dir == settings.rasa_dir
    assert str(tmp_path / "private") in private.database_url
    assert private.keys_dir == tmp_path / "private" / "keys"
    assert private.evaluation
    assert private.evaluation_token
    assert private.rasa_token != settings.rasa_token
    assert len({settings.port, settings.rasa_port, private.port, private.rasa_port}) == 4


def test_tokens_do_not_show_in_the_list_of_processes(tmp_path: Path) -> None:
    settings = with_tokens(settings_in(tmp_path))
    secrets = {token.get_secret_value() for token in (settings.rasa_token, settings.action_token) if token}
    assert len(secrets) == 2
    for child in (service_child(settings), rasa_child(settings)):
        assert not any(secret in argument for secret in secrets for argument in child.argv)
        assert secrets <= set(child.env.values())
