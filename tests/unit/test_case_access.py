"""Who may do what: roles, conflicts of interest, what is restricted."""

import pytest

from bot.core.cases.access import Access, Level, Office, View, may_office, require_office, same_house
from bot.core.cases.lifecycle import HANDLERS, Verb
from bot.core.cases.people import Role
from bot.core.cases.state import Case, Status
from bot.core.errors import NotPermitted, UnknownCase
from bot.core.units import UnitRegistry
from tests.unit.case_examples import OTHER, UNIT, case, principal

REGISTRY = UnitRegistry.load()
ACCESS = Access(alike=same_house(REGISTRY))
POINT = next(u.id for u in REGISTRY.units if u.located_in == UNIT)
CENTRE = REGISTRY.centre
BRANCH = next(u.id for u in REGISTRY.units if u.parent == CENTRE and u.located_in is None)
RESTRICTED = {"severity": 5}
ACTS: list[Verb | View] = [*Verb, *View]


def allowed(someone: object, what: Case) -> set[str]:
    return {str(act) for act in ACTS if ACCESS.may(someone, act, what)}  # type: ignore[arg-type]


@pytest.mark.parametrize("status", list(Status))
def test_officer_and_supervisor_do_everything(status: Status) -> None:
    for role in (Role.OFFICER, Role.SUPERVISOR):
        for record in ({}, RESTRICTED):
            assert allowed(principal(role), case(status, record=record)) == {str(act) for act in ACTS}


def test_other_roles_do_what_their_work_needs() -> None:
    looking = {"list", "show", "timeline"}
    assert allowed(principal(Role.OPERATOR), case()) == looking
    assert allowed(principal(Role.AUDITOR), case()) == looking
    assert allowed(principal(Role.BACKEND), case()) == set()
    assert allowed(principal(Role.ADMINISTRATOR), case()) == {str(act) for act in ACTS}


@pytest.mark.parametrize("role", [r for r in Role if r not in {Role.OFFICER, Role.SUPERVISOR, Role.CITIZEN}])
@pytest.mark.parametrize("record", [RESTRICTED, {"input_type": "TO_CAO"}])
def test_restricted_case_is_for_officers_and_supervisors_alone(role: Role, record: dict[str, object]) -> None:
    for status in Status:
        assert allowed(principal(role, UNIT), case(status, record=record, assigned_unit=UNIT)) == set()


def test_citizen_sees_the_own_case_alone() -> None:
    own, foreign = principal(Role.CITIZEN, id="conversation-1"), principal(Role.CITIZEN, id="conversation-2")
    assert allowed(own, case(record=RESTRICTED)) == {"list", "show", "timeline"}
    assert ACCESS.level(own, case()) is Level.OWN
    assert allowed(foreign, case()) == set()


@pytest.mark.parametrize("status", list(Status))
def test_unit_sees_what_is_assigned_to_it_after_release_and_nothing_else(status: Status) -> None:
    unit = principal(Role.UNIT, UNIT)
    assert allowed(unit, case(status)) == set()
    assert allowed(unit, case(status, assigned_unit=OTHER)) == set()
    assert allowed(principal(Role.UNIT), case(status, assigned_unit="")) == set()
    seen = {"list", "show", "timeline", "files", "reply", "explain"}
    visible = {Status.ASSIGNED, Status.EXPLAINED, Status.ANSWERED, Status.CLOSED}
    assert allowed(unit, case(status, assigned_unit=UNIT)) == (seen if status in visible else set())


def test_reopened_case_is_hidden_from_the_unit_that_had_it() -> None:
    reopened = case(Status.RECEIVED, assigned_unit=UNIT, reopened=True, published=True)
    assert allowed(principal(Role.UNIT, UNIT), reopened) == set()


@pytest.mark.parametrize("role", sorted(HANDLERS | {Role.OPERATOR, Role.AUDITOR}))
@pytest.mark.parametrize("unit", [UNIT, POINT])
def test_nobody_handles_a_case_about_their_own_unit(role: Role, unit: str) -> None:
    for status in Status:
        assert allowed(principal(role, unit), case(status, assigned_unit=unit)) == set()
    assert allowed(principal(role, OTHER), case())


def test_unit_that_is_only_possible_counts_as_the_accused() -> None:
    unclear = case(record={"unit": None, "unit_options": (UNIT, OTHER)})
    assert allowed(principal(Role.OFFICER, OTHER), unclear) == set()
    assert allowed(principal(Role.OFFICER, "HN-00025"), unclear)


def test_desks_and_those_who_run_them_are_one_house() -> None:
    alike = same_house(REGISTRY)
    for one, other in ((UNIT, POINT), (CENTRE, POINT), (CENTRE, BRANCH)):
        assert alike(one, other)
        assert alike(other, one)
    for one, other in (
        (UNIT, OTHER),
        (UNIT, CENTRE),
        (OTHER, POINT),
        (UNIT, "HN"),
        ("unknown", UNIT),
        (CENTRE, "HN"),
    ):
        assert not alike(one, other)
        assert not alike(other, one)


