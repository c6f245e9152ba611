"""What bot.core.cases.ports.Outbox promises, on both databases."""

import pytest

from bot.core.ports import UnitOfWorkFactory
from bot.store import Store
from tests.contracts.case_steps import (
    case,
    change,
    deliver,
    file,
    hand_out,
    handed_out,
    number_of,
    timeline,
)
from tests.contracts.steps import at, start, together


@pytest.fixture
def units(store: Store) -> UnitOfWorkFactory:
    start(store)
    return store


def counts(units: UnitOfWorkFactory) -> dict[str, int]:
    with units() as unit:
        return unit.outbox.counts()


def retry(units: UnitOfWorkFactory, row_id: int, seconds: float, *, uncertain: bool = False) -> None:
    with units() as unit:
        unit.outbox.retry(row_id, "không trả lời", at(seconds), uncertain=uncertain)
        unit.commit()


def refuse(units: UnitOfWorkFactory, row_id: int, reason: str = "thiếu đơn vị", seconds: float = 0) -> None:
    with units() as unit:
        unit.outbox.refused(row_id, reason, at(seconds))
        unit.commit()


def test_rows_are_handed_out_oldest_first_and_once(units: UnitOfWorkFactory) -> None:
    for serial, name in enumerate("abd"):
        file(units, name, serial)
    assert [handed_out(units).case_id for _ in range(3)] == ["a", "b", "d"]
    assert hand_out(units, "v") is None
    assert counts(units) == {"waiting": 3, "retrying": 0, "refused": 0, "delivered": 0}


def test_a_delivered_case_has_its_reference_and_an_entry(units: UnitOfWorkFactory) -> None:
    file(units)
    deliver(units, handed_out(units), "BE-7", 3)
    assert case(units).backend_reference == "BE-7"
    entry = timeline(units)[-1]
    assert (entry.sequence, entry.kind, entry.actor, entry.at) == (2, "delivered", "backend", at(3))
    assert entry.body["reference"] == "BE-7"
    assert counts(units) == {"waiting": 0, "retrying": 0, "refused": 0, "delivered": 1}


def test_what_is_delivered_is_closed(units: UnitOfWorkFactory) -> None:
    file(units)
    row = handed_out(units)
    deliver(units, row, "BE-7")
    deliver(units, row, "BE-8")
    retry(units, row.id, 0)
    refuse(units, row.id)
    with units() as unit:
        assert unit.outbox.requeue("a", at(0)) == 0
        unit.outbox.delivered(999, {"reference": "BE-9"}, at(0))
        unit.outbox.refused(999, "x", at(0))
        unit.commit()
    assert hand_out(units, seconds=9_999) is None
    assert case(units).backend_reference == "BE-7"
    assert [entry.kind for entry in timeline(units)] == ["filed", "delivered"]
    assert counts(units)["delivered"] == 1


def test_rows_of_one_case_keep_their_order(units: UnitOfWorkFactory) -> None:
    file(units, "a", 1)
    change(units, "a", "added", notify_backend=True)
    change(units, "a", "withdrawn", notify_backend=True)
    file(units, "b", 2)
    first, other = handed_out(units), handed_out(units)
    assert (first.key, other.key) == ("a", "b"), "the later rows of a case wait, other cases do not"
    assert hand_out(units) is None
    retry(units, first.id, 10)
    assert hand_out(units, seconds=9) is None
    first = handed_out(units, seconds=10)
    assert first.key == "a"
    deliver(units, first, seconds=11)
    second = handed_out(units, seconds=12)
    assert second.key == "a:2"
    assert hand_out(units, seconds=13) is None
    deliver(units, second, seconds=14)
    assert handed_out(units, seconds=15).key == "a:3"
    assert [entry.kind for entry in timeline(units)] == ["filed", "added", "withdrawn", "delivered"]


def test_an_attempt_that_failed_is_counted_and_waits(units: UnitOfWorkFactory) -> None:
    file(units)
    row = handed_out(units)
    retry(units, row.id, 30)
    assert counts(units)["retrying"] == 1
    assert hand_out(units, seconds=29) is None
    again = handed_out(units, seconds=30)
    assert (again.id, again.key, again.payload) == (row.id, row.key, row.payload)
    assert (again.attempts, again.uncertain) == (1, False)


def test_a_row_that_may_have_been_accepted_stays_uncertain(units: UnitOfWorkFactory) -> None:
    file(units)
    retry(units, handed_out(units).id, 1, uncertain=True)
    row = handed_out(units, seconds=1)
    assert row.uncertain
    retry(units, row.id, 2)
    assert handed_out(units, seconds=2).uncertain


def test_a_lease_that_ran_out_leaves_the_row_uncertain(units: UnitOfWorkFactory) -> None:
    file(units)
    row = handed_out(units, "dead")
    assert hand_out(units, "v", 59) is None
    again = handed_out(units, "v", 60)
    assert (again.id, again.uncertain, again.attempts) == (row.id, True, 0)
    assert hand_out(units, "w", 119) is None
    retry(units, again.id, 61)
    assert handed_out(units, "v", 62).uncertain


