"""Typing traces, what operators' pages do with them, and the page that tells what was measured."""

import asyncio
import datetime as dt
import json
import math
import random
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from bot.bench.machine import Machine
from bot.bench.suggest.page import Measured, held, markdown
from bot.bench.suggest.traces import Trace, as_typed, dealt, traces
from bot.bench.suggest.typing import Asked, Operator, Typed

TRACE = Trace("t", "lap hoi o xa", frozenset({"X01", "X02"}))
MACHINE = Machine("some processor", 2, 24.0, "Linux 6", "CPython 3.11")


def asked(letters: int, ids: tuple[str, ...] | None = (), seconds: float = 0.02, status: int = 200) -> Asked:
    return Asked(letters, seconds, status if ids is not None else 0, ids)


def measured(*typed: Typed, **changes: float) -> Measured:
    return replace(Measured(typed, 2, 10.0, 1.0, 1.0, 0.5, 0.1), **changes)  # type: ignore[arg-type]


def test_questions_are_typed_small_and_without_accents() -> None:
    assert as_typed("  Lập HỘI ở xã  ạ") == "lap hoi o xa a"


def test_the_same_questions_in_scope_are_drawn_every_time(tmp_path: Path) -> None:
    file = tmp_path / "set.jsonl"
    rows = [{"id": str(n), "text": f"Câu số {n}", "procedures": ["X"] if n % 2 else []} for n in range(40)]
    file.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    first = traces(file, 10)
    assert first == traces(file, 10)
    assert len({trace.id for trace in first}) == 10
    assert all(int(trace.id) % 2 for trace in first)
    assert len(traces(file, 100)) == 20


def test_every_key_is_pressed_in_order_at_an_uneven_pace() -> None:
    keys = list(TRACE.keys(random.Random(1)))
    assert [key.text for key in keys] == [TRACE.text[:n] for n in range(1, len(TRACE.text) + 1)]
    assert len({key.after for key in keys}) > 5
    assert all(key.after >= 0.05 for key in keys)


def test_traces_are_dealt_out_without_a_rest() -> None:
    given = [replace(TRACE, id=str(n)) for n in range(7)]
    hands = dealt(given, 3)
    assert [len(hand) for hand in hands] == [3, 2, 2]
    assert sorted(trace.id for hand in hands for trace in hand) == [str(n) for n in range(7)]


class TestTyped:
    """When a right procedure was shown."""

    def test_what_reached_the_page_among_the_first_three_counts(self) -> None:
        one = Typed(TRACE, (asked(3, ("A", "B", "C", "X01")), asked(6, ("A", "X02")), asked(12, ("A",))))
        assert one.first_shown() == 0.5
        assert one.early()
        assert not one.at_the_end()

    def test_what_was_dropped_or_came_late_does_not(self) -> None:
        late = Typed(TRACE, (asked(3, None), asked(8, ("X01",)), asked(12, None)))
        assert late.first_shown() == pytest.approx(8 / 12)
        assert not late.early()
        assert late.at_the_end()
        assert Typed(TRACE, ()).first_shown() is None
        assert not Typed(TRACE, (asked(3, None),)).at_the_end()


class TestPage:
    """The figures and how they are told."""

    def test_a_dropped_request_counts_as_longer_than_any(self) -> None:
        quick = [asked(n, ("X01",), seconds=n / 1000) for n in range(1, 20)]
        whole = measured(Typed(TRACE, tuple(quick)))
        assert whole.percentile_ms(95) == pytest.approx(19.0)
        assert whole.percentile_ms(50) == pytest.approx(10.0)
        dropped = measured(Typed(TRACE, (*quick[:18], asked(9, None), asked(9, None))))
        assert math.isinf(dropped.percentile_ms(95))
        assert not held(dropped)
        assert math.isinf(measured().percentile_ms(95))

    def test_targets_are_said_to_be_held_or_missed(self) -> None:
        good = measured(*[Typed(TRACE, (asked(3, ("X01",)), asked(12, ("X01",))))] * 5)
        page = markdown(good, MACHINE, dt.date(2026, 11, 27), "some.jsonl")
        assert held(good)
        assert page.count("| held |") == 2
        assert "**missed**" not in page
        assert "$" not in page
        bad = markdown(measured(*[Typed(TRACE, (asked(12, ("A",), 0.5),))] * 5), MACHINE, dt.date(2026, 11, 27), "x")
        assert bad.count("**missed**") == 2

    def test_a_busy_machine_is_told(self) -> None:
        page = markdown(
            measured(Typed(TRACE, (asked(3, ("X01",)),)), other_cpu=9.0), MACHINE, dt.date(2026, 1, 1), "x"
        )
        assert "Something else used 0.9 of the cores" in page

    def test_errors_are_counted_by_status(self) -> None:
        one = Typed(TRACE, (asked(3, ("X01",)), Asked(4, 0.1, 503, None), Asked(5, 0.1, 503, None), asked(6, None)))
        page = markdown(measured(one), MACHINE, dt.date(2026, 1, 1), "x")
        assert "2 × 503" in page
        assert "| dropped for a newer one | 1 |" in page


class Steady(random.Random):
    """Presses a key every 150 ms, but for a double key now and then."""

    pauses = (0.15, 0.15, 0.06, 0.15, 0.15)

    def __init__(self) -> None:
        super().__init__(1)
        self._at = 0

    def gauss(self, mu: float = 0.0, sigma: float = 1.0) -> float:
        self._at += 1
        return self.pauses[(self._at - 1) % len(self.pauses)]


async def test_an_operator_waits_asks_and_drops_what_is_stale() -> None:
    seen: list[str] = []

    async def answer(request: httpx.Request) -> httpx.Response:
        typed = request.url.params["q"]
        seen.append(typed)
        await asyncio.sleep(0.6 if typed == "l" else 0.0)
        return (
            httpx.Response(503) if typed == "lap " else httpx.Response(200, json={"items": [{"procedure_id": "X01"}]})
        )

    async with httpx.AsyncClient(transport=httpx.MockTransport(answer), base_url="http://test") as http:
        found = await Operator(http, "p", Steady())._type(replace(TRACE, text="lap h"))
    # The third key came 60 ms after the second, before the page would have asked.
    assert seen == ["l", "lap", "lap ", "lap h"]
    assert [(each.letters, each.status, each.ids) for each in found.asked] == [
        (1, 0, None), (3, 200, ("X01",)), (4, 503, None), (5, 200, ("X01",)),
    ]  # fmt: skip
