"""The local backend as a process of its own, and the commands that speak to it."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from starlette.types import ASGIApp

from actions.backends.client import HttpBackend, HttpBackendSettings
from actions.backends.secret_file import read_or_make_secrets, read_secrets
from bot.core.backend.signing import MemoryNonces, Verifier
from bot.core.clock import SystemClock
from bot.core.errors import ConfigurationError
from bot.store import KeyRing, Store
from channels.backend_events import backend_events_router
from tests.contracts.backends import BROKEN, KEY
from tests.contracts.test_complaint_backend import case
from tests.integration.delivery_steps import SetClock, counts, file_case, runner
from tests.integration.delivery_steps import case as stored_case

A = "a" * 32


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def environment(folder: Path) -> dict[str, str]:
    return {**os.environ, "TIEPDAN_DATA_DIR": str(folder)}


def tiepdan(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bot.cli", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment(folder), timeout=60)


@contextmanager
def backend_process(folder: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """Run `tiepdan backend run` until the block ends."""
    with (folder / f"backend-{port}.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot.cli", "backend", "run", "--port", str(port)],
            env=environment(folder),
            stdout=log,
            stderr=log,
        )
    try:
        wait_for(f"http://127.0.0.1:{port}/healthz")
        yield process
    finally:
        process.kill()
        process.wait()


def wait_for(url: str) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with suppress(httpx.HTTPError):
            if httpx.get(url, trust_env=False).status_code == 200:
                return
        time.sleep(0.1)
    raise AssertionError(f"{url} does not answer")


@contextmanager
def served(app: ASGIApp) -> Iterator[str]:
    """Serve an application on a thread of this process and give its address."""
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_config=None, lifespan="off"))
    thread = threading.Thread(target=server.run)
    thread.start()
    deadline = time.monotonic() + 10
    while not server.started:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()


def client(folder: Path, port: int) -> HttpBackend:
    key = next(iter(read_secrets(folder / "backend" / "secrets").values()))
    return HttpBackend(HttpBackendSettings(f"http://127.0.0.1:{port}", key), SystemClock())


def test_verify_passes_on_the_running_backend_and_names_every_clause(tmp_path: Path) -> None:
    port = free_port()
    with backend_process(tmp_path, port):
        shown = tiepdan(tmp_path, "backend", "verify", f"http://127.0.0.1:{port}")
        as_json = tiepdan(tmp_path, "backend", "verify", f"http://127.0.0.1:{port}", "--json")
    assert shown.returncode == 0, shown.stdout
    lines = shown.stdout.splitlines()
    assert len(lines) >= 20
    assert all(line.startswith("✓") for line in lines[:-1])
    assert lines[0].startswith("✓  1. filing:")
    told = json.loads(as_json.stdout)
    clauses = told["clauses"]
    assert told["stopped"] is False
    assert all(clause["passed"] for clause in clauses)
    assert len(clauses) == len(lines) - 1
    log = (tmp_path / f"backend-{port}.log").read_text()
    assert "signature-wrong" in log
    assert "phiếu thử" not in log


@pytest.mark.parametrize("name", ["racing", "unlimited"])
def test_verify_fails_with_the_clauses_that_a_broken_backend_breaks(name: str, tmp_path: Path) -> None:
    make, broken = BROKEN[name]
    secrets = tmp_path / "secrets"
    secrets.write_text(f"{KEY.id} {KEY.secret}\n", "utf-8")
    secrets.chmod(0o600)
    with served(make(tmp_path)) as url:
        shown = tiepdan(tmp_path, "backend", "verify", url, "--secret-file", str(secrets))
    assert shown.returncode == 1
    assert {line.split()[2].rstrip(":") for line in shown.stdout.splitlines() if line.startswith("✗")} == broken
    assert all(f"({clause})" in shown.stdout.splitlines()[-1] for clause in broken)


def test_verify_of_a_backend_that_is_not_there_fails(tmp_path: Path) -> None:
    read_or_make_secrets(tmp_path / "backend" / "secrets")
    shown = tiepdan(tmp_path, "backend", "verify", f"http://127.0.0.1:{free_port()}")
    assert shown.returncode == 1
    assert "ConnectError" in shown.stdout
    assert shown.stdout.count("✗") == 1
    assert "không kết nối được" in shown.stdout.splitlines()[-1]


def test_verify_with_a_wrong_secret_stops_and_says_so(tmp_path: Path) -> None:
    secrets = tmp_path / "secrets"
    secrets.write_text(f"{KEY.id} {KEY.secret}-khac\n", "utf-8")
    secrets.chmod(0o600)
    make, _ = BROKEN["racing"]
    with served(make(tmp_path)) as url:
        shown = tiepdan(tmp_path, "backend", "verify", url, "--secret-file", str(secrets))
        as_json = tiepdan(tmp_path, "backend", "verify", url, "--secret-file", str(secrets), "--json")
    assert shown.returncode == as_json.returncode == 1
    assert sum(line.startswith("✗") for line in shown.stdout.splitlines()) == 1
    assert shown.stdout.splitlines()[-1].startswith("dừng ở điều khoản 1 (filing)")
    assert "bí mật không khớp" in shown.stdout.splitlines()[-1]
    told = json.loads(as_json.stdout)
    assert (told["stopped"], len(told["clauses"])) == (True, 1)


async def test_receipts_and_nonces_outlive_a_killed_backend(tmp_path: Path) -> None:
    port = free_port()
    with backend_process(tmp_path, port) as process:
        backend = client(tmp_path, port)
        receipt = await backend.file(case(A), A)
        process.send_signal(signal.SIGKILL)
    with backend_process(tmp_path, port):
        assert await backend.find(A) == receipt
        assert await backend.file(case(A), A) == receipt
    await backend.aclose()


async def test_two_servers_on_one_database_file_one_case_once(tmp_path: Path) -> None:
    ports = free_port(), free_port()
    with backend_process(tmp_path, ports[0]), backend_process(tmp_path, ports[1]):
        backends = [client(tmp_path, port) for port in ports]
        receipts = await asyncio.gather(*(backends[n % 2].file(case(A), A) for n in range(16)))
        for backend in backends:
            await backend.aclose()
    assert len(set(receipts)) == 1


async def test_a_state_set_by_hand_is_asked_for_or_pushed(tmp_path: Path, store: Store) -> None:
    port = free_port()
    await asyncio.to_thread(file_case, store, A)
    with backend_process(tmp_path, port):
        backend = client(tmp_path, port)
        await runner(store, backend, SetClock()).run_once()
        reference = stored_case(store, A).backend_reference
        assert counts(store) == {"delivered": 1}
        assert reference
        shown = await asyncio.to_thread(tiepdan, tmp_path, "backend", "set-state", reference, "chờ họp")
        assert shown.returncode == 0, shown.stderr
        assert (await backend.state(reference))["state"] == "chờ họp"
        await backend.aclose()
    app = FastAPI()
    secrets = read_secrets(tmp_path / "backend" / "secrets")
    app.include_router(backend_events_router(store, Verifier(secrets, MemoryNonces()), SystemClock()))
    with served(app) as url:
        arguments = ("backend", "set-state", reference, "answered", "--text", "Đã trả lời.", "--report-to", url)
        shown = await asyncio.to_thread(tiepdan, tmp_path, *arguments)
    assert shown.stdout.splitlines()[-1] == "đã báo: new", shown.stderr
    assert stored_case(store, A).backend_state == "answered"
    listed = tiepdan(tmp_path, "backend", "list")
    assert reference in listed.stdout
    assert "quát" not in listed.stdout


def test_an_unknown_reference_is_one_line(tmp_path: Path) -> None:
    shown = tiepdan(tmp_path, "backend", "set-state", "TN-0000009", "closed")
    assert (shown.returncode, len(shown.stderr.splitlines())) == (1, 1)


def test_the_outbox_is_shown_with_reasons_and_without_words(tmp_path: Path) -> None:
    keys = KeyRing.load_or_create(tmp_path / "keys")
    store = Store(f"sqlite:///{tmp_path}/tiepdan.db", keys)
    store.migrate()
    number = file_case(store, A)
    file_case(store, "b" * 32)
    with store() as unit:
        row = unit.outbox.claim("w", SystemClock().now(), 60)
        assert row
        unit.outbox.retry(row.id, "không kết nối được hệ thống xử lý", SystemClock().now(), uncertain=True)
        unit.commit()
    store.close()
    shown = tiepdan(tmp_path, "outbox", "status")
    assert shown.returncode == 0, shown.stderr
    assert "đang chờ: 1, đang thử lại: 1, bị từ chối: 0, đã bàn giao: 0" in shown.stdout
    assert f"{number}  vụ việc, đang thử lại, 1 lần" in shown.stdout
    assert "không kết nối được hệ thống xử lý" in shown.stdout
    found = json.loads(tiepdan(tmp_path, "outbox", "status", "--json").stdout)
    assert found["counts"] == {"waiting": 1, "retrying": 1, "refused": 0, "delivered": 0}
    assert [(row["number"], row["attempts"], row["uncertain"]) for row in found["stuck"]] == [(number, 1, True)]
    assert found["oldest_seconds"] > 0
    assert "quát" not in shown.stdout


def test_the_contract_is_an_openapi_document(tmp_path: Path) -> None:
    document: dict[str, Any] = json.loads(tiepdan(tmp_path, "backend", "openapi").stdout)
    assert set(document["paths"]) == {
        "/v1/cases",
        "/v1/receipts/{key}",
        "/v1/cases/{reference}",
        "/v1/cases/{reference}/events",
        "/v1/cases/{reference}/attachments/{attachment_id}",
    }
    assert {"200", "201", "401", "409", "413", "422"} <= set(document["paths"]["/v1/cases"]["post"]["responses"])
    assert "x-tiepdan-signature" in document["components"]["securitySchemes"]


@pytest.mark.parametrize(
    ("written", "mode", "said"),
    [
        (b"tiepdan short\n", 0o600, "line 1"),
        (b"\n# none\n", 0o600, "holds no secret"),
        (b"t\xff", 0o600, "cannot be read"),
        (b"tiepdan 0123456789abcdef0123456789abcdef\n", 0o644, "chmod 600"),
    ],
)
def test_an_unusable_secret_file_is_one_line(tmp_path: Path, written: bytes, mode: int, said: str) -> None:
    path = tmp_path / "secrets"
    path.write_bytes(written)
    path.chmod(mode)
    with pytest.raises(ConfigurationError, match=said) as refused:
        read_secrets(path)
    assert "\n" not in str(refused.value)


def test_a_secret_file_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "new" / "secrets"
    first = read_or_make_secrets(path)
    assert read_or_make_secrets(path) == first
    assert path.stat().st_mode & 0o777 == 0o600
    with path.open("a", encoding="utf-8") as file:
        file.write("next 0123456789abcdef0123456789abcdef\n")
    assert list(read_secrets(path)) == [next(iter(first)), "next"]