def test_released_leases_let_rows_be_taken_up(units: UnitOfWorkFactory) -> None:
    file(units, "a", 1)
    file(units, "b", 2)
    handed_out(units, "w")
    handed_out(units, "v")
    with units() as unit:
        unit.outbox.release_leases_of("w")
        unit.commit()
    row = handed_out(units, "x", 1)
    assert (row.case_id, row.uncertain) == ("a", True)
    assert hand_out(units, "x", 1) is None


def test_a_refused_row_is_told_to_people_and_holds_back_its_case(units: UnitOfWorkFactory) -> None:
    file(units, "a", 1)
    change(units, "a", "added", notify_backend=True)
    file(units, "b", 2)
    row = handed_out(units)
    refuse(units, row.id, "thiếu đơn vị", 5)
    refuse(units, row.id, "lần nữa", 6)
    assert handed_out(units, seconds=6).case_id == "b"
    assert hand_out(units, seconds=9_999) is not None, "the lease of the other case ran out"
    assert hand_out(units, seconds=9_999) is None, "what comes later of the refused case is held back"
    entry = timeline(units)[-1]
    assert (entry.kind, entry.body) == ("delivery_refused", {"kind": "case", "key": "a", "reason": "thiếu đơn vị"})
    with units() as unit:
        (task,) = unit.tasks.open()
    assert (task.kind, task.case_id, task.note, task.due_at) == ("delivery_refused", "a", "thiếu đơn vị", at(5))
    assert counts(units) == {"waiting": 2, "retrying": 0, "refused": 1, "delivered": 0}


def test_what_was_refused_is_tried_again_on_demand(units: UnitOfWorkFactory) -> None:
    file(units, "a", 1)
    change(units, "a", "added", notify_backend=True)
    file(units, "b", 2)
    refuse(units, handed_out(units).id)
    retry(units, handed_out(units).id, 9_999)
    with units() as unit:
        assert unit.outbox.requeue("a", at(10)) == 2
        assert unit.outbox.requeue("b", at(10)) == 1
        unit.commit()
    row = handed_out(units, seconds=10)
    assert (row.key, row.attempts) == ("a", 0)
    deliver(units, row, seconds=10)
    assert {handed_out(units, seconds=10).key, handed_out(units, seconds=10).key} == {"a:2", "b"}
    refuse(units, row.id, seconds=11)
    with units() as unit:
        assert len(unit.tasks.open()) == 1, "a delivered row is not refused any more"


def test_a_row_in_hand_is_not_queued_again(units: UnitOfWorkFactory) -> None:
    file(units)
    handed_out(units)
    with units() as unit:
        assert unit.outbox.requeue("a", at(1)) == 0
        unit.commit()
    assert hand_out(units, seconds=1) is None


def test_undelivered_rows_are_listed_oldest_first(units: UnitOfWorkFactory) -> None:
    for serial, name in enumerate("abd"):
        file(units, name, serial)
    deliver(units, handed_out(units))
    row = handed_out(units)
    retry(units, row.id, 60, uncertain=True)
    with units() as unit:
        assert [(stuck["number"], stuck["status"]) for stuck in unit.outbox.stuck()] == [
            (number_of(1), "retrying"),
            (number_of(2), "waiting"),
        ]
        (stuck,) = unit.outbox.stuck(1)
    assert (stuck["id"], stuck["kind"], stuck["attempts"], stuck["uncertain"]) == (row.id, "case", 1, True)
    assert (stuck["error"], stuck["next_attempt_at"]) == ("không trả lời", at(60))
    assert "payload" not in stuck


def test_racing_workers_never_get_the_same_row(units: UnitOfWorkFactory) -> None:
    names = [f"case-{serial}" for serial in range(20)]
    for serial, name in enumerate(names):
        file(units, name, serial)
        change(units, name, "added", notify_backend=True)

    def work(job: int) -> list[str]:
        got = []
        while (row := hand_out(units, f"w{job}")) is not None:
            got.append(row.key)
            deliver(units, row, f"BE-{row.key}")
        return got

    got = [key for keys in together(6, work) for key in keys]  # type: ignore[attr-defined]
    # A worker may find nothing while the others hold the last rows; the next look finds what is left.
    got += work(99)
    assert sorted(got) == sorted([*names, *(f"{name}:2" for name in names)])
    assert counts(units)["delivered"] == 40
    for name in names:
        assert [entry.kind for entry in timeline(units, name)] == ["filed", "added", "delivered"]
        assert case(units, name).backend_reference == f"BE-{name}"


def test_officers_and_workers_on_one_case_do_not_wait_for_each_other(units: UnitOfWorkFactory) -> None:
    file(units)

    def work(job: int) -> None:
        for number in range(10):
            with units() as unit:
                if job % 2:
                    unit.cases.change("a", "noted", "lan", at(0), {"n": number}, notify_backend=True)
                    unit.outbox.requeue("a", at(0))
                    unit.commit()
                elif (row := unit.outbox.claim(f"w{job}", at(0), 60)) is not None:
                    unit.outbox.retry(row.id, "chưa", at(0), uncertain=False)
                    unit.commit()
                    unit.outbox.refused(row.id, "không", at(0))
                    unit.commit()

    together(6, work)
    entries = timeline(units)
    assert [entry.sequence for entry in entries] == list(range(1, len(entries) + 1))
    assert [entry.kind for entry in entries].count("noted") == 30
