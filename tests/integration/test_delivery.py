"""Handing over through every way it can go wrong, on real databases."""

import asyncio
from datetime import timedelta

import pytest

from bot.core.backend.delivery import DeliverySettings, Step
from bot.core.errors import BackendRefused, BackendUnavailable
from bot.store import Store
from tests.integration.delivery_steps import (
    SETTINGS,
    FakeBackend,
    SetClock,
    add_file,
    case,
    change,
    counts,
    file_case,
    runner,
    stuck,
    timeline,
)

A, B = "a" * 32, "b" * 32


async def test_a_case_is_handed_over_and_its_reference_kept(store: Store) -> None:
    number = file_case(store, A)
    backend, clock = FakeBackend(), SetClock()
    run = runner(store, backend, clock)
    assert await run.run_once() is Step.DELIVERED
    assert await run.run_once() is Step.IDLE
    assert backend.calls == [("file", A)]
    assert (case(store, A).backend_reference, case(store, A).number) == ("R1", number)
    assert [entry.kind for entry in timeline(store, A)] == ["filed", "delivered"]
    assert counts(store) == {"delivered": 1}


async def test_what_was_accepted_and_timed_out_is_found_and_not_sent_again(store: Store) -> None:
    file_case(store, A)
    backend, clock = FakeBackend(after=[BackendUnavailable("không trả lời", uncertain=True)]), SetClock()
    run = runner(store, backend, clock)
    assert await run.run_once() is Step.POSTPONED
    assert case(store, A).backend_reference is None
    assert await run.run_once() is Step.IDLE
    clock.advance(5)
    assert await run.run_once() is Step.DELIVERED
    assert backend.calls == [("file", A), ("find", A)]
    assert len(backend.kept) == 1


async def test_a_failed_attempt_is_asked_about_even_where_it_seemed_certain(store: Store) -> None:
    file_case(store, A)
    backend, clock = FakeBackend(after=[BackendUnavailable("không kết nối được")]), SetClock()
    run = runner(store, backend, clock)
    assert await run.run_once() is Step.POSTPONED
    clock.advance(5)
    assert await run.run_once() is Step.DELIVERED
    assert backend.calls == [("file", A), ("find", A)]


async def test_a_question_that_fails_sends_nothing(store: Store) -> None:
    file_case(store, A)
    backend = FakeBackend(after=[BackendUnavailable("x", uncertain=True)])
    clock = SetClock()
    run = runner(store, backend, clock)
    await run.run_once()
    clock.advance(5)
    backend.before.append(BackendUnavailable("vẫn không trả lời"))
    assert await run.run_once() is Step.POSTPONED
    assert backend.calls == [("file", A), ("find", A)]
    assert stuck(store)[0]["uncertain"]


async def test_a_worker_that_died_in_the_middle_leaves_a_row_that_is_asked_about(store: Store) -> None:
    file_case(store, A)
    backend, clock = FakeBackend(), SetClock()
    with store() as unit:
        assert unit.outbox.claim("dead", clock.now(), SETTINGS.lease_seconds)
        unit.commit()
    await backend.file({}, A)
    run = runner(store, backend, clock)
    assert await run.run_once() is Step.IDLE
    clock.advance(SETTINGS.lease_seconds + 1)
    assert await run.run_once() is Step.DELIVERED
    assert backend.calls == [("file", A), ("find", A)]


async def test_a_refusal_goes_to_people_and_can_be_tried_again(store: Store) -> None:
    file_case(store, A)
    backend, clock = FakeBackend(before=[BackendRefused("422 invalid-fields (number)")]), SetClock()
    run = runner(store, backend, clock)
    assert await run.run_once() is Step.REFUSED
    assert await run.run_once() is Step.IDLE
    with store() as unit:
        tasks = unit.tasks.open()
        assert [(task.case_id, task.note) for task in tasks] == [(A, "422 invalid-fields (number)")]
        assert unit.outbox.requeue(A, clock.now()) == 1
        unit.commit()
    assert await run.run_once() is Step.DELIVERED


