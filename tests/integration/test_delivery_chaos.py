"""The crash test in short (`make chaos` is the long one), and proof that its judge sees what is wrong."""

import asyncio
import sqlite3
from pathlib import Path
from random import Random

import pytest

from actions.backends.contract import canonical
from actions.backends.ledger import Ledger
from actions.backends.local import FILE_NAME, LocalBackend
from bot.core.cases.payload import case_payload
from bot.core.clock import SystemClock
from bot.store import KeyRing
from tests.chaos.judge import judge
from tests.chaos.proxy import FaultyProxy
from tests.chaos.run import Outcome, Plan, page, run
from tests.chaos.service import Citizens, filing_of, open_store
from tests.integration.delivery_steps import SetClock, runner

A, B = "a" * 32, "b" * 32


async def test_twenty_cases_survive_kills_lies_and_full_disks(tmp_path: Path) -> None:
    outcome = await run(Plan(cases=20, seed=7, arrival_seconds=12, longest_life_seconds=4), tmp_path)
    verdict = outcome.verdict
    assert verdict.faults == []
    assert (verdict.confirmed, verdict.at_backend) == (20, 20)
    assert (verdict.lost, verdict.doubled, verdict.unresolved, verdict.refused) == (0, 0, 0, 0)
    assert verdict.files > 0
    assert verdict.events > 0
    _assert_it_was_hard(outcome)
    shown = page(outcome)
    assert "| **lost** | **0** |" in shown
    assert str(tmp_path) not in shown
    assert "delivery postponed" in logs_of(tmp_path)
    assert "quát" not in logs_of(tmp_path)


def logs_of(folder: Path) -> str:
    return "".join(path.read_text("utf-8", "replace") for path in folder.glob("*.log"))


def _assert_it_was_hard(outcome: Outcome) -> None:
    assert min(outcome.kills.values()) >= 1
    assert min(outcome.full.values()) >= 1
    ways = set(FaultyProxy(0, Random(0)).ways)
    assert len(ways) >= 10
    assert ways <= set(outcome.faults)


@pytest.fixture
def delivered(tmp_path: Path) -> Path:
    """A folder in which two cases were confirmed, the first with a file, and both handed over."""
    store, clock = open_store(tmp_path), SetClock(SystemClock().now())
    keys = KeyRing.load_or_create(tmp_path / "backend" / "keys")
    citizens = Citizens(store)
    for case_id, with_file in ((A, True), (B, False)):
        citizens.confirm(case_id, with_file)
    citizens.add(B, "thêm")
    backend = LocalBackend.open(tmp_path / "backend", keys, clock)

    async def deliver() -> None:
        clock.advance(5)
        run_once = runner(store, backend, clock).run_once
        for _ in range(3):
            await run_once()
        await backend.aclose()

    asyncio.run(deliver())
    store.close()
    return tmp_path


def told(folder: Path) -> dict[str, str]:
    store = open_store(folder)
    with store() as unit:
        numbers = {case_id: unit.cases.case(case_id).number for case_id in (A, B)}
    store.close()
    return numbers


def test_the_judge_is_content_with_what_is_right(delivered: Path) -> None:
    verdict = judge(delivered, told(delivered), [(B, "thêm")], {A})
    assert verdict.faults == []
    assert (verdict.confirmed, verdict.at_backend, verdict.events, verdict.files) == (2, 2, 1, 1)


def test_the_judge_sees_a_lost_case(delivered: Path) -> None:
    numbers = told(delivered)
    _at_backend(delivered, "DELETE FROM attachments", "DELETE FROM submissions", "DELETE FROM cases")
    verdict = judge(delivered, numbers, [], {A})
    assert verdict.lost == 2
    assert len(verdict.faults) == 2


def test_the_judge_sees_a_doubled_case(delivered: Path) -> None:
    keys = KeyRing.load_or_create(delivered / "backend" / "keys")
    ledger = Ledger(delivered / "backend" / FILE_NAME, keys)
    filing, _ = filing_of(B, False, SystemClock().now())
    ledger.accept_case("another-key", canonical(case_payload(filing, [])), SystemClock().now())
    ledger.close()
    assert judge(delivered, told(delivered), [], {A}).doubled == 1


def test_the_judge_sees_a_number_that_does_not_resolve(delivered: Path) -> None:
    verdict = judge(delivered, {**told(delivered), A: "PA-0000-0000"}, [], {A})
    assert verdict.unresolved == 1
    assert verdict.faults


def test_the_judge_sees_missing_events_and_files(delivered: Path) -> None:
    numbers = told(delivered)
    _at_backend(delivered, "DELETE FROM submissions WHERE kind = 'event'", "DELETE FROM attachments")
    verdict = judge(delivered, numbers, [(A, "nói thêm")], {A})
    assert len(verdict.faults) == 3


def test_the_judge_sees_what_still_waits(delivered: Path) -> None:
    store = open_store(delivered)
    Citizens(store).add(A, "còn chờ")
    store.close()
    faults = judge(delivered, told(delivered), [], {A}).faults
    assert any("1 rows of the outbox" in fault for fault in faults)


def _at_backend(folder: Path, *statements: str) -> None:
    with sqlite3.connect(folder / "backend" / FILE_NAME) as db:
        for statement in statements:
            db.execute(statement)
    db.close()
