"""What bot.core.staff.ports promises of accounts, sessions and failures, on both databases."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from bot.core.cases.people import Principal, Role
from bot.core.errors import ConfigurationError
from bot.core.ports import UnitOfWork, UnitOfWorkFactory
from bot.core.staff.accounts import ConsoleSession, Credentials, Mapped, Way
from bot.core.staff.lockout import Attempts, Lockout
from bot.store import Store
from bot.store.rotation import count_by_key, rotate
from bot.store.tables.staff import accounts
from tests.contracts.steps import NOW, at, together

LAN = Principal("lan.nt", "Nguyễn Thị Lan", Role.OPERATOR, "HN-SNV")
BAO = Principal("Bao", "Trần Văn Bảo", Role.ADMINISTRATOR)
HELD = Credentials("hash", True, at(60), "SECRET", None, 3, ("one", "two"))
SESSION = ConsoleSession(LAN, Way.PASSWORD, NOW, NOW, at(1_000))


@pytest.fixture
def units(store: Store) -> UnitOfWorkFactory:
    with store() as unit:
        for principal in (LAN, BAO):
            unit.principals.add(principal, NOW)
        assert unit.staff.accounts.add("lan.nt", "lan.nt", HELD, NOW)
        unit.commit()
    return store


def sessions_of(unit: UnitOfWork, *marks: str) -> list[str]:
    return [mark for mark in marks if unit.staff.sessions.find(mark, NOW) is not None]


def test_accounts_come_back_with_principal_and_credentials(units: UnitOfWorkFactory) -> None:
    with units() as unit:
        found = unit.staff.accounts.by_login("lan.nt")
        assert found is not None
        assert (found.principal, found.credentials, found.version, found.last_login_at) == (LAN, HELD, 1, None)
        assert unit.staff.accounts.by_id("lan.nt") == found
        assert unit.staff.accounts.all() == [found]
        assert unit.staff.accounts.by_login("bao") is None
        assert unit.staff.accounts.by_id("Bao") is None


def test_neither_principal_nor_login_has_two_accounts(units: UnitOfWorkFactory) -> None:
    with units() as unit:
        assert not unit.staff.accounts.add("lan.nt", "other", Credentials(), NOW)
        assert not unit.staff.accounts.add("Bao", "lan.nt", Credentials(), NOW)
        assert unit.staff.accounts.add("Bao", "bao", Credentials(), NOW)
        unit.commit()
    with units() as unit:
        assert [account.login for account in unit.staff.accounts.all()] == ["bao", "lan.nt"]


def test_whether_there_is_an_account_and_whether_one_was_used(store: Store) -> None:
    with store() as unit:
        assert not unit.staff.accounts.any()
        unit.principals.add(LAN, NOW)
        unit.staff.accounts.add("lan.nt", "lan.nt", HELD, NOW)
        assert unit.staff.accounts.any()
        assert not unit.staff.accounts.any_used()
        unit.staff.accounts.entered("lan.nt", at(5))
        assert unit.staff.accounts.any_used()
        found = unit.staff.accounts.by_id("lan.nt")
    assert found is not None
    assert found.last_login_at == at(5)


def test_of_two_changes_of_credentials_at_once_one_is_refused(units: UnitOfWorkFactory) -> None:
    with units() as unit:
        read = unit.staff.accounts.by_id("lan.nt")
    assert read is not None

    def change(job: int) -> bool:
        with units() as unit:
            done = unit.staff.accounts.save(read, replace(HELD, step=job + 10))
            unit.commit()
        return done

    assert together(5, change).count(True) == 1
    with units() as unit:
        found = unit.staff.accounts.by_id("lan.nt")
    assert found is not None
    assert found.version == 2
    assert found.credentials.step >= 10


def test_credentials_are_sealed_bound_to_their_account_and_rotated(store: Store, units: UnitOfWorkFactory) -> None:
    with units() as unit:
        unit.staff.accounts.add("Bao", "bao", Credentials("another"), NOW)
        unit.commit()
    with store.engine.connect() as connection:
        rows = connection.execute(select(accounts)).all()
    assert not any(word in str(rows) for word in ("hash", "SECRET", "another"))
    rotate(store)
    assert set(count_by_key(store)) == {store.keys.current}
    with units() as unit:
        assert [each.credentials.password for each in unit.staff.accounts.all()] == ["another", "hash"]
    with store.engine.begin() as connection:
        connection.execute(
            text(
                "UPDATE accounts SET credentials = (SELECT credentials FROM accounts WHERE login = 'lan.nt')"
                " WHERE login = 'bao'"
            )
        )
    with units() as unit, pytest.raises(ConfigurationError):
        unit.staff.accounts.by_login("bao")


def test_identities_are_mapped_once_and_bound_to_the_first_who_comes(units: UnitOfWorkFactory) -> None:
    email = Mapped("email", "lan@example.vn", "lan.nt")
    with units() as unit:
        found = unit.staff.accounts
        assert found.map(email, NOW)
        assert not found.map(email, NOW)
        assert found.map(Mapped("subject", "lan@example.vn", "lan.nt"), NOW), "another kind is another value"
        assert found.find_mapped("email", "lan@example.vn") == email
        assert found.find_mapped("email", "khac@example.vn") is None
        assert found.bind(email, "s-1")
        assert not found.bind(email, "s-2")
        assert found.find_mapped("email", "lan@example.vn") == replace(email, subject="s-1")
        assert not found.unmap("email", "lan@example.vn", "Bao"), "it is another account's"
        assert found.unmap("email", "lan@example.vn", "lan.nt")
        assert [each.kind for each in found.mapped()] == ["subject"]


def test_sessions_are_found_until_their_end(units: UnitOfWorkFactory) -> None:
    with units() as unit:
        unit.staff.sessions.add("m", replace(SESSION, limited=True))
        unit.staff.sessions.touch("m", at(50))
        unit.commit()
    with units() as unit:
        assert unit.staff.sessions.find("m", at(999)) == replace(SESSION, limited=True, seen_at=at(50))
        assert unit.staff.sessions.find("m", at(1_000)) is None
        assert unit.staff.sessions.find("other", NOW) is None


def test_sessions_end_one_by_one_all_together_or_all_but_one(units: UnitOfWorkFactory) -> None:
    with units() as unit:
        for mark in "abcd":
            unit.staff.sessions.add(mark, SESSION)
        unit.staff.sessions.end("a")
        unit.staff.sessions.end("never was")
        assert sessions_of(unit, *"abcd") == ["b", "c", "d"]
        assert unit.staff.sessions.end_all("lan.nt", but="c") == 2
        assert sessions_of(unit, *"abcd") == ["c"]
        assert unit.staff.sessions.end_all("Bao") == 0
        assert unit.staff.sessions.end_all("lan.nt") == 1


def test_a_deactivated_principal_has_no_session_even_when_let_in_again(units: UnitOfWorkFactory) -> None:
    with units() as unit:
        unit.staff.sessions.add("m", SESSION)
        unit.principals.deactivate("lan.nt", NOW)
        assert sessions_of(unit, "m") == []
        unit.principals.activate("lan.nt")
        assert sessions_of(unit, "m") == []


def test_another_role_shows_in_a_session_at_once(units: UnitOfWorkFactory) -> None:
    with units() as unit:
        unit.staff.sessions.add("m", SESSION)
        unit.principals.change("lan.nt", Role.KNOWLEDGE_EDITOR, None)
        found = unit.staff.sessions.find("m", NOW)
    assert found is not None
    assert found.principal == replace(LAN, role=Role.KNOWLEDGE_EDITOR, unit=None)


def test_old_sessions_and_failures_are_forgotten(units: UnitOfWorkFactory) -> None:
    with units() as unit:
        unit.staff.sessions.add("old", replace(SESSION, expires_at=at(10)))
        unit.staff.sessions.add("new", SESSION)
        unit.staff.sessions.purge(at(10))
        assert sessions_of(unit, "old", "new") == ["new"]
        for key, since in (("old", at(-100)), ("new", at(0)), ("cleared", None)):
            unit.staff.failures.hold(key)
            unit.staff.failures.set(key, Attempts(1, since, None, 1))
        unit.staff.failures.purge(at(-50))
        assert [unit.staff.failures.of(key).failures for key in ("old", "new", "cleared")] == [0, 1, 0]


def test_failures_come_back_as_they_were_counted(units: UnitOfWorkFactory) -> None:
    state = Attempts(7, NOW, at(240), 9)
    with units() as unit:
        assert unit.staff.failures.hold("k") == Attempts()
        unit.staff.failures.set("k", state)
        unit.commit()
    with units() as unit:
        assert unit.staff.failures.of("k") == state
        assert unit.staff.failures.hold("k") == state
        assert unit.staff.failures.of("other") == Attempts()


def test_attempts_at_once_are_each_counted(units: UnitOfWorkFactory) -> None:
    rule = Lockout(allowed=100, forgive=timedelta(hours=1))

    def attempt(_job: int) -> int:
        with units() as unit:
            state = unit.staff.failures.hold("k")
            unit.staff.failures.set("k", rule.begun(state, NOW))
            unit.commit()
        return 0

    together(8, attempt)
    with units() as unit:
        assert unit.staff.failures.of("k").failures == 8