async def test_a_refused_case_holds_back_its_own_events_alone(store: Store) -> None:
    file_case(store, A)
    change(store, A, "added")
    file_case(store, B)
    backend, clock = FakeBackend(before=[BackendRefused("không nhận")]), SetClock()
    run = runner(store, backend, clock)
    assert [await run.run_once() for _ in range(3)] == [Step.REFUSED, Step.DELIVERED, Step.IDLE]
    assert list(backend.kept) == [B]


async def test_events_follow_their_case_in_order(store: Store) -> None:
    file_case(store, A)
    change(store, A, "added")
    change(store, A, "withdrawn")
    backend, clock = FakeBackend(before=[BackendUnavailable("x")]), SetClock()
    run = runner(store, backend, clock)
    assert [await run.run_once() for _ in range(2)] == [Step.POSTPONED, Step.IDLE]
    clock.advance(5)
    assert [await run.run_once() for _ in range(4)] == [Step.DELIVERED] * 3 + [Step.IDLE]
    sent = [call for call in backend.calls if call[0] != "find"]
    assert sent == [("file", A), ("file", A), ("event", f"{A}:2"), ("event", f"{A}:3")]
    assert {receipt.reference for receipt in backend.kept.values()} == {"R1"}


async def test_files_follow_their_case_as_the_copy_that_may_leave(store: Store) -> None:
    file_id = add_file(store, A, b"with exif", b"without")
    file_case(store, A, attachments=(file_id,))
    backend = FakeBackend()
    assert await runner(store, backend, SetClock()).run_once() is Step.DELIVERED
    assert backend.files == {("R1", file_id): b"without"}


async def test_a_file_that_fails_is_tried_again_without_filing_again(store: Store) -> None:
    file_id = add_file(store, A, b"photo", b"photo")
    file_case(store, A, attachments=(file_id,))
    backend, clock = FakeBackend(refuses_files=BackendUnavailable("x", uncertain=True)), SetClock()
    run = runner(store, backend, clock)
    assert await run.run_once() is Step.POSTPONED
    backend.refuses_files = None
    clock.advance(5)
    assert await run.run_once() is Step.DELIVERED
    assert backend.calls == [("file", A), ("attach", file_id), ("find", A), ("attach", file_id)]


async def test_a_refused_file_becomes_a_task_and_the_case_goes_on(store: Store) -> None:
    file_id = add_file(store, A, b"photo", b"photo")
    file_case(store, A, attachments=(file_id,))
    backend = FakeBackend(refuses_files=BackendRefused("413"))
    assert await runner(store, backend, SetClock()).run_once() is Step.DELIVERED
    with store() as unit:
        assert [(task.kind, task.case_id) for task in unit.tasks.open()] == [("file_refused", A)]
    assert case(store, A).backend_reference == "R1"


async def test_back_off_doubles_with_chance_up_to_the_longest(store: Store) -> None:
    file_case(store, A)
    settings = DeliverySettings(
        lease_seconds=60, failures_to_open=1000, first_delay_seconds=1, longest_delay_seconds=900
    )
    backend, clock = FakeBackend(), SetClock()
    for chance, share in ((0.0, 0.5), (0.999, 1.0)):
        run = runner(store, backend, clock, settings=settings, chance=chance)
        delays = []
        for _ in range(13):
            backend.before = [BackendUnavailable("x")]
            assert await run.run_once() is Step.POSTPONED
            due = stuck(store)[0]["next_attempt_at"]
            delays.append((due - clock.now()).total_seconds())
            clock.moment = due
        if share == 0.5:
            assert delays == pytest.approx([min(900, 2**n) / 2 for n in range(13)], rel=0.01)
        else:
            assert delays == pytest.approx([900] * 13, rel=0.01)


