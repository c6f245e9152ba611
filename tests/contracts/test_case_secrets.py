"""What bot.core.cases.ports.CaseRepository promises of secrets, on both databases."""

import pytest
from sqlalchemy import select

from bot.core.ports import UnitOfWorkFactory
from bot.store import Store
from bot.store.tables.cases import cases
from tests.contracts.case_steps import SECRET, file
from tests.contracts.steps import at, start, together

TRIES, LOCK = 3, 600.0


@pytest.fixture
def units(store: Store) -> UnitOfWorkFactory:
    start(store)
    file(store, "a", 1)
    file(store, "b", 2)
    return store


def fits(units: UnitOfWorkFactory, secret: str, seconds: float = 0, case: str = "a") -> bool:
    with units() as unit:
        answer = unit.cases.check_secret(case, secret, at(seconds), max_tries=TRIES, lock_seconds=LOCK)
        unit.commit()
    return answer


def test_the_secret_opens_its_case_however_it_is_typed(units: UnitOfWorkFactory) -> None:
    assert fits(units, SECRET)
    assert fits(units, SECRET.lower())
    assert not fits(units, "K7MD-3XPC")


def test_too_many_wrong_tries_stop_guessing_for_a_while(units: UnitOfWorkFactory) -> None:
    assert [fits(units, "AAAA-AAAA", second) for second in range(TRIES)] == [False] * TRIES
    assert not fits(units, SECRET, 5)
    assert not fits(units, SECRET, LOCK)
    assert fits(units, SECRET, 5, "b"), "another case is not locked"
    assert fits(units, SECRET, LOCK + TRIES)


def test_tries_during_the_lock_do_not_make_it_longer(units: UnitOfWorkFactory) -> None:
    for second in range(TRIES + 10):
        fits(units, "AAAA-AAAA", second)
    assert fits(units, SECRET, LOCK + TRIES)


def test_the_right_secret_forgets_wrong_tries(units: UnitOfWorkFactory) -> None:
    for _ in range(3):
        assert [fits(units, "AAAA-AAAA") for _ in range(TRIES - 1)] == [False] * (TRIES - 1)
        assert fits(units, SECRET)


def test_guesses_made_at_once_are_each_counted(units: UnitOfWorkFactory) -> None:
    assert not any(together(TRIES, lambda _: fits(units, "AAAA-AAAA")))
    assert not fits(units, SECRET, 1)


def test_only_the_hash_of_a_secret_is_stored(units: UnitOfWorkFactory, store: Store) -> None:
    with store.engine.connect() as connection:
        hashes = list(connection.execute(select(cases.c.secret_hash)).scalars())
    assert len(set(hashes)) == 2, "the same secret of two cases has two hashes"
    assert not [stored for stored in hashes if SECRET in stored or SECRET.replace("-", "") in stored]
