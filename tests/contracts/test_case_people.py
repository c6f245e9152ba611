"""What bot.core.cases.ports promises of principals, tasks and ratings, on both databases."""

from dataclasses import replace

import pytest

from bot.core.cases.office_ports import Rating, Task
from bot.core.cases.people import Principal, Role
from bot.core.errors import NotPermitted, PrincipalExists
from bot.core.ports import UnitOfWorkFactory
from bot.store import Store
from tests.contracts.case_steps import file
from tests.contracts.steps import NOW, at, start, together

LAN = Principal("lan", "Phạm Thị Lan", Role.OFFICER)
UNIT = Principal("cau-giay", "UBND phường Cầu Giấy", Role.UNIT, "PX-CAUGIAY")
TASK = Task("t1", "call_back", None, None, "gọi lại cho chị Hạnh", at(60), NOW)


@pytest.fixture
def units(store: Store) -> UnitOfWorkFactory:
    start(store)
    return store


def test_principals_come_back_by_id(units: UnitOfWorkFactory) -> None:
    with units() as unit:
        unit.principals.add(LAN, NOW)
        unit.principals.add(UNIT, NOW)
        with pytest.raises(PrincipalExists):
            unit.principals.add(replace(LAN, role=Role.ADMINISTRATOR), NOW)
        unit.commit()
    with units() as unit:
        assert unit.principals.all() == [UNIT, LAN]


def test_a_token_gives_its_principal_until_it_expires(units: UnitOfWorkFactory) -> None:
    with units() as unit:
        unit.principals.add(LAN, NOW)
        unit.principals.add_token("lan", "hash-1", at(100), NOW)
        unit.principals.add_token("lan", "hash-2", at(200), NOW)
        unit.commit()
    with units() as unit:
        assert unit.principals.by_token("hash-1", at(99)) == LAN
        assert unit.principals.by_token("hash-1", at(100)) is None
        assert unit.principals.by_token("hash-2", at(100)) == LAN
        assert unit.principals.by_token("hash-3", NOW) is None


def test_a_deactivated_principal_has_no_token(units: UnitOfWorkFactory) -> None:
    with units() as unit:
        unit.principals.add(LAN, NOW)
        unit.principals.add_token("lan", "hash-1", at(100), NOW)
        unit.principals.deactivate("lan", at(1))
        unit.principals.deactivate("lan", at(2))
        assert unit.principals.by_token("hash-1", at(1)) is None
        assert unit.principals.all() == [replace(LAN, active=False)]
        with pytest.raises(NotPermitted):
            unit.principals.add_token("lan", "hash-2", at(100), NOW)
        with pytest.raises(NotPermitted):
            unit.principals.add_token("nobody", "hash-3", at(100), NOW)
        with pytest.raises(NotPermitted):
            unit.principals.deactivate("nobody", NOW)


def test_open_tasks_come_most_urgent_first(units: UnitOfWorkFactory) -> None:
    file(units)
    later = replace(TASK, id="t2", due_at=at(90), case_id="a", conversation_id="c")
    first = replace(TASK, id="t3", due_at=at(30))
    with units() as unit:
        for task in (TASK, later, first, replace(TASK, note="khác")):
            unit.tasks.add(task)
        unit.commit()
    with units() as unit:
        assert unit.tasks.open() == [first, TASK, later]
        assert unit.tasks.open(1) == [first]


def test_a_task_is_finished_once(units: UnitOfWorkFactory) -> None:
    with units() as unit:
        unit.tasks.add(TASK)
        unit.commit()

    def finish(job: int) -> bool:
        with units() as unit:
            done = unit.tasks.finish("t1", f"p{job}", at(1))
            unit.commit()
        return done

    assert together(5, finish).count(True) == 1
    with units() as unit:
        assert unit.tasks.open() == []
        assert not unit.tasks.finish("nothing", "lan", NOW)


def test_scores_are_counted_in_their_period(units: UnitOfWorkFactory) -> None:
    file(units)
    given = [
        Rating("r1", "c", 5, at(0), case_id="a", comment="cảm ơn"),
        Rating("r2", "c", 1, at(10), dossier_code="H26.1-261118-0007", comment="chờ lâu"),
        Rating("r3", "c", 5, at(20)),
    ]
    with units() as unit:
        assert [unit.ratings.add(rating) for rating in given] == [True, True, True]
        assert not unit.ratings.add(replace(given[0], score=1))
        for score in (0, 6):
            with pytest.raises(ValueError, match="1 to 5"):
                unit.ratings.add(Rating("r4", "c", score, NOW))
        unit.commit()
    with units() as unit:
        assert unit.ratings.summary(NOW) == {1: 1, 2: 0, 3: 0, 4: 0, 5: 2}
        assert unit.ratings.summary(at(10), at(20)) == {1: 1, 2: 0, 3: 0, 4: 0, 5: 0}
        assert unit.ratings.summary(NOW, of_cases=True) == {1: 0, 2: 0, 3: 0, 4: 0, 5: 1}
        assert unit.ratings.summary(NOW, of_cases=False) == {1: 1, 2: 0, 3: 0, 4: 0, 5: 1}
