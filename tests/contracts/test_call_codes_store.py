"""What is promised of codes that callers get, and of what is filed once for somebody, on both databases."""

from datetime import date, datetime, timedelta

from sqlalchemy import text

from bot.core.calls.codes import new_code
from bot.core.calls.ports import CodeFor
from bot.core.filing.ports import Confirmed
from bot.store import Store
from tests.contracts.steps import NOW, at, start, together

WHAT = CodeFor("X01", "fee", None, "lan")


def test_a_code_works_once_and_in_time(store: Store) -> None:
    start(store)
    code, other = new_code(), new_code()
    with store() as unit:
        assert unit.call_codes.add(code, WHAT, NOW, at(60))
        assert not unit.call_codes.add(code, WHAT, NOW, at(60))
        assert unit.call_codes.add(other, WHAT, NOW, at(60))
        unit.commit()
    with store() as unit:
        assert unit.call_codes.take(code, "c", at(1)) == WHAT
        assert unit.call_codes.take(code, "c", at(2)) is None
        assert unit.call_codes.take(other, "c", at(60)) is None
        unit.commit()
    with store.engine.connect() as connection:
        rows = str(connection.execute(text("SELECT * FROM call_codes")).all())
    assert code not in rows
    assert code.replace(" ", "") not in rows
    with store() as unit:  # what was used up may be given again
        assert unit.call_codes.add(code, WHAT, at(3), at(63))
        unit.call_codes.forget(at(70))
        assert unit.call_codes.take(code, "c", at(4)) is None


def test_of_two_who_send_a_code_one_gets_the_answer(store: Store) -> None:
    start(store)
    code = new_code()
    with store() as unit:
        unit.call_codes.add(code, WHAT, NOW, at(60))
        unit.commit()

    def take(_: int) -> bool:
        with store() as unit:
            found = unit.call_codes.take(code, "c", at(1))
            unit.commit()
        return found is not None

    assert sorted(map(bool, together(4, take))) == [False, False, False, True]


def test_wrong_tries_are_counted_here_and_in_all(store: Store) -> None:
    start(store, "c", "d")
    with store() as unit:
        for seconds, conversation in ((0, "c"), (10, "c"), (20, "d")):
            unit.call_codes.count_wrong(conversation, at(seconds))
        unit.commit()
    with store() as unit:
        assert unit.call_codes.wrong_since(at(5), "c") == 1
        assert unit.call_codes.wrong_since(NOW, "c") == 2
        assert unit.call_codes.wrong_since(NOW) == 3


CONFIRMED = Confirmed(
    ("PA-4829-1372", "PA-1"), date(2026, 12, 10), restricted=True, secrets=("AAAA-BBBB", "CCCC-DDDD")
)


def test_a_filing_is_told_again_with_its_secrets_for_a_moment_alone(store: Store) -> None:
    def find(told: str, since: datetime) -> Confirmed | None:
        with store() as unit:
            kept = unit.filed.find("k", told, since)
        if kept is None:
            return None
        assert kept.same is (told == "chuyện")
        return kept.confirmed

    assert find("chuyện", NOW) is None
    with store() as unit:
        assert unit.filed.begin("k", "lan", "chuyện", NOW)
        unit.filed.keep("k", CONFIRMED)
        unit.commit()
    with store() as unit:
        assert not unit.filed.begin("k", "lan", "chuyện", at(1))
    assert find("chuyện", NOW) == CONFIRMED
    later = find("chuyện", NOW + timedelta(seconds=1))
    assert later is not None
    assert (later.numbers, later.due_on, later.restricted, later.secrets) == (
        CONFIRMED.numbers, CONFIRMED.due_on, True, ()
    )  # fmt: skip
    assert find("chuyện khác", NOW) is not None
    with store() as unit:
        unit.filed.forget(at(1), NOW)
        unit.commit()
    again = find("chuyện", NOW)
    assert again is not None
    assert again.secrets == ()
    with store() as unit:
        unit.filed.forget(at(1), at(1))
        unit.commit()
    assert find("chuyện", NOW) is None


def test_a_reservation_that_was_not_committed_is_none(store: Store) -> None:
    with store() as unit:
        assert unit.filed.begin("k", "lan", "chuyện", NOW)
    with store() as unit:
        assert unit.filed.begin("k", "lan", "chuyện", NOW)