async def test_the_circuit_leaves_a_failing_backend_alone_and_probes_it_with_one_case(store: Store) -> None:
    for letter in "abcdefgh":
        file_case(store, letter * 32)
    backend, clock = FakeBackend(before=[BackendUnavailable("x")] * 4), SetClock()
    run = runner(store, backend, clock)
    steps = [await run.run_once() for _ in range(6)]
    assert steps == [Step.POSTPONED] * 3 + [Step.HELD] * 3
    assert len(backend.calls) == 3
    clock.advance(SETTINGS.pause_seconds)
    assert [await run.run_once() for _ in range(2)] == [Step.POSTPONED, Step.HELD]
    clock.advance(SETTINGS.pause_seconds)
    assert await run.run_once() is Step.HELD, "a failed probe doubles the pause"
    clock.advance(SETTINGS.pause_seconds)
    assert [await run.run_once() for _ in range(9)] == [Step.DELIVERED] * 8 + [Step.IDLE]


async def test_refusals_do_not_open_the_circuit(store: Store) -> None:
    for letter in "abcdef":
        file_case(store, letter * 32)
    backend = FakeBackend(before=[BackendRefused("x")] * 5)
    run = runner(store, backend, SetClock())
    assert [await run.run_once() for _ in range(6)] == [Step.REFUSED] * 5 + [Step.DELIVERED]


async def test_an_unforeseen_error_postpones_its_row_and_not_the_others(store: Store) -> None:
    file_case(store, A)
    file_case(store, B)
    backend = FakeBackend(before=[ZeroDivisionError("chuyện của công dân")])
    run = runner(store, backend, SetClock())
    assert [await run.run_once() for _ in range(3)] == [Step.POSTPONED, Step.DELIVERED, Step.IDLE]
    assert stuck(store)[0]["error"] == "lỗi nội bộ (ZeroDivisionError)"


async def test_what_stays_undelivered_for_long_raises_one_alarm(store: Store) -> None:
    file_case(store, A)
    backend, clock = FakeBackend(before=[BackendUnavailable("mất mạng")] * 3), SetClock()
    run = runner(store, backend, clock, settings=DeliverySettings(failures_to_open=9, alarm_after_seconds=3600))
    await run.run_once()
    with store() as unit:
        assert unit.tasks.open() == []
    for _ in range(2):
        clock.advance(4000)
        assert await run.run_once() is Step.POSTPONED
    with store() as unit:
        assert [(task.kind, task.case_id) for task in unit.tasks.open()] == [("delivery_stuck", A)]
        assert "mất mạng" in unit.tasks.open()[0].note


async def test_an_attempt_ends_before_its_lease(store: Store) -> None:
    file_case(store, A)
    backend, clock = FakeBackend(gate=asyncio.Event()), SetClock()
    run = runner(store, backend, clock, settings=DeliverySettings(lease_seconds=5.2))
    async with asyncio.timeout(30):
        assert await run.run_once() is Step.POSTPONED
    row = stuck(store)[0]
    assert row["uncertain"]
    assert row["attempts"] == 1


async def test_many_workers_hand_each_case_over_once(store: Store) -> None:
    cases = [f"{n:032x}" for n in range(20)]
    for case_id in cases:
        await asyncio.to_thread(file_case, store, case_id)
    backend, clock = FakeBackend(), SetClock()

    async def work(name: str) -> int:
        run, done = runner(store, backend, clock, worker=name), 0
        while await run.run_once() is Step.DELIVERED:
            done += 1
        return done

    done = await asyncio.gather(*(work(f"w{n}") for n in range(4)))
    assert sum(done) == len(cases)
    assert sorted(key for verb, key in backend.calls if verb == "file") == cases


def test_a_lease_shorter_than_its_margin_is_refused() -> None:
    with pytest.raises(ValueError, match="lease"):
        DeliverySettings(lease_seconds=timedelta(seconds=1).total_seconds())
