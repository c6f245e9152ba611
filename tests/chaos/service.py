"""The service of the crash test: confirmations come in over HTTP, a delivery runner hands them over.

It is the real store, the real filing effect, the real runner and the real client; only the chat around them is left
out. Run as: python -m tests.chaos.service FOLDER PORT BACKEND_URL
"""

import asyncio
import contextlib
import os
import random
import sys
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI, HTTPException

from actions.backends.client import HttpBackend, HttpBackendSettings
from actions.backends.secret_file import read_or_make_secrets
from bot.core.backend.delivery import DeliveryRunner, DeliverySettings
from bot.core.cases.effects import ChangeCase, FileCases
from bot.core.cases.number import new_number, new_secret
from bot.core.cases.ports import Attachment
from bot.core.cases.record import CaseRecord, Filing
from bot.core.clock import SystemClock
from bot.core.errors import StoreUnavailable
from bot.core.messages import Turn
from bot.core.story import Identity
from bot.logs import configure_logging
from bot.store import KeyRing, Store

REQUEST_SECONDS = 1.0
SETTINGS = DeliverySettings(
    lease_seconds=9.0,
    first_delay_seconds=0.1,
    longest_delay_seconds=1.0,
    failures_to_open=4,
    pause_seconds=0.3,
    longest_pause_seconds=1.0,
    idle_seconds=0.2,
    stop_seconds=1.0,
)
RUNNERS = 2


def open_store(folder: Path) -> Store:
    """Open the store of a run."""
    store = Store(f"sqlite:///{folder}/tiepdan.db", KeyRing.load_or_create(folder / "keys"))
    store.migrate()
    store.check()
    return store


def file_content(case_id: str) -> bytes:
    """Return the file that is sent with a case."""
    return f"%PDF-1.4 {case_id}".encode() * 50


def filing_of(case_id: str, with_file: bool, now: datetime) -> tuple[Filing, Attachment | None]:
    """Return what a citizen confirms under this id."""
    content = file_content(case_id)
    conversation = f"conversation of {case_id}"
    file = Attachment(
        f"file-{case_id}",
        conversation,
        None,
        "application/pdf",
        "bien-lai.pdf",
        len(content),
        sha256(content).hexdigest(),
        now,
    )
    record = CaseRecord(
        input_type="PHAN_ANH_HANH_VI",
        behaviours=("TD-XUCPHAM",),
        severity=3,
        narrative=f"Nhân viên một cửa quát tôi, chuyện thứ {case_id[:8]}.",
        narrative_raw=f"nv 1 cua quat toi, chuyen thu {case_id[:8]}",
        identity=Identity.ANONYMOUS,
        channel="web",
        received_at=now,
        event_date=now.date(),
        attachments=(file.id,) if with_file else (),
    )
    number, due = new_number(), date(2026, 12, 31)
    filing = Filing(case_id, number, new_secret(), conversation, record, due, "10 ngày làm việc")
    return filing, file if with_file else None


class Citizens:
    """What the chat does for a citizen: confirm, add. Blocking."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def confirm(self, case_id: str, with_file: bool) -> str:
        """File a case once and return the number that the citizen is told."""
        now = datetime.now(UTC)
        filing, file = filing_of(case_id, with_file, now)
        turn = Turn(f"turn of {case_id}", filing.conversation_id, "gửi", None, now, now, 0)
        with self._store() as unit:
            if not unit.conversation_exists(turn.conversation_id):
                unit.create_conversation(turn.conversation_id, "web", now)
            if file:
                content = file_content(case_id)
                unit.attachments.add(file, content, content)
            FileCases((filing,)).apply(unit, turn)
            number = unit.cases.case(case_id).number
            unit.commit()
        return number

    def add(self, case_id: str, said: str) -> None:
        """Add to a case, and have the backend told."""
        now = datetime.now(UTC)
        turn = Turn(f"turn {said}", f"conversation of {case_id}", said, None, now, now, 0)
        with self._store() as unit:
            ChangeCase(case_id, "added", {"text": said}).apply(unit, turn)
            unit.commit()


def make_app(store: Store, backend_url: str, folder: Path) -> FastAPI:
    """Return the application; its runners run while it does."""
    citizens = Citizens(store)
    key = next(iter(read_or_make_secrets(folder / "backend" / "secrets").values()))
    settings = HttpBackendSettings(
        backend_url, key, request_seconds=REQUEST_SECONDS, attachment_seconds=REQUEST_SECONDS
    )
    backend = HttpBackend(settings, SystemClock())

    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        runners = [
            DeliveryRunner(
                units=store,
                backend=backend,
                clock=SystemClock(),
                worker=f"{os.getpid()}-{number}",
                random=random.random,
                settings=SETTINGS,
            )
            for number in range(RUNNERS)
        ]
        tasks = [asyncio.create_task(runner.run()) for runner in runners]
        yield
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await backend.aclose()

    app = FastAPI(lifespan=lifespan)

    @app.get("/healthz")
    async def healthz() -> dict[str, str]:
        return {"status": "alive"}

    @app.post("/confirm/{case_id}")
    async def confirm(case_id: str, with_file: bool = False) -> dict[str, Any]:
        try:
            return {"number": await asyncio.to_thread(citizens.confirm, case_id, with_file)}
        except StoreUnavailable:
            raise HTTPException(503) from None

    @app.post("/add/{case_id}/{said}")
    async def add(case_id: str, said: str) -> dict[str, Any]:
        try:
            await asyncio.to_thread(citizens.add, case_id, said)
        except StoreUnavailable:
            raise HTTPException(503) from None
        return {}

    return app


def main() -> None:
    """Serve until killed."""
    folder, port, backend_url = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    configure_logging("warning")
    app = make_app(open_store(folder), backend_url, folder)
    uvicorn.run(app, host="127.0.0.1", port=port, access_log=False, log_config=None, timeout_graceful_shutdown=3)


if __name__ == "__main__":
    main()