@pytest.mark.parametrize(
    ("name", "staff", "conflict"),
    [
        ("Phạm Quốc Khánh", "anh Phạm Quốc Khánh, đeo kính", True),
        ("Phạm Quốc Khánh", "pham quoc khanh", True),
        ("Pham Quoc Khanh", "PHẠM QUỐC KHÁNH", True),
        ("Phạm Quốc Khánh", "anh Quốc Khánh quầy 3", True),
        ("Phạm Quốc Khánh", "anh Khánh", True),
        ("Hoàng Thị Hòa", "chị Hoà", True),
        ("Phạm Quốc Khánh", "Nguyễn Quốc Khánh Linh", True),
        ("Phạm Quốc Khánh", "anh Hùng", False),
        ("Phạm Quốc Khánh", "cán bộ đeo kính", False),
        ("Phạm Quốc Khánh", None, False),
        ("Quốc", "phạm quốc khánh", False),
    ],
)
def test_nobody_handles_a_case_that_names_them(name: str, staff: str | None, conflict: bool) -> None:
    for role in (Role.OFFICER, Role.SUPERVISOR, Role.OPERATOR, Role.ADMINISTRATOR):
        assert (allowed(principal(role, name=name), case(record={"staff": staff})) == set()) is conflict


def test_given_name_alone_is_nobody_in_another_unit() -> None:
    named = case(record={"staff": "anh Khánh"})
    assert allowed(principal(Role.OFFICER, OTHER, "Phạm Quốc Khánh"), named)
    assert not allowed(principal(Role.OFFICER, OTHER, "Phạm Quốc Khánh"), case())


@pytest.mark.parametrize(
    ("name", "story", "conflict"),
    [
        ("Phạm Quốc Khánh", "Tôi gặp ông Phạm Quốc Khánh, ông ấy quát tôi.", True),
        ("Phạm Quốc Khánh", "toi gap ong pham quoc khanh", True),
        ("Minh Anh", "Cô Minh Anh không nhận hồ sơ", True),
        ("Minh Anh", "mình anh ấy ngồi đó", False),
        ("Phạm Quốc Khánh", "ngày quốc khánh vẫn phải chờ", False),
    ],
)
def test_name_in_the_story_counts(name: str, story: str, conflict: bool) -> None:
    told = case(record={"staff": None, "narrative": story})
    assert (allowed(principal(Role.OFFICER, name=name), told) == set()) is conflict


@pytest.mark.parametrize("record", [{"unit": "HN-SNV"}, {"unit": None, "staff": "tổng đài viên nữ"}])
def test_case_about_this_hotline_is_only_passed_on_by_its_supervisor(record: dict[str, object]) -> None:
    about_us = case(record=record)
    for unit in (None, "HN-SNV"):
        for role in (Role.OFFICER, Role.OPERATOR, Role.ADMINISTRATOR):
            assert allowed(principal(role, unit), about_us) == set()
        passing = {"list", "show", "timeline", "inspect", "refer", "publish", "close"}
        assert allowed(principal(Role.SUPERVISOR, unit), about_us) == passing
        assert ACCESS.level(principal(Role.SUPERVISOR, unit), about_us) is Level.STATUS
    assert ACCESS.level(principal(Role.OFFICER, OTHER), about_us) is Level.FULL
    assert allowed(principal(Role.SUPERVISOR, name="Phạm Quốc Khánh"), case(record={"unit": "HN-SNV"})) == set()


def test_deactivated_principal_does_nothing() -> None:
    for role in Role:
        gone = principal(role, UNIT, id="conversation-1", active=False)
        assert allowed(gone, case(Status.ASSIGNED, assigned_unit=UNIT)) == set()
        assert not [what for what in Office if may_office(gone, what)]


def test_case_that_one_may_not_know_of_does_not_exist() -> None:
    with pytest.raises(UnknownCase):
        ACCESS.require(principal(Role.UNIT, UNIT), View.SHOW, case())
    with pytest.raises(NotPermitted):
        ACCESS.require(principal(Role.OPERATOR), Verb.RELEASE, case())
    ACCESS.require(principal(Role.OFFICER), Verb.RELEASE, case())


def test_audit_is_for_auditors_and_nothing_of_the_office_for_units() -> None:
    assert [role for role in Role if may_office(principal(role), Office.AUDIT)] == [Role.AUDITOR]
    for what in Office:
        for role in (Role.UNIT, Role.CITIZEN, Role.BACKEND):
            with pytest.raises(NotPermitted):
                require_office(principal(role, UNIT), what)
