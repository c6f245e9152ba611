"""docs/performance.md as it is written, and what benchmarks say to the assistants."""

import datetime as dt
import json

from bot.bench.comparison import MANY, ONE, Comparison, Plan
from bot.bench.machine import Machine, this_machine
from bot.bench.report import markdown
from bot.bench.scripts import SCRIPTS
from bot.bench.turns import Measurement
from bot.settings import PROJECT_ROOT

MACHINE = Machine("Example CPU", 2, 24.0, "Linux 6.1", "CPython 3.11.7")
DAY = dt.date(2026, 11, 21)


def measured(
    clients: int, latency_ms: float, seconds: float, errors: dict[str, int] | None = None, other: float = 0.0
) -> Measurement:
    cpu = {"service": 0.4, "rasa": 0.6}
    return Measurement(clients, (latency_ms / 1000,) * 100, errors or {}, seconds, cpu, 0.1, other)


def comparison(
    p95_ms: float = 60, many_seconds: float = 2.0, errors: dict[str, int] | None = None, other: float = 0.0
) -> Comparison:
    ours = {ONE: (measured(ONE, p95_ms, 6.0),), MANY: (measured(MANY, 160, many_seconds, errors, other),)}
    peer = {ONE: (measured(ONE, 120, 12.0),), MANY: (measured(MANY, 800, 10.0),)}
    return Comparison(Plan(rounds=1), "3.6.21", 0.1, ours, peer)


def rows(page: str, start: str) -> list[str]:
    return [line for line in page.splitlines() if line.startswith(start)]


def test_page_gives_the_figures_of_both_and_their_ratio() -> None:
    page = markdown(comparison(), MACHINE, DAY)
    assert rows(page, "| Tiếp Dân, 8 clients") == [
        "| Tiếp Dân, 8 clients | 160 | 160 | 50.0 | 10.0 (service 4.0, rasa 6.0) | 1.0 | 0.00 | 100 / 0 |"
    ]
    assert rows(page, "| stock Rasa, 1 client ") == [
        "| stock Rasa, 1 client | 120 | 120 | 8.3 | 10.0 (service 4.0, rasa 6.0) | 1.0 | 0.00 | 100 / 0 |"
    ]
    assert rows(page, "| turns/s") == ["| turns/s | 2.0 × (2.0–2.0) | 5.0 × (5.0–5.0) |"]
    assert "Example CPU, 2 cores, 24 GiB" in page
    assert "2026-11-21" in page
    assert "$" not in page


def test_targets_that_hold_are_said_to_hold() -> None:
    page = markdown(comparison(), MACHINE, DAY)
    assert len(rows(page, "| p95 with one client") + rows(page, "| with eight") + rows(page, "| ≥ 3 ×")) == 3
    assert "**no**" not in page


def test_missed_targets_are_said_to_be_missed() -> None:
    page = markdown(comparison(p95_ms=151, many_seconds=5.5), MACHINE, DAY)
    assert rows(page, "| p95 with one client") == ["| p95 with one client ≤ 150 ms | 151 ms | **no** |"]
    assert rows(page, "| with eight")[0].endswith("| 18.2 turns/s | **no** |")
    assert rows(page, "| ≥ 3 ×")[0].endswith("| 1.8 × | **no** |")


def test_failures_are_shown_with_their_reason_first() -> None:
    page = markdown(comparison(errors={"empty answer": 3}), MACHINE, DAY)
    assert "**3 turns failed:** Tiếp Dân: empty answer (3)." in page
    assert page.index("turns failed") < page.index("## Targets")
    assert rows(page, "| Tiếp Dân, 8 clients")[0].endswith("| 100 / 3 |")


def test_busy_machine_is_said_first() -> None:
    assert "not quiet" not in markdown(comparison(other=0.2), MACHINE, DAY)
    page = markdown(comparison(other=1.6), MACHINE, DAY)
    assert "something else used up to 0.8 cores" in page
    assert page.index("not quiet") < page.index("## Targets")


def test_this_machine_is_described() -> None:
    machine = this_machine()
    assert machine.cores >= 1
    assert machine.memory_gib > 0.1
    assert machine.processor
    assert machine.python.startswith("CPython 3.11")


def test_benchmark_messages_differ_and_are_none_of_the_evaluation_sets() -> None:
    messages = [text for script in SCRIPTS for text in script]
    assert len(messages) >= 40
    assert len(set(messages)) == len(messages)
    assert len({len(script) for script in SCRIPTS}) == 1
    evaluated = {text.casefold() for text in evaluation_texts()}
    assert len(evaluated) > 100
    assert not evaluated & {text.casefold() for text in messages}


def evaluation_texts() -> list[str]:
    texts = []
    for file in (PROJECT_ROOT / "tests" / "data").glob("*.jsonl"):
        for line in file.read_text("utf-8").splitlines():
            case = json.loads(line)
            said = [turn["user"] for turn in case.get("turns", ()) if "user" in turn]
            said += [line["chu"] for line in case.get("lines", ()) if len(line["chu"].split()) > 3]
            texts += [case["text"]] if "text" in case else said
    return texts
